//! What a trace holds, lets go and gives back.

use super::*;
use crate::broker::{By, Cause, Event, Kind, Observer, PacketBytes};
use crate::fnv::{FNV1A, fnv1a};
use crate::profile::{Profile, Value};
use crate::rule::v3;
use crate::time::SimTime;
use crate::wire::Version;

/// PUBLISH of `x` on the topic `t` at QoS 1 with the Packet Identifier 7.
const PUBLISH: [u8; 8] = [0x32, 6, 0, 1, b't', 0, 7, b'x'];

fn trace(level: Level, bounds: Bounds) -> Trace {
    let mut profile = Profile::named("aws-iot-core").unwrap();
    profile.set("session.replay_per_s", Value::Number(5)).unwrap();
    let header = Header { engine: "0.1.0".into(), seed: 7, profile, epoch: "2026-01-01T00:00:00Z".into() };
    Trace::new(header, level, bounds)
}

fn packet<'a>(t: u64, kind: Kind, by: By, client: &'a str, cause: Cause, bytes: &'a [u8]) -> Event<'a> {
    let packet = Some(PacketBytes { version: Version::V3, head: bytes, body: &[] });
    Event { packet, ..Event::new(SimTime(t), kind, by, client, cause) }
}

/// `publications` times: input, packet.sent, packet.received, message.accepted; ten microseconds apart.
fn publish(recorder: &mut Recorder, sink: &mut impl Sink, publications: u64) {
    let first = u64::from(recorder.next_seq()) * 10;
    for n in 0..publications {
        let t = first + n * 40;
        let mut watch = recorder.watch(sink);
        let input = watch.note(Event::new(SimTime(t), Kind::Input, By::User, "a", Cause::NONE));
        let sent = watch.note(packet(t + 10, Kind::PacketSent, By::Client, "a", input, &PUBLISH));
        let received = watch.note(packet(t + 20, Kind::PacketReceived, By::Broker, "a", sent, &PUBLISH));
        watch.note(Event {
            topic: "t",
            rule: Some(v3("MQTT-4.3.2-2")),
            ..Event::new(SimTime(t + 30), Kind::MessageAccepted, By::Broker, "a", received)
        });
    }
}

fn recorded(level: Level, bounds: Bounds, publications: u64) -> Trace {
    let mut trace = trace(level, bounds);
    publish(&mut Recorder::new(), &mut trace, publications);
    trace
}

#[test]
fn events_come_back_as_they_were_noted() {
    let mut trace = trace(Level::Full, Bounds::default());
    let mut recorder = Recorder::new();
    let mut watch = recorder.watch(&mut trace);
    let cause = watch.note(Event::new(SimTime(1), Kind::Input, By::User, "lamp", Cause::NONE));
    watch.note(Event {
        rule: Some(v3("MQTT-3.1.2-24")),
        topic: "a/b",
        why: "silence",
        qos: Some(1),
        code: Some(0),
        number: Some(0),
        until: Some(SimTime(9)),
        packet: Some(PacketBytes { version: Version::V5, head: &[0xc0], body: &[0] }),
        ..Event::new(SimTime(2), Kind::QuotaDelayed, By::Link, "lamp", cause)
    });
    let event = trace.get(1).unwrap();
    assert_eq!(
        (event.seq(), event.at(), event.kind(), event.by()),
        (1, SimTime(2), Kind::QuotaDelayed, By::Link)
    );
    assert_eq!((event.client(), event.cause(), event.message()), ("lamp", Some(0), None));
    assert_eq!((event.rule(), event.topic(), event.why()), (Some(v3("MQTT-3.1.2-24")), "a/b", "silence"));
    assert_eq!((event.qos(), event.code(), event.number()), (Some(1), Some(0), Some(0)));
    assert_eq!(event.until(), Some(SimTime(9)));
    assert_eq!(event.packet().unwrap().version, Version::V5);
    assert_eq!(event.packet_bytes().unwrap(), [0xc0, 0][..]);
    let first = trace.get(0).unwrap();
    assert_eq!((first.qos(), first.code(), first.number(), first.until()), (None, None, None, None));
    assert_eq!((first.cause(), first.rule(), first.packet().is_none()), (None, None, true));
    assert!(trace.get(2).is_none());
}

