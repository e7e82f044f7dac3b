//! The keyboard, where no field has it.

use super::lab::Lab;
use super::later::{self, Deed};
use super::screen::Screen;
use super::{commands, computing, teacher};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

/// The button that a pointer pressed last. It has the focus, but the keyboard was not brought to it: the space bar is not its.
#[derive(Clone, Default)]
pub(crate) struct Pointed(Rc<RefCell<Option<Element>>>);

impl Pointed {
    /// A pointer went down.
    pub(crate) fn down(&self, event: &Event) {
        *self.0.borrow_mut() =
            target(event).and_then(|target| target.closest("button, summary, a").ok().flatten());
    }

    /// Whether the key's target is that button, outside a dialog. Any other key brings the keyboard to it.
    fn takes(&self, key: &str, target: Option<&Element>) -> bool {
        if key != " " {
            self.0.borrow_mut().take();
        }
        let is_it = target.is_some() && self.0.borrow().as_ref() == target;
        is_it && target.is_some_and(|target| target.closest("dialog").is_ok_and(|dialog| dialog.is_none()))
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Handles a key that nobody else wanted. Says whether it did something.
pub(crate) fn press(lab: &Lab, pointed: &Pointed, event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key == "Escape" {
        return escape(lab);
    }
    if event.alt_key() || event.default_prevented() {
        return false;
    }
    let target = target(event);
    let inside = |selector: &str| {
        target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    let in_field =
        inside("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]");
    let is_pointed = pointed.takes(&key, target.as_ref());
    // A button's own keys, and a slider's and a list's.
    let owned = match key.as_str() {
        " " => inside("button, summary, a, input[type=checkbox]") && !is_pointed,
        "Home" | "End" => inside("input, [role=grid], [role=tree]"),
        _ => false,
    };
    if owned {
        return false;
    }
    let on_timeline = inside("[data-test=timeline]");
    let (list, teaches) = (lab.screen().list, lab.screen().teacher.is_some());
    let here = commands::Here { in_field, on_timeline, teaches, list };
    let plain = if key.chars().count() == 1 { key.to_lowercase() } else { key };
    let held = if event.ctrl_key() || event.meta_key() { "Mod+" } else { "" };
    let shifted = event.shift_key().then(|| format!("{held}Shift+{plain}"));
    // A capital is its letter, unless a command asks for Shift.
    let chords = shifted.into_iter().chain([format!("{held}{plain}")]);
    let found = chords.into_iter().find_map(|chord| commands::of_key(&chord, &here));
    found.inspect(|command| (command.run)(lab)).is_some()
}

/// Closes the topmost open thing. Says whether there was one.
pub(crate) fn escape(lab: &Lab) -> bool {
    let close: fn(&mut Screen) = {
        let screen = lab.screen();
        if screen.palette {
            |screen| screen.palette = false
        } else if screen.help {
            |screen| screen.help = false
        } else if screen.time {
            |screen| screen.time = false
        } else if screen.branches {
            |screen| screen.branches = false
        } else if screen.access {
            |screen| screen.access = false
        } else if screen.faults.is_some() {
            |screen| screen.faults = None
        } else if screen.own.is_some() {
            |screen| screen.own = None
        } else if screen.operation.is_some() {
            |screen| screen.operation = None
        } else if screen.rules.is_some() {
            drop(screen);
            if later::is_whole() {
                later::act(lab, Deed::LeaveRules);
                return true;
            }
            |screen| screen.rules = None
        } else if screen.refused.is_some() {
            |screen| screen.refused = None
        } else if screen.teacher.is_some() {
            drop(screen);
            teacher::leave(lab);
            return true;
        } else if screen.laser {
            |screen| screen.laser = false
        } else if screen.notice.is_some() {
            |screen| screen.notice = None
        } else if screen.menu.is_some() {
            |screen| screen.menu = None
        } else if screen.topic.is_some() {
            |screen| screen.topic = None
        } else if lab.engine().is_computing() {
            drop(screen);
            computing::stop(lab);
            return true;
        } else if screen.selected.is_some() {
            |screen| screen.selected = None
        } else {
            return false;
        }
    };
    lab.change(close);
    true
}
