//! Shared subscriptions of AWS IoT Core: who gets a message, what waits in a group's own queue, and what becomes of a delivery that fails.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId, GroupView, Kind};
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";
const GROUP: &str = "$share/g/t";

fn group(pair: &Pair) -> GroupView {
    pair.broker.groups(pair.now).remove(0)
}

/// Members of one group, each with a session that lasts.
fn members<const N: usize>(pair: &mut Pair, version: Version, names: [&str; N]) -> [ConnId; N] {
    names.map(|name| {
        let conn = pair.join(persistent(version, name));
        pair.subscribe(conn, GROUP, QOS1);
        conn
    })
}

fn publish_many(pair: &mut Pair, from: ConnId, count: usize) {
    (0..count).for_each(|n| pair.publish(from, "t", &n.to_string(), QOS1));
}

fn aws_rule(id: &'static str) -> (Source, &'static str) {
    (Source::Aws, id)
}

/// Acknowledges what comes to these at every step of the broker's, and gives the time of each message.
fn drained(pair: &mut Pair, conns: &[ConnId], span: Span) -> Vec<(SimTime, ConnId, String)> {
    let (mut all, end) = (Vec::new(), pair.now + span);
    while pair.now < end {
        for conn in conns {
            for publish in pair.receive_all(*conn) {
                all.push((pair.now, *conn, payload(&publish)));
            }
        }
        pair.pass(Span::ms(1));
    }
    all
}

/// [H3] [aws.shared.queue] [aws.shared.replay-rate] Nobody of the group is there: it keeps the messages itself, and gives them at 20 a
/// second to the member that comes back, in order and beside what comes now.
#[test]
fn a_group_queues_while_no_member_is_connected() {
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let sensor = pair.join(client(version, "sensor"));
        let [worker] = members(&mut pair, version, ["worker"]);
        pair.cut(worker);
        publish_many(&mut pair, sensor, 60);
        pair.publish(sensor, "t", "lost", QOS0);
        assert_eq!(pair.session("worker").queued, 0, "it is the group's");
        assert_eq!((group(&pair).queued, group(&pair).active), (60, 0));
        let queued = pair.last(Kind::MessageQueued);
        assert_eq!((&*queued.client, queued.number), (GROUP, Some(60)));
        assert_eq!(rule_of(queued), aws_rule("aws.shared.queue"));
        assert_eq!(rule_of(pair.last(Kind::MessageDropped)), aws_rule("aws.shared.handed-on"));
        pair.pass_s(2);
        let worker = pair.join(persistent(version, "worker"));
        let back = pair.now;
        assert_eq!(rule_of(pair.last(Kind::MessageDequeued)), aws_rule("aws.shared.replay-rate"));
        let delayed = pair.last(Kind::QuotaDelayed);
        assert_eq!(delayed.topic, "subscription.shared_replay_per_s");
        assert_eq!((delayed.until, delayed.number), (Some(back + Span::ms(50)), Some(59)));
        let replay = group(&pair).replay.expect("a pace");
        assert_eq!((replay.per_s, replay.depth, replay.next_at), (20, 59, delayed.until));
        assert_eq!(replay.empty_at, Some(back + Span::ms(59 * 50)));
        pair.publish(sensor, "t", "live", QOS1);
        let got = drained(&mut pair, &[worker], Span::s(4));
        let times: Vec<u64> = got.iter().filter(|(.., p)| p != "live").map(|(at, ..)| at.0).collect();
        let due: Vec<u64> = (0..60).map(|n| (back + Span::ms(n * 50)).0).collect();
        assert!(times.iter().zip(&due).all(|(at, due)| at.abs_diff(*due) <= 1_000), "{times:?}");
        assert_eq!(got.len(), 61);
        assert_eq!(got[1].2, "live", "what comes now does not wait");
        let order: Vec<usize> = got.iter().filter_map(|(.., payload)| payload.parse().ok()).collect();
        assert!(order.iter().copied().eq(0..60));
        assert_eq!(group(&pair).queued, 0);
    }
}

