//! The subscription tree: filters, asked with a name.

use super::matching::ParentMatch;
use crate::sorted::Sorted;
use crate::table::{NONE, Table, hash};

/// The node of no level at all, above every first level.
const ROOT: u32 = 0;

/// A level's text. Short ones, as nearly all are, live in the node itself: one thing less to fetch while matching.
#[derive(Clone, Debug)]
enum Level {
    Short { len: u8, bytes: [u8; Self::SHORT] },
    Long(Box<[u8]>),
}

impl Level {
    const SHORT: usize = 22;

    fn new(text: &[u8]) -> Self {
        if text.len() > Self::SHORT {
            return Self::Long(text.into());
        }
        let mut bytes = [0; Self::SHORT];
        bytes[..text.len()].copy_from_slice(text);
        Self::Short { len: text.len() as u8, bytes }
    }

    fn text(&self) -> &[u8] {
        match self {
            Self::Short { len, bytes } => &bytes[..usize::from(*len)],
            Self::Long(text) => text,
        }
    }
}

/// One level of one or more filters, in one cache line.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Node<V> {
    parent: u32,
    /// The child for `+`, or `NONE`.
    plus: u32,
    /// The child for `#`, or `NONE`. It has no children.
    rest: u32,
    /// How many children the table holds.
    exact: u32,
    level: Level,
    /// Those whose filter ends here.
    subscribers: Sorted<u32, V>,
}

impl<V> Node<V> {
    fn new(parent: u32, level: &[u8]) -> Self {
        Self {
            parent,
            plus: NONE,
            rest: NONE,
            exact: 0,
            level: Level::new(level),
            subscribers: Sorted::new(),
        }
    }

    fn is_needed(&self) -> bool {
        self.exact > 0 || self.plus != NONE || self.rest != NONE || !self.subscribers.is_empty()
    }
}

/// Subscriptions: a value for each pair of a filter and a key (who subscribes), found by the names that they match.
///
/// Nodes in an arena, one for each level of the filters; a child by exact text is found through one hash table for the whole
/// tree, `+` and `#` are fields of their parent. Matching visits the nodes whose levels fit and no others, allocates nothing
/// and does not recurse, so that neither the number of subscriptions nor a topic of 65,536 levels costs more than what
/// matches. The order of matches depends on the subscriptions alone, not on their history: from the first level to the last,
/// `#` before exact text before `+`, and keys in ascending order within a filter.
#[derive(Clone, Debug)]
pub struct Tree<V> {
    nodes: Vec<Node<V>>,
    /// Numbers of nodes that are not in use.
    free: Vec<u32>,
    table: Table,
    len: usize,
}

impl<V> Default for Tree<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Tree<V> {
    /// A tree without subscriptions.
    pub fn new() -> Self {
        Self { nodes: vec![Node::new(NONE, b"")], free: Vec::new(), table: Table::default(), len: 0 }
    }

    /// How many subscriptions it holds: pairs of filter and key.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sets the value of `key` for a valid filter (without `$share/{ShareName}/`) and gives the previous one.
    pub fn insert(&mut self, filter: &str, key: u32, value: V) -> Option<V> {
        let mut node = ROOT;
        for level in filter.as_bytes().split(|&byte| byte == b'/') {
            node = match self.child(node, level) {
                Some(child) => child,
                None => self.add_child(node, level),
            };
        }
        let previous = self.node_mut(node).subscribers.insert(key, value);
        self.len += usize::from(previous.is_none());
        previous
    }

    /// Takes out the value of `key` for this very filter.
    pub fn remove(&mut self, filter: &str, key: u32) -> Option<V> {
        let mut node = self.find(filter)?;
        let value = self.node_mut(node).subscribers.remove(&key)?;
        self.len -= 1;
        while node != ROOT && !self.node(node).is_needed() {
            node = self.drop_leaf(node);
        }
        Some(value)
    }

    /// The value of `key` for this very filter.
    pub fn get(&self, filter: &str, key: u32) -> Option<&V> {
        self.node(self.find(filter)?).subscribers.get(&key)
    }

    /// Calls `f` with the key and value of each subscription whose filter matches `topic`, a valid Topic Name.
    ///
    /// A key that holds several matching filters comes once for each.
    pub fn for_each_match(&self, topic: &str, parent: ParentMatch, mut f: impl FnMut(u32, &V)) {
        let mut f = |key: &u32, value: &V| f(*key, value);
        let topic = topic.as_bytes();
        let hidden = topic.first() == Some(&b'$');
        let mut node = ROOT;
        // Where the next level begins; past the end when there is none.
        let mut at = 0;
        // How many of the nodes above were left by exact text while their `+` is still to be tried.
        let mut waiting = 0u32;
        loop {
            let here = self.node(node);
            // [MQTT-4.7.2-1]: a leading wildcard does not match a name that begins with `$`.
            let wild = !(hidden && node == ROOT);
            let ended = at > topic.len();
            if here.rest != NONE && wild && (!ended || parent == ParentMatch::Included) {
                self.node(here.rest).subscribers.for_each(&mut f);
            }
            if ended {
                here.subscribers.for_each(&mut f);
            } else {
                let end = level_end(topic, at);
                let plus = wild && here.plus != NONE;
                let exact = if here.exact > 0 { self.exact_child(node, &topic[at..end]) } else { None };
                if let Some(child) = exact {
                    waiting += u32::from(plus);
                    node = child;
                    at = end + 1;
                    continue;
                }
                if plus {
                    node = here.plus;
                    at = end + 1;
                    continue;
                }
            }
            // Nothing more below: back up to the nearest node whose `+` waits. Each step up undoes one step down, so that
            // the way is known from the nodes and the topic, and nothing has to be remembered.
            if waiting == 0 {
                return;
            }
            loop {
                let above = self.node(node).parent;
                let plus = self.node(above).plus;
                if plus != NONE && plus != node {
                    waiting -= 1;
                    node = plus;
                    break;
                }
                at = level_start(topic, at - 1);
                node = above;
            }
        }
    }

