//! The one hash table of a subscription tree: from (parent node, level) to the child node.
//!
//! Open addressing with linear probing. The table holds node numbers only; whoever owns the nodes says which number is
//! meant. It is never iterated, so that the order of its slots cannot become anybody's output. The hash has no secret key,
//! because equal runs must be equal everywhere: whoever chooses levels that collide can make a lookup walk through all of
//! them. What bounds that walk is the bound on how many subscriptions a broker holds.

/// Where no node is meant.
pub(super) const NONE: u32 = u32::MAX;

/// A slot: part of the hash, so that most strangers are told apart without looking at their node, and the node.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    node: u32,
}

const FREE: Slot = Slot { hash: 0, node: NONE };

/// The table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Empty, or a power of two, at most seven eighths full.
    slots: Vec<Slot>,
    used: usize,
}

impl Table {
    /// The node under `hash` that `is` recognises.
    pub(super) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.node == NONE {
                return None;
            }
            if slot.hash == hash && is(slot.node) {
                return Some(slot.node);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a node that is not in the table.
    pub(super) fn add(&mut self, hash: u32, node: u32) {
        if (self.used + 1) * 8 > self.slots.len() * 7 {
            self.grow();
        }
        self.place(Slot { hash, node });
        self.used += 1;
    }

    /// Takes a node out, where it is there.
    pub(super) fn take(&mut self, hash: u32, node: u32) {
        let Some(mask) = self.slots.len().checked_sub(1) else { return };
        let mut hole = hash as usize & mask;
        while self.slots[hole].node != node {
            if self.slots[hole].node == NONE {
                return;
            }
            hole = (hole + 1) & mask;
        }
        self.used -= 1;
        // Whoever was pushed past the hole moves back, so that no lookup stops too early.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let slot = self.slots[at];
            if slot.node == NONE {
                break;
            }
            let home = slot.hash as usize & mask;
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.slots[hole] = slot;
                hole = at;
            }
        }
        self.slots[hole] = FREE;
    }

    fn grow(&mut self) {
        let bigger = (self.slots.len() * 2).max(8);
        let old = std::mem::replace(&mut self.slots, vec![FREE; bigger]);
        for slot in old {
            if slot.node != NONE {
                self.place(slot);
            }
        }
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        while self.slots[at].node != NONE {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// The hash of a level below a parent: eight bytes at a time through a multiplication that folds its high half back.
pub(super) fn hash(parent: u32, level: &[u8]) -> u32 {
    let mut state = fold(u64::from(parent) << 32 ^ level.len() as u64);
    let mut chunks = level.chunks_exact(8);
    for chunk in &mut chunks {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        state = fold(state ^ u64::from_le_bytes(eight));
    }
    let mut rest = 0;
    for &byte in chunks.remainder() {
        rest = rest << 8 | u64::from(byte);
    }
    state = fold(state ^ rest);
    (state ^ (state >> 29)) as u32
}

/// The odd constant is the golden ratio's, as in Fibonacci hashing.
fn fold(x: u64) -> u64 {
    let product = x.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}
