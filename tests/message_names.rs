//! A message keeps its name from the publisher's PUBLISH to the last acknowledgement, whatever happens on the way.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::trace::Trace;
use std::collections::BTreeSet;

fn played(document: &str) -> Trace {
    let scenario = parse(document).unwrap_or_else(|problems| panic!("{problems:?}"));
    let plan = compile(&scenario, &Overrides::default()).unwrap();
    let mut run = Run::new(&plan.setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run.trace().clone()
}

/// The names of all messages on a topic.
fn names(trace: &Trace, topic: &str) -> BTreeSet<String> {
    trace
        .iter()
        .filter(|event| {
            event.topic() == topic && !matches!(event.kind(), Kind::Input | Kind::SubscriptionAdded)
        })
        .map(|event| event.message().map_or("none".into(), |name| name.to_string()))
        .collect()
}

#[test]
fn a_re_sent_message_keeps_its_name() {
    let trace = played(include_str!("../www/lessons/qos.json"));
    for (topic, name) in [
        ("room/light", "sensor/1"),
        ("room/door", "sensor/2"),
        ("room/alarm", "sensor/3"),
        ("cut/zero", "sensor/4"),
        ("cut/one", "sensor/5"),
        ("cut/two", "sensor/6"),
    ] {
        assert_eq!(names(&trace, topic), BTreeSet::from([name.to_owned()]), "{topic}");
    }
    let repeats = trace.iter().filter(|event| {
        event.kind() == Kind::PacketSent
            && event.by() == By::Client
            && event.fields().iter().any(|(key, _)| key == "dup")
    });
    let repeated: Vec<_> = repeats.map(|event| event.message().unwrap().to_string()).collect();
    assert_eq!(repeated, ["sensor/5", "sensor/6"]);
}

#[test]
fn what_was_retained_goes_by_the_name_of_its_publication() {
    let trace = played(
        r#"{ "glassbroker": 1, "until": "5s", "clients": [ { "id": "a", "mqtt": "5" }, { "id": "b", "mqtt": "3.1.1" } ],
             "steps": [
                { "at": "0s", "client": "a", "do": "connect" },
                { "at": "1s", "client": "a", "do": "publish", "topic": "t", "payload": "x", "qos": 1, "retain": true },
                { "at": "2s", "client": "b", "do": "connect" },
                { "at": "3s", "client": "b", "do": "subscribe", "filters": [ { "filter": "t", "qos": 1 } ] } ] }"#,
    );
    assert_eq!(names(&trace, "t"), BTreeSet::from(["a/1".to_owned()]));
    let acknowledged = trace.iter().find(|event| event.kind() == Kind::MessageAcknowledged).unwrap();
    assert_eq!(acknowledged.message().unwrap().to_string(), "a/1");
    // What led to it is the subscription all the same.
    let delivered = trace.iter().find(|event| event.kind() == Kind::MessageDelivered).unwrap();
    assert_eq!(trace.get(delivered.cause().unwrap()).unwrap().kind(), Kind::SubscriptionAdded);
}

#[test]
fn acknowledgements_are_about_the_message() {
    let trace = played(include_str!("../www/lessons/qos.json"));
    let door = trace.message_number("sensor", 2).unwrap();
    let packets: Vec<_> = trace
        .of_message(door, usize::MAX)
        .iter()
        .filter(|event| event.kind() == Kind::PacketReceived)
        .map(|event| (event.client().to_owned(), event.packet_type().unwrap().name()))
        .collect();
    // The display's copy comes with QoS 0, and has no acknowledgement.
    for expected in [
        ("sensor", "PUBLISH"),
        ("sensor", "PUBACK"),
        ("phone", "PUBLISH"),
        ("phone", "PUBACK"),
        ("display", "PUBLISH"),
    ] {
        assert!(
            packets.iter().any(|(client, packet)| (client.as_str(), *packet) == expected),
            "{expected:?}: {packets:?}"
        );
    }
    assert_eq!(packets.len(), 5, "{packets:?}");
}

#[test]
fn a_will_is_a_message_of_who_left_it() {
    let trace = played(include_str!("../www/lessons/will.json"));
    let sent: Vec<_> = trace
        .iter()
        .filter(|event| event.kind() == Kind::WillSent)
        .map(|event| event.message().unwrap().to_string())
        .collect();
    assert_eq!(sent, ["parting/1", "closing/1", "twice/1", "cut-off/1"]);
}

#[test]
fn what_an_operator_publishes_is_the_broker_s() {
    let trace = played(
        r#"{ "glassbroker": 1, "until": "5s", "clients": [ { "id": "a" } ], "steps": [
            { "at": "1s", "client": "a", "do": "connect" },
            { "at": "2s", "client": "a", "do": "subscribe", "filters": [ { "filter": "state" } ] },
            { "at": "3s", "on": "broker", "do": "publish", "topic": "state", "payload": "on", "retain": true },
            { "at": "4s", "on": "broker", "do": "retained_delete", "topic": "state" } ] }"#,
    );
    assert_eq!(names(&trace, "state"), BTreeSet::from(["$broker/1".to_owned(), "$broker/2".to_owned()]));
    let received =
        trace.iter().filter(|event| event.kind() == Kind::PacketReceived && event.by() == By::Client);
    let received: Vec<_> =
        received.filter_map(|event| event.message().map(|name| name.to_string())).collect();
    assert_eq!(received, ["$broker/1", "$broker/2"]);
}

#[test]
fn every_arrow_has_two_ends_and_every_cause_is_earlier() {
    for document in [
        include_str!("../www/lessons/hello.json"),
        include_str!("../www/lessons/qos.json"),
        include_str!("../www/lessons/replay.json"),
        include_str!("../www/lessons/will.json"),
    ] {
        let trace = played(document);
        let mut ended = BTreeSet::new();
        for event in &trace {
            assert!(event.cause().is_none_or(|cause| cause < event.seq()), "{event:?}");
            if matches!(event.kind(), Kind::PacketReceived | Kind::PacketLost) {
                let sent = trace.get(event.cause().unwrap()).unwrap();
                assert_eq!(sent.kind(), Kind::PacketSent, "{event:?}");
                assert_eq!(sent.packet_bytes(), event.packet_bytes(), "{event:?}");
                assert!(ended.insert(sent.seq()), "it ends once: {event:?}");
            }
            if event.kind() == Kind::MessageDelivered {
                let chain = trace.cause_chain(event.seq());
                // A Will may follow from a timer, which nobody asked for.
                let of_a_will = chain.iter().any(|event| event.kind() == Kind::WillSent);
                let origin = chain.last().unwrap();
                assert!(of_a_will || origin.kind() == Kind::Input, "{event:?} comes from {origin:?}");
            }
        }
    }
}
