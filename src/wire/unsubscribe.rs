//! UNSUBSCRIBE (3.10).

use super::{Properties, Text};

/// The client unsubscribes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unsubscribe {
    /// The Packet Identifier.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// At least one Topic Filter.
    pub filters: Vec<Text>,
}
