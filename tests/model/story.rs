//! Random scenarios: who is there, what they do, what goes wrong, and a quiet phase at the end in which all comes right.

use crate::dice::Dice;
use glassbroker::broker::Command;
use glassbroker::client::{
    Action, ClientOptions, ConnectOptions, FilterRequest, Message, MessageExtra, SubscribeRequest,
    WillOptions,
};
use glassbroker::policy::{AccessList, Users};
use glassbroker::profile::{Profile, Value};
use glassbroker::scenario::Scenario;
use glassbroker::sim::{ClientSpec, Input, LinkSpec, Step, Way};
use glassbroker::sorted::Sorted;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{Publish, QoS, Version};

/// When the quiet phase begins: everybody comes back then.
pub(crate) const QUIET: SimTime = SimTime(25_000_000);
/// When the run ends: whatever could be delivered is delivered by then.
pub(crate) const END: SimTime = SimTime(60_000_000);

const TOPICS: [&str; 6] = ["a", "a/b", "a/c", "b", "b/c", "a/b/c"];
const FILTERS: [&str; 9] = ["a", "a/b", "a/#", "#", "+", "a/+", "+/c", "b/#", "a/b/c"];
const SHARED: [&str; 4] = ["$share/g/a/#", "$share/g/+", "$share/h/a/#", "$share/h/#"];
/// What only few subscribe or publish to: the broker's own topics, and another's that begin with `$`.
const ODD_FILTERS: [&str; 5] = [
    "$SYS/broker/clients/#",
    "$SYS/#",
    "$share/g/$SYS/broker/clients/+",
    "$x/#",
    "$SYS/broker/messages/stored",
];
const ODD_TOPICS: [&str; 3] = ["$x/a", "$SYS/broker/clients/total", "$SYS/mine"];
const USERS: [&str; 2] = ["u", "v"];
const GRANTS: [&str; 5] = ["readwrite", "readwrite", "read", "write", "deny"];
const PATTERNS: [&str; 6] = ["a/#", "#", "%u/#", "a/%c", "$SYS/#", "b"];
const LEVELS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

/// The scenario of a seed.
pub(crate) fn story(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed);
    let odd = dice.percent(6);
    let mut teller = Teller { dice, scenario: Scenario::default(), payloads: 0, odd, large: false };
    teller.scenario.title = format!("model {seed}");
    teller.scenario.seed = seed;
    teller.scenario.until = Some(END);
    teller.settings();
    teller.access();
    let count = teller.dice.between(2, 6);
    for n in 0..count {
        teller.client(n);
    }
    teller.limits_of_packets();
    teller.beginning();
    let episodes = teller.dice.between(4, 24);
    for _ in 0..episodes {
        let at = teller.dice.between(1_000, 22_000);
        teller.episode(at);
    }
    teller.quiet();
    teller.scenario
}

/// The settings that make of a profile what the model knows: those in which it departs from `mqtt` in what is to be delivered to whom,
/// or in what a client may do that the stories have, are as there.
fn without_deviations(profile: &str) -> Sorted<Box<str>, Value> {
    const UNKNOWN: [&str; 12] = [
        "connect.client_per_s",
        "connect.packet_min_bytes",
        "packet.qos2",
        "publish.qos_max",
        "retained.by_exact_filter",
        "retained.full_unanswered_v3",
        "retained.topic_per_s",
        "session.resend_dup",
        "subscription.identifiers",
        "subscription.qos_over_unanswered_v3",
        "subscription.shared_handed_on",
        "subscription.shared_queue",
    ];
    let (profile, mqtt) = (Profile::named(profile).expect("a profile"), Profile::default());
    let differs = |key: &&str| profile.get(key) != mqtt.get(key) && UNKNOWN.contains(key);
    let keys = Profile::keys().iter().map(|setting| setting.key).filter(differs);
    let mut set = Sorted::new();
    for key in keys {
        set.insert(key.into(), mqtt.get(key).expect("a setting"));
    }
    set
}

struct Teller {
    dice: Dice,
    scenario: Scenario,
    payloads: u64,
    /// Whether `$SYS` and its like are a part of it.
    odd: bool,
    /// Whether some messages are larger than the broker takes.
    large: bool,
}

