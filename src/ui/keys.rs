//! The keyboard, where no field has it.

use super::lab::Lab;
use super::screen::{Screen, Tab};
use super::{rules, sides, talk, timeline, transport};
use crate::time::SimTime;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Handles a key that nobody else wanted. Says whether it did something.
pub(crate) fn press(lab: &Lab, event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key == "Escape" {
        return escape(lab);
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let inside = |selector: &str| {
        target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    if inside("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]") {
        return false;
    }
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
    let list = lab.screen().list;
    let on_sides = list == Tab::Sides;
    match key.as_str() {
        "ArrowLeft" | "ArrowRight" if on_timeline => timeline::choose_next(lab, key == "ArrowRight"),
        "Enter" if on_timeline => lab.change(|screen| screen.tab = Tab::Inspector),
        " " => transport::toggle(lab),
        "." => transport::step(lab, true),
        "," => transport::step(lab, false),
        "Home" => transport::seek(lab, SimTime::ZERO),
        "End" => transport::to_end(lab),
        "+" | "=" => lab.change(|screen| screen.speed = (screen.speed + 3).min(30)),
        "-" => lab.change(|screen| screen.speed = (screen.speed - 3).max(-30)),
        "w" | "W" => timeline::zoom(lab, 0.8),
        "s" | "S" => timeline::zoom(lab, 1.25),
        "a" | "A" => timeline::pan(lab, -0.15),
        "d" | "D" => timeline::pan(lab, 0.15),
        "f" | "F" => timeline::focus(lab),
        "0" => timeline::fit(lab),
        "n" | "N" if on_sides => sides::walk(lab, true),
        "p" | "P" if on_sides => sides::walk(lab, false),
        "r" | "R" if list == Tab::TestClient => {
            let client = lab.screen().test_client.clone();
            talk::publish_again(lab, &client);
        }
        "?" => lab.change(|screen| screen.help = !screen.help),
        _ => return false,
    }
    true
}

/// Closes the topmost open thing.
fn escape(lab: &Lab) -> bool {
    let close: fn(&mut Screen) = {
        let screen = lab.screen();
        if screen.help {
            |screen| screen.help = false
        } else if screen.access {
            |screen| screen.access = false
        } else if screen.operation.is_some() {
            |screen| screen.operation = None
        } else if screen.rules.is_some() {
            drop(screen);
            rules::leave(lab);
            return true;
        } else if screen.refused.is_some() {
            |screen| screen.refused = None
        } else if screen.notice.is_some() {
            |screen| screen.notice = None
        } else if screen.selected.is_some() {
            |screen| screen.selected = None
        } else {
            return false;
        }
    };
    lab.change(close);
    true
}
