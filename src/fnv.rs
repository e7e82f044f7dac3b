//! FNV-1a with 64 bits: the hash of traces, short enough to be written again in any language.

/// FNV-1a's offset basis and prime (Fowler, Noll, Vo; draft-eastlake-fnv).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The hash of nothing, to go on from.
pub const FNV1A: u64 = BASIS;

/// Goes on with a hash.
pub fn fnv1a(mut hash: u64, bytes: &[u8]) -> u64 {
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_gives_the_published_values() {
        // The test vectors of the algorithm's authors.
        assert_eq!(fnv1a(FNV1A, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(FNV1A, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(FNV1A, b"foobar"), 0x8594_4171_f739_67e8);
    }
}
