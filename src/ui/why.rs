//! Why did this client get nothing? The walk from what was published to the client, with what stopped it as the headline.

use super::browser::now_ms;
use super::field::TextField;
use super::icons::icon;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::why as text;
use super::timeline;
use crate::picture::clock;
use crate::time::SimTime;
use crate::topic::check_filter;
use crate::trace::{About, EventRef, Found, Mark, Question, Trace, Walk, WhyStep, why_nothing};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// While time runs the answer is looked up again this often, in milliseconds.
const PATIENCE_MS: f64 = 500.0;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    /// Of whom; empty until one is chosen.
    pub(crate) client: String,
    /// A topic or a filter; empty for anything.
    pub(crate) topic: String,
    /// The message, by its number in the trace of this generation.
    pub(crate) message: Option<(u64, u32)>,
}

/// The answer as it was found last, and to what.
#[derive(Default)]
struct Answer {
    asked: Asked,
    moment: (u64, u32),
    at_ms: f64,
    walk: Rc<Walk>,
}

/// Asks it, where the answer is shown.
pub(crate) fn ask(lab: &Lab, asked: Asked) {
    lab.change(|screen| {
        screen.why = Some(asked);
        screen.go(Tab::Ledger);
    });
}

/// What asks it of a client.
pub(crate) fn asks_client(lab: &Lab, client: &str) -> Callback<MouseEvent> {
    let (lab, client) = (lab.clone(), client.to_owned());
    Callback::from(move |_: MouseEvent| ask(&lab, Asked { client: client.clone(), ..Asked::default() }))
}

/// What is asked from an event about a message: of its subscriber, where it is about one.
fn asked_from(generation: u64, event: &EventRef<'_>) -> Option<Asked> {
    let message = Some((generation, event.message_number()?));
    let publisher = event.message().map_or("", |name| name.client);
    let client = Some(event.client()).filter(|client| *client != publisher).unwrap_or_default().to_owned();
    Some(Asked { client, topic: String::new(), message })
}

/// Asks it about the chosen event, or else of anybody.
pub(crate) fn ask_chosen(lab: &Lab) {
    let asked = {
        let (engine, selected) = (lab.engine(), lab.screen().selected);
        let run = engine.run();
        let event = selected.and_then(|seq| run.trace().get(seq));
        event.and_then(|event| asked_from(engine.generation(), &event)).unwrap_or_default()
    };
    ask(lab, asked);
}

/// The way to it from an event about a message.
pub(crate) fn why_button(lab: &Lab, event: &EventRef<'_>) -> Html {
    let Some(asked) = asked_from(lab.engine().generation(), event) else { return html! {} };
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| ask(&lab, asked.clone()));
    html! {
        <p><button type="button" class="link" {onclick} title={text::WHY_TITLE} data-test="inspector-why">{ text::WHY }</button></p>
    }
}

/// The part of the ledger's panel.
#[component]
pub(crate) fn WhyPart(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let answer = use_mut_ref(Answer::default);
    let Some(asked) = lab.screen().why.clone() else { return html! {} };
    let engine = lab.engine();
    let run = engine.run();
    let (trace, generation) = (run.trace(), engine.generation());
    let message = asked.message.filter(|(of, _)| *of == generation).map(|(_, message)| message);
    let error = Some(asked.topic.as_str()).filter(|topic| !topic.is_empty());
    let error = error.and_then(|topic| check_filter(topic).err()).map(|error| error.what().to_owned());
    let walk = {
        let mut kept = answer.borrow_mut();
        let (moment, now) = ((generation, engine.events()), now_ms());
        let is_new = kept.asked != asked || kept.moment.0 != moment.0;
        let is_old = kept.moment != moment && (!lab.screen().playing || now - kept.at_ms >= PATIENCE_MS);
        if (is_new || is_old) && error.is_none() && !asked.client.is_empty() {
            let about = match message {
                Some(message) => About::Message(message),
                None if asked.topic.is_empty() => About::Anything,
                None => About::Topic(asked.topic.clone(), SimTime::ZERO),
            };
            let parent = run.world().broker().parent_match();
            let question = Question { client: asked.client.clone(), about, events: moment.1, parent };
            let walk = Rc::new(why_nothing(trace, &question));
            *kept = Answer { asked: asked.clone(), moment, at_ms: now, walk };
        }
        Rc::clone(&kept.walk)
    };
    let mut clients: Vec<String> = run.world().clients().map(|client| client.name.to_owned()).collect();
    if !asked.client.is_empty() && !clients.contains(&asked.client) {
        clients.push(asked.client.clone());
    }
    let onclient = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            lab.change(|screen| {
                if let Some(asked) = &mut screen.why {
                    asked.client = select.value();
                }
            });
        })
    };
    let ontopic = {
        let lab = lab.clone();
        Callback::from(move |topic: String| {
            lab.change(|screen| {
                if let Some(asked) = &mut screen.why {
                    (asked.topic, asked.message) = (topic, None);
                }
            });
        })
    };
    let any_message = lab.changes::<MouseEvent>(|screen| {
        if let Some(asked) = &mut screen.why {
            asked.message = None;
        }
    });
    let back = lab.changes::<MouseEvent>(|screen| screen.why = None);
    let name = message.or(walk.message).and_then(|message| trace.message_name(message));
    let can_answer = error.is_none() && !asked.client.is_empty();
    let topic = topic_of(trace, &walk, &asked);
    html! {
        <div class="why" data-test="why">
            <div class="row why-asked">
                <button type="button" class="link" onclick={back} data-test="why-back">{ text::BACK }</button>
                <h3 class="grow">{ text::WHY_TITLE }</h3>
            </div>
            <div class="row why-asked">
                <label class="field">
                    <span>{ text::CLIENT }</span>
                    <select onchange={onclient} data-test="why-client">
                        if asked.client.is_empty() {
                            <option value="" selected=true>{ text::CHOOSE }</option>
                        }
                        { for clients.into_iter().map(|name| html! {
                            <option key={name.clone()} value={name.clone()} selected={asked.client == name}>{ name.clone() }</option>
                        }) }
                    </select>
                </label>
                <div class="grow">
                    { TextField::new(text::TOPIC, &asked.topic, ontopic).placeholder(text::TOPIC_EXAMPLE).error(error).html("why-topic") }
                </div>
                if let Some(name) = name.filter(|_| can_answer) {
                    <p class="why-message">
                        <span class="mono break" data-test="why-message">{ text::message(&name.to_string()) }</span>
                        if message.is_some() {
                            { " " }<button type="button" class="link" onclick={any_message} data-test="why-any">{ text::ANY_MESSAGE }</button>
                        }
                    </p>
                }
            </div>
            if asked.client.is_empty() {
                <p class="empty">{ text::NO_CLIENT }</p>
            } else if can_answer {
                { answered(&lab, trace, &walk, &asked, &topic) }
            }
        </div>
    }
}

