//! The fields of CONNECT, SUBSCRIBE and PUBLISH: each with its label, the kind of its value, its default and what it does.

use crate::ui::form::Kind::{
    Bytes, Choice, Filter, Filters, Lines, Number, Secret, Span, Switch, Text, Topic,
};
use crate::ui::form::{Field, Versions};

/// The largest numbers of properties of four bytes, of two bytes, and of a Variable Byte Integer.
const WORD: u64 = u32::MAX as u64;
const SHORT: u64 = u16::MAX as u64;
const VARIABLE: u64 = 268_435_455;

/// The slowest link, in milliseconds, and the fastest, in bytes a second.
const HOUR_MS: u64 = 3_600_000;
const RATE: u64 = 1 << 40;

use super::common::QOS;
const SAID: &[&str] = &["Not said", "No", "Yes"];
/// How bytes are written.
pub(crate) const FORMS: &[&str] = &["Text", "JSON", "Hex", "Base64"];
const FORMATS: &[&str] = &["Not said", "Bytes", "UTF-8 text"];
const RETAINED: &[&str] = &["at every SUBSCRIBE", "for a new subscription", "never"];

/// Why a field cannot be used.
pub(crate) const ONLY_5: &str = "only in MQTT 5.0; this client speaks 3.1.1";
/// The name of a field's help.
pub(crate) fn about(label: &str) -> String {
    format!("About {label}")
}

const fn both(
    key: &'static str,
    label: &'static str,
    kind: crate::ui::form::Kind,
    hint: &'static str,
    help: &'static str,
) -> Field {
    Field { key, label, kind, hint, versions: Versions::Both, help }
}

const fn only_5(
    key: &'static str,
    label: &'static str,
    kind: crate::ui::form::Kind,
    hint: &'static str,
    help: &'static str,
) -> Field {
    Field { key, label, kind, hint, versions: Versions::Only5, help }
}

/// What a client says in CONNECT; its Will's message is a [`MESSAGE`].
pub(crate) const CONNECT: &[Field] = &[
    both(
        "nameless",
        "Empty client identifier",
        Switch,
        "",
        "Off: the identifier is the client's name. On: the broker assigns one and tells it in CONNACK (5.0, 3.1.3.1); 3.1.1 needs a clean session for it (3.1.3-7).",
    ),
    both(
        "identifier",
        "Another client identifier",
        Text,
        "the client's name",
        "Default: the client's name. Two connections with one identifier cannot be: the later one takes over (3.1.4).",
    ),
    both(
        "clean-start",
        "Clean start or session",
        Switch,
        "",
        "Default: on. The broker forgets the earlier session. Off: it goes on with what it kept: subscriptions and messages of QoS 1 and 2 (5.0 3.1.2.4; in 3.1.1 Clean Session, which also ends the session with the connection).",
    ),
    only_5(
        "session-expiry",
        "Session expiry, s",
        Number(0, WORD),
        "0",
        "Default: 0, the session ends with the connection. So many seconds it is kept after that; 4294967295 is for ever (3.1.2.11.2).",
    ),
    both(
        "keep-alive",
        "Keep alive, s",
        Number(0, SHORT),
        "0",
        "Default here: 60. The client sends PINGREQ where it has been silent for so long; after one and a half times that, the broker ends the connection. 0 turns it off (3.1.2.10).",
    ),
    both(
        "username",
        "User name",
        Text,
        "none",
        "Default: none. Who the client says it is (3.1.3.5). In 3.1.1 a password needs one.",
    ),
    both(
        "password",
        "Password",
        Secret("password-form"),
        "none",
        "Default: none. Any bytes (3.1.3.6). It stands in the run's link and file as you type it here: use none of your own.",
    ),
    both(
        "password-form",
        "Password written as",
        Choice(FORMS),
        "",
        "Default: text. Hex and Base64 are for bytes that are no text.",
    ),
    both(
        "password-shown",
        "Show the password",
        Switch,
        "",
        "Default: off. Whether its letters are seen on the screen.",
    ),
    only_5(
        "receive-maximum",
        "Receive maximum",
        Number(1, SHORT),
        "65535",
        "Default: 65535. How many messages of QoS 1 and 2 the broker may send before they are acknowledged; more wait in the broker (3.1.2.11.3).",
    ),
    only_5(
        "maximum-packet",
        "Maximum packet size, bytes",
        Number(1, WORD),
        "no limit",
        "Default: no limit. A larger message is not sent to this client, and counts as done (3.1.2.11.4).",
    ),
    only_5(
        "alias-maximum",
        "Topic alias maximum",
        Number(0, SHORT),
        "0",
        "Default: 0, none. How many numbers the broker may use in place of topics on this connection (3.1.2.11.5).",
    ),
    only_5(
        "request-response",
        "Request response information",
        Choice(SAID),
        "",
        "Default: no. Yes asks the broker for the base of a response topic in CONNACK; it need not give one (3.1.2.11.6).",
    ),
    only_5(
        "request-problem",
        "Request problem information",
        Choice(SAID),
        "",
        "Default: yes. No: Reason String and User Properties come on PUBLISH, CONNACK and DISCONNECT only (3.1.2.11.7).",
    ),
    only_5(
        "challenge",
        "Answer a challenge with the password",
        Switch,
        "",
        "Default: off. Authentication Method GLASS-CHALLENGE: CONNECT has no password, AUTH goes to and fro (4.12). The broker takes it where auth.challenge is on.",
    ),
    only_5(
        "auth",
        "Another authentication method",
        Text,
        "none",
        "Default: none. A method that this client does not know: it names it and sends no Authentication Data, and the broker refuses one that it does not know with 0x8C (4.12).",
    ),
    only_5(
        "connect-user",
        "User properties, each a line as unit: C",
        Lines,
        "",
        "Default: none. Pairs of texts for the broker; their order is kept (3.1.2.11.8).",
    ),
    both(
        "will",
        "With a will",
        Switch,
        "",
        "Default: off. A message that the broker publishes where the connection ends without DISCONNECT (3.1.2.5).",
    ),
];

