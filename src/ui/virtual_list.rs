//! A long list of rows of equal height of which only those on the screen exist.

use super::browser::set_css;
use crate::ui::field::use_value;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Rows beyond the edges that exist too, so that a quick scroll shows no gap.
const OVERSCAN: usize = 8;

/// What a list needs to know.
#[derive(Properties, PartialEq)]
pub(crate) struct VirtualListProps {
    /// How many rows there are.
    pub(crate) count: usize,
    /// Makes a row; it must have a key of its own.
    pub(crate) row: Callback<usize, Html>,
    /// The row that the keyboard is on; it is kept in sight.
    #[prop_or_default]
    pub(crate) active: Option<usize>,
    /// Whether the end stays in sight as rows come.
    #[prop_or_default]
    pub(crate) at_end: bool,
    /// The id of the active row's element.
    #[prop_or_default]
    pub(crate) active_id: Option<AttrValue>,
    /// The ARIA role: `grid` or `tree`.
    pub(crate) role: &'static str,
    /// Its name for screen readers.
    pub(crate) label: AttrValue,
    /// The name by which tests find it.
    pub(crate) test: &'static str,
    /// Keys that were pressed in it.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// How tall a row is, in pixels, before one is there to be measured: as the design's `--gb-row`.
pub(crate) fn row_px() -> f64 {
    if super::browser::media("(pointer: coarse)") { 44.0 } else { 26.0 }
}

/// What is known of the room, in pixels. It is asked of the browser only when that has just laid the page out: else to ask makes it do so
/// once more, which takes longer than all else that a list does.
struct Room {
    row: f64,
    height: f64,
    /// How far the list is scrolled, and whether the browser was not told so yet.
    top: f64,
    moves: bool,
    observer: Option<ResizeObserver>,
}

impl Room {
    /// The first row that is seen, and how many are.
    fn seen(&self) -> (usize, usize) {
        ((self.top / self.row) as usize, (self.height / self.row) as usize + 1)
    }

    /// Scrolls the least that is needed to have a row in sight.
    fn bring(&mut self, row: usize) {
        let y = row as f64 * self.row;
        let top = if y < self.top { y } else { self.top.max((y + self.row - self.height).ceil()) };
        self.moves |= top != self.top;
        self.top = top;
    }

    /// Has the observer called once the page is laid out the next time, as it is for whatever it begins to observe.
    fn ask(&self, outer: &NodeRef) {
        if let (Some(observer), Some(outer)) = (&self.observer, outer.cast::<Element>()) {
            observer.unobserve(&outer);
            observer.observe(&outer);
        }
    }

