//! AWS IoT policies in a document: what stands in them, read and written.

use super::form::{Form, read, tree, write};
use super::problem::Problem;
use crate::json::{self, Json, write_text, write_value};
use crate::policy::aws::{
    Condition, Effect, MAX_POLICY_CHARACTERS, Pattern, Policies, Policy, Principal, Statement, Thing,
    action_pattern, resource_pattern,
};
use crate::sorted::Sorted;

/// The version of the language, which is no date that one may choose.
const VERSION: &str = "2012-10-17";

/// Reads policies with those who have them, as a file says it: `policies` as in a scenario, and `clients`, which gives a policy's name or a
/// list of names to each user name or client identifier.
///
/// # Errors
/// Everything that is wrong with it, with line, column and path.
pub fn parse_policies(text: &str) -> Result<Policies, Vec<Problem>> {
    let root = tree(text)?;
    read(text, &root, Policies::default(), |form, value| {
        form.object(value, |form, value| {
            form.must("policies").object(&mut value.documents, documents);
            form.may("clients").object(value, |form, value| {
                for name in form.names() {
                    let mut principal = Principal::default();
                    form.at_field(name).one_or_more(&mut principal.policies, String::new, Form::text);
                    for policy in
                        principal.policies.iter().filter(|policy| !value.documents.contains(policy.as_str()))
                    {
                        form.wrong(&format!("there is no policy `{policy}`"));
                    }
                    value.principals.insert(name.into(), principal);
                }
            });
        });
    })
}

/// Reads one policy's document by itself.
///
/// # Errors
/// As there.
pub fn parse_policy(text: &str) -> Result<Policy, Vec<Problem>> {
    let root = tree(text)?;
    read(text, &root, Policy::default(), document)
}

/// A policy's document as one writes it by hand: a line for each member.
pub fn policy_text(policy: &Policy) -> String {
    in_lines(write(&mut policy.clone(), document))
}

/// One statement of a policy in the same way.
pub fn statement_text(one: &Statement) -> String {
    in_lines(write(&mut one.clone(), statement))
}

/// JSON text with a line for each member; empty where the value has no form.
fn in_lines(text: Result<String, Problem>) -> String {
    let mut out = String::new();
    if let Ok(node) = json::parse(&text.unwrap_or_default()) {
        write_value(&mut out, &node.value, Some(0));
    }
    out
}

/// Documents by their names.
pub(super) fn documents(form: &mut Form<'_>, value: &mut Sorted<Box<str>, Policy>) {
    for name in form.names() {
        let mut one = Policy::default();
        document(form.at_field(name), &mut one);
        value.insert(name.into(), one);
    }
    if !form.reads() {
        for (name, policy) in value.iter() {
            match write(&mut policy.clone(), document) {
                Ok(text) => form.put_as(Some(name)).push_str(&text),
                Err(problem) => form.wrong(&problem.message),
            }
        }
    }
}

/// A document.
pub(super) fn document(form: &mut Form<'_>, value: &mut Policy) {
    let length = form.characters();
    if length > MAX_POLICY_CHARACTERS {
        form.wrong(&format!(
            "this policy has {length} characters without white space; at most {MAX_POLICY_CHARACTERS} are allowed"
        ));
    }
    form.object(value, |form, value| {
        let mut version = VERSION.to_owned();
        form.must("Version").text(&mut version);
        if version != VERSION {
            form.wrong(&format!("the version of a policy is \"{VERSION}\""));
        }
        form.must("Statement");
        match form.given() {
            Some(Json::Object(_)) => form.one_or_more(&mut value.statements, Statement::default, statement),
            _ => form.list_of(&mut value.statements, Statement::default, statement),
        }
    });
}