impl Teller {
    fn settings(&mut self) {
        let mut set = Sorted::new();
        let dice = &mut self.dice;
        if dice.percent(15) {
            self.scenario.broker.profile = "aws-iot-core".into();
            // There is no `$SYS`.
            self.odd = false;
            set = without_deviations("aws-iot-core");
            if dice.percent(50) {
                self.scenario.broker.set = set;
                return;
            }
        }
        for (percent, key, most) in [
            (20, "session.queue_max_messages", 8),
            (15, "session.inflight_max_messages", 4),
            (20, "connect.receive_maximum", 3),
            (10, "session.expiry_max_s", 9),
            (15, "session.expiry_default_s", 9),
            (5, "session.max_count", 5),
            (8, "subscription.max_per_session", 3),
            (8, "retained.max_messages", 3),
            (20, "topic_alias.maximum", 3),
        ] {
            if let Some(value) = dice.maybe(percent, |dice| dice.between(1, most)) {
                set.insert(key.into(), Value::Number(value));
            }
        }
        // What the broker tells of itself is of a length that no packet shows before it is sent.
        if !self.odd && dice.percent(8) {
            set.insert("session.queue_max_bytes".into(), Value::Number(dice.between(5, 80)));
        }
        if !self.odd && dice.percent(8) {
            set.insert("retained.max_bytes".into(), Value::Number(dice.between(5, 80)));
        }
        if self.odd {
            set.insert("sys.interval_s".into(), Value::Number(dice.between(5, 30)));
        }
        if dice.percent(15) {
            set.insert("session.replay_per_s".into(), Value::Number(dice.between(10, 50)));
            set.insert("session.replay_burst".into(), Value::Number(dice.between(1, 3)));
        }
        for (percent, key, value) in [
            (10, "will.on_websocket_close", false),
            (15, "subscription.overlap_once", false),
            (20, "session.across_versions", true),
            (10, "topic.hash_matches_parent", false),
        ] {
            if dice.percent(percent) {
                set.insert(key.into(), Value::Switch(value));
            }
        }
        self.scenario.broker.set = set;
    }

    /// Users, and a list of what they may do.
    fn access(&mut self) {
        let dice = &mut self.dice;
        if dice.percent(20) {
            let users = USERS.map(|user| (user.into(), bytes::Bytes::from_static(b"secret")));
            let mut all = Sorted::new();
            users.into_iter().for_each(|(user, password)| _ = all.insert(user, password));
            self.scenario.broker.access.users = Users::new(all);
            self.scenario.broker.access.anonymous = dice.maybe(80, |_| true);
        }
        if dice.percent(25) {
            let mut text = String::new();
            for user in [None, Some(USERS[0]), Some(USERS[1])] {
                text += &user.map(|user| format!("user {user}\n")).unwrap_or_default();
                for _ in 0..dice.between(0, 3) {
                    let (grant, filter) = (dice.one(&GRANTS), dice.one(&FILTERS));
                    text += &format!("topic {grant} {filter}\n");
                }
            }
            for _ in 0..dice.between(0, 3) {
                let (grant, filter) = (dice.one(&GRANTS), dice.one(&PATTERNS));
                text += &format!("pattern {grant} {filter}\n");
            }
            self.scenario.broker.access.list = Some(AccessList::parse(&text).expect("a list"));
        }
        if dice.percent(20) {
            self.scenario.broker.set.insert("access_list.subscribe".into(), Value::Switch(false));
        }
    }

    /// A bound for packets that only 5.0 is told of; no CONNECT comes near it.
    fn limits_of_packets(&mut self) {
        let all_5 = self.scenario.clients.iter().all(|spec| spec.client.version == Version::V5);
        if all_5 && self.dice.percent(15) {
            self.large = true;
            self.scenario.broker.set.insert("packet.max_bytes".into(), Value::Number(400));
        }
    }

