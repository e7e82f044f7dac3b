//! PUBACK, PUBREC, PUBREL, PUBCOMP (3.4 to 3.7), which share one form.

use super::{Properties, ReasonCode};

/// An acknowledgement of the QoS 1 or QoS 2 handshake.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ack {
    /// The Packet Identifier of the PUBLISH.
    pub id: u16,
    /// The reason code; 0 in 3.1.1, which has none on the wire.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}