    /// Tells the browser how far the list is scrolled.
    fn scroll(&mut self, outer: &NodeRef) {
        if let Some(outer) = outer.cast::<Element>().filter(|_| self.moves) {
            outer.set_scroll_top(self.top as i32);
            self.top = f64::from(outer.scroll_top());
            self.moves = false;
        }
    }
}

/// The list.
#[component]
pub(crate) fn VirtualList(props: &VirtualListProps) -> Html {
    let outer = use_node_ref();
    let sizer = use_node_ref();
    let rows = use_node_ref();
    let room = use_mut_ref(|| Room { row: row_px(), height: 0.0, top: 0.0, moves: false, observer: None });
    // Where there is little room, a row may be of several lines.
    let height = use_value(row_px);
    let seen = use_value(|| (0usize, 24usize));
    let onscroll = {
        let (outer, room, seen) = (outer.clone(), Rc::clone(&room), seen.setter());
        Callback::from(move |_: Event| {
            let Some(outer) = outer.cast::<Element>() else { return };
            let mut room = room.borrow_mut();
            // What is heard of may be older than where it is to be.
            if !room.moves {
                room.top = f64::from(outer.scroll_top());
                seen.set(room.seen());
            }
        })
    };
    // The row to keep in sight. In a cell, since the room for it changes outside of renders too.
    let wanted = use_mut_ref(|| None);
    *wanted.borrow_mut() =
        if props.at_end && props.active.is_none() { props.count.checked_sub(1) } else { props.active };
    let (first, fits) = *seen;
    let first = first.saturating_sub(OVERSCAN).min(props.count.saturating_sub(fits));
    let last = (first + fits + 2 * OVERSCAN).min(props.count);

    use_effect_with((props.count, first, *height), {
        let (sizer, rows) = (sizer.clone(), rows.clone());
        move |(count, first, row_px)| {
            if let (Some(sizer), Some(rows)) = (sizer.cast::<Element>(), rows.cast::<Element>()) {
                set_css(&sizer, "height", &format!("{}px", *count as f64 * row_px));
                set_css(&rows, "transform", &format!("translateY({}px)", *first as f64 * row_px));
            }
        }
    });
    use_effect_with((props.active, props.at_end, props.count, *height), {
        let (outer, room, wanted, seen) =
            (outer.clone(), Rc::clone(&room), Rc::clone(&wanted), seen.setter());
        move |_| {
            let mut room = room.borrow_mut();
            if let Some(row) = *wanted.borrow() {
                room.bring(row);
            }
            seen.set(room.seen());
            room.ask(&outer);
        }
    });
    // After the page is laid out: in the panel of another tab there is no room at first, and no row.
    use_effect_with((), {
        let (outer, rows, kept) = (outer.clone(), rows.clone(), Rc::clone(&room));
        let (room, wanted, seen, height) =
            (Rc::clone(&room), Rc::clone(&wanted), seen.setter(), height.setter());
        move |()| {
            let list = outer.clone();
            let laid_out = move || {
                let Some(element) = outer.cast::<Element>() else { return };
                let mut room = room.borrow_mut();
                room.row = measured(&rows);
                height.set(room.row);
                let room_px = f64::from(element.client_height());
                let changed = std::mem::replace(&mut room.height, room_px) != room_px;
                if let Some(row) = wanted.borrow().filter(|_| changed) {
                    room.bring(row);
                }
                room.scroll(&outer);
                seen.set(room.seen());
            };
            let closure = Closure::<dyn FnMut()>::new(laid_out);
            kept.borrow_mut().observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
            kept.borrow().ask(&list);
            move || {
                if let Some(observer) = kept.borrow_mut().observer.take() {
                    observer.disconnect();
                }
                drop(closure);
            }
        }
    });
    html! {
        <div class="virtual-list" ref={outer} role={props.role} tabindex="0" aria-label={props.label.clone()}
            aria-rowcount={(props.role == "grid").then(|| props.count.to_string())}
            aria-activedescendant={props.active_id.clone()} data-test={props.test} {onscroll} onkeydown={props.onkeydown.clone()}>
            <div class="virtual-sizer" role="presentation" ref={sizer}>
                <div class="virtual-rows" role={if props.role == "grid" { "rowgroup" } else { "presentation" }} ref={rows}>
                    { for (first..last).map(|i| props.row.emit(i)) }
                </div>
            </div>
        </div>
    }
}

/// How tall the rows are, in pixels.
fn measured(rows: &NodeRef) -> f64 {
    let row = rows.cast::<Element>().and_then(|rows| rows.first_element_child());
    row.map(|row| row.get_bounding_client_rect().height())
        .filter(|height| *height > 0.0)
        .unwrap_or_else(row_px)
}

/// Where a key that moves in a list leads to from a row; `None` for other keys.
pub(crate) fn moved(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let page = 12;
    Some(match (key, from) {
        ("ArrowDown" | "ArrowUp", None) => last,
        ("ArrowDown", Some(row)) => (row + 1).min(last),
        ("ArrowUp", Some(row)) => row.saturating_sub(1),
        ("PageDown", row) => (row.unwrap_or(0) + page).min(last),
        ("PageUp", row) => row.unwrap_or(0).saturating_sub(page),
        ("Home", _) => 0,
        ("End", _) => last,
        _ => return None,
    })
}
