//! The virtual client against the broker: what it sends, keeps, sends again and gives up.

#[path = "common/runs.rs"]
mod runs;

use bytes::BytesMut;
use glassbroker::broker::{Cause, Command, Kind};
use glassbroker::client::{Action, Client, Message, MessageExtra, Output, State, WillOptions};
use glassbroker::profile::{Profile, Value};
use glassbroker::sim::{Input, Run};
use glassbroker::time::Span;
use glassbroker::trace::{Count, Recorder};
use glassbroker::wire::{Connack, Disconnect, Packet, Properties, Publish, ReasonCode, decode, encode};
use runs::*;

/// What a client sent after its CONNECT.
fn sent(run: &Run, client: &str) -> Vec<String> {
    packets(run, Kind::PacketSent, "client", client)
        .into_iter()
        .filter(|packet| packet != "CONNECT")
        .collect()
}

fn received(run: &Run, client: &str) -> Vec<String> {
    packets(run, Kind::PacketReceived, "client", client)
}

/// [Q1] The virtual client answers and releases as the level asks. [MQTT-4.5.0-2]
#[test]
fn each_level_of_service_has_its_handshake() {
    for version in BOTH {
        for (qos, from, to) in [
            (QOS0, &["PUBLISH x"][..], &[][..]),
            (QOS1, &["PUBLISH 1 x"], &["PUBACK 1"]),
            (QOS2, &["PUBLISH 1 x", "PUBREL 1"], &["PUBREC 1", "PUBCOMP 1"]),
        ] {
            let steps = [
                at(0, connect("a")),
                at(0, connect("b")),
                at(200, subscribe("b", "t", QOS2)),
                at(500, publish("a", "t", "x", qos)),
                at(1_000, disconnect("a")),
            ];
            let run = run_to(&setup([client("a", version), client("b", version)], steps), 2_000);
            assert_eq!(sent(&run, "a"), [from, &["DISCONNECT"]].concat(), "{version:?} {qos:?}");
            assert_eq!(sent(&run, "b"), [&["SUBSCRIBE 1"], to].concat(), "{version:?} {qos:?}");
            assert_eq!(received(&run, "b")[2..], from[..], "{version:?} {qos:?}");
            assert_eq!(run.world().client("a").unwrap().client.state(), State::Idle);
            assert_eq!(run.world().client("a").unwrap().client.unfinished_messages(), 0);
        }
    }
}

#[test]
fn an_acknowledgement_is_caused_by_what_it_acknowledges() {
    let steps =
        [at(0, connect("a")), at(100, subscribe("a", "t", QOS1)), at(500, publish("a", "t", "x", QOS1))];
    let run = run_to(&setup([client("a", V5)], steps), 2_000);
    let lines = lines(&run);
    let puback =
        lines.iter().find(|line| line.text("packet") == "PUBACK" && line.text("by") == "client").unwrap();
    let cause = &lines[puback.number("cause").unwrap() as usize];
    assert_eq!(
        (cause.text("kind"), cause.text("packet"), cause.text("by")),
        ("packet.received", "PUBLISH", "client")
    );
    assert_eq!(puback.text("message"), "a/1");
}

/// [3.1.1 MQTT-4.4.0-1] [5.0 MQTT-4.4.0-1] [MQTT-4.6.0-1]
#[test]
fn a_session_is_resumed_and_what_was_not_acknowledged_is_sent_again() {
    for version in BOTH {
        let steps = [
            at(0, connect("a")),
            at(500, publish("a", "t", "one", QOS1)),
            at(501, publish("a", "t", "two", QOS2)),
            // Both arrive at the broker; their answers do not arrive at the client.
            at(530, cut("a")),
            at(600, publish("a", "t", "three", QOS1)),
            at(1_000, restore("a")),
            at(1_000, connect("a")),
        ];
        let run = run_to(&setup([lasting("a", version)], steps), 3_000);
        let expected = [
            "PUBLISH 1 one",
            "PUBLISH 2 two",
            "PUBLISH dup 1 one",
            "PUBLISH dup 2 two",
            "PUBLISH 3 three",
            "PUBREL 2",
        ];
        assert_eq!(sent(&run, "a"), expected, "{version:?}");
        let again = lines(&run);
        let again: Vec<_> =
            again.iter().filter(|line| line.0["dup"] == true && line.text("by") == "client").collect();
        assert_eq!(again.iter().map(|line| line.text("message")).collect::<Vec<_>>(), ["a/1", "a/2"]);
        assert_eq!(run.world().client("a").unwrap().client.unfinished_messages(), 0);
    }
}

