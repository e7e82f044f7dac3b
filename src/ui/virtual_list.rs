//! A long list of rows of equal height of which only those on the screen exist.

use super::browser::set_css;
use crate::ui::field::use_value;
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

/// The list.
#[component]
pub(crate) fn VirtualList(props: &VirtualListProps) -> Html {
    let outer = use_node_ref();
    let sizer = use_node_ref();
    let rows = use_node_ref();
    // Where there is little room, a row may be of several lines.
    let height = use_value(row_px);
    let seen = use_value(|| (0usize, 24usize));
    let look = {
        let (outer, seen) = (outer.clone(), seen.setter());
        let (rows, height) = (rows.clone(), height.setter());
        move || {
            if let Some(outer) = outer.cast::<Element>() {
                let row_px = measured(&rows);
                height.set(row_px);
                let first = (f64::from(outer.scroll_top()) / row_px) as usize;
                let fits = (f64::from(outer.client_height()) / row_px) as usize + 1;
                seen.set((first, fits));
            }
        }
    };
    let onscroll = {
        let look = look.clone();
        Callback::from(move |_: Event| look())
    };
    // The row to keep in sight. In a cell, since the room for it changes outside of renders too.
    let wanted = use_mut_ref(|| None);
    *wanted.borrow_mut() =
        if props.at_end && props.active.is_none() { props.count.checked_sub(1) } else { props.active };
    let settle = {
        let (outer, rows) = (outer.clone(), rows.clone());
        move || {
            if let (Some(outer), Some(row)) = (outer.cast::<Element>(), *wanted.borrow()) {
                bring(&outer, row, measured(&rows));
            }
            look();
        }
    };
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
        let settle = settle.clone();
        move |_| settle()
    });
    // In the panel of another tab it has no room at first.
    use_effect_with((), {
        let outer = outer.clone();
        move |()| {
            let closure = Closure::<dyn FnMut()>::new(settle);
            let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(outer)) = (&observer, outer.cast::<Element>()) {
                observer.observe(&outer);
            }
            move || {
                if let Some(observer) = observer {
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

/// Scrolls the least that is needed to have a row in sight.
fn bring(outer: &Element, row: usize, row_px: f64) {
    let (top, room) = (f64::from(outer.scroll_top()), f64::from(outer.client_height()));
    let y = row as f64 * row_px;
    if y < top {
        outer.set_scroll_top(y as i32);
    } else if y + row_px > top + room {
        outer.set_scroll_top((y + row_px - room).ceil() as i32);
    }
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