#[test]
fn lines_are_as_the_contract_writes_them() {
    let trace = recorded(Level::Full, Bounds::default(), 1);
    let text = trace.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"glassbroker":1,"engine":"0.1.0","seed":7,"profile":"aws-iot-core","set":{"session.replay_per_s":5},"epoch":"2026-01-01T00:00:00Z","level":"full"}"#
    );
    assert_eq!(
        lines[1],
        r#"{"seq":0,"t":0,"kind":"input","by":"user","client":"a","cause":null,"rule":null}"#
    );
    assert_eq!(
        lines[4],
        r#"{"seq":3,"t":30,"kind":"message.accepted","by":"broker","client":"a","topic":"t","message":"a/1","cause":2,"rule":"MQTT-4.3.2-2"}"#
    );
    let mut written = Vec::new();
    trace.write_lines(&mut written).unwrap();
    assert_eq!(written, text.as_bytes());
    let fields = trace.get(3).unwrap().fields();
    let keys: Vec<_> = fields.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["seq", "t", "kind", "by", "client", "topic", "message", "cause", "rule"]);
    assert_eq!(fields[6].1, "a/1");
}

#[test]
fn the_hash_is_that_of_the_text() {
    let trace = recorded(Level::Full, Bounds::default(), 3_000);
    let expected = format!("{:016x}", fnv1a(FNV1A, trace.text().as_bytes()));
    assert_eq!(trace.hash().unwrap(), expected);
    assert_eq!(trace.hash().unwrap(), expected, "asking changes nothing");
}

#[test]
fn the_oldest_events_go_and_the_hash_goes_on() {
    let whole = recorded(Level::Full, Bounds::default(), 10_000);
    let bounds = Bounds { events: 10_000, ..Bounds::default() };
    let bounded = recorded(Level::Full, bounds, 10_000);
    assert_eq!(bounded.hash(), whole.hash());
    assert!(bounded.len() <= 10_000 && bounded.len() > 5_000, "{}", bounded.len());
    assert_eq!(bounded.dropped() + bounded.len() as u64, 40_000);
    assert_eq!(u64::from(bounded.first_seq()), bounded.dropped());
    assert!(bounded.get(0).is_none());
    let last = bounded.get(39_999).unwrap();
    assert_eq!(last.message().unwrap().to_string(), "a/10000");
    assert_eq!(format!("{last:?}"), format!("{:?}", whole.get(39_999).unwrap()));
    let unhashed = recorded(Level::Full, Bounds { hash_dropped: false, ..bounds }, 10_000);
    assert_eq!(unhashed.hash(), None);
    let by_bytes = recorded(Level::Full, Bounds { packet_bytes: 50_000, ..Bounds::default() }, 10_000);
    assert!(by_bytes.packet_bytes() <= 50_000 + 4_096 * 8 && by_bytes.dropped() > 0);
    assert_eq!(by_bytes.hash(), whole.hash());
}

#[test]
fn numbers_are_the_same_at_every_level() {
    let full = recorded(Level::Full, Bounds::default(), 2);
    let packets = recorded(Level::Packets, Bounds::default(), 2);
    let kept: Vec<_> =
        packets.iter().map(|event| (event.seq(), event.kind(), event.message_number())).collect();
    let expected: Vec<_> = full
        .iter()
        .filter(|event| event.kind().is_of_packets())
        .map(|event| (event.seq(), event.kind(), event.message_number()))
        .collect();
    assert_eq!(kept, expected);
    assert!(packets.get(3).is_none() && packets.get(4).is_some());
    let totals = recorded(Level::Totals, Bounds::default(), 2);
    assert_eq!((totals.len(), totals.next_seq()), (0, 8));
}

