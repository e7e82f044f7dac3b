//! A panic is a defect of this program, never of the user's input; it still must not lose the run.

use super::lab::Lab;
use super::text::kept as text;
use super::{autosave, browser, link};
use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;

thread_local! {
    // A hook must be `Send`, a handle on the lab is not; the page has one thread.
    static LAB: RefCell<Option<Lab>> = const { RefCell::new(None) };
    // The last link, for a panic in the middle of a computation, when the run cannot be asked.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static BROKEN: Cell<bool> = const { Cell::new(false) };
}

/// The journal's length up to which a link is made anew at each input; a longer one hardly fits into a link.
const LONG: usize = 200;

/// Keeps the present moment: in a link where it fits, and for this tab.
pub(crate) fn remember(lab: &Lab) {
    let entries = lab.engine().run().journal().entries().len();
    let link = if entries <= LONG { link::in_short(lab).ok() } else { None };
    let link = link.filter(|link| link.is_whole).map(|link| link.hash);
    LAST.with(|last| *last.borrow_mut() = link);
    autosave::soon(lab);
}

/// Whether the program is in pieces.
pub(crate) fn is_broken() -> bool {
    BROKEN.get()
}

/// Paints a panel in place of the page when the program panics, with a link that holds the run.
pub(crate) fn install(lab: &Lab) {
    LAB.with(|slot| *slot.borrow_mut() = Some(lab.clone()));
    yew::set_custom_panic_hook(Box::new(paint));
}

/// What of the lab can still be read, if anything.
fn of_lab<T>(read: impl FnOnce(&Lab) -> Option<T>) -> Option<T> {
    LAB.with(|slot| slot.try_borrow().ok().and_then(|lab| lab.as_ref().and_then(read)))
}

/// The run as the address of a file that the browser holds, where it is too long for a link.
fn file() -> Option<String> {
    let now = of_lab(|lab| if lab.is_borrowed() { None } else { lab.saved().to_json().ok() });
    browser::file_address(&js_sys::Array::of1(&now.or_else(autosave::kept_run)?.into()))
}

fn paint(info: &PanicHookInfo<'_>) {
    BROKEN.set(true);
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
    let link = of_lab(link::when_broken).or_else(|| LAST.with(|last| last.try_borrow().ok()?.clone()));
    let file = if link.is_none() { file() } else { None };
    add("h2", text::STOPPED);
    add(
        "p",
        if link.is_some() {
            text::IN_LINK
        } else if file.is_some() {
            text::IN_FILE
        } else {
            text::LOST
        },
    );
    if let Some(hash) = link
        && let Some(link) = add("a", text::OPEN_AGAIN)
    {
        let _ = link.set_attribute("href", &format!("{}#{hash}", browser::address()));
        // The hash alone would not load the page again.
        let _ = link.set_attribute("target", "_blank");
    }
    if let Some(address) = file
        && let Some(link) = add("a", text::SAVE_FILE)
    {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", text::FILE_NAME);
    }
    add("pre", &info.to_string());
    let _ = body.append_child(&panel);
    // What lies behind answers no more.
    if let Some(lab) = document.get_element_by_id("lab") {
        let _ = lab.set_attribute("inert", "");
    }
}
