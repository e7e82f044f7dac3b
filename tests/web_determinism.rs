//! Runs in wasm in a browser are what `tests/hashes.txt` records.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "common/hashes.rs"]
mod hashes;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn runs_in_a_browser_are_as_recorded() {
    hashes::check();
}
