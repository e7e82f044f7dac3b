//! The strip of the whole run over the timeline: what is in view as a frame that is dragged, resized and moved by key.

use crate::picture::{Grip, Marked, Minimap as Map, Window, clock};
use crate::time::SimTime;
use crate::ui::canvas::{Surface, Theme};
use crate::ui::lab::Lab;
use crate::ui::text::timeline as text;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

/// How far an edge of the frame reaches, in pixels: for a mouse, and for a finger.
const REACH_PX: f64 = 7.0;
const FINGER_PX: f64 = 18.0;

/// The elements of the strip.
pub(super) struct Refs {
    pub(super) strip: NodeRef,
    pub(super) canvas: NodeRef,
}

/// All that the strip's picture depends on: while it stays the same, nothing is painted.
#[derive(PartialEq)]
struct Key {
    events: u32,
    run: u64,
    map: Map,
    window: Window,
    /// The view, in half pixels.
    view: i64,
    markers: Vec<SimTime>,
    size: (f64, f64),
    theme: String,
}

/// What paints the strip.
pub(super) struct Minimap {
    refs: Refs,
    painted: Option<Key>,
}

/// The whole run over the strip, as the timeline shows it.
fn map(lab: &Lab, width: f64) -> Map {
    Map::new(&lab.screen().window, lab.engine().end(), width)
}

impl Minimap {
    pub(super) fn new(refs: Refs) -> Self {
        Self { refs, painted: None }
    }

    /// Paints the strip, where something on it changed.
    pub(super) fn paint(&mut self, lab: &Lab, theme: &mut Theme, probe: &Element) {
        let refs = (self.refs.strip.cast::<Element>(), self.refs.canvas.cast::<HtmlCanvasElement>());
        let (Some(strip), Some(canvas)) = refs else { return };
        let size = (f64::from(strip.client_width()), f64::from(strip.client_height()));
        // Where there is no room it is not shown.
        if size.1 < 1.0 {
            return;
        }
        let engine = lab.engine();
        let map = map(lab, size.0);
        let (window, markers) = {
            let screen = lab.screen();
            (screen.window.clone(), screen.markers.iter().map(|marker| marker.at).collect())
        };
        let (view, tracks) = (engine.view().at, engine.tracks());
        let key = Key {
            events: tracks.next,
            run: engine.generation(),
            view: (map.x(view) * 2.0) as i64,
            map,
            window,
            markers,
            size,
            theme: theme.key().to_owned(),
        };
        if self.painted.as_ref() == Some(&key) {
            return;
        }
        let flags: Vec<SimTime> = engine.marks().iter().map(|mark| mark.at).collect();
        let marked = Marked { view, flags: &flags, markers: &key.markers };
        let list = key.map.draw(tracks, &key.window, &marked, size.1);
        let Some(surface) = Surface::fit(&canvas, size.0, size.1) else { return };
        if let Some(colours) = theme.colours(probe) {
            surface.paint(&list, colours);
        }
        if self.painted.as_ref().is_none_or(|painted| painted.window != key.window || painted.map != key.map)
        {
            say(&strip, &key);
        }
        self.painted = Some(key);
    }
}

/// Tells screen readers which part of the run is in view.
fn say(strip: &Element, key: &Key) {
    let end = key.map.end();
    let (from, to) = (key.window.from, key.window.to().min(end));
    let words = text::in_view(&clock(from), &clock(to), &clock(end));
    let part = key.map.x(from) / key.size.0 * 100.0;
    let _ = strip.set_attribute("aria-valuetext", &words);
    let _ = strip.set_attribute("aria-valuenow", &format!("{part:.0}"));
}

/// What is held: by which pointer, where it was pressed, and what was in view then.
struct Held {
    pointer: i32,
    grip: Grip,
    x: f64,
    window: Window,
}

#[derive(Properties, PartialEq)]
pub(super) struct StripProps {
    pub(super) lab: Lab,
    pub(super) strip: NodeRef,
    pub(super) canvas: NodeRef,
}

