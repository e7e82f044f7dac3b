//! A setting of the run's profile, to be changed: the scenario keeps it, so that it is shared by the link.

use super::lab::Lab;
use super::lessons;
use super::link;
use crate::profile::{Profile, Setting, Value};
use crate::sim::Journal;
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
    value.filter(|value| allowed.holds(*value)).ok_or_else(|| format!("{} is {allowed}.", setting.key))
}

/// Opens the present scenario with another value of a setting, at the present moment. What was done by hand was done to another run.
fn change(lab: &Lab, setting: &Setting, value: Value) -> Result<(), String> {
    let (scenario, profile, moment) = {
        let engine = lab.engine();
        let profile = engine.profile().to_owned();
        let mut scenario = lessons::present(lab);
        let own = Profile::named(&profile).and_then(|profile| profile.get(setting.key));
        if own == Some(value) {
            scenario.broker.set.remove(setting.key);
        } else {
            scenario.broker.set.insert(setting.key.into(), value);
        }
        (scenario, profile, engine.view())
    };
    lessons::start(lab, scenario, None, Some(profile), Journal::default(), Some(moment))?;
    link::address_this_run(lab);
    lessons::say(lab, format!("The run was computed again, with {} = {value}.", setting.key));
    Ok(())
}

/// The field of a setting's value; what is typed holds at once.
pub(crate) fn setting_field(lab: &Lab, key: &'static str, test: &'static str) -> Html {
    let Some(setting) = Profile::setting(key) else { return html! {} };
    let (value, own) = {
        let engine = lab.engine();
        let run = engine.run();
        let value = run.trace().header().profile.get(key);
        (value, Profile::named(engine.profile()).and_then(|profile| profile.get(key)))
    };
    let onchange = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let done = typed(setting, &input.value()).and_then(|value| change(&lab, setting, value));
            if let Err(why) = done {
                lessons::say(&lab, why);
            }
        })
    };
    let text = match value {
        Some(Value::Unlimited) | None => String::new(),
        Some(value) => value.to_string(),
    };
    let is_own = value == own;
    let own = own.map(|own| own.to_string()).unwrap_or_default();
    html! {
        <label class={classes!("setting-field", (!is_own).then_some("changed"))}>
            <span class="visually-hidden">{ format!("{key}, {}", setting.unit) }</span>
            <input type="text" inputmode="numeric" class="compact" size="7" autocomplete="off" value={text} placeholder="no limit"
                title={if is_own { setting.allowed.to_string() } else { format!("Changed for this run; the profile's own is {own}") }}
                data-test={test} data-key={key} {onchange} />
            <span class="faint">{ setting.unit }</span>
        </label>
    }
}
