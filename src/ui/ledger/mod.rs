//! The delivery ledger: each message with its promise and what became of it for each subscriber, at the view.

mod save;

use super::client_choice::client_choice;
use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::Tab;
use super::text::{ledger as text, why as why_text};
use super::timeline;
use super::virtual_list::{VirtualList, moved};
use super::why::{Asked, WhyPart, ask, why_link};
use crate::picture::{clock, span};
use crate::topic::check_filter;
use crate::trace::{Fate, LedgerRows, Line, Order, Query, Trace, Verdict, Wanted};
use crate::ui::field::use_value;
use save::Save;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// How many messages are looked at in one turn; the rest in the next ones.
const LOOKS: u32 = 4_000;

/// What the ledger can be narrowed to besides a single fate.
const GROUPS: [(&str, &str, Wanted); 4] = [
    ("all", text::ALL_FATES, Wanted::All),
    ("broken", text::BROKEN, Wanted::Verdict(Verdict::Broken)),
    ("open", text::OPEN, Wanted::Verdict(Verdict::Open)),
    ("arrived", text::ARRIVED, Wanted::Arrived),
];

/// What the columns are sorted by, in the order of [`text::COLUMNS`]; the promise is no order.
const ORDERS: [(&str, Option<Order>); 7] = [
    ("time", Some(Order::Time)),
    ("publisher", Some(Order::Publisher)),
    ("topic", Some(Order::Topic)),
    ("promise", None),
    ("subscriber", Some(Order::Subscriber)),
    ("delay", Some(Order::Delay)),
    ("fate", Some(Order::Fate)),
];

/// What a choice of the list of fates stands for.
fn wanted(choice: &str) -> Wanted {
    let group = GROUPS.iter().find(|(value, ..)| *value == choice).map(|(.., wanted)| *wanted);
    let fate = || Fate::ALL.into_iter().find(|fate| fate.name() == choice).map(Wanted::Fate);
    group.or_else(fate).unwrap_or_default()
}

fn message(line: &Line, trace: &Trace) -> String {
    trace.message_name(line.message).map(|name| name.to_string()).unwrap_or_default()
}

/// The sign before a fate, so that colour does not say it alone.
const fn sign(fate: Fate) -> &'static str {
    match fate {
        Fate::Waiting | Fate::Sent => "…",
        Fate::Delivered | Fate::Acknowledged | Fate::Duplicated => "✓",
        Fate::Lost | Fate::Expired | Fate::Dropped | Fate::Refused => "✕",
        Fate::Unmatched | Fate::PassedOn => "–",
    }
}

/// The fate in words, with when and why.
fn told(line: &Line, trace: &Trace) -> String {
    let event = trace.get(line.fate_seq);
    let why = event.map_or("", |event| event.why());
    let mut told = match line.fate {
        Fate::Duplicated => text::received(line.received),
        // Where it is stored and why nobody gets it is better said by the event.
        Fate::Waiting | Fate::Unmatched if !why.is_empty() => why.to_owned(),
        fate => fate.name().to_owned(),
    };
    if line.sent > 1 && line.fate != Fate::Duplicated {
        told.push_str(&format!(", {}", text::sent(line.sent)));
    }
    if let Some(event) = event {
        told.push_str(&format!(" · {}", clock(event.at())));
    }
    if !why.is_empty() && !told.starts_with(why) {
        told.push_str(&format!(" · {why}"));
    }
    told
}

/// Whether the client has it.
const fn has_arrived(fate: Fate) -> bool {
    matches!(fate, Fate::Delivered | Fate::Acknowledged | Fate::Duplicated)
}

/// The panel.
#[component]
pub(crate) fn LedgerPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let query = use_value(Query::default);
    let choice = use_value(|| GROUPS[0].0.to_owned());
    let typed = use_value(String::new);
    let rows = use_mut_ref(LedgerRows::default);
    if lab.screen().list != Tab::Ledger {
        return closed("ledger");
    }
    let is_asked = lab.screen().why.is_some();
    let (shown, active, left_out, is_done) = {
        let engine = lab.engine();
        let (run, ledger) = (engine.run(), engine.ledger());
        let (trace, mut rows) = (run.trace(), rows.borrow_mut());
        let moment = (engine.generation(), engine.events(), engine.folded());
        let is_done = rows.work((trace, ledger), &query, moment, LOOKS);
        // While time runs there is a turn soon, whatever has happened meanwhile.
        if !is_done && (rows.is_reading() || !lab.screen().playing) {
            lab.draws_on();
        }
        let shown = rows.lines();
        let active =
            lab.screen().selected.and_then(|seq| trace.get(seq)).and_then(|event| rows.row_of(&event));
        (shown, active, ledger.left_out(), is_done)
    };
    let body = if is_asked {
        html! { <WhyPart lab={lab.clone()} /> }
    } else {
        html! {
            <>
                { filters(&lab, &query, &choice, &typed, &shown) }
                if left_out > 0 {
                    <p class="soft list-note" data-test="ledger-left-out">{ text::left_out(left_out) }</p>
                }
                { list(&lab, &query, (&rows, &shown), active, is_done) }
            </>
        }
    };
    html! {
        <section class="panel listing ledger" aria-label={text::TITLE}>
            <div class="panel-head">
                { list_tabs(&lab, Tab::Ledger, Some(("ledger-count", shown.len()))) }
                <span class="grow"></span>
                if !is_asked {
                    { why_link(&lab) }
                }
            </div>
            { body }
            { way_to_inspector(&lab) }
        </section>
    }
}

