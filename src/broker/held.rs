//! What the broker holds for its sessions and connections altogether, and what becomes of more than it may.
//!
//! Each has a weight; what changes one weighs it again, and the sum follows. Retained messages have a bound of their own.

use super::Broker;
use super::ConnId;
use super::connection::Connection;
use super::publication::MESSAGE_BYTES;
use super::session::Session;
use super::shared::Group;
use super::store::SessionId;
use crate::rule::{RuleId, own};
use std::sync::Arc;

/// What a session or a subscription takes beyond its texts, about.
const PLACE_BYTES: usize = 512;

/// The rule of the bound.
pub(super) const TOTAL: RuleId = own("glassbroker.bound.total");

impl Session {
    fn weight(&self) -> usize {
        let messages =
            self.outbox.len() + self.inflight.len() + self.incoming.unreleased().len() + self.late.len();
        let queued_bytes =
            self.late_bytes + self.outbox.bytes() + self.inflight.bytes() + self.incoming.bytes();
        let will_bytes = self.will.as_ref().map_or(0, |will| will.size());
        let texts_bytes = 2 * self.client.len() + self.user.as_deref().map_or(0, str::len);
        // A filter is a key here and in the tree.
        let subscriptions_bytes = 2 * self.filters_bytes + self.subscriptions.len() * PLACE_BYTES;
        PLACE_BYTES + texts_bytes + subscriptions_bytes + will_bytes + queued_bytes + messages * MESSAGE_BYTES
    }
}

impl Group {
    fn weight(&self) -> usize {
        self.queue.bytes() + self.queue.len() * MESSAGE_BYTES
    }
}

impl Connection {
    /// What has come of a packet that is not whole, what waits unread, and what waits for the link.
    fn weight(&self) -> usize {
        self.splitter.buffered_bytes() + self.throttle.unread_bytes + self.waiting_bytes
    }
}

impl Broker {
    /// Whether so much more is too much.
    #[inline]
    pub(super) const fn is_full(&self, more_bytes: usize) -> bool {
        self.held_bytes + more_bytes > self.limits.broker_max_bytes
    }

    /// A session may weigh something else than it did.
    pub(super) fn weigh_session(&mut self, id: SessionId) {
        if let Some(session) = self.store.sessions.get_mut(id.0) {
            let weight = session.weight();
            self.held_bytes =
                self.held_bytes - std::mem::replace(&mut session.weighed_bytes, weight) + weight;
        }
    }

    /// A group's queue may weigh something else than it did.
    pub(super) fn weigh_group(&mut self, number: u32) {
        if let Some(group) = Arc::make_mut(&mut self.store.groups).get_mut(number) {
            let weight = group.weight();
            self.held_bytes = self.held_bytes - std::mem::replace(&mut group.weighed_bytes, weight) + weight;
        }
    }

    /// A connection may weigh something else than it did.
    pub(super) fn weigh_connection(&mut self, conn: ConnId) {
        if let Some(connection) = self.live.connections.get_mut(conn.0) {
            let weight = connection.weight();
            let before = std::mem::replace(&mut connection.weighed_bytes, weight);
            self.held_bytes = self.held_bytes - before + weight;
        }
    }

    /// The sum of all weights, weighed anew: between two inputs it is what [`Broker::counts`] says is held.
    pub fn weigh_all(&self) -> usize {
        let sessions = self.store.sessions.iter().map(|(_, session)| session.weight());
        let connections = self.live.connections.iter().map(|(_, connection)| connection.weight());
        let groups = self.store.groups.iter().map(Group::weight);
        sessions.chain(connections).chain(groups).sum()
    }

    /// What was weighed so is gone.
    pub(super) const fn unweigh(&mut self, weighed_bytes: usize) {
        self.held_bytes -= weighed_bytes;
    }
}
