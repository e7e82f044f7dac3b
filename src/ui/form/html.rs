//! How a form's fields look.

use super::{Field, Kind, Values, Versions};
use crate::ui::field::said;
use crate::ui::text::forms as text;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Those of the fields that have one of these keys.
pub(crate) fn only_those(of: &'static [Field], keys: &[&str]) -> Vec<&'static Field> {
    of.iter().filter(|field| keys.contains(&field.key)).collect()
}

/// Where fields stand.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// What goes before their keys in tests.
    pub(crate) prefix: &'static str,
    /// The list of topics that are suggested.
    pub(crate) topics: &'static str,
    /// Whether MQTT 5.0 is spoken.
    pub(crate) v5: bool,
}

/// The fields, each with its label, what is wrong in it, and its help; `onchange` hears of every change.
pub(crate) fn fields<'a>(
    values: &Values,
    shown: impl IntoIterator<Item = &'a Field>,
    place: Place,
    onchange: &Callback<Values>,
) -> Html {
    html! { <div class="options">{ for shown.into_iter().map(|one| field(values, one, place, onchange)) }</div> }
}

/// What an element of a form holds now.
fn typed(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        return select.selected_index().to_string();
    }
    if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        return area.value();
    }
    match target.dyn_ref::<HtmlInputElement>() {
        Some(input) if input.type_() == "checkbox" => if input.checked() { "1" } else { "" }.to_owned(),
        Some(input) => input.value(),
        None => String::new(),
    }
}

fn field(values: &Values, field: &Field, place: Place, onchange: &Callback<Values>) -> Html {
    let Place { prefix, topics, v5 } = place;
    let disabled = field.versions == Versions::Only5 && !v5;
    let value = values.get(field.key).to_owned();
    let error = if disabled { None } else { values.wrong(field) };
    let wrong = error.is_some().to_string();
    let (name, description) = said(field.label, &error);
    let test = format!("{prefix}{}", field.key);
    let change = {
        let (values, onchange, key) = (values.clone(), onchange.clone(), field.key);
        Callback::from(move |event: Event| onchange.emit(values.clone().with(key, typed(&event))))
    };
    let oninput = change.reform(|event: InputEvent| event.into());
    let (kind, mode) = match field.kind {
        Kind::Secret(_) if !values.on("password-shown") => ("password", "text"),
        Kind::Number(..) => ("text", "numeric"),
        _ => ("text", "text"),
    };
    let element = match field.kind {
        Kind::Switch => {
            html! {
                <input type="checkbox" checked={values.on(field.key)} {disabled} data-test={test} onchange={change} />
            }
        }
        Kind::Choice(choices) => {
            let chosen = values.pick(field.key);
            html! {
                <select {disabled} data-test={test} onchange={change}>
                    { for choices.iter().enumerate().map(|(i, choice)| html! {
                        <option key={i} selected={i == chosen}>{ *choice }</option>
                    }) }
                </select>
            }
        }
        Kind::Lines | Kind::Bytes(_) | Kind::Filters => {
            let rows = value.lines().count().clamp(1, 8).to_string();
            html! {
                <textarea {rows} class="mono" wrap="off" autocomplete="off" autocapitalize="off" spellcheck="false" {disabled}
                    aria-invalid={wrong} aria-label={name} aria-description={description} {value} placeholder={field.hint}
                    data-test={test} {oninput} />
            }
        }
        _ => html! {
            <input type={kind} inputmode={mode} {value} placeholder={field.hint} {disabled} autocomplete="off" autocapitalize="off"
                spellcheck="false" aria-invalid={wrong} aria-label={name} aria-description={description}
                list={(field.key == "topic").then_some(topics)} data-test={test} {oninput} />
        },
    };
    let is_switch = field.kind == Kind::Switch;
    let wide = matches!(
        field.kind,
        Kind::Lines | Kind::Bytes(_) | Kind::Filters | Kind::Topic | Kind::Filter | Kind::Switch
    );
    let label = html! { <span>{ field.label }</span> };
    html! {
        <div key={field.key} class={classes!("option", wide.then_some("option-wide"))}>
            <label class={if is_switch { "check" } else { "field" }}>
                if is_switch {
                    { element }{ label }
                } else {
                    { label }{ element }
                }
                if let Some(error) = error {
                    <span class="error" role="alert">{ error }</span>
                }
                if disabled {
                    <span class="faint">{ text::ONLY_5 }</span>
                }
            </label>
            <details class="about" data-test={format!("about-{prefix}{}", field.key)}>
                <summary aria-label={text::about(field.label)} title={text::about(field.label)}>{ "?" }</summary>
                <p class="soft">{ field.help }</p>
            </details>
        </div>
    }
}
