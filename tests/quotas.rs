//! The rates of AWS IoT Core (row O2): what is discarded, refused or held back because more came than a second allows. Each test
//! also holds what the event says, and that a gauge shows it.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId, Kind, QuotaView};
use glassbroker::profile::Value;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";

fn aws(set: &[(&str, u64)]) -> Pair {
    let set: Vec<_> = set.iter().map(|(key, number)| (*key, Value::Number(*number))).collect();
    Pair::with(AWS, &set)
}

fn qos1(id: u16, topic: &str, payload: &str) -> Packet {
    match publish(topic, payload, QOS1) {
        Packet::Publish(publish) => Packet::Publish(Publish { id, ..publish }),
        _ => unreachable!("a PUBLISH"),
    }
}

/// The codes of the PUBACKs that came.
fn pubacks(pair: &mut Pair, conn: ConnId) -> Vec<u8> {
    let codes = pair.inbox(conn).into_iter().filter_map(|packet| match packet {
        Packet::Puback(ack) => Some(ack.code.0),
        _ => None,
    });
    codes.collect()
}

/// What the last refusal or delay says: its setting, its rule, how much was used.
fn said(pair: &Pair, kind: Kind) -> (String, &'static str, Option<u32>) {
    let event = pair.last(kind);
    (event.topic.clone(), rule_of(event).1, event.number)
}

fn gauge(quotas: &[QuotaView], key: &str) -> QuotaView {
    *quotas.iter().find(|quota| quota.key == key).unwrap_or_else(|| panic!("a gauge of {key}"))
}

/// [O2] [aws.quota.publish-in] [aws.quota.publish-burst] [aws.quota.publish-told] Of 510 at once 500 come through; then 100 a second do.
/// 3.1.1 hears nothing of the rest, 5.0 is told.
#[test]
fn what_a_connection_publishes_beyond_its_rate_is_discarded() {
    for version in BOTH {
        let mut pair = aws(&[]);
        let sensor = pair.join(client(version, "sensor"));
        for id in 1..=510 {
            pair.send(sensor, qos1(id, "t", "x"));
        }
        let success = if version == V5 { 0x10 } else { 0 };
        let mut codes = vec![success; 500];
        if version == V5 {
            codes.extend([0x97; 10]);
        }
        assert_eq!(pubacks(&mut pair, sensor), codes);
        assert_eq!(pair.events(Kind::MessageAccepted).len(), 500);
        let until = pair.last(Kind::QuotaRefused).until;
        assert_eq!(
            said(&pair, Kind::QuotaRefused),
            ("publish.in_per_s".into(), "aws.quota.publish-in", Some(500))
        );
        assert_eq!(until, Some(pair.now + Span::ms(10)));
        let used = gauge(&pair.session("sensor").quotas, "publish.in_per_s");
        assert_eq!((used.level, used.capacity, used.per_s), (500, 500, Some(100)));
        assert_eq!((used.next_at, used.empty_at), (until, Some(pair.now + Span::s(5))));
        pair.pass_s(1);
        for id in 1..=110 {
            pair.send(sensor, qos1(id, "t", "x"));
        }
        codes = pubacks(&mut pair, sensor);
        assert_eq!(codes.iter().filter(|code| **code == success).count(), 100);
        // At QoS 0 nobody is told, and the connection stays.
        pair.publish(sensor, "t", "x", QOS0);
        assert!(pair.inbox(sensor).is_empty() && !pair.is_closed(sensor));
        assert_eq!(pair.events(Kind::MessageAccepted).len(), 600);
    }
    // In `mqtt` there is no rate.
    let mut pair = Pair::new("mqtt");
    let sensor = pair.join(client(V5, "sensor"));
    (1..=2_000).for_each(|id| pair.send(sensor, qos1(id, "t", "x")));
    assert_eq!(pair.events(Kind::MessageAccepted).len(), 2_000);
}

