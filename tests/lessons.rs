//! The lessons that ship: each is read, runs to its end, and its claims hold.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::Kind;
use glassbroker::scenario::{Expectations, Overrides, Plan, Scenario, compile, parse};
use glassbroker::sim::Run;
use std::collections::BTreeMap;
use std::fs;

/// Every lesson by its name.
fn lessons() -> BTreeMap<String, Scenario> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons");
    let mut lessons = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read_to_string(&path).unwrap();
            let scenario = parse(&text).unwrap_or_else(|problems| {
                panic!(
                    "{}: {}",
                    path.display(),
                    problems.iter().map(|p| format!("{p}\n")).collect::<String>()
                )
            });
            lessons.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), scenario);
        }
    }
    lessons
}

fn played(scenario: &Scenario, overrides: &Overrides) -> (Plan, Run) {
    let plan = compile(scenario, overrides).unwrap();
    let mut run = Run::new(&plan.setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    (plan, run)
}

/// How many messages a client receives of a lesson that is run otherwise.
fn received(lesson: &str, overrides: &Overrides, claim: &str) -> u64 {
    let mut scenario = lessons().remove(lesson).unwrap();
    let claims = format!(
        r#"{{ "glassbroker": 1, "clients": [ {{ "id": "watcher" }}, {{ "id": "dashboard" }}, {{ "id": "ann" }}, {{ "id": "bob" }} ], "expect": [ {claim} ] }}"#
    );
    scenario.expect = parse(&claims).unwrap().expect;
    let (plan, run) = played(&scenario, overrides);
    let unmet = Expectations::of(&plan.expect, run.trace());
    unmet.first().map_or(plan.expect[0].receives, |unmet| unmet.received)
}

#[test]
fn the_lessons_are_there_and_an_empty_lab() {
    let mut all = lessons();
    let empty = all.remove("empty").unwrap();
    assert_eq!(
        all.into_keys().collect::<Vec<_>>(),
        ["faults", "hello", "interrupted", "qos", "remember", "replay", "share", "will"]
    );
    assert_eq!((empty.title.as_str(), empty.clients.len(), empty.steps.len()), ("Empty lab", 0, 0));
}

#[test]
fn what_lessons_claim_holds() {
    for (name, scenario) in lessons() {
        assert!(!scenario.title.is_empty() && !scenario.about.is_empty(), "{name}");
        assert!(name == "empty" || !scenario.marks.is_empty() && !scenario.expect.is_empty(), "{name}");
        let (plan, run) = played(&scenario, &Overrides::default());
        let unmet = Expectations::of(&plan.expect, run.trace());
        assert!(unmet.is_empty(), "{name}: {}", unmet.iter().map(|u| format!("{u}\n")).collect::<String>());
    }
}

#[test]
fn narration_comes_in_order_with_time_to_read_it() {
    for (name, scenario) in lessons() {
        for mark in &scenario.marks {
            assert!((3..=320).contains(&mark.text.len()), "{name}: {}", mark.title);
            assert!(mark.title.len() <= 40, "{name}: {}", mark.title);
        }
        assert!(scenario.marks.is_sorted_by(|a, b| a.at < b.at), "{name}");
        let (_, run) = played(&scenario, &Overrides::default());
        let told = run.trace().iter().filter(|event| event.kind() == Kind::Mark).count();
        assert_eq!(told, scenario.marks.len(), "{name}");
    }
}

#[test]
fn nothing_goes_wrong_that_is_not_the_lesson() {
    for (name, scenario) in lessons() {
        let (_, run) = played(&scenario, &Overrides::default());
        for event in run.trace() {
            // What its session stored is lost with it: that is the lesson.
            if name == "remember" && event.why() == "its session ended" {
                continue;
            }
            let bad = matches!(event.kind(), Kind::SocketRefused | Kind::QuotaRefused | Kind::MessageDropped)
                || (event.kind() == Kind::Decision && event.topic() == "ignored");
            assert!(!bad, "{name}: {event:?}");
        }
    }
}

#[test]
fn a_websocket_close_is_a_goodbye_on_aws() {
    let claim = r#"{ "client": "watcher", "receives": 0, "topic": "devices/closing/state" }"#;
    assert_eq!(received("will", &Overrides::default(), claim), 1);
    let aws = Overrides { profile: Some("aws-iot-core".into()), ..Overrides::default() };
    assert_eq!(received("will", &aws, claim), 0);
}

#[test]
fn by_the_standards_the_queue_empties_as_fast_as_it_can() {
    let claim = r#"{ "client": "dashboard", "receives": 0, "topic": "factory/1/readings", "between": ["20s", "22s"] }"#;
    let standard = Overrides { profile: Some("mqtt".into()), ..Overrides::default() };
    assert_eq!(received("replay", &standard, claim), 200);
    assert!(received("replay", &Overrides::default(), claim) < 25);
}

/// [R7] Each cell of the comparison is a claim of the lesson: what a retained message, a session and a shadow give to a newcomer, to one
/// who was away, and to one who was away too long.
#[test]
fn what_remembers_and_for_how_long() {
    let scenario = lessons().remove("remember").unwrap();
    let given = |client: &str, topic: &str| -> Vec<u64> {
        let about = |claim: &&glassbroker::scenario::Claim| {
            claim.client == client && claim.topic.as_deref() == Some(topic)
        };
        scenario.expect.iter().filter(about).map(|claim| claim.receives).collect()
    };
    assert_eq!(given("retained", "lamp/state"), [1, 1, 1]);
    assert_eq!(given("session", "lamp/log"), [0, 3, 0]);
    assert_eq!(given("shadow", "$aws/things/lamp/shadow/get/accepted"), [1, 1, 1]);
    let (plan, run) = played(&scenario, &Overrides::default());
    assert!(Expectations::of(&plan.expect, run.trace()).is_empty());
    let shadow = run.world().account().shadows().next().unwrap();
    assert_eq!(shadow.version, 7);
    assert!(!shadow.document.contains("delta"), "{}", shadow.document);
    let standard = Overrides { profile: Some("mqtt".into()), ..Overrides::default() };
    let (_, run) = played(&scenario, &standard);
    assert_eq!(run.world().account().shadows().count(), 0, "the standards know no shadows");
}

/// [H3] Whoever was away finds in the group's queue what came meanwhile. A group of 2023 kept nothing.
#[test]
fn what_a_group_keeps_while_nobody_works() {
    let done = |profile: &str| {
        let overrides = Overrides { profile: Some(profile.into()), ..Overrides::default() };
        ["ann", "bob"].map(|worker| {
            let claim = format!(
                r#"{{ "client": "{worker}", "receives": 0, "topic": "jobs", "between": ["31s", "45s"] }}"#
            );
            received("share", &overrides, &claim)
        })
    };
    let [ann, bob] = done("aws-iot-core");
    assert_eq!(ann + bob, 81, "eighty at night, and an urgent one");
    // Ann alone for two seconds, then both.
    assert!((60..=62).contains(&ann), "{ann}");
    assert_eq!(done("aws-iot-core-2023"), [1, 0]);
    let [ann, bob] = done("mqtt");
    assert!(ann + bob == 81 && ann.abs_diff(bob) < 25, "each finds what was kept for it: {ann} and {bob}");
}

/// What a network does to a message: what a cut takes, who notices a dead way and when, what waits, and what comes twice.
/// [5.0 MQTT-3.1.2-22, MQTT-4.3.3-10]
#[test]
fn what_a_network_does_to_a_message() {
    let scenario = lessons().remove("faults").unwrap();
    let (_, run) = played(&scenario, &Overrides::default());
    let of = |topic: &str, kind: Kind| -> Vec<u64> {
        let events = run.trace().iter().filter(|event| event.kind() == kind && event.topic() == topic);
        events.map(|event| event.at().0 / 100_000).collect()
    };
    // 150 ms after they left, all three are lost; two of them are sent again once the session is resumed.
    for (topic, sent) in
        [("cut/zero", vec![50]), ("cut/one", vec![50, 102, 105]), ("cut/two", vec![50, 102, 105])]
    {
        assert_eq!(of(topic, Kind::PacketLost), [51], "{topic}");
        assert_eq!(of(topic, Kind::PacketSent), sent, "{topic}");
    }
    // One and a half times ten seconds after the last packet that arrived, PUBREL at 11.1 s.
    let gives_up = |event: &glassbroker::trace::EventRef<'_>| event.why() == "keep alive timeout";
    let first = run.trace().iter().find(gives_up).unwrap();
    assert_eq!((first.client(), first.at().0), ("meter", 26_100_000));
    // What is doubled: the broker passes both on at QoS 1, and one of them at QoS 2.
    assert_eq!(of("twice/one", Kind::PacketReceived), [653, 653, 654, 654]);
    assert_eq!(of("twice/two", Kind::PacketReceived), [753, 753, 754]);
}
