//! PUBLISH (3.3).

use super::{Properties, QoS, Text};
use bytes::Bytes;

/// An application message on its way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Publish {
    /// Whether it may be a re-delivery.
    pub dup: bool,
    /// Its quality of service.
    pub qos: QoS,
    /// To be stored, or taken from the store.
    pub retain: bool,
    /// The Topic Name; empty where a topic alias stands for it (5.0).
    pub topic: Text,
    /// The Packet Identifier; 0 at QoS 0, and only there.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// The Application Message.
    pub payload: Bytes,
}
