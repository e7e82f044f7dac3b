//! Topic rules (row O7): a statement in SQL picks messages and fields out of them, and what comes of it is published again. Basic
//! Ingest brings a message to one rule by its name.

mod decimal;
mod expression;
mod sql;
mod template;
mod told;

use super::cloud::{Now, Published};
use crate::broker::{Broker, By, Cause, Event, Kind, Observer, Told};
use crate::json::{Json, parse, write_text, write_value};
use crate::rule::{RuleId, aws, own};
use crate::sorted::Sorted;
use crate::topic::{check_name, matches};
use crate::wire::{Properties, Property, Publish, QoS, Text};
use bytes::Bytes;
use expression::Looked;
use sql::{Item, Statement};
use std::sync::Arc;
use told::{NOT_TRUE, REPUBLISHED};

pub use sql::SqlError;
pub use template::Template;
pub(super) use told::{RuleReader, RuleTold};

/// The most rules of an account.
pub const TOPIC_RULES_MAX: usize = 1_000;
/// The most actions of a rule.
pub const ACTIONS_MAX: usize = 10;
/// How often a message may be published again by rules, each because of the one before.
const CHAIN_MAX: u32 = 8;
/// How many messages rules may publish because of what rules published, at one input.
const CHAINED_MAX: usize = 1_000;
/// What a message of Basic Ingest begins with; the rule's name follows.
const INGEST: &str = "$aws/rules/";

/// A statement and what is done with what it picks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TopicRule {
    /// What it picks.
    pub query: Query,
    /// What is done with it.
    pub actions: Vec<Republish>,
    /// Whether it does nothing at present.
    pub disabled: bool,
}

/// A statement such as `SELECT temperature AS t FROM 'plant/+/state' WHERE temperature > 80`. Two with the same text are equal.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    statement: Statement,
}

impl Query {
    /// Reads a statement.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, SqlError> {
        Ok(Self { text: text.to_owned(), statement: Statement::parse(text)? })
    }

    /// The statement as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Query {}

/// The action that publishes again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Republish {
    /// To which topic; `$$` at its beginning stands for `$`.
    pub topic: Template,
    /// At which QoS, 0 or 1.
    pub qos: QoS,
    /// Content Type.
    pub content_type: Option<Template>,
    /// Response Topic.
    pub response_topic: Option<Template>,
    /// Correlation Data, as text.
    pub correlation_data: Option<Template>,
    /// User Properties.
    pub user_properties: Vec<(String, Template)>,
}

/// How often a rule did what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RuleCounts {
    /// Messages on its topics.
    pub matched: u32,
    /// Of these, those for which its condition held.
    pub passed: u32,
    /// Messages that it published.
    pub republished: u32,
    /// Actions that failed.
    pub failed: u32,
}

/// The service that keeps the rules.
#[derive(Clone, Debug, Default)]
pub(super) struct TopicRules {
    rules: Arc<Sorted<Box<str>, TopicRule>>,
    /// In the order of the rules.
    counts: Vec<RuleCounts>,
    /// How many messages were published because of what rules published, at this input.
    chained: usize,
}

impl TopicRules {
    pub(super) fn new(rules: Arc<Sorted<Box<str>, TopicRule>>) -> Self {
        Self { counts: vec![RuleCounts::default(); rules.len()], rules, chained: 0 }
    }

    /// Whether there is a rule that may look at any topic.
    pub(super) fn looks_at_all(&self) -> bool {
        self.rules.values().any(|rule| !rule.disabled && rule.query.statement.from.is_some())
    }

    /// Whether a rule looks at this topic.
    pub(super) fn looks_at(&self, topic: &str, broker: &Broker) -> bool {
        topic.starts_with(INGEST) || self.rules.values().any(|rule| rule.is_for(topic, broker))
    }

    /// The rules with their counts, by name.
    pub(super) fn views(&self) -> impl Iterator<Item = (&str, &TopicRule, RuleCounts)> {
        self.rules.iter().zip(&self.counts).map(|((name, rule), counts)| (&**name, rule, *counts))
    }

    /// Another input is done: what rules publish is counted anew.
    pub(super) fn begin(&mut self) {
        self.chained = 0;
    }

