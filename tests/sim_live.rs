//! Live clients: sockets that something outside the world uses, as a browser's script does.

#[path = "common/runs.rs"]
mod runs;

use bytes::{Bytes, BytesMut};
use glassbroker::broker::Kind;
use glassbroker::sim::{Input, LinkSpec, LiveAct, LiveOutput, Moment, Run, Setup};
use glassbroker::wire::{Connect, Packet, Publish, Text, Version, encode};
use runs::*;

const NO_PROTOCOL: [&str; 0] = [];

fn live(id: u32, act: LiveAct) -> Input {
    Input::Live { id, act }
}

fn open(id: u32, path: &str, protocols: &[&str]) -> Input {
    let protocols = protocols.iter().map(|protocol| (*protocol).to_owned()).collect();
    live(id, LiveAct::Open { path: path.into(), protocols })
}

fn send(id: u32, bytes: impl Into<Bytes>) -> Input {
    live(id, LiveAct::Send { bytes: bytes.into() })
}

fn close(id: u32, code: u16, reason: &str) -> Input {
    live(id, LiveAct::Close { code: Some(code), reason: reason.into() })
}

fn bytes(packet: &Packet) -> Bytes {
    let mut out = BytesMut::new();
    assert!(encode(packet, Version::V3, &mut out));
    out.freeze()
}

fn hello(id: &str) -> Bytes {
    bytes(&Packet::Connect(Box::new(Connect {
        version: Version::V3,
        clean_start: true,
        keep_alive_s: 0,
        client_id: Text::from(id),
        will: None,
        username: None,
        password: None,
        properties: Default::default(),
    })))
}

fn publication(payload: &str) -> Bytes {
    let (topic, payload) = (Text::from("t"), Bytes::from(payload.to_owned()));
    bytes(&Packet::Publish(Publish { topic, payload, ..Publish::default() }))
}

/// Does things in order, each at its time, and gives what the live clients were told.
fn play_live(setup: &Setup, inputs: Vec<(u64, Input)>, until_ms: u64) -> (Run, Vec<(u32, LiveOutput)>) {
    let mut run = Run::new(setup).unwrap();
    let mut outputs = Vec::new();
    for (time_ms, input) in inputs {
        play(&mut run, ms(time_ms));
        run.input(input).unwrap();
        outputs.append(&mut run.take_live_outputs());
    }
    play(&mut run, ms(until_ms));
    outputs.append(&mut run.take_live_outputs());
    (run, outputs)
}

fn closed(code: u16, reason: &str, clean: bool) -> LiveOutput {
    LiveOutput::Closed { code, reason: reason.into(), clean }
}

#[test]
fn a_live_client_connects_publishes_and_closes() {
    let setup = setup([client("v", V5)], [at(0, connect("v")), at(100, subscribe("v", "t", QOS0))]);
    let inputs = vec![
        (1_000, open(7, "/mqtt", &["mqtt"])),
        (1_100, send(7, hello("probe"))),
        (1_200, send(7, publication("x"))),
        (1_300, close(7, 1000, "done")),
    ];
    let (run, outputs) = play_live(&setup, inputs, 5_000);
    let connack = LiveOutput::Message(Bytes::from_static(b"\x20\x02\x00\x00"));
    let expected = [
        LiveOutput::Opened { protocol: "mqtt" },
        LiveOutput::Drained { bytes: hello("probe").len() },
        connack,
        LiveOutput::Drained { bytes: publication("x").len() },
        closed(1000, "", true),
    ];
    assert_eq!(outputs, expected.map(|output| (7, output)));
    let opened = events(&run, Kind::SocketOpened, "socket-7");
    assert_eq!(opened[0].t(), 1_040_000);
    assert_eq!(packets(&run, Kind::PacketReceived, "broker", "probe"), ["CONNECT", "PUBLISH x"]);
    assert_eq!(packets(&run, Kind::PacketSent, "client", "probe"), ["CONNECT", "PUBLISH x"]);
    assert_eq!(packets(&run, Kind::PacketReceived, "client", "probe"), ["CONNACK"]);
    let got = events(&run, Kind::PacketReceived, "v");
    assert!(got.iter().any(|line| line.text("message") == "probe/1"));
    let ends = events(&run, Kind::SocketClosed, "probe");
    assert_eq!(
        ends.iter().map(|end| (end.text("by"), end.t())).collect::<Vec<_>>(),
        [("broker", 1_320_000), ("client", 1_340_000)]
    );
    assert_eq!(run.world().live_clients().count(), 0);
}

