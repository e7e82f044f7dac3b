//! The fields of AWS IoT policies: their documents, and who has which.

use super::SHOWN;
use super::edit::Edit;
use super::policies::{self, PolicyDraft};
use crate::policy::aws::EXAMPLES;
use crate::scenario::Scenario;
use crate::ui::field::{TextField, check_field, lines_field};
use crate::ui::icons::{IconButton, icon};
use crate::ui::text::access as text;
use crate::ui::text::common;
use yew::prelude::*;

/// They.
pub(super) fn policy_fields(edit: &Edit, scenario: &Scenario) -> Html {
    let policies = &edit.draft.policies;
    let clients: Vec<&str> = scenario.clients.iter().map(|spec| spec.client.id.as_str()).collect();
    html! {
        <fieldset>
            <legend>{ text::POLICIES }</legend>
            if policies.is_empty() {
                <p class="soft" data-test="no-policies">{ text::POLICIES_NONE }</p>
            } else {
                <p class="soft">{ text::POLICIES_ABOUT }</p>
            }
            { for policies.iter().enumerate().map(|(at, one)| policy(edit, at, one, &clients)) }
            if let Some(wrong) = policies::wrong_count(policies) {
                <p class="error" role="alert">{ wrong }</p>
            }
            <div class="row" role="group" aria-label={text::ADD_POLICY}>
                <span>{ text::ADD }</span>
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
    let typed = edit.on(at, |draft, at, text| draft.policies[at].text = text);
    let gone = edit.on(at, |draft, at, ()| _ = draft.policies.remove(at));
    let all = |on: bool| {
        edit.on(at, |draft, at, on| draft.policies[at].has.fill(on)).reform(move |_: MouseEvent| on)
    };
    let more = clients.len().saturating_sub(SHOWN);
    html! {
        <div key={at} role="group" aria-label={text::policy(&one.name)} class="policy" data-test="policy" data-policy={one.name.clone()}>
            <div class="field-row user-row">
                { TextField::new(text::POLICY_NAME, &one.name, name).error(policies::wrong_name(&edit.draft.policies, at)).html("policy-name") }
                { IconButton::new("close", text::remove_policy(&one.name), "", gone).html("remove-policy") }
            </div>
            { lines_field(text::DOCUMENT, &one.text, one.wrong_text(), "policy-text", &typed) }
            <div class="row checks" role="group" aria-label={text::who_has(&one.name)}>
                <span>{ text::FOR }</span>
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
                    <span class="soft">{ common::more(more) }</span>
                }
                if clients.is_empty() {
                    <span class="soft">{ text::NO_CLIENT }</span>
                } else {
                    <button type="button" class="link" onclick={all(true)} data-test="policy-all">{ text::ALL }</button>
                    <button type="button" class="link" onclick={all(false)}>{ text::NONE }</button>
                }
            </div>
        </div>
    }
}
