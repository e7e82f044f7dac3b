//! What a run would be billed as (row O3).
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod runs;
}

use common::runs::*;
use glassbroker::account::metering::{Bill, Item, Prices, Statement};
use glassbroker::client::{Action, ConnectOptions, Message, MessageExtra, WillOptions};
use glassbroker::profile::Profile;
use glassbroker::sim::{ClientSpec, Setup, Step};
use glassbroker::time::SimTime;

/// A run of AWS IoT Core's profile.
fn aws(clients: impl Into<Vec<ClientSpec>>, steps: impl Into<Vec<Step>>) -> Setup {
    Setup { profile: Profile::named("aws-iot-core").unwrap(), ..setup(clients, steps) }
}

fn bill_at(setup: &Setup, end: SimTime) -> Statement {
    let run = run_to(setup, end.as_ms());
    let mut bill = Bill::default();
    run.trace().iter().for_each(|event| bill.take(&event));
    bill.statement(&Prices::default(), end)
}

/// The bill after 30 seconds.
fn bill(clients: impl Into<Vec<ClientSpec>>, steps: impl Into<Vec<Step>>) -> Statement {
    bill_at(&aws(clients, steps), ms(30_000))
}

/// How often something was metered, and in how many units.
fn metered(statement: &Statement, item: Item) -> (u64, u64) {
    let line = statement.lines.iter().find(|line| line.item == item);
    line.map_or((0, 0), |line| (line.metered.count, line.metered.units))
}

fn units(statement: &Statement, items: &[Item]) -> u64 {
    items.iter().map(|item| metered(statement, *item).1).sum()
}

