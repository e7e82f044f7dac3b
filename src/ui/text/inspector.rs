//! The inspector.

/// Its name.
pub(crate) const TITLE: &str = "Inspector";
/// While nothing is chosen.
pub(crate) const EMPTY: &str = "Choose a packet on the timeline, a row of the event table or a topic: its bytes, its cause and \
                                the rule behind it are shown here.";
/// The button that closes it.
pub(crate) const CLOSE: &str = "Choose nothing";
/// Of an event after the view.
pub(crate) const LATER: &str = "This lies after the view: it has not happened yet.";
/// What the moment's button does.
pub(crate) const GO_THERE: &str = "Look at this moment";
/// The facts.
pub(crate) const KIND: &str = "Kind";
/// See [`KIND`].
pub(crate) const WHEN: &str = "When";
/// See [`KIND`].
pub(crate) const WHO: &str = "Who";
/// See [`KIND`].
pub(crate) const WHAT: &str = "What";
/// See [`KIND`].
pub(crate) const MESSAGE: &str = "Message";
/// See [`KIND`].
pub(crate) const CODE: &str = "Code";
/// See [`KIND`].
pub(crate) const ON_THE_WAY: &str = "On the way";
/// The way here where it is another tab.
pub(crate) const INSPECT: &str = "Inspect";
/// Of the settings of a rule.
pub(crate) const AT_THE_VIEW: &str = "These are the broker's values at the moment that is looked at.";
/// The way to the rule's row.
pub(crate) const AMONG_RULES: &str = "Among the rules of this profile";
/// What led to the event.
pub(crate) const CAUSES: &str = "Because of";
/// What it led to.
pub(crate) const CONSEQUENCES: &str = "Led to";

/// Who says it, of whom.
pub(crate) fn about(by: &str, client: &str) -> String {
    format!("{by}, about {client}")
}

/// The title of the bytes.
pub(crate) fn bytes(count: usize) -> String {
    format!("Bytes ({count})")
}
/// What the bytes are to screen readers, and what keys do there.
pub(crate) const HEX: &str = "Bytes. The arrows left and right go from field to field, Escape leaves them.";
/// Before a field is lit.
pub(crate) const HINT: &str = "Point at a byte or a field, or choose one: each lights the other.";
/// The columns of the fields.
pub(crate) const FIELD: &str = "Field";
/// See [`FIELD`].
pub(crate) const VALUE: &str = "Value";
/// See [`FIELD`].
pub(crate) const CLAUSE_3: &str = "Clause of MQTT 3.1.1";
/// See [`FIELD`].
pub(crate) const CLAUSE_5: &str = "Clause of MQTT 5.0";

/// What is not shown of a long packet.
pub(crate) fn more_bytes(count: usize) -> String {
    format!(" and {count} more")
}

/// Where a lit field stands.
pub(crate) fn at_bytes(first: usize, last: usize) -> String {
    if first == last { format!("Byte {first}") } else { format!("Bytes {first}–{last}") }
}

/// What the event changed.
pub(crate) const CHANGED: &str = "What it changed in the broker";
/// Where it changed nothing.
pub(crate) const NOTHING: &str = "Nothing: the broker holds what it held before.";
/// While it is computed.
pub(crate) const COMPUTING: &str = "Computing…";
/// Where it takes long.
pub(crate) const COMPUTE: &str = "Compute it";
/// Why it does.
pub(crate) const COSTLY: &str = "This run holds much: a look at this step takes a moment.";
/// Where the run cannot say it.
pub(crate) const UNKNOWN: &str = "This run does not keep what it was before.";
/// Of a packet on its way.
pub(crate) const NOT_YET: &str = "Nothing yet: it has not arrived at the broker.";
/// Of a lost packet.
pub(crate) const NEVER: &str = "Nothing: it was lost on its way.";
/// What the signs say to those who do not see them.
pub(crate) const SIGNS: [(&str, &str); 3] = [("+", "new: "), ("−", "gone: "), ("~", "changed: ")];
/// Of two moments.
pub(crate) fn before_after(before: &str, after: &str) -> String {
    format!("{before} → {after}")
}

/// Where the step is another one than the event's.
pub(crate) fn in_step(arrives: bool, at: &str) -> String {
    if arrives {
        format!("As it arrived at the broker, at {at}")
    } else {
        format!("As the broker sent it, at {at}")
    }
}

/// What was not looked at.
pub(crate) fn left_out(count: usize) -> String {
    format!("{count} more clients and topics took part; they are not compared.")
}

/// A session, and what is new with it.
pub(crate) fn session(client: &str, state: &str) -> String {
    format!("Session of {client}{state}")
}
/// See [`session`].
pub(crate) const BEGINS: &str = " begins";
/// See [`session`].
pub(crate) const IS_GONE: &str = " is gone";
/// See [`session`].
pub(crate) const RESUMES: &str = " goes on: its client is connected again";
/// See [`session`].
pub(crate) const STAYS: &str = ": its client is away";

/// See [`session`].
pub(crate) fn stays_until(at: &str) -> String {
    format!("{STAYS}, it ends at {at}")
}

/// A subscription.
pub(crate) fn subscription(client: &str, filter: &str, options: &str) -> String {
    format!("Subscription of {client} to {filter}{options}")
}
/// Its options.
pub(crate) const NO_LOCAL: &str = ", No Local";
/// See [`NO_LOCAL`].
pub(crate) const RETAIN_AS_PUBLISHED: &str = ", Retain As Published";

/// See [`NO_LOCAL`].
pub(crate) fn identifier(id: u32) -> String {
    format!(", identifier {id}")
}

/// A Will.
pub(crate) fn will(client: &str, topic: &str, due: Option<&str>) -> String {
    match due {
        Some(at) => format!("Will of {client} at {topic}: it is sent at {at}"),
        None => format!("Will of {client} at {topic}"),
    }
}

/// A retained message.
pub(crate) fn retained(topic: &str, content: &str) -> String {
    format!("Retained at {topic}: {content}")
}

/// How many messages wait.
pub(crate) fn queue(of: &str, depth: &str) -> String {
    format!("Queue of {of}: {depth}")
}

/// A message under way.
pub(crate) fn outgoing(client: &str, id: u16, state: &str) -> String {
    format!("In flight to {client}, identifier {id}{state}")
}
/// Where PUBREC came.
pub(crate) const RELEASED: &str = ": PUBREC came, PUBCOMP is awaited";

/// A client's QoS 2 message.
pub(crate) fn incoming(client: &str, id: u16) -> String {
    format!("Identifier {id} of {client}, which awaits PUBREL")
}

/// The level of a quota.
pub(crate) fn quota(name: &str, of: &str, level: &str, limit: Option<u64>) -> String {
    let of = if of.is_empty() { "everybody" } else { of };
    match limit {
        Some(limit) => format!("{name}, used by {of}: {level} of {limit}"),
        None => format!("{name}, used by {of}: {level}"),
    }
}

/// How a rule is known, where its document does not simply state it.
pub(crate) const OBSERVED: &str = "; reported from practice, not stated there";
pub(crate) const INFERRED: &str = "; it follows from what is stated there";
pub(crate) const CHOSEN: &str = "; a choice, since no document decides it";
