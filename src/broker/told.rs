//! What the cloud account around the broker is told (`src/account/`), where the profile has one.

use super::publication::Routed;
use super::store::SessionId;
use super::{Broker, Cause, Ending};
use crate::wire::{Publish, Text};

/// Where an account's own topics begin.
pub(super) const RESERVED: &str = "$aws/";

/// Something that happened at the broker and that an account acts upon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// A client was accepted.
    Connected {
        /// Its client identifier.
        client: Text,
        /// What led to it.
        cause: Cause,
    },
    /// A client that had been accepted is connected no longer.
    Disconnected {
        /// Its client identifier.
        client: Text,
        /// How its connection ended.
        ending: Ending,
        /// What the account calls that.
        reason: &'static str,
        /// What led to it.
        cause: Cause,
    },
    /// A CONNECT was refused for want of permission.
    ConnectFailed {
        /// The client identifier that it gave.
        client: Text,
        /// What led to it.
        cause: Cause,
    },
    /// A client has subscribed.
    Subscribed {
        /// Its client identifier.
        client: Text,
        /// The Topic Filters that were granted.
        filters: Vec<Text>,
        /// What led to it.
        cause: Cause,
    },
    /// A client has unsubscribed.
    Unsubscribed {
        /// Its client identifier.
        client: Text,
        /// The Topic Filters that it had.
        filters: Vec<Text>,
        /// What led to it.
        cause: Cause,
    },
    /// A message was accepted from a client, or as somebody's Will.
    Published {
        /// The client identifier of its publisher; empty where the service published it.
        client: Text,
        /// The message, with the properties that are handed on.
        message: Publish,
        /// What led to it.
        cause: Cause,
    },
}

impl Broker {
    /// The next thing that the account is told, in order. It is asked for until there is nothing more, after each input.
    pub fn take_told(&mut self) -> Option<Told> {
        self.live.told.pop_front()
    }

    /// Tells the account, where there is one.
    #[inline]
    pub(super) fn tell(&mut self, told: impl FnOnce(&Self) -> Option<Told>) {
        if self.limits.account_present
            && let Some(told) = told(self)
        {
            self.live.told.push_back(told);
        }
    }

    /// Whether the account is told of every message from now on; else of those on `$aws/` only.
    pub fn tell_all(&mut self, all: bool) {
        self.live.tells_all = all;
    }

    /// Whether a message to this topic would go to any session.
    pub fn is_heard(&self, topic: &str) -> bool {
        let mut is_heard = false;
        self.store.tree.for_each_match(topic, self.parent_match(), |_, _| is_heard = true);
        is_heard
    }

    /// Tells the account of a message; whether it is on the account's own topics.
    #[inline]
    pub(super) fn tell_published(&mut self, routed: &Routed, cause: Cause) -> bool {
        let publication = &routed.publication;
        let is_own = self.limits.account_present && publication.message.topic.starts_with(RESERVED);
        if !self.live.tells_all && !is_own {
            return false;
        }
        self.tell(|broker| {
            let publisher = publication.publisher.and_then(|id| broker.store.session(SessionId(id)));
            let client = publisher.map_or_else(Text::default, |session| session.client.clone());
            Some(Told::Published { client, message: publication.message.clone(), cause })
        });
        is_own
    }
}
