//! What AWS documents of its broker.

use super::document::AWS_DEVELOPER_GUIDE;
use super::{Binds, Certainty, Rule};
use crate::rule::aws;

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    stated(
        "aws.session.cross-version",
        "MQTT: persistent sessions",
        "A session of MQTT 3.1.1 cannot be resumed by a client that connects with MQTT 5, nor the other way round.",
    ),
    stated(
        "aws.session.expiry",
        "MQTT: persistent sessions",
        "A persistent session of MQTT 3.1.1 ends one hour after its connection unless the account says otherwise; no session \
         outlives its connection by more than seven days.",
    ),
    stated(
        "aws.session.replay-rate",
        "MQTT: persistent sessions",
        "Messages stored while a client was away are sent at no more than ten a second when it is back, beside live messages.",
    ),
    Rule {
        certainty: Certainty::Inferred,
        ..stated(
            "aws.sys.none",
            "MQTT topics: reserved topics",
            "There are no `$SYS/` topics; what the broker tells comes on `$aws/`.",
        )
    },
    stated(
        "aws.will.websocket-close",
        "Lifecycle events: connect and disconnect events",
        "A client that closes its WebSocket in order has disconnected by itself, so that its Will is not sent.",
    ),
];

/// A rule that the developer guide states.
const fn stated(id: &'static str, section: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: aws(id),
        sentence,
        document: AWS_DEVELOPER_GUIDE,
        section,
        binds: Binds::Server,
        certainty: Certainty::Stated,
    }
}
