//! What is known of one client over time, as the timeline shows it.

use super::density::{Class, Density};
use super::faults::Met;
use super::glance::Glance;
use super::levels::Levels;
use crate::broker::{By, Kind};
use crate::profile::{QUOTAS, Quota};
use crate::time::SimTime;
use crate::wire::PacketType;

/// One packet on its way between a client and the broker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrow {
    /// The event that sent it.
    pub seq: u32,
    /// When it was sent.
    pub sent: SimTime,
    /// When it arrived or was lost; [`SimTime::END`] while it is on its way.
    pub ended: SimTime,
    /// The event of its end; `u32::MAX` while it is on its way.
    pub end_seq: u32,
    /// Whether it goes from the client to the broker.
    pub up: bool,
    /// Whether it was lost on the way.
    pub lost: bool,
    /// Its type.
    pub packet: PacketType,
    /// What it is for.
    pub class: Class,
    /// Whether a person had it sent.
    pub by_hand: bool,
    /// Whether it met with a what-if, which is then in [`Track::met`].
    pub met: bool,
}

/// A time during which something held; `to` is [`SimTime::END`] while it still holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// The event that began it.
    pub seq: u32,
    /// Its first moment.
    pub from: SimTime,
    /// The moment at which it no longer holds.
    pub to: SimTime,
    /// For a session: whether it is connected. For the replay bucket: how many messages wait.
    pub value: u32,
}

impl Stretch {
    /// Whether it still holds.
    pub(super) fn lasts(&self) -> bool {
        self.to == SimTime::END
    }

    /// Adds to the waits for a quota.
    pub(super) fn delay(delays: &mut Vec<Self>, event: &Glance<'_>) {
        let to = event.until.unwrap_or(event.at);
        match delays.last_mut() {
            // The same wait goes on, told again.
            Some(last) if last.to >= event.at => last.to = to.max(last.to),
            _ => delays.push(Self { seq: event.seq, from: event.at, to, value: event.number.unwrap_or(0) }),
        }
    }
}

/// A message waits until the replay bucket lets it go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait {
    /// The event that says so.
    pub seq: u32,
    /// Since when.
    pub at: SimTime,
    /// Until when.
    pub until: SimTime,
    /// How many stored messages wait.
    pub waiting: u32,
}

/// What became of a will.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WillFate {
    /// It is still armed.
    Armed,
    /// It was published.
    Sent,
    /// It was thrown away.
    Discarded,
}

/// A will, from the CONNECT that armed it to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WillStretch {
    /// The event that armed it.
    pub seq: u32,
    /// When it was armed.
    pub from: SimTime,
    /// When it ended; [`SimTime::END`] while it is armed.
    pub to: SimTime,
    /// The event that ended it; `u32::MAX` while it is armed.
    pub end_seq: u32,
    /// What became of it.
    pub fate: WillFate,
}

/// Something on a lane that happened at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Note {
    /// The event.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: Kind,
}

impl Note {
    pub(super) fn of(event: &Glance<'_>) -> Self {
        Self { seq: event.seq, at: event.at, kind: event.kind }
    }
}

/// A moment of narration.
pub type MarkAt = Note;

/// What is known of one client over time.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// The client identifier.
    pub client: String,
    /// Its session: connected (`value` 1) or kept while offline (0).
    pub sessions: Vec<Stretch>,
    /// Its packets, both ways, in the order of being sent.
    pub arrows: Vec<Arrow>,
    /// The longest time that a packet was on its way, in microseconds.
    pub longest_us: u64,
    /// Packets from the client, counted.
    pub up: Density,
    /// Packets to the client, counted.
    pub down: Density,
    /// How many messages are queued for it.
    pub queue: Levels,
    /// How many messages to it wait for their acknowledgement.
    pub in_flight: Levels,
    /// When a quota held messages back.
    pub delays: Vec<Stretch>,
    /// The same of the replay bucket, each wait by itself.
    pub waits: Vec<Wait>,
    /// The messages for it that expired or were dropped: why, and the events that say so.
    pub lost: Vec<(Box<str>, Vec<u32>)>,
    /// When its network was cut (`value` 0), dead to the broker (1) or to the client (2), or stalled (3).
    pub cuts: Vec<Stretch>,
    /// The what-ifs that packets met with.
    pub met: Vec<Met>,
    /// Its wills.
    pub wills: Vec<WillStretch>,
    /// What was asked of it, dropped or refused.
    pub notes: Vec<Note>,
    /// The events that have a row in the flow.
    pub rows: Vec<u32>,
}