/// [aws.quota.publish-told] What leads to the PUBACK cites the rule by which there is one; where nobody is told, nothing does.
#[test]
fn the_acknowledgement_of_a_discarded_message_has_its_own_rule() {
    for (version, qos, is_told) in [(V5, QOS1, true), (V5, QOS0, false), (V3, QOS1, false)] {
        let mut pair = aws(&[("publish.in_per_s", 1), ("publish.in_burst", 1)]);
        let sensor = pair.join(client(version, "sensor"));
        (1..=2).for_each(|_| pair.publish(sensor, "t", "x", qos));
        assert_eq!(rule_of(pair.last(Kind::QuotaRefused)).1, "aws.quota.publish-in");
        let decided = pair.events(Kind::Decision).into_iter();
        let told = decided.filter(|event| rule_of(event).1 == "aws.quota.publish-told").count();
        assert_eq!(told, usize::from(is_told), "{version:?} {qos:?}");
        if is_told {
            let decision = pair.last(Kind::Decision);
            let refused = pair.last(Kind::QuotaRefused);
            assert_eq!((decision.topic.as_str(), decision.cause), ("t", refused.seq));
        }
    }
}

/// [aws.quota.publish-told] The switch leaves 5.0 as much in the dark as 3.1.1.
#[test]
fn mqtt_5_need_not_be_told_of_a_discarded_message() {
    let set = [("publish.in_per_s", Value::Number(1)), ("publish.in_burst", Value::Number(1))];
    for (told, codes) in [(true, &[0x10, 0x97][..]), (false, &[0x10])] {
        let mut pair = Pair::with(AWS, &[set[0], set[1], ("publish.over_rate_told", Value::Switch(told))]);
        let sensor = pair.join(client(V5, "sensor"));
        (1..=2).for_each(|id| pair.send(sensor, qos1(id, "t", "x")));
        assert_eq!(pubacks(&mut pair, sensor), codes);
    }
}

/// A discarded message sets its Topic Alias all the same: what comes after it may use that.
#[test]
fn a_discarded_message_sets_its_alias() {
    let mut pair = aws(&[("publish.in_per_s", 1), ("publish.in_burst", 1)]);
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(client(V5, "lamp"));
    pair.subscribe(lamp, "b", QOS0);
    let with_alias = |topic: &str| {
        let properties = Properties(vec![Property::TopicAlias(1)]);
        Packet::Publish(Publish {
            topic: topic.into(),
            payload: "x".into(),
            properties,
            ..Publish::default()
        })
    };
    pair.publish(sensor, "a", "x", QOS0);
    pair.send(sensor, with_alias("b"));
    pair.pass_s(1);
    pair.send(sensor, with_alias(""));
    assert_eq!(pair.payloads(lamp), ["x"]);
}

/// [O2] [aws.quota.publish-out] [aws.quota.publish-burst] A client gets no more, connected or away; others are not touched by that.
#[test]
fn what_goes_to_a_client_beyond_its_rate_is_discarded_for_it() {
    for version in BOTH {
        for is_away in [false, true] {
            let mut pair = aws(&[("account.queue_per_s", 10_000)]);
            let sensors = ["a", "b"].map(|name| pair.join(client(version, name)));
            let lamp = pair.join(persistent(version, "lamp"));
            pair.subscribe(lamp, "#", QOS1);
            let other = pair.join(client(version, "other"));
            pair.subscribe(other, "a", QOS1);
            if is_away {
                pair.cut(lamp);
            }
            for id in 1..=300 {
                pair.send(sensors[0], qos1(id, "a", "x"));
                pair.send(sensors[1], qos1(id, "b", "x"));
            }
            assert_eq!(pair.events(Kind::MessageDropped).len(), 100);
            let dropped = pair.last(Kind::MessageDropped);
            assert_eq!((dropped.client.as_str(), rule_of(dropped).1), ("lamp", "aws.quota.publish-out"));
            assert_eq!(
                said(&pair, Kind::QuotaRefused),
                ("publish.out_per_s".into(), "aws.quota.publish-out", Some(500))
            );
            assert_eq!(pair.receive_all(other).len(), 300);
            let view = pair.session("lamp");
            let used = gauge(&view.quotas, "publish.out_per_s");
            assert_eq!((used.level, used.capacity, used.per_s), (500, 500, Some(100)));
            match is_away {
                true => assert_eq!(view.stored, 500),
                false => assert_eq!(pair.receive_all(lamp).len(), 500),
            }
            // Publishers are acknowledged all the same.
            assert_eq!(pubacks(&mut pair, sensors[1]), [0; 300]);
        }
    }
}

fn big(kib: usize) -> String {
    "x".repeat(kib << 10)
}

