//! From sorted names to the rows of a tree.

use crate::picture::Leaf;
use std::collections::BTreeSet;

/// One row: a level of some name.
#[derive(Clone, PartialEq)]
pub(super) struct Node {
    /// The name up to here.
    pub(super) path: String,
    /// This level alone.
    pub(super) level: String,
    /// How many levels are above it.
    pub(super) depth: usize,
    /// What was published to this very name.
    pub(super) leaf: Option<Leaf>,
    /// How many names lie below it.
    pub(super) children: usize,
    /// Whether what lies below is shown.
    pub(super) open: bool,
    /// Whether the filter matches this name, or, where it is closed, one below it.
    pub(super) lit: bool,
}

impl Node {
    /// The path of the level above.
    pub(super) fn parent(&self) -> Option<&str> {
        Some(self.path.rsplit_once('/')?.0)
    }
}

/// The rows that are not hidden in a closed one. `leaves` are sorted level by level.
pub(super) fn nodes(
    leaves: &[(&str, Leaf)],
    closed: &BTreeSet<String>,
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
