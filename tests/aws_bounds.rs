//! The numbers and durations of AWS IoT Core (row O2): of filters and subscriptions, of messages under way, of keep alives and
//! connections, and what each version sees on the wire of one too many.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod bounds;
    pub mod driver;
}

use bytes::Bytes;
use common::bounds::*;
use common::driver::*;
use glassbroker::broker::{Kind, Link};
use glassbroker::profile::Value;
use glassbroker::wire::*;

/// [C2] [M7] [aws.connect.keep-alive] What a client asks for, and what it gets: 5.0 is told, 3.1.1 is not, and both are held to it.
/// [MQTT-3.2.2-21]
#[test]
fn a_keep_alive_has_bounds() {
    for version in BOTH {
        for (asked_s, got_s) in
            [(0, 1_200), (1, 30), (29, 30), (30, 30), (31, 31), (1_200, 1_200), (1_201, 1_200)]
        {
            let mut pair = Pair::new(AWS);
            let lamp = pair.connect(Connect { keep_alive_s: asked_s, ..client(version, "lamp") });
            let told = pair.connack(lamp).properties.0.into_iter().find_map(|property| match property {
                Property::ServerKeepAlive(s) => Some(s),
                _ => None,
            });
            assert_eq!(told, (version == V5 && asked_s != got_s).then_some(got_s), "{asked_s}");
            let noted =
                pair.events(Kind::Decision).into_iter().find(|event| event.why.contains("keep alive"));
            let noted = noted.map(|event| (rule_of(event).1, event.number));
            let changed = (asked_s != got_s).then_some(("aws.connect.keep-alive", Some(u32::from(got_s))));
            assert_eq!(noted, changed);
            let patience_s = u64::from(got_s) * 3 / 2;
            pair.pass_s(patience_s - 1);
            assert!(!pair.is_closed(lamp), "{asked_s}");
            pair.pass_s(2);
            is_ended(&mut pair, lamp, version, 0x8D);
        }
        let mut pair = Pair::new("mqtt");
        pair.join(client(version, "lamp"));
        pair.pass_s(100_000);
        assert!(pair.has_session("lamp"), "there is no keep alive at all");
    }
}

/// [C6] [aws.connect.second] A second CONNECT is the client's error. [MQTT-3.1.0-2]
#[test]
fn a_second_connect_ends_the_connection() {
    for version in BOTH {
        let (mut pair, watcher, lamp) = watched(client(version, "lamp"));
        pair.send_connect(lamp, client(version, "lamp"));
        is_ended(&mut pair, lamp, version, 0x82);
        assert_eq!(reason(&mut pair, watcher), "CLIENT_ERROR");
    }
}

/// [C1] [aws.connect.wait] What comes while CONNACK waits for the link comes too early; once it has left nothing does.
#[test]
fn a_client_waits_until_connack_has_left() {
    for version in BOTH {
        for (has_left, is_taken) in [(false, false), (true, true)] {
            let mut pair = Pair::new(AWS).memory_only(ROOM);
            let link = Link { websocket: true, bytes_free: 0, ..Link::default() };
            let lamp = pair.open_with(link);
            pair.send_connect(lamp, client(version, "lamp"));
            if has_left {
                pair.writable(lamp, 1 << 20);
            }
            pair.send(lamp, Packet::Pingreq);
            assert_eq!(pair.is_closed(lamp), !is_taken, "{version:?}");
            let ended = pair
                .events(Kind::Decision)
                .into_iter()
                .any(|event| event.why.contains("before CONNACK") && rule_of(event).1 == "aws.connect.wait");
            assert_eq!(ended, !is_taken);
        }
    }
}

