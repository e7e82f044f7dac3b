//! What is different between two moments of the broker, of the clients and topics that somebody asks about.
//!
//! Pure: what is held at each moment is written down as a sorted list of parts, and the two lists are merged.

use super::{Broker, QuotaView, SessionView};
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::topic::SHARE;
use crate::wire::{QoS, SubscribeOptions};
use bytes::Bytes;

/// The most clients and groups, and the most topics, that are looked at.
pub const ASKED_MAX: usize = 64;
/// A rate of which there is more than this at once has no limit worth a word.
const UNLIMITED: u64 = u32::MAX as u64;

/// What is asked about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Client identifiers, and names of groups that begin with `$share/`.
    clients: Sorted<Box<str>, ()>,
    topics: Sorted<Box<str>, ()>,
    /// How many more clients and topics there were.
    left_out: usize,
}

impl Asked {
    /// Asks about a client, or about a group by all of `$share/{ShareName}/{filter}`.
    pub fn client(&mut self, client: &str) {
        self.left_out += add(&mut self.clients, client);
    }

    /// Asks about the retained message of a topic.
    pub fn topic(&mut self, topic: &str) {
        self.left_out += add(&mut self.topics, topic);
    }

    /// How many clients and topics were too many.
    pub const fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Adds a name. Gives how many are left out for it.
fn add(names: &mut Sorted<Box<str>, ()>, name: &str) -> usize {
    if name.is_empty() || names.contains(name) {
        return 0;
    }
    if names.len() >= ASKED_MAX {
        return 1;
    }
    names.insert(name.into(), ());
    0
}

/// A kind of thing that the broker holds, in the order in which changes are told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// A session.
    Session,
    /// A subscription of a session.
    Subscription,
    /// A Will.
    Will,
    /// A retained message.
    Retained,
    /// How many messages wait for a client or a group.
    Queue,
    /// A Packet Identifier of a message under way to a client.
    Outgoing,
    /// A Packet Identifier of a client's QoS 2 message that awaits PUBREL.
    Incoming,
    /// How much of a rate is used.
    Quota,
}

/// What is held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// Whether the session is connected, and when it ends, where that is known.
    Session(bool, Option<SimTime>),
    /// The options, with the granted QoS, and the Subscription Identifier.
    Subscription(SubscribeOptions, Option<u32>),
    /// The topic, and when it is sent, where that is decided.
    Will(String, Option<SimTime>),
    /// The payload and the QoS.
    Retained(Bytes, QoS),
    /// A number, and what it is of where it has a limit.
    Number(u64, Option<u64>),
    /// The topic and the QoS; the topic is empty once PUBREC came.
    Flight(String, QoS),
    /// It is there.
    There,
}

/// Where something is held.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    part: Part,
    of: String,
    id: u16,
    name: String,
}

/// What is held of all that was asked about.
#[derive(Clone, Debug, Default)]
pub struct Holdings(Sorted<Place, Content>);

/// One thing that is not as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What it is.
    pub part: Part,
    /// The client identifier or the group; empty for retained messages and for quotas of all clients together.
    pub of: String,
    /// The Topic Filter, the topic of a retained message, or the key of a quota; else empty.
    pub name: String,
    /// The Packet Identifier; 0 where there is none.
    pub id: u16,
    /// What was held before.
    pub before: Option<Content>,
    /// What is held now.
    pub after: Option<Content>,
}

impl Holdings {
    fn hold(&mut self, part: Part, of: &str, (id, name): (u16, &str), content: Content) {
        self.0.insert(Place { part, of: of.to_owned(), id, name: name.to_owned() }, content);
    }

    /// Nothing in a queue and nothing used of a quota is as if there were none.
    fn number(&mut self, part: Part, of: &str, name: &str, (number, limit): (u64, Option<u64>)) {
        if number > 0 {
            self.hold(part, of, (0, name), Content::Number(number, limit));
        }
    }

    fn quotas(&mut self, of: &str, quotas: &[QuotaView]) {
        // What a bound counts is told by itself.
        let told = quotas.iter().filter(|one| one.capacity < UNLIMITED && one.per_s.is_some());
        for quota in told {
            self.number(Part::Quota, of, quota.key, (quota.level, Some(quota.capacity)));
        }
    }

