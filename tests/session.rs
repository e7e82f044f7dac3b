//! Sessions: what outlives a connection, for how long, and what is sent again.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, Kind, Link, SHOWN};
use glassbroker::profile::Value;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

fn expiring(id: &str, clean_start: bool, expiry_s: u32) -> Connect {
    let mut connect = Connect { clean_start, ..client(V5, id) };
    connect.properties.0.push(Property::SessionExpiryInterval(expiry_s));
    connect
}

fn leave_with(expiry_s: u32) -> Packet {
    let properties = Properties(vec![Property::SessionExpiryInterval(expiry_s)]);
    Packet::Disconnect(Disconnect { code: ReasonCode::SUCCESS, properties })
}

/// [S2] Subscriptions are kept, QoS 1 and 2 stored in order, QoS 0 not. [3.1.1 MQTT-3.1.2-4, MQTT-3.1.2-5] [MQTT-4.5.0-1]
/// [3.1.1 MQTT-4.1.0-1]
#[test]
fn messages_are_stored_for_a_client_that_is_away() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        let b = pair.join(persistent(version, "b"));
        pair.subscribe(b, "t/#", QOS2);
        pair.subscribe(b, "low", QOS0);
        pair.cut(b);
        for (n, qos) in [QOS1, QOS0, QOS2, QOS1].into_iter().enumerate() {
            pair.publish(a, "t/x", &n.to_string(), qos);
            pair.send(a, Packet::Pubrel(ack(1)));
        }
        pair.publish(a, "low", "granted 0", QOS1);
        assert_eq!(pair.session("b").queue.iter().map(|m| m.qos).collect::<Vec<_>>(), [QOS1, QOS2, QOS1]);
        assert_eq!(pair.events(Kind::MessageDropped).len(), 2);
        let queued: Vec<_> = pair.events(Kind::MessageQueued).iter().map(|e| e.number).collect();
        assert_eq!(queued, [Some(1), Some(2), Some(3)]);
        let b = pair.join(persistent(version, "b"));
        let got: Vec<_> = pair.receive_all(b).iter().map(|p| (payload(p), p.dup)).collect();
        assert_eq!(got, [("0", false), ("2", false), ("3", false)].map(|(text, dup)| (text.to_owned(), dup)));
        let left: Vec<_> = pair.events(Kind::MessageDequeued).iter().map(|e| e.number).collect();
        assert_eq!(left, [Some(2), Some(1), Some(0)]);
        assert!(pair.session("b").inflight.is_empty());
        // The subscription still holds.
        pair.publish(a, "t/y", "live", QOS0);
        assert_eq!(pair.payloads(b), ["live"]);
    }
}

/// [S1] A clean session of 3.1.1, and one of 5.0 without expiry, ends with its connection. [3.1.1 MQTT-3.1.2-6]
/// [5.0 MQTT-4.1.0-2]
#[test]
fn a_session_without_expiry_ends_with_its_connection() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        pair.subscribe(conn, "t", QOS1);
        pair.cut(conn);
        assert!(!pair.has_session("lamp"));
        assert_eq!(pair.broker.counts().subscriptions, 0);
        let event = pair.last(Kind::SessionExpired);
        let rule = if version == V3 { "MQTT-3.1.2-6" } else { "MQTT-4.1.0-2" };
        assert_eq!(rule_of(event), mqtt(version, rule));
    }
}

/// [S1] The four combinations of Clean Start and expiry in 5.0. [5.0 MQTT-3.1.2-4, MQTT-3.1.2-5, MQTT-3.1.2-23]
#[test]
fn clean_start_looks_back_and_expiry_looks_ahead() {
    for (clean_start, expiry_s) in [(true, 0), (true, 60), (false, 0), (false, 60)] {
        let mut pair = Pair::new("mqtt");
        let first = pair.join(expiring("lamp", false, 60));
        pair.subscribe(first, "t", QOS1);
        pair.cut(first);
        let second = pair.connect(expiring("lamp", clean_start, expiry_s));
        assert_eq!(pair.connack(second).session_present, !clean_start);
        assert_eq!(pair.session("lamp").subscriptions.len(), usize::from(!clean_start));
        pair.disconnect(second);
        assert_eq!(pair.has_session("lamp"), expiry_s > 0);
    }
}

