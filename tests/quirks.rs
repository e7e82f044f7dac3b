//! What AWS IoT Core may do now and then, as settings that bring it about by chance: messages that come twice or late, subscriptions that
//! begin late, sessions that live longer. In every profile they are off.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::profile::{Profile, Value};
use glassbroker::rule::Source;
use glassbroker::time::Span;
use glassbroker::wire::*;

const ALWAYS: u64 = 1_000_000;

fn with(set: &[(&str, u64)]) -> Pair {
    let set: Vec<_> = set.iter().map(|(key, number)| (*key, Value::Number(*number))).collect();
    Pair::with("aws-iot-core", &set)
}

/// A publisher and a subscriber.
fn two(pair: &mut Pair, qos: QoS) -> (ConnId, ConnId) {
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.subscribe(lamp, "t", qos);
    (sensor, lamp)
}

fn aws_rule(id: &'static str) -> (Source, &'static str) {
    (Source::Aws, id)
}

/// [Q4] [Q5] [C5] [S5]
#[test]
fn no_profile_has_them_on() {
    for name in Profile::names() {
        let profile = Profile::named(name).unwrap();
        for key in [
            "publish.late_per_million",
            "publish.repeat_qos0_per_million",
            "publish.repeat_qos1_per_million",
            "session.expiry_late_max_s",
            "subscription.begins_after_ms",
        ] {
            assert_eq!(profile.get(key), Some(Value::Number(0)), "{name}: {key}");
        }
    }
}

/// [Q4] [aws.qos.zero-or-more] A QoS 0 message comes twice, never with DUP; one of QoS 1 does not, nor what is stored.
#[test]
fn a_message_of_qos_0_comes_twice() {
    let mut pair = with(&[("publish.repeat_qos0_per_million", ALWAYS)]);
    let (sensor, lamp) = two(&mut pair, QOS1);
    pair.publish(sensor, "t", "x", QOS0);
    let got = pair.publishes(lamp);
    assert_eq!(got.iter().map(|publish| (publish.dup, publish.id)).collect::<Vec<_>>(), [(false, 0); 2]);
    assert_eq!(rule_of(pair.last(Kind::Decision)), aws_rule("aws.qos.zero-or-more"));
    pair.publish(sensor, "t", "x", QOS1);
    assert_eq!(pair.publishes(lamp).len(), 1);
}

/// [Q5] [aws.qos.other-identifier] A QoS 1 message comes a second time under another Packet Identifier, and each awaits its PUBACK.
#[test]
fn a_message_of_qos_1_comes_again_under_another_identifier() {
    let mut pair = with(&[("publish.repeat_qos1_per_million", ALWAYS)]);
    let (sensor, lamp) = two(&mut pair, QOS1);
    pair.publish(sensor, "t", "x", QOS1);
    let got = pair.publishes(lamp);
    assert_eq!(
        got.iter().map(|publish| (publish.dup, publish.id)).collect::<Vec<_>>(),
        [(false, 1), (false, 2)]
    );
    assert_eq!(pair.session("lamp").inflight_count, 2);
    assert_eq!(rule_of(pair.last(Kind::Decision)), aws_rule("aws.qos.other-identifier"));
    got.iter().for_each(|publish| pair.send(lamp, Packet::Puback(ack(publish.id))));
    assert_eq!(pair.session("lamp").inflight_count, 0);
    pair.publish(sensor, "t", "x", QOS0);
    assert_eq!(pair.publishes(lamp).len(), 1);
    pair.cut(lamp);
    pair.publish(sensor, "t", "stored", QOS1);
    assert_eq!(pair.session("lamp").queued, 1, "what is stored is stored once");
}

/// [Q4] It is by chance, as often as the setting says, and the same again with the same seed.
#[test]
fn how_often_is_said_by_the_setting() {
    let count = || {
        let mut pair = with(&[("publish.repeat_qos0_per_million", 250_000)]);
        let (sensor, lamp) = two(&mut pair, QOS0);
        let each: Vec<usize> = (0..400)
            .map(|_| {
                pair.publish(sensor, "t", "x", QOS0);
                pair.pass(Span::ms(20));
                pair.publishes(lamp).len()
            })
            .collect();
        each
    };
    let each = count();
    let twice = each.iter().filter(|count| **count == 2).count();
    assert!((70..130).contains(&twice) && each.iter().all(|count| [1, 2].contains(count)), "{twice} of 400");
    assert_eq!(each, count());
}

