//! The inspector: everything about the chosen event. What, when, who; why, and what came of it; which rule; which bytes.

mod bytes;
mod changed;

use super::access::{self, Decided};
use super::faults::what_if_button;
use super::field::prose;
use super::icons::{IconButton, icon};
use super::lab::Lab;
use super::payload::Payload;
use super::rules::known;
use super::screen::Tab;
use super::setting::setting_here;
use super::text::{events, inspector as text};
use super::why::why_button;
use super::{timeline, transport, words};
use crate::picture::{clock, span};
use crate::profile::{Chosen, Profile};
use crate::rule::RuleId;
use crate::rules::{self, Certainty, Rule};
use crate::trace::EventRef;
pub(crate) use bytes::Bytes;
use changed::Changed;
use yew::prelude::*;

/// How many causes and consequences are listed.
const LISTED: usize = 12;

/// The panel while nothing is chosen.
pub(crate) fn empty() -> Html {
    html! {
        <section class="panel inspector" aria-label={text::TITLE}>
            <div class="panel-head"><h2>{ text::TITLE }</h2></div>
            <p class="empty">{ text::EMPTY }</p>
        </section>
    }
}

/// The panel.
pub(crate) fn inspector(lab: &Lab) -> Html {
    let selected = lab.screen().selected;
    let engine = lab.engine();
    let run = engine.run();
    let trace = selected.map(|seq| engine.trace_with(&run, seq));
    let event = selected.zip(trace.as_ref()).and_then(|(seq, trace)| trace.get(seq));
    let Some(event) = event else {
        if selected.is_some_and(|seq| seq < run.trace().first_seq()) {
            return html! {
                <section class="panel inspector" aria-label={text::TITLE}>
                    <div class="panel-head"><h2>{ text::TITLE }</h2></div>
                    <p class="empty" data-test="event-gone">{ events::GONE }</p>
                </section>
            };
        }
        return empty();
    };
    // Where it was computed again, so was what decided it.
    let held = trace.as_ref().map_or(run.trace(), |trace| trace.or(run.trace()));
    let close = {
        let lab = lab.clone();
        Callback::from(move |()| timeline::select(&lab, None))
    };
    let go_there = {
        let (lab, at) = (lab.clone(), event.at());
        Callback::from(move |_: MouseEvent| transport::seek(&lab, at))
    };
    let title =
        event.packet_type().map_or_else(|| words::kind(event.kind()), |packet| packet.name().to_owned());
    let bytes = event.packet_bytes().zip(event.packet().map(|packet| packet.version));
    let later = event.seq() >= engine.events();
    html! {
        <section class="panel inspector" aria-label={text::TITLE} data-test="inspector" data-seq={event.seq().to_string()}>
            <div class="panel-head">
                <h2>{ title }</h2>
                <span class="faint number">{ format!("#{}", event.seq()) }</span>
                <span class="grow"></span>
                { IconButton::new("close", text::CLOSE, "Esc", close).html("choose-nothing") }
            </div>
            <div class="inspector-body">
                if later {
                    <p class="notice-inline">{ text::LATER }</p>
                }
                <dl class="facts">
                    { fact(text::KIND, event.kind().name()) }
                    <div key="when">
                        <dt>{ text::WHEN }</dt>
                        <dd>
                            <button type="button" class="link number" onclick={go_there} title={text::GO_THERE}>
                                { clock(event.at()) }
                            </button>
                        </dd>
                    </div>
                    { fact(text::WHO, &who(&event)) }
                    { fact(text::WHAT, &words::what(&event)) }
                    if let Some(decided) = access::decided(held, run.world().broker().access(), event.seq()) {
                        { decision(decided) }
                    }
                    if let Some(message) = event.message() {
                        { fact(text::MESSAGE, &format!("{}/{}", message.client, message.nth)) }
                    }
                    if let Some(code) = event.code() {
                        { fact(text::CODE, &format!("{code} (0x{code:02X})")) }
                    }
                    if let Some((from, to)) = engine.extent(event.seq()) && to > from {
                        { fact(text::ON_THE_WAY, &span(to.since(from).0)) }
                    }
                </dl>
                { what_if_button(lab, &event) }
                { why_button(lab, &event) }
                { rule(lab, &event) }
                <Changed key={format!("changed-{}", event.seq())} lab={lab.clone()} seq={event.seq()} />
                { links(lab, &event) }
                if let Some((bytes, version)) = bytes {
                    if let Some(payload) = words::payload(&event) {
                        <Payload key={format!("payload-{}", event.seq())} {payload} />
                    }
                    <Bytes key={format!("bytes-{}", event.seq())} {bytes} {version} />
                }
            </div>
        </section>
    }
}

