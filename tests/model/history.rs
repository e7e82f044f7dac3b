//! What happened, read once: the trace's events with their packets decoded, and the scenario's steps beside their inputs.

use crate::permission::Permission;
use glassbroker::broker::{By, Kind};
use glassbroker::client::Action;
use glassbroker::scenario::Scenario;
use glassbroker::sim::{ClientSpec, Input, Step};
use glassbroker::time::SimTime;
use glassbroker::trace::{EventRef, Trace};
use glassbroker::wire::{Packet, Version};

/// One event.
pub(crate) struct Fact<'a> {
    pub(crate) event: EventRef<'a>,
    pub(crate) seq: u32,
    pub(crate) at: SimTime,
    pub(crate) kind: Kind,
    pub(crate) by: By,
    pub(crate) client: &'a str,
    /// The event that led to it; not the access list's word on the way.
    pub(crate) cause: Option<u32>,
    pub(crate) message: Option<u32>,
    pub(crate) packet: Option<Packet>,
    /// What was asked, for an input.
    pub(crate) input: Option<&'a Input>,
}

impl Fact<'_> {
    /// Whether the broker received or sent a packet.
    pub(crate) fn is(&self, by: By, kind: Kind) -> bool {
        self.by == by && self.kind == kind
    }
}

/// All events of a run, and its scenario.
pub(crate) struct History<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) facts: Vec<Fact<'a>>,
    pub(crate) permission: Permission<'a>,
}

impl<'a> History<'a> {
    pub(crate) fn of(scenario: &'a Scenario, trace: &'a Trace) -> Self {
        let mut inputs = inputs(scenario).into_iter();
        let mut facts: Vec<Fact<'_>> = Vec::new();
        for event in trace.iter() {
            let kind = event.kind();
            let mut cause = event.cause();
            while let Some(before) = cause.and_then(|cause| facts.get(cause as usize))
                && matches!(before.kind, Kind::PolicyAllowed | Kind::PolicyDenied)
            {
                cause = before.cause;
            }
            facts.push(Fact {
                event,
                seq: event.seq(),
                at: event.at(),
                kind,
                by: event.by(),
                client: event.client(),
                cause,
                message: event.message_number(),
                packet: event.decode().and_then(Result::ok),
                input: if kind == Kind::Input { inputs.next() } else { None },
            });
        }
        Self { scenario, facts, permission: Permission::of(scenario) }
    }

    pub(crate) fn fact(&self, seq: u32) -> &Fact<'a> {
        &self.facts[seq as usize]
    }

    /// Whether two clients of the scenario go by this identifier.
    pub(crate) fn is_twin(&self, client: &str) -> bool {
        let names = self.scenario.clients.iter().map(|spec| &spec.client);
        names.filter(|c| c.connect.client_id.as_deref().unwrap_or(&c.id) == client).count() > 1
    }

    /// Whether a client loses its memory, by a crash or for a Clean Session that the broker never hears of, and goes on with the session
    /// that the broker has kept, as 3.1.1 lets it: a Packet Identifier then stands for two messages.
    pub(crate) fn forgets(&self, client: &str) -> bool {
        let is_3 = |spec: &ClientSpec| spec.client.id == client && spec.client.version == Version::V3;
        let crashes = |step: &Step| matches!(&step.input, Input::Client { client: name, action: Action::Crash } if name == client);
        let is_lost = |fact: &Fact<'_>| {
            let clean = matches!(&fact.packet, Some(Packet::Connect(connect)) if connect.clean_start);
            clean && fact.kind == Kind::PacketLost && fact.client == client
        };
        self.scenario.clients.iter().any(is_3)
            && (self.scenario.steps.iter().any(crashes) || self.facts.iter().any(is_lost))
    }

    /// When the run ended.
    pub(crate) fn end(&self) -> SimTime {
        self.scenario.end()
    }
}

/// What is asked for in a run, in the order in which it is.
fn inputs(scenario: &Scenario) -> Vec<&Input> {
    let mut all: Vec<(SimTime, usize)> = Vec::new();
    for (index, step) in scenario.steps.iter().enumerate() {
        assert_eq!(step.times, 1, "the model's stories repeat no step");
        all.push((step.at, index));
    }
    all.sort_unstable();
    all.into_iter().map(|(_, index)| &scenario.steps[index].input).collect()
}
