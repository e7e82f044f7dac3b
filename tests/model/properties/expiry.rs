//! What has expired is not sent any more ([MQTT-3.3.2-5]), what has not is not dropped for it, and who receives a message learns how long
//! it still lives ([MQTT-3.3.2-6]).

use super::{Faults, Model};
use crate::ledger::Fate;
use glassbroker::wire::{Packet, Version};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    for copy in &model.ledger.copies {
        let expires = model.ledger.publications[copy.publication].expires;
        let since = model.history.fact(copy.since);
        match (copy.fate, expires) {
            (Fate::Expired, Some(at)) if at > since.at => {
                faults.push((since.seq, "it had not expired".into()));
            }
            (Fate::Expired, None) => faults.push((since.seq, "it never expires".into())),
            (Fate::Waiting, Some(at)) if at < model.history.end() => {
                faults.push((since.seq, "it expired and still waits".into()));
            }
            _ => {}
        }
        for seq in &copy.sent {
            let fact = model.history.fact(*seq);
            let Some(Packet::Publish(publish)) = &fact.packet else { continue };
            let told = publish.properties.message_expiry_interval();
            let is_5 = fact.event.packet().is_some_and(|packet| packet.version == Version::V5);
            if !publish.dup && expires.is_some_and(|at| at <= fact.at) {
                faults.push((*seq, "sent after it had expired".into()));
            }
            let left = expires.map(|at| (at.since(fact.at).as_s()) as u32);
            if is_5 && told != left {
                faults.push((*seq, format!("{left:?} s are left of it, and it tells {told:?}")));
            }
        }
    }
    faults
}
