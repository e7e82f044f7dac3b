//! What waits for a client at the broker: how fast it leaves, what of it expires, and what was lost of it.

use super::kept::KeptSession;
use super::lab::Lab;
use super::text::broker as text;
use super::{timeline, words};
use crate::picture::clock;
use crate::time::{SimTime, Span};
use yew::prelude::*;

/// The part of a session's row.
pub(crate) fn backlog(lab: &Lab, session: &KeptSession, now: SimTime) -> Html {
    html! {
        <>
            { bucket(session, now) }
            if let Some((count, at, topic)) = &session.expiring {
                <p class="backlog-line" data-test="expiring">
                    { text::expiring(*count) }
                    <strong class="number">{ words::left(*at, now) }</strong>{ ": " }<span class="mono">{ topic.clone() }</span>
                </p>
            }
            { for session.lost.iter().map(|(why, count)| lost(lab, &session.client, why, *count)) }
        </>
    }
}

/// How full the replay bucket is, and when the queue will be empty.
fn bucket(session: &KeptSession, now: SimTime) -> Html {
    let Some(replay) = session.replay else { return html! {} };
    let Some(next) = replay.next_at else { return html! {} };
    // What is missing of the next token.
    let spacing = Span::s(1).0 / replay.per_s.max(1);
    let filled = spacing.saturating_sub(next.since(now).0);
    let empty_at = replay.empty_at.map(clock);
    html! {
        <div class="gauge bucket" data-test="bucket">
            <meter min="0" max={spacing.to_string()} value={filled.to_string()} aria-label={text::NEXT_TOKEN}></meter>
            <span class="number">
                { text::drains(replay.per_s, &words::left(next, now), empty_at) }
            </span>
        </div>
    }
}

/// How many were lost, and why; the way to the last of them.
fn lost(lab: &Lab, client: &str, why: &str, count: usize) -> Html {
    let onclick = {
        let (lab, client, why) = (lab.clone(), client.to_owned(), why.to_owned());
        Callback::from(move |_: MouseEvent| {
            let last = {
                let engine = lab.engine();
                engine.tracks().last_lost(&client, &why, engine.events())
            };
            timeline::select(&lab, last);
        })
    };
    html! {
        <p key={why.to_owned()} class="backlog-line" data-test="lost">
            <button type="button" class="link number" {onclick}>{ text::lost(count) }</button>{ format!(": {why}") }
        </p>
    }
}
