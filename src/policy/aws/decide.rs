//! Which statement decides ([aws.policy.evaluation]): one that denies, else one that allows, else none, which denies too.

use super::document::{Effect, Policy, Statement, arn};
use super::variable::{Connection, Thing};
use crate::policy::Action;
use crate::sorted::Sorted;
use std::fmt;

/// What a client wants to do.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What.
    pub action: Action,
    /// With what: a client identifier, a Topic Name, or a Topic Filter with its `$share/…/`.
    pub resource: &'a str,
    /// What CONNECT asks for: the values of `iot:ConnectAttributes`.
    pub attributes: &'a [&'static str],
    /// The topic of its Will.
    pub will_topic: Option<&'a str>,
    /// Whether a statement that says nothing of `iot:ConnectAttributes` allows all of them ([aws.policy.connect-attributes]).
    pub attributes_by_default: bool,
}

impl Default for Request<'_> {
    fn default() -> Self {
        Self {
            action: Action::Connect,
            resource: "",
            attributes: &[],
            will_topic: None,
            attributes_by_default: true,
        }
    }
}

/// The statement that decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecidedBy<'a> {
    /// The name of its policy.
    pub policy: &'a str,
    /// Which one of the policy, from 1.
    pub number: u32,
    /// Its `Sid`; empty where it has none.
    pub sid: &'a str,
}

impl fmt::Display for DecidedBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {} of {}", self.number, self.policy)?;
        if self.sid.is_empty() { Ok(()) } else { write!(f, " ({})", self.sid) }
    }
}

/// What policies say to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ruling<'a> {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The statement that says so; `None` where none allows it.
    pub by: Option<DecidedBy<'a>>,
}

/// Who policies are attached to: a device's certificate, as it were.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Principal {
    /// The names of its policies.
    pub policies: Vec<String>,
    /// The thing that it is attached to.
    pub thing: Option<Thing>,
}

/// All policies of an account, and who has which.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policies {
    /// The documents by their names.
    pub documents: Sorted<Box<str>, Policy>,
    /// The principals by their names: those of a scenario's clients; else a user name or a client identifier.
    pub principals: Sorted<Box<str>, Principal>,
}

impl Policies {
    /// Whether there is none, so that everything is allowed.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// What the policies of a principal say to a request of a client that comes from an address.
    pub fn decide(
        &self,
        principal: &str,
        client: &str,
        address: [u8; 4],
        request: &Request<'_>,
    ) -> Ruling<'_> {
        let Some(principal) = self.principals.get(principal) else {
            return Ruling { allowed: false, by: None };
        };
        // The thing that a connection is for bears the client's name, unless the principal has no other ([aws.policy.thing]).
        let thing = principal.thing.as_ref().filter(|thing| thing.exclusive || thing.name == client);
        let of = Connection { client, address, thing };
        let resource = arn(request.action.resource_type(), request.resource);
        let mut allowed_by = None;
        for name in &principal.policies {
            let Some(policy) = self.documents.get(name.as_str()) else { continue };
            for (number, statement) in (1..).zip(&policy.statements) {
                if (statement.effect == Effect::Allow && allowed_by.is_some())
                    || !statement.applies(request, &resource, &of)
                {
                    continue;
                }
                let by = Some(DecidedBy { policy: name, number, sid: &statement.sid });
                match statement.effect {
                    Effect::Deny => return Ruling { allowed: false, by },
                    Effect::Allow => allowed_by = by,
                }
            }
        }
        Ruling { allowed: allowed_by.is_some(), by: allowed_by }
    }
}

impl Statement {
    /// Whether it is about a request.
    fn applies(&self, request: &Request<'_>, resource: &str, of: &Connection<'_>) -> bool {
        self.actions.iter().any(|pattern| pattern.matches(request.action.aws_name(), of))
            && self.resources.iter().any(|pattern| pattern.matches(resource, of)) != self.not
            && self.conditions.iter().all(|condition| condition.holds(request, of))
            && (self.effect == Effect::Deny || self.permits_attributes(request))
    }

    /// Whether what CONNECT asks for is permitted, where a permission must name it.
    fn permits_attributes(&self, request: &Request<'_>) -> bool {
        request.attributes_by_default
            || request.attributes.is_empty()
            || self.conditions.iter().any(super::Condition::is_about_attributes)
    }
}
