//! The keyboard, where no field has it.

use super::lab::Lab;
use super::later::{self, Deed};
use super::screen::Screen;
use super::{commands, computing, teacher};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Handles a key that nobody else wanted. Says whether it did something.
pub(crate) fn press(lab: &Lab, event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key == "Escape" {
        return escape(lab);
    }
    if event.alt_key() || event.default_prevented() {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let inside = |selector: &str| {
        target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    let in_field =
        inside("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]");
    // A button's own keys, and a slider's and a list's.
    let owned = match key.as_str() {
        " " => inside("button, summary, a, input[type=checkbox]"),
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