/// What the Will adds to its message.
pub(crate) const WILL: &[Field] = &[only_5(
    "delay",
    "Will delay, s",
    Number(0, WORD),
    "0",
    "Default: 0. How long the broker waits before it publishes the Will; it does not where the client is back by then (3.1.3.2.2).",
)];

/// A message: what is published, and what a Will is.
pub(crate) const MESSAGE: &[Field] = &[
    both(
        "topic",
        "Topic",
        Topic,
        "factory/1/status",
        "Needed. The Topic Name: levels apart by /, without + and # (4.7). Repeated, it may have places such as {{n}}.",
    ),
    both(
        "payload",
        "Payload",
        Bytes("form"),
        "",
        "Default: empty. Any bytes. Empty with Retain deletes what is retained (3.3.1.3). Repeated, it may have places such as {{walk 20 0.5}}.",
    ),
    both(
        "form",
        "Written as",
        Choice(FORMS),
        "",
        "Default: text. How the payload is typed here; JSON is checked. The bytes are sent, not the form.",
    ),
    both(
        "qos",
        "Level",
        Choice(QOS),
        "",
        "0: at most once, nobody answers. 1: at least once, PUBACK. 2: exactly once, PUBREC, PUBREL, PUBCOMP (4.3). DUP is set by the client itself where it sends again (3.3.1.1).",
    ),
    both(
        "retain",
        "Retain",
        Switch,
        "",
        "Default: off. The broker keeps it as the topic's last message for those who subscribe later (3.3.1.3).",
    ),
    only_5(
        "expiry",
        "Expiry, s",
        Number(0, WORD),
        "never",
        "Default: never. Message Expiry Interval: so many seconds it may wait for a subscriber (3.3.2.3.3).",
    ),
    only_5(
        "alias",
        "Topic alias",
        Number(1, SHORT),
        "none",
        "Default: none. A number for the topic on this connection: the first message has both, later ones the number alone. Up to the broker's Topic Alias Maximum (3.3.2.3.4).",
    ),
    only_5(
        "content-type",
        "Content type",
        Text,
        "application/json",
        "Default: none. What the payload is, for those who receive it (3.3.2.3.9).",
    ),
    only_5(
        "format",
        "Payload is",
        Choice(FORMATS),
        "",
        "Default: not said, which is bytes. UTF-8 text: Payload Format Indicator 1, and a broker may check that (3.3.2.3.2).",
    ),
    only_5(
        "response",
        "Response topic",
        Topic,
        "none",
        "Default: none. Where an answer is to be published: it makes the message a request (4.10).",
    ),
    only_5(
        "correlation",
        "Correlation data",
        Bytes("correlation-form"),
        "none",
        "Default: none. Comes back with the answer, so that the asker knows which (3.3.2.3.6).",
    ),
    only_5("correlation-form", "Correlation data written as", Choice(FORMS), "", "Default: text."),
    only_5(
        "user",
        "User properties, each a line as unit: C",
        Lines,
        "",
        "Default: none. Pairs of texts, delivered with the message in their order (3.3.2.3.7).",
    ),
];

