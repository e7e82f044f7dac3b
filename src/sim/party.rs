//! Who takes part: virtual and live clients, each with its link.

use super::link::LinkSpec;
use super::live::Live;
use super::what_if::{Chosen, WhatIf};
use crate::chance::chance_below;
use crate::client::Client;
use crate::time::{SimTime, Span};
use crate::wire::Text;

/// Which way something goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Way {
    /// From the client to the broker.
    #[default]
    Up,
    /// From the broker to the client.
    Down,
}

impl Way {
    /// What scenarios and events call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "to_broker",
            Self::Down => "to_client",
        }
    }
}

/// A connection by its place and the count of connections that had this place before, so that one that is over is never
/// taken for its successor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ConnRef {
    pub(super) index: u32,
    pub(super) generation: u32,
}

/// What a party is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Its place is free.
    Nobody,
    Virtual(Box<Client>),
    Live(Box<Live>),
}

/// A client and its link.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) kind: Kind,
    pub(super) link: LinkSpec,
    /// Whose policies count for its connections; `None` where its CONNECT says so.
    pub(super) principal: Option<Text>,
    /// Whether its network is cut.
    pub(super) cut: bool,
    /// For each way the moment until which nothing arrives: [`SimTime::END`] where it is dead until restored.
    pub(super) holds: [SimTime; 2],
    /// The what-ifs that wait for their packets.
    pub(super) what_ifs: Vec<(Chosen, WhatIf)>,
    /// Its connection; earlier ones may be half open on the broker's side.
    pub(super) conn: Option<ConnRef>,
    /// How many connections speak of it, half open ones included.
    pub(super) connections: u32,
    /// Whether it has left for good.
    pub(super) gone: bool,
    /// The earliest moment at which the schedule looks at the client's timers.
    pub(super) armed: Option<SimTime>,
    /// The names for chance: those of the two ways.
    who: [String; 2],
    /// How many delays were drawn for each way.
    drawn: [u64; 2],
}

impl Party {
    pub(super) fn new(name: &str, kind: Kind, link: LinkSpec) -> Self {
        let who = [format!("{name}/up"), format!("{name}/down")];
        Self {
            kind,
            link,
            principal: None,
            cut: false,
            holds: [SimTime::ZERO; 2],
            what_ifs: Vec::new(),
            conn: None,
            connections: 0,
            gone: false,
            armed: None,
            who,
            drawn: [0; 2],
        }
    }

    /// The name that events carry.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            Kind::Nobody => "",
            Kind::Virtual(client) => client.identifier(),
            Kind::Live(live) => live.name(),
        }
    }

    /// The next delay of this way beside the latency.
    pub(super) fn jitter(&mut self, seed: u64, way: Way) -> Span {
        if self.link.jitter == Span::ZERO {
            return Span::ZERO;
        }
        let way = way as usize;
        let ordinal = self.drawn[way];
        self.drawn[way] += 1;
        Span(chance_below(self.link.jitter.0.saturating_add(1), seed, "jitter", &self.who[way], ordinal))
    }
}
