//! `docs/conformance.md`: each statement, where it is kept to, and which tests show it.

use crate::citations::{Citations, Named, Test};
use crate::not_applicable::Reasons;
use glassbroker::rule::{RuleId, Source};
use glassbroker::rules::{self, Rule};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const BEFORE: &str = "# Conformance

Every normative statement of MQTT 3.1.1 and 5.0, in words of our own: where the code keeps to it, and which tests show that
it does. Statements that say the same in both versions share a line; where only one of the two is meant, its version
stands behind.

This page is written by a test from what the code and the tests cite (`UPDATE_DOCS=1 cargo test --test conformance`), and
the test fails where a statement that binds the server is neither kept to nor shown nor known not to apply.
[behaviours.md](behaviours.md) has what the simulator must be able to show beyond the statements, [aws-iot-core.md](aws-iot-core.md)
the rules of AWS IoT Core.
";

const SERVER: &str = "
# What binds the server

Also what binds both ends of a connection, as the server's end.
";

const CLIENT: &str = "
# What binds the client

What binds the client only, and where the virtual client keeps to it or the broker holds clients to it; and what binds both
ends, where the virtual client cites it.
";

const OTHER: &str = "
# Rules from elsewhere

| rule | sentence | enforced in | shown by |
| --- | --- | --- | --- |
";

/// Where the virtual client, and the world around it, keeps to what binds clients.
const CLIENT_CODE: [&str; 2] = ["src/client/", "src/sim/"];

/// A rule, with its version where it needs one.
pub(crate) fn rule_name(rule: RuleId) -> String {
    match version(rule.source) {
        "" => format!("`{}`", rule.id),
        version => format!("{} ({version})", rule.id),
    }
}

const fn version(source: Source) -> &'static str {
    match source {
        Source::Mqtt311 => "3.1.1",
        Source::Mqtt5 => "5.0",
        _ => "",
    }
}

/// Tests as links to their files.
pub(crate) fn test_links(tests: &BTreeSet<Test>) -> String {
    tests.iter().map(test_link).collect::<Vec<_>>().join(", ")
}

fn test_link(test: &Test) -> String {
    let file = test.path.rsplit('/').find(|part| *part != "main.rs").unwrap_or("");
    let file = file.split('.').next().unwrap_or("");
    format!("[{file}: {}](../{})", test.name.replace('|', "\\|"), test.path)
}

/// The whole page.
pub(crate) fn page(citations: &Citations, reasons: &Reasons) -> String {
    let writer = Writer { citations, reasons };
    let mut page = BEFORE.to_owned();
    page += SERVER;
    page += &writer.tables("what the server does", |rule| rule.binds.server());
    page += CLIENT;
    page += &writer.tables("what the client does", |rule| rule.binds.client() && writer.is_clients(rule));
    page += OTHER;
    for rule in rules::all().filter(|rule| version(rule.id.source).is_empty()) {
        let (code, tests) = (writer.code(&[rule]), writer.tests(&[rule]));
        let _ = writeln!(page, "| `{}` | {} | {code} | {tests} |", rule.id.id, rule.sentence);
    }
    page
}

struct Writer<'a> {
    citations: &'a Citations,
    reasons: &'a Reasons,
}

impl Writer<'_> {
    /// What binds the client only, or what the virtual client cites.
    fn is_clients(&self, rule: &Rule) -> bool {
        let cites = |path: &String| CLIENT_CODE.iter().any(|folder| path.starts_with(folder));
        !rule.binds.server() || self.citations.code.get(&rule.id).is_some_and(|files| files.iter().any(cites))
    }

    /// A table for each part of the specifications.
    fn tables(&self, what: &str, is_meant: impl Fn(&Rule) -> bool) -> String {
        let mut text = String::new();
        let mut before = "";
        for sides in rules::side_by_side() {
            let meant = sides.map(|side| side.filter(&is_meant));
            let rules: Vec<Rule> = meant.into_iter().flatten().collect();
            let Some(first) = rules.first() else { continue };
            let part = part(first);
            if part != before {
                let _ = write!(
                    text,
                    "\n## {part}\n\n| 3.1.1 | 5.0 | {what} | enforced in | shown by |\n| --- | --- | --- | --- | --- |\n"
                );
                before = part;
            }
            let [old, new] = meant.map(|rule| rule.map_or("", |rule| rule.id.id));
            let (code, tests) = (self.code(&rules), self.tests(&rules));
            let _ = writeln!(text, "| {old} | {new} | {} | {code} | {tests} |", first.sentence);
        }
        text
    }

    /// The files that cite the rules, as links.
    fn code(&self, rules: &[Rule]) -> String {
        let link = |path: &String| format!("[{}](../{path})", path.trim_start_matches("src/"));
        per_version(rules, |rule| self.citations.code.get(&rule.id).into_iter().flatten().map(link).collect())
    }

    /// The tests that show the rules, or why they do not apply.
    fn tests(&self, rules: &[Rule]) -> String {
        per_version(rules, |rule| {
            let tests = self.citations.tests.get(&Named::Rule(rule.id)).into_iter().flatten();
            let reason = self.reasons.of(rule.id).map(|reason| format!("does not apply: {reason}"));
            tests.map(test_link).chain(reason).collect()
        })
    }
}

/// What is said of one or two versions: once where both agree, with its version where it is said of one of two.
fn per_version(rules: &[Rule], what: impl Fn(&Rule) -> Vec<String>) -> String {
    let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for rule in rules {
        for text in what(rule) {
            said.entry(text).or_default().push(version(rule.id.source));
        }
    }
    let is_one = |versions: &[&str]| versions.len() < rules.len();
    let texts = said.into_iter().map(|(text, versions)| match is_one(&versions) {
        true => format!("{text} ({})", versions.join(", ")),
        false => text,
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The part of the specifications that a statement is in.
fn part(rule: &Rule) -> &'static str {
    let is_old = rule.id.source == Source::Mqtt311;
    let mut numbers = rule.section.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    match (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) {
        (1, _) => "Data (1.5)",
        (2, _) => "The form of packets (2)",
        (3, 1) => "CONNECT (3.1)",
        (3, 2) => "CONNACK (3.2)",
        (3, 3) => "PUBLISH (3.3)",
        (3, 4..=7) => "PUBACK, PUBREC, PUBREL, PUBCOMP (3.4 to 3.7)",
        (3, 8) => "SUBSCRIBE (3.8)",
        (3, 9) => "SUBACK (3.9)",
        (3, 10) => "UNSUBSCRIBE (3.10)",
        (3, 11) => "UNSUBACK (3.11)",
        (3, 12) => "PINGREQ (3.12)",
        (3, 14) => "DISCONNECT (3.14)",
        (3, 15) => "AUTH (3.15)",
        (4, 1 | 2) => "Sessions and transport (4.1, 4.2)",
        (4, 3) => "Levels of service (4.3)",
        (4, 4) => "Delivery again (4.4)",
        (4, 5) => "Receipt (4.5)",
        (4, 6) => "Order (4.6)",
        (4, 7) => "Topics (4.7)",
        (4, 8) if is_old => "Errors (4.8 of 3.1.1)",
        (4, 8) => "Shared subscriptions (4.8 of 5.0)",
        (4, 9) => "Flow control (4.9)",
        (4, 12) => "Enhanced authentication (4.12)",
        (4, 13) => "Errors (4.13 of 5.0)",
        (6, _) => "WebSocket (6)",
        _ => "Conformance (7)",
    }
}
