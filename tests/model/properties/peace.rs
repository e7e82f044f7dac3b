//! Where everybody keeps to the protocol nobody is accused of breaking it, and no packet vanishes: each arrives once, or is said to be
//! lost.

use super::{Faults, Model};
use glassbroker::broker::{By, Kind};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let mut ends = vec![0u32; model.history.facts.len()];
    for fact in &model.history.facts {
        let why = fact.event.why();
        if fact.kind == Kind::SessionDisconnected && matches!(why, "protocol error" | "quota exceeded") {
            faults.push((fact.seq, "the broker accuses a client".into()));
        }
        let accuses = fact.event.rule().is_some_and(|rule| rule.id == "glassbroker.client.protocol-error");
        // A client that crashed knows nothing of a session that is still there.
        if accuses && why != "the server has a session that the client knows nothing of" {
            faults.push((fact.seq, "a client accuses the broker".into()));
        }
        if matches!(fact.kind, Kind::PacketReceived | Kind::PacketLost)
            && let Some(cause) = fact.cause
        {
            ends[cause as usize] += 1;
        }
    }
    // What was sent in the last moments is still on its way.
    let recent = glassbroker::time::SimTime(model.history.end().0 - 2_000_000);
    for fact in model.history.facts.iter().filter(|fact| fact.kind == Kind::PacketSent && fact.at < recent) {
        let count = ends[fact.seq as usize];
        if count != 1 && fact.by != By::Link {
            faults.push((fact.seq, format!("it arrived or was lost {count} times")));
        }
    }
    faults
}