/// The topic that it is about.
fn topic_of(trace: &Trace, walk: &Walk, asked: &Asked) -> String {
    let published = walk.steps.iter().filter(|step| matches!(step.found, Found::Published | Found::Accepted));
    let mut topics = published.filter_map(|step| trace.get(step.seq?)).map(|event| event.topic());
    topics.find(|topic| !topic.is_empty()).unwrap_or(&asked.topic).to_owned()
}

fn answered(lab: &Lab, trace: &Trace, walk: &Walk, asked: &Asked, topic: &str) -> Html {
    let Some(answer) = walk.answer() else { return html! {} };
    html! {
        <>
            <div class={classes!("why-answer", class(answer.mark))} role="status" data-test="why-answer" data-mark={class(answer.mark)}>
                { step_html(lab, trace, answer, asked, topic) }
            </div>
            <h4 class="why-title">{ text::STEPS }</h4>
            <ol class="why-steps">
                { for walk.steps.iter().enumerate().map(|(key, step)| html! {
                    <li {key} class={class(step.mark)} data-test="why-step" data-mark={class(step.mark)}
                        aria-current={std::ptr::eq(step, answer).then_some("step")}>
                        { step_html(lab, trace, step, asked, topic) }
                    </li>
                }) }
            </ol>
        </>
    }
}

/// A step's class, which tests read too.
const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Passed => "passed",
        Mark::Doubt => "doubt",
        Mark::Waits => "waits",
        Mark::Stopped => "stopped",
        Mark::Arrived => "arrived",
    }
}

/// Its sign, and that in words.
const fn sign(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Passed => ("✓", text::PASSED),
        Mark::Doubt => ("?", text::DOUBT),
        Mark::Waits => ("…", text::WAITS),
        Mark::Stopped => ("✕", text::STOPPED),
        Mark::Arrived => ("✓", text::ARRIVED),
    }
}

/// The sign, the sentence, and the ways to the event and the rule.
fn step_html(lab: &Lab, trace: &Trace, step: &WhyStep, asked: &Asked, topic: &str) -> Html {
    let event = step.seq.and_then(|seq| trace.get(seq));
    let told = text::Told {
        client: &asked.client,
        who: event.as_ref().map_or("", EventRef::client),
        why: event.as_ref().map_or("", EventRef::why),
        topic: event.as_ref().map_or("", EventRef::topic),
        until: event.as_ref().and_then(EventRef::until).map(clock),
    };
    let (sign, said) = sign(step.mark);
    let rule = step.rule.map(|rule| {
        let lab = lab.clone();
        (rule.id, Callback::from(move |_: MouseEvent| lab.change(|screen| screen.rules = Some(rule.id))))
    });
    html! {
        <>
            <span class="why-sign" aria-hidden="true">{ sign }</span>
            <span class="visually-hidden">{ said }</span>
            <span class="break">
                { text::sentence(&step.found, topic, &told) }
                if let Some(event) = event {
                    { " " }
                    <button type="button" class="link number" onclick={timeline::selects(lab, event.seq())} data-test="why-event"
                        data-seq={event.seq().to_string()} aria-label={format!("{} {}", text::INSPECT, clock(event.at()))}>
                        { clock(event.at()) }
                    </button>
                }
                if let Some((id, onclick)) = rule {
                    { " " }<button type="button" class="link mono" {onclick} data-test="why-rule">{ id }</button>
                }
            </span>
        </>
    }
}

/// The way to the question from a list, without a client or a message.
pub(crate) fn why_link(lab: &Lab) -> Html {
    let onclick = lab.changes::<MouseEvent>(|screen| screen.why = Some(Asked::default()));
    html! {
        <button type="button" class="quiet" {onclick} title={text::WHY_TITLE} data-test="why-open">{ icon("help") }{ text::WHY }</button>
    }
}
