//! Who receives this? The answers name each client with what becomes of the message for it, and the rule.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{Command, NO_LOCAL, NO_SUBSCRIPTION};
use glassbroker::policy::{Access, AccessList};
use glassbroker::topic::Parting;
use glassbroker::trace::{Outcome, Reason, Receiver, receivers};
use glassbroker::wire::*;

fn ask(pair: &Pair, topic: &str, qos: QoS, publisher: Option<&str>) -> Vec<Receiver> {
    let message = Publish { topic: topic.into(), qos, payload: "x".into(), ..Publish::default() };
    receivers(&pair.broker, pair.now, &message, publisher)
}

fn of<'a>(found: &'a [Receiver], client: &str) -> &'a Receiver {
    found.iter().find(|one| one.client == client).unwrap_or_else(|| panic!("{client} in {found:?}"))
}

/// [MQTT-3.3.5-1] [MQTT-4.7.3-4]
#[test]
fn each_client_is_told_with_the_qos_or_with_where_its_filter_parts() {
    let mut pair = Pair::new("mqtt");
    for (id, filters) in [
        ("both", &[("a/+", QOS0), ("a/b", QOS2)][..]),
        ("near", &[("x", QOS0), ("a/c", QOS0)]),
        ("longer", &[("a/b/c", QOS0)]),
        ("shorter", &[("a", QOS0)]),
        ("none", &[]),
    ] {
        let conn = pair.join(client(V5, id));
        for (filter, qos) in filters {
            pair.subscribe(conn, filter, *qos);
        }
    }
    let found = ask(&pair, "a/b", QOS1, None);
    assert_eq!(found.iter().filter(|one| one.outcome == Outcome::Now).count(), 1);
    let both = of(&found, "both");
    assert_eq!((both.outcome, both.qos, both.is_connected), (Outcome::Now, Some(1), true));
    assert_eq!(both.filters, [("a/+".to_owned(), QOS0), ("a/b".to_owned(), QOS2)]);
    let parted = |client| match &of(&found, client).why {
        Reason::Unmatched { filter, at } => (filter.clone(), *at),
        other => panic!("{other:?}"),
    };
    assert_eq!(parted("near"), ("a/c".to_owned(), Parting::Level(2)), "the nearest of its filters");
    assert_eq!(parted("longer").1, Parting::Shorter(3));
    assert_eq!(parted("shorter").1, Parting::Longer(2));
    assert_eq!(
        (&of(&found, "none").why, of(&found, "none").rule),
        (&Reason::Unsubscribed, Some(NO_SUBSCRIPTION))
    );
}

/// [MQTT-4.7.2-1]
#[test]
fn a_wildcard_gets_nothing_of_what_begins_with_a_dollar_sign() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "all"));
    pair.subscribe(conn, "#", QOS0);
    let found = ask(&pair, "$x/y", QOS0, None);
    assert_eq!(of(&found, "all").why, Reason::Unmatched { filter: "#".into(), at: Parting::Reserved });
    assert_eq!(of(&found, "all").rule.map(|rule| rule.id), Some("MQTT-4.7.2-1"));
}

/// [S3] [3.1.1 MQTT-3.1.2-5] Who is away gets it later, but not at QoS 0; and asking changes nothing.
#[test]
fn who_is_away_gets_it_later() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(persistent(V5, "away"));
    pair.subscribe(conn, "t", QOS1);
    pair.cut(conn);
    pair.pass_s(1);
    let before = format!("{:?}", pair.broker.sessions(pair.now));
    let found = ask(&pair, "t", QOS2, None);
    assert_eq!((of(&found, "away").outcome, of(&found, "away").qos), (Outcome::Later, Some(1)));
    assert!(!of(&found, "away").is_connected);
    assert_eq!(of(&ask(&pair, "t", QOS0, None), "away").outcome, Outcome::Never);
    assert_eq!(format!("{:?}", pair.broker.sessions(pair.now)), before);
}

/// [5.0 MQTT-3.8.3-3]
#[test]
fn no_local_keeps_it_from_its_publisher_only() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "me"));
    let options = SubscribeOptions { no_local: true, ..SubscribeOptions::default() };
    pair.subscribe_with(conn, "t", options, None);
    assert_eq!(of(&ask(&pair, "t", QOS0, None), "me").outcome, Outcome::Now);
    let mine = ask(&pair, "t", QOS0, Some("me"));
    assert_eq!((of(&mine, "me").outcome, of(&mine, "me").rule), (Outcome::Never, Some(NO_LOCAL)));
}

/// [H3] Of a shared subscription the very member is named that gets the next message.
#[test]
fn one_member_of_a_group_gets_it() {
    let mut pair = Pair::new("mqtt");
    let members = ["m0", "m1", "m2"].map(|id| {
        let conn = pair.join(client(V5, id));
        pair.subscribe(conn, "$share/g/t", QOS1);
        (id, conn)
    });
    let found = ask(&pair, "t", QOS1, None);
    let now: Vec<_> = found.iter().filter(|one| one.outcome == Outcome::Now).collect();
    assert_eq!(now.len(), 1);
    let others = found.iter().filter(|one| one.why == Reason::Shared("$share/g/t".into()));
    assert_eq!(others.count(), 2);
    let drawn = now[0].client.clone();
    let publisher = pair.join(client(V5, "p"));
    pair.publish(publisher, "t", "x", QOS1);
    for (id, conn) in members {
        assert_eq!(pair.publishes(conn).len(), usize::from(id == drawn), "{id}");
    }
}

/// [P3] [aws.policy.receive]
#[test]
fn who_may_not_receive_it_is_told_why() {
    let list = AccessList::parse("topic readwrite t/#\ntopic deny t/secret").unwrap();
    let access = Access { list: Some(list), ..Access::default() };
    let mut pair = Pair::new("mqtt").told(access);
    let conn = pair.join(client(V5, "reader"));
    pair.subscribe(conn, "t/#", QOS0);
    assert_eq!(of(&ask(&pair, "t/open", QOS0, None), "reader").outcome, Outcome::Now);
    let found = ask(&pair, "t/secret", QOS0, None);
    let reader = of(&found, "reader");
    assert_eq!(reader.outcome, Outcome::Never);
    assert_eq!(reader.rule.map(|rule| rule.id), Some("glassbroker.access-list"));
    assert!(matches!(&reader.why, Reason::Said(why) if why.contains("line 2")), "{reader:?}");
}

/// A setting that bounds the queue stops what would be stored.
#[test]
fn a_full_queue_is_why_not() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(persistent(V5, "away"));
    pair.subscribe(conn, "t", QOS1);
    pair.cut(conn);
    pair.pass_s(1);
    let key = "session.queue_max_messages".to_owned();
    pair.command(Command::Set { key, value: glassbroker::profile::Value::Number(0) }).unwrap();
    let found = ask(&pair, "t", QOS1, None);
    assert_eq!(of(&found, "away").outcome, Outcome::Never);
    assert_eq!(of(&found, "away").rule.map(|rule| rule.id), Some("glassbroker.bound.queue"));
}
