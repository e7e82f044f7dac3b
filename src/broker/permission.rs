//! What a client may do, asked by somebody who looks on: through the door that the client itself comes to, and nothing is done.

use super::access::{May, Who};
use super::turn::Turn;
use super::{Broker, Cause, Event, Kind, Observer};
use crate::policy::Action;
use crate::rule::RuleId;
use crate::time::SimTime;
use crate::topic::{Filter, check_filter, check_name};
use crate::wire::{Connect, Property, Text, Version};

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Permission {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The rule that decided; `None` where nothing restricts it.
    pub rule: Option<RuleId>,
    /// The line or the statement that decided, such as `statement 2 of pump`; empty where nothing restricts it.
    pub by: String,
}

/// Hears the last decision.
#[derive(Default)]
struct Listener {
    rule: Option<RuleId>,
    by: String,
}

impl Observer for Listener {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        if matches!(event.kind, Kind::PolicyAllowed | Kind::PolicyDenied) {
            self.rule = event.rule;
            // Without the action, which is the one that was asked for.
            let by = event.why.split_once(", by ").or_else(|| event.why.split_once(": "));
            self.by = by.map_or(event.why, |(_, by)| by).to_owned();
        }
        Cause::NONE
    }
}

impl Broker {
    /// Whether the client that sends this CONNECT may do something with a topic, or for SUBSCRIBE with a filter; `None` where the text is
    /// no such thing. To connect it needs neither. `principal` is whose policies count, where that is not for the names in CONNECT to
    /// say. To retain a message is to publish it too.
    pub fn permission(
        &self,
        connect: &Connect,
        principal: Option<&str>,
        action: Action,
        topic: &str,
    ) -> Option<Permission> {
        let client = Text::from(&*connect.client_id);
        let principal = principal.map_or_else(|| self.principal_by_name(connect, &client), Text::from);
        let who = Who { client: &client, user: connect.username.as_deref(), principal: &principal };
        let mut listener = Listener::default();
        let turn = &mut Turn { now: SimTime::ZERO, observer: &mut listener };
        let (may, _) = match action {
            Action::Connect => self.may_connect_as(turn, who, connect, is_persistent(connect), Cause::NONE),
            Action::Subscribe => {
                let Filter { filter, .. } = check_filter(topic).ok()?;
                self.may_subscribe_as(turn, who, topic, filter, Cause::NONE)
            }
            Action::Publish | Action::RetainPublish | Action::Receive => {
                check_name(topic).ok()?;
                let first = if action == Action::Receive { action } else { Action::Publish };
                match self.may_as(turn, first, who, topic, Cause::NONE) {
                    (May::Yes, cause) if action != first => self.may_as(turn, action, who, topic, cause),
                    answer => answer,
                }
            }
        };
        Some(Permission { allowed: may == May::Yes, rule: listener.rule, by: listener.by })
    }
}

/// Whether a CONNECT asks for a session that outlives its connection.
fn is_persistent(connect: &Connect) -> bool {
    match connect.version {
        Version::V3 => !connect.clean_start,
        Version::V5 => connect
            .properties
            .0
            .iter()
            .any(|property| matches!(property, Property::SessionExpiryInterval(s) if *s > 0)),
    }
}
