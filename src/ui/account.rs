//! What the account around the broker keeps: device shadows with their documents, and topic rules with how often they acted.

use super::views::{Kept, KeptRule};
use super::words;
use crate::account::ShadowView;
use yew::prelude::*;

/// The most of each kind that are shown.
const SHOWN: usize = 100;

/// The part of the broker's panel, where there is anything of it.
pub(crate) fn account_section(kept: &Kept) -> Html {
    html! {
        <>
            if !kept.shadows.is_empty() {
                <h3>{ format!("Device shadows ({})", kept.shadows.len()) }</h3>
                <ul>{ for kept.shadows.iter().take(SHOWN).map(shadow) }</ul>
            }
            if !kept.rules.is_empty() {
                <h3>{ format!("Topic rules ({})", kept.rules.len()) }</h3>
                <ul>{ for kept.rules.iter().take(SHOWN).map(rule) }</ul>
            }
        </>
    }
}

fn shadow(shadow: &ShadowView) -> Html {
    let called = match &shadow.name {
        Some(name) => format!("{} / {name}", shadow.thing),
        None => shadow.thing.clone(),
    };
    html! {
        <li key={called.clone()} class="kept" data-test="shadow" data-thing={shadow.thing.clone()}>
            <details class="grow">
                <summary>
                    { called }
                    <span class="faint number">{ format!(" version {}", shadow.version) }</span>
                </summary>
                <pre class="mono document">{ words::indented(&shadow.document) }</pre>
            </details>
        </li>
    }
}

fn rule(rule: &KeptRule) -> Html {
    let counts = rule.counts;
    let done = if rule.is_enabled {
        format!(
            "{} matched, {} passed, {} published, {} failed",
            counts.matched, counts.passed, counts.republished, counts.failed
        )
    } else {
        "disabled".to_owned()
    };
    html! {
        <li key={rule.name.clone()} class="kept" data-test="topic-rule" data-rule={rule.name.clone()}>
            <span class="clip">{ rule.name.clone() }</span>
            <span class="grow faint number">{ done }</span>
            <code class="mono document">{ rule.sql.clone() }</code>
        </li>
    }
}