    fn node(&self, node: u32) -> &Node<V> {
        &self.nodes[node as usize]
    }

    fn node_mut(&mut self, node: u32) -> &mut Node<V> {
        &mut self.nodes[node as usize]
    }

    fn find(&self, filter: &str) -> Option<u32> {
        filter.as_bytes().split(|&byte| byte == b'/').try_fold(ROOT, |node, level| self.child(node, level))
    }

    /// The child for a filter's level.
    fn child(&self, node: u32, level: &[u8]) -> Option<u32> {
        match level {
            b"+" => Some(self.node(node).plus).filter(|&child| child != NONE),
            b"#" => Some(self.node(node).rest).filter(|&child| child != NONE),
            _ => self.exact_child(node, level),
        }
    }

    /// The child for a name's level.
    fn exact_child(&self, node: u32, level: &[u8]) -> Option<u32> {
        self.table.find(hash(node, level), |child| {
            let child = self.node(child);
            child.parent == node && child.level.text() == level
        })
    }

    fn add_child(&mut self, parent: u32, level: &[u8]) -> u32 {
        let new = Node::new(parent, level);
        let child = match self.free.pop() {
            Some(child) => {
                *self.node_mut(child) = new;
                child
            }
            None => {
                self.nodes.push(new);
                (self.nodes.len() - 1) as u32
            }
        };
        match level {
            b"+" => self.node_mut(parent).plus = child,
            b"#" => self.node_mut(parent).rest = child,
            _ => {
                self.table.add(hash(parent, level), child);
                self.node_mut(parent).exact += 1;
            }
        }
        child
    }

    /// Takes a node without children and subscribers out of its parent, and gives the parent.
    fn drop_leaf(&mut self, leaf: u32) -> u32 {
        let node = self.node(leaf);
        let parent = node.parent;
        match node.level.text() {
            b"+" => self.node_mut(parent).plus = NONE,
            b"#" => self.node_mut(parent).rest = NONE,
            level => {
                let hash = hash(parent, level);
                self.table.take(hash, leaf);
                self.node_mut(parent).exact -= 1;
            }
        }
        // A long text or a list that grew is given back at once.
        *self.node_mut(leaf) = Node::new(NONE, b"");
        self.free.push(leaf);
        parent
    }
}

/// Where the level that begins at `at` ends.
fn level_end(topic: &[u8], at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut end = at;
    // Eight bytes at a time: what equals `/` becomes zero, and the lowest zero byte is the first to borrow.
    while let Some(eight) = topic[end..].first_chunk() {
        let bytes = u64::from_le_bytes(*eight) ^ (ONES * u64::from(b'/'));
        let zeros = bytes.wrapping_sub(ONES) & !bytes & (ONES << 7);
        if zeros != 0 {
            return end + zeros.trailing_zeros() as usize / 8;
        }
        end += 8;
    }
    topic[end..].iter().position(|&byte| byte == b'/').map_or(topic.len(), |more| end + more)
}

/// Where the level that ends at `end` begins.
fn level_start(topic: &[u8], end: usize) -> usize {
    topic[..end].iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_end_at_the_next_slash_wherever_it_is() {
        for length in 0..40 {
            for slash in 0..=length {
                // `.` and `0` are the neighbours of `/`, `\u{af}` is it with the highest bit.
                let mut topic: Vec<u8> = b".0\xaf".iter().copied().cycle().take(length).collect();
                if slash < length {
                    topic[slash] = b'/';
                }
                for at in 0..=slash {
                    assert_eq!(level_end(&topic, at), slash);
                }
                assert_eq!(level_start(&topic, slash), 0);
                assert_eq!(level_start(&topic, length), if slash < length { slash + 1 } else { 0 });
            }
        }
    }

    #[test]
    fn a_node_fills_one_cache_line_and_empty_ones_are_used_again() {
        assert_eq!(size_of::<Node<[u64; 4]>>(), 64);
        let mut tree = Tree::new();
        for round in 0..10 {
            for n in 0..100 {
                tree.insert(&format!("{round}/{n}/+/#"), n, ());
            }
            for n in 0..100 {
                tree.remove(&format!("{round}/{n}/+/#"), n);
            }
        }
        assert_eq!(tree.nodes.len(), 1 + 1 + 3 * 100);
        assert_eq!(tree.free.len(), tree.nodes.len() - 1);
    }
}
