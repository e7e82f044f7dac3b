//! Who may do what: each client of a scenario and each topic, asked at the broker's own door.

use super::compile::profile_of;
use super::document::Scenario;
use super::problem::Problem;
use crate::broker::{Broker, Command, Permission};
use crate::client::Action as Doing;
use crate::policy::Action;
use crate::sim::Input;
use crate::sorted::Sorted;

/// What one client may do with one topic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientMay {
    /// The client's name.
    pub client: String,
    /// The Topic Name or Topic Filter.
    pub topic: String,
    /// One answer for each of [`Action::ALL`]; `None` where the action is about no such text.
    pub answers: [Option<Permission>; Action::ALL.len()],
}

impl Scenario {
    /// The topics that its steps and Wills name, and the filters that are subscribed to, in order.
    pub fn topics(&self) -> Vec<String> {
        let mut found = Sorted::<Box<str>, ()>::new();
        let mut add = |topic: &str| _ = found.insert(topic.into(), ());
        let wills = self.clients.iter().filter_map(|spec| spec.client.connect.will.as_ref());
        wills.for_each(|will| add(&will.message.topic));
        for step in &self.steps {
            match &step.input {
                Input::Client { action: Doing::Publish(message), .. } => add(&message.topic),
                Input::Client { action: Doing::Subscribe(request), .. } => {
                    request.filters.iter().for_each(|one| add(&one.filter));
                }
                Input::Client { action: Doing::Connect { options: Some(options) }, .. } => {
                    options.will.iter().for_each(|will| add(&will.message.topic));
                }
                Input::Broker(Command::Publish { message, .. }) => add(&message.topic),
                _ => {}
            }
        }
        found.keys().map(|topic| topic.to_string()).filter(|topic| !topic.is_empty()).collect()
    }

    /// What each of the first `most` clients may do with each of these topics, as the run begins: topic by topic.
    ///
    /// # Errors
    /// What is wrong with the profile or its settings.
    pub fn who_may(&self, topics: &[String], most: usize) -> Result<Vec<ClientMay>, Vec<Problem>> {
        let mut access = self.broker.access.clone();
        if !access.policies.is_empty() {
            for spec in &self.clients {
                access.policies.principals.insert(spec.client.id.as_str().into(), spec.principal.clone());
            }
        }
        let has_policies = !access.policies.is_empty();
        let broker = Broker::new(profile_of(self, None)?, self.seed).with_access(access.into());
        let mut found = Vec::new();
        for topic in topics {
            for spec in self.clients.iter().take(most) {
                let connect = spec.client.connect_packet();
                let principal = has_policies.then_some(spec.client.id.as_str());
                found.push(ClientMay {
                    client: spec.client.id.clone(),
                    topic: topic.clone(),
                    answers: Action::ALL.map(|action| broker.permission(&connect, principal, action, topic)),
                });
            }
        }
        Ok(found)
    }
}
