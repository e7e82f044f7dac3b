//! Session state (4.1): what a client has with the broker, connected or not.

use super::access::Who;
use super::bucket::Bucket;
use super::inflight::Inflight;
use super::outbox::{Outbox, Queued};
use super::publication::Publication;
use super::store::Subscribed;
use super::will::ArmedWill;
use super::{Cause, ConnId};
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::wire::{SubscribeOptions, Text, Version};
use std::collections::VecDeque;
use std::sync::Arc;

/// One subscription of a session, by its Topic Filter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) options: SubscribeOptions,
    /// Its Subscription Identifier; 0 where it has none.
    pub(super) id: u32,
    /// Whether the filter's `$share/…/` makes it a member of a group.
    pub(super) shared: bool,
}

/// One session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) client: Text,
    pub(super) version: Version,
    /// The user name of its latest CONNECT.
    pub(super) user: Option<Arc<str>>,
    /// Whose policies hold for it, since its latest CONNECT.
    pub(super) principal: Text,
    /// Where the client is connected, if it is.
    pub(super) conn: Option<ConnId>,
    /// How many seconds the session outlives its connection; `None` where it never ends.
    pub(super) expiry_s: Option<u32>,
    /// When it ends, while the client is away.
    pub(super) ends_at: Option<SimTime>,
    pub(super) subscriptions: Sorted<Text, Held>,
    pub(super) outbox: Outbox,
    pub(super) inflight: Inflight,
    pub(super) incoming: Incoming,
    pub(super) will: Option<Box<ArmedWill>>,
    /// When a delayed Will is sent.
    pub(super) will_at: Option<SimTime>,
    /// The pace of stored messages.
    pub(super) bucket: Bucket,
    /// The messages that went to the client or were stored for it.
    pub(super) sent: Bucket,
    /// When the bucket lets the next one go, where one waits for it.
    pub(super) replay_at: Option<SimTime>,
    /// When it is looked at what is not acknowledged.
    pub(super) resend_at: Option<SimTime>,
    /// When something in the outbox expires.
    pub(super) expiry_at: Option<SimTime>,
    /// Messages that leave late, so that others overtake them.
    pub(super) late: VecDeque<Queued>,
    /// Topics, payloads and properties of them.
    pub(super) late_bytes: usize,
    /// When the first of them does.
    pub(super) late_at: Option<SimTime>,
    /// The bytes of all filters.
    pub(super) filters_bytes: usize,
    /// What it was taken to weigh when it was weighed last.
    pub(super) weighed_bytes: usize,
}

impl Held {
    /// What the subscription tree keeps of it.
    pub(super) const fn subscribed(&self) -> Subscribed {
        Subscribed {
            qos: self.options.qos,
            no_local: self.options.no_local,
            retain_as_published: self.options.retain_as_published,
            id: self.id,
        }
    }
}

impl Session {
    pub(super) fn new(client: Text, version: Version, expiry_s: Option<u32>) -> Self {
        Self {
            client,
            version,
            user: None,
            principal: Text::default(),
            conn: None,
            expiry_s,
            ends_at: None,
            subscriptions: Sorted::new(),
            outbox: Outbox::default(),
            inflight: Inflight::default(),
            incoming: Incoming::default(),
            will: None,
            will_at: None,
            bucket: Bucket::default(),
            sent: Bucket::default(),
            replay_at: None,
            resend_at: None,
            expiry_at: None,
            late: VecDeque::new(),
            late_bytes: 0,
            late_at: None,
            filters_bytes: 0,
            weighed_bytes: 0,
        }
    }

    /// Who acts in it.
    pub(super) fn who(&self) -> Who<'_> {
        Who { client: &self.client, user: self.user.as_deref(), principal: &self.principal }
    }
}

/// A QoS 2 message that is routed when its publisher releases it.
#[derive(Clone, Debug)]
pub(super) struct Unreleased {
    pub(super) id: u16,
    pub(super) publication: Arc<Publication>,
    /// Its acceptance.
    pub(super) cause: Cause,
}

/// QoS 2 messages that came in and are not yet released by PUBREL.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    /// Their Packet Identifiers, in order.
    ids: Vec<u16>,
    /// Those that came, perhaps again, on the present connection: what the Receive Maximum bounds (4.9).
    present: Vec<u16>,
    /// The messages, where the profile routes them only then, in the order in which they came.
    unreleased: Vec<Unreleased>,
    /// Their topics, payloads and properties.
    bytes: usize,
}

impl Incoming {
    /// Keeps a message until it is released.
    pub(super) fn hold(&mut self, message: Unreleased) {
        self.add(message.id);
        self.bytes += message.publication.size();
        self.unreleased.push(message);
    }

    /// Takes out the message that is released, where it was kept.
    pub(super) fn take(&mut self, id: u16) -> Option<Unreleased> {
        let at = self.unreleased.iter().position(|message| message.id == id)?;
        let message = self.unreleased.remove(at);
        self.bytes -= message.publication.size();
        Some(message)
    }

    /// The bytes of all that were kept.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The messages that were kept, in the order in which they came.
    pub(super) fn unreleased(&self) -> &[Unreleased] {
        &self.unreleased
    }

    pub(super) fn holds(&self, id: u16) -> bool {
        self.ids.binary_search(&id).is_ok()
    }

    /// Whether the identifier comes on the present connection beyond so many others.
    pub(super) fn exceeds(&self, id: u16, most: u16) -> bool {
        self.present.len() >= usize::from(most) && self.present.binary_search(&id).is_err()
    }

    /// How many came on the present connection.
    pub(super) const fn under_way(&self) -> usize {
        self.present.len()
    }

    /// It came, for the first time or again.
    pub(super) fn add(&mut self, id: u16) {
        for ids in [&mut self.ids, &mut self.present] {
            if let Err(at) = ids.binary_search(&id) {
                ids.insert(at, id);
            }
        }
    }

    /// Whether it was there.
    pub(super) fn release(&mut self, id: u16) -> bool {
        let [was_there, _] = [&mut self.ids, &mut self.present]
            .map(|ids| ids.binary_search(&id).map(|at| ids.remove(at)).is_ok());
        was_there
    }

    /// A new connection begins: nothing came on it.
    pub(super) fn begin_connection(&mut self) {
        self.present.clear();
    }

    pub(super) fn as_slice(&self) -> &[u16] {
        &self.ids
    }
}
