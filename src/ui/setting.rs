//! A setting of the run's broker: its value at the view, and a field to change it there, as an operator does.

use super::field::use_value;
use super::lab::Lab;
use super::lessons;
use super::text::rules as text;
use crate::broker::Command;
use crate::profile::{Chosen, Setting, Value};
use crate::sim::Input;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The value that is typed for a setting.
///
/// # Errors
/// What is allowed.
pub(crate) fn typed(setting: &Setting, text: &str) -> Result<Value, String> {
    let value = match text.trim() {
        "true" => Some(Value::Switch(true)),
        "false" => Some(Value::Switch(false)),
        "" | "unlimited" => Some(Value::Unlimited),
        number => number.parse().ok().map(Value::Number),
    };
    let allowed = setting.allowed;
    value.filter(|value| allowed.holds(*value)).ok_or_else(|| text::allowed(setting.key, allowed))
}

/// A setting's value with its unit.
pub(crate) fn with_unit(setting: &Setting, value: Value) -> String {
    match value {
        Value::Number(number) => format!("{number} {}", setting.unit),
        other => other.to_string(),
    }
}

/// A setting's name, which may break after its parts.
pub(crate) fn setting_name(key: &str) -> Html {
    key.split_inclusive(['.', '_']).map(|part| html! { <>{ part.to_owned() }<wbr /></> }).collect()
}

/// A setting with its value here and in the standards.
pub(crate) fn setting_here(one: &Chosen) -> Html {
    html! {
        <div class="setting-here">
            <code class="break">{ setting_name(one.setting.key) }</code>
            <span>{ text::HERE }{ " " }<strong data-test="value-here">{ with_unit(one.setting, one.value) }</strong></span>
            <span class="soft">{ text::standards(&with_unit(one.setting, one.standard)) }</span>
        </div>
    }
}

/// Has the broker hold another value from the view on; one that it holds already is no step.
///
/// # Errors
/// What is allowed.
fn change(lab: &Lab, setting: &'static Setting, text: &str) -> Result<(), String> {
    let value = typed(setting, text)?;
    let present = lab.engine().run().world().broker().profile().get(setting.key);
    if present != Some(value) {
        lab.input([Input::Broker(Command::Set { key: setting.key.to_owned(), value })]);
    }
    Ok(())
}

/// A field of a setting.
#[derive(Properties, PartialEq)]
pub(crate) struct SettingProps {
    /// The store.
    pub(crate) lab: Lab,
    /// The setting with its values.
    pub(crate) one: Chosen,
    /// What stands before it.
    #[prop_or_default]
    pub(crate) before: &'static str,
    /// The name by which tests find it.
    pub(crate) test: &'static str,
}

/// The field of a setting's value. What is typed holds with Enter, or once the field is left; Escape takes it back.
#[component]
pub(crate) fn SettingField(props: &SettingProps) -> Html {
    let draft = use_value(|| None::<String>);
    let (lab, one) = (&props.lab, &props.one);
    let setting = one.setting;
    let oninput = {
        let draft = draft.setter();
        Callback::from(move |event: InputEvent| {
            draft.set(event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()));
        })
    };
    let onkeydown = {
        let (lab, draft, is_draft) = (lab.clone(), draft.setter(), draft.is_some());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
                match change(&lab, setting, &input.value()) {
                    Ok(()) => draft.set(None),
                    Err(why) => lessons::say(&lab, why),
                }
            }
            "Escape" if is_draft => {
                event.stop_propagation();
                draft.set(None);
            }
            _ => {}
        })
    };
    let onblur = {
        let (lab, draft, is_draft) = (lab.clone(), draft.setter(), draft.is_some());
        Callback::from(move |event: FocusEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>().filter(|_| is_draft) else {
                return;
            };
            if let Err(why) = change(&lab, setting, &input.value()) {
                lessons::say(&lab, why);
            }
            draft.set(None);
        })
    };
    let back = {
        let (lab, own) = (lab.clone(), one.own);
        Callback::from(move |_: MouseEvent| {
            lab.input([Input::Broker(Command::Set { key: setting.key.to_owned(), value: own })]);
        })
    };
    let text = match (&*draft, one.value) {
        (Some(text), _) => text.clone(),
        (None, Value::Unlimited) => String::new(),
        (None, value) => value.to_string(),
    };
    let is_wrong = draft.as_ref().is_some_and(|text| typed(setting, text).is_err());
    let is_changed = one.value != one.own;
    html! {
        <div class={classes!("setting-field", is_changed.then_some("changed"))}>
            <label>
                <span class="visually-hidden">{ format!("{}, {}", setting.key, setting.unit) }</span>
                if !props.before.is_empty() {
                    <span class="faint">{ props.before }</span>
                }
                <input type="text" inputmode="numeric" class="compact" size="7" autocomplete="off" value={text} placeholder={text::NO_LIMIT}
                    title={text::about(setting)} aria-invalid={is_wrong.to_string()}
                    data-test={props.test} data-key={setting.key} {oninput} {onkeydown} {onblur} />
                <span class="faint unit">{ setting.unit }</span>
            </label>
            if is_changed {
                <button type="button" class="link" onclick={back} title={text::BACK_TITLE}
                    data-test="limit-back" data-key={setting.key}>{ text::back_to(one.own) }</button>
            }
        </div>
    }
}
