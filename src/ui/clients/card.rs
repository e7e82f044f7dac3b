//! One client: its state at the view, and what can be done with it.

use super::cloning::CloneForm;
use super::options::{Draft, connect_fields};
use super::own::opens_own;
use super::repeats::repeats;
use crate::client::Action;
use crate::sim::Input;
use crate::ui::faults::{fault_states, faults_button, restores};
use crate::ui::field::{set, use_value};
use crate::ui::icons::{IconButton, icon};
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::talk::{PublishForm, SubscribeForm, new_message};
use crate::ui::text::clients as text;
use crate::ui::text::common;
use crate::ui::text::why as why_text;
use crate::ui::views::{ClientView, Presence};
use crate::ui::why::asks_client;
use crate::wire::Version;
use yew::prelude::*;

/// What the card shows.
#[derive(Properties, PartialEq)]
pub(super) struct ClientCardProps {
    /// The store.
    pub(super) lab: Lab,
    /// The client.
    pub(super) client: ClientView,
    /// Whether its forms are shown.
    pub(super) open: bool,
    /// Shows or hides them.
    pub(super) toggle: Callback<()>,
}

/// What the client is and what the broker takes it for, in one word where both are of one mind.
pub(crate) const fn state(client: Presence, session: Option<bool>) -> (&'static str, &'static str) {
    match (client, session) {
        (Presence::Connected, Some(true)) => ("state-connected", text::CONNECTED),
        (Presence::Connected, _) => ("state-connected", text::CONNECTED_NO_SESSION),
        (Presence::Connecting, Some(true)) => ("state-connecting", text::CONNECTING_CONNECTED),
        (Presence::Connecting, _) => ("state-connecting", text::CONNECTING),
        (Presence::Offline, Some(true)) => ("state-offline", text::OFFLINE_CONNECTED),
        (Presence::Offline, Some(false)) => ("state-kept", text::OFFLINE_KEPT),
        (Presence::Offline, None) => ("state-offline", text::OFFLINE),
    }
}

