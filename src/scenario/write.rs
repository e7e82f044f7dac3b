//! From a [`Scenario`] to JSON text, so that links and files carry it.

use super::check::doing;
use super::document::{Claim, FORMAT, Mark, Scenario};
use super::problem::Problem;
use super::read_step::NORMAL_CLOSURE;
use crate::broker::Command;
use crate::client::{Action, ClientOptions, ConnectOptions, Message};
use crate::profile::Value;
use crate::sim::{ClientSpec, Input, LinkSpec, Step};
use crate::time::{SimTime, Span};
use crate::wire::{QoS, Version};
use serde_json::{Map, Value as Json, json};

impl Scenario {
    /// The document as a JSON value that [`parse`](super::parse) reads back; what has its default is left out.
    ///
    /// # Errors
    /// Where a step is nothing that a document can say.
    pub fn to_json(&self) -> Result<Json, Problem> {
        let default = Self::default();
        let mut out = Map::new();
        put(&mut out, "glassbroker", FORMAT);
        put_text(&mut out, "title", &self.title);
        put_text(&mut out, "about", &self.about);
        put(&mut out, "seed", self.seed);
        put(&mut out, "epoch", self.epoch.as_str());
        if let Some(until) = self.until {
            put(&mut out, "until", time(until));
        }
        if self.broker != default.broker {
            let mut broker = Map::new();
            put(&mut broker, "profile", self.broker.profile.as_str());
            if !self.broker.set.is_empty() {
                let set = self.broker.set.iter().map(|(key, value)| (key.clone(), setting(*value)));
                put(&mut broker, "set", Json::Object(set.collect()));
            }
            put(&mut out, "broker", Json::Object(broker));
        }
        put_list(&mut out, "clients", self.clients.iter().map(client));
        let mut steps = Vec::with_capacity(self.steps.len());
        for (index, step) in self.steps.iter().enumerate() {
            let json = write_step(step).ok_or_else(|| {
                Problem::at_path(format!("steps[{index}]"), "a scenario's steps cannot do this")
            })?;
            steps.push(json);
        }
        put_list(&mut out, "steps", steps.into_iter());
        put_list(&mut out, "marks", self.marks.iter().map(mark));
        put_list(&mut out, "expect", self.expect.iter().map(claim));
        Ok(Json::Object(out))
    }
}

fn put(out: &mut Map<String, Json>, key: &str, value: impl Into<Json>) {
    out.insert(key.to_owned(), value.into());
}

fn put_text(out: &mut Map<String, Json>, key: &str, text: &str) {
    if !text.is_empty() {
        put(out, key, text);
    }
}

fn put_some<T: Into<Json>>(out: &mut Map<String, Json>, key: &str, value: Option<T>) {
    if let Some(value) = value {
        put(out, key, value);
    }
}

/// Puts `true` where it is, since every switch that is put so is off by default.
fn put_on(out: &mut Map<String, Json>, key: &str, on: bool) {
    if on {
        put(out, key, true);
    }
}

fn put_list(out: &mut Map<String, Json>, key: &str, items: impl Iterator<Item = Json>) {
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        put(out, key, items);
    }
}

fn put_qos(out: &mut Map<String, Json>, qos: QoS) {
    if qos != QoS::AtMostOnce {
        put(out, "qos", qos as u8);
    }
}

fn time(at: SimTime) -> String {
    Span(at.0).to_string()
}

fn setting(value: Value) -> Json {
    match value {
        Value::Number(number) => number.into(),
        Value::Switch(switch) => switch.into(),
        Value::Unlimited => "unlimited".into(),
    }
}

fn bytes(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({ "hex": crate::form::to_hex(bytes) }),
    }
}

fn pairs(out: &mut Map<String, Json>, pairs: &[(String, String)]) {
    put_list(out, "user_properties", pairs.iter().map(|(name, value)| json!([name, value])));
}

