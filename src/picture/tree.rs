//! The rows of the topic tree: its levels with what can be folded and lit, and the subscriptions where they attach.

use super::topics::{ROOT, Topics};
use crate::sorted::Sorted;

/// A filter, at the level where it attaches, with who subscribes by it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attached {
    /// The level of the filter's literal prefix; the root where it begins with a wildcard.
    pub level: u32,
    /// The filter, with `$share/…/` where it has it.
    pub filter: String,
    /// The clients, and of each the QoS that was granted and whether it is connected.
    pub who: Vec<(String, u8, bool)>,
}

/// What a row shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InRow {
    /// A level, by its number.
    Level(u32),
    /// A filter, by its place in the list of them.
    Filter(u32),
}

/// One row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TreeRow {
    /// What it shows.
    pub shown: InRow,
    /// How many levels are above it.
    pub depth: u32,
    /// Whether something can be folded below it.
    pub folds: bool,
    /// Whether that is shown.
    pub open: bool,
    /// Whether the search finds this name, or, where it is closed, one below it.
    pub lit: bool,
}

/// What rows are made from.
pub struct TreeRows<'a> {
    /// The levels.
    pub topics: &'a Topics,
    /// How many events lie before the view.
    pub events: u32,
    /// The paths whose lower levels are hidden.
    pub closed: &'a Sorted<Box<str>, ()>,
    /// The subscriptions to show, by level and then by filter.
    pub attached: &'a [Attached],
    /// What a search found: levels with the events with which they came to be.
    pub hits: &'a [(u32, u32)],
    /// Whether only what was found is shown, with the levels above.
    pub only_hits: bool,
}

/// A level is a hit, lies above one, has a filter, or lies at or above such a level.
const HIT: u8 = 1;
const ABOVE_HIT: u8 = 2;
const HAS_FILTER: u8 = 4;
const HOLDS_FILTER: u8 = 8;

