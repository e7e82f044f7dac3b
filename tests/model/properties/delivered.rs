//! In the quiet phase everybody comes back, and then all that was accepted is delivered: nothing waits, nothing is under way, and what was
//! acknowledged has arrived ([MQTT-4.3.2-4], [MQTT-4.3.3-8], [5.0 MQTT-4.4.0-1]).

use super::{Faults, Model};
use crate::device::Devices;
use crate::ledger::Fate;
use glassbroker::broker::{By, Kind};
use glassbroker::time::SimTime;
use glassbroker::wire::Packet;
use std::collections::BTreeSet;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let last = model.history.facts.len() as u32 - 1;
    for spec in &model.history.scenario.clients {
        let client = &spec.client;
        let open = model.sessions.connections.iter().any(|c| c.client == client.id && c.until.is_none());
        let could = model.history.permission.may_enter(&client.id)
            && model
                .sessions
                .number(last, "session.max_count")
                .is_none_or(|most| most as usize >= model.history.scenario.clients.len());
        if client.connect.client_id.is_none() && could && !open {
            faults.push((last, format!("{} did not come back", client.id)));
        }
    }
    let received: BTreeSet<u32> = model
        .history
        .facts
        .iter()
        .filter(|fact| fact.is(By::Client, Kind::PacketReceived))
        .filter_map(|fact| fact.cause)
        .collect();
    for copy in &model.ledger.copies {
        let arrived = copy.sent.iter().any(|sent| received.contains(sent));
        let publication = &model.ledger.publications[copy.publication];
        if copy.qos > 0 && matches!(copy.fate, Fate::Done | Fate::Released) && !arrived {
            faults.push((copy.since, "acknowledged, and never received".into()));
        }
        let is_back = model.sessions.connection_of(copy.session, last).is_some();
        // The broker tells of itself up to the end: what it told last is still on its way.
        let is_recent = model.history.fact(copy.born).at >= SimTime(model.history.end().0 - 2_000_000);
        if is_back && !is_recent && matches!(copy.fate, Fate::Waiting | Fate::Published | Fate::Released) {
            let words = format!("of event {} is not delivered in the end: {:?}", publication.seq, copy.fate);
            faults.push((copy.since, words));
        }
    }
    faults.extend(published(model));
    faults
}

/// What publishers have sent at QoS 1 and 2 is accepted and acknowledged.
fn published(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut devices = Devices::default();
    let accepted = model.ledger.publications.iter().map(|publication| publication.message);
    // 3.1.1 cannot be told of what is not allowed, and is acknowledged.
    let accepted: BTreeSet<_> = accepted.chain(model.ledger.denied.iter().copied()).collect();
    for fact in model.history.facts.iter().filter(|fact| !model.history.is_twin(fact.client)) {
        devices.of(fact).read(fact);
        let answers = matches!(&fact.packet, Some(Packet::Puback(_) | Packet::Pubrec(_)));
        let is_one = !model.history.forgets(fact.client);
        if fact.is(By::Client, Kind::PacketReceived) && answers && is_one && !accepted.contains(&fact.message)
        {
            faults.push((fact.seq, "acknowledged, and never accepted".into()));
        }
    }
    for (client, device) in &devices.0 {
        for (id, flight) in device.flights.iter().filter(|_| device.connected) {
            let words = format!("{client} is not rid of {id}, {:?}", flight.message);
            faults.push((model.history.facts.len() as u32 - 1, words));
        }
    }
    faults
}
