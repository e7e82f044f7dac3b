//! What AWS IoT Core tells MQTT 5 of itself and of what fails: the properties of its CONNACK, and the reason codes that its guide
//! lists, each with a story that leads to it, or why none does.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId};
use glassbroker::policy::{Access, Users};
use glassbroker::profile::Value;
use glassbroker::scenario::parse_policies;
use glassbroker::sorted::Sorted;
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";

fn connack_of(profile: &str, connect: Connect) -> Vec<Property> {
    let mut pair = Pair::new(profile);
    let conn = pair.connect(connect);
    pair.connack(conn).properties.0
}

/// [M7] [aws.connect.told] All that CONNACK tells, in its order, and for whom. What the standard takes as said where it is not
/// said is left out: Retain, Wildcard Subscription and Shared Subscription Available. [5.0 MQTT-3.1.3-7] [MQTT-3.2.2-9, MQTT-3.2.2-21]
#[test]
fn connack_tells_what_differs_from_the_standard() {
    // The account's hour; a name, where none was given; the shortest keep alive.
    let mut connect = Connect { keep_alive_s: 10, ..client(V5, "") };
    connect.properties.0.push(Property::SessionExpiryInterval(7_200));
    let told = connack_of(AWS, connect);
    let Some(Property::AssignedClientIdentifier(name)) = told.get(4) else { panic!("{told:?}") };
    let always = |told: &mut Vec<Property>| {
        told.extend([
            // At most 100 unacknowledged messages.
            Property::ReceiveMaximum(100),
            // No QoS 2.
            Property::MaximumQoS(1),
            // 146 KB.
            Property::MaximumPacketSize(149_504),
        ]);
    };
    let last = [
        // 8 topic aliases.
        Property::TopicAliasMaximum(8),
        // No Subscription Identifiers.
        Property::SubscriptionIdentifierAvailable(0),
    ];
    let mut expected = vec![Property::SessionExpiryInterval(3_600)];
    always(&mut expected);
    expected.push(Property::AssignedClientIdentifier(name.clone()));
    expected.extend(last.clone());
    expected.push(Property::ServerKeepAlive(30));
    assert_eq!(told, expected);

    // Who asks for nothing that it does not get is told what holds for everyone.
    let mut connect = Connect { keep_alive_s: 60, ..client(V5, "lamp") };
    connect.properties.0.push(Property::SessionExpiryInterval(3_600));
    let mut expected = Vec::new();
    always(&mut expected);
    expected.extend(last);
    assert_eq!(connack_of(AWS, connect.clone()), expected);

    assert_eq!(connack_of("mqtt", connect), [Property::TopicAliasMaximum(16)]);
    assert_eq!(connack_of(AWS, client(V3, "lamp")), [], "3.1.1 has no properties");
}

/// `worker` may do all but what has `denied` in its topic; `user` has the password `secret`; `none` has no policy.
fn access() -> Access {
    let file = r#"{ "policies": { "worker": { "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Deny", "Action": "*", "Resource": [
            "arn:aws:iot:us-east-1:123456789012:topic/denied", "arn:aws:iot:us-east-1:123456789012:topicfilter/denied" ] } ] } },
        "clients": { "worker": "worker", "none": [] } }"#;
    let policies = parse_policies(file).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut users = Sorted::new();
    users.insert("user".into(), "secret".into());
    Access { policies, users: Users::new(users), ..Access::default() }
}

/// A story to its end: what came to the client.
struct Told(Vec<Packet>);

/// The client of the stories, which may do something.
fn worker() -> Connect {
    named(client(V5, "worker"), "user", "secret")
}

fn open(set: &[(&str, Value)]) -> Pair {
    Pair::with(AWS, set).told(access())
}

/// A CONNECT and its answer.
fn connects(connect: Connect) -> Told {
    let mut pair = open(&[]);
    let conn = pair.connect(connect);
    Told(pair.inbox(conn))
}

/// What comes to a client that is connected and does something.
fn does(set: &[(&str, Value)], what: impl FnOnce(&mut Pair, ConnId)) -> Told {
    let mut pair = open(set);
    let conn = pair.join(worker());
    what(&mut pair, conn);
    Told(pair.inbox(conn))
}

/// What comes to a client that is connected and sends something.
fn sends(packets: &[Packet]) -> Told {
    does(&[], |pair, conn| packets.iter().for_each(|packet| pair.send(conn, packet.clone())))
}

fn with_will(topic: &str, qos: QoS) -> Connect {
    let properties = Properties::default();
    let will = Will { topic: topic.into(), payload: "gone".into(), qos, retain: false, properties };
    Connect { will: Some(will), ..worker() }
}

