//! Every quota of the run's profile as a gauge: how much of it is used, by the account and by each client, what it delayed and refused,
//! and its limit, to be changed from the view on.

use super::field::{check_field, set, use_value};
use super::lab::{Lab, LabProps, Rate, use_lab};
use super::list_tabs::{closed, list_tabs};
use super::screen::Tab;
use super::setting::{SettingField, setting_name};
use super::text::common;
use super::text::quotas as text;
use super::{timeline, words};
use crate::broker::QuotaView;
use crate::profile::{Allowed, Chosen, Profile, Value};
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::topic::SHARE;
use yew::prelude::*;

/// The most clients that a quota shows, those first who use most of it.
const SHOWN: usize = 12;

/// One quota: its gauges by client, or the account's own under no name.
struct One {
    key: &'static str,
    gauges: Vec<(String, QuotaView)>,
}

/// All quotas at the view: the account's, then those of clients and their connections.
struct All {
    account: Vec<One>,
    clients: Vec<One>,
    now: SimTime,
}

impl All {
    /// Those that have a limit or were changed, and with `all` also the others; those of `order` in that order.
    fn of(lab: &Lab, all: bool, order: &[&'static str]) -> Self {
        let engine = lab.engine();
        let run = engine.run();
        let (broker, now) = (run.world().broker(), engine.view().at);
        let is_told = |one: Chosen| one.value != Value::Unlimited || one.value != one.own;
        let is_shown = |key: &str| all || broker.profile().chosen_as(key).is_some_and(is_told);
        let mut account: Vec<One> = Vec::new();
        for gauge in broker.quotas(now).into_iter().filter(|gauge| is_shown(gauge.key)) {
            account.push(One { key: gauge.key, gauges: vec![(String::new(), gauge)] });
        }
        let mut clients: Vec<One> = Vec::new();
        let sessions = broker.sessions(now).into_iter().map(|session| (session.client, session.quotas));
        let groups =
            broker.groups(now).into_iter().map(|group| (format!("{SHARE}{}", group.name), group.quotas));
        for (name, quotas) in sessions.chain(groups) {
            for gauge in quotas.iter().filter(|gauge| is_shown(gauge.key)) {
                let at = clients.iter().position(|one| one.key == gauge.key).unwrap_or_else(|| {
                    clients.push(One { key: gauge.key, gauges: Vec::new() });
                    clients.len() - 1
                });
                clients[at].gauges.push((name.clone(), *gauge));
            }
        }
        // Rates of which nobody has a gauge now, what refused somebody who is not there, and bounds without a level, such as sizes.
        let known = |key: &str, lists: [&Vec<One>; 2]| lists.into_iter().flatten().any(|one| one.key == key);
        let keys =
            engine.exceedings().keys(engine.events()).filter_map(|key| Some(Profile::setting(key)?.key));
        let rates = Profile::rates().filter(|key| is_shown(key));
        let bounds = Profile::keys().iter().filter(|setting| {
            let is_number = !matches!(setting.allowed, Allowed::Switch);
            let chosen = broker.profile().chosen_as(setting.key).filter(|_| is_number);
            chosen.is_some_and(|one| one.value != one.standard && is_told(one))
        });
        let rest: Vec<&'static str> = rates.chain(keys).chain(bounds.map(|setting| setting.key)).collect();
        for key in rest {
            if !known(key, [&account, &clients]) {
                let list = if key.starts_with("account.") { &mut account } else { &mut clients };
                list.push(One { key, gauges: Vec::new() });
            }
        }
        // What was exceeded comes first, then what is used.
        let place = |one: &One| match one {
            one if !order.is_empty() => order.iter().position(|key| *key == one.key).unwrap_or(order.len()),
            one if exceeded_any(lab, one.key, None) => 0,
            one if one.gauges.iter().any(|(_, gauge)| gauge.level > 0) => 1,
            _ => 2,
        };
        Self { account: in_order(account, place), clients: in_order(clients, place), now }
    }

    /// Their keys as they stand.
    fn order(&self) -> Vec<&'static str> {
        self.clients.iter().chain(&self.account).map(|one| one.key).collect()
    }
}

/// The panel.
#[component]
pub(crate) fn QuotasPanel(props: &LabProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let all = use_value(|| false);
    // What one types into stays in its place: a field that is moved loses the focus.
    let (is_typing, order) = (use_value(|| false), use_mut_ref(Vec::new));
    if lab.screen().list != Tab::Quotas {
        return closed("quotas");
    }
    let kept = if *is_typing { order.take() } else { Vec::new() };
    let found = All::of(&lab, *all, &kept);
    order.replace(found.order());
    let types = |value: bool| set(&is_typing).reform(move |_: FocusEvent| value);
    let list = |title: &'static str, quotas: &[One]| {
        html! {
            if !quotas.is_empty() {
                <h3>{ title }</h3>
                <ul>{ for quotas.iter().map(|one| quota(&lab, one, found.now)) }</ul>
            }
        }
    };
    html! {
        <section class="panel listing quotas" aria-label={text::TITLE} data-test="quotas">
            <div class="panel-head">
                { list_tabs(&lab, Tab::Quotas, None) }
                <span class="grow"></span>
                { check_field(text::UNLIMITED_TOO, *all, "quotas-all", &set(&all)) }
            </div>
            <div class="quotas-scroll" tabindex="0" role="group" aria-label={text::TITLE} onfocusin={types(true)} onfocusout={types(false)}>
                if found.account.is_empty() && found.clients.is_empty() {
                    <p class="empty">{ text::NONE }</p>
                }
                { list(text::OF_CLIENTS, &found.clients) }
                { list(text::OF_ALL, &found.account) }
            </div>
        </section>
    }
}

