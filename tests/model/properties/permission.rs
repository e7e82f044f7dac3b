//! Nobody comes in without the right password; nothing is spread that its publisher may not write, nothing is delivered that its receiver
//! may not read, and every decision of the access list is what the list says (row P3).

use super::{Faults, Model};
use glassbroker::broker::{By, Kind};
use glassbroker::wire::Packet;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let permission = &model.history.permission;
    for fact in &model.history.facts {
        let (client, topic) = (fact.client, fact.event.topic());
        let expected = match (fact.kind, fact.event.why().split([',', ':']).next()) {
            (Kind::PolicyAllowed | Kind::PolicyDenied, Some("publish")) => {
                permission.may_write(client, topic)
            }
            (Kind::PolicyAllowed | Kind::PolicyDenied, Some("receive")) => permission.may_read(client, topic),
            _ => continue,
        };
        if expected != (fact.kind == Kind::PolicyAllowed) {
            faults.push((fact.seq, format!("the list says {expected}")));
        }
    }
    for session in model.sessions.sessions.iter().filter(|session| !permission.may_enter(session.client)) {
        faults.push((session.from, "it came in without the right password".into()));
    }
    for publication in model.ledger.publications.iter().filter(|publication| !publication.client.is_empty()) {
        if !permission.may_write(publication.client, publication.topic) {
            faults.push((publication.seq, "spread, and its publisher may not write it".into()));
        }
    }
    for fact in model.history.facts.iter().filter(|fact| fact.is(By::Broker, Kind::PacketSent)) {
        let Some(Packet::Publish(publish)) = &fact.packet else { continue };
        if !permission.may_read(fact.client, &publish.topic) {
            faults.push((fact.seq, "delivered, and its receiver may not read it".into()));
        }
    }
    faults
}
