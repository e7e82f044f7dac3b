//! What the simulator must be able to show, row by row, and `docs/behaviours.md`.

use crate::citations::{Catalogue, Citations, Named};
use crate::page::{rule_name, test_links};
use std::collections::BTreeSet;
use std::fmt::Write;

const TABLE: &str = include_str!("behaviours.tsv");

const BEFORE: &str = "# Behaviours

What the simulator must be able to show. Each row is a behaviour of the broker, a thing that the user can see and try, and a
test; where a row has none, or for a part of it, it says so. In the sentences `std` is the profile `mqtt`, `aws` the profile
`aws-iot-core` and, unless a row says otherwise, its older editions (`-2023`, `-2022`), `old` the edition
`aws-iot-core-2020`.

This page is written by a test, from `tests/conformance/behaviours.tsv` and from the tags of the tests
(`UPDATE_DOCS=1 cargo test --test conformance`). [conformance.md](conformance.md) has the statements.
";

/// One behaviour.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    profiles: &'static str,
    /// The rules that it is about, as tags name them, with semicolons between.
    rules: &'static str,
    behaviour: &'static str,
    /// What of it no test shows, where some show the rest.
    open: &'static str,
}

/// All rows, in the order of the table.
pub(crate) fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter_map(row)
}

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split('\t');
    let id = columns.next().filter(|id| !id.starts_with('#'))?;
    let mut next = || columns.next().unwrap_or_default();
    Some(Row { id, profiles: next(), rules: next(), behaviour: next(), open: next() })
}

/// The page; what is wrong with the table goes to `wrong`.
pub(crate) fn page(citations: &Citations, wrong: &mut Vec<String>) -> String {
    let catalogue = Catalogue::new();
    let mut page = BEFORE.to_owned();
    let mut red = Vec::new();
    let mut tables = String::new();
    for line in TABLE.lines().skip(1) {
        let Some(row) = row(line) else {
            let area = line.trim_start_matches(['#', ' ']);
            let _ = write!(
                tables,
                "\n## {area}\n\n| row | behaviour | profiles | rules | tests |\n| --- | --- | --- | --- | --- |\n"
            );
            continue;
        };
        let none = BTreeSet::new();
        let tests = citations.tests.get(&Named::Row(row.id.to_owned())).unwrap_or(&none);
        if tests.is_empty() {
            red.push(row.id);
            if !row.open.is_empty() {
                wrong.push(format!("row {}: no test shows any of it, and yet it says what is open", row.id));
            }
        }
        let shown = match (tests.is_empty(), row.open) {
            (true, _) => "**no test yet**".to_owned(),
            (false, "") => test_links(tests),
            (false, open) => format!("{}; **no test yet**: {open}", test_links(tests)),
        };
        let behaviour = row.behaviour.replace('|', "\\|");
        let rules = rules(&catalogue, &row, wrong);
        let _ = writeln!(tables, "| {} | {behaviour} | {} | {rules} | {shown} |", row.id, row.profiles);
    }
    let _ = writeln!(page, "\nRows without any test: {}.", red.join(", "));
    page + &tables
}

fn rules(catalogue: &Catalogue, row: &Row, wrong: &mut Vec<String>) -> String {
    let mut names = Vec::new();
    for tag in row.rules.split("; ").filter(|tag| !tag.is_empty()) {
        match catalogue.tag(tag) {
            Ok(named) => names.extend(rule_names(&named)),
            Err(what) => wrong.push(format!("row {}: [{tag}] {what}", row.id)),
        }
    }
    names.join(", ")
}

/// The rules of a tag, with their version where the tag names one.
fn rule_names(named: &[Named]) -> Vec<String> {
    let rules = named.iter().filter_map(|named| match named {
        Named::Rule(rule) => Some(*rule),
        Named::Row(_) => None,
    });
    let mut names: Vec<String> = Vec::new();
    for rule in rules.clone() {
        let is_in_both = rules.clone().filter(|other| other.id == rule.id).count() > 1;
        let name = if is_in_both { rule.id.to_owned() } else { rule_name(rule) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
