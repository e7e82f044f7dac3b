//! Small form fields: a label, an input, and what is wrong with it. Functions, not components: they keep no state.

use super::text::forms;
use crate::wire::QoS;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// A line of text with its label.
pub(crate) struct TextField {
    label: &'static str,
    value: String,
    oninput: Callback<String>,
    error: Option<String>,
    placeholder: AttrValue,
    mode: &'static str,
    kind: &'static str,
}

impl TextField {
    /// A field that holds a value and tells what is typed.
    pub(crate) fn new(label: &'static str, value: &str, oninput: Callback<String>) -> Self {
        Self {
            label,
            value: value.to_owned(),
            oninput,
            error: None,
            placeholder: AttrValue::Static(""),
            mode: "text",
            kind: "text",
        }
    }

    /// With what is wrong in it.
    #[must_use]
    pub(crate) fn error(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    /// With an example.
    #[must_use]
    pub(crate) fn placeholder(self, placeholder: &'static str) -> Self {
        Self { placeholder: AttrValue::Static(placeholder), ..self }
    }

    /// With what it is where nothing is typed.
    #[must_use]
    pub(crate) fn placeholder_of(self, placeholder: String) -> Self {
        Self { placeholder: placeholder.into(), ..self }
    }

    /// For a password, whose letters are dots unless they are to be shown.
    #[must_use]
    pub(crate) fn password(self, shown: bool) -> Self {
        Self { kind: if shown { "text" } else { "password" }, ..self }
    }

    /// For a number up to `most`: a phone shows digits, and what is no such number is marked.
    #[must_use]
    pub(crate) fn number(self, most: u64) -> Self {
        let error = number(&self.value, most).err();
        Self { mode: "numeric", error, ..self }
    }

    /// The element; `test` is the name by which tests find it.
    pub(crate) fn html(self, test: &'static str) -> Html {
        let oninput = self.oninput.reform(|event: InputEvent| {
            event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
        });
        let wrong = self.error.is_some().to_string();
        let (label, description) = said(self.label, &self.error);
        html! {
            <label class="field">
                <span>{ self.label }</span>
                <input type={self.kind} inputmode={self.mode} value={self.value} placeholder={self.placeholder} autocomplete="off"
                    autocapitalize="off" spellcheck="false" aria-invalid={wrong} aria-label={label} aria-description={description}
                    data-test={test} {oninput} />
                if let Some(error) = self.error {
                    <span class="error" role="alert">{ error }</span>
                }
            </label>
        }
    }
}

/// What screen readers say of a field in which something is wrong: its label alone as its name, and what is wrong as its description.
/// Both would be its name else, since the error stands in the label's element; and many fields of one kind have no ids of their own.
pub(crate) fn said(label: &'static str, error: &Option<String>) -> (Option<&'static str>, Option<String>) {
    (error.is_some().then_some(label), error.clone())
}

/// Lines of text with their label, and what is wrong in them.
pub(crate) struct Lines<'a> {
    /// The label.
    pub(crate) label: &'static str,
    /// The text.
    pub(crate) value: &'a str,
    /// How many lines are to be seen at first.
    pub(crate) rows: u32,
    /// What is wrong.
    pub(crate) error: Option<String>,
}

impl Lines<'_> {
    /// The element; `test` is the name by which tests find it, `oninput` hears what is typed.
    pub(crate) fn html(self, test: &'static str, oninput: &Callback<String>) -> Html {
        let oninput = oninput.reform(|event: InputEvent| {
            event.target_dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
        });
        let (label, description) = said(self.label, &self.error);
        html! {
            <label class="field">
                <span>{ self.label }</span>
                <textarea rows={self.rows.to_string()} class="mono" wrap="off" autocomplete="off" autocapitalize="off" spellcheck="false"
                    aria-invalid={self.error.is_some().to_string()} aria-label={label} aria-description={description}
                    value={self.value.to_owned()} data-test={test} {oninput} />
                if let Some(error) = self.error {
                    <span class="error" role="alert">{ error }</span>
                }
            </label>
        }
    }
}

/// Eight lines of text with their label, and what is wrong in them.
pub(crate) fn lines_field(
    label: &'static str,
    value: &str,
    error: Option<String>,
    test: &'static str,
    oninput: &Callback<String>,
) -> Html {
    Lines { label, value, rows: 8, error }.html(test, oninput)
}

/// A switch with its label.
pub(crate) fn check_field(label: &str, value: bool, test: &'static str, onchange: &Callback<bool>) -> Html {
    let onchange = onchange.reform(|event: Event| {
        event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
    });
    html! {
        <label class="check">
            <input type="checkbox" checked={value} data-test={test} {onchange} />
            <span>{ label.to_owned() }</span>
        </label>
    }
}

/// A choice of a few, by index.
pub(crate) fn choice(
    label: &'static str,
    choices: &[&'static str],
    value: usize,
    test: &'static str,
    onchange: &Callback<usize>,
) -> Html {
    let onchange = onchange.reform(|event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        select.and_then(|select| usize::try_from(select.selected_index()).ok()).unwrap_or(0)
    });
    html! {
        <label class="field field-short">
            <span>{ label }</span>
            <select data-test={test} {onchange}>
                { for choices.iter().enumerate().map(|(i, choice)| html! { <option key={i} selected={i == value}>{ *choice }</option> }) }
            </select>
        </label>
    }
}

/// The level of an index of their list.
pub(crate) fn qos(index: usize) -> QoS {
    u8::try_from(index).ok().and_then(QoS::from_number).unwrap_or_default()
}

/// Reads a number within bounds; an empty text is `None`.
///
/// # Errors
/// What is allowed.
pub(crate) fn number(text: &str, most: u64) -> Result<Option<u64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u64>() {
        Ok(number) if number <= most => Ok(Some(number)),
        _ => Err(forms::whole(0, most)),
    }
}

/// A state that is changed by other values. Its code is compiled for each type: `use_state_eq` takes a closure, and is for each of those.
#[hook]
pub(crate) fn use_value<T: PartialEq + 'static>(first: fn() -> T) -> UseStateHandle<T> {
    use_state_eq(first)
}

/// A callback that sets a state.
pub(crate) fn set<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.setter();
    Callback::from(move |value: T| state.set(value))
}

/// A callback that changes one field of a form's draft.
pub(crate) fn changed<D: Clone + 'static, T: 'static>(
    draft: &D,
    onchange: &Callback<D>,
    set: fn(&mut D, T),
) -> Callback<T> {
    let (draft, onchange) = (draft.clone(), onchange.clone());
    Callback::from(move |value: T| {
        let mut draft = draft.clone();
        set(&mut draft, value);
        onchange.emit(draft);
    })
}

/// Prose of the catalogue or the settings, in which names stand between backticks.
pub(crate) fn prose(text: &'static str) -> Html {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| {
            if at % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                part.into()
            }
        })
        .collect()
}