/// [O2] [aws.quota.throughput] More than 512 KiB a second waits to be read; nothing is lost, and the order stays.
#[test]
fn a_connection_is_read_no_faster_than_its_throughput() {
    for version in BOTH {
        let mut pair = aws(&[]).memory_only("a socket's reader waits with it");
        let sensor = pair.join(client(version, "sensor"));
        let lamp = pair.join(client(version, "lamp"));
        pair.subscribe(lamp, "t", QOS0);
        let start = pair.now;
        for n in 0..12 {
            pair.send(sensor, publish("t", &format!("{n} {}", big(100)), QOS0));
        }
        assert!(pair.broker.is_behind(sensor));
        assert_eq!(
            said(&pair, Kind::QuotaDelayed),
            ("connection.in_bytes_per_s".into(), "aws.quota.throughput", Some(1))
        );
        assert!(gauge(&pair.session("sensor").quotas, "connection.in_bytes_per_s").level > 512 << 10);
        // What is left of the last second's worth lets one whole packet go.
        assert_eq!(pair.events(Kind::MessageAccepted).len(), 6);
        pair.pass_s(4);
        let order: Vec<_> = pair.publishes(lamp).iter().map(|p| payload(p)[..2].trim().to_owned()).collect();
        assert_eq!(order, (0..12).map(|n| n.to_string()).collect::<Vec<_>>());
        // 1,200 KiB, of which 512 are there at once and the last packet's may be owed: (1,100 - 512) / 512 s.
        let last = pair.last(Kind::MessageAccepted).at.since(start);
        assert!((Span::ms(1_140)..Span::ms(1_160)).contains(&last), "{last:?}");
        assert!(!pair.broker.is_behind(sensor));
    }
}

/// [aws.quota.throughput] What came before an orderly end is read, late as it is; after a failure it is gone.
#[test]
fn what_waits_unread_is_read_before_an_orderly_end() {
    for (how, count) in [(glassbroker::broker::Closed::Finished, 12), (glassbroker::broker::Closed::Lost, 6)]
    {
        let mut pair = aws(&[]).memory_only("a socket's reader waits with it");
        let sensor = pair.join(client(V5, "sensor"));
        (0..12).for_each(|_| pair.send(sensor, publish("t", &big(100), QOS0)));
        pair.closed(sensor, how);
        pair.pass_s(10);
        assert_eq!(pair.events(Kind::MessageAccepted).len(), count);
        assert_eq!(pair.broker.counts().held_bytes, pair.broker.weigh_all());
    }
}

/// [O2] [aws.quota.throughput] More than 512 KiB a second to a client waits; nothing is lost, and acknowledgements wait too.
#[test]
fn a_client_is_sent_no_more_than_its_throughput() {
    for version in BOTH {
        for qos in [QOS0, QOS1] {
            let mut pair = aws(&[]);
            let sensors = ["a", "b"].map(|name| pair.join(client(version, name)));
            let lamp = pair.join(client(version, "lamp"));
            pair.subscribe(lamp, "t", qos);
            let start = pair.now;
            for n in 0..5 {
                for (at, sensor) in sensors.iter().enumerate() {
                    pair.send(*sensor, qos1(1, "t", &format!("{} {}", n * 2 + at, big(100))));
                }
            }
            assert_eq!(
                said(&pair, Kind::QuotaDelayed),
                ("connection.out_bytes_per_s".into(), "aws.quota.throughput", Some(1))
            );
            let used = gauge(&pair.session("lamp").quotas, "connection.out_bytes_per_s");
            assert!(used.level > 512 << 10 && used.next_at.is_some());
            pair.send(lamp, Packet::Pingreq);
            let got = |pair: &mut Pair| {
                let inbox = std::mem::take(&mut pair.wire(lamp).inbox);
                inbox
                    .into_iter()
                    .filter(|(_, packet)| !matches!(packet, Packet::Suback(_)))
                    .collect::<Vec<_>>()
            };
            let first = got(&mut pair);
            assert_eq!(first.len(), 6, "no PINGRESP yet");
            pair.pass_s(3);
            let rest = got(&mut pair);
            assert_eq!(rest.len(), 5);
            let is_published = |packet: &(SimTime, Packet)| matches!(packet.1, Packet::Publish(_));
            let last = rest.iter().rfind(|packet| is_published(packet)).unwrap().0.since(start);
            assert!((Span::ms(750)..Span::ms(780)).contains(&last), "{last:?}");
            assert!(pair.events(Kind::MessageDropped).is_empty());
        }
    }
}

