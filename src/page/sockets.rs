//! What JavaScript's sockets see of a run.

use super::bridge::{Bridge, LiveSink};
use super::fail;
use crate::sim::LiveAct;
use bytes::Bytes;
use wasm_bindgen::prelude::*;

/// The broker's side of a page's sockets; `makeTransport` in `www/headless/live.js` makes a transport for GlassSockets of it.
///
/// Each method but `attach`, `highest` and `now` is an input at the head of the run, and fails where the run takes no more.
#[wasm_bindgen]
pub struct Sockets {
    bridge: Bridge,
}

impl Sockets {
    pub(super) fn of(bridge: &Bridge) -> Self {
        Self { bridge: bridge.clone() }
    }
}

#[wasm_bindgen]
impl Sockets {
    /// Who hears of the sockets' other end.
    pub fn attach(&self, sink: LiveSink) {
        self.bridge.attach(sink);
    }

    /// How far the run has come, in microseconds.
    pub fn now(&self) -> f64 {
        self.bridge.run().borrow().head().0 as f64
    }

    /// The highest number of a socket in the run, of a recorded one too; 0 where there is none.
    pub fn highest(&self) -> u32 {
        self.bridge.highest()
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

/// The path of an absolute URL, without what is after `?`.
fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let from = after_scheme.find('/').unwrap_or(after_scheme.len());
    let path = after_scheme.get(from..).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default()
}