/// [H3] [H4] [aws.shared.replay-rate] Three members drain it three times as fast; one that leaves hands its load to the others.
#[test]
fn each_member_that_is_connected_drains_the_queue() {
    let mut pair = Pair::new(AWS);
    let sensor = pair.join(client(V5, "sensor"));
    for conn in members(&mut pair, V5, ["a", "b", "c"]) {
        pair.cut(conn);
    }
    publish_many(&mut pair, sensor, 240);
    pair.pass_s(2);
    let conns = ["a", "b", "c"].map(|name| pair.join(persistent(V5, name)));
    assert_eq!(group(&pair).replay.map(|replay| replay.per_s), Some(60));
    let got = drained(&mut pair, &conns, Span::s(2));
    for conn in conns {
        let count = got.iter().filter(|(_, to, _)| *to == conn).count();
        assert!((40..=41).contains(&count), "{count} in two seconds");
    }
    pair.disconnect(conns[0]);
    assert_eq!((group(&pair).active, group(&pair).replay.map(|replay| replay.per_s)), (2, Some(40)));
    let rest = drained(&mut pair, &conns[1..], Span::s(4));
    assert_eq!(got.len() + rest.len(), 240);
    assert!(rest.iter().all(|(_, to, _)| *to != conns[0]));
}

/// [H3] [aws.shared.queue] Without a session that outlives its connection there is nobody to keep a message for.
#[test]
fn a_group_of_clean_sessions_has_no_queue() {
    for (persistent_too, queued) in [(false, 0), (true, 1)] {
        let set = [("publish.out_per_s", Value::Number(1)), ("publish.out_burst", Value::Number(1))];
        let mut pair = Pair::with(AWS, &set);
        let sensor = pair.join(client(V5, "sensor"));
        let worker = pair.join(client(V5, "worker"));
        pair.subscribe(worker, GROUP, QOS1);
        if persistent_too {
            let [other] = members(&mut pair, V5, ["other"]);
            pair.cut(other);
        }
        publish_many(&mut pair, sensor, 2);
        assert_eq!(group(&pair).queued, queued);
        if !persistent_too {
            assert_eq!(rule_of(pair.last(Kind::MessageDropped)), aws_rule("aws.shared.queue"));
        }
    }
}

/// [H3] [aws.shared.queue] [aws.shared.handed-on] A member beyond its rate is passed over; where all are, the group queues, and gives on
/// as the rates allow.
#[test]
fn a_group_queues_what_goes_beyond_the_rates_of_its_members() {
    let set = [("publish.out_per_s", Value::Number(10)), ("publish.out_burst", Value::Number(10))];
    let mut pair = Pair::with(AWS, &set);
    let sensor = pair.join(client(V5, "sensor"));
    let conns = members(&mut pair, V5, ["a", "b"]);
    publish_many(&mut pair, sensor, 30);
    let at_once: Vec<usize> = conns.iter().map(|conn| pair.receive_all(*conn).len()).collect();
    assert_eq!((at_once, group(&pair).queued), (vec![10, 10], 10));
    assert_eq!(pair.events(Kind::MessageDropped).len(), 0);
    let rest = drained(&mut pair, &conns, Span::ms(600));
    assert_eq!(rest.len(), 10, "20 a second go to the two by their own rates");
    let first = rest[0].0.since(SimTime::ZERO).0;
    assert!(first >= 100_000, "{first}: the first place is free a tenth of a second later");
}