/// [S5] [S7] The session ends its expiry after the connection, not before. [5.0 MQTT-3.1.2-23, MQTT-4.1.0-2]
#[test]
fn a_session_ends_when_its_expiry_has_passed() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let lamp = pair.join(expiring("lamp", true, 60));
    pair.subscribe(lamp, "t", QOS1);
    pair.pass_s(100);
    pair.cut(lamp);
    pair.publish(a, "t", "lost with it", QOS1);
    assert_eq!(pair.session("lamp").ends_at, Some(SimTime::ZERO + Span::s(160)));
    pair.pass(Span::ms(59_999));
    assert!(pair.has_session("lamp"));
    pair.pass(Span::ms(1));
    assert!(!pair.has_session("lamp"));
    assert_eq!(pair.last(Kind::SessionExpired).at.0, 160_000_000);
    assert_eq!(pair.last(Kind::MessageDropped).why, "its session ended");
    let lamp = pair.connect(expiring("lamp", false, 60));
    assert!(!pair.connack(lamp).session_present);
    assert_eq!(pair.publishes(lamp), []);
}

/// Coming back in time stops the clock. [5.0 MQTT-4.1.0-1]
#[test]
fn a_session_that_was_resumed_does_not_end() {
    let mut pair = Pair::new("mqtt");
    let lamp = pair.join(expiring("lamp", true, 60));
    pair.cut(lamp);
    pair.pass_s(59);
    let lamp = pair.join(expiring("lamp", false, 60));
    pair.pass_s(1_000);
    assert!(!pair.is_closed(lamp) && pair.has_session("lamp"));
}

/// 3.1.2.11.2: 0xFFFFFFFF never ends; nor does a 3.1.1 session in the plain profile.
#[test]
fn some_sessions_never_end() {
    let mut pair = Pair::new("mqtt");
    for connect in [expiring("five", true, u32::MAX), persistent(V3, "three")] {
        let conn = pair.join(connect);
        pair.cut(conn);
    }
    pair.pass_s(100 * 365 * 86_400);
    assert!(pair.has_session("five") && pair.has_session("three"));
    assert_eq!(pair.broker.next_deadline(), None);
}

/// [S5] On AWS a 3.1.1 session lasts an hour. [aws.session.expiry]
#[test]
fn aws_keeps_an_older_session_for_an_hour() {
    let mut pair = Pair::new("aws-iot-core");
    let conn = pair.join(persistent(V3, "lamp"));
    pair.cut(conn);
    pair.pass(Span::ms(3_599_999));
    assert!(pair.has_session("lamp"));
    pair.pass(Span::ms(1));
    assert!(!pair.has_session("lamp"));
}

/// [S5] [M7] An expiry above the profile's maximum is cut, and CONNACK says so. [5.0 MQTT-3.1.2-23]
#[test]
fn an_expiry_above_the_maximum_is_cut() {
    let mut pair = Pair::with("mqtt", &[("session.expiry_max_s", Value::Number(600))]);
    for asked in [601, u32::MAX] {
        let conn = pair.connect(expiring("lamp", true, asked));
        assert_eq!(pair.connack(conn).properties.session_expiry_interval(), Some(600));
        assert_eq!(pair.session("lamp").expiry_s, Some(600));
    }
    let conn = pair.connect(expiring("lamp", true, 600));
    assert_eq!(pair.connack(conn).properties.session_expiry_interval(), None);
}

