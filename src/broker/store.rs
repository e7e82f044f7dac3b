//! What outlives connections: sessions, subscriptions, retained messages.

use super::retained::Retained;
use super::session::Session;
use super::shared::Groups;
use super::slab::Slab;
use crate::sorted::Sorted;
use crate::topic::Tree;
use crate::wire::QoS;
use std::sync::Arc;

/// One session, as long as it lasts. Numbers are used again after that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct SessionId(pub(super) u32);

/// What the subscription tree keeps of a subscription: all that matching needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subscribed {
    pub(super) qos: QoS,
    pub(super) no_local: bool,
    pub(super) retain_as_published: bool,
    /// The Subscription Identifier; 0 where it has none.
    pub(super) id: u32,
}

/// The durable half of the broker.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    pub(super) sessions: Slab<Session>,
    pub(super) by_client: Sorted<Box<str>, SessionId>,
    /// Subscriptions by filter. Keys are the sessions' numbers, or groups' with [`super::shared::GROUP`] added.
    pub(super) tree: Arc<Tree<Subscribed>>,
    pub(super) groups: Arc<Groups>,
    pub(super) retained: Retained,
    /// How many subscriptions match topics of `$SYS`.
    pub(super) sys_subscriptions: usize,
    /// How many client identifiers were assigned.
    pub(super) assigned: u64,
    /// How many challenges were made.
    pub(super) challenged: u64,
    /// How often chance was asked for one of its quirks.
    pub(super) chances: u64,
}

impl Store {
    #[inline]
    pub(super) fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(id.0)
    }

    #[inline]
    pub(super) fn session_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.sessions.get_mut(id.0)
    }

    /// The session of a client.
    pub(super) fn of_client(&self, client: &str) -> Option<SessionId> {
        self.by_client.get(client).copied()
    }
}
