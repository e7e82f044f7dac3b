//! `$SYS`: what the broker tells of itself, to whom and when.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId, Kind};
use glassbroker::profile::Value;
use glassbroker::wire::*;
use std::collections::BTreeMap;

/// What came since the last look: topics below `$SYS/broker/` and their payloads.
fn told(pair: &mut Pair, conn: ConnId) -> BTreeMap<String, String> {
    let publishes = pair.publishes(conn);
    let name = |publish: &Publish| publish.topic.strip_prefix("$SYS/broker/").unwrap().to_owned();
    publishes.iter().map(|publish| (name(publish), payload(publish))).collect()
}

/// [O8] 3.1.1's 4.7.2 and 5.0's: a client that subscribes to `$SYS/#` learns all of it at once, as retained messages.
#[test]
fn a_subscriber_is_told_everything_at_once() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let other = pair.join(persistent(V5, "away"));
        pair.subscribe(other, "plant/#", QOS1);
        pair.disconnect(other);
        let conn = pair.join(client(version, "watcher"));
        pair.send(conn, retained("plant/1", "hello", QOS1));
        pair.inbox(conn);
        pair.pass_s(7);
        pair.subscribe(conn, "$SYS/#", QOS0);
        let all: Vec<Publish> = pair.publishes(conn);
        assert!(all.iter().all(|publish| publish.retain && publish.qos == QOS0));
        let told: BTreeMap<&str, String> =
            all.iter().map(|p| (p.topic.strip_prefix("$SYS/broker/").unwrap(), payload(p))).collect();
        assert_eq!(told.len(), all.len(), "each once");
        let expected = [
            ("uptime", "7 seconds"),
            ("version", concat!("glassbroker version ", env!("CARGO_PKG_VERSION"))),
            ("clients/connected", "1"),
            ("clients/disconnected", "1"),
            ("clients/total", "2"),
            ("clients/maximum", "1"),
            ("clients/expired", "0"),
            // CONNECT, SUBSCRIBE, DISCONNECT, CONNECT, PUBLISH, SUBSCRIBE.
            ("messages/received", "6"),
            // CONNACK, SUBACK, CONNACK, PUBACK.
            ("messages/sent", "4"),
            ("publish/messages/received", "1"),
            ("publish/bytes/received", "5"),
            ("publish/messages/sent", "0"),
            ("publish/messages/dropped", "0"),
            // One retained, one stored for the client that is away.
            ("messages/stored", "2"),
            ("store/messages/count", "2"),
            ("store/messages/bytes", "10"),
            ("retained messages/count", "1"),
            ("subscriptions/count", "1"),
            ("shared_subscriptions/count", "0"),
        ];
        for (name, value) in expected {
            assert_eq!(told.get(name).map(String::as_str), Some(value), "{name}");
        }
        // Six packets in seven seconds are 51.43 a minute; over 15 minutes they weigh 1 - e^(-7/900).
        assert_eq!(told["load/messages/received/15min"], "0.40");
    }
}

/// [O8] Every interval what has changed is told again, and nothing else.
#[test]
fn each_interval_tells_what_changed() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "watcher"));
    pair.subscribe(conn, "$SYS/broker/+", QOS0);
    pair.subscribe(conn, "$SYS/broker/clients/+", QOS0);
    pair.inbox(conn);
    pair.pass_s(9);
    assert!(told(&mut pair, conn).is_empty());
    pair.pass_s(1);
    let uptime = BTreeMap::from([("uptime".to_owned(), "10 seconds".to_owned())]);
    assert_eq!(told(&mut pair, conn), uptime);
    pair.join(client(V3, "newcomer"));
    pair.pass_s(10);
    let changed = told(&mut pair, conn);
    let expected = [
        ("clients/connected", "2"),
        ("clients/maximum", "2"),
        ("clients/total", "2"),
        ("uptime", "20 seconds"),
    ];
    assert_eq!(changed, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert!(
        pair.events(Kind::MessageAccepted).iter().all(|event| event.rule.unwrap().id == "glassbroker.sys")
    );
}

/// [O8] Where nobody subscribes to it, nothing is told and nothing is due.
#[test]
fn nobody_is_told_unasked() {
    for filter in ["#", "+/broker/uptime", "$sys/#", "plant/$SYS/#"] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(V5, "watcher"));
        pair.subscribe(conn, filter, QOS0);
        pair.pass_s(60);
        assert!(pair.inbox(conn).is_empty(), "{filter}");
        assert_eq!(pair.broker.next_deadline(), None);
        assert_eq!(pair.broker.retained(), []);
    }
}

