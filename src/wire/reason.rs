//! Reason codes (2.4 in 5.0) and 3.1.1's return codes.

/// A reason code as it stands on the wire. 3.1.1's CONNACK return codes and SUBACK failures are carried as their byte too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ReasonCode(pub u8);