    fn client(&mut self, n: u64) {
        let dice = &mut self.dice;
        let link = LinkSpec {
            latency: Span::ms(dice.between(1, 80)),
            jitter: Span::ms(dice.maybe(40, |dice| dice.between(1, 60)).unwrap_or(0)),
            bytes_per_s: dice.maybe(30, |dice| dice.between(1_000, 20_000)),
            in_flight_max_bytes: match dice.maybe(25, |dice| dice.between(100, 1_500)) {
                Some(bytes) => bytes as usize,
                None => LinkSpec::default().in_flight_max_bytes,
            },
        };
        let version = dice.one(&[Version::V3, Version::V5, Version::V5]);
        let mut client = ClientOptions { id: format!("c{n}"), version, ..ClientOptions::default() };
        client.connect = ConnectOptions {
            clean_start: dice.percent(30),
            keep_alive_s: if dice.percent(15) { dice.between(2, 6) as u16 } else { 60 },
            ..ConnectOptions::default()
        };
        if version == Version::V5 {
            client.connect.session_expiry_s =
                dice.one(&[None, Some(0), Some(2), Some(8), Some(3_600), Some(3_600), Some(u32::MAX)]);
            client.connect.receive_maximum = dice.maybe(40, |dice| dice.between(1, 4) as u16);
            client.connect.maximum_packet_bytes = dice.maybe(15, |dice| dice.between(60, 140) as u32);
            client.connect.topic_alias_maximum = dice.maybe(30, |dice| dice.between(0, 3) as u16);
        }
        client.reconnect = dice.maybe(25, |dice| Span::ms(dice.between(300, 4_000)));
        if dice.percent(40) {
            client.connect.username = Some(dice.one(&USERS).into());
            client.connect.password = Some(if dice.percent(92) { "secret".into() } else { "guess".into() });
        }
        if n > 0 && dice.percent(8) {
            // Another device under the first one's identifier: each takes over from the other.
            let first = &self.scenario.clients[0].client.connect;
            client.connect.client_id = Some("c0".into());
            (client.connect.username, client.connect.password) =
                (first.username.clone(), first.password.clone());
            client.reconnect = None;
        }
        self.scenario.clients.push(ClientSpec { client, link, ..ClientSpec::default() });
    }

    fn step(&mut self, at_ms: u64, input: Input) {
        self.scenario.steps.push(Step::once(SimTime(at_ms * 1_000 + self.dice.below(1_000)), input));
    }

    fn act(&mut self, at_ms: u64, client: usize, action: Action) {
        let client = self.name(client);
        self.step(at_ms, Input::Client { client, action });
    }

    fn name(&self, client: usize) -> String {
        self.scenario.clients[client].client.id.clone()
    }

    fn version(&self, client: usize) -> Version {
        self.scenario.clients[client].client.version
    }

    fn any(&mut self) -> usize {
        self.dice.below(self.scenario.clients.len() as u64) as usize
    }

    /// A payload that no other message has.
    fn payload(&mut self) -> String {
        self.payloads += 1;
        let padding = match self.dice.below(100) {
            0..10 => self.dice.between(20, 120) as usize,
            10..15 if self.large => self.dice.between(350, 420) as usize,
            _ => 0,
        };
        format!("m{}{}", self.payloads, ".".repeat(padding))
    }

    fn message(&mut self, client: usize) -> Message {
        let payload = self.payload();
        let dice = &mut self.dice;
        let odd = self.odd && dice.percent(10);
        let mut message = Message {
            topic: if odd { dice.one(&ODD_TOPICS) } else { dice.one(&TOPICS) }.into(),
            payload: payload.into(),
            qos: dice.one(&LEVELS),
            retain: dice.percent(20),
            extra: None,
        };
        if self.version(client) == Version::V5 {
            let dice = &mut self.dice;
            let extra = MessageExtra {
                expiry_s: dice.maybe(20, |dice| dice.between(1, 6) as u32),
                topic_alias: dice.maybe(20, |dice| dice.between(1, 3) as u16),
                ..MessageExtra::default()
            };
            message.extra = (extra != MessageExtra::default()).then(|| Box::new(extra));
        }
        message
    }

    /// The options of one connection: a Will of its own belongs to it.
    fn connect(&mut self, at_ms: u64, client: usize) {
        let mut options = self.scenario.clients[client].client.connect.clone();
        if self.dice.percent(20) {
            options.clean_start = !options.clean_start;
        }
        options.will = self.dice.maybe(35, |_| ()).map(|()| {
            let large = std::mem::take(&mut self.large);
            let mut message = self.message(client);
            self.large = large;
            if let Some(extra) = &mut message.extra {
                extra.topic_alias = None;
            }
            message.extra = message.extra.filter(|extra| **extra != MessageExtra::default());
            let is_5 = self.version(client) == Version::V5;
            WillOptions {
                message,
                delay_s: self.dice.maybe(50, |dice| dice.between(0, 6) as u32).filter(|_| is_5),
            }
        });
        self.act(at_ms, client, Action::Connect { options: Some(Box::new(options)) });
    }

