//! Adding a virtual client.

use super::options::{Draft, connect_fields};
use crate::client::{Action, ClientOptions, ConnectOptions};
use crate::sim::{ClientSpec, Input, LinkSpec};
use crate::time::Span;
use crate::ui::field::{TextField, choice, number, set};
use crate::ui::icons::icon;
use crate::ui::lab::{LabProps, Rate, use_lab};
use crate::wire::Version;
use yew::prelude::*;

const VERSIONS: &[&str] = &["MQTT 5.0", "MQTT 3.1.1"];
/// The slowest link, in milliseconds, and the fastest, in bytes a second.
const HOUR_MS: u64 = 3_600_000;
const RATE: u64 = 1 << 40;
/// The longest client identifier that the form takes, in bytes: that of a UTF-8 Encoded String.
const ID_BYTES: usize = 65_535;

/// The folded form.
#[component]
pub(super) fn AddClient(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let id = use_state_eq(String::new);
    let version = use_state_eq(|| 0usize);
    let draft = use_state_eq(Draft::default);
    let latency = use_state_eq(|| "20".to_owned());
    let jitter = use_state_eq(|| "0".to_owned());
    let rate = use_state_eq(String::new);

    let suggested = {
        let engine = lab.engine();
        (1..).map(|n| format!("client-{n}")).find(|name| !engine.has_client(name)).unwrap_or_default()
    };
    let name = if id.is_empty() { suggested.clone() } else { (*id).clone() };
    let taken = lab.engine().has_client(&name);
    let id_error = if taken {
        Some("There is a client of this name".to_owned())
    } else {
        (name.len() > ID_BYTES).then(|| "A client identifier has at most 65,535 bytes".to_owned())
    };
    let v5 = *version == 0;
    let spec = {
        let ms = |text: &str| number(text, HOUR_MS).ok().map(|ms| Span::ms(ms.unwrap_or(0)));
        let bytes_per_s = number(&rate, RATE).ok();
        let options = draft.options(ConnectOptions::default());
        match (ms(&latency), ms(&jitter), bytes_per_s, options) {
            (Some(latency), Some(jitter), Some(bytes_per_s), Some(connect)) if id_error.is_none() => {
                Some(ClientSpec {
                    client: ClientOptions {
                        id: name.clone(),
                        version: if v5 { Version::V5 } else { Version::V3 },
                        connect,
                        ..ClientOptions::default()
                    },
                    link: LinkSpec {
                        latency,
                        jitter,
                        bytes_per_s: bytes_per_s.filter(|n| *n > 0),
                        ..LinkSpec::default()
                    },
                    ..ClientSpec::default()
                })
            }
            _ => None,
        }
    };
    let valid = spec.is_some();
    let add = {
        let (lab, id) = (lab.clone(), id.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(spec) = spec.clone() else { return };
            let client = spec.client.id.clone();
            lab.input([
                Input::AddClient(Box::new(spec)),
                Input::Client { client, action: Action::Connect { options: None } },
            ]);
            id.set(String::new());
        })
    };
    let identifier =
        TextField::new("Client identifier", &id, set(&id)).error(id_error).placeholder("client-1");
    html! {
        <details class="add-client">
            <summary data-test="add-client">{ "Add a virtual client" }</summary>
            <form onsubmit={add}>
                <div class="field-row">
                    { identifier.html("client-id") }
                    { choice("Version", VERSIONS, *version, "client-version", &set(&version)) }
                </div>
                <p class="faint">{ format!("Without a name it is {suggested}.") }</p>
                <details>
                    <summary>{ "How it connects" }</summary>
                    { connect_fields(&draft, v5, &set(&draft)) }
                </details>
                <details>
                    <summary>{ "Its network" }</summary>
                    <div class="field-row">
                        { TextField::new("Latency, ms", &latency, set(&latency)).number(HOUR_MS).html("latency") }
                        { TextField::new("Jitter, ms", &jitter, set(&jitter)).number(HOUR_MS).html("jitter") }
                        { TextField::new("Bytes a second", &rate, set(&rate)).placeholder("no limit").number(RATE).html("rate") }
                    </div>
                </details>
                <button type="submit" class="primary" disabled={!valid} data-test="add-client-go">
                    { icon("plus") }{ "Add and connect" }
                </button>
            </form>
        </details>
    }
}