/// [S6] 3.14.2.2.2: DISCONNECT replaces the expiry; 0 ends the session at once; 0 may not become more.
#[test]
fn disconnect_may_change_the_expiry() {
    let mut pair = Pair::new("mqtt");
    let lamp = pair.join(expiring("lamp", true, 60));
    pair.send(lamp, leave_with(5));
    assert_eq!(pair.session("lamp").ends_at, Some(SimTime::ZERO + Span::s(5)));

    let lamp = pair.join(expiring("lamp", false, 60));
    pair.send(lamp, leave_with(0));
    assert!(!pair.has_session("lamp"));

    let lamp = pair.join(expiring("lamp", true, 0));
    pair.send(lamp, leave_with(0));
    assert_eq!(pair.inbox(lamp), []);

    let lamp = pair.join(expiring("lamp", true, 0));
    pair.send(lamp, leave_with(1));
    assert_eq!(pair.disconnected(lamp), ReasonCode::PROTOCOL_ERROR);
    assert!(!pair.has_session("lamp"));
}

/// [S8] A session is not resumed by the other version, unless the profile lets it. [aws.session.cross-version]
#[test]
fn a_session_is_not_resumed_across_versions() {
    for (first, second) in [(V3, V5), (V5, V3)] {
        for allowed in [false, true] {
            let mut pair = Pair::with("mqtt", &[("session.across_versions", Value::Switch(allowed))]);
            let a = pair.join(client(V5, "a"));
            let conn = pair.join(persistent(first, "lamp"));
            pair.subscribe(conn, "t", QOS1);
            pair.cut(conn);
            pair.publish(a, "t", "x", QOS1);
            let conn = pair.connect(persistent(second, "lamp"));
            assert_eq!(pair.connack(conn).session_present, allowed);
            assert_eq!(pair.payloads(conn).len(), usize::from(allowed));
            assert_eq!(pair.events(Kind::SessionCleared).len(), usize::from(!allowed));
        }
    }
}

/// [Q2] On resumption, and only then, again with the old identifiers and DUP, in order; what was released gets PUBREL; what was
/// acknowledged does not come again. [3.1.1 MQTT-4.4.0-1, MQTT-4.3.3-1] [5.0 MQTT-4.4.0-1, MQTT-4.3.3-6]
/// [MQTT-3.3.1-1, MQTT-4.6.0-1, MQTT-2.3.1-3]
#[test]
fn what_is_unacknowledged_is_sent_again_on_resumption() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        let b = pair.join(persistent(version, "b"));
        pair.subscribe(b, "t", QOS2);
        for n in 0..5 {
            pair.publish(a, "t", &n.to_string(), if n % 2 == 0 { QOS1 } else { QOS2 });
            pair.send(a, Packet::Pubrel(ack(1)));
        }
        let ids: Vec<u16> = pair.publishes(b).iter().map(|p| p.id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5]);
        pair.send(b, Packet::Puback(ack(3)));
        pair.send(b, Packet::Pubrec(ack(2)));
        pair.inbox(b);
        // Q2: nothing is sent again while the connection lasts.
        pair.pass_s(100_000);
        assert_eq!(pair.inbox(b), []);
        pair.cut(b);
        pair.publish(a, "t", "5", QOS1);
        let b = pair.join(persistent(version, "b"));
        let got: Vec<_> = pair
            .inbox(b)
            .into_iter()
            .map(|packet| match packet {
                Packet::Publish(p) => (p.id, p.dup, payload(&p)),
                Packet::Pubrel(a) => (a.id, false, "PUBREL".to_owned()),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected =
            [(1, true, "0"), (2, false, "PUBREL"), (4, true, "3"), (5, true, "4"), (6, false, "5")];
        assert_eq!(got, expected.map(|(id, dup, text)| (id, dup, text.to_owned())));
        for packet in
            [Packet::Puback(ack(1)), Packet::Pubcomp(ack(2)), Packet::Pubrec(ack(4)), Packet::Puback(ack(5))]
        {
            pair.send(b, packet);
        }
        pair.send(b, Packet::Pubcomp(ack(4)));
        pair.send(b, Packet::Puback(ack(6)));
        assert!(pair.session("b").inflight.is_empty());
        // [MQTT-3.3.1-2]: QoS 0 is never DUP, and the next identifier follows.
        pair.publish(a, "t", "6", QOS1);
        assert_eq!(pair.publishes(b)[0].id, 7);
    }
}

