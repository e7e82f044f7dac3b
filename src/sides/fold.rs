//! The fold of both sides' events into things.

use super::thing::{Step, Subject, Thing, What};
use crate::sorted::Sorted;
use crate::texts::Texts;
use crate::trace::EventRef;

/// How many events of a side are taken; beyond, the comparison stands still and says so.
const MAX_EVENTS: u32 = 4_000_000;
/// How many things are held.
const MAX_THINGS: usize = 200_000;
/// How many steps of a thing are held on a side.
const MAX_STEPS: usize = 32;
/// How many SUBSCRIBE packets without an answer are remembered.
const MAX_ASKED: usize = 1_000;
/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// Two runs, taken event by event, as things that are the same on both sides.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// Clients, topics and filters.
    pub(super) names: Texts,
    /// The keys of things; what a key stands for is the same on both sides.
    keys: Texts,
    /// By the number of the key; [`NONE`] where that is only the beginning of keys.
    by_key: Vec<u32>,
    pub(super) things: Vec<Thing>,
    pub(super) folds: [Fold; 2],
    left_out: bool,
}

/// What is remembered of one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    /// The number of the first event that was taken.
    base: u32,
    /// For each event the input that it goes back to, as the number of a key.
    roots: Vec<u32>,
    /// How many things began with each beginning of a key.
    counts: Sorted<u32, u32>,
    /// For each message of the trace its thing.
    pub(super) messages: Vec<u32>,
    /// Messages that a client holds back, by their root.
    pub(super) held: Sorted<u32, u32>,
    /// By client: its connection, its Will, its session.
    pub(super) connection: Sorted<u32, u32>,
    pub(super) will: Sorted<u32, u32>,
    pub(super) session: Sorted<u32, u32>,
    /// SUBSCRIBE packets without an answer: the client, the Packet Identifier, the things of its filters.
    pub(super) asked: Vec<(u32, u16, Vec<u32>)>,
}

impl Sides {
    /// Takes the next event of a side, 0 or 1.
    pub fn take(&mut self, side: usize, event: &EventRef<'_>) {
        self.take_as(side, event, false);
    }

    /// Takes the next event of a side. An input that only this side was given has no like on the other, nor has what comes of it.
    pub fn take_as(&mut self, side: usize, event: &EventRef<'_>, is_own: bool) {
        let Some(fold) = self.folds.get(side) else { return };
        if fold.roots.is_empty() {
            self.folds[side].base = event.seq();
        }
        let fold = &self.folds[side];
        if fold.roots.len() >= MAX_EVENTS as usize || event.seq() != fold.base + fold.roots.len() as u32 {
            self.left_out = true;
            return;
        }
        let root = self.root(side, event, is_own);
        self.folds[side].roots.push(root);
        self.take_in(side, event, root);
    }

    /// The number of the next event that a side takes.
    pub fn next_seq(&self, side: usize) -> u32 {
        self.folds.get(side).map_or(0, |fold| fold.base + fold.roots.len() as u32)
    }

    /// Whether the runs were longer than what is compared.
    pub const fn left_out(&self) -> bool {
        self.left_out
    }

    /// What is compared, in the order in which it began on either side.
    pub fn things(&self) -> &[Thing] {
        &self.things
    }

    /// A client, topic or filter by its number.
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number).unwrap_or_default()
    }

    /// The input that an event goes back to. Inputs of one client are counted, since both sides are asked the same things.
    fn root(&mut self, side: usize, event: &EventRef<'_>, is_own: bool) -> u32 {
        let fold = &self.folds[side];
        if let Some(cause) = event.cause() {
            let at = cause.checked_sub(fold.base).map_or(usize::MAX, |at| at as usize);
            return fold.roots.get(at).copied().unwrap_or(NONE);
        }
        if event.kind() != crate::broker::Kind::Input {
            return NONE;
        }
        if is_own {
            return self.keys.number(&format!("own {side} {}", event.seq()));
        }
        self.key(side, &format!("input {} {}", event.why(), event.client())).1
    }

    /// The beginning of a key, and the key that counts how manieth of that beginning this is on its side.
    fn key(&mut self, side: usize, begin: &str) -> (u32, u32) {
        let begin_number = self.keys.number(begin);
        let counts = &mut self.folds[side].counts;
        let nth = counts.get(&begin_number).copied().unwrap_or(0) + 1;
        counts.insert(begin_number, nth);
        (begin_number, self.keys.number(&format!("{begin} {nth}")))
    }

    /// A thing that begins here: the one that began in the same way on the other side, or another.
    pub(super) fn begin(
        &mut self,
        side: usize,
        subject: Subject,
        root: u32,
        client: u32,
        topic: u32,
    ) -> Option<u32> {
        let key = self.key(side, &format!("{} {root} {client} {topic}", subject.name())).1;
        self.thing(key, subject, client, topic, None)
    }

    /// A message for one client.
    pub(super) fn delivery(&mut self, message: u32, client: u32) -> Option<u32> {
        let key = self.keys.number(&format!("to {message} {client}"));
        let topic = self.things.get(message as usize)?.topic;
        self.thing(key, Subject::Delivery, client, topic, Some(message))
    }

    fn thing(&mut self, key: u32, subject: Subject, client: u32, topic: u32, of: Option<u32>) -> Option<u32> {
        let at = key as usize;
        if at >= self.by_key.len() {
            self.by_key.resize(at + 1, NONE);
        }
        if self.by_key[at] == NONE {
            if self.things.len() >= MAX_THINGS {
                self.left_out = true;
                return None;
            }
            self.by_key[at] = self.things.len() as u32;
            let (message, steps) = ([None; 2], [Vec::new(), Vec::new()]);
            self.things.push(Thing { subject, client, topic, of, message, steps });
        }
        Some(self.by_key[at])
    }

    /// Adds a step to a thing.
    pub(super) fn step(
        &mut self,
        side: usize,
        thing: Option<u32>,
        event: &EventRef<'_>,
        what: What,
        code: u16,
    ) {
        let Some(thing) = thing.and_then(|thing| self.things.get_mut(thing as usize)) else { return };
        let steps = &mut thing.steps[side];
        if steps.len() < MAX_STEPS {
            steps.push(Step { seq: event.seq(), at: event.at(), what, code });
        }
    }

    /// Remembers which filters a SUBSCRIBE asked for.
    pub(super) fn ask(&mut self, side: usize, client: u32, id: u16, things: Vec<u32>) {
        let asked = &mut self.folds[side].asked;
        if asked.len() >= MAX_ASKED {
            asked.remove(0);
        }
        asked.push((client, id, things));
    }
}
