//! One more client like another one, or a hundred.

use super::joining::{free_names, joining, like};
use crate::ui::access::lets_all;
use crate::ui::field::{TextField, check_field, set, use_value};
use crate::ui::form::{Place, Values, fields};
use crate::ui::icons::icon;
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::text::clients as text;
use crate::ui::text::forms::MANY;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct CloneProps {
    pub(super) lab: Lab,
    /// Whom to clone.
    pub(super) client: String,
}

/// The form, folded.
#[component]
pub(super) fn CloneForm(props: &CloneProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let typed = use_value(String::new);
    let subscribes = use_value(|| true);
    let many = use_value(|| Values::new(MANY).with("stagger", "0ms"));
    let engine = lab.engine();
    let suggested = {
        let names = (2..).map(|n| format!("{}-{n}", props.client));
        names.into_iter().find(|name| !engine.has_client(name)).unwrap_or_default()
    };
    let pattern = if typed.is_empty() { suggested.clone() } else { (*typed).clone() };
    let names = free_names(&engine, &pattern);
    drop(engine);
    let count = names.as_ref().map_or(0, Vec::len);
    let disabled = count == 0 || !many.is_right();
    let onsubmit = {
        let (lab, client, names) = (lab.clone(), props.client.clone(), names.clone().unwrap_or_default());
        let (stagger, subscribes, typed) =
            (many.span("stagger").unwrap_or_default(), *subscribes, typed.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let inputs = {
                let engine = lab.engine();
                let all =
                    names.iter().filter_map(|(name, _)| like(&engine, &client, name, subscribes)).collect();
                let open = lets_all(&engine.run().world().broker().access().policies.documents);
                joining(all, stagger, open)
            };
            if !disabled {
                lab.input(inputs);
                typed.set(String::new());
            }
        })
    };
    let place = Place { prefix: "clone-", topics: "", v5: true };
    html! {
        <details>
            <summary data-test="clone">{ text::CLONE }</summary>
            <form {onsubmit}>
                <p class="soft">{ text::CLONE_ABOUT }</p>
                { TextField::new(text::CLONE_NAMES, &typed, set(&typed)).placeholder_of(suggested).error(names.err()).html("clone-names") }
                { check_field(text::CLONE_SUBSCRIBES, *subscribes, "clone-subscribes", &set(&subscribes)) }
                if count > 1 {
                    { fields(&many, MANY.iter().filter(|field| field.key == "stagger"), place, &set(&many)) }
                }
                <button type="submit" {disabled} data-test="clone-go">{ icon("plus") }{ text::add(count) }</button>
            </form>
        </details>
    }
}
