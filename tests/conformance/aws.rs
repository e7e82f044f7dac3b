//! `docs/aws-iot-core.md`: what is known of AWS IoT Core, how, and which tests show it.

use crate::citations::{Citations, Named};
use crate::page::test_links;
use glassbroker::profile::Profile;
use glassbroker::rule::Source;
use glassbroker::rules::{self, Certainty, Rule};
use std::collections::BTreeSet;
use std::fmt::Write;

const BEFORE: &str = "# AWS IoT Core

What the profile `aws-iot-core` and its older editions keep to: each rule with how it is known, where it is written, which
statement of MQTT 5.0 it departs from, the setting that it belongs to, and the tests that show it. It is not Amazon's own
description; AWS does not publish its broker, and what it documents is modelled here as closely as that allows.

How a rule is known: *documented*, AWS states it; *observed*, users reported it and nothing documented says otherwise;
*inferred*, it follows from what is documented or observed; *unknown*, the documentation is silent or contradicts itself, the
profile chooses, and the setting chooses otherwise.

This page is written by a test from `src/rules/aws.tsv`, the presets and the tags of the tests (`UPDATE_DOCS=1 cargo test --test
conformance`). `glassbroker rules --profile aws-iot-core` prints the rules by which the profile differs from the
standards, and those that the documents leave open.
";

/// The editions, the newest first.
const EDITIONS: [&str; 4] = ["aws-iot-core", "aws-iot-core-2023", "aws-iot-core-2022", "aws-iot-core-2020"];

/// The page, and the rules that no test shows.
pub(crate) fn page(citations: &Citations) -> (String, Vec<String>) {
    let mut page = BEFORE.to_owned();
    let mut red = Vec::new();
    let rules: Vec<Rule> = rules::all().filter(|rule| rule.id.source == Source::Aws).collect();
    page += &editions();
    page += "\n## How much of it is known\n\n| known | rules |\n| --- | --- |\n";
    let kinds = [Certainty::Documented, Certainty::Observed, Certainty::Inferred, Certainty::Unknown];
    for kind in kinds {
        let count = rules.iter().filter(|rule| rule.certainty == kind).count();
        let _ = writeln!(page, "| {} | {count} |", kind.name());
    }
    let mut before = "";
    for rule in &rules {
        let area = rule.id.id.split('.').nth(1).unwrap_or("");
        if area != before {
            let _ = write!(
                page,
                "\n## {area}\n\n| rule | what it says | known | source | departs from | settings | shown by |\n\
                 | --- | --- | --- | --- | --- | --- | --- |\n"
            );
            before = area;
        }
        let tests = citations.tests.get(&Named::Rule(rule.id)).map(test_links);
        if tests.is_none() {
            red.push(rule.id.id.to_owned());
        }
        let tests = tests.unwrap_or_else(|| "**no test yet**".to_owned());
        let departs = rule.departs.map_or_else(String::new, |clause| format!("[{clause}](conformance.md)"));
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {}, {}: {} | {departs} | {} | {tests} |",
            rule.id.id,
            rule.sentence,
            rule.certainty.name(),
            rule.document.title,
            rule.document.date,
            rule.section,
            settings(rule),
        );
    }
    (page, red)
}

/// What each older edition changes of the one that it is based on.
fn editions() -> String {
    let mut text =
        "\n## Editions\n\n| profile | what it is | differs from | in |\n| --- | --- | --- | --- |\n"
            .to_owned();
    for preset in Profile::presets().iter().filter(|preset| EDITIONS.contains(&preset.name)) {
        let base = preset.base.unwrap_or("");
        let differences = preset
            .differences
            .iter()
            .map(|difference| format!("`{}` = {}", difference.key, difference.value));
        let differences = differences.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "| `{}` | {} | `{base}` | {differences} |", preset.name, preset.about);
    }
    text
}

/// The settings that a rule is the reason of, with their values in the newest edition.
fn settings(rule: &Rule) -> String {
    let Some(profile) = Profile::named(EDITIONS[0]) else { return String::new() };
    let mut named: BTreeSet<String> = BTreeSet::new();
    for setting in Profile::keys() {
        if profile.rule(setting) == rule.id || setting.rule == rule.id {
            let value = profile.get(setting.key).map_or_else(String::new, |value| value.to_string());
            named.insert(format!("`{}` = {value}", setting.key));
        }
    }
    named.into_iter().collect::<Vec<_>>().join(", ")
}
