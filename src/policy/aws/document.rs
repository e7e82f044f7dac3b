//! A policy's document: its statements, and what may stand in them.

use super::condition::Condition;
use super::pattern::Pattern;
use super::variable::Connection;
use crate::nearest::{did_you_mean, ended};
use crate::policy::Action;

/// The most characters of a document, without white space ([aws.policy.size]).
pub const MAX_POLICY_CHARACTERS: usize = 2_048;
/// The region of every scenario.
pub const REGION: &str = "us-east-1";
/// The account of every scenario: the one that AWS's own examples use.
pub const ACCOUNT: &str = "123456789012";

/// What a device's policy can allow besides what the broker asks for.
const OTHER_ACTIONS: &[&str] = &[
    "iot:DeleteConnection",
    "iot:DeleteThingShadow",
    "iot:DescribeJobExecution",
    "iot:GetConnection",
    "iot:GetPendingJobExecutions",
    "iot:GetRetainedMessage",
    "iot:GetThingShadow",
    "iot:ListNamedShadowsForThing",
    "iot:ListRetainedMessages",
    "iot:ListSubscriptions",
    "iot:SendDirectMessage",
    "iot:StartNextPendingJobExecution",
    "iot:UpdateJobExecution",
    "iot:UpdateThingShadow",
];

/// What a statement does where it applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Effect {
    /// It allows.
    #[default]
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// One statement.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statement {
    /// Its name, if it has one.
    pub sid: String,
    /// What it does.
    pub effect: Effect,
    /// The actions that it is about.
    pub actions: Vec<Pattern>,
    /// The resources that it is about, or, where `not` says so, is not about.
    pub resources: Vec<Pattern>,
    /// Whether it is about all other resources.
    pub not: bool,
    /// What must hold besides, all of it.
    pub conditions: Vec<Condition>,
}

/// A policy's document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

impl Policy {
    /// Whether one sees at once that it allows everything to everybody.
    pub fn allows_everything(&self) -> bool {
        let has = |patterns: &[Pattern], all: &[&str]| patterns.iter().any(|one| all.contains(&one.text()));
        let is_open = |one: &Statement| {
            !one.not
                && one.conditions.is_empty()
                && has(&one.actions, &["*", "iot:*"])
                && has(&one.resources, &["*"])
        };
        self.statements.iter().all(|one| one.effect == Effect::Allow) && self.statements.iter().any(is_open)
    }
}

/// The ARN of a resource of the scenario's account.
pub(super) fn arn(kind: &str, resource: &str) -> String {
    ["arn:aws:iot:", REGION, ":", ACCOUNT, ":", kind, "/", resource].concat()
}

/// An action as it is written, such as `iot:Publish` or `iot:*`.
///
/// # Errors
/// Says what is wrong with it, and what is allowed.
pub fn action_pattern(text: &str) -> Result<Pattern, String> {
    let known = || Action::ALL.iter().map(|action| action.aws_name()).chain(OTHER_ACTIONS.iter().copied());
    let pattern = Pattern::with_wildcards(text)?.ignoring_case();
    if known().any(|name| pattern.matches(name, &Connection::default())) {
        return Ok(pattern);
    }
    let near = ended(did_you_mean(text, known()));
    Err(format!(
        "`{text}` is no action of a client{near} Such are `iot:Connect`, `iot:Publish`, `iot:RetainPublish`, `iot:Subscribe`, `iot:Receive`, `iot:*`"
    ))
}

/// A resource as it is written: `*`, or an ARN of the scenario's region and account.
///
/// # Errors
/// Says what is wrong with it, and what is allowed.
pub fn resource_pattern(text: &str) -> Result<Pattern, String> {
    let pattern = Pattern::with_wildcards(text)?;
    if text == "*" {
        return Ok(pattern);
    }
    let example = format!("such as `{}`", arn("topic", "plant/*"));
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [begin, partition, service, region, account, rest] = parts[..] else {
        return Err(format!("a resource is `*` or an ARN of six parts, {example}"));
    };
    for (part, name, wanted) in [
        (begin, "begins with", "arn"),
        (partition, "has the partition", "aws"),
        (service, "is of the service", "iot"),
        (region, "is of the region", REGION),
        (account, "is of the account", ACCOUNT),
    ] {
        let is_it =
            Pattern::with_wildcards(part).is_ok_and(|part| part.matches(wanted, &Connection::default()));
        if !is_it {
            return Err(format!("a scenario's resource {name} `{wanted}`, not `{part}`: {example}"));
        }
    }
    let kind = rest.split(['/', '*', '?', '$']).next().unwrap_or_default();
    let known = ["client", "topic", "topicfilter", "thing", "rule"];
    let is_whole = rest.get(kind.len()..).is_some_and(|behind| behind.starts_with('/'));
    if is_whole && !known.contains(&kind) || kind == rest && !rest.is_empty() {
        let near = did_you_mean(kind, known);
        return Err(format!("a resource is `client/…`, `topic/…` or `topicfilter/…`, not `{rest}`{near}"));
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [P1] [aws.policy.matching]
    #[test]
    fn actions_and_resources_are_looked_at() {
        for right in
            ["*", "iot:*", "iot:Con*", "iot:connect", "iot:Publish", "iot:GetThingShadow", "iot:?ublish"]
        {
            assert!(action_pattern(right).is_ok(), "{right}");
        }
        for (wrong, hint) in
            [("iot:Publsh", "`iot:Publish`"), ("s3:*", "iot:*"), ("Publish", "`iot:Publish`")]
        {
            let message = action_pattern(wrong).unwrap_err();
            assert!(message.contains(hint), "{message}");
        }
        for right in [
            "*",
            "arn:aws:iot:us-east-1:123456789012:topic/a",
            "arn:aws:iot:*:*:topicfilter/$share/*/a:b",
            "arn:aws:iot:us-east-1:123456789012:*",
            "arn:aws:iot:us-east-1:123456789012:topic*",
            "arn:*:iot:us-*:123456789012:client/${iot:ClientId}",
        ] {
            assert!(resource_pattern(right).is_ok(), "{right}");
        }
        for (wrong, hint) in [
            ("topic/a", "six parts"),
            ("", "six parts"),
            ("arn:aws:iot:eu-west-1:123456789012:topic/a", "us-east-1"),
            ("arn:aws:iot:us-east-1:111122223333:topic/a", "123456789012"),
            ("arn:aws:s3:us-east-1:123456789012:topic/a", "`iot`"),
            ("arn:aws:iot:us-east-1:123456789012:topics/a", "`topic`"),
            ("arn:aws:iot:us-east-1:123456789012:topic", "topic/…"),
            ("arn:aws:iot:us-east-1:123456789012:topic/${iot:Client}", "`iot:ClientId`"),
        ] {
            let message = resource_pattern(wrong).unwrap_err();
            assert!(message.contains(hint), "{wrong}: {message}");
        }
    }
}