/// [O2] [aws.quota.filters] [aws.quota.filters-v3] [aws.quota.bound-told] Eight filters a SUBSCRIBE; of nine none is subscribed to:
/// 3.1.1 is closed without SUBACK, 5.0 is told by DISCONNECT.
#[test]
fn a_subscribe_has_eight_filters() {
    for version in BOTH {
        let (mut pair, watcher, lamp) = watched(persistent(version, "lamp"));
        pair.send(lamp, subscribe_all(&filters(8)));
        assert_eq!(subacks(&mut pair, lamp), [1; 8]);
        pair.send(lamp, subscribe_all(&filters(9)));
        is_ended(&mut pair, lamp, version, 0x97);
        assert_eq!(said(&pair), ("subscription.max_per_packet", "aws.quota.filters", Some(9)));
        assert_eq!(pair.session("lamp").subscriptions.len(), 8);
        assert_eq!(reason(&mut pair, watcher), "THROTTLED");
        let mut pair = Pair::new("mqtt");
        let lamp = pair.join(client(version, "lamp"));
        pair.send(lamp, subscribe_all(&filters(900)));
        assert_eq!(subacks(&mut pair, lamp).len(), 900);
    }
}

/// [O2] [aws.quota.filters-unsubscribe] An UNSUBSCRIBE of nine is passed over; it may be set to end the connection.
#[test]
fn an_unsubscribe_of_nine_filters_has_no_effect() {
    let unanswered = "subscription.unsubscribe_over_unanswered";
    for version in BOTH {
        for (set, ends) in [(None, false), (Some((unanswered, Value::Switch(false))), true)] {
            let mut pair = Pair::with(AWS, set.as_slice());
            let lamp = pair.join(persistent(version, "lamp"));
            pair.send(lamp, subscribe_all(&filters(8)));
            pair.inbox(lamp);
            let nine = filters(9);
            pair.send(lamp, unsubscribe(2, &nine.iter().map(String::as_str).collect::<Vec<_>>()));
            assert_eq!(said(&pair).2, Some(9));
            assert_eq!(pair.session("lamp").subscriptions.len(), 8);
            if ends {
                is_ended(&mut pair, lamp, version, 0x97);
                continue;
            }
            assert!(pair.inbox(lamp).is_empty() && !pair.is_closed(lamp));
            pair.send(lamp, unsubscribe(3, &nine[..8].iter().map(String::as_str).collect::<Vec<_>>()));
            assert_eq!(pair.session("lamp").subscriptions.len(), 0);
        }
    }
}

/// [O2] [aws.quota.subscriptions] [aws.quota.subscriptions-told] Of 56 the first 50 are there; SUBACK refuses the others, 3.1.1 by
/// 0x80 and 5.0 by 0x97, and the connection goes on. One that is there may be made again.
#[test]
fn a_connection_has_fifty_subscriptions() {
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(version, "lamp"));
        let all = filters(56);
        all.chunks(8).for_each(|some| pair.send(lamp, subscribe_all(some)));
        let refused = if version == V3 { 0x80 } else { 0x97 };
        let mut expected = vec![1; 50];
        expected.extend([refused; 6]);
        assert_eq!(subacks(&mut pair, lamp), expected);
        assert_eq!(said(&pair), ("subscription.max_per_session", "aws.quota.subscriptions", Some(51)));
        assert_eq!(gauge(&pair, "lamp", "subscription.max_per_session"), (50, 50));
        pair.send(lamp, subscribe_all(&all[..1]));
        assert_eq!(subacks(&mut pair, lamp), [1]);
        for (topic, count) in [("f/49", 1), ("f/50", 0)] {
            pair.publish(lamp, topic, "x", QOS0);
            assert_eq!(pair.payloads(lamp).len(), count, "{topic}");
        }
        assert!(!pair.is_closed(lamp));
    }
}

