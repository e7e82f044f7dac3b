//! Live clients in the lab: the object `glassbroker` that the page's scripts and its console use.

use super::sockets::Sockets;
use super::{Bridge, Programs};
use wasm_bindgen::prelude::*;

/// Hands the run to the page's JavaScript, which makes `window.glassbroker` of it: `socket`, `WebSocket`, `clock`, `now`.
///
/// `wake` is called after each input of a live client, for whoever moves the run on. Nothing happens where the script that
/// `www/boot.js` loads is not there; else it gives what starts programs.
pub fn install(bridge: &Bridge, wake: impl Fn() + 'static) -> Option<Programs> {
    let install = js_sys::Reflect::get(&js_sys::global(), &"installGlassbroker".into());
    let Ok(install) = install.and_then(|value| value.dyn_into::<js_sys::Function>()) else { return None };
    let wake = Closure::<dyn Fn()>::new(wake).into_js_value();
    let start = install.call2(&JsValue::UNDEFINED, &Sockets::of(bridge).into(), &wake).ok()?;
    start.dyn_into().ok().map(Programs::new)
}
