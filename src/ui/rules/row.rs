//! A rule's row: what it says, how it is known, and its settings here and in the standards.

use super::draft::Draft;
use super::id_of;
use crate::profile::{Allowed, Chosen, Value};
use crate::rules::Rule;
use crate::ui::field::{TextField, check_field, prose};
use crate::ui::inspector::rule_body;
use crate::ui::setting::{setting_here, with_unit};
use crate::ui::text::rules as text;
use yew::prelude::*;

/// The row; `set` hears of each change.
pub(super) fn row(
    rule: &Rule,
    settings: &[Chosen],
    draft: &Draft,
    is_here: bool,
    set: &Callback<Draft>,
) -> Html {
    html! {
        <article key={rule.id.id} id={id_of(rule.id.id)} class="departure" tabindex="-1" aria-current={is_here.then_some("true")}
            data-test="departure" data-rule={rule.id.id} data-known={rule.certainty.name()}>
            <h3><code class="break">{ rule.id.id }</code>{ known(rule.certainty.name()) }</h3>
            { rule_body(rule) }
            <ul>{ for settings.iter().map(|one| setting(one, rule.certainty.is_open(), draft, set)) }</ul>
        </article>
    }
}

/// How a rule is known: the word, and a colour that says the same.
pub(crate) fn known(name: &'static str) -> Html {
    html! { <span class={format!("tag known-{name}")}>{ name }</span> }
}

fn setting(one: &Chosen, is_open: bool, draft: &Draft, set: &Callback<Draft>) -> Html {
    let (key, own) = (one.setting.key, one.own);
    let (value, written) = (draft.value(one), draft.text(one));
    let change = {
        let (draft, set) = (draft.clone(), set.clone());
        Callback::from(move |text: String| set.emit(draft.with(key, text)))
    };
    let is_own = value == Ok(own);
    let back = change.reform(move |_: MouseEvent| own.to_string());
    html! {
        <li key={key} class="departure-setting" data-test="departure-setting" data-key={key}>
            { setting_here(one) }
            <p class="soft">{ prose(one.setting.about) }</p>
            if is_open {
                if one.setting.allowed == Allowed::Switch {
                    { check_field(key, value == Ok(Value::Switch(true)), "set-switch",
                        &change.reform(|on: bool| on.to_string())) }
                } else {
                    { TextField::new(key, &written, change).error(value.err()).html("set-number") }
                }
            }
            if !is_own {
                <p class="departure-changed">
                    <strong>{ text::CHANGED }</strong>
                    <button type="button" class="link" onclick={back} data-test="set-back">
                        { text::back_to_own(&with_unit(one.setting, own)) }
                    </button>
                </p>
            }
        </li>
    }
}
