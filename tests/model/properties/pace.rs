//! What was stored while a client was away leaves no faster than the replay rate lets it ([aws.session.replay-rate]).

use super::{Faults, Model};
use glassbroker::time::{SimTime, Span};
use std::collections::BTreeMap;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let Some(per_s) = model.sessions.number(0, "session.replay_per_s") else { return faults };
    let burst = model.sessions.number(0, "session.replay_burst").unwrap_or(1) as usize;
    let least = Span::us(1_000_000 / per_s);
    let mut left: BTreeMap<usize, Vec<(u32, SimTime)>> = BTreeMap::new();
    for copy in &model.ledger.copies {
        let Some(&sent) = copy.sent.first() else { continue };
        let connection =
            model.sessions.place(sent).connection.map(|index| &model.sessions.connections[index]);
        if copy.qos > 0 && connection.is_some_and(|connection| copy.born < connection.connect_seq) {
            left.entry(copy.session).or_default().push((sent, model.history.fact(sent).at));
        }
    }
    for times in left.values_mut() {
        times.sort_unstable();
        for window in times.windows(burst + 1) {
            let ((_, first), (seq, last)) = (window[0], window[burst]);
            if last.since(first) < least {
                faults.push((seq, format!("{} left within {} µs", burst + 1, last.since(first).0)));
            }
        }
    }
    faults
}
