//! DISCONNECT (3.14).

use super::{Properties, ReasonCode};

/// The last packet of a connection; in 3.1.1 only a client sends it, without a code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Disconnect {
    /// The reason code; 0 (Normal disconnection) where none is on the wire.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}