fn payload(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// [O3] [aws.metering.publish-in] [aws.metering.publish-out] [aws.metering.puback] [aws.metering.connect] [aws.metering.subscribe]
/// One message of 1 KB for three subscribers at QoS 1 is one unit in, three out, and three PUBACKs: seven.
#[test]
fn a_message_is_metered_for_each_of_its_ways() {
    let subscribers = ["a", "b", "c"];
    let mut steps = vec![at(0, connect("source"))];
    for name in subscribers {
        steps.extend([at(0, connect(name)), at(500, subscribe(name, "t", QOS1))]);
    }
    steps.push(at(2_000, publish("source", "t", &payload(1_024), QOS1)));
    let clients: Vec<_> = ["source", "a", "b", "c"].map(|name| client(name, V3)).into();
    let statement = bill(clients, steps);
    assert_eq!(units(&statement, &[Item::PublishIn, Item::PublishOut, Item::Puback]), 7);
    assert_eq!((metered(&statement, Item::Connect), metered(&statement, Item::Subscribe)), ((4, 4), (3, 3)));
    assert_eq!(statement.messages(), 14);
    // Fourteen messages at a dollar and four minutes at eight cents a million.
    assert_eq!(statement.total.to_string(), "0.00001432");
}

/// [O3] [aws.metering.unit] [aws.metering.kilobyte] What counts is topic and payload, in begun units of 5,120 bytes.
#[test]
fn a_message_is_metered_in_units_of_five_kilobytes() {
    for (bytes, expected) in [(0, 1), (5_119, 1), (5_120, 2), (10_239, 2), (10_240, 3), (100_000, 20)] {
        let steps = [at(0, connect("source")), at(500, publish("source", "t", &payload(bytes), QOS0))];
        let statement = bill([client("source", V5)], steps);
        assert_eq!(metered(&statement, Item::PublishIn), (1, expected), "a topic of one byte and {bytes}");
    }
    // A topic of one byte, 4,999 of payload, and of the properties those that count: 29, 30, 59 and 2 bytes are 5,120.
    for (more, expected) in [(0, 1), (1, 2)] {
        let extra = MessageExtra {
            payload_is_text: Some(true),
            expiry_s: Some(60),
            content_type: Some(payload(29)),
            response_topic: Some(payload(30)),
            correlation_data: Some(payload(59 + more).into()),
            user_properties: vec![("a".to_owned(), "b".to_owned())],
            ..MessageExtra::default()
        };
        let message = Message { extra: Some(Box::new(extra)), ..message("t", &payload(4_999), QOS0) };
        let steps = [at(0, connect("source")), at(500, act("source", Action::Publish(message)))];
        let statement = bill([client("source", V5)], steps);
        assert_eq!(metered(&statement, Item::PublishIn), (1, expected), "{more} more");
    }
}

/// [O3] [aws.metering.retained] A retained message is metered twice, and again for the subscriber that gets it; so is the empty one.
#[test]
fn a_retained_message_is_metered_twice() {
    let retained = |topic: &str, bytes: usize| {
        act("source", Action::Publish(Message { retain: true, ..message(topic, &payload(bytes), QOS0) }))
    };
    let statement = bill(
        [client("source", V5), client("late", V5)],
        [
            at(0, connect("source")),
            at(500, retained("t", 6_000)),
            at(2_000, retained("t", 1)),
            at(4_000, retained("t", 0)),
            at(6_000, retained("u", 6_000)),
            at(8_000, connect("late")),
            at(8_500, subscribe("late", "u", QOS0)),
        ],
    );
    assert_eq!(metered(&statement, Item::PublishIn), (4, 6));
    assert_eq!(metered(&statement, Item::Retained), (4, 6));
    assert_eq!(metered(&statement, Item::PublishOut), (1, 2));
}

/// [O3] [aws.metering.queued] What is stored for a client that is away is metered then, and when it is sent; what it never fetches once.
#[test]
fn a_stored_message_is_metered_twice() {
    let clients = [client("source", V5), lasting("away", V5)];
    let mut steps = vec![
        at(0, connect("source")),
        at(0, connect("away")),
        at(500, subscribe("away", "t", QOS1)),
        at(1_000, disconnect("away")),
        at(2_000, publish("source", "t", &payload(6_000), QOS1)),
    ];
    let stored = bill(clients.clone(), steps.clone());
    assert_eq!((metered(&stored, Item::Queued), metered(&stored, Item::PublishOut)), ((1, 2), (0, 0)));
    steps.push(at(5_000, connect("away")));
    let sent = bill(clients, steps);
    assert_eq!((metered(&sent, Item::Queued), metered(&sent, Item::PublishOut)), ((1, 2), (1, 2)));
}

/// [O3] [aws.metering.queued] So is what waits in a shared subscription's queue, whoever gets it then.
#[test]
fn a_message_in_a_groups_queue_is_metered_twice() {
    let clients = [client("source", V5), lasting("worker", V5)];
    let mut steps = vec![
        at(0, connect("source")),
        at(0, connect("worker")),
        at(500, subscribe("worker", "$share/g/t", QOS1)),
        at(1_000, disconnect("worker")),
        at(2_000, publish("source", "t", &payload(6_000), QOS1)),
    ];
    let stored = bill(clients.clone(), steps.clone());
    assert_eq!((metered(&stored, Item::Queued), metered(&stored, Item::PublishOut)), ((1, 2), (0, 0)));
    steps.push(at(5_000, connect("worker")));
    let sent = bill(clients, steps);
    assert_eq!((metered(&sent, Item::Queued), metered(&sent, Item::PublishOut)), ((1, 2), (1, 2)));
}

/// [O3] [aws.metering.will] A Will is part of its CONNECT, and a message of its own only when it is published.
#[test]
fn a_will_is_metered_when_it_is_published() {
    for (end, published) in [(disconnect("source"), 0), (cut("source"), 1)] {
        let mut spec = client("source", V5);
        spec.client.connect = ConnectOptions {
            keep_alive_s: 30,
            will: Some(WillOptions {
                message: Message { retain: true, ..message("t", &payload(6_000), QOS0) },
                ..WillOptions::default()
            }),
            ..ConnectOptions::default()
        };
        let statement = bill_at(&aws([spec], [at(0, connect("source")), at(1_000, end)]), ms(120_000));
        assert_eq!(metered(&statement, Item::Connect), (1, 2));
        assert_eq!(metered(&statement, Item::Will), (published, 2 * published));
        assert_eq!(metered(&statement, Item::Retained), (published, 2 * published));
    }
}

/// [O3] [aws.metering.minutes] [aws.metering.begun-minutes] Each connection's time counts in begun minutes, up to the moment that is
/// looked at.
#[test]
fn a_connection_is_metered_by_the_minute() {
    let steps = [
        at(0, connect("lamp")),
        at(61_000, disconnect("lamp")),
        at(70_000, connect("lamp")),
        at(100_000, disconnect("lamp")),
    ];
    for (until, expected) in [(50_000, (1, 1)), (60_500, (1, 2)), (69_000, (1, 2)), (400_000, (2, 3))] {
        let statement = bill_at(&aws([client("lamp", V3)], steps.clone()), ms(until));
        assert_eq!(metered(&statement, Item::ConnectionMinutes), expected, "after {until} ms");
    }
}

/// [O3] [aws.metering.free] [aws.metering.ingest] The rest of the packets costs nothing, nor does Basic Ingest as a message.
#[test]
fn what_is_not_metered_is_counted_apart() {
    let unsubscribe = act("lamp", Action::Unsubscribe { filters: vec!["t".to_owned()] });
    let statement = bill_at(
        &aws(
            [client("lamp", V5)],
            [
                at(0, connect("lamp")),
                at(500, subscribe("lamp", "t", QOS0)),
                at(1_000, unsubscribe),
                at(2_000, publish("lamp", "$aws/rules/one/x", "x", QOS1)),
                // A PINGREQ after a minute of silence.
                at(80_000, disconnect("lamp")),
            ],
        ),
        ms(90_000),
    );
    let free = [
        ("CONNACK", 1),
        ("PUBACK", 1),
        ("SUBACK", 1),
        ("UNSUBSCRIBE", 1),
        ("UNSUBACK", 1),
        ("PINGREQ", 1),
        ("PINGRESP", 1),
        ("DISCONNECT", 1),
        ("Basic Ingest", 1),
    ];
    assert_eq!(statement.free, free);
    assert_eq!(metered(&statement, Item::PublishIn), (0, 0));
    assert_eq!(statement.messages(), 2, "CONNECT and SUBSCRIBE");
}

/// [O3] [aws.metering.shadow] [aws.metering.shadow-record] A request to a shadow is a message, and an operation of 1 KB for each begun.
#[test]
fn a_shadow_operation_is_metered_beside_its_message() {
    let update = format!(r#"{{"state":{{"desired":{{"text":"{}"}}}}}}"#, payload(1_500));
    let statement = bill(
        [client("lamp", V5)],
        [
            at(0, connect("lamp")),
            at(500, publish("lamp", "$aws/things/lamp/shadow/update", &update, QOS0)),
            at(2_000, publish("lamp", "$aws/things/lamp/shadow/get", "", QOS0)),
        ],
    );
    assert_eq!(metered(&statement, Item::ShadowOperations), (2, 3));
    assert_eq!(metered(&statement, Item::PublishIn), (2, 2));
}

/// [O3] [aws.metering.refused] What is refused came all the same.
#[test]
fn what_is_refused_is_metered_as_it_came() {
    let statement = bill(
        [client("lamp", V5)],
        [at(0, connect("lamp")), at(500, publish("lamp", "$aws/unknown", "x", QOS1))],
    );
    assert_eq!(metered(&statement, Item::PublishIn), (1, 1));
}

/// [O3] Prices of the user's own take the place of the table's, and what has no price is not in the sum.
#[test]
fn prices_are_data() {
    let setup = aws([client("lamp", V5)], [at(0, connect("lamp"))]);
    let run = run_to(&setup, 30_000);
    let mut bill = Bill::default();
    run.trace().iter().for_each(|event| bill.take(&event));
    let total = |prices: &str| bill.statement(&Prices::parse(prices).unwrap(), ms(30_000)).total.to_string();
    assert_eq!(total("connection_minutes=1000000,messages=2000000"), "3.00");
    assert_eq!(total("me-south-1"), "0.0000011", "of Bahrain no price of connections is known");
}

/// What the command line says of a lesson's run.
fn summary(profile: &str, prices: &str) -> String {
    let lesson = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons/replay.json");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_glassbroker"))
        .args(["run", lesson, "--format", "summary", "--profile", profile, "--prices", prices])
        .output()
        .expect("it starts");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("text")
}

/// [O3] A run of AWS IoT Core ends with its bill, by the prices that are asked for; the standards have none.
#[test]
fn a_summary_of_aws_ends_with_the_bill() {
    let summary_of_aws = summary("aws-iot-core", "eu-west-1,messages=1000000");
    let (_, bill) = summary_of_aws.split_once("\nbill, eu-west-1 ").expect("a bill");
    let connect: Vec<_> =
        bill.lines().find(|line| line.starts_with("CONNECT")).expect("CONNECT").split_whitespace().collect();
    let [_, count, units, usd, rule] = connect[..] else { panic!("{bill}") };
    assert_eq!((count, rule), (units, "aws.metering.connect"));
    assert_eq!(usd, format!("{count}.00"), "a dollar for each");
    assert!(
        bill.contains("\nprice of a million connection_minutes: 0.08, documented, as of 2026-09-20: "),
        "{bill}"
    );
    assert!(bill.contains("\nprice of a million messages: 1000000.00, your own\n"), "{bill}");
    assert!(!summary("mqtt", "").contains("\nbill, "));
    assert!(summary("aws-iot-core", "eu-west-9").contains("there are prices of us-east-1, "));
}
