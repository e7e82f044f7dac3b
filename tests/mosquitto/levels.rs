//! Topics of as many levels as Mosquitto takes, and of one more ([mosquitto.topic.levels]).

use super::ours::Ours;
use super::peer::{Peer, at, hello, publish, subscribe, unsubscribe, will};
use super::profile;
use super::real::Real;
use super::side::Side;
use glassbroker::wire::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use glassbroker::wire::Version::{V3, V5};
use glassbroker::wire::{Connect, Packet, ReasonCode};

/// What comes of one packet that may end the connection. No PINGREQ follows one that does: it would end it before the answer is read.
fn answers(side: &mut dyn Side) -> Vec<(String, Vec<Packet>)> {
    let mut all = Vec::new();
    let topics = [(200, ""), (201, ""), (198, "$share/g/"), (199, "$share/g/")];
    for version in [V3, V5] {
        for (slashes, prefix) in topics {
            let topic = format!("{prefix}{}", "/".repeat(slashes));
            let ends = slashes + prefix.matches('/').count() > 200;
            let packets = [
                publish(0, &topic, "x", AtMostOnce),
                publish(1, &topic, "x", AtLeastOnce),
                publish(1, &topic, "x", ExactlyOnce),
                subscribe(&topic, at(AtMostOnce)),
                unsubscribe(&topic),
            ];
            // Nobody publishes to `$share`: see docs/differences.md.
            let first = if prefix.is_empty() { 0 } else { 3 };
            for packet in &packets[first..] {
                let peer = Peer::join(side, Connect { clean_start: true, ..hello(version, "lamp") });
                peer.send(side, packet);
                let got = if ends { peer.to_the_end(side) } else { peer.settle(side) };
                let kind = format!("{packet:?}").chars().take_while(|c| *c != '(').collect::<String>();
                all.push((format!("{version:?} {kind} {prefix} {slashes}"), got));
            }
            if !prefix.is_empty() {
                continue;
            }
            let will = Some(will(&topic, AtMostOnce));
            let (_, connack) = Peer::connect(side, Connect { will, ..hello(version, "dusk") });
            let code = connack.map(|connack| connack.code);
            assert_eq!(code, (!ends).then_some(ReasonCode::SUCCESS), "{}: a Will", side.name());
        }
    }
    all
}

#[test]
fn a_topic_of_too_many_levels_is_refused_alike() {
    let (real, ours) = (answers(&mut Real::start()), answers(&mut Ours::new(profile())));
    for (real, ours) in real.into_iter().zip(ours) {
        assert_eq!(real, ours, "from mosquitto, and from glassbroker");
    }
}