#[test]
fn handshakes_fail_as_a_browser_shows_it() {
    for (path, protocols) in [("/chat", &["mqtt"][..]), ("/mqtt", &["amqp", "wamp"]), ("/mqtt", &NO_PROTOCOL)]
    {
        let (run, outputs) = play_live(&Setup::default(), vec![(0, open(1, path, protocols))], 1_000);
        assert!(matches!(&outputs[..], [(1, LiveOutput::Refused { .. })]), "{outputs:?}");
        assert_eq!(events(&run, Kind::SocketRefused, "socket-1").len(), 1);
        assert_eq!(run.world().broker().counts().connections, 0);
    }
    let (_, outputs) = play_live(&Setup::default(), vec![(0, open(1, "/", &["x", "mqttv3.1"]))], 1_000);
    assert_eq!(outputs, [(1, LiveOutput::Opened { protocol: "mqttv3.1" })]);
}

#[test]
fn a_text_message_closes_with_1003() {
    let text = live(1, LiveAct::SendText { text: "hello".into() });
    let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (100, send(1, hello("probe"))), (200, text)];
    let (run, outputs) = play_live(&Setup::default(), inputs, 1_000);
    assert_eq!(outputs.last(), Some(&(1, closed(1003, "", true))));
    assert_eq!(run.world().broker().counts().connections, 0);
    assert_eq!(events(&run, Kind::SessionDisconnected, "probe").len(), 1);
}

#[test]
fn a_broken_protocol_closes_with_1002_and_framing_means_nothing() {
    let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (100, send(1, &b"\xc0\x00"[..]))];
    let (_, outputs) = play_live(&Setup::default(), inputs, 1_000);
    assert_eq!(outputs.last(), Some(&(1, closed(1002, "", true))));

    let mut inputs = vec![(0, open(1, "/mqtt", &["mqtt"]))];
    inputs.extend(hello("probe").chunks(1).map(|byte| (100, send(1, byte.to_vec()))));
    let two = [publication("a"), publication("b")].concat();
    inputs.push((200, send(1, two)));
    let (run, _) = play_live(&Setup::default(), inputs, 1_000);
    let sent = ["CONNECT", "PUBLISH a", "PUBLISH b"];
    assert_eq!(packets(&run, Kind::PacketSent, "client", "probe"), sent);
    assert_eq!(packets(&run, Kind::PacketReceived, "broker", "probe"), sent);
    // Each packet as the broker receives it is caused by that very packet.
    let lines = lines(&run);
    let received =
        lines.iter().filter(|line| line.text("kind") == "packet.received" && line.text("by") == "broker");
    for line in received {
        let cause = &lines[line.number("cause").unwrap() as usize];
        assert_eq!((cause.text("kind"), cause.text("payload")), ("packet.sent", line.text("payload")));
    }
}

#[test]
fn bytes_are_buffered_until_the_link_takes_them() {
    let narrow = LinkSpec { bytes_per_s: Some(10_000), in_flight_max_bytes: 1_000, ..LinkSpec::default() };
    let setup = with(Setup::default(), |setup| setup.live_link = narrow);
    let mut run = Run::new(&setup).unwrap();
    run.input(open(1, "/mqtt", &["mqtt"])).unwrap();
    play(&mut run, ms(100));
    run.input(send(1, hello("probe"))).unwrap();
    play(&mut run, ms(200));
    run.take_live_outputs();
    let big = publication(&"x".repeat(593));
    assert_eq!(big.len(), 600 - 1);
    for _ in 0..3 {
        run.input(send(1, big.clone())).unwrap();
    }
    run.input(close(1, 1000, "")).unwrap();
    // 599 bytes and a header of 8 are on the way; a second message would be more than 1,000.
    assert_eq!(run.take_live_outputs(), [(1, LiveOutput::Drained { bytes: 599 })]);
    // They enter in 60.7 ms and travel 20.
    play(&mut run, ms(280));
    assert_eq!(run.take_live_outputs(), []);
    play(&mut run, ms(281));
    assert_eq!(run.take_live_outputs(), [(1, LiveOutput::Drained { bytes: 599 })]);
    play(&mut run, ms(2_000));
    let rest = run.take_live_outputs();
    assert_eq!(rest, [(1, LiveOutput::Drained { bytes: 599 }), (1, closed(1000, "", true))]);
    assert_eq!(
        events(&run, Kind::MessageAccepted, "probe").len(),
        3,
        "what was sent before the close arrives"
    );
}

