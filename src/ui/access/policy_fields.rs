//! The fields of AWS IoT policies: their documents, and who has which.

use super::SHOWN;
use super::edit::Edit;
use super::policies::{self, PolicyDraft};
use crate::policy::aws::EXAMPLES;
use crate::scenario::Scenario;
use crate::ui::field::{TextField, check_field, lines_field};
use crate::ui::icons::{IconButton, icon};
use yew::prelude::*;

const ABOUT: &str = "As AWS IoT has them, of the region us-east-1 and the account 123456789012. What no statement of a client's policies \
                     allows is denied, and who has none may do nothing; a statement that denies outweighs all that allow. The policies \
                     of all other clients, such as live ones, are those of their user name or client identifier.";

/// They.
pub(super) fn policy_fields(edit: &Edit, scenario: &Scenario) -> Html {
    let policies = &edit.draft.policies;
    let clients: Vec<&str> = scenario.clients.iter().map(|spec| spec.client.id.as_str()).collect();
    html! {
        <fieldset>
            <legend>{ "AWS IoT policies" }</legend>
            if policies.is_empty() {
                <p class="soft" data-test="no-policies">{ "There is none, and they decide nothing." }</p>
            } else {
                <p class="soft">{ ABOUT }</p>
            }
            { for policies.iter().enumerate().map(|(at, one)| policy(edit, at, one, &clients)) }
            if let Some(wrong) = policies::wrong_count(policies) {
                <p class="error" role="alert">{ wrong }</p>
            }
            <div class="row" role="group" aria-label="Add a policy">
                <span>{ "Add:" }</span>
                { for EXAMPLES.iter().enumerate().map(|(at, example)| {
                    let clients = clients.len();
                    let onclick = edit.on(at, |draft, at, clients| policies::add(&mut draft.policies, clients, &EXAMPLES[at]));
                    let onclick = onclick.reform(move |_: MouseEvent| clients);
                    html! {
                        <button key={example.name} type="button" {onclick} data-test="add-policy" data-policy={example.name}>
                            { icon("plus") }{ example.title }
                        </button>
                    }
                }) }
            </div>
        </fieldset>
    }
}

fn policy(edit: &Edit, at: usize, one: &PolicyDraft, clients: &[&str]) -> Html {
    let name = edit.on(at, |draft, at, name| draft.policies[at].name = name);
    let text = edit.on(at, |draft, at, text| draft.policies[at].text = text);
    let gone = edit.on(at, |draft, at, ()| _ = draft.policies.remove(at));
    let all = |on: bool| {
        edit.on(at, |draft, at, on| draft.policies[at].has.fill(on)).reform(move |_: MouseEvent| on)
    };
    let more = clients.len().saturating_sub(SHOWN);
    html! {
        <div key={at} role="group" aria-label={format!("Policy {}", one.name)} class="policy" data-test="policy" data-policy={one.name.clone()}>
            <div class="field-row user-row">
                { TextField::new("Policy name", &one.name, name).error(policies::wrong_name(&edit.draft.policies, at)).html("policy-name") }
                { IconButton::new("close", format!("Remove the policy {}", one.name), "", gone).html("remove-policy") }
            </div>
            { lines_field("Document", &one.text, one.wrong_text(), "policy-text", &text) }
            <div class="row checks" role="group" aria-label={format!("Who has {}", one.name)}>
                <span>{ "For:" }</span>
                { for clients.iter().zip(&one.has).enumerate().take(SHOWN).map(|(client, (name, has))| {
                    // Which policy and which client, in one number.
                    let place = at * clients.len() + client;
                    let onchange = edit.on(place, |draft, place, on| {
                        let clients = draft.policies.first().map_or(1, |one| one.has.len().max(1));
                        draft.policies[place / clients].has[place % clients] = on;
                    });
                    check_field(name, *has, "policy-has", &onchange)
                }) }
                if more > 0 {
                    <span class="soft">{ format!("and {more} more") }</span>
                }
                if clients.is_empty() {
                    <span class="soft">{ "there is no client yet" }</span>
                } else {
                    <button type="button" class="link" onclick={all(true)} data-test="policy-all">{ "All" }</button>
                    <button type="button" class="link" onclick={all(false)}>{ "None" }</button>
                }
            </div>
        </div>
    }
}
