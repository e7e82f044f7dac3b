//! Lifecycle events (row O1): who comes, goes and subscribes, on `$aws/events/…`.

use super::cloud::{Now, Published};
use crate::broker::{By, Cause, Event, Kind, Observer, Told};
use crate::chance::chance;
use crate::json::{Object, write_text};
use crate::policy::source_address;
use crate::rule::aws;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::wire::Text;

/// How long a client identifier may be away before its version numbers begin again.
const FORGOTTEN_AFTER: Span = Span::s(3_600);
/// The most client identifiers of which something is known; one more is told of as if it had never been there.
const MOST: usize = 100_000;

/// What is known of one client identifier.
#[derive(Clone, Debug, Default)]
struct Presence {
    /// The number of its latest connection, which both of its events carry.
    version: u64,
    /// Which of all connections its latest one is, from 1: each has a session identifier of its own.
    ordinal: u64,
    /// Since when it is away; `None` while it is connected.
    away_since: Option<SimTime>,
}

/// The service that tells of clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Lifecycle {
    clients: Sorted<Box<str>, Presence>,
    /// How many connections there were.
    connections: u64,
    /// When those that are away for long are to be forgotten.
    sweep_at: SimTime,
}

impl Lifecycle {
    pub(super) fn hear(
        &mut self,
        now: Now,
        told: &Told,
        observer: &mut impl Observer,
        published: &mut Vec<Published>,
    ) {
        match told {
            Told::Connected { client, cause } => {
                self.sweep(now.at);
                self.connections += 1;
                let ordinal = self.connections;
                let version = self.change(client, |presence| {
                    let is_known = presence.ordinal > 0
                        && presence.away_since.is_none_or(|since| now.at.since(since) < FORGOTTEN_AFTER);
                    presence.version = if is_known { presence.version + 1 } else { 0 };
                    presence.ordinal = ordinal;
                    presence.away_since = None;
                });
                self.tell(now, client, "presence", "connected", *cause, observer, published, |object| {
                    object.text("ipAddress", &ip_address(now.seed, client));
                    object.number("versionNumber", version);
                });
            }
            Told::Disconnected { client, ending, reason, cause } => {
                let version = self.change(client, |presence| presence.away_since = Some(now.at));
                self.tell(now, client, "presence", "disconnected", *cause, observer, published, |object| {
                    object.switch("clientInitiatedDisconnect", ending.is_by_client());
                    object.text("disconnectReason", reason);
                    object.number("versionNumber", version);
                });
            }
            Told::ConnectFailed { client, cause } => {
                self.tell(now, client, "presence", "connect_failed", *cause, observer, published, |object| {
                    object.text("connectFailureReason", "AUTHORIZATION_FAILED");
                    object.text("ipAddress", &ip_address(now.seed, client));
                });
            }
            Told::Subscribed { client, filters, cause } => {
                self.tell(
                    now,
                    client,
                    "subscriptions",
                    "subscribed",
                    *cause,
                    observer,
                    published,
                    |object| {
                        write_topics(object, filters);
                    },
                );
            }
            Told::Unsubscribed { client, filters, cause } => {
                self.tell(
                    now,
                    client,
                    "subscriptions",
                    "unsubscribed",
                    *cause,
                    observer,
                    published,
                    |object| {
                        write_topics(object, filters);
                    },
                );
            }
            Told::Published { .. } => {}
        }
    }

    /// Changes what is known of a client identifier, and gives the version number of its connection.
    fn change(&mut self, client: &str, change: impl FnOnce(&mut Presence)) -> u64 {
        let mut presence = self.clients.remove(client).unwrap_or_default();
        change(&mut presence);
        let version = presence.version;
        if self.clients.len() < MOST {
            self.clients.insert(client.into(), presence);
        }
        version
    }

    /// Forgets, once in a while, who is away for so long that nothing depends on it.
    fn sweep(&mut self, now: SimTime) {
        if now < self.sweep_at {
            return;
        }
        let is_away = |presence: &Presence| {
            presence.away_since.is_some_and(|since| now.since(since) >= FORGOTTEN_AFTER)
        };
        let mut kept = Sorted::new();
        let known = std::mem::take(&mut self.clients);
        for (client, presence) in known.iter().filter(|(_, presence)| !is_away(presence)) {
            kept.insert(client.clone(), presence.clone());
        }
        self.clients = kept;
        self.sweep_at = now + FORGOTTEN_AFTER;
    }

    /// Publishes one event, unless the client identifier would be a wildcard in its topic.
    #[allow(clippy::too_many_arguments)]
    fn tell(
        &self,
        now: Now,
        client: &Text,
        family: &str,
        kind: &str,
        cause: Cause,
        observer: &mut impl Observer,
        published: &mut Vec<Published>,
        rest: impl FnOnce(&mut Object<'_>),
    ) {
        if client.contains(['#', '+']) {
            return;
        }
        let topic = format!("$aws/events/{family}/{kind}/{client}");
        let ordinal = self.clients.get(&**client).map_or(0, |presence| presence.ordinal);
        let mut payload = String::new();
        let mut object = Object::begin(&mut payload);
        object.text("clientId", client);
        object.number("timestamp", now.unix_ms());
        object.text("eventType", kind);
        object.text("sessionIdentifier", &session_identifier(now.seed, client, ordinal));
        object.text("principalIdentifier", &principal_identifier(now.seed, client));
        rest(&mut object);
        object.end();
        let event = Event::new(now.at, Kind::AccountLifecycle, By::Broker, client, cause);
        let rule = Some(aws("aws.lifecycle.events"));
        let cause = observer.note(Event { topic: &topic, why: kind, rule, ..event });
        published.push(Published::new(topic, payload, cause));
    }
}

fn write_topics(object: &mut Object<'_>, filters: &[Text]) {
    let out = object.key("topics");
    out.push('[');
    for (at, filter) in filters.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_text(out, filter);
    }
    out.push(']');
}

/// A name for one connection of a client.
fn session_identifier(seed: u64, client: &str, ordinal: u64) -> String {
    uuid(seed, "session identifier", client, ordinal)
}

/// A name in the form of a UUID.
pub(super) fn uuid(seed: u64, purpose: &str, who: &str, ordinal: u64) -> String {
    let high = chance(seed, purpose, who, ordinal);
    let low = chance(seed, &format!("{purpose}, second half"), who, ordinal);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48 & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

/// What stands for the hash of a client's certificate.
pub(super) fn principal_identifier(seed: u64, client: &str) -> String {
    (0..4).map(|part| format!("{:016x}", chance(seed, "principal", client, part))).collect()
}

/// The address of a client as text.
pub(super) fn ip_address(seed: u64, client: &str) -> String {
    let [a, b, c, d] = source_address(seed, client);
    format!("{a}.{b}.{c}.{d}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_for_long_is_forgotten() {
        let mut lifecycle = Lifecycle::default();
        lifecycle.change("away", |presence| presence.away_since = Some(SimTime::ZERO));
        lifecycle.change("here", |presence| presence.ordinal = 1);
        lifecycle.sweep(SimTime::ZERO);
        assert_eq!(lifecycle.clients.len(), 2);
        lifecycle.sweep(SimTime::ZERO + FORGOTTEN_AFTER);
        assert!(lifecycle.clients.contains("here") && !lifecycle.clients.contains("away"));
    }
}