impl Track {
    /// A stretch of time around a moment in which about this many packets were sent, of those before event `events`, and in
    /// which one of them arrives; `None` where there are none.
    pub fn around(&self, at: SimTime, packets: usize, events: u32) -> Option<(SimTime, SimTime)> {
        let past = &self.arrows[..self.arrows.partition_point(|arrow| arrow.seq < events)];
        let middle = past.partition_point(|arrow| arrow.sent < at);
        let first = middle.saturating_sub(packets / 2).min(past.len().saturating_sub(packets));
        let some = &past[first..past.len().min(first + packets)];
        let (from, to) = (some.first()?.sent, some.last()?.sent);
        let flights =
            some.iter().filter(|arrow| arrow.end_seq < events).map(|arrow| arrow.ended.since(arrow.sent));
        let flight = flights.min().unwrap_or_default();
        Some((from, to.max(from + flight)))
    }

    pub(super) fn take(&mut self, event: &Glance<'_>) {
        self.fault(event);
        match event.kind {
            Kind::SessionCreated | Kind::SessionResumed => self.session(event, Some(1)),
            Kind::SessionDisconnected | Kind::SessionTakenOver => {
                self.session(event, Some(0));
                self.in_flight.step(event, |_| 0);
            }
            Kind::SessionExpired | Kind::SessionCleared => {
                self.session(event, None);
                self.queue.step(event, |_| 0);
            }
            Kind::MessageQueued | Kind::MessageDequeued => self.depth(event),
            Kind::MessageDropped | Kind::MessageExpired => {
                self.depth(event);
                self.note(event);
                self.loses(event);
            }
            Kind::QuotaDelayed => {
                let to = event.until.unwrap_or(event.at);
                let value = event.number.unwrap_or(0);
                if event.topic == QUOTAS[Quota::Replay as usize].key {
                    self.waits.push(Wait { seq: event.seq, at: event.at, until: to, waiting: value });
                }
                Stretch::delay(&mut self.delays, event);
            }
            Kind::WillArmed => self.wills.push(WillStretch {
                seq: event.seq,
                from: event.at,
                to: SimTime::END,
                end_seq: u32::MAX,
                fate: WillFate::Armed,
            }),
            Kind::WillSent => self.will_ends(event, WillFate::Sent),
            Kind::WillDiscarded => self.will_ends(event, WillFate::Discarded),
            Kind::Input | Kind::SocketRefused | Kind::QuotaRefused | Kind::PolicyDenied => self.note(event),
            _ => {}
        }
    }

    fn loses(&mut self, event: &Glance<'_>) {
        let why = if event.why.is_empty() { "the Message Expiry Interval has passed" } else { event.why };
        match self.lost.iter_mut().find(|(known, _)| **known == *why) {
            Some((_, seqs)) => seqs.push(event.seq),
            None => self.lost.push((why.into(), vec![event.seq])),
        }
    }

    fn note(&mut self, event: &Glance<'_>) {
        self.notes.push(Note::of(event));
    }

    fn depth(&mut self, event: &Glance<'_>) {
        // What a client holds back itself is not in the broker's queue.
        if let Some(depth) = event.number.filter(|_| event.by == By::Broker) {
            self.queue.step(event, |_| depth);
        }
    }

    fn session(&mut self, event: &Glance<'_>, state: Option<u32>) {
        if let Some(last) = self.sessions.last_mut()
            && last.lasts()
        {
            if Some(last.value) == state {
                return;
            }
            last.to = event.at;
        }
        if let Some(value) = state {
            self.sessions.push(Stretch { seq: event.seq, from: event.at, to: SimTime::END, value });
        }
    }

    fn will_ends(&mut self, event: &Glance<'_>, fate: WillFate) {
        if let Some(will) = self.wills.iter_mut().rev().find(|will| will.fate == WillFate::Armed) {
            (will.to, will.end_seq, will.fate) = (event.at, event.seq, fate);
        }
    }
}
