//! Work in progress, kept by the browser for this tab alone: the same page, loaded anew, comes back where it was.

use super::browser;
use super::icons::IconButton;
use super::lab::Lab;
use super::screen::Tab;
use super::text::common;
use super::text::kept as text;
use super::{lessons, link};
use crate::scenario::{SavedRun, Shown, parse_moment};
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// Where it is kept.
const KEY: &str = "glassbroker.run";
/// A longer run is not kept, in bytes.
const MOST_BYTES: usize = 2 << 20;
/// So long after something was done it is kept, in milliseconds, unless something else is done.
const SOON_MS: u32 = 1_000;

thread_local! {
    // The page has one thread.
    static SOON: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Keeps the run whenever the page goes out of sight.
pub(crate) fn install(lab: &Lab) {
    let Some(window) = browser::window() else { return };
    let lab = lab.clone();
    let leaves = Closure::<dyn FnMut()>::new(move || keep(&lab));
    let _ = window.add_event_listener_with_callback("pagehide", leaves.as_ref().unchecked_ref());
    // It lives as long as the page.
    leaves.forget();
}

/// Keeps the run soon.
pub(crate) fn soon(lab: &Lab) {
    let lab = lab.clone();
    let timeout = Timeout::new(SOON_MS, move || keep(&lab));
    SOON.with(|soon| *soon.borrow_mut() = Some(timeout));
}

/// Keeps the run, unless the address says all of it.
fn keep(lab: &Lab) {
    if super::panic::is_broken() || lab.is_borrowed() {
        return;
    }
    let address = browser::hash();
    let is_in_address = link::in_short(lab)
        .is_ok_and(|link| link.is_whole && !address.is_empty() && link.hash.starts_with(&address));
    let kept = if is_in_address { None } else { written(lab, &address) };
    browser::keep_for_tab(KEY, kept.filter(|kept| kept.len() <= MOST_BYTES).as_deref());
}

/// The address, the lesson, the moment, the panel and whether it plays, a line each; then the run.
fn written(lab: &Lab, address: &str) -> Option<String> {
    let run = lab.saved().to_json().ok()?;
    let (engine, screen) = (lab.engine(), lab.screen());
    let is_lesson = engine.profile() == engine.scenario().broker.profile;
    let lesson = engine.lesson().filter(|_| is_lesson).unwrap_or_default();
    let moment = Shown(link::this_moment(lab));
    let (tab, plays) = (screen.tab.name(), if screen.playing { "plays" } else { "" });
    Some([address, lesson, &moment.to_string(), tab, plays, &run].join("\n"))
}

/// The run that was kept last, as a file has it.
pub(crate) fn kept_run() -> Option<String> {
    let kept = browser::kept_for_tab(KEY)?;
    Some(kept.splitn(6, '\n').nth(5)?.to_owned())
}

/// Where this page was loaded anew and its address is the same: opens what was kept. Says whether it did.
pub(crate) fn restore(lab: &Lab) -> bool {
    if !browser::was_reloaded() {
        return false;
    }
    let kept = browser::kept_for_tab(KEY);
    // Once only: a run that cannot be shown must not come back for ever.
    browser::keep_for_tab(KEY, None);
    let restored = kept.is_some_and(|kept| open(lab, &kept).is_some());
    lab.change(|screen| screen.restored = restored);
    restored
}

fn open(lab: &Lab, kept: &str) -> Option<()> {
    let mut lines = kept.splitn(6, '\n');
    let mut line = || lines.next();
    let (address, lesson, moment, tab, plays, run) = (line()?, line()?, line()?, line()?, line()?, line()?);
    if address != browser::hash() {
        return None;
    }
    let moment = parse_moment(moment).ok()?;
    let run = SavedRun::parse(run).ok()?;
    let done = run.done();
    let SavedRun { scenario, markers, .. } = run;
    let lesson = Some(lesson.to_owned()).filter(|lesson| !lesson.is_empty());
    lessons::start(lab, scenario, lesson, None, done, Some(moment)).ok()?;
    let tab = Tab::from_name(tab);
    lab.change(|screen| {
        screen.markers = markers;
        screen.playing = !plays.is_empty();
        if let Some(tab) = tab {
            screen.go(tab);
        }
    });
    Some(())
}

/// Opens what the address says, from its beginning, without what was done.
pub(crate) fn start_afresh(lab: &Lab) {
    lab.change(|screen| screen.restored = false);
    browser::keep_for_tab(KEY, None);
    link::open(lab);
}

/// The word that this is not the beginning, and the way there.
pub(crate) fn word(lab: &Lab) -> Html {
    if !lab.screen().restored {
        return html! {};
    }
    let afresh = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| start_afresh(&lab))
    };
    let close = lab.changes(|screen| screen.restored = false);
    html! {
        <p class="branch row" role="status" data-test="restored">
            <span class="break">{ text::RESTORED }</span>
            <button type="button" class="link" onclick={afresh} data-test="start-afresh">{ text::START_AFRESH }</button>
            <span class="grow"></span>
            { IconButton::new("close", common::CLOSE, "", close).html("close-restored") }
        </p>
    }
}
