//! A session and a shared subscription at the view, as the broker's panel shows them.

use super::engine::Engine;
use crate::broker::{ReplayView, SessionView};
use crate::time::SimTime;
use crate::topic::SHARE;

/// A session as the broker's panel shows it.
pub(crate) struct KeptSession {
    /// The client identifier.
    pub(crate) client: String,
    /// Whether it is connected.
    pub(crate) connected: bool,
    /// When it ends, where the client is away and it ends at all.
    pub(crate) expires: Option<SimTime>,
    /// How many subscriptions it has.
    pub(crate) subscriptions: usize,
    /// How many messages wait in it.
    pub(crate) queued: usize,
    /// The most that ever waited.
    pub(crate) most_queued: usize,
    /// How long until the replay bucket let all of them out, in microseconds.
    pub(crate) drains_us: Option<u64>,
    /// The pace of what was stored, where it has one and something waits.
    pub(crate) replay: Option<ReplayView>,
    /// How many of those that wait expire, and which is the next: when, and its topic.
    pub(crate) expiring: Option<(usize, SimTime, String)>,
    /// How many messages for it were lost, by why.
    pub(crate) lost: Vec<(String, usize)>,
}

/// A shared subscription as the broker's panel shows it.
pub(crate) struct KeptGroup {
    /// How many members it has.
    pub(crate) members: usize,
    /// How many of those are connected.
    pub(crate) active: usize,
    /// How many messages wait in its queue.
    pub(crate) queued: usize,
    /// The most that ever waited.
    pub(crate) most_queued: usize,
    /// How many of those leave a second, where something waits and the profile has a rate.
    pub(crate) per_s: Option<u64>,
    /// How long until all of them have left at that rate, in microseconds.
    pub(crate) drains_us: Option<u64>,
}

impl KeptSession {
    /// The session of a client at the view.
    pub(crate) fn of(engine: &Engine, client: &str) -> Option<Self> {
        let now = engine.view().at;
        let session = engine.run().world().broker().session(client, now)?;
        Some(Self {
            connected: session.connection.is_some(),
            expires: session.ends_at,
            subscriptions: session.subscriptions.len(),
            queued: session.queued,
            most_queued: engine.most_queued(client),
            drains_us: session.replay.and_then(|replay| Some(replay.empty_at?.since(now).0)),
            replay: session.replay,
            expiring: expiring(&session),
            lost: engine.tracks().lost(client, engine.events()),
            client: session.client,
        })
    }
}

impl KeptGroup {
    /// The group of this name at the view.
    pub(crate) fn of(engine: &Engine, name: &str) -> Option<Self> {
        let now = engine.view().at;
        let group = engine.run().world().broker().group(name, now)?;
        Some(Self {
            members: group.members.len(),
            active: group.active,
            queued: group.queued,
            most_queued: engine.most_queued(&format!("{SHARE}{name}")),
            per_s: group.replay.map(|replay| replay.per_s),
            drains_us: group.replay.and_then(|replay| Some(replay.empty_at?.since(now).0)),
        })
    }
}

/// The next of a queue's messages to expire, and how many expire at all.
fn expiring(session: &SessionView) -> Option<(usize, SimTime, String)> {
    let expire = || session.queue.iter().filter_map(|message| Some((message.expires_at?, &message.topic)));
    let (at, topic) = expire().min_by_key(|(at, _)| *at)?;
    Some((expire().count(), at, topic.clone()))
}
