//! A queue: why it waits, and its messages in order, each with the way to the event that queued it.

use super::leads::{About, leads};
use crate::broker::{Cause, GroupView, MessageView, SessionView};
use crate::picture::clock;
use crate::time::SimTime;
use crate::topic::SHARE;
use crate::ui::field::use_value;
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::marks;
use crate::ui::text::broker as text;
use crate::ui::text::common;
use crate::ui::words;
use yew::prelude::*;

/// The most messages that are shown.
const SHOWN: usize = 100;

/// A queue of a client or a group.
#[derive(Properties, PartialEq)]
pub(super) struct QueueProps {
    /// The store.
    pub(super) lab: Lab,
    /// The client identifier, or all of `$share/{ShareName}/{filter}`.
    pub(super) of: String,
    /// How many wait in it.
    pub(super) depth: usize,
}

/// The row. Its messages are looked at only while they are shown.
#[component]
pub(super) fn Queue(props: &QueueProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let open = use_value(|| false);
    let (why, messages) = {
        let engine = lab.engine();
        let (run, now) = (engine.run(), engine.view().at);
        let broker = run.world().broker();
        match props.of.strip_prefix(SHARE).and_then(|name| broker.group(name, now)) {
            Some(group) => (why_of_group(&group, now), group.queue),
            None => match broker.session(&props.of, now) {
                Some(session) => (why_of_session(&session, now), session.queue),
                None => return html! {},
            },
        }
    };
    let turn = {
        let (setter, next) = (open.setter(), !*open);
        Callback::from(move |_: MouseEvent| setter.set(next))
    };
    html! {
        <li class="kept" data-test="queue" data-client={props.of.clone()}>
            <span class="clip">{ props.of.clone() }</span>
            <span class="grow"></span>
            <span class="faint number">{ text::waiting(props.depth) }</span>
            <p class="sentence soft" data-test="why-waits">{ why }</p>
            <button type="button" class="link" aria-expanded={open.to_string()} onclick={turn} data-test="queue-open">{ text::MESSAGES }</button>
            if *open {
                <ol class="sentence queue-messages">{ for messages.iter().take(SHOWN).map(|one| message(&lab, one)) }</ol>
                { marks::more(props.depth, SHOWN.min(messages.len())) }
            }
        </li>
    }
}

fn message(lab: &Lab, message: &MessageView) -> Html {
    let onclick = leads(lab, About::Event(message.cause.event)).reform(|_: MouseEvent| ());
    let topic = message.topic.clone();
    html! {
        <li class="kept" data-test="queued-message" data-topic={topic.clone()}>
            if message.cause.event == Cause::NO_EVENT {
                <span class="mono clip">{ topic }</span>
            } else {
                <button type="button" class="link mono clip" {onclick}>{ topic }</button>
            }
            <span class="grow mono faint clip">{ words::preview(&message.payload) }</span>
            <span class="faint number">{ common::qos(message.qos as u8) }</span>
            if let Some(at) = message.expires_at {
                <span class="faint number">{ text::expires_at(&clock(at)) }</span>
            }
        </li>
    }
}

/// What the first of a client's messages waits for.
fn why_of_session(session: &SessionView, now: SimTime) -> String {
    let Some(connection) = &session.connection else { return text::AWAY.to_owned() };
    let paced = session.replay.and_then(|replay| Some((replay.per_s, replay.next_at?)));
    match paced {
        Some((per_s, next)) if next > now && session.stored > 0 => {
            text::paced(per_s, &words::left(next, now))
        }
        _ if connection.quota == 0 => text::in_flight(connection.quota_max),
        _ if connection.bytes_free == 0 || connection.waiting > 0 => text::LINK_FULL.to_owned(),
        _ => text::NEXT.to_owned(),
    }
}

/// What the first of a group's messages waits for.
fn why_of_group(group: &GroupView, now: SimTime) -> String {
    let paced = group.replay.and_then(|replay| Some((replay.per_s, replay.next_at?)));
    match paced {
        _ if group.active == 0 => text::NO_MEMBER.to_owned(),
        Some((per_s, next)) if next > now => text::paced(per_s, &words::left(next, now)),
        _ => text::NO_ROOM.to_owned(),
    }
}
