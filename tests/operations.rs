//! What an account can do without a client (rows O5 and R4): publish over HTTP, read and list retained messages, end connections and
//! look at them; and what of it is billed and recorded (rows O3 and O4).

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::account::metering::{Bill, Item, Prices};
use glassbroker::account::records::{Log, Metrics};
use glassbroker::broker::{By, Kind};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::trace::EventRef;
use glassbroker::wire::{Packet, Publish};
use serde_json::{Value, json};

/// A run of a document in which `app` has subscribed to everything; the steps begin at a second.
fn run_with(broker: &Value, clients: &[Value], steps: &[Value]) -> Run {
    let mut all_clients = vec![json!({ "id": "app", "policy": "all" })];
    all_clients.extend(clients.iter().cloned());
    let mut all = vec![
        json!({ "at": "0s", "client": "app", "do": "connect" }),
        json!({ "at": "500ms", "client": "app", "do": "subscribe", "filters": [ { "filter": "#", "qos": 1 } ] }),
    ];
    all.extend(steps.iter().cloned());
    if broker.get("policies").is_none() {
        all_clients[0].as_object_mut().unwrap().remove("policy");
    }
    let document = json!({ "glassbroker": 1, "broker": broker, "clients": all_clients, "steps": all });
    let scenario = parse(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut run = Run::new(&compile(&scenario, &Overrides::default()).unwrap().setup).unwrap();
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

fn run(profile: &str, clients: &[Value], steps: &[Value]) -> Run {
    run_with(&json!({ "profile": profile }), clients, steps)
}

/// A step of the broker's operator at so many seconds.
fn operator(at_s: u32, what: &str, fields: &Value) -> Value {
    let mut step = json!({ "at": format!("{at_s}s"), "on": "broker", "do": what });
    step.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    step
}

/// A client's step.
fn client(at_s: u32, client: &str, what: &str, fields: &Value) -> Value {
    let mut step = json!({ "at": format!("{at_s}s"), "client": client, "do": what });
    step.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    step
}

/// Every answer: its name, its status, its body.
fn answers(run: &Run) -> Vec<(String, u16, Value)> {
    let answered = run.trace().iter().filter(|event| event.kind() == Kind::Operation);
    answered
        .map(|event| {
            let (name, body) = event.why().split_once(": ").unwrap_or((event.why(), "null"));
            (name.to_owned(), event.code().unwrap(), serde_json::from_str(body).expect(body))
        })
        .collect()
}

fn statuses(run: &Run) -> Vec<u16> {
    answers(run).into_iter().map(|(_, status, _)| status).collect()
}

/// The messages that came to a client.
fn received(run: &Run, to: &str) -> Vec<Publish> {
    let came = |event: &EventRef<'_>| {
        event.kind() == Kind::PacketReceived && event.client() == to && event.by() == By::Client
    };
    let messages = run.trace().iter().filter(came).filter_map(|event| match event.decode() {
        Some(Ok(Packet::Publish(message))) => Some(message),
        _ => None,
    });
    messages.collect()
}

fn texts(messages: &[Publish]) -> Vec<(String, String)> {
    let text = |one: &Publish| (one.topic.to_string(), String::from_utf8(one.payload.to_vec()).unwrap());
    messages.iter().map(text).collect()
}

fn kinds(run: &Run, kind: Kind) -> usize {
    run.trace().iter().filter(|event| event.kind() == kind).count()
}

/// The calendar time of the run's beginning, 2026-01-01T00:00:00Z.
const EPOCH_MS: u64 = 1_767_225_600_000;

/// [O5] [aws.http.publish] The message goes to subscribers with its properties, the time that is left of its expiry among them; it has
/// no client.
#[test]
fn a_request_publishes_a_message() {
    let message = json!({ "topic": "plant/7", "payload": "on", "qos": 1, "content_type": "text/plain", "response_topic": "answers",
        "expiry_s": 60, "payload_is_text": true, "correlation_data": { "hex": "00ff" }, "user_properties": [["a", "b"]] });
    for profile in ["mqtt", "aws-iot-core"] {
        let run = run(profile, &[], &[operator(1, "publish", &message)]);
        assert_eq!(answers(&run), [("Publish".to_owned(), 200, Value::Null)], "{profile}");
        let [message] = &received(&run, "app")[..] else { panic!("{profile}") };
        let properties = &message.properties;
        assert_eq!((&*message.topic, &message.payload[..], message.qos as u8), ("plant/7", &b"on"[..], 1));
        assert_eq!(properties.content_type().map(|text| &**text), Some("text/plain"));
        assert_eq!(properties.response_topic().map(|text| &**text), Some("answers"));
        assert_eq!(properties.correlation_data().map(|data| &data[..]), Some(&[0, 255][..]));
        assert_eq!(
            (properties.message_expiry_interval(), properties.payload_format_indicator()),
            (Some(60), Some(1))
        );
        assert_eq!(properties.user_properties().count(), 1);
        let accepted = run.trace().iter().find(|event| event.kind() == Kind::MessageAccepted).unwrap();
        assert_eq!(accepted.client(), "");
    }
}

/// [R4] [O5] [aws.http.publish] [aws.operation.get-retained] What is retained by a request can be read, replaced and, by an empty one,
/// deleted; subscribers receive the empty message too.
#[test]
fn a_retained_message_is_written_read_and_deleted() {
    let retain = |at, payload: &str| {
        let message = json!({ "topic": "cfg", "payload": payload, "qos": 1, "retain": true, "user_properties": [["k", "v"]] });
        operator(at, "publish", &message)
    };
    let read = |at| operator(at, "retained_read", &json!({ "topic": "cfg" }));
    let run = run(
        "aws-iot-core",
        &[],
        &[
            retain(1, "one"),
            read(2),
            retain(3, "two"),
            read(4),
            retain(5, ""),
            read(6),
            retain(7, "three"),
            operator(9, "retained_delete", &json!({ "topic": "cfg" })),
            read(10),
        ],
    );
    let answers = answers(&run);
    let reads: Vec<_> = answers.iter().filter(|(name, ..)| name == "GetRetainedMessage").collect();
    let body = |payload: &str, at_s: u64| {
        // `[{"name":"k","value":"v"}]` in base64.
        json!({ "topic": "cfg", "payload": payload, "qos": 1, "lastModifiedTime": EPOCH_MS + at_s * 1_000,
            "userProperties": "W3sibmFtZSI6ImsiLCJ2YWx1ZSI6InYifV0=" })
    };
    assert_eq!((reads[0].1, &reads[0].2), (200, &body("b25l", 1)));
    assert_eq!((reads[1].1, &reads[1].2), (200, &body("dHdv", 3)));
    assert_eq!((reads[2].1, &reads[2].2["error"]), (404, &"ResourceNotFoundException".into()));
    assert_eq!(reads[3].1, 404);
    let payloads: Vec<_> = texts(&received(&run, "app")).into_iter().map(|(_, payload)| payload).collect();
    assert_eq!(payloads, ["one", "two", "", "three", ""]);
    assert!(run.world().broker().retained().is_empty());
}

/// [O5] [aws.http.errors] [aws.http.body] What is wrong, what is not allowed and what is too much are answered so, and published to nobody.
#[test]
fn a_request_that_fails_is_told_why() {
    let policies = json!({
        "all": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } },
        "plain": { "Version": "2012-10-17", "Statement":
            { "Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:us-east-1:123456789012:topic/open/*" } },
    });
    let broker = json!({ "profile": "aws-iot-core", "policies": policies });
    let clients = [json!({ "id": "gate", "policy": "plain" })];
    let publish = |at, message: Value| operator(at, "publish", &message);
    let steps = [
        publish(1, json!({ "topic": "a", "qos": 2 })),
        publish(2, json!({ "topic": "$aws/events/x" })),
        publish(3, json!({ "topic": "1/2/3/4/5/6/7/8/9" })),
        publish(4, json!({ "topic": "shut", "principal": "gate" })),
        publish(5, json!({ "topic": "open/door", "retain": true, "payload": "x", "principal": "gate" })),
        publish(6, json!({ "topic": "open/door", "payload": "welcome", "principal": "gate" })),
        publish(7, json!({ "topic": "r", "retain": true, "payload": "x" })),
        publish(7, json!({ "topic": "r", "retain": true, "payload": "y" })),
    ];
    let run = run_with(&broker, &clients, &steps);
    assert_eq!(statuses(&run), [400, 400, 400, 401, 401, 200, 200, 429]);
    let bodies: Vec<Value> = answers(&run).into_iter().map(|(.., body)| body).collect();
    for (body, error, said) in [
        (&bodies[0], "InvalidRequestException", "QoS"),
        (&bodies[3], "UnauthorizedException", "`gate` may not publish to `shut`"),
        (&bodies[7], "ThrottlingException", "a topic takes"),
    ] {
        assert_eq!(body["error"], error);
        assert!(body["message"].as_str().unwrap().contains(said), "{body}");
    }
    let large = json!({ "topic": "a", "payload": "x".repeat(128 * 1_024 + 1) });
    assert_eq!(statuses(&self::run("aws-iot-core", &[], &[publish(1, large)])), [400]);
    let came = texts(&received(&run, "app"));
    assert_eq!(came, [("open/door".to_owned(), "welcome".to_owned()), ("r".to_owned(), "x".to_owned())]);
}