#[test]
fn a_cut_and_a_vanished_page_leave_the_broker_waiting() {
    for end in [cut("probe"), live(1, LiveAct::Vanish)] {
        let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (100, send(1, hello("probe"))), (1_000, end)];
        let (run, outputs) = play_live(&Setup::default(), inputs, 5_000);
        assert_eq!(outputs.last(), Some(&(1, closed(1006, "", false))));
        assert_eq!(run.world().broker().counts().connections, 1);
        assert_eq!(run.world().live_clients().count(), 0);
    }
}

#[test]
fn closing_before_it_is_open_gives_up() {
    let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (10, close(1, 1000, ""))];
    let (run, outputs) = play_live(&Setup::default(), inputs, 1_000);
    assert_eq!(outputs, [(1, closed(1006, "", false))]);
    assert_eq!(run.world().broker().counts().connections, 0);
}

#[test]
fn a_live_client_does_not_follow_into_another_branch() {
    let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (100, send(1, hello("probe")))];
    let (mut run, _) = play_live(&Setup::default(), inputs, 2_000);
    run.input(open(2, "/mqtt", &["mqtt"])).unwrap();
    play(&mut run, ms(3_000));
    run.take_live_outputs();
    run.seek(Moment::after(ms(1_000)));
    arrive(&mut run);
    run.input(Input::Mark { title: "another way".into(), text: String::new() }).unwrap();
    let reason = "the run went on in another branch";
    assert_eq!(run.take_live_outputs(), [(1, closed(1012, reason, false)), (2, closed(1012, reason, false))]);
    play(&mut run, ms(4_000));
    assert_eq!(run.take_live_outputs(), []);
    assert_eq!(run.world().broker().counts().connections, 0);
    // The old branch keeps them until somebody goes back to it; then they are gone there too.
    run.switch(0).unwrap();
    assert_eq!(run.world().live_clients().count(), 0);
    assert_eq!(run.take_live_outputs(), []);
    // And a replay of either does the same.
    let mut again = Run::replay(&Setup::default(), run.journal().clone()).unwrap();
    play(&mut again, run.head());
    assert_eq!(again.trace().hash(), run.trace().hash());
}

#[test]
fn a_rewound_view_tells_live_clients_nothing_and_the_head_goes_on_by_itself() {
    let inputs = vec![(0, open(1, "/mqtt", &["mqtt"])), (100, send(1, hello("probe")))];
    let (mut run, _) = play_live(&Setup::default(), inputs, 2_000);
    run.seek(Moment::after(ms(20)));
    arrive(&mut run);
    assert_eq!(run.world().live_clients().next(), Some((1, "socket-1")));
    assert_eq!(run.take_live_outputs(), []);
    run.input_at_head(send(1, publication("x"))).unwrap();
    assert_eq!(run.branches().len(), 1);
    assert_eq!(run.take_live_outputs().len(), 1);
    while !run.advance_head(ms(3_000), 10).done {}
    assert_eq!((run.view().at, run.head()), (ms(20), ms(3_000)));
    assert_eq!(packets(&run, Kind::PacketReceived, "broker", "probe"), ["CONNECT", "PUBLISH x"]);
}

#[test]
fn a_message_that_a_live_client_sends_again_keeps_its_name() {
    let again = |dup| {
        let (topic, payload) = (Text::from("t"), Bytes::from_static(b"x"));
        bytes(&Packet::Publish(Publish { dup, topic, payload, qos: QOS1, id: 5, ..Publish::default() }))
    };
    let inputs = vec![
        (0, open(1, "/mqtt", &["mqtt"])),
        (100, send(1, hello("probe"))),
        (200, send(1, again(false))),
        (210, cut("probe")),
        (300, open(2, "/mqtt", &["mqtt"])),
        (400, send(2, hello("probe"))),
        (500, send(2, again(true))),
        (600, send(2, again(false))),
    ];
    let (run, _) = play_live(&Setup::default(), inputs, 1_000);
    let sent = events(&run, Kind::PacketSent, "probe");
    let names: Vec<_> = sent
        .iter()
        .filter(|line| line.text("packet") == "PUBLISH")
        .map(|line| line.text("message"))
        .collect();
    assert_eq!(names, ["probe/1", "probe/1", "probe/2"]);
}
