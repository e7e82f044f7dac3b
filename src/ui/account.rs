//! What the account around the broker keeps: device shadows with their documents, and topic rules with how often they acted.

use super::lab::Lab;
use super::marks;
use super::text::broker as text;
use super::words;
use crate::account::{RuleCounts, ShadowView};
use yew::prelude::*;

/// The most of each kind that are shown.
const SHOWN: usize = 100;

/// The part of the broker's panel, where there is anything of it.
pub(crate) fn account_section(lab: &Lab) -> Html {
    let engine = lab.engine();
    let run = engine.run();
    let account = run.world().account();
    let (shadows, rules) = (account.shadows().count(), account.rules().count());
    html! {
        <>
            if shadows > 0 {
                <h3>{ text::shadows(shadows) }</h3>
                <ul>{ for account.shadows().take(SHOWN).map(|one| shadow(&one)) }</ul>
                { marks::more(shadows, SHOWN) }
            }
            if rules > 0 {
                <h3>{ text::topic_rules(rules) }</h3>
                <ul>{ for account.rules().take(SHOWN).map(|(name, one, counts)| {
                    rule(name, one.query.text(), (!one.disabled).then_some(counts))
                }) }</ul>
                { marks::more(rules, SHOWN) }
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
                    <span class="faint number">{ " " }{ text::version(shadow.version) }</span>
                </summary>
                <pre class="mono document">{ words::indented(&shadow.document) }</pre>
            </details>
        </li>
    }
}

fn rule(name: &str, sql: &str, counts: Option<RuleCounts>) -> Html {
    let done = match counts {
        Some(counts) => text::rule_counts(counts),
        None => text::DISABLED.to_owned(),
    };
    html! {
        <li key={name.to_owned()} class="kept" data-test="topic-rule" data-rule={name.to_owned()}>
            <span class="clip">{ name.to_owned() }</span>
            <span class="grow faint number">{ done }</span>
            <code class="mono document">{ sql.to_owned() }</code>
        </li>
    }
}