    fn subscribe(&mut self, at_ms: u64, client: usize) {
        let is_5 = self.version(client) == Version::V5;
        let count = self.dice.one(&[1, 1, 1, 2, 3]);
        let odd = self.odd;
        let filters = (0..count).map(|_| {
            let dice = &mut self.dice;
            let shared = is_5 && dice.percent(20);
            let mut filter = if shared { dice.one(&SHARED) } else { dice.one(&FILTERS) };
            if odd && dice.percent(25) {
                filter = dice.one(&ODD_FILTERS);
            }
            let shared = filter.starts_with("$share/");
            FilterRequest {
                filter: filter.into(),
                qos: dice.one(&LEVELS),
                no_local: is_5 && !shared && dice.percent(20),
                retain_as_published: is_5 && dice.percent(30),
                retain_handling: if is_5 { dice.one(&[0, 0, 0, 1, 2]) } else { 0 },
            }
        });
        let mut filters: Vec<FilterRequest> = filters.collect();
        // One SUBSCRIBE names a filter once.
        filters.sort_by(|a, b| a.filter.cmp(&b.filter));
        filters.dedup_by(|a, b| a.filter == b.filter);
        let identifier = self.dice.maybe(30, |dice| dice.between(1, 300) as u32).filter(|_| is_5);
        self.act(at_ms, client, Action::Subscribe(SubscribeRequest { filters, identifier }));
    }

    /// Several publications of one client.
    fn publish(&mut self, at_ms: u64) {
        let client = self.any();
        let every = self.dice.one(&[0, 0, 1, 7, 40, 300]);
        let topic = self.dice.one(&TOPICS);
        let same = self.dice.percent(70);
        for n in 0..self.dice.between(1, 8) {
            let mut message = self.message(client);
            if same {
                message.topic = topic.into();
            }
            self.act(at_ms + n * every, client, Action::Publish(message));
        }
    }

    fn beginning(&mut self) {
        for client in 0..self.scenario.clients.len() {
            let at = self.dice.between(0, 900);
            self.connect(at, client);
            for _ in 0..self.dice.between(0, 3) {
                let at = at + self.dice.between(400, 1_500);
                self.subscribe(at, client);
            }
        }
    }

