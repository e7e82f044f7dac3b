//! The matrix of ways to die: each cell is what a run of its own says of the Will, and opens that run.

mod cell;

pub(crate) use cell::{Cell, way_back};

use super::field::{prose, set, use_value};
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::rules::known;
use super::screen::Tab;
use super::{browser, lessons};
use crate::profile::Profile;
use crate::rules;
use crate::ui::text::tabs;
use crate::ui::text::wills as text;
use crate::wills::{Outcome, Terms, Under, Verdict, WAYS};
use crate::wire::Version;
use std::rc::Rc;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

/// The Will Delay Interval that one can choose, in seconds.
const DELAY_S: u32 = 10;

/// The matrix: a column for each profile, each with a cell for each of [`WAYS`].
#[derive(PartialEq)]
struct Matrix {
    terms: Terms,
    columns: Vec<(Under, Vec<Result<Verdict, String>>)>,
}

impl Matrix {
    /// Runs all of it. The run's own settings have a column where they differ from its profile's.
    fn run(terms: Terms, own: &Under) -> Self {
        let own = Some(own.clone()).filter(|own| !own.set.is_empty());
        let all = own.into_iter().chain(Profile::names().map(Under::preset));
        let cells = |under: &Under| WAYS.iter().map(|way| terms.verdict(way, under)).collect();
        Self { terms, columns: all.map(|under| (under.clone(), cells(&under))).collect() }
    }
}

/// The panel.
#[component]
pub(crate) fn WillsPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let terms = use_value(|| Terms { version: Version::V5, delay_s: 0 });
    let is_open = lab.screen().list == Tab::Wills;
    let own = is_open.then(|| own(&lab));
    let matrix = use_memo((*terms, own), |(terms, own)| own.as_ref().map(|own| Matrix::run(*terms, own)));
    if !is_open {
        return closed("wills");
    }
    let chosen = lab.screen().cell.as_ref().map(|cell| (cell.way.name, cell.under.clone()));
    html! {
        <section class="panel listing wills" aria-label={tabs::WILLS}>
            <div class="panel-head">
                { list_tabs(&lab, Tab::Wills, None) }
                <span class="grow"></span>
                { switches(*terms, &set(&terms)) }
            </div>
            <Table {lab} {matrix} {chosen} />
        </section>
    }
}

/// How the run's broker behaves, also while a cell of the matrix is open.
fn own(lab: &Lab) -> Under {
    if let Some(cell) = &lab.screen().cell {
        return cell.own();
    }
    let engine = lab.engine();
    Under { profile: engine.profile().to_owned(), set: engine.scenario().broker.set.clone() }
}