/// [H3] [aws.shared.queue-size] A full queue takes no new message and keeps what it has.
#[test]
fn a_full_queue_keeps_what_it_has() {
    let mut pair = Pair::with(AWS, &[("subscription.shared_queue_max_messages", Value::Number(3))]);
    let sensor = pair.join(client(V5, "sensor"));
    let [worker] = members(&mut pair, V5, ["worker"]);
    pair.cut(worker);
    publish_many(&mut pair, sensor, 5);
    let payloads: Vec<_> = group(&pair).queue.iter().map(|kept| kept.payload.clone()).collect();
    assert_eq!(payloads, ["0", "1", "2"]);
    let refused = pair.last(Kind::QuotaRefused);
    assert_eq!((&*refused.client, &*refused.topic), (GROUP, "subscription.shared_queue_max_messages"));
    assert_eq!(rule_of(refused), aws_rule("aws.shared.queue-size"));
    assert_eq!(rule_of(pair.last(Kind::MessageDropped)), aws_rule("aws.shared.queue-size"));
    let gauge = group(&pair).quotas[0];
    assert_eq!((gauge.key, gauge.level, gauge.capacity), ("subscription.shared_queue_max_messages", 3, 3));
}

/// [H3] [aws.quota.queue] The account stores so many a second, for sessions and groups together.
#[test]
fn a_group_stores_as_fast_as_the_account_may() {
    let mut pair = Pair::with(AWS, &[("account.queue_per_s", Value::Number(4))]);
    let sensor = pair.join(client(V5, "sensor"));
    let away = pair.join(persistent(V5, "away"));
    pair.subscribe(away, "t", QOS1);
    let [worker] = members(&mut pair, V5, ["worker"]);
    pair.cut(worker);
    pair.cut(away);
    publish_many(&mut pair, sensor, 3);
    assert_eq!((pair.session("away").queued, group(&pair).queued), (2, 2));
    let dropped: Vec<&str> = pair.events(Kind::MessageDropped).iter().map(|event| &*event.client).collect();
    assert_eq!(dropped, ["away", GROUP]);
    assert_eq!(rule_of(pair.last(Kind::MessageDropped)), aws_rule("aws.quota.queue"));
}

/// [H3] [aws.shared.queue-kept] What waits goes with the account's expiry of sessions, or with its own.
#[test]
fn what_waits_expires() {
    let mut pair = Pair::with(AWS, &[("session.expiry_max_s", Value::Number(60))]);
    let sensor = pair.join(client(V5, "sensor"));
    let worker = pair.join(Connect {
        properties: Properties(vec![Property::SessionExpiryInterval(60)]),
        ..persistent(V5, "worker")
    });
    pair.subscribe(worker, GROUP, QOS1);
    pair.pass_s(1);
    let keeper = pair.join(persistent(V3, "keeper"));
    pair.subscribe(keeper, GROUP, QOS1);
    pair.cut(worker);
    pair.cut(keeper);
    pair.publish(sensor, "t", "kept", QOS1);
    let expiring = vec![Property::MessageExpiryInterval(10)];
    pair.send(sensor, with_properties(publish("t", "short", QOS1), expiring));
    pair.pass_s(9);
    assert_eq!(group(&pair).queued, 2);
    pair.pass_s(1);
    assert_eq!(group(&pair).queued, 1);
    assert_eq!(rule_of(pair.last(Kind::MessageExpired)), (Source::Mqtt5, "MQTT-3.3.2-5"));
    pair.pass_s(49);
    assert_eq!(group(&pair).queued, 1);
    pair.pass_s(1);
    assert_eq!(group(&pair).queued, 0, "the keeper's session lasts for an hour, what waits does not");
    assert_eq!(rule_of(pair.last(Kind::MessageExpired)), aws_rule("aws.shared.queue-kept"));
    assert!(pair.has_session("keeper"));
}

