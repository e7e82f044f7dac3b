//! Side by side: the run and the same one under another profile, in two lanes, with where they part.

mod against;
mod card;
mod row;

pub(crate) use against::{Against, With};

use super::icons::IconButton;
use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::Tab;
use super::text::time as text;
use super::virtual_list::{VirtualList, moved};
use super::{branches, lessons, timeline, transport};
use crate::profile::Profile;
use crate::sides::{Comparison, Row};
use crate::time::SimTime;
use crate::ui::text::common;
use crate::ui::text::sides as words;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What a branch's number stands after among the choices.
const BRANCH: &str = "branch:";
/// The letters of the two sides.
const LETTERS: [&str; 2] = ["A", "B"];

/// What the panel shows: the comparison, the rows that the filter lets through, and the chosen one.
#[derive(Clone)]
struct Shown {
    found: Rc<Comparison>,
    rows: Rc<[Row]>,
    /// The things of the divergences that follow from no other, with when they part, in order.
    firsts: Vec<(u32, SimTime)>,
    /// The chosen thing.
    chosen: Option<u32>,
    view: SimTime,
}

impl Shown {
    /// `None` while there is no other side.
    fn of(lab: &Lab) -> Option<(Self, bool)> {
        let (engine, screen) = (lab.engine(), lab.screen());
        let run = engine.run();
        let (found, fresh) = engine.against()?.comparison(&run);
        let view = engine.view().at;
        let firsts: Vec<(u32, SimTime)> = found.firsts().map(|(_, one)| (one.thing, one.at)).collect();
        // Without a choice it is the first divergence that has come.
        let first = firsts.first().filter(|(_, at)| *at <= view).map(|(thing, _)| *thing);
        let chosen = screen.parted.or(first);
        let unfolded = screen.unfolded;
        let is_shown = |row: &&Row| {
            let parted =
                row.divergence.and_then(|at| found.divergences.get(at as usize)).filter(|one| one.at <= view);
            row.at <= view
                && match parted {
                    _ if !screen.only_parted => true,
                    None => false,
                    // What follows is folded under what it follows from.
                    Some(one) => match one.follows.and_then(|first| found.divergences.get(first as usize)) {
                        None => true,
                        Some(first) => unfolded == Some(first.thing),
                    },
                }
        };
        let rows = found.rows.iter().filter(is_shown).copied().collect();
        Some((Self { found, rows, firsts, chosen, view }, fresh))
    }

    /// Which of the divergences that follow from no other the chosen thing is, or follows from.
    fn place(&self) -> Option<usize> {
        let chosen = self.chosen?;
        let one = self.found.divergences.iter().find(|one| one.thing == chosen)?;
        let thing =
            one.follows.and_then(|first| self.found.divergences.get(first as usize)).unwrap_or(one).thing;
        self.firsts.iter().position(|(first, _)| *first == thing)
    }
}

/// Chooses a thing, and its event on the run's own side.
fn choose(lab: &Lab, thing: u32) {
    let seq = Shown::of(lab).and_then(|(shown, _)| card::step(lab, &shown, thing, 0)).map(|step| step.seq);
    lab.change_quietly(|screen| screen.parted = Some(thing));
    timeline::select(lab, seq);
}

/// Goes to the next or the previous divergence; the view goes on to it where it has not come yet.
pub(crate) fn walk(lab: &Lab, forward: bool) {
    let Some((shown, _)) = Shown::of(lab) else { return };
    let to = match (shown.place(), forward) {
        (None, _) => 0,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.saturating_sub(1),
    };
    let Some((thing, at)) = shown.firsts.get(to.min(shown.firsts.len().saturating_sub(1))) else { return };
    if *at > shown.view {
        lab.change_quietly(|screen| screen.playing = false);
        transport::seek(lab, *at);
    }
    choose(lab, *thing);
}

/// The profile that one compares with unless another is chosen.
fn usual(profile: &str) -> &'static str {
    if profile == "mqtt" { "aws-iot-core" } else { "mqtt" }
}