/// [M5] Re-sending keeps to the Receive Maximum of the new connection too. [MQTT-3.3.4-9]
#[test]
fn what_is_sent_again_keeps_to_the_receive_maximum() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let b = pair.join(persistent(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    for n in 0..3 {
        pair.publish(a, "t", &n.to_string(), QOS1);
    }
    pair.cut(b);
    pair.publish(a, "t", "3", QOS1);
    let mut connect = persistent(V5, "b");
    connect.properties.0.push(Property::ReceiveMaximum(1));
    let b = pair.join(connect);
    for n in 0..4 {
        let got = pair.publishes(b);
        assert_eq!(got.iter().map(payload).collect::<Vec<_>>(), [n.to_string()]);
        assert_eq!(got[0].dup, n < 3);
        pair.send(b, Packet::Puback(ack(got[0].id)));
    }
    assert_eq!(pair.inbox(b), []);
}

/// Part 4.1: QoS 2 messages that the broker has not seen released are session state. [3.1.1 MQTT-4.3.3-2, MQTT-4.1.0-1]
/// [5.0 MQTT-4.3.3-10]
#[test]
fn a_qos_2_message_is_not_delivered_twice_across_connections() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let b = pair.join(client(version, "b"));
        pair.subscribe(b, "t", QOS0);
        let a = pair.join(persistent(version, "a"));
        pair.publish(a, "t", "once", QOS2);
        pair.cut(a);
        let a = pair.join(persistent(version, "a"));
        let Packet::Publish(again) = publish("t", "once", QOS2) else { unreachable!() };
        pair.send(a, Packet::Publish(Publish { dup: true, ..again }));
        assert_eq!(pair.inbox(a), [Packet::Pubrec(ack(1))]);
        assert_eq!(pair.payloads(b), ["once"]);
    }
}

/// Nothing new after UNSUBSCRIBE, and what is under way is finished. [MQTT-3.10.4-2, MQTT-3.10.4-3, MQTT-3.10.4-6]
/// [3.1.1 MQTT-3.10.4-4, MQTT-3.10.4-5] [5.0 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-3.11.3-1, MQTT-3.11.3-2]
#[test]
fn unsubscribing_stops_new_messages_only() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS1);
        pair.publish(a, "t", "before", QOS1);
        let filters = vec!["t".into(), "never".into()];
        pair.send(b, Packet::Unsubscribe(Unsubscribe { id: 5, properties: Properties::default(), filters }));
        pair.publish(a, "t", "after", QOS1);
        let inbox = pair.inbox(b);
        assert_eq!(inbox.len(), 2);
        let codes = match version {
            V3 => vec![],
            V5 => vec![ReasonCode::SUCCESS, ReasonCode::NO_SUBSCRIPTION_EXISTED],
        };
        assert_eq!(inbox[1], Packet::Unsuback(Unsuback { id: 5, properties: Properties::default(), codes }));
        assert_eq!(pair.session("b").inflight.len(), 1);
        pair.send(b, Packet::Puback(ack(1)));
        assert!(pair.session("b").inflight.is_empty());
    }
}

/// [S4] What does not fit the queue is dropped, visibly; what is stored stays. [glassbroker.bound.queue]
#[test]
fn a_full_queue_drops_what_comes() {
    for (key, most) in [("session.queue_max_messages", 2), ("session.queue_max_bytes", 2 * 4)] {
        let mut pair = Pair::with("mqtt", &[(key, Value::Number(most))]);
        let a = pair.join(client(V3, "a"));
        let b = pair.join(persistent(V3, "b"));
        pair.subscribe(b, "t", QOS1);
        pair.cut(b);
        for text in ["one", "two", "six"] {
            pair.publish(a, "t", text, QOS1);
        }
        let event = pair.last(Kind::MessageDropped);
        assert_eq!((&*event.why, event.number, &*event.client), ("the queue is full", Some(2), "b"));
        assert_eq!(pair.session("b").queue_bytes, 8);
        let b = pair.join(persistent(V3, "b"));
        assert_eq!(pair.payloads(b), ["one", "two"], "{key}");
    }
}

