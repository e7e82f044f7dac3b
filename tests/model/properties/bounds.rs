//! No queue is longer than the profile allows, nothing is dropped for want of room where there is some, and the depths that events tell
//! are true.

use super::{Faults, Model};
use glassbroker::broker::Kind;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    for depth in &model.ledger.depths {
        let fact = model.history.fact(depth.seq);
        let most = model.sessions.number(depth.seq, "session.queue_max_messages").unwrap_or(u64::MAX);
        let is_queued = fact.kind == Kind::MessageQueued && fact.event.qos() > Some(0);
        if is_queued && depth.queued as u64 > most {
            faults.push((depth.seq, format!("{} are queued, at most {most} may be", depth.queued)));
        }
        let is_refused = fact.event.rule().is_some_and(|rule| rule.id == "glassbroker.bound.queue");
        if is_refused && (depth.queued as u64) < most {
            faults.push((depth.seq, format!("{} are queued, there was room for {most}", depth.queued)));
        }
        let told = fact.event.number();
        if told.is_some_and(|told| told as usize != depth.all) {
            faults.push((depth.seq, format!("{} wait, and it tells {told:?}", depth.all)));
        }
    }
    faults
}
