//! What decided in an event: a line of the access list, or a statement of a policy.

use crate::broker::Kind;
use crate::policy::Access;
use crate::policy::aws::DecidedBy;
use crate::scenario::statement_text;
use crate::trace::{EventRef, Trace};
use crate::ui::text::access as text;

/// How far a denial may lie behind what is told of it: the answer is sent, travels and is received.
const NEAR: usize = 4;

/// The decision.
pub(crate) struct Decided {
    /// What decided: an access list or a policy.
    pub(crate) what: &'static str,
    /// The line of the access list, from 1, where one decided.
    pub(crate) line: Option<u32>,
    /// The line or the statement, as the event says it.
    pub(crate) by: String,
    /// The text of the statement, as it stands at the view.
    pub(crate) statement: Option<String>,
}

/// What an access list or a policy decided in an event, or denied before it.
pub(crate) fn decided(trace: &Trace, access: &Access, seq: u32) -> Option<Decided> {
    let is_decision = |one: &EventRef<'_>| match one.kind() {
        Kind::PolicyDenied => true,
        Kind::PolicyAllowed => one.seq() == seq,
        _ => false,
    };
    let decision = trace.cause_chain(seq).into_iter().take(NEAR).find(is_decision)?;
    let (_, by) = decision.why().split_once(", by ")?;
    let is_policy = decision.rule().is_some_and(|rule| rule.id == "aws.policy.evaluation");
    let by = text::decided_by(by);
    if !is_policy {
        return Some(Decided { what: text::LIST, line: decision.number(), by, statement: None });
    }
    let statement = decision.number().and_then(|number| statement(access, number, &by));
    Some(Decided { what: text::POLICY, line: None, by, statement })
}

/// The text of the statement of which an event speaks so.
fn statement(access: &Access, number: u32, by: &str) -> Option<String> {
    access.policies.documents.iter().find_map(|(policy, document)| {
        let one = document.statements.get(number.checked_sub(1)? as usize)?;
        let told = DecidedBy { policy, number, sid: &one.sid }.to_string();
        (told == by).then(|| statement_text(one))
    })
}
