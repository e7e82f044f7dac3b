//! CONNACK (3.2).

use super::{Properties, ReasonCode};

/// The server's answer to CONNECT.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Connack {
    /// Whether the server resumes a session that it held.
    pub session_present: bool,
    /// The Connect Reason Code, or 3.1.1's return code.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}