/// [H3] [H4] [aws.shared.handed-on] What a member has not acknowledged when its connection ends goes to another, as a first delivery.
#[test]
fn an_unacknowledged_message_goes_to_another_member() {
    for profile in [AWS, "aws-iot-core-2023"] {
        let mut pair = Pair::new(profile);
        let sensor = pair.join(client(V5, "sensor"));
        let conns = members(&mut pair, V5, ["a", "b"]);
        pair.subscribe(conns[0], "own", QOS1);
        pair.publish(sensor, "own", "own", QOS1);
        assert_eq!(pair.payloads(conns[0]), ["own"]);
        publish_many(&mut pair, sensor, 8);
        let has: Vec<Vec<String>> = conns.iter().map(|conn| pair.payloads(*conn)).collect();
        assert!(has.iter().all(|has| !has.is_empty()), "each has some: {has:?}");
        pair.cut(conns[0]);
        let again = pair.publishes(conns[1]);
        assert_eq!(again.iter().map(payload).collect::<Vec<_>>(), has[0], "{profile}");
        assert!(again.iter().all(|publish| !publish.dup));
        assert_eq!(pair.session("a").inflight_count, 1, "what an ordinary subscription brought stays");
        let decided = pair.last(Kind::Decision);
        assert_eq!((&*decided.client, rule_of(decided)), ("a", aws_rule("aws.shared.handed-on")));
        // When the other goes too there is nobody: the group keeps them, or in 2023 they are gone.
        pair.cut(conns[1]);
        let (queued, dropped) = if profile == AWS { (8, 0) } else { (0, 8) };
        assert_eq!((group(&pair).queued, pair.events(Kind::MessageDropped).len()), (queued, dropped));
        pair.pass_s(2);
        let a = pair.join(persistent(V5, "a"));
        pair.pass_s(1);
        assert_eq!(pair.publishes(a).len(), queued + 1);
    }
}

/// [M3] [MQTT-3.3.2-5] What has expired when the member's connection ends is handed on to nobody, and that is told.
#[test]
fn what_has_expired_is_not_handed_on() {
    let mut pair = Pair::new(AWS);
    let sensor = pair.join(client(V5, "sensor"));
    let [a] = members(&mut pair, V5, ["a"]);
    let expiring = vec![Property::MessageExpiryInterval(5)];
    pair.send(sensor, with_properties(publish("t", "short", QOS1), expiring));
    assert_eq!(pair.payloads(a), ["short"]);
    pair.pass_s(6);
    pair.cut(a);
    assert_eq!(group(&pair).queued, 0);
    let expired = pair.last(Kind::MessageExpired);
    assert_eq!((&*expired.client, rule_of(expired)), ("a", (Source::Mqtt5, "MQTT-3.3.2-5")));
    assert_eq!(pair.session("a").inflight_count, 0);
}

/// [H3] [aws.shared.handed-on] So does what waits in the member's own queue for room in flight; an ordinary subscription's stays.
#[test]
fn what_waits_for_a_member_goes_to_another_too() {
    let mut pair = Pair::with(AWS, &[("session.inflight_max_messages", Value::Number(1))]);
    let sensor = pair.join(client(V5, "sensor"));
    let [a] = members(&mut pair, V5, ["a"]);
    pair.subscribe(a, "own", QOS1);
    publish_many(&mut pair, sensor, 3);
    pair.publish(sensor, "own", "own", QOS1);
    assert_eq!(pair.payloads(a), ["0"]);
    assert_eq!(pair.session("a").queued, 3);
    pair.cut(a);
    assert_eq!((pair.session("a").queued, group(&pair).queued), (1, 3));
    let [b] = members(&mut pair, V5, ["b"]);
    let got = drained(&mut pair, &[b], Span::s(1));
    assert_eq!(got.iter().map(|(.., payload)| &**payload).collect::<Vec<_>>(), ["0", "1", "2"]);
}

/// By the standards a delivery stays with the member that has it. [aws.shared.handed-on]
#[test]
fn by_the_standards_nothing_is_handed_on() {
    let mut pair = Pair::new("mqtt");
    let sensor = pair.join(client(V5, "sensor"));
    let conns = members(&mut pair, V5, ["a", "b"]);
    publish_many(&mut pair, sensor, 8);
    let had = conns.map(|conn| pair.publishes(conn).len());
    pair.cut(conns[0]);
    assert_eq!(pair.publishes(conns[1]), []);
    assert_eq!(pair.session("a").inflight_count, had[0]);
}

