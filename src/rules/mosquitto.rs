//! What Eclipse Mosquitto documents, and what it was seen to do where it documents nothing.

use super::document::{MOSQUITTO, MOSQUITTO_CONF};
use super::{Binds, Certainty, Rule};
use crate::rule::mosquitto;

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    stated(
        "mosquitto.inflight",
        "max_inflight_messages",
        "At most 20 messages of QoS 1 and 2 are under way to a client at once, and as many from it, which MQTT 5 is told.",
    ),
    stated(
        "mosquitto.queue",
        "max_queued_messages",
        "At most 1,000 messages wait for a client beyond those that are under way; more are dropped.",
    ),
    observed(
        "mosquitto.session.across-versions",
        "A session goes on whichever version the client connects with next.",
    ),
    stated("mosquitto.topic-alias", "max_topic_alias", "A client of MQTT 5 may use ten topic aliases."),
];

/// A rule that the manual states, under one of its options.
const fn stated(id: &'static str, option: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: mosquitto(id),
        sentence,
        document: MOSQUITTO_CONF,
        section: option,
        binds: Binds::Server,
        certainty: Certainty::Stated,
    }
}

/// A rule that the broker was seen to follow; `tests/mosquitto` holds it.
const fn observed(id: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: mosquitto(id),
        sentence,
        document: MOSQUITTO,
        section: "the broker itself",
        binds: Binds::Server,
        certainty: Certainty::Observed,
    }
}
