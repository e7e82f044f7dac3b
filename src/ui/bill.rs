//! The bill: what the account would be charged for up to the view, with prices that can be changed.

use super::lab::{LabProps, Rate, use_lab};
use super::text::bill as text;
use super::{files, lessons};
use crate::account::metering::{Bill, Prices};
use crate::account::records::{Log, Metrics};
use crate::trace::Trace;
use crate::ui::field::use_value;
use std::fmt::Display;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The fold so far: of which run, and up to which event.
#[derive(Default)]
struct Kept {
    generation: u64,
    upto: u32,
    bill: Bill,
    metrics: Metrics,
}

/// The part of the broker's panel. Nothing is folded while it is closed.
#[component]
pub(crate) fn BillSection(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let kept = use_mut_ref(Kept::default);
    let open = use_value(|| false);
    let prices = use_value(Prices::default);
    let engine = lab.engine();
    let run = engine.run();
    if !run.trace().header().profile.has_account() {
        return html! {};
    }
    let ontoggle = {
        let open = open.setter();
        Callback::from(move |event: Event| {
            open.set(event.target_unchecked_into::<web_sys::Element>().has_attribute("open"));
        })
    };
    let statement = open.then(|| {
        let mut kept = kept.borrow_mut();
        if kept.generation != engine.generation() || kept.upto > engine.events() {
            *kept = Kept { generation: engine.generation(), ..Kept::default() };
        }
        for event in run.trace().range(kept.upto..engine.events()) {
            kept.bill.take(&event);
            kept.metrics.take(&event);
        }
        kept.upto = engine.events();
        (kept.bill.statement(&prices, engine.view().at), kept.metrics.iter().collect::<Vec<_>>())
    });
    let region = {
        let prices = prices.setter();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(Ok(named)) = select.map(|select| Prices::named(&select.value())) {
                prices.set(named);
            }
        })
    };
    let save = |name: &'static str, title: &'static str, written: fn(&Trace, u32) -> String| {
        let lab = lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let text = {
                let engine = lab.engine();
                let run = engine.run();
                written(run.trace(), engine.events())
            };
            files::download(&lab, name, &text);
        });
        html! { <button type="button" class="quiet" {onclick} data-test={name}>{ title }</button> }
    };
    let line = |name: String, units: &dyn Display, usd: String, title: &'static str| {
        html! {
            <li key={name.clone()} class="kept" {title} data-test="bill-line">
                <span class="grow">{ name }</span>
                <span class="faint number">{ units.to_string() }</span>
                <span class="number">{ usd }</span>
            </li>
        }
    };
    html! {
        <details class="bill" data-test="bill" {ontoggle}>
            <summary><h3>{ text::TITLE }</h3></summary>
            if let Some((statement, metrics)) = statement {
                <ul>
                    { for statement.lines.iter().map(|one| {
                        let usd = one.cost.map_or_else(|| text::NO_PRICE.to_owned(), |usd| format!("${usd}"));
                        line(one.item.name().to_owned(), &one.metered.units, usd, one.item.rule().id)
                    }) }
                    { line(text::TOTAL.to_owned(), &"", format!("${}", statement.total), "") }
                </ul>
                if !statement.free.is_empty() {
                    <p class="faint" title={statement.free_rule().id}>
                        { text::NOT_METERED }
                        { statement.free.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ") }
                    </p>
                }
                <details data-test="metrics">
                    <summary>{ text::METRICS }</summary>
                    <ul>{ for metrics.into_iter().map(|(name, count)| line(name, &count, String::new(), "")) }</ul>
                </details>
                { save("metrics.txt", text::SAVE_METRICS, |trace, end| Metrics::of(trace, end).to_string()) }
                { save("log.jsonl", text::SAVE_LOG, Log::written) }
                <label class="field">
                    <span>{ text::REGION }</span>
                    <select data-test="bill-region" onchange={region}>
                        { for Prices::regions().into_iter().map(|name| html! {
                            <option key={name} value={name} selected={name == prices.region()}>{ name }</option>
                        }) }
                    </select>
                </label>
                <ul>
                    { for Prices::keys().into_iter().map(|key| {
                        let known = prices.iter().find(|(name, _)| *name == key).map(|(_, price)| price);
                        let onchange = {
                            let (lab, prices) = (lab.clone(), prices.clone());
                            Callback::from(move |event: Event| {
                                let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
                                let mut changed = (*prices).clone();
                                match changed.set(key, input.value().trim()) {
                                    Ok(()) => prices.set(changed),
                                    Err(why) => lessons::say(&lab, why),
                                }
                            })
                        };
                        html! {
                            <li key={key} class="kept">
                                <label class="grow" for={format!("price-{key}")}>{ key.replace('_', " ") }</label>
                                <input id={format!("price-{key}")} class="compact" size="8" inputmode="decimal" autocomplete="off"
                                    value={known.map(|price| price.usd().to_string())} placeholder={text::NOT_KNOWN} {onchange} data-test="price" />
                                <span class="faint">{ known.map(|price| format!("{} {}", price.certainty, price.date)) }</span>
                            </li>
                        }
                    }) }
                </ul>
            }
        </details>
    }
}
