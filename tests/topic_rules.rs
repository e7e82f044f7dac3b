//! Topic rules and Basic Ingest (row O7): what a statement picks, and what is published again.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, Scenario, compile, parse};
use glassbroker::sim::Run;
use glassbroker::wire::{Packet, Publish};
use serde_json::{Value, json};

/// A document in which an application listens to `out/#`, and a lamp publishes.
fn document(rules: &Value, messages: &[Value]) -> Value {
    let mut steps = vec![
        json!({ "at": "0s", "client": "app", "do": "connect" }),
        json!({ "at": "0s", "client": "lamp", "do": "connect" }),
        json!({ "at": "500ms", "client": "app", "do": "subscribe", "filters": [ { "filter": "out/#", "qos": 1 } ] }),
    ];
    for message in messages {
        let mut step = json!({ "at": "1s", "client": "lamp", "do": "publish" });
        step.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
        steps.push(step);
    }
    json!({ "glassbroker": 1, "broker": { "profile": "aws-iot-core", "rules": rules },
        "clients": [ { "id": "app" }, { "id": "lamp" } ], "steps": steps })
}

fn scenario(rules: &Value, messages: &[Value]) -> Scenario {
    parse(&document(rules, messages).to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn run(rules: &Value, messages: &[Value]) -> Run {
    let scenario = scenario(rules, messages);
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

/// The messages that came to the application.
fn received(run: &Run) -> Vec<Publish> {
    let came = |kind, client: &str, by| kind == Kind::PacketReceived && client == "app" && by == By::Client;
    let events = run.trace().iter().filter(|event| came(event.kind(), event.client(), event.by()));
    let messages = events.filter_map(|event| match event.decode() {
        Some(Ok(Packet::Publish(message))) => Some(message),
        _ => None,
    });
    messages.collect()
}

fn texts(messages: &[Publish]) -> Vec<(String, String)> {
    let text = |message: &Publish| {
        (message.topic.to_string(), String::from_utf8(message.payload.to_vec()).expect("text"))
    };
    messages.iter().map(text).collect()
}

/// What the rules say of their work.
fn whys(run: &Run) -> Vec<String> {
    let events = run.trace().iter().filter(|event| event.kind() == Kind::AccountRule);
    events.map(|event| event.why().to_owned()).collect()
}

fn republish(sql: &str, topic: &str) -> Value {
    json!({ "r": { "sql": sql, "actions": [ { "republish": { "topic": topic } } ] } })
}

/// What comes of one message to `in/7/state` by a statement.
fn picked(sql: &str, payload: &str) -> Option<String> {
    let run = run(&republish(sql, "out/picked"), &[json!({ "topic": "in/7/state", "payload": payload })]);
    texts(&received(&run)).pop().map(|(_, payload)| payload)
}

/// [O7] [aws.rule.select] Fields, paths, all of them, other names, and what is computed.
#[test]
fn select_picks_fields() {
    let payload = r#"{"t":21.50,"unit":"C","at":{"room":{"no":7}},"list":[{"x":1},{"x":2}],"ok":true}"#;
    for (select, expected) in [
        ("*", payload.to_owned()),
        ("t", r#"{"t":21.50}"#.to_owned()),
        ("t AS temperature, at.room.no", r#"{"temperature":21.50,"no":7}"#.to_owned()),
        ("at.room AS room, list[1].x AS second", r#"{"room":{"no":7},"second":2}"#.to_owned()),
        ("missing, missing.deeper AS d, list[9] AS e", "{}".to_owned()),
        ("*, 'x' AS unit", payload.replace("\"C\"", "\"x\"")),
        (
            "t * 2 + 1 AS a, (t - 1) / 2 AS b, 7 % 4 AS c, -t AS d",
            r#"{"a":44,"b":10.25,"c":3,"d":-21.5}"#.to_owned(),
        ),
        ("unit + '-' + t AS joined", r#"{"joined":"C-21.50"}"#.to_owned()),
        (
            "topic() AS a, topic(2) AS b, topic(9) AS c, clientid() AS d",
            r#"{"a":"in/7/state","b":"7","d":"lamp"}"#.to_owned(),
        ),
    ] {
        assert_eq!(picked(&format!("SELECT {select} FROM 'in/#'"), payload), Some(expected), "{select}");
    }
    assert_eq!(picked("SELECT * FROM 'in/#'", "no JSON").as_deref(), Some("no JSON"));
    assert_eq!(picked("SELECT t, topic(1) AS i FROM 'in/#'", "no JSON").as_deref(), Some(r#"{"i":"in"}"#));
}

/// [O7] [aws.rule.functions] The time is the run's, in milliseconds since 1970.
#[test]
fn the_time_is_the_run_s() {
    let picked = picked("select timestamp() as now from 'in/#'", "{}").unwrap();
    let now = serde_json::from_str::<Value>(&picked).unwrap()["now"].as_u64().unwrap();
    assert!((1_767_225_601_000..1_767_225_602_000).contains(&now), "{now}");
}

/// [O7] [aws.rule.where] Only what is true passes; a missing field makes a comparison neither true nor false.
#[test]
fn where_decides() {
    let payload = r#"{"t":21.5,"unit":"C","on":true,"nested":{"n":10}}"#;
    for (condition, passes) in [
        ("t > 20", true),
        ("t > 21.5", false),
        ("t >= 21.50", true),
        ("nested.n < 9", false),
        ("nested.n > '9'", true),
        ("unit = 'C'", true),
        ("unit <> 'F' AND unit != 'K'", true),
        ("unit > 'B'", true),
        ("on", true),
        ("on = false", false),
        ("t", false),
        ("missing = 1", false),
        ("NOT missing = 1", false),
        ("missing > 1 OR on", true),
        ("missing > 1 AND NOT on", false),
        ("NOT t > 30 AND NOT (unit = 'F' OR unit = 'K')", true),
        ("t > 30 OR t > 20 AND unit = 'C'", true),
        ("(t > 20 OR on) AND unit = 'F'", false),
        ("t - 1.5 = 4 * 5", true),
        ("topic(2) = '7' AND clientid() = 'lamp'", true),
    ] {
        let picked = picked(&format!("SELECT t FROM 'in/+/state' WHERE {condition}"), payload);
        assert_eq!(picked.is_some(), passes, "{condition}");
    }
    assert_eq!(picked("SELECT * FROM 'in/+'", payload), None, "FROM is a Topic Filter");
    let run = run(
        &republish("SELECT t FROM 'in/+/state' WHERE t > 30", "out"),
        &[json!({ "topic": "in/7/state", "payload": payload })],
    );
    assert_eq!(whys(&run), ["r: WHERE is not true"]);
    let (name, _, counts) = run.world().account().rules().next().unwrap();
    assert_eq!((name, counts.matched, counts.passed), ("r", 1, 0));
}

/// [O7] [aws.rule.republish] The topic is computed, the QoS the action's, and headers take the properties over that it names.
#[test]
fn a_message_is_published_again() {
    let rules = json!({ "r": { "sql": "SELECT * FROM 'in/+/state'", "actions": [
        { "republish": { "topic": "out/${topic(2)}/${kind}/${none}", "qos": 1, "content_type": "${get_mqtt_property('content_type')}",
            "correlation_data": "${get_mqtt_property('correlation_data')}", "response_topic": "out/answers",
            "user_properties": [["from", "${clientid()}"], ["room", "${get_user_properties('room')}"]] } },
        { "republish": { "topic": "out/plain" } }
    ] } });
    let message = json!({ "topic": "in/7/state", "payload": "{\"kind\":\"lamp\"}", "content_type": "text/x", "correlation_data": "c1",
        "user_properties": [["room", "12"], ["other", "1"]] });
    let run = run(&rules, &[message]);
    let received = received(&run);
    let [first, plain] = &received[..] else { panic!("{received:?}") };
    assert_eq!((&*first.topic, first.qos as u8), ("out/7/lamp/Undefined", 1));
    assert_eq!(first.properties.content_type().map(|text| &**text), Some("text/x"));
    assert_eq!(first.properties.response_topic().map(|text| &**text), Some("out/answers"));
    assert_eq!(first.properties.correlation_data().map(|data| &data[..]), Some(&b"c1"[..]));
    let pairs: Vec<_> = first.properties.user_properties().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(pairs, [("from", "lamp"), ("room", "12")]);
    assert_eq!((&*plain.topic, plain.qos as u8, plain.properties.0.len()), ("out/plain", 0, 0));
    assert_eq!(whys(&run), ["r: republished", "r: republished"]);
}

/// [O7] [aws.rule.republish] A topic with a wildcard in it cannot be published to; the other action goes on.
#[test]
fn an_action_that_fails_is_noted() {
    let rules = json!({ "r": { "sql": "SELECT * FROM 'in'", "actions": [
        { "republish": { "topic": "out/${to}" } }, { "republish": { "topic": "out/b" } } ] } });
    let run = run(&rules, &[json!({ "topic": "in", "payload": "{\"to\":\"#\"}" })]);
    assert_eq!(texts(&received(&run)).len(), 1);
    assert!(whys(&run)[0].starts_with("r: cannot republish to `out/#`"), "{:?}", whys(&run));
    let (_, _, counts) = run.world().account().rules().next().unwrap();
    assert_eq!((counts.republished, counts.failed), (1, 1));
}

/// [O7] [aws.ingest.topic] [aws.ingest.unknown] Basic Ingest calls a rule by name, whatever its FROM, and no other; what calls
/// none is noted.
#[test]
fn basic_ingest_calls_a_rule() {
    let action = |topic: &str| json!([ { "republish": { "topic": topic } } ]);
    let rules = json!({
        "store": { "sql": "SELECT *, topic() AS topic, topic(2) AS second WHERE n > 0", "actions": action("out/store") },
        "other": { "sql": "SELECT * FROM 'a/b'", "actions": action("out/other") },
        "asleep": { "sql": "SELECT *", "actions": action("out/asleep"), "enabled": false },
    });
    let ingest =
        |topic: &str| json!({ "topic": format!("$aws/rules/{topic}"), "payload": "{\"n\":1}", "qos": 1 });
    let run = run(&rules, &[ingest("store/a/b"), ingest("store"), ingest("asleep/a"), ingest("nobody")]);
    let expected = [
        ("out/store".to_owned(), r#"{"n":1,"topic":"a/b","second":"b"}"#.to_owned()),
        ("out/store".to_owned(), r#"{"n":1,"topic":""}"#.to_owned()),
    ];
    assert_eq!(texts(&received(&run)), expected);
    assert_eq!(whys(&run)[2..], ["no rule `asleep` is enabled", "no rule `nobody` is enabled"]);
}

/// [O7] [aws.rule.republish] [O6] `$$` reaches reserved topics, so that a rule can keep a shadow.
#[test]
fn a_rule_updates_a_shadow() {
    let rules = json!({ "shadow": { "sql": "SELECT state FROM 'in/+'",
        "actions": [ { "republish": { "topic": "$$aws/things/${topic(2)}/shadow/update" } } ] } });
    let run = run(
        &rules,
        &[json!({ "topic": "in/lamp", "payload": "{\"state\":{\"reported\":{\"on\":true}},\"x\":1}" })],
    );
    let shadows: Vec<_> = run.world().account().shadows().collect();
    assert_eq!((shadows.len(), shadows[0].thing.as_str(), shadows[0].version), (1, "lamp", 1));
}

/// [O7] Rules see what the account itself tells, and what Wills say.
#[test]
fn rules_hear_the_account() {
    let rules = republish("SELECT eventType FROM '$aws/events/presence/disconnected/+'", "out/${topic(5)}");
    let mut document = document(&rules, &[]);
    document["steps"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "at": "2s", "client": "lamp", "do": "disconnect" }));
    let scenario = parse(&document.to_string()).unwrap();
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    assert_eq!(
        texts(&received(&run)),
        [("out/lamp".to_owned(), r#"{"eventType":"disconnected"}"#.to_owned())]
    );
}

/// A rule that calls itself stops after eight times, and two that call each other do not multiply without end.
#[test]
fn loops_end() {
    let run = run(
        &republish("SELECT * FROM 'out/loop'", "out/loop"),
        &[json!({ "topic": "out/loop", "payload": "x" })],
    );
    assert_eq!(received(&run).len(), 1 + 8);
    assert_eq!(whys(&run).last().unwrap(), "r: too many rules publish because of one another");
    let actions: Vec<Value> = (0..10).map(|_| json!({ "republish": { "topic": "out/loop" } })).collect();
    let many = json!({ "a": { "sql": "SELECT * FROM 'out/loop'", "actions": actions } });
    let run = self::run(&many, &[json!({ "topic": "out/loop", "payload": "x" })]);
    let (_, _, counts) = run.world().account().rules().next().unwrap();
    assert_eq!(counts.republished, 10 + 1_000);
}

/// [aws.rule.limits] A document says where a rule is wrong, and which bounds there are.
#[test]
fn what_is_wrong_with_a_rule_is_told_with_its_place() {
    for (sql, part) in [
        ("", "at byte 0: SELECT belongs here"),
        ("SELECT", "at byte 6: a value belongs here"),
        ("SELECT a b FROM 'x'", "at byte 9: FROM, WHERE, an operator or the end"),
        ("SELECT a + 1 FROM 'x'", "at byte 7: what is computed needs a name"),
        ("SELECT * FROM x", "at byte 14: a Topic Filter in quotes"),
        ("SELECT * FROM 'x/#/y'", "at byte 14: at byte 2: `#`"),
        ("SELECT * FROM 'x' WHERE", "at byte 23: a value belongs here"),
        ("SELECT * FROM 'x' WHERE a = 'b", "at byte 28: this text has no closing quote"),
        ("SELECT encode(a, 'base64') AS b FROM 'x'", "at byte 7: there is no function `encode`"),
        ("SELECT topic(1, 2) FROM 'x'", "at byte 7: `topic` does not take 2 arguments"),
        ("SELECT 1.2.3 AS a FROM 'x'", "at byte 7: `1.2.3` is no number"),
        ("SELECT a ; b FROM 'x'", "at byte 9: `;` has no meaning here"),
    ] {
        let problems = parse(&document(&republish(sql, "out"), &[]).to_string()).unwrap_err();
        let said = problems[0].to_string();
        assert!(said.contains("broker.rules.r.sql") && said.contains(part), "{sql}: {said}");
    }
    let nested = format!("SELECT {}a{} AS a", "(".repeat(40), ")".repeat(40));
    assert!(
        parse(&document(&republish(&nested, "out"), &[]).to_string()).unwrap_err()[0]
            .to_string()
            .contains("32")
    );
    let of = |rules: Value| {
        parse(&document(&rules, &[]).to_string())
            .and_then(|scenario| compile(&scenario, &Overrides::default()).map(|_| ()))
    };
    for (rules, part) in [
        (republish("SELECT *", "out/${a"), "actions[0].republish.topic: at byte 4: `${` has no closing `}`"),
        (republish("SELECT *", "out/${1 +}"), "at byte 9: a value belongs here"),
        (json!({ "a b": { "sql": "SELECT *", "actions": [] } }), "letters, digits and underscores"),
        (
            json!({ "r": { "sql": "SELECT *", "actions": vec![json!({ "republish": { "topic": "o" } }); 11] } }),
            "at most 10",
        ),
        (
            json!({ "r": { "sql": "SELECT *", "actions": [ { "republish": { "topic": "o", "qos": 2 } } ] } }),
            "0 to 1",
        ),
        (json!({ "r": { "sql": "SELECT *" } }), "`actions` is missing"),
    ] {
        let problems = of(rules).unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(part)), "{part}: {said:?}");
    }
}

/// A document with rules is written as it was read.
#[test]
fn rules_are_written_again() {
    let rules = json!({ "r_1": { "sql": "SELECT a AS b FROM 'x' WHERE a > 1", "enabled": false, "actions": [
        { "republish": { "topic": "out/${b}", "qos": 1, "content_type": "${get_mqtt_property('content_type')}",
          "user_properties": [["k", "${a}"]] } } ] } });
    let read = scenario(&rules, &[]);
    let written = read.to_json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap()["broker"]["rules"], rules);
    assert_eq!(parse(&written).unwrap(), read);
}
