//! Any changes of documents are read or refused: `tests/common/fuzz_texts.rs` says what must hold.
#![no_main]

#[path = "../../tests/common/fuzz_texts.rs"]
mod fuzz_texts;
#[path = "../../tests/common/packets.rs"]
mod packets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_texts::run(input));
