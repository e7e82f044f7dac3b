//! The project's one map: values by key, in the order of keys.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;

/// The most entries in one list: more, and a change in its middle would move too much memory.
const FULL: usize = 256;

/// Values by key, in the order of keys. A set is a map to `()`.
///
/// A sorted list while it is short, which is the smallest and fastest form; a list of such lists when it is not, so that a change
/// in the middle of a million entries moves some kilobytes. Its code is a fifth of a B-tree's, and is compiled for each type of
/// key and value: where a type is free to choose, one that another map has already costs nothing.
#[derive(Clone, Debug)]
pub struct Sorted<K, V>(Form<K, V>);

// Boxed, so that a map is no larger than a list: the subscription tree holds one in each node.
#[allow(clippy::box_collection)]
#[derive(Clone, Debug)]
enum Form<K, V> {
    Short(Vec<(K, V)>),
    /// Two lists or more, none of them empty.
    Long(Box<Vec<Vec<(K, V)>>>),
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Sorted<K, V> {}

impl<K, V> Sorted<K, V> {
    /// A map without entries.
    pub const fn new() -> Self {
        Self(Form::Short(Vec::new()))
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.lists().iter().map(Vec::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The entry with the lowest key.
    pub fn first(&self) -> Option<&(K, V)> {
        self.lists().first()?.first()
    }

    /// Takes out the entry with the lowest key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        if self.is_empty() { None } else { Some(self.take(0, 0)) }
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.lists().iter().flatten().map(|(key, value)| (key, value))
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.lists().iter().flatten().map(|(key, _)| key)
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.lists().iter().flatten().map(|(_, value)| value)
    }

    /// All values, to be changed, in the order of their keys.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.lists_mut().iter_mut().flatten().map(|(_, value)| value)
    }

    /// All values, in the order of their keys.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        let lists = match self.0 {
            Form::Short(list) => vec![list],
            Form::Long(lists) => *lists,
        };
        lists.into_iter().flatten().map(|(_, value)| value)
    }

    /// Calls `f` with each entry, in order.
    pub fn for_each(&self, f: &mut impl FnMut(&K, &V)) {
        let mut each = |list: &Vec<(K, V)>| list.iter().for_each(|(key, value)| f(key, value));
        match &self.0 {
            Form::Short(list) => each(list),
            Form::Long(lists) => lists.iter().for_each(each),
        }
    }

    /// All entries: one list or more.
    const fn lists(&self) -> &[Vec<(K, V)>] {
        match &self.0 {
            Form::Short(list) => std::slice::from_ref(list),
            Form::Long(lists) => lists.as_slice(),
        }
    }

    const fn lists_mut(&mut self) -> &mut [Vec<(K, V)>] {
        match &mut self.0 {
            Form::Short(list) => std::slice::from_mut(list),
            Form::Long(lists) => lists.as_mut_slice(),
        }
    }

    /// Puts in an entry where it belongs.
    #[inline(never)]
    fn put(&mut self, mut list: usize, mut at: usize, entry: (K, V)) {
        if self.lists()[list].len() == FULL {
            // Keys that come in order leave full lists behind.
            let cut = if at == FULL { FULL - 1 } else { FULL / 2 };
            if let Form::Short(entries) = &mut self.0 {
                self.0 = Form::Long(Box::new(vec![std::mem::take(entries)]));
            }
            if let Form::Long(lists) = &mut self.0 {
                let upper = lists[list].split_off(cut);
                lists.insert(list + 1, upper);
            }
            if at > cut {
                (list, at) = (list + 1, at - cut);
            }
        }
        let entries = &mut self.lists_mut()[list];
        if entries.is_empty() {
            // Many maps have one entry; a list grows to four at once otherwise.
            entries.reserve_exact(1);
        }
        entries.insert(at, entry);
    }

    /// Takes out one entry; joins its list with a neighbour where both are short.
    #[inline(never)]
    fn take(&mut self, list: usize, at: usize) -> (K, V) {
        let lists = match &mut self.0 {
            Form::Short(entries) => return entries.remove(at),
            Form::Long(lists) => lists,
        };
        let entry = lists[list].remove(at);
        let upper = (list + 1).min(lists.len() - 1);
        if lists[list].is_empty() || lists[upper - 1].len() + lists[upper].len() <= FULL / 2 {
            let mut entries = lists.remove(upper);
            lists[upper - 1].append(&mut entries);
            if let [last] = &mut lists[..] {
                self.0 = Form::Short(std::mem::take(last));
            }
        }
        entry
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// The value of `key`.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (list, at) = self.find(key);
        Some(&self.lists()[list][at.ok()?].1)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (list, at) = self.find(key);
        Some(&mut self.lists_mut()[list][at.ok()?].1)
    }

    /// Whether `key` has a value.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).1.is_ok()
    }

    /// Sets the value of `key` and gives the previous one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (list, at) = self.find(&key);
        match at {
            Ok(at) => Some(std::mem::replace(&mut self.lists_mut()[list][at].1, value)),
            Err(at) => {
                self.put(list, at, (key, value));
                None
            }
        }
    }

    /// Takes out the value of `key`.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (list, at) = self.find(key);
        Some(self.take(list, at.ok()?).1)
    }

    /// The list where `key` belongs, and where it stands there, or would stand.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let lists = self.lists();
        let list =
            place(lists.len() - 1, &|at| lists[at].last().is_some_and(|(last, _)| last.borrow() < key));
        let entries = &lists[list];
        let at = place(entries.len(), &|at| entries[at].0.borrow() < key);
        let is_there = entries.get(at).is_some_and(|(known, _)| known.borrow() == key);
        (list, if is_there { Ok(at) } else { Err(at) })
    }
}

