//! Every topic that was published to, and every level that is subscribed to, with its history: the topic tree at any view is read from
//! here by binary search.
//!
//! A level's histories are lists of events in their order, so that what holds at a view is a matter of how many of them lie before it.
//! Each message is noted at its topic and at every level above, which makes all counts and rates of the tree such a look-up too.

use super::glance::Glance;
use crate::broker::Kind;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::topic::{check_filter, in_tree_order, literal_prefix};

/// The level above all first levels.
pub const ROOT: u32 = 0;
/// The stretch of simulated time before the view over which rates are taken.
pub const RATE_SPAN: Span = Span::s(5);

/// How many messages are looked at for the names that were published to last.
const LATEST: usize = 4_000;

/// What is known of one topic at a view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// How many messages the broker accepted for it, wills and the service's own included.
    pub count: u32,
    /// The last event that carried one.
    pub last_seq: u32,
    /// When that was.
    pub last_at: SimTime,
    /// Whether the broker keeps a retained message for it.
    pub retained: bool,
    /// Whether the last message is another than the retained one, having come after it.
    pub newer: bool,
}

/// One level of some name, with all that happened there and below.
#[derive(Clone, Debug, Default)]
pub struct Level {
    path: Box<str>,
    level_at: usize,
    parent: u32,
    depth: u32,
    children: Sorted<Box<str>, u32>,
    /// The events that carried a message for this very name.
    published: Vec<u32>,
    /// The same for this name and all below it.
    below: Vec<u32>,
    /// The events with which names below came to be.
    names: Vec<u32>,
    retained: Vec<(u32, bool)>,
}

impl Level {
    /// The name up to here.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// This level alone.
    pub fn level(&self) -> &str {
        &self.path[self.level_at..]
    }

    /// How many levels are above it.
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// The level above.
    pub const fn parent(&self) -> u32 {
        self.parent
    }

    /// Whether any name goes on below it, at whatever view.
    pub fn has_children(&self) -> bool {
        !self.children.is_empty()
    }

    /// The levels right below, in order.
    pub(super) fn children(&self) -> impl Iterator<Item = u32> {
        self.children.values().copied()
    }

    /// How many names below it exist at the view.
    pub fn names_below(&self, events: u32) -> usize {
        before(&self.names, events)
    }

    /// How many messages there were for it and all below.
    pub fn messages(&self, events: u32) -> usize {
        before(&self.below, events)
    }

    /// The last event before the view that carried a message for it or one below.
    pub fn last_below(&self, events: u32) -> Option<u32> {
        self.below.get(before(&self.below, events).checked_sub(1)?).copied()
    }

    /// The events that carried a message for this very name, whatever the view.
    pub fn published(&self) -> &[u32] {
        &self.published
    }
}

/// How many of these events lie before the view.
fn before(seqs: &[u32], events: u32) -> usize {
    seqs.partition_point(|seq| *seq < events)
}

/// The topics of a trace. Grows with it; a topic that lies after the view does not exist there.
#[derive(Clone, Debug)]
pub struct Topics {
    levels: Vec<Level>,
    /// Every message's event, its time and its topic's level.
    times: Vec<(u32, SimTime, u32)>,
    /// The events with which names came to be, and their levels.
    born: Vec<(u32, u32)>,
    /// The events after which somebody may subscribe to other filters, or be connected or not.
    links: Vec<u32>,
}

impl Default for Topics {
    fn default() -> Self {
        Self { levels: vec![Level::default()], times: Vec::new(), born: Vec::new(), links: Vec::new() }
    }
}

