//! What waits for a client at the broker: how fast it leaves, what of it expires, and what was lost of it.

use super::kept::KeptSession;
use super::lab::Lab;
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
                    { format!("{count} of them {}, the next ", if *count == 1 { "expires" } else { "expire" }) }
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
    let when = replay.empty_at.map(|at| format!(", empty at {}", clock(at)));
    html! {
        <div class="gauge bucket" data-test="bucket">
            <meter min="0" max={spacing.to_string()} value={filled.to_string()} aria-label="The next token of the bucket"></meter>
            <span class="number">
                { format!("{} a second, the next {}{}", replay.per_s, words::left(next, now), when.unwrap_or_default()) }
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
            <button type="button" class="link number" {onclick}>{ format!("{count} lost") }</button>{ format!(": {why}") }
        </p>
    }
}
