//! The broker under glass: no clock, no sockets, no randomness of its own.
//!
//! Every input ([`Broker::open`], [`Broker::receive`], [`Broker::writable`], [`Broker::closed`], [`Broker::tick`],
//! [`Broker::command`]) is one mutation; after it the caller drains [`Broker::poll`] until it gives nothing more, then asks
//! [`Broker::next_deadline`]. Nothing else may come between: a connection that the broker closed is forgotten at once, and
//! its number is given to the next one that is opened.
//!
//! One file handles one packet (`on_connect`, `on_publish`, …); one file keeps one thing (`session`, `outbox`, `inflight`,
//! `retained`, `will`, `timers`, `connection`, …). What outlives connections is in `Store`, the rest in `Live`.

mod access;
mod admit;
mod arena;
mod begins;
mod bucket;
mod changes;
mod command;
mod connection;
mod counted;
mod deliver;
mod departed;
mod door;
mod ending;
mod gauges;
mod group_members;
mod group_queue;
mod held;
mod inflight;
mod inputs;
mod live;
mod look;
mod observe;
mod on_ack;
mod on_auth;
mod on_connect;
mod on_disconnect;
mod on_packet;
mod on_publish;
mod on_subscribe;
mod operation;
mod outbox;
mod overlap;
mod permission;
mod policies;
mod publication;
mod pump;
mod quirks;
mod reason;
mod resend;
mod retain;
mod retained;
mod route;
mod session;
mod shared;
mod sizes;
mod slab;
mod store;
mod supported;
mod sys;
mod throttle;
mod throughput;
mod timers;
mod told;
mod turn;
mod view;
mod will;

pub use begins::BEGINS_LATER;
pub use changes::{ASKED_MAX, Asked, Change, Content, Holdings, Part, changes};
pub use door::{Closed, Command, ConnId, Ending, Link, Output, Page};
pub use group_queue::{GROUP_REPLAY, HANDED_ON};
pub use look::Subscriber;
pub use observe::{By, Cause, Event, Kind, NoObserver, Observer, PacketBytes};
pub(crate) use operation::POSTED_RETAINED;
pub use permission::Permission;
pub use route::{NO_LOCAL, NO_SUBSCRIPTION};
pub use told::Told;
pub use view::{
    ConnectionView, CountsView, FlightView, GroupView, MessageView, QuotaView, ReplayView, RetainedView,
    SHOWN, SessionView, SubscriptionView, WillView,
};
pub use will::{Fate, Verdict, WillTerms, verdict};

use crate::policy::Access;
use crate::profile::{Limits, Profile};
use live::Live;
use std::sync::Arc;
use store::Store;

/// An MQTT broker as a state machine: bytes and time in, bytes and decisions out.
///
/// A clone is a checkpoint: it goes on exactly as the original does.
#[derive(Clone, Debug)]
pub struct Broker {
    seed: u64,
    /// The calendar time of the moment zero, in milliseconds since 1970.
    epoch_ms: u64,
    profile: Profile,
    /// The profile's values, resolved.
    limits: Limits,
    access: Arc<Access>,
    policies: policies::PendingPolicies,
    store: Store,
    live: Live,
    /// What sessions and connections weigh altogether.
    held_bytes: usize,
}

impl Broker {
    /// A broker without clients. `seed` decides what is left to chance: assigned client identifiers and the member of a
    /// shared subscription's group that gets a message.
    pub fn new(profile: Profile, seed: u64) -> Self {
        let limits = Limits::of(&profile);
        Self {
            seed,
            epoch_ms: 0,
            profile,
            limits,
            access: Arc::default(),
            policies: policies::PendingPolicies::default(),
            store: Store::default(),
            live: Live::default(),
            held_bytes: 0,
        }
    }

    /// The same broker, told the calendar time of the moment zero, in milliseconds since 1970.
    #[must_use]
    pub fn with_epoch(self, epoch_ms: u64) -> Self {
        Self { epoch_ms, ..self }
    }

    /// The same broker, told who may come in and do what.
    #[must_use]
    pub fn with_access(self, access: Arc<Access>) -> Self {
        Self { access, ..self }
    }

    /// Who may come in and do what.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// How it behaves.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
}