/// [3.1.1 MQTT-4.4.0-1, MQTT-4.3.3-1] [5.0 MQTT-4.4.0-1, MQTT-4.3.3-6]
#[test]
fn pubrel_is_sent_again_and_not_the_publish_before_it() {
    let steps = [
        at(0, connect("a")),
        at(500, publish("a", "t", "x", QOS2)),
        // PUBREC arrives at 540 ms, PUBREL at 560 ms, and PUBCOMP never.
        at(570, cut("a")),
        at(1_000, restore("a")),
        at(1_000, connect("a")),
    ];
    let run = run_to(&setup([lasting("a", V3)], steps), 3_000);
    assert_eq!(sent(&run, "a"), ["PUBLISH 1 x", "PUBREL 1", "PUBREL 1"]);
    assert_eq!(received(&run, "a"), ["CONNACK", "PUBREC 1", "CONNACK", "PUBCOMP 1"]);
}

/// [S7] [5.0 MQTT-3.2.2-5]
#[test]
fn when_the_server_has_lost_the_session_the_client_forgets_its_own() {
    for version in BOTH {
        let steps = [
            at(0, connect("a")),
            at(100, subscribe("a", "x", QOS1)),
            at(500, publish("a", "t", "one", QOS1)),
            at(505, cut("a")),
            at(600, Input::Broker(Command::Restart { keep_store: false })),
            at(1_000, restore("a")),
            at(1_000, connect("a")),
            at(2_000, publish("a", "t", "two", QOS1)),
        ];
        let run = run_to(&setup([lasting("a", version)], steps), 3_000);
        assert_eq!(sent(&run, "a"), ["SUBSCRIBE 1", "PUBLISH 2 one", "PUBLISH 1 two"], "{version:?}");
        let dropped = events(&run, Kind::MessageDropped, "a");
        let dropped: Vec<_> = dropped.iter().filter(|line| line.text("by") == "client").collect();
        assert_eq!(dropped.len(), 1);
        assert_eq!(
            (dropped[0].text("message"), dropped[0].text("why")),
            ("a/1", "the server has no session")
        );
        assert_eq!(run.world().client("a").unwrap().client.subscriptions().count(), 0);
    }
}

