//! What a broker must hold to at the edges: no room, no time left, small maxima, changed versions.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::{Kind, Link};
use glassbroker::profile::Value;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

/// A keep alive that would run out after the end of time never does, and the broker does not wait for it.
#[test]
fn the_end_of_time_is_never_due() {
    let mut pair = Pair::new("mqtt");
    pair.pass(Span(SimTime::END.0 - 1_000_000));
    let conn = pair.join(Connect { keep_alive_s: 60, ..persistent(V5, "lamp") });
    pair.pass(Span::s(2));
    pair.broker.tick(SimTime::END, &mut pair.notes);
    assert_eq!(pair.broker.next_deadline(), None);
    assert!(!pair.is_closed(conn));
}

/// [M5] The end of a handshake that an earlier connection began gives the present one no more room. [MQTT-3.3.4-9]
#[test]
fn a_resumed_handshake_adds_nothing_to_the_receive_maximum() {
    let mut pair = Pair::new("mqtt");
    let mut connect = persistent(V5, "lamp");
    connect.properties.0.push(Property::ReceiveMaximum(2));
    let lamp = pair.join(connect.clone());
    pair.subscribe(lamp, "t", QOS2);
    let other = pair.join(client(V5, "other"));
    pair.send(other, publish("t", "first", QOS2));
    let [first] = &pair.publishes(lamp)[..] else { panic!("one message came") };
    pair.send(lamp, Packet::Pubrec(Ack::new(first.id)));
    pair.cut(lamp);
    for payload in ["second", "third", "fourth"] {
        pair.publish(other, "t", payload, QOS1);
    }
    let lamp = pair.join(connect);
    assert_eq!(pair.payloads(lamp), ["second", "third"]);
    pair.send(lamp, Packet::Pubcomp(Ack::new(first.id)));
    assert_eq!(pair.payloads(lamp), [""; 0], "two are under way, and no more may be");
}

/// [M5] As above, for an acknowledgement of what was not sent again yet. [MQTT-3.3.4-9]
#[test]
fn an_acknowledgement_before_the_repeat_adds_nothing_to_the_receive_maximum() {
    let mut pair = Pair::new("mqtt");
    let with = |most| {
        let mut connect = persistent(V5, "lamp");
        connect.properties.0.push(Property::ReceiveMaximum(most));
        connect
    };
    let lamp = pair.join(with(3));
    pair.subscribe(lamp, "t", QOS1);
    let other = pair.join(client(V5, "other"));
    for payload in ["first", "second", "third"] {
        pair.publish(other, "t", payload, QOS1);
    }
    let ids: Vec<u16> = pair.publishes(lamp).iter().map(|publish| publish.id).collect();
    pair.cut(lamp);
    let lamp = pair.join(with(1));
    assert_eq!(pair.payloads(lamp), ["first"]);
    pair.send(lamp, Packet::Puback(Ack::new(ids[1])));
    assert_eq!(pair.payloads(lamp), [""; 0]);
    pair.send(lamp, Packet::Puback(Ack::new(ids[0])));
    assert_eq!(pair.payloads(lamp), ["third"]);
}

/// A link that takes nothing gets nothing until it takes something.
#[test]
fn a_link_without_room_gets_nothing() {
    let mut pair = Pair::new("mqtt").memory_only(ROOM);
    let conn = pair.open_with(Link { websocket: true, bytes_free: 0, ..Link::default() });
    pair.send_connect(conn, client(V3, "lamp"));
    assert_eq!(pair.inbox(conn), []);
    pair.writable(conn, 1_000);
    assert_eq!(pair.connack(conn).code, ReasonCode::SUCCESS);
}

