//! What waits to be sent to one session at QoS 1 and 2.

use super::Cause;
use super::publication::{Ids, Publication};
use crate::time::SimTime;
use crate::wire::QoS;
use std::collections::VecDeque;
use std::sync::Arc;

/// One message for one subscriber, decided but not yet sent.
#[derive(Clone, Debug)]
pub(super) struct Queued {
    pub(super) publication: Arc<Publication>,
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) ids: Ids,
    /// What led to it: `message.queued`, or what decided the delivery.
    pub(super) cause: Cause,
}

/// Two queues: what was stored while the client was away, and what came since and found no room on the link or in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    stored: VecDeque<Queued>,
    live: VecDeque<Queued>,
    /// Topics and payloads of all.
    bytes: usize,
}

impl Outbox {
    pub(super) fn len(&self) -> usize {
        self.stored.len() + self.live.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn stored(&self) -> &VecDeque<Queued> {
        &self.stored
    }

    pub(super) fn live(&self) -> &VecDeque<Queued> {
        &self.live
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stored.is_empty() && self.live.is_empty()
    }

    pub(super) fn push(&mut self, queued: Queued, live: bool) {
        self.bytes += queued.publication.size();
        if live { self.live.push_back(queued) } else { self.stored.push_back(queued) }
    }

    /// Takes out the first of one of the queues.
    pub(super) fn pop(&mut self, live: bool) -> Option<Queued> {
        let queued = if live { self.live.pop_front()? } else { self.stored.pop_front()? };
        self.bytes -= queued.publication.size();
        Some(queued)
    }

    /// The client is away: all that waits is stored from now on.
    pub(super) fn store_all(&mut self) {
        self.stored.append(&mut self.live);
    }

    /// The next moment at which something in it expires.
    pub(super) fn next_expiry(&self) -> Option<SimTime> {
        self.stored.iter().chain(&self.live).filter_map(|queued| queued.publication.expires_at).min()
    }

    /// Takes out what has expired, in order.
    pub(super) fn take_expired(&mut self, now: SimTime) -> Vec<Queued> {
        let mut expired = Vec::new();
        for queue in [&mut self.stored, &mut self.live] {
            if queue.iter().any(|queued| queued.publication.is_expired(now)) {
                for queued in std::mem::take(queue) {
                    if queued.publication.is_expired(now) {
                        expired.push(queued)
                    } else {
                        queue.push_back(queued)
                    }
                }
            }
        }
        self.bytes -= expired.iter().map(|queued| queued.publication.size()).sum::<usize>();
        expired
    }
}
