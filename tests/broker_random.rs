//! Whatever several clients do, in whatever order: no panic, every bound kept, and nothing depends on who watches.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/interleave.rs"]
mod interleave;
#[path = "common/packets.rs"]
mod packets;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_keeps_to_the_contract(decisions in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        interleave::run(&decisions);
    }
}
