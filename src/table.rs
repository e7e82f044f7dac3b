//! The project's one hash table: numbers by what they are the numbers of.
//!
//! Open addressing with linear probing. The table holds numbers only; whoever owns the things says which number is
//! meant. It is never iterated, so that the order of its slots cannot become anybody's output. The hash has no secret key,
//! because equal runs must be equal everywhere: whoever chooses texts that collide can make a lookup walk through all of
//! them. What bounds that walk are the bounds of what is held, such as that on a broker's subscriptions.

/// Where no number is meant.
pub(crate) const NONE: u32 = u32::MAX;

/// A slot: part of the hash, so that most strangers are told apart without looking at what the number stands for, and the number.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    number: u32,
}

const FREE: Slot = Slot { hash: 0, number: NONE };

/// The table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// Empty, or a power of two, at most five eighths full: fuller, strangers are long looked past.
    slots: Vec<Slot>,
    used: usize,
}

impl Table {
    /// The number under `hash` that `is` recognises.
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == NONE {
                return None;
            }
            if slot.hash == hash && is(slot.number) {
                return Some(slot.number);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a number that is not in the table.
    pub(crate) fn add(&mut self, hash: u32, number: u32) {
        if (self.used + 1) * 8 > self.slots.len() * 5 {
            self.grow();
        }
        self.place(Slot { hash, number });
        self.used += 1;
    }

    /// Takes a number out, where it is there.
    pub(crate) fn take(&mut self, hash: u32, number: u32) {
        let Some(mask) = self.slots.len().checked_sub(1) else { return };
        let mut hole = hash as usize & mask;
        while self.slots[hole].number != number {
            if self.slots[hole].number == NONE {
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
            if slot.number == NONE {
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
            if slot.number != NONE {
                self.place(slot);
            }
        }
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        while self.slots[at].number != NONE {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// The hash of a text below a parent, 0 where it has none: eight bytes at a time through a multiplication that folds its high
/// half back.
pub(crate) fn hash(parent: u32, text: &[u8]) -> u32 {
    let mut state = fold((u64::from(parent) << 32) ^ text.len() as u64);
    let mut rest = text;
    while let Some((eight, more)) = rest.split_first_chunk() {
        state = fold(state ^ u64::from_le_bytes(*eight));
        rest = more;
    }
    // Fewer than eight: two reads of four that may overlap, or one to three bytes.
    let last = if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
    } else {
        rest.iter().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte))
    };
    state = fold(state ^ last);
    (state ^ (state >> 29)) as u32
}

/// The odd constant is the golden ratio's, as in Fibonacci hashing.
const fn fold(x: u64) -> u64 {
    let product = x.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_added_is_found_until_it_is_taken() {
        // Hashes that collide in full, in part and around the end of the table.
        let hash = |node: u32| match node % 3 {
            0 => 7,
            1 => u32::MAX - node % 5,
            _ => node.wrapping_mul(0x9e37_79b9),
        };
        let mut table = Table::default();
        for node in 0..1_000 {
            table.add(hash(node), node);
            let gone = node / 2;
            table.take(hash(gone), gone);
            for known in 0..=node {
                let found = table.find(hash(known), |found| found == known);
                assert_eq!(found, Some(known).filter(|known| *known > gone), "{known} of {node}");
            }
        }
        assert_eq!(table.used, 500);
    }

    #[test]
    fn levels_that_differ_little_spread() {
        let mut seen = [0u32; 64];
        for n in 0..6_400u32 {
            let level = format!("{n}");
            seen[hash(n % 3, level.as_bytes()) as usize % 64] += 1;
        }
        assert!(seen.iter().all(|&n| (50..150).contains(&n)), "{seen:?}");
    }
}
