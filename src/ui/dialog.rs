//! A box over the page. The browser's own dialog keeps the keyboard inside, and gives it back at the end to who had it.

use super::icons::IconButton;
use super::text::common;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};
use yew::prelude::*;

/// What a dialog shows.
#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// Its head, and its name for screen readers.
    pub(crate) title: AttrValue,
    /// The name by which tests find it.
    pub(crate) test: &'static str,
    /// It is to be closed: by its button, by Escape, or by a click beside it.
    pub(crate) onclose: Callback<()>,
    /// What is in it.
    pub(crate) children: Html,
}

/// The dialog, open for as long as it is there.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        }
    });
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onclick = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: MouseEvent| {
            // What lies beside it counts as the dialog itself; everything in it is in the box.
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| target.tag_name() == "DIALOG") {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog class="dialog panel" ref={node} aria-label={props.title.clone()} data-test={props.test} {oncancel} {onclick}>
            <div class="panel-head">
                <h2 class="break">{ props.title.clone() }</h2>
                <span class="grow"></span>
                { IconButton::new("close", common::CLOSE, "Esc", props.onclose.clone()).html("close-dialog") }
            </div>
            // What may be taller than the page is scrolled by the keyboard too.
            <div class="dialog-body" tabindex="0">{ props.children.clone() }</div>
        </dialog>
    }
}
