//! Device shadows over MQTT (row O6): what is asked on their topics, and what is answered.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::wire::Packet;
use serde_json::{Value, json};

/// A run in which an application listens to all shadows of a lamp, and a lamp publishes documents to them: when, to what follows
/// `$aws/things/lamp/shadow/`, and what.
fn run(requests: &[(&str, &str, &str)]) -> Run {
    let steps: Vec<Value> = requests
        .iter()
        .map(|(at, to, document)| {
            let topic = format!("$aws/things/lamp/shadow/{to}");
            json!({ "at": at, "client": "lamp", "do": "publish", "topic": topic, "qos": 1, "payload": document })
        })
        .collect();
    let mut all = vec![
        json!({ "at": "0s", "client": "app", "do": "connect" }),
        json!({ "at": "0s", "client": "lamp", "do": "connect" }),
        json!({ "at": "500ms", "client": "app", "do": "subscribe",
                "filters": [ { "filter": "$aws/things/lamp/shadow/#", "qos": 1 } ] }),
    ];
    all.extend(steps);
    let document = json!({ "glassbroker": 1, "broker": { "profile": "aws-iot-core", "set": { "connection.websocket_max_s": "unlimited" } },
        "clients": [ { "id": "app" }, { "id": "lamp" } ], "steps": all });
    let scenario = parse(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

/// What the application receives but the requests themselves: what follows the shadow's topic, and the document.
fn answers(requests: &[(&str, &str, &str)]) -> Vec<(String, Value)> {
    let run = run(requests);
    let mut answers = Vec::new();
    for event in run.trace().iter() {
        let received =
            event.kind() == Kind::PacketReceived && event.client() == "app" && event.by() == By::Client;
        if let Some(Ok(Packet::Publish(message))) = received.then(|| event.decode()).flatten() {
            let kind = message.topic.strip_prefix("$aws/things/lamp/shadow/").unwrap();
            if !["get", "update", "delete"].iter().any(|one| kind.ends_with(one)) {
                answers.push((kind.to_owned(), serde_json::from_slice(&message.payload).unwrap()));
            }
        }
    }
    answers
}

fn kinds(answers: &[(String, Value)]) -> Vec<&str> {
    answers.iter().map(|(kind, _)| kind.as_str()).collect()
}

/// The second after the scenario's epoch, 2026-01-01T00:00:00Z.
const AT_1S: u64 = 1_767_225_601;

/// [O6] [aws.shadow.update] [aws.shadow.thing] An update is accepted, told in whole, and its difference in short.
#[test]
fn an_update_is_answered_three_times() {
    let update = r#"{"state":{"desired":{"on":true,"colour":{"r":1,"g":2}},"reported":{"on":false}},"clientToken":"t1"}"#;
    let answers = answers(&[("1s", "update", update)]);
    assert_eq!(kinds(&answers), ["update/accepted", "update/documents", "update/delta"]);
    let time = json!({ "timestamp": AT_1S });
    let desired = json!({ "on": time, "colour": { "r": time, "g": time } });
    let metadata = json!({ "desired": desired, "reported": { "on": time } });
    let state =
        json!({ "desired": { "on": true, "colour": { "r": 1, "g": 2 } }, "reported": { "on": false } });
    assert_eq!(
        answers[0].1,
        json!({ "state": state, "metadata": metadata, "version": 1, "timestamp": AT_1S, "clientToken": "t1" })
    );
    assert_eq!(
        answers[1].1,
        json!({ "previous": { "state": {}, "metadata": {}, "version": 0 },
                "current": { "state": state, "metadata": metadata, "version": 1 },
                "timestamp": AT_1S, "clientToken": "t1" })
    );
    assert_eq!(
        answers[2].1,
        json!({ "state": state["desired"], "metadata": desired, "version": 1, "timestamp": AT_1S, "clientToken": "t1" })
    );
}

/// [O6] [aws.shadow.update] Objects merge, lists and other values replace, null deletes a field or a section; each field has its own time.
#[test]
fn updates_merge() {
    let answers = answers(&[
        (
            "1s",
            "update",
            r#"{"state":{"reported":{"a":{"x":1,"y":2},"list":[1,2],"gone":true},"desired":{"z":1}}}"#,
        ),
        ("3s", "update", r#"{"state":{"reported":{"a":{"y":3},"list":[4],"gone":null},"desired":null}}"#),
        ("4s", "get", ""),
    ]);
    assert_eq!(
        kinds(&answers),
        [
            "update/accepted",
            "update/documents",
            "update/delta",
            "update/accepted",
            "update/documents",
            "get/accepted"
        ]
    );
    assert_eq!(answers[3].1["state"]["desired"], Value::Null, "what was said, with its nulls");
    assert_eq!(answers[4].1["previous"]["state"]["reported"]["gone"], true);
    let got = &answers[5].1;
    assert_eq!(got["state"], json!({ "reported": { "a": { "x": 1, "y": 3 }, "list": [4] } }));
    let (first, second) = (json!({ "timestamp": AT_1S }), json!({ "timestamp": AT_1S + 2 }));
    assert_eq!(
        got["metadata"],
        json!({ "reported": { "a": { "x": first, "y": second }, "list": [second] } })
    );
    assert_eq!((&got["version"], &got["timestamp"]), (&json!(2), &json!(AT_1S + 3)));
}

/// [O6] [aws.shadow.update] [aws.shadow.get] The delta has what is desired and not reported, and nothing when both agree.
#[test]
fn the_delta_is_what_is_left_to_do() {
    let answers = answers(&[
        ("1s", "update", r#"{"state":{"desired":{"on":true,"level":{"now":5,"max":9}}}}"#),
        ("2s", "update", r#"{"state":{"reported":{"level":{"now":4,"max":9},"only":"here"}}}"#),
        ("3s", "get", r#"{"clientToken":"t3"}"#),
        ("4s", "update", r#"{"state":{"reported":{"on":true,"level":{"now":5}}}}"#),
        ("5s", "get", ""),
    ]);
    let delta = json!({ "on": true, "level": { "now": 5 } });
    assert_eq!((answers[5].0.as_str(), &answers[5].1["state"]), ("update/delta", &delta));
    assert_eq!(
        answers[5].1["metadata"],
        json!({ "on": { "timestamp": AT_1S }, "level": { "now": { "timestamp": AT_1S } } })
    );
    assert_eq!((&answers[6].1["state"]["delta"], &answers[6].1["clientToken"]), (&delta, &json!("t3")));
    assert_eq!(kinds(&answers[7..]), ["update/accepted", "update/documents", "get/accepted"]);
    assert!(answers[9].1["state"].get("delta").is_none());
}

/// [O6] [aws.shadow.version] A version that is named must be the shadow's.
#[test]
fn an_update_of_another_version_is_rejected() {
    let answers = answers(&[
        ("1s", "update", r#"{"state":{"reported":{"n":1}},"version":0}"#),
        ("2s", "update", r#"{"state":{"reported":{"n":2}},"version":1}"#),
        ("3s", "update", r#"{"state":{"reported":{"n":3}},"version":1,"clientToken":"late"}"#),
        ("4s", "get", ""),
    ]);
    assert_eq!(
        answers[4],
        (
            "update/rejected".to_owned(),
            json!({ "code": 409, "message": "Version conflict", "timestamp": AT_1S + 2, "clientToken": "late" })
        )
    );
    assert_eq!((&answers[5].1["version"], &answers[5].1["state"]["reported"]["n"]), (&json!(2), &json!(2)));
}

/// [O6] [aws.shadow.delete] [aws.shadow.get] A deleted shadow is unknown; made again, it counts on, for 48 hours.
#[test]
fn a_deleted_shadow_keeps_its_version_for_two_days() {
    let update = r#"{"state":{"reported":{"n":1}}}"#;
    let answers = answers(&[
        ("1s", "get", ""),
        ("2s", "update", update),
        ("3s", "delete", r#"{"clientToken":"bye"}"#),
        ("4s", "delete", ""),
        ("47h", "update", update),
        ("48h", "delete", ""),
        ("97h", "update", update),
    ]);
    assert_eq!(answers[0].1["code"], 404);
    assert_eq!(answers[0].1["message"], "No shadow exists with name: 'lamp'");
    assert_eq!(answers[3].0, "delete/accepted");
    assert_eq!(answers[3].1, json!({ "version": 1, "timestamp": AT_1S + 2, "clientToken": "bye" }));
    assert_eq!((answers[4].0.as_str(), &answers[4].1["code"]), ("delete/rejected", &json!(404)));
    assert_eq!((answers[5].0.as_str(), &answers[5].1["version"]), ("update/accepted", &json!(2)));
    assert_eq!((answers[8].0.as_str(), &answers[8].1["version"]), ("update/accepted", &json!(1)));
}

/// [O6] [aws.shadow.rejected] [aws.shadow.size] Each thing that can be wrong has its code, and nothing is changed.
#[test]
fn what_is_wrong_is_rejected() {
    let nested = |levels: usize| {
        format!(r#"{{"state":{{"reported":{}1{}}}}}"#, r#"{"a":"#.repeat(levels), "}".repeat(levels))
    };
    let sized = |bytes: usize| format!(r#"{{"state":{{"reported":{{"a":"{}"}}}}}}"#, "x".repeat(bytes));
    let (eight, nine) = (nested(8), nested(9));
    // `{"a":""}` around it are eight bytes.
    let (fits, too_large) = (sized(8_192 - 8), sized(8_192 - 7));
    let long_token = format!(r#"{{"state":{{}},"clientToken":"{}"}}"#, "t".repeat(65));
    for (document, code, message) in [
        ("", 400, "Missing required node: state"),
        ("{", 400, "Invalid JSON"),
        ("[1]", 400, "Invalid JSON"),
        (r#"{"state":1}"#, 400, "State node must be an object"),
        (r#"{"state":{"desired":1}}"#, 400, "Desired node must be an object"),
        (r#"{"state":{"reported":[]}}"#, 400, "Reported node must be an object"),
        (r#"{"state":{"wanted":{}}}"#, 400, "State contains an invalid node"),
        (r#"{"state":{},"version":"1"}"#, 400, "Invalid version"),
        (&long_token, 400, "Invalid clientToken"),
        (&nine, 400, "JSON contains too many levels of nesting; maximum is 8"),
        (&too_large, 413, "The payload exceeds the maximum size allowed"),
    ] {
        let answers = answers(&[("1s", "update", document), ("2s", "get", "")]);
        assert_eq!(kinds(&answers), ["update/rejected", "get/rejected"], "{document}");
        assert_eq!(
            (&answers[0].1["code"], &answers[0].1["message"]),
            (&json!(code), &json!(message)),
            "{document}"
        );
    }
    for document in [&eight, &fits] {
        assert_eq!(answers(&[("1s", "update", document)])[0].0, "update/accepted", "{document}");
    }
}

/// [O6] A named shadow is another document than the classic one, and both can be looked at.
#[test]
fn named_shadows_stand_beside_the_classic_one() {
    let run = run(&[
        ("1s", "update", r#"{"state":{"reported":{"on":true}}}"#),
        ("2s", "name/night/update", r#"{"state":{"desired":{"level":1}}}"#),
        ("3s", "name/night/update", r#"{"state":{"desired":{"level":2}}}"#),
    ]);
    let views: Vec<_> = run.world().account().shadows().collect();
    assert_eq!(views.len(), 2);
    let [night, classic] = [1, 0].map(|at| &views[at]);
    assert_eq!((classic.thing.as_str(), classic.name.as_deref(), classic.version), ("lamp", None, 1));
    assert_eq!((night.thing.as_str(), night.name.as_deref(), night.version), ("lamp", Some("night"), 2));
    let document: Value = serde_json::from_str(&night.document).unwrap();
    assert_eq!(document["state"], json!({ "desired": { "level": 2 }, "delta": { "level": 2 } }));
    let events: Vec<_> = run.trace().iter().filter(|event| event.kind() == Kind::AccountShadow).collect();
    assert_eq!(events[2].topic(), "$aws/things/lamp/shadow/name/night");
    assert_eq!((events[2].client(), events[2].why()), ("lamp", "update accepted"));
}
