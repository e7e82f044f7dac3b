//! Order, flow control, and handshakes that outlive their message.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::profile::Value;
use glassbroker::wire::*;

fn expiring(packet: Packet, s: u32) -> Packet {
    with_properties(packet, vec![Property::MessageExpiryInterval(s)])
}

/// PUBACKs and PUBRECs come in the order of the PUBLISHes, PUBCOMPs in that of the PUBRELs.
/// [3.1.1 MQTT-4.6.0-2, MQTT-4.6.0-3] [MQTT-3.3.4-1]
#[test]
fn acknowledgements_keep_the_order_of_what_they_acknowledge() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let b = pair.join(client(version, "b"));
        pair.subscribe(b, "t", QOS0);
        let a = pair.join(client(version, "a"));
        let sent = [(9, QOS1), (3, QOS2), (5, QOS1), (1, QOS2), (0, QOS0), (2, QOS1)];
        pair.send_all(a, &sent.map(|(id, qos)| publish_as(id, "t", &id.to_string(), qos)));
        let expected =
            [Packet::Puback(ack(9)), Packet::Pubrec(ack(3)), Packet::Puback(ack(5)), Packet::Pubrec(ack(1))];
        let got = pair.inbox(a);
        assert_eq!((&got[..4], &got[4..]), (&expected[..], &[Packet::Puback(ack(2))][..]));
        assert_eq!(pair.payloads(b), ["9", "3", "5", "1", "0", "2"]);
        pair.send_all(a, &[Packet::Pubrel(ack(1)), Packet::Pubrel(ack(3))]);
        assert_eq!(pair.inbox(a), [Packet::Pubcomp(ack(1)), Packet::Pubcomp(ack(3))]);
    }
}

/// PUBRELs go out in the order in which their PUBRECs came. [3.1.1 MQTT-4.6.0-4]
#[test]
fn releases_keep_the_order_of_the_receipts() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS2);
        for id in 1..=3 {
            pair.send(a, publish_as(id, "t", "", QOS2));
        }
        let ids: Vec<u16> = pair.publishes(b).iter().map(|publish| publish.id).collect();
        let order = [ids[2], ids[0], ids[1]];
        pair.send_all(b, &order.map(|id| Packet::Pubrec(ack(id))));
        assert_eq!(pair.inbox(b), order.map(|id| Packet::Pubrel(ack(id))));
    }
}

/// On each topic a subscriber gets one publisher's messages of one QoS in order, live and stored.
/// [3.1.1 MQTT-4.6.0-5, MQTT-4.6.0-6] [5.0 MQTT-4.6.0-5, MQTT-4.6.0-6]
#[test]
fn messages_keep_their_order() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        let b = pair.join(persistent(version, "b"));
        pair.subscribe(b, "#", QOS2);
        let mut got = Vec::new();
        for n in 0..30u16 {
            match n {
                10 => pair.cut(b),
                20 => {
                    let b = pair.join(persistent(version, "b"));
                    got.extend(pair.receive_all(b));
                }
                _ => {}
            }
            let qos = if n % 2 == 0 { QOS1 } else { QOS2 };
            pair.send(a, publish_as(n + 1, if n % 3 == 0 { "x" } else { "y" }, &format!("{n:02}"), qos));
            if n < 10 {
                got.extend(pair.publishes(b));
            }
        }
        let b = pair.connect(persistent(version, "b"));
        got.extend(pair.receive_all(b));
        for qos in [QOS1, QOS2] {
            let mut firsts = Vec::new();
            for text in got.iter().filter(|publish| publish.qos == qos).map(payload) {
                // What is sent again comes in its first order, too.
                if !firsts.contains(&text) {
                    firsts.push(text);
                }
            }
            assert!(firsts.len() == 15 && firsts.is_sorted(), "{version:?} {qos:?}: {firsts:?}");
        }
    }
}

