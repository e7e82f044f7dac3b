//! Messages of one publisher, topic and QoS leave for a subscriber in the order in which they came ([5.0 MQTT-4.6.0-5, MQTT-4.6.0-6]),
//! arrive so, and are sent again in the order in which they were sent ([MQTT-4.6.0-1]).

use super::{Faults, Model};
use crate::ledger::Source;
use glassbroker::broker::{By, Kind};
use glassbroker::wire::Packet;
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    // Stored messages that leave at a pace of their own let live ones pass.
    let paced = model.sessions.number(0, "session.replay_per_s").is_some();
    let mut left = BTreeMap::new();
    let mut arrived = BTreeMap::new();
    let mut again = BTreeMap::new();
    let mut seen = vec![false; model.ledger.copies.len()];
    for fact in &model.history.facts {
        let Some(Packet::Publish(publish)) = &fact.packet else { continue };
        let is_sent = fact.is(By::Broker, Kind::PacketSent);
        let is_received = fact.is(By::Client, Kind::PacketReceived);
        let sent = if is_sent { Some(fact.seq) } else { fact.cause.filter(|_| is_received) };
        let Some(index) = sent.and_then(|sent| model.ledger.copy_of.get(&sent).copied()) else { continue };
        let copy = &model.ledger.copies[index];
        if is_sent && publish.dup {
            let first = copy.sent[0];
            let before = again.insert(model.sessions.place(fact.seq).connection, first);
            if before.is_some_and(|before| before >= first) {
                faults.push((fact.seq, "sent again before what was sent earlier".into()));
            }
            continue;
        }
        let publication = &model.ledger.publications[copy.publication];
        if copy.source != Source::Publication || paced || is_shared(model, copy.session, publication.seq) {
            continue;
        }
        let key = (copy.session, publication.client, publication.topic, copy.qos);
        let was_seen = seen[index];
        seen[index] |= is_received;
        let order = match (is_sent, was_seen) {
            (true, _) => &mut left,
            (false, false) if !model.history.is_twin(fact.client) => &mut arrived,
            _ => continue,
        };
        let before = order.insert(key, copy.publication);
        if before.is_some_and(|before| before > copy.publication) {
            faults.push((fact.seq, "a later message went first".into()));
        }
    }
    faults
}

/// Whether a session had a part in a group, whose messages are in no order.
fn is_shared(model: &Model<'_>, session: usize, seq: u32) -> bool {
    model.sessions.subscribed(seq).any(|s| s.session == session && s.share.is_some())
}
