//! The world: everything that takes part, and the schedule.

use super::connection::Connections;
use super::link::LinkSpec;
use super::party::{ConnRef, Kind, Party, Way};
use super::plan::{Plan, RepeatView};
use super::what_if::{Chosen, WhatIf};
use super::{ClientSpec, LiveOutput, Setup};
use crate::account::Cloud;
use crate::broker::{Broker, Cause};
use crate::client::Client;
use crate::sorted::Sorted;
use crate::time::{SimTime, epoch_ms};
use crate::trace::{Recorder, Sink};
use crate::wire::Text;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What the schedule has to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Due {
    /// Something arrives.
    Arrival(ConnRef, Way),
    /// A client's timer.
    Timer(u32),
    /// What was sent this way was never acknowledged.
    GivesUp(ConnRef, Way),
    /// A stall of a client's network ends.
    Release(u32),
    /// A client has waited long for the answer to its Close frame.
    Closing(ConnRef),
}

/// Broker, clients, links and their schedule at one moment of a run.
///
/// A copy is a checkpoint: it goes on exactly as the original does. What is due at the same time happens in this order: the scenario's
/// steps, in their order; then arrivals and clients' timers, in the order in which they were scheduled; then the broker's timers.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) now: SimTime,
    pub(super) seed: u64,
    pub(super) cloud: Cloud,
    pub(super) parties: Vec<Party>,
    /// Virtual clients by name.
    pub(super) names: Sorted<Box<str>, u32>,
    /// Live clients by their number.
    pub(super) live: Sorted<u32, u32>,
    pub(super) live_link: LinkSpec,
    pub(super) free_parties: Vec<u32>,
    pub(super) connections: Connections,
    schedule: BinaryHeap<Reverse<(SimTime, u64, Due)>>,
    ordinal: u64,
    pub(super) plan: Plan,
    pub(super) recorder: Recorder,
    /// Not before this moment is the broker told the time again.
    broker_not_before: SimTime,
    steps: u64,
    /// The time of the latest event, and how many events there were before it.
    events_before: u32,
    /// Whether somebody drains `live_outputs`.
    pub(super) tells_live: bool,
    pub(super) live_outputs: Vec<(u32, LiveOutput)>,
}

impl World {
    /// The world at the beginning of a run.
    ///
    /// # Errors
    /// Where two clients have the same name.
    pub(super) fn new(setup: &Setup) -> Result<Self, String> {
        let broker = Broker::new(setup.profile.clone(), setup.seed).with_access(setup.access.clone());
        let mut world = Self {
            now: SimTime::ZERO,
            seed: setup.seed,
            cloud: Cloud::new(broker, setup.seed, epoch_ms(&setup.epoch).unwrap_or_default())
                .with_rules(setup.rules.clone()),
            parties: Vec::with_capacity(setup.clients.len()),
            names: Sorted::new(),
            live: Sorted::new(),
            live_link: setup.live_link,
            free_parties: Vec::new(),
            connections: Connections::default(),
            schedule: BinaryHeap::new(),
            ordinal: 0,
            plan: Plan::new(setup),
            recorder: Recorder::new(),
            broker_not_before: SimTime::ZERO,
            steps: 0,
            events_before: 0,
            tells_live: false,
            live_outputs: Vec::new(),
        };
        for spec in &setup.clients {
            world.add_client(spec)?;
        }
        Ok(world)
    }

    /// The time.
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// The broker.
    pub fn broker(&self) -> &Broker {
        &self.cloud
    }

    /// The account around the broker.
    pub const fn account(&self) -> &Cloud {
        &self.cloud
    }

