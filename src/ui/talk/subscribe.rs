//! The form for SUBSCRIBE.

use crate::client::{Action, FilterRequest, SubscribeRequest};
use crate::sim::Input;
use crate::topic::check_filter;
use crate::ui::field::{QOS, TextField, check_field, choice, number, qos, set, use_value};
use crate::ui::lab::Lab;
use crate::wire::Version;
use yew::prelude::*;

/// When retained messages are sent, by the number of Retain Handling.
const RETAINED: &[&str] = &["at every SUBSCRIBE", "for a new subscription", "never"];

/// The largest Subscription Identifier.
const LARGEST: u64 = 268_435_455;

/// Whom it speaks for.
#[derive(Properties, PartialEq)]
pub(crate) struct SubscribeProps {
    /// The store.
    pub(crate) lab: Lab,
    /// The client's name in the run.
    pub(crate) client: String,
    /// The version that it speaks.
    pub(crate) version: Version,
    /// Whether it is connected.
    pub(crate) connected: bool,
}

/// The form.
#[component]
pub(crate) fn SubscribeForm(props: &SubscribeProps) -> Html {
    let filter = use_value(String::new);
    let level = use_value(|| 1usize);
    let no_local = use_value(|| false);
    let as_published = use_value(|| false);
    let handling = use_value(|| 0usize);
    let identifier = use_value(String::new);
    let v5 = props.version == Version::V5;
    let error = if filter.is_empty() {
        None
    } else {
        check_filter(&filter).err().map(|error| error.what().to_owned())
    };
    let asked = number(&identifier, LARGEST).ok().filter(|_| error.is_none() && !filter.is_empty());
    let request = asked.filter(|_| props.connected).map(|number| SubscribeRequest {
        filters: vec![FilterRequest {
            filter: (*filter).clone(),
            qos: qos(*level),
            no_local: *no_local,
            retain_as_published: *as_published,
            retain_handling: u8::try_from(*handling).unwrap_or(0),
        }],
        identifier: number.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0),
    });
    let disabled = request.is_none();
    let onsubmit = {
        let (lab, client) = (props.lab.clone(), props.client.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(request) = request.clone() {
                lab.input([Input::Client { client: client.clone(), action: Action::Subscribe(request) }]);
            }
        })
    };
    let field = TextField::new("Subscribe to", &filter, set(&filter));
    let identifier = TextField::new("Identifier", &identifier, set(&identifier));
    html! {
        <form class="talk" {onsubmit}>
            { field.error(error).placeholder("factory/+/status").html("subscribe-filter") }
            { choice("At most", QOS, *level, "subscribe-qos", &set(&level)) }
            <button type="submit" {disabled} data-test="subscribe">{ "Subscribe" }</button>
            if v5 {
                <details class="properties">
                    <summary data-test="subscribe-options">{ "Options" }</summary>
                    { check_field("Not what it publishes itself (No Local)", *no_local, "no-local", &set(&no_local)) }
                    { check_field("Keep RETAIN as published", *as_published, "retain-as-published", &set(&as_published)) }
                    <div class="field-row">
                        { choice("Retained messages", RETAINED, *handling, "retain-handling", &set(&handling)) }
                        { identifier.number(LARGEST).html("subscription-identifier") }
                    </div>
                </details>
            }
        </form>
    }
}
