//! Every topic that was published to, with its history: the topic tree at any view is read from here by binary search.

use super::glance::Glance;
use crate::broker::Kind;
use crate::sorted::Sorted;
use crate::time::SimTime;

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

#[derive(Clone, Debug, Default)]
struct History {
    published: Vec<(u32, SimTime)>,
    retained: Vec<(u32, bool)>,
}

/// The topics of a trace. Grows with it; a topic that lies after the view does not exist there.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    /// By name with U+0000, which no topic holds, in place of `/`, so that the order is that of a tree.
    order: Sorted<Box<str>, u32>,
    /// By the number that `order` gives.
    topics: Vec<(Box<str>, History)>,
}

impl Topics {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &Glance<'_>) {
        if event.topic.is_empty() {
            return;
        }
        match event.kind {
            Kind::MessageAccepted | Kind::WillSent => {
                self.history(event.topic).published.push((event.seq, event.at));
            }
            Kind::RetainedStored | Kind::RetainedReplaced => {
                let history = self.history(event.topic);
                if history.published.is_empty() {
                    history.published.push((event.seq, event.at));
                }
                history.retained.push((event.seq, true));
            }
            Kind::RetainedCleared | Kind::RetainedExpired => {
                self.history(event.topic).retained.push((event.seq, false));
            }
            _ => {}
        }
    }

    fn history(&mut self, name: &str) -> &mut History {
        let key = name.replace('/', "\0").into_boxed_str();
        let number = self.order.get(&key).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.topics.len()).unwrap_or(u32::MAX);
            self.topics.push((name.into(), History::default()));
            self.order.insert(key, number);
            number
        });
        &mut self.topics[number as usize].1
    }

    /// The topics that exist once the first `events` events have happened, sorted level by level.
    pub fn at(&self, events: u32) -> Vec<(&str, Leaf)> {
        let topics = self.order.values().filter_map(|number| self.topics.get(*number as usize));
        topics.filter_map(|(name, history)| Some((&**name, history.at(events)?))).collect()
    }
}

impl Topics {
    /// One topic, once the first `events` events have happened.
    pub fn leaf(&self, name: &str, events: u32) -> Option<Leaf> {
        let number = *self.order.get(&*name.replace('/', "\0"))?;
        self.topics.get(number as usize)?.1.at(events)
    }
}

impl History {
    fn at(&self, events: u32) -> Option<Leaf> {
        let count = self.published.partition_point(|(seq, _)| *seq < events);
        let (last_seq, last_at) = *self.published.get(count.checked_sub(1)?)?;
        let kept = self.retained.partition_point(|(seq, _)| *seq < events);
        let (kept_seq, retained) = kept.checked_sub(1).map_or((0, false), |i| self.retained[i]);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        // What is retained is noted after the message that it was.
        Some(Leaf { count, last_seq, last_at, retained, newer: retained && last_seq > kept_seq })
    }
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
        assert!(topics.at(0).is_empty());
        assert_eq!(topics.at(1).len(), 1);
        let now = topics.at(3);
        assert_eq!(
            now.iter().map(|(name, leaf)| (*name, leaf.count)).collect::<Vec<_>>(),
            [("factory", 1), ("factory/1/status", 2)]
        );
        assert_eq!(now[1].1.last_seq, 2);
    }

    #[test]
    fn the_retained_marker_follows_the_view() {
        let mut topics = Topics::default();
        topics.take(&publish(0, "a"));
        topics.take(&retained(1, "a", Kind::RetainedStored));
        topics.take(&retained(2, "a", Kind::RetainedCleared));
        let at = |events| topics.at(events)[0].1.retained;
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
        assert_eq!(topics.leaf("a/b", 3), Some(topics.at(3)[0].1));
        assert_eq!(topics.leaf("a", 8), None);
    }

    #[test]
    fn levels_are_sorted_as_a_tree() {
        let mut topics = Topics::default();
        for (seq, name) in (0..).zip(["a/b", "a!", "a", "a/a"]) {
            topics.take(&publish(seq, name));
        }
        let names: Vec<_> = topics.at(9).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "a/a", "a/b", "a!"]);
    }

    #[test]
    fn what_a_subscriber_receives_is_no_new_message() {
        let mut topics = Topics::default();
        topics.take(&Glance { kind: Kind::MessageDelivered, ..publish(0, "a") });
        assert!(topics.at(1).is_empty());
    }
}
