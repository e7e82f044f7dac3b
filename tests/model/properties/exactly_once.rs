//! A QoS 2 message is accepted once from its publisher and reaches the subscriber's application once: at the first receipt of its
//! Packet Identifier until that is released ([MQTT-4.3.3-10], [MQTT-4.3.3-12] and their like in 3.1.1).

use super::{Faults, Model};
use crate::device::Devices;
use glassbroker::broker::{By, Kind};
use glassbroker::wire::{Packet, QoS};
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = received(model);
    let mut accepted: BTreeMap<u32, u32> = BTreeMap::new();
    for publication in &model.ledger.publications {
        let Some(message) = publication.message.filter(|_| publication.qos == QoS::ExactlyOnce) else {
            continue;
        };
        if !model.history.is_twin(publication.client)
            && let Some(first) = accepted.insert(message, publication.seq)
            // What was refused for want of room may come again.
            && !model.ledger.publications.iter().any(|other| other.seq == first && other.refused)
        {
            faults.push((publication.seq, format!("accepted at event {first} already")));
        }
    }
    faults.extend(acknowledged(model, &accepted));
    faults
}

/// What the subscribers' applications get.
fn received(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut devices = Devices::default();
    // By copy and memory: how often the application got it.
    let mut got: BTreeMap<(usize, u32), u32> = BTreeMap::new();
    for fact in model.history.facts.iter().filter(|fact| !model.history.is_twin(fact.client)) {
        let device = devices.of(fact);
        if let (true, Some(Packet::Publish(publish))) =
            (fact.is(By::Client, Kind::PacketReceived), &fact.packet)
            && publish.qos == QoS::ExactlyOnce
        {
            let copy = fact.cause.and_then(|cause| model.ledger.copy_of.get(&cause).copied());
            let Some(copy) = copy else {
                faults.push((fact.seq, "received, and nobody sent it".into()));
                continue;
            };
            let count = got.entry((copy, device.memory)).or_default();
            if !device.incoming.contains(&publish.id) {
                *count += 1;
            }
            if *count != 1 {
                faults.push((fact.seq, format!("the application has it {count} times")));
            }
        }
        device.read(fact);
    }
    faults
}

/// What publishers are told: PUBACK and PUBREC are for messages that were accepted, each received PUBLISH is answered.
fn acknowledged(model: &Model<'_>, accepted: &BTreeMap<u32, u32>) -> Faults {
    let mut faults = Faults::new();
    for fact in model.history.facts.iter().filter(|fact| fact.is(By::Broker, Kind::PacketSent)) {
        let Some(Packet::Pubrec(ack)) = &fact.packet else { continue };
        let is_accepted = fact.message.is_some_and(|message| accepted.contains_key(&message))
            || model.ledger.denied.contains(&fact.message);
        let is_one = !model.history.is_twin(fact.client) && !model.history.forgets(fact.client);
        if !is_accepted && !ack.code.is_failure() && is_one {
            faults.push((fact.seq, "PUBREC for what was not accepted".into()));
        }
    }
    faults
}