/// [Q5] [aws.order] What is late is overtaken by what came after it.
#[test]
fn a_late_message_is_overtaken() {
    for qos in [QOS0, QOS1] {
        let mut pair = with(&[("publish.late_per_million", 500_000), ("publish.late_ms", 100)]);
        let (sensor, lamp) = two(&mut pair, qos);
        for n in 0..20 {
            pair.send(sensor, publish_as(n + 1, "t", &n.to_string(), qos));
        }
        pair.pass(Span::ms(99));
        let prompt = pair.payloads(lamp);
        assert!((3..18).contains(&prompt.len()), "{prompt:?}");
        assert_eq!(rule_of(pair.last(Kind::Decision)), aws_rule("aws.order"));
        pair.pass(Span::ms(1));
        let late = pair.payloads(lamp);
        let mut all: Vec<u16> = prompt.iter().chain(&late).map(|payload| payload.parse().unwrap()).collect();
        assert!(!all.is_sorted(), "{all:?}");
        all.sort_unstable();
        assert!(all.into_iter().eq(0..20));
    }
}

/// [Q5] [aws.order] So do acknowledgements: a publisher gets all of them, in another order.
#[test]
fn a_late_acknowledgement_is_overtaken() {
    let mut pair = with(&[("publish.late_per_million", 500_000), ("publish.late_ms", 100)]);
    let sensor = pair.join(client(V3, "sensor"));
    (1..=20).for_each(|id| pair.send(sensor, publish_as(id, "nobody", "x", QOS1)));
    pair.pass_s(1);
    let acks = pair.inbox(sensor).into_iter().filter_map(|packet| match packet {
        Packet::Puback(ack) => Some(ack.id),
        _ => None,
    });
    let mut acks: Vec<u16> = acks.collect();
    assert!(!acks.is_sorted(), "{acks:?}");
    acks.sort_unstable();
    assert!(acks.into_iter().eq(1..=20));
}

/// [Q5] [aws.order] What is late when its client goes is stored, is lost with its session, or is another member's of a group.
#[test]
fn what_is_late_is_not_forgotten() {
    let set = [("publish.late_per_million", ALWAYS), ("publish.late_ms", 1_000)];
    let mut pair = with(&set);
    let (sensor, lamp) = two(&mut pair, QOS1);
    let guest = pair.join(client(V5, "guest"));
    pair.subscribe(guest, "t", QOS1);
    let before_bytes = pair.broker.counts().held_bytes;
    pair.publish(sensor, "t", "x", QOS1);
    assert!(pair.broker.counts().held_bytes > before_bytes + 2 * 256, "each has a place");
    assert_eq!(pair.broker.weigh_all(), pair.broker.counts().held_bytes);
    pair.cut(lamp);
    pair.cut(guest);
    let lost = pair.last(Kind::MessageDropped);
    assert_eq!((&*lost.client, &*lost.why), ("guest", "its session ended"));
    pair.pass_s(1);
    assert_eq!(pair.session("lamp").queued, 1);

    let mut pair = with(&set);
    let sensor = pair.join(client(V5, "sensor"));
    let members = ["a", "b"].map(|name| {
        let conn = pair.join(persistent(V5, name));
        pair.subscribe(conn, "$share/g/t", QOS1);
        conn
    });
    pair.publish(sensor, "t", "x", QOS1);
    let decided = pair.events(Kind::Decision).into_iter().find(|event| event.topic == "t");
    let to = decided.expect("one is to get it late").client.clone();
    let (gone, stays) = if to == "a" { (members[0], members[1]) } else { (members[1], members[0]) };
    pair.cut(gone);
    pair.pass_s(3);
    assert_eq!(pair.payloads(stays), ["x"], "{to} was to get it");
}

