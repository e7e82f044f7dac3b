//! Retained messages: one a topic.

use super::publication::Publication;
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::topic::Names;
use std::sync::Arc;

/// A retained message.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) publication: Arc<Publication>,
    pub(super) stored_at: SimTime,
    /// The observer's number for it.
    pub(super) message: u32,
}

/// The retained store. A clone shares everything with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Retained {
    names: Names<Kept>,
    /// Topics, payloads and properties of all.
    bytes: usize,
    /// What expires, and when.
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
    ) -> Option<Kept> {
        self.bytes += publication.size();
        if let Some(at) = publication.expires_at {
            self.expiries.insert((at, Arc::from(publication.message.topic.as_str())), ());
        }
        let topic = publication.message.topic.clone();
        let old = self.names.insert(&topic, Kept { publication, stored_at: now, message });
        if let Some(old) = &old {
            self.forget(old, self.names.get(&topic).and_then(|kept| kept.publication.expires_at));
        }
        old
    }

    /// Takes a message out.
    pub(super) fn remove(&mut self, topic: &str) -> Option<Kept> {
        let old = self.names.remove(topic)?;
        self.forget(&old, None);
        Some(old)
    }

    /// Takes the traces of `old` away; the expiry of its successor stays.
    fn forget(&mut self, old: &Kept, successor_expires_at: Option<SimTime>) {
        self.bytes -= old.publication.size();
        if let Some(at) = old.publication.expires_at
            && successor_expires_at != Some(at)
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
