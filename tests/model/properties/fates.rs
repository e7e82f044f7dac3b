//! Every accepted message has one fate for each matching subscriber, and each fate has a reason that is true.

use super::{Faults, Model};
use crate::ledger::{Copy, Fate};
use glassbroker::broker::{By, Kind};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = model.ledger.unexplained.clone();
    for copy in &model.ledger.copies {
        if copy.fate == Fate::Leaving {
            faults.push((copy.since, "taken out to be sent, and never sent".into()));
        }
        if copy.fate == Fate::Dropped {
            let why = reason(model, copy);
            faults.extend(why.map(|why| (copy.since, why)));
        }
        let ended = model.sessions.sessions[copy.session].until;
        let is_open = matches!(copy.fate, Fate::Waiting | Fate::Published);
        if let (Some(ended), true) = (ended, is_open) {
            faults.push((ended, format!("the fate of what was decided at event {} is unknown", copy.born)));
        }
    }
    let acknowledged = |fact: &&crate::history::Fact<'_>| fact.is(By::Broker, Kind::MessageAcknowledged);
    let said = model.history.facts.iter().filter(acknowledged).count();
    let done = model.ledger.copies.iter().filter(|copy| copy.fate == Fate::Done && copy.qos > 0).count();
    if said != done {
        faults.push((0, format!("{said} times acknowledged was said, and {done} times it is true")));
    }
    faults
}

/// What is wrong with the reason for which a copy was dropped.
fn reason(model: &Model<'_>, copy: &Copy) -> Option<String> {
    let fact = model.history.fact(copy.since);
    let connection = model.sessions.connection_of(copy.session, copy.since);
    let publication = &model.ledger.publications[copy.publication];
    let rule = fact.event.rule()?.id;
    let true_reason = match rule {
        // Whether it was full is what the property of bounds looks at.
        "glassbroker.bound.queue" | "glassbroker.bound.waiting" => true,
        "MQTT-3.1.2-5" | "MQTT-4.5.0-1" => copy.qos == 0 && connection.is_none(),
        "MQTT-3.1.2-25" => connection.is_some_and(|connection| {
            // What stands around topic and payload is at most this long here.
            let around = 40;
            let least = publication.topic.len() + publication.payload.len();
            let most = connection.connect.properties.maximum_packet_size();
            most.is_some_and(|most| least + around > most as usize)
        }),
        "glassbroker.lost" => match fact.cause.map(|cause| model.history.fact(cause).kind) {
            Some(Kind::SessionDisconnected) => copy.qos == 0,
            Some(Kind::SessionExpired | Kind::SessionCleared) => true,
            _ => false,
        },
        _ => false,
    };
    (!true_reason).then(|| format!("dropped by {rule}, which does not apply"))
}
