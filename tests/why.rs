//! Why did this client get nothing? Each story ends with what stopped a message, and the rule that the walk names.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::time::SimTime;
use glassbroker::topic::{ParentMatch, Parting};
use glassbroker::trace::{About, Found, Hint, Mark, Question, Walk, why_nothing};

/// A run of ten seconds: a `sensor`, a `lamp` that stays connected as long as nothing else is said, and these steps and further fields.
fn run_of(lamp: &str, steps: &str, more: &str) -> Run {
    let text = format!(
        r#"{{ "glassbroker": 1, "until": "10s", {more}
            "clients": [ {{ "id": "sensor", "mqtt": "5" }}, {{ "id": "lamp", "mqtt": "5" {lamp} }}, {{ "id": "third", "mqtt": "5" }} ],
            "steps": [ {{ "at": "0s", "client": "sensor", "do": "connect" }}, {steps} ] }}"#
    );
    let scenario = parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let plan = compile(&scenario, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut run = Run::new(&plan.setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

const LASTING: &str = r#", "connect": { "clean_start": false, "session_expiry_s": 3600 }"#;

/// A step, at so many milliseconds.
fn step(at_ms: u32, client: &str, what: &str, more: &str) -> String {
    format!(r#"{{ "at": "{at_ms}ms", "client": "{client}", "do": "{what}"{more} }}"#)
}

fn connect(at_ms: u32) -> String {
    step(at_ms, "lamp", "connect", "")
}

fn subscribe(at_ms: u32, filter: &str, qos: u8) -> String {
    step(at_ms, "lamp", "subscribe", &format!(r#", "filters": [ {{ "filter": "{filter}", "qos": {qos} }} ]"#))
}

fn publish(at_ms: u32, qos: u8) -> String {
    publish_with(at_ms, qos, "")
}

fn publish_with(at_ms: u32, qos: u8, more: &str) -> String {
    let fields = format!(r#", "topic": "room/temp", "payload": "21", "qos": {qos}{more}"#);
    step(at_ms, "sensor", "publish", &fields)
}

fn ask(run: &Run, about: About, at_ms: u64) -> Walk {
    let trace = run.trace();
    let events = trace.seq_at(SimTime(at_ms * 1_000));
    why_nothing(trace, &Question { client: "lamp".into(), about, events, parent: ParentMatch::Included })
}

/// The answer for the topic `room/temp` at the end: what was found, how it counts, and by which rule.
fn answer(run: &Run) -> (Found, Mark, &'static str) {
    answer_at(run, 10_000)
}

fn answer_at(run: &Run, at_ms: u64) -> (Found, Mark, &'static str) {
    let walk = ask(run, About::Topic("room/temp".into(), SimTime::ZERO), at_ms);
    let step = walk.answer().expect("there is always an answer");
    (step.found.clone(), step.mark, step.rule.map_or("", |rule| rule.id))
}

fn played(lamp: &str, steps: &[String]) -> Run {
    run_of(lamp, &steps.join(", "), "")
}

fn filter() -> String {
    "room/+".to_owned()
}

/// [MQTT-3.3.5-1]
#[test]
fn what_came_says_when_it_came() {
    let run = played("", &[connect(0), subscribe(500, "room/+", 1), publish(1_000, 1)]);
    assert_eq!(answer(&run), (Found::Arrived(1), Mark::Arrived, ""));
    let walk = ask(&run, About::Anything, 10_000);
    assert!(walk.steps.iter().all(|step| step.mark >= Mark::Passed && step.mark != Mark::Stopped));
    assert!(walk.steps.iter().any(|step| step.found == Found::Subscribed(filter(), 1)));
}

#[test]
fn who_never_came_has_no_session_and_who_never_subscribed_no_subscription() {
    let never = played("", &[publish(1_000, 1)]);
    assert_eq!(answer(&never), (Found::NeverConnected, Mark::Stopped, ""));
    let unsubscribed = played("", &[connect(0), publish(1_000, 1)]);
    assert_eq!(answer(&unsubscribed), (Found::NeverSubscribed, Mark::Stopped, "glassbroker.no-subscription"));
    assert_eq!(ask(&unsubscribed, About::Anything, 10_000).answer().unwrap().found, Found::NeverSubscribed);
}

/// [MQTT-4.7.3-4] [MQTT-4.7.2-1]
#[test]
fn a_filter_that_does_not_match_says_where_it_parts_and_what_may_be_meant() {
    for (filter, at, hint) in [
        ("Room/Temp", Parting::Level(1), Some(Hint::Case)),
        ("/room/temp", Parting::Level(1), Some(Hint::Slash)),
        ("room/temp/", Parting::Shorter(3), Some(Hint::Slash)),
        ("+", Parting::Longer(2), Some(Hint::PlusIsOneLevel)),
        ("room/*", Parting::Level(2), Some(Hint::Star)),
        ("room/light", Parting::Level(2), None),
        ("room/temp/#", Parting::Shorter(3), None),
    ] {
        let run =
            played("", &[connect(0), subscribe(500, "x", 0), subscribe(600, filter, 0), publish(1_000, 0)]);
        if filter == "room/temp/#" {
            assert_eq!(answer(&run).1, Mark::Arrived, "it matches its parent");
            continue;
        }
        let expected = (Found::Mismatch(filter.into(), at, hint), Mark::Stopped, "MQTT-4.7.3-4");
        assert_eq!(answer(&run), expected, "{filter}");
    }
    let system = step(1_000, "sensor", "publish", r#", "topic": "$own/x", "payload": "1""#);
    let run = played("", &[connect(0), subscribe(500, "#", 0), system]);
    let walk = ask(&run, About::Topic("$own/x".into(), SimTime::ZERO), 10_000);
    let step = walk.answer().unwrap();
    assert_eq!(step.found, Found::Mismatch("#".into(), Parting::Reserved, None));
    assert_eq!(step.rule.unwrap().id, "MQTT-4.7.2-1");
}

/// [5.0 MQTT-3.3.1-8]
#[test]
fn a_subscription_that_comes_later_gets_only_what_is_retained() {
    let late = [connect(0), publish(1_000, 1), subscribe(2_000, "room/+", 1)];
    let run = played("", &late);
    assert_eq!(answer(&run), (Found::NotRetained, Mark::Stopped, "MQTT-3.3.1-8"));
    let walk = ask(&run, About::Anything, 10_000);
    assert!(walk.steps.iter().any(|step| step.found == Found::SubscribedLater(filter())));
    assert_eq!(answer_at(&run, 1_900).0, Found::NeverSubscribed, "before it subscribes");

    let retained = publish_with(1_000, 1, r#", "retain": true"#);
    let run = played("", &[connect(0), retained.clone(), subscribe(2_000, "room/+", 1)]);
    assert_eq!(answer(&run).0, Found::Arrived(1));

    let handling = step(
        2_000,
        "lamp",
        "subscribe",
        r#", "filters": [ { "filter": "room/+", "qos": 1, "retain_handling": 2 } ]"#,
    );
    let run = played("", &[connect(0), retained.clone(), handling]);
    assert_eq!(answer(&run), (Found::RetainedNotAsked, Mark::Stopped, "MQTT-3.3.1-11"));

    let cleared =
        step(1_500, "sensor", "publish", r#", "topic": "room/temp", "payload": "", "retain": true"#);
    let run = played("", &[connect(0), retained, cleared, subscribe(2_000, "room/+", 1)]);
    let first = run.trace().message_number("sensor", 1).unwrap();
    assert_eq!(ask(&run, About::Message(first), 10_000).answer().unwrap().found, Found::RetainedGone);
}

/// [S3]
#[test]
fn qos_0_is_not_stored_for_who_is_away_and_qos_1_waits() {
    let away = |qos| {
        let steps = [
            connect(0),
            subscribe(500, "room/+", 1),
            step(1_000, "lamp", "disconnect", ""),
            publish(2_000, qos),
        ];
        played(LASTING, &steps)
    };
    let run = away(0);
    assert_eq!(answer(&run).0, Found::Dropped);
    assert_eq!(answer(&run).1, Mark::Stopped);
    let walk = ask(&run, About::Anything, 10_000);
    assert!(walk.steps.iter().any(|step| step.found == Found::Away));
    let event = run.trace().get(walk.answer().unwrap().seq.unwrap()).unwrap();
    assert_eq!(event.why(), "QoS 0 is not stored for a client that is away");
    assert_eq!(answer(&away(1)), (Found::Queued(Some(1)), Mark::Waits, "MQTT-4.5.0-1"));
}

/// [5.0 MQTT-3.1.2-23] [5.0 MQTT-3.1.2-4] What ended the session took the subscription.
#[test]
fn a_subscription_goes_with_its_session() {
    for (lamp, again) in [
        ("", None),
        (r#", "connect": { "clean_start": false, "session_expiry_s": 1 }"#, None),
        (r#", "connect": { "clean_start": true, "session_expiry_s": 60 }"#, Some(connect(2_500))),
    ] {
        let mut steps = vec![connect(0), subscribe(500, "room/+", 1), step(1_000, "lamp", "disconnect", "")];
        steps.extend(again);
        steps.push(publish(4_000, 1));
        let run = played(lamp, &steps);
        let (found, mark, rule) = answer(&run);
        assert_eq!((found, mark), (Found::LostWithSession(filter()), Mark::Stopped));
        assert!(rule.starts_with("MQTT-"), "{rule}");
    }
}

#[test]
fn unsubscribing_is_told_with_its_event() {
    let off = step(900, "lamp", "unsubscribe", r#", "filters": [ "room/+" ]"#);
    let run = played("", &[connect(0), subscribe(500, "room/+", 1), off, publish(1_500, 1)]);
    assert_eq!((answer(&run).0, answer(&run).1), (Found::Unsubscribed(filter()), Mark::Stopped));
}

/// [MQTT-3.3.2-5]
#[test]
fn what_expires_in_the_queue_says_so() {
    let expiring = publish_with(2_000, 1, r#", "expiry_s": 2"#);
    let run = played(
        LASTING,
        &[connect(0), subscribe(500, "room/+", 1), step(1_000, "lamp", "disconnect", ""), expiring],
    );
    assert_eq!(answer_at(&run, 3_000).1, Mark::Waits);
    assert_eq!(answer(&run), (Found::Expired, Mark::Stopped, "MQTT-3.3.2-5"));
}

/// [glassbroker.bound.queue]
#[test]
fn a_full_queue_drops_the_new_message() {
    let steps = [
        connect(0),
        subscribe(500, "room/+", 1),
        step(1_000, "lamp", "disconnect", ""),
        publish(2_000, 1),
        publish(3_000, 1),
    ];
    let set = r#""broker": { "profile": "mqtt", "set": { "session.queue_max_messages": 1 } },"#;
    let run = run_of(LASTING, &steps.join(", "), set);
    assert_eq!(answer(&run), (Found::Dropped, Mark::Stopped, "glassbroker.bound.queue"));
}

/// [aws.policy.evaluation] [aws.policy.receive]
#[test]
fn a_policy_stops_the_publisher_the_subscription_or_the_receiver() {
    let policies = |lamp: &str, sensor: &str| {
        let statement = |actions: &str| {
            format!(
                r#"{{ "Version": "2012-10-17", "Statement": [ {{ "Effect": "Allow", "Action": [ "iot:Connect" {actions} ], "Resource": "*" }} ] }}"#
            )
        };
        format!(
            r#""broker": {{ "profile": "aws-iot-core", "policies": {{ "lamp": {}, "sensor": {} }} }},"#,
            statement(lamp),
            statement(sensor)
        )
    };
    let steps = [connect(0), subscribe(500, "room/+", 1), publish(2_000, 1)].join(", ");
    let run = |lamp: &str, sensor: &str| {
        let text = policies(lamp, sensor);
        let text = format!(
            r#"{{ "glassbroker": 1, "until": "10s", {text}
                "clients": [ {{ "id": "sensor", "mqtt": "5", "policy": "sensor" }}, {{ "id": "lamp", "mqtt": "5", "policy": "lamp" }} ],
                "steps": [ {{ "at": "0s", "client": "sensor", "do": "connect" }}, {steps} ] }}"#
        );
        let plan = compile(&parse(&text).unwrap(), &Overrides::default()).unwrap();
        let mut run = Run::new(&plan.setup).unwrap();
        while !run.advance_to(run.until(), 100_000).done {}
        run
    };
    let (publishes, both) = (r#", "iot:Publish""#, r#", "iot:Subscribe", "iot:Receive""#);
    assert_eq!(answer(&run(both, publishes)).1, Mark::Arrived);
    let evaluation = "aws.policy.evaluation";
    assert_eq!(answer(&run("", publishes)), (Found::SubscribeRefused(filter()), Mark::Stopped, evaluation));
    assert_eq!(answer(&run(r#", "iot:Subscribe""#, publishes)), (Found::Denied, Mark::Stopped, evaluation));
    assert_eq!(answer(&run(both, "")), (Found::Refused, Mark::Stopped, evaluation));
}

/// [aws.quota.publish-in]
#[test]
fn a_quota_refuses_the_publication() {
    let set = r#""broker": { "profile": "mqtt", "set": { "publish.in_per_s": 1, "publish.in_burst": 1 } },"#;
    let steps = [connect(0), subscribe(500, "room/+", 1), publish(2_000, 1), publish(2_100, 1)];
    let run = run_of("", &steps.join(", "), set);
    assert_eq!((answer(&run).0, answer(&run).1), (Found::Refused, Mark::Stopped));
}

/// [S6] Of a shared subscription one member gets each message.
#[test]
fn the_other_member_of_a_shared_subscription_is_named() {
    let share = |client: &str, at_ms| {
        step(at_ms, client, "subscribe", r#", "filters": [ { "filter": "$share/g/room/+", "qos": 1 } ]"#)
    };
    let steps = [
        connect(0),
        step(0, "third", "connect", ""),
        share("lamp", 500),
        share("third", 600),
        publish(1_000, 1),
        publish(1_100, 1),
        publish(1_200, 1),
        publish(1_300, 1),
        publish(1_400, 1),
        publish(1_500, 1),
    ];
    let run = played("", &steps);
    let (found, mark, _) = answer(&run);
    assert_eq!((found, mark), (Found::OtherMember("$share/g/room/+".into(), "third".into()), Mark::Stopped));
}

/// [S6] The queue of a group is asked as a client is; a group has no session that could be missed.
#[test]
fn a_shared_subscription_without_a_member_keeps_its_messages() {
    let group = "$share/g/room/+";
    let share =
        step(500, "lamp", "subscribe", r#", "filters": [ { "filter": "$share/g/room/+", "qos": 1 } ]"#);
    let lamp = r#", "connect": { "clean_start": false, "session_expiry_s": 3600 }"#;
    let aws = r#""broker": { "profile": "aws-iot-core" },"#;
    let steps = [connect(0), share, step(1_000, "lamp", "disconnect", ""), publish(2_000, 1)];
    let run = run_of(lamp, &steps.join(", "), aws);
    let trace = run.trace();
    let about = About::Topic("room/temp".into(), SimTime(0));
    let events = trace.seq_at(SimTime(10_000_000));
    let walk =
        why_nothing(trace, &Question { client: group.into(), about, events, parent: ParentMatch::Included });
    assert_eq!(walk.answer().map(|step| step.mark), Some(Mark::Waits), "{walk:?}");
    let speaks_of_a_session =
        |found: &Found| matches!(found, Found::NeverConnected | Found::NeverSubscribed | Found::NoSession);
    assert!(walk.steps.iter().all(|step| !speaks_of_a_session(&step.found)), "{walk:?}");
}

/// [5.0 MQTT-3.8.3-3]
#[test]
fn no_local_keeps_a_client_from_its_own() {
    let own = step(1_000, "lamp", "publish", r#", "topic": "room/temp", "payload": "1""#);
    let no_local = step(
        500,
        "lamp",
        "subscribe",
        r#", "filters": [ { "filter": "room/+", "qos": 1, "no_local": true } ]"#,
    );
    let run = played("", &[connect(0), no_local, own]);
    assert_eq!(answer(&run), (Found::NoLocal, Mark::Stopped, "MQTT-3.8.3-3"));
}

#[test]
fn a_will_that_is_not_sent_yet_says_until_when() {
    let will = r#", "connect": { "will": { "topic": "room/temp", "payload": "gone", "delay_s": 5 }, "session_expiry_s": 60 }"#;
    let text = format!(
        r#"{{ "glassbroker": 1, "until": "10s",
            "clients": [ {{ "id": "sensor", "mqtt": "5" {will} }}, {{ "id": "lamp", "mqtt": "5" }} ],
            "steps": [ {{ "at": "0s", "client": "sensor", "do": "connect" }}, {}, {},
                {{ "at": "2s", "client": "sensor", "do": "disconnect", "code": 4 }} ] }}"#,
        connect(0),
        subscribe(500, "room/+", 0)
    );
    let plan =
        compile(&parse(&text).unwrap_or_else(|problems| panic!("{problems:?}")), &Overrides::default())
            .unwrap();
    let mut run = Run::new(&plan.setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    assert_eq!((answer_at(&run, 1_500).0, answer_at(&run, 1_500).1), (Found::WillNotSent, Mark::Waits));
    let walk = ask(&run, About::Topic("room/temp".into(), SimTime::ZERO), 4_000);
    let event = run.trace().get(walk.answer().unwrap().seq.unwrap()).unwrap();
    assert_eq!(event.until().map(|at| at.0 / 1_000_000), Some(7));
    assert_eq!(answer(&run).0, Found::Arrived(1));
}

#[test]
fn nothing_published_is_the_reason_where_all_else_is_well() {
    let run = played("", &[connect(0), subscribe(500, "room/+", 1)]);
    assert_eq!((answer(&run).0, answer(&run).1), (Found::NothingPublished, Mark::Stopped));
}

/// [aws.session.replay-rate]
#[test]
fn what_waits_for_the_replay_rate_says_until_when() {
    let set = r#""broker": { "profile": "mqtt", "set": { "session.replay_per_s": 1 } },"#;
    let steps = [
        connect(0),
        subscribe(500, "room/+", 1),
        step(1_000, "lamp", "disconnect", ""),
        publish(2_000, 1),
        publish(2_100, 1),
        publish(2_200, 1),
        publish(2_300, 1),
        connect(3_000),
    ];
    let run = run_of(LASTING, &steps.join(", "), set);
    let (found, mark, _) = answer_at(&run, 4_500);
    assert_eq!((found, mark), (Found::Delayed, Mark::Waits));
    assert_eq!(answer(&run).1, Mark::Arrived);
}

/// [glassbroker.what-if]
#[test]
fn what_a_link_or_a_what_if_takes_is_told() {
    let begin = |lamp: &str, more: &[String]| {
        let link = format!(r#"{lamp}, "link": {{ "latency_ms": 50 }}"#);
        let mut steps = vec![connect(0), subscribe(500, "room/+", 0)];
        steps.extend_from_slice(more);
        played(&link, &steps)
    };
    let cut = begin("", &[publish(1_000, 0), step(1_050, "lamp", "cut", "")]);
    assert_eq!((answer(&cut).0, answer(&cut).1), (Found::Lost, Mark::Stopped));
    for (what, more) in [("stall", r#", "for": "5s""#), ("half_open", r#", "way": "to_client""#)] {
        let held = begin("", &[step(900, "lamp", what, more), publish(1_000, 0)]);
        assert_eq!(
            (answer_at(&held, 3_000).0, answer_at(&held, 3_000).1),
            (Found::Link, Mark::Waits),
            "{what}"
        );
    }
    let dropped = begin(
        "",
        &[
            step(900, "lamp", "what_if_drop", r#", "way": "to_client", "packet": "PUBLISH""#),
            publish(1_000, 0),
        ],
    );
    assert_eq!(answer(&dropped), (Found::Lost, Mark::Stopped, "glassbroker.what-if"));
}

#[test]
fn what_is_lost_or_kept_before_the_broker_is_told_of_its_publisher() {
    let up = [connect(0), subscribe(500, "room/+", 1), step(900, "sensor", "cut", ""), publish(1_000, 1)];
    let run = played("", &up);
    let expected = (Found::KeptByPublisher, Mark::Waits, "glassbroker.client.held");
    assert_eq!(answer(&run), expected);
    let up = [connect(0), subscribe(500, "room/+", 1), publish(1_000, 0), step(1_010, "sensor", "cut", "")];
    assert_eq!(
        (answer(&played("", &up)).0, answer(&played("", &up)).1),
        (Found::LostOnTheWayUp, Mark::Stopped)
    );
}
