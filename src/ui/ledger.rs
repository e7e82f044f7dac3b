//! The delivery ledger: each message with its promise and what became of it for each subscriber, at the view.

use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::Tab;
use super::timeline;
use super::virtual_list::{VirtualList, moved};
use crate::picture::clock;
use crate::trace::{Fate, Line, Trace, Verdict};
use crate::ui::field::use_value;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What the ledger can be narrowed to besides a single fate.
const VERDICTS: [(&str, &str, Verdict); 2] =
    [("broken", "Not kept", Verdict::Broken), ("open", "Not settled", Verdict::Open)];

/// The choice that lets every line through.
const ALL: &str = "all";

/// Whether a choice lets a line through: one of [`VERDICTS`], or the name of a fate.
fn is_chosen(line: &Line, choice: &str) -> bool {
    match VERDICTS.iter().find(|(value, ..)| *value == choice) {
        Some((.., verdict)) => line.fate.verdict(line.qos) == *verdict,
        None => choice == ALL || line.fate.name() == choice,
    }
}

/// Whether a line's message, topic or subscriber contains a text in lower case.
fn contains(line: &Line, trace: &Trace, text: &str) -> bool {
    let found = |name: &str| name.to_lowercase().contains(text);
    text.is_empty()
        || found(&message(line, trace))
        || found(topic(line, trace))
        || found(subscriber(line, trace).unwrap_or_default())
}

fn message(line: &Line, trace: &Trace) -> String {
    trace.message_name(line.message).map(|name| name.to_string()).unwrap_or_default()
}

fn topic<'a>(line: &Line, trace: &'a Trace) -> &'a str {
    trace.get(line.first_seq).map_or("", |event| event.topic())
}

fn subscriber<'a>(line: &Line, trace: &'a Trace) -> Option<&'a str> {
    trace.clients().nth(line.subscriber? as usize)
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
    let mut text = match line.fate {
        Fate::Duplicated => format!("received {} times", line.received),
        // Where it is stored and why nobody gets it is better said by the event.
        Fate::Waiting | Fate::Unmatched if !why.is_empty() => why.to_owned(),
        fate => fate.name().to_owned(),
    };
    if line.sent > 1 && line.fate != Fate::Duplicated {
        text.push_str(&format!(", sent {} times", line.sent));
    }
    if let Some(event) = event {
        text.push_str(&format!(" · {}", clock(event.at())));
    }
    if !why.is_empty() && !text.starts_with(why) {
        text.push_str(&format!(" · {why}"));
    }
    text
}

/// The lines that the filters let through, kept while nothing of this changes.
#[derive(Default)]
struct Shown {
    key: (u64, u32, u32, String, String),
    lines: Rc<[Line]>,
}

