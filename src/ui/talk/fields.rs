//! The fields of a message.

use super::draft::{FORMATS, FORMS, MessageDraft, SHORT, TEXT, WORD};
use crate::profile::Value;
use crate::ui::field::{Lines, QOS, TextField, changed, check_field, choice};
use crate::ui::lab::Lab;
use yew::prelude::*;

/// How many topics are suggested.
const SUGGESTED: usize = 20;

/// What stands besides in a form.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Adds {
    /// Nothing: MQTT 3.1.1 has no properties.
    Nothing,
    /// The properties of a message.
    Properties,
    /// Those, and the alias, which means something on a connection only.
    All,
}

/// The fields of a message, with what the broker takes of it; `name` is unique on the page, `onchange` hears of every change.
pub(crate) fn message_fields(
    lab: &Lab,
    name: &'static str,
    draft: &MessageDraft,
    adds: Adds,
    onchange: &Callback<MessageDraft>,
) -> Html {
    let text = |set: fn(&mut MessageDraft, String)| changed(draft, onchange, set);
    let pick = |set: fn(&mut MessageDraft, usize)| changed(draft, onchange, set);
    let topic = TextField::new("Publish to", &draft.topic, text(|draft, topic| draft.topic = topic));
    let payload =
        Lines { label: "Payload", value: &draft.payload, rows: rows(draft), error: draft.wrong_payload() };
    let retain = changed(draft, onchange, |draft, retain| draft.retain = retain);
    html! {
        <>
            { topic.error(draft.wrong_topic()).placeholder("factory/1/status").list(name).html("publish-topic") }
            { suggestions(lab, name) }
            { payload.html("publish-payload", &text(|draft, payload| draft.payload = payload)) }
            <div class="field-row">
                { choice("Written as", FORMS, draft.form, "publish-form", &pick(|draft, form| draft.form = form)) }
                { choice("Level", QOS, draft.qos, "publish-qos", &pick(|draft, qos| draft.qos = qos)) }
                { check_field("Retain", draft.retain, "publish-retain", &retain) }
            </div>
            { not_taken(lab, draft) }
            if adds != Adds::Nothing {
                <details class="properties">
                    <summary data-test="publish-properties">{ "Properties" }</summary>
                    { properties(draft, adds, onchange) }
                </details>
            }
        </>
    }
}

/// Lines of text for the payload: those that it has, as far as there is room.
fn rows(draft: &MessageDraft) -> u32 {
    let least = if draft.form == TEXT { 1 } else { 2 };
    u32::try_from(draft.payload.lines().count()).unwrap_or(u32::MAX).clamp(least, 8)
}

/// What MQTT 5 adds.
fn properties(draft: &MessageDraft, adds: Adds, onchange: &Callback<MessageDraft>) -> Html {
    let text = |set: fn(&mut MessageDraft, String)| changed(draft, onchange, set);
    let pick = |set: fn(&mut MessageDraft, usize)| changed(draft, onchange, set);
    let field = |label: &'static str, value: &str, set: fn(&mut MessageDraft, String)| {
        TextField::new(label, value, text(set))
    };
    let user = Lines {
        label: "User properties, each a line as unit: C",
        value: &draft.user,
        rows: 2,
        error: draft.wrong_user(),
    };
    html! {
        <>
            <div class="field-row">
                { field("Expiry, s", &draft.expiry_s, |draft, value| draft.expiry_s = value).number(WORD).html("publish-expiry") }
                if adds == Adds::All {
                    { field("Topic alias", &draft.alias, |draft, value| draft.alias = value).number(SHORT).html("publish-alias") }
                }
            </div>
            <div class="field-row">
                { field("Content type", &draft.content_type, |draft, value| draft.content_type = value)
                    .placeholder("application/json").html("publish-content-type") }
                { choice("Payload is", FORMATS, draft.format, "publish-format", &pick(|draft, format| draft.format = format)) }
            </div>
            { field("Response topic", &draft.response_topic, |draft, value| draft.response_topic = value)
                .error(draft.wrong_response_topic()).html("publish-response") }
            <div class="field-row">
                { field("Correlation data", &draft.correlation, |draft, value| draft.correlation = value)
                    .error(draft.wrong_correlation()).html("publish-correlation") }
                { choice("Written as", FORMS, draft.correlation_form, "publish-correlation-form",
                    &pick(|draft, form| draft.correlation_form = form)) }
            </div>
            { user.html("publish-user", &text(|draft, value| draft.user = value)) }
        </>
    }
}

/// What of the message the broker does not take, and what it takes at all.
fn not_taken(lab: &Lab, draft: &MessageDraft) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let profile = run.world().broker().profile();
    let most = match profile.get("publish.qos_max") {
        Some(Value::Number(most)) if most < 2 => Some(most),
        _ => None,
    };
    let retains = profile.get("retained.available") != Some(Value::Switch(false));
    let qos = most.map(|most| format!("The broker takes no QoS above {most}."));
    let told: Vec<String> =
        qos.into_iter().chain((!retains).then(|| "The broker retains nothing.".to_owned())).collect();
    if told.is_empty() {
        return html! {};
    }
    let over = most.is_some_and(|most| draft.qos as u64 > most) || (draft.retain && !retains);
    html! {
        <p class={if over { "error" } else { "faint" }} role={over.then_some("alert")} data-test="publish-takes">
            { told.join(" ") }
        </p>
    }
}

/// The topics that were published to last, for the browser to suggest.
fn suggestions(lab: &Lab, name: &'static str) -> Html {
    let engine = lab.engine();
    let latest = engine.topics().latest(engine.events(), SUGGESTED, |name| !name.starts_with('$'));
    html! {
        <datalist id={name}>
            { for latest.into_iter().map(|topic| html! { <option key={topic} value={topic.to_owned()}></option> }) }
        </datalist>
    }
}
