//! The hash of a trace: FNV-1a, 64 bits, over the bytes of its JSON lines.

/// FNV-1a's offset basis and prime for 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Goes on with an FNV-1a hash.
pub fn fnv1a(mut hash: u64, bytes: &[u8]) -> u64 {
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    hash
}

/// The FNV-1a hash of nothing, to go on from.
pub const FNV1A: u64 = BASIS;

/// How far a trace has been hashed. Lines are written and hashed only when someone asks, or before their events go.
#[derive(Clone, Debug)]
pub(super) struct Hash {
    /// The hash of the header and of every event below the `seq`, at the beginnings of chunks.
    marks: Vec<(u32, u64)>,
    /// The same at the furthest place.
    last: Option<(u32, u64)>,
    /// False once events went unhashed.
    whole: bool,
}

impl Hash {
    pub(super) const fn new() -> Self {
        Self { marks: Vec::new(), last: None, whole: true }
    }

    /// Of a trace that does not begin where its run does.
    pub(super) const fn unknown() -> Self {
        Self { marks: Vec::new(), last: None, whole: false }
    }

    pub(super) const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Events go unhashed.
    pub(super) fn give_up(&mut self) {
        *self = Self::unknown();
    }

    /// Up to which `seq` lines are hashed, and the hash there.
    pub(super) const fn last(&self) -> Option<(u32, u64)> {
        self.last
    }

    /// Notes the hash of everything below `seq`, where a chunk begins.
    pub(super) fn mark(&mut self, seq: u32, hash: u64) {
        if self.marks.last().is_none_or(|(at, _)| *at < seq) {
            self.marks.push((seq, hash));
        }
    }

    /// Notes the hash of everything below `seq`.
    pub(super) const fn reached(&mut self, seq: u32, hash: u64) {
        self.last = Some((seq, hash));
    }

    /// Events from `seq` on are no longer there.
    pub(super) fn truncate(&mut self, seq: u32) {
        self.marks.retain(|(at, _)| *at <= seq);
        if self.last.is_some_and(|(at, _)| at > seq) {
            self.last = self.marks.last().copied();
        }
    }
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
