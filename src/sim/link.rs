//! One connection's simulated network.

use crate::time::Span;
use serde::{Deserialize, Serialize};

/// How long what the broker wrote may stay unacknowledged before its network stack gives up: what Linux does by default
/// (`tcp_retries2` = 15 in tcp(7)).
pub const WRITE_TIMEOUT: Span = Span::ms(924_600);

/// How a link behaves, each way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSpec {
    /// How long a byte travels.
    pub latency: Span,
    /// Up to this much is added to it, differently for each message; still none overtakes another.
    pub jitter: Span,
    /// How many bytes enter it a second, frames' headers included; `None` for no limit.
    pub bytes_per_s: Option<u64>,
    /// How many bytes may be on the way at once. One message more than that still goes when nothing else is on the way.
    pub in_flight_max_bytes: usize,
}

impl Default for LinkSpec {
    fn default() -> Self {
        Self { latency: Span::ms(20), jitter: Span::ZERO, bytes_per_s: None, in_flight_max_bytes: 1 << 20 }
    }
}