/// What the list is narrowed by, and how it is saved.
fn filters(
    lab: &Lab,
    query: &UseStateHandle<Query>,
    choice: &UseStateHandle<String>,
    typed: &UseStateHandle<String>,
    shown: &Rc<[Line]>,
) -> Html {
    let change = |change: fn(&mut Query, String)| {
        let (setter, query) = (query.setter(), (**query).clone());
        move |value: String| {
            let mut query = query.clone();
            change(&mut query, value);
            setter.set(query);
        }
    };
    let input = |set: Callback<String>| {
        Callback::from(move |event: InputEvent| {
            set.emit(
                event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default(),
            );
        })
    };
    let select = |set: Callback<String>| {
        Callback::from(move |event: Event| {
            set.emit(
                event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default(),
            );
        })
    };
    let ontext = {
        let (typed, change) = (typed.setter(), change(|query, text| query.text = text));
        input(Callback::from(move |text: String| {
            change(text.to_lowercase());
            typed.set(text);
        }))
    };
    let onfilter = input(Callback::from(change(|query, filter| query.filter = filter)));
    let onclient = Callback::from(change(|query, client| query.client = client));
    let onfate = {
        let (choice, change) = (choice.setter(), change(|query, fate| query.wanted = wanted(&fate)));
        select(Callback::from(move |fate: String| {
            change(fate.clone());
            choice.set(fate);
        }))
    };
    let engine = lab.engine();
    let run = engine.run();
    let names = run.world().clients().map(|client| client.name);
    let clients = client_choice(names, &query.client, "ledger-client", onclient);
    let wrong =
        Some(&query.filter).filter(|filter| !filter.is_empty()).and_then(|filter| check_filter(filter).err());
    let choices = GROUPS.into_iter().map(|(value, title, _)| (value, title));
    let choices = choices.chain(Fate::ALL.map(|fate| (fate.name(), fate.name())));
    html! {
        <>
            <div class="row ledger-filters">
                <input type="search" class="compact" placeholder={text::TEXT_EXAMPLE} aria-label={text::TEXT} autocomplete="off"
                    spellcheck="false" value={(**typed).clone()} data-test="ledger-text" oninput={ontext} />
                <input type="search" class="compact mono" placeholder={text::FILTER_EXAMPLE} aria-label={text::FILTER} autocomplete="off"
                    autocapitalize="off" spellcheck="false" value={query.filter.clone()} aria-invalid={wrong.is_some().to_string()}
                    aria-describedby={wrong.is_some().then_some("ledger-wrong")} data-test="ledger-filter" oninput={onfilter} />
                { clients }
                <select class="compact" aria-label={text::FATE} data-test="ledger-fate" onchange={onfate}>
                    { for choices.map(|(value, title)| html! {
                        <option key={value} {value} selected={**choice == value}>{ title }</option>
                    }) }
                </select>
                <Save lab={lab.clone()} lines={Rc::clone(shown)} />
            </div>
            if let Some(wrong) = wrong {
                <p id="ledger-wrong" class="error list-note" role="alert" data-test="ledger-wrong">{ wrong.what() }</p>
            }
        </>
    }
}

