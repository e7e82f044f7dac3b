//! PUBLISH and its handshakes, in both directions and both versions.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, Kind, Link};
use glassbroker::profile::Value;
use glassbroker::wire::*;

/// [Q1] The delivery uses the lower of the two levels. [3.1.1 MQTT-3.8.4-6] [MQTT-3.8.4-8, MQTT-3.3.2-3]
/// [MQTT-2.3.1-5, MQTT-2.3.1-4] [5.0 MQTT-2.2.1-2, MQTT-2.2.1-4] [MQTT-4.3.1-1, MQTT-4.5.0-1]
#[test]
fn a_delivery_uses_the_lower_of_the_published_and_the_granted_qos() {
    for from in BOTH {
        for to in BOTH {
            for published in [QOS0, QOS1, QOS2] {
                for granted in [QOS0, QOS1, QOS2] {
                    let mut pair = Pair::new("mqtt");
                    let (a, b) = (pair.join(client(from, "a")), pair.join(client(to, "b")));
                    pair.subscribe(b, "factory/+/status", granted);
                    pair.publish(a, "factory/1/status", "on", published);
                    let got = pair.publishes(b);
                    let lower = published.min(granted);
                    assert_eq!(got.len(), 1);
                    assert_eq!((got[0].qos, got[0].dup, got[0].retain), (lower, false, false));
                    assert_eq!((&*got[0].topic, payload(&got[0])), ("factory/1/status", "on".to_owned()));
                    assert_eq!(got[0].id == 0, lower == QOS0);
                }
            }
        }
    }
}

/// A topic reaches subscribers byte for byte: EF BB BF in front of it is a character like others. [MQTT-1.5.3-3, MQTT-1.5.4-3]
/// [MQTT-3.3.2-3, MQTT-4.7.3-4]
#[test]
fn nothing_is_taken_off_a_topic() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "\u{feff}t", QOS0);
        pair.subscribe(b, "u\u{feff}/+", QOS0);
        for topic in ["t", "\u{feff}t", "u/\u{feff}", "u\u{feff}/\u{feff}"] {
            pair.publish(a, topic, "", QOS0);
        }
        let topics: Vec<_> = pair.publishes(b).iter().map(|publish| publish.topic.to_string()).collect();
        assert_eq!(topics, ["\u{feff}t", "u\u{feff}/\u{feff}"]);
    }
}

/// 3.3.3: a payload has any length, none included, and arrives as it was sent, whatever it takes to write it.
#[test]
fn payloads_of_any_length_arrive_as_they_were_sent() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS1);
        // Around where the Remaining Length takes another byte (2.2.3), and around what is copied or read at once.
        for length in [0, 1, 100, 150, 4_095, 4_097, 16_370, 16_390, 65_535, 65_537, 300_000] {
            let sent: String = ('a'..='z').cycle().take(length).collect();
            pair.publish(a, "t", &sent, QOS1);
            assert!(pair.payloads(b) == [sent], "{length}");
        }
    }
}

/// [Q2] PUBACK with the id; the same id afterwards is a new message. [MQTT-3.3.4-1] [3.1.1 MQTT-4.3.2-1, MQTT-4.3.2-2]
/// [5.0 MQTT-4.3.2-1, MQTT-4.3.2-2, MQTT-4.3.2-3, MQTT-4.3.2-4, MQTT-4.3.2-5] [MQTT-2.3.1-6] [5.0 MQTT-2.2.1-5]
#[test]
fn qos_1_is_acknowledged_and_a_repeat_is_delivered_again() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS1);
        for _ in 0..2 {
            pair.publish(a, "t", "x", QOS1);
            assert_eq!(pair.inbox(a), [Packet::Puback(ack(1))]);
        }
        // [MQTT-3.3.1-3]: the incoming DUP is not handed on.
        let Packet::Publish(again) = publish("t", "x", QOS1) else { unreachable!() };
        pair.send(a, Packet::Publish(Publish { dup: true, ..again }));
        let got = pair.publishes(b);
        assert_eq!(
            got.iter().map(|p| (p.id, p.dup)).collect::<Vec<_>>(),
            [(1, false), (2, false), (3, false)]
        );
        assert_eq!(pair.session("b").inflight.len(), 3);
        pair.send(b, Packet::Puback(ack(2)));
        assert_eq!(pair.session("b").inflight.iter().map(|f| f.id).collect::<Vec<_>>(), [1, 3]);
    }
}

