//! Who receives this? Each client with what would become of a message for it, and the rule.

use super::unreached::unreached;
use crate::picture::{clock, visible};
use crate::topic::{Parting, SHARE, check_filter, check_name};
use crate::trace::{Outcome, Reason, Receiver, receivers};
use crate::ui::browser::now_ms;
use crate::ui::field::{TextField, choice, qos, set, use_value};
use crate::ui::lab::{Lab, Rate, use_lab};
use crate::ui::marks;
use crate::ui::text::common;
use crate::ui::text::topics as text;
use crate::wire::Publish;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// While time runs the answer is looked up again this often, in milliseconds.
const PATIENCE_MS: f64 = 500.0;
/// How many are shown of each group.
const SHOWN: usize = 100;

/// The groups of answers with their titles.
const GROUPS: [(Outcome, &str); 3] =
    [(Outcome::Now, text::NOW), (Outcome::Later, text::QUEUED), (Outcome::Never, text::NEVER)];

/// The answer as it was found last, and to what.
#[derive(Default)]
struct Answer {
    asked: Option<(String, usize, String)>,
    moment: (u64, u32),
    at_ms: f64,
    receivers: Rc<[Receiver]>,
}

/// What it is about.
#[derive(Properties, PartialEq)]
pub(super) struct ReceiversProps {
    pub(super) lab: Lab,
    pub(super) topic: String,
}

/// The part of the panel.
#[component]
pub(super) fn ReceiversPart(props: &ReceiversProps) -> Html {
    let lab = use_lab(&props.lab, Rate::Panel);
    let typed = use_value(|| None::<String>);
    let level = use_value(|| 1usize);
    let publisher = use_value(String::new);
    let answer = use_mut_ref(Answer::default);

    let topic = typed.as_ref().unwrap_or(&props.topic).clone();
    let engine = lab.engine();
    let run = engine.run();
    let (world, moment) = (run.world(), (engine.generation(), engine.events()));
    let error = check_name(&topic).err().map(|error| error.what().to_owned()).filter(|_| !topic.is_empty());
    let found = (error.is_none() && !topic.is_empty()).then(|| {
        let mut answer = answer.borrow_mut();
        let asked = Some((topic.clone(), *level, (*publisher).clone()));
        let (is_new, now) = (answer.asked != asked || answer.moment.0 != moment.0, now_ms());
        let is_old = answer.moment != moment && (!lab.screen().playing || now - answer.at_ms >= PATIENCE_MS);
        if is_new || is_old {
            let last = engine.topics().leaf(&topic, moment.1);
            let payload = last.and_then(|leaf| engine.payload_near(leaf.last_seq)).unwrap_or_default();
            let message =
                Publish { topic: topic.as_str().into(), qos: qos(*level), payload, ..Publish::default() };
            let by = Some(publisher.as_str()).filter(|publisher| !publisher.is_empty());
            let receivers = receivers(world.broker(), world.now(), &message, by).into();
            *answer = Answer { asked, moment, at_ms: now, receivers };
        }
        Rc::clone(&answer.receivers)
    });
    let kept = found.is_some() && world.broker().retained_at(&topic).is_some();
    let clients: Vec<String> = world.clients().map(|client| client.name.to_owned()).collect();
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |topic: String| typed.set(Some(topic)))
    };
    let onchange = {
        let publisher = publisher.setter();
        Callback::from(move |event: Event| {
            publisher.set(
                event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default(),
            );
        })
    };
    html! {
        <div class="receivers">
            { TextField::new(text::ASKED_TOPIC, &topic, oninput).error(error).html("receivers-topic") }
            <div class="row">
                { choice(text::QOS, common::QOS, *level, "receivers-qos", &set(&level)) }
                <label class="field grow">
                    <span>{ text::PUBLISHER }</span>
                    <select {onchange} data-test="receivers-publisher">
                        <option value="" selected={publisher.is_empty()}>{ text::ANYONE }</option>
                        { for clients.into_iter().map(|name| html! {
                            <option key={name.clone()} value={name.clone()} selected={*publisher == name}>{ name.clone() }</option>
                        }) }
                    </select>
                </label>
            </div>
            if let Some(found) = found {
                if found.is_empty() {
                    <p class="soft">{ text::NOBODY }</p>
                }
                { for GROUPS.into_iter().map(|(outcome, title)| {
                    let those: Vec<&Receiver> = found.iter().filter(|one| one.outcome == outcome).collect();
                    group(&lab, title, &those, &topic)
                }) }
                if kept {
                    <p class="soft" data-test="receivers-kept">{ text::KEPT }</p>
                }
            }
        </div>
    }
}

