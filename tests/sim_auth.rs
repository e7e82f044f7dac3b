//! Who may come in and do what, as a scenario says it: with virtual clients that answer challenges.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;

/// The run of a document: what its broker says, its clients, and what they do.
fn run(broker: &str, clients: &str, steps: &str) -> Run {
    let document = format!(
        r#"{{ "glassbroker": 1, "until": "60s", "broker": {{ {broker} }}, "clients": [ {clients} ], "steps": [ {steps} ] }}"#
    );
    let scenario = parse(&document).unwrap_or_else(|problems| panic!("{problems:?}"));
    // It is the same when it is written and read again, as a link does.
    assert_eq!(parse(&scenario.to_json().unwrap()).unwrap(), scenario);
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

/// The packets that a client sent and received, by its own word: type and code.
fn packets(run: &Run, client: &str) -> Vec<String> {
    let ours = run.trace().iter().filter(|event| {
        let is_packet = matches!(event.kind(), Kind::PacketSent | Kind::PacketReceived);
        is_packet && event.client() == client && event.by() == By::Client
    });
    ours.map(|event| {
        let fields = event.fields();
        let field =
            |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        format!("{} {}", field("packet"), field("code")).trim().to_owned()
    })
    .collect()
}

/// [C7] Through the whole pipeline.
#[test]
fn a_scenario_has_users() {
    let clients = r#"{ "id": "right", "username": "alice", "password": "secret" },
        { "id": "wrong", "mqtt": "3.1.1", "username": "alice", "password": "sesame" }, { "id": "nobody" }"#;
    let steps = r#"{ "at": "1s", "client": "right", "do": "connect" }, { "at": "2s", "client": "wrong", "do": "connect" },
        { "at": "3s", "client": "nobody", "do": "connect" }"#;
    let run = run(r#""users": { "alice": "secret" }"#, clients, steps);
    assert_eq!(packets(&run, "right"), ["CONNECT", "CONNACK 0"]);
    assert_eq!(packets(&run, "wrong"), ["CONNECT", "CONNACK 4"]);
    assert_eq!(packets(&run, "nobody"), ["CONNECT", "CONNACK 135"]);
}

/// 4.12 of MQTT 5.0: what a virtual client does when it is challenged, and when it asks to be challenged again.
#[test]
fn a_virtual_client_answers_challenges() {
    let broker = r#""set": { "auth.challenge": true }, "users": { "alice": "secret" }"#;
    let client = |id: &str, password: &str| {
        format!(
            r#"{{ "id": "{id}", "username": "alice", "password": "{password}", "connect": {{ "auth": "GLASS-CHALLENGE" }} }}"#
        )
    };
    let clients = [client("right", "secret"), client("wrong", "guess")].join(",");
    let steps = r#"{ "at": "1s", "client": "right", "do": "connect" }, { "at": "1s", "client": "wrong", "do": "connect" },
        { "at": "5s", "client": "right", "do": "reauthenticate" }, { "at": "9s", "client": "wrong", "do": "reauthenticate" }"#;
    let run = run(broker, &clients, steps);
    assert_eq!(
        packets(&run, "right"),
        ["CONNECT", "AUTH 24", "AUTH 24", "CONNACK 0", "AUTH 25", "AUTH 24", "AUTH 24", "AUTH 0"]
    );
    assert_eq!(packets(&run, "wrong"), ["CONNECT", "AUTH 24", "AUTH 24", "CONNACK 135"]);
    // The password itself is on no wire and in no trace.
    assert!(!run.trace().text().contains("secret") && !run.trace().text().contains("guess"));
}

/// [MQTT-4.12.0-7]: a client without a method sends no AUTH.
#[test]
fn a_client_without_a_method_does_not_re_authenticate() {
    let steps = r#"{ "at": "1s", "client": "a", "do": "connect" }, { "at": "2s", "client": "a", "do": "reauthenticate" }"#;
    let run = run("", r#"{ "id": "a" }"#, steps);
    assert_eq!(packets(&run, "a"), ["CONNECT", "CONNACK 0"]);
}

/// [P3] In a document: the list as text, or line by line.
#[test]
fn a_scenario_has_an_access_list() {
    let clients = r#"{ "id": "reader" }, { "id": "writer", "username": "alice" }"#;
    let steps = r##"{ "at": "1s", "client": "reader", "do": "connect" }, { "at": "1s", "client": "writer", "do": "connect" },
        { "at": "2s", "client": "reader", "do": "subscribe", "filters": [ { "filter": "a" }, { "filter": "#" } ] },
        { "at": "3s", "client": "writer", "do": "publish", "topic": "a", "qos": 1 },
        { "at": "4s", "client": "reader", "do": "publish", "topic": "a", "qos": 1 }"##;
    for acl in
        [r#""topic read a\nuser alice\ntopic write a""#, r#"["topic read a", "user alice", "topic write a"]"#]
    {
        let run = run(&format!(r#""acl": {acl}"#), clients, steps);
        assert_eq!(packets(&run, "writer"), ["CONNECT", "CONNACK 0", "PUBLISH", "PUBACK 0"]);
        let text = run.trace().text();
        assert!(
            text.contains(r#""resource":"a","why":"publish, by line 3: topic write a","number":3"#),
            "{text}"
        );
        assert!(text.contains(r#""codes":[0,135]"#));
        assert!(packets(&run, "reader").contains(&"PUBACK 135".to_owned()));
    }
}

/// Rows M4 and M8 in a document.
#[test]
fn a_scenario_redirects_and_tells_where_answers_go() {
    let connect = r#"{ "at": "1s", "client": "a", "do": "connect" }"#;
    let run_of = |broker| {
        run(broker, r#"{ "id": "a", "connect": { "request_response_information": true } }"#, connect)
    };
    let elsewhere = run_of(r#""redirect": { "to": "other.example:1883", "permanently": true }"#);
    assert_eq!(packets(&elsewhere, "a"), ["CONNECT", "CONNACK 157"]);
    assert!(elsewhere.trace().text().contains(r#""server_reference":"other.example:1883""#));
    let here = run_of(r#""response_information": "answers/a""#);
    assert!(here.trace().text().contains(r#""response_information":"answers/a""#));
}

/// What is wrong is said with its place, of a list with its line.
#[test]
fn mistakes_are_told_with_their_place() {
    for (broker, client, said) in [
        (r#""acl": "topic a\ntopik b""#, "", "broker.acl: line 2: a line begins with `topic`"),
        (r#""acl": ["topic a/#/b"]"#, "", "broker.acl: line 1: "),
        (r#""acl": 5"#, "", "broker.acl: an access list, as text or as a list of lines, belongs here, not"),
        (r#""redirect": { "to": "" }"#, "", "broker.redirect.to: a server belongs here"),
        (
            "",
            r#", "mqtt": "3.1.1", "connect": { "auth": "X" }"#,
            "clients[0].connect.auth: only MQTT 5 has this",
        ),
    ] {
        let document = format!(
            r#"{{ "glassbroker": 1, "broker": {{ {broker} }}, "clients": [ {{ "id": "a" {client} }} ] }}"#
        );
        let problems = parse(&document).unwrap_err();
        assert!(problems[0].to_string().contains(said), "{problems:?}");
    }
}
