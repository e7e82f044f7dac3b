//! Device shadows (row O6): a document for each thing, classic or named, that devices and applications update and read over MQTT.

mod request;
mod state;

use super::cloud::{Now, Published};
use crate::broker::{By, Event, Kind, Observer, Told};
use crate::json::{Json, Object, write_value};
use crate::rule::{RuleId, aws, own};
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use request::{Document, Operation, Rejection, Request};
use state::{State, depth, write_fields, write_times};
use std::sync::Arc;

/// The largest state, in bytes of JSON text.
const STATE_MAX_BYTES: usize = 8 << 10;
/// How many fields of a section may stand in each other.
const DEPTH_MAX: usize = 8;
/// How long a deleted shadow's version is remembered.
const VERSION_KEPT: Span = Span::s(48 * 3_600);
/// How many shadows are kept, deleted ones included.
const SHADOWS_MAX: usize = 1_000;
/// The rule of the bounds of a state.
const SIZE: RuleId = aws("aws.shadow.size");

/// One shadow.
#[derive(Clone, Debug)]
struct Shadow {
    thing: Box<str>,
    name: Option<Box<str>>,
    state: State,
    /// How many updates were accepted.
    version: u64,
    /// Since when it is deleted.
    deleted_at: Option<SimTime>,
}

/// A shadow, to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShadowView {
    /// The thing that it is of.
    pub thing: String,
    /// Its name; `None` for the classic shadow.
    pub name: Option<String>,
    /// How many updates were accepted.
    pub version: u64,
    /// Its state with the delta, and its metadata, as JSON text.
    pub document: String,
}