/// [O8] It ends with the last subscription, and begins again with the next.
#[test]
fn it_ends_with_the_last_subscription() {
    for shared in [false, true] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(V5, "watcher"));
        let filter = if shared { "$share/g/$SYS/#" } else { "$SYS/broker/uptime" };
        pair.subscribe(conn, filter, QOS0);
        pair.subscribe(conn, filter, QOS1);
        assert!(pair.broker.next_deadline().is_some());
        let unsubscribe =
            Unsubscribe { id: 2, properties: Properties::default(), filters: vec![filter.into()] };
        pair.send(conn, Packet::Unsubscribe(unsubscribe));
        pair.inbox(conn);
        pair.pass_s(60);
        assert!(pair.inbox(conn).is_empty());
        assert_eq!(pair.broker.next_deadline(), None, "{filter}");
        pair.subscribe(conn, "$SYS/broker/uptime", QOS0);
        assert_eq!(told(&mut pair, conn)["uptime"], "60 seconds");
        pair.disconnect(conn);
        pair.pass_s(60);
        assert_eq!(pair.broker.next_deadline(), None);
    }
}

/// [O8] [aws.sys.none] The interval is a setting, also while it runs; a broker without one tells nothing, as AWS IoT Core does, also
/// where it lets somebody subscribe.
#[test]
fn the_interval_is_a_setting() {
    let mut pair = Pair::with("mqtt", &[("sys.interval_s", Value::Number(3))]);
    let conn = pair.join(client(V5, "watcher"));
    pair.subscribe(conn, "$SYS/broker/uptime", QOS0);
    assert_eq!(told(&mut pair, conn)["uptime"], "0 seconds");
    pair.pass_s(3);
    assert_eq!(told(&mut pair, conn)["uptime"], "3 seconds");
    let set = |value| Command::Set { key: "sys.interval_s".into(), value };
    pair.command(set(Value::Unlimited)).unwrap();
    pair.pass_s(60);
    assert!(told(&mut pair, conn).is_empty());
    pair.command(set(Value::Number(1))).unwrap();
    pair.pass_s(1);
    assert_eq!(told(&mut pair, conn)["uptime"], "64 seconds");

    let mut pair = Pair::with("aws-iot-core", &[("topic.reserved", Value::Switch(false))]);
    let conn = pair.join(client(V5, "watcher"));
    pair.subscribe(conn, "$SYS/#", QOS0);
    assert!(pair.inbox(conn).is_empty());
}

/// A broker that restarts counts from the beginning, and tells those who subscribed before.
#[test]
fn a_restart_begins_to_count_again() {
    for keep_store in [true, false] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(persistent(V5, "watcher"));
        pair.subscribe(conn, "$SYS/broker/uptime", QOS1);
        pair.pass_s(25);
        pair.command(Command::Restart { keep_store }).unwrap();
        pair.pass_s(15);
        let due = pair.broker.next_deadline();
        let conn = pair.join(persistent(V5, "watcher"));
        let uptimes: Vec<String> = pair.receive_all(conn).iter().map(payload).collect();
        if keep_store {
            // What the restart found unacknowledged, and what came while the client was away.
            assert_eq!(uptimes, ["0 seconds", "10 seconds", "20 seconds", "10 seconds"]);
        } else {
            assert!(uptimes.is_empty());
            assert!(due.is_none());
        }
    }
}

/// What is dropped for a full queue, and what expires, is counted.
#[test]
fn losses_are_counted() {
    let mut pair = Pair::with("mqtt", &[("session.queue_max_messages", Value::Number(1))]);
    let away = pair.join(persistent(V5, "away"));
    pair.subscribe(away, "a", QOS1);
    pair.disconnect(away);
    let conn = pair.join(client(V5, "watcher"));
    for _ in 0..3 {
        pair.publish(conn, "a", "x", QOS1);
    }
    pair.subscribe(conn, "$SYS/broker/#", QOS0);
    assert_eq!(told(&mut pair, conn)["publish/messages/dropped"], "2");
    // The session of the other client lasts an hour.
    pair.pass_s(3_610);
    let told = told(&mut pair, conn);
    assert_eq!((told["clients/expired"].as_str(), told["clients/disconnected"].as_str()), ("1", "0"));
}