/// [aws.shared.queue] What waits goes with the group: with the last member's session, or with its subscription.
#[test]
fn a_queue_ends_with_its_last_member() {
    for by_expiry in [false, true] {
        let mut pair = Pair::new(AWS);
        let sensor = pair.join(client(V5, "sensor"));
        let [worker] = members(&mut pair, V5, ["worker"]);
        pair.cut(worker);
        publish_many(&mut pair, sensor, 30);
        if by_expiry {
            pair.command(Command::Set { key: "session.expiry_max_s".into(), value: Value::Unlimited })
                .unwrap();
            publish_many(&mut pair, sensor, 1);
            pair.pass_s(3_600);
        } else {
            pair.pass_s(2);
            let worker = pair.join(persistent(V5, "worker"));
            pair.send(worker, unsubscribe(3, &[GROUP]));
        }
        assert!(pair.broker.groups(pair.now).is_empty());
        let lost = pair.last(Kind::MessageDropped);
        assert_eq!((&*lost.client, lost.number), (GROUP, Some(0)));
        assert_eq!(pair.broker.weigh_all(), pair.broker.counts().held_bytes);
        pair.pass_s(5);
    }
}

/// [H1] [H2] [aws.shared.queue] Groups are independent, each with a queue of its own.
#[test]
fn each_group_has_its_own_queue() {
    let mut pair = Pair::new(AWS);
    let sensor = pair.join(client(V5, "sensor"));
    let filters = [
        ("1", "$share/consumer1/sports/tennis"),
        ("2", "$share/consumer1/sports/tennis"),
        ("3", "$share/consumer1/sports/#"),
        ("4", "$share/consumer1/sports/#"),
        ("5", "$share/consumer2/sports/tennis"),
        ("6", "$share/consumer2/sports/tennis"),
    ];
    let conns = filters.map(|(name, filter)| {
        let conn = pair.join(persistent(V5, name));
        pair.subscribe(conn, filter, QOS1);
        conn
    });
    for _ in 0..20 {
        pair.publish(sensor, "sports/tennis", "x", QOS1);
    }
    let got = conns.map(|conn| pair.receive_all(conn).len());
    assert_eq!([got[0] + got[1], got[2] + got[3], got[4] + got[5]], [20, 20, 20]);
    assert!(got.iter().all(|count| *count > 2), "each gets some: {got:?}");
    conns.iter().for_each(|conn| pair.cut(*conn));
    pair.publish(sensor, "sports/golf", "x", QOS1);
    let groups = pair.broker.groups(pair.now);
    let queued: Vec<_> = groups.iter().map(|group| (&*group.name, group.queued)).collect();
    assert_eq!(
        queued,
        [("consumer1/sports/#", 1), ("consumer1/sports/tennis", 0), ("consumer2/sports/tennis", 0)]
    );
}

