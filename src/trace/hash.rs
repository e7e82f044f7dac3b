//! The hash of a trace: FNV-1a, 64 bits, over the bytes of its JSON lines.

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
