//! Every statement that binds a server is kept to and shown, or known not to apply; and the pages that say so are true.
#![cfg(not(target_arch = "wasm32"))]

mod aws;
mod behaviours;
mod citations;
mod not_applicable;
mod page;

#[path = "../common"]
mod common {
    pub(crate) mod source;
}

use citations::{Catalogue, Citations, Named};
use glassbroker::rules::{self, Binds};
use not_applicable::Reasons;

/// Fails with all the messages at once.
fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}\n", broken.join("\n  "));
}

#[test]
fn every_tag_names_something() {
    let mut wrong = Citations::read().wrong;
    Reasons::read(&Catalogue::new(), &mut wrong);
    behaviours::page(&Citations::default(), &mut Vec::new());
    hold("CONTRIBUTING.md says how tests and code name statements and rows.", &wrong);
}

#[test]
fn every_statement_that_binds_the_server_is_shown_by_a_test_or_does_not_apply() {
    let citations = Citations::read();
    let reasons = Reasons::read(&Catalogue::new(), &mut Vec::new());
    let mut broken = Vec::new();
    for rule in rules::side_by_side().flatten().flatten() {
        let is_kept = citations.code.contains_key(&rule.id);
        // What a server sends is not shown by how a decoder reads it.
        let shows = |path: &str| rule.binds != Binds::Server || !path.starts_with("tests/wire_");
        let tests = citations.tests.get(&Named::Rule(rule.id)).into_iter().flatten();
        let is_shown = tests.into_iter().any(|test| shows(&test.path));
        let name = page::rule_name(rule.id);
        match reasons.of(rule.id) {
            Some(_) if is_kept || is_shown => {
                broken.push(format!("{name} does not apply, and yet code or a test names it"));
            }
            None if !is_shown && rule.binds.server() => {
                let kept = if is_kept { "code names it" } else { "nothing names it" };
                broken.push(format!("{name}: {kept}, no test shows it: {}", rule.sentence));
            }
            _ => {}
        }
    }
    hold("A statement that binds the server is shown by a test, or does not apply.", &broken);
}

/// Compares a page with what it should be, or writes it where UPDATE_DOCS is set.
fn compare(path: &str, page: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).expect("written");
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == page,
        "{path} is out of date: UPDATE_DOCS=1 cargo test --test conformance writes it"
    );
}

#[test]
fn the_page_of_statements_is_true() {
    let reasons = Reasons::read(&Catalogue::new(), &mut Vec::new());
    compare("docs/conformance.md", &page::page(&Citations::read(), &reasons));
}

#[test]
fn the_page_of_behaviours_is_true() {
    let mut wrong = Vec::new();
    let page = behaviours::page(&Citations::read(), &mut wrong);
    hold("Each row of behaviours.tsv is whole.", &wrong);
    compare("docs/behaviours.md", &page);
}

#[test]
fn the_page_of_aws_is_true() {
    compare("docs/aws-iot-core.md", &aws::page(&Citations::read()).0);
}
