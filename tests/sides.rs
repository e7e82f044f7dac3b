//! The same scenario under two profiles: what is aligned, where the sides part, and which rule and setting make it so.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::client::{Action, Message};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sides::{Comparison, Divergence, Other, Sides, Subject, Teller};
use glassbroker::sim::{Input, Journal, Moment, Run, Setup};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::QoS;
use std::process::{Command, Output};

/// A scenario that was run under two profiles to its end, and compared.
struct Compared {
    runs: [Other; 2],
    sides: Sides,
    found: Comparison,
}

fn setup(document: &str, profile: &str) -> Setup {
    let scenario = parse(document).unwrap_or_else(|problems| panic!("{problems:?}"));
    let overrides = Overrides { profile: Some(profile.to_owned()), ..Overrides::default() };
    compile(&scenario, &overrides).unwrap_or_else(|problems| panic!("{problems:?}")).setup
}

/// Runs the clients' steps for so long under both profiles.
fn compared(profiles: [&str; 2], until: &str, clients: &str, steps: &str) -> Compared {
    let document = format!(
        r#"{{ "glassbroker": 1, "until": "{until}", "clients": [ {clients} ], "steps": [ {steps} ] }}"#
    );
    document_compared(&document, profiles, [0, 1])
}

/// The same with a whole document, the sides being taken in this order.
fn document_compared(document: &str, profiles: [&str; 2], order: [usize; 2]) -> Compared {
    let mut sides = Sides::default();
    let runs = profiles.map(|profile| {
        let setup = setup(document, profile);
        let mut run = Other::new(&setup).unwrap();
        // In slices, as the page does it.
        while !run.advance_to(setup.until, &Journal::default(), 50).done {}
        run
    });
    for side in order {
        runs[side].trace().iter().for_each(|event| sides.take(side, &event));
    }
    let found = sides.compare([runs[0].trace(), runs[1].trace()], runs[0].head());
    Compared { runs, sides, found }
}

fn lesson(name: &str) -> String {
    std::fs::read_to_string(format!("www/lessons/{name}.json")).expect("a lesson")
}

const STANDARDS_AND_AWS: [&str; 2] = ["mqtt", "aws-iot-core"];

impl Compared {
    fn teller(&self) -> Teller<'_> {
        Teller { sides: &self.sides, traces: [self.runs[0].trace(), self.runs[1].trace()] }
    }

    /// What a divergence is about, what each side says, and the setting.
    fn told(&self, one: &Divergence) -> (String, String, String, &'static str) {
        let (teller, thing) = (self.teller(), &self.sides.things()[one.thing as usize]);
        let [a, b] = [0, 1].map(|side| teller.told(thing, side, one.steps[side]));
        (teller.about(thing), a, b, one.why.setting.map_or("", |setting| setting.key))
    }

    /// Holds the divergences that follow from no other against what is expected, with how many follow from each.
    fn parts(&self, expected: &[(&str, &str, &str, &str, usize)]) {
        let found = self.found.firsts().map(|(at, one)| (self.told(one), self.found.following(at).count()));
        let found: Vec<_> = found.collect();
        let found = found
            .iter()
            .map(|((about, a, b, setting), n)| (about.as_str(), a.as_str(), b.as_str(), *setting, *n));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    /// The ids of the rules by which the sides part first.
    fn rules(&self, first: usize) -> [&'static str; 2] {
        let one = self.found.firsts().nth(first).expect("a divergence").1;
        one.why.rules.map(|rule| rule.map_or("", |rule| rule.id))
    }
}

