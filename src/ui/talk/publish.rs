//! The form for PUBLISH: once, or again and again.

use super::draft::message;
use super::fields::{Adds, message_fields};
use super::saved::SavedMessages;
use crate::client::{Action, Message};
use crate::sim::{Input, PLACES, Repeat, check_template, has_place};
use crate::time::Span;
use crate::ui::engine::Engine;
use crate::ui::field::{set, use_value};
use crate::ui::form::{Place, Values, fields};
use crate::ui::icons::icon;
use crate::ui::lab::Lab;
use crate::ui::text::clients as text;
use crate::ui::text::forms::REPEAT;
use crate::wire::Version;
use yew::prelude::*;

/// Whom the form speaks for, and what is in it.
#[derive(Properties, PartialEq)]
pub(crate) struct PublishProps {
    /// The store.
    pub(crate) lab: Lab,
    /// The client's name in the run.
    pub(crate) client: String,
    /// The version that it speaks.
    pub(crate) version: Version,
    /// A name for the list of topics that is unique on the page.
    pub(crate) topics: &'static str,
    /// The message.
    pub(crate) draft: Values,
    /// Hears of every change of it.
    pub(crate) ondraft: Callback<Values>,
}

/// The form.
#[component]
pub(crate) fn PublishForm(props: &PublishProps) -> Html {
    let often = use_value(|| Values::new(REPEAT).with("every", "1s").with("times", "100"));
    let PublishProps { lab, client, draft, .. } = props;
    let v5 = props.version == Version::V5;
    let place = Place { prefix: "publish-", topics: props.topics, v5 };
    let repeats = often.on("repeat");
    let has_places = has_place(draft.get("topic")) || has_place(draft.get("payload"));
    let wrong = Some(()).filter(|()| repeats).and_then(|()| wrong_again(draft, &often));
    let input = {
        let (client, often) = (client.clone(), (*often).clone());
        move |draft: &Values| published(&client, draft, &often, v5)
    };
    let disabled = input(draft).is_none();
    let send = {
        let lab = lab.clone();
        Callback::from(move |draft: Values| {
            if let Some(input) = input(&draft) {
                lab.input([input]);
            }
        })
    };
    let go = send.reform({
        let draft = draft.clone();
        move |()| draft.clone()
    });
    let onsubmit = go.reform(|event: SubmitEvent| event.prevent_default());
    // In lines of text Enter begins a new one.
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            go.emit(());
        }
    });
    html! {
        <form class="talk" {onsubmit} {onkeydown}>
            { message_fields(lab, place, draft, Adds::All, &props.ondraft) }
            { fields(&often, REPEAT.iter().take(if repeats { REPEAT.len() } else { 1 }), place, &set(&often)) }
            if repeats {
                { places() }
            } else if has_places {
                <p class="soft" role="status" data-test="places-once">{ text::PLACES_ONCE }</p>
            }
            if let Some(wrong) = wrong {
                <p class="error" role="alert" data-test="publish-wrong">{ wrong }</p>
            }
            <button type="submit" class="primary" {disabled} title={text::PUBLISH_KEY} data-test="publish">
                { icon("send") }{ if repeats { text::PUBLISH_AGAIN } else { text::PUBLISH } }
            </button>
            <SavedMessages lab={lab.clone()} draft={draft.clone()} ondraft={props.ondraft.clone()} {send} />
        </form>
    }
}

/// What publishes a message, once or again and again; `None` where something is wrong in it.
fn published(client: &str, draft: &Values, often: &Values, v5: bool) -> Option<Input> {
    let action = Action::Publish(message(draft, v5)?);
    let client = client.to_owned();
    if !often.on("repeat") {
        return Some(Input::Client { client, action });
    }
    if wrong_again(draft, often).is_some() || !often.is_right() {
        return None;
    }
    let repeat = Repeat {
        client,
        action,
        delay: Span::ZERO,
        every: often.span("every")?,
        times: often.number("times")?,
    };
    repeat.check().ok()?;
    Some(Input::Repeat(Box::new(repeat)))
}

/// What is wrong with publishing it again and again, beyond what its fields say.
fn wrong_again(draft: &Values, often: &Values) -> Option<String> {
    let places = ["topic", "payload"].iter().find_map(|key| check_template(draft.get(key)).err());
    places.or_else(|| {
        let (every, times) = (often.span("every")?, often.number("times")?);
        let action = Action::StopAcks;
        Repeat { client: String::new(), action, delay: Span::ZERO, every, times }.check().err()
    })
}

/// The places that there are, folded.
fn places() -> Html {
    html! {
        <details class="properties places">
            <summary>{ text::PLACES }</summary>
            <p class="soft">{ text::PLACES_ABOUT }</p>
            <dl>
                { for PLACES.iter().map(|(name, form, becomes)| html! {
                    <div key={*name}><dt class="mono">{ *form }</dt><dd class="soft">{ *becomes }</dd></div>
                }) }
            </dl>
        </details>
    }
}

fn publish(lab: &Lab, client: &str, message: Message) {
    lab.input([Input::Client { client: client.to_owned(), action: Action::Publish(message) }]);
}

/// Has a client publish once more what it last published by hand, if there is such a message at the view.
pub(crate) fn publish_again(lab: &Lab, client: &str) {
    let last = last_published(&lab.engine(), client);
    if let Some(message) = last {
        publish(lab, client, message);
    }
}

/// The message that a client last published by hand before the view.
pub(crate) fn last_published(engine: &Engine, client: &str) -> Option<Message> {
    let (run, now) = (engine.run(), engine.view().at);
    let entries = run.journal().entries().iter().rev().filter(|entry| entry.at <= now);
    entries.into_iter().find_map(|entry| match &entry.input {
        Input::Client { client: who, action: Action::Publish(message) } if who == client => {
            Some(message.clone())
        }
        _ => None,
    })
}