/// [Q1] Exactly once towards the broker. [MQTT-3.3.4-1] [3.1.1 MQTT-4.3.3-2]
/// [5.0 MQTT-4.3.3-8, MQTT-4.3.3-10, MQTT-4.3.3-11, MQTT-4.3.3-12]
#[test]
fn qos_2_is_delivered_once_until_it_is_released() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS0);
        pair.publish(a, "t", "one", QOS2);
        pair.publish(a, "t", "one", QOS2);
        assert_eq!(pair.inbox(a), [Packet::Pubrec(ack(1)), Packet::Pubrec(ack(1))]);
        assert_eq!(pair.payloads(b), ["one"]);
        assert_eq!(pair.session("a").incoming, [1]);
        pair.send(a, Packet::Pubrel(ack(1)));
        assert_eq!(pair.inbox(a), [Packet::Pubcomp(ack(1))]);
        assert!(pair.session("a").incoming.is_empty());
        pair.publish(a, "t", "two", QOS2);
        assert_eq!(pair.payloads(b), ["two"]);
    }
}

/// [M1] 3.6.2.1 and 3.7.2.1 of 5.0: PUBREL for an unknown id is completed, with 0x92; 3.1.1 has no code. [MQTT-3.7.2-1]
#[test]
fn pubrel_without_a_message_is_completed_all_the_same() {
    for (version, code) in [(V3, ReasonCode::SUCCESS), (V5, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND)] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        pair.send(a, Packet::Pubrel(ack(7)));
        assert_eq!(pair.inbox(a), [Packet::Pubcomp(Ack { id: 7, code, ..Ack::default() })]);
    }
}

/// [Q1] PUBLISH, PUBREC, PUBREL, PUBCOMP towards the client. [3.1.1 MQTT-4.3.3-1]
/// [5.0 MQTT-4.3.3-1, MQTT-4.3.3-2, MQTT-4.3.3-3, MQTT-4.3.3-4, MQTT-4.3.3-5] [MQTT-2.3.1-6] [5.0 MQTT-2.2.1-5]
#[test]
fn qos_2_towards_a_client_takes_four_steps() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS2);
        pair.publish(a, "t", "x", QOS2);
        let id = pair.publishes(b)[0].id;
        // PUBACK and PUBCOMP are out of step: they change nothing.
        pair.send(b, Packet::Puback(ack(id)));
        pair.send(b, Packet::Pubcomp(ack(id)));
        assert!(!pair.session("b").inflight[0].released);
        pair.send(b, Packet::Pubrec(ack(id)));
        assert_eq!(pair.inbox(b), [Packet::Pubrel(ack(id))]);
        assert!(pair.session("b").inflight[0].released);
        pair.send(b, Packet::Pubrec(ack(id)));
        assert_eq!(pair.inbox(b), [Packet::Pubrel(ack(id))]);
        pair.send(b, Packet::Pubcomp(ack(id)));
        assert_eq!(pair.session("b").inflight, []);
        assert_eq!(pair.events(Kind::MessageAcknowledged).len(), 1);
    }
}

/// An error in PUBREC ends the handshake. [MQTT-4.4.0-2]
#[test]
fn a_refused_qos_2_message_is_over() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(persistent(V5, "b")));
    pair.subscribe(b, "t", QOS2);
    pair.publish(a, "t", "x", QOS2);
    pair.send(b, Packet::Pubrec(Ack { id: 1, code: ReasonCode::QUOTA_EXCEEDED, ..Ack::default() }));
    assert_eq!(pair.session("b").inflight, []);
    pair.cut(b);
    let b = pair.join(persistent(V5, "b"));
    assert_eq!(pair.inbox(b), []);
}

