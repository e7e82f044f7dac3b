//! Faults by hand: dead ways and stalls as TCP has them, what-ifs that no TCP would do, and crashes with a disk.

#[path = "common/runs.rs"]
mod runs;

use glassbroker::broker::{Command, Kind};
use glassbroker::client::{Action, State};
use glassbroker::sim::{Chosen, ClientSpec, Input, Run, Step, WRITE_TIMEOUT, Way, WhatIf};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{PacketType, Version};
use runs::*;

fn half_open(client: &str, way: Way) -> Input {
    Input::HalfOpen { client: client.into(), way }
}

fn stall(client: &str, length: Span) -> Input {
    Input::Stall { client: client.into(), length }
}

/// A what-if for the next packet of this type.
fn next(client: &str, what: WhatIf, way: Way, packet: PacketType) -> Input {
    let which = Chosen { way, packet: Some(packet), on_its_way: 0 };
    Input::WhatIf { client: client.into(), what, which }
}

/// A keep alive of so many seconds.
fn keeping(spec: ClientSpec, keep_alive_s: u16) -> ClientSpec {
    with(spec, |spec| spec.client.connect.keep_alive_s = keep_alive_s)
}

/// A publisher and a subscriber, both connected, and what happens then.
fn pair(version: Version, then: impl IntoIterator<Item = Step>) -> Run {
    let mut steps = vec![at(0, connect("from")), at(0, connect("to")), at(500, subscribe("to", "t", QOS2))];
    steps.extend(then);
    run_to(&setup([lasting("from", version), lasting("to", version)], steps), 20_000)
}

fn received(run: &Run, by: &str, client: &str) -> Vec<String> {
    packets(run, Kind::PacketReceived, by, client)
}

fn publishes(packets: Vec<String>) -> Vec<String> {
    packets.into_iter().filter(|packet| packet.starts_with("PUBLISH")).collect()
}

fn state(run: &Run, client: &str) -> State {
    run.world().client(client).unwrap().client.state()
}

/// [3.1.1 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-22] [C4]
#[test]
fn the_broker_learns_of_a_dead_way_to_it_by_keep_alive() {
    for (version, rule) in [(V3, "MQTT-3.1.2-24"), (V5, "MQTT-3.1.2-22")] {
        let steps = [at(0, connect("a")), at(5_000, half_open("a", Way::Up))];
        let run = run_to(&setup([keeping(client("a", version), 10)], steps), 60_000);
        let ended = events(&run, Kind::SessionDisconnected, "a");
        // CONNECT came after 60 ms; the PINGREQ of 10 s was lost; one and a half keep alives later the broker ends it.
        assert_eq!(ended[0].t(), 60_000 + 15_000_000, "{version:?}");
        assert_eq!(ended[0].text("rule"), rule);
        assert!(packets(&run, Kind::PacketLost, "link", "a").is_empty(), "TCP has lost nothing yet");
    }
}

#[test]
fn a_client_learns_of_a_dead_way_to_it_by_its_unanswered_ping() {
    let steps = [at(0, connect("a")), at(5_000, half_open("a", Way::Down))];
    let run = run_to(&setup([keeping(client("a", V5), 10)], steps), 200_000);
    // PINGREQ at 10 s did reach the broker, whose answer does not arrive: the client closes after a keep alive without it.
    assert!(received(&run, "broker", "a").contains(&"PINGREQ".into()));
    let closed = events(&run, Kind::SocketClosed, "a");
    let times = |by: &str| {
        closed.iter().filter(|line| line.text("by") == by).map(|line| line.t() / 1_000).collect::<Vec<_>>()
    };
    // PINGREQ goes a keep alive after CONNECT, that is at 10.04 s.
    assert_eq!(times("broker"), [20_060]);
    // Its Close frame is answered in vain; it waits a minute, as Chromium does.
    assert_eq!(times("client"), [80_040]);
    assert_eq!(state(&run, "a"), State::Idle);
}

