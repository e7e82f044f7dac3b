//! Topic Names and Topic Filters: what is valid, and what matches what (rows T1 to T5).

use glassbroker::rule::{v3, v5};
use glassbroker::topic::{
    Filter, Names, ParentMatch, Problem, Tree, check_filter, check_name, check_plain_filter, matches,
};
use glassbroker::wire::Version;

/// The names that each of the three ways of matching finds, which must agree.
fn matched<'a>(filter: &str, names: &[&'a str], parent: ParentMatch) -> Vec<&'a str> {
    assert!(check_filter(filter).is_ok(), "{filter} is valid");
    let mut tree = Tree::new();
    tree.insert(filter, 0, ());
    let mut store = Names::new();
    for name in names {
        assert_eq!(check_name(name), Ok(()), "{name} is valid");
        store.insert(name, ());
    }
    let plain: Vec<&str> = names.iter().copied().filter(|name| matches(filter, name, parent)).collect();
    let by_tree: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| {
            let mut found = 0;
            tree.for_each_match(name, parent, |_, ()| found += 1);
            assert!(found <= 1, "{filter} found {name} {found} times");
            found == 1
        })
        .collect();
    let mut by_store = Vec::new();
    store.for_each_match(filter, parent, |name, ()| by_store.push(name.to_owned()));
    assert_eq!(by_tree, plain, "{filter} in the subscription tree");
    let mut sorted = plain.clone();
    sorted.sort_by_key(|name| name.split('/').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(by_store, sorted, "{filter} in the store of names");
    plain
}

const EXERCISE_ONE: [&str; 5] = [
    "factory/1/machine/1/status",
    "factory/1/machine/32/status",
    "factory/2/machine/7/status",
    "office/7/machine/23/status",
    "office/8/sensor/42/measurements",
];

const EXERCISE_TWO: [&str; 7] = [
    "factory/1/machine/1/status",
    "factory/1/machine/1/alerts",
    "factory/2/machine/3/status",
    "factory/1/vehicle/1/alerts",
    "office/1/machine/23/status",
    "office/2/machine/16/status",
    "office/2/machine/16/alerts",
];

/// [T1] [MQTT-4.7.3-1]
#[test]
fn a_name_may_hold_almost_any_character() {
    for name in
        ["a", "/", "//", "Zürich/Büro 7", "日本/温度", "a b", "$SYS/broker/uptime", "\u{feff}x", "a\tb"]
    {
        assert_eq!(check_name(name), Ok(()), "{name}");
        assert_eq!(check_filter(name), Ok(Filter { share: None, filter: name }));
    }
}

/// [T1] [MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-4.7.3-3] [3.1.1 MQTT-4.7.1-1] [5.0 MQTT-4.7.0-1]
#[test]
fn a_wrong_name_is_explained_with_its_place_and_rule() {
    let long = "x".repeat(65_536);
    for (name, problem, offset, in_3, in_5) in [
        ("", Problem::Empty, 0, "MQTT-4.7.3-1", "MQTT-4.7.3-1"),
        (&*long, Problem::TooLong, 65_535, "MQTT-4.7.3-3", "MQTT-4.7.3-3"),
        ("a/\0", Problem::Nul, 2, "MQTT-4.7.3-2", "MQTT-4.7.3-2"),
        ("a/+/b", Problem::WildcardInName, 2, "MQTT-4.7.1-1", "MQTT-4.7.0-1"),
        ("ä#", Problem::WildcardInName, 2, "MQTT-4.7.1-1", "MQTT-4.7.0-1"),
    ] {
        let error = check_name(name).unwrap_err();
        assert_eq!((error.problem, error.offset), (problem, offset));
        assert_eq!((error.rule(Version::V3), error.rule(Version::V5)), (v3(in_3), v5(in_5)));
        assert_eq!(error.to_string(), format!("at byte {offset}: {}", error.what()));
    }
    assert_eq!(check_name(&long[1..]), Ok(()));
}

/// [T1] [MQTT-4.7.3-4]
#[test]
fn names_are_levels_and_case_spaces_and_empty_levels_count() {
    let names = ["a/b", "A/b", "/a/b", "a/b/", "a /b", "a//b"];
    assert_eq!(matched("a/b", &names, ParentMatch::Included), ["a/b"]);
    assert_eq!(matched("a/+/b", &names, ParentMatch::Included), ["a//b"]);
    assert_eq!(matched("+/a/b", &names, ParentMatch::Included), ["/a/b"]);
    assert_eq!(matched("a/b/+", &names, ParentMatch::Included), ["a/b/"]);
    assert_eq!(matched("/+", &["/finance", "finance"], ParentMatch::Included), ["/finance"]);
    assert_eq!(matched("+/+", &["/finance", "finance"], ParentMatch::Included), ["/finance"]);
    assert_eq!(matched("+", &["/finance", "finance"], ParentMatch::Included), ["finance"]);
}

