//! What is typed for policies, who has which, and what is wrong with it.

use crate::policy::aws::{EXAMPLES, Example, Policy};
use crate::scenario::{MAX_POLICIES, Scenario, parse_policy, policy_text};
use crate::sorted::Sorted;
use crate::ui::text::access as text;

/// How many errors of a document are told.
const TOLD: usize = 3;

/// A policy as the form has it.
#[derive(Clone)]
pub(super) struct PolicyDraft {
    pub(super) name: String,
    pub(super) text: String,
    /// Its name in the scenario; `None` where it is new.
    was: Option<String>,
    /// For each of the scenario's clients, whether it has this one.
    pub(super) has: Vec<bool>,
}

impl PolicyDraft {
    /// What is wrong with its document, with line and column.
    pub(super) fn wrong_text(&self) -> Option<String> {
        let problems = parse_policy(&self.text).err()?;
        let lines: Vec<String> = problems.iter().take(TOLD).map(ToString::to_string).collect();
        Some(lines.join("\n"))
    }
}

/// The policies of a scenario.
pub(super) fn policies_of(scenario: &Scenario) -> Vec<PolicyDraft> {
    let documents = &scenario.broker.access.policies.documents;
    let drafts = documents.iter().map(|(name, policy)| PolicyDraft {
        name: name.to_string(),
        text: policy_text(policy),
        was: Some(name.to_string()),
        has: scenario
            .clients
            .iter()
            .map(|spec| spec.principal.policies.iter().any(|one| **one == **name))
            .collect(),
    });
    drafts.collect()
}

/// One more, like an example. The first one is everybody's, for without it nobody might do anything.
pub(super) fn add(policies: &mut Vec<PolicyDraft>, clients: usize, example: &Example) {
    let name = unused(example.name, |name| policies.iter().any(|one| one.name == name));
    let has = vec![policies.is_empty(); clients];
    policies.push(PolicyDraft { name, text: example.text.to_owned(), was: None, has });
}

/// This name, or one like it that nothing has.
fn unused(name: &str, is_used: impl Fn(&str) -> bool) -> String {
    let others = (2..).map(|n| format!("{name}-{n}"));
    let mut names = std::iter::once(name.to_owned()).chain(others);
    names.find(|name| !is_used(name)).unwrap_or_default()
}

/// The policy that lets everything, out of those that there are, or what it would be called as a new one.
pub(crate) fn lets_all(documents: &Sorted<Box<str>, Policy>) -> (String, Option<Policy>) {
    if let Some((name, _)) = documents.iter().find(|(_, policy)| policy.allows_everything()) {
        return (name.to_string(), None);
    }
    let example = &EXAMPLES[0];
    (unused(example.name, |name| documents.contains(name)), parse_policy(example.text).ok())
}

/// What is wrong with the name of a policy.
pub(super) fn wrong_name(policies: &[PolicyDraft], at: usize) -> Option<String> {
    let name = &policies.get(at)?.name;
    if name.is_empty() {
        return Some(text::NAMELESS_POLICY.to_owned());
    }
    let twice = policies[..at].iter().any(|other| other.name == *name);
    twice.then(|| text::SAME_POLICY.to_owned())
}

/// What is wrong with who has what.
pub(super) fn wrong_count(policies: &[PolicyDraft]) -> Option<String> {
    let clients = policies.first().map_or(0, |one| one.has.len());
    let count = |at: usize| policies.iter().filter(|one| one.has.get(at) == Some(&true)).count();
    (0..clients).any(|at| count(at) > MAX_POLICIES).then(|| text::too_many(MAX_POLICIES))
}

/// Puts what is typed into a scenario; `None` where something is wrong. A client's policies keep their order, which says what is named
/// of several that allow.
pub(super) fn apply(policies: &[PolicyDraft], scenario: &mut Scenario) -> Option<()> {
    let mut documents = Sorted::new();
    for (at, one) in policies.iter().enumerate() {
        if wrong_name(policies, at).is_some() {
            return None;
        }
        documents.insert(one.name.as_str().into(), parse_policy(&one.text).ok()?);
    }
    if wrong_count(policies).is_some() {
        return None;
    }
    for (at, spec) in scenario.clients.iter_mut().enumerate() {
        let has = policies.iter().filter(|one| one.has.get(at) == Some(&true));
        let place = |one: &PolicyDraft| {
            let before = spec.principal.policies.iter().position(|name| Some(name) == one.was.as_ref());
            before.unwrap_or(usize::MAX) as u64
        };
        let names = crate::sorted::in_order(has.collect(), |one| place(one));
        spec.principal.policies = names.into_iter().map(|one| one.name.clone()).collect();
    }
    scenario.broker.access.policies.documents = documents;
    Some(())
}