impl Topics {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &Glance<'_>) {
        match event.kind {
            Kind::SubscriptionAdded => {
                self.links.push(event.seq);
                if let Ok(filter) = check_filter(event.topic) {
                    literal_prefix(filter.filter).map(|prefix| self.make(prefix));
                }
            }
            Kind::SocketOpened
            | Kind::SocketClosed
            | Kind::SessionCreated
            | Kind::SessionResumed
            | Kind::SessionTakenOver
            | Kind::SessionDisconnected
            | Kind::SessionExpired
            | Kind::SessionCleared
            | Kind::SubscriptionReplaced
            | Kind::SubscriptionRemoved => self.links.push(event.seq),
            _ if event.topic.is_empty() => {}
            Kind::MessageAccepted | Kind::WillSent => _ = self.publish(event),
            Kind::RetainedStored | Kind::RetainedReplaced => {
                let mut number = self.make(event.topic);
                if self.level(number).published.is_empty() {
                    number = self.publish(event);
                }
                self.keep(number, event.seq, true);
            }
            Kind::RetainedCleared | Kind::RetainedExpired => {
                let number = self.make(event.topic);
                self.keep(number, event.seq, false);
            }
            _ => {}
        }
    }

    fn keep(&mut self, number: u32, seq: u32, retained: bool) {
        if let Some(level) = self.levels.get_mut(number as usize) {
            level.retained.push((seq, retained));
        }
    }

    /// Notes a message at its topic and at every level above.
    fn publish(&mut self, event: &Glance<'_>) -> u32 {
        let number = self.make(event.topic);
        self.times.push((event.seq, event.at, number));
        let is_new = self.level(number).published.is_empty();
        if is_new {
            self.born.push((event.seq, number));
        }
        let mut at = number;
        while let Some(level) = self.levels.get_mut(at as usize) {
            level.below.push(event.seq);
            if at == number {
                level.published.push(event.seq);
            } else if is_new {
                level.names.push(event.seq);
            }
            if at == ROOT {
                break;
            }
            at = level.parent;
        }
        number
    }

    /// The level of this name, made with those above it where it is new.
    fn make(&mut self, name: &str) -> u32 {
        let mut at = ROOT;
        let mut from = 0;
        for (depth, level) in (0..).zip(name.split('/')) {
            let end = from + level.len();
            at = match self.level(at).children.get(level) {
                Some(child) => *child,
                None => {
                    let number = u32::try_from(self.levels.len()).unwrap_or(u32::MAX);
                    let new = Level {
                        path: name[..end].into(),
                        level_at: from,
                        parent: at,
                        depth,
                        ..Level::default()
                    };
                    self.levels.push(new);
                    if let Some(parent) = self.levels.get_mut(at as usize) {
                        parent.children.insert(level.into(), number);
                    }
                    number
                }
            };
            from = end + 1;
        }
        at
    }

    /// The level of this number; the root where there is none.
    pub fn level(&self, number: u32) -> &Level {
        self.levels.get(number as usize).unwrap_or(&self.levels[0])
    }

    /// How many levels there are at any view, the root included: numbers are below it.
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// Whether there is no level but the root.
    pub fn is_empty(&self) -> bool {
        self.levels.len() == 1
    }

    /// The number of the level of this name.
    pub fn find(&self, name: &str) -> Option<u32> {
        name.split('/').try_fold(ROOT, |at, level| self.level(at).children.get(level).copied())
    }

    /// One topic at a view.
    pub fn leaf_of(&self, number: u32, events: u32) -> Option<Leaf> {
        let level = self.level(number);
        let count = before(&level.published, events);
        let last_seq = *level.published.get(count.checked_sub(1)?)?;
        let kept = level.retained.partition_point(|(seq, _)| *seq < events);
        let (kept_seq, retained) = kept.checked_sub(1).map_or((0, false), |i| level.retained[i]);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let last_at = self.time_of(last_seq);
        // What is retained is noted after the message that it was.
        Some(Leaf { count, last_seq, last_at, retained, newer: retained && last_seq > kept_seq })
    }

    /// One topic, once the first `events` events have happened.
    pub fn leaf(&self, name: &str, events: u32) -> Option<Leaf> {
        self.leaf_of(self.find(name)?, events)
    }

    /// When a message's event was.
    pub fn time_of(&self, seq: u32) -> SimTime {
        let at = self.times.partition_point(|(other, ..)| *other < seq);
        self.times.get(at).map_or(SimTime::ZERO, |(_, time, _)| *time)
    }

    /// From which event on messages count for the rates at a view.
    pub fn rate_from(&self, view: SimTime) -> u32 {
        let from = SimTime(view.0.saturating_sub(RATE_SPAN.0));
        let first =
            if view.0 > RATE_SPAN.0 { self.times.partition_point(|(_, at, _)| *at <= from) } else { 0 };
        self.times.get(first).map_or(u32::MAX, |(seq, ..)| *seq)
    }

    /// How many messages there were for a level and all below in the stretch of the rates, which began with the event `from`.
    pub fn recent(&self, number: u32, from: u32, events: u32) -> usize {
        let below = &self.level(number).below;
        before(below, events).saturating_sub(before(below, from))
    }

    /// The names that were published to last, up to `most`, the latest first; as far as some thousands of messages tell.
    pub fn latest(&self, events: u32, most: usize, is_wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        let end = self.times.partition_point(|(seq, ..)| *seq < events);
        let mut found: Vec<&str> = Vec::new();
        for (.., number) in self.times[end.saturating_sub(LATEST)..end].iter().rev() {
            let name = self.level(*number).path();
            if !found.contains(&name) && is_wanted(name) {
                found.push(name);
                if found.len() == most {
                    break;
                }
            }
        }
        found
    }

    /// How many names exist at the view.
    pub fn names(&self, events: u32) -> usize {
        self.born.partition_point(|(seq, _)| *seq < events)
    }

    /// How often subscriptions or connections changed before the view.
    pub fn links(&self, events: u32) -> usize {
        before(&self.links, events)
    }

    /// The names with the events with which they came to be, in the order of these.
    pub(super) fn born(&self) -> &[(u32, u32)] {
        &self.born
    }
}

