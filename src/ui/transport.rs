//! Time's controls: play, step, speed, the scrubber and the clock.

use super::browser;
use super::computing::computing;
use super::engine::{Engine, Skipped};
use super::icons::{IconButton, icon};
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::{FASTEST, SLOWEST, speed_text};
use super::text::common;
use super::text::time as text;
use super::undo::undo_buttons;
use crate::picture::{clock, span};
use crate::sim::Pace;
use crate::time::SimTime;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The scrubber's resolution: steps over the whole run.
const STEPS: f64 = 10_000.0;

/// Whether choosing something pauses, where the browser remembers it.
pub(crate) const PAUSES: &str = "glassbroker.pause-on-choosing";
/// Whether playing skips quiet time.
pub(crate) const SKIPS: &str = "glassbroker.skip-quiet";
/// By what one steps.
const PACE: &str = "glassbroker.step-by";

/// Takes over what the browser remembers.
pub(crate) fn remembered(lab: &Lab) {
    let is_on = |key: &str| browser::remembered(key).as_deref() == Some("on");
    let (pauses, skips, pace) = (is_on(PAUSES), is_on(SKIPS), browser::remembered(PACE));
    lab.change_quietly(|screen| {
        (screen.pauses, screen.skips) = (pauses, skips);
        let known = Pace::ALL.into_iter().find(|known| pace.as_deref() == Some(text::pace(*known)));
        screen.pace = known.unwrap_or_default();
    });
}

/// Plays or pauses; a search is given up.
pub(crate) fn toggle(lab: &Lab) {
    lab.goes_on();
    if lab.engine().is_looking() {
        lab.act(Engine::give_up);
        lab.change(|screen| screen.playing = false);
        return;
    }
    lab.change(|screen| screen.playing = !screen.playing);
}

/// One step on or back, by what the user chose; it pauses.
pub(crate) fn step(lab: &Lab, forward: bool) {
    let pace = lab.screen().pace;
    step_by(lab, forward, pace);
}

/// One step on or back; it pauses.
pub(crate) fn step_by(lab: &Lab, forward: bool, pace: Pace) {
    lab.goes_on();
    lab.change_quietly(|screen| screen.playing = false);
    lab.act(|engine| engine.step(forward, pace));
    let at = lab.engine().view().at;
    lab.change(|screen| screen.window = screen.window.showing(at, 0.02));
}

/// Goes on to where something other than keep-alive traffic happens.
pub(crate) fn skip(lab: &Lab) {
    lab.goes_on();
    lab.act(Engine::skip);
}

/// Says what was passed over, and shows where that led.
pub(crate) fn tell_skipped(lab: &Lab, skipped: &Skipped) {
    let Skipped { from, to, pings, found } = *skipped;
    lab.change(|screen| {
        screen.notice = Some(text::skipped(to.since(from).0, pings, found));
        screen.window = screen.window.showing(to, 0.3);
    });
}

/// Plays faster by this many tenths of a power of ten, slower where they are below zero.
pub(crate) fn faster(lab: &Lab, tenths: i32) {
    lab.change(|screen| screen.speed = (screen.speed + tenths).clamp(SLOWEST, FASTEST));
}

/// What a step goes by.
pub(crate) fn pace_field(lab: &Lab, test: &'static str) -> Html {
    let pace = lab.screen().pace;
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let at = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            let pace = at.and_then(|at| Pace::ALL.get(at)).copied().unwrap_or_default();
            browser::remember(PACE, text::pace(pace));
            lab.change(|screen| screen.pace = pace);
        })
    };
    html! {
        <select class="compact pace" aria-label={text::STEP_BY} title={text::STEP_BY} data-test={test} {onchange}>
            { for Pace::ALL.into_iter().map(|one| html! { <option selected={one == pace}>{ text::pace(one) }</option> }) }
        </select>
    }
}

/// Whether it plays at the speed of the live clients' world, whatever the slider says.
fn is_live(lab: &Lab) -> bool {
    lab.engine().has_live_clients() && lab.engine().is_at_head()
}

/// The speed at which it plays.
fn speed_now(lab: &Lab) -> String {
    if is_live(lab) { text::LIVE_SPEED.to_owned() } else { speed_text(lab.screen().speed) }
}

/// The speed's slider, and the way back to real time.
pub(crate) fn speed_field(lab: &Lab) -> Html {
    let speed = lab.screen().speed;
    let onspeed = {
        let lab = lab.clone();
        Callback::from(move |event: InputEvent| {
            let speed =
                event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            lab.change(|screen| screen.speed = speed.unwrap_or(0).clamp(SLOWEST, FASTEST));
        })
    };
    let said = if speed >= FASTEST { text::FASTEST_ABOUT.to_owned() } else { speed_text(speed) };
    html! {
        <div class="speed">
            <input type="range" min={SLOWEST.to_string()} max={FASTEST.to_string()} step="1" value={speed.to_string()} disabled={is_live(lab)}
                aria-label={text::SPEED} aria-valuetext={said.clone()} title={text::SPEED_ABOUT} data-test="speed" oninput={onspeed} />
            <button type="button" class="quiet number" title={format!("{said}. {}", text::REAL_TIME)} onclick={lab.changes(|screen| screen.speed = 0)}
                data-test="speed-text">
                { speed_now(lab) }
            </button>
        </div>
    }
}

