//! The scenario: a JSON document that says who is there, what happens when, and what is told and expected of it.
//!
//! [`parse`] reads a document and says everything that is wrong with it, with line, column and path; [`compile`] makes a run's
//! beginning of it; [`Expectations`] checks its claims against the trace; [`Link`] is how a run travels in a URL, and
//! [`parse_file`] reads one from a file. The format is in `docs/scenario.md` and `docs/scenario.schema.json`.

mod check;
mod compile;
mod document;
mod expect;
mod fields;
mod file;
mod form;
mod inputs;
mod kinds;
mod link;
mod names;
mod policies;
mod problem;
mod read;
mod topic_rules;
mod who_may;

pub use check::{MAX_CLIENTS, MAX_DOCUMENT_BYTES, MAX_LENGTH, MAX_MARKS, MAX_POLICIES, MAX_STEPS, MAX_TIMES};
pub use compile::{CHECKPOINTS_MAX_BYTES, Overrides, Plan, compile};
pub use document::{Ask, BrokerPart, Claim, FORMAT, Mark, Marker, Scenario};
pub use expect::{Expectations, Unmet};
pub use file::parse_file;
pub use link::{Link, MAX_CODE_BYTES, MAX_LINK_BYTES, SavedRun, Shown, What, parse_moment};
pub use names::{MAX_NAMES, names};
pub use policies::{parse_policies, parse_policy, policy_text, statement_text};
pub use problem::Problem;
pub use read::{parse, parse_step};
pub use topic_rules::parse_topic_rules;
pub use who_may::ClientMay;