/// [aws.session.expiry] A session of 3.1.1 that is kept for ever under the standards ends after an hour. That is where the sides
/// part; that the client begins anew and misses a message only follows.
#[test]
fn a_session_that_ends_is_where_the_sides_part() {
    let it = compared(
        STANDARDS_AND_AWS,
        "4h",
        r#"{ "id": "lamp", "mqtt": "3.1.1", "connect": { "clean_start": false } }, { "id": "source" }"#,
        r#"{ "at": "1s", "client": "lamp", "do": "connect" }, { "at": "1s", "client": "source", "do": "connect" },
           { "at": "2s", "client": "lamp", "do": "subscribe", "filters": [ { "filter": "a", "qos": 1 } ] },
           { "at": "3s", "client": "lamp", "do": "disconnect" },
           { "at": "2h", "client": "source", "do": "publish", "topic": "a", "qos": 1, "payload": "x" },
           { "at": "3h", "client": "lamp", "do": "connect" }"#,
    );
    it.parts(&[(
        "the session of lamp",
        "goes on",
        "ends: its expiry has passed",
        "session.expiry_default_s",
        2,
    )]);
    assert_eq!(it.rules(0)[1], "aws.session.expiry");
    let [_, first, second] = &it.found.divergences[..] else { panic!("{:?}", it.found.divergences) };
    assert_eq!(it.told(first).1, "accepted, session present");
    assert_eq!(it.told(first).2, "accepted, new session");
    assert_eq!(it.told(second).0, "source/1 for lamp");
}

/// [aws.will.websocket-close] [aws.topic.levels] A Will that only one side publishes is named as such. What its client publishes
/// afterwards is another message by its number there, and the same one here; what has a reason of its own stands alone.
#[test]
fn a_will_on_one_side_moves_no_later_message() {
    let it = compared(
        STANDARDS_AND_AWS,
        "20s",
        r#"{ "id": "lamp", "connect": { "will": { "topic": "gone", "payload": "x", "qos": 1 } } }, { "id": "watch" }"#,
        r#"{ "at": "1s", "client": "lamp", "do": "connect" }, { "at": "1s", "client": "watch", "do": "connect" },
           { "at": "2s", "client": "watch", "do": "subscribe", "filters": [ { "filter": "gone", "qos": 1 } ] },
           { "at": "3s", "client": "lamp", "do": "close" }, { "at": "5s", "client": "lamp", "do": "connect" },
           { "at": "6s", "client": "lamp", "do": "publish", "topic": "gone", "qos": 1, "payload": "y" },
           { "at": "7s", "client": "watch", "do": "subscribe", "filters": [ { "filter": "1/2/3/4/5/6/7/8/9", "qos": 1 } ] }"#,
    );
    it.parts(&[
        (
            "the Will of lamp on gone",
            "is published: WebSocket closed by the client",
            "is not published: WebSocket closed by the client",
            "will.on_websocket_close",
            2,
        ),
        (
            "watch subscribes to 1/2/3/4/5/6/7/8/9",
            "granted at QoS 1",
            "refused: Topic Filter invalid (0x8F)",
            "topic.levels_max",
            0,
        ),
    ]);
    assert_eq!(it.rules(0), ["MQTT-3.1.2-8", "aws.will.websocket-close"]);
    let delivered = it.sides.things().iter().filter(|thing| {
        let both = (0..2).all(|side| thing.facts(side).count() == 1);
        thing.subject == Subject::Delivery && both
    });
    assert_eq!(delivered.count(), 1, "the later message came on both sides, and is one");
}

/// [aws.session.replay-rate] Time counts only where a quota delays: the first message so delayed is told, the others are the same
/// once more.
#[test]
fn a_delay_by_a_quota_is_told_once() {
    let it = document_compared(&lesson("replay"), STANDARDS_AND_AWS, [0, 1]);
    let (_, first) = it.found.firsts().next().expect("a divergence");
    let (about, a, b, setting) = it.told(first);
    assert_eq!(
        (about.as_str(), a.as_str(), setting),
        ("sensor/2 for dashboard", "delivered at QoS 1", "session.replay_per_s")
    );
    assert!(
        b.starts_with("held back, and delivered at 0:20.")
            && b.ends_with("stored messages leave at the replay rate"),
        "{b}"
    );
    assert_eq!(it.found.firsts().count(), 1);
    assert!(it.found.divergences[1..].iter().all(|one| one.again && one.follows == Some(0)));
    assert!(it.found.divergences.len() > 100, "each stored message but the first was delayed");
}

