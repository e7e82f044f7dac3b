//! Scripts: what the clients do, drawn from a seed. Lawful always; what a client cannot do at a moment is passed over.

use glassbroker::chance::chance_below;
use glassbroker::wire::Version::{self, V3, V5};
use glassbroker::wire::{
    Connect, Properties, Property, QoS, RetainHandling, SubscribeOptions, Subscription, Will,
};

/// One thing that a client does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Connects, also where it is connected already: then it takes its own session over.
    Connect(usize, Box<Connect>),
    Subscribe(usize, Option<u32>, Vec<Subscription>),
    Unsubscribe(usize, Vec<&'static str>),
    Publish(usize, Message),
    /// From now on it acknowledges nothing.
    Hold(usize),
    /// It acknowledges what it held back, and all that comes.
    Release(usize),
    /// It publishes at QoS 2 without PUBREL until it is told to, or connects again.
    Finish(usize),
    /// It sends DISCONNECT, `true` with the Will, and in 5.0 perhaps another session expiry.
    Disconnect(usize, bool, Option<u32>),
    Cut(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub topic: &'static str,
    pub qos: QoS,
    pub retain: bool,
    /// Empty, where not one of its own.
    pub empty: bool,
    pub properties: Vec<Property>,
    pub alias: Option<u16>,
    /// Whether a QoS 2 message waits with its PUBREL.
    pub unreleased: bool,
    /// How many times it is published, with a payload of its own each.
    pub times: usize,
}

/// All topics that anyone publishes to.
pub(crate) const TOPICS: [&str; 9] = ["a", "a/b", "a/b/c", "b", "b/c", "a/", "/a", "a/c", "$x/a"];
const FILTERS: [&str; 18] = [
    "a", "a/b", "a/b/c", "b", "a/#", "a/+", "+", "#", "+/b", "+/#", "a/b/#", "a/+/c", "b/+", "/+", "+/+",
    "$x/#", "$x/+", "a/+/#",
];
const SHARED: [&str; 5] = ["$share/g/a/#", "$share/g/a/b", "$share/h/#", "$share/h/+/b", "$share/g/b"];
const QOS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

/// Which versions a client uses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    V3,
    V5,
    /// Now one and now the other, with the same session.
    Both,
}

/// Draws from a seed, one after the other.
pub(crate) struct Draw {
    seed: u64,
    drawn: u64,
}

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.drawn += 1;
        chance_below(bound as u64, self.seed, "script", "", self.drawn) as usize
    }

    /// True once in `of` times.
    pub(crate) fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// The script of a seed: what the clients are, then what they do.
pub(crate) fn script(seed: u64) -> Vec<Step> {
    let mut draw = Draw::new(seed);
    let clients = 2 + draw.below(3);
    let speak: Vec<Speaks> = (0..clients)
        .map(|_| match draw.below(6) {
            0 => Speaks::Both,
            1..=2 => Speaks::V3,
            _ => Speaks::V5,
        })
        .collect();
    let narrow: Vec<bool> = (0..clients).map(|_| draw.once_in(2)).collect();
    let mut steps: Vec<Step> =
        (0..clients).map(|who| connect(&mut draw, who, speak[who], narrow[who])).collect();
    for (who, speaks) in speak.iter().enumerate() {
        if !draw.once_in(4) {
            steps.push(subscribe(&mut draw, who, *speaks));
        }
    }
    for _ in 0..10 + draw.below(20) {
        let who = draw.below(clients);
        steps.push(match draw.below(100) {
            0..45 => Step::Publish(who, message(&mut draw, speak[who])),
            45..58 => subscribe(&mut draw, who, speak[who]),
            58..63 => Step::Unsubscribe(who, (0..=draw.below(2)).map(|_| filter(&mut draw)).collect()),
            63..77 => connect(&mut draw, who, speak[who], narrow[who]),
            77..83 => Step::Cut(who),
            83..88 => {
                let expiry = if draw.once_in(3) { Some(draw.of(&[0, 2_000])) } else { None };
                Step::Disconnect(who, draw.once_in(3), expiry)
            }
            88..92 => Step::Hold(who),
            92..96 => Step::Release(who),
            _ => Step::Finish(who),
        });
    }
    steps
}