/// [M1] 0x10 where nobody subscribes. [MQTT-3.4.2-1, MQTT-3.5.2-1]
#[test]
fn a_publisher_is_told_that_nobody_subscribes() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    pair.publish(a, "t", "x", QOS1);
    pair.publish(a, "t", "x", QOS2);
    let none = Ack { id: 1, code: ReasonCode::NO_MATCHING_SUBSCRIBERS, ..Ack::default() };
    assert_eq!(pair.inbox(a), [Packet::Puback(none.clone()), Packet::Pubrec(none)]);
    // It is a success: the QoS 2 handshake goes on.
    pair.send(a, Packet::Pubrel(ack(1)));
    assert_eq!(pair.inbox(a), [Packet::Pubcomp(ack(1))]);
}

/// One copy at the highest QoS with all identifiers. [MQTT-3.3.5-1, MQTT-3.3.4-2, MQTT-3.3.4-3, MQTT-3.3.4-4]
#[test]
fn overlapping_subscriptions_bring_one_copy() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        let options = |qos| SubscribeOptions { qos, ..SubscribeOptions::default() };
        let id = |number| (version == V5).then_some(number);
        pair.subscribe_with(b, "x/#", options(QOS0), id(11));
        pair.subscribe_with(b, "x/+", options(QOS2), id(12));
        pair.subscribe_with(b, "x/y", options(QOS1), None);
        pair.publish(a, "x/y", "", QOS2);
        let got = pair.publishes(b);
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].qos, QOS2);
        let mut ids: Vec<u32> = got[0].properties.subscription_identifiers().collect();
        ids.sort_unstable();
        assert_eq!(ids, if version == V5 { vec![11, 12] } else { vec![] });
    }
}

/// Where the profile sends a copy for each subscription, each carries its own identifier and QoS. [MQTT-3.3.4-5]
#[test]
fn a_profile_may_send_a_copy_for_each_subscription() {
    let mut pair = Pair::with("mqtt", &[("subscription.overlap_once", Value::Switch(false))]);
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.subscribe_with(b, "x/#", SubscribeOptions { qos: QOS0, ..SubscribeOptions::default() }, Some(11));
    pair.subscribe_with(b, "x/y", SubscribeOptions { qos: QOS1, ..SubscribeOptions::default() }, Some(12));
    pair.publish(a, "x/y", "", QOS1);
    let mut got: Vec<_> = pair
        .publishes(b)
        .iter()
        .map(|p| (p.properties.subscription_identifiers().collect::<Vec<_>>(), p.qos))
        .collect();
    got.sort();
    assert_eq!(got, [(vec![11], QOS0), (vec![12], QOS1)]);
}

/// No Local, and the copy that an overlapping subscription without it brings. [5.0 MQTT-3.8.3-3]
#[test]
fn no_local_brings_nothing_back() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    pair.subscribe_with(a, "t", SubscribeOptions { no_local: true, ..SubscribeOptions::default() }, Some(1));
    pair.publish(a, "t", "x", QOS0);
    assert_eq!(pair.publishes(a), []);
    assert_eq!(rule_of(pair.last(Kind::Decision)), mqtt(V5, "MQTT-3.8.3-3"));
    pair.subscribe_with(a, "+", SubscribeOptions::default(), Some(2));
    pair.publish(a, "t", "y", QOS0);
    let got = pair.publishes(a);
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].properties.subscription_identifiers().collect::<Vec<_>>(), [2]);
}

/// [M5] No more under way than the client's Receive Maximum; QoS 0 goes on. [MQTT-3.3.4-9, MQTT-4.9.0-2]
#[test]
fn the_receive_maximum_of_a_client_is_respected() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let mut connect = client(V5, "b");
    connect.properties.0.push(Property::ReceiveMaximum(2));
    let b = pair.join(connect);
    pair.subscribe(b, "t", QOS2);
    for n in 0..4 {
        pair.publish(a, "t", &n.to_string(), if n % 2 == 0 { QOS1 } else { QOS2 });
        pair.send(a, Packet::Pubrel(ack(1)));
    }
    pair.publish(a, "t", "zero", QOS0);
    assert_eq!(pair.payloads(b), ["0", "1", "zero"]);
    assert_eq!(pair.session("b").queue.iter().map(|m| m.qos).collect::<Vec<_>>(), [QOS1, QOS2]);
    // PUBREC gives nothing back: the message is under way until PUBCOMP.
    pair.send(b, Packet::Pubrec(ack(2)));
    assert_eq!(pair.payloads(b), Vec::<String>::new());
    pair.send(b, Packet::Pubcomp(ack(2)));
    assert_eq!(pair.payloads(b), ["2"]);
    pair.send(b, Packet::Puback(ack(1)));
    assert_eq!(pair.payloads(b), ["3"]);
    assert_eq!(pair.session("b").queue, []);
}

