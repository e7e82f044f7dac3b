//! CONNECT (3.1).

use super::{Properties, QoS, Text, Version};
use bytes::Bytes;

/// The Will that a CONNECT carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Will {
    /// Where it is published.
    pub topic: Text,
    /// What is published.
    pub payload: Bytes,
    /// With which quality of service.
    pub qos: QoS,
    /// Whether it is retained.
    pub retain: bool,
    /// Its own properties (5.0), Will Delay Interval among them.
    pub properties: Properties,
}

/// The client requests a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connect {
    /// The version that the client asks for.
    pub version: Version,
    /// Clean Session (3.1.1), Clean Start (5.0).
    pub clean_start: bool,
    /// Seconds; 0 turns the mechanism off.
    pub keep_alive_s: u16,
    /// The client identifier, which may be empty.
    pub client_id: Text,
    /// The Will, if there is one.
    pub will: Option<Will>,
    /// The user name, if there is one.
    pub username: Option<Text>,
    /// The password, if there is one.
    pub password: Option<Bytes>,
    /// Properties (5.0).
    pub properties: Properties,
}
