//! Access lists: what each client may publish and receive, in both versions.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::policy::{Access, AccessList};
use glassbroker::profile::Value;
use glassbroker::wire::*;

const LIST: &str = "topic read news/#\ntopic deny news/secret\nuser alice\ntopic news/#\ntopic write alarms\npattern own/%c/#\n";

fn pair_with(set: &[(&str, Value)]) -> Pair {
    let list = Some(AccessList::parse(LIST).unwrap());
    Pair::with("mqtt", set).told(Access { list, ..Access::default() })
}

fn alice(version: Version, id: &str) -> Connect {
    Connect { username: Some("alice".into()), ..client(version, id) }
}

/// The code of the answer to a PUBLISH; `None` where there is none.
fn answer(pair: &mut Pair, conn: glassbroker::broker::ConnId) -> Option<u8> {
    pair.inbox(conn).iter().find_map(|packet| match packet {
        Packet::Puback(ack) | Packet::Pubrec(ack) => Some(ack.code.0),
        _ => None,
    })
}

/// [P3] [MQTT-3.3.5-2] Acknowledged and dropped; 5.0 is told 0x87; at QoS 0 nothing is said.
#[test]
fn a_publication_that_is_not_allowed_reaches_nobody() {
    for version in BOTH {
        let mut pair = pair_with(&[]);
        let reader = pair.join(client(V5, "reader"));
        pair.subscribe(reader, "news/+", QOS0);
        let writer = pair.join(client(version, "writer"));
        for (qos, v5) in [(QOS0, None), (QOS1, Some(0x87)), (QOS2, Some(0x87))] {
            pair.publish(writer, "news/today", "x", qos);
            let expected = if version == V3 { v5.map(|_| 0) } else { v5 };
            assert_eq!(answer(&mut pair, writer), expected, "{version:?} {qos:?}");
            let denied = pair.last(Kind::PolicyDenied);
            assert_eq!((denied.topic.as_str(), denied.why.as_str()), ("news/today", "publish, by no line"));
            assert_eq!((denied.rule.unwrap().id, denied.number), ("glassbroker.access-list", None));
        }
        assert!(pair.publishes(reader).is_empty() && pair.events(Kind::MessageAccepted).is_empty());
        // The 3.1.1 client ends its QoS 2 handshake as always.
        if version == V3 {
            pair.send(writer, Packet::Pubrel(ack(1)));
            assert!(matches!(pair.inbox(writer)[..], [Packet::Pubcomp(_)]));
        }
        // Retained neither.
        pair.send(writer, retained("news/today", "x", QOS1));
        assert_eq!(pair.broker.retained(), []);
        assert!(!pair.is_closed(writer));
    }
}

#[test]
fn what_a_line_allows_is_published_and_the_line_is_told() {
    for version in BOTH {
        let mut pair = pair_with(&[]);
        let reader = pair.join(client(V5, "reader"));
        pair.subscribe(reader, "news/+", QOS0);
        let writer = pair.join(alice(version, "writer"));
        pair.publish(writer, "news/today", "x", QOS1);
        assert_eq!(answer(&mut pair, writer), Some(0));
        assert_eq!(pair.payloads(reader), ["x"]);
        let allowed = pair.events(Kind::PolicyAllowed);
        let said: Vec<_> = allowed.iter().map(|event| (&*event.client, &*event.why, event.number)).collect();
        assert_eq!(
            said,
            [
                ("reader", "subscribe, by line 1: topic read news/#", Some(1)),
                ("writer", "publish, by line 4: topic news/#", Some(4)),
                ("reader", "receive, by line 1: topic read news/#", Some(1)),
            ]
        );
    }
}

/// [P3] A filter that matches what may not be received is refused with 0x80 in 3.1.1 and 0x87 in 5.0; Mosquitto grants it, and so
/// does a broker that is set so.
#[test]
fn a_subscription_beyond_what_may_be_received_is_refused_or_empty() {
    for (version, code) in [(V3, 0x80), (V5, 0x87)] {
        for (checked, expected) in [(true, [0, code, code, 0]), (false, [0; 4])] {
            let mut pair = pair_with(&[("access_list.subscribe", Value::Switch(checked))]);
            let conn = pair.join(client(version, "lamp"));
            let filter =
                |filter: &str| Subscription { filter: filter.into(), options: SubscribeOptions::default() };
            let filters = ["news/today", "news/secret", "#", "own/lamp/+"].map(filter).to_vec();
            pair.send(
                conn,
                Packet::Subscribe(Subscribe { id: 3, properties: Properties::default(), filters }),
            );
            let codes = pair.take(conn, |packet| match packet {
                Packet::Suback(suback) => Some(suback.codes.iter().map(|code| code.0).collect::<Vec<_>>()),
                _ => None,
            });
            assert_eq!(codes, expected);
            let writer = pair.join(alice(V5, "writer"));
            for topic in ["news/today", "news/secret", "alarms"] {
                pair.publish(writer, topic, topic, QOS1);
            }
            assert_eq!(pair.payloads(conn), ["news/today"], "{checked}");
        }
    }
}

