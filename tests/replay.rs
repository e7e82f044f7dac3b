//! What was stored leaves at the profile's pace, beside live traffic.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId, Kind};
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

/// A publisher, and a client `lamp` for which so many messages are stored.
fn scene(profile: &str, set: &[(&str, Value)], version: Version, stored: usize) -> (Pair, ConnId) {
    let mut pair = Pair::with(profile, set);
    let sensor = pair.join(client(version, "sensor"));
    let lamp = pair.join(persistent(version, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    pair.cut(lamp);
    for n in 0..stored {
        pair.publish(sensor, "t", &n.to_string(), QOS1);
    }
    // A client identifier may come back once a second.
    pair.pass_s(1);
    (pair, sensor)
}

fn most_in_a_second(times: &[SimTime]) -> usize {
    times
        .iter()
        .map(|from| times.iter().filter(|at| **at >= *from && **at < *from + Span::s(1)).count())
        .max()
        .unwrap_or(0)
}

/// [S3] At most ten in any second, evenly, all of them and in order; in `mqtt` all at once. [aws.session.replay-rate]
#[test]
fn stored_messages_leave_at_ten_a_second_on_aws() {
    for version in BOTH {
        let (mut pair, _) = scene("aws-iot-core", &[], version, 200);
        let lamp = pair.join(persistent(version, "lamp"));
        let start = pair.now;
        let mut got = Vec::new();
        for _ in 0..300 {
            for (at, publish) in pair.publishes_at(lamp) {
                pair.send(lamp, Packet::Puback(ack(publish.id)));
                got.push((at, payload(&publish)));
            }
            pair.pass(Span::ms(100));
        }
        let texts: Vec<_> = got.iter().map(|(_, text)| text.clone()).collect();
        assert_eq!(texts, (0..200).map(|n| n.to_string()).collect::<Vec<_>>());
        let times: Vec<_> = got.iter().map(|(at, _)| *at).collect();
        assert_eq!(most_in_a_second(&times), 10);
        assert_eq!((times[0], times[199]), (start, start + Span::ms(19_900)));
        let delayed = pair.last(Kind::QuotaDelayed);
        assert_eq!((rule_of(delayed), delayed.number), ((Source::Aws, "aws.session.replay-rate"), Some(1)));
        assert_eq!(delayed.until, Some(start + Span::ms(19_900)));

        let (mut pair, _) = scene("mqtt", &[], version, 200);
        let lamp = pair.join(persistent(version, "lamp"));
        assert_eq!(pair.publishes(lamp).len(), 200);
        assert!(pair.events(Kind::QuotaDelayed).is_empty());
    }
}

/// [S3] Live traffic does not wait behind what is stored; in `mqtt` it keeps the queue's order. [aws.session.replay-rate]
#[test]
fn live_messages_go_beside_the_stored_ones() {
    let (mut pair, sensor) = scene("aws-iot-core", &[], V5, 3);
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.pass(Span::ms(50));
    pair.publish(sensor, "t", "live", QOS1);
    pair.pass(Span::s(1));
    assert_eq!(pair.payloads(lamp), ["0", "live", "1", "2"]);

    // With a closed window the stored ones are still first in `mqtt`.
    let (mut pair, sensor) = scene("mqtt", &[], V5, 3);
    let mut connect = persistent(V5, "lamp");
    connect.properties.0.push(Property::ReceiveMaximum(1));
    let lamp = pair.join(connect);
    pair.publish(sensor, "t", "live", QOS1);
    let got: Vec<_> = pair.receive_all(lamp).iter().map(payload).collect();
    assert_eq!(got, ["0", "1", "2", "live"]);
}

/// [S3] What was under way when the connection ended counts as stored: it is sent again first, at the same pace.
#[test]
fn what_is_sent_again_keeps_the_pace() {
    let mut pair = Pair::new("aws-iot-core");
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    for n in 0..15 {
        pair.publish(sensor, "t", &n.to_string(), QOS1);
    }
    assert_eq!(pair.publishes(lamp).len(), 15);
    pair.cut(lamp);
    pair.publish(sensor, "t", "15", QOS1);
    pair.pass_s(1);
    let lamp = pair.join(persistent(V5, "lamp"));
    assert_eq!(pair.session("lamp").replay.map(|replay| replay.depth), Some(15));
    pair.pass_s(3);
    let got = pair.publishes_at(lamp);
    let times: Vec<_> = got.iter().map(|(at, _)| *at).collect();
    assert_eq!(most_in_a_second(&times), 10);
    let texts: Vec<_> = got.iter().map(|(_, p)| (payload(p), p.dup)).collect();
    // DUP is not supported there.
    assert_eq!(texts, (0..16).map(|n| (n.to_string(), false)).collect::<Vec<_>>());
}

/// Sixteen a second may go to a client that is back. Alone, sixty stored messages leave at ten a second; beside ten live ones a
/// second: when each left, the stored and the live.
fn beside_live_messages(version: Version, yields: bool) -> (Pair, [Vec<SimTime>; 2]) {
    let (mut pair, sensor) =
        scene("aws-iot-core", &[("session.replay_yields", Value::Switch(yields))], version, 60);
    for (key, number) in [("publish.out_per_s", 16), ("publish.out_burst", 4)] {
        pair.command(Command::Set { key: key.to_owned(), value: Value::Number(number) }).unwrap();
    }
    // Until nothing of the rate is used any more.
    pair.pass_s(60);
    let lamp = pair.join(persistent(version, "lamp"));
    let mut times = [Vec::new(), Vec::new()];
    for tenth in 0..60 {
        if tenth >= 20 {
            pair.publish(sensor, "t", "live", QOS1);
        }
        pair.pass(Span::ms(100));
        for (at, publish) in pair.publishes_at(lamp) {
            pair.send(lamp, Packet::Puback(ack(publish.id)));
            times[usize::from(payload(&publish) == "live")].push(at);
        }
    }
    (pair, times)
}

/// [S3] The publish rate of a connection bounds stored and live messages together, and what is live goes first.
/// [aws.session.replay-rate] [aws.session.replay-yields] [aws.quota.publish-out]
#[test]
fn the_publish_rate_bounds_stored_and_live_messages_together() {
    for version in BOTH {
        let (pair, [stored, live]) = beside_live_messages(version, true);
        let since = |s: u64| {
            stored
                .iter()
                .filter(|at| **at >= stored[0] + Span::s(s) && **at < stored[0] + Span::s(s + 1))
                .count()
        };
        assert_eq!([since(0), since(1)], [10, 10], "alone");
        assert_eq!([since(4), since(5)], [6, 6], "beside ten live ones");
        assert_eq!(live.len(), 40, "nothing live is discarded");
        let delayed =
            pair.events(Kind::QuotaDelayed).into_iter().find(|event| event.topic == "publish.out_per_s");
        assert_eq!(rule_of(delayed.expect("what holds the stored ones back")).1, "aws.quota.publish-out");

        let (pair, [stored, live]) = beside_live_messages(version, false);
        assert!(stored.len() > 50 && live.len() < 35, "{} stored, {} live", stored.len(), live.len());
        assert_eq!(pair.events(Kind::MessageDropped).len(), 40 - live.len());
        let mut all = [stored, live].concat();
        all.sort_unstable();
        assert!(most_in_a_second(&all) <= 16 + 4);
    }
}

/// [S3] A session that comes and goes does not leave faster.
#[test]
fn reconnecting_does_not_fill_the_bucket() {
    let at_once = [("connect.client_per_s", Value::Unlimited)];
    let (mut pair, _) = scene("aws-iot-core", &at_once, V5, 100);
    let mut times = Vec::new();
    for _ in 0..100 {
        let lamp = pair.join(persistent(V5, "lamp"));
        pair.pass(Span::ms(13));
        for (at, publish) in pair.publishes_at(lamp) {
            pair.send(lamp, Packet::Puback(ack(publish.id)));
            times.push(at);
        }
        pair.cut(lamp);
    }
    assert!(most_in_a_second(&times) <= 10 && times.len() >= 10, "{}", times.len());
}

/// [S3] The view tells depth, rate, the next release and when it will be empty.
#[test]
fn the_view_tells_when_the_queue_will_be_empty() {
    let (mut pair, _) = scene("aws-iot-core", &[], V5, 21);
    let away = pair.session("lamp").replay.expect("a pace");
    assert_eq!((away.per_s, away.depth, away.next_at, away.empty_at), (10, 21, None, None));
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.pass(Span::ms(30));
    let view = pair.session("lamp");
    let replay = view.replay.expect("a pace");
    assert_eq!((replay.depth, view.stored, view.queue.len()), (20, 20, 20));
    assert_eq!(replay.next_at, Some(pair.now + Span::ms(70)));
    let empty_at = replay.empty_at.expect("an end");
    pair.pass(Span(empty_at.since(pair.now).0 - 1));
    assert_eq!(pair.session("lamp").queue.len(), 1);
    pair.pass(Span(1));
    assert_eq!(pair.session("lamp").replay, None);
    assert_eq!(pair.publishes(lamp).len(), 21);
}

/// `session.replay_per_s` and `session.replay_burst` may be changed while it goes on.
#[test]
fn the_pace_is_a_setting() {
    let set = [("session.replay_per_s", Value::Number(2)), ("session.replay_burst", Value::Number(4))];
    let (mut pair, _) = scene("mqtt", &set, V3, 30);
    let lamp = pair.join(persistent(V3, "lamp"));
    assert_eq!(pair.publishes(lamp).len(), 4);
    pair.pass_s(2);
    assert_eq!(pair.publishes(lamp).len(), 4);
    let faster = Command::Set { key: "session.replay_per_s".to_owned(), value: Value::Number(20) };
    pair.command(faster).unwrap();
    pair.pass_s(1);
    let count = pair.publishes(lamp).len();
    assert!((19..=21).contains(&count), "{count}");
    pair.command(Command::Set { key: "session.replay_per_s".to_owned(), value: Value::Unlimited }).unwrap();
    assert_eq!(pair.publishes(lamp).len(), 22 - count);
    let wrong = Command::Set { key: "session.replay_per_s".to_owned(), value: Value::Switch(true) };
    assert!(pair.command(wrong).unwrap_err().contains("from 1 to 1000000"));
}

/// A Receive Maximum holds the stored ones up too, and what waits for it is not lost.
#[test]
fn the_pace_and_the_receive_maximum_hold_together() {
    let (mut pair, sensor) = scene("aws-iot-core", &[], V5, 3);
    let mut connect = persistent(V5, "lamp");
    connect.properties.0.push(Property::ReceiveMaximum(1));
    let lamp = pair.join(connect);
    pair.publish(sensor, "t", "live", QOS1);
    pair.pass_s(10);
    assert_eq!(pair.payloads(lamp), ["0"]);
    let mut got = Vec::new();
    for id in 1..=4 {
        pair.send(lamp, Packet::Puback(ack(id)));
        pair.pass_s(1);
        got.extend(pair.payloads(lamp));
    }
    assert_eq!(got, ["1", "2", "live"]);
}
