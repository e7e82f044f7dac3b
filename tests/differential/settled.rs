//! The disagreements that the specifications settle, each with its clause. `docs/codecs.md` is this table in prose.

use glassbroker::wire::*;

/// What an oracle does otherwise than we do.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// It refuses what we accept, with a message that contains this.
    Refuses(&'static str),
    /// It accepts what we refuse with a sentence that contains this.
    Accepts(&'static str),
    /// Both accept, and what it encodes is not what we read; the predicate says in which packets.
    ReadsOtherwise(fn(&Packet, &[u8], Version) -> bool),
}

/// One settled disagreement.
pub(crate) struct Settled {
    /// The oracle's name.
    pub(crate) oracle: &'static str,
    /// What it does otherwise.
    pub(crate) does: Does,
    /// The clause that settles it.
    pub(crate) clause: &'static str,
    /// What the clause says and who follows it.
    pub(crate) says: &'static str,
}

const fn settled(oracle: &'static str, does: Does, clause: &'static str, says: &'static str) -> Settled {
    Settled { oracle, does, clause, says }
}

use Does::{Accepts, ReadsOtherwise, Refuses};

/// All of them. The specification is on our side in each, or leaves both free.
pub(crate) const SETTLED: &[Settled] = &[
    settled(
        "flowsdk",
        Accepts("no Authentication Method"),
        "3.15.2.2.2 in 5.0",
        "AUTH without Authentication Method is a Protocol Error.",
    ),
    settled(
        "flowsdk",
        Accepts("protocol version is not supported"),
        "MQTT-3.1.2-2",
        "The Protocol Version must be one that the server supports; it reads any.",
    ),
    settled(
        "flowsdk",
        Refuses("Password cannot be empty"),
        "3.1.3.6 in 5.0",
        "The Password is Binary Data, whose length may be 0 (1.5.6).",
    ),
    settled(
        "flowsdk",
        Refuses("Username cannot be empty"),
        "3.1.3.5 in 5.0",
        "The User Name is a UTF-8 Encoded String, whose length may be 0 (1.5.4).",
    ),
    settled(
        "flowsdk",
        Refuses("Will topic or message cannot be empty"),
        "3.1.3.4 in 5.0",
        "The Will Payload is Binary Data, whose length may be 0.",
    ),
    settled(
        "flowsdk",
        Refuses("Assigned Client Identifier cannot be empty"),
        "3.2.2.3.7 in 5.0",
        "A client must not be assigned an empty identifier, but the string itself is well-formed: what to do is the client's to decide, not the decoder's.",
    ),
    settled(
        "flowsdk",
        Refuses("Invalid reason code for packet type"),
        "2.4 in 5.0",
        "The table of reason codes lists 0x8C, Bad authentication method, for DISCONNECT; the table of 3.14.2.1 leaves it out.",
    ),
    settled(
        "mqtt-proto",
        Accepts("U+0000"),
        "MQTT-1.5.4-2",
        "A string must not hold U+0000; it reads one in properties.",
    ),
    settled(
        "mqtt-proto",
        Accepts("no Authentication Method"),
        "3.15.2.2.2 in 5.0",
        "AUTH without Authentication Method is a Protocol Error.",
    ),
    settled(
        "mqtt-proto",
        Accepts("Bytes follow the packet's last field"),
        "2.1.4 in 5.0, 2.2.3 in 3.1.1",
        "The Remaining Length counts the variable header and the payload, and nothing else; it leaves the rest unread.",
    ),
    settled(
        "mqtt-proto",
        Accepts("Session Present is 1 in a refusal"),
        "MQTT-3.2.2-4 in 3.1.1, MQTT-3.2.2-6 in 5.0",
        "With a code other than 0, Session Present is 0.",
    ),
    settled("mqtt-proto", Accepts("DUP 1 at QoS 0"), "MQTT-3.3.1-2", "DUP is 0 in every QoS 0 message."),
    settled(
        "mqtt-proto",
        Accepts("Topic Name is empty"),
        "MQTT-4.7.3-1",
        "Topic Names have at least one character.",
    ),
    settled(
        "mqtt-proto",
        Accepts("has no code"),
        "MQTT-3.8.4-5 in 3.1.1, MQTT-3.8.4-6 and MQTT-3.11.3-1 in 5.0",
        "SUBACK and UNSUBACK have a code for each Topic Filter, of which there is at least one.",
    ),
    settled(
        "mqtt-proto",
        Refuses("InvalidPayloadFormat"),
        "3.3.2.3.2 in 5.0",
        "A receiver may validate that a payload marked as text is UTF-8, and answers 0x99 then; it need not, and we don't.",
    ),
    settled(
        "mqtt-proto",
        Refuses("DuplicatedProperty(SubscriptionIdentifier)"),
        "MQTT-3.3.4-4",
        "A PUBLISH to a client holds one Subscription Identifier for each matching subscription.",
    ),
    settled(
        "mqtt-proto",
        Refuses("InvalidReasonCode(Disconnect, 140)"),
        "2.4 in 5.0",
        "The table of reason codes lists 0x8C, Bad authentication method, for DISCONNECT; the table of 3.14.2.1 leaves it out.",
    ),
    settled(
        "mqtt-proto",
        ReadsOtherwise(|packet, _, version| {
            version == Version::V3
                && matches!(packet, Packet::Suback(suback) if suback.codes.contains(&ReasonCode(0x80)))
        }),
        "MQTT-3.9.3-2 in 3.1.1",
        "A failure is 0x80 in SUBACK; it writes 3, which is reserved.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("U+0000"),
        "MQTT-1.5.3-2 in 3.1.1, MQTT-1.5.4-2 in 5.0",
        "A string must not hold U+0000.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("no Authentication Method"),
        "3.15.2.2.2 in 5.0",
        "AUTH without Authentication Method is a Protocol Error.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("ends within the Property Length"),
        "3.15.2.1 in 5.0",
        "In AUTH, reason code and Property Length may only be left out together.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Bytes follow the packet's last field"),
        "2.1.4 in 5.0, 2.2.3 in 3.1.1",
        "The Remaining Length counts the variable header and the payload, and nothing else; it leaves the rest unread.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("no such return code"),
        "3.2.2.3 in 3.1.1",
        "CONNACK's return codes 6 to 255 are reserved.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Session Present is 1 in a refusal"),
        "MQTT-3.2.2-4 in 3.1.1, MQTT-3.2.2-6 in 5.0",
        "With a code other than 0, Session Present is 0.",
    ),
    settled("rmqtt-codec", Accepts("DUP 1 at QoS 0"), "MQTT-3.3.1-2", "DUP is 0 in every QoS 0 message."),
    settled(
        "rmqtt-codec",
        Accepts("Topic Name holds + or #"),
        "MQTT-3.3.2-2",
        "A Topic Name in PUBLISH holds no wildcards.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("has no code"),
        "MQTT-3.8.4-5 in 3.1.1, MQTT-3.8.4-6 and MQTT-3.11.3-1 in 5.0",
        "SUBACK and UNSUBACK have a code for each Topic Filter, of which there is at least one.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Reserved bits are set"),
        "MQTT-3.8.3-4 in 3.1.1",
        "The upper six bits of the requested QoS are 0.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("more bytes than it needs"),
        "MQTT-1.5.5-1",
        "A Variable Byte Integer is written with the fewest bytes.",
    ),
    settled(
        "rmqtt-codec",
        Refuses("InvalidClientId"),
        "MQTT-3.1.3-8 in 3.1.1, MQTT-3.1.3-6 in 5.0",
        "An empty Client Identifier is well-formed: 3.1.1's server answers it with 0x02 where Clean Session is 0, 5.0's may assign one.",
    ),
    settled(
        "rmqtt-codec",
        ReadsOtherwise(|packet, again, version| {
            decode(&bytes::Bytes::copy_from_slice(again), version)
                .is_ok_and(|read| without_defaults(read) == without_defaults(packet.clone()))
        }),
        "2.2.2 in 5.0",
        "It leaves out properties that say what their absence says, such as Receive Maximum 65,535; both forms mean the same.",
    ),
    settled(
        "flowsdk",
        Refuses("Variable Byte Integer encoding is not minimal"),
        "2.2.3 in 3.1.1",
        "3.1.1 does not ask for the fewest bytes in the Remaining Length; 5.0 does [MQTT-1.5.5-1].",
    ),
    settled(
        "flowsdk",
        Accepts("ends within the Client Identifier"),
        "2.1.4 in 5.0",
        "It reads on past the end that the Remaining Length sets.",
    ),
    settled(
        "flowsdk",
        Accepts("Bytes follow the packet's last field"),
        "2.1.4 in 5.0",
        "The Remaining Length counts the variable header and the payload, and nothing else.",
    ),
    settled(
        "mqtt-proto",
        Accepts("more bytes than it needs"),
        "MQTT-1.5.5-1",
        "A Variable Byte Integer is written with the fewest bytes.",
    ),
    settled(
        "mqtt-proto",
        Accepts("Password Flag is set without the User Name Flag"),
        "MQTT-3.1.2-22 in 3.1.1",
        "Without a User Name Flag the Password Flag is 0.",
    ),
    settled(
        "mqtt-proto",
        Accepts("Will Retain is set without the Will Flag"),
        "MQTT-3.1.2-15 in 3.1.1, MQTT-3.1.2-13 in 5.0",
        "Without a Will Flag, Will Retain is 0.",
    ),
    settled(
        "mqtt-proto",
        Accepts("Will QoS is set without the Will Flag"),
        "MQTT-3.1.2-13 in 3.1.1, MQTT-3.1.2-11 in 5.0",
        "Without a Will Flag, the Will QoS is 0.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Password Flag is set without the User Name Flag"),
        "MQTT-3.1.2-22 in 3.1.1",
        "Without a User Name Flag the Password Flag is 0.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Will Retain is set without the Will Flag"),
        "MQTT-3.1.2-15 in 3.1.1, MQTT-3.1.2-13 in 5.0",
        "Without a Will Flag, Will Retain is 0.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Will QoS is set without the Will Flag"),
        "MQTT-3.1.2-13 in 3.1.1, MQTT-3.1.2-11 in 5.0",
        "Without a Will Flag, the Will QoS is 0.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("neither 0 nor 1"),
        "3.2.2.3 in 5.0",
        "A switch among the properties is 0 or 1; another value is a Protocol Error.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Will Topic holds + or #"),
        "MQTT-4.7.1-1 in 3.1.1, MQTT-4.7.0-1 in 5.0",
        "A Topic Name has no wildcards.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Response Topic holds + or #"),
        "MQTT-3.3.2-14",
        "A Response Topic has no wildcards.",
    ),
    settled(
        "rmqtt-codec",
        Accepts("Topic Name is empty and no Topic Alias"),
        "MQTT-4.7.3-1",
        "Topic Names have at least one character; only a Topic Alias may stand for one.",
    ),
];

