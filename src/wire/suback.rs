//! SUBACK (3.9) and UNSUBACK (3.11).

use super::{Properties, ReasonCode};

/// The server's answer to SUBSCRIBE: one code a Topic Filter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suback {
    /// The Packet Identifier of the SUBSCRIBE.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// One code a Topic Filter, in their order.
    pub codes: Vec<ReasonCode>,
}

/// The server's answer to UNSUBSCRIBE: in 5.0 one code a Topic Filter, in 3.1.1 none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unsuback {
    /// The Packet Identifier of the UNSUBSCRIBE.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// One code a Topic Filter, in their order; empty in 3.1.1.
    pub codes: Vec<ReasonCode>,
}