/// [mosquitto.overlap.version-5] [mosquitto.retained.shared] Copies are counted; where no event cites a rule, the setting that can
/// make such a difference is named as a likely one.
#[test]
fn copies_and_retained_messages_are_compared_with_mosquitto() {
    let it = compared(
        ["mqtt", "mosquitto-2.0"],
        "20s",
        r#"{ "id": "lamp" }, { "id": "worker" }, { "id": "source" }"#,
        r##"{ "at": "1s", "client": "lamp", "do": "connect" }, { "at": "1s", "client": "source", "do": "connect" },
           { "at": "1s", "client": "worker", "do": "connect" },
           { "at": "2s", "client": "lamp", "do": "subscribe", "filters": [ { "filter": "a/+", "qos": 1 }, { "filter": "a/#", "qos": 0 } ] },
           { "at": "3s", "client": "source", "do": "publish", "topic": "a/b", "qos": 1, "payload": "x" },
           { "at": "4s", "client": "source", "do": "publish", "topic": "c", "qos": 1, "payload": "x", "retain": true },
           { "at": "7s", "client": "worker", "do": "subscribe", "filters": [ { "filter": "$share/g/c", "qos": 1 } ] }"##,
    );
    it.parts(&[
        (
            "source/1 for lamp",
            "delivered once at QoS 1",
            "delivered twice at QoS 0 and 1",
            "subscription.overlap_each_v5",
            0,
        ),
        (
            "source/2 for worker",
            "not delivered",
            "delivered at QoS 1, as a retained message",
            "retained.to_shared",
            0,
        ),
    ]);
    assert_eq!(
        [it.rules(0)[1], it.rules(1)[1]],
        ["mosquitto.overlap.version-5", "mosquitto.retained.shared"]
    );
}

#[test]
fn without_a_divergence_everything_stands_in_both_lanes() {
    for (name, other) in [("hello", "aws-iot-core"), ("qos", "vernemq")] {
        let it = document_compared(&lesson(name), ["mqtt", other], [0, 1]);
        it.parts(&[]);
        assert!(it.found.rows.len() > 10 && it.found.rows.is_sorted_by_key(|row| row.at), "{name}");
    }
}

/// [Q3] [aws.qos.max] Without QoS 2 less is granted, and less can be published.
#[test]
fn the_highest_qos_is_where_the_sides_part() {
    let it = document_compared(&lesson("qos"), STANDARDS_AND_AWS, [0, 1]);
    let refused = "not published: above the server's Maximum QoS";
    it.parts(&[
        ("phone subscribes to room/#", "granted at QoS 2", "granted at QoS 1", "publish.qos_max", 1),
        ("sensor/3 on room/alarm", "accepted", refused, "publish.qos_max", 4),
    ]);
    // A side that has QoS 2 is not told of what a server without it does.
    assert_eq!(it.rules(0), ["MQTT-3.8.4-7", "aws.qos.max"]);
    assert_eq!(it.rules(1), ["MQTT-4.3.3-8", "aws.qos.max"]);
    assert!(it.found.firsts().all(|(_, one)| one.why.is_cited), "events name the reason");
}

#[test]
fn the_order_in_which_the_sides_are_taken_changes_nothing() {
    for name in ["replay", "will"] {
        let told = [[0, 1], [1, 0]].map(|order| {
            let it = document_compared(&lesson(name), STANDARDS_AND_AWS, order);
            let told = it.found.divergences.iter().map(|one| (it.told(one), one.follows, one.again));
            let rows =
                it.found.rows.iter().map(|row| it.teller().about(&it.sides.things()[row.thing as usize]));
            (told.collect::<Vec<_>>(), rows.collect::<Vec<_>>())
        });
        assert_eq!(told[0], told[1], "{name}");
    }
}

