//! Metering (row O3): what the account would be billed for, as a fold over the trace's events.

mod item;
mod prices;
mod size;
mod statement;

pub use item::Item;
pub use prices::{Key, Price, Prices, Usd};
pub use statement::{Line, Statement};

use super::topic_rule::{RuleReader, RuleTold};
use crate::broker::{By, Kind};
use crate::rule::Source;
use crate::time::{SimTime, Span};
use crate::trace::EventRef;
use crate::wire::PacketType;
use item::ITEMS;

/// What a connection's time is metered in.
const MINUTE: Span = Span::s(60);

/// Where the topics of Basic Ingest begin.
const INGEST: &str = "$aws/rules/";

/// How far back along its causes a message's packet is looked for.
const MOST_CAUSES: usize = 8;

/// How often something was metered, and in how many units.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Metered {
    /// How often.
    pub count: u64,
    /// In how many units.
    pub units: u64,
}

/// What is known of one client.
#[derive(Clone, Copy, Default, Debug)]
struct Client {
    /// Since when it is connected.
    since: Option<SimTime>,
    /// The units of its Will.
    will_units: u32,
}

/// What has been metered. Needs a trace of the level `full`; takes its events in order.
#[derive(Clone, Default, Debug)]
pub struct Bill {
    items: [Metered; ITEMS],
    /// Packets that nothing is charged for, by the number of their type.
    free: [u64; 16],
    ingested: u64,
    /// By the trace's numbers of clients.
    clients: Vec<Client>,
    rules: RuleReader,
}

