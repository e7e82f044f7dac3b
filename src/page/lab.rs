//! Live clients in the lab: the object `glassbroker` that the page's scripts and its console use.

use super::Bridge;
use super::sockets::Sockets;
use wasm_bindgen::prelude::*;

/// Hands the run to the page's JavaScript, which makes `window.glassbroker` of it: `socket`, `WebSocket`, `clock`, `now`.
///
/// `wake` is called after each input of a live client, for whoever moves the run on. Nothing happens where the script that
/// `www/boot.js` loads is not there.
pub fn install(bridge: &Bridge, wake: impl Fn() + 'static) {
    let install = js_sys::Reflect::get(&js_sys::global(), &"installGlassbroker".into());
    let Ok(install) = install.and_then(|value| value.dyn_into::<js_sys::Function>()) else { return };
    let wake = Closure::<dyn Fn()>::new(wake).into_js_value();
    let _ = install.call2(&JsValue::UNDEFINED, &Sockets::of(bridge).into(), &wake);
}
