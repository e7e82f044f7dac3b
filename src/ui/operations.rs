//! What an account does without a client, by hand: publishing over HTTP, retained messages, connections; with the answers.

use super::dialog::Dialog;
use super::field::{QOS, TextField, check_field, choice, lines_field, number, set};
use super::lab::{Lab, Rate, use_lab};
use super::words;
use crate::broker::{Command, Page};
use crate::client::{Message, MessageExtra};
use crate::picture::clock;
use crate::sim::Input;
use crate::topic::check_name;
use crate::wire::QoS;
use bytes::Bytes;
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
    let lab = lab.clone();
    Callback::from(move |()| lab.change(|screen| screen.operation = None))
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

/// What was typed.
#[derive(Clone, Default, PartialEq)]
struct Draft {
    topic: String,
    payload: String,
    qos: usize,
    retain: bool,
    is_text: bool,
    content_type: String,
    response_topic: String,
    correlation_data: String,
    expiry_s: String,
    pairs: String,
    principal: String,
}

impl Draft {
    /// One that writes a retained message anew.
    fn of(lab: &Lab, topic: Option<&str>) -> Self {
        let Some(topic) = topic else { return Self::default() };
        let kept = lab.engine().run().world().broker().retained_at(topic);
        let payload = kept.as_ref().map(|kept| String::from_utf8_lossy(&kept.payload).into_owned());
        Self {
            topic: topic.to_owned(),
            payload: payload.unwrap_or_default(),
            qos: kept.map_or(0, |kept| kept.qos as usize),
            retain: true,
            ..Self::default()
        }
    }

    fn wrong_topic(&self) -> Option<String> {
        if self.topic.is_empty() {
            None
        } else {
            check_name(&self.topic).err().map(|error| error.what().to_owned())
        }
    }

    fn command(&self) -> Option<Command> {
        let expiry_s = number(&self.expiry_s, u64::from(u32::MAX)).ok()?;
        if self.topic.is_empty() || self.wrong_topic().is_some() {
            return None;
        }
        let said = |text: &String| (!text.is_empty()).then(|| text.clone());
        let extra = MessageExtra {
            payload_is_text: self.is_text.then_some(true),
            expiry_s: expiry_s.and_then(|s| u32::try_from(s).ok()),
            content_type: said(&self.content_type),
            response_topic: said(&self.response_topic),
            correlation_data: said(&self.correlation_data).map(Bytes::from),
            topic_alias: None,
            user_properties: self.pairs.lines().filter(|line| !line.is_empty()).map(pair).collect(),
        };
        let message = Message {
            topic: self.topic.clone(),
            payload: Bytes::from(self.payload.clone()),
            qos: QoS::from_number(self.qos as u8).unwrap_or_default(),
            retain: self.retain,
            extra: Some(Box::new(extra)),
        };
        Some(Command::Publish { message: Box::new(message.to_publish()), principal: said(&self.principal) })
    }
}

/// A User Property from a line `name=value`.
fn pair(line: &str) -> (String, String) {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    (name.to_owned(), value.to_owned())
}

