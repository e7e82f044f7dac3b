//! The delivery ledger: what became of each message for each subscriber, at any moment of a run.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod runs;
}

use common::runs::*;
use glassbroker::broker::Kind;
use glassbroker::client::{Action, Message};
use glassbroker::sim::{ClientSpec, Run, Step};
use glassbroker::time::Span;
use glassbroker::trace::{Fate, Ledger, Line, Trace, Verdict};

fn ledger(trace: &Trace) -> Ledger {
    let mut ledger = Ledger::default();
    trace.iter().for_each(|event| ledger.take(&event));
    ledger
}

fn played(clients: impl Into<Vec<ClientSpec>>, steps: impl Into<Vec<Step>>) -> Run {
    run_to(&setup(clients, steps), 5_000)
}

/// The lines once all that happened before a moment has happened.
fn lines(run: &Run, before_ms: u64) -> Vec<Line> {
    ledger(run.trace()).at(run.trace().seq_at(ms(before_ms))).collect()
}

fn fates(run: &Run, before_ms: u64) -> Vec<Fate> {
    lines(run, before_ms).iter().map(|line| line.fate).collect()
}

/// Each link takes 20 ms. The subscriber is away from 1 s to 3 s; the message is published at 2 s.
#[test]
fn a_fate_is_that_of_the_moment_and_goes_back_with_it() {
    let run = played(
        [lasting("away", V5), client("source", V5)],
        [
            at(0, connect("away")),
            at(0, connect("source")),
            at(500, subscribe("away", "t", QOS1)),
            at(1_000, disconnect("away")),
            at(2_000, publish("source", "t", "x", QOS2)),
            at(3_000, connect("away")),
        ],
    );
    assert_eq!(fates(&run, 2_000), []);
    assert_eq!(fates(&run, 2_010), [Fate::Sent], "to the broker");
    assert_eq!(lines(&run, 2_010)[0].subscriber, None);
    assert_eq!(fates(&run, 2_030), [Fate::Waiting]);
    let waits = lines(&run, 2_030)[0];
    assert_eq!((waits.promise(), waits.subscriber), ("at least once", run.trace().client_number("away")));
    assert_eq!(run.trace().get(waits.fate_seq).unwrap().kind(), Kind::MessageQueued);
    let received = run
        .trace()
        .iter()
        .find(|event| {
            event.kind() == Kind::PacketReceived
                && event.client() == "away"
                && event.at() > ms(3_000)
                && event.topic() == "t"
        })
        .expect("the PUBLISH arrives");
    let arrives = received.at().0 / 1_000;
    assert_eq!(fates(&run, arrives), [Fate::Sent], "to the subscriber");
    assert_eq!(fates(&run, arrives + 1), [Fate::Delivered]);
    assert_eq!(fates(&run, 5_000), [Fate::Acknowledged]);
    assert_eq!(fates(&run, 2_030), [Fate::Waiting]);
}

/// The PUBLISH to the subscriber is on the link from 1,020 ms to 1,040 ms; the link is cut between.
#[test]
fn what_a_cut_takes_is_lost_until_it_is_sent_again() {
    for (qos, then) in [(QOS0, Fate::Lost), (QOS1, Fate::Acknowledged), (QOS2, Fate::Acknowledged)] {
        let run = played(
            [lasting("far", V5), client("source", V5)],
            [
                at(0, connect("far")),
                at(0, connect("source")),
                at(500, subscribe("far", "t", QOS2)),
                at(1_000, publish("source", "t", "x", qos)),
                at(1_030, cut("far")),
                at(2_000, restore("far")),
                at(2_100, connect("far")),
            ],
        );
        assert_eq!(fates(&run, 2_000), [Fate::Lost], "{qos:?}");
        let open = if qos == QOS0 { Verdict::Kept } else { Verdict::Open };
        assert_eq!(Fate::Lost.verdict(qos as u8), open);
        assert_eq!(fates(&run, 5_000), [then], "{qos:?}");
        let sent = if qos == QOS0 { 1 } else { 2 };
        assert_eq!(lines(&run, 5_000)[0].sent, sent, "{qos:?}");
    }
}

/// The client is cut off before its acknowledgement arrives: at QoS 1 it is handed the message twice, at QoS 2 it knows the repeat.
#[test]
fn a_repeat_is_a_duplicate_at_qos_1_only() {
    for (qos, fate) in [(QOS1, Fate::Duplicated), (QOS2, Fate::Acknowledged)] {
        let run = played(
            [lasting("far", V5), client("source", V5)],
            [
                at(0, connect("far")),
                at(0, connect("source")),
                at(500, subscribe("far", "t", QOS2)),
                at(1_000, publish("source", "t", "x", qos)),
                at(1_050, cut("far")),
                at(2_000, restore("far")),
                at(2_100, connect("far")),
            ],
        );
        let line = lines(&run, 5_000)[0];
        assert_eq!((line.fate, line.received), (fate, 2), "{qos:?}");
    }
}

