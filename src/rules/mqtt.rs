//! The normative statements of MQTT 3.1.1 and 5.0.

use super::document::{MQTT_3_1_1, MQTT_5_0};
use super::{Certainty, Rule};
use crate::rule::{RuleId, Source};

/// One line a sentence: the statement's number in 3.1.1, in 5.0 (`-` where that version has none), and the sentence.
const TABLE: &str = include_str!("mqtt.tsv");

/// The statements of one version in the order of the table. Nothing is kept: reading the table again takes microseconds,
/// and only whoever reads explanations asks.
pub(super) fn statements(source: Source) -> impl Iterator<Item = Rule> {
    TABLE.lines().skip(1).filter_map(move |line| {
        let mut columns = line.split('\t');
        let (v3, v5) = (columns.next()?, columns.next()?);
        let (id, document) = match source {
            Source::Mqtt311 => (v3, MQTT_3_1_1),
            _ => (v5, MQTT_5_0),
        };
        let section = section(id)?;
        let sentence = columns.next()?;
        Some(Rule { id: RuleId { source, id }, sentence, document, section, certainty: Certainty::Stated })
    })
}

/// The section that a statement's number names: `3.1.2` of `MQTT-3.1.2-24`, `4.1` of `MQTT-4.1.0-1`.
fn section(id: &'static str) -> Option<&'static str> {
    let (section, _) = id.strip_prefix("MQTT-")?.rsplit_once('-')?;
    Some(section.strip_suffix(".0.0").or_else(|| section.strip_suffix(".0")).unwrap_or(section))
}
