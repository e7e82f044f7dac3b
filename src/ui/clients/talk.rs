//! Having a client subscribe and publish.

use super::field::{CheckField, Choice, QOS, TextField};
use super::options::qos;
use crate::client::{Action, FilterRequest, Message, SubscribeRequest};
use crate::topic::{check_filter, check_name};
use crate::ui::icons::icon;
use yew::prelude::*;

/// Whom the forms speak for.
#[derive(Properties, PartialEq)]
pub(super) struct TalkProps {
    /// What to call with what it shall do.
    pub(super) act: Callback<Action>,
    /// Whether it is connected; without, it only holds back.
    pub(super) connected: bool,
}

/// The form for SUBSCRIBE.
#[component]
pub(super) fn SubscribeForm(props: &TalkProps) -> Html {
    let filter = use_state_eq(String::new);
    let level = use_state_eq(|| 1usize);
    let error = if filter.is_empty() {
        None
    } else {
        check_filter(&filter).err().map(|error| AttrValue::from(error.what()))
    };
    let valid = !filter.is_empty() && error.is_none() && props.connected;
    let onsubmit = {
        let (act, filter, level) = (props.act.clone(), filter.clone(), *level);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if valid {
                let request =
                    FilterRequest { filter: (*filter).clone(), qos: qos(level), ..FilterRequest::default() };
                act.emit(Action::Subscribe(SubscribeRequest { filters: vec![request], identifier: None }));
            }
        })
    };
    html! {
        <form class="talk" {onsubmit}>
            <TextField label="Subscribe to" value={(*filter).clone()} {error} placeholder="factory/+/status" test="subscribe-filter"
                oninput={set(&filter)} />
            <Choice label="At most" choices={QOS} value={*level} onchange={set(&level)} test="subscribe-qos" />
            <button type="submit" disabled={!valid} data-test="subscribe">{ "Subscribe" }</button>
        </form>
    }
}

/// The form for PUBLISH.
#[component]
pub(super) fn PublishForm(props: &TalkProps) -> Html {
    let topic = use_state_eq(String::new);
    let payload = use_state_eq(String::new);
    let level = use_state_eq(|| 1usize);
    let retain = use_state_eq(|| false);
    let error = if topic.is_empty() {
        None
    } else {
        check_name(&topic).err().map(|error| AttrValue::from(error.what()))
    };
    let valid = !topic.is_empty() && error.is_none();
    let onsubmit = {
        let (act, topic, payload, level, retain) =
            (props.act.clone(), topic.clone(), payload.clone(), *level, *retain);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if valid {
                let (topic, payload) = ((*topic).clone(), (*payload).clone().into());
                act.emit(Action::Publish(Message { topic, payload, qos: qos(level), retain, extra: None }));
            }
        })
    };
    html! {
        <form class="talk talk-publish" {onsubmit}>
            <TextField label="Publish to" value={(*topic).clone()} {error} placeholder="factory/1/status" test="publish-topic"
                oninput={set(&topic)} />
            <TextField label="Payload" value={(*payload).clone()} placeholder="on" test="publish-payload" oninput={set(&payload)} />
            <Choice label="Level" choices={QOS} value={*level} onchange={set(&level)} test="publish-qos" />
            <CheckField label="Retain" value={*retain} onchange={set(&retain)} test="publish-retain" />
            <button type="submit" class="primary" disabled={!valid} data-test="publish">{ icon("send") }{ "Publish" }</button>
        </form>
    }
}

fn set<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.setter();
    Callback::from(move |value: T| state.set(value))
}
