//! Who may do what with a topic, by what is typed so far, and what decides.

use super::edit::Edit;
use crate::broker::Permission;
use crate::policy::Action;
use crate::scenario::{ClientMay, Scenario};
use crate::ui::field::TextField;
use yew::prelude::*;

/// The most clients, and the most topics where none is typed, that are shown.
const CLIENTS: usize = 50;
const TOPICS: usize = 6;

/// What the columns say; the actions stand in the order of [`Action::ALL`].
const COLUMNS: [&str; Action::ALL.len()] = ["Connect", "Publish", "Publish retained", "Subscribe", "Receive"];

/// The part of the form. Nothing is said while something in it is wrong.
pub(super) fn who_may(edit: &Edit, scenario: Option<&Scenario>, profile: &str) -> Html {
    let typed = &edit.draft.topic;
    let topic = TextField::new("Topic or filter", typed, edit.on(0, |draft, _, topic| draft.topic = topic));
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
            <legend>{ "Who may do what" }</legend>
            <p class="soft">{ "By what stands above, as each client of the scenario connects." }</p>
            { topic.placeholder("those of the scenario").html("who-may-topic") }
            if let Some((found, topics, clients)) = found {
                if found.is_empty() {
                    <p class="soft">{ "There is no client, or the scenario names no topic: type one." }</p>
                }
                { for found.chunk_by(|one, other| one.topic == other.topic).map(table) }
                if topics > 0 {
                    <p class="soft">{ format!("and {topics} more topics: type one") }</p>
                }
                if clients > 0 {
                    <p class="soft">{ format!("and {clients} more clients") }</p>
                }
            } else {
                <p class="soft">{ "Something above is wrong." }</p>
            }
        </fieldset>
    }
}

/// The table of one topic.
fn table(of: &[ClientMay]) -> Html {
    let topic = of.first().map(|one| one.topic.clone()).unwrap_or_default();
    html! {
        <div key={topic.clone()} class="who-may" tabindex="0" role="region" aria-label={format!("Who may do what with {topic}")}>
            <table data-test="who-may-table" data-topic={topic.clone()}>
                <caption class="mono break">{ topic.clone() }</caption>
                <thead><tr>
                    <th scope="col">{ "Client" }</th>
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
        return html! { <td class="faint" data-action={action} title="It is about no such text">{ "–" }</td> };
    };
    let (class, sign, word) =
        if answer.allowed { ("may", "✓", "allowed") } else { ("may-not", "✕", "denied") };
    let by = match answer.by.as_str() {
        "" => "nothing restricts it",
        "no statement" => "no statement allows it",
        "no line" => "no line allows it",
        by => by,
    };
    html! {
        <td {class} data-action={action}>
            <span class="verdict"><span aria-hidden="true">{ sign }</span>{ " " }{ word }</span>
            <span class="by break">{ by.to_owned() }</span>
        </td>
    }
}
