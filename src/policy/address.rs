//! The address that a client comes from, as an account sees it.

use crate::chance::chance;

/// An address out of those that are kept for documentation (RFC 5737), one for each client identifier.
pub fn source_address(seed: u64, client: &str) -> [u8; 4] {
    [198, 51, 100, (chance(seed, "address", client, 0) % 254 + 1) as u8]
}
