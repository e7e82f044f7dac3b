//! What this simulator chose where the standards leave a choice, such as the bounds of its stores.

use super::document::GLASSBROKER;
use super::{Binds, Certainty, Rule};
use crate::rule::own;

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    choice(
        "glassbroker.access-list",
        "An access list in Mosquitto's format says what each client may publish and receive; what none of its lines allows is \
         denied.",
    ),
    choice(
        "glassbroker.bound.connections",
        "The broker has only so many connections at once; one more is closed.",
    ),
    choice(
        "glassbroker.bound.levels",
        "A topic or filter may have only so many levels where the profile says so; MQTT itself has no such limit.",
    ),
    choice(
        "glassbroker.bound.queue",
        "The queue of a session holds only so many messages and bytes; what does not fit is dropped.",
    ),
    choice(
        "glassbroker.bound.retained",
        "The broker holds only so many retained messages and bytes; one more is not stored.",
    ),
    choice(
        "glassbroker.bound.sessions",
        "The broker keeps only so many sessions; a CONNECT that needs one more is refused.",
    ),
    choice(
        "glassbroker.bound.rules",
        "Topic rules that publish because of what topic rules published do so only eight times in a row, and a thousand times at \
         one moment.",
    ),
    choice(
        "glassbroker.bound.shadows",
        "An account keeps only so many device shadows; an update of one more is rejected.",
    ),
    choice(
        "glassbroker.bound.subscriptions",
        "A session holds only so many subscriptions; SUBACK refuses one more.",
    ),
    choice(
        "glassbroker.bound.total",
        "The broker holds only so many bytes for sessions and connections altogether: messages beyond are dropped, subscriptions \
         and CONNECT refused, connections that add to it closed.",
    ),
    choice(
        "glassbroker.bound.waiting",
        "Only so many bytes wait for a link that takes no more: QoS 0 messages beyond are dropped, and a connection whose \
         other packets go beyond is closed.",
    ),
    choice(
        "glassbroker.challenge",
        "The Authentication Method GLASS-CHALLENGE asks for the FNV-1a hash of a challenge and the password: it shows the packets \
         of an enhanced authentication and gives no security.",
    ),
    of_client(
        "glassbroker.client.connect-timeout",
        "A virtual client gives up a connection that it asked for when no CONNACK has come after half a minute.",
    ),
    of_client(
        "glassbroker.client.held",
        "A virtual client holds a message that cannot go now, and sends it in its turn as soon as it can.",
    ),
    of_client(
        "glassbroker.client.ignored",
        "A virtual client passes over what it is asked to do at a moment when it cannot be done.",
    ),
    of_client(
        "glassbroker.client.not-connected",
        "A virtual client drops a QoS 0 message that it is asked to publish while it is not connected.",
    ),
    of_client(
        "glassbroker.client.ping-timeout",
        "A virtual client closes its connection when a PINGREQ was not answered within the time of its keep alive.",
    ),
    of_client(
        "glassbroker.client.protocol-error",
        "A virtual client closes its connection when the server breaks the protocol, in 5.0 after DISCONNECT with the reason.",
    ),
    of_client(
        "glassbroker.client.reconnect",
        "A virtual client that is set up so connects again some time after a connection that it did not end.",
    ),
    of_client("glassbroker.client.too-long", "A virtual client drops a message that no packet can hold."),
    choice("glassbroker.connect.timeout", "A connection that brings no CONNECT for some time is closed."),
    choice(
        "glassbroker.link.ended",
        "A connection has ended when the network says so, whoever ended it and in whatever order.",
    ),
    choice(
        "glassbroker.lost",
        "A message that waits for one client goes with the connection or the session that it waits in.",
    ),
    choice(
        "glassbroker.operator",
        "An operator may publish, disconnect clients and look at their connections, change settings and retained messages, and restart the broker.",
    ),
    choice(
        "glassbroker.input.ignored",
        "What a run is asked to do at a moment when it cannot be done is noted and passed over.",
    ),
    choice(
        "glassbroker.what-if",
        "A what-if drops, doubles, swaps or changes one packet by hand, which no TCP does.",
    ),
    choice(
        "glassbroker.no-subscription",
        "A message that no subscription matches goes to nobody; if it is retained, later subscriptions get it.",
    ),
    choice("glassbroker.redirect", "A broker that is told to send its clients elsewhere takes none."),
    choice(
        "glassbroker.restart.store",
        "A broker that restarts without its store has forgotten sessions, queues, Wills and retained messages.",
    ),
    choice(
        "glassbroker.sys",
        "The broker publishes what it counts as its own retained messages under `$SYS/`, by Mosquitto's names, while somebody \
         subscribes to any of it; a client may publish nothing there.",
    ),
    choice(
        "glassbroker.users",
        "A broker with users takes a client that gives the name and the password of one, and one without a user name only where \
         it is told to.",
    ),
];

/// A choice of this simulator.
const fn choice(id: &'static str, sentence: &'static str) -> Rule {
    Rule {
        id: own(id),
        sentence,
        document: GLASSBROKER,
        section: "choices of its own",
        binds: Binds::Server,
        certainty: Certainty::Choice,
        departs: None,
    }
}

/// A choice of the virtual client.
const fn of_client(id: &'static str, sentence: &'static str) -> Rule {
    Rule { binds: Binds::Client, ..choice(id, sentence) }
}
