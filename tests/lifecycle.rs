//! What an account tells of its clients on `$aws/events/` (row O1).

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::wire::Packet;
use serde_json::{Value, json};

/// What a watcher of the filter receives while the clients do the steps: each topic with its payload.
fn watched(profile: &str, filter: &str, clients: &str, steps: &str) -> Vec<(String, Value)> {
    watched_by(&format!(r#""profile": "{profile}""#), r#""mqtt": "5""#, filter, clients, steps)
}

/// The same for a broker of AWS with something more to it, and a watcher with something more to say.
fn watched_with(
    broker: &str,
    watcher: &str,
    filter: &str,
    clients: &str,
    steps: &str,
) -> Vec<(String, Value)> {
    watched_by(&format!(r#""profile": "aws-iot-core", {broker}"#), watcher, filter, clients, steps)
}

fn watched_by(broker: &str, watcher: &str, filter: &str, clients: &str, steps: &str) -> Vec<(String, Value)> {
    let document = format!(
        r#"{{ "glassbroker": 1, "until": "3h", "broker": {{ {broker} }},
            "clients": [ {{ "id": "watcher", {watcher} }}, {clients} ],
            "steps": [ {{ "at": "0s", "client": "watcher", "do": "connect" }},
                {{ "at": "500ms", "client": "watcher", "do": "subscribe", "filters": [ {{ "filter": "{filter}", "qos": 1 }} ] }},
                {steps} ] }}"#
    );
    let scenario = parse(&document).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    let received = run.trace().iter().filter(|event| {
        event.kind() == Kind::PacketReceived && event.client() == "watcher" && event.by() == By::Client
    });
    let published = received.filter_map(|event| match event.decode() {
        Some(Ok(Packet::Publish(message))) => {
            let payload = serde_json::from_slice(&message.payload).expect("a payload in JSON");
            Some((message.topic.to_string(), payload))
        }
        _ => None,
    });
    published.collect()
}

/// [O1] [aws.lifecycle.events] Connection, subscription, unsubscription and disconnection are told, with one session identifier.
#[test]
fn a_client_is_told_of_from_its_connection_to_its_end() {
    let told = watched(
        "aws-iot-core",
        "$aws/events/#",
        r#"{ "id": "lamp" }"#,
        r#"{ "at": "1s", "client": "lamp", "do": "connect" },
           { "at": "2s", "client": "lamp", "do": "subscribe", "filters": [ { "filter": "a/+" }, { "filter": "b" } ] },
           { "at": "3s", "client": "lamp", "do": "unsubscribe", "filters": [ "b", "c" ] },
           { "at": "4s", "client": "lamp", "do": "disconnect" }"#,
    );
    let topics: Vec<&str> = told.iter().map(|(topic, _)| topic.as_str()).collect();
    assert_eq!(
        topics,
        [
            "$aws/events/subscriptions/subscribed/watcher",
            "$aws/events/presence/connected/lamp",
            "$aws/events/subscriptions/subscribed/lamp",
            "$aws/events/subscriptions/unsubscribed/lamp",
            "$aws/events/presence/disconnected/lamp"
        ]
    );
    let [_, connected, subscribed, unsubscribed, disconnected] = &told[..] else { panic!("{told:?}") };
    assert_eq!(connected.1["clientId"], "lamp");
    assert_eq!(connected.1["eventType"], "connected");
    // A second and the way there after the scenario's epoch, 2026-01-01T00:00:00Z.
    let at_ms = connected.1["timestamp"].as_u64().unwrap();
    assert!((1_767_225_601_000..1_767_225_602_000).contains(&at_ms), "{at_ms}");
    assert_eq!(subscribed.1["topics"], json!(["a/+", "b"]));
    assert_eq!(unsubscribed.1["topics"], json!(["b"]), "what was not subscribed to is not told");
    assert_eq!(disconnected.1["clientInitiatedDisconnect"], true);
    for (_, event) in &told[1..] {
        assert_eq!(event["sessionIdentifier"], connected.1["sessionIdentifier"]);
        assert_eq!(event["principalIdentifier"], connected.1["principalIdentifier"]);
    }
    assert_eq!(connected.1["principalIdentifier"].as_str().unwrap().len(), 64);
}

/// [O1] [aws.lifecycle.version] The events of a connection share a number; the next one's is higher; after an hour away it begins
/// again.
#[test]
fn version_numbers_grow_and_begin_again() {
    let told = watched(
        "aws-iot-core",
        "$aws/events/presence/+/lamp",
        r#"{ "id": "lamp" }"#,
        r#"{ "at": "1s", "client": "lamp", "do": "connect" }, { "at": "2s", "client": "lamp", "do": "disconnect" },
           { "at": "3s", "client": "lamp", "do": "connect" }, { "at": "4s", "client": "lamp", "do": "disconnect" },
           { "at": "2h", "client": "lamp", "do": "connect" }"#,
    );
    let versions: Vec<u64> = told.iter().map(|(_, event)| event["versionNumber"].as_u64().unwrap()).collect();
    assert_eq!(versions, [0, 0, 1, 1, 0]);
    assert_ne!(told[0].1["sessionIdentifier"], told[2].1["sessionIdentifier"]);
}

/// [O1] [aws.lifecycle.events] [aws.lifecycle.reason] A client that may do nothing but connect, and one that may not even that; with its
/// Will, which it may not publish, it comes in no more.
#[test]
fn who_is_not_authorized_is_told_of() {
    let policies = r#""policies": {
        "all": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } },
        "come": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" } } }"#;
    let clients = r#"{ "id": "lamp", "mqtt": "3.1.1", "policy": "come" }, { "id": "thief", "connect": { "client_id": "lamp-2" } },
        { "id": "willing", "policy": "come", "connect": { "will": { "topic": "a" } } }"#;
    let steps = r#"{ "at": "1s", "client": "lamp", "do": "connect" },
        { "at": "2s", "client": "lamp", "do": "publish", "topic": "a", "payload": "x" },
        { "at": "3s", "client": "thief", "do": "connect" }, { "at": "4s", "client": "willing", "do": "connect" }"#;
    let told = watched_with(policies, r#""policy": "all""#, "$aws/events/presence/#", clients, steps);
    let topics: Vec<&str> = told.iter().map(|(topic, _)| topic.as_str()).collect();
    let presence = |rest: &str| format!("$aws/events/presence/{rest}");
    assert_eq!(
        topics,
        ["connected/lamp", "disconnected/lamp", "connect_failed/lamp-2", "connect_failed/willing"]
            .map(presence)
    );
    assert_eq!(told[1].1["disconnectReason"], "AUTH_ERROR");
    assert_eq!(told[1].1["clientInitiatedDisconnect"], false);
    assert_eq!(told[2].1["connectFailureReason"], "AUTHORIZATION_FAILED");
}

/// [O1] [aws.lifecycle.reason] Each way to die has its word.
#[test]
fn a_disconnection_says_why() {
    for (steps, reason, by_client) in [
        (r#"{ "at": "2s", "client": "lamp", "do": "disconnect" }"#, "CLIENT_INITIATED_DISCONNECT", true),
        (r#"{ "at": "2s", "client": "lamp", "do": "cut" }"#, "MQTT_KEEP_ALIVE_TIMEOUT", false),
        (
            r#"{ "at": "2s", "client": "lamp", "do": "send", "bytes": { "hex": "0000" } }"#,
            "CLIENT_ERROR",
            false,
        ),
        (
            r#"{ "at": "2s", "on": "broker", "do": "disconnect", "client": "lamp" }"#,
            "API_INITIATED_DISCONNECT",
            false,
        ),
    ] {
        let steps = format!(r#"{{ "at": "1s", "client": "lamp", "do": "connect" }}, {steps}"#);
        let told =
            watched("aws-iot-core", "$aws/events/presence/disconnected/+", r#"{ "id": "lamp" }"#, &steps);
        let [(_, event)] = &told[..] else { panic!("{reason}: {told:?}") };
        assert_eq!(event["disconnectReason"], reason);
        assert_eq!(event["clientInitiatedDisconnect"], by_client, "{reason}");
    }
}

/// [O1] [aws.lifecycle.events] Nobody is told of a client identifier that would be a wildcard, nor in the standards' broker.
#[test]
fn some_clients_are_not_told_of() {
    let steps = r#"{ "at": "1s", "client": "a+b", "do": "connect" }"#;
    let presence = "$aws/events/presence/#";
    assert_eq!(watched("aws-iot-core", presence, r#"{ "id": "a+b" }"#, steps), []);
    let steps = r#"{ "at": "1s", "client": "lamp", "do": "connect" }"#;
    assert_eq!(watched("mqtt", presence, r#"{ "id": "lamp" }"#, steps), []);
}