fn place(strip: &Element, event: &PointerEvent) -> (f64, f64) {
    let reach = if event.pointer_type() == "mouse" { REACH_PX } else { FINGER_PX };
    (f64::from(event.client_x()) - strip.get_bounding_client_rect().left(), reach)
}

fn show(lab: &Lab, window: Window) {
    lab.change_window(|screen| {
        screen.follow = false;
        screen.window = window;
    });
}

/// Takes hold of the frame; where the press is beside it, that comes there first.
fn press(lab: &Lab, strip: &Element, event: &PointerEvent) -> Held {
    let _ = strip.set_pointer_capture(event.pointer_id());
    let map = map(lab, f64::from(strip.client_width()));
    let (x, reach) = place(strip, event);
    let mut window = lab.screen().window.clone();
    let grip = map.grip(&window, x, reach).unwrap_or_else(|| {
        window = map.centred(&window, x);
        show(lab, window.clone());
        Grip::Whole
    });
    Held { pointer: event.pointer_id(), grip, x, window }
}

/// Moves what is held, or shows what would be.
fn moved(lab: &Lab, strip: &Element, event: &PointerEvent, held: Option<&Held>) {
    let map = map(lab, f64::from(strip.client_width()));
    let (x, reach) = place(strip, event);
    match held {
        Some(held) if held.pointer == event.pointer_id() => {
            show(lab, map.dragged(&held.window, held.grip, x - held.x));
        }
        Some(_) => {}
        None => {
            let grip = match map.grip(&lab.screen().window, x, reach) {
                Some(Grip::Whole) => "whole",
                Some(_) => "edge",
                None => "",
            };
            let _ = strip.set_attribute("data-grip", grip);
        }
    }
}

/// Moves or zooms by key. Says whether the key has a meaning here.
fn key(lab: &Lab, key: &str) -> bool {
    match key {
        "ArrowLeft" | "ArrowDown" => super::pan(lab, -0.1),
        "ArrowRight" | "ArrowUp" => super::pan(lab, 0.1),
        "PageDown" => super::pan(lab, -1.0),
        "PageUp" => super::pan(lab, 1.0),
        "+" | "=" => super::zoom(lab, 0.8),
        "-" => super::zoom(lab, 1.25),
        "Home" | "End" => {
            let window = lab.screen().window.clone();
            let x = if key == "Home" { 0.0 } else { window.width };
            let there = map(lab, window.width).centred(&window, x);
            show(lab, there);
        }
        _ => return false,
    }
    true
}

/// The strip.
#[component]
pub(super) fn Strip(props: &StripProps) -> Html {
    let held = use_mut_ref(|| None::<Held>);
    let on = |act: fn(&Lab, &Element, &PointerEvent, &mut Option<Held>)| {
        let (lab, strip, held) = (props.lab.clone(), props.strip.clone(), held.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(strip) = strip.cast::<Element>() {
                act(&lab, &strip, &event, &mut held.borrow_mut());
            }
        })
    };
    let onpointerdown = on(|lab, strip, event, held| {
        if event.button() == 0 && held.is_none() {
            *held = Some(press(lab, strip, event));
        }
    });
    let onpointermove = on(|lab, strip, event, held| moved(lab, strip, event, held.as_ref()));
    let released = on(|_, _, event, held| {
        held.take_if(|held| held.pointer == event.pointer_id());
    });
    let onkeydown = {
        let lab = props.lab.clone();
        Callback::from(move |event: KeyboardEvent| {
            let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            if is_plain && key(&lab, &event.key()) {
                event.prevent_default();
            }
        })
    };
    html! {
        <div class="minimap" ref={props.strip.clone()} role="slider" tabindex="0" data-test="minimap" title={text::MINIMAP_HELP}
            aria-label={text::MINIMAP} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"
            {onpointerdown} {onpointermove} onpointerup={released.clone()} onpointercancel={released} {onkeydown}>
            <canvas ref={props.canvas.clone()} aria-hidden="true"></canvas>
        </div>
    }
}
