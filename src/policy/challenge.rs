//! An Authentication Method for lessons (4.12 of MQTT 5.0): a challenge and its answer, so that the packets can be seen.
//!
//! It gives no security: FNV-1a is no cryptographic hash, and whoever reads a challenge with its answer finds the password.

use crate::fnv::{FNV1A, fnv1a};

/// The name of the Authentication Method.
pub const METHOD: &str = "GLASS-CHALLENGE";

/// The Authentication Data that answers a challenge: the FNV-1a hash (64 bits) of the challenge followed by the password, in
/// sixteen lower-case hexadecimal digits.
pub fn answer(challenge: &[u8], password: &[u8]) -> String {
    format!("{:016x}", fnv1a(fnv1a(FNV1A, challenge), password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_hash_of_both() {
        // From the authors' list of test vectors: "foobar" has the hash 85944171f73967e8.
        assert_eq!(answer(b"foo", b"bar"), "85944171f73967e8");
        assert_eq!(answer(b"", b""), "cbf29ce484222325");
    }
}
