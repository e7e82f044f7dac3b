//! The JSON lines: the outward form of a trace, which `docs/trace.md` describes, and their hash.

use super::event::EventRef;
use super::packet_line::write_packet;
use super::store::Trace;
use crate::broker::Kind;
use crate::fnv::{FNV1A, fnv1a};
use crate::json::{self, Json, Node, Object, write_text, write_value};
use crate::profile::{Profile, Value};
use std::io;

/// The number of the format: that of the outward forms, which the first key of line 1 carries.
const FORMAT: u64 = 1;

/// The keys that a kind gives to the fields of an event that mean something else in each kind.
struct Keys {
    topic: &'static str,
    why: &'static str,
    number: &'static str,
}

fn keys(kind: Kind, topic: &str) -> Keys {
    let is_setting = |name: &str| Profile::keys().iter().any(|setting| setting.key == name);
    let topic = match kind {
        Kind::SubscriptionAdded | Kind::SubscriptionReplaced | Kind::SubscriptionRemoved => "filter",
        Kind::Input | Kind::Decision => "key",
        Kind::PolicyAllowed | Kind::PolicyDenied => "resource",
        Kind::QuotaDelayed => "quota",
        Kind::QuotaRefused if is_setting(topic) => "quota",
        Kind::Mark => "title",
        _ => "topic",
    };
    let why = match kind {
        Kind::Input => "do",
        Kind::SocketOpened => "subprotocol",
        Kind::Mark => "text",
        _ => "why",
    };
    let number = match kind {
        Kind::MessageQueued
        | Kind::MessageDequeued
        | Kind::MessageDropped
        | Kind::MessageExpired
        | Kind::SessionResumed
        | Kind::SessionExpired
        | Kind::SessionCleared => "depth",
        Kind::QuotaDelayed | Kind::QuotaRefused => "level",
        Kind::SubscriptionAdded | Kind::SubscriptionReplaced => "identifier",
        _ => "number",
    };
    Keys { topic, why, number }
}

impl EventRef<'_> {
    /// Appends the event as one JSON object, without a line break.
    pub fn write_json(&self, out: &mut String) {
        let mut object = Object::begin(out);
        object.number("seq", u64::from(self.seq()));
        object.number("t", self.at().0);
        object.text("kind", self.kind().name());
        object.text("by", self.by().name());
        match self.client() {
            "" => object.null("client"),
            client => object.text("client", client),
        }
        self.write_fields(&mut object);
        if let Some(message) = self.message() {
            write_text(object.key("message"), &message.to_string());
        }
        match self.cause() {
            Some(cause) => object.number("cause", u64::from(cause)),
            None => object.null("cause"),
        }
        match self.rule() {
            Some(rule) => object.text("rule", rule.id),
            None => object.null("rule"),
        }
        object.end();
    }

    /// What the event says beside who, when and why: the packet's own fields, or those of its kind.
    fn write_fields(&self, object: &mut Object<'_>) {
        let keys = keys(self.kind(), self.noted_topic());
        let mut topic_said = false;
        if let Some(packet) = self.packet() {
            topic_said = write_packet(object, &packet);
        }
        if !self.noted_topic().is_empty() && !topic_said {
            object.text(keys.topic, self.noted_topic());
        }
        if self.packet().is_none() {
            if let Some(qos) = self.qos() {
                object.number("qos", u64::from(qos));
            }
            if let Some(code) = self.code() {
                object.number("code", u64::from(code));
            }
        }
        if !self.why().is_empty() {
            object.text(keys.why, self.why());
        }
        if let Some(number) = self.number() {
            object.number(keys.number, u64::from(number));
        }
        if let Some(until) = self.until() {
            object.number("until", until.0);
        }
    }

    /// The keys and values of the event in the order of its JSON line, for an inspector. A text stands as it is, all else as JSON.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut line = String::new();
        self.write_json(&mut line);
        let Ok(Node { value: Json::Object(entries), .. }) = json::parse(&line) else { return Vec::new() };
        let shown = |value: Json| match value {
            Json::Text(text) => text,
            other => {
                let mut text = String::new();
                write_value(&mut text, &other, None);
                text
            }
        };
        entries.into_iter().map(|entry| (entry.key, shown(entry.node.value))).collect()
    }
}

impl Trace {
    /// Appends line 1, without a line break.
    pub fn write_header(&self, out: &mut String) {
        let header = self.header();
        let mut object = Object::begin(out);
        object.number("glassbroker", FORMAT);
        object.text("engine", &header.engine);
        object.number("seed", header.seed);
        object.text("profile", header.profile.name());
        let mut set = Object::begin(object.key("set"));
        for (key, value) in header.profile.changed() {
            match value {
                Value::Number(number) => set.number(key, number),
                Value::Switch(switch) => set.switch(key, switch),
                Value::Unlimited => set.text(key, "unlimited"),
            }
        }
        set.end();
        object.text("epoch", &header.epoch);
        object.text("level", self.level().name());
        object.end();
    }

    /// Writes the JSON lines of everything that is held: line 1, then one event a line, each with a line break.
    ///
    /// # Errors
    /// Only the writer's own.
    pub fn write_lines(&self, to: &mut impl io::Write) -> io::Result<()> {
        let mut line = String::new();
        self.write_header(&mut line);
        line.push('\n');
        to.write_all(line.as_bytes())?;
        for event in self {
            line.clear();
            event.write_json(&mut line);
            line.push('\n');
            to.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// The JSON lines as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write_header(&mut text);
        text.push('\n');
        for event in self {
            event.write_json(&mut text);
            text.push('\n');
        }
        text
    }

    /// The hash of the JSON lines as 16 hexadecimal digits: FNV-1a, 64 bits, over their bytes, those of events that went included.
    /// `None` where events went unhashed, or where the trace does not begin with its run.
    pub fn hash(&self) -> Option<String> {
        self.roll_hash(self.next_seq()).map(|hash| format!("{hash:016x}"))
    }

    /// Hashes the lines of all events below `end` that were not hashed yet.
    pub(super) fn roll_hash(&self, end: u32) -> Option<u64> {
        let mut state = self.hash.borrow_mut();
        if !state.is_whole() {
            return None;
        }
        let mut line = String::new();
        let (from, mut hash) = state.last().unwrap_or_else(|| {
            self.write_header(&mut line);
            line.push('\n');
            (0, fnv1a(FNV1A, line.as_bytes()))
        });
        for event in self.range(from..end) {
            if event.index == 0 {
                state.mark(event.seq(), hash);
            }
            line.clear();
            event.write_json(&mut line);
            line.push('\n');
            hash = fnv1a(hash, line.as_bytes());
        }
        state.reached(end.max(from), hash);
        Some(hash)
    }
}