/// [P3] Every delivery is asked for: retained messages, and those that are stored for a client that is away.
#[test]
fn what_may_not_be_received_is_neither_sent_nor_stored() {
    for version in BOTH {
        let mut pair = pair_with(&[]);
        let writer = pair.join(alice(V5, "writer"));
        pair.send(writer, retained("news/secret", "hidden", QOS1));
        pair.send(writer, retained("news/open", "seen", QOS1));
        let conn = pair.join(persistent(version, "lamp"));
        pair.subscribe(conn, "news/#", QOS1);
        let received = pair.receive_all(conn);
        assert_eq!(received.iter().map(payload).collect::<Vec<_>>(), ["seen"]);
        pair.disconnect(conn);
        pair.publish(writer, "news/secret", "hidden", QOS1);
        pair.publish(writer, "news/open", "later", QOS1);
        assert_eq!(pair.session("lamp").queued, 1);
        let denied = pair.last(Kind::PolicyDenied);
        assert_eq!(denied.why, "receive, by line 2: topic deny news/secret");
    }
}

/// [P3] A Will is published by the client that left it: what it may not publish is discarded when it would be sent.
#[test]
fn a_will_is_asked_for_when_it_is_sent() {
    for version in BOTH {
        for (topic, sent) in [("own/lamp/state", true), ("news/today", false), ("$SYS/broker/x", false)] {
            let mut pair = pair_with(&[]);
            let will = Will {
                topic: topic.into(),
                payload: "gone".into(),
                qos: QOS0,
                retain: false,
                properties: Properties::default(),
            };
            let conn = pair.join(Connect { will: Some(will), ..client(version, "lamp") });
            assert!(pair.events(Kind::PolicyDenied).is_empty());
            pair.cut(conn);
            assert_eq!(pair.events(Kind::WillSent).len(), usize::from(sent), "{topic}");
            assert_eq!(pair.events(Kind::WillDiscarded).len(), usize::from(!sent), "{topic}");
        }
    }
}

/// The list holds for clients: what the service publishes, an operator for example, needs no line; who receives it does.
#[test]
fn an_operator_needs_no_line() {
    let mut pair = pair_with(&[]);
    let conn = pair.join(client(V5, "lamp"));
    pair.subscribe(conn, "news/#", QOS0);
    for topic in ["news/x", "news/secret"] {
        let write = retain(topic.into(), "x".into(), QOS0);
        pair.command(write).unwrap();
    }
    assert_eq!(
        pair.publishes(conn).iter().map(|publish| publish.topic.to_string()).collect::<Vec<_>>(),
        ["news/x"]
    );
    assert_eq!(pair.broker.retained().len(), 2);
}

/// Without a list nothing is asked, and nothing is said.
#[test]
fn without_a_list_everything_is_allowed() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "lamp"));
    pair.subscribe(conn, "#", QOS0);
    pair.publish(conn, "a", "x", QOS0);
    assert_eq!(pair.payloads(conn), ["x"]);
    assert!(pair.events(Kind::PolicyAllowed).is_empty() && pair.events(Kind::PolicyDenied).is_empty());
}

/// [T1] [O8] Topics that begin with `$SYS/` are the broker's own.
#[test]
fn a_client_publishes_nothing_to_sys() {
    for (version, code) in [(V3, 0), (V5, 0x87)] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        pair.send(conn, retained("$SYS/broker/uptime", "for ever", QOS1));
        assert_eq!(answer(&mut pair, conn), Some(code));
        assert_eq!(pair.broker.retained(), []);
        assert_eq!(pair.last(Kind::PolicyDenied).rule.unwrap().id, "glassbroker.sys");
        assert!(!pair.is_closed(conn));
    }
}
