//! How a broker behaves, as data: limits, features, deviations, and the presets.

/// The value of a setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A number, a count or a length of time in the unit that the setting's name ends with.
    Number(u64),
    /// A switch.
    Switch(bool),
    /// No limit.
    Unlimited,
}
