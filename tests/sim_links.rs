//! Links: what they delay, what they hold back, and what a cut loses.

#[path = "common/runs.rs"]
mod runs;

use glassbroker::broker::Kind;
use glassbroker::chance::chance_below;
use glassbroker::client::Action;
use glassbroker::sim::{Input, LinkSpec, Step, WRITE_TIMEOUT};
use glassbroker::time::{SimTime, Span};
use runs::*;

#[test]
fn a_connection_takes_a_round_trip_for_the_handshake_and_one_for_mqtt() {
    let run = run_to(&setup([client("c", V3)], [at(100, connect("c"))]), 1_000);
    let times = |kind| events(&run, kind, "c").iter().map(|line| line.t() / 1_000).collect::<Vec<_>>();
    assert_eq!(times(Kind::SocketOpened), [140]);
    assert_eq!(times(Kind::PacketSent), [140, 160], "CONNECT, CONNACK");
    assert_eq!(times(Kind::PacketReceived), [160, 180]);
    assert_eq!(events(&run, Kind::SocketOpened, "c")[0].text("subprotocol"), "mqtt");
}

#[test]
fn bandwidth_is_shared_by_what_follows() {
    // 1,000 bytes a second, a millisecond each. The WebSocket header of a short message is 2 bytes and from a client 4 more.
    let slow = LinkSpec { bytes_per_s: Some(1_000), latency: Span::ms(10), ..LinkSpec::default() };
    let spec = with(client("c", V3), |spec| spec.link = slow);
    let steps = [
        at(0, connect("c")),
        at(100, publish("c", "t", "1234", QOS0)),
        at(100, publish("c", "t", "12", QOS0)),
    ];
    let run = run_to(&setup([spec], steps), 1_000);
    let received = |by: &str| {
        let lines = events(&run, Kind::PacketReceived, "c");
        lines.iter().filter(|line| line.text("by") == by).map(Line::t).collect::<Vec<_>>()
    };
    // The socket is open after 20 ms. CONNECT: 2 + 10 + 2 + 1 = 15 bytes (3.1), in a message of 21.
    // PUBLISH: 2 + 2 + 1 + 4 = 9 bytes in 15; then 2 + 2 + 1 + 2 = 7 in 13, behind the first.
    assert_eq!(received("broker"), [51_000, 125_000, 138_000]);
    // CONNACK: 4 bytes in 6.
    assert_eq!(received("client"), [51_000 + 6_000 + 10_000]);
}

/// [MQTT-7.1.1-1, MQTT-4.2-1]
#[test]
fn jitter_differs_from_message_to_message_and_none_overtakes() {
    let jitter = LinkSpec { jitter: Span::ms(10), ..LinkSpec::default() };
    let spec = with(client("c", V5), |spec| spec.link = jitter);
    let steps = [at(0, connect("c")), every(1_000, Span::ms(3), 300, publish("c", "t", "{{n}}", QOS0))];
    let setup = with(setup([spec], steps), |setup| setup.seed = 11);
    let run = run_to(&setup, 10_000);
    let received = events(&run, Kind::PacketReceived, "c");
    let received: Vec<_> = received.iter().filter(|line| line.text("packet") == "PUBLISH").collect();
    let payloads: Vec<_> = received.iter().map(|line| line.text("payload").to_owned()).collect();
    assert_eq!(payloads, (1..=300).map(|n| n.to_string()).collect::<Vec<_>>());
    // The handshake and CONNECT took the first two draws of this way.
    let mut latest = 0;
    for (n, line) in received.iter().enumerate() {
        let sent = 1_000_000 + 3_000 * n as u64;
        let drawn = chance_below(10_001, 11, "jitter", "c/up", n as u64 + 2);
        latest = latest.max(sent + 20_000 + drawn);
        assert_eq!(line.t(), latest);
    }
}

