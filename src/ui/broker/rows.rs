//! The rows of the broker's panel.

use super::leads::{About, lead};
use crate::picture::span;
use crate::rule::RuleId;
use crate::time::SimTime;
use crate::topic::SHARE;
use crate::ui::backlog::backlog;
use crate::ui::kept::{KeptGroup, KeptSession};
use crate::ui::lab::Lab;
use crate::ui::marks;
use crate::ui::operations::{Subject, opens};
use crate::ui::screen::Tab;
use crate::ui::text::broker as text;
use crate::ui::text::common;
use crate::ui::words;
use crate::wire::QoS;
use yew::prelude::*;

/// A session: its state, and what waits in it.
pub(super) fn session(lab: &Lab, client: &str, now: SimTime) -> Html {
    let kept = KeptSession::of(&lab.engine(), client);
    let Some(session) = kept else { return html! {} };
    html! {
        <li key={client.to_owned()} class="kept" data-test="session" data-client={client.to_owned()}>
            <button type="button" class="link clip" onclick={opens(lab, Subject::Client(client.to_owned()))}
                data-test="session-open">{ client.to_owned() }</button>
            <span class="grow"></span>
            <span class="faint">{ match (session.connected, session.expires) {
                (true, _) => text::CONNECTED.to_owned(),
                (false, None) => text::NEVER_EXPIRES.to_owned(),
                (false, Some(at)) => text::expires(&words::left(at, now)),
            } }</span>
            <span class="faint number" title={text::SUBSCRIPTIONS}>{ text::subscriptions(session.subscriptions) }</span>
            { lead(lab, About::Session(client.to_owned())) }
            { queue_gauge(session.queued, session.most_queued, session.drains_us) }
            { backlog(lab, &session, now) }
        </li>
    }
}

/// A subscription of a client.
pub(super) fn subscription(lab: &Lab, (client, filter, qos): (&str, &str, QoS)) -> Html {
    html! {
        <li key={format!("{client} {filter}")} class="kept" data-test="kept-subscription" data-client={client.to_owned()} data-filter={filter.to_owned()}>
            <span class="clip">{ client.to_owned() }</span>
            <span class="grow mono clip" title={filter.to_owned()}>{ filter.to_owned() }</span>
            <span class="faint number">{ common::qos(qos as u8) }</span>
            { lead(lab, About::Subscription(client.to_owned(), filter.to_owned())) }
        </li>
    }
}

/// A shared subscription with its members, and with its queue where something waits in it.
pub(super) fn group(lab: &Lab, name: &str) -> Html {
    let kept = KeptGroup::of(&lab.engine(), name);
    let Some(group) = kept else { return html! {} };
    let rate = group.per_s.filter(|per_s| *per_s > 0).map(|per_s| format!(", {per_s}/s"));
    html! {
        <li key={name.to_owned()} class="kept" data-test="group" data-group={name.to_owned()}>
            <span class="grow mono clip">{ name.to_owned() }</span>
            <span class="faint number" title={text::MEMBERS_TITLE}>{ text::members(group.active, group.members) }{ rate }</span>
            { lead(lab, About::Group(format!("{SHARE}{name}"))) }
            { queue_gauge(group.queued, group.most_queued, group.drains_us) }
        </li>
    }
}

/// A retained message.
pub(super) fn retained(lab: &Lab, topic: &str) -> Html {
    let engine = lab.engine();
    let kept = engine.run().world().broker().retained_at(topic);
    let Some(kept) = kept else { return html! {} };
    html! {
        <li key={topic.to_owned()} class="kept" data-test="retained" data-topic={topic.to_owned()}>
            <button type="button" class="link mono clip" onclick={opens(lab, Subject::Message(Some(topic.to_owned())))}
                data-test="retained-open">{ topic.to_owned() }</button>
            <span class="grow"></span>
            if engine.is_stale(topic) {
                { marks::stale() }
            }
            <span class="faint mono clip">{ words::preview(&kept.payload) }</span>
            { lead(lab, About::Retained(topic.to_owned())) }
        </li>
    }
}

/// A Will.
pub(super) fn will(lab: &Lab, (client, topic, due): (&str, &str, Option<SimTime>), now: SimTime) -> Html {
    html! {
        <li key={client.to_owned()} class="kept" data-test="kept-will" data-client={client.to_owned()}>
            <span class="clip">{ client.to_owned() }</span>
            <span class="grow mono clip">{ topic.to_owned() }</span>
            <span class="faint">
                { due.map_or_else(|| text::ARMED.to_owned(), |at| text::due(&words::left(at, now))) }
            </span>
            { lead(lab, About::Will(client.to_owned())) }
        </li>
    }
}

/// A quota that is used or was exceeded; its button leads to the tab of quotas.
pub(super) fn quota(lab: &Lab, key: &str, used: Option<(u64, u64)>) -> Html {
    let [delayed, refused] = {
        let engine = lab.engine();
        engine.exceedings().counts(key, None, engine.events())
    };
    html! {
        <li key={key.to_owned()} class="kept" data-test="kept-quota" data-key={key.to_owned()}>
            <button type="button" class="link mono clip" title={text::TO_QUOTAS} onclick={lab.goes(Tab::Quotas)} data-test="to-quotas">
                { key.to_owned() }
            </button>
            <span class="grow"></span>
            if let Some((level, capacity)) = used {
                <span class="faint number">{ text::used(level, capacity) }</span>
            }
            if delayed + refused > 0 {
                <span class="number">{ text::exceeded(delayed, refused) }</span>
            }
        </li>
    }
}

/// A rule that acted, and how often.
pub(super) fn rule(lab: &Lab, (rule, count): (RuleId, usize)) -> Html {
    let sentence = crate::rules::find(rule).map_or("", |rule| rule.sentence);
    html! {
        <li key={rule.id} class="kept" data-test="acted" data-rule={rule.id}>
            <code class="clip" title={sentence}>{ rule.id }</code>
            <span class="grow"></span>
            <span class="faint number">{ text::acted(count) }</span>
            { lead(lab, About::Rule(rule.id)) }
            <p class="sentence soft">{ sentence.replace('`', "") }</p>
        </li>
    }
}

/// What waits in a queue, beside the most that ever did.
fn queue_gauge(queued: usize, most: usize, drains_us: Option<u64>) -> Html {
    if queued == 0 {
        return Html::default();
    }
    html! {
        <div class="gauge">
            <meter min="0" max={most.max(queued).to_string()} value={queued.to_string()}></meter>
            <span class="number" data-test="gauge">{ text::queued(queued, drains_us.map(span).as_deref()) }</span>
        </div>
    }
}