    /// The virtual clients with their links, by name.
    pub fn clients(&self) -> impl Iterator<Item = ClientView<'_>> {
        self.names.iter().filter_map(|(name, index)| self.view(name, *index))
    }

    /// The virtual client of this name.
    pub fn client(&self, name: &str) -> Option<ClientView<'_>> {
        let index = *self.names.get(name)?;
        self.view(self.parties.get(index as usize)?.name(), index)
    }

    /// The names of the live clients: number of the socket, client identifier.
    pub fn live_clients(&self) -> impl Iterator<Item = (u32, &str)> {
        self.live.iter().filter_map(|(id, index)| Some((*id, self.parties.get(*index as usize)?.name())))
    }

    /// The publications of a virtual client that go on by themselves.
    pub fn repeats(&self, client: &str) -> impl Iterator<Item = RepeatView<'_>> {
        self.plan.repeats(client)
    }

    /// How many events and messages there were, by kind.
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// How many steps and inputs led here.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// How many events there were.
    pub const fn events(&self) -> u32 {
        self.recorder.next_seq()
    }

    /// How many events there were at this very time.
    pub const fn ordinal(&self) -> u32 {
        self.events() - self.events_before
    }

    fn view<'a>(&'a self, name: &'a str, index: u32) -> Option<ClientView<'a>> {
        let party = self.parties.get(index as usize)?;
        match &party.kind {
            Kind::Virtual(client) => Some(ClientView { name, client, network: self.network_of(party) }),
            _ => None,
        }
    }

    /// The network of a client, a live one included.
    pub fn network(&self, name: &str) -> Option<Network<'_>> {
        let party = self.parties.get(self.party_named(name)? as usize)?;
        Some(self.network_of(party))
    }

    fn network_of<'a>(&self, party: &'a Party) -> Network<'a> {
        let holds = party.holds.map(|until| Some(until).filter(|until| *until > self.now));
        Network { link: party.link, is_up: !party.cut, holds, waiting: &party.what_ifs }
    }

    /// A copy that nobody listens to.
    pub(super) fn as_checkpoint(&self) -> Self {
        let mut copy = self.clone();
        copy.tells_live = false;
        copy.live_outputs = Vec::new();
        copy
    }

    /// Roughly how many bytes a copy takes, beside what it shares.
    pub(super) fn size_bytes(&self) -> usize {
        let parties = self.parties.iter().map(|party| {
            size_of::<Party>()
                + match &party.kind {
                    Kind::Nobody => 0,
                    Kind::Virtual(client) => client.size_bytes(),
                    Kind::Live(live) => live.size_bytes(),
                }
        });
        let connections = self.connections.iter().map(|connection| {
            size_of_val(connection) + connection.up.size_bytes() + connection.down.size_bytes()
        });
        let counts = self.cloud.counts();
        let kept = counts.connections * 512
            + counts.sessions * 512
            + counts.subscriptions * 160
            + (counts.queued + counts.inflight) * 128
            + counts.retained * 192;
        size_of::<Self>()
            + parties.sum::<usize>()
            + connections.sum::<usize>()
            + self.schedule.len() * size_of::<(SimTime, u64, Due)>()
            + kept
    }

    /// When something happens next.
    pub fn next_due(&self) -> Option<SimTime> {
        let scheduled = self.schedule.peek().map(|Reverse((at, ..))| *at);
        let broker = self.cloud.next_deadline().map(|at| at.max(self.broker_not_before));
        let due = [self.plan.next_due(), scheduled, broker].into_iter().flatten().min();
        due.map(|at| at.max(self.now))
    }

    /// Does what happens next: one step of the scenario, one arrival or one timer, and what the broker and the clients ask for
    /// because of it. Gives its time; `None` where nothing is left to happen by `until`.
    pub(super) fn step<S: Sink>(&mut self, until: SimTime, sink: &mut S) -> Option<SimTime> {
        let at = self.next_due().filter(|at| *at <= until)?;
        self.set_now(at);
        self.steps += 1;
        if self.plan.next_due().is_some_and(|due| due <= at) {
            let happening = self.plan.pop();
            if let Some((input, cause)) = happening.as_ref().and_then(|one| Some((one.input()?, one.cause())))
            {
                self.apply(input, cause, sink);
            }
        } else if self.schedule.peek().is_some_and(|Reverse((due, ..))| *due <= at) {
            if let Some(Reverse((_, _, due))) = self.schedule.pop() {
                match due {
                    Due::Arrival(conn, Way::Up) => self.arrive_up(conn, sink),
                    Due::Arrival(conn, Way::Down) => self.arrive_down(conn, sink),
                    Due::Timer(party) => self.timer(party, sink),
                    Due::GivesUp(conn, way) => self.gives_up(conn, way, sink),
                    Due::Release(party) => self.release(party),
                    Due::Closing(conn) => self.closing_times_out(conn, sink),
                }
            }
        } else {
            self.cloud.tick(at, &mut self.recorder.watch(sink));
            if self.cloud.next_deadline().is_some_and(|deadline| deadline <= at) {
                // A broker that asks for the same moment again must not stop the clock.
                self.broker_not_before = SimTime(at.0.saturating_add(1));
            }
            self.drain_broker(sink);
        }
        Some(at)
    }

    /// Does something from outside, at a moment that is not past.
    pub(super) fn input<S: Sink>(&mut self, at: SimTime, input: &super::Input, sink: &mut S) {
        self.set_now(at.max(self.now));
        self.steps += 1;
        self.apply(input, Cause::NONE, sink);
    }

    /// Lets time pass in which nothing is due.
    pub(super) fn pass_time(&mut self, to: SimTime) {
        debug_assert!(self.next_due().is_none_or(|due| due >= to), "time does not pass by what is due");
        if to > self.now {
            self.set_now(to);
        }
    }

    fn set_now(&mut self, at: SimTime) {
        debug_assert!(at >= self.now, "time never runs back");
        if at > self.now {
            self.now = at;
            self.events_before = self.recorder.next_seq();
        }
    }

    pub(super) fn schedule(&mut self, at: SimTime, due: Due) {
        let ordinal = self.next_ordinal();
        self.schedule_as(at, ordinal, due);
    }

    pub(super) fn schedule_as(&mut self, at: SimTime, ordinal: u64, due: Due) {
        self.schedule.push(Reverse((at, ordinal, due)));
    }

    pub(super) const fn next_ordinal(&mut self) -> u64 {
        self.ordinal += 1;
        self.ordinal
    }

    /// One more virtual client.
    pub(super) fn add_client(&mut self, spec: &ClientSpec) -> Result<u32, String> {
        let name = spec.client.id.as_str();
        if self.names.contains(name) {
            return Err(format!("there is a client `{name}` already"));
        }
        let client = Kind::Virtual(Box::new(Client::new(spec.client.clone())));
        let mut party = Party::new(name, client, spec.link);
        if !self.broker().access().policies.is_empty() {
            self.cloud.attach(name, spec.principal.clone());
            party.principal = Some(Text::from(name));
        }
        let index = self.add_party(party);
        self.names.insert(name.into(), index);
        Ok(index)
    }

    pub(super) fn add_party(&mut self, party: Party) -> u32 {
        if let Some(index) = self.free_parties.pop()
            && let Some(place) = self.parties.get_mut(index as usize)
        {
            *place = party;
            return index;
        }
        self.parties.push(party);
        u32::try_from(self.parties.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn tell_live(&mut self, id: u32, output: LiveOutput) {
        if self.tells_live {
            self.live_outputs.push((id, output));
        }
    }

    /// A client's timers may be earlier now.
    pub(super) fn arm(&mut self, party: u32) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        let Kind::Virtual(client) = &entry.kind else { return };
        if let Some(at) = client.next_deadline()
            && entry.armed.is_none_or(|armed| at < armed)
        {
            entry.armed = Some(at);
            self.schedule(at, Due::Timer(party));
        }
    }

    fn timer<S: Sink>(&mut self, party: u32, sink: &mut S) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        let Kind::Virtual(client) = &mut entry.kind else { return };
        if entry.armed.is_some_and(|armed| armed > self.now) {
            // An earlier appointment that was replaced.
            return;
        }
        entry.armed = None;
        if client.next_deadline().is_some_and(|at| at <= self.now) {
            client.tick(self.now, Cause::NONE, &mut self.recorder.watch(sink));
            self.drain_client(party, sink);
        } else {
            self.arm(party);
        }
    }
}

/// A virtual client and its network.
#[derive(Clone, Copy, Debug)]
pub struct ClientView<'a> {
    /// Its name in the run.
    pub name: &'a str,
    /// The client.
    pub client: &'a Client,
    /// The network between it and the broker.
    pub network: Network<'a>,
}

/// A client's network.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// How it behaves.
    pub link: LinkSpec,
    /// Whether it works, that is, was not cut.
    pub is_up: bool,
    /// For each [`Way`] the moment until which nothing arrives; [`SimTime::END`] where it is dead until it is restored.
    pub holds: [Option<SimTime>; 2],
    /// The what-ifs that wait for their packets.
    pub waiting: &'a [(Chosen, WhatIf)],
}
