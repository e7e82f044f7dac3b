//! Time's controls: play, step, speed, the scrubber and the clock.

use super::icons::IconButton;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::speed_text;
use crate::picture::{clock, span};
use crate::time::SimTime;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The scrubber's resolution: steps over the whole run.
const STEPS: f64 = 10_000.0;

/// Plays or pauses.
pub(crate) fn toggle(lab: &Lab) {
    lab.goes_on();
    lab.change(|screen| screen.playing = !screen.playing);
}

/// One moment on or back; it pauses.
pub(crate) fn step(lab: &Lab, forward: bool) {
    lab.goes_on();
    lab.change_quietly(|screen| screen.playing = false);
    lab.act(|engine| engine.step(forward));
    let at = lab.engine().view().at;
    lab.change(|screen| screen.window = screen.window.showing(at, 0.02));
}

/// Plays faster by this many tenths of a power of ten, slower where they are below zero.
pub(crate) fn faster(lab: &Lab, tenths: i32) {
    lab.change(|screen| screen.speed = (screen.speed + tenths).clamp(-30, 30));
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
    let (playing, speed) = {
        let screen = lab.screen();
        (screen.playing, screen.speed)
    };
    let live = lab.engine().has_live_clients() && lab.engine().is_at_head();
    let onspeed = {
        let lab = lab.clone();
        Callback::from(move |event: InputEvent| {
            let speed =
                event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            lab.change(|screen| screen.speed = speed.unwrap_or(0).clamp(-30, 30));
        })
    };
    let real_time = call(|lab| lab.change(|screen| screen.speed = 0)).reform(|_: MouseEvent| ());
    let (icon, label) = if playing { ("pause", "Pause") } else { ("play", "Play") };
    html! {
        <section class="transport" aria-label="Time">
            <div class="transport-buttons">
                { IconButton::new("start", "Back to the start", "Home", call(|lab| seek(lab, SimTime::ZERO))).html("start") }
                { IconButton::new("previous", "Previous moment", ",", call(|lab| step(lab, false))).html("previous") }
                { IconButton::new(icon, label, "Space", call(toggle)).class("primary play").html("play") }
                { IconButton::new("next", "Next moment", ".", call(|lab| step(lab, true))).html("next") }
                { IconButton::new("end", "Go to the end", "End", call(to_end)).html("end") }
            </div>
            <Moment lab={lab.clone()} />
            <div class="speed">
                <label for="speed" class="visually-hidden">{ "Speed" }</label>
                <input id="speed" type="range" min="-30" max="30" step="1" value={speed.to_string()} disabled={live}
                    aria-valuetext={speed_text(speed)} title="Speed, from a thousandth to a thousandfold"
                    data-test="speed" oninput={onspeed} />
                <button type="button" class="quiet number" title="Back to real time" onclick={real_time} data-test="speed-text">
                    { if live { "1× live".to_owned() } else { speed_text(speed) } }
                </button>
            </div>
        </section>
    }
}

/// The view's time, and that the head is still behind, where it is; the slider over the whole run, with the narration's marks.
#[component]
fn Moment(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Frame);
    let (view, head, end, computing) = {
        let engine = lab.engine();
        (
            engine.view().at,
            engine.head(),
            engine.end().max(SimTime(1)),
            engine.is_computing() || engine.is_comparing(),
        )
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
            <output class="number" data-test="clock" data-us={view.0.to_string()} aria-live="off">{ clock(shown) }</output>
            if computing {
                <span class="computing" role="status">{ "computing…" }</span>
            }
        </div>
        <div class="scrubber">
            <svg class="scrubber-marks" viewBox="0 0 10000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="computed" x="0" y="4" width={computed} height="2" />
                { for marks.into_iter().enumerate().map(|(key, (x, past))| html! {
                    <rect {key} class={if past { "mark past" } else { "mark" }} {x} y="0" width="24" height="10" />
                }) }
            </svg>
            <label for="scrubber" class="visually-hidden">{ "Moment" }</label>
            <input id="scrubber" type="range" min="0" max={number(STEPS)} step="1" value={number(part(view.min(end)))}
                aria-valuetext={format!("{} of {}", clock(view), span(end.0))} data-test="scrubber"
                title="A moment of the run; arrow keys move by a hundredth of what the timeline shows" {oninput} {onkeydown} />
        </div>
        </>
    }
}
