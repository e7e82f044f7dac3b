//! The access list, asked before a message is taken, handed on or subscribed to (row P3).

use super::store::SessionId;
use super::sys::{SYS, is_sys};
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::policy::Action;
use crate::rule::{RuleId, own};

/// The rule of access lists.
pub(super) const ACCESS_LIST: RuleId = own("glassbroker.access-list");

/// Who wants to do something.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) client: &'a str,
    pub(super) user: Option<&'a str>,
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
    ) -> (bool, Cause) {
        if self.access.list.is_none() && action != Action::Publish {
            return (true, cause);
        }
        let Some(session) = self.store.session(id) else { return (true, cause) };
        let who = Who { client: &session.client, user: session.user.as_deref() };
        self.may_as(turn, action, who, topic, cause)
    }

    /// The same for a client that may have no session any more.
    pub(super) fn may_as<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        action: Action,
        who: Who<'_>,
        topic: &str,
        cause: Cause,
    ) -> (bool, Cause) {
        if action == Action::Publish && is_sys(topic) {
            let cause = turn.note(Kind::PolicyDenied, who.client, cause, |event| {
                event.rule = Some(SYS);
                event.topic = topic;
                event.why = "publish: these topics are the broker's own";
            });
            return (false, cause);
        }
        let Some(list) = &self.access.list else { return (true, cause) };
        let decision = list.decide(action, who.user, who.client, topic);
        if !O::WATCHES {
            return (decision.allowed, cause);
        }
        let why = match decision.line {
            Some((line, text)) => format!("{}, by line {line}: {text}", action.name()),
            None => format!("{}, by no line", action.name()),
        };
        let kind = if decision.allowed { Kind::PolicyAllowed } else { Kind::PolicyDenied };
        let cause = turn.note(kind, who.client, cause, |event| {
            event.rule = Some(ACCESS_LIST);
            event.topic = topic;
            event.why = &why;
            event.number = decision.line.map(|(line, _)| line);
        });
        (decision.allowed, cause)
    }
}