/// The row for an oracle that refuses `packet`, saying `why`.
pub(crate) fn refused(oracle: &str, why: &str) -> Option<&'static Settled> {
    SETTLED.iter().find(|row| row.oracle == oracle && matches!(row.does, Refuses(text) if why.contains(text)))
}

/// The row for an oracle that accepts what is malformed.
pub(crate) fn accepted(oracle: &str, malformed: &Malformed) -> Option<&'static Settled> {
    SETTLED.iter().find(|row| {
        row.oracle == oracle && matches!(row.does, Accepts(text) if malformed.what.contains(text))
    })
}

/// The row for an oracle that makes `again` of `packet`.
pub(crate) fn reads_otherwise(
    oracle: &str,
    packet: &Packet,
    again: &[u8],
    version: Version,
) -> Option<&'static Settled> {
    SETTLED.iter().find(|row| {
        row.oracle == oracle && matches!(row.does, ReadsOtherwise(when) if when(packet, again, version))
    })
}

/// The table as `docs/codecs.md` holds it.
pub(crate) fn as_markdown() -> String {
    let mut text = String::from(HEAD);
    for row in SETTLED {
        let does = match row.does {
            Refuses(why) => format!("refuses, saying `{why}`"),
            Accepts(what) => format!("accepts where we say “… {what} …”"),
            ReadsOtherwise(_) => "reads it otherwise".to_owned(),
        };
        text += &format!("| {} | {does} | {} | {} |\n", row.oracle, row.clause, row.says);
    }
    text
}