fn statement(form: &mut Form<'_>, value: &mut Statement) {
    form.object(value, |form, value| {
        form.may("Sid").text(&mut value.sid);
        let mut effect = if value.effect == Effect::Allow { "Allow" } else { "Deny" }.to_owned();
        form.must("Effect").text(&mut effect);
        match effect.as_str() {
            "Allow" => value.effect = Effect::Allow,
            "Deny" => value.effect = Effect::Deny,
            _ => form.wrong("an effect is \"Allow\" or \"Deny\""),
        }
        form.must("Action").one_or_more(&mut value.actions, Pattern::default, |form, value| {
            pattern(form, value, action_pattern);
        });
        if form.given().is_some() && value.actions.is_empty() {
            form.wrong("at least one action belongs here");
        }
        if form.reads() {
            value.not = form.peek("NotResource").is_some();
            if value.not == form.peek("Resource").is_some() {
                form.wrong_object("a statement has either `Resource` or `NotResource`");
            }
        }
        for (name, is_not) in [("Resource", false), ("NotResource", true)] {
            form.may(name);
            if value.not == is_not {
                form.is_needed();
                form.one_or_more(&mut value.resources, Pattern::default, |form, value| {
                    pattern(form, value, resource_pattern);
                });
                if form.given().is_some() && value.resources.is_empty() {
                    form.wrong("at least one resource belongs here");
                }
            }
        }
        form.may("Condition").object(&mut value.conditions, conditions);
    });
}

/// Conditions: an object of operators, each an object of keys.
fn conditions(form: &mut Form<'_>, value: &mut Vec<Condition>) {
    for operator in form.names() {
        let mut keys = (operator.to_owned(), Vec::new());
        form.at_field(operator);
        if !matches!(form.given(), Some(Json::Object(_))) {
            form.not("an object of keys and their values");
        }
        form.object(&mut keys, |form, (operator, conditions)| {
            for key in form.names() {
                form.at_field(key);
                match Condition::new(operator, key) {
                    Ok(mut condition) => {
                        condition_values(form, &mut condition);
                        conditions.push(condition);
                    }
                    Err(message) => form.wrong(&message),
                }
            }
        });
        value.extend(keys.1);
    }
    if form.reads() {
        return;
    }
    let mut rest = value.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|condition| condition.operator == first.operator).count();
        let (group, behind) = rest.split_at(count);
        let out = form.put_as(Some(&first.operator));
        for (index, condition) in group.iter().enumerate() {
            out.push(if index == 0 { '{' } else { ',' });
            write_text(out, &condition.key);
            out.push(':');
            for (index, value) in condition.values.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                write_text(out, value.text());
            }
            out.push_str(if condition.values.is_empty() { "[]" } else { "]" });
        }
        out.push('}');
        rest = behind;
    }
}

/// The values of a condition: text, true or false, or a list of such.
fn condition_values(form: &mut Form<'_>, condition: &mut Condition) {
    let mut texts = Vec::new();
    form.one_or_more(&mut texts, String::new, |form, text| match form.given() {
        Some(Json::Switch(switch)) => *text = switch.to_string(),
        _ => form.text(text),
    });
    for text in texts {
        match condition.value(&text) {
            Ok(value) => condition.values.push(value),
            Err(message) => form.wrong(&message),
        }
    }
}

/// A pattern, as text.
fn pattern(form: &mut Form<'_>, value: &mut Pattern, kind: fn(&str) -> Result<Pattern, String>) {
    let mut text = value.text().to_owned();
    form.text(&mut text);
    if matches!(form.given(), Some(Json::Text(_))) {
        match kind(&text) {
            Ok(pattern) => *value = pattern,
            Err(message) => form.wrong(&message),
        }
    }
}

/// The policies of a client, and its thing.
pub(super) fn principal(form: &mut Form<'_>, value: &mut Principal) {
    form.may("policy").one_or_more(&mut value.policies, String::new, Form::text);
    form.may("thing").maybe(&mut value.thing, |form, value| form.object(value, thing));
}

fn thing(form: &mut Form<'_>, value: &mut Thing) {
    form.must("name").text(&mut value.name);
    form.may("type").maybe(&mut value.kind, Form::text);
    form.may("attributes").object(&mut value.attributes, |form, value| {
        for name in form.names() {
            let mut text = String::new();
            form.at_field(name).text(&mut text);
            value.insert(name.into(), text);
        }
        if !form.reads() {
            for (name, text) in value.iter() {
                write_text(form.put_as(Some(name)), text);
            }
        }
    });
    form.may("exclusive").on(&mut value.exclusive);
}