#[test]
fn events_are_found_by_number_time_kind_and_client() {
    let trace = recorded(Level::Full, Bounds::default(), 5_000);
    for (t, seq) in [(0, 0), (1, 1), (10, 1), (163_839, 16_384), (199_990, 19_999), (199_991, 20_000)] {
        assert_eq!(trace.seq_at(SimTime(t)), seq, "{t}");
    }
    assert_eq!(trace.last_until(SimTime(19)).unwrap().seq(), 1);
    assert_eq!(trace.last_until(SimTime::END).unwrap().seq(), 19_999);
    assert!(trace.before(0).is_none());
    assert_eq!(trace.before(4_096).unwrap().seq(), 4_095);
    let between: Vec<_> = trace.between(SimTime(40_950), SimTime(40_980)).map(|event| event.seq()).collect();
    assert_eq!(between, [4_095, 4_096, 4_097]);
    let filter =
        Filter { kinds: KindSet::NONE.with(Kind::PacketSent), client: Some("a".into()), ..Filter::default() };
    assert_eq!(trace.filter(&filter).count(), 5_000);
    assert_eq!(trace.filter(&Filter { client: Some("nobody".into()), ..Filter::default() }).count(), 0);
}

#[test]
fn causes_are_walked_both_ways() {
    let trace = recorded(Level::Full, Bounds::default(), 3);
    let seqs = |events: Vec<EventRef<'_>>| events.iter().map(EventRef::seq).collect::<Vec<_>>();
    assert_eq!(seqs(trace.cause_chain(7)), [7, 6, 5, 4]);
    assert_eq!(seqs(trace.consequences(5, 10)), [6]);
    assert_eq!(seqs(trace.of_message(1, 10)), [5, 6, 7]);
    assert_eq!(trace.message_number("a", 2), Some(1));
    assert_eq!(trace.message_number("a", 4), None);
}

#[test]
fn a_rerun_from_a_checkpoint_changes_nothing_and_a_branch_forgets_the_future() {
    let mut trace = trace(Level::Full, Bounds::default());
    let mut recorder = Recorder::new();
    publish(&mut recorder, &mut trace, 1_500);
    let checkpoint = recorder.clone();
    publish(&mut recorder, &mut trace, 1_500);
    let hash = trace.hash();
    publish(&mut checkpoint.clone(), &mut trace, 1_500);
    assert_eq!((trace.len(), trace.hash()), (12_000, hash.clone()));

    let kept = trace.clone();
    trace.truncate(checkpoint.next_seq());
    assert_eq!((trace.len(), trace.next_seq()), (6_000, 6_000));
    publish(&mut checkpoint.clone(), &mut trace, 1_500);
    assert_eq!(trace.hash(), hash, "the same future again");
    trace.truncate(checkpoint.next_seq());
    let mut recorder = checkpoint;
    recorder.watch(&mut trace).note(packet(99_999, Kind::PacketSent, By::Client, "b", Cause::NONE, &PUBLISH));
    assert_eq!(trace.get(6_000).unwrap().message().unwrap().to_string(), "b/1");
    assert_eq!(kept.get(6_001).unwrap().message().unwrap().to_string(), "a/1501");
    assert_eq!((kept.len(), kept.hash()), (12_000, hash));
    assert_ne!(trace.hash(), kept.hash());
}

#[test]
fn a_long_payload_is_stored_once() {
    let mut trace = trace(Level::Full, Bounds::default());
    let mut recorder = Recorder::new();
    let payload = vec![b'p'; 100_000];
    // Remaining Length 2 + 1 + 2 + 100,000 = 100,005, in three bytes (2.2.3).
    let mut bytes = vec![0x32, 0xa5, 0x8d, 0x06, 0, 1, b't', 0, 7];
    let head = bytes.clone();
    bytes.extend_from_slice(&payload);
    let mut watch = recorder.watch(&mut trace);
    let sent = watch.note(packet(1, Kind::PacketSent, By::Client, "a", Cause::NONE, &bytes));
    let received = watch.note(packet(2, Kind::PacketReceived, By::Broker, "a", sent, &bytes));
    let out = PacketBytes { version: Version::V3, head: &head, body: &payload };
    watch.note(Event {
        packet: Some(out),
        ..Event::new(SimTime(3), Kind::PacketSent, By::Broker, "b", received)
    });
    assert!(trace.packet_bytes() < 101_000, "{}", trace.packet_bytes());
    for event in &trace {
        assert_eq!(event.packet_bytes().unwrap(), bytes);
    }
}

