//! The timeline: a canvas that paints the picture's display list, and what pointer and keys do on it.

mod happened;
mod markers;
mod minimap;
mod painter;
mod pointer;
mod tracks;
mod walks;

use super::canvas::Resized;
use super::icons::IconButton;
use super::inspector::way_to_inspector;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::screen::Tab;
use super::text::timeline as text;
use crate::broker::Kind;
use crate::picture::{Column, Window, toggle};
use crate::time::SimTime;
use crate::trace::EventRef;
use happened::happened;
pub(crate) use markers::add as mark;
use painter::Painter;
use pointer::Pointers;
use std::cell::RefCell;
use std::rc::Rc;
pub(crate) use walks::go as walk;
use yew::prelude::*;

/// What can be open under the head.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Menu {
    Tracks,
    Markers,
}

/// What opens a menu, or closes it.
fn opens(lab: &Lab, menu: Menu) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_: MouseEvent| {
        lab.change(|screen| screen.menu = Some(menu).filter(|menu| screen.menu != Some(*menu)));
    })
}

/// Zooms around the view where it is on the screen, else around the middle.
pub(crate) fn zoom(lab: &Lab, factor: f64) {
    let view = lab.engine().view().at;
    lab.change(|screen| {
        let x = screen.window.x(view);
        let inside = (0.0..=screen.window.width).contains(&x);
        screen.window = screen.window.zoomed(factor, if inside { x } else { screen.window.width / 2.0 });
    });
}

/// Moves by a part of the width.
pub(crate) fn pan(lab: &Lab, part: f64) {
    lab.change(|screen| {
        screen.follow = false;
        screen.window = screen.window.panned(part * screen.window.width);
    });
}

/// Shows the whole run.
pub(crate) fn fit(lab: &Lab) {
    let end = lab.engine().end();
    lab.change(|screen| {
        screen.window = screen.window.over(SimTime::ZERO, end);
        screen.keep_whole();
        screen.follow = true;
    });
}

/// Opens a menu, where the timeline is in sight.
pub(crate) fn show_menu(lab: &Lab, menu: Menu) {
    lab.change(|screen| {
        screen.go(Tab::Timeline);
        screen.menu = Some(menu);
    });
}

/// Folds idle stretches, or opens them.
pub(crate) fn fold(lab: &Lab) {
    lab.change(|screen| {
        let (from, to) = (screen.window.from, screen.window.to());
        // What was in view stays there, whatever is folded in it.
        screen.window = Window::new(from, to, screen.window.width);
        screen.folds = !screen.folds;
        screen.unfolded_at.clear();
    });
}

/// Zooms to what the chosen event belongs to.
pub(crate) fn focus(lab: &Lab) {
    let Some(seq) = lab.screen().selected else { return };
    let Some((from, to)) = lab.engine().extent(seq) else { return };
    look_at(lab, (from, to), to.since(from).0.max(20_000) * 2);
}

/// Shows a stretch of time with a margin on both sides, in microseconds.
fn look_at(lab: &Lab, (from, to): (SimTime, SimTime), margin_us: u64) {
    lab.change(|screen| {
        let left = SimTime(from.0.saturating_sub(margin_us));
        screen.window = screen.window.over(left, SimTime(to.0 + margin_us));
        screen.follow = false;
    });
}

/// How many packets a click on a band leads to: few enough for a letter each.
const FEW: usize = 24;

/// Zooms to some of the packets that a column stands for, those nearest to the moment clicked on.
fn zoom_into(lab: &Lab, column: &Column, at: SimTime) {
    let stretch = {
        let engine = lab.engine();
        let track = engine.tracks().clients.get(column.lane);
        track.and_then(|track| track.around(at.clamp(column.from, column.to), FEW, engine.events()))
    };
    let Some((from, to)) = stretch else { return };
    look_at(lab, (from, to), to.since(from).0 / 8);
}

/// Chooses the packet before or after the chosen one; without one the last that there is.
pub(crate) fn choose_next(lab: &Lab, forward: bool) {
    let found = {
        let engine = lab.engine();
        let run = engine.run();
        let (trace, end) = (run.trace(), engine.events());
        let sent = |event: &EventRef<'_>| event.kind() == Kind::PacketSent;
        let found = match lab.screen().selected {
            Some(seq) if forward => trace.range(seq + 1..end).find(sent),
            chosen => {
                let before = 0..chosen.map_or(end, |seq| seq.min(end));
                before.rev().filter_map(|seq| trace.get(seq)).find(sent)
            }
        };
        found.map(|event| event.seq())
    };
    if found.is_some() {
        select(lab, found);
    }
}

