//! The fields of a document's topic rules.

use super::form::{Form, read, tree, write};
use super::problem::Problem;
use crate::account::{ACTIONS_MAX, Query, Republish, TOPIC_RULES_MAX, Template, TopicRule};
use crate::sorted::Sorted;
use crate::wire::QoS;

/// The longest name of a topic rule, in bytes.
const MAX_NAME_BYTES: usize = 128;

/// Reads a file of topic rules: an object with a rule for each name, as `broker.rules` of a scenario has them.
///
/// # Errors
/// Everything that is wrong with it, with line, column and path.
pub fn parse_topic_rules(text: &str) -> Result<Sorted<Box<str>, TopicRule>, Vec<Problem>> {
    let root = tree(text)?;
    read(text, &root, Sorted::new(), topic_rules)
}

/// Rules by name.
pub(super) fn topic_rules(form: &mut Form<'_>, rules: &mut Sorted<Box<str>, TopicRule>) {
    form.object(rules, |form, rules| {
        for name in form.names() {
            let mut rule = TopicRule::default();
            let form = form.at_field(name);
            let is_right = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if !(1..=MAX_NAME_BYTES).contains(&name.len()) || !name.bytes().all(is_right) {
                form.wrong("the name of a rule has 1 to 128 letters, digits and underscores");
            }
            topic_rule(form, &mut rule);
            rules.insert(name.into(), rule);
        }
        if form.reads() {
            return;
        }
        for (name, rule) in rules.iter() {
            match write(&mut rule.clone(), topic_rule) {
                Ok(text) => form.put_as(Some(name)).push_str(&text),
                Err(problem) => form.wrong(&problem.message),
            }
        }
    });
    form.most(rules.len(), TOPIC_RULES_MAX);
}

fn topic_rule(form: &mut Form<'_>, value: &mut TopicRule) {
    form.object(value, |form, value| {
        query(form.must("sql"), &mut value.query);
        let actions = form.must("actions");
        actions.list_of(&mut value.actions, Republish::default, action);
        actions.most(value.actions.len(), ACTIONS_MAX);
        let mut is_enabled = !value.disabled;
        form.may("enabled").switch(&mut is_enabled, true);
        value.disabled = !is_enabled;
    });
}

fn query(form: &mut Form<'_>, value: &mut Query) {
    let mut text = value.text().to_owned();
    form.text(&mut text);
    if form.given().is_some() {
        match Query::parse(&text) {
            Ok(query) => *value = query,
            Err(error) => form.wrong(&error.to_string()),
        }
    }
}

/// What is done: the one thing that there is.
fn action(form: &mut Form<'_>, value: &mut Republish) {
    form.object(value, |form, value| form.must("republish").object(value, republish));
}

fn republish(form: &mut Form<'_>, value: &mut Republish) {
    template(form.must("topic"), &mut value.topic);
    let mut qos = value.qos as u8;
    form.may("qos").number(&mut qos, 0, 0..=1);
    value.qos = QoS::from_number(qos).unwrap_or_default();
    form.may("content_type").maybe(&mut value.content_type, template);
    form.may("response_topic").maybe(&mut value.response_topic, template);
    form.may("correlation_data").maybe(&mut value.correlation_data, template);
    form.may("user_properties").list_of(&mut value.user_properties, Default::default, |form, pair| {
        let (name, value) = pair;
        let mut texts = (name.clone(), value.text().to_owned());
        form.two(&mut texts, Form::text, "a pair [name, value] of texts belongs here");
        *name = texts.0;
        fill(form, value, &texts.1);
    });
}

fn template(form: &mut Form<'_>, value: &mut Template) {
    let mut text = value.text().to_owned();
    form.text(&mut text);
    fill(form, value, &text);
}

/// Reads a text in which `${…}` may stand.
fn fill(form: &mut Form<'_>, value: &mut Template, text: &str) {
    if form.given().is_some() {
        match Template::parse(text) {
            Ok(template) => *value = template,
            Err(error) => form.wrong(&error.to_string()),
        }
    }
}
