//! Who would receive a message that is published now, and who not, each with the rule: the walk of "who receives this?".

use super::{Bounds, Header, Level, Recorder, Trace};
use crate::broker::{Broker, Kind, NO_LOCAL, NO_SUBSCRIPTION};
use crate::rule::{RuleId, v5};
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::topic::{Parting, check_filter, parting};
use crate::wire::{Publish, QoS};

/// What would become of the message for one client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It is sent to the client at once.
    Now,
    /// It is kept for the client until it can be sent.
    Later,
    /// The client does not get it.
    Never,
}

/// Why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// In the words of the event that the broker would note.
    Said(String),
    /// The nearest of its filters does not match.
    Unmatched {
        /// That filter, with `$share/…/` where it has it.
        filter: String,
        /// Where it and the topic part.
        at: Parting,
    },
    /// It has no subscription.
    Unsubscribed,
    /// It shares this subscription, of which another member gets the message.
    Shared(String),
}

/// One client, or the queue of a shared subscription, and what would become of the message for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// The client identifier; for a queue of its own all of `$share/{ShareName}/{filter}`.
    pub client: String,
    /// Whether the client is connected.
    pub is_connected: bool,
    /// What would become of it.
    pub outcome: Outcome,
    /// The QoS of the delivery, where there is one.
    pub qos: Option<u8>,
    /// Until when it is kept or held back, where that is limited.
    pub until: Option<SimTime>,
    /// The rule that decides.
    pub rule: Option<RuleId>,
    /// Why.
    pub why: Reason,
    /// Its filters that match, each with the QoS that was granted.
    pub filters: Vec<(String, QoS)>,
}

/// The nearest of the filters that do not match: the one that parts last.
type Nearest = Option<(usize, String, Parting)>;

/// What one client subscribes to.
struct Client {
    name: String,
    is_connected: bool,
    filters: Vec<(String, QoS)>,
    shared: Option<String>,
    nearest: Nearest,
}

/// Who would receive `message` if it were published now by the client `publisher`, or by nobody: those who get it now, then those who
/// get it later, then those who do not, each in the order of their names. Whether the publisher may publish it is not asked.
pub fn receivers(broker: &Broker, now: SimTime, message: &Publish, publisher: Option<&str>) -> Vec<Receiver> {
    let mut trace = Trace::new(Header::default(), Level::Full, Bounds::default());
    let mut recorder = Recorder::new();
    broker.look_at_route(now, message.clone(), publisher, &mut recorder.watch(&mut trace));
    let mut found = decided(&trace);
    for client in clients(broker, &message.topic) {
        if let Some(receiver) = found.iter_mut().find(|receiver| receiver.client == client.name) {
            receiver.is_connected = client.is_connected;
            receiver.filters = client.filters;
            continue;
        }
        let (rule, why) = match (client.shared, client.nearest) {
            (Some(filter), _) => (None, Reason::Shared(filter)),
            (None, Some((_, filter, at))) => {
                let statement = if at == Parting::Reserved { "MQTT-4.7.2-1" } else { "MQTT-4.7.3-4" };
                (Some(v5(statement)), Reason::Unmatched { filter, at })
            }
            (None, None) => (Some(NO_SUBSCRIPTION), Reason::Unsubscribed),
        };
        found.push(Receiver {
            client: client.name,
            is_connected: client.is_connected,
            outcome: Outcome::Never,
            qos: None,
            until: None,
            rule,
            why,
            filters: client.filters,
        });
    }
    in_order(found, |receiver| (receiver.outcome, receiver.client.clone()))
}

/// Those of whom the broker's events tell. Of several events about one client the one with the best outcome counts, then the first.
fn decided(trace: &Trace) -> Vec<Receiver> {
    let mut found: Vec<Receiver> = Vec::new();
    for event in trace.range(0..u32::MAX) {
        let outcome = match event.kind() {
            Kind::MessageDelivered => Outcome::Now,
            Kind::MessageQueued | Kind::QuotaDelayed => Outcome::Later,
            Kind::MessageDropped | Kind::QuotaRefused | Kind::PolicyDenied => Outcome::Never,
            Kind::Decision if event.rule() == Some(NO_LOCAL) => Outcome::Never,
            _ => continue,
        };
        let receiver = Receiver {
            client: event.client().to_owned(),
            is_connected: false,
            outcome,
            qos: event.qos(),
            until: event.until(),
            rule: event.rule(),
            why: Reason::Said(event.why().to_owned()),
            filters: Vec::new(),
        };
        match found.iter_mut().find(|known| known.client == receiver.client) {
            Some(known) if outcome < known.outcome => *known = receiver,
            Some(_) => {}
            None => found.push(receiver),
        }
    }
    found
}

/// All who have a session, with those of their subscriptions that a topic concerns.
fn clients(broker: &Broker, topic: &str) -> Vec<Client> {
    let parent = broker.parent_match();
    let mut clients: Vec<Client> = Vec::new();
    broker.for_each_subscriber(&mut |one| {
        if clients.last().is_none_or(|last| last.name != one.client) {
            clients.push(Client {
                name: one.client.to_owned(),
                is_connected: one.is_connected,
                filters: Vec::new(),
                shared: None,
                nearest: None,
            });
        }
        let (Some(client), Ok(filter)) = (clients.last_mut(), check_filter(one.filter)) else { return };
        match parting(filter.filter, topic, parent) {
            None => {
                client.filters.push((one.filter.to_owned(), one.options.qos));
                if filter.share.is_some() {
                    client.shared = Some(one.filter.to_owned());
                }
            }
            Some(at) => {
                let level = match at {
                    Parting::Reserved => 0,
                    Parting::Level(n) | Parting::Longer(n) | Parting::Shorter(n) => n,
                };
                if client.nearest.as_ref().is_none_or(|(nearest, ..)| *nearest < level) {
                    client.nearest = Some((level, one.filter.to_owned(), at));
                }
            }
        }
    });
    clients
}