/// [O2] The bound of subscriptions: SUBACK refuses one more; a known filter may be changed. [glassbroker.bound.subscriptions]
/// [3.1.1 MQTT-3.8.4-5, MQTT-3.9.3-2] [5.0 MQTT-3.8.4-6, MQTT-3.8.4-7, MQTT-3.9.3-2] [MQTT-3.9.3-1]
#[test]
fn too_many_subscriptions_are_refused() {
    for (version, code) in [(V3, ReasonCode::V3_FAILURE), (V5, ReasonCode::QUOTA_EXCEEDED)] {
        let mut pair = Pair::with("mqtt", &[("subscription.max_per_session", Value::Number(2))]);
        let a = pair.join(client(version, "a"));
        let filters =
            ["a", "b", "c", "a"].map(|f| Subscription { filter: f.into(), ..Subscription::default() });
        let subscribe = Subscribe { id: 3, filters: filters.to_vec(), ..Subscribe::default() };
        pair.send(a, Packet::Subscribe(subscribe));
        let Packet::Suback(suback) = pair.inbox(a).remove(0) else { panic!("a SUBACK") };
        assert_eq!(suback.codes, [ReasonCode::SUCCESS, ReasonCode::SUCCESS, code, ReasonCode::SUCCESS]);
        assert_eq!(pair.session("a").subscriptions.len(), 2);
        let refused = pair.last(Kind::QuotaRefused);
        assert_eq!((&*refused.topic, refused.number), ("subscription.max_per_session", Some(3)));
        assert_eq!(
            rule_of(refused),
            (glassbroker::rule::Source::Glassbroker, "glassbroker.bound.subscriptions")
        );
    }
}

/// A restart loses every connection; with the store, sessions and what is under way survive. [glassbroker.restart.store]
/// [3.1.1 MQTT-4.1.0-1]
#[test]
fn a_restart_keeps_the_store_or_loses_it() {
    for keep_store in [true, false] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        let b = pair.join(persistent(V5, "b"));
        pair.subscribe(b, "t", QOS1);
        pair.send(a, retained("t", "kept", QOS1));
        pair.publishes(b);
        pair.command(Command::Restart { keep_store }).unwrap();
        assert!(pair.is_closed(a) && pair.is_closed(b));
        assert_eq!(pair.inbox(b), [], "a restart is not announced");
        assert!(!pair.has_session("a"));
        assert_eq!(pair.broker.counts().retained, usize::from(keep_store));
        let b = pair.connect(persistent(V5, "b"));
        assert_eq!(pair.connack(b).session_present, keep_store);
        let got: Vec<_> = pair.publishes(b).iter().map(|p| (payload(p), p.dup)).collect();
        assert_eq!(got, if keep_store { vec![("kept".to_owned(), true)] } else { vec![] });
    }
}

