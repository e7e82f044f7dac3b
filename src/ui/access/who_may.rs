//! Who may do what with a topic, by what is typed so far, and what decides.

use super::edit::Edit;
use crate::broker::Permission;
use crate::policy::Action;
use crate::scenario::{ClientMay, Scenario};
use crate::ui::field::TextField;
use crate::ui::text::access as text;
use crate::ui::text::common;
use yew::prelude::*;

/// The most clients, and the most topics where none is typed, that are shown.
const CLIENTS: usize = 50;
const TOPICS: usize = 6;

/// What the columns say; the actions stand in the order of [`Action::ALL`].
const COLUMNS: [&str; Action::ALL.len()] = text::ACTIONS;

/// The part of the form. Nothing is said while something in it is wrong.
pub(super) fn who_may(edit: &Edit, scenario: Option<&Scenario>, profile: &str) -> Html {
    let typed = &edit.draft.topic;
    let topic = TextField::new(text::TOPIC, typed, edit.on(0, |draft, _, topic| draft.topic = topic));
    let found = scenario.map(|scenario| {
        let mut scenario = scenario.clone();
        scenario.broker.profile = profile.to_owned();
        let mut topics = if typed.is_empty() { scenario.topics() } else { vec![typed.clone()] };
        let more = topics.len().saturating_sub(TOPICS);
        topics.truncate(TOPICS);
        (
            scenario.who_may(&topics, CLIENTS).unwrap_or_default(),
            more,
            scenario.clients.len().saturating_sub(CLIENTS),
        )
    });
    html! {
        <fieldset data-test="who-may">
            <legend>{ text::WHO_MAY }</legend>
            <p class="soft">{ text::WHO_MAY_ABOUT }</p>
            { topic.placeholder(text::TOPIC_EXAMPLE).html("who-may-topic") }
            if let Some((found, topics, clients)) = found {
                if found.is_empty() {
                    <p class="soft">{ text::NOBODY }</p>
                }
                { for found.chunk_by(|one, other| one.topic == other.topic).map(table) }
                if topics > 0 {
                    <p class="soft">{ text::more_topics(topics) }</p>
                }
                if clients > 0 {
                    <p class="soft">{ text::more_clients(clients) }</p>
                }
            } else {
                <p class="soft">{ text::WRONG }</p>
            }
        </fieldset>
    }
}

/// The table of one topic.
fn table(of: &[ClientMay]) -> Html {
    let topic = of.first().map(|one| one.topic.clone()).unwrap_or_default();
    html! {
        <div key={topic.clone()} class="who-may" tabindex="0" role="region" aria-label={text::who_may(&topic)}>
            <table data-test="who-may-table" data-topic={topic.clone()}>
                <caption class="mono break">{ topic.clone() }</caption>
                <thead><tr>
                    <th scope="col">{ common::CLIENT }</th>
                    { for COLUMNS.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                </tr></thead>
                <tbody>
                    { for of.iter().map(|one| html! {
                        <tr key={one.client.clone()} data-test="who-may-row" data-client={one.client.clone()}>
                            <th scope="row" class="break">{ one.client.clone() }</th>
                            { for Action::ALL.iter().zip(&one.answers).map(|(action, answer)| cell(action.name(), answer.as_ref())) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn cell(action: &'static str, answer: Option<&Permission>) -> Html {
    let Some(answer) = answer else {
        return html! { <td class="faint" data-action={action} title={text::NOT_SUCH}>{ "–" }</td> };
    };
    let (class, sign, word) =
        if answer.allowed { ("may", "✓", text::ALLOWED) } else { ("may-not", "✕", text::DENIED) };
    let by = text::decided_by(&answer.by);
    html! {
        <td {class} data-action={action}>
            <span class="verdict"><span aria-hidden="true">{ sign }</span>{ " " }{ word }</span>
            <span class="by break">{ by }</span>
        </td>
    }
}
