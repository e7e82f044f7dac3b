//! What JavaScript sees of a run. Times are microseconds as numbers, exact up to 285 years.

use super::bridge::{Bridge, LiveSink};
#[cfg(not(feature = "ui"))]
use crate::sim::LinkSpec;
use crate::sim::LiveAct;
use bytes::Bytes;
use wasm_bindgen::prelude::*;

/// The engine of one run; `www/headless/` makes of it what users see. Here is what sockets need; `headless.rs` has the rest,
/// which the lab, whose own code holds the run, leaves out of its download.
#[wasm_bindgen]
pub struct Engine {
    pub(super) bridge: Bridge,
    /// The link of live clients, also of the runs that scenarios begin.
    #[cfg(not(feature = "ui"))]
    pub(super) live_link: LinkSpec,
}

pub(super) fn fail(what: impl AsRef<str>) -> JsValue {
    js_sys::Error::new(what.as_ref()).into()
}

#[wasm_bindgen]
impl Engine {
    /// How far the run has come.
    pub fn now(&self) -> f64 {
        self.bridge.run().borrow().head().0 as f64
    }

    /// Who hears of the sockets' other end.
    pub fn attach(&self, sink: LiveSink) {
        self.bridge.attach(sink);
    }

    /// A live client opens a socket. Its number is new.
    ///
    /// # Errors
    /// Where the run takes no more inputs.
    pub fn open(&self, id: u32, url: &str, protocols: Vec<String>) -> Result<(), JsValue> {
        let path = path_of(url).to_owned();
        self.bridge.act(id, LiveAct::Open { path, protocols }).map_err(fail)
    }

    /// A live client sends a message.
    ///
    /// # Errors
    /// Where the run takes no more inputs.
    pub fn send(&self, id: u32, bytes: Vec<u8>, text: bool) -> Result<(), JsValue> {
        let act = if text {
            LiveAct::SendText { text: String::from_utf8_lossy(&bytes).into_owned() }
        } else {
            LiveAct::Send { bytes: Bytes::from(bytes) }
        };
        self.bridge.act(id, act).map_err(fail)
    }

    /// A live client starts the closing handshake.
    ///
    /// # Errors
    /// Where the run takes no more inputs.
    pub fn close(&self, id: u32, code: Option<u16>, reason: String) -> Result<(), JsValue> {
        self.bridge.act(id, LiveAct::Close { code, reason }).map_err(fail)
    }

    /// A live client is gone.
    ///
    /// # Errors
    /// Where the run takes no more inputs.
    pub fn abort(&self, id: u32) -> Result<(), JsValue> {
        self.bridge.act(id, LiveAct::Vanish).map_err(fail)
    }
}

impl Engine {
    /// The engine over a run that a page has.
    #[cfg(feature = "ui")]
    pub(super) fn over(bridge: Bridge) -> Self {
        Self { bridge }
    }
}

/// The path of an absolute URL, without what is after `?`.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let from = after_scheme.find('/').unwrap_or(after_scheme.len());
    let path = after_scheme.get(from..).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default()
}
