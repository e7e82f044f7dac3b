//! Which events a list shows, and the keys by which one moves in it.

use super::lab::Lab;
use super::screen::Tab;
use super::timeline;
use super::virtual_list::moved;
use crate::trace::{EventRef, Trace};
use std::rc::Rc;
use yew::prelude::*;

/// The numbers of the events that a filter lets through. `K` is all that the filter depends on; while it stays the same, only what
/// the trace has new is looked at.
#[derive(Default)]
pub(crate) struct Rows<K> {
    key: K,
    looked_at: u32,
    seqs: Vec<u32>,
}

impl<K: Default + PartialEq> Rows<K> {
    /// Takes what is new; all of it where the key is another one.
    pub(crate) fn update(&mut self, key: K, trace: &Trace, lets_through: impl Fn(&EventRef<'_>) -> bool) {
        if self.key != key {
            *self = Self { key, ..Self::default() };
        }
        for event in trace.range(self.looked_at..u32::MAX) {
            self.looked_at = event.seq() + 1;
            if lets_through(&event) {
                self.seqs.push(event.seq());
            }
        }
    }

    /// Those among the first events of the run.
    pub(crate) fn before(&self, events: u32) -> &[u32] {
        &self.seqs[..self.seqs.partition_point(|seq| *seq < events)]
    }
}

/// What keys do in a list of events: they choose another one, and Enter leads to the inspector.
pub(crate) fn choosing(lab: &Lab, shown: &Rc<[u32]>, active: Option<usize>) -> Callback<KeyboardEvent> {
    let (lab, shown) = (lab.clone(), Rc::clone(shown));
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            lab.change(|screen| screen.tab = Tab::Inspector);
        } else if let Some(to) = moved(&event.key(), active, shown.len()) {
            event.prevent_default();
            timeline::select(&lab, shown.get(to).copied());
        }
    })
}
