//! What is metered, each with its rule and its price.

use super::prices::Key;
use crate::rule::{RuleId, aws};

/// Something that is metered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Item {
    ConnectionMinutes,
    Connect,
    Subscribe,
    PublishIn,
    PublishOut,
    Puback,
    Retained,
    Queued,
    Will,
    ShadowOperations,
    HttpIn,
    HttpOut,
    Rules,
    Actions,
}

/// How many there are.
pub(super) const ITEMS: usize = TABLE.len();

/// Each in the order of the enumeration: its name, its rule, its price.
const TABLE: [(Item, &str, RuleId, Key); 14] = [
    (Item::ConnectionMinutes, "connection minutes", aws("aws.metering.minutes"), Key::ConnectionMinutes),
    (Item::Connect, "CONNECT", aws("aws.metering.connect"), Key::Messages),
    (Item::Subscribe, "SUBSCRIBE", aws("aws.metering.subscribe"), Key::Messages),
    (Item::PublishIn, "PUBLISH in", aws("aws.metering.publish-in"), Key::Messages),
    (Item::PublishOut, "PUBLISH out", aws("aws.metering.publish-out"), Key::Messages),
    (Item::Puback, "PUBACK in", aws("aws.metering.puback"), Key::Messages),
    (Item::Retained, "retained", aws("aws.metering.retained"), Key::Messages),
    (Item::Queued, "queued", aws("aws.metering.queued"), Key::Messages),
    (Item::Will, "Will", aws("aws.metering.will"), Key::Messages),
    (Item::ShadowOperations, "shadow operations", aws("aws.metering.shadow"), Key::ShadowOperations),
    (Item::HttpIn, "HTTP in", aws("aws.metering.http"), Key::Messages),
    (Item::HttpOut, "HTTP out", aws("aws.metering.http"), Key::Messages),
    (Item::Rules, "rules", aws("aws.metering.rules"), Key::Rules),
    (Item::Actions, "actions", aws("aws.metering.actions"), Key::Actions),
];

impl Item {
    /// All of them, in the order of the enumeration.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(item, ..)| *item)
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The rule by which it is metered.
    pub const fn rule(self) -> RuleId {
        TABLE[self as usize].2
    }

    /// What it is charged by.
    pub const fn key(self) -> Key {
        TABLE[self as usize].3
    }
}
