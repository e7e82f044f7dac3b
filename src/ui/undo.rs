//! Undo and redo, told in words.

use super::engine::Done;
use super::icons::IconButton;
use super::lab::Lab;
use super::text::commands;
use super::text::time as text;
use super::{lessons, link, panic, timeline};
use yew::prelude::*;

/// Undoes what was done last.
pub(crate) fn undo(lab: &Lab) {
    again(lab, true);
}

/// Does again what was undone last.
pub(crate) fn redo(lab: &Lab) {
    again(lab, false);
}

fn again(lab: &Lab, undoes: bool) {
    let markers = lab.screen().markers.clone();
    let (events, done) = lab.act(|engine| {
        let done = if undoes { engine.undo(markers) } else { engine.redo(markers) };
        (engine.run().trace().next_seq(), done)
    });
    let said = match done {
        Ok(Done::Deed(deed)) => {
            // An event that was not computed again yet cannot be shown.
            lab.change_quietly(|screen| screen.selected = screen.selected.filter(|seq| *seq < events));
            if undoes { text::undone(&deed) } else { text::redone(&deed) }
        }
        Ok(Done::Opening(markers)) => {
            lab.change_quietly(|screen| {
                screen.left_run();
                screen.playing = false;
                screen.markers = markers;
            });
            timeline::fit(lab);
            link::address_this_run(lab);
            let engine = lab.engine();
            text::opened_again(engine.title(), engine.profile())
        }
        Err(_) if undoes => text::NOTHING_TO_UNDO.to_owned(),
        Err(_) => text::NOTHING_TO_REDO.to_owned(),
    };
    panic::remember(lab);
    lessons::say(lab, said);
}

/// Both buttons.
pub(crate) fn undo_buttons(lab: &Lab) -> Html {
    let button = |what: &'static str, icon: &'static str, key: &'static str, undoes: bool| {
        let engine = lab.engine();
        let would = if undoes { engine.to_undo() } else { engine.to_redo() };
        let title = would.as_ref().map_or_else(|| what.to_owned(), |done| text::would(what, done));
        let lab = lab.clone();
        let onclick = Callback::from(move |()| again(&lab, undoes));
        let test = if undoes { "undo" } else { "redo" };
        IconButton::new(icon, title, key, onclick).disabled(would.is_none()).html(test)
    };
    html! {
        <>
            { button(text::UNDO, "undo", commands::UNDO_KEY, true) }
            { button(text::REDO, "redo", commands::REDO_KEY, false) }
        </>
    }
}