    /// One thing that happens, with what belongs to it.
    fn episode(&mut self, at: u64) {
        let client = self.any();
        // Nothing of it is left to happen in the quiet phase.
        let back = (at + self.dice.one(&[50, 300, 1_000, 3_000, 7_000])).min(24_900);
        match self.dice.below(112) {
            0..45 => self.publish(at),
            45..53 => self.subscribe(at, client),
            53..56 => {
                let filter = if self.version(client) == Version::V5 && self.dice.percent(30) {
                    self.dice.one(&SHARED)
                } else {
                    self.dice.one(&FILTERS)
                };
                self.act(at, client, Action::Unsubscribe { filters: vec![filter.into()] });
            }
            56..67 => {
                // In the middle of what is on its way.
                let before = self.dice.below(150);
                self.publish(at.saturating_sub(before));
                let name = self.name(client);
                self.step(at, Input::Cut { client: name.clone() });
                self.step(back, Input::Restore { client: name });
                self.connect(back + 1, client);
            }
            67..73 => {
                let code = if self.version(client) == Version::V5 { self.dice.one(&[0, 0, 4]) } else { 0 };
                let options = &self.scenario.clients[client].client;
                let may_change = options.version == Version::V5 && options.connect.session_expiry_s > Some(0);
                let session_expiry_s = self.dice.maybe(40, |dice| dice.one(&[0, 1, 3, 3_600, u32::MAX]));
                let session_expiry_s = session_expiry_s.filter(|_| may_change);
                self.act(at, client, Action::Disconnect { code, session_expiry_s });
                self.connect(back, client);
            }
            73..77 => {
                self.act(at, client, Action::Close { code: 1_000 });
                self.connect(back, client);
            }
            77..83 => {
                self.act(at, client, Action::StopAcks);
                if self.dice.percent(60) {
                    self.act(back, client, Action::ResumeAcks);
                }
                self.publish(at + 10);
            }
            83..87 => {
                let keep_session = self.dice.percent(50);
                self.act(at, client, Action::Crash);
                self.act(back, client, Action::Restart { keep_session });
                self.connect(back + 1, client);
            }
            87..91 => {
                let id = self.identifier(client);
                self.step(at, Input::Broker(Command::disconnect(id)));
                self.connect(back, client);
            }
            91..94 => {
                let before = self.dice.below(150);
                self.publish(at.saturating_sub(before));
                let keep_store = self.dice.percent(70);
                self.step(at, Input::Broker(Command::Restart { keep_store }));
                for client in 0..self.scenario.clients.len() {
                    if self.dice.percent(80) {
                        let at = (at + self.dice.between(50, 3_000)).min(24_900);
                        self.connect(at, client);
                    }
                }
            }
            94..97 => {
                let topic: String = self.dice.one(&TOPICS).into();
                let command = if self.dice.percent(60) {
                    let (qos, payload) = (self.dice.one(&LEVELS), self.payload().into());
                    Command::publish(Publish {
                        topic: topic.into(),
                        payload,
                        qos,
                        retain: true,
                        ..Publish::default()
                    })
                } else {
                    Command::RetainedDelete { topic }
                };
                self.step(at, Input::Broker(command));
            }
            97 => {
                let mut message = self.message(client);
                (message.retain, message.payload) = (true, bytes::Bytes::new());
                self.act(at, client, Action::Publish(message));
            }
            98 => {
                let (key, most) = self.dice.one(&[
                    ("session.queue_max_messages", 8),
                    ("session.inflight_max_messages", 4),
                    ("connect.receive_maximum", 3),
                ]);
                let value = Value::Number(self.dice.between(1, most));
                self.step(at, Input::Broker(Command::Set { key: key.into(), value }));
            }
            100..105 => {
                let before = self.dice.below(150);
                self.publish(at.saturating_sub(before));
                let length = Span::ms(back - at.min(back - 1));
                self.step(at, Input::Stall { client: self.name(client), length });
            }
            105..112 => {
                let before = self.dice.below(150);
                self.publish(at.saturating_sub(before));
                let (client_s, way) = (self.name(client), self.dice.one(&[Way::Up, Way::Down]));
                self.step(at, Input::HalfOpen { client: client_s.clone(), way });
                self.step(back, Input::Restore { client: client_s });
                self.connect(back + 1, client);
            }
            _ => {
                let link = LinkSpec {
                    latency: Span::ms(self.dice.between(1, 400)),
                    ..self.scenario.clients[client].link
                };
                self.step(at, Input::Link { client: self.name(client), link });
            }
        }
    }

    fn identifier(&self, client: usize) -> String {
        let client = &self.scenario.clients[client].client;
        client.connect.client_id.clone().unwrap_or_else(|| client.id.clone())
    }

    /// All links work and are quick, every client is there and acknowledges; of two devices under one identifier the first remains.
    fn quiet(&mut self) {
        let quiet = QUIET.0 / 1_000;
        for client in 0..self.scenario.clients.len() {
            if self.scenario.clients[client].client.connect.client_id.is_some() {
                self.act(quiet, client, Action::Crash);
                continue;
            }
            self.step(quiet, Input::Restore { client: self.name(client) });
            self.step(quiet, Input::Link { client: self.name(client), link: LinkSpec::default() });
            self.act(quiet + 1, client, Action::Restart { keep_session: false });
            self.act(quiet + 2, client, Action::ResumeAcks);
            let mut options = ConnectOptions {
                clean_start: false,
                will: None,
                ..self.scenario.clients[client].client.connect.clone()
            };
            let connect =
                |options: &ConnectOptions| Action::Connect { options: Some(Box::new(options.clone())) };
            self.act(quiet + 100, client, connect(&options));
            self.act(quiet + 5_000, client, connect(&options));
            // One that crashed knows nothing of the session that 5.0 tells it of, and may not go on with it.
            options.clean_start = true;
            // One that connects by itself may be about to do so.
            for late in [0, 101, 211, 307] {
                self.act(quiet + 10_000 + late, client, connect(&options));
            }
        }
    }
}
