//! The metrics and the log entries that the cloud would have recorded of a run (row O4).
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod runs;
}

use common::runs::*;
use glassbroker::account::records::{Log, Metrics};
use glassbroker::client::{Action, Message};
use glassbroker::policy::{Access, AccessList};
use glassbroker::profile::{Profile, Value as Setting};
use glassbroker::sim::{ClientSpec, Run, Setup, Step};
use glassbroker::time::Span;
use serde_json::Value;

fn aws(clients: impl Into<Vec<ClientSpec>>, steps: impl Into<Vec<Step>>) -> Run {
    let profile = Profile::named("aws-iot-core").unwrap();
    run_to(&Setup { profile, ..setup(clients, steps) }, 60_000)
}

fn metrics(run: &Run) -> Vec<(String, u64)> {
    Metrics::of(run.trace(), u32::MAX).iter().collect()
}

/// The log, as it is and as JSON.
fn log(run: &Run) -> Vec<Value> {
    let text = Log::written(run.trace(), u32::MAX);
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// A message for one that is there, one that is away, and the retained store.
fn story() -> Run {
    let retained = Message { retain: true, ..message("t", "x", QOS1) };
    aws(
        [client("source", V5), client("here", V3), lasting("away", V5)],
        [
            at(0, connect("source")),
            at(0, connect("here")),
            at(0, connect("away")),
            at(2_000, subscribe("here", "t", QOS1)),
            at(2_000, subscribe("away", "t", QOS1)),
            at(4_000, disconnect("away")),
            at(6_000, act("source", Action::Publish(retained))),
            at(
                8_000,
                publish("source", "$aws/things/lamp/shadow/update", r#"{"state":{"desired":{"a":1}}}"#, QOS0),
            ),
            at(9_000, publish("source", "$aws/things/lamp/shadow/get", "", QOS0)),
            at(10_000, act("here", Action::Unsubscribe { filters: vec!["t".to_owned()] })),
        ],
    )
}

/// [O4] [aws.metric.names]
#[test]
fn what_was_done_is_counted_by_the_names_of_the_metrics() {
    let expected = [
        ("Connect.Success", 3),
        ("PublishIn.Success", 3),
        ("PublishOut.Success", 1),
        ("PublishRetained.Success", 1),
        ("Queued.Success", 1),
        ("Subscribe.Success", 2),
        ("Unsubscribe.Success", 1),
        ("GetThingShadow.Accepted", 1),
        ("UpdateThingShadow.Accepted", 1),
    ];
    assert_eq!(metrics(&story()), expected.map(|(name, count)| (name.to_owned(), count)));
}

/// [O4] [aws.metric.names] What a shared subscription's queue takes is counted as queued, what it has no room for as throttled.
#[test]
fn what_a_group_queues_is_counted() {
    let mut profile = Profile::named("aws-iot-core").unwrap();
    profile.set("subscription.shared_queue_max_messages", glassbroker::profile::Value::Number(2)).unwrap();
    let steps = [
        at(0, connect("source")),
        at(0, connect("worker")),
        at(2_000, subscribe("worker", "$share/g/t", QOS1)),
        at(4_000, disconnect("worker")),
        at(5_000, publish("source", "t", "a", QOS1)),
        at(6_000, publish("source", "t", "b", QOS1)),
        at(7_000, publish("source", "t", "c", QOS1)),
    ];
    let run =
        run_to(&Setup { profile, ..setup([client("source", V5), lasting("worker", V5)], steps) }, 60_000);
    let of =
        |name: &str| metrics(&run).into_iter().find(|(one, _)| one == name).map_or(0, |(_, count)| count);
    assert_eq!((of("Queued.Success"), of("Queued.Throttle")), (2, 1));
}

/// [O4] [aws.metric.names] A filter and a topic that are reserved are the client's errors.
#[test]
fn what_a_client_does_wrong_is_counted_as_its_error() {
    let run = aws(
        [client("lamp", V5)],
        [
            at(0, connect("lamp")),
            at(2_000, subscribe("lamp", "$aws/rules/x", QOS0)),
            at(4_000, publish("lamp", "$aws/unknown", "x", QOS1)),
        ],
    );
    let expected = [("Connect.Success", 1), ("PublishIn.ClientError", 1), ("Subscribe.ClientError", 1)];
    assert_eq!(metrics(&run), expected.map(|(name, count)| (name.to_owned(), count)));
    let failed: Vec<_> = log(&run).into_iter().filter(|entry| entry["status"] == "Failure").collect();
    assert_eq!(failed.len(), 2);
    assert_eq!(
        (&failed[0]["eventType"], &failed[0]["topicName"]),
        (&"Subscribe".into(), &"$aws/rules/x".into())
    );
    assert_eq!((&failed[1]["eventType"], &failed[1]["logLevel"]), (&"Publish-In".into(), &"ERROR".into()));
}

/// [O4] [aws.metric.names] [aws.quota.subscriptions] A size is the client's error; a subscription too many is throttled.
#[test]
fn a_bound_that_is_broken_is_counted() {
    let lamp = client("lamp", V5);
    let long = client(&"x".repeat(129), V3);
    let filters = (0..51).map(|n| at(2_000 + n, subscribe("lamp", &format!("f/{n}"), QOS0)));
    let refused = [at(0, connect(&"x".repeat(129))), at(0, connect("lamp"))];
    let large = at(4_000, publish("lamp", "t", &"x".repeat(131_073), QOS0));
    let run = aws([long, lamp], refused.into_iter().chain(filters).chain([large]).collect::<Vec<_>>());
    let expected = [
        ("Connect.Success", 1),
        ("Connect.ClientError", 1),
        ("PublishIn.ClientError", 1),
        ("Subscribe.Success", 50),
        ("Subscribe.Throttle", 1),
    ];
    assert_eq!(metrics(&run), expected.map(|(name, count)| (name.to_owned(), count)));
}

/// [O4] [aws.log.entries] [aws.log.ping] Each entry has the fields that are common to all, and its own; a PINGREQ has none.
#[test]
fn each_thing_that_was_done_has_an_entry() {
    let entries = log(&story());
    let kinds: Vec<_> = entries.iter().map(|entry| entry["eventType"].as_str().unwrap()).collect();
    let of = |kind: &str| {
        entries.iter().find(|entry| entry["eventType"] == kind).unwrap_or_else(|| panic!("{kind}: {kinds:?}"))
    };
    let count = |kind: &str| kinds.iter().filter(|one| **one == kind).count();
    assert_eq!((count("Connect"), count("Subscribe"), count("Publish-In"), count("Ping")), (3, 2, 3, 0));
    for entry in &entries {
        for field in
            ["timestamp", "logLevel", "traceId", "accountId", "status", "eventType", "protocol", "clientId"]
        {
            assert!(entry[field].is_string(), "{field}: {entry}");
        }
        assert_eq!((&entry["status"], &entry["logLevel"]), (&"Success".into(), &"INFO".into()));
    }
    let publish = of("Publish-In");
    // The scenario's epoch, six seconds, and the way of 20 ms.
    assert_eq!(publish["timestamp"], "2026-01-01 00:00:06.020");
    assert_eq!((&publish["topicName"], &publish["clientId"]), (&"t".into(), &"source".into()));
    assert_eq!(publish["retain"], "True");
    assert_eq!(
        (&of("Publish-Out")["topicName"], &of("Publish-Out")["clientId"]),
        (&"t".into(), &"here".into())
    );
    assert_eq!(of("Publish-Out")["traceId"], publish["traceId"], "one message");
    assert_eq!((&of("Queued")["clientId"], &of("Queued")["qos"]), (&"away".into(), &"1".into()));
    assert!(of("Queued").get("sourceIp").is_none());
    assert_eq!(of("Subscribe")["topicName"], "t");
    assert_eq!(of("Disconnect")["disconnectReason"], "CLIENT_INITIATED_DISCONNECT");
    assert_eq!(of("Connect")["principalId"].as_str().unwrap().len(), 64);
}

/// [O4] [aws.log.reasons] What is not allowed fails for want of permission, and is counted once.
#[test]
fn what_is_denied_has_its_reason() {
    let list = AccessList::parse("topic read #").expect("a list");
    let access = Access { anonymous: Some(true), list: Some(list), ..Access::default() };
    let steps = [at(0, connect("lamp")), at(2_000, publish("lamp", "t", "x", QOS1))];
    let profile = Profile::named("aws-iot-core").unwrap();
    let run = run_to(&Setup { profile, access: access.into(), ..setup([client("lamp", V5)], steps) }, 10_000);
    let expected = [("Connect.Success", 1), ("PublishIn.AuthError", 1)];
    assert_eq!(metrics(&run), expected.map(|(name, count)| (name.to_owned(), count)));
    let denied = log(&run).pop().unwrap();
    assert_eq!((&denied["status"], &denied["reason"]), (&"Failure".into(), &"AUTHORIZATION_FAILURE".into()));
    assert_eq!((&denied["eventType"], &denied["topicName"]), (&"Publish-In".into(), &"t".into()));
}

/// A run in which the account lets `setting` through once a second, and a topic be retained as often as one likes.
fn throttled(setting: &str, steps: &[Step]) -> Vec<(String, u64)> {
    let mut profile = Profile::named("aws-iot-core").unwrap();
    for (key, value) in [("retained.topic_per_s", Setting::Unlimited), (setting, Setting::Number(1))] {
        profile.set(key, value).unwrap();
    }
    for burst in ["publish.in_burst", "publish.out_burst"] {
        profile.set(burst, Setting::Number(1)).unwrap();
    }
    let mut all = vec![at(0, connect("source")), at(0, connect("here"))];
    all.extend(steps.iter().cloned());
    let clients = [client("source", V5), lasting("here", V5)];
    let counted = metrics(&run_to(&Setup { profile, ..setup(clients, all) }, 20_000));
    counted.into_iter().filter(|(name, _)| name.contains("Throttle")).collect()
}

/// [O4] [O2] [aws.metric.names] What a quota refuses is counted by the metric of that quota; what a connection's own rate refuses, also
/// as exceeded.
#[test]
fn what_a_quota_refuses_is_counted() {
    let thrice = |input| every(6_000, Span::ms(10), 3, input);
    let retained = Message { retain: true, ..message("r", "x", QOS0) };
    let published = || thrice(publish("source", "t", "x", QOS1));
    let listens = |qos| at(2_000, subscribe("here", "t", qos));
    for (setting, steps, expected) in [
        ("publish.in_per_s", vec![published()], &["PublishIn.Throttle", "Throttle.Exceeded"][..]),
        ("account.publish_in_per_s", vec![published()], &["PublishIn.Throttle"]),
        (
            "publish.out_per_s",
            vec![listens(QOS0), published()],
            &["PublishOut.Throttle", "Throttle.Exceeded"],
        ),
        ("account.publish_out_per_s", vec![listens(QOS0), published()], &["PublishOut.Throttle"]),
        (
            "account.queue_per_s",
            vec![listens(QOS1), at(4_000, disconnect("here")), published()],
            &["Queued.Throttle"],
        ),
        ("account.subscribe_per_s", vec![thrice(subscribe("here", "t", QOS0))], &["Subscribe.Throttle"]),
        (
            "account.retain_per_s",
            vec![thrice(act("source", Action::Publish(retained)))],
            &["PublishRetained.Throttle"],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|name| ((*name).to_owned(), 2)).collect();
        assert_eq!(throttled(setting, &steps), expected, "{setting}");
    }
    let back = [
        at(6_000, disconnect("source")),
        at(6_100, connect("source")),
        at(6_200, disconnect("source")),
        at(6_300, connect("source")),
    ];
    let expected = ("Connect.ClientIDThrottle".to_owned(), 1);
    assert_eq!(throttled("connect.client_per_s", &back), [expected]);
}