    fn session(&mut self, session: &SessionView) {
        let of = session.client.as_str();
        let state = Content::Session(session.connection.is_some(), session.ends_at);
        self.hold(Part::Session, of, (0, ""), state);
        for one in &session.subscriptions {
            let content = Content::Subscription(one.options, one.identifier);
            self.hold(Part::Subscription, of, (0, &one.filter), content);
        }
        if let Some(will) = &session.will {
            self.hold(Part::Will, of, (0, ""), Content::Will(will.topic.clone(), will.due_at));
        }
        self.number(Part::Queue, of, "", (session.queued as u64, None));
        for flight in &session.inflight {
            let content = Content::Flight(flight.topic.clone(), flight.qos);
            self.hold(Part::Outgoing, of, (flight.id, ""), content);
        }
        for id in &session.incoming {
            self.hold(Part::Incoming, of, (*id, ""), Content::There);
        }
        self.quotas(of, &session.quotas);
    }
}

impl Broker {
    /// What is held of what is asked about. Rates are told as they are at `now`: where two moments are compared, give the later one for
    /// both, so that what came back by itself is no difference.
    pub fn holdings(&self, asked: &Asked, now: SimTime) -> Holdings {
        let mut all = Holdings::default();
        for client in asked.clients.keys() {
            if let Some(group) = client.strip_prefix(SHARE).and_then(|name| self.group(name, now)) {
                all.number(Part::Queue, client, "", (group.queued as u64, None));
                all.quotas(client, &group.quotas);
            } else if let Some(session) = self.session(client, now) {
                all.session(&session);
            }
        }
        for topic in asked.topics.keys() {
            if let Some(kept) = self.retained_at(topic) {
                all.hold(Part::Retained, "", (0, topic), Content::Retained(kept.payload, kept.qos));
            }
        }
        all.quotas("", &self.quotas(now));
        all
    }
}

/// What is not as it was, by part and client.
pub fn changes(before: &Holdings, after: &Holdings) -> Vec<Change> {
    let told = |place: &Place, before: Option<&Content>, after: Option<&Content>| Change {
        part: place.part,
        of: place.of.clone(),
        name: place.name.clone(),
        id: place.id,
        before: before.cloned(),
        after: after.cloned(),
    };
    let (mut was, mut is) = (before.0.iter().peekable(), after.0.iter().peekable());
    let mut found = Vec::new();
    loop {
        let order = match (was.peek(), is.peek()) {
            (None, None) => return found,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let old = if order.is_le() { was.next() } else { None };
        let new = if order.is_ge() { is.next() } else { None };
        let Some((place, _)) = old.or(new) else { return found };
        let (old, new) = (old.map(|(_, content)| content), new.map(|(_, content)| content));
        if old != new {
            found.push(told(place, old, new));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holdings(all: &[(Part, &str, u16, Content)]) -> Holdings {
        let mut holdings = Holdings::default();
        for (part, of, id, content) in all {
            holdings.hold(*part, of, (*id, ""), content.clone());
        }
        holdings
    }

    #[test]
    fn what_came_what_went_and_what_changed_is_told_in_the_order_of_the_parts() {
        let flight = |topic: &str| Content::Flight(topic.to_owned(), QoS::ExactlyOnce);
        let before = holdings(&[
            (Part::Outgoing, "lamp", 10, flight("a")),
            (Part::Outgoing, "lamp", 9, flight("a")),
            (Part::Session, "lamp", 0, Content::Session(true, None)),
            (Part::Queue, "lamp", 0, Content::Number(2, None)),
        ]);
        let after = holdings(&[
            (Part::Outgoing, "lamp", 9, flight("")),
            (Part::Session, "lamp", 0, Content::Session(true, None)),
            (Part::Session, "sensor", 0, Content::Session(true, None)),
            (Part::Queue, "lamp", 0, Content::Number(1, None)),
        ]);
        let found = changes(&before, &after);
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.part, one.of.as_str(), one.id, one.before.is_some(), one.after.is_some()))
            .collect();
        let expected = [
            (Part::Session, "sensor", 0, false, true),
            (Part::Queue, "lamp", 0, true, true),
            (Part::Outgoing, "lamp", 9, true, true),
            (Part::Outgoing, "lamp", 10, true, false),
        ];
        assert_eq!(told, expected);
        assert_eq!(changes(&after, &after), []);
    }

    #[test]
    fn only_so_many_clients_are_looked_at_and_the_rest_is_counted() {
        let mut asked = Asked::default();
        for n in 0..ASKED_MAX + 3 {
            asked.client(&format!("c{n}"));
            asked.client("c0");
        }
        asked.client("");
        assert_eq!((asked.clients.len(), asked.left_out()), (ASKED_MAX, 3));
    }
}
