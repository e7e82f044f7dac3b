//! The broker's panel.

use crate::account::RuleCounts;
/// Its name.
pub(crate) const TITLE: &str = "Broker";
/// The way to publish without a client.
pub(crate) const HTTP: (&str, &str) = ("HTTP…", "Publish a message without a client");
/// The way to users and policies.
pub(crate) const ACCESS: (&str, &str) = ("Access…", "Users, access list, policies, and who may do what");
/// The body's name for screen readers.
pub(crate) const BODY: &str = "What the broker keeps";
/// The field that narrows all sections.
pub(crate) const SEARCH: &str = "Search what the broker keeps";
/// What is found there.
pub(crate) const SEARCH_EXAMPLE: &str = "Client, filter, topic, quota or rule";

/// The sections.
pub(crate) const SESSIONS: &str = "Sessions";
/// See [`SESSIONS`].
pub(crate) const SUBSCRIPTIONS: &str = "Subscriptions";
/// See [`SESSIONS`].
pub(crate) const GROUPS: &str = "Shared subscriptions";
/// See [`SESSIONS`].
pub(crate) const RETAINED: &str = "Retained messages";
/// See [`SESSIONS`].
pub(crate) const WILLS: &str = "Wills";
/// See [`SESSIONS`].
pub(crate) const QUEUES: &str = "Queues";
/// See [`SESSIONS`].
pub(crate) const QUOTAS: &str = "Quotas";
/// See [`SESSIONS`].
pub(crate) const RULES: &str = "Rules that acted until the view";

/// How many rows a section has, of which so many are found.
pub(crate) fn count(found: usize, all: usize) -> String {
    if found == all { all.to_string() } else { format!("{found} of {all}") }
}

/// The button for more rows, and how many are not shown.
pub(crate) fn more(next: usize, left: usize) -> String {
    format!("Show {next} more of {left}")
}

/// Where nothing is found anywhere.
pub(crate) fn nothing(query: &str) -> String {
    format!("The broker keeps nothing that is called “{query}”.")
}

/// The way from a row to its events.
pub(crate) fn lead(what: &str) -> String {
    format!("Latest event about {what}; again: the one before")
}
/// Where there is none.
pub(crate) const NO_EVENT: &str = "No event about it is kept.";

/// A session's state.
pub(crate) const CONNECTED: &str = "connected";
/// See [`CONNECTED`].
pub(crate) const NEVER_EXPIRES: &str = "kept, never expires";
/// See [`CONNECTED`].
pub(crate) fn expires(left: &str) -> String {
    format!("expires {left}")
}

/// How many subscriptions it has.
pub(crate) fn subscriptions(count: usize) -> String {
    format!("{count} subs")
}

/// What a queue holds, and when it will be empty, where that is known.
pub(crate) fn queued(count: usize, drains: Option<&str>) -> String {
    match drains {
        Some(drains) => format!("{count} left, drains in {drains}"),
        None => format!("{count} queued"),
    }
}

/// A group's members.
pub(crate) fn members(active: usize, members: usize) -> String {
    format!("{active} of {members} here")
}
/// What that says.
pub(crate) const MEMBERS_TITLE: &str =
    "Members that are connected, and the rate at which they empty its queue";

/// A Will's state.
pub(crate) const ARMED: &str = "armed";
/// See [`ARMED`].
pub(crate) fn due(left: &str) -> String {
    format!("due {left}")
}

/// The messages of a queue.
pub(crate) const MESSAGES: &str = "Messages in order";
/// How many wait.
pub(crate) fn waiting(count: usize) -> String {
    format!("{count} waiting")
}
/// When a message expires.
pub(crate) fn expires_at(at: &str) -> String {
    format!("expires at {at}")
}
/// Why messages wait: the client is away.
pub(crate) const AWAY: &str = "Its client is away.";
/// See [`AWAY`].
pub(crate) const NO_MEMBER: &str = "No member is connected.";
/// See [`AWAY`].
pub(crate) const NO_ROOM: &str = "No member has room for one more.";
/// See [`AWAY`].
pub(crate) const LINK_FULL: &str = "The link takes no more bytes now.";
/// See [`AWAY`].
pub(crate) const NEXT: &str = "The first of them leaves next.";
/// See [`AWAY`].
pub(crate) fn paced(per_s: u64, left: &str) -> String {
    format!("The profile lets {per_s} stored messages out a second, the next {left}.")
}
/// See [`AWAY`].
pub(crate) fn in_flight(most: u16) -> String {
    format!("{most} are in flight, and Receive Maximum allows no more before one is acknowledged.")
}

/// The way to the tab of quotas.
pub(crate) const TO_QUOTAS: &str = "Open the tab Quotas";
/// What is used of a quota.
pub(crate) fn used(level: u64, capacity: u64) -> String {
    format!("{level} of {capacity}")
}
/// What it did.
pub(crate) fn exceeded(delayed: usize, refused: usize) -> String {
    format!("delayed {delayed}×, refused {refused}×")
}

/// How often a rule acted.
pub(crate) fn acted(count: usize) -> String {
    format!("{count}×")
}
/// The way from a rule to its events.
pub(crate) fn next_of(rule: &str) -> String {
    format!("Next event in which {rule} acted")
}

/// What an account keeps.
pub(crate) const DISABLED: &str = "disabled";

/// How many shadows there are.
pub(crate) fn shadows(count: usize) -> String {
    format!("Device shadows ({count})")
}
/// A shadow's version.
pub(crate) fn version(number: u64) -> String {
    format!("version {number}")
}
/// How many topic rules there are.
pub(crate) fn topic_rules(count: usize) -> String {
    format!("Topic rules ({count})")
}
/// How often a topic rule acted.
pub(crate) fn rule_counts(counts: RuleCounts) -> String {
    let RuleCounts { matched, passed, republished, failed, .. } = counts;
    format!("{matched} matched, {passed} passed, {republished} published, {failed} failed")
}

/// What is kept for a client that is away.
pub(crate) const NEXT_TOKEN: &str = "The next token of the bucket";
/// How many messages of a queue expire; the time and the topic of the next one follow.
pub(crate) fn expiring(count: usize) -> String {
    format!("{count} of them {}, the next ", if count == 1 { "expires" } else { "expire" })
}
/// How fast a queue drains, and until when.
pub(crate) fn drains(per_s: u64, next: &str, empty_at: Option<String>) -> String {
    let empty = empty_at.map(|at| format!(", empty at {at}")).unwrap_or_default();
    format!("{per_s} a second, the next {next}{empty}")
}
/// How many messages were lost.
pub(crate) fn lost(count: usize) -> String {
    format!("{count} lost")
}

/// The mark of a retained message that is not the last message of its topic.
pub(crate) const STALE: &str = "stale";
pub(crate) const STALE_TITLE: &str =
    "Another message came later, which was not retained: new subscribers get the older one";