#[test]
fn a_cut_loses_exactly_what_is_in_flight() {
    let steps = [
        at(0, connect("from")),
        at(0, connect("to")),
        at(200, subscribe("to", "t", QOS0)),
        every(1_000, Span::ms(1), 200, publish("from", "t", "{{n}}", QOS0)),
        // What was sent in the last 20 ms is in flight to the broker: 81 to 100.
        Step::once(SimTime(1_099_500), cut("from")),
    ];
    let run = run_to(&setup([client("from", V3), client("to", V3)], steps), 5_000);
    let lost = |client| packets(&run, Kind::PacketLost, "link", client);
    assert_eq!(lost("from"), (81..=100).map(|n| format!("PUBLISH {n}")).collect::<Vec<_>>());
    let received = packets(&run, Kind::PacketReceived, "client", "to");
    assert_eq!(received.last().map(String::as_str), Some("PUBLISH 80"));
    assert_eq!(lost("to"), Vec::<String>::new());
    let sent = packets(&run, Kind::PacketSent, "client", "from").len();
    let arrived = packets(&run, Kind::PacketReceived, "broker", "from").len();
    assert_eq!(sent, arrived + 20, "sent is arrived and lost");
}

#[test]
fn a_cut_loses_what_the_broker_had_sent_and_what_it_sends_after() {
    let steps = [
        at(0, connect("from")),
        at(0, connect("to")),
        at(200, subscribe("to", "t", QOS0)),
        every(1_000, Span::ms(10), 10, publish("from", "t", "{{n}}", QOS0)),
        // The broker has sent 1 to 4 by 1,051 ms; 1 and 2 have arrived.
        at(1_055, cut("to")),
    ];
    let run = run_to(&setup([client("from", V3), client("to", V3)], steps), 5_000);
    let expected: Vec<_> = (1..=10).map(|n| format!("PUBLISH {n}")).collect();
    let received = packets(&run, Kind::PacketReceived, "client", "to");
    assert_eq!(&received[2..], &expected[..2]);
    assert_eq!(packets(&run, Kind::PacketLost, "link", "to"), &expected[2..]);
}

/// [C4] [W3]
#[test]
fn the_client_knows_of_a_cut_at_once_and_the_broker_by_its_keep_alive() {
    let spec = with(client("c", V3), |spec| spec.client.connect.keep_alive_s = 10);
    let steps = [at(0, connect("c")), at(3_000, cut("c")), at(4_000, connect("c")), at(5_000, restore("c"))];
    let run = run_to(&setup([spec], steps), 60_000);
    let closed = events(&run, Kind::SocketClosed, "c");
    assert_eq!(
        (closed[0].t(), closed[0].text("by"), closed[0].number("code")),
        (3_000_000, "client", Some(1006))
    );
    // CONNECT arrived at 60 ms: one and a half times 10 s later the broker gives up [3.1.1 MQTT-3.1.2-24].
    assert_eq!((closed[1].t(), closed[1].text("by")), (15_060_000, "broker"));
    assert_eq!(closed.len(), 2);
    let refused = events(&run, Kind::SocketRefused, "c");
    assert_eq!(refused.iter().map(Line::t).collect::<Vec<_>>(), [4_000_000]);
}

#[test]
fn a_new_connection_takes_the_half_open_one_over() {
    let steps = [at(0, connect("c")), at(3_000, cut("c")), at(4_000, restore("c")), at(4_000, connect("c"))];
    let run = run_to(&setup([lasting("c", V5)], steps), 30_000);
    let taken = events(&run, Kind::SessionTakenOver, "c");
    assert_eq!(taken.iter().map(Line::t).collect::<Vec<_>>(), [4_060_000]);
    assert_eq!(events(&run, Kind::PacketLost, "c").len(), 1, "the DISCONNECT to the old connection");
    let world = run.world();
    assert_eq!(world.client("c").unwrap().client.state(), glassbroker::client::State::Connected);
}

#[test]
fn without_keep_alive_the_broker_learns_it_when_its_writes_stay_unacknowledged() {
    let silent = |id| with(client(id, V3), |spec| spec.client.connect.keep_alive_s = 0);
    let steps = [
        at(0, connect("from")),
        at(0, connect("to")),
        at(200, subscribe("to", "t", QOS0)),
        at(1_000, cut("to")),
        at(2_000, publish("from", "t", "x", QOS0)),
    ];
    let run = run_to(&setup([silent("from"), silent("to")], steps), 2_000_000);
    let closed = events(&run, Kind::SocketClosed, "to");
    assert_eq!((closed[1].text("by"), closed[1].number("code")), ("broker", Some(1006)));
    assert_eq!(closed[1].t(), 2_020_000 + WRITE_TIMEOUT.0);
}

