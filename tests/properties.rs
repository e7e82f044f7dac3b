//! Properties of messages: handed on, counted down, or this connection's own.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::time::Span;
use glassbroker::wire::*;

/// [M4] [M5] [M6] Handed on unaltered, in order; not to 3.1.1.
/// [MQTT-3.3.2-4, MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-17, MQTT-3.3.2-18, MQTT-3.3.2-20]
#[test]
fn properties_of_a_message_are_handed_on() {
    let all = vec![
        Property::UserProperty("b".into(), "2".into()),
        Property::PayloadFormatIndicator(1),
        Property::ContentType("text/plain".into()),
        Property::UserProperty("a".into(), "1".into()),
        Property::ResponseTopic("answers/a".into()),
        Property::CorrelationData(Bytes::from_static(&[0, 1, 255])),
    ];
    for qos in [QOS0, QOS1] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        let (b, c, d) = (pair.join(client(V5, "b")), pair.join(client(V3, "c")), pair.join(client(V5, "d")));
        for conn in [b, c, d] {
            pair.subscribe(conn, "t", qos);
        }
        let mut sent = all.clone();
        sent.insert(2, Property::TopicAlias(3));
        pair.send(a, with_properties(publish("t", "x", qos), sent));
        for conn in [b, d] {
            assert_eq!(pair.publishes(conn)[0].properties.0, all);
        }
        assert_eq!(pair.publishes(c)[0].properties, Properties::default());
    }
}

/// [M2] An alias stands for its topic on this connection, can be set anew, and dies with it.
/// [MQTT-3.3.2-7, MQTT-3.3.2-8, MQTT-3.3.2-9, MQTT-3.3.2-12]
#[test]
fn topic_aliases_of_a_client() {
    let alias =
        |topic: &str, alias| with_properties(publish(topic, topic, QOS0), vec![Property::TopicAlias(alias)]);
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.subscribe(b, "#", QOS0);
    for (topic, number) in [("one", 1), ("two", 16), ("", 1), ("", 16), ("three", 1), ("", 1)] {
        pair.send(a, alias(topic, number));
    }
    let topics: Vec<String> = pair.publishes(b).iter().map(|p| p.topic.to_string()).collect();
    assert_eq!(topics, ["one", "two", "one", "two", "three", "three"]);
    pair.disconnect(a);
    let a = pair.join(client(V5, "a"));
    pair.send(a, alias("", 1));
    assert_eq!(pair.disconnected(a), ReasonCode::PROTOCOL_ERROR);
    for number in [0, 17] {
        let a = pair.join(client(V5, "a"));
        pair.send(a, alias("t", number));
        assert_eq!(pair.disconnected(a), ReasonCode::TOPIC_ALIAS_INVALID, "{number}");
    }
    assert_eq!(pair.publishes(b), []);
}

/// [M3] [S9] The remaining time is handed on; what has expired is not sent. [MQTT-3.3.2-5, MQTT-3.3.2-6]
#[test]
fn messages_carry_the_time_that_is_left_and_expire() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let b = pair.join(persistent(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    pair.cut(b);
    for (text, s) in [("short", 10), ("long", 100)] {
        let expiry = vec![Property::MessageExpiryInterval(s)];
        pair.send(a, with_properties(publish("t", text, QOS1), expiry));
    }
    pair.publish(a, "t", "for ever", QOS1);
    pair.pass(Span::ms(9_999));
    assert_eq!(pair.session("b").queue.len(), 3);
    pair.pass(Span::ms(1));
    // It is gone when it expires, and the event says so.
    assert_eq!(pair.session("b").queue.len(), 2);
    assert_eq!(pair.last(Kind::MessageExpired).at.0, 10_000_000);
    pair.pass(Span::ms(20_500));
    let b = pair.join(persistent(V5, "b"));
    let got = pair.publishes(b);
    let left: Vec<_> = got.iter().map(|p| (payload(p), p.properties.message_expiry_interval())).collect();
    // 69.5 seconds are left: told in whole seconds.
    assert_eq!(left, [("long".to_owned(), Some(69)), ("for ever".to_owned(), None)]);
}

/// [M5] What is too large for a client is dropped as if it had been sent. [5.0 MQTT-3.1.2-24, MQTT-3.1.2-25]
#[test]
fn a_message_too_large_for_a_client_is_dropped() {
    for qos in [QOS0, QOS1] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        let mut connect = client(V5, "b");
        // PUBLISH of topic `t` at QoS 1: two bytes, topic 3, identifier 2, property length 1, payload.
        connect.properties.0.push(Property::MaximumPacketSize(if qos == QOS0 { 16 } else { 18 }));
        let b = pair.join(connect);
        pair.subscribe(b, "t", qos);
        pair.publish(a, "t", "0123456789", qos);
        pair.publish(a, "t", "0123456789X", qos);
        assert_eq!(pair.payloads(b), ["0123456789"]);
        let event = pair.last(Kind::MessageDropped);
        assert_eq!((rule_of(event), &*event.client), (mqtt(V5, "MQTT-3.1.2-25"), "b"));
        assert_eq!(event.qos, Some(qos as u8));
    }
}