/// The card.
#[component]
pub(super) fn ClientCard(props: &ClientCardProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let client = &props.client;
    let draft = use_state(|| None::<Draft>);
    let message = use_value(new_message);
    let input = {
        let lab = lab.clone();
        move |input: Input| {
            lab.input([input]);
        }
    };
    let act = {
        let (input, name) = (input.clone(), client.name.clone());
        Callback::from(move |action: Action| input(Input::Client { client: name.clone(), action }))
    };
    let press = |action: Action| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(action.clone()))
    };
    let connected = client.presence == Presence::Connected;
    let is_up = connected || client.presence == Presence::Connecting;
    let (state_class, state) = state(client.presence, client.session);
    let v5 = client.version == Version::V5;
    let shown = (*draft).clone().unwrap_or_else(|| Draft::of(&client.connect));
    let connect = {
        let options = shown.options(v5).map(Box::new);
        press(Action::Connect { options })
    };
    let cut = match client.cut {
        true => restores(&lab, client),
        false => {
            let client = client.name.clone();
            Callback::from(move |_: MouseEvent| input(Input::Cut { client: client.clone() }))
        }
    };
    let toggle = props.toggle.reform(|_: MouseEvent| ());
    let ondraft = {
        let draft = draft.setter();
        Callback::from(move |value: Draft| draft.set(Some(value)))
    };
    let onmessage = set(&message);
    html! {
        <li class="client-card" data-test="client" data-client={client.name.clone()} data-state={state}>
            <div class="client-head">
                if client.real {
                    <strong class="client-name clip">{ client.name.clone() }</strong>
                } else {
                    <button type="button" class="client-name quiet" aria-expanded={props.open.to_string()} onclick={toggle}
                        data-test="client-open">
                        { icon(if props.open { "down" } else { "right" }) }
                        <strong class="clip">{ client.name.clone() }</strong>
                    </button>
                }
                if client.live {
                    <span class="tag" title={text::LIVE_TITLE}>{ text::LIVE }</span>
                } else if client.real {
                    <span class="tag" title={text::RECORDED_TITLE}>
                        { text::RECORDED }
                    </span>
                } else if is_up {
                    <button type="button" class="quiet" onclick={press(Action::Disconnect { code: 0, session_expiry_s: None })}
                        title={text::DISCONNECT_TITLE} data-test="disconnect">{ common::DISCONNECT }</button>
                } else {
                    <button type="button" onclick={connect} data-test="connect">{ common::CONNECT }</button>
                }
                { IconButton::new("list", text::OWN, "", opens_own(&lab, &client.name)).html("own-open") }
                <button type="button" class="quiet" onclick={cut} aria-pressed={client.cut.to_string()} data-test="cut"
                    aria-label={if client.cut { text::RESTORE } else { text::CUT }}
                    title={if client.cut { text::RESTORE } else { text::CUT_TITLE }}>
                    { icon("cut") }
                </button>
                { faults_button(&lab, Some(&client.name)) }
            </div>
            <div class="client-state">
                <span class={classes!("state", state_class)} data-test="client-state">{ state }</span>
                if !client.real || client.session.is_some() {
                    // Of a real client it is known by its session.
                    <span class="faint state-version">{ if v5 { "5.0" } else { "3.1.1" } }</span>
                }
                if !is_up && !client.dismissed.is_empty() {
                    <span class="soft" title={text::DISMISSED} data-test="dismissed">
                        { client.dismissed }
                    </span>
                }
                if !client.identifier.is_empty() {
                    <span class="state-name faint clip" title={text::IDENTIFIER_TITLE}>{ text::known_as(&client.identifier) }</span>
                }
                { fault_states(&lab, client) }
                if client.real {
                    // It has no forms to stand among.
                    { why_link(&lab, client) }
                }
                if client.will {
                    <span class="tag ink-will" title={text::WILL_TITLE}>{ text::WILL }</span>
                }
                if client.queued > 0 {
                    <span class="tag ink-queue number" data-test="queued" title={text::QUEUED_TITLE}>
                        { text::queued(client.queued) }
                    </span>
                }
                if client.held > 0 {
                    <span class="tag number" title={text::HELD_TITLE}>{ text::held_back(client.held) }</span>
                }
            </div>
            { policies(&lab, &client.name) }
            { repeats(&lab, &client.name) }
            if !client.subscriptions.is_empty() {
                <ul class="subscriptions">
                    { for client.subscriptions.iter().map(|(filter, qos)| {
                        let off = press(Action::Unsubscribe { filters: vec![filter.clone()] });
                        html! {
                            <li key={filter.clone()} class="chip mono" data-test="subscription" data-filter={filter.clone()}>
                                <span class="clip">{ filter.clone() }</span><span class="faint">{ common::qos(*qos) }</span>
                                if !client.real {
                                    <button type="button" class="quiet" onclick={off} title={text::UNSUBSCRIBE}
                                        aria-label={common::unsubscribe(filter)}>
                                        { icon("close") }
                                    </button>
                                }
                            </li>
                        }
                    }) }
                </ul>
            }
            if props.open && !client.real {
                <div class="client-forms">
                    <p>{ why_link(&lab, client) }</p>
                    if client.connect.auth.is_some() {
                        <button type="button" disabled={!connected} onclick={press(Action::Reauthenticate)} data-test="reauthenticate"
                            title={text::AUTHENTICATE_TITLE}>{ text::AUTHENTICATE }</button>
                    }
                    <SubscribeForm lab={lab.clone()} client={client.name.clone()} version={client.version} {connected} />
                    <PublishForm lab={lab.clone()} client={client.name.clone()} version={client.version} topics="card-topics"
                        draft={(*message).clone()} ondraft={onmessage} />
                    <details>
                        <summary>{ text::NEXT_TIME }</summary>
                        // Browsers expect a password in a form; there is nothing to submit.
                        <form class="next-time" onsubmit={|event: SubmitEvent| event.prevent_default()}>
                            { connect_fields(&shown, v5, &ondraft) }
                        </form>
                    </details>
                    <CloneForm lab={lab.clone()} client={client.name.clone()} />
                    <button type="button" class="quiet" title={text::REMOVE_ABOUT} data-test="remove" onclick={
                        let (lab, client) = (lab.clone(), client.name.clone());
                        Callback::from(move |_: MouseEvent| lab.input([Input::RemoveClient { client: client.clone() }]))
                    }>{ icon("close") }{ text::REMOVE }</button>
                </div>
            }
        </li>
    }
}

/// The way to why it got nothing.
fn why_link(lab: &Lab, client: &ClientView) -> Html {
    let name = if client.identifier.is_empty() { &client.name } else { &client.identifier };
    html! {
        <button type="button" class="link" onclick={asks_client(lab, name)} title={why_text::WHY_TITLE} data-test="client-why">
            { why_text::WHY }
        </button>
    }
}

/// The policies that it has, where the run has any.
fn policies(lab: &Lab, client: &str) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let all = &run.world().broker().access().policies;
    if all.is_empty() {
        return html! {};
    }
    let has = all.principals.get(client).map(|one| one.policies.join(", ")).filter(|has| !has.is_empty());
    html! {
        <p class="faint break" data-test="client-has-policies">
            { has.map_or_else(|| text::HAS_NO_POLICY.to_owned(), |has| text::has_policies(&has)) }
        </p>
    }
}
