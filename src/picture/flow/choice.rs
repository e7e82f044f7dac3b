//! Which rows are drawn: those of a message, a client, a stretch of time or the whole run, and of too many only some.

use super::super::Tracks;
use crate::broker::{By, Kind};
use crate::time::SimTime;
use crate::trace::{EventRef, Trace};
use crate::wire::PacketType;
use std::ops::Range;

/// The most rows that are laid out at once.
pub const MOST_ROWS: usize = 1_000;
/// Rows come and go at the beginning by so many, so that not each new one moves all others.
const AT_ONCE: usize = MOST_ROWS / 2;
/// How many events are looked at in one go.
const SLICE: u32 = 20_000;
/// How far before the view one looks for the last message, in events.
const LOOK_EVENTS: usize = 5_000;

/// What is to be seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// All that has to do with the message of this event; of one that has none, what led to it and what it led to.
    Message(u32),
    /// One client and the broker.
    Client(String),
    /// What began in a stretch of time, both of its ends included.
    Window(SimTime, SimTime),
    /// Everything.
    All,
}

/// The rows to lay out, and how many there are besides.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chosen {
    /// The events whose rows they are.
    pub seqs: Vec<u32>,
    /// How many rows come before them.
    pub before: usize,
    /// How many rows come after them, until the view.
    pub after: usize,
}

impl Choice {
    /// The rows among the first `events` events: the last ones, or those from row `first` on.
    pub fn rows(&self, tracks: &Tracks, story: &Story, events: u32, first: Option<usize>) -> Chosen {
        let all: &[u32] = match self {
            Self::Message(_) => &story.seqs,
            Self::Client(name) => tracks
                .position(name)
                .and_then(|lane| tracks.clients.get(lane))
                .map_or(&[], |track| &track.rows),
            Self::Window(..) | Self::All => &tracks.rows,
        };
        let past = &all[..all.partition_point(|seq| *seq < events)];
        let past = match self {
            Self::Window(..) => past.get(story.within(past)).unwrap_or_default(),
            _ => past,
        };
        let range = some_of(past.len(), first);
        Chosen { before: range.start, after: past.len() - range.end, seqs: past[range].to_vec() }
    }
}

/// Which of so many rows are laid out.
fn some_of(count: usize, first: Option<usize>) -> Range<usize> {
    let last_first = count.saturating_sub(MOST_ROWS).div_ceil(AT_ONCE) * AT_ONCE;
    let first = first.unwrap_or(last_first).min(last_first);
    first..count.min(first + MOST_ROWS)
}

/// The rows of one message, gathered as the trace grows; of a window its bounds in events.
#[derive(Clone, Debug, Default)]
pub struct Story {
    of: Option<(u64, Choice)>,
    message: Option<u32>,
    looked_at: u32,
    /// All events that belong to it, in order.
    members: Vec<u32>,
    /// Those of them that have rows.
    seqs: Vec<u32>,
    window: (u32, u32),
}

impl Story {
    /// Takes what the tracks have new; all of it where the choice, or the run by its generation, is another one. Of very much it takes
    /// a slice, and says whether there is more.
    pub fn update(&mut self, choice: &Choice, generation: u64, trace: &Trace, tracks: &Tracks) -> bool {
        let of = Some((generation, choice.clone()));
        if self.of != of {
            *self = Self { of, ..Self::default() };
            if let Choice::Message(seq) = choice {
                self.begin(*seq, trace);
            }
        }
        match choice {
            Choice::Message(_) => return self.follow(trace, tracks),
            Choice::Window(from, to) => {
                self.window = (trace.seq_at(*from), trace.seq_at(SimTime(to.0.saturating_add(1))));
            }
            Choice::Client(_) | Choice::All => {}
        }
        false
    }

    /// The message itself where the event is about one, else the first packet that led to it, or itself.
    fn begin(&mut self, seq: u32, trace: &Trace) {
        let chain = trace.cause_chain(seq);
        self.message = chain.iter().find_map(EventRef::message_number);
        if self.message.is_none() {
            let packet = chain.iter().rev().find(|event| event.kind() == Kind::PacketSent);
            let first = packet.map_or(seq, EventRef::seq);
            self.members.push(first);
            self.looked_at = first;
        }
    }

    fn follow(&mut self, trace: &Trace, tracks: &Tracks) -> bool {
        let end = self.looked_at.saturating_add(SLICE).min(tracks.next);
        for event in trace.range(self.looked_at..end) {
            let seq = event.seq();
            let belongs = match self.message {
                Some(message) => event.message_number() == Some(message),
                None => {
                    let led = |cause: u32| self.members.binary_search(&cause).is_ok();
                    self.members.first() == Some(&seq) || event.cause().is_some_and(led)
                }
            };
            if !belongs {
                continue;
            }
            if self.members.last() != Some(&seq) {
                self.members.push(seq);
            }
            if tracks.rows.binary_search(&seq).is_ok() {
                self.seqs.push(seq);
            }
        }
        self.looked_at = end.max(self.looked_at);
        self.looked_at < tracks.next
    }

    /// The events of the message that have rows, also those after the view.
    pub fn rows(&self) -> &[u32] {
        &self.seqs
    }

    /// Those of some events that are in the window.
    fn within(&self, seqs: &[u32]) -> Range<usize> {
        let place = |seq: u32| seqs.partition_point(|one| *one < seq);
        place(self.window.0)..place(self.window.1)
    }

    /// The message that was published last among the first `events` events, by the event that did.
    pub fn last_message(trace: &Trace, events: u32) -> Option<u32> {
        let mut next = trace.before(events);
        for _ in 0..LOOK_EVENTS {
            let event = next?;
            let published = event.packet_type() == Some(PacketType::Publish) && event.by() == By::Client;
            if event.kind() == Kind::WillSent || (event.kind() == Kind::PacketSent && published) {
                return Some(event.seq());
            }
            next = trace.before(event.seq());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_rows_the_last_ones_are_shown_and_they_come_by_many_at_once() {
        assert_eq!(some_of(0, None), 0..0);
        assert_eq!(some_of(1_000, None), 0..1_000);
        assert_eq!(some_of(1_001, None), 500..1_001);
        assert_eq!(some_of(1_500, None), 500..1_500);
        assert_eq!(some_of(100_200, None), 99_500..100_200);
        assert_eq!(some_of(100_200, Some(40)), 40..1_040);
        assert_eq!(some_of(300, Some(40)), 0..300, "not fewer than there is room for");
    }
}