fn group(lab: &Lab, title: &'static str, those: &[&Receiver], topic: &str) -> Html {
    if those.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ format!("{title} ({})", those.len()) }</h3>
            <ul class="receivers-list">{ for those.iter().take(SHOWN).map(|one| receiver(lab, one, topic)) }</ul>
            { marks::more(those.len(), SHOWN) }
        </>
    }
}

fn receiver(lab: &Lab, one: &Receiver, topic: &str) -> Html {
    let lost = Some(one).filter(|one| one.outcome == Outcome::Now);
    let lost = lost.and_then(|one| unreached(lab.engine().run().world(), &one.client));
    let (class, sign, outcome) = match one.outcome {
        Outcome::Now if lost.is_some() => ("later", "⚠", "now"),
        Outcome::Now => ("now", "✓", "now"),
        Outcome::Later => ("later", "◷", "later"),
        Outcome::Never => ("never", "✕", "never"),
    };
    let filters: Vec<String> =
        one.filters.iter().map(|(filter, qos)| text::granted(filter, *qos as u8)).collect();
    let onclick = one.rule.map(|rule| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.change(|screen| screen.rules = Some(rule.id)))
    });
    html! {
        <li key={one.client.clone()} data-test="receiver" data-client={one.client.clone()} data-outcome={outcome}>
            <span class={classes!("outcome", class)} aria-hidden="true">{ sign }</span>
            <div>
                <strong class="break">{ visible(&one.client) }</strong>
                if !one.is_connected && !one.client.starts_with(SHARE) {
                    { " " }<span class="tag">{ text::AWAY }</span>
                }
                <span class="soft break">{ " " }{ text::delivery(one.qos, &filters) }</span>
                <p class="break">
                    { why(one, topic) }
                    if let Some(lost) = lost {
                        { text::unreached(&lost) }
                    }
                    if let Some(at) = one.until {
                        { ", " }{ text::until(&clock(at)) }
                    }
                    if let (Some(rule), Some(onclick)) = (one.rule, onclick) {
                        { " " }<button type="button" class="link mono" {onclick}>{ rule.id }</button>
                    }
                </p>
            </div>
        </li>
    }
}

fn why(one: &Receiver, topic: &str) -> String {
    match &one.why {
        Reason::Said(said) if said.is_empty() => text::SENT.to_owned(),
        Reason::Said(said) => said.clone(),
        Reason::Unsubscribed => text::UNSUBSCRIBED.to_owned(),
        Reason::Shared(filter) => text::shared(filter),
        Reason::Unmatched { filter, at } => {
            let plain = check_filter(filter).map_or(filter.as_str(), |plain| plain.filter);
            let level =
                |of: &str, number: usize| of.split('/').nth(number - 1).unwrap_or_default().to_owned();
            match *at {
                Parting::Reserved => text::reserved(filter),
                Parting::Level(number) => {
                    text::other_level(filter, number, &level(plain, number), &level(topic, number))
                }
                Parting::Longer(number) => text::ends_early(filter, number),
                Parting::Shorter(number) => text::goes_on(filter, number),
            }
        }
    }
}
