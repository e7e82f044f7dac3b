//! A topic alias is used within the other side's Topic Alias Maximum ([MQTT-3.3.2-9, MQTT-3.3.2-11] and their like), stands for the topic
//! that it was last told with on its connection, and leads to that topic ([MQTT-3.3.2-12]).

use super::{Faults, Model};
use glassbroker::broker::{By, Kind};
use glassbroker::wire::{Packet, Version};
use std::collections::BTreeMap;

/// The maximum that a side told, and the topics of the aliases in use towards it.
type Told<'a> = (u16, BTreeMap<u16, &'a str>);

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    // By the side that receives, and the client.
    let mut told: BTreeMap<(By, &str), Told<'_>> = BTreeMap::new();
    let mut meant: BTreeMap<u32, &str> = BTreeMap::new();
    for fact in &model.history.facts {
        match (fact.by, fact.kind, &fact.packet) {
            (By::Broker, Kind::PacketReceived, Some(Packet::Connect(connect))) => {
                let most = connect.properties.topic_alias_maximum().unwrap_or(0);
                told.insert((By::Client, fact.client), (most, BTreeMap::new()));
            }
            (By::Broker, Kind::PacketSent, Some(Packet::Connack(connack))) => {
                let most = connack.properties.topic_alias_maximum().unwrap_or(0);
                told.insert((By::Broker, fact.client), (most, BTreeMap::new()));
            }
            (By::Broker, Kind::PacketSent | Kind::PacketReceived, Some(Packet::Publish(publish))) => {
                let to = if fact.kind == Kind::PacketSent { By::Client } else { By::Broker };
                let (most, topics) = told.entry((to, fact.client)).or_default();
                let is_5 = fact.event.packet().is_some_and(|packet| packet.version == Version::V5);
                let mut topic = publish.topic.as_str();
                if let Some(alias) = publish.properties.topic_alias().filter(|_| is_5) {
                    if alias == 0 || alias > *most {
                        faults.push((fact.seq, format!("alias {alias}, and at most {most} is taken")));
                    }
                    if topic.is_empty() {
                        topic = topics.get(&alias).copied().unwrap_or_default();
                    }
                    topics.insert(alias, topic);
                }
                if topic.is_empty() {
                    faults.push((fact.seq, "an alias that was never told".into()));
                }
                meant.insert(fact.seq, topic);
            }
            (By::Broker, Kind::MessageAccepted, _) => {
                let topic = fact.cause.and_then(|cause| meant.get(&cause));
                if topic.is_some_and(|topic| *topic != fact.event.topic()) {
                    faults.push((fact.seq, format!("published to {topic:?}")));
                }
            }
            _ => {}
        }
    }
    faults
}
