//! Scenario documents: what is read, what is refused and how, and that nothing makes the reader panic.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::client::Action;
use glassbroker::profile::Value;
use glassbroker::scenario::{Link, Overrides, SavedRun, Scenario, What, compile, parse};
use glassbroker::sim::{Input, Moment};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{QoS, Version};
use proptest::prelude::*;

/// A document that uses every field once.
const FULL: &str = include_str!("scenario/full.json");

fn full() -> Scenario {
    parse(FULL).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

fn lines(problems: &[glassbroker::scenario::Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// The problems of the full document with one piece of text in place of another.
fn with(old: &str, new: &str) -> String {
    assert_eq!(FULL.matches(old).count(), 1, "`{old}` stands once in the document");
    match parse(&FULL.replace(old, new)) {
        Ok(_) => String::new(),
        Err(problems) => lines(&problems),
    }
}

#[test]
fn a_document_says_what_it_says() {
    let scenario = full();
    assert_eq!((scenario.title.as_str(), scenario.seed), ("Everything", 7));
    assert_eq!(scenario.until, Some(SimTime(60_000_000)));
    assert_eq!(scenario.broker.set.get("session.replay_per_s"), Some(&Value::Number(5)));
    let lamp = &scenario.clients[0];
    assert_eq!((lamp.client.id.as_str(), lamp.client.version), ("lamp", Version::V5));
    assert_eq!(lamp.client.connect.session_expiry_s, Some(3_600));
    assert!(!lamp.client.connect.clean_start);
    let will = lamp.client.connect.will.as_ref().unwrap();
    assert_eq!(
        (will.message.topic.as_str(), will.delay_s, will.message.qos),
        ("lamps/1/state", Some(5), QoS::AtLeastOnce)
    );
    assert_eq!(lamp.link.latency, Span::ms(40));
    assert_eq!(lamp.link.bytes_per_s, Some(100_000));
    let sensor = &scenario.clients[1];
    assert_eq!(sensor.client.version, Version::V3);
    assert_eq!(sensor.client.connect.password.as_deref(), Some(&b"secret"[..]));
    let publish = scenario.steps.iter().find(|step| step.times == 200).unwrap();
    assert_eq!((publish.at, publish.every), (SimTime(6_000_000), Span::ms(50)));
    let Input::Client { action: Action::Publish(message), .. } = &publish.input else { panic!() };
    assert_eq!(&message.payload[..], b"{{n}}");
    let Some(Input::Client { action: Action::Send { bytes }, .. }) = scenario
        .steps
        .iter()
        .map(|step| &step.input)
        .find(|input| matches!(input, Input::Client { action: Action::Send { .. }, .. }))
    else {
        panic!()
    };
    assert_eq!(&bytes[..], [0xc0, 0x00]);
    let ask = scenario.marks[0].ask.as_ref().unwrap();
    assert_eq!((ask.choices.len(), ask.answer), (2, 1));
    assert_eq!(scenario.expect[0].between, Some((SimTime(30_000_000), SimTime(60_000_000))));
}

#[test]
fn a_document_is_written_as_it_is_read() {
    let scenario = full();
    let json = scenario.to_json().unwrap();
    assert_eq!(parse(&json).unwrap(), scenario, "{json}");
}

#[test]
fn a_plan_holds_the_steps_the_marks_and_what_is_to_be_otherwise() {
    let scenario = full();
    let plan = compile(&scenario, &Overrides::default()).unwrap();
    assert_eq!(plan.setup.seed, 7);
    assert_eq!(plan.setup.profile.name(), "aws-iot-core");
    assert_eq!(plan.setup.until, SimTime(60_000_000));
    assert_eq!(plan.setup.steps.len(), scenario.steps.len() + scenario.marks.len());
    let password = plan.setup.steps.iter().find_map(|step| match &step.input {
        Input::Client { client, action: Action::Connect { options: Some(options) } }
            if client == "sensor" =>
        {
            options.password.clone()
        }
        _ => None,
    });
    assert_eq!(password.as_deref(), Some(&b"secret"[..]), "its own CONNECT keeps the client's credentials");
    let overrides = Overrides { profile: Some("mqtt".into()), seed: Some(8), until: Some(SimTime(1)) };
    let plan = compile(&scenario, &overrides).unwrap();
    assert_eq!((plan.setup.profile.name(), plan.setup.seed, plan.setup.until), ("mqtt", 8, SimTime(1)));
    let unknown = Overrides { profile: Some("mqt".into()), ..Overrides::default() };
    assert!(compile(&scenario, &unknown).unwrap_err()[0].message.contains("did you mean `mqtt`?"));
}

#[test]
fn without_an_end_it_lasts_ten_seconds_after_the_last_step() {
    let scenario = parse(
        r#"{ "glassbroker": 1, "clients": [ { "id": "a" } ],
             "steps": [ { "at": "1s", "every": "2s", "times": 3, "client": "a", "do": "cut" } ] }"#,
    );
    assert_eq!(scenario.unwrap().end(), SimTime(15_000_000));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_is_allowed() {
    for (old, new, said) in [
        (
            r#""glassbroker": 1"#,
            r#""glassbroker": 2"#,
            "glassbroker: this is the version of the document; the only one is 1",
        ),
        (
            r#""title": "Everything""#,
            r#""titel": "Everything""#,
            "there is no field `titel` here; did you mean `title`?",
        ),
        (r#""until": "60s""#, r#""until": "60""#, "until: `60` has no unit"),
        (
            r#""until": "60s""#,
            r#""until": "-60s""#,
            "until: `-60s` is no time: it begins with a number that is not negative",
        ),
        (r#""until": "60s""#, r#""until": 60"#, "until: a time as text with its unit"),
        (r#""until": "60s""#, r#""until": "10s""#, "the run ends at 10s"),
        (
            r#""seed": 7"#,
            r#""seed": -7"#,
            "seed: a whole number from 0 to 9007199254740991 belongs here, not -7",
        ),
        (r#""epoch": "2026-01-01T00:00:00Z""#, r#""epoch": "today""#, "epoch: a date and time in UTC"),
        (
            r#""profile": "aws-iot-core""#,
            r#""profile": "aws-iot""#,
            "broker.profile: there is no profile `aws-iot`",
        ),
        (
            r#""lamps": { "Version""#,
            r#""plant": {}, "lamps": { "Version""#,
            "broker.policies.plant: the field `Version` is missing",
        ),
        (r#""session.replay_per_s": 5"#, r#""session.replay_per": 5"#, "broker.set.session.replay_per"),
        (r#""id": "sensor""#, r#""id": "lamp""#, "there are two clients `lamp`"),
        (r#""mqtt": "3.1.1""#, r#""mqtt": "3""#, r#"the version of MQTT is "5" or "3.1.1""#),
        (
            r#""mqtt": "3.1.1""#,
            r#""mqtt": "3.1.1", "thing": { "nam": "a" }"#,
            "clients[1].thing: the field `name` is missing",
        ),
        (
            r#""topic": "lamps/1/state", "payload": "offline""#,
            r#""topic": "lamps/+/state""#,
            "clients[0].connect.will.topic: at byte 6",
        ),
        (r#""latency_ms": 40"#, r#""latency_ms": 0.5"#, "clients[0].link.latency_ms: a whole number"),
        (r#""do": "stop_acks""#, r#""do": "stop_ack""#, "did you mean `stop_acks`?"),
        (r#""do": "stop_acks""#, r#""do": "retained_delete""#, r#"write "on": "broker""#),
        (
            r#""client": "lamp", "do": "crash""#,
            r#""client": "lmp", "do": "crash""#,
            "there is no client `lmp`; did you mean `lamp`?",
        ),
        (r#""do": "crash""#, r#""do": "crash", "topic": "a""#, "there is no field `topic` here"),
        (
            r#""filter": "factory/+/status""#,
            r#""filter": "factory/x+/status""#,
            "filters[0].filter: at byte 9",
        ),
        (r#""every": "50ms", "times": 200"#, r#""times": 200"#, "`every` and `times` belong together"),
        (
            r#""every": "50ms", "times": 200"#,
            r#""every": "50ms", "times": 0"#,
            "times: a whole number from 1",
        ),
        (
            r#""every": "50ms", "times": 200"#,
            r#""every": "1us", "times": 1000000"#,
            "at most 1000000 are allowed",
        ),
        (r#""hex": "c000""#, r#""hex": "c0f""#, "pairs of hexadecimal digits"),
        (r#""base64": "AAE=""#, r#""base64": "A!""#, "its character 2 is wrong"),
        (r#""answer": 1"#, r#""answer": 2"#, "marks[0].ask.answer: the choices are numbered 0 to 1"),
        (
            r#""between": ["30s", "60s"]"#,
            r#""between": ["60s", "30s"]"#,
            "the first time must be before the second",
        ),
        (r#""between": ["30s", "60s"]"#, r#""between": ["60s"]"#, "two times belong here"),
        (r#""retain_handling": 2"#, r#""retain_handling": 3"#, "from 0 to 2 belongs here, not 3"),
        (
            r#""password": "secret""#,
            r#""password": "secret", "connect": { "session_expiry_s": 1 }"#,
            "connect.session_expiry_s: only MQTT 5 has this",
        ),
        (r#""on": "broker", "do": "set""#, r#""on": "brokr", "do": "set""#, r#"only "broker" belongs here"#),
        (r#""keep_store": false"#, r#""keep_store": 0"#, "true or false belongs here, not a number"),
        (r#""expect": ["#, r#""expect": [,"#, "a value is missing: `,` stands here"),
    ] {
        let problems = with(old, new);
        assert!(problems.contains(said), "{new}: {problems}");
    }
}

#[test]
fn a_place_is_a_line_and_a_column() {
    let problems = parse(
        "{\n  \"glassbroker\": 1,\n  \"steps\": [ { \"at\": \"1\", \"client\": \"a\", \"do\": \"cut\" } ]\n}",
    )
    .unwrap_err();
    assert_eq!(problems[0].to_string().split(": `").next(), Some("3:22: steps[0].at"));
    let problems =
        parse("{ \"glassbroker\": 1, \"broker\": { \"set\": {\n  \"packet.max_byte\": 1 } } }").unwrap_err();
    assert!(problems[0].to_string().starts_with("2:22: broker.set.packet.max_byte: "), "{}", problems[0]);
    let problems = parse("{\n  \"glassbroker\": 1,\n  \"steps\": [\n    { \"at\": \"1s\", \"client\": \"a\", \"do\": \"cut\" } ]\n}").unwrap_err();
    assert_eq!(problems[0].to_string(), "4:29: steps[0].client: there is no client `a`");
}

#[test]
fn several_problems_are_said_at_once_and_not_without_end() {
    let problems = parse(r#"{ "glassbroker": 1, "seed": "x", "until": 5, "titel": "" }"#).unwrap_err();
    assert_eq!(problems.len(), 3, "{}", lines(&problems));
    let many = format!(r#"{{ "glassbroker": 1, "steps": [{}] }}"#, vec!["0"; 1_000].join(","));
    assert_eq!(parse(&many).unwrap_err().len(), 50);
}

#[test]
fn a_document_is_bounded() {
    let long = format!(r#"{{ "glassbroker": 1, "about": "{}" }}"#, "x".repeat(4 << 20));
    assert!(parse(&long).unwrap_err()[0].message.contains("at most 4194304 are allowed"));
}

/// A JSON value somewhere in a document, replaced.
fn replaced(value: &mut serde_json::Value, at: &mut usize, by: &serde_json::Value) -> bool {
    if *at == 0 {
        *value = by.clone();
        return true;
    }
    *at -= 1;
    match value {
        serde_json::Value::Array(items) => items.iter_mut().any(|item| replaced(item, at, by)),
        serde_json::Value::Object(entries) => entries.values_mut().any(|item| replaced(item, at, by)),
        _ => false,
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(|n| serde_json::json!(n)),
        "[a-z{}/+#$0-9.\u{0}é]{0,12}".prop_map(Into::into),
        prop_oneof![
            Just("1s"),
            Just("18446744073709551615us"),
            Just("200000d"),
            Just("broker"),
            Just("lamp")
        ]
        .prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("(at|do|client|topic|hex|base64|[a-z_]{0,8})", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Reads a document, and takes it as far as it goes.
fn try_out(text: &str) {
    match parse(text) {
        Ok(scenario) => {
            let plan = compile(&scenario, &Overrides::default());
            assert!(plan.is_ok(), "what is read can be compiled");
            let again = scenario.to_json().unwrap();
            assert_eq!(parse(&again).unwrap(), scenario);
        }
        Err(problems) => {
            assert!(!problems.is_empty() && problems.len() <= 50);
            for problem in problems {
                assert!(problem.line > 0 && problem.column > 0 && !problem.message.is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_document_never_panics(at in 0usize..260, by in any_json()) {
        let mut json: serde_json::Value = serde_json::from_str(FULL).unwrap();
        replaced(&mut json, &mut { at }, &by);
        try_out(&json.to_string());
    }

    #[test]
    fn changed_text_never_panics(at in 0usize..4_000, length in 0usize..9, by in "[\\]\\[{}\",:0-9a-z\\\\é\u{0}]{0,6}") {
        let mut text = FULL.to_owned();
        let bound = |mut at: usize| {
            at = at.min(FULL.len());
            while !FULL.is_char_boundary(at) { at -= 1; }
            at
        };
        text.replace_range(bound(at)..bound(at + length), &by);
        try_out(&text);
    }

    #[test]
    fn a_changed_link_never_panics(at in 0usize..2_000, by in "[#&=%A-Za-z0-9._-]{0,5}", cut in 0usize..40) {
        let scenario = full();
        let run = SavedRun { engine: "0.1.0".into(), scenario, ..SavedRun::default() };
        let moment = Some(Moment { at: SimTime(1_500_000), ordinal: 2 });
        let link = Link { what: What::Run(Box::new(run)), moment, view: None, against: None, present: false };
        let mut text = link.write().unwrap();
        prop_assert_eq!(Link::parse(&text).unwrap(), link);
        let at = at.min(text.len());
        text.replace_range(at..(at + cut).min(text.len()), &by);
        if let Err(message) = Link::parse(&text) {
            prop_assert!(!message.is_empty());
        }
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,80}") {
        try_out(&text);
    }
}

#[test]
fn the_example_of_the_documentation_is_right() {
    let docs = include_str!("../docs/scenario.md");
    let example = docs.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let scenario = parse(example).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    assert_eq!(scenario.steps.len(), 4);
}
