//! Runs in wasm under Node are what `tests/hashes.txt` records.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "common/hashes.rs"]
mod hashes;

#[wasm_bindgen_test]
fn runs_in_node_are_as_recorded() {
    hashes::check();
}
