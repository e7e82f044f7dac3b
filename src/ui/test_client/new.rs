//! Adding the test client: an input of the run, like any other client's.

use crate::client::{ClientOptions, ConnectOptions};
use crate::ui::clients::joining_open;
use crate::ui::field::{choice, set, use_value};
use crate::ui::icons::icon;
use crate::ui::lab::Lab;
use crate::ui::text::clients;
use crate::ui::text::common;
use crate::ui::text::test_client as text;
use crate::wire::Version;
use yew::prelude::*;

/// How long the broker keeps its session, in seconds, so that its columns outlive a cut.
const SESSION_S: u32 = 3_600;

/// Which one.
#[derive(Properties, PartialEq)]
pub(super) struct NewClientProps {
    /// The store.
    pub(super) lab: Lab,
    /// Its name.
    pub(super) name: String,
}

/// The form.
#[component]
pub(super) fn NewClient(props: &NewClientProps) -> Html {
    let version = use_value(|| 0usize);
    let onsubmit = {
        let (lab, name) = (props.lab.clone(), props.name.clone());
        let version = if *version == 0 { Version::V5 } else { Version::V3 };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let connect = ConnectOptions { session_expiry_s: Some(SESSION_S), ..ConnectOptions::default() };
            let client = ClientOptions { id: name.clone(), version, connect, ..ClientOptions::default() };
            lab.input(joining_open(&lab, client));
        })
    };
    html! {
        <form class="talk" {onsubmit}>
            <p class="soft">
                { text::new_about(&props.name) }
            </p>
            { choice(common::VERSION, common::VERSIONS, *version, "test-version", &set(&version)) }
            <button type="submit" class="primary" data-test="test-add">{ icon("plus") }{ clients::add(1) }</button>
        </form>
    }
}
