//! The presets: each is a list of differences from another one, with the rule that says so. `mqtt` is the base of all.

mod aws;
mod mosquitto;
mod vernemq;

use super::Value;
use crate::rule::RuleId;

/// A profile that has a name.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name in scenarios, such as `aws-iot-core`.
    pub name: &'static str,
    /// What it is called in a list, such as `AWS IoT Core`.
    pub title: &'static str,
    /// What it is, in a sentence or two.
    pub about: &'static str,
    /// The name of the one that it differs from; `None` for the first.
    pub base: Option<&'static str>,
    /// In what, in the order of the settings' names.
    pub differences: &'static [Difference],
}

/// One setting that a preset sets differently.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The setting's name.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
    /// The rule that says so; the catalogue tells where it is written and how certain it is.
    pub rule: RuleId,
}

/// All of them. A base stands before what differs from it.
pub(super) const PRESETS: &[Preset] = &[
    Preset {
        name: "mqtt",
        title: "the MQTT standards",
        about: "The OASIS standards, MQTT 3.1.1 and 5.0.",
        base: None,
        differences: &[],
    },
    aws::AWS_IOT_CORE,
    aws::AWS_IOT_CORE_2023,
    aws::AWS_IOT_CORE_2022,
    aws::AWS_IOT_CORE_2020,
    mosquitto::MOSQUITTO_2_0,
    vernemq::VERNEMQ,
];

/// A difference, in one line of a preset's list.
const fn differs(key: &'static str, value: Value, rule: RuleId) -> Difference {
    Difference { key, value, rule }
}
