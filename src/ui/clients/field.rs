//! Small form fields: a label, an input, and what is wrong with it.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A line of text with its label.
#[derive(Properties, PartialEq)]
pub(super) struct TextFieldProps {
    /// What it is.
    pub(super) label: AttrValue,
    /// What it holds.
    pub(super) value: AttrValue,
    /// What to call with what is typed.
    pub(super) oninput: Callback<String>,
    /// What is wrong with it.
    #[prop_or_default]
    pub(super) error: Option<AttrValue>,
    /// An example.
    #[prop_or_default]
    pub(super) placeholder: &'static str,
    /// What kind of keyboard a phone shows.
    #[prop_or("text")]
    pub(super) mode: &'static str,
    /// The name by which tests find it.
    #[prop_or_default]
    pub(super) test: Option<&'static str>,
}

/// A line of text.
#[component]
pub(super) fn TextField(props: &TextFieldProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| {
        event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
    });
    html! {
        <label class="field">
            <span>{ props.label.clone() }</span>
            <input type="text" inputmode={props.mode} value={props.value.clone()} placeholder={props.placeholder} autocomplete="off"
                autocapitalize="off" spellcheck="false" aria-invalid={props.error.is_some().to_string()} data-test={props.test} {oninput} />
            if let Some(error) = &props.error {
                <span class="error" role="alert">{ error.clone() }</span>
            }
        </label>
    }
}

/// A switch with its label.
#[derive(Properties, PartialEq)]
pub(super) struct CheckFieldProps {
    /// What it is.
    pub(super) label: AttrValue,
    /// Whether it is on.
    pub(super) value: bool,
    /// What to call when it changes.
    pub(super) onchange: Callback<bool>,
    /// The name by which tests find it.
    #[prop_or_default]
    pub(super) test: Option<&'static str>,
}

/// A switch.
#[component]
pub(super) fn CheckField(props: &CheckFieldProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| {
        event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
    });
    html! {
        <label class="check">
            <input type="checkbox" checked={props.value} data-test={props.test} {onchange} />
            <span>{ props.label.clone() }</span>
        </label>
    }
}

/// A choice of a few.
#[derive(Properties, PartialEq)]
pub(super) struct ChoiceProps {
    /// What it is.
    pub(super) label: AttrValue,
    /// What there is to choose.
    pub(super) choices: &'static [&'static str],
    /// The index of the one that is chosen.
    pub(super) value: usize,
    /// What to call with another index.
    pub(super) onchange: Callback<usize>,
    /// The name by which tests find it.
    #[prop_or_default]
    pub(super) test: Option<&'static str>,
}

/// A choice.
#[component]
pub(super) fn Choice(props: &ChoiceProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        select.and_then(|select| usize::try_from(select.selected_index()).ok()).unwrap_or(0)
    });
    html! {
        <label class="field field-short">
            <span>{ props.label.clone() }</span>
            <select data-test={props.test} {onchange}>
                { for props.choices.iter().enumerate().map(|(i, choice)| html! {
                    <option key={i} selected={i == props.value}>{ *choice }</option>
                }) }
            </select>
        </label>
    }
}

/// The three qualities of service.
pub(super) const QOS: &[&str] = &["QoS 0", "QoS 1", "QoS 2"];

/// Reads a number within bounds; an empty text is `None`.
pub(super) fn number(text: &str, most: u64) -> Result<Option<u64>, AttrValue> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u64>() {
        Ok(number) if number <= most => Ok(Some(number)),
        _ => Err(AttrValue::from(format!("A whole number from 0 to {most}"))),
    }
}
