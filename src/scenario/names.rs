//! The names that the document's objects may hold: what the reader allows, what errors list, and what the schema is held to.

/// The fields of one object.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The object's name in the schema.
    pub object: &'static str,
    /// Fields that must be there.
    pub required: &'static [&'static str],
    /// Fields that may be there.
    pub optional: &'static [&'static str],
}

impl Fields {
    const fn new(
        object: &'static str,
        required: &'static [&'static str],
        optional: &'static [&'static str],
    ) -> Self {
        Self { object, required, optional }
    }

    /// All fields.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }
}

pub(super) const SCENARIO: Fields = Fields::new(
    "scenario",
    &["glassbroker"],
    &["$schema", "title", "about", "seed", "epoch", "until", "broker", "clients", "steps", "marks", "expect"],
);
pub(super) const BROKER: Fields = Fields::new("broker", &[], &["profile", "set", "policies"]);
pub(super) const CLIENT: Fields = Fields::new(
    "client",
    &["id"],
    &[
        "mqtt",
        "policy",
        "username",
        "password",
        "connect",
        "link",
        "pings",
        "reconnect_after",
        "queue_max_messages",
    ],
);
pub(super) const CONNECT: Fields = Fields::new(
    "connect",
    &[],
    &[
        "client_id",
        "clean_start",
        "keep_alive_s",
        "session_expiry_s",
        "receive_maximum",
        "maximum_packet_bytes",
        "topic_alias_maximum",
        "user_properties",
        "will",
    ],
);
pub(super) const WILL: Fields = Fields::new(
    "will",
    &["topic"],
    &[
        "payload",
        "qos",
        "retain",
        "delay_s",
        "payload_is_text",
        "expiry_s",
        "content_type",
        "response_topic",
        "correlation_data",
        "user_properties",
    ],
);
pub(super) const LINK: Fields =
    Fields::new("link", &[], &["latency_ms", "jitter_ms", "bytes_per_s", "in_flight_max_bytes"]);
pub(super) const FILTER: Fields =
    Fields::new("filter", &["filter"], &["qos", "no_local", "retain_as_published", "retain_handling"]);
pub(super) const MARK: Fields = Fields::new("mark", &["at", "title"], &["text", "pause", "ask"]);
pub(super) const ASK: Fields = Fields::new("ask", &["question", "choices", "answer"], &["why"]);
pub(super) const CLAIM: Fields = Fields::new("claim", &["client", "receives"], &["topic", "between"]);

/// Fields of a client that may be null, for "none".
pub(super) const NULLABLE: &[&str] = &["policy", "username", "password"];

/// The fields that every step of a client, and every step on the broker, may hold.
pub(super) const CLIENT_STEP: &[&str] = &["at", "client", "do"];
pub(super) const BROKER_STEP: &[&str] = &["at", "on", "do"];
pub(super) const REPEAT: &[&str] = &["every", "times"];

/// What a client can be asked to do, with the further fields of each.
pub(super) const CLIENT_DOES: &[Fields] = &[
    Fields::new("connect", &[], &["connect"]),
    Fields::new("subscribe", &["filters"], &["identifier"]),
    Fields::new("unsubscribe", &["filters"], &[]),
    Fields::new(
        "publish",
        &["topic"],
        &[
            "payload",
            "qos",
            "retain",
            "payload_is_text",
            "expiry_s",
            "content_type",
            "response_topic",
            "correlation_data",
            "user_properties",
            "topic_alias",
        ],
    ),
    Fields::new("disconnect", &[], &["code", "session_expiry_s"]),
    Fields::new("close", &[], &["code"]),
    Fields::new("cut", &[], &[]),
    Fields::new("restore", &[], &[]),
    Fields::new("link", &["link"], &[]),
    Fields::new("stop_acks", &[], &[]),
    Fields::new("resume_acks", &[], &[]),
    Fields::new("send", &["bytes"], &[]),
    Fields::new("crash", &[], &[]),
    Fields::new("restart", &[], &[]),
];

/// What an operator can do with the broker, with the further fields of each.
pub(super) const BROKER_DOES: &[Fields] = &[
    Fields::new("disconnect", &["client"], &[]),
    Fields::new("restart", &[], &["keep_store"]),
    Fields::new("set", &["key", "value"], &[]),
    Fields::new("retained_read", &["topic"], &[]),
    Fields::new("retained_write", &["topic", "payload"], &["qos"]),
    Fields::new("retained_delete", &["topic"], &[]),
];

/// Every object that is no step.
pub const OBJECTS: &[Fields] = &[SCENARIO, BROKER, CLIENT, CONNECT, WILL, LINK, FILTER, MARK, ASK, CLAIM];

/// Every step by its `do`, first those of clients, then those on the broker, with all fields that it may hold.
pub fn steps() -> impl Iterator<Item = (&'static str, bool, Vec<&'static str>, Vec<&'static str>)> {
    let whole = |fields: &Fields, common: &[&'static str]| {
        let required = common.iter().chain(fields.required).copied().collect();
        let optional = REPEAT.iter().chain(fields.optional).copied().collect();
        (fields.object, required, optional)
    };
    let clients = CLIENT_DOES.iter().map(move |fields| {
        let (name, required, optional) = whole(fields, CLIENT_STEP);
        (name, false, required, optional)
    });
    let broker = BROKER_DOES.iter().map(move |fields| {
        let (name, required, optional) = whole(fields, BROKER_STEP);
        (name, true, required, optional)
    });
    clients.chain(broker)
}
