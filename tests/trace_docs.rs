//! `docs/trace.md` names every kind of event and every level, and its examples are lines that a trace could hold.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::Kind;
use glassbroker::export::ledger::Form;
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::trace::Level;
use std::collections::BTreeSet;

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

/// The first cells of the rows below a heading.
fn first_cells(heading: &str) -> Vec<&'static str> {
    let (_, table) = DOCS.split_once(heading).unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.split('|').nth(1).unwrap().trim().trim_matches('`')).collect()
}

#[test]
fn every_column_of_the_ledger_has_its_row_in_order() {
    let mut head = String::new();
    Form::Csv.begin(&mut head);
    assert_eq!(first_cells("## The ledger as a table"), head.trim_end().split(',').collect::<Vec<_>>());
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

/// Every key of an object and of what is in it.
fn keys(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, inner) in entries {
                into.insert(key.clone());
                // The properties are named by the standard.
                if key != "properties" {
                    keys(inner, into);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

#[test]
fn every_field_that_occurs_is_described() {
    let mut seen = BTreeSet::new();
    for document in [
        include_str!("scenario/full.json"),
        include_str!("../www/lessons/qos.json"),
        include_str!("../www/lessons/replay.json"),
        include_str!("../www/lessons/will.json"),
    ] {
        let plan = compile(&parse(document).unwrap(), &Overrides::default()).unwrap();
        let mut run = Run::new(&plan.setup).unwrap();
        while !run.advance_to(run.until(), 100_000).done {}
        for line in run.trace().text().lines().skip(1) {
            keys(&serde_json::from_str(line).unwrap(), &mut seen);
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
    for key in seen {
        assert!(
            DOCS.contains(&format!("`{key}`")) || DOCS.contains(&format!("\"{key}\"")),
            "`{key}` is not described"
        );
    }
}