impl TreeRows<'_> {
    /// The rows that are not hidden in a closed one. It takes as long as there are levels: it is to be asked only when something that it
    /// is made from has changed, and no message for a known name does that.
    pub fn make(&self) -> Vec<TreeRow> {
        let mut marks = vec![0u8; self.topics.len()];
        for (_, number) in self.hits {
            self.mark(&mut marks, *number, HIT, ABOVE_HIT);
        }
        for attached in self.attached {
            marks[attached.level as usize] |= HAS_FILTER;
            self.mark(&mut marks, attached.level, HOLDS_FILTER, HOLDS_FILTER);
        }
        let mut rows = Vec::new();
        if !self.only_hits {
            self.filters(ROOT, 0, &mut rows);
        }
        // The levels that are still to come, the next one last.
        let mut stack: Vec<u32> = self.topics.level(ROOT).children().collect();
        stack.reverse();
        while let Some(number) = stack.pop() {
            let mark = marks[number as usize];
            let level = self.topics.level(number);
            let exists = mark & HOLDS_FILTER != 0 || level.messages(self.events) > 0;
            if !exists || (self.only_hits && mark & (HIT | ABOVE_HIT) == 0) {
                continue;
            }
            let has_filter = !self.only_hits && mark & HAS_FILTER != 0;
            let has_names = level.names_below(self.events) > 0;
            let folds = has_filter || has_names || (level.has_children() && mark & HOLDS_FILTER != 0);
            let open = folds && !self.closed.contains(level.path());
            let lit = mark & HIT != 0 || (!open && mark & ABOVE_HIT != 0);
            rows.push(TreeRow { shown: InRow::Level(number), depth: level.depth(), folds, open, lit });
            if open {
                if has_filter {
                    self.filters(number, level.depth() + 1, &mut rows);
                }
                let from = stack.len();
                stack.extend(level.children());
                stack[from..].reverse();
            }
        }
        rows
    }

    /// Marks a level and all above it, as far as they are not marked.
    fn mark(&self, marks: &mut [u8], number: u32, here: u8, above: u8) {
        let mut at = number;
        let mut mark = here;
        while at != ROOT && marks[at as usize] & mark == 0 {
            marks[at as usize] |= mark;
            at = self.topics.level(at).parent();
            mark = above;
        }
    }

    /// The rows of the filters that attach to a level.
    fn filters(&self, level: u32, depth: u32, rows: &mut Vec<TreeRow>) {
        let first = self.attached.partition_point(|attached| attached.level < level);
        let count = self.attached[first..].partition_point(|attached| attached.level == level);
        for place in first..first + count {
            let shown = InRow::Filter(place as u32);
            rows.push(TreeRow { shown, depth, folds: false, open: false, lit: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::{By, Kind};
    use crate::picture::{Found, Glance, Topics};
    use crate::time::SimTime;
    use crate::topic::{ParentMatch, matches};

    fn topics(names: &[&str]) -> Topics {
        let mut topics = Topics::default();
        for (seq, topic) in (0..).zip(names) {
            let accepted =
                Glance::new(seq, SimTime(u64::from(seq)), Kind::MessageAccepted, By::Broker, "exercise");
            topics.take(&Glance { topic, ..accepted });
        }
        topics
    }

    /// The rows with a search for names.
    fn rows(
        topics: &Topics,
        closed: &[&str],
        is_hit: impl Fn(&str) -> bool,
        only_hits: bool,
    ) -> Vec<TreeRow> {
        let mut found = Found::default();
        found.update((), topics, is_hit);
        let mut paths = Sorted::new();
        for path in closed {
            paths.insert((*path).into(), ());
        }
        let (hits, events) = (found.at(u32::MAX), u32::MAX);
        TreeRows { topics, events, closed: &paths, attached: &[], hits, only_hits }.make()
    }

    fn path(topics: &Topics, row: TreeRow) -> &str {
        match row.shown {
            InRow::Level(number) => topics.level(number).path(),
            InRow::Filter(_) => "a filter",
        }
    }

    /// The full names that a filter lights, by their place among `names`, from 1.
    fn lit(names: &[&str], filter: &str) -> Vec<usize> {
        let topics = topics(names);
        let rows = rows(&topics, &[], |name| matches(filter, name, ParentMatch::Included), false);
        let lit = rows.into_iter().filter(|row| row.lit).map(|row| path(&topics, row));
        let mut places: Vec<usize> =
            lit.filter_map(|path| Some(names.iter().position(|name| *name == path)? + 1)).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn exercise_one_lights_what_row_t3_says() {
        let names = [
            "factory/1/machine/1/status",
            "factory/1/machine/32/status",
            "factory/2/machine/7/status",
            "office/7/machine/23/status",
            "office/8/sensor/42/measurements",
        ];
        assert_eq!(lit(&names, "factory/1/machine/#"), [1, 2]);
        assert_eq!(lit(&names, "factory/#"), [1, 2, 3]);
        assert_eq!(lit(&names, "#"), [1, 2, 3, 4, 5]);
        assert_eq!(lit(&names, "office/#"), [4, 5]);
        let later = [names.as_slice(), &["factory/1/machine/1/measurements"]].concat();
        assert_eq!(lit(&later, "factory/1/machine/#"), [1, 2, 6]);
    }

    #[test]
    fn exercise_two_lights_what_row_t4_says() {
        let names = [
            "factory/1/machine/1/status",
            "factory/1/machine/1/alerts",
            "factory/2/machine/3/status",
            "factory/1/vehicle/1/alerts",
            "office/1/machine/23/status",
            "office/2/machine/16/status",
            "office/2/machine/16/alerts",
        ];
        assert_eq!(lit(&names, "factory/+/machine/+/status"), [1, 3]);
        assert_eq!(lit(&names, "+/+/machine/+/alerts"), [2, 7]);
        assert_eq!(lit(&names, "factory/+/machine/#"), [1, 2, 3]);
    }

    #[test]
    fn levels_stand_once_and_a_name_can_have_names_below_it() {
        let topics = topics(&["a/b", "a", "a/c/d", "/x", "a!"]);
        let rows = rows(&topics, &[], |_| false, false);
        let shown: Vec<_> = rows.iter().map(|row| (path(&topics, *row), row.depth, row.folds)).collect();
        assert_eq!(
            shown,
            [
                ("", 0, true),
                ("/x", 1, false),
                ("a", 0, true),
                ("a/b", 1, false),
                ("a/c", 1, true),
                ("a/c/d", 2, false),
                ("a!", 0, false)
            ]
        );
    }

    #[test]
    fn a_closed_level_hides_what_is_below_and_shows_that_something_is_lit_there() {
        let topics = topics(&["a/b", "a/c", "z"]);
        let rows = rows(&topics, &["a"], |name| name == "a/c", false);
        let shown: Vec<_> = rows.iter().map(|row| (path(&topics, *row), row.lit, row.open)).collect();
        assert_eq!(shown, [("a", true, false), ("z", false, false)]);
    }

    #[test]
    fn only_hits_leaves_them_and_what_is_above() {
        let topics = topics(&["a/b", "a/c", "z", "z/c/d"]);
        let rows = rows(&topics, &[], |name| name.ends_with('c'), true);
        let shown: Vec<_> = rows.iter().map(|row| (path(&topics, *row), row.lit)).collect();
        assert_eq!(shown, [("a", false), ("a/c", true)]);
    }

    #[test]
    fn what_comes_after_the_view_is_not_there() {
        let topics = topics(&["a", "a/b", "c"]);
        let closed = Sorted::new();
        let at = |events| {
            let rows = TreeRows {
                topics: &topics,
                events,
                closed: &closed,
                attached: &[],
                hits: &[],
                only_hits: false,
            };
            rows.make().into_iter().map(|row| (path(&topics, row), row.folds)).collect::<Vec<_>>()
        };
        assert_eq!(at(0), []);
        assert_eq!(at(1), [("a", false)]);
        assert_eq!(at(3), [("a", true), ("a/b", false), ("c", false)]);
    }

    /// A filter attaches where its literal prefix ends, also where nobody has published yet.
    #[test]
    fn filters_stand_below_the_level_where_they_attach() {
        let mut topics = topics(&["a/b"]);
        let added = Glance::new(1, SimTime(1), Kind::SubscriptionAdded, By::Broker, "reader");
        for topic in ["a/+/c", "$share/g/q/r/#", "#", "a/b"] {
            topics.take(&Glance { topic, ..added });
        }
        let level = |name: &str| topics.find(name).unwrap();
        let one = |level, filter: &str| Attached { level, filter: filter.to_owned(), who: Vec::new() };
        let mut attached = vec![
            one(ROOT, "#"),
            one(level("a"), "a/+/c"),
            one(level("a/b"), "a/b"),
            one(level("q/r"), "$share/g/q/r/#"),
        ];
        attached.sort_by_key(|one| one.level);
        let closed = Sorted::new();
        let made = |attached: &[Attached]| {
            let rows = TreeRows {
                topics: &topics,
                events: 9,
                closed: &closed,
                attached,
                hits: &[],
                only_hits: false,
            };
            let text = |row: TreeRow| match row.shown {
                InRow::Level(number) => topics.level(number).path().to_owned(),
                InRow::Filter(place) => format!("> {}", attached[place as usize].filter),
            };
            rows.make().into_iter().map(|row| (text(row), row.depth)).collect::<Vec<_>>()
        };
        let expected = [
            ("> #", 0),
            ("a", 0),
            ("> a/+/c", 1),
            ("a/b", 1),
            ("> a/b", 2),
            ("q", 0),
            ("q/r", 1),
            ("> $share/g/q/r/#", 2),
        ];
        assert_eq!(made(&attached), expected.map(|(text, depth)| (text.to_owned(), depth)));
        let without = made(&[]);
        assert_eq!(
            without,
            [("a".to_owned(), 0), ("a/b".to_owned(), 1)],
            "without them nothing holds a level"
        );
    }
}
