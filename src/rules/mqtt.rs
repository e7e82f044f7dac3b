//! The normative statements of MQTT 3.1.1 and 5.0.

use super::document::{MQTT_3_1_1, MQTT_5_0};
use super::{Binds, Certainty, Rule};
use crate::rule::{RuleId, Source};

/// One line a sentence: the statement's number in 3.1.1, in 5.0 (`-` where that version has none), whom it binds (`S` the
/// server, `C` the client, `B` both; two letters where the versions differ), and the sentence.
const TABLE: &str = include_str!("mqtt.tsv");

/// Each sentence's statement in 3.1.1 and in 5.0, in the order of the table. Nothing is kept: reading the table again takes
/// microseconds, and only whoever reads explanations asks.
pub fn side_by_side() -> impl Iterator<Item = [Option<Rule>; 2]> {
    TABLE.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        let ids = [columns.next()?, columns.next()?];
        let binds = columns.next()?;
        let sentence = columns.next()?;
        let rule = |source, document, id, letter| {
            let id = RuleId { source, id };
            let (section, binds, certainty) = (section(id.id)?, letter, Certainty::Documented);
            Some(Rule { id, sentence, document, section, binds, certainty, departs: None })
        };
        let letters = binds.chars();
        Some([
            rule(Source::Mqtt311, MQTT_3_1_1, ids[0], bound(letters.clone().next()?)?),
            rule(Source::Mqtt5, MQTT_5_0, ids[1], bound(letters.last()?)?),
        ])
    })
}

/// The statements of one version in the order of the table.
pub(super) fn statements(source: Source) -> impl Iterator<Item = Rule> {
    side_by_side().flatten().flatten().filter(move |rule| rule.id.source == source)
}

/// Whom a letter of the table binds.
const fn bound(letter: char) -> Option<Binds> {
    match letter {
        'S' => Some(Binds::Server),
        'C' => Some(Binds::Client),
        'B' => Some(Binds::Both),
        _ => None,
    }
}

/// The section that a statement's number names: `3.1.2` of `MQTT-3.1.2-24`, `4.1` of `MQTT-4.1.0-1`.
fn section(id: &'static str) -> Option<&'static str> {
    let (section, _) = id.strip_prefix("MQTT-")?.rsplit_once('-')?;
    Some(section.strip_suffix(".0.0").or_else(|| section.strip_suffix(".0")).unwrap_or(section))
}