#[test]
fn what_a_dead_way_held_back_arrives_in_order_once_it_is_restored() {
    let many = every(1_000, Span::ms(100), 20, publish("from", "t", "{{n}}", QOS1));
    let run = pair(V5, [many, at(1_550, half_open("from", Way::Up)), at(8_000, restore("from"))]);
    let expected: Vec<_> = (1..=20).map(|n| format!("PUBLISH {n} {n}")).collect();
    assert_eq!(publishes(received(&run, "broker", "from")), expected);
    let late = events(&run, Kind::PacketReceived, "from");
    let late = late.iter().filter(|line| line.text("packet") == "PUBLISH" && line.t() == 8_000_000).count();
    // Those of 1.6 s and later.
    assert_eq!(late, 14);
    assert!(events(&run, Kind::PacketLost, "").is_empty());
    assert_eq!(state(&run, "from"), State::Connected);
}

#[test]
fn a_stack_gives_up_on_a_dead_way_when_nothing_was_acknowledged_for_as_long_as_linux_waits() {
    for way in [Way::Up, Way::Down] {
        let spec = with(keeping(lasting("a", V5), 0), |spec| spec.client.pings = false);
        let steps = [
            at(0, connect("a")),
            at(0, connect("b")),
            at(500, subscribe("a", "to/a", QOS1)),
            at(1_000, half_open("a", way)),
            at(2_000, publish("a", "from/a", "up", QOS1)),
            at(3_000, publish("b", "to/a", "down", QOS1)),
        ];
        let keeps = keeping(client("b", V5), 0);
        let run = run_to(&setup([spec, keeps], steps), 1_000_000);
        let closed = events(&run, Kind::SocketClosed, "a");
        let ends: Vec<_> = closed.iter().map(|line| (line.text("by"), line.t())).collect();
        let (up, down) = (2_000_000 + WRITE_TIMEOUT.0, 3_020_000 + WRITE_TIMEOUT.0);
        // The one whose way works tells the other end.
        let expected = match way {
            // What the broker writes arrives, but the acknowledgements of that are lost.
            Way::Up => vec![("client", up), ("broker", down)],
            Way::Down => vec![("client", up), ("broker", up + 20_000)],
        };
        assert_eq!(ends, expected, "{way:?}");
        let lost = packets(&run, Kind::PacketLost, "link", "a");
        let expected = if way == Way::Up { "PUBLISH 2 up" } else { "PUBLISH 1 down" };
        assert!(lost.contains(&expected.to_owned()), "{way:?}: {lost:?}");
    }
}

#[test]
fn nothing_new_is_opened_over_a_dead_way() {
    let steps = [at(0, half_open("a", Way::Down)), at(1_000, connect("a")), at(40_000, restore("a"))];
    let run = run_to(&setup([client("a", V5)], steps), 60_000);
    let why = events(&run, Kind::Decision, "a");
    assert!(why.iter().any(|line| line.text("rule") == "glassbroker.client.connect-timeout"));
    assert!(events(&run, Kind::SocketOpened, "a").is_empty());
    assert!(run.world().broker().counts().connections == 0, "nothing is left of it");
}

/// [MQTT-4.2-1]
#[test]
fn after_a_stall_all_arrives_at_once_and_in_order() {
    let many = every(1_000, Span::ms(100), 20, publish("from", "t", "{{n}}", QOS0));
    let run = pair(V5, [many, at(1_550, stall("from", Span::s(3)))]);
    let expected: Vec<_> = (1..=20).map(|n| format!("PUBLISH {n}")).collect();
    assert_eq!(publishes(received(&run, "broker", "from")), expected);
    let lines = events(&run, Kind::PacketReceived, "from");
    let at_its_end = lines.iter().filter(|line| line.text("packet") == "PUBLISH" && line.t() == 4_550_000);
    assert_eq!(at_its_end.count(), 14);
    let asked = &events(&run, Kind::Input, "from");
    let asked = asked.iter().find(|line| line.text("do") == "stall").unwrap();
    assert_eq!(asked.number("until"), Some(4_550_000));
}

#[test]
fn a_stall_ends_early_when_the_network_is_restored() {
    let run = pair(
        V3,
        [
            at(1_000, stall("from", Span::s(600))),
            at(1_100, publish("from", "t", "x", QOS1)),
            at(5_000, restore("from")),
            at(6_000, publish("from", "t", "y", QOS1)),
        ],
    );
    let lines = events(&run, Kind::PacketReceived, "from");
    let times: Vec<_> =
        lines.iter().filter(|line| line.text("packet") == "PUBLISH").map(|line| line.t() / 1_000).collect();
    assert_eq!(times, [5_000, 6_020]);
}

