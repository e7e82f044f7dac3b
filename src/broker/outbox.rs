//! What waits to be sent to one session at QoS 1 and 2.

use super::Cause;
use super::publication::{Ids, Publication};
use crate::sorted::Sorted;
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
    /// The shared subscription that it is for: [`super::shared::Group::serial`]; 0 for none.
    pub(super) group: u32,
    /// When it goes unsent: where it expires, or in a shared subscription's queue.
    pub(super) until: Option<SimTime>,
    /// What led to it: `message.queued`, or what decided the delivery.
    pub(super) cause: Cause,
}

impl Queued {
    /// Whether it goes unsent now.
    fn is_over(&self, now: SimTime) -> bool {
        self.until.is_some_and(|at| at <= now)
    }
}

/// Two queues: what was stored while the client was away, and what came since and found no room on the link or in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    stored: VecDeque<Queued>,
    live: VecDeque<Queued>,
    /// Topics, payloads and properties of all.
    bytes: usize,
    /// How many expire at which moment.
    expiries: Sorted<SimTime, usize>,
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
        if let Some(at) = queued.until {
            match self.expiries.get_mut(&at) {
                Some(count) => *count += 1,
                None => _ = self.expiries.insert(at, 1),
            }
        }
        if live { self.live.push_back(queued) } else { self.stored.push_back(queued) }
    }

    /// Takes out the first of one of the queues.
    pub(super) fn pop(&mut self, live: bool) -> Option<Queued> {
        let queued = if live { self.live.pop_front()? } else { self.stored.pop_front()? };
        self.forget(&queued);
        Some(queued)
    }

    /// Takes one that has left out of the sums.
    fn forget(&mut self, queued: &Queued) {
        self.bytes -= queued.publication.size();
        if let Some(at) = queued.until
            && let Some(count) = self.expiries.get_mut(&at)
        {
            *count -= 1;
            if *count == 0 {
                self.expiries.remove(&at);
            }
        }
    }

    /// Takes out what is for shared subscriptions that `is_wanted` names, in order.
    pub(super) fn take_shared(&mut self, is_wanted: impl Fn(u32) -> bool) -> Vec<Queued> {
        let mut taken = Vec::new();
        for live in [false, true] {
            let lane = if live { &mut self.live } else { &mut self.stored };
            if !lane.iter().any(|queued| is_wanted(queued.group)) {
                continue;
            }
            let (wanted, kept) = partition(std::mem::take(lane), |queued| is_wanted(queued.group));
            *lane = kept;
            wanted.iter().for_each(|queued| self.forget(queued));
            taken.extend(wanted);
        }
        taken
    }

    /// The client is away: all that waits is stored from now on.
    pub(super) fn store_all(&mut self) {
        self.stored.append(&mut self.live);
    }

    /// The next moment at which something in it expires.
    pub(super) fn next_expiry(&self) -> Option<SimTime> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// Takes out what has expired, in order. What stands first, as it does where all live equally long, costs no search.
    pub(super) fn take_expired(&mut self, now: SimTime) -> Vec<Queued> {
        let mut expired = Vec::new();
        for live in [false, true] {
            while self.next_expiry().is_some_and(|at| at <= now) {
                let queue = if live { &self.live } else { &self.stored };
                if !queue.front().is_some_and(|first| first.is_over(now)) {
                    break;
                }
                expired.extend(self.pop(live));
            }
            if self.next_expiry().is_none_or(|at| at > now) {
                break;
            }
            let queue = std::mem::take(if live { &mut self.live } else { &mut self.stored });
            let (gone, kept) = partition(queue, |queued| queued.is_over(now));
            *(if live { &mut self.live } else { &mut self.stored }) = kept;
            gone.iter().for_each(|queued| self.forget(queued));
            expired.extend(gone);
        }
        expired
    }
}

/// What is taken out, and the rest, each in order.
fn partition(queue: VecDeque<Queued>, is_taken: impl Fn(&Queued) -> bool) -> (Vec<Queued>, VecDeque<Queued>) {
    let (mut taken, mut kept) = (Vec::new(), VecDeque::with_capacity(queue.len()));
    for queued in queue {
        if is_taken(&queued) { taken.push(queued) } else { kept.push_back(queued) }
    }
    (taken, kept)
}