/// [M5] 4.9: more QoS 2 messages under way to the broker than it announced ends the connection, 0x93. [MQTT-3.3.4-7]
#[test]
fn the_receive_maximum_of_the_broker_is_enforced() {
    let mut pair = Pair::with("mqtt", &[("connect.receive_maximum", Value::Number(2))]);
    let a = pair.join(client(V5, "a"));
    for id in 1..=2 {
        let Packet::Publish(publish) = publish("t", "", QOS2) else { unreachable!() };
        pair.send(a, Packet::Publish(Publish { id, ..publish }));
    }
    assert!(!pair.is_closed(a));
    let Packet::Publish(third) = publish("t", "", QOS2) else { unreachable!() };
    pair.send(a, Packet::Publish(Publish { id: 3, ..third }));
    assert_eq!(pair.disconnected(a), ReasonCode::RECEIVE_MAXIMUM_EXCEEDED);
    assert!(pair.is_closed(a));
}

/// 3.2.2.3.3: a client is held to the Receive Maximum that its CONNACK told it, whatever the operator sets meanwhile; a client
/// of 3.1.1, which is told none, to none.
#[test]
fn only_who_was_told_of_a_receive_maximum_is_held_to_it() {
    for (version, before, after) in [(V5, 3, 1), (V3, 1, 1)] {
        let mut pair = Pair::with("mqtt", &[("connect.receive_maximum", Value::Number(before))]);
        let a = pair.join(client(version, "a"));
        let key = "connect.receive_maximum".to_owned();
        pair.command(Command::Set { key, value: Value::Number(after) }).unwrap();
        for id in 1..=3 {
            let Packet::Publish(publish) = publish("t", "", QOS2) else { unreachable!() };
            pair.send(a, Packet::Publish(Publish { id, ..publish }));
        }
        let recs = pair.inbox(a).into_iter().filter(|packet| matches!(packet, Packet::Pubrec(_))).count();
        assert_eq!((recs, pair.is_closed(a)), (3, false), "{version:?}");
    }
}

/// 4.9: the quota begins anew with each connection; a repeat takes of it as any PUBLISH does.
#[test]
fn what_came_on_an_earlier_connection_takes_nothing_of_the_receive_maximum() {
    let mut pair = Pair::with("mqtt", &[("connect.receive_maximum", Value::Number(2))]);
    let send = |pair: &mut Pair, conn, id, dup| {
        let Packet::Publish(publish) = publish("t", "", QOS2) else { unreachable!() };
        pair.send(conn, Packet::Publish(Publish { id, dup, ..publish }));
        pair.is_closed(conn)
    };
    let a = pair.join(persistent(V5, "a"));
    assert!(!send(&mut pair, a, 1, false) && !send(&mut pair, a, 2, false));
    pair.cut(a);
    let a = pair.join(persistent(V5, "a"));
    assert!(!send(&mut pair, a, 3, false) && !send(&mut pair, a, 1, true) && !send(&mut pair, a, 1, true));
    assert!(send(&mut pair, a, 2, true));
    assert_eq!(pair.disconnected(a), ReasonCode::RECEIVE_MAXIMUM_EXCEEDED);
}

