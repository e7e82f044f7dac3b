//! What is compared: one thing that is the same on both sides, and the steps that it took.

use crate::time::SimTime;

/// What kind of thing it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A connection of a client, from CONNECT to its end.
    Connection,
    /// One filter of a SUBSCRIBE.
    Subscription,
    /// A message on its way into the broker.
    Message,
    /// A message for one client.
    Delivery,
    /// The Will of a connection.
    Will,
    /// A session.
    Session,
}

impl Subject {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Subscription => "subscription",
            Self::Message => "message",
            Self::Delivery => "delivery",
            Self::Will => "will",
            Self::Session => "session",
        }
    }
}

/// What a step of a thing is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// CONNECT or PUBLISH left the client.
    Sent,
    /// It was lost with its connection.
    Lost,
    /// It waits for its receiver, or in the client that would publish it.
    Waits,
    /// A limit delays it.
    Delayed,
    /// The broker decided something about it that is told by another step.
    Noted,
    /// No subscription matches it.
    Unmatched,
    /// The WebSocket handshake failed.
    SocketRefused,
    /// CONNACK came; its code, and whether there was a session.
    Connack,
    /// A DISCONNECT of the broker came, with its code.
    Disconnect,
    /// The client's end of the connection closed.
    Closed,
    /// SUBACK came, with the code for this filter.
    Suback,
    /// The client gave the message up before it sent it.
    Withheld,
    /// The broker took the message on.
    Accepted,
    /// The broker did not take it, or not all of it.
    Refused,
    /// The publisher was told of a failure, with its code.
    Nack,
    /// It became its topic's retained message.
    Retained,
    /// The client has it; the code holds QoS and RETAIN.
    Received,
    /// The broker gave it up.
    Dropped,
    /// It expired.
    Expired,
    /// A policy or an access list keeps it from the client.
    Denied,
    /// The Will is published.
    WillSent,
    /// The Will is not published.
    WillDiscarded,
    /// The session's time was over.
    SessionExpired,
    /// The session was discarded.
    SessionCleared,
}

impl What {
    /// Whether the two sides are compared by it.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Sent | Self::Lost | Self::Waits | Self::Delayed | Self::Noted | Self::Unmatched)
    }
}

/// One step of a thing on one side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The event's number in its side's trace.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// What.
    pub what: What,
    /// A code of MQTT, a close code, or what else tells two steps of one kind apart.
    pub code: u16,
}

/// One thing, and the steps that it took on the two sides.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What kind of thing.
    pub subject: Subject,
    /// The client that it is about: the receiver of a delivery, the publisher of a message. A number of [`super::Sides::name`].
    pub client: u32,
    /// Its filter or its topic. A number of [`super::Sides::name`].
    pub topic: u32,
    /// The message of a delivery: the index of that thing.
    pub of: Option<u32>,
    /// The numbers of its message in the two traces.
    pub message: [Option<u32>; 2],
    /// What happened, in order.
    pub steps: [Vec<Step>; 2],
}

impl Thing {
    /// The steps of a side by which the sides are compared.
    pub fn facts(&self, side: usize) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps[side].iter().filter(|step| step.what.counts())
    }
}
