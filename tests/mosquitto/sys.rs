//! `$SYS`: the same names, told as retained messages. Values depend on time and on memory, and are not compared.

use super::ours::Ours;
use super::peer::{Peer, at, hello, publish, subscribe};
use super::profile;
use super::real::Real;
use super::side::Side;
use glassbroker::wire::QoS::{AtLeastOnce, AtMostOnce};
use glassbroker::wire::Version::V5;
use glassbroker::wire::{Packet, ReasonCode};
use std::collections::BTreeSet;
use std::time::Duration;

/// What the real one tells beside: its memory, and two older names.
const MORE: [&str; 4] = ["clients/active", "clients/inactive", "heap/current", "heap/maximum"];

/// The retained names below `$SYS/broker/`, and how a client is answered that publishes there.
fn told(side: &mut dyn Side) -> (BTreeSet<String>, ReasonCode) {
    let lamp = Peer::join(side, hello(V5, "lamp"));
    let answers = lamp.ask(side, &subscribe("$SYS/#", at(AtMostOnce)));
    let names = answers.iter().filter_map(|packet| match packet {
        Packet::Publish(publish) if publish.retain => publish.topic.strip_prefix("$SYS/broker/"),
        _ => None,
    });
    let names = names.map(str::to_owned).collect();
    let publish = publish(1, "$SYS/broker/mine", "x", AtLeastOnce);
    let answers = lamp.ask(side, &publish);
    let code = answers.iter().find_map(|packet| match packet {
        Packet::Puback(ack) => Some(ack.code),
        _ => None,
    });
    (names, code.expect("a PUBACK"))
}

#[test]
fn sys_has_the_same_names() {
    let mut real = Real::configured(|_| "allow_anonymous true\nsys_interval 1\n".to_owned());
    // Some is told from the first client on, and all for the first time after the interval.
    Peer::join(&mut real, hello(V5, "first"));
    std::thread::sleep(Duration::from_millis(2_500));
    let (mut names, code) = told(&mut real);
    for more in MORE {
        assert!(names.remove(more), "mosquitto no longer tells {more}");
    }
    assert_eq!((names, code), told(&mut Ours::new(profile())));
}
