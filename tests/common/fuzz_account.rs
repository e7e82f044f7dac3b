//! A tape of bytes that drives an account: devices update shadows and set off topic rules; what shadows answer is worked out beside them.
#![allow(dead_code, unreachable_pub)]

use crate::packets::{Tape, encoded};
use bytes::Bytes;
use glassbroker::account::{Cloud, Query, Republish, Template, TopicRule};
use glassbroker::broker::{Broker, Cause, ConnId, Link, NoObserver, Output};
use glassbroker::profile::{Profile, Value as Setting};
use glassbroker::sorted::Sorted;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The shadow's own topic.
const SHADOW: &str = "$aws/things/lamp/shadow";
/// What it answers on.
const ANSWERS: [&str; 8] = [
    "update/accepted",
    "update/rejected",
    "update/delta",
    "update/documents",
    "get/accepted",
    "get/rejected",
    "delete/accepted",
    "delete/rejected",
];
/// What statements are put together of, most of it right somewhere.
const WORDS: [&str; 40] = [
    "*",
    "t",
    "a.b",
    "list[1]",
    "'text'",
    "7",
    "-1.50",
    "topic(2)",
    "topic()",
    "clientid()",
    "timestamp()",
    "AS x",
    ",",
    ",",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "<>",
    "<=",
    ">",
    "AND",
    "OR",
    "NOT",
    "upper(t)",
    "concat(t, 'x')",
    "CASE",
    "FROM",
    "WHERE",
    "''",
    "1e9",
    "true",
    "null",
    "abs(t)",
    "${",
    ".",
];

/// The fuzz target `account`.
pub fn run(input: &[u8]) {
    let mut run = Run::new(input);
    while !run.tape.0.is_empty() {
        run.step();
    }
}

struct Run<'a> {
    tape: Tape<'a>,
    cloud: Cloud,
    conn: ConnId,
    now: SimTime,
    shadow: Shadow,
}

/// A shadow as the guide tells it, kept by an independent reader of JSON.
#[derive(Default)]
struct Shadow {
    desired: Value,
    reported: Value,
    version: u64,
    is_there: bool,
}

impl<'a> Run<'a> {
    fn new(input: &'a [u8]) -> Self {
        let mut tape = Tape(input);
        let mut profile = Profile::named("aws-iot-core").expect("a preset");
        for key in [
            "publish.in_per_s",
            "publish.out_per_s",
            "connection.in_bytes_per_s",
            "connection.out_bytes_per_s",
        ] {
            profile.set(key, Setting::Unlimited).expect("a rate");
        }
        let mut rules: Sorted<Box<str>, TopicRule> = Sorted::new();
        for (name, rule) in (0..2).filter_map(|number| rule(&mut tape, number)) {
            rules.insert(name, rule);
        }
        let mut cloud = Cloud::new(Broker::new(profile, 7), 7, 0).with_rules(Arc::new(rules));
        let link = Link {
            websocket: true,
            bytes_free: usize::MAX,
            packet_bytes: 0,
            age: Span::ZERO,
            principal: None,
        };
        let conn = cloud.open(SimTime::ZERO, link, Cause::NONE, &mut NoObserver);
        let mut run = Self { tape, cloud, conn, now: SimTime::ZERO, shadow: Shadow::default() };
        run.send(&Packet::Connect(Box::new(Connect {
            version: Version::V3,
            clean_start: true,
            keep_alive_s: 0,
            client_id: "device".into(),
            will: None,
            username: None,
            password: None,
            properties: Properties::NONE,
        })));
        let filters = ANSWERS.iter().map(|answer| format!("{SHADOW}/{answer}"));
        run.subscribe(filters);
        run.subscribe(["out/#".to_owned()]);
        run
    }

    fn subscribe(&mut self, filters: impl IntoIterator<Item = String>) {
        let filters = filters
            .into_iter()
            .map(|filter| Subscription { filter: filter.into(), ..Subscription::default() });
        let subscribe = Subscribe { id: 1, filters: filters.collect(), ..Subscribe::default() };
        let answers = self.send(&Packet::Subscribe(subscribe));
        assert!(matches!(answers.as_slice(), [Packet::Suback(_)]), "{answers:?}");
    }

    /// Sends a packet; what the device gets because of it.
    fn send(&mut self, packet: &Packet) -> Vec<Packet> {
        let bytes = Bytes::from(encoded(packet, Version::V3));
        self.cloud.receive(self.now, self.conn, bytes, Cause::NONE, &mut NoObserver);
        let mut got = Vec::new();
        while let Some(output) = self.cloud.poll() {
            let Output::Send { head, body, .. } = output else { panic!("{packet:?} ends the connection") };
            let bytes = Bytes::from([&head[..], &body[..]].concat());
            got.push(decode(&bytes, Version::V3).expect("a whole packet"));
        }
        got
    }

    fn publish(&mut self, topic: &str, payload: Vec<u8>) -> Vec<(String, Bytes)> {
        let message = Publish { topic: topic.into(), payload: payload.into(), ..Publish::default() };
        let got = self.send(&Packet::Publish(message)).into_iter();
        got.filter_map(|packet| match packet {
            Packet::Publish(message) => Some((message.topic.to_string(), message.payload)),
            _ => None,
        })
        .collect()
    }