#[test]
fn a_cut_takes_what_a_dead_way_had_held_back() {
    let run = pair(
        V5,
        [
            at(1_000, half_open("from", Way::Up)),
            at(1_100, publish("from", "t", "x", QOS1)),
            at(2_000, cut("from")),
            at(2_500, half_open("from", Way::Up)),
            at(3_000, restore("from")),
            at(3_100, connect("from")),
        ],
    );
    assert_eq!(packets(&run, Kind::PacketLost, "link", "from")[0], "PUBLISH 1 x");
    let ignored = events(&run, Kind::Decision, "");
    assert!(ignored.iter().any(|line| line.text("why") == "the network is cut: restore it first"));
    assert_eq!(publishes(received(&run, "broker", "from")), ["PUBLISH dup 1 x"]);
}

/// [MQTT-3.3.1-1] [3.1.1 MQTT-4.4.0-1] [5.0 MQTT-4.4.0-1] [Q2]
#[test]
fn after_a_dropped_puback_the_message_is_sent_again_with_dup_on_the_next_connection_only() {
    for version in BOTH {
        let run = pair(
            version,
            [
                at(1_000, next("from", WhatIf::Drop, Way::Down, PacketType::Puback)),
                at(1_100, publish("from", "t", "x", QOS1)),
                at(5_000, cut("from")),
                at(5_100, restore("from")),
                at(5_200, connect("from")),
            ],
        );
        assert_eq!(publishes(received(&run, "broker", "from")), ["PUBLISH 1 x", "PUBLISH dup 1 x"]);
        let lost = &events(&run, Kind::PacketLost, "from")[0];
        assert_eq!((lost.text("packet"), lost.text("rule")), ("PUBACK", "glassbroker.what-if"));
        assert!(lost.text("why").starts_with("what-if: "), "{:?}", lost.0);
        assert_eq!(publishes(received(&run, "client", "to")).len(), 2, "at least once");
    }
}

/// [3.1.1 MQTT-4.3.3-2] [5.0 MQTT-4.3.3-10]
#[test]
fn a_doubled_publish_of_qos_2_is_taken_once() {
    for version in BOTH {
        let run = pair(
            version,
            [
                at(1_000, next("from", WhatIf::Duplicate, Way::Up, PacketType::Publish)),
                at(1_100, publish("from", "t", "x", QOS2)),
            ],
        );
        assert_eq!(publishes(received(&run, "broker", "from")), ["PUBLISH 1 x", "PUBLISH 1 x"]);
        assert_eq!(events(&run, Kind::MessageAccepted, "from").len(), 1);
        assert_eq!(publishes(received(&run, "client", "to")).len(), 1);
        let told = events(&run, Kind::Decision, "from");
        let told = told.iter().find(|line| line.text("key") == "what-if").expect("it says so");
        // It follows the packet, and what arrives twice follows it.
        let sent = &lines(&run)[told.number("cause").unwrap() as usize];
        assert_eq!((sent.text("kind"), sent.text("packet")), ("packet.sent", "PUBLISH"));
    }
}

#[test]
fn a_doubled_publish_of_qos_1_is_delivered_twice() {
    let run = pair(
        V5,
        [
            at(1_000, next("from", WhatIf::Duplicate, Way::Up, PacketType::Publish)),
            at(1_100, publish("from", "t", "x", QOS1)),
        ],
    );
    assert_eq!(publishes(received(&run, "client", "to")).len(), 2);
}

/// [MQTT-3.1.0-2]
#[test]
fn a_doubled_connect_is_a_protocol_error() {
    for version in BOTH {
        let steps =
            [at(0, next("a", WhatIf::Duplicate, Way::Up, PacketType::Connect)), at(100, connect("a"))];
        let run = run_to(&setup([client("a", version)], steps), 5_000);
        assert_eq!(state(&run, "a"), State::Idle, "{version:?}");
        assert!(lines(&run).iter().any(|line| line.text("rule") == "MQTT-3.1.0-2"), "{version:?}");
    }
}

