//! What AWS IoT Core does with a QoS 1 message that is not acknowledged on a connection that lives (rows Q2, Q4 and Q5).

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::time::SimTime;
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";

/// A publisher, and a subscriber `lamp` to which one message went.
fn scene(profile: &str, version: Version, properties: Vec<Property>) -> (Pair, ConnId) {
    let mut pair = Pair::new(profile);
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(persistent(version, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    pair.send(sensor, with_properties(publish("t", "x", QOS1), properties));
    pair.disconnect(sensor);
    (pair, lamp)
}

fn seconds_of(at: SimTime) -> u64 {
    at.since(SimTime::ZERO).as_s()
}

/// Lets so many seconds pass, during which a client pings but does not acknowledge, and gives what came with its second.
fn come(pair: &mut Pair, lamp: ConnId, seconds: u64) -> Vec<(u64, Publish)> {
    let mut came = Vec::new();
    let end = seconds_of(pair.now) + seconds;
    loop {
        came.extend(pair.publishes_at(lamp).into_iter().map(|(at, publish)| (seconds_of(at), publish)));
        if seconds_of(pair.now) >= end {
            return came;
        }
        pair.send(lamp, Packet::Pingreq);
        pair.pass_s(10);
    }
}

/// [Q2] [aws.qos.resend] [aws.qos.dup] Each 30 seconds it comes again, with its identifier and without DUP, until it is
/// acknowledged; in `mqtt` only on a new connection.
#[test]
fn an_unacknowledged_message_comes_again() {
    for version in BOTH {
        let (mut pair, lamp) = scene(AWS, version, vec![]);
        let came = come(&mut pair, lamp, 100);
        assert_eq!(came.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 30, 60, 90]);
        let id = came[0].1.id;
        assert!(came.iter().all(|(_, publish)| publish.id == id && !publish.dup && payload(publish) == "x"));
        let said = pair.last(Kind::Decision);
        assert_eq!((rule_of(said), said.number), ((Source::Aws, "aws.qos.resend"), Some(u32::from(id))));
        pair.send(lamp, Packet::Puback(ack(id)));
        assert_eq!(come(&mut pair, lamp, 100), []);
        assert_eq!(pair.session("lamp").inflight_count, 0);

        let (mut pair, lamp) = scene("mqtt", version, vec![]);
        assert_eq!(come(&mut pair, lamp, 100).len(), 1);
    }
}

/// [Q4] [Q5] [aws.qos.dup] Nor has what a resumption sends again DUP set; in `mqtt` it has. [MQTT-3.3.1-1]
#[test]
fn what_is_sent_again_has_no_dup() {
    for version in BOTH {
        for (profile, dup) in [(AWS, false), ("mqtt", true)] {
            let (mut pair, lamp) = scene(profile, version, vec![]);
            pair.cut(lamp);
            pair.pass_s(5);
            let lamp = pair.join(persistent(version, "lamp"));
            assert_eq!(pair.publishes(lamp).iter().map(|p| p.dup).collect::<Vec<_>>(), [dup], "{profile}");
        }
    }
}

/// [Q2] [aws.qos.window] After an hour, or with MQTT 5 after 16 minutes, it is given up, and leaves room for another.
#[test]
fn what_is_never_acknowledged_is_given_up() {
    for (version, window_s) in [(V3, 3_600), (V5, 960)] {
        let (mut pair, lamp) = scene(AWS, version, vec![]);
        let came = come(&mut pair, lamp, window_s - 10);
        assert_eq!(came.len() as u64, window_s / 30);
        assert_eq!(pair.session("lamp").inflight_count, 1);
        assert_eq!(come(&mut pair, lamp, 100), []);
        let dropped = pair.last(Kind::MessageDropped);
        assert_eq!(rule_of(dropped), (Source::Aws, "aws.qos.window"));
        assert_eq!(dropped.at, SimTime::ZERO + glassbroker::time::Span::s(window_s));
        let view = pair.session("lamp");
        let connection = view.connection.expect("connected");
        assert_eq!((view.inflight_count, connection.quota), (0, connection.quota_max));
    }
}

/// [Q2] [aws.qos.window] A message that expires before it is acknowledged is not sent again. [MQTT-3.3.2-5]
#[test]
fn what_has_expired_is_not_sent_again() {
    let (mut pair, lamp) = scene(AWS, V5, vec![Property::MessageExpiryInterval(45)]);
    let came = come(&mut pair, lamp, 200);
    assert_eq!(came.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 30]);
    assert_eq!(pair.events(Kind::MessageExpired).len(), 1);
    assert_eq!(pair.session("lamp").inflight_count, 0);
}

/// [Q2] [aws.qos.resend] The pace is a setting, and each message has its own; one that is acknowledged in time comes once.
#[test]
fn each_message_has_its_own_time() {
    let mut pair = Pair::with(AWS, &[("session.resend_after_s", Value::Number(20))]);
    let sensor = pair.join(client(V5, "sensor"));
    let lamp = pair.join(client(V5, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    for n in 0..3 {
        pair.publish(sensor, "t", &n.to_string(), QOS1);
        pair.pass_s(10);
    }
    let first: Vec<_> = pair.publishes_at(lamp);
    pair.send(lamp, Packet::Puback(ack(first[1].1.id)));
    let came = come(&mut pair, lamp, 40);
    let told: Vec<_> = first.iter().map(|(at, p)| (seconds_of(*at), payload(p))).collect();
    let expected = [(0, "0"), (10, "1"), (20, "0"), (20, "2"), (30, "1")];
    assert_eq!(told, expected.map(|(at, text)| (at, text.to_owned())));
    let came: Vec<_> = came.iter().map(|(at, p)| (*at, payload(p))).collect();
    let expected = [(40, "0"), (40, "2"), (60, "0"), (60, "2")];
    assert_eq!(came, expected.map(|(at, text)| (at, text.to_owned())));
}