/// [H1] [aws.quota.shared] So many groups, so many members of each, so many changes a second; SUBACK refuses one more.
#[test]
fn there_are_so_many_groups_members_and_changes() {
    for (key, limit, before, refused) in [
        ("subscription.shared_max_groups", 2, &["$share/a/t", "$share/b/t"][..], "$share/c/t"),
        ("subscription.shared_max_members", 1, &["$share/a/t"], "$share/a/t"),
        ("subscription.shared_changes_per_s", 1, &["$share/a/t"], "$share/a/t"),
    ] {
        let preset = glassbroker::profile::Profile::named(AWS).unwrap();
        assert_eq!(preset.get(key), Some(Value::Number(100)));
        for version in BOTH {
            let mut pair = Pair::with(AWS, &[(key, Value::Number(limit))]);
            let first = pair.join(client(version, "first"));
            for filter in before {
                pair.subscribe(first, filter, QOS1);
            }
            let second = pair.join(client(version, "second"));
            pair.send(second, subscribe(1, &[(refused, QOS1), ("$share/a/u", QOS0), ("t", QOS1)]));
            let suback = pair.take(second, |packet| match packet {
                Packet::Suback(suback) => Some(suback.clone()),
                _ => None,
            });
            let failure = ReasonCode(if version == V5 { 0x97 } else { 0x80 });
            let other = if key.ends_with("groups") { failure } else { ReasonCode(0) };
            assert_eq!(suback.codes, [failure, other, ReasonCode(1)], "{key}");
            let event = pair.last(Kind::QuotaRefused);
            assert_eq!((&*event.topic, rule_of(event)), (key, aws_rule("aws.quota.shared")));
            // Another's own subscription may be made again.
            pair.pass_s(1);
            pair.subscribe(first, before[0], QOS0);
        }
    }
}

/// [aws.quota.shared-unsubscribe] UNSUBSCRIBE counts among the changes, and is never refused.
#[test]
fn an_unsubscribe_counts_and_is_done() {
    let mut pair = Pair::with(AWS, &[("subscription.shared_changes_per_s", Value::Number(2))]);
    let worker = pair.join(client(V5, "worker"));
    for _ in 0..2 {
        pair.subscribe(worker, GROUP, QOS1);
        pair.send(worker, unsubscribe(2, &[GROUP]));
        assert!(pair.session("worker").subscriptions.is_empty());
        assert!(pair.events(Kind::QuotaRefused).is_empty());
        pair.pass_s(1);
    }
    pair.subscribe(worker, GROUP, QOS1);
    pair.send(worker, unsubscribe(2, &[GROUP]));
    pair.send(worker, subscribe(3, &[(GROUP, QOS1)]));
    assert_eq!(rule_of(pair.last(Kind::QuotaRefused)), aws_rule("aws.quota.shared"));
}

/// [aws.shared.queue] A restart with its store keeps the queue, one without loses it.
#[test]
fn a_queue_outlives_a_restart_that_keeps_the_store() {
    for keep_store in [true, false] {
        let mut pair = Pair::new(AWS);
        let sensor = pair.join(client(V5, "sensor"));
        let conns = members(&mut pair, V5, ["a", "b"]);
        publish_many(&mut pair, sensor, 5);
        assert_eq!(conns.map(|conn| pair.publishes(conn).len()).iter().sum::<usize>(), 5);
        pair.command(Command::Restart { keep_store }).unwrap();
        if !keep_store {
            assert!(pair.broker.groups(pair.now).is_empty());
            continue;
        }
        assert_eq!(group(&pair).queued, 5, "all were away before any was handed on");
        pair.pass_s(2);
        let a = pair.join(persistent(V5, "a"));
        assert_eq!(drained(&mut pair, &[a], Span::s(1)).len(), 5);
    }
}

/// [aws.shared.replay-rate] The queue goes on at the moment at which an operator lifts its rate.
#[test]
fn a_rate_that_is_lifted_lets_the_queue_go() {
    let mut pair = Pair::new(AWS);
    let sensor = pair.join(client(V5, "sensor"));
    members(&mut pair, V5, ["a", "b"]).iter().for_each(|conn| pair.cut(*conn));
    publish_many(&mut pair, sensor, 52);
    pair.pass_s(2);
    let conns = ["a", "b"].map(|name| pair.join(persistent(V5, name)));
    assert_eq!(conns.map(|conn| pair.publishes(conn).len()), [1, 1]);
    let key = "subscription.shared_replay_per_s".to_owned();
    pair.command(Command::Set { key, value: Value::Unlimited }).unwrap();
    assert_eq!(conns.map(|conn| pair.publishes(conn).len()), [25, 25], "each its part");
}
