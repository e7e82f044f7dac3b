//! No packet is larger than its receiver's Maximum Packet Size ([5.0 MQTT-3.1.2-24], [MQTT-3.2.2-15]), and none but a PUBLISH is left out
//! for it.

use super::{Faults, Model};
use glassbroker::broker::{By, Kind};
use glassbroker::wire::Packet;
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    // By sender and client.
    let mut most: BTreeMap<(By, &str), u32> = BTreeMap::new();
    for fact in &model.history.facts {
        let size = fact.event.packet_bytes().map_or(0, |bytes| bytes.len());
        if fact.kind == Kind::PacketSent
            && let Some(most) = most.get(&(fact.by, fact.client))
            && size > *most as usize
        {
            faults.push((fact.seq, format!("{size} bytes, and at most {most} are taken")));
        }
        match (fact.by, fact.kind, &fact.packet) {
            (By::Broker, Kind::PacketReceived, Some(Packet::Connect(connect))) => {
                let told = connect.properties.maximum_packet_size().unwrap_or(u32::MAX);
                most.insert((By::Broker, fact.client), told);
            }
            (By::Client, Kind::PacketReceived, Some(Packet::Connack(connack))) => {
                let told = connack.properties.maximum_packet_size().unwrap_or(u32::MAX);
                most.insert((By::Client, fact.client), told);
            }
            // Before CONNACK a client knows of no limit.
            (By::Client, Kind::SocketClosed, _) => _ = most.remove(&(By::Client, fact.client)),
            _ => {}
        }
    }
    faults
}
