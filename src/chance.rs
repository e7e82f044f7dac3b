//! Chance as a function, not a sequence: one more draw somewhere changes nothing elsewhere.

/// A 64-bit value that depends on nothing but the four arguments.
///
/// `purpose` names the use (`"jitter"`), `who` the client or link, `ordinal` counts the draws of that pair.
pub fn chance(seed: u64, purpose: &str, who: &str, ordinal: u64) -> u64 {
    let mut hash = mix(seed ^ 0x676c_6173_7362_726f);
    for part in [purpose, who] {
        for byte in part.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash = mix(hash ^ part.len() as u64);
    }
    mix(hash ^ mix(ordinal))
}

/// A value below `bound`, which must not be zero, drawn as [`chance`] draws.
pub fn chance_below(bound: u64, seed: u64, purpose: &str, who: &str, ordinal: u64) -> u64 {
    ((u128::from(chance(seed, purpose, who, ordinal)) * u128::from(bound)) >> 64) as u64
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finaliser_is_splitmix64() {
        // The first output of SplitMix64 from the state 0, as its authors publish it.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn each_argument_matters_and_draws_spread() {
        let base = chance(1, "jitter", "lamp", 0);
        assert_eq!(base, chance(1, "jitter", "lamp", 0));
        for other in
            [chance(2, "jitter", "lamp", 0), chance(1, "loss", "lamp", 0), chance(1, "jitter", "lam", 0)]
        {
            assert_ne!(base, other);
        }
        let mut seen = [0u32; 10];
        for n in 0..10_000 {
            seen[chance_below(10, 7, "spread", "x", n) as usize] += 1;
        }
        assert!(seen.iter().all(|&n| (850..1150).contains(&n)), "{seen:?}");
    }
}