impl Bill {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &EventRef<'_>) {
        if event.by() != By::Broker {
            return;
        }
        match event.kind() {
            Kind::PacketReceived => self.take_received(event),
            Kind::PacketSent => match event.packet_type() {
                Some(PacketType::Publish) => self.meter(Item::PublishOut, size::of_packet(event)),
                other => self.pass(other),
            },
            Kind::SessionCreated | Kind::SessionResumed => {
                let at = event.at();
                self.client(event).since = Some(at);
            }
            Kind::SessionDisconnected => {
                if let Some(since) = self.client(event).since.take() {
                    self.connected(since, event.at());
                }
            }
            Kind::RetainedStored | Kind::RetainedReplaced | Kind::RetainedCleared => {
                if let Some(units) = self.message_units(event) {
                    self.meter(Item::Retained, units);
                }
            }
            // What waits for a client that is connected is not stored for it.
            Kind::MessageQueued if self.client(event).since.is_none() => {
                let units = self.message_units(event).unwrap_or(1);
                self.meter(Item::Queued, units);
            }
            Kind::WillArmed => {
                let connect = before(event, |event| event.packet_type() == Some(PacketType::Connect));
                self.client(event).will_units = connect.map_or(1, |connect| size::of_will(&connect));
            }
            Kind::WillSent => {
                let units = self.client(event).will_units;
                self.meter(Item::Will, units);
            }
            Kind::AccountShadow => {
                let request = before(event, |event| event.packet_type() == Some(PacketType::Publish));
                self.meter(Item::ShadowOperations, request.map_or(1, |request| size::of_record(&request)));
            }
            Kind::Operation if event.rule().is_some_and(|rule| rule.source == Source::Aws) => {
                self.take_operation(event);
            }
            Kind::AccountRule => {
                let units = self.message_units(event).unwrap_or(1);
                let RuleTold { executed, acted, .. } = self.rules.take(event);
                for (item, _) in
                    [(Item::Rules, executed), (Item::Actions, acted)].iter().filter(|(_, is)| *is)
                {
                    self.meter(*item, units);
                }
            }
            _ => {}
        }
    }

    /// What was metered until a moment, which is that of the last event or a later one, and what that costs.
    pub fn statement(&self, prices: &Prices, at: SimTime) -> Statement {
        let mut open = self.clone();
        for since in self.clients.iter().filter_map(|client| client.since) {
            open.connected(since, at);
        }
        Statement::of(&open, prices)
    }

    /// What was metered of one thing; connections that are open are not in it yet.
    pub(super) const fn of(&self, item: Item) -> Metered {
        self.items[item as usize]
    }

    /// Packets of the types that nothing is charged for, by the names of the types.
    pub(super) fn free(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        let packets = (0..)
            .zip(&self.free)
            .filter_map(|(number, count)| Some((PacketType::from_number(number)?.name(), *count)));
        packets.chain([("Basic Ingest", self.ingested)]).filter(|(_, count)| *count > 0)
    }

    /// A packet that came, also one that is refused then [aws.metering.refused].
    fn take_received(&mut self, event: &EventRef<'_>) {
        let item = match event.packet_type() {
            Some(PacketType::Connect) => Item::Connect,
            Some(PacketType::Subscribe) => Item::Subscribe,
            Some(PacketType::Puback) => Item::Puback,
            // [aws.metering.ingest]
            Some(PacketType::Publish) if event.topic().starts_with(INGEST) => {
                self.ingested += 1;
                return;
            }
            Some(PacketType::Publish) => Item::PublishIn,
            other => return self.pass(other),
        };
        self.meter(item, size::of_packet(event));
    }

    /// A request of HTTP and its answer, each by its body [aws.metering.http].
    fn take_operation(&mut self, event: &EventRef<'_>) {
        let (bytes, failed) = (event.number().unwrap_or(0) as usize, event.code() != Some(200));
        let is_publish = event.why().starts_with("Publish");
        match () {
            () if is_publish && event.topic().starts_with(INGEST) => self.ingested += 1,
            () if is_publish => self.meter(Item::HttpIn, size::of_bytes(bytes)),
            () if bytes > 0 => self.meter(Item::HttpOut, size::of_bytes(bytes)),
            () => {}
        }
        if is_publish && failed {
            self.meter(Item::HttpOut, 1);
        }
    }

    fn meter(&mut self, item: Item, units: u32) {
        let metered = &mut self.items[item as usize];
        metered.count += 1;
        metered.units += u64::from(units);
    }

    /// A packet that nothing is charged for [aws.metering.free].
    fn pass(&mut self, packet: Option<PacketType>) {
        if let Some(packet) = packet {
            self.free[packet as usize & 15] += 1;
        }
    }

    /// A connection that was open from one moment to another [aws.metering.begun-minutes].
    fn connected(&mut self, from: SimTime, to: SimTime) {
        let minutes = to.since(from).0.div_ceil(MINUTE.0).max(1);
        self.meter(Item::ConnectionMinutes, u32::try_from(minutes).unwrap_or(u32::MAX));
    }

    /// What is known of the event's client.
    fn client(&mut self, event: &EventRef<'_>) -> &mut Client {
        let number = event.client_number() as usize;
        if self.clients.len() <= number {
            self.clients.resize(number + 1, Client::default());
        }
        &mut self.clients[number]
    }

    /// The units of the message that an event is about, by the packet or the Will that brought it.
    fn message_units(&mut self, event: &EventRef<'_>) -> Option<u32> {
        let origin = before(event, |event| {
            event.kind() == Kind::WillSent
                || event.packet_type() == Some(PacketType::Publish)
                || is_posted(event)
        })?;
        Some(match origin.kind() {
            Kind::WillSent => self.client(&origin).will_units,
            Kind::MessageAccepted => size::of_bytes(origin.number().unwrap_or(0) as usize),
            _ => size::of_packet(&origin),
        })
    }
}

/// Whether an event takes on a message that came over HTTP.
pub(in crate::account) fn is_posted(event: &EventRef<'_>) -> bool {
    event.kind() == Kind::MessageAccepted && event.client().is_empty() && event.number().is_some()
}

/// The nearest of an event's causes that is wanted.
fn before<'a>(event: &EventRef<'a>, wanted: impl Fn(&EventRef<'_>) -> bool) -> Option<EventRef<'a>> {
    std::iter::successors(event.led_to_by(), EventRef::led_to_by)
        .take(MOST_CAUSES)
        .find(|event| wanted(event))
}
