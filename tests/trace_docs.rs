//! `docs/trace.md` names every kind of event and every level, and its examples are lines that a trace could hold.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::Kind;
use glassbroker::trace::Level;

const DOCS: &str = include_str!("../docs/trace.md");

#[test]
fn every_kind_has_its_row_and_every_row_its_kind() {
    let (_, table) = DOCS.split_once("## The kinds").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let mut documented: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.split('|').nth(1).unwrap().split(','))
        .map(|kind| kind.trim().trim_matches('`'))
        .collect();
    let mut kinds: Vec<&str> = Kind::all().map(Kind::name).collect();
    documented.sort_unstable();
    kinds.sort_unstable();
    assert_eq!(documented, kinds);
}

#[test]
fn every_level_is_described() {
    for level in [Level::Full, Level::Packets, Level::Totals] {
        assert!(DOCS.contains(&format!("`{}`", level.name())), "{}", level.name());
    }
}

#[test]
fn the_examples_are_json() {
    for example in DOCS.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        assert!(serde_json::from_str::<serde_json::Value>(example).is_ok(), "{example}");
    }
}
