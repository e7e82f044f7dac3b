//! The one owner of `requestAnimationFrame`: a frame advances the engine by a slice, moves the view, paints the timeline, and draws as many
//! panels as it has time for.

use super::engine::Skipped;
use super::lab::Lab;
use super::screen::FASTEST;
use super::{browser, link, transport};
use crate::time::SimTime;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use yew::platform::spawn_local;

/// How long all that a frame does may take, in milliseconds, and the most and the least of it in which the engine computes: drawing comes
/// first.
const FRAME_MS: f64 = 5.5;
const SLICE_MS: f64 = 4.5;
const LEAST_SLICE_MS: f64 = 1.0;
/// Panels of text are drawn this often while time runs, in milliseconds.
const PANEL_MS: f64 = 100.0;
/// A frame that comes later than this, in milliseconds, counts as this long: the page was hidden or the machine busy.
const LONGEST_FRAME_MS: f64 = 250.0;
/// As fast as it computes: no further than a day is gone in a frame, in microseconds.
const FASTEST_US: f64 = 86_400e6;
/// Playing skips what comes after so long without anything but keep-alive traffic, in milliseconds.
const QUIET_MS: f64 = 1_000.0;
/// A hidden page with live clients goes on at this pace, in milliseconds.
const HIDDEN_MS: u32 = 200;

struct Loop {
    lab: Lab,
    asked: Cell<bool>,
    last_ms: Cell<Option<f64>>,
    panels_ms: Cell<f64>,
    /// How long painting took lately, in milliseconds.
    painted_ms: Cell<f64>,
    /// Whether the last frame had no time for a panel whose turn it was.
    waited: Cell<bool>,
    /// Whether not all panels show what was done or where time came to rest, and whether the page says so, for tests.
    owes: Cell<bool>,
    lags: Cell<bool>,
    /// Whether there was more to do after the last frame.
    moving: Cell<bool>,
    /// Simulated time that was owed and is less than a microsecond.
    rest_us: Cell<f64>,
    /// Where computing as fast as it goes is to stop by itself.
    stop: Cell<Option<SimTime>>,
    /// For how long, in milliseconds of playing, nothing but keep-alive traffic happened.
    quiet_ms: Cell<f64>,
    closure: RefCell<Option<Closure<dyn FnMut()>>>,
}

/// What of a frame was drawn last.
#[derive(Clone, Copy)]
struct Drawing {
    /// When the frame began, and when this did, in milliseconds.
    frame: f64,
    began: f64,
    /// Whether the frame paints what is drawn with each.
    paints: bool,
    /// The panel; `None` while it is not come to the panels.
    panel: Option<u32>,
}

/// Starts the loop; it rests while nothing changes.
pub(crate) fn start(lab: &Lab) {
    let this = Rc::new(Loop {
        lab: lab.clone(),
        asked: Cell::new(false),
        last_ms: Cell::new(None),
        panels_ms: Cell::new(0.0),
        painted_ms: Cell::new(0.0),
        waited: Cell::new(false),
        owes: Cell::new(false),
        lags: Cell::new(false),
        moving: Cell::new(false),
        rest_us: Cell::new(0.0),
        stop: Cell::new(None),
        quiet_ms: Cell::new(0.0),
        closure: RefCell::new(None),
    });
    let in_frame = Rc::clone(&this);
    *this.closure.borrow_mut() = Some(Closure::new(move || in_frame.frame()));
    lab.set_wake(Rc::new(move || this.ask()));
    lab.touch();
}

impl Loop {
    /// Asks the browser for a frame, once.
    fn ask(self: &Rc<Self>) {
        if self.asked.replace(true) {
            return;
        }
        let closure = self.closure.borrow();
        let (Some(window), Some(closure)) = (browser::window(), closure.as_ref()) else { return };
        let call = closure.as_ref().unchecked_ref();
        let hidden = browser::document().is_some_and(|document| document.hidden());
        let live = self.lab.engine().has_live_clients();
        if hidden && live {
            let this = Rc::clone(self);
            Timeout::new(HIDDEN_MS, move || this.frame()).forget();
        } else if window.request_animation_frame(call).is_err() {
            self.asked.set(false);
        }
    }

    fn frame(self: &Rc<Self>) {
        self.asked.set(false);
        let now = browser::now_ms();
        let passed = now - self.last_ms.get().unwrap_or(now);
        self.last_ms.set(Some(now));
        let dirty = self.lab.take_dirty();
        let moved = self.moving.get();
        let moving = self.advance(passed.clamp(0.0, LONGEST_FRAME_MS), now);
        self.moving.set(moving);
        // The frame in which it comes to rest has moved as well.
        let comes_to_rest = moved && !moving;
        let shows = dirty || comes_to_rest;
        let is_time = moving && now - self.panels_ms.get() >= PANEL_MS && self.lab.turns().is_empty();
        if shows || is_time {
            self.panels_ms.set(now);
            self.lab.draw_panels();
        }
        self.owes.set(shows || self.owes.get());
        let began = browser::now_ms();
        let paints = self.lab.take_paints() || moved || moving;
        if paints {
            self.lab.paint();
        }
        if moving {
            self.ask();
        } else {
            self.last_ms.set(None);
        }
        self.draw(Drawing { frame: now, began, paints, panel: None });
    }