/// [O2] [W3] [aws.quota.subscriptions-closing] [aws.quota.rates-2019] In the oldest edition the 51st closes the connection, and
/// nothing of its SUBSCRIBE counts; nor did an account take as much a second.
#[test]
fn the_oldest_edition_had_other_bounds() {
    for (profile, ends, rate) in
        [("aws-iot-core-2020", true, 500), ("aws-iot-core-2022", false, 3_000), (AWS, false, 3_000)]
    {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(persistent(V3, "lamp"));
        let all = filters(52);
        all[..48].chunks(8).for_each(|some| pair.send(lamp, subscribe_all(some)));
        pair.send(lamp, subscribe_all(&[&all[..1], &all[..1], &all[48..50]].concat()));
        assert!(!pair.is_closed(lamp), "what is there already does not count");
        pair.inbox(lamp);
        pair.send(lamp, subscribe_all(&all[50..]));
        assert_eq!(pair.is_closed(lamp), ends, "{profile}");
        assert_eq!(subacks(&mut pair, lamp), if ends { vec![] } else { vec![0x80; 2] });
        assert_eq!(pair.session("lamp").subscriptions.len(), 50);
        if ends {
            assert_eq!(said(&pair), ("subscription.max_per_session", "aws.quota.subscriptions", Some(52)));
            assert_eq!(rule_of(pair.last(Kind::Decision)).1, "aws.quota.subscriptions-closing");
            assert_eq!(pair.last(Kind::SessionDisconnected).why, "quota exceeded");
        }
        let quotas = pair.broker.quotas(pair.now);
        for key in ["account.connect_per_s", "account.subscribe_per_s"] {
            assert!(
                quotas.iter().any(|quota| quota.key == key && quota.per_s == Some(rate)),
                "{profile} {key}"
            );
        }
    }
}

/// [M5] [O2] [aws.quota.inflight-in] 100 messages may wait for PUBACK. Here they do only where the link takes no PUBACK: then the
/// 101st ends a connection of 5.0, and one of 3.1.1 is not to be read from. [MQTT-3.3.4-7]
#[test]
fn a_hundred_messages_wait_for_their_acknowledgement() {
    for version in BOTH {
        let mut pair = Pair::new(AWS).memory_only(ROOM);
        let link = Link { websocket: true, bytes_free: 100, ..Link::default() };
        let lamp = pair.open_with(link);
        pair.send_connect(lamp, Connect { keep_alive_s: 60, ..client(version, "lamp") });
        pair.writable(lamp, 0);
        assert!(!pair.broker.is_behind(lamp));
        for id in 1..=100 {
            pair.send(lamp, publish_as(id, "t", "x", QOS1));
            assert!(pair.broker.is_behind(lamp), "whoever moves bytes reads nothing more");
        }
        assert!(!pair.is_closed(lamp));
        if version == V5 {
            assert_eq!(gauge(&pair, "lamp", "connect.receive_maximum"), (100, 100));
        }
        pair.send(lamp, publish_as(101, "t", "x", QOS1));
        assert_eq!(pair.is_closed(lamp), version == V5);
        if version == V5 {
            assert_eq!(pair.wire(lamp).closed, Some(ReasonCode::RECEIVE_MAXIMUM_EXCEEDED));
        }
    }
    // Once they have left there is room for a hundred again.
    let mut pair = Pair::new(AWS);
    let lamp = pair.join(client(V5, "lamp"));
    (1..=300).for_each(|id| pair.send(lamp, publish_as(id, "t", "x", QOS1)));
    assert_eq!(pair.inbox(lamp).len(), 300);
    assert_eq!(gauge(&pair, "lamp", "connect.receive_maximum"), (0, 100));
}

/// [M5] [O2] [aws.quota.inflight-out] A hundred messages are under way to a client that does not acknowledge, in either version; the
/// others wait, and none is dropped.
#[test]
fn a_hundred_messages_are_under_way_to_a_client() {
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(version, "lamp"));
        pair.subscribe(lamp, "t", QOS1);
        let sensor = pair.join(client(V5, "sensor"));
        (1..=120).for_each(|id| pair.send(sensor, publish_as(id, "t", &id.to_string(), QOS1)));
        let first = pair.publishes(lamp);
        assert_eq!((first.len(), pair.session("lamp").queued), (100, 20));
        assert_eq!(gauge(&pair, "lamp", "session.inflight_max_messages"), (100, 100));
        pair.send(lamp, Packet::Puback(ack(first[41].id)));
        assert_eq!(pair.payloads(lamp), ["101"]);
        for publish in first.iter().filter(|publish| publish.id != first[41].id) {
            pair.send(lamp, Packet::Puback(ack(publish.id)));
        }
        assert_eq!(pair.publishes(lamp).len(), 19);
        assert!(pair.events(Kind::MessageDropped).is_empty());
    }
}