/// [T1] [MQTT-4.7.3-4]
#[test]
fn names_are_compared_without_normalising() {
    // U+00E9, and `e` with U+0301: alike to the eye, not to the broker ([MQTT-4.7.3-4]).
    assert_eq!(matched("caf\u{e9}", &["caf\u{e9}", "cafe\u{301}"], ParentMatch::Included), ["caf\u{e9}"]);
}

/// [T1] [MQTT-4.7.2-1]
#[test]
fn names_that_begin_with_a_dollar_are_hidden_from_leading_wildcards() {
    let names = ["$SYS/monitor/Clients", "$SYS/", "SYS/monitor/Clients", "$x", "a/$b"];
    assert_eq!(matched("#", &names, ParentMatch::Included), ["SYS/monitor/Clients", "a/$b"]);
    assert_eq!(matched("+/monitor/Clients", &names, ParentMatch::Included), ["SYS/monitor/Clients"]);
    assert_eq!(matched("+", &names, ParentMatch::Included), [""; 0]);
    assert_eq!(matched("$SYS/#", &names, ParentMatch::Included), ["$SYS/monitor/Clients", "$SYS/"]);
    assert_eq!(matched("$SYS/monitor/+", &names, ParentMatch::Included), ["$SYS/monitor/Clients"]);
    assert_eq!(matched("+/+", &names, ParentMatch::Included), ["a/$b"]);
}

/// [T2] [3.1.1 MQTT-4.7.1-2, MQTT-4.7.1-3] [5.0 MQTT-4.7.1-1, MQTT-4.7.1-2]
#[test]
fn wildcards_fill_their_level_and_hash_ends_the_filter() {
    for filter in ["#", "+", "+/#", "/#", "/+", "+/+/+", "a/+/#", "a/+/b/+/#", "+//+"] {
        assert_eq!(check_filter(filter), Ok(Filter { share: None, filter }));
        assert_eq!(check_plain_filter(filter), Ok(()));
    }
    for (filter, problem, offset) in [
        ("sport/tennis#", Problem::HashPlace, 12),
        ("sport/tennis/#/ranking", Problem::HashPlace, 13),
        ("##", Problem::HashPlace, 0),
        ("#/", Problem::HashPlace, 0),
        ("+#", Problem::PlusPlace, 0),
        ("a/#b", Problem::HashPlace, 2),
        ("sport+", Problem::PlusPlace, 5),
        ("a/+b/c", Problem::PlusPlace, 2),
        ("a/b+/c", Problem::PlusPlace, 3),
        ("++", Problem::PlusPlace, 0),
        ("", Problem::Empty, 0),
        ("a\0", Problem::Nul, 1),
    ] {
        for error in [check_filter(filter).unwrap_err(), check_plain_filter(filter).unwrap_err()] {
            assert_eq!((error.problem, error.offset), (problem, offset), "{filter}");
        }
    }
    let error = check_filter("a/#/b").unwrap_err();
    assert_eq!(error.rule(Version::V3), v3("MQTT-4.7.1-2"));
    assert_eq!(error.rule(Version::V5), v5("MQTT-4.7.1-1"));
    let error = check_filter("a+").unwrap_err();
    assert_eq!(error.rule(Version::V3), v3("MQTT-4.7.1-3"));
    assert_eq!(error.rule(Version::V5), v5("MQTT-4.7.1-2"));
}

/// [T2] [3.1.1 MQTT-4.7.1-2, MQTT-4.7.1-3] [5.0 MQTT-4.7.1-1, MQTT-4.7.1-2]
#[test]
fn the_examples_of_the_specification_hold() {
    let names = [
        "sport/tennis/player1",
        "sport/tennis/player1/ranking",
        "sport/tennis/player1/score/wimbledon",
        "sport/tennis/player2",
        "sport",
        "sport/",
    ];
    let matched = |filter| matched(filter, &names, ParentMatch::Included);
    assert_eq!(matched("sport/tennis/player1/#"), names[..3]);
    assert_eq!(matched("sport/#"), names);
    assert_eq!(matched("sport/tennis/+"), ["sport/tennis/player1", "sport/tennis/player2"]);
    assert_eq!(matched("sport/+"), ["sport/"]);
    assert_eq!(matched("sport/+/player1"), ["sport/tennis/player1"]);
    assert_eq!(matched("+/tennis/#"), names[..4]);
}

