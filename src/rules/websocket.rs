//! What the WebSocket protocol says.

use super::document::RFC_6455;
use super::{Binds, Certainty, Rule};
use crate::rule::websocket;

/// The rules, in the order of their sections.
pub(super) const RULES: &[Rule] = &[
    stated(
        "RFC6455-4.2.2",
        "4.2.2",
        Binds::Server,
        "A server that has nothing at the path that was asked for refuses the handshake with an HTTP error.",
    ),
    stated(
        "RFC6455-7.1.5",
        "7.1.5",
        Binds::Both,
        "A connection that ends without a Close frame has the close code 1006, one whose Close frame has no code 1005; no frame ever carries either.",
    ),
    stated(
        "RFC6455-7.4.1",
        "7.4.1",
        Binds::Both,
        "A Close frame says by its code why the connection ends: 1000 after its purpose was fulfilled, others for what went \
         wrong.",
    ),
];

/// A rule that the protocol states.
const fn stated(id: &'static str, section: &'static str, binds: Binds, sentence: &'static str) -> Rule {
    Rule {
        id: websocket(id),
        sentence,
        document: RFC_6455,
        section,
        binds,
        certainty: Certainty::Documented,
        departs: None,
    }
}