/// The form for a message, and what else can be done with the retained one of its topic.
#[component]
fn MessageDialog(props: &MessageProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let draft = use_state(|| Draft::of(lab, props.topic.as_deref()));
    let answered = use_state(|| None);
    let ask = ask(lab, &answered);
    let command = draft.command();
    let onsubmit = {
        let (ask, command) = (ask.clone(), command.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(command) = command.clone() {
                ask.emit(command);
            }
        })
    };
    let text = |change: fn(&mut Draft, String)| on(&draft, change);
    let field = |label, value: &str, change| TextField::new(label, value, text(change));
    let topic = props.topic.clone().unwrap_or_default();
    let kept = lab.engine().run().world().broker().retained_at(&topic);
    let read = topic.clone();
    let title = if topic.is_empty() {
        "Publish over HTTP".to_owned()
    } else {
        format!("Retained message of {topic}")
    };
    html! {
        <Dialog {title} test="operation" onclose={closes(lab)}>
            <div class="access-form operation">
                if !topic.is_empty() {
                    <p data-test="retained-now">
                        if let Some(kept) = kept {
                            <span class="mono break">{ words::preview(&kept.payload) }</span>
                            <span class="faint">{ format!(" QoS {}, stored at {}", kept.qos as u8, clock(kept.stored_at)) }</span>
                        } else {
                            <span class="faint">{ "There is none now." }</span>
                        }
                    </p>
                    <div class="row">
                        <button type="button" data-test="retained-read"
                            onclick={asks(&ask, move || Command::RetainedRead { topic: read.clone() })}>{ "Read it" }</button>
                        <button type="button" data-test="retained-delete"
                            onclick={asks(&ask, move || Command::RetainedDelete { topic: topic.clone() })}>{ "Delete it" }</button>
                    </div>
                } else {
                    <p class="soft">{ "A message without a client, as an account publishes it. An empty one with Retain deletes what is retained." }</p>
                }
                <form class="access-form" {onsubmit}>
                    { field("Topic", &draft.topic, |draft, text| draft.topic = text).error(draft.wrong_topic()).html("http-topic") }
                    { lines_field("Payload", &draft.payload, None, "http-payload", &text(|draft, text| draft.payload = text)) }
                    <div class="row">
                        { choice("Level", QOS, draft.qos, "http-qos", &on(&draft, |draft, qos| draft.qos = qos)) }
                        { check_field("Retain", draft.retain, "http-retain", &on(&draft, |draft, is| draft.retain = is)) }
                    </div>
                    <details>
                        <summary>{ "Properties of MQTT 5, and who publishes" }</summary>
                        <div class="access-form">
                            { check_field("The payload is text", draft.is_text, "http-is-text", &on(&draft, |draft, is| draft.is_text = is)) }
                            { field("Content type", &draft.content_type, |draft, text| draft.content_type = text).html("http-content-type") }
                            { field("Response topic", &draft.response_topic, |draft, text| draft.response_topic = text).html("http-response-topic") }
                            { field("Correlation data", &draft.correlation_data, |draft, text| draft.correlation_data = text)
                                .html("http-correlation-data") }
                            { field("Expires after, in seconds", &draft.expiry_s, |draft, text| draft.expiry_s = text)
                                .number(u64::from(u32::MAX)).html("http-expiry") }
                            { lines_field("User properties, a line `name=value` each", &draft.pairs, None, "http-pairs",
                                &text(|draft, text| draft.pairs = text)) }
                            { field("With the policies of", &draft.principal, |draft, text| draft.principal = text)
                                .placeholder("nobody: everything is allowed").html("http-principal") }
                        </div>
                    </details>
                    <button type="submit" class="primary" disabled={command.is_none()} data-test="http-publish">{ "Publish" }</button>
                </form>
                { answer(&answered) }
            </div>
        </Dialog>
    }
}

/// A callback that changes what was typed.
fn on<T: 'static>(draft: &UseStateHandle<Draft>, change: fn(&mut Draft, T)) -> Callback<T> {
    let (now, set) = ((**draft).clone(), draft.setter());
    Callback::from(move |value: T| {
        let mut next = now.clone();
        change(&mut next, value);
        set.set(next);
    })
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
    let clean = use_state_eq(|| false);
    let silent = use_state_eq(|| false);
    let ask = ask(lab, &answered);
    let client = &props.client;
    let session = {
        let engine = lab.engine();
        let run = engine.run();
        run.world().broker().session(client, engine.view().at)
    };
    let connected = session.as_ref().is_some_and(|session| session.connection.is_some());
    let said = match &session {
        None => "It has no session.".to_owned(),
        Some(session) => {
            let there = session.connection.map_or_else(
                || "Away.".to_owned(),
                |connection| {
                    format!(
                        "Connected since {}, keep alive {} s.",
                        clock(connection.opened_at),
                        connection.keep_alive_s
                    )
                },
            );
            let lasts = match session.expiry_s {
                None => "Its session never expires.".to_owned(),
                Some(0) => "Its session ends with its connection.".to_owned(),
                Some(s) => format!("Its session outlives its connection by {s} s."),
            };
            format!("{there} {lasts}")
        }
    };
    let name = || client.clone();
    let (look, list, end) = (name(), name(), name());
    let (clean_session, prevent_will) = (*clean, *silent);
    html! {
        <Dialog title={format!("Connection of {client}")} test="operation" onclose={closes(lab)}>
            <div class="access-form">
                <p class="soft" data-test="connection-now">{ said }</p>
                if let Some(session) = &session {
                    <ul>
                        { for session.subscriptions.iter().map(|one| html! {
                            <li key={one.filter.clone()} class="kept" data-test="connection-subscription">
                                <span class="grow mono break">{ one.filter.clone() }</span>
                                <span class="faint">{ format!("QoS {}", one.options.qos as u8) }</span>
                            </li>
                        }) }
                    </ul>
                }
                <div class="row">
                    <button type="button" data-test="connection-read"
                        onclick={asks(&ask, move || Command::ConnectionRead { client: look.clone() })}>{ "Look at it" }</button>
                    <button type="button" data-test="subscription-list"
                        onclick={asks(&ask, move || Command::SubscriptionList { client: list.clone(), page: Page::default() })}>
                        { "List its subscriptions" }
                    </button>
                </div>
                { check_field("Its session ends too", *clean, "clean-session", &set(&clean)) }
                { check_field("Its Will is not published", *silent, "prevent-will", &set(&silent)) }
                <button type="button" class="primary" disabled={session.is_none()} data-test="connection-delete"
                    onclick={asks(&ask, move || Command::Disconnect { client: end.clone(), clean_session, prevent_will })}>
                    { if connected { "Disconnect it" } else { "End it" } }
                </button>
                { answer(&answered) }
            </div>
        </Dialog>
    }
}