/// What goes for all cells: the version, and the Will Delay Interval.
fn switches(terms: Terms, onchange: &Callback<Terms>) -> Html {
    let choice = |label: &'static str,
                  test: &'static str,
                  choices: [&'static str; 2],
                  at: usize,
                  off: bool,
                  change: fn(Terms, bool) -> Terms| {
        let onchange = onchange.reform(move |event: Event| {
            let second =
                event.target_dyn_into::<HtmlSelectElement>().is_some_and(|one| one.selected_index() == 1);
            change(terms, second)
        });
        html! {
            <label class="inline">
                <span class="soft">{ label }</span>
                <select class="compact" data-test={test} disabled={off} {onchange}>
                    { for choices.into_iter().enumerate().map(|(i, one)| html! { <option key={i} selected={i == at}>{ one }</option> }) }
                </select>
            </label>
        }
    };
    let is_v3 = terms.version == Version::V3;
    html! {
        <>
            { choice(text::MQTT, "wills-version", ["5.0", "3.1.1"], usize::from(is_v3), false, |terms, v3| {
                let version = if v3 { Version::V3 } else { Version::V5 };
                Terms { version, ..terms }
            }) }
            { choice(text::DELAY, "wills-delay", text::DELAYS, usize::from(terms.delay_s > 0 && !is_v3), is_v3, |terms, delayed| {
                Terms { delay_s: if delayed { DELAY_S } else { 0 }, ..terms }
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    lab: Lab,
    matrix: Rc<Option<Matrix>>,
    /// The cell whose run is open.
    chosen: Option<(&'static str, Under)>,
}

/// The table, with what the cell under the keyboard or the pointer says in full. The arrow keys move in it.
#[component]
fn Table(props: &TableProps) -> Html {
    let at = use_value(|| (0usize, 0usize));
    let Some(matrix) = &*props.matrix else { return html! {} };
    let columns = &matrix.columns;
    let (row, column) = (at.0.min(WAYS.len() - 1), at.1.min(columns.len().saturating_sub(1)));
    let onkeydown = {
        let (at, last) = (at.setter(), columns.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => (row, column.saturating_sub(1)),
                "ArrowRight" => (row, (column + 1).min(last)),
                "ArrowUp" => (row.saturating_sub(1), column),
                "ArrowDown" => ((row + 1).min(WAYS.len() - 1), column),
                "Home" => (row, 0),
                "End" => (row, last),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            at.set(to);
            let to = browser::document().and_then(|document| document.get_element_by_id(&id(to)));
            if let Some(to) = to.and_then(|to| to.dyn_into::<HtmlElement>().ok()) {
                let _ = to.focus();
            }
        })
    };
    let cell = |here: (usize, usize)| {
        let (under, cells) = &columns[here.1];
        let way = &WAYS[here.0];
        let verdict = &cells[here.0];
        let is_chosen = props.chosen.as_ref().is_some_and(|(name, of)| *name == way.name && of == under);
        let onclick = {
            let (lab, matrix) = (props.lab.clone(), Rc::clone(&props.matrix));
            Callback::from(move |_: MouseEvent| open(&lab, &matrix, here))
        };
        let look = |at: &UseStateHandle<(usize, usize)>| {
            let at = at.setter();
            move || at.set(here)
        };
        // Not when the page moves under the pointer.
        let (onfocus, onpointermove) = (look(&at), look(&at));
        let (class, sign, text) = match verdict {
            Ok(verdict) => shown(verdict),
            Err(_) => ("none", "", "–".to_owned()),
        };
        let label = format!("{}, {}: {}", way.title, column_title(under), told(verdict));
        html! {
            <td key={here.1} role="gridcell">
                <button type="button" id={id(here)} class={classes!("fate-cell", class)} tabindex={if (row, column) == here { "0" } else { "-1" }}
                    aria-label={label} aria-pressed={is_chosen.then_some("true")} {onclick}
                    onfocus={move |_| onfocus()} onpointermove={move |_| onpointermove()}
                    data-test="will-cell" data-way={way.name} data-profile={under.profile.clone()} data-fate={class}>
                    <span class="sign">{ sign }</span>{ text }
                </button>
            </td>
        }
    };
    html! {
        <>
            <div class="wills-scroll">
                <table role="grid" aria-label={text::LABEL} data-test="wills" {onkeydown}>
                    <thead>
                        <tr>
                            <th scope="col">{ text::WAYS }</th>
                            { for columns.iter().map(|(under, _)| html! {
                                <th key={column_title(under)} scope="col" title={preset_title(under)}>
                                    { column_title(under) }
                                    if matrix.terms.version_under(under) != Ok(matrix.terms.version) {
                                        <span class="faint">{ text::IN_V3 }</span>
                                    }
                                </th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for WAYS.iter().enumerate().map(|(i, way)| html! {
                            <tr key={way.name}>
                                <th scope="row" title={way.about}>{ way.title }</th>
                                { for (0..columns.len()).map(|j| cell((i, j))) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
            // Below it: what grows there moves no cell away from under the pointer.
            { told_in_full(&props.lab, matrix, (row, column)) }
        </>
    }
}

fn id((row, column): (usize, usize)) -> String {
    format!("will-{row}-{column}")
}

/// A column's head: the profile, or that it is the run's own.
fn column_title(under: &Under) -> String {
    if under.set.is_empty() { under.profile.clone() } else { text::this_run(&under.profile) }
}

fn preset_title(under: &Under) -> &'static str {
    Profile::presets().iter().find(|preset| preset.name == under.profile).map_or("", |preset| preset.title)
}

/// The class, the sign and the words of a verdict. The signs are those of the timeline.
fn shown(verdict: &Verdict) -> (&'static str, &'static str, String) {
    let after = |class| match verdict.when() {
        when if when.is_empty() => (class, "◆", text::SENT.to_owned()),
        when => (class, "◆", format!("+{when}")),
    };
    match verdict.outcome {
        Outcome::Sent => after("sent"),
        Outcome::Delayed => after("delayed"),
        Outcome::Discarded => ("not-sent", "✕", text::NOT_SENT.to_owned()),
        Outcome::Alive => ("alive", "◇", text::GOES_ON.to_owned()),
    }
}

/// A verdict in a sentence's end.
fn told(verdict: &Result<Verdict, String>) -> String {
    match verdict {
        Ok(verdict) => match (verdict.outcome, verdict.when()) {
            (Outcome::Sent | Outcome::Delayed, when) if when.is_empty() => text::AT_ONCE.to_owned(),
            (outcome @ (Outcome::Sent | Outcome::Delayed), when) => text::after(outcome.words(), &when),
            (outcome, _) => outcome.words().to_owned(),
        },
        Err(why) => why.clone(),
    }
}

/// What a cell says in full: the way, the verdict, and the rules that decided.
fn told_in_full(lab: &Lab, matrix: &Matrix, (row, column): (usize, usize)) -> Html {
    let (way, (under, cells)) = (&WAYS[row], &matrix.columns[column]);
    let verdict = &cells[row];
    let cited = verdict.iter().flat_map(Verdict::rules);
    let is_free =
        verdict.as_ref().is_ok_and(|verdict| verdict.outcome == Outcome::Alive && verdict.rule.is_none());
    html! {
        <div class="wills-told">
            <p class="grow" data-test="wills-told">
            <strong>{ way.title }</strong>{ format!(", {}: ", column_title(under)) }<strong>{ told(verdict) }</strong>{ ". " }
            <span class="soft">
                { way.about }
                { for cited.filter_map(rules::find).map(|rule| html! {
                    <>{ " " }<code>{ rule.id.id }</code>{ " " }{ known(rule.certainty.name()) }{ " " }{ prose(rule.sentence) }</>
                }) }
                if is_free {
                    { text::NO_RULE }
                }
            </span>
            </p>
            { cell::back_button(lab) }
        </div>
    }
}

/// Opens a cell's run.
fn open(lab: &Lab, matrix: &Option<Matrix>, (row, column): (usize, usize)) {
    let Some(matrix) = matrix else { return };
    let (under, cells) = &matrix.columns[column];
    let done = match &cells[row] {
        Ok(verdict) => cell::open(lab, matrix.terms, &WAYS[row], under, verdict),
        Err(why) => Err(why.clone()),
    };
    if let Err(why) = done {
        lessons::say(lab, text::no_run(&why));
    }
}
