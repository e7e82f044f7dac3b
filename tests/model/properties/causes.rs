//! Each event's cause is an earlier event, each decision of the broker has a rule, and a payload goes by one name.

use super::{Faults, Model};
use glassbroker::broker::{By, Kind};
use glassbroker::wire::Packet;
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut names = BTreeMap::new();
    for fact in &model.history.facts {
        let group = fact.kind.name().split('.').next().unwrap_or_default();
        if fact.cause.is_some_and(|cause| cause >= fact.seq) {
            faults.push((fact.seq, "its cause is no earlier event".into()));
        }
        if fact.cause.is_none()
            && matches!(group, "packet" | "message" | "subscription")
            && !is_clockwork(&fact.packet)
        {
            faults.push((fact.seq, "nothing led to it".into()));
        }
        let decides = ["session", "subscription", "message", "retained", "will", "quota", "decision"];
        if fact.by == By::Broker
            && decides.contains(&group)
            && fact.kind != Kind::MessageDequeued
            && fact.event.rule().is_none()
        {
            faults.push((fact.seq, "a decision without a rule".into()));
        }
        let Some(Packet::Publish(publish)) = &fact.packet else { continue };
        if publish.payload.is_empty() {
            continue;
        }
        let name = *names.entry(publish.payload.clone()).or_insert(fact.message);
        if name != fact.message || name.is_none() {
            faults.push((fact.seq, "one payload, two messages".into()));
        }
    }
    faults
}

/// What a timer sends by itself.
fn is_clockwork(packet: &Option<Packet>) -> bool {
    matches!(packet, Some(Packet::Pingreq))
}