/// Never more is sent than the link takes; what waits leaves in order, QoS 1 from the queue, QoS 0 within its bound.
/// [glassbroker.bound.waiting]
#[test]
fn a_full_link_is_waited_for() {
    let mut pair =
        Pair::with("mqtt", &[("connection.waiting_max_bytes", Value::Number(1_024))]).memory_only(ROOM);
    let a = pair.join(client(V3, "a"));
    let b = pair.open_with(Link { websocket: true, bytes_free: 100, ..Link::default() });
    pair.send_connect(b, client(V3, "b"));
    pair.subscribe(b, "t", QOS1);
    // CONNACK 4 and SUBACK 5 bytes have left: 91 are free. One message takes 2 + 3 + 2 + 50 = 57 bytes at QoS 1.
    let long = "x".repeat(50);
    for _ in 0..3 {
        pair.publish(a, "t", &long, QOS1);
    }
    assert_eq!(pair.publishes(b).len(), 1);
    assert_eq!(pair.session("b").queue.len(), 2);
    pair.send(b, Packet::Pingreq);
    assert_eq!(pair.inbox(b), [Packet::Pingresp]);
    for n in 0..20 {
        pair.publish(a, "t", &format!("{n:50}"), QOS0);
    }
    // 21 bytes of topic and payload short of 1,024 after twenty times 51: all wait but none is lost.
    assert_eq!(pair.session("b").connection.map(|c| c.waiting), Some(20));
    pair.publish(a, "t", "one too many", QOS0);
    assert_eq!(pair.last(Kind::MessageDropped).why, "the link takes no more");
    pair.writable(b, 10_000);
    let got = pair.publishes(b);
    assert_eq!(got.len(), 22);
    assert_eq!(got.iter().filter(|p| p.qos == QOS1).count(), 2);
    assert_eq!(pair.session("b").queue, []);
}

/// A packet that is larger than the whole link leaves when the link is empty.
#[test]
fn a_packet_larger_than_the_link_is_not_stuck() {
    let mut pair = Pair::new("mqtt").memory_only(ROOM);
    let a = pair.join(client(V3, "a"));
    let b = pair.open_with(Link { websocket: true, bytes_free: 100, ..Link::default() });
    pair.send_connect(b, client(V3, "b"));
    pair.subscribe(b, "t", QOS1);
    pair.publish(a, "t", &"x".repeat(1_000), QOS1);
    assert_eq!(pair.publishes(b).len(), 0);
    pair.writable(b, 100);
    assert_eq!(pair.publishes(b).len(), 1);
    assert_eq!(pair.session("b").connection.map(|c| c.bytes_free), Some(0));
}

/// A client that never reads is closed once its acknowledgements alone fill what may wait. [MQTT-4.8.0-2]
/// [glassbroker.bound.waiting]
#[test]
fn a_client_that_never_reads_is_closed() {
    let mut pair =
        Pair::with("mqtt", &[("connection.waiting_max_bytes", Value::Number(1_024))]).memory_only(ROOM);
    let a = pair.open_with(Link { websocket: true, bytes_free: 10, ..Link::default() });
    pair.send_connect(a, client(V5, "a"));
    for _ in 0..600 {
        if pair.is_closed(a) {
            break;
        }
        pair.send(a, Packet::Pingreq);
    }
    assert!(pair.is_closed(a) && !pair.has_session("a"));
}

/// Where packets are cut makes no difference.
#[test]
fn packets_may_be_cut_anywhere() {
    let mut stream = Vec::new();
    for packet in [publish("t", "one", QOS1), publish("t", "two", QOS0), Packet::Pingreq] {
        let mut out = bytes::BytesMut::new();
        encode(&packet, V5, &mut out);
        stream.extend_from_slice(&out);
    }
    for size in 1..stream.len() {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        pair.subscribe(a, "t", QOS1);
        for chunk in stream.chunks(size) {
            pair.send_bytes(a, chunk.to_vec());
        }
        let kinds: Vec<_> = pair.inbox(a).iter().map(Packet::packet_type).collect();
        assert_eq!(
            kinds,
            [PacketType::Publish, PacketType::Puback, PacketType::Publish, PacketType::Pingresp]
        );
    }
}