/// [glassbroker.client.held, glassbroker.client.not-connected]
#[test]
fn publications_wait_for_a_connection_at_qos_1_and_go_with_the_wind_at_qos_0() {
    let spec = with(client("a", V5), |spec| spec.client.queue_max_messages = 2);
    let steps = [
        at(0, publish("a", "t", "zero", QOS0)),
        at(0, publish("a", "t", "one", QOS1)),
        at(0, publish("a", "t", "two", QOS2)),
        at(0, publish("a", "t", "three", QOS1)),
        at(100, connect("a")),
    ];
    let run = run_to(&setup([spec], steps), 2_000);
    assert_eq!(sent(&run, "a"), ["PUBLISH 1 one", "PUBLISH 2 two", "PUBREL 2"]);
    let queued = events(&run, Kind::MessageQueued, "a");
    assert_eq!(queued.iter().map(|line| line.number("depth")).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let why = |line: &Line| line.text("why").to_owned();
    let dropped: Vec<_> = events(&run, Kind::MessageDropped, "a").iter().map(why).collect();
    assert_eq!(dropped, ["the client is not connected", "the client holds back as many as it can"]);
    // The cause of the PUBLISH is that it was held back.
    let lines = lines(&run);
    let publish = lines
        .iter()
        .find(|line| line.text("payload") == "one" && line.text("kind") == "packet.sent")
        .unwrap();
    assert_eq!(lines[publish.number("cause").unwrap() as usize].text("kind"), "message.queued");
}

/// [M5] [MQTT-3.3.4-7, MQTT-4.9.0-2]
#[test]
fn the_servers_receive_maximum_is_kept() {
    let profile = with(Profile::default(), |p| p.set("connect.receive_maximum", Value::Number(2)).unwrap());
    let steps = [at(0, connect("a")), every(1_000, Span::ZERO, 5, publish("a", "t", "{{n}}", QOS2))];
    let setup = with(setup([client("a", V5)], steps), |setup| setup.profile = profile);
    let run = run_to(&setup, 5_000);
    let mut open: i32 = 0;
    for line in events(&run, Kind::PacketSent, "a").iter().chain(&events(&run, Kind::PacketReceived, "a")) {
        // A round trip for PUBLISH and PUBREC, one for PUBREL and PUBCOMP; then the next two go.
        if line.text("packet") == "PUBLISH" && line.text("by") == "client" {
            let round = open / 2;
            assert_eq!(line.t(), 1_000_000 + 80_000 * round as u64);
            open += 1;
        }
    }
    assert_eq!(open, 5);
}

/// What a client sent and received from a time on, in order.
fn exchanged(run: &Run, client: &str, from_ms: u64) -> Vec<String> {
    let mine = |line: &&Line| {
        line.text("by") == "client" && line.text("client") == client && line.t() >= from_ms * 1_000
    };
    lines(run).iter().filter(mine).filter(|line| !line.text("packet").is_empty()).map(packet).collect()
}

/// [MQTT-3.3.4-7]: the end of a handshake that began on an earlier connection makes no room on this one.
#[test]
fn a_resumed_handshake_adds_nothing_to_the_servers_receive_maximum() {
    let profile = with(Profile::default(), |p| p.set("connect.receive_maximum", Value::Number(2)).unwrap());
    let steps = [
        at(0, connect("a")),
        at(500, publish("a", "t", "one", QOS2)),
        // PUBREC arrives at 540 ms, and PUBREL never.
        at(545, cut("a")),
        every(600, Span::ZERO, 3, publish("a", "t", "{{n}}", QOS1)),
        at(1_000, restore("a")),
        at(1_000, connect("a")),
    ];
    let setup = with(setup([lasting("a", V5)], steps), |setup| setup.profile = profile);
    let run = run_to(&setup, 3_000);
    let expected = [
        "CONNECT",
        "CONNACK",
        "PUBREL 1",
        "PUBLISH 2 1",
        "PUBLISH 3 2",
        "PUBCOMP 1",
        "PUBACK 2",
        "PUBLISH 4 3",
        "PUBACK 3",
        "PUBACK 4",
    ];
    assert_eq!(exchanged(&run, "a", 1_000), expected);
}

/// [MQTT-3.3.4-7], [MQTT-4.6.0-1]: what is sent again waits for the Receive Maximum of the new connection, and what is new waits behind it.
#[test]
fn what_is_sent_again_keeps_to_a_receive_maximum_that_became_lower() {
    let lower = Command::Set { key: "connect.receive_maximum".into(), value: Value::Number(1) };
    let steps = [
        at(0, connect("a")),
        every(500, Span::ZERO, 2, publish("a", "t", "{{n}}", QOS1)),
        at(505, cut("a")),
        at(600, publish("a", "t", "3", QOS1)),
        at(700, Input::Broker(lower)),
        at(1_000, restore("a")),
        at(1_000, connect("a")),
    ];
    let run = run_to(&setup([lasting("a", V5)], steps), 3_000);
    let expected = [
        "CONNECT",
        "CONNACK",
        "PUBLISH dup 1 1",
        "PUBACK 1",
        "PUBLISH dup 2 2",
        "PUBACK 2",
        "PUBLISH 3 3",
        "PUBACK 3",
    ];
    assert_eq!(exchanged(&run, "a", 1_000), expected);
}

/// [MQTT-3.3.4-9], 4.13.1: a server that sends more at once than the client takes is told 0x93.
#[test]
fn a_client_does_not_bear_more_than_its_receive_maximum() {
    let options = with(client("a", V5), |spec| spec.client.connect.receive_maximum = Some(2)).client;
    let mut device = Client::new(options);
    let (mut count, mut recorder) = (Count, Recorder::new());
    let mut watch = recorder.watch(&mut count);
    device.act(ms(0), &Action::Connect { options: None }, Cause::NONE, &mut watch);
    device.opened(ms(1), Cause::NONE, &mut watch);
    device.act(ms(1), &Action::StopAcks, Cause::NONE, &mut watch);
    let mut receive = |packet: Packet| {
        let mut bytes = BytesMut::new();
        assert!(encode(&packet, V5, &mut bytes));
        device.receive(ms(2), &bytes.freeze(), Cause::NONE, &mut watch);
        let sent = std::iter::from_fn(|| device.poll()).filter_map(|output| match output {
            Output::Send { bytes, .. } => decode(&bytes, V5).ok(),
            _ => None,
        });
        (sent.last(), device.state())
    };
    let delivery = |id| Packet::Publish(Publish { id, topic: "t".into(), qos: QOS1, ..Publish::default() });
    receive(Packet::Connack(Connack {
        session_present: false,
        code: ReasonCode::SUCCESS,
        properties: Properties::NONE,
    }));
    for id in [1, 2, 2] {
        assert_eq!(receive(delivery(id)), (None, State::Connected), "{id}");
    }
    let told = Packet::Disconnect(Disconnect::new(ReasonCode::RECEIVE_MAXIMUM_EXCEEDED));
    assert_eq!(receive(delivery(3)), (Some(told), State::Closing));
}

/// [M5] [MQTT-3.2.2-15, MQTT-3.2.2-17]
#[test]
fn limits_of_the_server_are_obeyed() {
    let profile = with(Profile::default(), |p| p.set("packet.max_bytes", Value::Number(100)).unwrap());
    let alias = |n| Some(Box::new(MessageExtra { topic_alias: Some(n), ..MessageExtra::default() }));
    let aliased = |n, payload| with(message("some/topic", payload, QOS0), |message| message.extra = alias(n));
    let steps = [
        at(0, connect("a")),
        at(1_000, publish("a", "t", &"x".repeat(200), QOS1)),
        at(1_000, act("a", Action::Publish(aliased(1, "first")))),
        at(1_000, act("a", Action::Publish(aliased(1, "second")))),
        at(1_000, act("a", Action::Publish(aliased(17, "third")))),
    ];
    let setup = with(setup([client("a", V5)], steps), |setup| setup.profile = profile);
    let run = run_to(&setup, 5_000);
    let dropped = events(&run, Kind::MessageDropped, "a");
    assert_eq!(
        dropped.iter().map(|line| line.text("rule")).collect::<Vec<_>>(),
        ["MQTT-3.2.2-15", "MQTT-3.2.2-17"]
    );
    let accepted = events(&run, Kind::MessageAccepted, "a");
    assert_eq!(
        accepted.iter().map(|line| line.text("topic")).collect::<Vec<_>>(),
        ["some/topic", "some/topic"]
    );
    let sizes: Vec<_> =
        events(&run, Kind::PacketSent, "a").iter().filter_map(|line| line.number("payload_bytes")).collect();
    assert_eq!(sizes, [5, 6]);
}

#[test]
fn acknowledgements_can_be_owed() {
    let steps = [
        at(0, connect("a")),
        at(100, subscribe("a", "t", QOS2)),
        at(200, act("a", Action::StopAcks)),
        at(500, publish("a", "t", "one", QOS1)),
        at(510, publish("a", "t", "two", QOS2)),
        at(2_000, act("a", Action::ResumeAcks)),
    ];
    let run = run_to(&setup([client("a", V5)], steps), 5_000);
    let own: Vec<_> = sent(&run, "a").into_iter().filter(|packet| !packet.contains("PUBLISH")).collect();
    assert_eq!(own, ["SUBSCRIBE 1", "PUBREL 3", "PUBACK 1", "PUBREC 2", "PUBCOMP 2"]);
    let acks = events(&run, Kind::PacketSent, "a");
    let puback =
        acks.iter().find(|line| line.text("packet") == "PUBACK" && line.text("by") == "client").unwrap();
    assert_eq!(puback.t(), 2_000_000);
}

/// [C4] [3.1.1 MQTT-3.1.2-23] [5.0 MQTT-3.1.2-20]
#[test]
fn pings_follow_silence() {
    for version in BOTH {
        let spec = |id, pings| {
            with(client(id, version), |spec| {
                spec.client.connect.keep_alive_s = 10;
                spec.client.pings = pings;
            })
        };
        let steps = [at(0, connect("a")), at(0, connect("mute")), at(7_000, publish("a", "t", "x", QOS0))];
        let run = run_to(&setup([spec("a", true), spec("mute", false)], steps), 38_000);
        let pings: Vec<_> = events(&run, Kind::PacketSent, "a")
            .iter()
            .filter(|line| line.text("packet") == "PINGREQ")
            .map(Line::t)
            .collect();
        assert_eq!(pings, [17_000_000, 27_000_000, 37_000_000]);
        assert_eq!(run.world().client("a").unwrap().client.state(), State::Connected);
        // Without them the broker waits one and a half times as long, from CONNECT at 60 ms.
        let closed = events(&run, Kind::SocketClosed, "mute");
        assert_eq!((closed[0].text("by"), closed[0].t()), ("broker", 15_060_000));
        assert_eq!(run.world().client("mute").unwrap().client.state(), State::Idle);
    }
}

/// [glassbroker.client.reconnect]
#[test]
fn a_client_comes_back_by_itself_only_where_it_is_set_up_so() {
    let spec = with(client("a", V3), |spec| spec.client.reconnect = Some(Span::s(2)));
    let steps = [
        at(0, connect("a")),
        at(0, connect("b")),
        at(1_000, Input::Broker(Command::Restart { keep_store: true })),
        at(10_000, disconnect("a")),
    ];
    let run = run_to(&setup([spec, client("b", V3)], steps), 30_000);
    let connects =
        |id| packets(&run, Kind::PacketReceived, "broker", id).iter().filter(|p| *p == "CONNECT").count();
    assert_eq!((connects("a"), connects("b")), (2, 1));
    let closed = events(&run, Kind::SocketClosed, "a");
    assert_eq!(closed[0].t(), 1_000_000);
    assert_eq!(run.world().client("a").unwrap().client.state(), State::Idle);
}

/// [C6] What the server said as it ended a connection is remembered until the next one begins.
#[test]
fn a_client_remembers_how_it_was_dismissed() {
    let said = |version, until_ms| {
        let steps = [
            at(0, connect("a")),
            at(1_000, Input::Broker(Command::disconnect("a".into()))),
            at(2_000, connect("a")),
        ];
        let run = run_to(&setup([client("a", version)], steps), until_ms);
        run.world().client("a").unwrap().client.dismissed()
    };
    assert_eq!(said(V5, 1_900), Some("Administrative action"));
    assert_eq!(said(V5, 3_000), None);
    // 3.1.1 has no such packet.
    assert_eq!(said(V3, 1_900), None);
}

/// [5.0 MQTT-3.2.2-4]
#[test]
fn a_client_of_5_0_without_memory_refuses_a_session_of_the_servers() {
    for version in BOTH {
        let steps = [
            at(0, connect("a")),
            at(1_000, act("a", Action::Crash)),
            at(2_000, act("a", Action::Restart { keep_session: false })),
            at(3_000, connect("a")),
        ];
        let run = run_to(&setup([lasting("a", version)], steps), 10_000);
        let state = run.world().client("a").unwrap().client.state();
        // 3.1.1 asks nothing of the client here.
        let expected = if version == V5 { State::Idle } else { State::Connected };
        assert_eq!(state, expected, "{version:?}");
    }
}

/// [W3]
#[test]
fn a_will_follows_a_cut_and_not_a_disconnect() {
    for (how, receives) in [(cut("a"), 1), (disconnect("a"), 0)] {
        let spec = with(client("a", V5), |spec| {
            spec.client.connect.keep_alive_s = 10;
            spec.client.connect.will =
                Some(WillOptions { message: message("a/state", "gone", QOS1), ..WillOptions::default() });
        });
        let steps = [
            at(0, connect("a")),
            at(0, connect("b")),
            at(100, subscribe("b", "+/state", QOS1)),
            at(1_000, how),
        ];
        let run = run_to(&setup([spec, client("b", V3)], steps), 60_000);
        let wills = received(&run, "b").iter().filter(|packet| packet.contains("gone")).count();
        assert_eq!(wills, receives);
    }
}

#[test]
fn raw_bytes_go_as_they_are_and_what_comes_back_harms_nobody() {
    for bytes in [&b"\xc0\x00"[..], b"\x00\x00", b"\x30\xff\xff\xff\xff", b"", b"\x10\x00", b"\xf0\x00"] {
        for version in BOTH {
            let send = Action::Send { bytes: bytes::Bytes::from_static(bytes) };
            let steps = [at(0, connect("a")), at(1_000, act("a", send)), at(5_000, connect("a"))];
            let run = run_to(&setup([client("a", version)], steps), 10_000);
            assert_eq!(run.world().client("a").unwrap().client.state(), State::Connected, "{bytes:x?}");
        }
    }
}

#[test]
fn a_field_that_mqtt_cannot_carry_stays_in_the_client() {
    let long = "x".repeat(70_000);
    let steps = [
        at(0, connect("a")),
        at(1_000, publish("a", &long, "x", QOS1)),
        at(1_000, subscribe("a", &long, QOS1)),
        at(1_000, publish("a", "t", "after", QOS1)),
    ];
    let run = run_to(&setup([client("a", V5)], steps), 3_000);
    let sent = sent(&run, "a");
    assert!(sent.len() == 1 && sent[0].ends_with("after"), "{sent:?}");
    let setup = setup(
        [with(client("b", V5), |spec| spec.client.connect.username = Some(long))],
        [at(0, connect("b"))],
    );
    let run = run_to(&setup, 3_000);
    assert_eq!(run.world().client("b").unwrap().client.state(), State::Idle);
}

#[test]
fn an_assigned_identifier_is_used_from_then_on() {
    let spec = with(client("device", V5), |spec| spec.client.connect.client_id = Some(String::new()));
    let run = run_to(&setup([spec], [at(0, connect("device")), at(1_000, disconnect("device"))]), 3_000);
    let assigned = run.world().client("device").unwrap().client.identifier().to_owned();
    assert!(!assigned.is_empty());
    assert_eq!(
        packets(&run, Kind::PacketReceived, "broker", &assigned).last().map(String::as_str),
        Some("DISCONNECT")
    );
}

/// An alias that the server was never sent stands for nothing: the next message with it carries its topic. [MQTT-3.3.2-7, MQTT-3.2.2-15]
#[test]
fn an_alias_of_a_message_that_is_dropped_is_not_told() {
    let aliased = |payload: &str| {
        let extra = MessageExtra { topic_alias: Some(1), ..MessageExtra::default() };
        let (topic, payload) = ("t".into(), payload.to_owned().into());
        let message = Message { topic, payload, extra: Some(Box::new(extra)), ..Message::default() };
        Input::Client { client: "a".into(), action: Action::Publish(message) }
    };
    let steps = [
        at(0, connect("a")),
        at(200, subscribe("a", "t", QOS0)),
        at(500, aliased(&"x".repeat(200))),
        at(600, aliased("short")),
        at(700, aliased("again")),
    ];
    let mut setup = setup([client("a", V5)], steps);
    setup.profile.set("packet.max_bytes", Value::Number(100)).unwrap();
    let run = run_to(&setup, 2_000);
    assert_eq!(sent(&run, "a"), ["SUBSCRIBE 1", "PUBLISH short", "PUBLISH again"]);
    assert_eq!(received(&run, "a")[2..], ["PUBLISH short", "PUBLISH again"]);
}
