//! Runs that tests write down as what happens when: short names for the parts of a setup, and questions to a trace.
#![allow(dead_code, unreachable_pub, unused_imports)]

use glassbroker::broker::Kind;
use glassbroker::client::{Action, ClientOptions, ConnectOptions, FilterRequest, Message, SubscribeRequest};
use glassbroker::sim::{ClientSpec, Input, LinkSpec, Run, Setup, Step};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{QoS, Version};

pub use glassbroker::wire::QoS::{AtLeastOnce as QOS1, AtMostOnce as QOS0, ExactlyOnce as QOS2};
pub use glassbroker::wire::Version::{V3, V5};

/// Both versions, for what they have in common.
pub const BOTH: [Version; 2] = [V3, V5];

/// So many milliseconds after the beginning.
pub const fn ms(ms: u64) -> SimTime {
    SimTime(ms * 1_000)
}

/// A client with a link of 20 ms each way, a keep alive of a minute and a clean start.
pub fn client(id: &str, version: Version) -> ClientSpec {
    let client = ClientOptions { id: id.into(), version, ..ClientOptions::default() };
    ClientSpec { client, ..ClientSpec::default() }
}

/// The same with a session that stays.
pub fn lasting(id: &str, version: Version) -> ClientSpec {
    with(client(id, version), |spec| spec.client.connect = staying(version))
}

/// Options of a session that stays.
pub fn staying(version: Version) -> ConnectOptions {
    let session_expiry_s = (version == V5).then_some(3_600);
    ConnectOptions { clean_start: false, session_expiry_s, ..ConnectOptions::default() }
}

/// Something with a change.
pub fn with<T>(mut thing: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut thing);
    thing
}

pub fn act(client: &str, action: Action) -> Input {
    Input::Client { client: client.into(), action }
}

pub fn connect(client: &str) -> Input {
    act(client, Action::Connect { options: None })
}

pub fn disconnect(client: &str) -> Input {
    act(client, Action::Disconnect { code: 0, session_expiry_s: None })
}

pub fn subscribe(client: &str, filter: &str, qos: QoS) -> Input {
    let filter = FilterRequest { filter: filter.into(), qos, ..FilterRequest::default() };
    act(client, Action::Subscribe(SubscribeRequest { filters: vec![filter], identifier: None }))
}

pub fn message(topic: &str, payload: &str, qos: QoS) -> Message {
    Message { topic: topic.into(), payload: payload.to_owned().into(), qos, ..Message::default() }
}

pub fn publish(client: &str, topic: &str, payload: &str, qos: QoS) -> Input {
    act(client, Action::Publish(message(topic, payload, qos)))
}

pub fn cut(client: &str) -> Input {
    Input::Cut { client: client.into() }
}

pub fn restore(client: &str) -> Input {
    Input::Restore { client: client.into() }
}

/// Something that happens once, so many milliseconds after the beginning.
pub fn at(time_ms: u64, input: Input) -> Step {
    Step::once(ms(time_ms), input)
}

/// Something that happens again and again.
pub fn every(from_ms: u64, every: Span, times: u64, input: Input) -> Step {
    Step { at: ms(from_ms), every, times, input }
}

/// A broker as the standards say, with these clients and steps.
pub fn setup(clients: impl Into<Vec<ClientSpec>>, steps: impl Into<Vec<Step>>) -> Setup {
    Setup { clients: clients.into(), steps: steps.into().into(), ..Setup::default() }
}

/// Two clients, of which one publishes so many messages from one second on, every 300 ms, and the other gets them.
pub fn two_in_a_room(messages: u64) -> Setup {
    setup(
        [client("a", V5), client("b", V3)],
        [
            at(0, connect("a")),
            at(0, connect("b")),
            at(500, subscribe("b", "t/#", QOS1)),
            every(1_000, Span::ms(300), messages, publish("a", "t/1", "{{n}}", QOS1)),
        ],
    )
}

/// The setup's run, computed up to a time.
pub fn run_to(setup: &Setup, time_ms: u64) -> Run {
    let mut run = Run::new(setup).expect("the names differ");
    play(&mut run, ms(time_ms));
    run
}

/// Moves the view to a time.
pub fn play(run: &mut Run, to: SimTime) {
    while !run.advance_to(to, 1_000).done {}
}

/// Finishes a seek or a step.
pub fn arrive(run: &mut Run) {
    while !run.go_on(1_000).done {}
}

/// One event as its JSON line, to ask for its fields.
pub struct Line(pub serde_json::Value);

impl Line {
    /// A field as text; empty where there is none.
    pub fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or("")
    }

    /// A field as a number.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.0[key].as_u64()
    }

    /// When, in microseconds.
    pub fn t(&self) -> u64 {
        self.number("t").expect("every event has a time")
    }
}

/// The events of a kind about a client; every client where it is empty.
pub fn events(run: &Run, kind: Kind, client: &str) -> Vec<Line> {
    lines(run).into_iter().filter(|line| line.text("kind") == kind.name() && about(line, client)).collect()
}

/// All events.
pub fn lines(run: &Run) -> Vec<Line> {
    let text = run.trace().text();
    text.lines().skip(1).map(|line| Line(serde_json::from_str(line).expect("a line is JSON"))).collect()
}

fn about(line: &Line, client: &str) -> bool {
    client.is_empty() || line.text("client") == client
}

/// The packets of a client that `by` sent, received or lost, as `time in ms, name, payload or Packet Identifier`.
pub fn packets(run: &Run, kind: Kind, by: &str, client: &str) -> Vec<String> {
    let lines = events(run, kind, client);
    lines.iter().filter(|line| line.text("by") == by).map(packet).collect()
}

/// A packet in a few words.
pub fn packet(line: &Line) -> String {
    let mut words = vec![line.text("packet").to_owned()];
    if line.0["dup"] == true {
        words.push("dup".into());
    }
    words.extend(line.number("id").map(|id| id.to_string()));
    if line.text("packet") == "PUBLISH" {
        words.push(line.text("payload").to_owned());
    }
    words.join(" ")
}
