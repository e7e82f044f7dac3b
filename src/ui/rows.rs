//! Which events a list shows, and the keys by which one moves in it.

use super::lab::Lab;
use super::screen::Tab;
use super::timeline;
use super::virtual_list::moved;
use crate::trace::{EventRef, Trace};
use yew::prelude::*;

/// How many events are looked at in one drawing; the rest in the next ones.
const LOOKS: u32 = 16_000;

/// The numbers of the events that a filter lets through. `K` is all that the filter depends on; while it stays the same, only what
/// the trace has new is looked at.
#[derive(Default)]
pub(crate) struct Rows<K> {
    key: K,
    looked_at: u32,
    seqs: Vec<u32>,
}

impl<K: Default + PartialEq> Rows<K> {
    /// Takes what is new; all of it where the key is another one. Where that is much, it takes a part and asks for another turn.
    pub(crate) fn update(
        &mut self,
        lab: &Lab,
        key: K,
        trace: &Trace,
        lets_through: impl Fn(&EventRef<'_>) -> bool,
    ) {
        if self.key != key {
            *self = Self { key, ..Self::default() };
        }
        let end = self.looked_at.max(trace.first_seq()).saturating_add(LOOKS).min(trace.next_seq());
        let new = trace.range(self.looked_at..end).filter(lets_through);
        self.seqs.extend(new.map(|event| event.seq()));
        self.looked_at = end;
        if end < trace.next_seq() && !lab.screen().playing {
            lab.draws_on();
        }
    }

    /// The number of the event of a row.
    pub(crate) fn get(&self, row: usize) -> Option<u32> {
        self.seqs.get(row).copied()
    }

    /// Those among the first events of the run.
    pub(crate) fn before(&self, events: u32) -> &[u32] {
        &self.seqs[..self.seqs.partition_point(|seq| *seq < events)]
    }
}

/// What keys do in a list of this many events, of which `at` knows the one in each row and `row_of` the row of each: they choose another
/// one, and Enter leads to the inspector.
pub(crate) fn choosing(
    lab: &Lab,
    count: usize,
    at: impl Fn(usize) -> Option<u32> + 'static,
    row_of: impl Fn(u32) -> Option<usize> + 'static,
) -> Callback<KeyboardEvent> {
    let lab = lab.clone();
    Callback::from(move |event: KeyboardEvent| {
        // Asked now: the list may not show yet what the key before chose.
        let active = lab.screen().selected.and_then(&row_of);
        if event.key() == "Enter" {
            lab.change(|screen| screen.tab = Tab::Inspector);
        } else if let Some(to) = moved(&event.key(), active, count) {
            event.prevent_default();
            timeline::select(&lab, at(to));
        }
    })
}
