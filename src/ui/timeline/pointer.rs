//! Pointers and the wheel on the timeline: drag to pan, pinch or Ctrl and wheel to zoom, click to choose
//! or to see what a band is made of, the ruler to seek.

use super::painter::Painter;
use crate::picture::{Hit, RULER_PX};
use crate::ui::browser::{self, place};
use crate::ui::lab::Lab;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Element, Event, PointerEvent, WheelEvent};
use yew::NodeRef;

/// A press that moves less than this, in pixels, is a click.
const CLICK_PX: f64 = 4.0;

/// The pointers that are down.
#[derive(Default)]
pub(super) struct Pointers {
    down: Vec<(i32, f64, f64)>,
    moved: f64,
    seeking: bool,
}

/// What hears events of one name.
type Listener = (&'static str, Closure<dyn FnMut(Event)>);

/// Listeners that end with this.
pub(super) struct Listeners {
    element: Element,
    closures: Vec<Listener>,
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for (name, closure) in &self.closures {
            let _ = self.element.remove_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        }
    }
}

/// Listens on the scroller. Its own listeners, since Yew's are at the root: the wheel must be stopped before the page scrolls.
pub(super) fn attach(
    lab: &Lab,
    scroller: &NodeRef,
    painter: &Rc<RefCell<Painter>>,
    pointers: &Rc<RefCell<Pointers>>,
) -> Option<Listeners> {
    let element = scroller.cast::<Element>()?;
    let mut listeners = Listeners { element: element.clone(), closures: Vec::new() };
    for name in ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "wheel"] {
        let (lab, scroller, painter, pointers) =
            (lab.clone(), element.clone(), Rc::clone(painter), Rc::clone(pointers));
        let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if let Some(event) = event.dyn_ref::<WheelEvent>() {
                wheel(&lab, &scroller, event);
            } else if let Some(event) = event.dyn_ref::<PointerEvent>() {
                let at = place(&scroller, event);
                let mut pointers = pointers.borrow_mut();
                match event.type_().as_str() {
                    "pointerdown" => down(&lab, &scroller, &painter, &mut pointers, event, at),
                    "pointermove" => moved(&lab, &painter, &mut pointers, event, at),
                    "pointerleave" => painter.borrow().tip(&lab, 0.0, 0.0, None),
                    kind => up(&lab, &painter, &mut pointers, event, at, kind == "pointerup"),
                }
            }
        });
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        let call = closure.as_ref().unchecked_ref();
        if element
            .add_event_listener_with_callback_and_add_event_listener_options(name, call, &options)
            .is_ok()
        {
            listeners.closures.push((name, closure));
        }
    }
    Some(listeners)
}

fn seek(lab: &Lab, painter: &Rc<RefCell<Painter>>, x: f64) {
    let moment = painter.borrow().moment(lab, x);
    if let Some(at) = moment {
        let at = at.min(lab.engine().end());
        lab.change_quietly(|screen| screen.playing = false);
        lab.act(|engine| engine.go_to(at));
    }
}

fn down(
    lab: &Lab,
    element: &Element,
    painter: &Rc<RefCell<Painter>>,
    pointers: &mut Pointers,
    event: &PointerEvent,
    (x, y): (f64, f64),
) {
    if event.button() != 0 {
        return;
    }
    let _ = element.set_pointer_capture(event.pointer_id());
    pointers.down.push((event.pointer_id(), x, y));
    pointers.moved = 0.0;
    pointers.seeking = y < RULER_PX && pointers.down.len() == 1;
    if pointers.seeking {
        seek(lab, painter, x);
    }
}

fn moved(
    lab: &Lab,
    painter: &Rc<RefCell<Painter>>,
    pointers: &mut Pointers,
    event: &PointerEvent,
    (x, y): (f64, f64),
) {
    let Some(at) = pointers.down.iter().position(|(id, ..)| *id == event.pointer_id()) else {
        let hit = painter.borrow().hit(x, y);
        painter.borrow().tip(lab, x, y, hit);
        return;
    };
    let (id, x0, y0) = pointers.down[at];
    let others = pointers.down.iter().find(|(other, ..)| *other != id).copied();
    pointers.down[at] = (id, x, y);
    pointers.moved += (x - x0).abs() + (y - y0).abs();
    if pointers.seeking {
        seek(lab, painter, x);
    } else if let Some((_, other, _)) = others {
        let (before, after) = ((x0 - other).abs().max(8.0), (x - other).abs().max(8.0));
        let middle = painter.borrow().plot_x((x + other) / 2.0);
        lab.change_window(|screen| {
            screen.follow = false;
            screen.window = screen.window.zoomed(before / after, middle).panned((x0 - x) / 2.0);
        });
    } else if pointers.moved > CLICK_PX {
        lab.change_window(|screen| {
            screen.follow = false;
            screen.window = screen.window.panned(x0 - x);
        });
    }
}

fn up(
    lab: &Lab,
    painter: &Rc<RefCell<Painter>>,
    pointers: &mut Pointers,
    event: &PointerEvent,
    (x, y): (f64, f64),
    clicks: bool,
) {
    let before = pointers.down.len();
    pointers.down.retain(|(id, ..)| *id != event.pointer_id());
    if before == 1 && clicks && !pointers.seeking && pointers.moved <= CLICK_PX {
        let hit = painter.borrow().hit(x, y);
        match hit {
            Some(Hit::Event(seq)) => super::select(lab, Some(seq)),
            Some(Hit::Column(column)) => {
                let at = painter.borrow().moment(lab, x);
                super::zoom_into(lab, &column, at.unwrap_or(column.from));
                painter.borrow().tip(lab, 0.0, 0.0, None);
            }
            Some(Hit::Fold(begins)) => lab.change(|screen| screen.unfolded_at.push(begins)),
            Some(Hit::Name(lane)) => super::collapse(lab, lane),
            None => super::select(lab, None),
        }
    }
    pointers.seeking = false;
}

/// Zooms with Ctrl or ⌘, or where the timeline has the focus; pans with a sideways wheel. All else scrolls the page.
fn wheel(lab: &Lab, element: &Element, event: &WheelEvent) {
    let focused = browser::document()
        .and_then(|document| document.active_element())
        .is_some_and(|active| active == *element);
    let (dx, dy) = (event.delta_x(), event.delta_y());
    let x = place(element, event).0 - Painter::gutter(f64::from(element.client_width()));
    if event.ctrl_key() || event.meta_key() || (focused && !event.shift_key() && dy.abs() > dx.abs()) {
        event.prevent_default();
        let factor = (dy.clamp(-120.0, 120.0) / 240.0).exp();
        lab.change_window(|screen| screen.window = screen.window.zoomed(factor, x.max(0.0)));
    } else if event.shift_key() || dx.abs() > dy.abs() {
        event.prevent_default();
        let pixels = if dx.abs() > dy.abs() { dx } else { dy };
        lab.change_window(|screen| {
            screen.follow = false;
            screen.window = screen.window.panned(pixels);
        });
    }
}