/// [O2] [W3] [aws.quota.websocket] [aws.quota.websocket-told] A WebSocket of a day is closed, whatever came over it, and its Will
/// is sent; what is no WebSocket stays.
#[test]
fn a_websocket_lasts_a_day() {
    if !has_close_frames() {
        return;
    }
    let gone = || Will {
        topic: "gone/lamp".into(),
        payload: Bytes::from_static(b"gone"),
        qos: QOS0,
        retain: false,
        properties: Properties::default(),
    };
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(Connect { will: Some(gone()), ..client(version, "lamp") });
        for _ in 0..86_000 / 1_000 {
            pair.pass_s(1_000);
            pair.send(lamp, Packet::Pingreq);
        }
        let watcher = pair.join(client(V3, "watcher"));
        pair.subscribe(watcher, "$aws/events/presence/disconnected/#", QOS0);
        pair.subscribe(watcher, "gone/#", QOS0);
        pair.pass_s(399);
        assert!(!pair.is_closed(lamp));
        pair.inbox(lamp);
        pair.pass_s(1);
        is_ended(&mut pair, lamp, version, 0xA0);
        assert_eq!(rule_of(pair.last(Kind::SessionDisconnected)).1, "aws.quota.websocket");
        let told = pair.publishes(watcher);
        assert!(told.iter().any(|told| told.topic.as_str() == "gone/lamp"), "{told:?}");
        let event = told.iter().rfind(|told| told.topic.starts_with("$aws/")).expect("an event");
        assert!(payload(event).contains(r#""disconnectReason":"WEBSOCKET_TTL_EXPIRATION""#));
        assert!(!pair.is_closed(watcher));
    }
    let mut pair = Pair::with(AWS, &[("connection.websocket_max_s", Value::Number(10))])
        .memory_only("over sockets a story has one kind of link");
    let links = [true, false].map(|websocket| Link { websocket, bytes_free: 1 << 20, ..Link::default() });
    let [over_websocket, over_tcp] = links.map(|link| pair.open_with(link));
    pair.send_connect(over_tcp, client(V5, "lamp"));
    pair.pass_s(10);
    assert_eq!([over_websocket, over_tcp].map(|conn| pair.is_closed(conn)), [true, false]);
}

/// [W3] [aws.lifecycle.throttled] A number that is broken is `THROTTLED`, a size is `CLIENT_ERROR`; the Will is sent for either.
#[test]
fn a_bound_that_ends_a_connection_sends_the_will() {
    let nine = filters(9);
    for version in BOTH {
        for (packet, word) in [
            (subscribe_all(&nine), "THROTTLED"),
            (publish(&"t".repeat(257), "x", QOS0), "CLIENT_ERROR"),
            (publish("t", &"x".repeat(200_000), QOS0), "CLIENT_ERROR"),
        ] {
            let (topic, payload) = ("gone/lamp".into(), Bytes::from_static(b"gone"));
            let properties = Properties::default();
            let will = Some(Will { topic, payload, qos: QOS0, retain: false, properties });
            let (mut pair, watcher, lamp) = watched(Connect { will, ..client(version, "lamp") });
            pair.send(lamp, packet);
            assert!(pair.is_closed(lamp));
            assert_eq!(pair.events(Kind::WillSent).len(), 1, "{word}");
            assert_eq!(reason(&mut pair, watcher), word);
        }
    }
}