/// A clone is a checkpoint: both go on alike, and neither touches the other.
#[test]
fn a_clone_goes_on_as_the_original_does() {
    let mut pair = Pair::new("aws-iot-core").memory_only("a process is not cloned");
    let a = pair.join(client(V5, "a"));
    let b = pair.join(persistent(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    pair.cut(b);
    for n in 0..30 {
        pair.publish(a, "t", &n.to_string(), QOS1);
    }
    // A client identifier may come back once a second.
    pair.pass_s(1);
    let b = pair.join(persistent(V5, "b"));
    pair.pass_s(1);
    let checkpoint = pair.broker.clone();
    let (now, before, events) = (pair.now, pair.session("b"), pair.notes.events.len());
    pair.pass_s(10);
    let first: Vec<_> = pair.publishes_at(b);
    assert!(pair.session("b").queue.is_empty());
    pair.broker = checkpoint;
    pair.now = now;
    pair.notes.events.truncate(events);
    assert_eq!(pair.session("b"), before);
    pair.pass_s(10);
    let second = pair.publishes_at(b);
    assert_eq!(first[first.len() - second.len()..], second[..]);
}

/// [S9] Whatever stands where in the queue expires at its own moment, and the rest keeps its order. [MQTT-3.3.2-5]
#[test]
fn stored_messages_expire_each_at_its_own_moment() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let b = pair.join(persistent(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    pair.cut(b);
    for s in [30, 10, 0, 20, 10, 40] {
        let expiry = if s == 0 { vec![] } else { vec![Property::MessageExpiryInterval(s)] };
        pair.send(a, with_properties(publish("t", &s.to_string(), QOS1), expiry));
    }
    let left = |pair: &Pair| -> Vec<String> {
        let queue = pair.session("b").queue;
        queue.iter().map(|message| String::from_utf8_lossy(&message.payload).into_owned()).collect()
    };
    for expected in [&["30", "0", "20", "40"][..], &["30", "0", "40"], &["0", "40"], &["0"], &["0"]] {
        pair.pass_s(10);
        assert_eq!(left(&pair), expected);
    }
    assert_eq!(pair.session("b").queue_bytes, 2);
    let times: Vec<u64> =
        pair.events(Kind::MessageExpired).iter().map(|event| event.at.0 / 1_000_000).collect();
    assert_eq!(times, [10, 10, 20, 30, 40]);
}

/// Panels are drawn several times a second: a view shows the beginning of a long queue, and how long it is.
#[test]
fn a_view_of_a_long_queue_shows_its_beginning() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V3, "a"));
    let b = pair.join(persistent(V3, "b"));
    pair.subscribe(b, "t", QOS1);
    pair.cut(b);
    for n in 0..1_200 {
        pair.publish(a, "t", &n.to_string(), QOS1);
    }
    let view = pair.session("b");
    assert_eq!((view.queued, view.stored, view.queue.len()), (1_200, 1_200, SHOWN));
    assert_eq!(&view.queue[999].payload[..], b"999");
    pair.join(persistent(V3, "b"));
    let view = pair.session("b");
    assert_eq!((view.inflight_count, view.inflight.len(), view.queued), (1_200, SHOWN, 0));
}

/// Where the link holds up what is sent again, nothing that came later overtakes it. [3.1.1 MQTT-4.6.0-6, MQTT-4.6.0-5]
#[test]
fn nothing_overtakes_what_is_sent_again() {
    let mut pair = Pair::new("mqtt").memory_only(ROOM);
    let a = pair.join(client(V3, "a"));
    let b = pair.join(persistent(V3, "b"));
    pair.subscribe(b, "t", QOS1);
    let (one, two) = ("1".repeat(60), "2".repeat(60));
    pair.publish(a, "t", &one, QOS1);
    pair.publish(a, "t", &two, QOS1);
    pair.cut(b);
    // CONNACK and the first message leave 29 bytes, enough for a small one only.
    let b = pair.open_with(Link { websocket: true, bytes_free: 100, ..Link::default() });
    pair.send_connect(b, persistent(V3, "b"));
    pair.publish(a, "t", "3", QOS1);
    assert_eq!(pair.payloads(b), [one]);
    pair.send(b, Packet::Puback(ack(1)));
    assert_eq!(pair.payloads(b), Vec::<String>::new());
    pair.writable(b, 1_000);
    assert_eq!(pair.payloads(b), [two, "3".to_owned()]);
}

/// What waited for the window when the connection ended comes before what was stored afterwards.
/// [5.0 MQTT-4.6.0-5, MQTT-4.6.0-6]
#[test]
fn what_waited_when_the_connection_ended_keeps_its_place() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let mut connect = persistent(V5, "b");
    connect.properties.0.push(Property::ReceiveMaximum(1));
    let b = pair.join(connect);
    pair.subscribe(b, "t", QOS1);
    for n in 0..3 {
        pair.publish(a, "t", &n.to_string(), QOS1);
    }
    assert_eq!(pair.session("b").stored, 0);
    pair.cut(b);
    assert_eq!(pair.session("b").stored, 2);
    pair.publish(a, "t", "3", QOS1);
    let b = pair.join(persistent(V5, "b"));
    assert_eq!(pair.payloads(b), ["0", "1", "2", "3"]);
}
