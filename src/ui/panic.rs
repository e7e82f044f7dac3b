//! A panic is a defect of this program, never of the user's input; it still must not lose the run.

use super::lab::Lab;
use super::{browser, link};
use std::cell::RefCell;
use std::panic::PanicHookInfo;

thread_local! {
    // A hook must be `Send`, a handle on the lab is not; the page has one thread.
    static LAB: RefCell<Option<Lab>> = const { RefCell::new(None) };
    // The last link, for a panic in the middle of a computation, when the run cannot be asked.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The journal's length up to which a link is made anew at each input; a longer one hardly fits into a link.
const LONG: usize = 200;

/// Keeps a link to the present moment.
pub(crate) fn remember(lab: &Lab) {
    let entries = lab.engine().run().journal().entries().len();
    if entries <= LONG
        && let Ok(link) = link::in_short(lab)
    {
        LAST.with(|last| *last.borrow_mut() = Some(link));
    }
}

/// Paints a panel in place of the page when the program panics, with a link that holds the run.
pub(crate) fn install(lab: &Lab) {
    LAB.with(|slot| *slot.borrow_mut() = Some(lab.clone()));
    yew::set_custom_panic_hook(Box::new(paint));
}

fn paint(info: &PanicHookInfo<'_>) {
    let Some(document) = browser::document() else { return };
    let (Some(body), Ok(panel)) = (document.body(), document.create_element("section")) else { return };
    panel.set_class_name("panic panel");
    let _ = panel.set_attribute("role", "alert");
    let add = |name: &str, text: &str| {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(text));
        panel.append_child(&element).ok()?;
        Some(element)
    };
    add("h2", "Glassbroker stopped");
    add(
        "p",
        "This is a defect of Glassbroker, not of anything that you did. Nothing is lost: the link holds the run.",
    );
    let hash =
        LAB.with(|slot| slot.try_borrow().ok().and_then(|lab| lab.as_ref().and_then(link::when_broken)));
    let hash = hash.or_else(|| LAST.with(|last| last.try_borrow().ok().and_then(|last| last.clone())));
    if let (Some(hash), Some(link)) = (hash, add("a", "Open the run again")) {
        let _ = link.set_attribute("href", &format!("{}#{hash}", browser::address()));
        // The hash alone would not load the page again.
        let _ = link.set_attribute("target", "_blank");
    }
    add("pre", &info.to_string());
    let _ = body.append_child(&panel);
    // What lies behind answers no more.
    if let Some(lab) = document.get_element_by_id("lab") {
        let _ = lab.set_attribute("inert", "");
    }
}
