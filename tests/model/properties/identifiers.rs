//! A Packet Identifier is not used again while it is in use, and what is sent again carries its own ([MQTT-2.2.1-3], [MQTT-2.2.1-4],
//! [5.0 MQTT-4.4.0-1]); PUBLISH is never sent again after PUBREC ([MQTT-4.3.3-6]).

use super::{Faults, Model};
use crate::device::Devices;
use crate::ledger::Fate;
use glassbroker::broker::{By, Kind};
use glassbroker::wire::{Packet, QoS};
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = of_clients(model);
    faults.extend(of_broker(model));
    faults
}

fn of_clients(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut devices = Devices::default();
    for fact in model.history.facts.iter().filter(|fact| !model.history.is_twin(fact.client)) {
        let device = devices.of(fact);
        if let (true, Some(Packet::Publish(publish))) = (fact.is(By::Client, Kind::PacketSent), &fact.packet)
            && publish.qos != QoS::AtMostOnce
        {
            let known = device.flights.get(&publish.id).map(|flight| flight.message);
            let right = if publish.dup { known == Some(fact.message) } else { known.is_none() };
            if !right {
                faults.push((fact.seq, "the identifier is of another message".into()));
            }
        }
        device.read(fact);
    }
    faults
}

fn of_broker(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    // By session and identifier: the message, and whether PUBREC came.
    let mut in_use: BTreeMap<(usize, u16), (Option<u32>, bool)> = BTreeMap::new();
    for fact in model.history.facts.iter().filter(|fact| fact.by == By::Broker) {
        let Some(session) = model.sessions.place(fact.seq).session else { continue };
        if fact.kind == Kind::MessageDropped {
            let dropped = model.ledger.copies.iter().find(|c| c.fate == Fate::Dropped && c.since == fact.seq);
            if let Some(Packet::Publish(publish)) =
                dropped.and_then(|copy| model.history.fact(*copy.sent.first()?).packet.as_ref())
            {
                in_use.remove(&(session, publish.id));
            }
        }
        match (fact.kind, &fact.packet) {
            (Kind::PacketSent, Some(Packet::Publish(publish))) if publish.qos != QoS::AtMostOnce => {
                let held = in_use.insert((session, publish.id), (fact.message, false));
                match (publish.dup, held) {
                    (false, None) => {}
                    (true, Some((message, false))) if message == fact.message => {}
                    (true, Some((_, true))) => faults.push((fact.seq, "sent again after PUBREC".into())),
                    _ => faults.push((fact.seq, "the identifier is of another message".into())),
                }
            }
            (Kind::PacketReceived, Some(Packet::Pubrec(ack))) => {
                if let Some(held) = in_use.get_mut(&(session, ack.id)) {
                    held.1 = true;
                }
            }
            (Kind::PacketReceived, Some(Packet::Puback(ack) | Packet::Pubcomp(ack))) => {
                in_use.remove(&(session, ack.id));
            }
            _ => {}
        }
    }
    faults
}