/// The panel.
#[component]
pub(crate) fn SidesPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let is_open = lab.screen().list == Tab::Sides;
    use_effect_with(is_open && lab.engine().against().is_none(), {
        let lab = lab.clone();
        move |wanted| {
            if *wanted {
                let profile = usual(lab.engine().profile());
                if let Err(why) = lab.act(|engine| engine.set_against(profile)) {
                    lessons::say(&lab, why);
                }
            }
        }
    });
    let shown = if is_open { Shown::of(&lab) } else { None };
    let Some((shown, fresh)) = shown else {
        return closed("sides");
    };
    if !fresh {
        lab.draws_on();
    }
    let active = shown.rows.iter().position(|row| Some(row.thing) == shown.chosen);
    let row = {
        let (lab, shown) = (lab.clone(), shown.clone());
        Callback::from(move |i: usize| row::row(&lab, &shown, i))
    };
    let onkeydown = {
        let (lab, rows) = (lab.clone(), Rc::clone(&shown.rows));
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                return lab.change(|screen| screen.go(Tab::Inspector));
            }
            // Asked now: the list may not show yet what the key before chose.
            let chosen = lab.screen().parted;
            let at = chosen.and_then(|chosen| rows.iter().position(|row| row.thing == chosen)).or(active);
            if let Some(row) = moved(&event.key(), at, rows.len()).and_then(|to| rows.get(to)) {
                event.prevent_default();
                choose(&lab, row.thing);
            }
        })
    };
    let at_end = lab.screen().playing && lab.screen().parted.is_none();
    let names = names(&lab);
    html! {
        <section class="panel listing sides" aria-label={words::TITLE}>
            { head(&lab, &shown) }
            { card::card(&lab, &shown) }
            if shown.rows.is_empty() {
                <p class="empty">{ if lab.screen().only_parted { words::NO_DIVERGENCE } else { words::NOTHING } }</p>
            } else {
                <div class="list-row list-head" aria-hidden="true">
                    <span></span>
                    <span>{ words::WHAT }</span>
                    { for LETTERS.iter().zip(&names).map(|(letter, name)| html! { <span class="clip">{ letter_mark(letter) }{ name }</span> }) }
                </div>
                <VirtualList count={shown.rows.len()} {row} active={active.filter(|_| !at_end)} {at_end} role="grid"
                    label={words::label(&names[0], &names[1])} test="sides"
                    active_id={active.map(|at| AttrValue::from(format!("side-{at}")))} {onkeydown} />
            }
            { way_to_inspector(&lab) }
        </section>
    }
}

/// The names of the two sides: profiles, or branches.
fn names(lab: &Lab) -> [String; 2] {
    let engine = lab.engine();
    let named = |id: u32| branches::name_of(&engine.branches(), id);
    match engine.against() {
        Some(against) => match (against.profile(), against.branch()) {
            (_, Some(id)) => {
                [engine.branches().first().map_or_else(String::new, |own| named(own.id)), named(id)]
            }
            (profile, None) => [engine.profile().to_owned(), profile.unwrap_or_default().to_owned()],
        },
        None => [engine.profile().to_owned(), String::new()],
    }
}

/// A side's letter in its frame.
fn letter_mark(letter: &str) -> Html {
    html! { <span class={format!("letter letter-{}", letter.to_lowercase())}>{ letter }</span> }
}

/// Who is compared with whom, the filter, and the way from divergence to divergence.
fn head(lab: &Lab, shown: &Shown) -> Html {
    let [own, other] = names(lab);
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let value = select.value();
            let done = lab.act(|engine| match value.strip_prefix(BRANCH).and_then(|id| id.parse().ok()) {
                Some(branch) => engine.set_against_branch(branch),
                None => engine.set_against(&value),
            });
            lab.change(|screen| screen.parted = None);
            if let Err(why) = done {
                lessons::say(&lab, why);
            }
        })
    };
    let only = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let only = event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked());
            lab.change(|screen| screen.only_parted = only);
        })
    };
    let walk = |forward: bool| {
        let lab = lab.clone();
        Callback::from(move |()| walk(&lab, forward))
    };
    let (all, against) = {
        let engine = lab.engine();
        (engine.branches(), engine.against().and_then(Against::branch))
    };
    let others = all.get(1..).unwrap_or_default();
    let count = shown.firsts.len();
    let place = match shown.place() {
        Some(at) => common::of(at + 1, count),
        None => count.to_string(),
    };
    let title = |name: &str| {
        let preset = Profile::presets().iter().find(|preset| preset.name == name);
        preset.map_or_else(|| name.to_owned(), lessons::profile_title)
    };
    html! {
        <div class="panel-head sides-head">
            { list_tabs(lab, Tab::Sides, None) }
            <span class="versus">
                { letter_mark("A") }<span class="clip" title={title(&own)} data-test="sides-own">{ own }</span>
                <label for="sides-against" class="visually-hidden">{ text::COMPARE_WITH }</label>
                { letter_mark("B") }
                <select id="sides-against" class="compact" data-test="sides-against" {onchange}>
                    { for Profile::presets().iter().map(|preset| html! {
                        <option key={preset.name} value={preset.name} title={title(preset.name)}
                            selected={against.is_none() && preset.name == other}>
                            { preset.name }
                        </option>
                    }) }
                    { for others.iter().map(|one| {
                        let chosen = against == Some(one.id);
                        let value = format!("{BRANCH}{}", one.id);
                        let title = branches::name_of(&all, one.id);
                        html! { <option key={value.clone()} {value} selected={chosen}>{ text::branch_choice(&title) }</option> }
                    }) }
                </select>
            </span>
            <span class="sides-tools">
            <label class="check">
                <input type="checkbox" checked={lab.screen().only_parted} onchange={only} data-test="sides-only" />
                { words::ONLY_PARTED }
            </label>
            <span class="sides-walk">
                { IconButton::new("previous", words::PREVIOUS, "P", walk(false)).html("sides-previous") }
                <span class="number" data-test="sides-place" title={words::PLACE_TITLE}>{ place }</span>
                { IconButton::new("next", words::NEXT, "N", walk(true)).html("sides-next") }
            </span>
            </span>
        </div>
    }
}