const HEAD: &str = "# Where other codecs read otherwise

`tests/differential/` gives the same packets, generated and mutated, of both versions, to our codec and to three
independent ones: `flowsdk` 0.7, `mqtt-proto` 0.4 and `rmqtt-codec` 0.3. What each accepts is encoded again by it and read
by us. Every disagreement is one of these, with the clause that settles it; the test fails at any other.
The table is printed by the test from its own data (`UPDATE_DOCS=1 cargo test --test differential`).

| codec | what it does otherwise | clause | what the clause says |
| --- | --- | --- | --- |
";

/// A packet without the properties that say what their absence says.
fn without_defaults(packet: Packet) -> Packet {
    let mut packet = super::sorted(packet);
    let says_something = |property: &Property| {
        !matches!(
            property,
            Property::PayloadFormatIndicator(0)
                | Property::SessionExpiryInterval(0)
                | Property::ReceiveMaximum(u16::MAX)
                | Property::TopicAliasMaximum(0)
                | Property::RequestProblemInformation(1)
                | Property::RequestResponseInformation(0)
                | Property::WillDelayInterval(0)
                | Property::RetainAvailable(1)
                | Property::WildcardSubscriptionAvailable(1)
                | Property::SubscriptionIdentifierAvailable(1)
                | Property::SharedSubscriptionAvailable(1)
        )
    };
    match &mut packet {
        Packet::Connect(connect) => {
            connect.properties.0.retain(says_something);
            if let Some(will) = &mut connect.will {
                will.properties.0.retain(says_something);
            }
        }
        Packet::Connack(connack) => connack.properties.0.retain(says_something),
        Packet::Publish(publish) => publish.properties.0.retain(says_something),
        _ => {}
    }
    packet
}
