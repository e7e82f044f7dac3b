//! What panels ask of the clients and of one event.

use super::Engine;
use crate::broker::Kind;
use crate::fnv::{FNV1A, fnv1a};
use crate::sim::{ClientSpec, Input};
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::ui::changes::{self, Answer};
use crate::ui::views::{self, ClientView};
use crate::ui::words;
use bytes::Bytes;

impl Engine {
    /// The virtual clients that were added by hand, as they would connect the next time.
    pub(crate) fn added_clients(&self) -> Vec<ClientSpec> {
        let run = self.run();
        let entries = run.journal().entries();
        let added = run.head_world().clients().filter_map(|view| {
            let spec = entries.iter().rev().find_map(|entry| match &entry.input {
                Input::AddClient(spec) if spec.client.id == view.name => Some(spec),
                _ => None,
            })?;
            Some(ClientSpec { client: view.client.options().clone(), ..(**spec).clone() })
        });
        added.collect()
    }

    /// The clients at the view.
    pub(crate) fn clients(&self) -> Vec<ClientView> {
        self.client_names().iter().filter_map(|name| self.client(name)).collect()
    }

    /// The names of the clients at the view, as the lanes of the timeline stand.
    pub(crate) fn client_names(&self) -> Vec<String> {
        let run = self.run();
        let world = run.world();
        let position = |name: &String| {
            let identifier = || world.client(name).map(|view| view.client.identifier());
            let lane = self.tracks.position(name).or_else(|| self.tracks.position(identifier()?));
            lane.map_or(u64::MAX, |lane| lane as u64)
        };
        in_order(views::names(world), position)
    }

    /// Another number when somebody came or went, or has a lane now.
    pub(crate) fn clients_key(&self) -> u64 {
        let run = self.run();
        let virtual_ones = run.world().clients().map(|view| view.name);
        let names = virtual_ones.chain(run.world().live_clients().map(|(_, name)| name));
        let hash = names.fold(FNV1A, |hash, name| fnv1a(fnv1a(hash, name.as_bytes()), b"\n"));
        fnv1a(hash, &(self.tracks.clients.len() as u64).to_le_bytes())
    }

    /// From when to when the event's packet was on its way; the event's own moment where it is no packet's.
    pub(crate) fn extent(&self, seq: u32) -> Option<(SimTime, SimTime)> {
        let run = self.run();
        let trace = self.trace_with(&run, seq);
        let event = trace.get(seq)?;
        let arrow = event.packet().and_then(|_| self.tracks.arrow(event.client(), seq));
        Some(match arrow {
            Some(arrow) if arrow.ended < SimTime::END => (arrow.sent, arrow.ended),
            Some(arrow) => (arrow.sent, arrow.sent),
            None => (event.at(), event.at()),
        })
    }

    /// The payload of the PUBLISH that an event is about: its own, or that of what led to it.
    pub(crate) fn payload_near(&self, seq: u32) -> Option<Bytes> {
        let run = self.run();
        let event = run.trace().get(seq)?;
        if event.kind() == Kind::WillSent {
            // What it says came with CONNECT.
            let track = self.tracks.clients.get(self.tracks.position(event.client())?)?;
            let will = track.wills.iter().rev().find(|will| will.end_seq == seq)?;
            return run.trace().cause_chain(will.seq).iter().find_map(words::will_payload);
        }
        run.trace().cause_chain(seq).iter().take(4).find_map(words::payload)
    }

    /// Whether the retained message of a topic is another than the last message there, which came later and was not retained.
    pub(crate) fn is_stale(&self, topic: &str) -> bool {
        let Some(leaf) = self.topics.leaf(topic, self.events()).filter(|leaf| leaf.newer) else {
            return false;
        };
        let kept = self.run().world().broker().retained_at(topic).map(|kept| kept.payload);
        kept.is_some() && self.payload_near(leaf.last_seq) != kept
    }

    /// Asks what the step that noted an event changed in the broker.
    pub(crate) fn ask_changes(&mut self, seq: u32) {
        self.changes.ask(&self.run.borrow(), seq);
    }

    /// What the step that noted an event changed in the broker, once that is computed.
    pub(crate) fn changes(&self, seq: u32) -> Answer {
        self.changes.of(seq)
    }

    /// Whether what an event changed is computed in no time.
    pub(crate) fn has_cheap_changes(&self) -> bool {
        changes::is_cheap(&self.run())
    }
}