/// [glassbroker.no-subscription]
#[test]
fn what_no_subscription_matches_says_so_and_what_is_retained_may_come_later() {
    let retained = act("source", Action::Publish(Message { retain: true, ..message("t", "x", QOS1) }));
    let run = played(
        [client("late", V3), client("source", V5)],
        [
            at(0, connect("late")),
            at(0, connect("source")),
            at(1_000, retained),
            at(2_000, subscribe("late", "t", QOS0)),
        ],
    );
    let alone = lines(&run, 1_500);
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].fate, alone[0].subscriber, alone[0].retain), (Fate::Unmatched, None, true));
    assert_eq!(run.trace().get(alone[0].fate_seq).unwrap().why(), "no subscription matches");
    let later = lines(&run, 5_000);
    assert_eq!(later.len(), 1);
    assert_eq!((later[0].fate, later[0].promise()), (Fate::Delivered, "at most once"));
}

/// A publisher that is also a subscriber: what is lost on the way to it is not lost on the way from it.
#[test]
fn a_client_hears_itself() {
    let run = played(
        [client("echo", V5)],
        [
            at(0, connect("echo")),
            at(500, subscribe("echo", "t", QOS0)),
            at(1_000, publish("echo", "t", "x", QOS0)),
            at(1_030, cut("echo")),
            at(2_000, restore("echo")),
            at(2_100, connect("echo")),
            at(3_000, publish("echo", "t", "y", QOS0)),
            at(3_010, cut("echo")),
        ],
    );
    let lines = lines(&run, 5_000);
    let echo = run.trace().client_number("echo");
    let found: Vec<_> = lines.iter().map(|line| (line.subscriber, line.fate)).collect();
    assert_eq!(found, [(echo, Fate::Lost), (None, Fate::Lost)]);
}

/// A message at QoS 0 takes six steps: sent, received and accepted, handed over, sent and received.
#[test]
fn beyond_its_bound_the_oldest_messages_are_left_out() {
    let run = played(
        [client("reader", V5), client("source", V5)],
        [
            at(0, connect("reader")),
            at(0, connect("source")),
            at(500, subscribe("reader", "t", QOS0)),
            every(1_000, Span::ms(100), 10, publish("source", "t", "x", QOS0)),
        ],
    );
    let mut bounded = Ledger::bounded(20);
    run.trace().iter().for_each(|event| bounded.take(&event));
    let held: Vec<_> = bounded.at(u32::MAX).collect();
    assert_eq!((held.len(), bounded.left_out()), (3, 7));
    assert_eq!(run.trace().message_name(held[0].message).unwrap().to_string(), "source/8");
    assert!(held.iter().all(|line| line.fate == Fate::Delivered));
}

/// Of what the trace no longer holds from its beginning nothing is said: its fate could not be known.
#[test]
fn a_message_without_its_beginning_is_left_out() {
    let run = played(
        [client("reader", V5), client("source", V5)],
        [
            at(0, connect("reader")),
            at(0, connect("source")),
            at(500, subscribe("reader", "t", QOS0)),
            at(1_000, publish("source", "t", "x", QOS0)),
            at(2_000, publish("source", "t", "y", QOS0)),
        ],
    );
    let trace = run.trace();
    let mut late = Ledger::default();
    trace.range(trace.seq_at(ms(1_030))..u32::MAX).for_each(|event| late.take(&event));
    let names = late.at(u32::MAX).map(|line| trace.message_name(line.message).unwrap().to_string());
    assert_eq!(names.collect::<Vec<_>>(), ["source/2"]);
}

/// [H3] A message that waits for a group has a line of the group's; once a member gets it that one says so, and the member's goes on. What
/// the member does not acknowledge is passed on from there, and each promise is kept once.
#[test]
fn a_message_of_a_group_is_passed_on() {
    let mut profile = glassbroker::profile::Profile::named("aws-iot-core").unwrap();
    profile.set("connect.client_per_s", glassbroker::profile::Value::Unlimited).unwrap();
    let clients = [client("source", V5), lasting("a", V5), lasting("b", V5)];
    let steps = [
        at(0, connect("source")),
        at(0, connect("a")),
        at(500, subscribe("a", "$share/g/t", QOS1)),
        at(1_000, disconnect("a")),
        at(2_000, publish("source", "t", "x", QOS1)),
        at(3_000, connect("a")),
        // Lost on its way to a client that has no power.
        at(3_055, act("a", Action::Crash)),
        at(4_000, connect("b")),
        at(4_500, subscribe("b", "$share/g/t", QOS1)),
        at(4_700, act("a", Action::Restart { keep_session: false })),
        at(4_710, connect("a")),
    ];
    let run = run_to(&glassbroker::sim::Setup { profile, ..setup(clients, steps) }, 6_000);
    let told = |before_ms: u64| {
        let lines = lines(&run, before_ms);
        let of = |line: &Line| (run.trace().get(line.first_seq).unwrap().client().to_owned(), line.fate);
        lines.iter().map(of).collect::<Vec<_>>()
    };
    let (group, a, b) = ("$share/g/t".to_owned(), "a".to_owned(), "b".to_owned());
    assert_eq!(told(2_500), [(group.clone(), Fate::Waiting)]);
    assert_eq!(told(4_000), [(group.clone(), Fate::PassedOn), (a.clone(), Fate::Lost)]);
    let end = told(6_000);
    assert_eq!(end, [(group, Fate::PassedOn), (a, Fate::PassedOn), (b, Fate::Acknowledged)]);
    assert!(lines(&run, 6_000).iter().all(|line| line.fate.verdict(line.qos) == Verdict::Kept));
}
