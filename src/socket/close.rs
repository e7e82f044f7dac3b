//! Close codes (RFC 6455 section 7.4).

use crate::wire::ReasonCode;

/// Why a WebSocket was closed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// The purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// An end goes away, as a page that is left.
    pub const GOING_AWAY: Self = Self(1001);
    /// The other end broke the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// Data came of a kind that is not taken: text, where MQTT takes binary messages only.
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    /// The Close frame carried no code. Never on the wire.
    pub const NO_STATUS: Self = Self(1005);
    /// There was no Close frame. Never on the wire.
    pub const ABNORMAL: Self = Self(1006);
    /// A message broke the receiver's policy.
    pub const POLICY: Self = Self(1008);
    /// A message was too big.
    pub const TOO_BIG: Self = Self(1009);
    /// The server met a condition that it did not expect.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// The service restarts; the client may come back (registered with IANA after RFC 6455).
    pub const SERVICE_RESTART: Self = Self(1012);

    /// The code with which a broker closes for an MQTT reason. MQTT does not map one to the other; this is this simulator's choice:
    /// 1000 for success, 1002 where the client broke the protocol, 1009 for a packet too large, 1012 for a server that shuts down or
    /// is busy, 1011 for other faults of the server, 1008 for everything that it did not want.
    pub const fn of(reason: ReasonCode) -> Self {
        match reason.0 {
            0x00..=0x7f => Self::NORMAL,
            0x81 | 0x82 | 0x84 | 0x93 | 0x94 => Self::PROTOCOL_ERROR,
            0x95 => Self::TOO_BIG,
            0x89 | 0x8b => Self::SERVICE_RESTART,
            0x80 | 0x83 | 0x88 => Self::INTERNAL_ERROR,
            _ => Self::POLICY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_become_close_codes() {
        for (reason, code) in
            [(0x00, 1000), (0x04, 1000), (0x82, 1002), (0x95, 1009), (0x8b, 1012), (0x80, 1011), (0x8e, 1008)]
        {
            assert_eq!(CloseCode::of(ReasonCode(reason)), CloseCode(code), "{reason:#x}");
        }
    }
}
