//! Titles: the browser shows them to a pointer only, and also where a class looks at the page. Here they are shown to the keyboard too,
//! and to nobody in teacher mode.

use super::browser::{self, set_css};
use super::lab::Lab;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};

/// Where a title lies while the browser must not see it.
const ASIDE: &str = "data-title";
/// How far below its element a title is shown, in pixels; and how wide it can be.
const BELOW_PX: f64 = 6.0;
const WIDEST_PX: f64 = 260.0;

/// Listens to what pointer and keyboard come to.
pub(crate) fn install(lab: &Lab) {
    let Some(document) = browser::document() else { return };
    let lab = lab.clone();
    let shown = Rc::new(RefCell::new(None::<Element>));
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(tip) = shown.borrow_mut().take() {
            tip.remove();
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let teaches = lab.screen().teacher.is_some();
        match event.type_().as_str() {
            "mouseover" if teaches => moved(&target, "title", ASIDE),
            "mouseout" => moved(&target, ASIDE, "title"),
            "focusin" if !teaches && target.matches(":focus-visible").unwrap_or(false) => {
                *shown.borrow_mut() = show(&target);
            }
            _ => {}
        }
    });
    // It lives as long as the page.
    for name in ["mouseover", "mouseout", "focusin", "focusout", "keydown"] {
        let _ = document.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Renames an attribute of an element and of all around it; what is set anew meanwhile stays.
fn moved(target: &Element, from: &str, to: &str) {
    let mut next = Some(target.clone());
    while let Some(element) = next {
        if let Some(title) = element.get_attribute(from) {
            let _ = element.remove_attribute(from);
            if !element.has_attribute(to) {
                let _ = element.set_attribute(to, &title);
            }
        }
        next = element.parent_element();
    }
}

/// Shows the title of an element, or of the nearest around it, below it. It says nothing to screen readers, which have the title itself.
fn show(target: &Element) -> Option<Element> {
    let titled = target.closest("[title]").ok().flatten()?;
    let title = titled.get_attribute("title").filter(|title| !title.is_empty())?;
    let document = browser::document()?;
    let tip = document.create_element("div").ok()?;
    tip.set_class_name("tooltip tip shown");
    let _ = tip.set_attribute("aria-hidden", "true");
    tip.set_text_content(Some(&title));
    let rect = target.get_bounding_client_rect();
    let width = f64::from(document.document_element()?.client_width());
    set_css(&tip, "left", &format!("{}px", rect.left().min(width - WIDEST_PX).max(0.0)));
    set_css(&tip, "top", &format!("{}px", rect.bottom() + BELOW_PX));
    // A dialog lies over all that is not in it.
    let over = target.closest("dialog").ok().flatten().or_else(|| document.body().map(Into::into))?;
    over.append_child(&tip).ok()?;
    Some(tip)
}