/// What is subscribed to.
pub(crate) const SUBSCRIBE: &[Field] = &[
    both(
        "subscribe-filter",
        "Subscribe to",
        Filter,
        "factory/+/status",
        "Needed. + stands for one level, # at the end for the rest; $share/NAME/ before it shares the messages among the group's members (4.7, 4.8.2).",
    ),
    both(
        "subscribe-qos",
        "At most",
        Choice(QOS),
        "",
        "The highest QoS at which messages are delivered; SUBACK says what the broker grants (3.8.4).",
    ),
    both(
        "subscribe-more",
        "More filters in the same packet, one a line",
        Filters,
        "",
        "Default: none. SUBSCRIBE has a list of filters, each with its options; 0, 1 or 2 and a space before a filter are its own QoS (3.8.3).",
    ),
    only_5(
        "no-local",
        "Not what it publishes itself (No Local)",
        Switch,
        "",
        "Default: off. On, messages of this connection do not come back to it; not for shared subscriptions (3.8.3.1).",
    ),
    only_5(
        "retain-as-published",
        "Keep RETAIN as published",
        Switch,
        "",
        "Default: off: RETAIN is 1 only on what was retained when it subscribed. On: as the publisher set it (3.8.3.1).",
    ),
    only_5(
        "retain-handling",
        "Retained messages",
        Choice(RETAINED),
        "",
        "When the broker sends what is retained for the filter: Retain Handling 0, 1 and 2 (3.8.3.1).",
    ),
    only_5(
        "subscription-identifier",
        "Identifier",
        Number(1, VARIABLE),
        "none",
        "Default: none. A number that each message of this subscription brings along (3.8.2.1.2).",
    ),
];

/// How a message is published again and again.
pub(crate) const REPEAT: &[Field] = &[
    both(
        "repeat",
        "Again and again",
        Switch,
        "",
        "Off: once, as it is written. On: as often as is said here, and the places in topic and payload are filled each time.",
    ),
    both(
        "every",
        "Every",
        Span,
        "1s",
        "How long from one to the next: a number with its unit, us, ms, s, m, h or d; at least 1ms.",
    ),
    both(
        "times",
        "Times",
        Number(1, crate::sim::MAX_REPEATS),
        "100",
        "How often in all, up to 1000000. Stop ends it before.",
    ),
];

/// The network of a client, and what it does by itself.
pub(crate) const NETWORK: &[Field] = &[
    both(
        "latency",
        "Latency, ms",
        Number(0, HOUR_MS),
        "0",
        "Default here: 20. How long everything is on its way, in each direction.",
    ),
    both(
        "jitter",
        "Jitter, ms",
        Number(0, HOUR_MS),
        "0",
        "Default: 0. At most so much more by chance; nothing overtakes what was sent before, as TCP has it.",
    ),
    both("rate", "Bytes a second", Number(0, RATE), "no limit", "Default: no limit."),
    both(
        "reconnect",
        "Connects again after",
        Span,
        "never",
        "Default: never. How long it waits before it connects again by itself after a connection that it did not end, such as 2s.",
    ),
    both(
        "pings",
        "Keeps its connection alive",
        Switch,
        "",
        "Default: on. Off: it sends no PINGREQ, so the broker ends a connection that is silent for one and a half times the keep alive (3.1.2.10).",
    ),
];

/// Many clients at once.
pub(crate) const MANY: &[Field] = &[
    both(
        "stagger",
        "One after another",
        Span,
        "0ms",
        "Default: 0ms, all at once. How long from one client's CONNECT to the next one's, such as 50ms.",
    ),
    both(
        "many-filter",
        "Each subscribes to",
        Filter,
        "nothing",
        "Default: nothing. {{i}} is the client's number. Sent once its connection should be there.",
    ),
];

/// What a number may be.
pub(crate) fn whole(least: u64, most: u64) -> String {
    format!("A whole number from {least} to {most}")
}
/// What a text may be.
pub(crate) const TOO_LONG: &str = "MQTT allows at most 65,535 bytes here";
/// What is wrong in a line.
pub(crate) fn line(number: usize, what: &str) -> String {
    format!("Line {number}: {what}")
}
/// What is wrong in JSON, and where.
pub(crate) fn place(line: u32, column: u32, what: &str) -> String {
    format!("Line {line}, column {column}: {what}")
}
/// What hexadecimal bytes are.
pub(crate) const NO_HEX: &str = "Pairs of hexadecimal digits are needed, such as 00 ff 1a";
/// What base64 is not.
pub(crate) fn no_base64(at: usize) -> String {
    format!("Character {at} is wrong: this is no base64")
}
/// What a line of User Properties is.
pub(crate) fn no_colon(number: usize) -> String {
    format!("Line {number} has no colon: a line is `name: value`")
}
/// What the profile does not take.
pub(crate) fn qos_most(most: u64) -> String {
    format!("The broker takes no QoS above {most}.")
}
/// The same of RETAIN.
pub(crate) const NO_RETAIN: &str = "The broker retains nothing.";