fn many(count: usize) -> Vec<Packet> {
    let filters: Vec<String> = (0..count).map(|n| format!("f/{n}")).collect();
    let chunks = filters.chunks(8).map(|some| some.iter().map(|filter| (filter.as_str(), QOS1)).collect());
    chunks.map(|some: Vec<_>| subscribe(1, &some)).collect()
}

fn aliased(alias: u16) -> Packet {
    with_properties(publish("t", "x", QOS0), vec![Property::TopicAlias(alias)])
}

fn numbered() -> Packet {
    let Packet::Subscribe(subscribe) = subscribe(1, &[("t", QOS0)]) else { unreachable!() };
    let properties = Properties(vec![Property::SubscriptionIdentifier(1)]);
    Packet::Subscribe(Subscribe { properties, ..subscribe })
}

/// How a code comes about, or why it never does.
enum Comes {
    By(fn() -> Told),
    Never(&'static str),
}
use Comes::{By, Never};

/// Each refusal has a better code.
const OTHERS: Comes = Never("every refusal has a code that says more");
/// No packet waits here for another one of its Packet Identifier.
const AT_ONCE: Comes = Never("what has a Packet Identifier is answered before the next packet is read");

/// The tables of the guide.
const LISTED: [(PacketType, u8, Comes); 39] = [
    (PacketType::Connack, 0x00, By(|| connects(worker()))),
    (PacketType::Connack, 0x80, OTHERS),
    (PacketType::Connack, 0x85, By(|| connects(Connect { client_id: "$lamp".into(), ..worker() }))),
    (PacketType::Connack, 0x86, By(|| connects(named(client(V5, "worker"), "user", "wrong")))),
    (PacketType::Connack, 0x87, By(|| connects(named(client(V5, "none"), "user", "secret")))),
    (PacketType::Connack, 0x90, By(|| connects(with_will("$SYS/t", QOS0)))),
    (
        PacketType::Connack,
        0x97,
        By(|| {
            let mut pair = open(&[]);
            pair.join(worker());
            let again = pair.connect(worker());
            Told(pair.inbox(again))
        }),
    ),
    (PacketType::Connack, 0x9B, By(|| connects(with_will("t", QOS2)))),
    (PacketType::Puback, 0x00, By(|| sends(&[subscribe(1, &[("t", QOS0)]), publish("t", "x", QOS1)]))),
    (PacketType::Puback, 0x80, OTHERS),
    (PacketType::Puback, 0x87, By(|| sends(&[publish("denied", "x", QOS1)]))),
    (PacketType::Puback, 0x90, By(|| sends(&[publish("$SYS/t", "x", QOS1)]))),
    (PacketType::Puback, 0x91, AT_ONCE),
    (
        PacketType::Puback,
        0x97,
        By(|| {
            does(&[("publish.in_burst", Value::Number(1))], |pair, conn| {
                (1..=2).for_each(|id| pair.send(conn, publish_as(id, "t", "x", QOS1)));
            })
        }),
    ),
    // A PUBLISH at QoS 3.
    (PacketType::Disconnect, 0x81, By(|| does(&[], |pair, conn| pair.send_bytes(conn, vec![0x36, 0])))),
    (PacketType::Disconnect, 0x82, By(|| does(&[], |pair, conn| pair.send_connect(conn, worker())))),
    (PacketType::Disconnect, 0x87, By(|| sends(&[publish("denied", "x", QOS0)]))),
    (PacketType::Disconnect, 0x8B, Never("a restart is not announced")),
    (PacketType::Disconnect, 0x8D, By(|| does(&[], |pair, _| pair.pass_s(1_800)))),
    (
        PacketType::Disconnect,
        0x8E,
        By(|| {
            does(&[], |pair, _| {
                pair.pass_s(1);
                pair.join(worker());
            })
        }),
    ),
    (PacketType::Disconnect, 0x8F, Never("SUBACK and UNSUBACK tell it for each filter")),
    (PacketType::Disconnect, 0x90, By(|| sends(&[publish("$SYS/t", "x", QOS0)]))),
    (PacketType::Disconnect, 0x93, Never("a link that has no room for PUBACK has none for DISCONNECT")),
    (PacketType::Disconnect, 0x94, By(|| sends(&[aliased(9)]))),
    (
        PacketType::Disconnect,
        0x97,
        By(|| {
            let filters = [("f", QOS0); 9];
            sends(&[subscribe(1, &filters)])
        }),
    ),
    (
        PacketType::Disconnect,
        0x98,
        By(|| does(&[], |pair, _| pair.command(Command::disconnect("worker".into())).unwrap())),
    ),
    (PacketType::Disconnect, 0x9B, By(|| sends(&[publish("t", "x", QOS2)]))),
    (PacketType::Disconnect, 0xA1, By(|| sends(&[numbered()]))),
    (PacketType::Suback, 0x00, By(|| sends(&[subscribe(1, &[("t", QOS0)])]))),
    (PacketType::Suback, 0x01, By(|| sends(&[subscribe(1, &[("t", QOS1)])]))),
    (PacketType::Suback, 0x80, OTHERS),
    (PacketType::Suback, 0x87, By(|| sends(&[subscribe(1, &[("denied", QOS0)])]))),
    (PacketType::Suback, 0x8F, By(|| sends(&[subscribe(1, &[("$SYS/t", QOS0)])]))),
    (PacketType::Suback, 0x91, AT_ONCE),
    (PacketType::Suback, 0x97, By(|| sends(&many(51)))),
    (PacketType::Unsuback, 0x00, By(|| sends(&[subscribe(1, &[("t", QOS0)]), unsubscribe(2, &["t"])]))),
    (PacketType::Unsuback, 0x80, OTHERS),
    (PacketType::Unsuback, 0x8F, By(|| sends(&[unsubscribe(2, &["1/2/3/4/5/6/7/8/9"])]))),
    (PacketType::Unsuback, 0x91, AT_ONCE),
];

/// What the standard has a code for and the guide lists none.
const UNLISTED: [(PacketType, u8, Comes); 6] = [
    // Another protocol level than 3, 4 and 5.
    (
        PacketType::Connack,
        0x84,
        By(|| {
            let mut pair = open(&[]);
            let conn = pair.open();
            pair.wire(conn).version = Some(V5);
            pair.send_bytes(conn, &b"\x10\x0d\x00\x04MQTT\x06\x02\x00\x00\x00\x00\x00"[..]);
            Told(pair.inbox(conn))
        }),
    ),
    (
        PacketType::Connack,
        0x8C,
        By(|| {
            let properties = Properties(vec![Property::AuthenticationMethod("SCRAM-SHA-1".into())]);
            connects(Connect { properties, ..worker() })
        }),
    ),
    (PacketType::Puback, 0x10, By(|| sends(&[publish("t", "x", QOS1)]))),
    (PacketType::Unsuback, 0x11, By(|| sends(&[unsubscribe(2, &["t"])]))),
    (PacketType::Disconnect, 0x95, By(|| sends(&[publish("t", &"x".repeat(200_000), QOS1)]))),
    (
        PacketType::Disconnect,
        0xA0,
        By(|| {
            let set = [("connection.websocket_max_s", Value::Number(60))];
            does(&set, |pair, _| pair.pass_s(60))
        }),
    ),
];

/// The reason codes that a packet tells, where it is one that has some.
fn codes(packet: &Packet) -> (PacketType, Vec<u8>) {
    let codes = match packet {
        Packet::Connack(connack) => vec![connack.code],
        Packet::Puback(ack) => vec![ack.code],
        Packet::Suback(suback) => suback.codes.clone(),
        Packet::Unsuback(unsuback) => unsuback.codes.clone(),
        Packet::Disconnect(disconnect) => vec![disconnect.code],
        _ => vec![],
    };
    (packet.packet_type(), codes.into_iter().map(|code| code.0).collect())
}

/// [C6] [aws.reason.listed] [aws.reason.unlisted] Each code comes by its story; and by no story comes one that stands in neither
/// table, or that was said never to come.
#[test]
fn each_reason_code_has_its_story() {
    let all = || LISTED.iter().chain(&UNLISTED);
    let comes = |packet_type: PacketType, code: u8| {
        all().any(|(of, one, comes)| (*of, *one) == (packet_type, code) && matches!(comes, By(_)))
    };
    for (packet_type, code, how) in all() {
        let told = match how {
            By(_) if *code == 0xA0 && !has_close_frames() => continue,
            By(story) => story().0,
            Never(why) => {
                assert!(!why.is_empty());
                continue;
            }
        };
        let seen: Vec<_> = told.iter().map(codes).collect();
        assert!(
            seen.iter().any(|(of, codes)| of == packet_type && codes.contains(code)),
            "{packet_type:?} {code:#x}: {told:?}"
        );
        for (of, codes) in &seen {
            for code in codes {
                assert!(comes(*of, *code), "{of:?} {code:#x} is in no table");
            }
        }
    }
}
