//! The project's map does what the standard library's does, however long it is.
#![cfg(not(target_arch = "wasm32"))]

use glassbroker::sorted::Sorted;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Many changes of one kind, so that lists fill, are cut, empty and join.
#[derive(Clone, Debug)]
enum Changes {
    /// So many keys from the first on, a step apart.
    Insert { first: u16, step: u16, count: u16 },
    /// The same, taken out.
    Remove { first: u16, step: u16, count: u16 },
    /// So many from the front.
    Pop(u16),
}

fn changes() -> impl Strategy<Value = Vec<Changes>> {
    // Steps of 1 and 65,535 are the keys in order and in reverse; others scatter them.
    let step = || prop_oneof![Just(1u16), Just(u16::MAX), any::<u16>()];
    let count = || prop_oneof![2 => 0u16..8, 1 => 0u16..2_000];
    let change = prop_oneof![
        3 => (any::<u16>(), step(), count()).prop_map(|(first, step, count)| Changes::Insert { first, step, count }),
        2 => (any::<u16>(), step(), count()).prop_map(|(first, step, count)| Changes::Remove { first, step, count }),
        1 => count().prop_map(Changes::Pop),
    ];
    vec(change, 0..24)
}

fn keys(first: u16, step: u16, count: u16) -> impl Iterator<Item = u16> {
    (0..count).map(move |n| first.wrapping_add(n.wrapping_mul(step)))
}

fn assert_same(sorted: &Sorted<u16, usize>, standard: &BTreeMap<u16, usize>) {
    assert!(sorted.iter().eq(standard.iter()));
    assert!(sorted.keys().eq(standard.keys()));
    assert!(sorted.values().eq(standard.values()));
    assert_eq!(sorted.len(), standard.len());
    let mut rebuilt = Sorted::new();
    standard.iter().for_each(|(key, value)| _ = rebuilt.insert(*key, *value));
    assert!(*sorted == rebuilt, "maps are equal whatever their histories");
    assert_eq!(sorted.is_empty(), standard.is_empty());
    assert_eq!(sorted.first().copied(), standard.first_key_value().map(|(key, value)| (*key, *value)));
    let mut each = Vec::new();
    sorted.for_each(&mut |key, value| each.push((*key, *value)));
    assert!(each.iter().map(|(key, value)| (key, value)).eq(standard.iter()));
}

proptest! {
    #[test]
    fn it_does_what_the_standard_map_does(changes in changes()) {
        let (mut sorted, mut standard) = (Sorted::new(), BTreeMap::new());
        for (value, change) in changes.into_iter().enumerate() {
            match change {
                Changes::Insert { first, step, count } => {
                    for key in keys(first, step, count) {
                        prop_assert_eq!(sorted.insert(key, value), standard.insert(key, value));
                    }
                }
                Changes::Remove { first, step, count } => {
                    for key in keys(first, step, count) {
                        prop_assert_eq!(sorted.get(&key), standard.get(&key));
                        prop_assert_eq!(sorted.get_mut(&key), standard.get_mut(&key));
                        prop_assert_eq!(sorted.contains(&key), standard.contains_key(&key));
                        prop_assert_eq!(sorted.remove(&key), standard.remove(&key));
                    }
                }
                Changes::Pop(count) => {
                    for _ in 0..count {
                        prop_assert_eq!(sorted.pop_first(), standard.pop_first());
                    }
                }
            }
            assert_same(&sorted, &standard);
            assert_same(&sorted.clone(), &standard);
        }
    }
}

#[test]
fn a_map_is_no_larger_than_a_list() {
    assert_eq!(size_of::<Sorted<u32, u64>>(), size_of::<Vec<u32>>());
}
