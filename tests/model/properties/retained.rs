//! A new subscription gets exactly what is retained at that moment, with RETAIN set ([3.1.1 MQTT-3.3.1-6, MQTT-3.3.1-8]
//! [5.0 MQTT-3.3.1-9]).

use super::{Faults, Model};
use crate::ledger::Source;
use glassbroker::wire::Packet;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let copies = &model.ledger.copies;
    for (seq, kept) in &model.ledger.retained {
        let got = copies.iter().filter(|copy| copy.source == Source::Retained(*seq));
        let mut got: Vec<usize> = got.map(|copy| copy.publication).collect();
        let mut kept = kept.clone();
        got.sort_unstable();
        kept.sort_unstable();
        if got != kept {
            let topics =
                |of: &[usize]| of.iter().map(|p| model.ledger.publications[*p].topic).collect::<Vec<_>>();
            let (kept, got) = (topics(&kept), topics(&got));
            faults.push((*seq, format!("retained are {kept:?}, and it gets {got:?}")));
        }
    }
    for copy in copies.iter().filter(|copy| copy.source != Source::Publication) {
        for seq in &copy.sent {
            if matches!(&model.history.fact(*seq).packet, Some(Packet::Publish(publish)) if !publish.retain) {
                faults.push((*seq, "retained, and RETAIN is not set".into()));
            }
        }
    }
    faults
}
