//! Policies that are changed while the broker runs ([aws.policy.delay]).

use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::nearest::did_you_mean;
use crate::policy::aws::{Policy, Principal};
use crate::rule::aws;
use crate::time::{SimTime, Span};
use std::sync::Arc;

/// A document that does not count yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    at: SimTime,
    name: Box<str>,
    document: Policy,
    cause: Cause,
}

/// What does not count yet, in the order in which it came, and when that is looked at next.
#[derive(Clone, Debug, Default)]
pub(super) struct PendingPolicies {
    waiting: Vec<Pending>,
    due_at: Option<SimTime>,
}

impl Broker {
    /// Attaches policies to a principal, in place of those that it has.
    pub fn attach(&mut self, principal: &str, policies: Principal) {
        if self.access.policies.principals.get(principal) != Some(&policies) {
            Arc::make_mut(&mut self.access).policies.principals.insert(principal.into(), policies);
        }
    }

    /// Puts a document in the place of a policy's once its delay has passed.
    pub(super) fn change_policy<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        name: &str,
        document: Policy,
        cause: Cause,
    ) -> Result<(), String> {
        let documents = &self.access.policies.documents;
        if !documents.contains(name) {
            let near = did_you_mean(name, documents.keys().map(|name| &**name));
            return Err(format!("there is no policy `{name}`{near}"));
        }
        let at = turn.now + Span::s(self.limits.policy_delay_s);
        let until = (at > turn.now).then_some(at);
        let cause = turn.note(Kind::Decision, "", cause, |event| {
            event.rule = Some(aws("aws.policy.delay"));
            event.topic = name;
            event.why = "this policy is changed";
            event.until = until;
        });
        self.policies.waiting.push(Pending { at, name: name.into(), document, cause });
        self.on_policies_due(turn);
        Ok(())
    }

    /// Adds a document to those that there are. Where there was none it would decide for everybody, who had no policy yet.
    pub(super) fn add_policy<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        name: &str,
        document: Policy,
        cause: Cause,
    ) -> Result<(), String> {
        let documents = &self.access.policies.documents;
        if documents.is_empty() {
            return Err("this broker has no policies: everything is allowed".to_owned());
        }
        if documents.contains(name) {
            return Err(format!("there is a policy `{name}` already"));
        }
        turn.note(Kind::Decision, "", cause, |event| {
            event.topic = name;
            event.why = "this policy is new";
        });
        Arc::make_mut(&mut self.access).policies.documents.insert(name.into(), document);
        Ok(())
    }

    /// Lets count what has waited long enough.
    pub(super) fn on_policies_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>) {
        let (due, waiting) = std::mem::take(&mut self.policies.waiting)
            .into_iter()
            .partition(|pending| pending.at <= turn.now);
        self.policies.waiting = waiting;
        for Pending { at, name, document, cause } in Vec::from_iter(due) {
            if at < turn.now {
                turn.note(Kind::Decision, "", cause, |event| {
                    event.rule = Some(aws("aws.policy.delay"));
                    event.topic = &name;
                    event.why = "the change counts from now on";
                });
            }
            Arc::make_mut(&mut self.access).policies.documents.insert(name, document);
        }
        self.arm_policies();
    }

    /// Sets the moment at which the next change begins to count.
    pub(super) fn arm_policies(&mut self) {
        let slot = &mut self.policies.due_at;
        match self.policies.waiting.iter().map(|pending| pending.at).min() {
            Some(at) => self.live.timers.set(slot, TimerKey::Policies, at),
            None => self.live.timers.clear(slot, TimerKey::Policies),
        }
    }

    /// The same where all timers were lost.
    pub(super) fn rearm_policies(&mut self) {
        self.policies.due_at = None;
        self.arm_policies();
    }
}
