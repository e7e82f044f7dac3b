//! AWS IoT policies at the broker: what each version sees of a denial (row P1).

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, ConnId, Kind};
use glassbroker::policy::Access;
use glassbroker::profile::Value;
use glassbroker::scenario::{parse_policies, parse_policy};
use glassbroker::wire::*;

/// Statements that allow; `A:` stands for the beginning of every ARN.
const WORKER: &str = r#"
    { "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" },
    { "Sid": "Own", "Effect": "Allow", "Action": [ "iot:Publish", "iot:Receive" ], "Resource": "A:topic/own/*" },
    { "Effect": "Allow", "Action": "iot:RetainPublish", "Resource": "A:topic/own/kept" },
    { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": [ "A:topicfilter/own/*", "A:topicfilter/$share/g/own/*" ] },
    { "Sid": "Hidden", "Effect": "Deny", "Action": "iot:Receive", "Resource": "A:topic/own/secret/*" }"#;

fn document(statements: &str) -> String {
    let statements = statements.replace("A:", "arn:aws:iot:us-east-1:123456789012:");
    format!(r#"{{ "Version": "2012-10-17", "Statement": [ {statements} ] }}"#)
}

/// A broker at which `worker` may do what [`WORKER`] says, `all` may do everything, and `none` has no policy.
fn pair_with(set: &[(&str, Value)], worker: &str) -> Pair {
    let all = r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#;
    let file = format!(
        r#"{{ "policies": {{ "worker": {}, "all": {} }}, "clients": {{ "worker": "worker", "all": "all", "none": [] }} }}"#,
        document(worker),
        document(all)
    );
    let policies = parse_policies(&file).unwrap_or_else(|problems| panic!("{problems:?}"));
    Pair::with("aws-iot-core", set).told(Access { policies, ..Access::default() })
}

fn pair() -> Pair {
    pair_with(&[], WORKER)
}

fn will_to(topic: &str, retain: bool) -> Option<Will> {
    let properties = Properties::default();
    Some(Will { topic: topic.into(), payload: "gone".into(), qos: QOS0, retain, properties })
}

/// The code of the DISCONNECT that a connection ended with, where one came.
fn told(pair: &mut Pair, conn: ConnId) -> Option<u8> {
    pair.inbox(conn).iter().find_map(|packet| match packet {
        Packet::Disconnect(disconnect) => Some(disconnect.code.0),
        _ => None,
    })
}

/// [P1] [aws.policy.connect-denied] Who has no policy, or none that allows it.
#[test]
fn who_may_not_connect_is_told_in_5_and_closed_in_3() {
    for version in BOTH {
        for id in ["none", "stranger"] {
            let mut pair = pair();
            let conn = pair.open();
            pair.send_connect(conn, client(version, id));
            let codes: Vec<u8> = pair
                .inbox(conn)
                .iter()
                .filter_map(|packet| match packet {
                    Packet::Connack(connack) => Some(connack.code.0),
                    _ => None,
                })
                .collect();
            assert_eq!(codes, if version == V5 { vec![0x87] } else { vec![] }, "{id}");
            assert!(pair.is_closed(conn) && !pair.has_session(id));
            let denied = pair.last(Kind::PolicyDenied);
            assert_eq!((&*denied.topic, &*denied.why), (id, "iot:Connect, by no statement"));
            assert_eq!(denied.rule.unwrap().id, "aws.policy.evaluation");
        }
        let mut pair = pair();
        pair.join(client(version, "worker"));
        let allowed = pair.last(Kind::PolicyAllowed);
        assert_eq!((&*allowed.why, allowed.number), ("iot:Connect, by statement 1 of worker", Some(1)));
    }
}

/// [P1] A user name that has policies stands for its clients, whatever their identifiers.
#[test]
fn a_user_name_may_have_the_policies() {
    let mut pair = pair();
    pair.join(Connect { username: Some("worker".into()), ..client(V5, "anything") });
    assert!(pair.has_session("anything"));
}

/// [P1] [aws.policy.publish-denied-v3] [aws.policy.publish-denied-v5] The Will of a client that is closed is sent.
#[test]
fn a_publication_that_is_not_allowed_closes_3_and_is_told_in_5() {
    for version in BOTH {
        for qos in [QOS0, QOS1] {
            let mut pair = pair();
            let watcher = pair.join(client(V5, "all"));
            pair.subscribe(watcher, "#", QOS0);
            let worker =
                pair.join(Connect { will: will_to("own/state", false), ..client(version, "worker") });
            pair.publish(worker, "own/a", "fine", qos);
            assert_eq!(pair.payloads(watcher), ["fine"]);
            assert_eq!(pair.inbox(worker).len(), usize::from(qos == QOS1));
            pair.publish(worker, "other/a", "denied", qos);
            let denied = pair.last(Kind::PolicyDenied);
            assert_eq!((&*denied.topic, &*denied.why), ("other/a", "iot:Publish, by no statement"));
            if version == V5 && qos == QOS1 {
                let answers = pair.inbox(worker);
                let [Packet::Puback(ack)] = &answers[..] else { panic!("{answers:?}") };
                assert_eq!(ack.code.0, 0x87);
                assert!(!pair.is_closed(worker) && pair.publishes(watcher).is_empty());
                continue;
            }
            assert!(pair.is_closed(worker));
            assert_eq!(told(&mut pair, worker), (version == V5).then_some(0x87));
            assert_eq!(pair.payloads(watcher), ["gone"], "{version:?} {qos:?}");
            assert_eq!(pair.last(Kind::SessionDisconnected).why, "not authorized");
        }
    }
}

/// [P1] [aws.policy.retain-publish]
#[test]
fn retaining_needs_a_permission_of_its_own() {
    for version in BOTH {
        let mut pair = pair();
        let worker = pair.join(client(version, "worker"));
        pair.send(worker, retained("own/kept", "x", QOS1));
        assert_eq!(pair.broker.retained().len(), 1);
        pair.publish(worker, "own/a", "x", QOS1);
        assert!(!pair.is_closed(worker));
        pair.send(worker, retained("own/a", "x", QOS1));
        assert_eq!(pair.broker.retained().len(), 1);
        assert_eq!(pair.last(Kind::PolicyDenied).why, "iot:RetainPublish, by no statement");
        assert_eq!(pair.is_closed(worker), version == V3);
    }
}

/// [P1] [R3] [aws.policy.retain-publish] `iot:RetainPublish` decides of RETAIN alone: what is denied with it reaches nobody, and the same
/// message without it does.
#[test]
fn who_may_not_retain_may_still_publish() {
    let denied = format!(
        r#"{WORKER}, {{ "Sid": "Keep", "Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "A:topic/own/kept" }}"#
    );
    for version in BOTH {
        for (worker, why) in
            [(WORKER, None), (&*denied, Some("iot:RetainPublish, by statement 6 of worker (Keep)"))]
        {
            let mut pair = pair_with(&[], worker);
            let watcher = pair.join(client(V5, "all"));
            pair.subscribe(watcher, "own/kept", QOS0);
            let worker = pair.join(client(version, "worker"));
            pair.publish(worker, "own/kept", "plain", QOS1);
            pair.send(worker, retained("own/kept", "kept", QOS1));
            let Some(why) = why else {
                assert_eq!(pair.payloads(watcher), ["plain", "kept"]);
                assert_eq!(pair.broker.retained().len(), 1);
                continue;
            };
            assert_eq!(pair.payloads(watcher), ["plain"]);
            assert_eq!(pair.broker.retained().len(), 0);
            assert_eq!(pair.last(Kind::PolicyDenied).why, why);
            let codes: Vec<u8> = pair
                .inbox(worker)
                .iter()
                .filter_map(|packet| if let Packet::Puback(ack) = packet { Some(ack.code.0) } else { None })
                .collect();
            assert_eq!(codes, if version == V5 { vec![0, 0x87] } else { vec![0] });
            assert_eq!(pair.is_closed(worker), version == V3);
        }
    }
}

/// [P1] [aws.policy.subscribe-denied-v3] [aws.policy.subscribe-denied-v5] [aws.policy.shared-filter]
#[test]
fn a_subscription_that_is_not_allowed_closes_3_and_is_told_in_5() {
    for version in BOTH {
        let mut pair = pair();
        let worker = pair.join(client(version, "worker"));
        pair.send(worker, subscribe(1, &[("own/+", QOS1)]));
        assert!(matches!(&pair.inbox(worker)[..], [Packet::Suback(_)]));
        pair.send(worker, subscribe(2, &[("own/#", QOS0), ("+/a", QOS0), ("own/b", QOS0)]));
        let denied = pair.last(Kind::PolicyDenied);
        assert_eq!((&*denied.topic, &*denied.why), ("+/a", "iot:Subscribe, by no statement"));
        if version == V3 {
            assert!(pair.is_closed(worker) && pair.inbox(worker).is_empty());
            assert_eq!(pair.events(Kind::SubscriptionAdded).len(), 1, "nothing of the packet is done");
            assert_eq!(pair.last(Kind::SessionDisconnected).why, "not authorized");
            continue;
        }
        let codes = |pair: &mut Pair| {
            pair.take(worker, |packet| match packet {
                Packet::Suback(suback) => Some(suback.codes.iter().map(|code| code.0).collect::<Vec<_>>()),
                _ => None,
            })
        };
        assert_eq!(codes(&mut pair), [0, 0x87, 0]);
        pair.send(worker, subscribe(3, &[("$share/g/own/#", QOS0), ("$share/h/own/#", QOS0)]));
        assert_eq!(codes(&mut pair), [0, 0x87]);
        assert!(!pair.is_closed(worker));
    }
}

/// [P1] [aws.policy.receive] Live, stored and retained alike, and nobody is told.
#[test]
fn what_may_not_be_received_is_left_out() {
    for version in BOTH {
        let mut pair = pair();
        let writer = pair.join(client(V5, "all"));
        pair.send(writer, retained("own/secret/1", "hidden", QOS1));
        pair.send(writer, retained("own/secret", "seen", QOS1));
        let worker = pair.join(persistent(version, "worker"));
        pair.subscribe(worker, "own/#", QOS1);
        pair.publish(writer, "own/secret/2", "hidden", QOS1);
        pair.publish(writer, "own/x", "live", QOS1);
        let received = pair.receive_all(worker);
        let received: Vec<_> = received.iter().map(payload).collect();
        assert!(
            received.contains(&"live".to_owned()) && !received.contains(&"hidden".to_owned()),
            "{received:?}"
        );
        let denied = pair.last(Kind::PolicyDenied);
        assert_eq!((&*denied.topic, &*denied.client), ("own/secret/2", "worker"));
        assert_eq!(
            (&*denied.why, denied.number),
            ("iot:Receive, by statement 5 of worker (Hidden)", Some(5))
        );
        pair.disconnect(worker);
        pair.publish(writer, "own/secret/2", "hidden", QOS1);
        pair.publish(writer, "own/x", "stored", QOS1);
        assert_eq!(pair.session("worker").queued, 1);
        assert_eq!(pair.session("worker").subscriptions.len(), 1);
    }
}

/// [P1] [aws.policy.will] A Will is asked for when the client comes, and again when it is sent.
#[test]
fn a_will_needs_the_permission_to_publish_it() {
    for version in BOTH {
        for (topic, retain, comes_in) in [
            ("own/state", false, true),
            ("own/kept", true, true),
            ("own/state", true, false),
            ("x", false, false),
        ] {
            let mut pair = pair();
            let conn = pair.open();
            pair.send_connect(conn, Connect { will: will_to(topic, retain), ..client(version, "worker") });
            assert_eq!(pair.has_session("worker"), comes_in, "{topic} {retain}");
            assert_eq!(pair.is_closed(conn), !comes_in);
        }
        let mut pair = pair();
        let conn = pair.join(Connect { will: will_to("own/state", false), ..client(version, "worker") });
        pair.command(change("worker", "")).unwrap();
        pair.cut(conn);
        assert_eq!(pair.events(Kind::WillSent).len(), 0);
        assert_eq!(pair.last(Kind::WillDiscarded).rule.unwrap().id, "aws.policy.evaluation");
    }
}

/// [P2] [aws.policy.persistent] [aws.policy.connect-attributes] What counts as persistent in each version.
#[test]
fn a_persistent_session_is_an_attribute_of_its_connect() {
    let only = |attributes: &str| {
        format!(
            r#"{{ "Effect": "Allow", "Action": "iot:*", "Resource": "*",
                "Condition": {{ "ForAllValues:StringEquals": {{ "iot:ConnectAttributes": [ {attributes} ] }} }} }}"#
        )
    };
    let any = r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#;
    for version in BOTH {
        let (plain, lasting) = (client(version, "worker"), persistent(version, "worker"));
        let willing = Connect { will: will_to("a", false), ..client(version, "worker") };
        for (statement, by_default, expected) in [
            (only(""), true, [true, false, false]),
            (only("\"PersistentConnect\""), true, [true, true, false]),
            (only("\"LastWill\""), true, [true, false, true]),
            (any.to_owned(), true, [true, true, true]),
            (any.to_owned(), false, [true, false, false]),
        ] {
            for (connect, expected) in [&plain, &lasting, &willing].into_iter().zip(expected) {
                let set = [("policy.attributes_by_default", Value::Switch(by_default))];
                let mut pair = pair_with(&set, &statement);
                pair.connect(connect.clone());
                assert_eq!(pair.has_session("worker"), expected, "{version:?} {statement} {connect:?}");
            }
        }
    }
}

fn change(name: &str, statements: &str) -> Command {
    Command::Policy {
        name: name.into(),
        document: parse_policy(&document(statements)).unwrap(),
        is_new: false,
    }
}

/// [P1] [aws.policy.delay] A change counts at once, or after the delay, for connections that there are; also when the broker lost its
/// store meanwhile.
#[test]
fn a_policy_is_changed_while_the_broker_runs() {
    for restarts in [false, true] {
        let mut pair = pair_with(&[("policy.delay_s", Value::Number(360))], WORKER);
        let worker = pair.join(client(V5, "worker"));
        pair.command(change("worker", r#"{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" }"#))
            .unwrap();
        pair.publish(worker, "own/a", "x", QOS1);
        assert_eq!(pair.events(Kind::PolicyDenied).len(), 0);
        if restarts {
            pair.command(Command::Restart { keep_store: false }).unwrap();
        }
        pair.pass_s(359);
        let worker = pair.join(client(V5, "worker"));
        pair.publish(worker, "own/a", "x", QOS1);
        assert_eq!(pair.events(Kind::PolicyDenied).len(), 0);
        pair.pass_s(1);
        pair.publish(worker, "own/a", "x", QOS1);
        assert_eq!(pair.last(Kind::PolicyDenied).why, "iot:Publish, by no statement");
        assert!(pair.command(change("wroker", "")).unwrap_err().contains("did you mean `worker`?"));
    }
    let mut pair = pair();
    let worker = pair.join(client(V5, "worker"));
    pair.command(change("worker", "")).unwrap();
    pair.publish(worker, "own/a", "x", QOS0);
    assert!(pair.is_closed(worker));
}

/// [P1] A policy that is new counts at once, where there are policies at all.
#[test]
fn a_policy_is_added_while_the_broker_runs() {
    let new = |name: &str| {
        let document =
            parse_policy(&document(r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#)).unwrap();
        Command::Policy { name: name.into(), document, is_new: true }
    };
    let mut pair = pair_with(&[("policy.delay_s", Value::Number(360))], WORKER);
    assert!(pair.command(new("worker")).unwrap_err().contains("already"));
    pair.command(new("guest")).unwrap();
    assert!(pair.broker.access().policies.documents.contains("guest"));
    // One that was added is changed as the others are.
    pair.command(change("guest", "")).unwrap();
    assert_eq!(pair.broker.access().policies.documents.get("guest").unwrap().statements.len(), 1);
    let mut pair = Pair::new("aws-iot-core");
    assert!(pair.command(new("guest")).unwrap_err().contains("everything is allowed"));
}