/// [M5] With the send quota used up, everything but QoS 1 and 2 PUBLISH still goes, both ways.
/// [MQTT-4.9.0-1, MQTT-4.9.0-2, MQTT-4.9.0-3, MQTT-3.3.4-9, MQTT-3.3.4-10]
#[test]
fn only_messages_wait_for_the_receive_maximum() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let mut connect = client(V5, "b");
    connect.properties.0.push(Property::ReceiveMaximum(2));
    let b = pair.join(connect);
    pair.subscribe(b, "t", QOS2);
    for id in 1..=3 {
        pair.send(a, publish_as(id, "t", &id.to_string(), QOS2));
    }
    assert_eq!(pair.payloads(b), ["1", "2"], "as many as it takes, and no more");
    pair.send(b, Packet::Pubrec(ack(1)));
    assert_eq!(pair.inbox(b), [Packet::Pubrel(ack(1))]);
    pair.send(b, Packet::Pingreq);
    assert_eq!(pair.inbox(b), [Packet::Pingresp]);
    pair.subscribe(b, "u", QOS0);
    pair.send(b, unsubscribe(5, &["u"]));
    assert!(matches!(pair.inbox(b)[..], [Packet::Unsuback(_)]));
    pair.send_all(b, &[publish_as(7, "v", "", QOS1), publish_as(8, "v", "", QOS2), Packet::Pubrel(ack(8))]);
    let kinds: Vec<_> = pair.inbox(b).iter().map(Packet::packet_type).collect();
    assert_eq!(kinds, [PacketType::Puback, PacketType::Pubrec, PacketType::Pubcomp]);
    pair.publish(a, "t", "at once", QOS0);
    assert_eq!(pair.payloads(b), ["at once"]);
    pair.send(b, Packet::Pubcomp(ack(1)));
    assert_eq!(pair.payloads(b), ["3"]);
}

/// [M3] What was sent at QoS 2 does not expire any more, be it before or after PUBREC. [MQTT-4.3.3-7]
#[test]
fn a_message_that_was_sent_does_not_expire() {
    for received in [false, true] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        let b = pair.join(persistent(V5, "b"));
        pair.subscribe(b, "t", QOS2);
        pair.send(a, expiring(publish("t", "x", QOS2), 5));
        let id = pair.publishes(b)[0].id;
        if received {
            pair.send(b, Packet::Pubrec(ack(id)));
        }
        pair.cut(b);
        pair.pass_s(60);
        let b = pair.join(persistent(V5, "b"));
        match &pair.inbox(b)[..] {
            [Packet::Publish(again)] if !received => {
                assert_eq!((again.id, again.dup, payload(again)), (id, true, "x".to_owned()));
            }
            [Packet::Pubrel(again)] if received => assert_eq!(again.id, id),
            others => panic!("{others:?}"),
        }
    }
}

/// [M3] A publisher's handshake is completed, though its message has expired meanwhile. [MQTT-4.3.3-13]
#[test]
fn a_handshake_is_completed_though_its_message_has_expired() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let b = pair.join(persistent(V5, "b"));
    pair.subscribe(b, "t", QOS2);
    pair.cut(b);
    pair.send(a, expiring(publish("t", "x", QOS2), 5));
    assert_eq!(pair.inbox(a), [Packet::Pubrec(ack(1))]);
    pair.pass_s(60);
    assert_eq!(pair.session("b").queued, 0);
    pair.send(a, Packet::Pubrel(ack(1)));
    assert_eq!(pair.inbox(a), [Packet::Pubcomp(ack(1))]);
}

/// After a PUBREC that says failure the identifier means a new message. [MQTT-4.3.3-9]
#[test]
fn a_refused_identifier_is_free_at_once() {
    let set = [("retained.max_messages", Value::Number(0)), ("packet.reason_string", Value::Switch(false))];
    let mut pair = Pair::with("mqtt", &set);
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.subscribe(b, "t", QOS0);
    pair.send(a, retained("t", "refused", QOS2));
    let refused = Ack { id: 1, code: ReasonCode::QUOTA_EXCEEDED, ..Ack::default() };
    assert_eq!(pair.inbox(a), [Packet::Pubrec(refused)]);
    pair.publish(a, "t", "new", QOS2);
    assert_eq!(pair.inbox(a), [Packet::Pubrec(ack(1))]);
    assert_eq!(pair.payloads(b), ["new"]);
}
