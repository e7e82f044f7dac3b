//! What is known of AWS IoT Core's broker: what AWS documents, what was seen in practice, what follows, and what nobody says.

use super::document::{self, Document};
use super::{Binds, Certainty, Rule};
use crate::rule::aws;

/// One line a rule, in the order of their ids: the id; how it is known (`D` documented, `O` observed, `I` inferred, `U` unknown);
/// the document by its short name; the section; the statement of MQTT that it departs from (`-` for none); the sentence.
const TABLE: &str = include_str!("aws.tsv");

/// The rules, in the order of the table.
pub(super) fn rules() -> impl Iterator<Item = Rule> {
    TABLE.lines().skip(1).filter_map(rule)
}

fn rule(line: &'static str) -> Option<Rule> {
    let mut columns = line.split('\t');
    Some(Rule {
        id: aws(columns.next()?),
        certainty: how_known(columns.next()?)?,
        document: by_short_name(columns.next()?)?,
        section: columns.next()?,
        departs: columns.next().filter(|clause| *clause != "-"),
        sentence: columns.next()?,
        binds: Binds::Server,
    })
}

/// How a letter of the table says that a rule is known.
fn how_known(letter: &str) -> Option<Certainty> {
    match letter {
        "D" => Some(Certainty::Documented),
        "O" => Some(Certainty::Observed),
        "I" => Some(Certainty::Inferred),
        "U" => Some(Certainty::Unknown),
        _ => None,
    }
}

/// The document of a short name.
fn by_short_name(name: &str) -> Option<Document> {
    document::AWS.iter().find(|(short, _)| *short == name).map(|(_, document)| *document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::v5;

    #[test]
    fn every_line_is_a_rule_and_they_are_in_order() {
        let read: Vec<&str> = rules().map(|rule| rule.id.id).collect();
        let lines: Vec<&str> =
            TABLE.lines().skip(1).map(|line| line.split('\t').next().unwrap_or("")).collect();
        assert_eq!(
            read, lines,
            "a line has another number of columns, or a letter or document that there is not"
        );
        assert!(lines.is_sorted_by(|a, b| a < b), "the lines are not in the order of their ids");
    }

    #[test]
    fn what_a_rule_departs_from_is_a_statement() {
        for rule in rules() {
            let Some(clause) = rule.departs else { continue };
            assert!(crate::rules::find(v5(clause)).is_some(), "{}: `{clause}`", rule.id.id);
        }
    }
}
