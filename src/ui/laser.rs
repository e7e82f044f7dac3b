//! A laser pointer: a soft dot in the pointer's place, with a short trail.

use super::browser::{self, set_css};
use super::lab::Lab;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// How many dots there are: the first is the laser's, the others follow it, each a little later, by their style.
const DOTS: usize = 7;

/// Turns it on or off.
pub(crate) fn toggle(lab: &Lab) {
    lab.change(|screen| screen.laser = !screen.laser);
}

fn root() -> Option<Element> {
    browser::document()?.document_element()
}

/// The dots, which follow the pointer for as long as they are there.
#[component]
pub(crate) fn Laser() -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let follow = Closure::<dyn FnMut(PointerEvent)>::new(move |event: PointerEvent| {
                let Some(dots) = node.cast::<Element>() else { return };
                let place = format!("translate({}px, {}px)", event.client_x(), event.client_y());
                let mut dot = dots.first_element_child();
                while let Some(one) = dot {
                    set_css(&one, "transform", &place);
                    dot = one.next_element_sibling();
                }
                let _ = dots.class_list().add_1("shown");
            });
            let hide = |on: bool| root().map(|root| root.class_list().toggle_with_force("laser", on));
            if let Some(document) = browser::document() {
                let call = follow.as_ref().unchecked_ref();
                let _ = document.add_event_listener_with_callback("pointermove", call);
            }
            // The dot stands in the pointer's place.
            let _ = hide(true);
            move || {
                if let Some(document) = browser::document() {
                    let call = follow.as_ref().unchecked_ref();
                    let _ = document.remove_event_listener_with_callback("pointermove", call);
                }
                let _ = hide(false);
            }
        }
    });
    html! {
        <div class="laser-dots" ref={node} aria-hidden="true" data-test="laser">
            { for (0..DOTS).map(|key| html! { <span {key}></span> }) }
        </div>
    }
}
