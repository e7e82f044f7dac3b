//! The lab: the page on which one sees a run and takes part in it.
//!
//! The engine lives outside of Yew's hooks, in [`lab`]; [`frame`] owns `requestAnimationFrame`; components read and draw.

mod access;
mod account;
mod app;
mod autosave;
mod backlog;
mod bill;
mod branches;
mod broker;
mod browser;
mod canvas;
mod changes;
mod client_choice;
mod clients;
mod code;
mod commands;
mod computing;
mod dialog;
mod engine;
mod faults;
mod field;
mod files;
mod flow;
mod form;
mod frame;
mod header;
mod help;
mod icons;
mod inspector;
mod jump;
mod kept;
mod keys;
mod lab;
mod laser;
mod later;
mod ledger;
mod lessons;
mod link;
mod list_tabs;
mod live;
mod marks;
mod narration;
mod operations;
mod palette;
mod panic;
mod payload;
mod quotas;
mod recalled;
mod rows;
mod rules;
mod screen;
mod setting;
mod sides;
mod table;
mod tabs;
mod talk;
mod teacher;
mod test_client;
mod text;
mod theme;
mod timeline;
mod tips;
mod topics;
mod transport;
mod undo;
mod views;
mod virtual_list;
mod why;
mod wills;

use lab::Lab;
use text::words;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, KeyboardEvent};

/// Mounts the lab into the element `#lab` of the page.
pub fn mount() {
    let Some(document) = browser::document() else { return };
    let Some(root) = document.get_element_by_id("lab") else { return };
    let theme = theme::apply();
    let lab = match engine::Engine::new() {
        Ok(engine) => Lab::new(engine),
        Err(why) => {
            root.set_text_content(Some(&why));
            return;
        }
    };
    lab.change_quietly(|screen| screen.theme = theme);
    transport::remembered(&lab);
    panic::install(&lab);
    live::install(&lab);
    files::install(&lab);
    tips::install(&lab);
    if !autosave::restore(&lab) {
        link::open(&lab);
    }
    autosave::install(&lab);
    listen(&lab);
    frame::start(&lab);
    later::install(&lab);
    yew::Renderer::<app::App>::with_root_and_props(root, lab::LabProps { lab }).render();
}

/// The page's own events: keys that no field wants, another link in the address bar, a page that is shown again, another size or theme.
fn listen(lab: &Lab) {
    let (Some(window), Some(document)) = (browser::window(), browser::document()) else { return };
    let pointed = keys::Pointed::default();
    let down = {
        let pointed = pointed.clone();
        Closure::<dyn FnMut(Event)>::new(move |event: Event| pointed.down(&event))
    };
    let keys = {
        let lab = lab.clone();
        Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if keys::press(&lab, &pointed, &event) {
                event.prevent_default();
            }
        })
    };
    let hash = {
        let lab = lab.clone();
        Closure::<dyn FnMut()>::new(move || link::open(&lab))
    };
    let shown = {
        let lab = lab.clone();
        Closure::<dyn FnMut()>::new(move || lab.touch())
    };
    // They live as long as the page.
    let _ = document.add_event_listener_with_callback_and_bool(
        "pointerdown",
        down.as_ref().unchecked_ref(),
        true,
    );
    let _ = document.add_event_listener_with_callback("keydown", keys.as_ref().unchecked_ref());
    let _ = window.add_event_listener_with_callback("hashchange", hash.as_ref().unchecked_ref());
    let _ = document.add_event_listener_with_callback("visibilitychange", shown.as_ref().unchecked_ref());
    let _ = window.add_event_listener_with_callback("resize", shown.as_ref().unchecked_ref());
    // A canvas keeps the colours in which it was painted.
    if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
        let _ = dark.add_event_listener_with_callback("change", shown.as_ref().unchecked_ref());
        // A list that nothing holds may go, with its listeners.
        std::mem::forget(dark);
    }
    down.forget();
    keys.forget();
    hash.forget();
    shown.forget();
}