/// [T3]
#[test]
fn hash_takes_the_rest_of_the_tree() {
    let names = EXERCISE_ONE;
    let matched = |filter| matched(filter, &names, ParentMatch::Included);
    assert_eq!(matched("factory/1/machine/#"), names[..2]);
    assert_eq!(matched("factory/#"), names[..3]);
    assert_eq!(matched("#"), names);
    assert_eq!(matched("office/#"), names[3..]);
}

/// [T3]
#[test]
fn a_later_name_falls_under_an_earlier_filter() {
    let mut tree = Tree::new();
    tree.insert("factory/1/machine/#", 1, "first");
    let mut found = Vec::new();
    tree.for_each_match("factory/1/machine/1/measurements", ParentMatch::Included, |key, value| {
        found.push((key, *value));
    });
    assert_eq!(found, [(1, "first")]);
}

/// [T4]
#[test]
fn plus_takes_one_level() {
    let names = EXERCISE_TWO;
    let matched = |filter| matched(filter, &names, ParentMatch::Included);
    assert_eq!(matched("factory/+/machine/+/status"), [names[0], names[2]]);
    assert_eq!(matched("+/+/machine/+/alerts"), [names[1], names[6]]);
    assert_eq!(matched("factory/+/machine/#"), [names[0], names[1], names[2]]);
}

/// [T5]
#[test]
fn whether_hash_matches_its_parent_is_the_profiles_choice() {
    let names = ["sensor", "sensor/", "sensor/temperature", "sensor/temperature/room1", "sensors"];
    assert_eq!(matched("sensor/#", &names, ParentMatch::Included), names[..4]);
    assert_eq!(matched("sensor/#", &names, ParentMatch::Excluded), names[1..4]);
    assert_eq!(matched("+/#", &names, ParentMatch::Included), names);
    assert_eq!(matched("+/#", &names, ParentMatch::Excluded), names[1..4]);
    assert_eq!(matched("#", &names, ParentMatch::Excluded), names);
}

/// [H1] [MQTT-4.8.2-1, MQTT-4.8.2-2]
#[test]
fn a_shared_filter_is_taken_apart() {
    for (text, share, filter) in [
        ("$share/consumer1/sports/#", Some("consumer1"), "sports/#"),
        ("$share/c//a", Some("c"), "/a"),
        ("$share/c/#", Some("c"), "#"),
        ("$share/ü 1/$SYS/x", Some("ü 1"), "$SYS/x"),
        ("$share", None, "$share"),
        ("$shared/a/b", None, "$shared/a/b"),
        ("a/$share/b", None, "a/$share/b"),
    ] {
        assert_eq!(check_filter(text), Ok(Filter { share, filter }), "{text}");
        assert_eq!(check_plain_filter(text), Ok(()));
    }
}

/// [H1] [MQTT-4.8.2-1, MQTT-4.8.2-2]
#[test]
fn a_wrong_shared_filter_is_explained() {
    for (text, problem, offset, rule) in [
        ("$share/", Problem::ShareNameEmpty, 7, "MQTT-4.8.2-1"),
        ("$share//a", Problem::ShareNameEmpty, 7, "MQTT-4.8.2-1"),
        ("$share/a+/b", Problem::ShareNameWildcard, 8, "MQTT-4.8.2-2"),
        ("$share/#", Problem::ShareNameWildcard, 7, "MQTT-4.8.2-2"),
        ("$share/g", Problem::ShareWithoutFilter, 8, "MQTT-4.8.2-2"),
        ("$share/g/", Problem::ShareWithoutFilter, 9, "MQTT-4.8.2-2"),
        ("$share/g/a+", Problem::PlusPlace, 10, "MQTT-4.7.1-2"),
        ("$share/g/#/a", Problem::HashPlace, 9, "MQTT-4.7.1-1"),
    ] {
        let error = check_filter(text).unwrap_err();
        assert_eq!((error.problem, error.offset), (problem, offset), "{text}");
        assert_eq!(error.rule(Version::V5), v5(rule));
    }
}