/// The panel.
#[component]
pub(crate) fn LedgerPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let choice = use_value(|| ALL.to_owned());
    let typed = use_value(String::new);
    let kept = use_mut_ref(Shown::default);
    if lab.screen().list != Tab::Ledger {
        return closed("ledger");
    }
    let (shown, active, left_out) = {
        let engine = lab.engine();
        let (run, ledger) = (engine.run(), engine.ledger());
        let (trace, text) = (run.trace(), typed.to_lowercase());
        let mut kept = kept.borrow_mut();
        let key = (engine.generation(), engine.folded(), engine.events(), (*choice).clone(), text);
        if kept.key != key {
            let lines = ledger.at(engine.events());
            let lines = lines.filter(|line| is_chosen(line, &choice) && contains(line, trace, &key.4));
            *kept = Shown { lines: lines.collect(), key };
        }
        let shown = Rc::clone(&kept.lines);
        let selected = lab.screen().selected.and_then(|seq| trace.get(seq));
        let active = selected.and_then(|event| {
            let number = event.message_number()?;
            let of_message = |line: &Line| line.message == number;
            let of_client = |line: &Line| of_message(line) && line.subscriber == Some(event.client_number());
            shown.iter().position(of_client).or_else(|| shown.iter().position(of_message))
        });
        (shown, active, ledger.left_out())
    };
    let row = {
        let (lab, shown) = (lab.clone(), Rc::clone(&shown));
        Callback::from(move |i: usize| match shown.get(i) {
            Some(line) => ledger_row(&lab, line, i, active == Some(i)),
            None => html! { <div key={i} class="list-row" role="row"></div> },
        })
    };
    let onkeydown = {
        let (lab, shown) = (lab.clone(), Rc::clone(&shown));
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                lab.change(|screen| screen.go(Tab::Inspector));
            } else if let Some(to) = moved(&event.key(), active, shown.len()) {
                event.prevent_default();
                timeline::select(&lab, shown.get(to).map(|line| line.fate_seq));
            }
        })
    };
    let onchange = {
        let choice = choice.setter();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                choice.set(select.value());
            }
        })
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let choices = VERDICTS.map(|(value, title, _)| (value, title));
    let choices = [(ALL, "All fates")].into_iter().chain(choices);
    let choices = choices.chain(Fate::ALL.map(|fate| (fate.name(), fate.name())));
    let at_end = lab.screen().playing || lab.screen().selected.is_none();
    let is_filtered = *choice != ALL || !typed.is_empty();
    html! {
        <section class="panel listing ledger" aria-label="Ledger">
            <div class="panel-head">
                { list_tabs(&lab, Tab::Ledger, Some(("ledger-count", shown.len()))) }
                <span class="grow"></span>
                <label class="visually-hidden" for="ledger-text">{ "Message, topic or subscriber" }</label>
                <input id="ledger-text" type="search" class="compact" placeholder="Message, topic, for whom" autocomplete="off"
                    spellcheck="false" value={(*typed).clone()} data-test="ledger-text" {oninput} />
                <label class="visually-hidden" for="ledger-fate">{ "Fate" }</label>
                <select id="ledger-fate" class="compact" data-test="ledger-fate" {onchange}>
                    { for choices.map(|(value, title)| html! {
                        <option key={value} {value} selected={*choice == value}>{ title }</option>
                    }) }
                </select>
            </div>
            if left_out > 0 {
                <p class="soft list-note" data-test="ledger-left-out">{ format!("Without the first {left_out} messages.") }</p>
            }
            if shown.is_empty() {
                <p class="empty">{ if is_filtered { "No such message." } else { "Nothing was published yet." } }</p>
            } else {
                <div class="list-row list-head" aria-hidden="true">
                    <span>{ "Message" }</span>
                    <span>{ "Topic" }</span>
                    <span>{ "Promise" }</span>
                    <span>{ "For" }</span>
                    <span>{ "Fate" }</span>
                </div>
                <VirtualList count={shown.len()} {row} {active} {at_end} role="grid" label="Ledger" test="ledger"
                    active_id={active.map(|at| AttrValue::from(format!("ledger-{at}")))} {onkeydown} />
            }
            { way_to_inspector(&lab) }
        </section>
    }
}

fn ledger_row(lab: &Lab, line: &Line, i: usize, active: bool) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let trace = run.trace();
    let told = told(line, trace);
    let (name, subscriber) = (message(line, trace), subscriber(line, trace).unwrap_or_default());
    let verdict = match line.fate.verdict(line.qos) {
        Verdict::Kept => "kept",
        Verdict::Open => "open",
        Verdict::Broken => "broken",
    };
    let onclick = timeline::selects(lab, line.fate_seq);
    html! {
        <div key={format!("{name} {subscriber}")} id={format!("ledger-{i}")} role="row" class="list-row" {onclick}
            aria-selected={active.to_string()} aria-rowindex={(i + 1).to_string()} data-test="ledger-row" data-message={name.clone()}
            data-client={subscriber.to_owned()} data-fate={line.fate.name()}>
            <span role="gridcell" class="mono clip">{ name }</span>
            <span role="gridcell" class="soft clip">{ topic(line, trace) }</span>
            <span role="gridcell" class="clip">{ line.promise() }</span>
            <span role="gridcell" class="clip">{ subscriber }</span>
            <span role="gridcell" class={format!("clip fate fate-{verdict}")} title={told.clone()}>
                <span class="sign" aria-hidden="true">{ sign(line.fate) }</span>{ " " }{ told }
            </span>
        </div>
    }
}