/// Looks at another moment.
pub(crate) fn seek(lab: &Lab, at: SimTime) {
    lab.act(|engine| engine.go_to(at));
    lab.change(|screen| {
        // A far jump lands with room on both sides.
        let x = screen.window.x(at);
        let near = (0.0..=screen.window.width).contains(&x);
        screen.window = screen.window.showing(at, if near { 0.02 } else { 0.3 });
    });
}

/// Looks at the end: the scenario's, or the head where that went on.
pub(crate) fn to_end(lab: &Lab) {
    let end = lab.engine().end();
    lab.change_quietly(|screen| screen.playing = false);
    seek(lab, end);
}

/// The bar of buttons, scrubber and clock.
pub(crate) fn transport(lab: &Lab) -> Html {
    let call = |act: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |()| act(&lab))
    };
    let (playing, pace) = {
        let screen = lab.screen();
        (screen.playing, screen.pace)
    };
    let (sign, label) = if playing { ("pause", text::PAUSE) } else { ("play", text::PLAY) };
    html! {
        <section class="transport" aria-label={text::BAR}>
            <div class="transport-buttons">
                { IconButton::new("start", text::TO_START, "Home", call(|lab| seek(lab, SimTime::ZERO))).html("start") }
                { IconButton::new("previous", text::step(false, pace), ",", call(|lab| step(lab, false))).html("previous") }
                { IconButton::new(sign, label, "Space", call(toggle)).class("primary play").html("play") }
                { IconButton::new("next", text::step(true, pace), ".", call(|lab| step(lab, true))).html("next") }
                { IconButton::new("end", text::TO_END, "End", call(to_end)).html("end") }
                <span class="wide-time">{ pace_field(lab, "pace") }</span>
                <span class="wide-time">{ IconButton::new("skip", text::SKIP, "J", call(skip)).html("skip") }</span>
            </div>
            <Moment lab={lab.clone()} />
            <span class="wide-time">{ speed_field(lab) }</span>
            <div class="transport-buttons undo">{ undo_buttons(lab) }</div>
            <div class="branching">
                { IconButton::new("branch", text::BRANCHES, "Y", call(|lab| lab.change(|screen| screen.branches = true))).html("open-branches") }
            </div>
        </section>
    }
}

/// The view's time, and that the head is still behind, where it is; the slider over the whole run, with the narration's marks.
#[component]
fn Moment(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Frame);
    let held = {
        let engine = lab.engine();
        engine.has_live_clients() && !(lab.screen().playing && engine.is_at_head())
    };
    let (view, head, end) = {
        let engine = lab.engine();
        (engine.view().at, engine.head(), engine.end().max(SimTime(1)))
    };
    // Microseconds are for who stands still.
    let shown = if lab.screen().playing { SimTime(view.0 / 1000 * 1000) } else { view };
    let oninput = {
        let lab = lab.clone();
        Callback::from(move |event: InputEvent| {
            let part: Option<f64> =
                event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            if let Some(part) = part {
                let end = lab.engine().end().0 as f64;
                seek(&lab, SimTime((part / STEPS * end) as u64));
            }
        })
    };
    let onkeydown = {
        let lab = lab.clone();
        Callback::from(move |event: KeyboardEvent| {
            let part = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => 0.01,
                "ArrowLeft" | "ArrowDown" => -0.01,
                "PageUp" => 0.1,
                "PageDown" => -0.1,
                _ => return,
            };
            event.prevent_default();
            let length_us = lab.screen().window.length_us;
            let (view, end) = (lab.engine().view().at, lab.engine().end());
            let us = (length_us as f64 * part) as i64;
            let at = SimTime(view.0.saturating_add_signed(if us == 0 { part.signum() as i64 } else { us }));
            seek(&lab, at.min(end));
        })
    };
    let part = |at: SimTime| at.0 as f64 / end.0 as f64 * STEPS;
    let number = |part: f64| (part.round() as u64).to_string();
    let marks = {
        let engine = lab.engine();
        engine.marks().iter().map(|mark| (number(part(mark.at)), mark.at <= view)).collect::<Vec<_>>()
    };
    let computed = number(part(head.min(end)));
    html! {
        <>
        <div class="clock">
            <button type="button" class="quiet" title={text::CLOCK_ABOUT} aria-haspopup="dialog" onclick={lab.changes(|screen| screen.time = true)}
                data-test="open-time">
                <output class="number" data-test="clock" data-us={view.0.to_string()} aria-live="off">{ clock(shown) }</output>
                <span class="narrow-time number" data-test="clock-speed">{ speed_now(&lab) }</span>
                { icon("down") }
            </button>
            { computing(&lab) }
            if held && !lab.engine().is_computing() {
                <span class="tag" role="status" title={text::HELD_ABOUT} data-test="held">{ text::HELD }</span>
            }
        </div>
        <div class="scrubber">
            <svg class="scrubber-marks" viewBox="0 0 10000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="computed" x="0" y="4" width={computed} height="2" />
                { for marks.into_iter().enumerate().map(|(key, (x, past))| html! {
                    <rect {key} class={if past { "mark past" } else { "mark" }} {x} y="0" width="24" height="10" />
                }) }
            </svg>
            <label for="scrubber" class="visually-hidden">{ text::SCRUBBER }</label>
            <input id="scrubber" type="range" min="0" max={number(STEPS)} step="1" value={number(part(view.min(end)))}
                aria-valuetext={common::of(clock(view), span(end.0))} data-test="scrubber"
                title={text::SCRUBBER_ABOUT} {oninput} {onkeydown} />
        </div>
        </>
    }
}
