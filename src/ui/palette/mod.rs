//! The palette of commands: a field that finds whatever the page can do or show by a few letters of its name.

mod offers;

use super::browser;
use super::commands::key_name;
use super::dialog::Dialog;
use super::field::use_value;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::text::palette as text;
use offers::{find, run};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// The elements of the field and its list.
const FIELD: &str = "palette-field";
const LIST: &str = "palette-list";

/// Opens it; a second time closes it.
pub(crate) fn open(lab: &Lab) {
    lab.change(|screen| screen.palette = !screen.palette);
}

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

/// Brings an option into its list's sight.
fn show(at: usize) {
    let element = |id: &str| browser::document()?.get_element_by_id(id)?.dyn_into::<HtmlElement>().ok();
    let (Some(list), Some(option)) = (element(LIST), element(&option_id(at))) else { return };
    let (top, end) = (option.offset_top(), option.offset_top() + option.offset_height());
    let room = list.client_height();
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if end > list.scroll_top() + room {
        list.set_scroll_top(end - room);
    }
}

/// The dialog.
#[component]
pub(crate) fn Palette(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let typed = use_value(String::new);
    let active = use_value(|| 0usize);
    use_effect_with((), |()| browser::show_element(FIELD));
    use_effect_with(*active, |active| show(*active));
    let found = find(&lab, &typed);
    let at = (*active).min(found.len().saturating_sub(1));
    let onclose = lab.changes::<()>(|screen| screen.palette = false);
    let oninput = {
        let (typed, active) = (typed.setter(), active.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
                active.set(0);
            }
        })
    };
    let onkeydown = {
        let (lab, active, count) = (lab.clone(), active.setter(), found.len());
        let chosen = found.get(at).map(|one| (one.offer.clone(), one.title.clone()));
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowDown" => at + 1,
                "ArrowUp" => at + count.max(1) - 1,
                "PageDown" => (at + 8).min(count.saturating_sub(1)),
                "PageUp" => at.saturating_sub(8),
                "Enter" => {
                    event.prevent_default();
                    if let Some((offer, title)) = &chosen {
                        run(&lab, offer, title);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            active.set(to % count.max(1));
        })
    };
    let active_id = (!found.is_empty()).then(|| option_id(at));
    html! {
        <Dialog title={text::TITLE} test="palette" {onclose}>
            <input id={FIELD} type="text" role="combobox" aria-expanded="true" aria-autocomplete="list" aria-controls={LIST}
                aria-activedescendant={active_id} aria-label={text::FIELD} placeholder={text::HINT} autocomplete="off" autocapitalize="off"
                spellcheck="false" value={(*typed).clone()} {oninput} {onkeydown} data-test="palette-field" />
            <ul id={LIST} class="offers" role="listbox" aria-label={text::TITLE}>
                { for found.iter().enumerate().map(|(i, one)| {
                    let (lab, offer, title) = (lab.clone(), one.offer.clone(), one.title.clone());
                    let onclick = Callback::from(move |_: MouseEvent| run(&lab, &offer, &title));
                    html! {
                        <li key={one.title.clone()} id={option_id(i)} role="option" aria-selected={(i == at).to_string()} {onclick} data-test="offer">
                            <span class="grow break">{ one.title.clone() }</span>
                            if one.is_recent && typed.is_empty() {
                                <span class="faint">{ text::RECENT }</span>
                            }
                            { for one.offer.keys().iter().copied().map(|key| html! { <kbd {key}>{ key_name(key) }</kbd> }) }
                        </li>
                    }
                }) }
            </ul>
            if found.is_empty() {
                <p class="soft" data-test="palette-nothing">{ text::NOTHING }</p>
            }
            <p class="visually-hidden" role="status">{ text::found(found.len()) }</p>
        </Dialog>
    }
}