/// `narrow`: whether the client may tell a Receive Maximum. Its Will is of QoS 0 then: see docs/differences.md.
fn connect(draw: &mut Draw, who: usize, speaks: Speaks, narrow: bool) -> Step {
    let version = match speaks {
        Speaks::V3 => V3,
        Speaks::V5 => V5,
        Speaks::Both => draw.of(&[V3, V5]),
    };
    let mut properties = Vec::new();
    if version == V5 {
        if !draw.once_in(3) {
            properties.push(Property::SessionExpiryInterval(draw.of(&[0, 1_000, 1_000, u32::MAX])));
        }
        if narrow && draw.once_in(2) {
            properties.push(Property::ReceiveMaximum(draw.of(&[1, 2, 3, 100])));
        }
        if draw.once_in(6) {
            properties.push(Property::TopicAliasMaximum(5));
        }
        if draw.once_in(12) {
            properties.push(Property::MaximumPacketSize(1_000));
        }
        if draw.once_in(12) {
            properties.push(Property::RequestProblemInformation(0));
        }
        if draw.once_in(8) {
            properties.push(Property::UserProperty("who".into(), "is it".into()));
        }
    }
    let lasts = properties.iter().any(|p| matches!(p, Property::SessionExpiryInterval(s) if *s > 500));
    let mut will = (!draw.once_in(3)).then(|| will(draw, version, lasts));
    if let Some(will) = will.as_mut().filter(|_| narrow) {
        will.qos = QoS::AtMostOnce;
    }
    Step::Connect(
        who,
        Box::new(Connect {
            version,
            clean_start: draw.once_in(3),
            keep_alive_s: draw.of(&[0, 60, 600]),
            client_id: format!("c{who}").as_str().into(),
            will,
            username: None,
            password: None,
            properties: Properties(properties),
        }),
    )
}

/// `lasts`: whether the session outlives a Will Delay Interval of 500 seconds.
fn will(draw: &mut Draw, version: Version, lasts: bool) -> Will {
    let mut properties = if version == V5 { message_properties(draw) } else { Vec::new() };
    if version == V5 && draw.once_in(4) {
        properties.push(Property::WillDelayInterval(if lasts { draw.of(&[0, 500]) } else { 0 }));
    }
    Will {
        topic: draw.of(&TOPICS[..8]).into(),
        payload: format!("will {}", draw.drawn).into(),
        qos: draw.of(&QOS),
        retain: draw.once_in(3),
        properties: Properties(properties),
    }
}

fn message_properties(draw: &mut Draw) -> Vec<Property> {
    let mut properties = Vec::new();
    if draw.once_in(4) {
        properties.push(Property::MessageExpiryInterval(draw.of(&[1_000, 100_000])));
    }
    if draw.once_in(6) {
        properties.push(Property::PayloadFormatIndicator(1));
    }
    if draw.once_in(6) {
        properties.push(Property::ContentType("text".into()));
    }
    if draw.once_in(6) {
        properties.push(Property::ResponseTopic("answers".into()));
        properties.push(Property::CorrelationData(vec![7, 0, 255].into()));
    }
    if draw.once_in(4) {
        properties.push(Property::UserProperty("k".into(), "1".into()));
        properties.push(Property::UserProperty("k".into(), "2".into()));
    }
    properties
}

fn message(draw: &mut Draw, speaks: Speaks) -> Message {
    let retain = draw.once_in(3);
    let qos = draw.of(&QOS);
    Message {
        topic: draw.of(&TOPICS),
        qos,
        retain,
        empty: draw.once_in(if retain { 4 } else { 12 }),
        properties: if speaks == Speaks::V3 { Vec::new() } else { message_properties(draw) },
        alias: (speaks != Speaks::V3 && draw.once_in(4)).then(|| draw.of(&[1, 2, 10])),
        unreleased: qos == QoS::ExactlyOnce && draw.once_in(4),
        times: if draw.once_in(8) { 2 + draw.below(30) } else { 1 },
    }
}

