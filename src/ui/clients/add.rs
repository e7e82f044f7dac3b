//! Adding virtual clients: one, or many from a pattern.

use super::joining::{Joining, free_names, joining};
use super::options::{Draft, connect_fields};
use crate::client::{ClientOptions, FilterRequest, SubscribeRequest};
use crate::policy::aws::{Policies, Principal};
use crate::sim::{ClientSpec, LinkSpec};
use crate::time::Span;
use crate::topic::check_filter;
use crate::ui::access::lets_all;
use crate::ui::field::{TextField, check_field, choice, qos, set, use_value};
use crate::ui::form::{Place, Values, fields};
use crate::ui::icons::icon;
use crate::ui::lab::{LabProps, Rate, use_lab};
use crate::ui::text::clients as text;
use crate::ui::text::common;
use crate::ui::text::forms::{MANY, NETWORK};
use crate::wire::Version;
use yew::prelude::*;

/// What stands for a client's number in what is typed for many.
const NUMBER: &str = "{{i}}";

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
        [] => text::NO_POLICY.to_owned(),
        [one] if one == open_name => text::lets_all(open_name, !policies.documents.contains(open_name)),
        _ => text::REST_DENIED.to_owned(),
    };
    html! {
        <div class="row checks" role="group" aria-label={text::ITS_POLICIES} data-test="client-policies">
            <span>{ text::POLICIES }</span>
            { for std::iter::once(open_name).chain(known).take(OFFERED).map(|name| {
                let (attached, choose, name) = (attached.to_vec(), choose.clone(), name.to_owned());
                let has = attached.contains(&name);
                let is_new = name == open_name && !policies.documents.contains(open_name);
                let label = if is_new { text::lets_all_choice(&name) } else { name.clone() };
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

/// What the forms say of one client; `None` where something is wrong in them.
fn joins(
    (name, number): &(String, String),
    version: Version,
    (draft, network, many): (&Draft, &Values, &Values),
    policies: &[String],
) -> Option<Joining> {
    let fill = |text: &str| text.replace(NUMBER, number);
    let (v5, of) = (version == Version::V5, network);
    if !of.is_right() {
        return None;
    }
    let ms = |key: &str| Span::ms(of.number(key).unwrap_or(0));
    let client = ClientOptions {
        id: name.clone(),
        version,
        connect: draft.map(fill).options(v5)?,
        pings: of.on("pings"),
        reconnect: of.span("reconnect"),
        ..ClientOptions::default()
    };
    let link = LinkSpec {
        latency: ms("latency"),
        jitter: ms("jitter"),
        bytes_per_s: of.number("rate").filter(|rate| *rate > 0),
        ..LinkSpec::default()
    };
    let principal = Principal { policies: policies.to_vec(), thing: None };
    let subscribes = many.some("many-filter").map(|filter| {
        let filter = FilterRequest { filter: fill(&filter), qos: qos(1), ..FilterRequest::default() };
        SubscribeRequest { filters: vec![filter], identifier: None }
    });
    if subscribes.iter().any(|request| check_filter(&request.filters[0].filter).is_err()) {
        return None;
    }
    Some(Joining {
        spec: ClientSpec { client, link, principal },
        subscribes: subscribes.into_iter().collect(),
    })
}

/// The folded form.
#[component]
pub(super) fn AddClient(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let id = use_value(String::new);
    let version = use_value(|| 0usize);
    let draft = use_value(Draft::default);
    let network =
        use_value(|| Values::new(NETWORK).with("latency", "20").with("jitter", "0").with("pings", "1"));
    let many = use_value(|| Values::new(MANY).with("stagger", "0ms"));
    // The names of its policies, once they were chosen.
    let chosen = use_value(|| None::<Vec<String>>);

    let suggested = {
        let engine = lab.engine();
        (1..).map(|n| format!("client-{n}")).find(|name| !engine.has_client(name)).unwrap_or_default()
    };
    let pattern = if id.is_empty() { suggested.clone() } else { (*id).clone() };
    let names = free_names(&lab.engine(), &pattern);
    let count = names.as_ref().map_or(0, Vec::len);
    let speaks = if *version == 0 { Version::V5 } else { Version::V3 };
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
    // The first one says whether all are right: their numbers change nothing in that.
    let first = names.as_ref().ok().and_then(|names| names.first());
    let forms = (&*draft, &*network, &*many);
    let valid = many.is_right() && first.is_some_and(|name| joins(name, speaks, forms, &attached).is_some());
    let add = {
        let (lab, id) = (lab.clone(), id.setter());
        let (draft, network, many) = ((*draft).clone(), (*network).clone(), (*many).clone());
        let (open, attached) = ((open_name.clone(), new_policy), attached.clone());
        let names = names.clone().unwrap_or_default();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !valid {
                return;
            }
            let all =
                names.iter().filter_map(|name| joins(name, speaks, (&draft, &network, &many), &attached));
            lab.input(joining(all.collect(), many.span("stagger").unwrap_or_default(), open.clone()));
            id.set(String::new());
        })
    };
    let place = Place { prefix: "", topics: "", v5: speaks == Version::V5 };
    let identifier =
        TextField::new(text::IDENTIFIER, &id, set(&id)).error(names.err()).placeholder("client-1");
    html! {
        <details class="add-client">
            <summary data-test="add-client">{ text::ADD }</summary>
            <form onsubmit={add}>
                <div class="field-row">
                    { identifier.html("client-id") }
                    { choice(common::VERSION, common::VERSIONS, *version, "client-version", &set(&version)) }
                </div>
                <p class="faint">{ text::nameless(&suggested) }</p>
                if count > 1 {
                    { fields(&many, MANY, place, &set(&many)) }
                }
                if has_policies {
                    { policy_choice(&access, &open_name, &attached, &set(&chosen)) }
                }
                <details>
                    <summary data-test="how-it-connects">{ text::HOW_IT_CONNECTS }</summary>
                    { connect_fields(&draft, speaks == Version::V5, &set(&draft)) }
                </details>
                <details>
                    <summary data-test="its-network">{ text::ITS_NETWORK }</summary>
                    { fields(&network, NETWORK, place, &set(&network)) }
                </details>
                <button type="submit" class="primary" disabled={!valid} data-test="add-client-go">
                    { icon("plus") }{ text::add(count.max(1)) }
                </button>
            </form>
        </details>
    }
}
