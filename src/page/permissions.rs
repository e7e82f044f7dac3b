//! `broker.whoMay({ client, user, topic })`: what a client may do, and what decides.

use crate::policy::Action;
use crate::sim::World;
use crate::sorted::Sorted;
use crate::wire::{Connect, Properties, Text, Version};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Answer {
    allowed: bool,
    by: String,
    rule: Option<&'static str>,
}

/// An answer for each action that can be about the topic. A virtual client is asked for as it would connect now, another one as a
/// client of MQTT 5 that asks for nothing.
pub(super) fn permissions(
    world: &World,
    client: &str,
    user: Option<&str>,
    topic: &str,
) -> Sorted<&'static str, Answer> {
    let found = world.client(client);
    let connect = match &found {
        Some(view) => view.client.options().connect_packet(),
        None => Connect {
            version: Version::V5,
            clean_start: true,
            keep_alive_s: 0,
            client_id: Text::from(client),
            will: None,
            username: user.map(Text::from),
            password: None,
            properties: Properties::default(),
        },
    };
    let broker = world.broker();
    // Of virtual clients the scenario says which policies they have.
    let principal = found.is_some().then_some(client).filter(|_| !broker.access().policies.is_empty());
    let mut answers = Sorted::new();
    for action in Action::ALL {
        if let Some(may) = broker.permission(&connect, principal, action, topic) {
            answers.insert(
                action.name(),
                Answer { allowed: may.allowed, by: may.by, rule: may.rule.map(|rule| rule.id) },
            );
        }
    }
    answers
}
