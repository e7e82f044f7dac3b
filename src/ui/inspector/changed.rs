//! What the chosen event changed in the broker, before and after, in words.

use crate::broker::{Change, Content, Part};
use crate::picture::clock;
use crate::ui::changes::{ActsAt, Answer, Found, acts_at};
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::text::common;
use crate::ui::text::inspector as text;
use crate::ui::{timeline, words};
use crate::wire::{QoS, SubscribeOptions};
use yew::prelude::*;

/// An event.
#[derive(Properties, PartialEq)]
pub(crate) struct ChangedProps {
    /// The store.
    pub(crate) lab: Lab,
    /// The event's number.
    pub(crate) seq: u32,
}

/// The list of changes.
#[component]
pub(crate) fn Changed(props: &ChangedProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let (acts, generation, is_cheap) = {
        let engine = lab.engine();
        let run = engine.run();
        let event = run.trace().get(props.seq);
        let acts = event.map_or(ActsAt::Event(props.seq), |event| acts_at(run.trace(), &event));
        (acts, engine.generation(), engine.has_cheap_changes())
    };
    let ask = {
        let lab = lab.clone();
        move || {
            if let ActsAt::Event(seq) = acts {
                lab.act(|engine| engine.ask_changes(seq));
            }
        }
    };
    use_effect_with((acts, generation), {
        let ask = ask.clone();
        move |_| {
            if is_cheap {
                ask();
            }
        }
    });
    let said = |words: &'static str| html! { <p class="soft">{ words }</p> };
    let content = match acts {
        ActsAt::NotYet => said(text::NOT_YET),
        ActsAt::Never => said(text::NEVER),
        ActsAt::Event(seq) => {
            let answer = lab.engine().changes(seq);
            match answer {
                Answer::Found(found) => changes(&lab, props.seq, seq, &found),
                Answer::Computing => said(text::COMPUTING),
                Answer::Unknown => said(text::UNKNOWN),
                Answer::NotAsked if is_cheap => said(text::COMPUTING),
                Answer::NotAsked => html! {
                    <>
                        { said(text::COSTLY) }
                        <button type="button" onclick={Callback::from(move |_: MouseEvent| ask())} data-test="compute-changes">
                            { text::COMPUTE }
                        </button>
                    </>
                },
            }
        }
    };
    html! {
        <div class="changed" data-test="changed">
            <h3>{ text::CHANGED }</h3>
            { content }
        </div>
    }
}

fn changes(lab: &Lab, chosen: u32, seq: u32, found: &Found) -> Html {
    html! {
        <>
            if chosen != seq {
                <p class="soft"><button type="button" class="link" onclick={timeline::selects(lab, seq)} data-test="changed-step">
                    { text::in_step(seq > chosen, &clock(found.at)) }
                </button></p>
            }
            if found.all.is_empty() {
                <p class="soft" data-test="no-difference">{ text::NOTHING }</p>
            }
            <ul>
                { for found.all.iter().map(|one| {
                    let (sign, said) = text::SIGNS[sign(one)];
                    html! {
                        <li class="change break" data-test="difference" data-sign={sign} data-part={format!("{:?}", one.part)}>
                            <span class="sign mono" aria-hidden="true">{ sign }</span>
                            <span><span class="visually-hidden">{ said }</span>{ in_words(one) }</span>
                        </li>
                    }
                }) }
            </ul>
            if found.left_out > 0 {
                <p class="soft">{ text::left_out(found.left_out) }</p>
            }
        </>
    }
}

/// Its place in [`text::SIGNS`]. What is counted is never new or gone.
fn sign(one: &Change) -> usize {
    match (&one.before, &one.after) {
        _ if matches!(one.part, Part::Queue | Part::Quota) => 2,
        (None, _) => 0,
        (_, None) => 1,
        _ => 2,
    }
}

/// One difference in words.
fn in_words(one: &Change) -> String {
    let (of, name) = (one.of.as_str(), one.name.as_str());
    let (Some(content), was) = (one.after.as_ref().or(one.before.as_ref()), one.before.as_ref()) else {
        return String::new();
    };
    // Both where it was there before and is now, else the one that there is.
    let both = |say: &dyn Fn(&Content) -> String| match (was, &one.after) {
        (Some(was), Some(is)) => text::before_after(&say(was), &say(is)),
        _ => say(content),
    };
    match content {
        Content::Session(connected, ends_at) => {
            let state = match (&one.before, &one.after, connected) {
                (None, _, _) => text::BEGINS.to_owned(),
                (_, None, _) => text::IS_GONE.to_owned(),
                (_, _, true) => text::RESUMES.to_owned(),
                (_, _, false) => {
                    ends_at.map_or_else(|| text::STAYS.to_owned(), |at| text::stays_until(&clock(at)))
                }
            };
            text::session(of, &state)
        }
        Content::Subscription(..) => {
            let say = |content: &Content| match content {
                Content::Subscription(options, id) => subscribed(options, *id),
                _ => String::new(),
            };
            text::subscription(of, name, &format!(": {}", both(&say)))
        }
        Content::Will(topic, due) => text::will(of, topic, due.map(clock).as_deref()),
        Content::Retained(..) => {
            let say = |content: &Content| match content {
                Content::Retained(payload, qos) => format!("{} ({})", words::preview(payload), level(*qos)),
                _ => String::new(),
            };
            text::retained(name, &both(&say))
        }
        Content::Number(_, limit) => {
            let number = |content: &Option<Content>| match content {
                Some(Content::Number(number, _)) => number.to_string(),
                _ => "0".to_owned(),
            };
            let change = text::before_after(&number(&one.before), &number(&one.after));
            match one.part {
                Part::Queue => text::queue(of, &change),
                _ => text::quota(name, of, &change, *limit),
            }
        }
        Content::Flight(topic, _) if topic.is_empty() && was.is_some() && one.after.is_some() => {
            text::outgoing(of, one.id, text::RELEASED)
        }
        Content::Flight(topic, qos) => {
            let topic = if topic.is_empty() { String::new() } else { format!(", {topic}") };
            text::outgoing(of, one.id, &format!(": {}{topic}", level(*qos)))
        }
        Content::There => text::incoming(of, one.id),
    }
}

fn level(qos: QoS) -> String {
    common::qos(qos as u8)
}

fn subscribed(options: &SubscribeOptions, id: Option<u32>) -> String {
    let mut said = level(options.qos);
    said.push_str(if options.no_local { text::NO_LOCAL } else { "" });
    said.push_str(if options.retain_as_published { text::RETAIN_AS_PUBLISHED } else { "" });
    said.push_str(&id.map(text::identifier).unwrap_or_default());
    said
}
