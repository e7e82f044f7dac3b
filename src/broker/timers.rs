//! What is due when: one table, no callbacks.

use super::ConnId;
use super::store::SessionId;
use crate::sorted::Sorted;
use crate::time::SimTime;

/// What a moment was set for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum TimerKey {
    /// CONNECT or another packet is overdue. Looks at what was heard since, and sets itself again.
    Silence(ConnId),
    /// A WebSocket has been open for as long as it may be.
    Lifetime(ConnId),
    /// The bucket lets the next stored message go.
    Replay(SessionId),
    /// What is not acknowledged is sent again, or dropped.
    Resend(SessionId),
    /// A message in a queue expires.
    Expiry(SessionId),
    /// A retained message expires.
    Retained,
    /// A delayed Will is sent.
    Will(SessionId),
    /// A session ends. After its Will, which is sent at the same moment.
    Session(SessionId),
    /// `$SYS` is told again.
    Sys,
    /// A changed policy begins to count.
    Policies,
    /// What waits unread may be read on.
    Read(ConnId),
    /// What waits because too much was sent may leave.
    Write(ConnId),
    /// A member of a group may get the next message of its queue.
    GroupReplay(u32),
    /// Something in the queue of a group goes unsent.
    GroupExpiry(u32),
    /// A message to a session leaves late.
    Late(SessionId),
    /// A PUBACK leaves late.
    LateAck(ConnId),
    /// A subscription begins.
    Begins,
}

/// The moments that the broker waits for, in order. Whoever sets one remembers it, so as to take it back.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    due: Sorted<(SimTime, TimerKey), ()>,
}

impl Timers {
    /// Sets `slot` to `at`, which is where the owner remembers it. What is set to [`SimTime::END`] never comes.
    pub(super) fn set(&mut self, slot: &mut Option<SimTime>, key: TimerKey, at: SimTime) {
        if *slot == Some(at) {
            return;
        }
        self.clear(slot, key);
        if at == SimTime::END {
            return;
        }
        self.due.insert((at, key), ());
        *slot = Some(at);
    }

    /// Takes back what `slot` remembers.
    pub(super) fn clear(&mut self, slot: &mut Option<SimTime>, key: TimerKey) {
        if let Some(at) = slot.take() {
            self.due.remove(&(at, key));
        }
    }

    /// The earliest moment.
    pub(super) fn next(&self) -> Option<SimTime> {
        self.due.first().map(|((at, _), ())| *at)
    }

    /// Takes out the first that is due.
    pub(super) fn pop(&mut self, now: SimTime) -> Option<TimerKey> {
        self.due.first().filter(|((at, _), ())| *at <= now)?;
        self.due.pop_first().map(|((_, key), ())| key)
    }
}
