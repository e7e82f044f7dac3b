//! The rates of a profile: each a token bucket with its setting, how many may come at once, and what is said where it is exceeded.

use super::Profile;
use super::limits::limit;

/// How fast a bucket fills and how much it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rate {
    /// How many a second.
    pub(crate) per_s: u64,
    /// How many at once.
    pub(crate) burst: u64,
}

/// Which rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub(crate) enum Quota {
    Replay,
    PublishIn,
    PublishOut,
    BytesIn,
    BytesOut,
    ConnectOfClient,
    Connect,
    AllIn,
    AllOut,
    Subscribe,
    Queue,
    Retain,
    RetainAtTopic,
    GroupReplay,
    GroupChange,
    Operation,
    OperationOnClient,
}

/// What is said of a rate.
pub(crate) struct Said {
    /// Its setting.
    pub(crate) key: &'static str,
    /// The setting of how many may come at once; empty where a second's worth may.
    pub(super) burst: &'static str,
    /// What is said where it is exceeded.
    pub(crate) why: &'static str,
}

/// The rates, in the order of [`Quota`].
pub(crate) const QUOTAS: [Said; 17] = [
    said("session.replay_per_s", "session.replay_burst", "stored messages leave at the replay rate"),
    said("publish.in_per_s", "publish.in_burst", "more messages a second than a connection may publish"),
    said("publish.out_per_s", "publish.out_burst", "more messages a second than a client may get"),
    said("connection.in_bytes_per_s", "", "more bytes a second than are read from a connection"),
    said("connection.out_bytes_per_s", "", "more bytes a second than are sent to a connection"),
    said("connect.client_per_s", "", "more CONNECT a second than one client identifier may send"),
    said("account.connect_per_s", "", "more CONNECT a second than an account takes"),
    said("account.publish_in_per_s", "", "more messages a second than an account takes"),
    said("account.publish_out_per_s", "", "more messages a second than an account sends"),
    said("account.subscribe_per_s", "", "more subscriptions a second than an account takes"),
    said(
        "account.queue_per_s",
        "",
        "more messages a second than an account stores for clients that are away",
    ),
    said("account.retain_per_s", "", "more retained messages a second than an account takes"),
    said("retained.topic_per_s", "", "more retained messages a second than a topic takes"),
    said(
        "subscription.shared_replay_per_s",
        "session.replay_burst",
        "what a shared subscription has queued leaves at its rate",
    ),
    said(
        "subscription.shared_changes_per_s",
        "",
        "more subscribing and unsubscribing a second than a shared subscription takes",
    ),
    said("account.operation_per_s", "", "more operations of this kind a second than an account may do"),
    said(
        "account.operation_client_per_s",
        "",
        "more operations of this kind a second than an account may do on one client",
    ),
];

const fn said(key: &'static str, burst: &'static str, why: &'static str) -> Said {
    Said { key, burst, why }
}

/// The rates of a profile, in the order of [`Quota`].
pub(super) fn rates(profile: &Profile) -> [Option<Rate>; QUOTAS.len()] {
    QUOTAS.map(|said| {
        let per_s = limit(profile, said.key)?;
        let burst = if said.burst.is_empty() { per_s } else { limit(profile, said.burst).unwrap_or(1) };
        Some(Rate { per_s, burst })
    })
}
