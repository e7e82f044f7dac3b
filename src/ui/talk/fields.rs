//! The fields of a message.

use crate::profile::Value;
use crate::ui::form::{Place, Values, fields, only_those};
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;
use crate::ui::text::forms;
use crate::ui::text::forms::MESSAGE;
use yew::prelude::*;

/// How many topics are suggested.
const SUGGESTED: usize = 20;

/// What is always in sight.
const FIRST: &[&str] = &["topic", "payload", "form", "qos", "retain"];

/// What stands besides in a form.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Adds {
    /// The properties of a message.
    Properties,
    /// Those, and the alias, which means something on a connection only.
    All,
}

/// The fields of a message, with what the broker takes of it; `onchange` hears of every change.
pub(crate) fn message_fields(
    lab: &Lab,
    place: Place,
    draft: &Values,
    adds: Adds,
    onchange: &Callback<Values>,
) -> Html {
    let is_more = |key: &str| !FIRST.contains(&key) && (adds == Adds::All || key != "alias");
    html! {
        <>
            { fields(draft, only_those(MESSAGE, FIRST), place, onchange) }
            { suggestions(lab, place.topics) }
            { not_taken(lab, draft) }
            <details class="properties">
                <summary data-test="publish-properties">{ text::PROPERTIES }</summary>
                { fields(draft, MESSAGE.iter().filter(|field| is_more(field.key)), place, onchange) }
            </details>
        </>
    }
}

/// What of the message the broker does not take, and what it takes at all.
fn not_taken(lab: &Lab, draft: &Values) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let profile = run.world().broker().profile();
    let most = match profile.get("publish.qos_max") {
        Some(Value::Number(most)) if most < 2 => Some(most),
        _ => None,
    };
    let retains = profile.get("retained.available") != Some(Value::Switch(false));
    let qos = most.map(forms::qos_most);
    let told: Vec<String> = qos.into_iter().chain((!retains).then(|| forms::NO_RETAIN.to_owned())).collect();
    if told.is_empty() {
        return html! {};
    }
    let over = most.is_some_and(|most| draft.pick("qos") as u64 > most) || (draft.on("retain") && !retains);
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
