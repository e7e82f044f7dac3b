//! The form for PUBLISH.

use super::MessageDraft;
use super::fields::{Adds, message_fields};
use crate::client::{Action, Message};
use crate::sim::Input;
use crate::ui::engine::Engine;
use crate::ui::icons::icon;
use crate::ui::lab::Lab;
use crate::ui::views::ClientView;
use crate::wire::Version;
use yew::prelude::*;

/// The form; `name` is unique on the page, `ondraft` hears of every change.
pub(crate) fn publish_form(
    lab: &Lab,
    name: &'static str,
    client: &ClientView,
    draft: &MessageDraft,
    ondraft: &Callback<MessageDraft>,
) -> Html {
    let v5 = client.version == Version::V5;
    let message = draft.message(v5);
    let disabled = message.is_none();
    let go = {
        let (lab, client) = (lab.clone(), client.name.clone());
        Callback::from(move |()| {
            if let Some(message) = message.clone() {
                publish(&lab, &client, message);
            }
        })
    };
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
            { message_fields(lab, name, draft, if v5 { Adds::All } else { Adds::Nothing }, ondraft) }
            <button type="submit" class="primary" {disabled} title="Ctrl or ⌘ and Enter, in a field" data-test="publish">
                { icon("send") }{ "Publish" }
            </button>
        </form>
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
