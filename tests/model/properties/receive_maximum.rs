//! Neither side has more QoS 1 and 2 messages under way than the other's Receive Maximum ([MQTT-3.3.4-7], [MQTT-3.3.4-9]), nor a session
//! more than the profile allows.

use super::{Faults, Model};
use crate::device::Devices;
use crate::ledger::Fate;
use glassbroker::broker::{By, Kind};
use glassbroker::wire::{Packet, Publish, QoS};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = to_clients(model);
    faults.extend(to_broker(model));
    faults
}

fn acknowledged(publish: &Publish) -> bool {
    publish.qos != QoS::AtMostOnce
}

fn to_clients(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    // By connection; then what a session has under way from any of its connections.
    let mut under_way: BTreeMap<usize, BTreeSet<u16>> = BTreeMap::new();
    let mut of_session: BTreeMap<usize, BTreeSet<u16>> = BTreeMap::new();
    for fact in model.history.facts.iter().filter(|fact| fact.by == By::Broker) {
        let place = model.sessions.place(fact.seq);
        if let (Kind::MessageDropped, Some(session)) = (fact.kind, place.session) {
            // What a resumed connection cannot take is no more under way.
            let dropped = |copy: &&crate::ledger::Copy| copy.fate == Fate::Dropped && copy.since == fact.seq;
            let gone = model.ledger.copies.iter().find(dropped).and_then(|copy| copy.sent.first());
            if let Some(Packet::Publish(publish)) =
                gone.and_then(|seq| model.history.fact(*seq).packet.as_ref())
            {
                of_session.entry(session).or_default().remove(&publish.id);
            }
        }
        let (Some(session), Some(index)) = (place.session, place.connection) else { continue };
        let (mine, all) = (under_way.entry(index).or_default(), of_session.entry(session).or_default());
        match (fact.kind, &fact.packet) {
            (Kind::PacketSent, Some(Packet::Publish(publish))) if acknowledged(publish) => {
                mine.insert(publish.id);
                all.insert(publish.id);
                let most = model.sessions.connections[index].receive_maximum();
                if mine.len() > usize::from(most) {
                    faults.push((fact.seq, format!("{} under way, and the client takes {most}", mine.len())));
                }
                let most = model.sessions.number(fact.seq, "session.inflight_max_messages");
                if !publish.dup && most.is_some_and(|most| all.len() as u64 > most) {
                    faults.push((fact.seq, format!("{} under way, more than the profile says", all.len())));
                }
            }
            (Kind::PacketReceived, Some(Packet::Puback(ack) | Packet::Pubcomp(ack))) => {
                mine.remove(&ack.id);
                all.remove(&ack.id);
            }
            (Kind::PacketReceived, Some(Packet::Pubrec(ack))) if ack.code.is_failure() => {
                mine.remove(&ack.id);
                all.remove(&ack.id);
            }
            _ => {}
        }
    }
    faults
}

fn to_broker(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut devices = Devices::default();
    for fact in model.history.facts.iter().filter(|fact| !model.history.is_twin(fact.client)) {
        let device = devices.of(fact);
        device.read(fact);
        let Some(Packet::Publish(publish)) = &fact.packet else { continue };
        if fact.is(By::Client, Kind::PacketSent) && acknowledged(publish) {
            let under_way = device.flights.values().filter(|flight| flight.counts).count();
            if under_way > usize::from(device.limit) {
                faults.push((
                    fact.seq,
                    format!("{under_way} under way, and the broker takes {}", device.limit),
                ));
            }
        }
    }
    faults
}