/// The names that a search finds. What the trace has new is all that is looked at while the search stays the same.
#[derive(Clone, Debug)]
pub struct Found<K> {
    key: Option<K>,
    looked_at: usize,
    hits: Vec<(u32, u32)>,
}

impl<K> Default for Found<K> {
    fn default() -> Self {
        Self { key: None, looked_at: 0, hits: Vec::new() }
    }
}

impl<K: PartialEq> Found<K> {
    /// Takes what is new; all of it where the key is another one, which is all that `is_hit` depends on.
    pub fn update(&mut self, key: K, topics: &Topics, is_hit: impl Fn(&str) -> bool) {
        if self.key.as_ref() != Some(&key) {
            *self = Self { key: Some(key), looked_at: 0, hits: Vec::new() };
        }
        let new = topics.born().get(self.looked_at..).unwrap_or_default();
        self.hits.extend(new.iter().filter(|(_, number)| is_hit(topics.level(*number).path())));
        self.looked_at = topics.born().len();
    }

    /// Those that exist at the view: the events with which they came to be, and their levels.
    pub fn at(&self, events: u32) -> &[(u32, u32)] {
        &self.hits[..self.hits.partition_point(|(seq, _)| *seq < events)]
    }
}

/// The hit that follows a name in the order of the tree, or the one before it; at the end the search begins again. With its place among
/// the hits, from 1.
pub fn next_hit(
    topics: &Topics,
    hits: &[(u32, u32)],
    from: Option<&str>,
    forward: bool,
) -> Option<(u32, usize)> {
    let mut paths: Vec<(&str, u32)> =
        hits.iter().map(|(_, number)| (topics.level(*number).path(), *number)).collect();
    paths.sort_unstable_by(|a, b| in_tree_order(a.0, b.0));
    let last = paths.len().checked_sub(1)?;
    let at = match (from, forward) {
        (None, true) => 0,
        (None, false) => last,
        (Some(from), true) => {
            let at = paths.partition_point(|(path, _)| in_tree_order(path, from).is_le());
            if at > last { 0 } else { at }
        }
        (Some(from), false) => {
            let at = paths.partition_point(|(path, _)| in_tree_order(path, from).is_lt());
            at.checked_sub(1).unwrap_or(last)
        }
    };
    Some((paths[at].1, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::By;

    fn publish(seq: u32, topic: &'static str) -> Glance<'static> {
        let accepted = Glance::new(seq, SimTime(u64::from(seq)), Kind::MessageAccepted, By::Broker, "lamp");
        Glance { topic, ..accepted }
    }

    fn retained(seq: u32, topic: &'static str, kind: Kind) -> Glance<'static> {
        Glance { kind, ..publish(seq, topic) }
    }

    #[test]
    fn a_topic_exists_from_its_first_message_on() {
        let mut topics = Topics::default();
        topics.take(&publish(0, "factory/1/status"));
        topics.take(&publish(1, "factory"));
        topics.take(&publish(2, "factory/1/status"));
        assert_eq!([0, 1, 3].map(|events| topics.names(events)), [0, 1, 2]);
        let count = |name: &str, events| topics.leaf(name, events).map(|leaf| leaf.count);
        assert_eq!((count("factory", 1), count("factory/1/status", 1)), (None, Some(1)));
        assert_eq!((count("factory", 3), count("factory/1/status", 3)), (Some(1), Some(2)));
        assert_eq!((count("factory/1", 3), count("factory/2", 3)), (None, None));
        assert_eq!(topics.leaf("factory/1/status", 3).unwrap().last_seq, 2);
    }

    #[test]
    fn the_retained_marker_follows_the_view() {
        let mut topics = Topics::default();
        topics.take(&publish(0, "a"));
        topics.take(&retained(1, "a", Kind::RetainedStored));
        topics.take(&retained(2, "a", Kind::RetainedCleared));
        let at = |events| topics.leaf("a", events).unwrap().retained;
        assert!(!at(1) && at(2) && !at(3));
    }

    /// [R8] A message without RETAIN leaves what is retained as it was, which is older from then on.
    #[test]
    fn a_message_without_retain_makes_the_retained_one_old() {
        let mut topics = Topics::default();
        topics.take(&publish(0, "a/b"));
        topics.take(&retained(1, "a/b", Kind::RetainedStored));
        topics.take(&publish(2, "a/b"));
        topics.take(&publish(3, "a/b"));
        topics.take(&retained(4, "a/b", Kind::RetainedReplaced));
        topics.take(&publish(5, "a/b"));
        topics.take(&retained(6, "a/b", Kind::RetainedCleared));
        let newer: Vec<_> = (1..8).map(|events| topics.leaf("a/b", events).unwrap().newer).collect();
        // Between a message and its being retained, nobody looks.
        assert_eq!(newer, [false, false, true, true, false, true, false]);
        assert_eq!(topics.leaf("a", 8), None);
    }

    /// What lies above a name counts its messages too, at every view.
    #[test]
    fn counts_add_up_the_tree() {
        let mut topics = Topics::default();
        for (seq, name) in (0..).zip(["a/b", "a/c", "a/b", "d", "a"]) {
            topics.take(&publish(seq, name));
        }
        let a = topics.level(topics.find("a").unwrap());
        assert_eq!([0, 1, 2, 3, 4, 5].map(|events| a.messages(events)), [0, 1, 2, 3, 3, 4]);
        assert_eq!([0, 1, 2, 5].map(|events| a.names_below(events)), [0, 1, 2, 2]);
        assert_eq!((a.last_below(4), a.last_below(5), a.last_below(0)), (Some(2), Some(4), None));
        assert_eq!(topics.level(ROOT).messages(5), 5);
    }

    #[test]
    fn rates_count_the_last_five_seconds() {
        let mut topics = Topics::default();
        for (seq, s) in (0..).zip([0, 1, 2, 3, 6, 7]) {
            topics.take(&Glance { at: SimTime(s * 1_000_000), ..publish(seq, "a/b") });
        }
        let a = topics.find("a").unwrap();
        let recent =
            |view_s: u64, events| topics.recent(a, topics.rate_from(SimTime(view_s * 1_000_000)), events);
        assert_eq!(recent(3, 4), 4, "from the beginning on");
        assert_eq!(recent(7, 6), 3, "those of 3, 6 and 7 s; that of 2 s is 5 s ago");
        assert_eq!(recent(20, 6), 0);
        assert_eq!(recent(5, 4), 4, "a view between");
    }

    #[test]
    fn hits_follow_the_view_and_the_order_of_the_tree() {
        let mut topics = Topics::default();
        for (seq, name) in (0..).zip(["b/x", "a!", "a/x", "c", "a/x"]) {
            topics.take(&publish(seq, name));
        }
        let mut found = Found::default();
        found.update("x", &topics, |name| name.ends_with('x'));
        assert_eq!([0, 1, 2, 3, 5].map(|events| found.at(events).len()), [0, 1, 1, 2, 2]);
        topics.take(&publish(5, "0/x"));
        found.update("x", &topics, |name| name.ends_with('x'));
        let hits = found.at(9);
        let step = |from, forward| {
            next_hit(&topics, hits, from, forward).map(|(number, place)| (topics.level(number).path(), place))
        };
        assert_eq!(step(None, true), Some(("0/x", 1)));
        assert_eq!(step(Some("0/x"), true), Some(("a/x", 2)));
        assert_eq!(step(Some("a!"), true), Some(("b/x", 3)), "it need be no hit");
        assert_eq!(step(Some("b/x"), true), Some(("0/x", 1)), "and around");
        assert_eq!(step(Some("0/x"), false), Some(("b/x", 3)));
        assert_eq!(step(Some("a!"), false), Some(("a/x", 2)));
        found.update("c", &topics, |name| name == "c");
        assert_eq!(found.at(9).len(), 1, "another search begins anew");
        assert_eq!(next_hit(&topics, &[], None, true), None);
    }

    #[test]
    fn what_a_subscriber_receives_is_no_new_message() {
        let mut topics = Topics::default();
        topics.take(&Glance { kind: Kind::MessageDelivered, ..publish(0, "a") });
        assert_eq!(topics.names(1), 0);
    }
}
