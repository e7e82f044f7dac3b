//! A user's program: JavaScript in a sandboxed frame, whose sockets are live clients of the run.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A program that runs; `www/code/program.js` makes it. What it is asked to do, it does once nobody of this module is at work.
    #[derive(Clone, Debug)]
    pub type Program;
    /// Ends it, whatever it is doing.
    #[wasm_bindgen(method)]
    pub fn stop(this: &Program);
    /// In simulated time: lets it do what it does at this moment, in microseconds. It tells `settled` when it has.
    #[wasm_bindgen(method)]
    pub fn turn(this: &Program, now: f64);
}

/// What starts programs.
#[derive(Clone)]
pub struct Programs(js_sys::Function);

impl Programs {
    pub(super) const fn new(start: js_sys::Function) -> Self {
        Self(start)
    }

    /// Starts a program at a moment of the run, in microseconds. With the calendar time of the run's beginning, in milliseconds since
    /// 1970, it has the run's time, else the wall's. `tell` hears what becomes of it: see `start` in `www/code/program.js`.
    pub fn start(
        &self,
        code: &str,
        epoch_ms: Option<f64>,
        now_us: f64,
        tell: impl Fn(String, String, f64) + 'static,
    ) -> Option<Program> {
        let tell = Closure::<dyn Fn(String, String, f64)>::new(tell).into_js_value();
        let epoch = epoch_ms.map_or(JsValue::NULL, JsValue::from_f64);
        let arguments = js_sys::Array::of4(&code.into(), &epoch, &now_us.into(), &tell);
        let program = self.0.apply(&JsValue::UNDEFINED, &arguments).ok()?;
        Some(program.unchecked_into())
    }
}
