//! AUTH (3.15), of 5.0 only.

use super::{Properties, ReasonCode};

/// A step of an enhanced authentication.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Auth {
    /// Success, Continue authentication or Re-authenticate.
    pub code: ReasonCode,
    /// Properties, Authentication Method among them.
    pub properties: Properties,
}