    fn step(&mut self) {
        self.now += Span::ms(u64::from(self.tape.byte()) * 40);
        self.cloud.tick(self.now, &mut NoObserver);
        match self.tape.below(8) {
            0 => _ = self.ask("get", json!({})),
            1 => self.delete(),
            2 => {
                // Anything at all, to rules and to another thing's shadow.
                const TOPICS: [&str; 5] = [
                    "in/7/state",
                    "out/7/state",
                    "$aws/rules/r0/in/x",
                    "in",
                    "$aws/things/other/shadow/name/n/update",
                ];
                let topic = TOPICS[self.tape.below(TOPICS.len())];
                let mut payload = self.document().to_string().into_bytes();
                for _ in 0..self.tape.below(4) {
                    let at = self.tape.below(payload.len().max(1));
                    if let Some(byte) = payload.get_mut(at) {
                        *byte = self.tape.byte();
                    }
                }
                self.publish(topic, payload);
            }
            _ if self.shadow.size() > 2_000 => self.delete(),
            kind => {
                let update = if kind == 3 { self.document() } else { json!({ "state": self.state() }) };
                let judged = self.judge(&update);
                let got = self.publish(&format!("{SHADOW}/update"), update.to_string().into_bytes());
                assert_eq!(
                    answered(&got, "update/accepted").is_some(),
                    judged.is_some(),
                    "{update}: {got:?}"
                );
                self.follow(&got, judged);
            }
        }
    }

    /// Asks a shadow for something with nothing to add.
    fn ask(&mut self, operation: &str, payload: Value) -> Value {
        let got = self.publish(&format!("{SHADOW}/{operation}"), payload.to_string().into_bytes());
        let kind = if self.shadow.is_there { "accepted" } else { "rejected" };
        let answer =
            answered(&got, &format!("{operation}/{kind}")).unwrap_or_else(|| panic!("{kind}: {got:?}"));
        if self.shadow.is_there {
            assert_eq!(answer["version"], json!(self.shadow.version));
        } else {
            assert_eq!(answer["code"], json!(404));
        }
        if operation == "get" && self.shadow.is_there {
            self.shadow.check(&answer["state"]);
        }
        answer
    }

    fn delete(&mut self) {
        self.ask("delete", json!({}));
        // The version is not forgotten: runs are shorter than the two days that it is kept.
        self.shadow = Shadow { version: self.shadow.version, ..Shadow::default() };
    }

    /// What an update comes to; `None` where it is to be rejected.
    fn judge(&self, update: &Value) -> Option<(Value, Value)> {
        let update = update.as_object()?;
        if update.get("clientToken").is_some_and(|token| token.as_str().is_none_or(|token| token.len() > 64))
        {
            return None;
        }
        match update.get("version") {
            Some(Value::Null) | None => {}
            Some(version) if version.as_u64() == Some(self.shadow.version) => {}
            Some(_) => return None,
        }
        let state = update.get("state")?.as_object()?;
        let mut after = (self.shadow.desired.clone(), self.shadow.reported.clone());
        for (section, value) in state {
            let whole = match section.as_str() {
                "desired" => &mut after.0,
                "reported" => &mut after.1,
                _ => return None,
            };
            match value {
                Value::Object(fields) if depth(value) <= 8 => merge(whole, fields),
                Value::Null => *whole = Value::Null,
                _ => return None,
            }
        }
        Some(after)
    }

    /// The shadow is now as it was judged, and what was answered agrees.
    fn follow(&mut self, got: &[(String, Bytes)], judged: Option<(Value, Value)>) {
        let Some((desired, reported)) = judged else {
            assert!(
                answered(got, "update/rejected").is_some_and(|answer| answer["code"].is_number()),
                "{got:?}"
            );
            return;
        };
        self.shadow = Shadow { desired, reported, version: self.shadow.version + 1, is_there: true };
        let documents = answered(got, "update/documents").expect("what was and what is");
        self.shadow.check(&documents["current"]["state"]);
        assert_eq!(documents["current"]["version"], json!(self.shadow.version));
        let delta = delta(&self.shadow.desired, &self.shadow.reported);
        match answered(got, "update/delta") {
            Some(told) => assert_eq!(pruned(&told["state"]), delta),
            None => assert_eq!(delta, json!({}), "{:?}", self.shadow.desired),
        }
    }

    /// A document of a shadow's state.
    fn state(&mut self) -> Value {
        let mut state = Map::new();
        for section in ["desired", "reported"] {
            match self.tape.below(5) {
                0 => {}
                1 => _ = state.insert(section.to_owned(), Value::Null),
                _ => {
                    let fields = self.fields(0);
                    state.insert(section.to_owned(), fields);
                }
            }
        }
        Value::Object(state)
    }

    fn fields(&mut self, at: usize) -> Value {
        let count = self.tape.below(4);
        let names = ["on", "t", "a", "b", "é", "\"", ""];
        let fields = (0..count).map(|_| (names[self.tape.below(names.len())].to_owned(), self.value(at + 1)));
        Value::Object(fields.collect())
    }

