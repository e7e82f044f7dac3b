//! The delivery ledger: what became of each message for each subscriber, as a fold over the trace's events.
//!
//! It keeps the steps of every message with the `seq` of their events, so that it answers for any view, also one in the past. When,
//! why and by which rule a step was taken stands in the trace.

mod fate;
mod rows;
mod totals;

pub use fate::{Fate, Verdict};
pub use rows::{LedgerRows, Order, Query, Wanted};
pub use totals::Totals;

use super::event::EventRef;
use crate::broker::{By, GROUP_REPLAY, HANDED_ON, Kind, NO_LOCAL, NO_SUBSCRIPTION};
use crate::rule::RuleId;
use crate::wire::PacketType;
use fate::{Step, What};
use std::collections::VecDeque;
use std::ops::Range;

/// How many steps are held; 8 bytes each. Beyond, the oldest messages go.
const MAX_STEPS: usize = 1_000_000;

/// The rules by which the broker hands a message to nobody.
const UNMATCHED: [RuleId; 2] = [NO_SUBSCRIPTION, NO_LOCAL];

/// The rules by which a message goes from a shared subscription's queue, or from one of its members, to another member.
const PASSED_ON: [RuleId; 2] = [GROUP_REPLAY, HANDED_ON];

/// The ledger. Needs a trace of the level `full`; takes its events in order.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// By the message's number, from `first` on.
    messages: VecDeque<Message>,
    first: u32,
    steps: usize,
    most_steps: usize,
    left_out: u32,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::bounded(MAX_STEPS)
    }
}

/// A message: its way to the broker, and its ways from there.
#[derive(Clone, Debug, Default)]
struct Message {
    qos: u8,
    retain: bool,
    steps: Vec<Step>,
    shares: Vec<Share>,
}

/// A message for one subscriber.
#[derive(Clone, Debug)]
struct Share {
    client: u32,
    steps: Vec<Step>,
}

/// One line of the ledger: a message for one subscriber, or a message that has gone to none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// The message's number in the trace.
    pub message: u32,
    /// The trace's number of the subscriber; `None` for a message that has gone to none.
    pub subscriber: Option<u32>,
    /// What is promised: the lower of the QoS published and the one granted. Without a subscriber the QoS published.
    pub qos: u8,
    /// Whether it was published to be retained.
    pub retain: bool,
    /// What has become of it.
    pub fate: Fate,
    /// How many PUBLISH packets left for this subscriber, or from the publisher: more than one where it was sent again.
    pub sent: u32,
    /// How many of those arrived.
    pub received: u32,
    /// The first event of its message, at its publisher.
    pub published_seq: u32,
    /// The first event of it.
    pub first_seq: u32,
    /// The event with which the subscriber received it last.
    pub received_seq: Option<u32>,
    /// The event that settled the fate.
    pub fate_seq: u32,
}

impl Ledger {
    /// A ledger that holds so many steps at most, and always the last message.
    pub const fn bounded(most_steps: usize) -> Self {
        Self { messages: VecDeque::new(), first: 0, steps: 0, most_steps, left_out: 0 }
    }

    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &EventRef<'_>) {
        let Some(number) = event.message_number().filter(|number| *number >= self.first) else { return };
        let accepted = self.message(number).is_some_and(Message::is_accepted);
        let Some((what, subscriber)) = read(event, accepted) else { return };
        let Some(message) = self.message_mut(number) else { return };
        if subscriber && message.steps.is_empty() {
            // The trace no longer holds how it came to the broker: what is left says nothing of its fate.
            return;
        }
        let step = Step { seq: event.seq(), what, qos: event.qos() };
        if message.steps.is_empty() {
            message.qos = step.qos.unwrap_or(0);
        }
        message.retain |= what == What::Retained || (!subscriber && has_retain(event));
        if what == What::Retained {
            return;
        }
        let steps = if subscriber { message.share(event.client_number()) } else { &mut message.steps };
        steps.push(step);
        self.steps += 1;
        self.keep_bound();
    }

    /// How many messages at the beginning were left out for the ledger's bound.
    pub const fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The lines once the first `events` events have happened, in the order in which the messages were published.
    pub fn at(&self, events: u32) -> impl Iterator<Item = Line> + '_ {
        let numbered = (self.first..).zip(&self.messages);
        numbered.flat_map(move |(number, message)| message.lines(number, events))
    }

    /// The numbers of the messages that are held.
    pub fn messages(&self) -> Range<u32> {
        self.first..self.first + self.messages.len() as u32
    }

    /// The lines of one message once the first `events` events have happened.
    pub fn of(&self, number: u32, events: u32) -> impl Iterator<Item = Line> + '_ {
        self.message(number).into_iter().flat_map(move |message| message.lines(number, events))
    }

    fn message(&self, number: u32) -> Option<&Message> {
        self.messages.get(number.checked_sub(self.first)? as usize)
    }

    fn message_mut(&mut self, number: u32) -> Option<&mut Message> {
        let index = number.checked_sub(self.first)? as usize;
        if index >= self.messages.len() {
            self.messages.resize_with(index + 1, Message::default);
        }
        self.messages.get_mut(index)
    }

    fn keep_bound(&mut self) {
        while self.steps > self.most_steps && self.messages.len() > 1 {
            let Some(gone) = self.messages.pop_front() else { return };
            self.steps -= gone.steps.len() + gone.shares.iter().map(|share| share.steps.len()).sum::<usize>();
            self.first += 1;
            self.left_out += 1;
        }
    }
}

