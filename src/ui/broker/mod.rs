//! What the broker keeps at the view, section by section, with one search over all of them; each row leads to its events.

mod leads;
mod queue;
mod rows;
mod section;

use super::access::access_section;
use super::account::account_section;
use super::bill::BillSection;
use super::faults::faults_button;
use super::field::use_value;
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::operations::{Subject, opens};
use super::rules::changed_text;
use super::text::broker as text;
use crate::broker::QuotaView;
use queue::Queue;
use section::{Look, Panel, Section};
use std::cell::Cell;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The panel.
#[component]
pub(crate) fn BrokerPanel(props: &LabProps) -> Html {
    let lab = &use_lab(&props.lab, Rate::Panel);
    let look = use_value(Look::default);
    let panel = Panel { lab, look: &look, found: Cell::new(false) };
    let edit = lab.changes::<MouseEvent>(|screen| screen.access = true);
    let oninput = {
        let look = look.clone();
        Callback::from(move |event: InputEvent| {
            let query =
                event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            look.set(Look { query, ..(*look).clone() });
        })
    };
    let all = sections(&panel);
    let searches = !look.query.trim().is_empty();
    html! {
        <section class="panel broker" aria-label={text::TITLE} data-test="broker">
            <div class="panel-head">
                <h2>{ text::TITLE }</h2>
                <span class="grow faint clip">{ with_changes(lab) }</span>
                <button type="button" class="quiet" onclick={opens(lab, Subject::Message(None))} title={text::HTTP.1}
                    data-test="http">{ text::HTTP.0 }</button>
                <button type="button" class="quiet" onclick={edit} title={text::ACCESS.1} data-test="edit-access">{ text::ACCESS.0 }</button>
                { faults_button(lab, None) }
            </div>
            <div class="broker-search">
                <label class="visually-hidden" for="broker-search">{ text::SEARCH }</label>
                <input id="broker-search" type="search" placeholder={text::SEARCH_EXAMPLE} autocomplete="off" autocapitalize="off"
                    spellcheck="false" value={look.query.clone()} data-test="broker-search" {oninput} />
                <p class="visually-hidden" role="status">
                    if searches && !panel.found.get() { { text::nothing(look.query.trim()) } }
                </p>
            </div>
            <div class="broker-body" tabindex="0" role="group" aria-label={text::BODY}>
                if searches && !panel.found.get() {
                    <p class="empty" data-test="broker-nothing">{ text::nothing(look.query.trim()) }</p>
                }
                <div>{ all }</div>
                if !searches {
                    { account_section(lab) }
                    { access_section(lab) }
                }
                <BillSection lab={lab.clone()} />
            </div>
        </section>
    }
}

/// The sections that can be searched.
fn sections(panel: &Panel<'_>) -> Html {
    let lab = panel.lab;
    let engine = lab.engine();
    let (run, now, events) = (engine.run(), engine.view().at, engine.events());
    let broker = run.world().broker();
    let section = |name, title, open| Section { name, title, open };
    let quotas = broker.quotas(now);
    let limited = |one: &&QuotaView| one.level > 0 && one.capacity < u64::from(u32::MAX);
    let used = quotas.iter().filter(limited).map(|one| (one.key, Some((one.level, one.capacity))));
    let is_used = |key: &str| quotas.iter().filter(limited).any(|one| one.key == key);
    let mut exceeded: Vec<&str> = engine.exceedings().keys(events).filter(|key| !is_used(key)).collect();
    exceeded.sort_unstable();
    exceeded.dedup();
    html! {
        <>
            { panel.section(section("sessions", text::SESSIONS, true), broker.session_names(),
                |client| panel.has(&[client]), |client| rows::session(lab, client, now)) }
            { panel.section(section("subscriptions", text::SUBSCRIPTIONS, false), broker.subscription_names(),
                |(client, filter, ..)| panel.has(&[client, filter]),
                |(client, filter, qos, _)| rows::subscription(lab, (client, filter, qos))) }
            { panel.section(section("groups", text::GROUPS, true), broker.group_names(),
                |name| panel.has(&[name]), |name| rows::group(lab, name)) }
            { panel.section(section("retained", text::RETAINED, true), broker.retained_names(),
                |topic| panel.has(&[topic]), |topic| rows::retained(lab, topic)) }
            { panel.section(section("wills", text::WILLS, true), broker.will_names(),
                |(client, topic, _)| panel.has(&[client, topic]), |will| rows::will(lab, will, now)) }
            { panel.section(section("queues", text::QUEUES, false), broker.queue_names(),
                |(of, _)| panel.has(&[of]),
                |(of, depth)| html! { <Queue key={of.to_owned()} lab={lab.clone()} of={of.to_owned()} {depth} /> }) }
            { panel.section(section("quotas", text::QUOTAS, false), used.chain(exceeded.into_iter().map(|key| (key, None))),
                |(key, _)| panel.has(&[key]), |(key, used)| rows::quota(lab, key, used)) }
            { panel.section(section("rules", text::RULES, false), engine.ruled().until(events),
                |(rule, _)| panel.has(&[rule.id, crate::rules::find(*rule).map_or("", |rule| rule.sentence)]),
                |rule| rows::rule(lab, rule)) }
        </>
    }
}

/// The profile's name, and whether the run keeps to it.
fn with_changes(lab: &Lab) -> String {
    let changed = changed_text(lab);
    let engine = lab.engine();
    if changed.is_empty() { engine.profile().to_owned() } else { format!("{}, {changed}", engine.profile()) }
}
