//! AWS IoT policies: documents that say who may do what, and how they decide.
//!
//! [`Policies`] holds documents by name, and which of them each principal has. A [`Request`] is decided by all documents of its
//! principal together ([aws.policy.evaluation]); the [`Ruling`] names the statement that decided.

mod condition;
mod decide;
mod document;
mod example;
mod pattern;
mod variable;

pub use condition::{CONNECT_ATTRIBUTES, Condition, LAST_WILL, OPERATORS, PERSISTENT_CONNECT};
pub use decide::{DecidedBy, Policies, Principal, Request, Ruling};
pub use document::{
    ACCOUNT, Effect, MAX_POLICY_CHARACTERS, Policy, REGION, Statement, action_pattern, resource_pattern,
};
pub use example::{EXAMPLES, Example};
pub use pattern::Pattern;
pub use variable::{Connection, Thing};
