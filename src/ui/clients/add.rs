//! Adding a virtual client.

use super::options::{Draft, connect_fields};
use crate::broker::Command;
use crate::client::{Action, ClientOptions, ConnectOptions};
use crate::policy::aws::{Policies, Policy, Principal};
use crate::sim::{ClientSpec, Input, LinkSpec};
use crate::time::Span;
use crate::ui::access::lets_all;
use crate::ui::field::{TextField, VERSIONS, check_field, choice, number, set, use_value};
use crate::ui::icons::icon;
use crate::ui::lab::{Lab, LabProps, Rate, use_lab};
use crate::wire::Version;
use yew::prelude::*;

/// The slowest link, in milliseconds, and the fastest, in bytes a second.
const HOUR_MS: u64 = 3_600_000;
const RATE: u64 = 1 << 40;
/// The longest client identifier that the form takes, in bytes: that of a UTF-8 Encoded String.
const ID_BYTES: usize = 65_535;

/// What adds a client to the run and connects it; the policy that lets everything is there before the one who has it.
fn joining(spec: ClientSpec, (name, new_policy): (String, Option<Policy>)) -> impl Iterator<Item = Input> {
    let client = spec.client.id.clone();
    let document = new_policy.filter(|_| spec.principal.policies.contains(&name));
    let policy = document.map(|document| Input::Broker(Command::Policy { name, document, is_new: true }));
    let connects = Input::Client { client, action: Action::Connect { options: None } };
    policy.into_iter().chain([Input::AddClient(Box::new(spec)), connects])
}

/// The same for a client that may do everything, where the run has policies.
pub(crate) fn joining_open(lab: &Lab, client: ClientOptions) -> impl Iterator<Item = Input> {
    let access = lab.engine().run().world().broker().access().policies.clone();
    let open = lets_all(&access.documents);
    let policies = if access.is_empty() { Vec::new() } else { vec![open.0.clone()] };
    let principal = Principal { policies, thing: None };
    joining(ClientSpec { client, principal, ..ClientSpec::default() }, open)
}

/// The most policies that are offered.
const OFFERED: usize = 30;

/// The policies that it may have; the one that lets everything is its own unless others are chosen.
fn policy_choice(
    policies: &Policies,
    open_name: &str,
    attached: &[String],
    choose: &Callback<Option<Vec<String>>>,
) -> Html {
    let known = policies.documents.keys().map(|name| &**name).filter(|name| *name != open_name);
    let told = match attached {
        [] => "Without a policy it may do nothing: it is refused.".to_owned(),
        [one] if one == open_name && policies.documents.contains(open_name) => {
            format!("The policy {open_name} lets it do everything.")
        }
        [one] if one == open_name => format!("{open_name} is added for it, and lets it do everything."),
        _ => "What none of these allows is denied.".to_owned(),
    };
    html! {
        <div class="row checks" role="group" aria-label="Its policies" data-test="client-policies">
            <span>{ "Policies:" }</span>
            { for std::iter::once(open_name).chain(known).take(OFFERED).map(|name| {
                let (attached, choose, name) = (attached.to_vec(), choose.clone(), name.to_owned());
                let has = attached.contains(&name);
                let is_new = name == open_name && !policies.documents.contains(open_name);
                let label = if is_new { format!("{name}: lets all (added)") } else { name.clone() };
                let onchange = Callback::from(move |on: bool| {
                    let rest = attached.iter().filter(|one| **one != name).cloned();
                    choose.emit(Some(rest.chain(on.then(|| name.clone())).collect()));
                });
                check_field(&label, has, "client-policy", &onchange)
            }) }
            <span class="soft" data-test="client-policies-told">{ told }</span>
        </div>
    }
}

/// The folded form.
#[component]
pub(super) fn AddClient(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let id = use_value(String::new);
    let version = use_value(|| 0usize);
    let draft = use_value(Draft::default);
    let latency = use_value(|| "20".to_owned());
    let jitter = use_value(|| "0".to_owned());
    let rate = use_value(String::new);
    // The names of its policies, once they were chosen.
    let chosen = use_value(|| None::<Vec<String>>);

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
    let access = lab.engine().run().world().broker().access().policies.clone();
    let (open_name, new_policy) = lets_all(&access.documents);
    let has_policies = !access.is_empty();
    let attached = match (&*chosen, has_policies) {
        (_, false) => Vec::new(),
        (Some(chosen), true) => {
            // Another scenario may have other policies.
            let is_known = |name: &&String| **name == open_name || access.documents.contains(name.as_str());
            chosen.iter().filter(is_known).cloned().collect()
        }
        (None, true) => vec![open_name.clone()],
    };
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
                    principal: Principal { policies: attached.clone(), thing: None },
                })
            }
            _ => None,
        }
    };
    let valid = spec.is_some();
    let add = {
        let (lab, id) = (lab.clone(), id.setter());
        let open = (open_name.clone(), new_policy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(spec) = spec.clone() else { return };
            lab.input(joining(spec, open.clone()));
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
                if has_policies {
                    { policy_choice(&access, &open_name, &attached, &set(&chosen)) }
                }
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
