//! The event table.

/// The groups of kinds that it can be narrowed to.
pub(crate) const GROUPS: [(&str, &str); 9] = [
    ("all", "Everything"),
    ("packet", "Packets"),
    ("message", "Messages"),
    ("session", "Sessions"),
    ("subscription", "Subscriptions"),
    ("retained", "Retained"),
    ("will", "Wills"),
    ("quota", "Quotas and policy"),
    ("input", "What was asked"),
];
/// Its columns.
pub(crate) const TIME: &str = "Time";
pub(crate) const KIND: &str = "Kind";
pub(crate) const BY: &str = "By";
pub(crate) const WHAT: &str = "What";
