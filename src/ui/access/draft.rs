//! What is typed into the form of users, the access list and policies, and what is wrong with it.

use super::policies::{self, PolicyDraft};
use crate::policy::{Access, AccessList, MAX_USERS, Users};
use crate::profile::Value;
use crate::scenario::{BrokerPart, Scenario};
use crate::sorted::Sorted;
use crate::ui::text::access as text;
use bytes::Bytes;

/// The setting that lets clients authenticate by a challenge.
const CHALLENGE: &str = "auth.challenge";

/// A user as the form has it.
#[derive(Clone)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
    /// What was there before: the bytes of a password that is no text stay as they are where nobody types another.
    stored: Bytes,
}

impl User {
    fn of(name: &str, stored: &Bytes) -> Self {
        Self { name: name.to_owned(), password: text(stored), stored: stored.clone() }
    }

    /// One more, of whom nothing is typed.
    pub(super) fn blank() -> Self {
        Self::of("", &Bytes::new())
    }

    fn bytes(&self) -> Bytes {
        if self.password == text(&self.stored) { self.stored.clone() } else { self.password.clone().into() }
    }
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is typed into the form.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) users: Vec<User>,
    /// Whether the passwords are shown.
    pub(super) shown: bool,
    /// For clients without a user name: an index of [`ANONYMOUS`].
    pub(super) anonymous: usize,
    /// Whether there is an access list.
    pub(super) limited: bool,
    pub(super) list: String,
    pub(super) challenge: bool,
    pub(super) policies: Vec<PolicyDraft>,
    /// The topic or filter that is asked about; empty for those of the scenario.
    pub(super) topic: String,
}

const ADMITTED: [Option<bool>; 3] = [None, Some(true), Some(false)];

impl Draft {
    /// The form for a scenario.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let broker = &scenario.broker;
        let access = &broker.access;
        Self {
            users: access.users.iter().map(|(name, password)| User::of(name, password)).collect(),
            shown: false,
            anonymous: ADMITTED.iter().position(|admitted| *admitted == access.anonymous).unwrap_or(0),
            limited: access.list.is_some(),
            list: access.list.as_ref().map(|list| list.text().to_owned()).unwrap_or_default(),
            challenge: broker.set.get(CHALLENGE) == Some(&Value::Switch(true)),
            policies: policies::policies_of(scenario),
            topic: String::new(),
        }
    }

    /// What is wrong with the name of a user.
    pub(super) fn wrong_name(&self, at: usize) -> Option<String> {
        let name = &self.users.get(at)?.name;
        if name.is_empty() {
            return Some(text::NAMELESS_USER.to_owned());
        }
        let twice = self.users[..at].iter().any(|other| other.name == *name);
        twice.then(|| text::SAME_USER.to_owned())
    }

    /// What is wrong with the access list, with its line.
    pub(super) fn wrong_list(&self) -> Option<String> {
        self.access_list().err()
    }

    fn access_list(&self) -> Result<Option<AccessList>, String> {
        let list = self.limited.then(|| AccessList::parse(&self.list)).transpose();
        list.map_err(|error| error.to_string())
    }

    /// What is typed, put into the scenario that the form was made for; `None` where something is wrong.
    pub(super) fn scenario(&self, scenario: &Scenario) -> Option<Scenario> {
        let mut scenario = Scenario { broker: self.broker(&scenario.broker)?, ..scenario.clone() };
        policies::apply(&self.policies, &mut scenario)?;
        Some(scenario)
    }

    fn broker(&self, broker: &BrokerPart) -> Option<BrokerPart> {
        let list = self.access_list().ok()?;
        let mut users = Sorted::new();
        for user in &self.users {
            users.insert(user.name.as_str().into(), user.bytes());
        }
        // Of a name that comes twice one is left.
        let wrong = users.len() != self.users.len() || users.len() > MAX_USERS || users.get("").is_some();
        let mut broker = broker.clone();
        let anonymous = ADMITTED.get(self.anonymous).copied().flatten();
        broker.access = Access { users: Users::new(users), anonymous, list, ..broker.access };
        if self.challenge || broker.set.get(CHALLENGE).is_some() {
            broker.set.insert(CHALLENGE.into(), Value::Switch(self.challenge));
        }
        (!wrong).then_some(broker)
    }
}
