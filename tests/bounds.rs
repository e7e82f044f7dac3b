//! What clients may make the broker hold, for each and for all.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Kind, Link};
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::time::Span;
use glassbroker::wire::*;

/// What all sessions hold has a bound too: messages under way, stored, for a link, subscriptions and identifiers.
/// [glassbroker.bound.total]
#[test]
fn the_broker_holds_only_so_much_for_all() {
    const MOST: usize = 65_536;
    let mut pair = Pair::with("mqtt", &[("broker.max_bytes", Value::Number(MOST as u64))])
        .memory_only("how much a socket takes is the system's affair");
    let publisher = pair.join(client(V3, "publisher"));
    let silent = pair.connect(client(V3, "silent"));
    pair.subscribe(silent, "t", QOS1);
    let away = pair.connect(persistent(V5, "away"));
    pair.subscribe(away, "t", QOS1);
    pair.cut(away);
    let slow = pair.open_with(Link { websocket: true, bytes_free: 100, ..Link::default() });
    pair.send_connect(slow, client(V3, "slow"));
    pair.subscribe(slow, "t", QOS0);
    let long = "x".repeat(1_000);
    for _ in 0..100 {
        pair.publish(publisher, "t", &long, QOS1);
    }
    assert_eq!(rule_of(pair.last(Kind::MessageDropped)), (Source::Glassbroker, "glassbroker.bound.total"));
    // Each of the three got a fair part of it, of messages that count as 1,000 bytes and something each.
    let kept = [pair.session("silent").inflight_count, pair.session("away").queued];
    assert!(kept.iter().all(|count| (10..40).contains(count)), "{kept:?}");
    let held_bytes = pair.broker.counts().held_bytes;
    assert!((MOST - 2_000..MOST + 2_000).contains(&held_bytes), "{held_bytes}");
    for n in 0..10 {
        pair.send(publisher, subscribe(1, &[(&format!("{n}/{}", "x".repeat(500)), QOS0)]));
    }
    assert_eq!(pair.last(Kind::QuotaRefused).why, "the broker holds all that it may");
    let refused = pair.connect(client(V5, "refused"));
    assert_eq!(pair.connack(refused).code, ReasonCode::QUOTA_EXCEEDED);
    // A packet that is not whole counts from its first bytes; who brings it when all is full is closed.
    let mut begun = vec![0x30, 0xff, 0xff, 0x03];
    begun.resize(5_000, 0);
    pair.send_bytes(publisher, begun);
    assert!(pair.is_closed(publisher));
    // All of it is given back.
    for conn in [silent, slow] {
        pair.cut(conn);
    }
    let back = pair.connect(client(V5, "away"));
    pair.cut(back);
    assert_eq!(pair.broker.counts().held_bytes, 0);
}

/// A client that takes messages and acknowledges none has no more bytes under way than its queue may hold.
/// [glassbroker.bound.queue]
#[test]
fn what_is_under_way_is_bounded_in_bytes() {
    let mut pair = Pair::with("mqtt", &[("session.queue_max_bytes", Value::Number(10_000))]);
    let publisher = pair.join(client(V3, "publisher"));
    let silent = pair.connect(client(V3, "silent"));
    pair.subscribe(silent, "t", QOS1);
    for _ in 0..50 {
        pair.publish(publisher, "t", &"x".repeat(999), QOS1);
    }
    let session = pair.session("silent");
    assert_eq!((session.inflight_count, session.queued), (10, 10));
    assert_eq!(rule_of(pair.last(Kind::MessageDropped)), (Source::Glassbroker, "glassbroker.bound.queue"));
}

/// Properties of a few bytes count with the place that they take. [glassbroker.bound.queue]
#[test]
fn empty_properties_are_not_free() {
    let mut pair = Pair::with("mqtt", &[("retained.max_bytes", Value::Number(10_000))]);
    let a = pair.join(client(V5, "a"));
    let many = vec![Property::UserProperty(Text::default(), Text::default()); 200];
    pair.send(a, with_properties(retained("t", "x", QOS0), many));
    assert_eq!(rule_of(pair.last(Kind::QuotaRefused)), (Source::Glassbroker, "glassbroker.bound.retained"));
}

/// The time of a WebSocket's handshake is time without a CONNECT. [glassbroker.connect.timeout]
#[test]
fn a_connection_may_be_older_than_its_socket() {
    let mut pair = Pair::with("mqtt", &[("connect.timeout_s", Value::Number(10))])
        .memory_only("a handshake takes no time where the clock is turned by hand");
    pair.pass_s(60);
    let old = pair.open_with(Link { websocket: true, bytes_free: 100, age: Span::s(9), ..Link::default() });
    let new = pair.open();
    pair.pass_s(2);
    assert!(pair.is_closed(old) && !pair.is_closed(new));
}
