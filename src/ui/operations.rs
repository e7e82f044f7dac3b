//! What an account does without a client, by hand: publishing over HTTP, retained messages, connections; with the answers.

use super::dialog::Dialog;
use super::field::{TextField, check_field, set, use_value};
use super::form::{Place, Values};
use super::lab::{Lab, Rate, use_lab};
use super::talk::{Adds, message, message_fields, message_of};
use super::text::common;
use super::text::forms::MESSAGE;
use super::text::operations as text;
use super::words;
use crate::broker::{Command, Page};
use crate::sim::Input;
use yew::prelude::*;

/// What the dialog is about.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A message to be published, to this topic where one was chosen.
    Message(Option<String>),
    /// The connection and the session of a client.
    Client(String),
}

/// The dialog, where one is asked for.
pub(crate) fn operations(lab: &Lab) -> Html {
    let subject = lab.screen().operation.clone();
    match subject {
        None => html! {},
        Some(Subject::Message(topic)) => html! { <MessageDialog lab={lab.clone()} {topic} /> },
        Some(Subject::Client(client)) => html! { <ClientDialog lab={lab.clone()} {client} /> },
    }
}

/// What opens the dialog.
pub(crate) fn opens(lab: &Lab, subject: Subject) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_: MouseEvent| {
        let subject = subject.clone();
        lab.change(|screen| screen.operation = Some(subject));
    })
}

fn closes(lab: &Lab) -> Callback<()> {
    lab.changes(|screen| screen.operation = None)
}

/// The last answer: what was done, the status, the body.
type Answered = Option<(String, u16, String)>;

/// Does something at the view and remembers the answer.
fn ask(lab: &Lab, answered: &UseStateHandle<Answered>) -> Callback<Command> {
    let (lab, answered) = (lab.clone(), answered.setter());
    Callback::from(move |command: Command| {
        let before = lab.engine().events();
        lab.input([Input::Broker(command)]);
        // The answer says it.
        lab.goes_on();
        let engine = lab.engine();
        let run = engine.run();
        let answer = run.trace().answer_since(before);
        answered.set(answer.map(|one| (one.operation.to_owned(), one.status, one.body.to_owned())));
    })
}

fn asks(ask: &Callback<Command>, command: impl Fn() -> Command + 'static) -> Callback<MouseEvent> {
    let ask = ask.clone();
    Callback::from(move |_: MouseEvent| ask.emit(command()))
}

