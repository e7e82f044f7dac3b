//! The rules by which a profile differs from the standards, with the settings of each.

use super::{PRESETS, Preset, Profile, Setting, TABLE, Value, position, value_in};
use crate::rule::{RuleId, Source};
use crate::rules::{self, Certainty, Rule};

/// A setting under the rule from which the profile takes it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Chosen {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value now.
    pub value: Value,
    /// Its value in the preset, which `value` is unless it was changed.
    pub own: Value,
    /// Its value in `mqtt`.
    pub standard: Value,
}

impl Chosen {
    /// Whether it differs from the standards now.
    pub fn differs(&self) -> bool {
        self.value != self.standard
    }
}

impl Certainty {
    /// Whether the rule may well be otherwise: nobody states it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Inferred | Self::Unknown)
    }
}

impl Profile {
    /// The rules by which this profile differs from the standards, in the order of the catalogue. With them stand those that were
    /// changed from the preset, and those that the preset's documents leave open, whatever the profile chose there.
    pub fn departures(&self) -> Vec<(Rule, Vec<Chosen>)> {
        let chosen = self.chosen();
        let found = rules::all().map(|rule| {
            let settings = chosen.iter().filter(|(id, one)| *id == rule.id && self.is_told(&rule, one));
            let settings: Vec<Chosen> = settings.map(|(_, one)| *one).collect();
            (rule, settings)
        });
        found.filter(|(_, settings)| !settings.is_empty()).collect()
    }

    /// The settings that [`Profile::departures`] has with this rule; none where it does not have it.
    pub fn departures_by(&self, rule: &Rule) -> Vec<Chosen> {
        let told = self.chosen().into_iter().filter(|(id, one)| *id == rule.id && self.is_told(rule, one));
        told.map(|(_, one)| one).collect()
    }

    /// The setting of this name, with its values here and elsewhere.
    pub fn chosen_as(&self, key: &str) -> Option<Chosen> {
        let setting = Self::setting(key)?;
        let value = self.get(key)?;
        Some(Chosen { setting, value, own: value_in(self.preset, setting), standard: setting.mqtt })
    }

    /// Every setting, with the rule from which the preset takes it.
    fn chosen(&self) -> Vec<(RuleId, Chosen)> {
        let preset = Self::preset(self.preset);
        let with_rule = |setting: &Setting| Some((preset.rule(setting), self.chosen_as(setting.key)?));
        TABLE.iter().filter_map(with_rule).collect()
    }

    fn is_told(&self, rule: &Rule, one: &Chosen) -> bool {
        one.value != one.standard
            || one.own != one.standard
            || (rule.certainty.is_open() && is_cited(self.preset, rule.id.source))
    }
}

/// Whether a preset, or what it differs from, takes anything from a source.
fn is_cited(preset: usize, source: Source) -> bool {
    let Some(Preset { base, differences, .. }) = PRESETS.get(preset) else { return false };
    differences.iter().any(|difference| difference.rule.source == source)
        || base.and_then(position).is_some_and(|base| is_cited(base, source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Value::{Number, Switch};

    fn of<'a>(told: &'a [(Rule, Vec<Chosen>)], key: &str) -> Option<(&'a Rule, &'a Chosen)> {
        told.iter().find_map(|(rule, settings)| {
            settings.iter().find(|one| one.setting.key == key).map(|one| (rule, one))
        })
    }

    #[test]
    fn a_setting_stands_under_the_rule_that_the_preset_takes_it_from() {
        assert!(Profile::default().departures().is_empty());
        let mut aws = Profile::named("aws-iot-core").unwrap();
        aws.set("session.replay_per_s", Number(25)).unwrap();
        let told = aws.departures();
        let (rule, one) = of(&told, "session.replay_per_s").unwrap();
        assert_eq!(rule.id.id, "aws.session.replay-rate");
        assert_eq!((one.value, one.own, one.standard), (Number(25), Number(10), Value::Unlimited));
        let by_it: Vec<_> = aws.departures_by(rule).iter().map(|one| one.setting.key).collect();
        assert!(by_it.contains(&"session.replay_per_s"), "{by_it:?}");
        assert!(Profile::default().departures_by(rule).is_empty());
        assert!(of(&told, "publish.topic_max_bytes").is_none(), "it is as in the standards");
    }

    #[test]
    fn what_the_documents_leave_open_is_told_though_it_is_as_in_the_standards() {
        let told = Profile::named("aws-iot-core").unwrap().departures();
        let (rule, one) = of(&told, "policy.attributes_by_default").unwrap();
        assert!(rule.certainty.is_open());
        assert_eq!((one.value, one.own, one.standard), (Switch(true), Switch(true), Switch(true)));
        let told = Profile::named("mosquitto-2.0").unwrap().departures();
        assert!(
            of(&told, "policy.attributes_by_default").is_none(),
            "AWS's open questions are not Mosquitto's"
        );
    }
}
