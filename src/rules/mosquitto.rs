//! What Eclipse Mosquitto documents, and what it was seen to do where it documents nothing.

use super::document::{MOSQUITTO, MOSQUITTO_CONF};
use super::{Binds, Certainty, Rule};
use crate::rule::mosquitto;

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    observed(
        "mosquitto.access-list.subscribe",
        "An access list refuses no subscription: what the client may not read is not delivered.",
    ),
    observed(
        "mosquitto.bad-password",
        "A wrong user name or password is answered with not authorized, as a missing one is.",
    ),
    stated(
        "mosquitto.inflight",
        "max_inflight_messages",
        "At most 20 messages of QoS 1 and 2 are under way to a client at once, and as many from it, which MQTT 5 is told.",
    ),
    observed(
        "mosquitto.inflight.by-client",
        "A client of MQTT 5 that tells its Receive Maximum has as many messages under way, also more than twenty.",
    ),
    stated(
        "mosquitto.keep-alive",
        "max_keepalive",
        "No keep alive is longer than 65,535 seconds: a client of MQTT 5 that asks for none is told this one.",
    ),
    observed(
        "mosquitto.overlap.order",
        "Of a client's overlapping subscriptions exact text stands before `+` before `#` and shared ones last; a client of 3.1.1 \
         gets a message by the first of them, or the first that stores it while it is away, and one of 5.0 copies in that order.",
    ),
    observed(
        "mosquitto.overlap.version-5",
        "A client of MQTT 5 gets a message once for each of its subscriptions that match, a client of 3.1.1 once.",
    ),
    observed(
        "mosquitto.qos2.on-release",
        "A QoS 2 message goes to its receivers, and becomes the retained one, when its publisher sends PUBREL.",
    ),
    stated(
        "mosquitto.queue",
        "max_queued_messages",
        "At most 1,000 messages wait for a client beyond those that are under way; more are dropped.",
    ),
    observed("mosquitto.reason-string", "No packet explains in a Reason String what failed."),
    observed(
        "mosquitto.resend.over-quota",
        "When a session goes on, all messages that were under way are sent again, also beyond the Receive Maximum of the new \
         connection.",
    ),
    observed("mosquitto.retained.shared", "A new shared subscription gets retained messages like any other."),
    observed(
        "mosquitto.session.across-versions",
        "A session goes on whichever version the client connects with next.",
    ),
    observed(
        "mosquitto.session.takeover-silent",
        "A connection whose session another one takes over is closed without a DISCONNECT.",
    ),
    observed(
        "mosquitto.shared.turn",
        "The members of a shared subscription get its messages in turn, those that are away with a session too.",
    ),
    observed("mosquitto.shared.version-3", "A client of 3.1.1 may be a member of a shared subscription."),
    observed(
        "mosquitto.subscription.options-kept",
        "A subscription that is made again changes its QoS and its identifier, but keeps its No Local and Retain As Published.",
    ),
    observed(
        "mosquitto.topic.levels",
        "A topic or filter has at most 200 slashes, those of `$share/NAME/` counted; one with more ends the connection, and a CONNECT \
         with such a Will is not answered.",
    ),
    stated("mosquitto.topic-alias", "max_topic_alias", "A client of MQTT 5 may use ten topic aliases."),
    observed(
        "mosquitto.will.takeover",
        "Where a client takes over its own session and goes on with it, the Will of the old connection is not sent; nor is \
         one that waits for its delay, though the client begins a new session.",
    ),
];

/// A rule that the manual states, under one of its options.
const fn stated(id: &'static str, option: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: mosquitto(id),
        sentence,
        document: MOSQUITTO_CONF,
        section: option,
        binds: Binds::Server,
        certainty: Certainty::Documented,
        departs: None,
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
        departs: None,
    }
}