/// [3.1.1 MQTT-4.8.0-1] [5.0 MQTT-4.13.1-1]
#[test]
fn a_corrupted_packet_is_malformed_and_ends_the_connection() {
    for version in BOTH {
        // QoS 3 in the fixed header.
        let corrupt = WhatIf::Corrupt { byte: 0, bits: 0b0110 };
        let run = pair(
            version,
            [
                at(1_000, next("from", corrupt, Way::Up, PacketType::Publish)),
                at(1_100, publish("from", "t", "x", QOS0)),
            ],
        );
        assert_eq!(state(&run, "from"), State::Idle, "{version:?}");
        assert!(events(&run, Kind::MessageAccepted, "from").is_empty());
        assert_eq!(state(&run, "to"), State::Connected, "nobody else is harmed");
    }
}

#[test]
fn a_corrupted_payload_is_delivered_as_it_came() {
    let corrupt = WhatIf::Corrupt { byte: u32::MAX, bits: 1 };
    let run = pair(
        V3,
        [
            at(1_000, next("from", corrupt, Way::Up, PacketType::Publish)),
            at(1_100, publish("from", "t", "@", QOS0)),
        ],
    );
    assert_eq!(publishes(received(&run, "client", "to")), ["PUBLISH A"], "the last byte's last bit");
}

#[test]
fn two_packets_change_places_where_the_second_follows_in_time() {
    let burst = |every_ms| {
        pair(
            V5,
            [
                at(1_000, next("from", WhatIf::Reorder, Way::Up, PacketType::Publish)),
                every(1_100, Span::ms(every_ms), 3, publish("from", "t", "{{n}}", QOS0)),
            ],
        )
    };
    assert_eq!(publishes(received(&burst(5), "client", "to")), ["PUBLISH 2", "PUBLISH 1", "PUBLISH 3"]);
    let late = burst(50);
    assert_eq!(publishes(received(&late, "client", "to")), ["PUBLISH 1", "PUBLISH 2", "PUBLISH 3"]);
    let told = events(&late, Kind::Decision, "from");
    assert!(told.iter().any(|line| line.text("why").contains("nothing followed")));
}

#[test]
fn a_packet_on_its_way_is_chosen_by_its_type_and_place() {
    let setup = setup(
        [client("a", V5)],
        [at(0, connect("a")), every(1_000, Span::ms(2), 5, publish("a", "t", "{{n}}", QOS1))],
    );
    let mut run = run_to(&setup, 1_009);
    let on_its_way = run.world().on_its_way("a");
    assert_eq!(on_its_way.len(), 5);
    let third = on_its_way[2].chosen;
    assert_eq!(third, Chosen { way: Way::Up, packet: Some(PacketType::Publish), on_its_way: 3 });
    run.input(Input::WhatIf { client: "a".into(), what: WhatIf::Drop, which: third }).unwrap();
    play(&mut run, ms(5_000));
    let came = publishes(received(&run, "broker", "a"));
    assert_eq!(came, ["PUBLISH 1 1", "PUBLISH 2 2", "PUBLISH 4 4", "PUBLISH 5 5"]);
    // What is not on its way is told, and nothing else happens.
    run.input(Input::WhatIf { client: "a".into(), what: WhatIf::Drop, which: third }).unwrap();
    let ignored = events(&run, Kind::Decision, "");
    assert_eq!(ignored.last().unwrap().text("rule"), "glassbroker.input.ignored");
}

#[test]
fn what_waits_for_a_packet_is_shown_and_can_be_forgotten() {
    let run = pair(
        V5,
        [
            at(1_000, next("from", WhatIf::Drop, Way::Up, PacketType::Publish)),
            at(1_100, next("to", WhatIf::Drop, Way::Down, PacketType::Publish)),
            at(1_200, next("from", WhatIf::Forget, Way::Up, PacketType::Publish)),
            at(1_300, publish("from", "t", "x", QOS0)),
        ],
    );
    assert_eq!(publishes(received(&run, "broker", "from")), ["PUBLISH x"]);
    assert!(publishes(received(&run, "client", "to")).is_empty());
    assert!(run.world().network("to").unwrap().waiting.is_empty(), "it has had its packet");
}

