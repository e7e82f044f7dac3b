//! What a setting is: its name, what it may be, and where it comes from.

use super::Value;
use super::Value::{Number, Switch, Unlimited};
use crate::rule::RuleId;

/// What a setting may be set to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// `true` or `false`.
    Switch,
    /// A number between the two, both included.
    Number(u64, u64),
    /// A number between the two, both included, or no limit.
    NumberOrUnlimited(u64, u64),
}

impl Allowed {
    /// Whether the value is one of these.
    pub const fn holds(self, value: Value) -> bool {
        match (self, value) {
            (Self::Switch, Switch(_)) | (Self::NumberOrUnlimited(..), Unlimited) => true,
            (Self::Number(low, high) | Self::NumberOrUnlimited(low, high), Number(n)) => {
                low <= n && n <= high
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Switch => f.write_str("true or false"),
            Self::Number(low, high) => write!(f, "a number from {low} to {high}"),
            Self::NumberOrUnlimited(low, high) => {
                write!(f, "a number from {low} to {high}, or \"unlimited\"")
            }
        }
    }
}

/// One setting of a profile.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Setting {
    /// Its name, such as `session.replay_per_s`.
    pub key: &'static str,
    /// The unit of its number; empty for a switch.
    pub unit: &'static str,
    /// What it may be set to.
    pub allowed: Allowed,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The rule that it belongs to.
    pub rule: RuleId,
    /// Its value in `mqtt`.
    pub(super) mqtt: Value,
}
