//! Having a client subscribe and publish.

use super::options::qos;
use crate::client::{Action, FilterRequest, Message, SubscribeRequest};
use crate::topic::{check_filter, check_name};
use crate::ui::field::{QOS, TextField, check_field, choice, set};
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
        check_filter(&filter).err().map(|error| error.what().to_owned())
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
    let field = TextField::new("Subscribe to", &filter, set(&filter));
    html! {
        <form class="talk" {onsubmit}>
            { field.error(error).placeholder("factory/+/status").html("subscribe-filter") }
            { choice("At most", QOS, *level, "subscribe-qos", &set(&level)) }
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
    let error =
        if topic.is_empty() { None } else { check_name(&topic).err().map(|error| error.what().to_owned()) };
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
    let field = TextField::new("Publish to", &topic, set(&topic));
    html! {
        <form class="talk" {onsubmit}>
            { field.error(error).placeholder("factory/1/status").html("publish-topic") }
            { TextField::new("Payload", &payload, set(&payload)).placeholder("on").html("publish-payload") }
            { choice("Level", QOS, *level, "publish-qos", &set(&level)) }
            { check_field("Retain", *retain, "publish-retain", &set(&retain)) }
            <button type="submit" class="primary" disabled={!valid} data-test="publish">{ icon("send") }{ "Publish" }</button>
        </form>
    }
}