/// The depth that events tell is all that waits for a client, for the link or for an acknowledgement, whatever leaves how.
#[test]
fn events_tell_the_depth_of_all_that_waits() {
    let mut pair = Pair::new("mqtt").memory_only(ROOM);
    let a = pair.join(client(V5, "a"));
    let b = pair.open_with(Link { websocket: true, bytes_free: 40, ..Link::default() });
    pair.send_connect(b, persistent(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    let long = "x".repeat(60);
    let expiring = |s| with_properties(publish("t", &long, QOS1), vec![Property::MessageExpiryInterval(s)]);
    pair.publish(a, "t", &long, QOS1);
    pair.send(a, expiring(5));
    pair.publish(a, "t", &long, QOS0);
    pair.send(a, expiring(5));
    pair.publish(a, "t", &long, QOS0);
    let told = |pair: &Pair, kind| pair.events(kind).iter().map(|event| event.number).collect::<Vec<_>>();
    assert_eq!(told(&pair, Kind::MessageQueued), [1, 2, 3, 4, 5].map(Some));
    pair.pass_s(5);
    assert_eq!(told(&pair, Kind::MessageExpired), [4, 3].map(Some));
    pair.writable(b, 70);
    assert_eq!(told(&pair, Kind::MessageDequeued), [2].map(Some));
    pair.cut(b);
    assert_eq!(told(&pair, Kind::MessageDropped), [1].map(Some));
    assert_eq!(pair.session("b").queue.len(), 1);
}

/// One message for many: each receiver's version, QoS, RETAIN, identifiers and Packet Identifier are its own.
#[test]
fn every_receiver_of_many_gets_its_own_form() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let mut receivers = Vec::new();
    for n in 0..24u32 {
        // Neighbours have much in common, so that what one got could be taken for another.
        let version = BOTH[n as usize / 12];
        let qos = [QOS0, QOS1, QOS2][n as usize / 4 % 3];
        let keeps = version == V5 && n / 2 % 2 == 0;
        let identifier = (version == V5 && n % 5 == 0).then_some(n + 1);
        let conn = pair.join(client(version, &format!("r{n}")));
        // Some have had messages before, so that their Packet Identifiers differ.
        pair.subscribe(conn, "before", QOS1);
        for _ in 0..n {
            pair.publish(a, "before", "", QOS1);
        }
        let options = SubscribeOptions { qos, retain_as_published: keeps, ..SubscribeOptions::default() };
        pair.subscribe_with(conn, "t", options, identifier);
        receivers.push((conn, version, qos, keeps, identifier));
    }
    let before: Vec<u16> = receivers.iter().map(|r| pair.publishes(r.0).len() as u16).collect();
    let properties = vec![Property::ContentType("c".into()), Property::MessageExpiryInterval(9)];
    pair.send(a, with_properties(retained("t", "x", QOS2), properties));
    for ((conn, version, qos, keeps, identifier), before) in receivers.into_iter().zip(before) {
        let got = pair.publishes(conn);
        assert_eq!(got.len(), 1);
        let id = if qos == QOS0 { 0 } else { before + 1 };
        assert_eq!((got[0].qos, got[0].retain, got[0].id), (qos, keeps, id));
        let mut expected = Vec::new();
        if version == V5 {
            expected.extend([Property::ContentType("c".into()), Property::MessageExpiryInterval(9)]);
            expected.extend(identifier.map(Property::SubscriptionIdentifier));
        }
        assert_eq!(got[0].properties.0, expected);
    }
}

/// [MQTT-3.3.2-12] An alias holds also where it is told by the repeat of a QoS 2 message.
#[test]
fn a_repeat_tells_its_alias() {
    let mut pair = Pair::new("mqtt");
    let aliased = |packet| with_properties(packet, vec![Property::TopicAlias(1)]);
    let sensor = pair.join(persistent(V5, "sensor"));
    pair.publish(sensor, "t", "x", QOS2);
    pair.cut(sensor);
    let sensor = pair.join(persistent(V5, "sensor"));
    pair.subscribe(sensor, "t", QOS0);
    pair.send(sensor, aliased(publish_as(1, "t", "x", QOS2)));
    pair.send(sensor, aliased(publish("", "y", QOS0)));
    assert_eq!(pair.payloads(sensor), ["y"]);
}