    /// Draws the panels whose turn it is, one after the other while the frame has time; the others wait for the next one.
    fn draw(self: &Rc<Self>, last: Drawing) {
        let this = Rc::clone(self);
        // What was asked to be drawn is drawn after this returns; then this goes on.
        spawn_local(async move {
            let now = browser::now_ms();
            let took = now - last.began;
            match last.panel {
                Some(panel) => this.lab.turns().took(panel, took),
                None if last.paints => this.painted_ms.set((this.painted_ms.get() + took) / 2.0),
                None => {}
            }
            // Where there is nothing else to do, or was no time in the last frame, one is drawn however long it takes.
            let must = last.panel.is_none() && (!last.paints || this.waited.get());
            let left = if must { f64::INFINITY } else { FRAME_MS - (now - last.frame) };
            let next = this.lab.turns().next(left);
            match next {
                Some(panel) => {
                    this.lab.draw(panel);
                    this.draw(Drawing { began: now, panel: Some(panel), ..last });
                }
                None => this.drawn(last.panel.is_some()),
            }
        });
    }

    /// Ends a frame in which a panel was drawn or none.
    fn drawn(self: &Rc<Self>, any: bool) {
        // What a frame asked for is drawn before the next one, or a little later on a busy machine.
        if !any && self.waited.get() {
            self.lab.turns().give_up();
        }
        let lags = !self.lab.turns().is_empty();
        self.waited.set(lags && !any);
        if lags {
            self.ask();
        }
        self.owes.set(lags && self.owes.get());
        if self.lags.replace(self.owes.get()) != self.owes.get() {
            browser::mark("data-lags", self.owes.get());
        }
    }

    /// Moves the view and the head. Says whether there is more to do.
    fn advance(&self, passed_ms: f64, now: f64) -> bool {
        let lab = &self.lab;
        let (playing, us_per_ms, fastest, skips, teaches) = {
            let screen = lab.screen();
            (
                screen.playing,
                screen.us_per_ms(),
                screen.speed >= FASTEST,
                screen.skips,
                screen.teacher.is_some(),
            )
        };
        let mut engine = lab.engine_mut();
        let live = engine.has_live_clients() && engine.is_at_head();
        if !playing || live {
            engine.pause();
        }
        if playing && !engine.is_computing() {
            let from = engine.view().at;
            let us = if fastest && !live {
                FASTEST_US
            } else {
                passed_ms * if live { 1000.0 } else { us_per_ms } + self.rest_us.get()
            };
            self.rest_us.set(us.fract());
            let to = SimTime(from.0.saturating_add(us as u64));
            let stop = engine.stop_between(from, to, teaches);
            self.stop.set(stop);
            let to = stop.unwrap_or(to);
            if to > from && fastest && !live {
                engine.run_on(to);
            } else if to > from {
                engine.go_to(to);
            }
        }
        let drawing = self.painted_ms.get() + lab.turns().expected_ms();
        let deadline = now + (FRAME_MS - drawing).clamp(LEAST_SLICE_MS, SLICE_MS);
        let events = engine.events();
        let computing = engine.work(&mut || browser::now_ms() < deadline);
        if playing && !engine.is_computing() && self.stop.get().is_some_and(|stop| stop <= engine.view().at) {
            self.stop.set(None);
            lab.change_quietly(|screen| screen.playing = false);
        }
        if !playing || !skips || live || fastest || engine.is_eventful_since(events) {
            self.quiet_ms.set(0.0);
        } else if !engine.is_computing() {
            self.quiet_ms.set(self.quiet_ms.get() + passed_ms);
            if self.quiet_ms.get() >= QUIET_MS && lab.screen().playing {
                self.quiet_ms.set(0.0);
                engine.skip();
            }
        }
        let skipped = engine.skipped();
        if let Some(Skipped { from, to, .. }) = skipped
            && engine.stop_between(from, to, teaches) == Some(to)
        {
            lab.change_quietly(|screen| screen.playing = false);
        }
        let difference = engine.difference();
        drop(engine);
        if let Some(difference) = difference {
            link::tell(lab, &difference);
        }
        if let Some(skipped) = skipped {
            transport::tell_skipped(lab, &skipped);
        }
        computing || lab.screen().playing
    }
}