#[test]
fn a_subscription_is_replaced_found_and_removed_by_filter_and_key() {
    let mut tree = Tree::new();
    assert_eq!(tree.insert("a/+", 1, "one"), None);
    assert_eq!(tree.insert("a/+", 2, "two"), None);
    assert_eq!(tree.insert("a/+", 1, "uno"), Some("one"));
    assert_eq!(tree.len(), 2);
    assert_eq!((tree.get("a/+", 1), tree.get("a/b", 1), tree.get("a", 1)), (Some(&"uno"), None, None));
    let copy = tree.clone();
    assert_eq!(tree.remove("a/+", 3), None);
    assert_eq!(tree.remove("a/b", 1), None);
    assert_eq!(tree.remove("a/+", 1), Some("uno"));
    assert_eq!(tree.remove("a/+", 1), None);
    assert_eq!((tree.len(), copy.len()), (1, 2));
    assert_eq!(copy.get("a/+", 1), Some(&"uno"));
    assert_eq!(tree.remove("a/+", 2), Some("two"));
    assert!(tree.is_empty());
    tree.for_each_match("a/b", ParentMatch::Included, |_, _| panic!("nothing is subscribed"));
}

#[test]
fn the_order_of_matches_depends_on_what_is_subscribed_only() {
    let filters = ["#", "a/#", "a/b", "a/+", "+/b", "+/#", "+/+", "a/b/#"];
    let order = |tree: &Tree<&'static str>| {
        let mut found = Vec::new();
        tree.for_each_match("a/b", ParentMatch::Included, |key, value| found.push((*value, key)));
        found
    };
    let mut one = Tree::new();
    let mut two = Tree::new();
    for filter in filters {
        one.insert(filter, 7, filter);
        one.insert(filter, 3, filter);
    }
    two.insert("a/c", 1, "a/c");
    for filter in filters.iter().rev() {
        two.insert(filter, 3, filter);
        two.insert(filter, 7, filter);
    }
    two.remove("a/c", 1);
    assert_eq!(order(&one), order(&two));
    let expected = ["#", "a/#", "a/b/#", "a/b", "a/+", "+/#", "+/b", "+/+"];
    assert_eq!(order(&one), expected.map(|filter| [(filter, 3), (filter, 7)]).concat());
}

#[test]
fn a_filter_with_thousands_of_subscribers_keeps_them_in_order() {
    let mut tree = Tree::new();
    let keys = |tree: &Tree<u32>| {
        let mut keys = Vec::new();
        tree.for_each_match("news", ParentMatch::Included, |key, value| {
            assert_eq!(key + 1, *value);
            keys.push(key);
        });
        keys
    };
    // 7 and 5,000 have no common factor: each key once, scattered.
    for n in 0..5_000 {
        let key = n * 7 % 5_000;
        assert_eq!(tree.insert("news", key, key + 1), None);
    }
    assert_eq!(keys(&tree), (0..5_000).collect::<Vec<_>>());
    for n in 0..4_990 {
        let key = n * 7 % 5_000;
        assert_eq!(tree.get("news", key), Some(&(key + 1)));
        assert_eq!(tree.remove("news", key), Some(key + 1));
    }
    let mut left: Vec<u32> = (4_990..5_000).map(|n| n * 7 % 5_000).collect();
    left.sort_unstable();
    assert_eq!(keys(&tree), left);
}

#[test]
fn the_deepest_topic_is_matched_without_trouble() {
    let slashes = "/".repeat(65_535);
    let pluses = "+/".repeat(32_767) + "+";
    let name = "a/".repeat(32_767) + "a";
    let mut tree = Tree::new();
    for (key, filter) in [&*slashes, &pluses, &name, "#", "+/#"].into_iter().enumerate() {
        assert!(check_filter(filter).is_ok());
        tree.insert(filter, key as u32, ());
    }
    // Every level has text and `+`, and the text leads nowhere in the end.
    let astray = format!("{}b", &name[..name.len() - 1]);
    let found = |name: &str| {
        let mut keys = Vec::new();
        tree.for_each_match(name, ParentMatch::Included, |key, ()| keys.push(key));
        keys.sort_unstable();
        keys
    };
    assert_eq!(found(&name), [1, 2, 3, 4]);
    assert_eq!(found(&astray), [1, 3, 4]);
    assert_eq!(found(&slashes), [0, 3, 4]);
    assert_eq!(found(&slashes[1..]), [3, 4]);
    let mut names = Names::new();
    names.insert(&slashes, 0);
    names.insert(&name, 1);
    names.insert(&astray, 2);
    let found = |filter: &str| {
        let mut values = Vec::new();
        names.for_each_match(filter, ParentMatch::Included, |_, value| values.push(*value));
        values
    };
    assert_eq!(found(&pluses), [1, 2]);
    assert_eq!(found(&slashes), [0]);
    assert_eq!(found("#"), [0, 1, 2]);
}
