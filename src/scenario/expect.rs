//! Whether a run bears out what its scenario claims: a fold over its events.

use super::document::Claim;
use crate::broker::{By, Kind};
use crate::time::{SimTime, Span};
use crate::topic::{ParentMatch, check_filter, matches};
use crate::trace::{EventRef, Trace};
use crate::wire::PacketType;
use std::fmt;

/// A claim that did not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmet {
    /// The index of the claim in the scenario's `expect`.
    pub index: usize,
    /// What was claimed.
    pub claim: Claim,
    /// How many messages came.
    pub received: u64,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claim = &self.claim;
        write!(f, "expect[{}]: {} was to receive {} messages", self.index, claim.client, claim.receives)?;
        if let Some(topic) = &claim.topic {
            write!(f, " on {topic}")?;
        }
        if let Some((from, to)) = claim.between {
            write!(f, " between {} and {}", Span(from.0), Span(to.0))?;
        }
        write!(f, ", and received {}", self.received)
    }
}

/// Counts what the claims of a scenario are about. It takes the events of a trace as they come, at any level that keeps packets.
#[derive(Clone, Debug)]
pub struct Expectations {
    claims: Vec<(Claim, u64)>,
}

impl Expectations {
    /// Nothing has been counted.
    pub fn new(claims: &[Claim]) -> Self {
        Self { claims: claims.iter().map(|claim| (claim.clone(), 0)).collect() }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &EventRef<'_>) {
        if event.kind() != Kind::PacketReceived
            || event.by() != By::Client
            || event.packet_type() != Some(PacketType::Publish)
        {
            return;
        }
        for (claim, received) in &mut self.claims {
            let in_time = claim.between.is_none_or(|(from, to)| (from..to).contains(&event.at()));
            let about = claim.topic.as_deref().is_none_or(|filter| is_matched(filter, event.topic()));
            if in_time && about && claim.client == event.client() {
                *received += 1;
            }
        }
    }

    /// The claims that do not hold, once the whole run was taken.
    pub fn unmet(&self) -> Vec<Unmet> {
        self.claims
            .iter()
            .enumerate()
            .filter(|(_, (claim, received))| claim.receives != *received)
            .map(|(index, (claim, received))| Unmet { index, claim: claim.clone(), received: *received })
            .collect()
    }

    /// The claims that a whole trace does not bear out.
    pub fn of(claims: &[Claim], trace: &Trace) -> Vec<Unmet> {
        let mut expectations = Self::new(claims);
        for event in trace.between(SimTime::ZERO, SimTime::END) {
            expectations.take(&event);
        }
        expectations.unmet()
    }
}

fn is_matched(filter: &str, topic: &str) -> bool {
    check_filter(filter).is_ok_and(|filter| matches(filter.filter, topic, ParentMatch::Included))
}