/// Collapses a client's group to its session bar, or the broker's to its head, or opens it.
fn collapse(lab: &Lab, lane: Option<usize>) {
    let Some(lane) = lane else {
        return lab.change(|screen| screen.shown.broker_collapsed = !screen.shown.broker_collapsed);
    };
    let name = lab.engine().tracks().clients.get(lane).map(|track| track.client.clone());
    if let Some(name) = name {
        lab.change(|screen| toggle(&mut screen.shown.collapsed, &name));
    }
}

/// What chooses an event and shows it.
pub(crate) fn selects(lab: &Lab, seq: u32) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_: MouseEvent| select(&lab, Some(seq)))
}

/// Chooses an event, or none, and shows it.
pub(crate) fn select(lab: &Lab, seq: Option<u32>) {
    let at = seq.and_then(|seq| Some(lab.engine().extent(seq)?.0));
    lab.change(|screen| {
        screen.selected = seq;
        screen.playing &= seq.is_none() || !screen.pauses;
        if let Some(at) = at {
            let x = screen.window.x(at);
            if !(0.0..=screen.window.width).contains(&x) {
                screen.window = screen.window.showing(at, 0.3);
            }
        }
    });
}

/// The panel.
#[component]
pub(crate) fn Timeline(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let scroller = use_node_ref();
    let spacer = use_node_ref();
    let canvas = use_node_ref();
    let probe = use_node_ref();
    let tooltip = use_node_ref();
    let summary = use_node_ref();
    let (strip, map) = (use_node_ref(), use_node_ref());
    let painter = use_memo((), |()| {
        let refs = painter::Refs {
            scroller: scroller.clone(),
            spacer: spacer.clone(),
            canvas: canvas.clone(),
            probe: probe.clone(),
            tooltip: tooltip.clone(),
            summary: summary.clone(),
        };
        RefCell::new(Painter::new(refs, minimap::Refs { strip: strip.clone(), canvas: map.clone() }))
    });
    let pointers = use_memo((), |()| RefCell::new(Pointers::default()));

    use_effect_with((), {
        let (lab, painter, pointers, scroller) =
            (lab.clone(), Rc::clone(&painter), Rc::clone(&pointers), scroller.clone());
        move |()| {
            let paint = {
                let (lab, painter) = (lab.clone(), Rc::clone(&painter));
                Callback::from(move |()| painter.borrow_mut().paint(&lab))
            };
            let id = lab.listen(Rate::Frame, paint);
            let listeners = pointer::attach(&lab, &scroller, &painter, &pointers);
            let resized = Resized::of(&lab, &scroller);
            move || {
                lab.forget(id);
                drop((listeners, resized));
            }
        }
    });

    let call = |act: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |()| act(&lab))
    };
    let onscroll = call(Lab::wake).reform(|_: Event| ());
    let (follow, menu) = (lab.screen().follow, lab.screen().menu);
    html! {
        <section class="panel timeline" aria-label={text::TITLE}>
            <div class="panel-head">
                <h2>{ text::TITLE }</h2>
                { happened(&lab) }
                { tracks::hidden(&lab) }
                { tracks::button(&lab) }
                { markers::button(&lab) }
                { IconButton::new("minus", text::ZOOM_OUT, "S", call(|lab| zoom(lab, 1.6))).html("zoom-out") }
                { IconButton::new("plus", text::ZOOM_IN, "W", call(|lab| zoom(lab, 0.625))).html("zoom-in") }
                { IconButton::new("fit", text::FIT, "0", call(fit)).html("fit") }
                { IconButton::new("fold", text::FOLD, "", call(fold)).pressed(lab.screen().folds).html("fold") }
                { IconButton::new("follow", text::FOLLOW, "", call(|lab| lab.change(|screen| screen.follow = !screen.follow)))
                    .pressed(follow).html("follow") }
            </div>
            <div class="timeline-over">
                { match menu {
                    Some(Menu::Tracks) => tracks::tracks(&lab),
                    Some(Menu::Markers) => markers::markers(&lab),
                    None => html! {},
                } }
            </div>
            <minimap::Strip lab={lab.clone()} {strip} canvas={map} />
            <div class="timeline-scroll" ref={scroller} tabindex="0" role="group" data-test="timeline" {onscroll}
                aria-label={text::PICTURE}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                <div class="timeline-spacer" ref={spacer}></div>
                <div class="tooltip" ref={tooltip} role="presentation"></div>
                <span class="probe" ref={probe} aria-hidden="true"></span>
            </div>
            { walks::walks(&lab) }
            { way_to_inspector(&lab) }
            <p class="visually-hidden" ref={summary} data-test="timeline-summary"></p>
        </section>
    }
}
