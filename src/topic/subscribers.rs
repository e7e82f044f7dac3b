//! Who holds one filter: values by key, in the order of keys.

use std::collections::BTreeMap;

/// From this many on, a sorted list would move too much memory for each change.
const MANY: usize = 512;

/// The subscribers of one filter: a sorted list while they are few, for its size and speed; a B-tree when they are many.
#[derive(Clone, Debug)]
// Boxed, so that a node of the tree fits a cache line: nearly every node has few.
#[allow(clippy::box_collection)]
pub(super) enum Subscribers<V> {
    Few(Vec<(u32, V)>),
    Many(Box<BTreeMap<u32, V>>),
}

impl<V> Subscribers<V> {
    pub(super) const fn new() -> Self {
        Self::Few(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Few(list) => list.is_empty(),
            Self::Many(map) => map.is_empty(),
        }
    }

    pub(super) fn get(&self, key: u32) -> Option<&V> {
        match self {
            Self::Few(list) => list.binary_search_by_key(&key, |entry| entry.0).ok().map(|at| &list[at].1),
            Self::Many(map) => map.get(&key),
        }
    }

    /// Sets the value of `key` and gives the previous one.
    pub(super) fn insert(&mut self, key: u32, value: V) -> Option<V> {
        match self {
            Self::Few(list) => match list.binary_search_by_key(&key, |entry| entry.0) {
                Ok(at) => Some(std::mem::replace(&mut list[at].1, value)),
                Err(at) => {
                    if list.is_empty() {
                        // Most filters have one subscriber; a list grows to four at once otherwise.
                        list.reserve_exact(1);
                    }
                    list.insert(at, (key, value));
                    if list.len() > MANY {
                        *self = Self::Many(Box::new(std::mem::take(list).into_iter().collect()));
                    }
                    None
                }
            },
            Self::Many(map) => map.insert(key, value),
        }
    }

    pub(super) fn remove(&mut self, key: u32) -> Option<V> {
        match self {
            Self::Few(list) => {
                let at = list.binary_search_by_key(&key, |entry| entry.0).ok()?;
                Some(list.remove(at).1)
            }
            Self::Many(map) => {
                let value = map.remove(&key);
                if map.len() <= MANY / 2 {
                    *self = Self::Few(std::mem::take(&mut **map).into_iter().collect());
                }
                value
            }
        }
    }

    pub(super) fn for_each(&self, f: &mut impl FnMut(u32, &V)) {
        match self {
            Self::Few(list) => list.iter().for_each(|(key, value)| f(*key, value)),
            Self::Many(map) => map.iter().for_each(|(key, value)| f(*key, value)),
        }
    }
}
