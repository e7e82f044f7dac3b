//! Messages that were given a name: kept by the browser, and offered for every client.

use crate::json::{Json, Object, parse, write_text};
use crate::ui::browser;
use crate::ui::field::{TextField, set, use_value};
use crate::ui::form::Values;
use crate::ui::icons::{IconButton, icon};
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::text::clients as text;
use crate::ui::text::forms::MESSAGE;
use std::rc::Rc;
use yew::prelude::*;

const KEY: &str = "glassbroker.messages";
/// The most that are kept, and how long one is, in bytes.
const MOST: usize = 50;
const MOST_BYTES: usize = 16_384;
/// The longest name, in bytes.
const NAME_BYTES: usize = 80;

/// Each with its name.
pub(crate) type Saved = Rc<Vec<(String, Values)>>;

/// What the browser keeps; what is nothing of that is left out.
fn load() -> Saved {
    let text = browser::remembered(KEY).unwrap_or_default();
    let Ok(Json::List(nodes)) = parse(&text).map(|node| node.value) else { return Saved::default() };
    let one = |json: Json| {
        let Json::Object(entries) = json else { return None };
        let mut values = Values::new(MESSAGE);
        let mut name = None;
        for entry in entries {
            let Json::Text(text) = entry.node.value else { continue };
            if entry.key == "name" {
                name = Some(text);
            } else {
                values.set(&entry.key, text);
            }
        }
        Some((name?, values))
    };
    Rc::new(nodes.into_iter().filter_map(|node| one(node.value)).take(MOST).collect())
}

/// Has the browser keep them.
///
/// # Errors
/// Why it cannot.
fn store(saved: &[(String, Values)]) -> Result<(), String> {
    if saved.len() > MOST {
        return Err(text::saved_full(MOST));
    }
    let mut out = "[".to_owned();
    for (name, values) in saved {
        if out.len() > 1 {
            out.push(',');
        }
        let before = out.len();
        let mut object = Object::begin(&mut out);
        write_text(object.key("name"), name);
        for (key, value) in values.written() {
            object.text(key, value);
        }
        object.end();
        if out.len() - before > MOST_BYTES {
            return Err(text::saved_long(MOST_BYTES));
        }
    }
    out.push(']');
    if browser::keep(KEY, &out) { Ok(()) } else { Err(text::SAVED_REFUSED.to_owned()) }
}

#[derive(Properties, PartialEq)]
pub(super) struct SavedProps {
    pub(super) lab: Lab,
    /// What is in the form.
    pub(super) draft: Values,
    /// Puts something there.
    pub(super) ondraft: Callback<Values>,
    /// Publishes something at once.
    pub(super) send: Callback<Values>,
}

/// The saved messages, folded, with the way to save what is in the form.
#[component]
pub(super) fn SavedMessages(props: &SavedProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let name = use_value(String::new);
    let error = use_value(String::new);
    let deleted = use_state(|| None::<(String, Values)>);
    let known = lab.screen().saved.clone();
    let saved = known.unwrap_or_else(|| {
        let saved = load();
        lab.change_quietly(|screen| screen.saved = Some(Rc::clone(&saved)));
        saved
    });
    let change = {
        let (lab, error) = (lab.clone(), error.setter());
        move |next: Vec<(String, Values)>| {
            let done = store(&next);
            error.set(done.clone().err().unwrap_or_default());
            if done.is_ok() {
                lab.change(|screen| screen.saved = Some(Rc::new(next)));
            }
            done.is_ok()
        }
    };
    let with = {
        let saved = Rc::clone(&saved);
        move |name: String, values: Values| {
            let others = saved.iter().filter(|(known, _)| *known != name).cloned();
            others.chain([(name.clone(), values)]).collect::<Vec<_>>()
        }
    };
    let save = {
        let (change, with, name, draft) = (change.clone(), with.clone(), name.clone(), props.draft.clone());
        Callback::from(move |()| {
            let called = name.trim();
            if !called.is_empty() && change(with(called.to_owned(), draft.clone())) {
                name.set(String::new());
            }
        })
    };
    // Enter in the name saves; the form around would publish.
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
        })
    };
    let row = |(name, values): &(String, Values)| {
        let fill = {
            let (ondraft, values) = (props.ondraft.clone(), values.clone());
            Callback::from(move |_: MouseEvent| ondraft.emit(values.clone()))
        };
        let send = {
            let (send, values) = (props.send.clone(), values.clone());
            Callback::from(move |()| send.emit(values.clone()))
        };
        let delete = {
            let (change, saved, one, deleted) =
                (change.clone(), Rc::clone(&saved), (name.clone(), values.clone()), deleted.setter());
            Callback::from(move |()| {
                if change(saved.iter().filter(|(known, _)| *known != one.0).cloned().collect()) {
                    deleted.set(Some(one.clone()));
                }
            })
        };
        html! {
            <li key={name.clone()} class="row saved" data-test="saved" data-name={name.clone()}>
                <button type="button" class="quiet grow saved-use" title={text::SAVED_USE} onclick={fill} data-test="saved-use">
                    <strong class="clip">{ name.clone() }</strong><span class="faint clip mono">{ values.get("topic").to_owned() }</span>
                </button>
                { IconButton::new("send", text::saved_send(name), "", send).html("saved-send") }
                { IconButton::new("close", text::saved_delete(name), "", delete).html("saved-delete") }
            </li>
        }
    };
    let field = TextField::new(text::SAVED_NAME, &name, set(&name));
    let is_long = name.len() > NAME_BYTES;
    html! {
        <details class="properties">
            <summary data-test="saved-messages">{ text::saved(saved.len()) }</summary>
            if saved.is_empty() {
                <p class="soft">{ text::SAVED_NONE }</p>
            }
            <ul>{ for saved.iter().map(row) }</ul>
            if let Some((name, values)) = (*deleted).clone() {
                <p class="row" role="status">
                    <span class="soft clip">{ text::saved_deleted(&name) }</span>
                    <button type="button" class="link" data-test="saved-undo" onclick={
                        let deleted = deleted.setter();
                        Callback::from(move |_: MouseEvent| {
                            if change(with(name.clone(), values.clone())) {
                                deleted.set(None);
                            }
                        })
                    }>{ text::UNDO }</button>
                </p>
            }
            <div class="field-row" {onkeydown}>
                { field.error(is_long.then(|| text::saved_long(NAME_BYTES))).html("saved-name") }
                <button type="button" disabled={name.trim().is_empty() || is_long} onclick={save.reform(|_: MouseEvent| ())}
                    data-test="saved-save">{ icon("save") }{ text::SAVE }</button>
            </div>
            if !error.is_empty() {
                <p class="error" role="alert" data-test="saved-error">{ (*error).clone() }</p>
            }
        </details>
    }
}
