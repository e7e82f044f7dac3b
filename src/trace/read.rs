//! Finding events: by number, by time, by kind and client, along causes.

use super::chunk::Chunk;
use super::event::EventRef;
use super::kind::KindSet;
use super::store::Trace;
use crate::time::SimTime;
use std::ops::Range;

/// Which events are wanted.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of these kinds.
    pub kinds: KindSet,
    /// About this client; `None` for every client and for none.
    pub client: Option<String>,
    /// Not before this moment.
    pub from: SimTime,
    /// Before this moment.
    pub to: SimTime,
}

impl Default for Filter {
    fn default() -> Self {
        Self { kinds: KindSet::ALL, client: None, from: SimTime::ZERO, to: SimTime::END }
    }
}

impl Trace {
    /// The event with this number, if the trace holds it.
    pub fn get(&self, seq: u32) -> Option<EventRef<'_>> {
        let (chunk, index) = self.place(seq)?;
        let event = self.event(self.chunks.get(chunk)?, index)?;
        (event.seq() == seq).then_some(event)
    }

    /// All events that are held.
    pub fn iter(&self) -> Events<'_> {
        self.range(0..u32::MAX)
    }

    /// The events with these numbers.
    pub fn range(&self, seqs: Range<u32>) -> Events<'_> {
        let (chunk, index) = self.place(seqs.start).unwrap_or((self.chunks.len(), 0));
        Events { trace: self, chunk, index, end: seqs.end }
    }

    /// The events at or after one moment and before another.
    pub fn between(&self, from: SimTime, to: SimTime) -> Events<'_> {
        self.range(self.seq_at(from)..self.seq_at(to))
    }

    /// The events that a filter lets through.
    pub fn filter<'a>(&'a self, filter: &Filter) -> impl Iterator<Item = EventRef<'a>> + use<'a> {
        let client = filter.client.as_deref().map(|name| self.client_number(name));
        let kinds = filter.kinds;
        let events = match client {
            Some(None) => self.range(0..0),
            _ => self.between(filter.from, filter.to),
        };
        let client = client.flatten();
        events.filter(move |event| {
            kinds.has(event.kind()) && client.is_none_or(|client| event.client_number() == client)
        })
    }

    /// The number of the first event that is not before the moment; [`Trace::next_seq`] where there is none.
    pub fn seq_at(&self, at: SimTime) -> u32 {
        let chunk =
            self.chunks.partition_point(|chunk| chunk.rows.last().is_some_and(|row| chunk.at(row) < at));
        let found = self.chunks.get(chunk).and_then(|chunk| self.event(chunk, chunk.index_at(at)));
        found.map_or(self.next_seq(), |event| event.seq())
    }

    /// The last event at or before the moment.
    pub fn last_until(&self, at: SimTime) -> Option<EventRef<'_>> {
        self.before(match at {
            SimTime::END => self.next_seq(),
            at => self.seq_at(SimTime(at.0 + 1)),
        })
    }

    /// The last event with a lower number than this.
    pub fn before(&self, seq: u32) -> Option<EventRef<'_>> {
        let chunk = self.chunks.partition_point(|chunk| chunk.first_seq < seq).checked_sub(1)?;
        let chunk = self.chunks.get(chunk)?;
        self.event(chunk, chunk.index_from(seq).checked_sub(1)?)
    }

    /// The number of the first event that is held.
    pub fn first_seq(&self) -> u32 {
        self.chunks.front().map_or(self.next_seq(), |chunk| chunk.first_seq)
    }

    /// The event, what led to it, what led to that, and so on, to the first of which no cause is held.
    pub fn cause_chain(&self, seq: u32) -> Vec<EventRef<'_>> {
        let mut chain = Vec::new();
        let mut next = self.get(seq);
        while let Some(event) = next {
            chain.push(event);
            next = event.led_to_by();
        }
        chain
    }

    /// The events that name this one as their cause, the first `limit` of them.
    pub fn consequences(&self, seq: u32, limit: usize) -> Vec<EventRef<'_>> {
        self.later(seq).filter(|event| event.cause() == Some(seq)).take(limit).collect()
    }

    /// The events after one, but for whole chunks in which none has a cause at or before it.
    fn later(&self, seq: u32) -> impl Iterator<Item = EventRef<'_>> {
        let (first, index) = self.place(seq.saturating_add(1)).unwrap_or((self.chunks.len(), 0));
        let chunks = self.chunks.range(first.min(self.chunks.len())..).enumerate();
        let near = chunks.filter(move |(_, chunk)| chunk.first_cause <= seq);
        near.flat_map(move |(n, chunk)| {
            let from = if n == 0 { index } else { 0 };
            (from..chunk.rows.len()).filter_map(move |index| self.event(chunk, index))
        })
    }

    /// The events about a message, by its number in causes, the first `limit` of them.
    pub fn of_message(&self, message: u32, limit: usize) -> Vec<EventRef<'_>> {
        self.iter().filter(|event| event.message_number() == Some(message)).take(limit).collect()
    }

    /// The chunk, and the index in it, of the first event whose number is not below this.
    fn place(&self, seq: u32) -> Option<(usize, usize)> {
        let chunk = self.chunks.partition_point(|chunk| chunk.first_seq <= seq).saturating_sub(1);
        let index = self.chunks.get(chunk)?.index_from(seq);
        if index < self.chunks.get(chunk)?.rows.len() { Some((chunk, index)) } else { Some((chunk + 1, 0)) }
    }

    fn event<'a>(&'a self, chunk: &'a Chunk, index: usize) -> Option<EventRef<'a>> {
        let row = chunk.rows.get(index)?;
        Some(EventRef { trace: self, chunk, row, index })
    }
}

/// Events in the order of their numbers.
#[derive(Clone)]
pub struct Events<'a> {
    trace: &'a Trace,
    chunk: usize,
    index: usize,
    end: u32,
}

impl<'a> Iterator for Events<'a> {
    type Item = EventRef<'a>;

    fn next(&mut self) -> Option<EventRef<'a>> {
        loop {
            let chunk = self.trace.chunks.get(self.chunk)?;
            match self.trace.event(chunk, self.index) {
                Some(event) if event.seq() < self.end => {
                    self.index += 1;
                    return Some(event);
                }
                Some(_) => return None,
                None => {
                    self.chunk += 1;
                    self.index = 0;
                }
            }
        }
    }
}

impl<'a> IntoIterator for &'a Trace {
    type Item = EventRef<'a>;
    type IntoIter = Events<'a>;

    fn into_iter(self) -> Events<'a> {
        self.iter()
    }
}
