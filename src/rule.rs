//! Rule ids only, so that any floor can cite one; the sentences are in [`crate::rules`].

/// What a rule was taken from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// MQTT Version 3.1.1, OASIS Standard, 29 October 2014.
    Mqtt311,
    /// MQTT Version 5.0, OASIS Standard, 7 March 2019.
    Mqtt5,
    /// The public documentation of AWS IoT Core.
    Aws,
    /// What Eclipse Mosquitto documents or was seen to do.
    Mosquitto,
    /// The public documentation of VerneMQ.
    VerneMq,
    /// RFC 6455, The WebSocket Protocol, and the WHATWG WebSocket interface.
    WebSocket,
    /// A choice of this simulator where the others are silent, such as the bound of a store.
    Glassbroker,
}

/// The name of one cited behaviour, such as `MQTT-3.1.2-24` or `aws.session.replay-rate`.
///
/// The two MQTT versions number their statements alike and differently, so an id means something only with its source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId {
    /// What the rule was taken from.
    pub source: Source,
    /// The id within that source.
    pub id: &'static str,
}

/// A statement of MQTT 3.1.1, by its number there.
pub const fn v3(id: &'static str) -> RuleId {
    RuleId { source: Source::Mqtt311, id }
}

/// A statement of MQTT 5.0, by its number there.
pub const fn v5(id: &'static str) -> RuleId {
    RuleId { source: Source::Mqtt5, id }
}

/// A behaviour that AWS documents, by this project's name for it.
pub const fn aws(id: &'static str) -> RuleId {
    RuleId { source: Source::Aws, id }
}

/// A behaviour of Eclipse Mosquitto, by this project's name for it.
pub const fn mosquitto(id: &'static str) -> RuleId {
    RuleId { source: Source::Mosquitto, id }
}

/// A behaviour that VerneMQ documents, by this project's name for it.
pub const fn vernemq(id: &'static str) -> RuleId {
    RuleId { source: Source::VerneMq, id }
}

/// A section of the WebSocket protocol or interface.
pub const fn websocket(id: &'static str) -> RuleId {
    RuleId { source: Source::WebSocket, id }
}

/// A choice of this simulator.
pub const fn own(id: &'static str) -> RuleId {
    RuleId { source: Source::Glassbroker, id }
}