#[test]
fn a_full_link_holds_the_broker_and_the_client_back_and_loses_nothing() {
    for way in ["up", "down"] {
        let narrow = LinkSpec { bytes_per_s: Some(2_000), in_flight_max_bytes: 256, ..LinkSpec::default() };
        let (mut from, mut to) = (client("from", V5), client("to", V5));
        if way == "up" {
            from.link = narrow
        } else {
            to.link = narrow
        }
        let steps = [
            at(0, connect("from")),
            at(0, connect("to")),
            at(500, subscribe("to", "t", QOS1)),
            every(1_000, Span::ZERO, 100, publish("from", "t", "a payload of some length {{n}}", QOS1)),
            // Longer than the link takes at once.
            at(1_001, publish("from", "t", &"x".repeat(1_000), QOS1)),
        ];
        let run = run_to(&setup([from, to], steps), 60_000);
        let received = packets(&run, Kind::PacketReceived, "client", "to");
        let payloads: Vec<_> = received
            .iter()
            .filter(|packet| packet.starts_with("PUBLISH"))
            .map(|p| p.rsplit(' ').next().unwrap())
            .collect();
        let mut expected: Vec<_> = (1..=100).map(|n| n.to_string()).collect();
        expected.push("x".repeat(64));
        assert_eq!(payloads.len(), 101, "{way}");
        assert_eq!(payloads[..100], expected[..100], "{way}");
        let times = events(&run, Kind::PacketReceived, "to");
        // 100 PUBLISH of at least 30 bytes at 2,000 bytes a second.
        assert!(times.last().unwrap().t() > 1_000_000 + 100 * 30 * 500, "{way}");
        assert!(events(&run, Kind::MessageDropped, "").is_empty(), "{way}");
    }
}

#[test]
fn a_crash_tells_nobody_and_what_was_sent_still_arrives() {
    let steps = [
        at(0, connect("c")),
        at(1_000, publish("c", "t", "x", QOS1)),
        at(1_010, act("c", Action::Crash)),
        at(1_020, connect("c")),
        at(2_000, act("c", Action::Restart { keep_session: false })),
        at(3_000, connect("c")),
    ];
    let run = run_to(&setup([client("c", V3)], steps), 10_000);
    assert_eq!(packets(&run, Kind::PacketReceived, "broker", "c"), ["CONNECT", "PUBLISH 1 x", "CONNECT"]);
    assert_eq!(packets(&run, Kind::PacketLost, "link", "c"), ["PUBACK 1"]);
    let ignored = events(&run, Kind::Decision, "c");
    assert!(ignored.iter().any(|line| line.t() == 1_020_000 && line.text("why").contains("no power")));
}

#[test]
fn a_link_that_becomes_narrow_still_carries_what_is_long() {
    let tiny = LinkSpec { in_flight_max_bytes: 0, ..LinkSpec::default() };
    let narrowed = |client: &str| Input::Link { client: client.into(), link: tiny };
    let steps = [
        at(0, connect("from")),
        at(0, connect("to")),
        at(200, subscribe("to", "t", QOS0)),
        at(500, narrowed("to")),
        at(500, narrowed("from")),
        every(600, Span::ZERO, 3, publish("from", "t", &"x".repeat(5_000), QOS0)),
        // A connection that is opened on it carries one message at a time.
        at(2_000, disconnect("to")),
        at(3_000, connect("to")),
        at(4_000, subscribe("to", "t", QOS0)),
        every(5_000, Span::ZERO, 3, publish("from", "t", &"x".repeat(5_000), QOS0)),
    ];
    let run = run_to(&setup([client("from", V5), client("to", V5)], steps), 20_000);
    let arrivals: Vec<_> = events(&run, Kind::PacketReceived, "to")
        .iter()
        .filter(|line| line.text("packet") == "PUBLISH")
        .map(|line| line.t() / 1_000)
        .collect();
    assert_eq!(arrivals, [640, 640, 640, 5_040, 5_060, 5_080]);
}
