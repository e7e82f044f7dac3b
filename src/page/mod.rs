//! The JavaScript boundary: the engine behind the headless module, and the transport under GlassSocket.
//!
//! A [`Bridge`] lets live clients of the page's JavaScript take part in a run; [`Sockets`] is what JavaScript sees of that. In the
//! headless module, which is the library without the feature `ui`, `Engine` is the whole run. The other half is in `www/headless/`.

#[cfg(not(feature = "ui"))]
mod bill;
mod bridge;
#[cfg(not(feature = "ui"))]
mod engine;
#[cfg(feature = "ui")]
mod lab;
#[cfg(not(feature = "ui"))]
mod ledger;
#[cfg(not(feature = "ui"))]
mod options;
#[cfg(not(feature = "ui"))]
mod panic;
#[cfg(not(feature = "ui"))]
mod permissions;
#[cfg(feature = "ui")]
mod program;
#[cfg(not(feature = "ui"))]
mod query;
#[cfg(not(feature = "ui"))]
mod records;
#[cfg(not(feature = "ui"))]
mod snapshot;
mod sockets;

pub use bridge::Bridge;
#[cfg(not(feature = "ui"))]
pub use engine::Engine;
#[cfg(feature = "ui")]
pub use lab::install;
#[cfg(feature = "ui")]
pub use program::{Program, Programs};
pub use sockets::Sockets;

/// An error as JavaScript throws it.
fn fail(what: impl AsRef<str>) -> wasm_bindgen::JsValue {
    js_sys::Error::new(what.as_ref()).into()
}
