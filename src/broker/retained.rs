//! Retained messages: one a topic.

use super::publication::Publication;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::topic::Names;
use std::sync::Arc;

/// A retained message.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) publication: Arc<Publication>,
    pub(super) stored_at: SimTime,
    /// When it goes: as it expires, or once it was kept for so long.
    pub(super) ends_at: Option<SimTime>,
    /// The observer's number for it.
    pub(super) message: u32,
}

/// The retained store. A clone shares everything with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Retained {
    names: Names<Kept>,
    /// Topics, payloads and properties of all.
    bytes: usize,
    /// What ends, and when.
    expiries: Sorted<(SimTime, Arc<str>), ()>,
    /// When the timer is set.
    pub(super) timer_at: Option<SimTime>,
}

impl Retained {
    pub(super) const fn names(&self) -> &Names<Kept> {
        &self.names
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many messages and bytes it would hold with this one.
    pub(super) fn with(&self, publication: &Publication) -> (usize, usize) {
        match self.names.get(&publication.message.topic) {
            Some(old) => (self.names.len(), self.bytes - old.publication.size() + publication.size()),
            None => (self.names.len() + 1, self.bytes + publication.size()),
        }
    }

    /// Stores a message and gives the one that it replaces.
    pub(super) fn store(
        &mut self,
        publication: Arc<Publication>,
        message: u32,
        now: SimTime,
        kept: Option<Span>,
    ) -> Option<Kept> {
        self.bytes += publication.size();
        let ends_at = ends_at(&publication, now, kept);
        if let Some(at) = ends_at {
            self.expiries.insert((at, Arc::from(publication.message.topic.as_str())), ());
        }
        let topic = publication.message.topic.clone();
        let old = self.names.insert(&topic, Kept { publication, stored_at: now, ends_at, message });
        if let Some(old) = &old {
            self.forget(old, ends_at);
        }
        old
    }

    /// A message was read: it is kept for as long again.
    pub(super) fn keep_on(&mut self, topic: &str, now: SimTime, kept: Option<Span>) {
        let Some(old) = self.names.get(topic).cloned() else { return };
        let ends_at = ends_at(&old.publication, now, kept);
        if ends_at == old.ends_at {
            return;
        }
        for (at, is_new) in [(old.ends_at, false), (ends_at, true)] {
            let Some(at) = at else { continue };
            match is_new {
                true => _ = self.expiries.insert((at, Arc::from(topic)), ()),
                false => _ = self.expiries.remove(&(at, Arc::from(topic))),
            }
        }
        self.names.insert(topic, Kept { ends_at, ..old });
    }

    /// Takes a message out.
    pub(super) fn remove(&mut self, topic: &str) -> Option<Kept> {
        let old = self.names.remove(topic)?;
        self.forget(&old, None);
        Some(old)
    }

    /// Takes the traces of `old` away; the end of its successor stays.
    fn forget(&mut self, old: &Kept, successor_ends_at: Option<SimTime>) {
        self.bytes -= old.publication.size();
        if let Some(at) = old.ends_at
            && successor_ends_at != Some(at)
        {
            self.expiries.remove(&(at, Arc::from(old.publication.message.topic.as_str())));
        }
    }

    /// The first moment at which one expires.
    pub(super) fn next_expiry(&self) -> Option<SimTime> {
        self.expiries.first().map(|((at, _), ())| *at)
    }

    /// Takes out the first one that has expired.
    pub(super) fn take_expired(&mut self, now: SimTime) -> Option<Kept> {
        let ((_, topic), ()) = self.expiries.first().filter(|((at, _), ())| *at <= now)?;
        self.remove(&topic.clone())
    }
}

/// When a message goes that is stored or read now: as it expires, or once it was kept for so long.
fn ends_at(publication: &Publication, now: SimTime, kept: Option<Span>) -> Option<SimTime> {
    let kept_until = kept.map(|span| now + span);
    [publication.expires_at, kept_until].into_iter().flatten().min()
}