/// The chosen event in a few words, and the way to the inspector where that is another tab.
pub(crate) fn way_to_inspector(lab: &Lab) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let Some(event) = lab.screen().selected.and_then(|seq| run.trace().get(seq)) else { return html! {} };
    let onclick = lab.changes::<MouseEvent>(|screen| screen.tab = Tab::Inspector);
    html! {
        <button type="button" class="strip quiet" {onclick} data-test="inspect">
            <span class="grow clip">{ format!("{} {}", event.client(), words::what(&event)) }</span>
            <span class="soft">{ text::INSPECT }</span>{ icon("right") }
        </button>
    }
}

fn who(event: &EventRef<'_>) -> String {
    match event.client() {
        "" => words::by(event.by()).to_owned(),
        client => text::about(words::by(event.by()), client),
    }
}

/// What an access list or a policy decided; of a policy with the statement's text.
fn decision(decided: Decided) -> Html {
    html! {
        <div key="access" data-test="decided">
            <dt>{ decided.what }</dt>
            <dd class="break">
                { decided.by }
                if let Some(text) = decided.statement {
                    <pre class="statement" data-test="statement">{ text }</pre>
                }
            </dd>
        </div>
    }
}

fn fact(name: &'static str, value: &str) -> Html {
    if value.is_empty() {
        return html! {};
    }
    html! { <div key={name}><dt>{ name }</dt><dd class="break">{ value.to_owned() }</dd></div> }
}

/// The rule that the broker followed, with its sentence, the values that its settings have at the view, and the way to it among
/// those of the profile.
fn rule(lab: &Lab, event: &EventRef<'_>) -> Html {
    let Some(id) = event.rule() else { return html! {} };
    let engine = lab.engine();
    let run = engine.run();
    let profile = run.world().broker().profile();
    let settings = rules::find(id).map(|rule| profile.departures_by(&rule)).unwrap_or_default();
    let bursts = settings.iter().filter_map(|one| profile.chosen_as(Profile::burst_of(one.setting.key)?));
    let shown: Vec<Chosen> = settings.iter().copied().chain(bursts).collect();
    let onclick = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.change(|screen| screen.rules = Some(id.id)))
    };
    html! {
        <>
            { rule_text(id) }
            if !shown.is_empty() {
                <div class="rule-settings" data-test="rule-settings">
                    { for shown.iter().map(setting_here) }
                    <p class="soft">{ text::AT_THE_VIEW }</p>
                </div>
                <p><button type="button" class="link" {onclick} data-test="to-rule">{ text::AMONG_RULES }</button></p>
            }
        </>
    }
}

/// A rule with its sentence, where it is written, and how it is known.
pub(crate) fn rule_text(id: RuleId) -> Html {
    let found = rules::find(id);
    html! {
        <div class="rule" data-test="rule" data-rule={id.id}>
            <h3>
                <code>{ id.id }</code>
                { for found.iter().map(|rule| known(rule.certainty.name())) }
            </h3>
            { found.as_ref().map(rule_body).unwrap_or_default() }
        </div>
    }
}

/// What a rule says, and where that is written.
pub(crate) fn rule_body(rule: &Rule) -> Html {
    html! {
        <>
            <p>{ prose(rule.sentence) }</p>
            <p class="soft">
                if let Some(address) = rule.document.address {
                    <a href={address} target="_blank" rel="noopener noreferrer">{ rule.document.title }</a>
                } else {
                    { rule.document.title }
                }
                { format!(", {}; {}{}", rule.section, rule.document.date, how_known(rule.certainty)) }
            </p>
        </>
    }
}

/// How a rule is known, where its document does not simply state it.
const fn how_known(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Documented => "",
        Certainty::Observed => text::OBSERVED,
        Certainty::Inferred => text::INFERRED,
        Certainty::Unknown | Certainty::Choice => text::CHOSEN,
    }
}

/// What led to the event and what it led to, as links.
fn links(lab: &Lab, event: &EventRef<'_>) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let trace = engine.trace_with(&run, event.seq());
    let trace = trace.or(run.trace());
    let mut causes = trace.cause_chain(event.seq());
    causes.drain(..1.min(causes.len()));
    causes.truncate(LISTED);
    let consequences = trace.consequences(event.seq(), LISTED);
    let list = |title: &'static str, test: &'static str, events: Vec<EventRef<'_>>| {
        if events.is_empty() {
            return html! {};
        }
        html! {
            <div class="chain" data-test={test}>
                <h3>{ title }</h3>
                <ol>
                    { for events.iter().map(|event| {
                        let seq = event.seq();
                        let onclick = timeline::selects(lab, seq);
                        html! {
                            <li key={seq}>
                                <button type="button" class="link break" {onclick} data-seq={seq.to_string()}>
                                    { format!("{} {}", event.kind().name(), words::what(event)) }
                                </button>
                                <span class="faint number">{ format!(" {} {}", event.client(), clock(event.at())) }</span>
                            </li>
                        }
                    }) }
                </ol>
            </div>
        }
    };
    html! {
        <>
            { list(text::CAUSES, "causes", causes) }
            { list(text::CONSEQUENCES, "consequences", consequences) }
        </>
    }
}
