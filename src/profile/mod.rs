//! How a broker behaves, as data: limits, features, deviations, and the presets.

mod limits;
mod table;
mod value;

pub(crate) use limits::Limits;
pub use table::{Allowed, Setting};
pub use value::Value;

use crate::nearest::did_you_mean;
use table::TABLE;

/// A preset.
struct Preset {
    name: &'static str,
    about: &'static str,
    /// The value that it gives a setting where it differs from `mqtt`.
    differs: fn(&Setting) -> Option<Value>,
}

const PRESETS: &[Preset] = &[
    Preset { name: "mqtt", about: "The OASIS standards, MQTT 3.1.1 and 5.0.", differs: |_| None },
    Preset {
        name: "aws-iot-core",
        about: "AWS IoT Core: stored messages leave at ten a second beside live traffic, a WebSocket Close frame counts \
                as the client's own end, and 3.1.1 sessions expire after an hour; in everything else as `mqtt`.",
        differs: |setting| setting.aws_iot_core,
    },
];

/// How a broker behaves: a preset and what was changed in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// The index of the preset.
    preset: usize,
    /// One value a setting, in the table's order.
    values: Vec<Value>,
}

impl Default for Profile {
    /// The preset `mqtt`.
    fn default() -> Self {
        Self::preset(0)
    }
}

impl Profile {
    fn preset(preset: usize) -> Self {
        let values = TABLE.iter().map(|setting| Self::value_in(preset, setting)).collect();
        Self { preset, values }
    }

    fn value_in(preset: usize, setting: &Setting) -> Value {
        PRESETS.get(preset).and_then(|preset| (preset.differs)(setting)).unwrap_or(setting.mqtt)
    }

    /// The preset of this name; `None` where there is none ([`Profile::names`] lists them).
    pub fn named(name: &str) -> Option<Self> {
        PRESETS.iter().position(|preset| preset.name == name).map(Self::preset)
    }

    /// The names of the presets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|preset| preset.name)
    }

    /// The name of the preset that this one began as.
    pub fn name(&self) -> &'static str {
        PRESETS.get(self.preset).map_or("mqtt", |preset| preset.name)
    }

    /// What the preset is, in a sentence.
    pub fn about(&self) -> &'static str {
        PRESETS.get(self.preset).map_or("", |preset| preset.about)
    }

    /// All settings with their documentation, in the order of their names.
    pub const fn keys() -> &'static [Setting] {
        TABLE
    }

    /// The value of a setting; `None` where there is no setting of this name.
    pub fn get(&self, key: &str) -> Option<Value> {
        index(key).and_then(|at| self.values.get(at)).copied()
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// Says what is allowed, where the name or the value is not; nothing is changed then.
    pub fn set(&mut self, key: &str, value: Value) -> Result<(), String> {
        let Some(at) = index(key) else {
            let near = did_you_mean(key, TABLE.iter().map(|setting| setting.key));
            return Err(format!("there is no setting `{key}`{near}"));
        };
        let setting = &TABLE[at];
        if !setting.allowed.holds(value) {
            let unit = if setting.unit.is_empty() { String::new() } else { format!(" ({})", setting.unit) };
            return Err(format!("`{key}` cannot be {value}: it is {}{unit}", setting.allowed));
        }
        self.values[at] = value;
        Ok(())
    }

    /// The settings that were changed from the preset's, with their values, in the order of their names.
    pub fn changed(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        TABLE
            .iter()
            .zip(&self.values)
            .filter(|(setting, value)| Self::value_in(self.preset, setting) != **value)
            .map(|(setting, value)| (setting.key, *value))
    }
}

fn index(key: &str) -> Option<usize> {
    TABLE.binary_search_by(|setting| setting.key.cmp(key)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_every_preset_keeps_to_what_is_allowed() {
        assert!(TABLE.is_sorted_by(|a, b| a.key < b.key));
        for name in Profile::names() {
            let profile = Profile::named(name).unwrap();
            assert_eq!(profile.name(), name);
            assert_eq!(profile.changed().count(), 0);
            for setting in TABLE {
                assert!(setting.allowed.holds(profile.get(setting.key).unwrap()), "{name} {}", setting.key);
            }
        }
        assert_eq!(Profile::named("amqp"), None);
    }

    #[test]
    fn aws_differs_where_the_card_says_so() {
        let aws = Profile::named("aws-iot-core").unwrap();
        let differs: Vec<_> = TABLE
            .iter()
            .filter(|s| aws.get(s.key) != Some(s.mqtt))
            .map(|s| (s.key, aws.get(s.key).unwrap().to_string()))
            .collect();
        let expected = [
            ("session.expiry_default_s", "3600"),
            ("session.replay_per_s", "10"),
            ("sys.interval_s", "unlimited"),
            ("will.on_websocket_close", "false"),
        ];
        assert_eq!(differs, expected.map(|(key, value)| (key, value.to_owned())));
    }

    #[test]
    fn a_setting_is_changed_and_a_wrong_one_explained() {
        let mut profile = Profile::default();
        profile.set("session.replay_per_s", Value::Number(5)).unwrap();
        assert_eq!(profile.changed().collect::<Vec<_>>(), [("session.replay_per_s", Value::Number(5))]);
        let message = profile.set("session.replay_pers", Value::Number(5)).unwrap_err();
        assert!(message.contains("`session.replay_per_s`"), "{message}");
        let message = profile.set("session.replay_per_s", Value::Number(0)).unwrap_err();
        assert!(message.contains("from 1 to 1000000, or \"unlimited\" (messages/s)"), "{message}");
        assert!(profile.set("connect.receive_maximum", Value::Unlimited).unwrap_err().contains("1 to 65535"));
        assert!(profile.set("subscription.shared", Value::Number(1)).unwrap_err().contains("true or false"));
        assert_eq!(profile.get("session.replay_per_s"), Some(Value::Number(5)));
    }
}
