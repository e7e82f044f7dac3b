//! Statements that a broker, or this one, cannot break, each with the reason.

use crate::citations::Catalogue;
use glassbroker::rule::{RuleId, Source};
use std::collections::BTreeMap;

/// The version, the statement, and why it does not apply.
const TABLE: &str = include_str!("not_applicable.tsv");

/// The reasons by statement.
pub(crate) struct Reasons(pub(crate) BTreeMap<RuleId, &'static str>);

impl Reasons {
    /// Reads the table; what names no statement, or one twice, goes to `wrong`.
    pub(crate) fn read(catalogue: &Catalogue, wrong: &mut Vec<String>) -> Self {
        let mut reasons = BTreeMap::new();
        for line in TABLE.lines().skip(1) {
            let [version, id, reason] = line.split('\t').collect::<Vec<_>>()[..] else {
                wrong.push(format!("not_applicable.tsv: `{line}` has not three columns"));
                continue;
            };
            let source = if version == "3.1.1" { Source::Mqtt311 } else { Source::Mqtt5 };
            match catalogue.rule(source, id) {
                Some(rule) if !reasons.contains_key(&rule) => drop(reasons.insert(rule, reason)),
                Some(_) => wrong.push(format!("not_applicable.tsv: {version} {id} twice")),
                None => wrong.push(format!("not_applicable.tsv: {version} has no statement {id}")),
            }
        }
        Self(reasons)
    }

    pub(crate) fn of(&self, rule: RuleId) -> Option<&'static str> {
        self.0.get(&rule).copied()
    }
}