/// [O5] [O2] [aws.quota.account] Messages over HTTP count among those that the account takes.
#[test]
fn requests_count_for_the_account_s_rate() {
    let broker = json!({ "profile": "aws-iot-core", "set": { "account.publish_in_per_s": 2 } });
    let message = json!({ "topic": "t{{n}}", "every": "100ms", "times": 4 });
    let run = run_with(&broker, &[], &[operator(1, "publish", &message)]);
    assert_eq!(statuses(&run), [200, 200, 429, 429]);
    assert_eq!(
        texts(&received(&run, "app")).into_iter().map(|(topic, _)| topic).collect::<Vec<_>>(),
        ["t1", "t2"]
    );
}

/// [R4] [aws.operation.list-retained] [aws.operation.page] The list has what each is, without payloads, and goes on where it ended.
#[test]
fn retained_messages_are_listed_in_pages() {
    let names = ["b", "a/c", "a", "a/b"];
    let mut steps: Vec<Value> = names
        .iter()
        .map(|topic| {
            operator(1, "publish", &json!({ "topic": topic, "payload": "12345", "qos": 1, "retain": true }))
        })
        .collect();
    steps.push(operator(2, "retained_list", &json!({ "max_results": 3 })));
    let first = answers(&run("aws-iot-core", &[], &steps)).pop().unwrap();
    let topics = |body: &Value| -> Vec<String> {
        let list = body["retainedTopics"].as_array().unwrap();
        list.iter().map(|one| one["topic"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (first.0.as_str(), first.1, topics(&first.2)),
        ("ListRetainedMessages", 200, vec!["a".to_owned(), "a/b".to_owned(), "a/c".to_owned()])
    );
    assert_eq!(
        first.2["retainedTopics"][0],
        json!({ "topic": "a", "payloadSize": 5, "qos": 1, "lastModifiedTime": EPOCH_MS + 1_000 })
    );
    let token = first.2["nextToken"].as_str().expect("there is more");
    steps.push(operator(3, "retained_list", &json!({ "max_results": 3, "next_token": token })));
    steps.push(operator(4, "retained_list", &json!({ "next_token": "zz" })));
    steps.push(operator(5, "retained_list", &json!({})));
    let answers = answers(&run("aws-iot-core", &[], &steps));
    let [second, wrong, whole] = &answers[5..] else { panic!("{answers:?}") };
    assert_eq!((topics(&second.2), second.2.get("nextToken")), (vec!["b".to_owned()], None));
    assert_eq!(wrong.1, 400);
    assert_eq!(topics(&whole.2).len(), 4);
}

/// Clients for the operations on connections: a lamp with a Will, in a session that lasts.
fn lamp(version: &str) -> Value {
    let will = json!({ "topic": "lamp/gone", "payload": "x", "qos": 1 });
    let mut connect = json!({ "clean_start": false, "keep_alive_s": 60, "will": will });
    if version == "5" {
        connect["session_expiry_s"] = 600.into();
    }
    json!({ "id": "lamp", "mqtt": version, "connect": connect })
}

/// [O5] [O1] [aws.operation.delete-connection] [aws.lifecycle.reason] The Will is sent unless that is prevented, the session stays unless
/// it is to end, MQTT 5 is told; and the account calls it `API_INITIATED_DISCONNECT`.
#[test]
fn a_connection_is_ended_with_and_without_its_will() {
    for version in ["3.1.1", "5"] {
        for (fields, wills, sessions) in [
            (json!({}), 1, 2),
            (json!({ "prevent_will": true }), 0, 2),
            (json!({ "clean_session": true }), 1, 1),
            (json!({ "clean_session": true, "prevent_will": true }), 0, 1),
        ] {
            let mut asked = fields.clone();
            asked["client"] = "lamp".into();
            let steps = [
                client(
                    1,
                    "app",
                    "subscribe",
                    &json!({ "filters": [{ "filter": "$aws/events/presence/disconnected/+" }] }),
                ),
                client(2, "lamp", "connect", &json!({})),
                operator(4, "disconnect", &asked),
            ];
            let run = run("aws-iot-core", &[lamp(version)], &steps);
            assert_eq!(answers(&run), [("DeleteConnection".to_owned(), 200, Value::Null)]);
            let came = texts(&received(&run, "app"));
            let gone = came.iter().filter(|(topic, _)| topic == "lamp/gone").count();
            assert_eq!(
                (gone, run.world().broker().counts().sessions),
                (wills, sessions),
                "{version} {fields}"
            );
            let (_, event) = came.iter().find(|(topic, _)| topic.starts_with("$aws/")).expect("it is told");
            assert!(event.contains(r#""disconnectReason":"API_INITIATED_DISCONNECT""#), "{event}");
            let told = run.trace().iter().filter(|event| {
                event.by() == By::Client
                    && event.kind() == Kind::PacketReceived
                    && matches!(event.decode(), Some(Ok(Packet::Disconnect(_))))
            });
            assert_eq!(told.count(), usize::from(version == "5"));
        }
    }
}

/// [O5] [aws.operation.delete-connection] The session of a client that is away can be ended too; where there is nothing, the answer is 404.
#[test]
fn a_session_without_a_connection_is_ended() {
    let end = |at, clean| operator(at, "disconnect", &json!({ "client": "lamp", "clean_session": clean }));
    let steps = [
        client(1, "lamp", "connect", &json!({})),
        client(2, "lamp", "disconnect", &json!({})),
        end(3, false),
        end(5, true),
        end(7, true),
    ];
    let run = run("aws-iot-core", &[lamp("5")], &steps);
    assert_eq!(statuses(&run), [200, 200, 404]);
    assert_eq!((kinds(&run, Kind::SessionCleared), run.world().broker().counts().sessions), (1, 1));
}

/// [O5] [aws.operation.get-connection] While it lasts, and for 30 minutes after it.
#[test]
fn a_connection_is_looked_at() {
    let look = |at| operator(at, "connection_read", &json!({ "client": "lamp" }));
    let steps = [
        look(1),
        client(2, "lamp", "connect", &json!({})),
        look(4),
        client(10, "lamp", "disconnect", &json!({})),
        look(12),
        look(1_809),
        look(1_812),
    ];
    let answers = answers(&run("aws-iot-core", &[lamp("5")], &steps));
    let codes: Vec<u16> = answers.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(codes, [404, 200, 200, 200, 404]);
    let (there, gone) = (&answers[1].2, &answers[2].2);
    assert_eq!((&there["connected"], &there["clientId"]), (&true.into(), &"lamp".into()));
    assert_eq!((&there["keepAliveDuration"], &there["sessionExpiry"]), (&60.into(), &600.into()));
    assert_eq!((&there["cleanSession"], there.get("disconnectReason")), (&false.into(), None));
    let since = there["connectedSince"].as_u64().unwrap() - EPOCH_MS;
    assert!((2_000..2_100).contains(&since), "{since}");
    assert_eq!(
        (&gone["connected"], &gone["disconnectReason"]),
        (&false.into(), &"CLIENT_INITIATED_DISCONNECT".into())
    );
    let since = gone["disconnectedSince"].as_u64().unwrap() - EPOCH_MS;
    assert!((10_000..10_100).contains(&since), "{since}");
}

/// [O5] [aws.operation.list-subscriptions] [aws.operation.page] Filters with their QoS, twenty a page, also while the client is away.
#[test]
fn subscriptions_are_listed_in_pages() {
    let filters: Vec<Value> =
        (0..24).map(|n| json!({ "filter": format!("f/{n:02}"), "qos": n % 2 })).collect();
    let list = |at, fields: Value| {
        let mut fields = fields;
        fields["client"] = "lamp".into();
        operator(at, "subscription_list", &fields)
    };
    let mut steps = vec![client(1, "lamp", "connect", &json!({}))];
    steps.extend((0..3).map(|part| {
        client(3, "lamp", "subscribe", &json!({ "filters": filters[8 * part..8 * (part + 1)] }))
    }));
    steps.push(client(5, "lamp", "disconnect", &json!({})));
    steps.push(list(7, json!({})));
    let first = answers(&run("aws-iot-core", &[lamp("5")], &steps)).pop().unwrap().2;
    assert_eq!(first["subscriptions"].as_array().unwrap().len(), 20);
    assert_eq!(first["subscriptions"][1], json!({ "topicFilter": "f/01", "qos": 1 }));
    steps.push(list(9, json!({ "next_token": first["nextToken"], "max_results": 200 })));
    let second = answers(&run("aws-iot-core", &[lamp("5")], &steps)).pop().unwrap().2;
    assert_eq!(second["subscriptions"].as_array().unwrap().len(), 4);
    assert_eq!((&second["subscriptions"][0]["topicFilter"], second.get("nextToken")), (&"f/20".into(), None));
    steps.push(operator(11, "subscription_list", &json!({ "client": "nobody" })));
    assert_eq!(statuses(&run("aws-iot-core", &[lamp("5")], &steps)), [200, 200, 404]);
}

/// [O5] [O2] [aws.operation.rate] Once a second on one client, and so often in all, each kind for itself.
#[test]
fn operations_on_connections_have_rates() {
    let twice = |what: &str| operator(2, what, &json!({ "client": "lamp", "every": "400ms", "times": 4 }));
    let steps =
        [client(1, "lamp", "connect", &json!({})), twice("connection_read"), twice("subscription_list")];
    let run_once = run("aws-iot-core", &[lamp("5")], &steps);
    let of = |run: &Run, name: &str| -> Vec<u16> {
        answers(run).into_iter().filter(|(one, ..)| one == name).map(|(_, status, _)| status).collect()
    };
    assert_eq!(of(&run_once, "GetConnection"), [200, 429, 429, 200]);
    assert_eq!(of(&run_once, "ListSubscriptions"), [200, 429, 429, 200]);
    let set = json!({ "account.operation_client_per_s": "unlimited", "account.operation_per_s": 2 });
    let run_often = run_with(&json!({ "profile": "aws-iot-core", "set": set }), &[lamp("5")], &steps);
    assert_eq!(of(&run_often, "GetConnection"), [200, 200, 200, 200]);
    let set = json!({ "account.operation_client_per_s": "unlimited", "account.operation_per_s": 1 });
    let run_seldom = run_with(&json!({ "profile": "aws-iot-core", "set": set }), &[lamp("5")], &steps);
    assert_eq!(of(&run_seldom, "GetConnection"), [200, 429, 429, 200]);
    assert!(run_seldom.trace().iter().any(|event| event.topic() == "account.operation_per_s"));
}

/// [O5] [aws.operation.editions] In an older edition nobody can look at connections, and to end one is the service's own doing.
#[test]
fn older_editions_have_no_operations_on_connections() {
    let steps = [
        client(
            1,
            "app",
            "subscribe",
            &json!({ "filters": [{ "filter": "$aws/events/presence/disconnected/+" }] }),
        ),
        client(1, "lamp", "connect", &json!({})),
        operator(3, "connection_read", &json!({ "client": "lamp" })),
        operator(4, "subscription_list", &json!({ "client": "lamp" })),
        operator(5, "disconnect", &json!({ "client": "lamp" })),
    ];
    let run = run("aws-iot-core-2023", &[lamp("3.1.1")], &steps);
    assert_eq!(statuses(&run), [404, 404, 200]);
    let came = texts(&received(&run, "app"));
    assert!(came.iter().any(|(_, event)| event.contains("SERVER_INITIATED_DISCONNECT")), "{came:?}");
    assert!(!log(&run).iter().any(|entry| entry["eventType"] == "DeleteConnection"));
}

/// [O5] [glassbroker.operator] Without an account everything can be looked at, as often as one likes, and nothing is charged for it.
#[test]
fn without_an_account_an_operator_is_not_limited() {
    let look = operator(2, "connection_read", &json!({ "client": "app", "every": "1ms", "times": 5 }));
    let run = run("mqtt", &[], &[look]);
    assert_eq!(statuses(&run), [200; 5]);
    assert!(
        run.trace().iter().filter(|event| event.kind() == Kind::Operation).all(|event| event
            .rule()
            .unwrap()
            .id
            == "glassbroker.operator")
    );
    assert_eq!(metered(&run, Item::HttpOut), (0, 0));
}

fn metered(run: &Run, item: Item) -> (u64, u64) {
    let mut bill = Bill::default();
    run.trace().iter().for_each(|event| bill.take(&event));
    let statement = bill.statement(&Prices::default(), run.head());
    let line = statement.lines.iter().find(|line| line.item == item);
    line.map_or((0, 0), |line| (line.metered.count, line.metered.units))
}

fn metrics(run: &Run) -> Vec<(String, u64)> {
    Metrics::of(run.trace(), u32::MAX).iter().collect()
}

fn log(run: &Run) -> Vec<Value> {
    let text = Log::written(run.trace(), u32::MAX);
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// [O3] [aws.metering.http] [aws.metering.retained] [aws.metering.operations] A request by its body, an answer by its own; a retained
/// message twice.
#[test]
fn requests_and_answers_are_metered() {
    let payload = |bytes: usize| "x".repeat(bytes);
    let message =
        json!({ "topic": "cfg", "payload": payload(5_100), "retain": true, "content_type": payload(21) });
    let steps = [
        operator(1, "publish", &message),
        operator(2, "publish", &json!({ "topic": "a", "qos": 2, "payload": payload(6_000) })),
        operator(3, "retained_read", &json!({ "topic": "cfg" })),
        operator(4, "retained_list", &json!({})),
        operator(5, "retained_read", &json!({ "topic": "nothing" })),
        operator(6, "connection_read", &json!({ "client": "app" })),
        operator(7, "disconnect", &json!({ "client": "app" })),
    ];
    let run = run("aws-iot-core", &[], &steps);
    // 5,121 bytes are two units, 6,000 too; the topic does not count.
    assert_eq!(metered(&run, Item::HttpIn), (2, 4));
    assert_eq!(metered(&run, Item::Retained), (1, 2));
    // The refusal, 6,800 bytes of base64, the list, the 404 and the connection; what ends one is answered without a body.
    assert_eq!(metered(&run, Item::HttpOut), (5, 6));
    assert_eq!(metered(&run, Item::PublishIn), (0, 0));
}

/// [O4] [aws.http.metric] [aws.log.http] What comes over HTTP is counted apart and has entries of its own.
#[test]
fn what_comes_over_http_is_recorded_apart() {
    let steps = [
        operator(1, "publish", &json!({ "topic": "cfg", "payload": "x", "qos": 1, "retain": true })),
        operator(1, "publish", &json!({ "topic": "cfg", "payload": "y", "retain": true })),
        operator(3, "publish", &json!({ "topic": "a", "qos": 2 })),
        operator(4, "retained_read", &json!({ "topic": "cfg" })),
        operator(5, "retained_list", &json!({})),
        operator(6, "subscription_list", &json!({ "client": "app" })),
        operator(7, "connection_read", &json!({ "client": "nobody" })),
        operator(8, "disconnect", &json!({ "client": "app" })),
    ];
    let run = run("aws-iot-core", &[], &steps);
    let counted = metrics(&run);
    for (name, count) in [
        ("PublishIn.Success Protocol=HTTP", 1),
        ("PublishIn.ClientError Protocol=HTTP", 1),
        ("PublishRetained.Success Protocol=HTTP", 1),
        ("PublishRetained.Throttle Protocol=HTTP", 1),
        ("PublishOut.Success", 1),
    ] {
        assert!(counted.contains(&(name.to_owned(), count)), "{name}: {counted:?}");
    }
    let over_http = counted.iter().filter(|(name, _)| name.starts_with("PublishIn"));
    assert_eq!(over_http.count(), 2, "{counted:?}");
    let entries: Vec<Value> = log(&run).into_iter().filter(|entry| entry["protocol"] == "HTTP").collect();
    let kinds: Vec<_> = entries
        .iter()
        .map(|entry| (entry["eventType"].as_str().unwrap(), entry["status"].as_str().unwrap()))
        .collect();
    let (good, bad) = ("Success", "Failure");
    assert_eq!(
        kinds,
        [
            ("Publish-In", good),
            ("Publish-In", bad),
            ("Publish-In", bad),
            ("GetRetainedMessage", good),
            ("ListRetainedMessage", good),
            ("ListSubscriptions", good),
            ("GetConnection", bad),
            ("DeleteConnection", good)
        ]
    );
    assert_eq!(
        (&entries[0]["topicName"], &entries[0]["retain"], entries[0].get("clientId")),
        (&"cfg".into(), &"True".into(), None)
    );
    assert_eq!(entries[1]["reason"], "throttled");
    assert_eq!(
        (&entries[3]["qos"], &entries[3]["lastModifiedDate"]),
        (&"1".into(), &"2026-01-01 00:00:01.000".into())
    );
    assert_eq!(entries[7]["clientId"], "app");
    let disconnected = log(&run).into_iter().find(|entry| entry["eventType"] == "Disconnect").unwrap();
    assert_eq!(disconnected["disconnectReason"], "API_INITIATED_DISCONNECT");
}

/// [O3] [O4] [aws.metering.rules] [aws.metering.rules-where] [aws.metering.actions] [aws.metric.rules] [aws.log.rule-not-found] A rule is
/// charged for by the message that triggers it, and each of its actions.
#[test]
fn rules_and_their_actions_are_metered_and_counted() {
    let rules = json!({ "two": { "sql": "SELECT * FROM 'in' WHERE n > 0",
        "actions": [ { "republish": { "topic": "out/a" } }, { "republish": { "topic": "out/b" } } ] } });
    let broker = json!({ "profile": "aws-iot-core", "rules": rules });
    let text = format!(r#"{{"n":1,"text":"{}"}}"#, "x".repeat(6_000));
    let publish = |at, topic: &str, payload: &str| {
        client(at, "lamp", "publish", &json!({ "topic": topic, "payload": payload, "qos": 1 }))
    };
    let steps = [
        client(1, "lamp", "connect", &json!({})),
        publish(3, "in", &text),
        publish(4, "in", r#"{"n":0}"#),
        publish(5, "$aws/rules/nobody/x", "{}"),
        operator(6, "publish", &json!({ "topic": "in", "payload": r#"{"n":2}"# })),
    ];
    let run = run_with(&broker, &[json!({ "id": "lamp" })], &steps);
    assert_eq!((metered(&run, Item::Rules), metered(&run, Item::Actions)), ((2, 3), (4, 6)));
    let counted = metrics(&run);
    for (name, count) in [("TopicMatch", 3), ("RulesExecuted", 2), ("RuleNotFound", 1)] {
        assert!(counted.contains(&(name.to_owned(), count)), "{name}: {counted:?}");
    }
    let entry = log(&run).into_iter().find(|entry| entry["eventType"] == "RuleNotFound").expect("an entry");
    assert_eq!((&entry["status"], &entry["topicName"]), (&"Failure".into(), &"$aws/rules/nobody/x".into()));
}
