//! What VerneMQ documents of its defaults.

use super::document::VERNEMQ;
use super::{Binds, Certainty, Rule};
use crate::rule::vernemq;

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    stated(
        "vernemq.queue",
        "MQTT options",
        "At most 1,000 messages wait for a client, connected or not; more are dropped.",
    ),
    stated("vernemq.topic-alias", "MQTT options", "A client of MQTT 5 may use no topic aliases."),
];

/// A rule that the documentation states.
const fn stated(id: &'static str, section: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: vernemq(id),
        sentence,
        document: VERNEMQ,
        section,
        binds: Binds::Server,
        certainty: Certainty::Documented,
        departs: None,
    }
}