/// [MQTT-3.3.1-1] [3.1.1 MQTT-4.4.0-1] [5.0 MQTT-4.4.0-1]
#[test]
fn a_client_that_restarts_with_its_session_sends_again_what_was_not_acknowledged() {
    for version in BOTH {
        for (keep_session, expected) in [(true, vec!["PUBLISH dup 1 x"]), (false, vec![])] {
            let run = pair(
                version,
                [
                    at(1_000, half_open("from", Way::Up)),
                    at(1_100, publish("from", "t", "x", QOS1)),
                    at(1_200, act("from", Action::Crash)),
                    at(1_300, cut("from")),
                    at(2_000, restore("from")),
                    at(2_000, act("from", Action::Restart { keep_session })),
                    at(2_100, connect("from")),
                ],
            );
            assert_eq!(publishes(received(&run, "broker", "from")), expected, "{version:?} {keep_session}");
            // A client of 5.0 without memory may not go on with the session of the broker [5.0 MQTT-3.2.2-4].
            let connected = keep_session || version == V3;
            assert_eq!(state(&run, "from") == State::Connected, connected);
        }
    }
}

/// [3.1.1 MQTT-3.1.2-6] [5.0 MQTT-3.1.2-23]
#[test]
fn no_disk_keeps_a_session_that_ended_with_its_connection() {
    let steps = [
        at(0, connect("a")),
        at(1_000, half_open("a", Way::Up)),
        at(1_100, publish("a", "t", "x", QOS1)),
        at(1_200, act("a", Action::Crash)),
        at(1_300, act("a", Action::Restart { keep_session: true })),
    ];
    let run = run_to(&setup([client("a", V5)], steps), 2_000);
    assert_eq!(run.world().client("a").unwrap().client.unfinished_messages(), 0);
}

/// [5.0 MQTT-3.2.2-3]
#[test]
fn a_broker_that_restarts_with_its_stores_goes_on_with_sessions_and_without_them_has_none() {
    for (keep_store, present) in [(true, true), (false, false)] {
        let restart = Input::Broker(Command::Restart { keep_store });
        let run = pair(V5, [at(2_000, restart), at(3_000, connect("to"))]);
        let connacks = events(&run, Kind::PacketReceived, "to");
        let mut connacks = connacks.iter().filter(|line| line.text("packet") == "CONNACK");
        assert_eq!(connacks.next_back().unwrap().0["session_present"], present);
        assert_eq!(run.world().broker().counts().subscriptions, usize::from(present));
    }
}

#[test]
fn faults_are_inputs_that_a_replay_repeats_and_a_way_back_computes_again() {
    let setup = setup(
        [lasting("a", V5), lasting("b", V3)],
        [
            at(0, connect("a")),
            at(0, connect("b")),
            at(500, subscribe("b", "t", QOS2)),
            every(1_000, Span::ms(7), 600, publish("a", "t", "{{n}}", QOS2)),
        ],
    );
    let mut run = run_to(&setup, 1_000);
    for (time_ms, input) in [
        (1_200, stall("a", Span::ms(300))),
        (1_300, next("b", WhatIf::Reorder, Way::Down, PacketType::Publish)),
        (2_000, half_open("b", Way::Down)),
        (2_100, next("a", WhatIf::Corrupt { byte: 9, bits: 3 }, Way::Up, PacketType::Pubrel)),
        (2_900, restore("b")),
        (3_000, act("a", Action::Crash)),
        (3_100, act("a", Action::Restart { keep_session: true })),
        (3_200, connect("a")),
    ] {
        play(&mut run, ms(time_ms));
        run.input(input).unwrap();
    }
    play(&mut run, ms(8_000));
    let mut again = Run::replay(&setup, run.journal().clone()).unwrap();
    play(&mut again, ms(8_000));
    assert_eq!(again.trace().hash(), run.trace().hash());
    let hash = run.trace().hash();
    run.seek(glassbroker::sim::Moment::after(SimTime(2_050_000)));
    arrive(&mut run);
    assert_eq!(run.world().network("b").unwrap().holds, [None, Some(SimTime::END)]);
    play(&mut run, ms(8_000));
    assert_eq!(run.trace().hash(), hash);
}