fn client(spec: &ClientSpec) -> Json {
    let (client, default) = (&spec.client, ClientOptions::default());
    let mut out = Map::new();
    put(&mut out, "id", client.id.as_str());
    put(&mut out, "mqtt", if client.version == Version::V5 { "5" } else { "3.1.1" });
    put_some(&mut out, "username", client.connect.username.as_deref());
    put_some(&mut out, "password", client.connect.password.as_ref().map(|password| bytes(password)));
    let said = connect(&client.connect);
    if !said.is_empty() {
        put(&mut out, "connect", said);
    }
    if !client.pings {
        put(&mut out, "pings", false);
    }
    put_some(&mut out, "reconnect_after", client.reconnect.map(|span| span.to_string()));
    if client.queue_max_messages != default.queue_max_messages {
        put(&mut out, "queue_max_messages", client.queue_max_messages);
    }
    if spec.link != LinkSpec::default() {
        put(&mut out, "link", link(&spec.link));
    }
    Json::Object(out)
}

fn connect(connect: &ConnectOptions) -> Map<String, Json> {
    let default = ConnectOptions::default();
    let mut out = Map::new();
    put_some(&mut out, "client_id", connect.client_id.as_deref());
    if connect.clean_start != default.clean_start {
        put(&mut out, "clean_start", connect.clean_start);
    }
    if connect.keep_alive_s != default.keep_alive_s {
        put(&mut out, "keep_alive_s", connect.keep_alive_s);
    }
    put_some(&mut out, "session_expiry_s", connect.session_expiry_s);
    put_some(&mut out, "receive_maximum", connect.receive_maximum);
    put_some(&mut out, "maximum_packet_bytes", connect.maximum_packet_bytes);
    put_some(&mut out, "topic_alias_maximum", connect.topic_alias_maximum);
    pairs(&mut out, &connect.user_properties);
    if let Some(will) = &connect.will {
        let mut inner = Map::new();
        message(&mut inner, &will.message);
        put_some(&mut inner, "delay_s", will.delay_s);
        put(&mut out, "will", inner);
    }
    out
}

fn message(out: &mut Map<String, Json>, message: &Message) {
    put(out, "topic", message.topic.as_str());
    if !message.payload.is_empty() {
        put(out, "payload", bytes(&message.payload));
    }
    put_qos(out, message.qos);
    put_on(out, "retain", message.retain);
    let Some(extra) = message.extra.as_deref() else { return };
    put_some(out, "payload_is_text", extra.payload_is_text);
    put_some(out, "expiry_s", extra.expiry_s);
    put_some(out, "content_type", extra.content_type.as_deref());
    put_some(out, "response_topic", extra.response_topic.as_deref());
    put_some(out, "correlation_data", extra.correlation_data.as_ref().map(|data| bytes(data)));
    put_some(out, "topic_alias", extra.topic_alias);
    pairs(out, &extra.user_properties);
}

/// A link in whole milliseconds, which is what documents have.
fn link(link: &LinkSpec) -> Json {
    let default = LinkSpec::default();
    let mut out = Map::new();
    put(&mut out, "latency_ms", link.latency.0 / 1_000);
    if link.jitter != default.jitter {
        put(&mut out, "jitter_ms", link.jitter.0 / 1_000);
    }
    put_some(&mut out, "bytes_per_s", link.bytes_per_s);
    if link.in_flight_max_bytes != default.in_flight_max_bytes {
        put(&mut out, "in_flight_max_bytes", link.in_flight_max_bytes);
    }
    Json::Object(out)
}

