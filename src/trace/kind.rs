//! The names of the kinds of events, as the JSON lines carry them, and sets of kinds.

use crate::broker::{By, Kind};

/// How many kinds there are.
pub const KINDS: usize = ALL.len();

/// Every kind with its name, in the order of the enumeration, so that `ALL[kind as usize].0 == kind`.
const ALL: [(Kind, &str); 41] = [
    (Kind::Input, "input"),
    (Kind::SocketOpened, "socket.opened"),
    (Kind::SocketRefused, "socket.refused"),
    (Kind::SocketClosed, "socket.closed"),
    (Kind::PacketSent, "packet.sent"),
    (Kind::PacketReceived, "packet.received"),
    (Kind::PacketLost, "packet.lost"),
    (Kind::SessionCreated, "session.created"),
    (Kind::SessionResumed, "session.resumed"),
    (Kind::SessionTakenOver, "session.taken_over"),
    (Kind::SessionDisconnected, "session.disconnected"),
    (Kind::SessionExpired, "session.expired"),
    (Kind::SessionCleared, "session.cleared"),
    (Kind::SubscriptionAdded, "subscription.added"),
    (Kind::SubscriptionReplaced, "subscription.replaced"),
    (Kind::SubscriptionRemoved, "subscription.removed"),
    (Kind::MessageAccepted, "message.accepted"),
    (Kind::MessageQueued, "message.queued"),
    (Kind::MessageDequeued, "message.dequeued"),
    (Kind::MessageDelivered, "message.delivered"),
    (Kind::MessageAcknowledged, "message.acknowledged"),
    (Kind::MessageExpired, "message.expired"),
    (Kind::MessageDropped, "message.dropped"),
    (Kind::RetainedStored, "retained.stored"),
    (Kind::RetainedReplaced, "retained.replaced"),
    (Kind::RetainedCleared, "retained.cleared"),
    (Kind::RetainedExpired, "retained.expired"),
    (Kind::WillArmed, "will.armed"),
    (Kind::WillScheduled, "will.scheduled"),
    (Kind::WillSent, "will.sent"),
    (Kind::WillDiscarded, "will.discarded"),
    (Kind::QuotaDelayed, "quota.delayed"),
    (Kind::QuotaRefused, "quota.refused"),
    (Kind::PolicyAllowed, "policy.allowed"),
    (Kind::PolicyDenied, "policy.denied"),
    (Kind::AccountLifecycle, "account.lifecycle"),
    (Kind::AccountShadow, "account.shadow"),
    (Kind::AccountRule, "account.rule"),
    (Kind::Operation, "operation"),
    (Kind::Decision, "decision"),
    (Kind::Mark, "mark"),
];

impl Kind {
    /// Every kind, in the order of the enumeration.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(kind, _)| *kind)
    }

    /// The name in the JSON lines, such as `packet.received`.
    pub const fn name(self) -> &'static str {
        ALL[self as usize].1
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, n)| *n == name).map(|(kind, _)| *kind)
    }

    /// The kind of this number, as `kind as u8` gives it.
    pub(super) fn from_number(number: u8) -> Self {
        ALL.get(usize::from(number)).map_or(Self::Decision, |(kind, _)| *kind)
    }

    /// Whether the level `packets` keeps it: what went over the wire, the sessions, what was asked, and the narration.
    pub const fn is_of_packets(self) -> bool {
        self.number() <= Self::SessionCleared.number() || matches!(self, Self::Mark)
    }

    const fn number(self) -> u8 {
        self as u8
    }
}

impl By {
    /// The name in the JSON lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broker => "broker",
            Self::Client => "client",
            Self::Link => "link",
            Self::User => "user",
        }
    }
}

/// A set of kinds, for filters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KindSet(u64);

impl KindSet {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self(u64::MAX);

    /// The set with one more kind.
    #[must_use]
    pub const fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind.number())
    }

    /// Whether the kind is in it.
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind.number()) != 0
    }

    /// The set with every kind that a name stands for: a whole name (`packet.sent`) or what is before the dot (`packet`).
    /// `None` where nothing is called so.
    #[must_use]
    pub fn with_named(self, name: &str) -> Option<Self> {
        let named = |kind: &Kind| {
            kind.name() == name || kind.name().split_once('.').is_some_and(|(group, _)| group == name)
        };
        let found = Kind::all().filter(named).fold(Self::NONE, Self::with);
        (found != Self::NONE).then_some(Self(self.0 | found.0))
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enumeration() {
        for (index, kind) in Kind::all().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
            assert_eq!(Kind::from_number(kind as u8), kind);
        }
        assert_eq!(Kind::Mark as usize + 1, KINDS, "`Mark` is the last kind");
    }

    #[test]
    fn groups_are_named_by_what_is_before_the_dot() {
        let set = KindSet::NONE.with_named("will").unwrap().with_named("mark").unwrap();
        assert!(set.has(Kind::WillArmed) && set.has(Kind::WillDiscarded) && set.has(Kind::Mark));
        assert!(!set.has(Kind::PacketSent));
        assert_eq!(KindSet::NONE.with_named("wil"), None);
    }

    #[test]
    fn the_level_packets_keeps_the_wire_and_the_sessions() {
        for kind in Kind::all() {
            let group = kind.name().split('.').next().unwrap();
            let kept = ["input", "socket", "packet", "session", "mark"].contains(&group);
            assert_eq!(kind.is_of_packets(), kept, "{}", kind.name());
        }
    }
}
