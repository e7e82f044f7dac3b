//! Any bytes are decoded or refused: `tests/common/fuzz_decode.rs` says what must hold.
#![no_main]

#[path = "../../tests/common/fuzz_decode.rs"]
mod fuzz_decode;
#[path = "../../tests/common/packets.rs"]
mod packets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_decode::run(input));
