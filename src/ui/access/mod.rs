//! Who may come in, and what they may do there: as the scenario says it, and a form that changes it.

mod draft;
mod edit;

pub(crate) use edit::AccessDialog;

use super::lab::Lab;
use crate::broker::Kind;
use crate::policy::Access;
use crate::trace::{EventRef, Trace};
use yew::prelude::*;

/// The most users, and the most lines of an access list, that are shown.
const SHOWN: usize = 200;

/// How far a denial may lie behind what is told of it: the answer is sent, travels and is received.
const NEAR: usize = 4;

/// What an access list decided in an event, or denied before it: the line's number where one decided, and what the event says of it.
pub(crate) fn decided(trace: &Trace, seq: u32) -> Option<(Option<u32>, String)> {
    let is_decision = |one: &EventRef<'_>| match one.kind() {
        Kind::PolicyDenied => true,
        Kind::PolicyAllowed => one.seq() == seq,
        _ => false,
    };
    let decision = trace.cause_chain(seq).into_iter().take(NEAR).find(is_decision)?;
    let (_, by) = decision.why().split_once(", by ")?;
    Some((decision.number(), by.to_owned()))
}

/// The part of the broker's panel. Of users only the names are shown.
pub(crate) fn access_section(lab: &Lab) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let access = &engine.scenario().broker.access;
    let decision = lab.screen().selected.and_then(|seq| decided(run.trace(), seq));
    let chosen = decision.and_then(|(line, _)| line);
    let more = |count: usize| {
        (count > SHOWN).then(|| html! { <p class="soft">{ format!("and {} more", count - SHOWN) }</p> })
    };
    html! {
        <>
            <h3>{ format!("Users ({})", access.users.len()) }</h3>
            <p class="faint" data-test="anonymous">{ nameless(access) }</p>
            <ul>
                { for access.users.iter().take(SHOWN).map(|(name, _)| html! {
                    <li key={name.to_owned()} class="kept break" data-test="user">{ name.to_owned() }</li>
                }) }
            </ul>
            { for more(access.users.len()) }
            <h3>{ "Access list" }</h3>
            if let Some(list) = &access.list {
                <ol class="access-list mono" data-test="access-list">
                    { for (1..).zip(list.text().lines()).take(SHOWN).map(|(number, line)| html! {
                        <li key={number} class="break" aria-current={(chosen == Some(number)).then_some("true")}>{ line.to_owned() }</li>
                    }) }
                </ol>
                { for more(list.text().lines().count()) }
            } else {
                <p class="faint">{ "There is none: everybody may publish and receive everything." }</p>
            }
        </>
    }
}

/// What holds for clients without a user name.
fn nameless(access: &Access) -> &'static str {
    match (access.admits_anonymous(), access.users.is_empty()) {
        (true, true) => "Everybody may come in, with any user name or none.",
        (true, false) => "Clients without a user name may come in too.",
        (false, _) => "Clients without a user name are refused.",
    }
}
