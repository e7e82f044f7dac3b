//! The JavaScript boundary: the engine behind the headless module, and the transport under GlassSocket.
//!
//! A [`Bridge`] lets live clients of the page's JavaScript take part in a run; [`Engine`] is what JavaScript sees of it, and of the
//! whole run where there is no page. The other half is in `www/headless/`.

mod bridge;
mod engine;
mod lab;
mod options;
mod panic;
mod query;
mod snapshot;

pub use bridge::Bridge;
pub use engine::Engine;
pub use lab::install;
pub use panic::tell_panics;
