//! What does not outlive a restart: connections, timers, outputs.

use super::arena::Arena;
use super::begins::Pending;
use super::connection::Connection;
use super::departed::Departures;
use super::route::Matches;
use super::slab::Slab;
use super::sys::Sys;
use super::throttle::Rates;
use super::timers::Timers;
use super::{ConnId, Output, Told};
use crate::time::SimTime;
use std::collections::VecDeque;

/// The volatile half of the broker.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    pub(super) connections: Slab<Connection>,
    pub(super) timers: Timers,
    pub(super) outputs: VecDeque<Output>,
    /// What the account has not been told yet.
    pub(super) told: VecDeque<Told>,
    /// Whether the account is told of every message, and not of those on `$aws/` only.
    pub(super) tells_all: bool,
    pub(super) arena: Arena,
    /// Kept between publications for its memory only.
    pub(super) matches: Matches,
    /// How many bytes the present input holds, all of which its slices keep alive.
    pub(super) chunk_bytes: usize,
    /// Connections on which more waits than they may; closed at the end of the input.
    pub(super) overfull: Vec<ConnId>,
    pub(super) sys: Sys,
    pub(super) rates: Rates,
    /// Subscriptions that have not begun.
    pub(super) pending: Vec<Pending>,
    /// When the first of them does.
    pub(super) begins_at: Option<SimTime>,
    pub(super) departures: Departures,
}

impl Live {
    #[inline]
    pub(super) fn connection(&self, conn: ConnId) -> Option<&Connection> {
        self.connections.get(conn.0)
    }

    #[inline]
    pub(super) fn connection_mut(&mut self, conn: ConnId) -> Option<&mut Connection> {
        self.connections.get_mut(conn.0)
    }
}