#[test]
fn a_summary_counts_what_each_client_sent_and_received() {
    let mut trace = trace(Level::Full, Bounds::default());
    let mut recorder = Recorder::new();
    publish(&mut recorder, &mut trace, 3);
    let mut watch = recorder.watch(&mut trace);
    watch.note(packet(500, Kind::PacketReceived, By::Client, "b", Cause::NONE, &PUBLISH));
    watch.note(packet(600, Kind::PacketLost, By::Link, "b", Cause::NONE, &[0xc0, 0]));
    watch.note(Event {
        why: "full",
        ..Event::new(SimTime(700), Kind::MessageDropped, By::Broker, "b", Cause::NONE)
    });
    let mut summary = Summary::default();
    trace.iter().for_each(|event| summary.take(&event));
    let a = ClientSummary { client: "a".into(), sent: 3, published: 3, ..ClientSummary::default() };
    let b =
        ClientSummary { client: "b".into(), received: 1, messages: 1, lost: 1, ..ClientSummary::default() };
    assert_eq!(summary.clients().collect::<Vec<_>>(), [&a, &b]);
    assert!(summary.first_error().is_some_and(|line| line.contains("message.dropped")));
    let text = summary.to_string();
    assert!(text.contains("\na               3          0          0          3          0\n"), "{text}");
}

/// The same as [`recorded`], but that a client sends once more before the `other`-th publication.
fn with_another(publications: u64, other: u64) -> Trace {
    let (mut trace, mut recorder) = (trace(Level::Full, Bounds::default()), Recorder::new());
    publish(&mut recorder, &mut trace, other);
    let changed = packet(other * 40 + 5, Kind::PacketSent, By::Client, "a", Cause::NONE, &PUBLISH);
    recorder.watch(&mut trace).note(changed);
    publish(&mut recorder, &mut trace, publications - other);
    trace
}

#[test]
fn a_fingerprint_finds_where_another_engine_first_differs() {
    let whole = recorded(Level::Full, Bounds::default(), 400);
    let theirs: Fingerprint = Fingerprint::of(&whole, 1_600).unwrap().to_string().parse().unwrap();
    assert_eq!(theirs, Fingerprint::of(&whole, 1_600).unwrap());
    assert_eq!(theirs.first_difference(&whole, 1_600), None);
    // A sixteenth is a hundred events here; each publication makes four.
    for (other, among) in [(0, 0..100), (24, 0..100), (25, 100..200), (399, 1_500..1_600)] {
        let mine = with_another(400, other);
        assert_eq!(theirs.first_difference(&mine, 1_601), Some(among), "{other}");
    }
    let shorter = recorded(Level::Full, Bounds::default(), 200);
    assert_eq!(theirs.first_difference(&shorter, 800), Some(800..900));
    let longer = recorded(Level::Full, Bounds::default(), 500);
    assert_eq!(theirs.first_difference(&longer, 2_000), Some(1_600..1_601));
    assert_eq!(theirs.first_difference(&longer, 1_600), None, "computed further than the link's moment");
}

#[test]
fn a_fingerprint_leaves_out_which_engine_it_was() {
    let mut older = recorded(Level::Full, Bounds::default(), 10);
    let now = Fingerprint::of(&older, 40);
    older.header.engine = "0.0.1".into();
    assert_eq!(Fingerprint::of(&older, 40), now);
    let nothing = Fingerprint::of(&trace(Level::Full, Bounds::default()), 0).unwrap();
    assert_eq!(nothing.first_difference(&older, 40), Some(0..1));
    let went = recorded(Level::Full, Bounds { events: 10_000, ..Bounds::default() }, 10_000);
    assert_eq!(Fingerprint::of(&went, 40_000), None);
}

#[test]
fn a_fingerprint_that_is_none_is_refused() {
    for text in [
        "",
        "12",
        "12-",
        "12-00ff",
        "-00",
        &format!("x-{}", "0".repeat(128)),
        &format!("1-{}", "0".repeat(127)),
    ] {
        assert!(text.parse::<Fingerprint>().is_err(), "{text}");
    }
}