/// A quota: its name, its limit, and a bar for each that uses it.
fn quota(lab: &Lab, one: &One, now: SimTime) -> Html {
    let fields = {
        let engine = lab.engine();
        let run = engine.run();
        let profile = run.world().broker().profile();
        let burst = Profile::burst_of(one.key).map(|key| (key, text::AT_ONCE, "quota-burst"));
        let all = [(one.key, "", "quota-limit")].into_iter().chain(burst);
        let found = all.filter_map(|(key, before, test)| Some((profile.chosen_as(key)?, before, test)));
        found.collect::<Vec<_>>()
    };
    let about = fields.first().map_or("", |(chosen, ..)| chosen.setting.about);
    let own = one.gauges.iter().find(|(client, _)| client.is_empty());
    let used =
        |gauge: &QuotaView| gauge.level.saturating_mul(1_000_000).checked_div(gauge.capacity).unwrap_or(0);
    let who = one.gauges.iter().filter(|(client, gauge)| {
        !client.is_empty() && (gauge.level > 0 || exceeded_any(lab, one.key, Some(client)))
    });
    let sorted = in_order(who.collect(), |(_, gauge)| u64::MAX - used(gauge));
    html! {
        <li key={one.key} class="quota" data-test="quota" data-key={one.key}>
            <div class="quota-line">
                <code class="break" title={about}>{ setting_name(one.key) }</code>
                { own.map(|(_, gauge)| bar(gauge, now)).unwrap_or_default() }
                if sorted.len() != 1 {
                    <span class="quota-counts">{ exceeded(lab, one.key, None) }</span>
                }
                <div class="quota-fields">
                    { for fields.into_iter().map(|(one, before, test)| html! {
                        <SettingField key={test} lab={lab.clone()} {one} {before} {test} />
                    }) }
                </div>
            </div>
            // Keyed ones in an element of their own: what stands beside such is made anew with each of them, and loses the focus.
            <div>
                { for sorted.iter().take(SHOWN).map(|(client, gauge)| html! {
                    <div key={client.clone()} class="quota-line of-client" data-test="quota-gauge" data-client={client.clone()}>
                        <span class="clip" title={client.clone()}>{ client.clone() }</span>
                        { bar(gauge, now) }
                        <span class="quota-counts">{ exceeded(lab, one.key, Some(client)) }</span>
                    </div>
                }) }
            </div>
            if sorted.len() > SHOWN {
                <p class="faint">{ text::more(sorted.len() - SHOWN) }</p>
            }
        </li>
    }
}

/// Whether it delayed or refused anything so far.
fn exceeded_any(lab: &Lab, key: &str, client: Option<&str>) -> bool {
    let engine = lab.engine();
    engine.exceedings().counts(key, client, engine.events()) != [0, 0]
}

/// How much is used.
fn bar(gauge: &QuotaView, now: SimTime) -> Html {
    // Without a limit there is no bar.
    let is_limited = gauge.capacity < u64::from(u32::MAX) && gauge.capacity > 0;
    let level = match (is_limited, gauge.per_s) {
        (false, _) => gauge.level.to_string(),
        (true, None) => common::of(gauge.level, gauge.capacity),
        (true, Some(per_s)) => text::at_once(gauge.level, gauge.capacity, per_s),
    };
    let until = match (gauge.next_at, gauge.empty_at) {
        (Some(at), _) => text::used_up(&words::left(at, now)),
        (None, Some(at)) => text::all_back(&words::left(at, now)),
        (None, None) => String::new(),
    };
    let is_full = gauge.next_at.is_some() || (is_limited && gauge.level >= gauge.capacity);
    let (level_at, most) = (gauge.level.min(gauge.capacity), gauge.capacity);
    html! {
        <span class={classes!("gauge", is_full.then_some("full"))}>
            if is_limited {
                <meter min="0" max={most.to_string()} value={level_at.to_string()} aria-label={text::USED}></meter>
            }
            <span class="number" data-test="quota-level">{ level }</span>
            <span class="faint number">{ until }</span>
        </span>
    }
}

/// What it delayed and refused so far; a click goes from one to the next.
fn exceeded(lab: &Lab, key: &'static str, client: Option<&str>) -> Html {
    let engine = lab.engine();
    let counts = engine.exceedings().counts(key, client, engine.events());
    let button = |is_refused: bool, count: usize, test: &'static str, word: &'static str| {
        let (lab, client) = (lab.clone(), client.map(str::to_owned));
        let onclick = Callback::from(move |_: MouseEvent| {
            let next = {
                let (engine, selected) = (lab.engine(), lab.screen().selected);
                engine.exceedings().next(key, client.as_deref(), is_refused, selected, engine.events())
            };
            timeline::select(&lab, next);
        });
        html! {
            if count > 0 {
                <button type="button" class="link number" {onclick} title={text::GO_NEXT} data-test={test}>
                    { format!("{word} {count}×") }
                </button>
            }
        }
    };
    html! { <>{ button(false, counts[0], "delayed", text::DELAYED) }{ button(true, counts[1], "refused", text::REFUSED) }</> }
}