/// What was done by hand in one branch stands alone; all that the scenario does is aligned as if nothing had come between.
#[test]
fn branches_are_aligned_around_what_was_done_by_hand() {
    let document = r#"{ "glassbroker": 1, "until": "20s", "clients": [ { "id": "lamp" }, { "id": "watch" } ], "steps": [
        { "at": "1s", "client": "lamp", "do": "connect" }, { "at": "1s", "client": "watch", "do": "connect" },
        { "at": "2s", "client": "watch", "do": "subscribe", "filters": [ { "filter": "a", "qos": 1 } ] },
        { "at": "9s", "client": "lamp", "do": "publish", "topic": "a", "qos": 1, "payload": "x" } ] }"#;
    let setup = setup(document, "mqtt");
    let mut run = Run::new(&setup).unwrap();
    assert!(run.advance_to(setup.until, u64::MAX).done);
    assert!(run.seek(Moment::after(SimTime::ZERO + Span::s(5))).done);
    let message =
        Message { topic: "a".into(), payload: "by hand".into(), qos: QoS::AtLeastOnce, ..Message::default() };
    run.input(Input::Client { client: "lamp".into(), action: Action::Publish(message) }).unwrap();
    assert!(run.advance_to(setup.until, u64::MAX).done);
    let common = run.journal().common(run.branch_journal(0).unwrap());
    let mut sides = Sides::default();
    let traces = [run.trace(), run.branch_trace(0).unwrap()];
    for (side, id) in [1, 0].into_iter().enumerate() {
        for event in traces[side].iter() {
            let entry = run.branch_entry_of(id, event.seq());
            sides.take_as(side, &event, entry.is_some_and(|entry| entry >= common));
        }
    }
    let found = sides.compare(traces, run.head());
    let teller = Teller { sides: &sides, traces };
    let told = |one: &Divergence| {
        let thing = &sides.things()[one.thing as usize];
        (teller.about(thing), [0, 1].map(|side| thing.facts(side).count()))
    };
    let told: Vec<_> = found.divergences.iter().map(told).collect();
    let expected = [("lamp/1 on a", [1, 0]), ("lamp/1 for watch", [1, 0])];
    assert_eq!(told, expected.map(|(about, facts)| (about.to_owned(), facts)));
}

fn glassbroker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glassbroker")).args(arguments).output().expect("the binary runs")
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// [H3] [aws.shared.queue] [aws.shared.not-stored] The two editions part where a group's message finds nobody: that it is not there later
/// only follows.
#[test]
fn the_command_line_tells_where_the_editions_part() {
    let share = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons/share.json");
    let json = glassbroker(&["compare", share, "--against", "aws-iot-core-2023", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let divergences = told["divergences"].as_array().expect("divergences");
    let first = &divergences[0];
    assert_eq!((first["kind"].as_str(), first["t"].as_u64()), (Some("delivery"), Some(18_050_000)));
    assert_eq!(first["client"], "$share/workers/jobs");
    let rules = [0, 1].map(|side| first["sides"][side]["rule"]["id"].as_str().expect("a rule"));
    assert_eq!(rules, ["aws.shared.queue", "aws.shared.not-stored"]);
    assert_eq!(first["setting"]["key"], "subscription.shared_queue");
    assert_eq!(first["setting"]["values"], serde_json::json!([true, false]));
    let is_of_it = |one: &serde_json::Value| one["setting"]["key"] == "subscription.shared_queue";
    assert!(divergences.iter().all(is_of_it), "there is one reason for all");
}

#[test]
fn the_command_line_tells_it() {
    let will = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons/will.json");
    let output = glassbroker(&["compare", will, "--profile", "mqtt", "--against", "aws-iot-core"]);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output.stderr));
    let text = text_of(&output.stdout);
    assert!(
        text.contains("1  0:16.100  the Will of closing on devices/closing/state: the first divergence\n"),
        "{text}"
    );
    assert!(text.contains("  setting will.on_websocket_close: A true, B false\n"), "{text}");

    let json =
        glassbroker(&["compare", will, "--against", "aws-iot-core", "--profile", "mqtt", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(told["profiles"], serde_json::json!(["mqtt", "aws-iot-core"]));
    let first = &told["divergences"][0];
    assert_eq!((first["kind"].as_str(), first["t"].as_u64()), (Some("will"), Some(16_100_000)));
    assert_eq!(first["sides"][1]["rule"]["id"], "aws.will.websocket-close");
    assert_eq!(first["setting"]["values"], serde_json::json!([true, false]));
    assert!(told["divergences"][1]["follows"] == 1 && told["more"] == 0, "{told}");

    let same = text_of(&glassbroker(&["compare", will, "--against", "mqtt", "--profile", "mqtt"]).stdout);
    assert!(same.ends_with("no divergence: both sides do the same\n"), "{same}");
    let wrong = glassbroker(&["compare", will, "--against", "amqp"]);
    assert!(
        wrong.status.code() == Some(1) && text_of(&wrong.stderr).contains("no profile `amqp`"),
        "{}",
        text_of(&wrong.stderr)
    );
    assert_eq!(glassbroker(&["compare", will]).status.code(), Some(2));
}
