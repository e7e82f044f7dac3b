//! The form for SUBSCRIBE.

use crate::client::{Action, FilterRequest, SubscribeRequest};
use crate::sim::Input;
use crate::ui::field::{qos, set, use_value};
use crate::ui::form::{Place, Values, fields, only_those};
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;
use crate::ui::text::forms::SUBSCRIBE;
use crate::wire::Version;
use yew::prelude::*;

/// What is always in sight.
const FIRST: &[&str] = &["subscribe-filter", "subscribe-qos"];

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

/// The SUBSCRIBE of a form; `None` where something is wrong in it or no filter is there.
pub(crate) fn subscribe_request(draft: &Values, v5: bool) -> Option<SubscribeRequest> {
    let first = draft.some("subscribe-filter")?;
    if !draft.is_right() {
        return None;
    }
    let filters = [(None, first)].into_iter().chain(draft.filters("subscribe-more"));
    let filters = filters.map(|(level, filter)| FilterRequest {
        filter,
        qos: qos(level.unwrap_or_else(|| draft.pick("subscribe-qos"))),
        no_local: v5 && draft.on("no-local"),
        retain_as_published: v5 && draft.on("retain-as-published"),
        retain_handling: if v5 { draft.number("retain-handling").unwrap_or(0) } else { 0 },
    });
    let identifier = draft.number("subscription-identifier").filter(|_| v5);
    Some(SubscribeRequest { filters: filters.collect(), identifier })
}

/// The form.
#[component]
pub(crate) fn SubscribeForm(props: &SubscribeProps) -> Html {
    let draft = use_value(|| Values::new(SUBSCRIBE).with("subscribe-qos", "1"));
    let v5 = props.version == Version::V5;
    let request = subscribe_request(&draft, v5).filter(|_| props.connected);
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
    let place = Place { prefix: "", topics: "", v5 };
    let more = SUBSCRIBE.iter().filter(|field| !FIRST.contains(&field.key));
    html! {
        <form class="talk" {onsubmit}>
            { fields(&draft, only_those(SUBSCRIBE, FIRST), place, &set(&draft)) }
            <details class="properties">
                <summary data-test="subscribe-options">{ text::OPTIONS }</summary>
                { fields(&draft, more, place, &set(&draft)) }
            </details>
            <button type="submit" {disabled} data-test="subscribe">{ text::SUBSCRIBE }</button>
            if !props.connected {
                <span class="soft">{ text::NOT_CONNECTED }</span>
            }
        </form>
    }
}
