//! What the broker keeps at the view: sessions, shared subscriptions, retained messages, wills, and the replay bucket of each session;
//! and whom it lets in.

use super::access::access_section;
use super::account::account_section;
use super::backlog::backlog;
use super::bill::BillSection;
use super::faults::faults_button;
use super::lab::Lab;
use super::operations::{Subject, opens};
use super::rules::changed_text;
use super::views::{KeptGroup, SHOWN};
use super::words;
use crate::picture::span;
use yew::prelude::*;

/// The panel.
pub(crate) fn broker_panel(lab: &Lab) -> Html {
    let engine = lab.engine();
    let now = engine.view().at;
    let kept = engine.kept();
    let more = |count: usize| words::more(count, SHOWN);
    let edit = lab.changes::<MouseEvent>(|screen| screen.access = true);
    html! {
        <section class="panel broker" aria-label="Broker" data-test="broker">
            <div class="panel-head">
                <h2>{ "Broker" }</h2>
                <span class="grow faint clip">{ with_changes(engine.profile(), &changed_text(lab)) }</span>
                <button type="button" class="quiet" onclick={opens(lab, Subject::Message(None))} title="Publish a message without a client"
                    data-test="http">{ "HTTP…" }</button>
                <button type="button" class="quiet" onclick={edit} title="Users, access list, policies, and who may do what"
                    data-test="edit-access">{ "Access…" }</button>
                { faults_button(lab, None) }
            </div>
            <div class="broker-body" tabindex="0" role="group" aria-label="What the broker keeps">
                <h3>{ format!("Sessions ({})", kept.sessions.len()) }</h3>
                <ul>
                    { for kept.sessions.iter().take(SHOWN).map(|session| html! {
                        <li key={session.client.clone()} class="kept" data-test="session" data-client={session.client.clone()}>
                            <button type="button" class="link clip" onclick={opens(lab, Subject::Client(session.client.clone()))}
                                data-test="session-open">{ session.client.clone() }</button>
                            <span class="grow"></span>
                            <span class="faint">{ match (session.connected, session.expires) {
                                (true, _) => "connected".to_owned(),
                                (false, None) => "kept, never expires".to_owned(),
                                (false, Some(at)) => format!("expires {}", words::left(at, now)),
                            } }</span>
                            <span class="faint number" title="Subscriptions">{ format!("{} subs", session.subscriptions) }</span>
                            { queue_gauge(session.queued, session.most_queued, session.drains_us) }
                            { backlog(lab, session, now) }
                        </li>
                    }) }
                </ul>
                { more(kept.sessions.len()) }
                if !kept.groups.is_empty() {
                    <h3>{ format!("Shared subscriptions ({})", kept.groups.len()) }</h3>
                    <ul>{ for kept.groups.iter().take(SHOWN).map(group) }</ul>
                    { more(kept.groups.len()) }
                }
                <h3>{ format!("Retained messages ({})", kept.retained_count) }</h3>
                <ul>
                    { for kept.retained.iter().take(SHOWN).map(|(topic, payload)| html! {
                        <li key={topic.clone()} class="kept" data-test="retained" data-topic={topic.clone()}>
                            <button type="button" class="link mono clip" onclick={opens(lab, Subject::Message(Some(topic.clone())))}
                                data-test="retained-open">{ topic.clone() }</button>
                            <span class="grow"></span>
                            if engine.is_stale(topic) {
                                { words::stale() }
                            }
                            <span class="faint mono clip">{ words::preview(payload) }</span>
                        </li>
                    }) }
                </ul>
                { more(kept.retained_count) }
                <h3>{ format!("Wills ({})", kept.wills.len()) }</h3>
                <ul>
                    { for kept.wills.iter().take(SHOWN).map(|will| html! {
                        <li key={will.client.clone()} class="kept" data-test="kept-will">
                            <span class="clip">{ will.client.clone() }</span>
                            <span class="grow mono clip">{ will.topic.clone() }</span>
                            <span class="faint">
                                { will.due.map_or_else(|| "armed".to_owned(), |at| format!("due {}", words::left(at, now))) }
                            </span>
                        </li>
                    }) }
                </ul>
                { account_section(&kept) }
                { access_section(lab) }
                <BillSection lab={lab.clone()} />
            </div>
        </section>
    }
}

/// A shared subscription with its members, and with its queue where something waits in it.
fn group(group: &KeptGroup) -> Html {
    let members = format!("{} of {} here", group.active, group.members);
    let rate = group.per_s.filter(|per_s| *per_s > 0).map(|per_s| format!(", {per_s}/s"));
    html! {
        <li key={group.name.clone()} class="kept" data-test="group" data-group={group.name.clone()}>
            <span class="grow mono clip">{ group.name.clone() }</span>
            <span class="faint number" title="Members that are connected, and the rate at which they empty its queue">
                { members }{ rate }
            </span>
            { queue_gauge(group.queued, group.most_queued, group.drains_us) }
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
            <span class="number" data-test="gauge">{ match drains_us {
                Some(us) => format!("{queued} left, drains in {}", span(us)),
                None => format!("{queued} queued"),
            } }</span>
        </div>
    }
}

/// The profile's name, and whether the run keeps to it.
fn with_changes(profile: &str, changed: &str) -> String {
    if changed.is_empty() { profile.to_owned() } else { format!("{profile}, {changed}") }
}
