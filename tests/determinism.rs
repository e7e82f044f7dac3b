//! Runs on this machine are what `tests/hashes.txt` records; `wasm_determinism.rs` and `web_determinism.rs` hold wasm to the same.

#![cfg(not(target_arch = "wasm32"))]

#[path = "common/hashes.rs"]
mod hashes;

#[test]
fn native_runs_are_as_recorded() {
    if std::env::var_os("RENEW_HASHES").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hashes.txt");
        std::fs::write(path, hashes::computed()).expect("tests/hashes.txt can be written");
        return;
    }
    hashes::check();
}

#[test]
fn the_same_run_twice_is_the_same() {
    assert_eq!(hashes::computed(), hashes::computed());
}