fn answer(answered: &Answered) -> Html {
    html! {
        <div role="status" data-test="answer">
            if let Some((operation, status, body)) = answered {
                <p class={if *status < 400 { "soft" } else { "error" }}>{ format!("{operation}: {status}") }</p>
                if !body.is_empty() {
                    <pre class="mono document">{ words::indented(body) }</pre>
                }
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MessageProps {
    lab: Lab,
    topic: Option<String>,
}

/// Where the message's fields stand.
const PLACE: Place = Place { prefix: "publish-", topics: "http-topics", v5: true };

/// What is to be published at first: a retained message is written anew.
fn draft_of(lab: &Lab, topic: Option<&str>) -> Values {
    let Some(topic) = topic else { return Values::new(MESSAGE) };
    let kept = lab.engine().run().world().broker().retained_at(topic);
    let draft = kept
        .map_or_else(|| message_of(topic, b"", 0), |kept| message_of(topic, &kept.payload, kept.qos as u8));
    draft.with("retain", "1")
}

/// The form for a message, and what else can be done with the retained one of its topic.
#[component]
fn MessageDialog(props: &MessageProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let draft = use_state_eq(|| draft_of(lab, props.topic.as_deref()));
    let principal = use_value(String::new);
    let answered = use_state(|| None);
    let ask = ask(lab, &answered);
    let command = message(&draft, true).map(|message| Command::Publish {
        message: Box::new(message.to_publish()),
        principal: (!principal.is_empty()).then(|| (*principal).clone()),
    });
    let onsubmit = {
        let (ask, command) = (ask.clone(), command.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(command) = command.clone() {
                ask.emit(command);
            }
        })
    };
    let topic = props.topic.clone().unwrap_or_default();
    let kept = lab.engine().run().world().broker().retained_at(&topic);
    let read = topic.clone();
    let title = if topic.is_empty() { text::PUBLISH_TITLE.to_owned() } else { text::retained(&topic) };
    html! {
        <Dialog {title} test="operation" onclose={closes(lab)}>
            <div class="access-form">
                if !topic.is_empty() {
                    <p data-test="retained-now">
                        if let Some(kept) = kept {
                            <span class="mono break">{ words::preview(&kept.payload) }</span>
                            <span class="faint">{ " " }{ text::stored(kept.qos as u8, kept.stored_at) }</span>
                        } else {
                            <span class="faint">{ text::NO_RETAINED }</span>
                        }
                    </p>
                    <div class="row">
                        <button type="button" data-test="retained-read"
                            onclick={asks(&ask, move || Command::RetainedRead { topic: read.clone() })}>{ text::READ }</button>
                        <button type="button" data-test="retained-delete"
                            onclick={asks(&ask, move || Command::RetainedDelete { topic: topic.clone() })}>{ text::DELETE }</button>
                    </div>
                } else {
                    <p class="soft">{ text::PUBLISH_ABOUT }</p>
                }
                <form class="access-form" {onsubmit}>
                    { message_fields(lab, PLACE, &draft, Adds::Properties, &set(&draft)) }
                    { TextField::new(text::POLICIES_OF, &principal, set(&principal))
                        .placeholder(text::POLICIES_OF_NOBODY).html("http-principal") }
                    <button type="submit" class="primary" disabled={command.is_none()} data-test="http-publish">{ text::PUBLISH }</button>
                </form>
                { answer(&answered) }
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ClientProps {
    lab: Lab,
    client: String,
}

/// A client's connection and session, and what an account can do with them.
#[component]
fn ClientDialog(props: &ClientProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let answered = use_state(|| None);
    let clean = use_value(|| false);
    let silent = use_value(|| false);
    let ask = ask(lab, &answered);
    let client = &props.client;
    let session = {
        let engine = lab.engine();
        let run = engine.run();
        run.world().broker().session(client, engine.view().at)
    };
    let connected = session.as_ref().is_some_and(|session| session.connection.is_some());
    let said = match &session {
        None => text::NO_SESSION.to_owned(),
        Some(session) => {
            let there = session.connection.map_or_else(
                || text::AWAY.to_owned(),
                |connection| text::connected(connection.opened_at, connection.keep_alive_s),
            );
            let lasts = match session.expiry_s {
                None => text::FOREVER.to_owned(),
                Some(0) => text::UNTIL_CLOSED.to_owned(),
                Some(s) => text::outlives(s),
            };
            format!("{there} {lasts}")
        }
    };
    let name = || client.clone();
    let (look, list, end) = (name(), name(), name());
    let (clean_session, prevent_will) = (*clean, *silent);
    html! {
        <Dialog title={text::connection(client)} test="operation" onclose={closes(lab)}>
            <div class="access-form">
                <p class="soft" data-test="connection-now">{ said }</p>
                if let Some(session) = &session {
                    <ul>
                        { for session.subscriptions.iter().map(|one| html! {
                            <li key={one.filter.clone()} class="kept" data-test="connection-subscription">
                                <span class="grow mono break">{ one.filter.clone() }</span>
                                <span class="faint">{ common::qos(one.options.qos as u8) }</span>
                            </li>
                        }) }
                    </ul>
                }
                <div class="row">
                    <button type="button" data-test="connection-read"
                        onclick={asks(&ask, move || Command::ConnectionRead { client: look.clone() })}>{ text::LOOK }</button>
                    <button type="button" data-test="subscription-list"
                        onclick={asks(&ask, move || Command::SubscriptionList { client: list.clone(), page: Page::default() })}>
                        { text::LIST }
                    </button>
                </div>
                { check_field(text::CLEAN, *clean, "clean-session", &set(&clean)) }
                { check_field(text::SILENT, *silent, "prevent-will", &set(&silent)) }
                <button type="button" class="primary" disabled={session.is_none()} data-test="connection-delete"
                    onclick={asks(&ask, move || Command::Disconnect { client: end.clone(), clean_session, prevent_will })}>
                    { if connected { text::DISCONNECT } else { text::END } }
                </button>
                { answer(&answered) }
            </div>
        </Dialog>
    }
}