/// [Q5] [glassbroker.bound.waiting] [glassbroker.bound.queue] No more is late than may wait: what is beyond it leaves at once.
#[test]
fn what_is_late_has_bounds() {
    let mut pair = Pair::with(
        "mqtt",
        &[
            ("publish.late_per_million", Value::Number(ALWAYS)),
            ("publish.late_ms", Value::Number(60_000)),
            ("connection.waiting_max_bytes", Value::Number(1_024)),
            ("session.queue_max_messages", Value::Number(10)),
        ],
    )
    .memory_only("what waits is counted with what a packet takes of its link");
    let sensor = pair.join(client(V3, "sensor"));
    let lamp = pair.join(client(V3, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    for id in 1..=300 {
        pair.send(sensor, publish_as(id, "t", "x", QOS1));
        assert_eq!(pair.broker.weigh_all(), pair.broker.counts().held_bytes);
    }
    // 256 PUBACKs of 4 bytes are late, and ten messages.
    assert_eq!(pair.inbox(sensor).len(), 300 - 256);
    assert_eq!(pair.payloads(lamp).len(), 300 - 10);
    pair.pass_s(60);
    assert_eq!((pair.inbox(sensor).len(), pair.payloads(lamp).len()), (256, 10));
    assert_eq!(pair.broker.weigh_all(), pair.broker.counts().held_bytes);
}

/// [Q5] [5.0 MQTT-3.3.4-7] A message whose PUBACK is late is under way: a client that sends more than it may is disconnected.
#[test]
fn a_late_acknowledgement_counts_as_missing() {
    let set =
        [("publish.late_per_million", ALWAYS), ("publish.late_ms", 1_000), ("connect.receive_maximum", 5)];
    let mut pair = with(&set);
    let sensor = pair.join(client(V5, "sensor"));
    (1..=5).for_each(|id| pair.send(sensor, publish_as(id, "t", "x", QOS1)));
    pair.pass_s(1);
    assert_eq!(pair.inbox(sensor).len(), 5);
    (1..=6).for_each(|id| pair.send(sensor, publish_as(id, "t", "x", QOS1)));
    assert_eq!(pair.disconnected(sensor), ReasonCode::RECEIVE_MAXIMUM_EXCEEDED);
}

/// [C5] [aws.subscription.delay] A subscription is granted at once and begins later; one that is made again goes on, one that is gone does
/// not begin.
#[test]
fn a_subscription_begins_after_its_delay() {
    for filter in ["t", "$share/g/t"] {
        let mut pair = with(&[("subscription.begins_after_ms", 500)]);
        let sensor = pair.join(client(V5, "sensor"));
        let lamp = pair.join(client(V5, "lamp"));
        let gone = pair.join(client(V5, "gone"));
        let again = pair.join(client(V5, "again"));
        pair.subscribe(lamp, filter, QOS1);
        pair.subscribe(gone, filter, QOS1);
        pair.send(gone, unsubscribe(2, &[filter]));
        pair.subscribe(again, "t", QOS1);
        pair.send(again, unsubscribe(2, &["t"]));
        let granted = pair.events(Kind::Decision).into_iter().find(|event| event.topic == filter);
        let granted = granted.expect("a decision about it");
        assert_eq!((&*granted.topic, granted.until), (filter, Some(pair.now + Span::ms(500))));
        assert_eq!(rule_of(granted), aws_rule("aws.subscription.delay"));
        pair.publish(sensor, "t", "missed", QOS1);
        pair.pass(Span::ms(499));
        pair.subscribe(again, "t", QOS1);
        pair.publish(sensor, "t", "missed too", QOS1);
        pair.pass(Span::ms(1));
        // What is made again has begun.
        pair.subscribe(lamp, filter, QOS0);
        pair.publish(sensor, "t", "comes", QOS1);
        let got = pair.publishes(lamp);
        assert_eq!(
            got.iter().map(|got| (payload(got), got.qos)).collect::<Vec<_>>(),
            [("comes".into(), QOS0)]
        );
        assert_eq!((pair.publishes(gone), pair.publishes(again)), (vec![], vec![]));
        pair.pass(Span::ms(499));
        pair.publish(sensor, "t", "comes to all", QOS1);
        assert_eq!(pair.payloads(again), ["comes to all"]);
        pair.disconnect(lamp);
        pair.pass_s(1);
        assert!(pair.broker.groups(pair.now).is_empty());
    }
}

/// [S5] [aws.session.expiry-late] A session is never shorter than its expiry, and lives longer by as much as the setting says at most.
#[test]
fn a_session_may_live_longer() {
    let mut ends = Vec::new();
    for n in 0..20 {
        let mut pair = with(&[("session.expiry_late_max_s", 1_800)]);
        let lamp = pair.join(persistent(V5, "lamp"));
        pair.pass_s(n);
        pair.cut(lamp);
        let away = pair.now;
        let end = pair.session("lamp").ends_at.expect("an end");
        let decided = pair.last(Kind::Decision);
        assert_eq!((decided.until, rule_of(decided)), (Some(end), aws_rule("aws.session.expiry-late")));
        let late = end.since(away).0 - Span::s(3_600).0;
        assert!(late <= Span::s(1_800).0, "{late}");
        ends.push(late);
        pair.pass(Span(end.since(away).0 - 1));
        assert!(pair.has_session("lamp"));
        pair.pass(Span(1));
        assert!(!pair.has_session("lamp"));
    }
    ends.sort_unstable();
    ends.dedup();
    assert!(ends.len() > 15 && ends[0] < Span::s(900).0 && ends[ends.len() - 1] > Span::s(900).0, "{ends:?}");
}
