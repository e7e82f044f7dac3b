//! What one look-up in the subscription tree costs, by how much is subscribed and how much matches.
//!
//! `cargo bench --bench matching`. Each line is the fastest of many short rounds, in nanoseconds of wall time: what disturbs
//! a measurement only makes it slower, and a short round has the chance that nothing does.

use glassbroker::topic::{Names, ParentMatch, Tree};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 24;
/// In one round.
const LOOKUPS: usize = 10_000;
/// How many different names are looked up, so that none is in the cache from the time before.
const NAMES: u32 = 200_000;

fn main() {
    println!("{:<52} {:>12} {:>10} {:>9}", "look-up", "subscribed", "matched", "ns");
    for subscribed in [1_000u32, 100_000, 1_000_000] {
        subscriptions(subscribed);
    }
    fan_out();
    for stored in [1_000u32, 100_000, 1_000_000] {
        retained(stored);
    }
}

/// A device's own filter, one for each subscriber, in the four ways that people write them.
fn subscriptions(subscribed: u32) {
    let topics: Vec<String> = scattered(subscribed).map(|n| format!("plant/{n}/status")).collect();
    for (what, filter) in [
        ("one of many names, `plant/7/status`", "plant/{}/status"),
        ("one of many `plant/7/+`", "plant/{}/+"),
        ("one of many `plant/7/#`", "plant/{}/#"),
        ("one of many `+/7/+`", "+/{}/+"),
    ] {
        let start = Instant::now();
        let mut tree = Tree::new();
        for n in 0..subscribed {
            tree.insert(&filter.replace("{}", &n.to_string()), n, n);
        }
        let insert_ns = start.elapsed().as_nanos() as f64 / f64::from(subscribed);
        report(what, subscribed, &topics, |topic| count(&tree, topic));
        if filter == "plant/{}/status" {
            let elsewhere = [String::from("a/b")];
            report("nothing, `a/b`", subscribed, &elsewhere, |topic| count(&tree, topic));
            tree.insert("a/b", 0, 0);
            report("one short name, `a/b`", subscribed, &elsewhere, |topic| count(&tree, topic));
            tree.insert("#", 0, 0);
            tree.insert("plant/+/status", 0, 0);
            report("its name, `plant/+/status` and `#`", subscribed, &topics, |topic| count(&tree, topic));
            println!("{:<52} {subscribed:>12} {:>10} {insert_ns:>9.0}", "(adding one)", "");
            let start = Instant::now();
            for n in 0..subscribed {
                tree.remove(&filter.replace("{}", &n.to_string()), n);
            }
            let remove_ns = start.elapsed().as_nanos() as f64 / f64::from(subscribed);
            println!("{:<52} {subscribed:>12} {:>10} {remove_ns:>9.0}", "(removing one)", "");
        }
    }
}

/// One filter with a thousand subscribers, and a million subscribers of one filter.
fn fan_out() {
    for subscribed in [1_000u32, 1_000_000] {
        let mut tree = Tree::new();
        for n in 0..subscribed {
            tree.insert("news/+", n, n);
        }
        let topics = vec![String::from("news/today"); 1_000_000 / subscribed as usize];
        report("all, `news/+`", subscribed, &topics, |topic| count(&tree, topic));
    }
}

/// Retained messages, asked with a new subscription's filter.
fn retained(stored: u32) {
    let mut names = Names::new();
    for n in 0..stored {
        names.insert(&format!("plant/{n}/status"), n);
        names.insert(&format!("plant/{n}/alerts"), n);
    }
    for (what, filter) in [
        ("retained: one exact name", "plant/{}/status"),
        ("retained: `plant/7/+`", "plant/{}/+"),
        ("retained: `plant/7/#`", "plant/{}/#"),
    ] {
        let filters: Vec<String> = scattered(stored).map(|n| filter.replace("{}", &n.to_string())).collect();
        report(what, 2 * stored, &filters, |filter| {
            let mut found = 0;
            names.for_each_match(filter, ParentMatch::Included, |_, _| found += 1);
            found
        });
    }
    let all = [String::from("plant/+/status")];
    report("retained: half of all, `plant/+/status`", 2 * stored, &all, |filter| {
        let mut found = 0;
        names.for_each_match(filter, ParentMatch::Included, |_, _| found += 1);
        found
    });
}

/// Numbers below `bound` in an order that no cache foresees.
fn scattered(bound: u32) -> impl Iterator<Item = u32> {
    (0..bound.min(NAMES)).map(move |n| (u64::from(n) * 2_654_435_761 % u64::from(bound)) as u32)
}

fn count(tree: &Tree<u32>, topic: &str) -> u64 {
    let mut found = 0;
    tree.for_each_match(topic, ParentMatch::Included, |_, value| found += 1 + u64::from(*value == u32::MAX));
    found
}

fn report(what: &str, subscribed: u32, topics: &[String], look_up: impl Fn(&str) -> u64) {
    let matched = look_up(&topics[0]);
    let lookups = (LOOKUPS as u64 / matched.max(1)).max(1) as usize;
    let mut topics = topics.iter().cycle();
    // Look-ups of many milliseconds are disturbed anyway.
    let rounds = if matched > 50_000 { ROUNDS / 8 } else { ROUNDS };
    let mut rounds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            for topic in topics.by_ref().take(lookups) {
                black_box(look_up(black_box(topic)));
            }
            start.elapsed().as_nanos() as f64 / lookups as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("{what:<52} {subscribed:>12} {matched:>10} {:>9.1}", rounds[0]);
}
