//! Live clients of a run: inputs from their sockets, and what they are told.

use crate::sim::{Input, LiveAct, LiveOutput, Run};
use crate::socket::CloseCode;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Who hears of the sockets' other end; `makeTransport` in `www/headless/live.js` makes it. Its methods only put tasks in a queue,
    /// so that no code of a user's runs inside them.
    #[derive(Clone)]
    pub type LiveSink;
    #[wasm_bindgen(method)]
    fn opened(this: &LiveSink, id: u32, protocol: &str);
    #[wasm_bindgen(method)]
    fn message(this: &LiveSink, id: u32, data: js_sys::Uint8Array);
    #[wasm_bindgen(method)]
    fn sent(this: &LiveSink, id: u32, bytes: f64);
    #[wasm_bindgen(method)]
    fn closed(this: &LiveSink, id: u32, code: u16, reason: &str, clean: bool);
}

/// A run that JavaScript's sockets take part in. Copies share it.
///
/// Whoever moves the run on calls [`Bridge::deliver`] afterwards.
#[derive(Clone)]
pub struct Bridge {
    run: Rc<RefCell<Run>>,
    sink: Rc<RefCell<Option<LiveSink>>>,
    /// The sockets of this page: a run that is played again may have others, of which there is only the record.
    here: Rc<RefCell<Vec<u32>>>,
}

impl Bridge {
    /// A bridge to a run that others may hold too. None of them keeps it borrowed while JavaScript runs.
    pub fn new(run: Rc<RefCell<Run>>) -> Self {
        Self { run, sink: Rc::default(), here: Rc::default() }
    }

    /// The run.
    pub const fn run(&self) -> &Rc<RefCell<Run>> {
        &self.run
    }

    /// Says who hears of the sockets' other end.
    pub(super) fn attach(&self, sink: LiveSink) {
        self.sink.replace(Some(sink));
    }

    /// A live client does something with its socket, now.
    pub(super) fn act(&self, id: u32, act: LiveAct) -> Result<(), String> {
        let (opens, vanishes) = (matches!(act, LiveAct::Open { .. }), act == LiveAct::Vanish);
        self.run.borrow_mut().input_at_head(Input::Live { id, act })?;
        if opens {
            self.here.borrow_mut().push(id);
        } else if vanishes {
            self.forget(id);
        }
        Ok(())
    }

    /// Whether a live client's socket is one of this page, and not of the page in which the run was recorded.
    pub fn is_here(&self, id: u32) -> bool {
        self.here.borrow().contains(&id)
    }

    /// Whether any socket of this page is open or opening.
    pub fn has_sockets(&self) -> bool {
        !self.here.borrow().is_empty()
    }

    /// The highest number of a socket in the run; 0 where there is none.
    pub(super) fn highest(&self) -> u32 {
        self.run.borrow().head_world().live_clients().map(|(id, _)| id).max().unwrap_or(0)
    }

    fn forget(&self, id: u32) {
        self.here.borrow_mut().retain(|known| *known != id);
    }

    /// Closes every socket from the broker's side, with 1012: the run that they belong to is about to be replaced by another.
    pub fn close_all(&self) {
        self.deliver();
        let ids = self.here.take();
        let Some(sink) = self.sink.borrow().clone() else { return };
        for id in ids {
            sink.closed(id, CloseCode::SERVICE_RESTART.0, "another run was opened", true);
        }
    }

    /// Tells sockets what happened to them. Whether anything did.
    pub fn deliver(&self) -> bool {
        let outputs = self.run.borrow_mut().take_live_outputs();
        let Some(sink) = self.sink.borrow().clone() else { return false };
        let heard = !outputs.is_empty();
        for (id, output) in outputs {
            if matches!(output, LiveOutput::Refused { .. } | LiveOutput::Closed { .. }) {
                self.forget(id);
            }
            match output {
                LiveOutput::Opened { protocol } => sink.opened(id, protocol),
                LiveOutput::Message(bytes) => sink.message(id, js_sys::Uint8Array::from(&bytes[..])),
                LiveOutput::Drained { bytes } => sink.sent(id, bytes as f64),
                LiveOutput::Refused { .. } => sink.closed(id, 1006, "", false),
                LiveOutput::Closed { code, reason, clean } => sink.closed(id, code, &reason, clean),
            }
        }
        heard
    }
}