fn filter(draw: &mut Draw) -> &'static str {
    if draw.once_in(8) { draw.of(&SHARED) } else { draw.of(&FILTERS) }
}

fn subscribe(draw: &mut Draw, who: usize, speaks: Speaks) -> Step {
    let filters = (0..=draw.below(3)).map(|_| {
        let filter = filter(draw);
        let mut options = SubscribeOptions { qos: draw.of(&QOS), ..SubscribeOptions::default() };
        if speaks != Speaks::V3 {
            options.no_local = !filter.starts_with("$share") && draw.once_in(4);
            // A session of both versions is left without it: see docs/differences.md.
            options.retain_as_published = speaks == Speaks::V5 && draw.once_in(3);
            options.retain_handling = draw.of(&[
                RetainHandling::OnSubscribe,
                RetainHandling::OnSubscribe,
                RetainHandling::OnNewSubscription,
                RetainHandling::Never,
            ]);
        }
        Subscription { filter: filter.into(), options }
    });
    let filters = filters.collect();
    let identifier = (speaks != Speaks::V3 && draw.once_in(3)).then(|| draw.of(&[1, 2, 300]));
    Step::Subscribe(who, identifier, filters)
}

/// Scripts that chance does not come to: what each shows, and its steps.
pub(crate) fn fixed() -> Vec<(&'static str, Vec<Step>)> {
    let join_with = |who: usize, version, receive_maximum: Option<u16>| {
        let client_id = format!("c{who}").as_str().into();
        let mut properties = Properties::default();
        if version == V5 {
            properties.push(Property::SessionExpiryInterval(1_000));
        }
        properties.0.extend(receive_maximum.map(Property::ReceiveMaximum));
        let (clean_start, keep_alive_s) = (false, 0);
        let (will, username, password) = (None, None, None);
        Step::Connect(
            who,
            Box::new(Connect {
                version,
                clean_start,
                keep_alive_s,
                client_id,
                will,
                username,
                password,
                properties,
            }),
        )
    };
    let join = |who, version| join_with(who, version, None);
    let subscribe = |who, qos| {
        let options = SubscribeOptions { qos, ..SubscribeOptions::default() };
        Step::Subscribe(who, None, vec![Subscription { filter: "a".into(), options }])
    };
    let publish = |qos, times| {
        let (retain, empty, unreleased) = (false, false, false);
        Step::Publish(
            1,
            Message {
                topic: "a",
                qos,
                retain,
                empty,
                properties: Vec::new(),
                alias: None,
                unreleased,
                times,
            },
        )
    };
    let mut scripts = Vec::new();
    for version in [V3, V5] {
        for qos in QOS {
            let mut steps = vec![join(0, version), join(1, version), subscribe(0, qos), Step::Cut(0)];
            steps.extend((0..60).map(|_| publish(qos, 20)));
            steps.push(join(0, version));
            scripts.push(("the queue of a client that is away is full", steps));
            let mut steps = vec![join(0, version), join(1, version), subscribe(0, qos), Step::Hold(0)];
            steps.extend((0..60).map(|_| publish(qos, 20)));
            steps.extend([Step::Release(0), publish(qos, 1)]);
            scripts.push(("the queue of a client that acknowledges nothing is full", steps));
        }
    }
    for qos in QOS {
        let more = vec![
            join_with(0, V5, Some(30)),
            join(1, V5),
            subscribe(0, qos),
            Step::Hold(0),
            publish(qos, 20),
            publish(qos, 20),
        ];
        scripts.push(("a Receive Maximum above the broker's own number", more));
        let mut less =
            vec![join(0, V5), join(1, V5), subscribe(0, qos), Step::Hold(0), publish(qos, 5), Step::Cut(0)];
        less.extend([publish(qos, 5), join_with(0, V5, Some(2)), publish(qos, 1), Step::Release(0)]);
        scripts.push(("a session goes on with a smaller Receive Maximum", less));
    }
    scripts
}