/// [O2] [aws.quota.connect-client] [aws.quota.connect-told] One CONNECT a second for a client identifier, whatever connection it comes on.
#[test]
fn a_client_identifier_connects_once_a_second() {
    for version in BOTH {
        let mut pair = aws(&[]);
        let first = pair.join(client(version, "lamp"));
        pair.join(client(version, "other"));
        pair.pass(Span::ms(999));
        let second = pair.connect(client(version, "lamp"));
        assert!(pair.is_closed(second) && !pair.is_closed(first));
        match version {
            V3 => assert!(pair.inbox(second).is_empty()),
            V5 => assert_eq!(pair.connack(second).code.0, 0x97),
        }
        let refused = said(&pair, Kind::QuotaRefused);
        assert_eq!(refused, ("connect.client_per_s".into(), "aws.quota.connect-client", Some(1)));
        pair.pass(Span::ms(1));
        pair.join(client(version, "lamp"));
        assert!(pair.is_closed(first), "taken over");
        // Without a client identifier there is none to count.
        (0..3).for_each(|_| _ = pair.join(Connect { client_id: "".into(), ..client(version, "") }));
    }
}

/// [O2] [aws.quota.account] What all clients share, by smaller numbers: CONNECT, messages in and out.
#[test]
fn an_account_has_rates_of_its_own() {
    let numbers = Pair::new(AWS).broker.quotas(SimTime::ZERO);
    for (key, capacity) in [
        ("account.connect_per_s", 3_000),
        ("account.publish_in_per_s", 20_000),
        ("account.publish_out_per_s", 20_000),
        ("account.queue_per_s", 500),
        ("account.retain_per_s", 500),
        ("account.subscribe_per_s", 3_000),
    ] {
        let gauge = gauge(&numbers, key);
        assert_eq!((gauge.level, gauge.capacity, gauge.per_s), (0, capacity, Some(capacity)), "{key}");
    }
    for version in BOTH {
        let mut pair = aws(&[("account.connect_per_s", 2)]);
        pair.join(client(version, "a"));
        pair.join(client(version, "b"));
        let third = pair.connect(client(version, "c"));
        assert!(pair.is_closed(third));
        assert_eq!(
            said(&pair, Kind::QuotaRefused),
            ("account.connect_per_s".into(), "aws.quota.account", Some(2))
        );

        let mut pair = aws(&[("account.publish_in_per_s", 3), ("account.publish_out_per_s", 4)]);
        let sensors = ["a", "b"].map(|name| pair.join(client(version, name)));
        let lamps = ["c", "d"].map(|name| pair.join(client(version, name)));
        lamps.iter().for_each(|lamp| pair.subscribe(*lamp, "t", QOS0));
        sensors.iter().for_each(|sensor| (0..2).for_each(|_| pair.publish(*sensor, "t", "x", QOS0)));
        // Three messages in; of the six that they make four out, each message's in order.
        assert_eq!(pair.events(Kind::MessageAccepted).len(), 3);
        assert_eq!(lamps.map(|lamp| pair.payloads(lamp).len()), [2, 2]);
        assert_eq!(gauge(&pair.broker.quotas(pair.now), "account.publish_out_per_s").level, 4);
        let keys: Vec<_> = pair.events(Kind::QuotaRefused).iter().map(|event| event.topic.clone()).collect();
        let (out, inward) = ("account.publish_out_per_s", "account.publish_in_per_s");
        assert_eq!(keys, [out, out, inward]);
    }
}

/// [O2] [aws.quota.subscribe] [aws.quota.subscribe-told] Each Topic Filter counts; what is refused is told in SUBACK.
#[test]
fn an_account_subscribes_so_many_times_a_second() {
    for (version, code) in [(V3, 0x80), (V5, 0x97)] {
        let mut pair = aws(&[("account.subscribe_per_s", 3)]);
        let lamps = ["a", "b"].map(|name| pair.join(client(version, name)));
        lamps.iter().for_each(|lamp| pair.send(*lamp, subscribe(1, &[("s", QOS1), ("t", QOS1)])));
        let codes = lamps.map(|lamp| {
            pair.take(lamp, |packet| match packet {
                Packet::Suback(suback) => Some(suback.codes.iter().map(|code| code.0).collect::<Vec<_>>()),
                _ => None,
            })
        });
        assert_eq!(codes, [vec![1, 1], vec![1, code]]);
        let refused = said(&pair, Kind::QuotaRefused);
        assert_eq!(refused, ("account.subscribe_per_s".into(), "aws.quota.subscribe", Some(3)));
        assert!(!pair.is_closed(lamps[1]));
    }
}

