//! The JavaScript boundary: the engine behind the headless module, and the transport under GlassSocket.
//!
//! A [`Bridge`] lets live clients of the page's JavaScript take part in a run; [`Engine`] is what JavaScript sees of it, and of the
//! whole run where there is no page. The other half is in `www/headless/`.

mod bridge;
mod engine;
#[cfg(not(feature = "ui"))]
mod headless;
#[cfg(feature = "ui")]
mod lab;
#[cfg(not(feature = "ui"))]
mod options;
#[cfg(not(feature = "ui"))]
mod panic;
#[cfg(not(feature = "ui"))]
mod query;
#[cfg(not(feature = "ui"))]
mod snapshot;

pub use bridge::Bridge;
pub use engine::Engine;
#[cfg(feature = "ui")]
pub use lab::install;
#[cfg(not(feature = "ui"))]
pub use panic::tell_panics;
