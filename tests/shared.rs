//! Shared subscriptions (4.8.2 of 5.0): who gets a message, and what becomes of a delivery that one member does not finish.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::ConnId;
use glassbroker::wire::*;

/// Two members of one group: the one to which a message went, and the other.
fn scene(connect: impl Fn(Version, &str) -> Connect) -> (Pair, [(ConnId, &'static str); 2]) {
    let mut pair = Pair::new("mqtt");
    let members = ["m0", "m1"].map(|id| {
        let conn = pair.join(connect(V5, id));
        pair.subscribe(conn, "$share/g/t", QOS2);
        (conn, id)
    });
    let a = pair.join(client(V5, "a"));
    pair.publish(a, "t", "x", QOS2);
    let drawn = members.map(|(conn, _)| pair.wire(conn).inbox.len());
    match drawn {
        [1, 0] => (pair, members),
        [0, 1] => (pair, [members[1], members[0]]),
        other => panic!("one member gets the message: {other:?}"),
    }
}

/// [H3] Each member gets its messages at no more than it was granted. [MQTT-4.8.2-3]
#[test]
fn each_member_has_its_own_qos() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let members = [QOS0, QOS1, QOS2].map(|granted| {
        let conn = pair.join(client(V5, &format!("m{}", granted as u8)));
        pair.subscribe(conn, "$share/g/t", granted);
        (conn, granted)
    });
    for id in 1..=60 {
        pair.send(a, publish_as(id, "t", "", QOS2));
    }
    let mut count = 0;
    for (conn, granted) in members {
        let got = pair.publishes(conn);
        assert!(got.len() > 5 && got.iter().all(|publish| publish.qos == granted), "{granted:?}");
        count += got.len();
    }
    assert_eq!(count, 60);
}

/// [H3] A QoS 2 delivery that has begun is completed with the member to which it began. [MQTT-4.8.2-4]
#[test]
fn a_delivery_is_completed_with_the_member_that_has_it() {
    for released in [false, true] {
        let (mut pair, [(has, name), (other, _)]) = scene(persistent);
        let id = pair.publishes(has)[0].id;
        if released {
            pair.send(has, Packet::Pubrec(ack(id)));
        }
        pair.cut(has);
        pair.pass_s(60);
        assert_eq!(pair.inbox(other), []);
        let has = pair.join(persistent(V5, name));
        match &pair.inbox(has)[..] {
            [Packet::Publish(again)] if !released => assert_eq!((again.id, again.dup), (id, true)),
            [Packet::Pubrel(again)] if released => assert_eq!(again.id, id),
            others => panic!("{others:?}"),
        }
        assert_eq!(pair.inbox(other), []);
    }
}

/// [H3] Where the member's session ends in the middle of it, the message goes to nobody else. [MQTT-4.8.2-5]
#[test]
fn a_delivery_ends_with_the_session_of_its_member() {
    let (mut pair, [(has, _), (other, _)]) = scene(client);
    pair.cut(has);
    pair.pass_s(60);
    assert_eq!(pair.inbox(other), []);
}

/// [H3] A member that refuses a message has it refused for all. [MQTT-4.8.2-6]
#[test]
fn a_refused_message_goes_to_no_other_member() {
    let (mut pair, [(has, name), (other, _)]) = scene(persistent);
    let id = pair.publishes(has)[0].id;
    let refusal = Ack { id, code: ReasonCode::QUOTA_EXCEEDED, ..Ack::default() };
    pair.send(has, Packet::Pubrec(refusal));
    assert_eq!(pair.inbox(other), []);
    pair.cut(has);
    let has = pair.join(persistent(V5, name));
    assert_eq!((pair.inbox(has), pair.inbox(other)), (vec![], vec![]));
}

/// [H1] [H2] [H4] 4.8.2: one member of each group, each message; ordinary subscriptions besides.
#[test]
fn a_shared_subscription_gets_each_message_once() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let members: Vec<_> = (0..4).map(|n| pair.join(client(V5, &format!("m{n}")))).collect();
    for (at, member) in members.iter().enumerate() {
        let filter = if at < 2 { "$share/one/sports/#" } else { "$share/two/sports/tennis" };
        pair.subscribe(*member, filter, QOS1);
    }
    let all = pair.join(client(V5, "all"));
    pair.subscribe(all, "sports/+", QOS0);
    for n in 0..40 {
        pair.publish(a, "sports/tennis", &n.to_string(), QOS0);
    }
    let got: Vec<usize> = members.iter().map(|member| pair.publishes(*member).len()).collect();
    assert_eq!((got[0] + got[1], got[2] + got[3]), (40, 40));
    assert!(got.iter().all(|count| (8..=32).contains(count)), "each has its share: {got:?}");
    assert_eq!(pair.publishes(all).len(), 40);
    // A member that leaves hands its load to the rest.
    pair.disconnect(members[0]);
    pair.publish(a, "sports/golf", "x", QOS1);
    assert_eq!(pair.payloads(members[1]), ["x"]);
    let groups = pair.broker.groups(pair.now);
    assert_eq!(
        groups.iter().map(|g| (&*g.name, g.members.len())).collect::<Vec<_>>(),
        [("one/sports/#", 1), ("two/sports/tennis", 2)]
    );
}

/// 3.1.1 knows no shared subscriptions: `$share/…` is a filter like any other.
#[test]
fn the_older_version_has_no_shared_subscriptions() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V3, "a"));
    pair.subscribe(a, "$share/one/t", QOS0);
    pair.publish(a, "t", "no", QOS0);
    pair.publish(a, "$share/one/t", "yes", QOS0);
    assert_eq!(pair.payloads(a), ["yes"]);
}

/// [H3] 4.8.2: a member that is away gets nothing while another is there; where none is, the message is stored for one of them.
#[test]
fn a_shared_message_goes_to_a_member_that_is_there() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let members = ["m0", "m1", "m2"].map(|id| pair.join(persistent(V5, id)));
    for member in members {
        pair.subscribe(member, "$share/g/t", QOS1);
    }
    pair.cut(members[0]);
    pair.cut(members[2]);
    for _ in 0..20 {
        pair.publish(a, "t", "x", QOS1);
    }
    assert_eq!(pair.publishes(members[1]).len(), 20);
    pair.cut(members[1]);
    pair.publish(a, "t", "stored", QOS1);
    let stored: usize = ["m0", "m1", "m2"].iter().map(|id| pair.session(id).queued).sum();
    assert_eq!(stored, 1);
}
