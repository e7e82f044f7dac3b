//! Any bytes drive a broker with several connections: `tests/common/fuzz_broker.rs` says what must hold.
#![no_main]

#[path = "../../tests/common/fuzz_broker.rs"]
mod fuzz_broker;
#[path = "../../tests/common/packets.rs"]
mod packets;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_broker::run(input));
