//! What the fuzz targets do with arbitrary bytes, on their checked-in corpora and on random tapes.

#[cfg(not(target_arch = "wasm32"))]
#[path = "common/fuzz_account.rs"]
mod fuzz_account;
#[path = "common/fuzz_broker.rs"]
mod fuzz_broker;
#[path = "common/fuzz_decode.rs"]
mod fuzz_decode;
#[path = "common/fuzz_texts.rs"]
mod fuzz_texts;
#[path = "common/packets.rs"]
mod packets;

use glassbroker::chance::chance;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Runs a target's checked-in inputs, and names the one that fails.
fn run_corpus(target: &str, run: fn(&[u8])) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("a corpus").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 50, "{} holds {} inputs", folder.display(), paths.len());
    for path in paths {
        let input = std::fs::read(&path).unwrap();
        let done = catch_unwind(AssertUnwindSafe(|| run(&input)));
        assert!(done.is_ok(), "the input {} fails", path.display());
    }
}

/// Runs random tapes, and names those that fail.
fn run_random(target: &str, tapes: u64, longest: u64, run: fn(&[u8])) {
    let mut failed = Vec::new();
    for number in 0..tapes {
        let draw = |at: u64| chance(7, target, "tape", number << 32 | at);
        let length = draw(0) % longest;
        let tape: Vec<u8> = (0..length.div_ceil(8)).flat_map(|at| draw(at + 1).to_le_bytes()).collect();
        if catch_unwind(AssertUnwindSafe(|| run(&tape))).is_err() {
            failed.push(number);
        }
    }
    assert!(failed.is_empty(), "the tapes {failed:?} fail");
}

#[test]
fn the_decoder_holds_on_its_corpus() {
    run_corpus("decode", fuzz_decode::run);
}

#[test]
fn the_broker_holds_on_its_corpus() {
    run_corpus("broker", fuzz_broker::run);
}

#[test]
fn the_decoder_holds_on_random_tapes() {
    run_random("decode", 5_000, 200, fuzz_decode::run);
}

#[test]
fn the_broker_holds_on_random_tapes() {
    run_random("broker", 1_000, 800, fuzz_broker::run);
}

/// [O6] [O7]
#[test]
#[cfg(not(target_arch = "wasm32"))]
fn the_account_holds_on_random_tapes() {
    run_random("account", 1_000, 400, fuzz_account::run);
}

#[test]
fn documents_hold_on_random_tapes() {
    run_random("texts", 5_000, 60, fuzz_texts::run);
}
