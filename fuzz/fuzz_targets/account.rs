//! Any bytes drive an account with shadows and topic rules: `tests/common/fuzz_account.rs` says what must hold.
#![no_main]

#[path = "../../tests/common/fuzz_account.rs"]
mod fuzz_account;
#[path = "../../tests/common/packets.rs"]
mod packets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_account::run(input));