impl<K: Serialize, V: Serialize> Serialize for Sorted<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Sorted<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Reader<K, V> {
            type Value = Sorted<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut sorted = Sorted::new();
                while let Some((key, value)) = map.next_entry()? {
                    sorted.insert(key, value);
                }
                Ok(sorted)
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

/// How many of the first of `count` things are below what is looked for.
fn place(count: usize, is_below: &dyn Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from.midpoint(to);
        if is_below(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

/// The things in the order of their keys; those of equal ones as they were.
///
/// The keys are sorted, and the things follow: what is compiled once more is a map, where no other has that type of key.
pub fn in_order<T, K: Ord>(things: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut places = Sorted::new();
    for (place, thing) in things.iter().enumerate() {
        places.insert((key(thing), place), ());
    }
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    places.keys().filter_map(|(_, place)| things.get_mut(*place)?.take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many lists it has, where all are of lawful length.
    fn lists(sorted: &Sorted<u32, ()>) -> usize {
        let lists = sorted.lists();
        let lawful = |list: &Vec<_>| list.len() <= FULL && (lists.len() == 1 || !list.is_empty());
        assert!(lists.iter().all(lawful), "{:?}", lists.iter().map(Vec::len).collect::<Vec<_>>());
        assert_eq!(matches!(sorted.0, Form::Short(_)), lists.len() == 1);
        lists.len()
    }

    #[test]
    fn lists_are_neither_long_nor_many() {
        const COUNT: u32 = 20 * FULL as u32;
        // In order: full lists. In reverse and scattered: half full at least.
        for (step, most) in [(1, 21), (u32::MAX, 41), (0x9e37_79b9, 41)] {
            let key = |n: u32| n.wrapping_mul(step);
            let mut sorted = Sorted::new();
            for n in 0..COUNT {
                sorted.insert(key(n), ());
                lists(&sorted);
            }
            assert!(lists(&sorted) <= most, "{} lists", lists(&sorted));
            // Every second one, then all but a few: what is left takes no more lists than it needs.
            for n in (0..COUNT).step_by(2).chain((1..COUNT - 20).step_by(2)) {
                sorted.remove(&key(n));
                lists(&sorted);
            }
            assert_eq!((sorted.len(), lists(&sorted)), (10, 1));
        }
    }
}
