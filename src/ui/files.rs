//! Scenarios and runs in files: opening one, with the button or dropped onto the page, and saving the present one.

use super::dialog::Dialog;
use super::icons::IconButton;
use super::lab::Lab;
use super::text::files as text;
use super::{browser, lessons, link};
use crate::scenario::{MAX_DOCUMENT_BYTES, SavedRun, parse_file};
use crate::sorted::in_order;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

/// The longest name of a file that is made of a title, in characters.
const LONGEST_NAME: usize = 40;

/// A file that could not be opened.
#[derive(Clone, PartialEq)]
pub(crate) struct Refused {
    /// Its name.
    name: String,
    /// What is wrong with it, each with its place.
    problems: Vec<String>,
}

/// The buttons.
pub(crate) fn file_buttons(lab: &Lab) -> Html {
    let choose = Callback::from(|()| choose());
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                read(&lab, file);
            }
            // So that the same file, changed meanwhile, can be chosen again.
            input.set_value("");
        })
    };
    let save = {
        let lab = lab.clone();
        Callback::from(move |()| save(&lab))
    };
    html! {
        <>
            { IconButton::new("open", text::OPEN, "", choose).html("open") }
            <input id="open-file" type="file" accept=".json,application/json" hidden=true data-test="open-file" {onchange} />
            { IconButton::new("save", text::SAVE, "", save).html("save") }
        </>
    }
}

/// Has the user choose a file.
pub(crate) fn choose() {
    let input = browser::document().and_then(|document| document.get_element_by_id("open-file"));
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.click();
    }
}

/// What is wrong with the file that was opened last.
pub(crate) fn refused_file(lab: &Lab) -> Html {
    let Some(Refused { name, problems }) = lab.screen().refused.clone() else { return html! {} };
    let onclose = lab.changes(|screen| screen.refused = None);
    html! {
        <Dialog title={text::refused(&name)} test="refused" {onclose}>
            <ul class="problems">
                { for problems.iter().enumerate().map(|(key, text)| html! { <li {key} class="mono break">{ text.clone() }</li> }) }
            </ul>
            <p class="soft">{ text::PLACES }</p>
        </Dialog>
    }
}

/// Takes files that are dropped onto the page.
pub(crate) fn install(lab: &Lab) {
    let Some(document) = browser::document() else { return };
    if let Some(root) = document.get_element_by_id("lab") {
        let _ = root.set_attribute("data-drop", text::DROP);
    }
    let lab = lab.clone();
    let closure = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        let Some(transfer) = event.data_transfer() else { return };
        if !transfer.types().includes(&"Files".into(), 0) {
            return;
        }
        // Else the browser would leave the page for the file.
        event.prevent_default();
        let kind = event.type_();
        let over = kind == "dragover" || kind == "dragleave" && event.related_target().is_some();
        if let Some(root) = browser::document().and_then(|document| document.document_element()) {
            let _ = root.class_list().toggle_with_force("dropping", over);
        }
        if kind == "drop"
            && let Some(file) = transfer.files().and_then(|files| files.get(0))
        {
            read(&lab, file);
        }
    });
    for name in ["dragover", "dragleave", "drop"] {
        let _ = document.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    // It lives as long as the page.
    closure.forget();
}

/// Reads a file and opens what is in it.
fn read(lab: &Lab, file: File) {
    let (lab, name) = (lab.clone(), file.name());
    if file.size() > MAX_DOCUMENT_BYTES as f64 {
        refuse(&lab, name, vec![text::too_long(file.size(), MAX_DOCUMENT_BYTES)]);
        return;
    }
    spawn_local(async move {
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        match text.ok().and_then(|text| text.as_string()) {
            Some(text) => open(&lab, name, &text),
            None => refuse(&lab, name, vec![text::UNREADABLE.to_owned()]),
        }
    });
}

fn open(lab: &Lab, name: String, text: &str) {
    let file = match parse_file(text) {
        Ok(file) => file,
        Err(problems) => {
            let problems = in_order(problems, |problem| (problem.line as u64) << 32 | problem.column as u64);
            refuse(lab, name, problems.iter().map(ToString::to_string).collect());
            return;
        }
    };
    let done = file.done();
    let SavedRun { scenario, markers, code, .. } = file;
    if let Err(why) = lessons::start(lab, scenario, None, None, done, None) {
        refuse(lab, name, vec![why]);
        return;
    }
    lab.change(|screen| {
        (screen.refused, screen.markers) = (None, markers);
        screen.code.bring(code);
    });
    // The address leads to it where it fits, so that the page can be loaded again, and no longer to another run.
    let link = link::in_short(lab).map(|link| link.hash);
    browser::set_hash(&link.unwrap_or_default());
}

fn refuse(lab: &Lab, name: String, problems: Vec<String>) {
    lab.change(|screen| screen.refused = Some(Refused { name, problems }));
}

/// Saves the run as a file.
pub(crate) fn save(lab: &Lab) {
    let (name, text) = {
        let engine = lab.engine();
        (file_name(engine.lesson().unwrap_or(engine.title())), lab.saved().to_file())
    };
    match text {
        Ok(text) => download(lab, &name, &text),
        Err(problems) => {
            let first = problems.first().map(ToString::to_string);
            lessons::say(lab, text::unsaved(&first.unwrap_or_default()));
        }
    }
}

/// Saves a text as a file, and says so.
pub(crate) fn download(lab: &Lab, name: &str, text: &str) {
    let said = if browser::download(name, text) { text::saved(name) } else { text::NOT_SAVED.to_owned() };
    lessons::say(lab, said);
}

/// A file's name of letters and digits that every system takes.
fn file_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let name: String = name.chars().take(LONGEST_NAME).collect();
    format!("{}.json", if name.is_empty() { "scenario" } else { &name })
}
