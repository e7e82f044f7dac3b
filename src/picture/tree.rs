//! From names to the rows of a tree that can be folded and lit.

use super::topics::Leaf;
use crate::sorted::Sorted;

/// One row: a level of some name.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// The name up to here.
    pub path: String,
    /// This level alone.
    pub level: String,
    /// How many levels are above it.
    pub depth: usize,
    /// What was published to this very name.
    pub leaf: Option<Leaf>,
    /// How many names lie below it.
    pub children: usize,
    /// Whether what lies below is shown.
    pub open: bool,
    /// Whether the filter matches this name, or, where it is closed, one below it.
    pub lit: bool,
}

impl Node {
    /// The path of the level above.
    pub fn parent(&self) -> Option<&str> {
        Some(self.path.rsplit_once('/')?.0)
    }
}

/// The rows that are not hidden in a closed one. `leaves` are sorted level by level.
pub fn nodes(
    leaves: &[(&str, Leaf)],
    closed: &Sorted<Box<str>, ()>,
    is_lit: impl Fn(&str) -> bool,
) -> Vec<Node> {
    let mut rows: Vec<Node> = Vec::new();
    // The rows of the levels above the present one, by depth; none below a closed one.
    let mut above: Vec<usize> = Vec::new();
    for (name, leaf) in leaves {
        let mut end = 0;
        let mut hidden = false;
        for (depth, level) in name.split('/').enumerate() {
            end += level.len() + usize::from(depth > 0);
            let path = &name[..end];
            let last = end == name.len();
            let same = above.get(depth).is_some_and(|row| rows[*row].path == path);
            if !same {
                above.truncate(depth);
                above.push(rows.len());
                rows.push(Node {
                    path: path.to_owned(),
                    level: level.to_owned(),
                    depth,
                    leaf: None,
                    children: 0,
                    open: !closed.contains(path),
                    lit: false,
                });
            }
            let Some(node) = above.get(depth).and_then(|row| rows.get_mut(*row)) else { break };
            if last {
                node.leaf = Some(*leaf);
                node.lit |= is_lit(name);
            } else {
                node.children += 1;
                if !node.open {
                    node.lit |= is_lit(name);
                    hidden = true;
                }
            }
            if hidden {
                break;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::{By, Kind};
    use crate::picture::{Glance, Topics};
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

    /// The full names that a filter lights, by their place among `names`, from 1.
    fn lit(names: &[&str], filter: &str) -> Vec<usize> {
        let topics = topics(names);
        let rows =
            nodes(&topics.at(u32::MAX), &Sorted::new(), |name| matches(filter, name, ParentMatch::Included));
        let lit = rows.iter().filter(|node| node.lit && node.leaf.is_some());
        let mut places: Vec<usize> = lit
            .filter_map(|node| names.iter().position(|name| *name == node.path))
            .map(|place| place + 1)
            .collect();
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
        let topics = topics(&["a/b", "a", "a/c/d", "/x"]);
        let rows = nodes(&topics.at(u32::MAX), &Sorted::new(), |_| false);
        let shown: Vec<_> =
            rows.iter().map(|node| (node.path.as_str(), node.depth, node.leaf.is_some())).collect();
        assert_eq!(
            shown,
            [
                ("", 0, false),
                ("/x", 1, true),
                ("a", 0, true),
                ("a/b", 1, true),
                ("a/c", 1, false),
                ("a/c/d", 2, true)
            ]
        );
        assert_eq!(rows[2].children, 2);
        assert_eq!(rows[5].parent(), Some("a/c"));
    }

    #[test]
    fn a_closed_level_hides_what_is_below_and_shows_that_something_is_lit_there() {
        let topics = topics(&["a/b", "a/c", "z"]);
        let mut closed = Sorted::new();
        closed.insert("a".into(), ());
        let rows = nodes(&topics.at(u32::MAX), &closed, |name| name == "a/c");
        let shown: Vec<_> = rows.iter().map(|node| (node.path.as_str(), node.lit, node.children)).collect();
        assert_eq!(shown, [("a", true, 2), ("z", false, 0)]);
    }
}
