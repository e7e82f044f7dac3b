//! Which things took other steps on the two sides, in order, and which of that only follows from what came before.

use super::explain::Why;
use super::fold::Sides;
use super::thing::{Step, Subject, Thing, What};
use crate::sorted::{Sorted, in_order};
use crate::time::{SimTime, Span};
use crate::topic::{ParentMatch, SHARE, matches};
use crate::trace::Trace;

/// How many divergences are explained; beyond, they are only counted.
pub const MAX_DIVERGENCES: usize = 5_000;
/// How long one side may be behind the other before that is more than a matter of time.
const BEHIND: Span = Span::s(1);
/// How many causes one looks back for an earlier divergence.
const LOOK_BACK: usize = 64;

/// The two sides at a moment.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// One row for each thing that is compared, in the order of time.
    pub rows: Vec<Row>,
    /// Where the sides part, in the order of time.
    pub divergences: Vec<Divergence>,
    /// How many more there are beyond [`MAX_DIVERGENCES`].
    pub more: u32,
}

/// One thing in the list of both lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// The index of the thing.
    pub thing: u32,
    /// When it is told: when the sides part; else when its last step was taken that is compared, and a connection when it was
    /// answered, on the side where that is first.
    pub at: SimTime,
    /// The index of its divergence.
    pub divergence: Option<u32>,
}

/// A thing that took other steps on the two sides.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The index of the thing.
    pub thing: u32,
    /// When the sides part, on the side where that shows first.
    pub at: SimTime,
    /// The step of each side that shows it; `None` where nothing at all is noted there.
    pub steps: [Option<Step>; 2],
    /// Why.
    pub why: Why,
    /// The index of the divergence that this one follows from, which follows from none.
    pub follows: Option<u32>,
    /// Whether it is the same once more: the same setting shows in the same way for the same client.
    pub again: bool,
}

impl Comparison {
    /// The divergences that follow from no other.
    pub fn firsts(&self) -> impl Iterator<Item = (usize, &Divergence)> {
        self.divergences.iter().enumerate().filter(|(_, one)| one.follows.is_none())
    }

    /// Those that follow from one.
    pub fn following(&self, first: usize) -> impl Iterator<Item = &Divergence> {
        self.divergences.iter().filter(move |one| one.follows == Some(first as u32))
    }
}

impl Sides {
    /// Compares the sides, both computed up to this time.
    pub fn compare(&self, traces: [&Trace; 2], now: SimTime) -> Comparison {
        let mut found: Vec<(u32, SimTime, [Option<Step>; 2])> = Vec::new();
        let mut rows = Vec::new();
        for (index, thing) in (0..).zip(&self.things) {
            let parted = part(thing, now);
            if let Some((at, steps)) = parted {
                found.push((index, at, steps));
            }
            if parted.is_some() || (0..2).any(|side| thing.facts(side).next().is_some()) {
                rows.push(Row {
                    thing: index,
                    at: parted.map_or_else(|| told_at(thing), |(at, _)| at),
                    divergence: None,
                });
            }
        }
        // By what stands in the traces only, so that it is all one in which order the sides were taken.
        let seq = |step: Option<&Step>| step.map_or(u32::MAX, |step| step.seq);
        let found = in_order(found, |(_, at, steps)| (*at, steps.each_ref().map(|step| seq(step.as_ref()))));
        let more = found.len().saturating_sub(MAX_DIVERGENCES) as u32;
        let mut told = Telling { sides: self, traces, divergences: Vec::new(), by_seq: Default::default() };
        found.into_iter().take(MAX_DIVERGENCES).for_each(|(thing, at, steps)| told.add(thing, at, steps));
        let divergences = told.divergences;
        let mut of_thing: Vec<Option<u32>> = vec![None; self.things.len()];
        for (index, one) in (0..).zip(&divergences) {
            of_thing[one.thing as usize] = Some(index);
        }
        for row in &mut rows {
            row.divergence = of_thing[row.thing as usize];
        }
        Comparison {
            rows: in_order(rows, |row| {
                (row.at, self.things[row.thing as usize].steps.each_ref().map(|steps| seq(steps.first())))
            }),
            divergences,
            more,
        }
    }
}

/// Where the two sides of a thing part, if they do: when, and the step of each side that shows it.
fn part(thing: &Thing, now: SimTime) -> Option<(SimTime, [Option<Step>; 2])> {
    let (mut left, mut right) = (thing.facts(0), thing.facts(1));
    let is_more = |step: &Step| now.since(step.at) >= BEHIND;
    let last = |side: usize| thing.steps[side].last().copied();
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if (a.what, a.code) == (b.what, b.code) => {}
            (Some(a), Some(b)) => return Some((a.at.min(b.at), [Some(*a), Some(*b)])),
            (Some(a), None) => return is_more(a).then(|| (a.at, [Some(*a), last(1)])),
            (None, Some(b)) => return is_more(b).then(|| (b.at, [last(0), Some(*b)])),
            (None, None) => break,
        }
    }
    // The same came of it: what is left is a delay that only one of the sides has a reason for.
    let delay = |side: usize| thing.steps[side].iter().find(|step| step.what == What::Delayed).copied();
    let settled = |side: usize| thing.facts(side).last().copied();
    match (delay(0), delay(1)) {
        (Some(delay), None) => Some((settled(1)?.at.min(delay.at), [Some(delay), settled(1)])),
        (None, Some(delay)) => Some((settled(0)?.at.min(delay.at), [settled(0), Some(delay)])),
        _ => None,
    }
}