/// What a request comes to: the answers, each with what follows the shadow's own topic.
type Answers = Vec<(&'static str, String)>;

/// The service that keeps shadows.
#[derive(Clone, Debug, Default)]
pub(super) struct Shadows {
    /// By the topic that they have in common. Shared with checkpoints.
    kept: Arc<Sorted<Box<str>, Arc<Shadow>>>,
}

impl Shadows {
    /// Whether a message on this topic asks a shadow for something.
    pub(super) fn looks_at(topic: &str) -> bool {
        Request::of(topic).is_some()
    }

    pub(super) fn hear(
        &mut self,
        now: Now,
        told: &Told,
        observer: &mut impl Observer,
        published: &mut Vec<Published>,
    ) {
        let Told::Published { client, message, cause } = told else { return };
        let Some(request) = Request::of(&message.topic) else { return };
        let (document, read) = Document::read(&message.payload);
        let done = request.check_names().and(read).and_then(|()| self.answer(now, &request, &document));
        let version = self.kept.get(request.base).map_or(0, |shadow| shadow.version);
        let operation = request.operation.name();
        let (answers, why, rule, code) = match done {
            Ok(answers) => (answers, format!("{operation} accepted"), rule(request.operation), None),
            Err(rejection) => {
                let answers = vec![("rejected", rejected(now, &document, &rejection))];
                let why = format!("{operation} rejected: {}", rejection.message);
                (answers, why, rejection.rule, Some(rejection.code))
            }
        };
        let number = Some(u32::try_from(version).unwrap_or(u32::MAX));
        let event = Event::new(now.at, Kind::AccountShadow, By::Broker, client, *cause);
        let cause =
            observer.note(Event { topic: request.base, why: &why, rule: Some(rule), code, number, ..event });
        for (kind, payload) in answers {
            let topic = format!("{}/{operation}/{kind}", request.base);
            published.push(Published::new(topic, payload, cause));
        }
    }

    /// The shadows that there are, by thing and name.
    pub(super) fn views(&self) -> impl Iterator<Item = ShadowView> {
        self.kept.values().filter(|shadow| shadow.deleted_at.is_none()).map(|shadow| {
            let mut document = String::new();
            let mut object = Object::begin(&mut document);
            shadow.state.write(&mut object, Some(&shadow.state.delta()));
            object.end();
            ShadowView {
                thing: shadow.thing.to_string(),
                name: shadow.name.as_deref().map(str::to_owned),
                version: shadow.version,
                document,
            }
        })
    }

    /// Does what is asked.
    fn answer(&mut self, now: Now, request: &Request<'_>, document: &Document) -> Result<Answers, Rejection> {
        match request.operation {
            Operation::Update => self.update(now, request, document),
            Operation::Get => {
                let shadow = self.find(request)?;
                let delta = shadow.state.delta();
                let answer = reply(now, document, Some(shadow.version), |object| {
                    shadow.state.write(object, Some(&delta));
                });
                Ok(vec![("accepted", answer)])
            }
            Operation::Delete => {
                let shadow = self.find(request)?;
                let gone = Shadow { state: State::default(), deleted_at: Some(now.at), ..(**shadow).clone() };
                let answer = reply(now, document, Some(gone.version), |_| {});
                Arc::make_mut(&mut self.kept).insert(request.base.into(), Arc::new(gone));
                Ok(vec![("accepted", answer)])
            }
        }
    }

    /// The shadow that a request is about.
    fn find(&self, request: &Request<'_>) -> Result<&Arc<Shadow>, Rejection> {
        let kept = self.kept.get(request.base).filter(|shadow| shadow.deleted_at.is_none());
        kept.ok_or_else(|| request.unknown())
    }

    /// Merges what an update says, and tells what came of it.
    fn update(&mut self, now: Now, request: &Request<'_>, document: &Document) -> Result<Answers, Rejection> {
        let sections = sections(document)?;
        let known = self.kept.get(request.base).filter(|shadow| !shadow.is_forgotten(now.at));
        let before = known.map_or_else(|| Shadow::new(request), |shadow| (**shadow).clone());
        if document.version.is_some_and(|version| version != before.version) {
            return Err(Rejection::new(409, "Version conflict").by(aws("aws.shadow.version")));
        }
        if known.is_none() && self.kept.len() >= SHADOWS_MAX {
            let rejection = Rejection::new(429, "More shadows than this account keeps");
            return Err(rejection.by(own("glassbroker.bound.shadows")));
        }
        let mut after = Shadow { version: before.version + 1, deleted_at: None, ..before.clone() };
        let at_s = now.unix_ms() / 1_000;
        let mut said = State::default();
        for (section, update) in sections {
            after.state.merge(section, update, at_s);
            said.merge(section, update, at_s);
        }
        if after.state.size() > STATE_MAX_BYTES {
            return Err(Rejection::new(413, "The payload exceeds the maximum size allowed").by(SIZE));
        }
        let accepted = reply(now, document, Some(after.version), |object| {
            if let Some(state) = &document.state {
                write_value(object.key("state"), state, None);
            }
            said.write_metadata(object);
        });
        let documents = reply(now, document, None, |object| {
            before.write(object.key("previous"));
            after.write(object.key("current"));
        });
        let mut answers = vec![("accepted", accepted), ("documents", documents)];
        let delta = after.state.delta();
        if !delta.is_empty() {
            let delta = reply(now, document, Some(after.version), |object| {
                write_fields(object.key("state"), &delta);
                write_times(object.key("metadata"), &delta);
            });
            answers.push(("delta", delta));
        }
        Arc::make_mut(&mut self.kept).insert(request.base.into(), Arc::new(after));
        Ok(answers)
    }
}

impl Shadow {
    /// A shadow that is not there yet.
    fn new(request: &Request<'_>) -> Self {
        let (thing, name) = (request.thing.into(), request.name.map(Into::into));
        Self { thing, name, state: State::default(), version: 0, deleted_at: None }
    }

    /// Whether it was deleted so long ago that nothing of it is known.
    fn is_forgotten(&self, now: SimTime) -> bool {
        self.deleted_at.is_some_and(|at| now.since(at) >= VERSION_KEPT)
    }

    /// Writes state, metadata and version.
    fn write(&self, out: &mut String) {
        let mut object = Object::begin(out);
        self.state.write(&mut object, None);
        object.number("version", self.version);
        object.end();
    }
}

/// The rule by which an operation is done.
const fn rule(operation: Operation) -> RuleId {
    match operation {
        Operation::Get => aws("aws.shadow.get"),
        Operation::Update => aws("aws.shadow.update"),
        Operation::Delete => aws("aws.shadow.delete"),
    }
}

/// The sections of an update, each an object, or null, which deletes it.
fn sections(document: &Document) -> Result<Vec<(&'static str, &Json)>, Rejection> {
    let wrong = |message: &str| Rejection::new(400, message);
    let Some(state) = &document.state else { return Err(wrong("Missing required node: state")) };
    let Json::Object(entries) = state else { return Err(wrong("State node must be an object")) };
    let mut sections = Vec::new();
    for entry in entries {
        let (name, message) = match entry.key.as_str() {
            "desired" => ("desired", "Desired node must be an object"),
            "reported" => ("reported", "Reported node must be an object"),
            _ => return Err(wrong("State contains an invalid node")),
        };
        let section = &entry.node.value;
        if !matches!(section, Json::Object(_) | Json::Null) {
            return Err(wrong(message));
        }
        if depth(section) > DEPTH_MAX {
            let message = "JSON contains too many levels of nesting; maximum is 8";
            return Err(wrong(message).by(SIZE));
        }
        sections.push((name, section));
    }
    Ok(sections)
}

/// An answer: what `rest` writes, the version where it says so, the time, and the request's token.
fn reply(now: Now, asked: &Document, version: Option<u64>, rest: impl FnOnce(&mut Object<'_>)) -> String {
    let mut out = String::new();
    let mut object = Object::begin(&mut out);
    rest(&mut object);
    if let Some(version) = version {
        object.number("version", version);
    }
    object.number("timestamp", now.unix_ms() / 1_000);
    if let Some(token) = &asked.token {
        object.text("clientToken", token);
    }
    object.end();
    out
}

fn rejected(now: Now, asked: &Document, rejection: &Rejection) -> String {
    reply(now, asked, None, |object| {
        object.number("code", rejection.code.into());
        object.text("message", &rejection.message);
    })
}
