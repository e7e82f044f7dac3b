//! Who may come in, and what they may do there: as the scenario says it, and a form that changes it.

mod decided;
mod draft;
mod edit;
mod policies;
mod policy_fields;
mod who_may;

pub(crate) use decided::{Decided, decided};
pub(crate) use edit::AccessDialog;
pub(crate) use policies::lets_all;

use super::lab::Lab;
use crate::policy::Access;
use crate::policy::aws::{Policies, Policy};
use crate::scenario::policy_text;
use crate::ui::marks;
use crate::ui::text::access as text;
use yew::prelude::*;

/// The most users, and the most lines of an access list, that are shown.
const SHOWN: usize = 200;

/// The part of the broker's panel. Of users only the names are shown.
pub(crate) fn access_section(lab: &Lab) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let access = &engine.scenario().broker.access;
    let decision =
        lab.screen().selected.and_then(|seq| decided(run.trace(), run.world().broker().access(), seq));
    let chosen = decision.and_then(|decision| decision.line);
    let policies = &run.world().broker().access().policies;
    let more = |count: usize| marks::more(count, SHOWN);
    html! {
        <>
            <h3>{ text::users(access.users.len()) }</h3>
            <p class="faint" data-test="anonymous">{ nameless(access, !policies.is_empty()) }</p>
            <ul>
                { for access.users.iter().take(SHOWN).map(|(name, _)| html! {
                    <li key={name.to_owned()} class="kept break" data-test="user">{ name.to_owned() }</li>
                }) }
            </ul>
            { more(access.users.len()) }
            <h3>{ text::LIST }</h3>
            if let Some(list) = &access.list {
                <ol class="access-list mono" data-test="access-list">
                    { for (1..).zip(list.text().lines()).take(SHOWN).map(|(number, line)| html! {
                        <li key={number} class="break" aria-current={(chosen == Some(number)).then_some("true")}>{ line.to_owned() }</li>
                    }) }
                </ol>
                { more(list.text().lines().count()) }
            } else {
                <p class="faint" data-test="no-list">
                    { if policies.is_empty() {
                        text::NO_LIST
                    } else {
                        text::NO_LIST_POLICIES
                    } }
                </p>
            }
            if !policies.is_empty() {
                <h3>{ text::policies(policies.documents.len()) }</h3>
                <ul>{ for policies.documents.iter().take(SHOWN).map(|(name, policy)| policy_row(policies, name, policy)) }</ul>
                { more(policies.documents.len()) }
            }
        </>
    }
}

/// A policy with its document, and who has it.
fn policy_row(policies: &Policies, name: &str, policy: &Policy) -> Html {
    let has = policies.principals.iter().filter(|(_, one)| one.policies.iter().any(|of| of == name));
    let has: Vec<&str> = has.take(SHOWN).map(|(client, _)| &**client).collect();
    html! {
        <li key={name.to_owned()} class="kept" data-test="kept-policy" data-policy={name.to_owned()}>
            <details class="grow">
                <summary>{ name.to_owned() }<span class="faint clip">{ has.join(", ") }</span></summary>
                <pre class="mono document">{ policy_text(policy) }</pre>
            </details>
        </li>
    }
}

/// What holds for clients without a user name.
fn nameless(access: &Access, has_policies: bool) -> &'static str {
    match (access.admits_anonymous(), access.users.is_empty()) {
        (true, true) if has_policies => text::BY_POLICIES,
        (true, true) => text::EVERYBODY,
        (true, false) => text::NAMELESS_TOO,
        (false, _) => text::NAMELESS_REFUSED,
    }
}