/// When a thing is told whose sides do not part.
fn told_at(thing: &Thing) -> SimTime {
    let step = |side: usize| match thing.subject {
        Subject::Connection => thing.facts(side).next(),
        _ => thing.facts(side).last(),
    };
    step(0).into_iter().chain(step(1)).map(|step| step.at).min().unwrap_or_default()
}

/// Divergences being told, one after the other.
struct Telling<'a> {
    sides: &'a Sides,
    traces: [&'a Trace; 2],
    divergences: Vec<Divergence>,
    /// For each side the events that show a divergence.
    by_seq: [Sorted<u32, u32>; 2],
}

impl Telling<'_> {
    fn add(&mut self, thing: u32, at: SimTime, steps: [Option<Step>; 2]) {
        let Some(about) = self.sides.things.get(thing as usize) else { return };
        // Of what never came to a client, its message tells why; but not of what a new subscription gets from the retained store.
        let as_retained =
            steps.iter().flatten().any(|step| step.what == What::Received && step.code & 1 == 1);
        let message = about.of.filter(|_| !as_retained).and_then(|of| self.sides.things.get(of as usize));
        let steps = [0, 1].map(|side| steps[side].or_else(|| message?.steps[side].last().copied()));
        let find = |guess: bool| Why::find(about, steps, self.sides, self.traces, guess);
        let mut why = find(false);
        let mut same = self.same(about, &why);
        let mut follows = self.caused(steps).or(same);
        if follows.is_none() && !why.is_cited {
            follows = self.before(about);
        }
        if follows.is_none() && !why.is_cited {
            why = find(true);
            same = self.same(about, &why);
            follows = same;
        }
        let again = same.is_some() && same == follows;
        let index = self.divergences.len() as u32;
        for (by_seq, step) in self.by_seq.iter_mut().zip(steps) {
            if let Some(step) = step {
                by_seq.insert(step.seq, index);
            }
        }
        self.divergences.push(Divergence { thing, at, steps, why, follows, again });
    }

    /// The divergence that one follows from.
    fn root(&self, index: u32) -> u32 {
        self.divergences.get(index as usize).and_then(|one| one.follows).unwrap_or(index)
    }

    /// An earlier divergence among the causes of the steps.
    fn caused(&self, steps: [Option<Step>; 2]) -> Option<u32> {
        let earlier = |side: usize| {
            let chain = self.traces[side].cause_chain(steps[side]?.seq);
            chain.iter().take(LOOK_BACK).find_map(|event| self.by_seq[side].get(&event.seq()).copied())
        };
        earlier(0).into_iter().chain(earlier(1)).min().map(|index| self.root(index))
    }

    /// The first divergence that the same setting made in the same way for the same client.
    fn same(&self, about: &Thing, why: &Why) -> Option<u32> {
        let key = Some(why.setting?.key);
        let found = self.divergences.iter().position(|one| {
            let other = &self.sides.things[one.thing as usize];
            one.why.setting.map(|setting| setting.key) == key
                && (other.subject, other.client) == (about.subject, about.client)
        });
        found.map(|index| self.root(index as u32))
    }

    /// What happened otherwise before to the same message, or to the connection, session or subscription that it needs.
    fn before(&self, about: &Thing) -> Option<u32> {
        let message = about.of.and_then(|of| self.sides.things.get(of as usize));
        let of_client = |other: &Thing| {
            other.client == about.client || message.is_some_and(|message| message.client == other.client)
        };
        let leads_here = |one: &Divergence| {
            let other = &self.sides.things[one.thing as usize];
            match other.subject {
                Subject::Message => about.of == Some(one.thing),
                // Of those that share a subscription another one has it.
                Subject::Delivery => about.of == other.of && more(about) == more(other).reverse(),
                Subject::Connection | Subject::Session => of_client(other),
                Subject::Subscription => {
                    other.client == about.client
                        && asks_for(self.sides.name(other.topic), self.sides.name(about.topic))
                }
                Subject::Will => false,
            }
        };
        let found = self.divergences.iter().rposition(leads_here);
        found.map(|index| self.root(index as u32))
    }
}

/// On which side a client received more.
fn more(delivery: &Thing) -> std::cmp::Ordering {
    let received = |side: usize| delivery.facts(side).filter(|step| step.what == What::Received).count();
    received(0).cmp(&received(1))
}

/// Whether a filter, shared or not, matches a topic.
fn asks_for(filter: &str, topic: &str) -> bool {
    let shared = filter.strip_prefix(SHARE).and_then(|rest| rest.split_once('/'));
    let filter = shared.map_or(filter, |(_, filter)| filter);
    matches(filter, topic, ParentMatch::Included)
}