    fn value(&mut self, at: usize) -> Value {
        match self.tape.below(8) {
            0 => Value::Null,
            1 => Value::Bool(self.tape.flag()),
            2 => json!(self.tape.u16()),
            3 => json!(-i64::from(self.tape.u16())),
            4 => json!(["", "x", "\u{7f}\n", "😀"][self.tape.below(4)]),
            5 => json!([self.tape.byte(), { "in": self.tape.flag() }]),
            _ if at < 12 => self.fields(at),
            _ => Value::Bool(true),
        }
    }

    /// A document that may be anything.
    fn document(&mut self) -> Value {
        let mut document = match self.tape.below(3) {
            0 => self.value(0),
            1 => json!({ "t": self.tape.u16(), "a": { "b": self.value(0) }, "list": [1, self.value(0)] }),
            _ => json!({ "state": self.state() }),
        };
        if let Some(fields) = document.as_object_mut() {
            match self.tape.below(6) {
                0 => _ = fields.insert("version".to_owned(), json!(self.shadow.version)),
                1 => _ = fields.insert("version".to_owned(), self.value(0)),
                2 => _ = fields.insert("clientToken".to_owned(), json!("x".repeat(self.tape.below(80)))),
                _ => {}
            }
        }
        document
    }
}

impl Shadow {
    /// How long its state is as text, in bytes.
    fn size(&self) -> usize {
        self.desired.to_string().len() + self.reported.to_string().len()
    }

    /// What the service says of the state is what it should be.
    fn check(&self, state: &Value) {
        assert_eq!(pruned(&state["desired"]), pruned(&self.desired));
        assert_eq!(pruned(&state["reported"]), pruned(&self.reported));
    }
}

/// The answer of this kind among what came.
fn answered(got: &[(String, Bytes)], kind: &str) -> Option<Value> {
    let (_, payload) =
        got.iter().find(|(topic, _)| topic.strip_prefix(SHADOW) == Some(&format!("/{kind}")))?;
    Some(serde_json::from_slice(payload).unwrap_or_else(|error| panic!("{payload:?}: {error}")))
}

/// A partial update: fields replace fields, null deletes them.
fn merge(whole: &mut Value, fields: &Map<String, Value>) {
    if !whole.is_object() {
        *whole = json!({});
    }
    let whole = whole.as_object_mut().expect("an object");
    for (name, value) in fields {
        match value {
            Value::Null => _ = whole.remove(name),
            Value::Object(fields) => merge(whole.entry(name.clone()).or_insert(Value::Null), fields),
            value => _ = whole.insert(name.clone(), value.clone()),
        }
    }
}

/// What is desired and not reported so.
fn delta(desired: &Value, reported: &Value) -> Value {
    let Value::Object(fields) = desired else { return json!({}) };
    let mut differs = Map::new();
    for (name, wanted) in fields {
        match (wanted, reported.get(name)) {
            (Value::Object(_), Some(Value::Object(_))) => {
                let inner = delta(wanted, &reported[name]);
                differs.insert(name.clone(), inner);
            }
            (wanted, Some(is)) if wanted == is => {}
            (wanted, _) => _ = differs.insert(name.clone(), wanted.clone()),
        }
    }
    pruned(&Value::Object(differs))
}

/// Without objects that hold nothing: the guide says nothing of them. A section that there is not is such a one.
fn pruned(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().map(|(name, value)| (name, pruned(value)));
            let kept = kept.filter(|(_, value)| value.as_object().is_none_or(|fields| !fields.is_empty()));
            Value::Object(kept.map(|(name, value)| (name.clone(), value)).collect())
        }
        Value::Null => json!({}),
        value => value.clone(),
    }
}

/// How many fields stand in each other.
fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(|value| 1 + depth(value)).max().unwrap_or(0),
        Value::Array(items) => items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A topic rule, where the statement that the tape makes is one.
fn rule(tape: &mut Tape<'_>, number: usize) -> Option<(Box<str>, TopicRule)> {
    let mut sql = "SELECT ".to_owned();
    for _ in 0..1 + tape.below(6) {
        sql.push_str(WORDS[tape.below(WORDS.len())]);
        sql.push(' ');
    }
    sql.push_str(["FROM 'in/#'", "FROM 'out/#'", "FROM '#'", ""][tape.below(4)]);
    if tape.flag() {
        sql.push_str(" WHERE ");
        for _ in 0..1 + tape.below(5) {
            sql.push_str(WORDS[tape.below(WORDS.len())]);
            sql.push(' ');
        }
    }
    let query = Query::parse(&sql).ok()?;
    assert_eq!(query.text(), sql);
    let topic =
        ["out/x", "out/${topic(1)}", "in/${t}", "$$aws/things/lamp/shadow/get", "out/${"][tape.below(5)];
    let topic = Template::parse(topic).ok()?;
    let action = Republish { topic, ..Republish::default() };
    Some((format!("r{number}").into(), TopicRule { query, actions: vec![action], disabled: false }))
}