/// [O2] [aws.quota.queue] 500 a second are stored for all that are away.
#[test]
fn an_account_stores_so_many_messages_a_second() {
    let mut pair = aws(&[("account.queue_per_s", 3)]);
    let sensor = pair.join(client(V5, "sensor"));
    for name in ["a", "b"] {
        let conn = pair.join(persistent(V5, name));
        pair.subscribe(conn, "t", QOS1);
        pair.cut(conn);
    }
    (1..=3).for_each(|id| pair.send(sensor, qos1(id, "t", "x")));
    assert_eq!(["a", "b"].map(|name| pair.session(name).stored), [2, 1]);
    let refused = said(&pair, Kind::QuotaRefused);
    assert_eq!(refused, ("account.queue_per_s".into(), "aws.quota.queue", Some(3)));
    // QoS 0 is not stored and so does not count.
    pair.pass_s(1);
    pair.publish(sensor, "t", "x", QOS0);
    assert_eq!(gauge(&pair.broker.quotas(pair.now), "account.queue_per_s").level, 0);
}

/// [O2] [aws.quota.retain] [aws.quota.retain-live] One a second for a topic, 500 for all; the switch decides of what subscribers get.
#[test]
fn a_topic_is_retained_once_a_second() {
    for live in [true, false] {
        let set =
            [("account.retain_per_s", Value::Number(2)), ("retained.over_rate_live", Value::Switch(live))];
        let mut pair = Pair::with(AWS, &set);
        let sensor = pair.join(client(V5, "sensor"));
        let lamp = pair.join(client(V5, "lamp"));
        pair.subscribe(lamp, "#", QOS0);
        let retained = |topic: &str, payload: &str| match qos1(1, topic, payload) {
            Packet::Publish(publish) => Packet::Publish(Publish { retain: true, ..publish }),
            packet => packet,
        };
        for (topic, text, key) in [
            ("a", "1", ""),
            ("a", "2", "retained.topic_per_s"),
            ("b", "3", ""),
            ("c", "4", "account.retain_per_s"),
        ] {
            pair.send(sensor, retained(topic, text));
            let refused =
                pair.events(Kind::QuotaRefused).last().map(|event| (event.topic.clone(), rule_of(event).1));
            assert!(key.is_empty() || refused == Some((key.into(), "aws.quota.retain")), "{refused:?}");
        }
        let retained_at = |topic: &str| pair.broker.retained_at(topic).map(|view| view.payload);
        assert_eq!(["a", "b", "c"].map(retained_at), [Some("1".into()), Some("3".into()), None]);
        let (codes, texts): (&[u8], &[&str]) = match live {
            true => (&[0, 0, 0, 0], &["1", "2", "3", "4"]),
            false => (&[0, 0x97, 0, 0x97], &["1", "3"]),
        };
        assert_eq!(pubacks(&mut pair, sensor), codes);
        assert_eq!(pair.payloads(lamp), texts);
        pair.pass_s(1);
        pair.send(sensor, retained("a", "5"));
        assert_eq!(pair.broker.retained_at("a").map(|view| view.payload), Some("5".into()));
    }
}

/// A rate that is changed holds from then on; what is used stays used, and what waited goes.
#[test]
fn a_rate_is_changed_while_it_holds_something_back() {
    let mut pair =
        aws(&[("connection.out_bytes_per_s", 1_000)]).memory_only("a socket's reader waits with it");
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(client(V5, "lamp"));
    pair.subscribe(lamp, "t", QOS0);
    (0..5).for_each(|_| pair.publish(sensor, "t", &big(1), QOS0));
    assert_eq!(pair.payloads(lamp).len(), 1);
    let set = |key: &str, value| Command::Set { key: key.to_owned(), value };
    pair.command(set("connection.out_bytes_per_s", Value::Unlimited)).unwrap();
    assert_eq!(pair.payloads(lamp).len(), 4);
    pair.pass_s(1);
    pair.command(set("connection.in_bytes_per_s", Value::Number(1_000))).unwrap();
    (0..5).for_each(|_| pair.publish(sensor, "t", &big(1), QOS0));
    assert_eq!(pair.payloads(lamp).len(), 1);
    pair.command(set("connection.in_bytes_per_s", Value::Unlimited)).unwrap();
    assert_eq!(pair.payloads(lamp).len(), 4);
    pair.command(set("publish.in_per_s", Value::Number(1))).unwrap();
    pair.pass_s(1);
    assert!(gauge(&pair.session("sensor").quotas, "publish.in_per_s").level < 12);
}
