//! The differences that are explained: for each its name in `docs/differences.md` and what makes the two sides equal but for
//! it. Nothing else is passed over.

use super::play::Got;
use bytes::Bytes;
use glassbroker::wire::Property;

/// One kind of difference.
pub(crate) struct Explained {
    /// Its heading in `docs/differences.md`.
    pub(crate) name: &'static str,
    /// Takes it out of the messages of one topic, QoS and publisher that a client received in one step.
    pub(crate) leave_out: fn(&mut [Got]),
}

/// All kinds.
pub(crate) const EXPLAINED: [Explained; 2] = [
    Explained { name: "Time passes in one and not in the other", leave_out: leave_out_seconds },
    Explained { name: "Copies of one message have no order", leave_out: sort_copies },
];

/// The real broker counts down a Message Expiry Interval by its clock, ours stands still. Scripts use whole thousands of
/// seconds, and none takes a thousand.
fn leave_out_seconds(messages: &mut [Got]) {
    for got in messages {
        let Got::Message { properties, .. } = got else { continue };
        for property in properties {
            if let Property::MessageExpiryInterval(s) = property {
                *s = s.next_multiple_of(1_000);
            }
        }
    }
}

/// Overlapping subscriptions of one client bring copies of one message, which no clause orders among themselves.
fn sort_copies(messages: &mut [Got]) {
    let payload = |got: &Got| match got {
        Got::Message { payload, .. } => payload.clone(),
        _ => Bytes::new(),
    };
    for copies in messages.chunk_by_mut(|a, b| payload(a) == payload(b)) {
        copies.sort_by_cached_key(|got| format!("{got:?}"));
    }
}