/// Where CONNACK is too large to be sent, nothing else can be sent either. [5.0 MQTT-3.1.2-24, MQTT-3.2.0-1]
#[test]
fn a_client_that_takes_no_connack_is_closed() {
    let mut pair = Pair::new("mqtt");
    let old = pair.join(persistent(V5, "lamp"));
    let mut connect = client(V5, "lamp");
    connect.properties.0.push(Property::MaximumPacketSize(7));
    let conn = pair.connect(connect);
    assert_eq!(pair.inbox(conn), []);
    assert!(pair.is_closed(conn) && !pair.is_closed(old), "it took nothing over");
    let mut connect = client(V5, "other");
    connect.properties.0.push(Property::MaximumPacketSize(4));
    connect.properties.0.push(Property::AuthenticationMethod("any".into()));
    let conn = pair.connect(connect);
    assert_eq!(pair.inbox(conn), [], "a refusal is a CONNACK too");
    assert!(pair.is_closed(conn));
}

/// A filter that 3.1.1 took by the letter is a shared subscription to the 5.0 client that resumes the session.
#[test]
fn a_filter_changes_its_meaning_with_the_version() {
    let mut pair = Pair::with("mqtt", &[("session.across_versions", Value::Switch(true))]);
    let conn = pair.join(persistent(V3, "lamp"));
    pair.subscribe(conn, "$share/g/t", QOS1);
    pair.cut(conn);
    let conn = pair.join(persistent(V5, "lamp"));
    pair.subscribe(conn, "$share/g/t", QOS1);
    pair.disconnect(conn);
    let other = pair.join(client(V5, "other"));
    pair.publish(other, "t", "shared", QOS1);
    pair.publish(other, "$share/g/t", "by the letter", QOS1);
    let queue = pair.session("lamp").queue;
    assert_eq!(queue.iter().map(|kept| &kept.payload[..]).collect::<Vec<_>>(), [b"shared"]);
}

/// 3.14.2.1 of 5.0 lists DISCONNECT's codes; what is wrong with a second CONNECT may have none there. [MQTT-3.14.2-1]
#[test]
fn a_second_connect_of_another_version_is_a_protocol_error() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "lamp"));
    pair.send_bytes(conn, Bytes::from_static(b"\x10\x0e\0\x04MQTT\x06\x02\0\0\0\0\x01a"));
    assert_eq!(pair.disconnected(conn), ReasonCode::PROTOCOL_ERROR);
    assert!(pair.is_closed(conn));
}

/// What is kept of a message counts in full, its properties too. [glassbroker.bound.queue, glassbroker.bound.retained]
#[test]
fn properties_count_towards_the_bounds() {
    let bounds = [("session.queue_max_bytes", Value::Number(50)), ("retained.max_bytes", Value::Number(50))];
    let mut pair = Pair::with("mqtt", &bounds);
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    pair.cut(lamp);
    let other = pair.join(client(V5, "other"));
    let long = Property::UserProperty("k".into(), "v".repeat(60).into());
    pair.send(other, with_properties(publish("t", "small", QOS1), vec![long.clone()]));
    assert_eq!(pair.session("lamp").queue, []);
    assert_eq!(pair.last(Kind::MessageDropped).client, "lamp");
    pair.send(other, with_properties(retained("t", "small", QOS1), vec![long]));
    assert_eq!(pair.broker.retained(), []);
    pair.publish(other, "t", "small", QOS1);
    assert_eq!(pair.session("lamp").queue_bytes, 6);
}

/// One delivery names every matching subscription; as many as a session may hold take no long time. [MQTT-3.3.4-4]
#[test]
fn very_many_overlapping_subscriptions_are_named_in_one_delivery() {
    const LEVELS: u32 = 12;
    let mut pair = Pair::new("mqtt");
    let lamp = pair.join(client(V5, "lamp"));
    for number in 0..1u32 << LEVELS {
        let filter: Vec<&str> = (0..LEVELS).map(|level| ["a", "+"][(number >> level & 1) as usize]).collect();
        pair.subscribe_with(lamp, &filter.join("/"), SubscribeOptions::default(), Some(number + 1));
    }
    let other = pair.join(client(V3, "other"));
    pair.publish(other, &vec!["a"; LEVELS as usize].join("/"), "all", QOS0);
    let [delivered] = &pair.publishes(lamp)[..] else { panic!("one message came") };
    let mut numbers: Vec<u32> = delivered.properties.subscription_identifiers().collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=1 << LEVELS));
}