fn write_step(step: &Step) -> Option<Json> {
    let (name, on_broker) = doing(&step.input)?;
    let mut out = Map::new();
    put(&mut out, "at", time(step.at));
    if step.times != 1 || step.every != Span::ZERO {
        put(&mut out, "every", step.every.to_string());
        put(&mut out, "times", step.times);
    }
    if on_broker {
        put(&mut out, "on", "broker");
    }
    put(&mut out, "do", name);
    match &step.input {
        Input::Client { client, action } => {
            put(&mut out, "client", client.as_str());
            write_action(&mut out, action);
        }
        Input::Cut { client } | Input::Restore { client } => put(&mut out, "client", client.as_str()),
        Input::Link { client, link: spec } => {
            put(&mut out, "client", client.as_str());
            put(&mut out, "link", link(spec));
        }
        Input::Broker(command) => write_command(&mut out, command),
        _ => return None,
    }
    Some(Json::Object(out))
}

fn write_action(out: &mut Map<String, Json>, action: &Action) {
    match action {
        Action::Connect { options } => {
            put_some(out, "connect", options.as_ref().map(|options| connect(options)));
        }
        Action::Subscribe(request) => {
            put_some(out, "identifier", request.identifier);
            put_list(
                out,
                "filters",
                request.filters.iter().map(|filter| {
                    let mut inner = Map::new();
                    put(&mut inner, "filter", filter.filter.as_str());
                    put_qos(&mut inner, filter.qos);
                    put_on(&mut inner, "no_local", filter.no_local);
                    put_on(&mut inner, "retain_as_published", filter.retain_as_published);
                    if filter.retain_handling != 0 {
                        put(&mut inner, "retain_handling", filter.retain_handling);
                    }
                    Json::Object(inner)
                }),
            );
        }
        Action::Unsubscribe { filters } => {
            put_list(out, "filters", filters.iter().map(|filter| filter.as_str().into()));
        }
        Action::Publish(publish) => message(out, publish),
        Action::Disconnect { code, session_expiry_s } => {
            if *code != 0 {
                put(out, "code", *code);
            }
            put_some(out, "session_expiry_s", *session_expiry_s);
        }
        Action::Close { code } => {
            if *code != NORMAL_CLOSURE {
                put(out, "code", *code);
            }
        }
        Action::Send { bytes: raw } => put(out, "bytes", bytes(raw)),
        Action::Crash | Action::Restart | Action::StopAcks | Action::ResumeAcks => {}
    }
}

fn write_command(out: &mut Map<String, Json>, command: &Command) {
    match command {
        Command::Disconnect { client } => put(out, "client", client.as_str()),
        Command::RetainedWrite { topic, payload, qos } => {
            put(out, "topic", topic.as_str());
            put(out, "payload", bytes(payload));
            put_qos(out, *qos);
        }
        Command::RetainedRead { topic } | Command::RetainedDelete { topic } => {
            put(out, "topic", topic.as_str())
        }
        Command::Set { key, value } => {
            put(out, "key", key.as_str());
            put(out, "value", setting(*value));
        }
        Command::Restart { keep_store } => {
            if !keep_store {
                put(out, "keep_store", false);
            }
        }
    }
}

fn mark(mark: &Mark) -> Json {
    let mut out = Map::new();
    put(&mut out, "at", time(mark.at));
    put(&mut out, "title", mark.title.as_str());
    put_text(&mut out, "text", &mark.text);
    put_on(&mut out, "pause", mark.pause);
    if let Some(ask) = &mark.ask {
        let mut inner = Map::new();
        put(&mut inner, "question", ask.question.as_str());
        put(&mut inner, "choices", ask.choices.clone());
        put(&mut inner, "answer", ask.answer);
        put_text(&mut inner, "why", &ask.why);
        put(&mut out, "ask", inner);
    }
    Json::Object(out)
}

fn claim(claim: &Claim) -> Json {
    let mut out = Map::new();
    put(&mut out, "client", claim.client.as_str());
    put(&mut out, "receives", claim.receives);
    put_some(&mut out, "topic", claim.topic.as_deref());
    if let Some((from, to)) = claim.between {
        put(&mut out, "between", vec![time(from), time(to)]);
    }
    Json::Object(out)
}
