//! Random filters and names: the subscription tree and the store of names agree with the plain definition of matching.
#![cfg(not(target_arch = "wasm32"))]

use glassbroker::topic::{Names, ParentMatch, Tree, check_filter, check_name, matches};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A level of a name: few texts, so that they often meet; `$`, empty and long ones, and neighbours of `/` in the order.
fn level() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just("a"),
        3 => Just("b"),
        1 => Just(""),
        1 => Just("$a"),
        1 => Just("a-b"),
        1 => Just("a level that is longer than a node holds"),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let levels = prop_oneof![8 => vec(level(), 1..5), 1 => vec(level(), 5..40)];
    levels.prop_map(|levels| levels.join("/")).prop_filter("valid", |name| check_name(name).is_ok())
}

fn filter() -> impl Strategy<Value = String> {
    let level = prop_oneof![3 => level(), 2 => Just("+")];
    let levels = prop_oneof![8 => vec(level.clone(), 0..5), 1 => vec(level, 5..40)];
    (levels, any::<bool>())
        .prop_map(|(mut levels, rest)| {
            if rest || levels.is_empty() {
                levels.push("#");
            }
            levels.join("/")
        })
        .prop_filter("valid", |filter| check_filter(filter).is_ok())
}

fn parent() -> impl Strategy<Value = ParentMatch> {
    prop_oneof![Just(ParentMatch::Included), Just(ParentMatch::Excluded)]
}

/// The order that the store of names promises: level by level.
fn levels(name: &str) -> Vec<&str> {
    name.split('/').collect()
}

#[derive(Clone, Debug)]
enum Change {
    Insert(String, u32, u32),
    Remove(String, u32),
    RemoveSome(usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        4 => (filter(), 0u32..4, any::<u32>()).prop_map(|(filter, key, value)| Change::Insert(filter, key, value)),
        1 => (filter(), 0u32..4).prop_map(|(filter, key)| Change::Remove(filter, key)),
        2 => any::<usize>().prop_map(Change::RemoveSome),
    ];
    vec(change, 1..120)
}

proptest! {
    #[test]
    fn the_tree_finds_what_matches_after_any_changes(changes in changes(), names in vec(name(), 1..20), parent in parent()) {
        let mut tree = Tree::new();
        let mut model: BTreeMap<(String, u32), u32> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Insert(filter, key, value) => {
                    prop_assert_eq!(tree.insert(&filter, key, value), model.insert((filter, key), value));
                }
                Change::Remove(filter, key) => {
                    prop_assert_eq!(tree.remove(&filter, key), model.remove(&(filter, key)));
                }
                Change::RemoveSome(n) => {
                    let Some(chosen) = model.keys().nth(n % model.len().max(1)).cloned() else { continue };
                    prop_assert_eq!(tree.remove(&chosen.0, chosen.1), model.remove(&chosen));
                }
            }
            prop_assert_eq!(tree.len(), model.len());
        }
        for ((filter, key), value) in &model {
            prop_assert_eq!(tree.get(filter, *key), Some(value));
        }
        for name in names {
            let mut found = Vec::new();
            tree.for_each_match(&name, parent, |key, value| found.push((key, *value)));
            found.sort_unstable();
            let mut expected: Vec<(u32, u32)> = model
                .iter()
                .filter(|((filter, _), _)| matches(filter, &name, parent))
                .map(|((_, key), value)| (*key, *value))
                .collect();
            expected.sort_unstable();
            prop_assert_eq!(found, expected, "{}", name);
        }
    }

    #[test]
    fn the_store_finds_what_a_filter_matches_in_order(
        changes in vec((name(), any::<bool>()), 1..150), filters in vec(filter(), 1..20), parent in parent(),
    ) {
        let mut names = Names::new();
        let mut model: BTreeMap<String, usize> = BTreeMap::new();
        for (n, (name, keep)) in changes.into_iter().enumerate() {
            if keep || !model.contains_key(&name) {
                prop_assert_eq!(names.insert(&name, n), model.insert(name, n));
            } else {
                prop_assert_eq!(names.remove(&name), model.remove(&name));
            }
            prop_assert_eq!(names.len(), model.len());
        }
        let mut expected: Vec<(&str, usize)> = model.iter().map(|(name, n)| (&**name, *n)).collect();
        expected.sort_by_key(|(name, _)| levels(name));
        let all: Vec<(&str, usize)> = names.iter().map(|(name, n)| (name, *n)).collect();
        prop_assert_eq!(&all, &expected);
        for filter in filters {
            let mut found = Vec::new();
            names.for_each_match(&filter, parent, |name, n| found.push((name.to_owned(), *n)));
            let expected: Vec<(String, usize)> = expected
                .iter()
                .filter(|(name, _)| matches(&filter, name, parent))
                .map(|(name, n)| ((*name).to_owned(), *n))
                .collect();
            prop_assert_eq!(found, expected, "{}", filter);
        }
    }

    #[test]
    fn any_text_is_refused_or_matched_without_a_panic(filter in ".{0,12}|[$share/+#a]{0,20}", name in ".{0,12}|[a/+#$]{0,12}") {
        let _ = check_name(&name);
        let _ = check_filter(&filter);
        let _ = matches(&filter, &name, ParentMatch::Included);
        let mut tree = Tree::new();
        tree.insert(&filter, 1, ());
        tree.for_each_match(&name, ParentMatch::Included, |_, ()| {});
        prop_assert_eq!(tree.remove(&filter, 1), Some(()));
        let mut names = Names::new();
        names.insert(&name, ());
        names.for_each_match(&filter, ParentMatch::Excluded, |_, ()| {});
        prop_assert_eq!(names.remove(&name), Some(()));
    }
}
