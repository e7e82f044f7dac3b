//! What JavaScript sees of a run. Times are microseconds as numbers, exact up to 285 years.

use super::bill::BillView;
use super::bridge::Bridge;
use super::fail;
use super::ledger::LedgerView;
use super::options::Options;
use super::permissions::permissions;
use super::query::Query;
use super::records;
use super::snapshot::Snapshot;
use super::sockets::Sockets;
use crate::scenario::{Overrides, Problem, compile, parse, parse_step};
use crate::sim::{Input, LinkSpec, Run};
use crate::time::SimTime;
use crate::trace::Answer;
use crate::wire::Version;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The engine of one run; `www/headless/` makes of it what users see.
#[wasm_bindgen]
pub struct Engine {
    bridge: Bridge,
    /// The link of live clients, also of the runs that scenarios begin.
    live_link: LinkSpec,
}

#[wasm_bindgen]
impl Engine {
    /// A run without clients.
    ///
    /// # Errors
    /// Where an option is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Self, JsValue> {
        super::panic::tell_panics();
        let options: Options =
            serde_wasm_bindgen::from_value(options).map_err(|error| fail(error.to_string()))?;
        let setup = options.setup().map_err(fail)?;
        let run = Run::new(&setup).map_err(fail)?;
        Ok(Self { bridge: Bridge::new(Rc::new(RefCell::new(run))), live_link: setup.live_link })
    }

    /// How far the run has come.
    pub fn now(&self) -> f64 {
        self.bridge.run().borrow().head().0 as f64
    }

    /// When something happens next; `undefined` where nothing is due.
    pub fn deadline(&self) -> Option<f64> {
        self.bridge.run().borrow().next_due().map(|at| at.0 as f64)
    }

    /// The broker's side of the sockets of live clients.
    pub fn sockets(&self) -> Sockets {
        Sockets::of(&self.bridge)
    }

    /// Computes everything up to and at this moment.
    pub fn advance(&self, to: f64) {
        self.bridge.run().borrow_mut().advance_to(SimTime(to as u64), u64::MAX);
        self.bridge.deliver();
    }

    /// As `advance`, but stops after the first instant at which a live client hears something. Whether one did.
    #[wasm_bindgen(js_name = advanceUntilHeard)]
    pub fn advance_until_heard(&self, to: f64) -> bool {
        let to = SimTime(to as u64);
        loop {
            let mut run = self.bridge.run().borrow_mut();
            let due = run.next_due().filter(|due| *due <= to);
            run.advance_to(due.unwrap_or(to), u64::MAX);
            drop(run);
            if self.bridge.deliver() {
                return true;
            }
            if due.is_none() {
                return false;
            }
        }
    }

    /// Does now what a step of a scenario, given as its JSON text, does. The answer, where it is an operation: its name, its status and
    /// its body.
    ///
    /// # Errors
    /// Where the text is wrong, or speaks of a client that there is not.
    pub fn command(&self, step: &str) -> Result<Option<Vec<JsValue>>, JsValue> {
        let run = self.bridge.run().borrow();
        let world = run.head_world();
        let clients = world.clients().map(|view| (view.name, view.client.options().version));
        let live = world.live_clients().map(|(_, name)| (name, Version::V5));
        let input = parse_step(step, clients.chain(live)).map_err(|problems| fail(said(&problems)))?;
        let before = world.events();
        drop(run);
        self.act(input)?;
        let run = self.bridge.run().borrow();
        let answer = run.trace().answer_since(before);
        Ok(answer
            .map(|Answer { operation, status, body }| vec![operation.into(), status.into(), body.into()]))
    }

    /// Whether there is a virtual client of this name.
    #[wasm_bindgen(js_name = hasVirtual)]
    pub fn has_virtual(&self, client: &str) -> bool {
        self.bridge.run().borrow().head_world().client(client).is_some()
    }

    /// Begins another run: a scenario's, given as its JSON text. Level and live clients' link stay as they are.
    ///
    /// # Errors
    /// Where the text is wrong; the present run goes on then.
    pub fn load(&self, scenario: &str) -> Result<(), JsValue> {
        let plan = parse(scenario).and_then(|scenario| compile(&scenario, &Overrides::default()));
        let mut setup = plan.map_err(|problems| fail(said(&problems)))?.setup;
        setup.level = self.bridge.run().borrow().trace().level();
        setup.live_link = self.live_link;
        setup.rewinds = false;
        let run = Run::new(&setup).map_err(fail)?;
        self.bridge.close_all();
        *self.bridge.run().borrow_mut() = run;
        Ok(())
    }

    /// The events that a query asks for, as objects.
    ///
    /// # Errors
    /// Where the query is wrong.
    pub fn trace(&self, query: JsValue) -> Result<JsValue, JsValue> {
        let query: Query = serde_wasm_bindgen::from_value(query).map_err(|error| fail(error.to_string()))?;
        let json = query.answer(&self.bridge.run().borrow()).map_err(fail)?;
        js_sys::JSON::parse(&json)
    }

    /// The whole trace as JSON lines.
    #[wasm_bindgen(js_name = traceText)]
    pub fn trace_text(&self) -> String {
        self.bridge.run().borrow().trace().text()
    }

    /// The hash of the whole trace; `undefined` where it is not known.
    #[wasm_bindgen(js_name = traceHash)]
    pub fn trace_hash(&self) -> Option<String> {
        self.bridge.run().borrow().trace().hash()
    }

    /// What became of each message for each subscriber.
    ///
    /// # Errors
    /// Where the trace is not of the level `full`.
    pub fn ledger(&self) -> Result<JsValue, JsValue> {
        plain(&LedgerView::of(self.bridge.run().borrow().trace()).map_err(fail)?)
    }

    /// What the run would be billed as, with these prices.
    ///
    /// # Errors
    /// Where the trace is not of the level `full`, or the prices are wrong.
    pub fn bill(&self, prices: &str) -> Result<JsValue, JsValue> {
        plain(&BillView::of(&self.bridge.run().borrow(), prices).map_err(fail)?)
    }

    /// What the cloud would have counted: names and counts.
    ///
    /// # Errors
    /// Where the trace is not of the level `full`.
    pub fn metrics(&self) -> Result<JsValue, JsValue> {
        plain(&records::metrics(self.bridge.run().borrow().trace()).map_err(fail)?)
    }

    /// What the cloud would have logged, as JSON lines.
    ///
    /// # Errors
    /// Where the trace is not of the level `full`.
    pub fn log(&self) -> Result<String, JsValue> {
        records::log(self.bridge.run().borrow().trace()).map_err(fail)
    }

    /// What a client, by its name or its identifier and its user name, may do with a topic, and what decides.
    ///
    /// # Errors
    /// Never in practice.
    #[wasm_bindgen(js_name = whoMay)]
    pub fn who_may(&self, client: &str, user: Option<String>, topic: &str) -> Result<JsValue, JsValue> {
        plain(&permissions(self.bridge.run().borrow().head_world(), client, user.as_deref(), topic))
    }

    /// The state of the broker.
    ///
    /// # Errors
    /// Never in practice.
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        plain(&Snapshot::of(self.bridge.run().borrow().head_world()))
    }
}

/// Plain data for JavaScript.
fn plain(value: &impl serde::Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| fail(error.to_string()))
}

impl Engine {
    /// Does something at the head.
    fn act(&self, input: Input) -> Result<(), JsValue> {
        let mut run = self.bridge.run().borrow_mut();
        let _ = run.go_to_head();
        run.input(input).map_err(fail)?;
        drop(run);
        self.bridge.deliver();
        Ok(())
    }
}

/// Problems as lines of text.
pub(super) fn said(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