/// The heads of the columns, which sort, and the rows.
fn list(
    lab: &Lab,
    query: &UseStateHandle<Query>,
    (rows, shown): (&Rc<RefCell<LedgerRows>>, &Rc<[Line]>),
    active: Option<usize>,
    is_done: bool,
) -> Html {
    let is_filtered =
        **query != Query { order: query.order, descending: query.descending, ..Query::default() };
    if shown.is_empty() {
        let said = match (is_done, is_filtered) {
            (false, _) => text::READING,
            (_, true) => text::NO_HIT,
            _ => text::NOTHING,
        };
        return html! { <p class="empty">{ said }</p> };
    }
    let row = {
        let (lab, shown) = (lab.clone(), Rc::clone(shown));
        Callback::from(move |i: usize| match shown.get(i) {
            Some(line) => ledger_row(&lab, line, i, active == Some(i)),
            None => html! { <div key={i} class="list-row" role="row"></div> },
        })
    };
    let onkeydown = {
        let (lab, rows, shown) = (lab.clone(), Rc::clone(rows), Rc::clone(shown));
        Callback::from(move |event: KeyboardEvent| {
            // Asked now: the list may not show yet what the key before chose.
            let active = {
                let (engine, selected) = (lab.engine(), lab.screen().selected);
                let run = engine.run();
                selected.and_then(|seq| run.trace().get(seq)).and_then(|event| rows.borrow().row_of(&event))
            };
            if event.key() == "Enter" {
                lab.change(|screen| screen.go(Tab::Inspector));
            } else if let Some(to) = moved(&event.key(), active, shown.len()) {
                event.prevent_default();
                timeline::select(&lab, shown.get(to).map(|line| line.fate_seq));
            }
        })
    };
    let in_time = query.order == Order::Time && !query.descending;
    let at_end = in_time && (lab.screen().playing || lab.screen().selected.is_none());
    html! {
        <>
            // The grid below holds rows only, so that the heads stay in sight: they are a table of their own.
            <div role="table" aria-label={text::SORT}>
                <div class="list-row list-head" role="row">
                    { for text::COLUMNS.into_iter().zip(ORDERS).map(|(title, (name, order))| head(query, title, name, order)) }
                </div>
            </div>
            <VirtualList count={shown.len()} {row} {active} {at_end} role="grid" label={text::TITLE} test="ledger"
                active_id={active.map(|at| AttrValue::from(format!("ledger-{at}")))} {onkeydown} />
        </>
    }
}

/// The head of a column. A second press turns the order round.
fn head(
    query: &UseStateHandle<Query>,
    title: &'static str,
    name: &'static str,
    order: Option<Order>,
) -> Html {
    let Some(order) = order else {
        return html! { <span role="columnheader" class="unsorted">{ title }</span> };
    };
    let is_by = query.order == order;
    let (sign, sorted) = match (is_by, query.descending) {
        (false, _) => ("", "none"),
        (true, false) => (" ↑", "ascending"),
        (true, true) => (" ↓", "descending"),
    };
    let onclick = {
        let (setter, query) = (query.setter(), (**query).clone());
        Callback::from(move |_: MouseEvent| {
            setter.set(Query { order, descending: is_by && !query.descending, ..query.clone() });
        })
    };
    html! {
        <span role="columnheader" aria-sort={sorted}>
            <button type="button" class="quiet sort" {onclick} data-test={format!("sort-{name}")}>
                { title }<span aria-hidden="true">{ sign }</span>
            </button>
        </span>
    }
}

fn ledger_row(lab: &Lab, line: &Line, i: usize, active: bool) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let trace = run.trace();
    let told = told(line, trace);
    // Of numbers: until the list has the lines of another run, their names may be nobody's.
    let key = format!("{} {:?}", line.message, line.subscriber);
    let (name, subscriber) = (message(line, trace), line.subscriber_name(trace).unwrap_or_default());
    let verdict = match line.fate.verdict(line.qos) {
        Verdict::Kept => "kept",
        Verdict::Open => "open",
        Verdict::Broken => "broken",
    };
    let onclick = timeline::selects(lab, line.fate_seq);
    let why = (!has_arrived(line.fate)).then(|| {
        let asked = Asked {
            client: subscriber.to_owned(),
            topic: String::new(),
            message: Some((engine.generation(), line.message)),
        };
        let lab = lab.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            ask(&lab, asked.clone());
        })
    });
    html! {
        <div key={key} id={format!("ledger-{i}")} role="row" class="list-row" {onclick}
            aria-selected={active.to_string()} aria-rowindex={(i + 1).to_string()} data-test="ledger-row" data-message={name.clone()}
            data-client={subscriber.to_owned()} data-fate={line.fate.name()}>
            <span role="gridcell" class="number soft clip">{ line.published_at(trace).map(clock) }</span>
            <span role="gridcell" class="mono clip">{ name }</span>
            <span role="gridcell" class="soft clip">{ line.topic(trace) }</span>
            <span role="gridcell" class="clip">{ line.promise() }</span>
            <span role="gridcell" class="clip">
                if !subscriber.is_empty() {
                    // Where there is no room for heads.
                    <span class="cramped">{ text::FOR }</span>
                }
                { subscriber }
            </span>
            <span role="gridcell" class="number soft clip">{ line.delay_us(trace).map(span) }</span>
            <span role="gridcell" class={format!("fate fate-{verdict}")} title={told.clone()}>
                <span class="clip"><span class="sign" aria-hidden="true">{ sign(line.fate) }</span>{ " " }{ told }</span>
                if let Some(onclick) = why {
                    <button type="button" class="link" tabindex="-1" {onclick} title={why_text::WHY_TITLE} data-test="row-why">{ why_text::WHY_SHORT }</button>
                }
            </span>
        </div>
    }
}
