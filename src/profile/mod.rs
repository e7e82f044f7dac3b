//! How a broker behaves, as data: limits, features, deviations, and the presets.

mod differing;
mod limits;
mod presets;
mod rate;
mod setting;
mod table;
mod value;

pub use differing::Chosen;
pub(crate) use limits::Limits;
pub use presets::{Difference, Preset};
pub(crate) use rate::{QUOTAS, Quota, Rate};
pub use setting::{Allowed, Setting};
pub use value::Value;

use crate::nearest::did_you_mean;
use crate::rule::RuleId;
use presets::PRESETS;
use table::TABLE;

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
        Self { preset, values: TABLE.iter().map(|setting| value_in(preset, setting)).collect() }
    }

    /// The presets. A base stands before what differs from it.
    pub const fn presets() -> &'static [Preset] {
        PRESETS
    }

    /// The preset of this name; `None` where there is none ([`Profile::names`] lists them).
    pub fn named(name: &str) -> Option<Self> {
        position(name).map(Self::preset)
    }

    /// The names of the presets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|preset| preset.name)
    }

    /// The name of the preset that this one began as.
    pub fn name(&self) -> &'static str {
        PRESETS.get(self.preset).map_or("mqtt", |preset| preset.name)
    }

    /// All settings with their documentation, in the order of their names.
    pub const fn keys() -> &'static [Setting] {
        TABLE
    }

    /// The value of a setting; `None` where there is no setting of this name.
    pub fn get(&self, key: &str) -> Option<Value> {
        index(key).and_then(|at| self.values.get(at)).copied()
    }

    /// The settings that are rates, as quotas' gauges name them.
    pub fn rates() -> impl Iterator<Item = &'static str> {
        QUOTAS.iter().map(|said| said.key)
    }

    /// The setting of how many may come at once before a rate holds; `None` where a second's worth may, or the setting is no rate.
    pub fn burst_of(key: &str) -> Option<&'static str> {
        let said = QUOTAS.iter().find(|said| said.key == key)?;
        (!said.burst.is_empty()).then_some(said.burst)
    }

    /// The setting of this name.
    pub fn setting(key: &str) -> Option<&'static Setting> {
        index(key).and_then(|at| TABLE.get(at))
    }

    /// Whether a cloud account is around the broker.
    pub fn has_account(&self) -> bool {
        self.get("account.present") == Some(Value::Switch(true))
    }

    /// The rule by which a setting has its value: the preset's own where it differs from its base, else the setting's.
    pub fn rule(&self, setting: &Setting) -> RuleId {
        let difference = PRESETS.get(self.preset).and_then(|preset| difference(preset, setting.key));
        let held = difference.filter(|difference| self.get(setting.key) == Some(difference.value));
        held.map_or(setting.rule, |difference| difference.rule)
    }

    /// The rule of the setting of this name.
    pub(crate) fn rule_of(&self, key: &str) -> Option<RuleId> {
        index(key).and_then(|at| TABLE.get(at)).map(|setting| self.rule(setting))
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
            .filter(|(setting, value)| value_in(self.preset, setting) != **value)
            .map(|(setting, value)| (setting.key, *value))
    }
}

/// Where a preset stands.
fn position(name: &str) -> Option<usize> {
    PRESETS.iter().position(|preset| preset.name == name)
}

/// What a preset, or what it differs from, changes in a setting.
fn difference(preset: &Preset, key: &str) -> Option<&'static Difference> {
    let own = preset.differences.iter().find(|difference| difference.key == key);
    own.or_else(|| difference(&PRESETS[position(preset.base?)?], key))
}

/// The value that a preset gives a setting.
fn value_in(preset: usize, setting: &Setting) -> Value {
    let changed = PRESETS.get(preset).and_then(|preset| difference(preset, setting.key));
    changed.map_or(setting.mqtt, |difference| difference.value)
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
    fn a_preset_differs_from_one_before_it_in_settings_that_there_are() {
        for (at, preset) in PRESETS.iter().enumerate() {
            let base = preset.base.map(|base| position(base).expect("a base that there is"));
            assert_eq!(base.is_none(), at == 0, "{}", preset.name);
            assert!(base.is_none_or(|base| base < at), "{} stands before its base", preset.name);
            assert!(preset.differences.is_sorted_by(|a, b| a.key < b.key), "{}", preset.name);
            for difference in preset.differences {
                let (key, rule) = (difference.key, difference.rule);
                let setting = &TABLE[index(key).unwrap_or_else(|| panic!("{}: {key}", preset.name))];
                let before = base.map(|base| value_in(base, setting));
                assert_ne!(before, Some(difference.value), "{}: {key} is no difference", preset.name);
                assert!(
                    crate::rules::find(rule).is_some(),
                    "{}: {rule:?} is not in the catalogue",
                    preset.name
                );
            }
        }
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
