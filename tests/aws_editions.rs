//! What the older editions of AWS IoT Core did otherwise.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::rule::Source;
use glassbroker::time::Span;

/// The editions before MQTT 5.
const OLD: [&str; 2] = ["aws-iot-core-2022", "aws-iot-core-2020"];
const THREE_YEARS_S: u64 = 3 * 365 * 86_400;

/// [aws.connect.v3-only] MQTT 5 is answered as 3.1.1 answers a level that it does not know; 3.1.1 is taken. [3.1.1 MQTT-3.1.2-2]
#[test]
fn the_older_editions_speak_the_older_version_only() {
    for profile in OLD {
        let mut pair = Pair::new(profile);
        let conn = pair.open();
        // CONNECT of level 5 with an empty client identifier, before any CONNACK could tell it.
        pair.send_bytes(conn, &b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x00"[..]);
        let wire = pair.wire(conn);
        assert_eq!(wire.packets, [&[0x20, 2, 0, 1][..]], "{profile}");
        assert!(wire.closed.is_some());
        let refused = pair.last(Kind::Decision);
        assert_eq!(rule_of(refused), (Source::Mqtt311, "MQTT-3.1.2-2"));
        pair.join(client(V3, "lamp"));
    }
    for profile in ["mqtt", "aws-iot-core", "aws-iot-core-2023"] {
        Pair::new(profile).join(client(V5, "lamp"));
    }
}

/// [R9] [aws.retained.three-years] A retained message goes three years after it was stored or read; today it stays.
#[test]
fn a_retained_message_is_kept_three_years() {
    for (profile, is_kept) in [("aws-iot-core-2022", false), ("aws-iot-core-2023", true)] {
        let mut pair = Pair::new(profile);
        let seen = |pair: &mut Pair| {
            let lamp = pair.join(client(V3, "lamp"));
            pair.subscribe(lamp, "t", QOS1);
            let seen = pair.receive_all(lamp).len();
            pair.disconnect(lamp);
            seen
        };
        let sensor = pair.join(client(V3, "sensor"));
        pair.send(sensor, retained("t", "x", QOS1));
        pair.disconnect(sensor);
        pair.pass(Span::s(THREE_YEARS_S - 1));
        assert_eq!(seen(&mut pair), 1, "{profile}: it is there, and read");
        pair.pass(Span::s(THREE_YEARS_S - 1));
        assert_eq!(pair.broker.retained().len(), 1, "{profile}: reading it kept it on");
        pair.pass_s(1);
        assert_eq!(pair.broker.retained().len(), usize::from(is_kept), "{profile}");
        assert_eq!(seen(&mut pair), usize::from(is_kept));
        if !is_kept {
            let gone = pair.last(Kind::RetainedExpired);
            assert_eq!(rule_of(gone), (Source::Aws, "aws.retained.three-years"));
        }
    }
}

/// [R9] [aws.retained.three-years] What replaces a retained message is kept for as long from then on.
#[test]
fn storing_again_keeps_a_retained_message_on() {
    let mut pair = Pair::new("aws-iot-core-2022");
    for at in 0..2 {
        let sensor = pair.join(client(V3, "sensor"));
        pair.send(sensor, retained("t", &at.to_string(), QOS1));
        pair.disconnect(sensor);
        pair.pass(Span::s(THREE_YEARS_S - 10));
    }
    assert_eq!(pair.broker.retained().len(), 1);
    pair.pass_s(10);
    assert_eq!(pair.broker.retained().len(), 0);
}

/// [R6] [aws.retained.unsupported] RETAIN closes the connection, nothing is delivered or stored; not so in the next edition.
#[test]
fn the_oldest_edition_has_no_retained_messages() {
    for (profile, has) in [("aws-iot-core-2020", false), ("aws-iot-core-2022", true)] {
        for payload in ["x", ""] {
            let mut pair = Pair::new(profile);
            let lamp = pair.join(client(V3, "lamp"));
            pair.subscribe(lamp, "t", QOS1);
            let sensor = pair.join(client(V3, "sensor"));
            pair.send(sensor, retained("t", payload, QOS1));
            assert_eq!(pair.is_closed(sensor), !has, "{profile}");
            assert_eq!(pair.publishes(lamp).len(), usize::from(has));
            assert_eq!(pair.broker.retained().len(), usize::from(has && !payload.is_empty()));
        }
    }
    let mut pair = Pair::new("aws-iot-core-2020");
    let write = retain("t".into(), "x".into(), QOS0);
    assert!(pair.command(write).is_err(), "nor does an operator write one");
}

/// [H3] [aws.shared.not-stored] In 2023 what a member that is away would get goes to another; where none is there it is dropped.
#[test]
fn a_shared_subscription_of_2023_stores_nothing() {
    let mut pair = Pair::new("aws-iot-core-2023");
    let sensor = pair.join(client(V5, "sensor"));
    let members = ["m0", "m1"].map(|id| pair.join(persistent(V5, id)));
    for member in members {
        pair.subscribe(member, "$share/g/t", QOS1);
    }
    pair.cut(members[0]);
    for n in 0..10 {
        pair.publish(sensor, "t", &n.to_string(), QOS1);
    }
    assert_eq!(pair.receive_all(members[1]).len(), 10);
    pair.cut(members[1]);
    pair.publish(sensor, "t", "nobody", QOS1);
    assert_eq!(["m0", "m1"].map(|id| pair.session(id).queued), [0, 0]);
    let dropped = pair.last(Kind::MessageDropped);
    assert_eq!(rule_of(dropped), (Source::Aws, "aws.shared.not-stored"));
    pair.pass_s(2);
    for id in ["m0", "m1"] {
        let member = pair.join(persistent(V5, id));
        pair.pass_s(60);
        assert_eq!(pair.publishes(member), []);
    }
}