    /// Hears of a message that is the `chain`th in a row of rules, 0 for one that no rule published.
    pub(super) fn hear(
        &mut self,
        now: Now,
        told: &Told,
        chain: u32,
        broker: &Broker,
        observer: &mut impl Observer,
        published: &mut Vec<Published>,
    ) {
        let Told::Published { client, message, cause } = told else { return };
        let ingested = message.topic.strip_prefix(INGEST);
        if self.rules.is_empty() && ingested.is_none() {
            return;
        }
        let (name, topic) = match ingested {
            Some(rest) => {
                let (name, topic) = rest.split_once('/').unwrap_or((rest, ""));
                (Some(name), topic)
            }
            None => (None, &*message.topic),
        };
        let payload = std::str::from_utf8(&message.payload).ok().and_then(|text| parse(text).ok());
        let payload = payload.map(|node| node.value);
        let looked = Looked { message, topic, client, unix_ms: now.unix_ms(), payload };
        let mut note = |topic: &str, why: &str, rule: RuleId, cause: Cause| {
            let event = Event::new(now.at, Kind::AccountRule, By::Broker, client, cause);
            observer.note(Event { topic, why, rule: Some(rule), ..event })
        };
        let mut is_known = false;
        let Self { rules, counts, chained } = self;
        for ((rule_name, rule), counts) in rules.iter().zip(counts) {
            let is_for = match name {
                Some(name) => **rule_name == *name && !rule.disabled,
                None => rule.is_for(topic, broker),
            };
            if !is_for {
                continue;
            }
            is_known = true;
            counts.matched += 1;
            let condition = &rule.query.statement.condition;
            if condition.as_ref().is_some_and(|condition| !condition.holds(&looked)) {
                note(&message.topic, &format!("{rule_name}: {NOT_TRUE}"), aws("aws.rule.where"), *cause);
                continue;
            }
            counts.passed += 1;
            let selected = rule.query.select(&looked);
            for action in &rule.actions {
                let answer = action.message(&looked, &selected).and_then(|message| {
                    *chained += usize::from(chain > 0);
                    let is_over = chain >= CHAIN_MAX || *chained > CHAINED_MAX;
                    if is_over {
                        Err("too many rules publish because of one another".to_owned())
                    } else {
                        Ok(message)
                    }
                });
                match answer {
                    Ok(message) => {
                        counts.republished += 1;
                        let why = format!("{rule_name}: {REPUBLISHED}");
                        let cause = note(&message.topic, &why, aws("aws.rule.republish"), *cause);
                        published.push(Published { message, cause });
                    }
                    Err(why) => {
                        counts.failed += 1;
                        let rule = if chain > 0 {
                            own("glassbroker.bound.rules")
                        } else {
                            aws("aws.rule.republish")
                        };
                        note(&looked.message.topic, &format!("{rule_name}: {why}"), rule, *cause);
                    }
                }
            }
        }
        if let Some(name) = name.filter(|_| !is_known) {
            note(&message.topic, &format!("no rule `{name}` is enabled"), aws("aws.ingest.unknown"), *cause);
        }
    }
}

impl TopicRule {
    /// Whether a message on this topic is its to look at.
    fn is_for(&self, topic: &str, broker: &Broker) -> bool {
        let from = self.query.statement.from.as_deref();
        !self.disabled && from.is_some_and(|from| matches(from, topic, broker.parent_match()))
    }
}

impl Query {
    /// What it picks out of a message: the payload as it is where all of it is wanted, else an object.
    fn select(&self, looked: &Looked<'_>) -> Bytes {
        let items = &self.statement.items;
        if let [Item::All] = &items[..] {
            return looked.message.payload.clone();
        }
        let mut fields: Vec<(&str, Json)> = Vec::new();
        for item in items {
            match (item, &looked.payload) {
                (Item::All, Some(Json::Object(entries))) => {
                    for entry in entries {
                        put(&mut fields, &entry.key, entry.node.value.clone());
                    }
                }
                (Item::All, _) => {}
                (Item::Field(expression, name), _) => {
                    if let Some(value) = expression.value(looked) {
                        put(&mut fields, name, value);
                    }
                }
            }
        }
        let mut out = String::from("{");
        for (at, (name, value)) in fields.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_text(&mut out, name);
            out.push(':');
            write_value(&mut out, value, None);
        }
        out.push('}');
        Bytes::from(out)
    }
}

/// Sets a field; a later one of the same name takes the place of the first.
fn put<'a>(fields: &mut Vec<(&'a str, Json)>, name: &'a str, value: Json) {
    match fields.iter_mut().find(|(known, _)| *known == name) {
        Some(field) => field.1 = value,
        None => fields.push((name, value)),
    }
}

impl Republish {
    /// The message that it publishes.
    fn message(&self, looked: &Looked<'_>, payload: &Bytes) -> Result<Publish, String> {
        let topic = self.topic.fill(looked);
        let topic = topic.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(&topic);
        check_name(topic).map_err(|error| format!("cannot republish to `{topic}`: {}", error.what()))?;
        let mut properties = Vec::new();
        let filled = |template: &Option<Template>| template.as_ref().map(|template| template.fill(looked));
        properties.extend(filled(&self.content_type).map(|text| Property::ContentType(text.into())));
        let response = filled(&self.response_topic).filter(|topic| check_name(topic).is_ok());
        properties.extend(response.map(|topic| Property::ResponseTopic(topic.into())));
        properties.extend(filled(&self.correlation_data).map(|text| Property::CorrelationData(text.into())));
        for (name, value) in &self.user_properties {
            properties.push(Property::UserProperty(name.as_str().into(), value.fill(looked).into()));
        }
        Ok(Publish {
            qos: self.qos,
            topic: Text::from(topic),
            payload: payload.clone(),
            properties: Properties(properties),
            ..Publish::default()
        })
    }
}
