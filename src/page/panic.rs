//! A panic would show as a bare `unreachable`; this says where it was.

use std::panic::PanicHookInfo;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Writes panics to the console before they end the module.
pub(super) fn tell_panics() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| error(&info.to_string())));
}
