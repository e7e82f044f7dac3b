//! The one door for permissions: access lists (row P3) and policies (row P1), asked before a client comes in, and before a message is
//! taken, handed on or subscribed to. What there is of both must allow it.

use super::on_connect::Terms;
use super::store::SessionId;
use super::sys::{SYS, is_sys};
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::policy::aws::{LAST_WILL, PERSISTENT_CONNECT, Request};
use crate::policy::{Action, source_address};
use crate::rule::{RuleId, aws, own};
use crate::wire::{Connect, Text, Version};

/// The rule of access lists.
pub(super) const ACCESS_LIST: RuleId = own("glassbroker.access-list");
/// The rule of policies.
pub(super) const POLICY: RuleId = aws("aws.policy.evaluation");

/// Who wants to do something.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) client: &'a str,
    pub(super) user: Option<&'a str>,
    /// Whose policies count.
    pub(super) principal: &'a str,
}

/// Whether something may be done; if not, by which rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum May {
    Yes,
    No(RuleId),
}

impl May {
    /// Whether a policy is why it may not be done, which has consequences of its own.
    pub(super) fn is_denied_by_policy(self) -> bool {
        self == Self::No(POLICY)
    }
}

impl Broker {
    /// Whether a session's client may do this, and the cause of what follows.
    #[inline]
    pub(super) fn may<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        action: Action,
        id: SessionId,
        topic: &str,
        cause: Cause,
    ) -> (May, Cause) {
        if action != Action::Publish && !self.access.restricts() {
            return (May::Yes, cause);
        }
        let Some(session) = self.store.session(id) else { return (May::Yes, cause) };
        self.may_as(turn, action, session.who(), topic, cause)
    }

    /// The same for a client that may have no session any more.
    pub(super) fn may_as<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        action: Action,
        who: Who<'_>,
        topic: &str,
        cause: Cause,
    ) -> (May, Cause) {
        if action == Action::Publish && is_sys(topic) {
            let cause = turn.note(Kind::PolicyDenied, who.client, cause, |event| {
                event.rule = Some(SYS);
                event.topic = topic;
                event.why = "publish: these topics are the broker's own";
            });
            return (May::No(SYS), cause);
        }
        match self.ask_list(turn, action, who, topic, cause) {
            (May::Yes, cause) => self.ask_policies(turn, &request(action, topic), who, cause),
            denied => denied,
        }
    }

    /// Whether a session's client may subscribe. What ends a connection of 3.1.1 was asked before anything was changed.
    pub(super) fn may_subscribe<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        whole: &str,
        filter: &str,
        cause: Cause,
    ) -> (May, Cause) {
        let Some(session) = self.store.session(id) else { return (May::Yes, cause) };
        match session.version {
            Version::V5 => self.may_subscribe_as(turn, session.who(), whole, filter, cause),
            Version::V3 => self.ask_list_for_filter(turn, session.who(), filter, cause),
        }
    }

    /// The same for somebody, whatever the version: the list is asked for what the filter matches, the policies for all of it, with
    /// its `$share/…/` ([aws.policy.shared-filter]).
    pub(super) fn may_subscribe_as<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        who: Who<'_>,
        whole: &str,
        filter: &str,
        cause: Cause,
    ) -> (May, Cause) {
        match self.ask_list_for_filter(turn, who, filter, cause) {
            (May::Yes, cause) => self.ask_policies(turn, &request(Action::Subscribe, whole), who, cause),
            denied => denied,
        }
    }

    /// Asks the list for all that a filter matches, where it is to be asked.
    fn ask_list_for_filter<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        who: Who<'_>,
        filter: &str,
        cause: Cause,
    ) -> (May, Cause) {
        if self.limits.access_list_subscribe {
            self.ask_list(turn, Action::Subscribe, who, filter, cause)
        } else {
            (May::Yes, cause)
        }
    }

    /// Whether the policies let a session's client subscribe.
    pub(super) fn may_subscribe_by_policy<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        filter: &str,
        cause: Cause,
    ) -> (May, Cause) {
        let Some(session) = self.store.session(id) else { return (May::Yes, cause) };
        self.ask_policies(turn, &request(Action::Subscribe, filter), session.who(), cause)
    }

    /// Whether a client may come in, and publish its Will ([aws.policy.will]).
    pub(super) fn may_connect<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        connect: &Connect,
        terms: &Terms,
        cause: Cause,
    ) -> (May, Cause) {
        let who =
            Who { client: &terms.client, user: connect.username.as_deref(), principal: &terms.principal };
        let is_persistent = match connect.version {
            Version::V3 => !connect.clean_start,
            Version::V5 => terms.expiry_s != Some(0),
        };
        self.may_connect_as(turn, who, connect, is_persistent, cause)
    }

    /// The same for somebody. What the CONNECT asks for are the values of `iot:ConnectAttributes` ([aws.policy.persistent]).
    pub(super) fn may_connect_as<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        who: Who<'_>,
        connect: &Connect,
        is_persistent: bool,
        cause: Cause,
    ) -> (May, Cause) {
        if self.access.policies.is_empty() {
            return (May::Yes, cause);
        }
        let asked = [(is_persistent, PERSISTENT_CONNECT), (connect.will.is_some(), LAST_WILL)];
        let attributes: Vec<&str> = asked.iter().filter(|(is_so, _)| *is_so).map(|(_, name)| *name).collect();
        let connecting = Request {
            action: Action::Connect,
            resource: who.client,
            attributes: &attributes,
            will_topic: connect.will.as_ref().map(|will| &*will.topic),
            attributes_by_default: self.limits.policy_attributes_by_default,
        };
        let mut answer = self.ask_policies(turn, &connecting, who, cause);
        let Some(will) = &connect.will else { return answer };
        for (action, is_needed) in [(Action::Publish, true), (Action::RetainPublish, will.retain)] {
            if answer.0 == May::Yes && is_needed {
                answer = self.ask_policies(turn, &request(action, &will.topic), who, answer.1);
            }
        }
        answer
    }

    /// Whether the policies let somebody do this who is no client.
    pub(super) fn may_by_policy<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        action: Action,
        who: Who<'_>,
        topic: &str,
        cause: Cause,
    ) -> (May, Cause) {
        self.ask_policies(turn, &request(action, topic), who, cause)
    }

    /// Whose policies count for a connection: those of its own principal; else of the user name, where that has some, or of the
    /// client identifier.
    pub(super) fn principal_of(&self, conn: ConnId, connect: &Connect, client: &Text) -> Text {
        if self.access.policies.is_empty() {
            return Text::default();
        }
        if let Some(principal) =
            self.live.connection(conn).and_then(|connection| connection.principal.as_ref())
        {
            return principal.clone();
        }
        self.principal_by_name(connect, client)
    }

    /// The same where the connection has none of its own.
    pub(super) fn principal_by_name(&self, connect: &Connect, client: &Text) -> Text {
        let user = connect.username.as_ref();
        let known = user.filter(|user| self.access.policies.principals.contains(&***user));
        known.map_or_else(|| client.clone(), |user| Text::from(&**user))
    }

    /// Asks the access list, where there is one, for what it is about.
    fn ask_list<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        action: Action,
        who: Who<'_>,
        topic: &str,
        cause: Cause,
    ) -> (May, Cause) {
        let Some(list) = &self.access.list else { return (May::Yes, cause) };
        if action == Action::RetainPublish {
            return (May::Yes, cause);
        }
        let decision = list.decide(action, who.user, who.client, topic);
        let may = if decision.allowed { May::Yes } else { May::No(ACCESS_LIST) };
        if !O::WATCHES {
            return (may, cause);
        }
        let why = match decision.line {
            Some((line, text)) => format!("{}, by line {line}: {text}", action.name()),
            None => format!("{}, by no line", action.name()),
        };
        let number = decision.line.map(|(line, _)| line);
        (may, note(turn, may, ACCESS_LIST, who, topic, &why, number, cause))
    }

    /// Asks the policies, where there are some.
    fn ask_policies<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        request: &Request<'_>,
        who: Who<'_>,
        cause: Cause,
    ) -> (May, Cause) {
        let policies = &self.access.policies;
        if policies.is_empty() {
            return (May::Yes, cause);
        }
        let address = source_address(self.seed, who.client);
        let ruling = policies.decide(who.principal, who.client, address, request);
        let may = if ruling.allowed { May::Yes } else { May::No(POLICY) };
        if !O::WATCHES {
            return (may, cause);
        }
        let action = request.action.aws_name();
        let why = match ruling.by {
            Some(by) => format!("{action}, by {by}"),
            None => format!("{action}, by no statement"),
        };
        let number = ruling.by.map(|by| by.number);
        (may, note(turn, may, POLICY, who, request.resource, &why, number, cause))
    }
}

/// A request that is no CONNECT.
fn request(action: Action, resource: &str) -> Request<'_> {
    Request { action, resource, ..Request::default() }
}

/// Notes a decision, with what decided.
#[allow(clippy::too_many_arguments)]
fn note<O: Observer>(
    turn: &mut Turn<'_, O>,
    may: May,
    rule: RuleId,
    who: Who<'_>,
    topic: &str,
    why: &str,
    number: Option<u32>,
    cause: Cause,
) -> Cause {
    let kind = if may == May::Yes { Kind::PolicyAllowed } else { Kind::PolicyDenied };
    turn.note(kind, who.client, cause, |event| {
        event.rule = Some(rule);
        event.topic = topic;
        event.why = why;
        event.number = number;
    })
}