impl Message {
    fn is_accepted(&self) -> bool {
        self.steps.iter().any(|step| step.what == What::Accepted)
    }

    /// The steps for a subscriber; begun where there are none yet.
    fn share(&mut self, client: u32) -> &mut Vec<Step> {
        let at = self.shares.iter().rposition(|share| share.client == client).unwrap_or_else(|| {
            self.shares.push(Share { client, steps: Vec::new() });
            self.shares.len() - 1
        });
        &mut self.shares[at].steps
    }

    fn lines(&self, number: u32, events: u32) -> impl Iterator<Item = Line> + '_ {
        let line = move |subscriber: Option<u32>, steps: &[Step]| {
            let steps = &steps[..steps.partition_point(|step| step.seq < events)];
            let (first, counted) = (steps.first()?, fate::count(steps));
            let (fate, fate_seq) =
                if subscriber.is_some() { counted.at_subscriber() } else { counted.at_broker()? };
            Some(Line {
                message: number,
                subscriber,
                qos: subscriber.and(counted.qos).unwrap_or(self.qos),
                retain: self.retain,
                fate,
                sent: counted.sent,
                received: counted.received,
                published_seq: self.steps.first().map_or(first.seq, |step| step.seq),
                first_seq: first.seq,
                received_seq: subscriber.and(counted.last(What::Received)),
                fate_seq,
            })
        };
        let shares = self.shares.iter().filter_map(move |share| line(Some(share.client), &share.steps));
        let mut shares = shares.peekable();
        let alone = if shares.peek().is_none() { line(None, &self.steps) } else { None };
        alone.into_iter().chain(shares)
    }
}

/// What an event means for its message, and whether it is about a subscriber of it and not about its publisher.
fn read(event: &EventRef<'_>, accepted: bool) -> Option<(What, bool)> {
    let publish = || event.packet_type() == Some(PacketType::Publish);
    let by_broker = event.by() == By::Broker;
    Some(match event.kind() {
        Kind::PacketSent if publish() => (What::Sent, by_broker),
        Kind::PacketReceived if publish() => (What::Received, !by_broker),
        Kind::PacketLost if publish() => {
            let sent = event.trace.get(event.cause()?);
            (What::Lost, sent.is_some_and(|sent| sent.by() == By::Broker))
        }
        Kind::MessageAccepted | Kind::WillSent => (What::Accepted, false),
        Kind::RetainedStored | Kind::RetainedReplaced => (What::Retained, false),
        Kind::Decision if by_broker && event.rule().is_some_and(|rule| UNMATCHED.contains(&rule)) => {
            (What::Unmatched, false)
        }
        Kind::Decision | Kind::MessageDequeued
            if event.rule().is_some_and(|rule| PASSED_ON.contains(&rule)) =>
        {
            (What::PassedOn, true)
        }
        Kind::Decision if by_broker && !accepted && event.code().is_some_and(|code| code >= 0x80) => {
            (What::Refused, false)
        }
        Kind::QuotaRefused if !event.topic().is_empty() => (What::Refused, false),
        Kind::PolicyDenied => (What::Refused, accepted),
        Kind::MessageQueued if by_broker => (What::Queued, true),
        Kind::MessageDequeued => (What::Dequeued, true),
        Kind::MessageDelivered => (What::Handed, true),
        Kind::MessageAcknowledged => (What::Acknowledged, true),
        Kind::MessageExpired => (What::Expired, true),
        Kind::MessageDropped => (What::Dropped, by_broker),
        _ => return None,
    })
}

/// Whether the event's PUBLISH has RETAIN set.
fn has_retain(event: &EventRef<'_>) -> bool {
    event.packet().is_some_and(|packet| packet.head.first().is_some_and(|first| first & 1 != 0))
}
