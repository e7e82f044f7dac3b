//! What a cloud account adds around its broker. One file a service; [`Cloud`] is the broker with all of it.
//!
//! The broker tells what happens ([`crate::broker::Told`]) where the profile has `account.present`; each service answers with what it
//! publishes. Whoever moves bytes talks to [`Cloud`] as to the broker, and need not know.

mod cloud;
mod lifecycle;
pub mod metering;
pub mod records;
mod shadow;
mod topic_rule;

pub use cloud::Cloud;
pub use shadow::ShadowView;
pub use topic_rule::{
    ACTIONS_MAX, Query, Republish, RuleCounts, SqlError, TOPIC_RULES_MAX, Template, TopicRule,
};
