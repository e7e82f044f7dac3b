//! From JSON text to a [`Scenario`].

use super::check::{MAX_DOCUMENT_BYTES, check, check_step};
use super::document::{Ask, BrokerPart, Claim, FORMAT, Mark, Scenario};
use super::form::{Object, Path, Reader, pair, span, switch, text};
use super::json::{self, Entry, Json, Node};
use super::names;
use super::problem::Problem;
use super::read_step::step;
use crate::client::{ClientOptions, ConnectOptions, MessageExtra, WillOptions};
use crate::profile::Value;
use crate::sim::{ClientSpec, Input, LinkSpec};
use crate::time::{SimTime, Span};
use crate::wire::{QoS, Version};

/// Reads a document and checks it.
///
/// # Errors
/// Everything that is wrong with it, up to a bound, with line, column and path.
pub fn parse(text: &str) -> Result<Scenario, Vec<Problem>> {
    if text.len() > MAX_DOCUMENT_BYTES {
        let message =
            format!("the document has {} bytes; at most {MAX_DOCUMENT_BYTES} are allowed", text.len());
        return Err(vec![Problem::at_offset(text, 0, message)]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = json::parse(text).map_err(|problem| vec![problem])?;
    let mut reader = Reader::new(text);
    let scenario = scenario(&mut reader, &root);
    match scenario {
        Some(scenario) if reader.problems.is_empty() => {
            let mut problems = check(&scenario);
            for problem in &mut problems {
                let offset = place(&root, &problem.path);
                problem.locate(text, offset);
            }
            if problems.is_empty() { Ok(scenario) } else { Err(problems) }
        }
        _ => Err(reader.problems),
    }
}

/// Reads one step by itself, which is to happen at once: as in a document, but without `at`, `every` and `times`.
///
/// `clients` are the virtual clients that there are, and the version that each speaks.
///
/// # Errors
/// Everything that is wrong with it, with line, column and path.
pub fn parse_step<'a>(
    text: &str,
    clients: impl IntoIterator<Item = (&'a str, Version)>,
) -> Result<Input, Vec<Problem>> {
    let mut root = json::parse(text).map_err(|problem| vec![problem])?;
    let mut reader = Reader::new(text);
    if let Json::Object(entries) = &mut root.value {
        for entry in entries.iter().filter(|entry| ["at", "every", "times"].contains(&entry.key.as_str())) {
            let message = "what is done at once has no time of its own";
            reader.wrong(entry.offset, &Path::Root.field(&entry.key), message);
        }
        if reader.problems.is_empty() {
            let now = Node { offset: 0, value: Json::Text("0s".to_owned()) };
            entries.push(Entry { offset: 0, key: "at".to_owned(), node: now });
        }
    }
    let step = if reader.problems.is_empty() { step(&mut reader, &root, &Path::Root) } else { None };
    match step {
        Some(step) if reader.problems.is_empty() => {
            let mut problems = check_step(&step, clients);
            for problem in &mut problems {
                problem.path = problem.path.trim_start_matches('.').to_owned();
                let offset = place(&root, &problem.path);
                problem.locate(text, offset);
            }
            if problems.is_empty() { Ok(step.input) } else { Err(problems) }
        }
        _ => Err(reader.problems),
    }
}

/// Where the value at a path begins, or the last value on the way to it that is there.
fn place(root: &Node, path: &str) -> usize {
    let (mut node, mut path) = (root, path);
    while let Some((next, rest)) = step_down(node, path.strip_prefix('.').unwrap_or(path)) {
        (node, path) = (next, rest);
    }
    node.offset
}

/// The next value on a path, and what is left of the path. A key may hold dots itself, as the names of settings do.
fn step_down<'a, 'p>(node: &'a Node, path: &'p str) -> Option<(&'a Node, &'p str)> {
    match &node.value {
        Json::List(items) => {
            let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
            Some((items.get(index.parse::<usize>().ok()?)?, rest))
        }
        Json::Object(entries) => entries.iter().find_map(|entry| {
            let rest = path.strip_prefix(entry.key.as_str())?;
            (rest.is_empty() || rest.starts_with(['.', '['])).then_some((&entry.node, rest))
        }),
        _ => None,
    }
}

fn scenario(reader: &mut Reader<'_>, root: &Node) -> Option<Scenario> {
    let path = Path::Root;
    let object = reader.fields(root, &path, &names::SCENARIO)?;
    if let Some(format) = object.get("glassbroker")
        && !matches!(&format.value, Json::Number(number) if *number == FORMAT.to_string())
    {
        let message = format!("this is the version of the document; the only one is {FORMAT}");
        reader.wrong(format.offset, &path.field("glassbroker"), message);
    }
    // For editors only.
    reader.take(&object, "$schema", text);
    let default = Scenario::default();
    Some(Scenario {
        title: reader.take(&object, "title", text).unwrap_or_default(),
        about: reader.take(&object, "about", text).unwrap_or_default(),
        seed: reader.number(&object, "seed", 0..=MAX_EXACT).unwrap_or(default.seed),
        epoch: reader.take(&object, "epoch", text).unwrap_or(default.epoch),
        until: reader.take(&object, "until", time),
        broker: reader.take(&object, "broker", broker).unwrap_or_default(),
        clients: reader.list(&object, "clients", client),
        steps: reader.list(&object, "steps", step),
        marks: reader.list(&object, "marks", mark),
        expect: reader.list(&object, "expect", claim),
    })
}

/// The greatest whole number that every JSON reader takes exactly: 2^53 - 1 (RFC 8259, section 6).
const MAX_EXACT: u64 = (1 << 53) - 1;

pub(super) fn time(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<SimTime> {
    span(reader, node, path).map(|span| SimTime(span.0))
}

fn broker(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<BrokerPart> {
    let object = reader.fields(node, path, &names::BROKER)?;
    let mut part = BrokerPart::default();
    if let Some(profile) = reader.take(&object, "profile", text) {
        part.profile = profile;
    }
    let place = path.field("set");
    match object.get("set").map(|set| (set, &set.value)) {
        None => {}
        Some((_, Json::Object(entries))) => {
            for entry in entries {
                if let Some(value) = setting(reader, &entry.node, &place.field(&entry.key)) {
                    part.set.insert(entry.key.clone(), value);
                }
            }
        }
        Some((set, _)) => {
            reader.wrong(set.offset, &place, "an object of settings and their values belongs here")
        }
    }
    if let Some(policies) = object.get("policies")
        && !matches!(&policies.value, Json::Object(entries) if entries.is_empty())
    {
        reader.wrong(policies.offset, &path.field("policies"), NO_POLICIES);
    }
    Some(part)
}

/// Why policies are refused.
const NO_POLICIES: &str = "no profile of this version decides by policies; leave this out";

/// The value of a setting.
pub(super) fn setting(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Value> {
    let value = match &node.value {
        Json::Number(number) => number.parse().ok().map(Value::Number),
        Json::Switch(switch) => Some(Value::Switch(*switch)),
        Json::Text(text) if text == "unlimited" => Some(Value::Unlimited),
        _ => None,
    };
    if value.is_none() {
        reader.wrong(node.offset, path, "a whole number, true, false or \"unlimited\" belongs here");
    }
    value
}

fn client(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<ClientSpec> {
    let object = reader.fields(node, path, &names::CLIENT)?;
    if let Some(policy) = object.get("policy") {
        reader.wrong(policy.offset, &path.field("policy"), NO_POLICIES);
    }
    let default = ClientOptions::default();
    let mut connect = reader.take(&object, "connect", connect).unwrap_or_default();
    connect.username = reader.take(&object, "username", text);
    connect.password = reader.take(&object, "password", super::form::bytes);
    Some(ClientSpec {
        client: ClientOptions {
            id: reader.take(&object, "id", text).unwrap_or_default(),
            version: reader.take(&object, "mqtt", version).unwrap_or(default.version),
            connect,
            pings: reader.take(&object, "pings", switch).unwrap_or(default.pings),
            reconnect: reader.take(&object, "reconnect_after", span),
            queue_max_messages: reader
                .number(&object, "queue_max_messages", 0..=1_000_000)
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(default.queue_max_messages),
        },
        link: reader.take(&object, "link", link).unwrap_or_default(),
    })
}

fn version(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Version> {
    match &node.value {
        Json::Text(text) if text == "5" => Some(Version::V5),
        Json::Text(text) if text == "3.1.1" => Some(Version::V3),
        _ => {
            reader.wrong(node.offset, path, "the version of MQTT is \"5\" or \"3.1.1\"");
            None
        }
    }
}

/// What a CONNECT says; without user name and password, which are the client's.
pub(super) fn connect(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<ConnectOptions> {
    let object = reader.fields(node, path, &names::CONNECT)?;
    let default = ConnectOptions::default();
    Some(ConnectOptions {
        client_id: reader.take(&object, "client_id", text),
        clean_start: reader.take(&object, "clean_start", switch).unwrap_or(default.clean_start),
        keep_alive_s: reader.number16(&object, "keep_alive_s", 0).unwrap_or(default.keep_alive_s),
        session_expiry_s: reader.number32(&object, "session_expiry_s", 0),
        receive_maximum: reader.number16(&object, "receive_maximum", 1),
        maximum_packet_bytes: reader.number32(&object, "maximum_packet_bytes", 1),
        topic_alias_maximum: reader.number16(&object, "topic_alias_maximum", 0),
        username: None,
        password: None,
        will: reader.take(&object, "will", will),
        user_properties: reader.list(&object, "user_properties", pair),
    })
}

fn will(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<WillOptions> {
    let object = reader.fields(node, path, &names::WILL)?;
    let delay_s = reader.number32(&object, "delay_s", 0);
    Some(WillOptions { message: message(reader, &object), delay_s })
}

/// A message to publish, from the fields that a publication and a will have in common.
pub(super) fn message(reader: &mut Reader<'_>, object: &Object<'_>) -> crate::client::Message {
    let extra = MessageExtra {
        payload_is_text: reader.take(object, "payload_is_text", switch),
        expiry_s: reader.number32(object, "expiry_s", 0),
        content_type: reader.take(object, "content_type", text),
        response_topic: reader.take(object, "response_topic", text),
        correlation_data: reader.take(object, "correlation_data", super::form::bytes),
        topic_alias: reader.number16(object, "topic_alias", 1),
        user_properties: reader.list(object, "user_properties", pair),
    };
    crate::client::Message {
        topic: reader.take(object, "topic", text).unwrap_or_default(),
        payload: reader.take(object, "payload", super::form::bytes).unwrap_or_default(),
        qos: qos(reader, object),
        retain: reader.take(object, "retain", switch).unwrap_or_default(),
        extra: (extra != MessageExtra::default()).then(|| Box::new(extra)),
    }
}

/// The QoS of an object; 0 where none is said.
pub(super) fn qos(reader: &mut Reader<'_>, object: &Object<'_>) -> QoS {
    let number = reader.number(object, "qos", 0..=2).and_then(|n| u8::try_from(n).ok());
    number.and_then(QoS::from_number).unwrap_or_default()
}

/// A link.
pub(super) fn link(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<LinkSpec> {
    const HOUR_MS: u64 = 3_600_000;
    let object = reader.fields(node, path, &names::LINK)?;
    let default = LinkSpec::default();
    Some(LinkSpec {
        latency: reader.number(&object, "latency_ms", 0..=HOUR_MS).map_or(default.latency, Span::ms),
        jitter: reader.number(&object, "jitter_ms", 0..=HOUR_MS).map_or(default.jitter, Span::ms),
        bytes_per_s: reader.number(&object, "bytes_per_s", 1..=1_000_000_000_000),
        in_flight_max_bytes: reader
            .number(&object, "in_flight_max_bytes", 1..=1 << 30)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(default.in_flight_max_bytes),
    })
}

fn mark(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Mark> {
    let object = reader.fields(node, path, &names::MARK)?;
    Some(Mark {
        at: reader.take(&object, "at", time).unwrap_or_default(),
        title: reader.take(&object, "title", text).unwrap_or_default(),
        text: reader.take(&object, "text", text).unwrap_or_default(),
        pause: reader.take(&object, "pause", switch).unwrap_or_default(),
        ask: reader.take(&object, "ask", ask),
    })
}

fn ask(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Ask> {
    let object = reader.fields(node, path, &names::ASK)?;
    Some(Ask {
        question: reader.take(&object, "question", text).unwrap_or_default(),
        choices: reader.list(&object, "choices", text),
        answer: reader
            .number(&object, "answer", 0..=99)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or_default(),
        why: reader.take(&object, "why", text).unwrap_or_default(),
    })
}

fn claim(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Claim> {
    let object = reader.fields(node, path, &names::CLAIM)?;
    let place = path.field("between");
    let between = object.get("between").and_then(|node| {
        let times = reader.items(node, &place, time);
        let pair = <[SimTime; 2]>::try_from(times).ok().map(|[from, to]| (from, to));
        if pair.is_none() {
            reader.wrong(node.offset, &place, "two times belong here, such as [\"30s\", \"60s\"]");
        }
        pair
    });
    Some(Claim {
        client: reader.take(&object, "client", text).unwrap_or_default(),
        receives: reader.number(&object, "receives", 0..=u64::from(u32::MAX)).unwrap_or_default(),
        topic: reader.take(&object, "topic", text),
        between,
    })
}
