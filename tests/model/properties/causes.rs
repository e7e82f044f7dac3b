//! Each event's cause is an earlier event, each decision of the broker has a rule, and a payload goes by one name.

use super::{Faults, Model};
use crate::history::Fact;
use glassbroker::broker::{By, Kind};
use glassbroker::wire::Packet;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut names = BTreeMap::new();
    // A client that connects by itself gives the same Will again.
    let wills = model.sessions.connections.iter().filter_map(|connection| connection.connect.will.as_ref());
    let wills: BTreeSet<_> = wills.map(|will| &will.payload).collect();
    for fact in &model.history.facts {
        let group = fact.kind.name().split('.').next().unwrap_or_default();
        if fact.cause.is_some_and(|cause| cause >= fact.seq) {
            faults.push((fact.seq, "its cause is no earlier event".into()));
        }
        if fact.cause.is_none()
            && matches!(group, "packet" | "message" | "subscription")
            && !is_clockwork(fact)
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
        if publish.payload.is_empty() || publish.topic.starts_with("$SYS/") {
            continue;
        }
        let name = *names.entry(publish.payload.clone()).or_insert(fact.message);
        if (name != fact.message && !wills.contains(&publish.payload)) || name.is_none() {
            faults.push((fact.seq, "one payload, two messages".into()));
        }
    }
    faults
}

/// What a timer sends by itself.
fn is_clockwork(fact: &Fact<'_>) -> bool {
    matches!(fact.packet, Some(Packet::Pingreq)) || fact.event.topic().starts_with("$SYS/")
}
