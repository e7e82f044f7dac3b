//! What a run's parts tell whoever watches: events with their cause and their rule.

use crate::rule::RuleId;
use crate::time::SimTime;
use crate::wire::Version;

/// What led to something: an earlier event, and the message that it was about.
///
/// An observer makes causes; everything else hands them on with bytes, queued messages and outputs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Cause {
    /// The `seq` of the event, or [`Cause::NO_EVENT`].
    pub event: u32,
    /// The observer's number for the message, or [`Cause::NO_MESSAGE`].
    pub message: u32,
}

impl Cause {
    /// Nothing that was watched led to this.
    pub const NONE: Self = Self { event: Self::NO_EVENT, message: Self::NO_MESSAGE };
    /// The value of `event` where there is none.
    pub const NO_EVENT: u32 = u32::MAX;
    /// The value of `message` where there is none.
    pub const NO_MESSAGE: u32 = u32::MAX;
}

impl Default for Cause {
    fn default() -> Self {
        Self::NONE
    }
}

/// Who noted an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum By {
    Broker,
    Client,
    Link,
    User,
}

/// What an event says; `docs/trace.md` describes each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Kind {
    Input,
    SocketOpened,
    SocketRefused,
    SocketClosed,
    PacketSent,
    PacketReceived,
    PacketLost,
    SessionCreated,
    SessionResumed,
    SessionTakenOver,
    SessionDisconnected,
    SessionExpired,
    SessionCleared,
    SubscriptionAdded,
    SubscriptionReplaced,
    SubscriptionRemoved,
    MessageAccepted,
    MessageQueued,
    MessageDequeued,
    MessageDelivered,
    MessageAcknowledged,
    MessageExpired,
    MessageDropped,
    RetainedStored,
    RetainedReplaced,
    RetainedCleared,
    RetainedExpired,
    WillArmed,
    WillScheduled,
    WillSent,
    WillDiscarded,
    QuotaDelayed,
    QuotaRefused,
    PolicyAllowed,
    PolicyDenied,
    AccountLifecycle,
    AccountShadow,
    AccountRule,
    Operation,
    Decision,
    Mark,
}

/// The bytes of a packet that was sent, received or lost: `head` and then `body`.
#[derive(Clone, Copy, Debug)]
pub struct PacketBytes<'a> {
    /// The version that the connection speaks, which says how to read them.
    pub version: Version,
    /// The packet up to its payload, or all of it.
    pub head: &'a [u8],
    /// The rest.
    pub body: &'a [u8],
}

/// One thing that happened or was decided. Fields that a kind does not use keep their default.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: Kind,
    /// Who says it.
    pub by: By,
    /// The client identifier it is about; empty where there is none (yet).
    pub client: &'a str,
    /// What led to it.
    pub cause: Cause,
    /// The rule that was followed.
    pub rule: Option<RuleId>,
    /// The packet, for `packet.*`.
    pub packet: Option<PacketBytes<'a>>,
    /// The topic, or the filter for `subscription.*`; the key of a setting for `input` and `decision`.
    pub topic: &'a str,
    /// Why, in a few words: the reason or the way of ending.
    pub why: &'a str,
    /// The QoS granted or used.
    pub qos: Option<u8>,
    /// A reason code, a return code or a WebSocket close code.
    pub code: Option<u16>,
    /// The number that the kind tells: the queue's depth after `message.queued` and `message.dequeued`, the level of a quota.
    pub number: Option<u32>,
    /// The moment until which it holds: a delay, an expiry, a will's due time.
    pub until: Option<SimTime>,
}

impl<'a> Event<'a> {
    /// An event with nothing but what every event has.
    pub fn new(at: SimTime, kind: Kind, by: By, client: &'a str, cause: Cause) -> Self {
        Self {
            at,
            kind,
            by,
            client,
            cause,
            rule: None,
            packet: None,
            topic: "",
            why: "",
            qos: None,
            code: None,
            number: None,
            until: None,
        }
    }
}

/// Whoever watches a run.
pub trait Observer {
    /// Whether anybody watches. Where it is false, the compiler removes what only builds events.
    const WATCHES: bool;

    /// Takes note of an event and gives the cause for what follows from it.
    fn note(&mut self, event: Event<'_>) -> Cause;
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    const WATCHES: bool = false;

    fn note(&mut self, _: Event<'_>) -> Cause {
        Cause::NONE
    }
}

impl<O: Observer> Observer for &mut O {
    const WATCHES: bool = O::WATCHES;

    fn note(&mut self, event: Event<'_>) -> Cause {
        (**self).note(event)
    }
}
