//! What is typed for settings of the profile, and what is wrong with it.

use crate::profile::{Chosen, Value};
use crate::rules::Rule;
use crate::sorted::Sorted;
use crate::ui::setting::typed;

/// The settings that were touched, each with what is typed for it.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Draft(Vec<(&'static str, String)>);

impl Draft {
    /// The same with another text for a setting.
    pub(super) fn with(&self, key: &'static str, text: String) -> Self {
        let rest = self.0.iter().filter(|(other, _)| *other != key).cloned();
        Self(rest.chain([(key, text)]).collect())
    }

    /// What the field of a setting shows.
    pub(super) fn text(&self, one: &Chosen) -> String {
        let typed = self.0.iter().find(|(key, _)| *key == one.setting.key);
        typed.map_or_else(|| one.value.to_string(), |(_, text)| text.clone())
    }

    /// The value that is typed for a setting.
    ///
    /// # Errors
    /// What is allowed.
    pub(super) fn value(&self, one: &Chosen) -> Result<Value, String> {
        typed(one.setting, &self.text(one))
    }

    /// The same without what was touched and is as the run has it.
    pub(super) fn changed(&self, told: &[(Rule, Vec<Chosen>)]) -> Self {
        let settings = || told.iter().flat_map(|(_, settings)| settings);
        let is_changed = |(key, text): &&(&'static str, String)| {
            settings().any(|one| one.setting.key == *key && one.value.to_string() != *text)
        };
        Self(self.0.iter().filter(is_changed).cloned().collect())
    }

    /// How many settings were touched.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// What a scenario's settings become; `None` where nothing is changed or something is wrong.
    pub(super) fn settings(
        &self,
        told: &[(Rule, Vec<Chosen>)],
        set: &Sorted<Box<str>, Value>,
    ) -> Option<Sorted<Box<str>, Value>> {
        let mut settings = set.clone();
        let touched = |one: &&Chosen| self.0.iter().any(|(key, _)| *key == one.setting.key);
        for one in told.iter().flat_map(|(_, settings)| settings).filter(touched) {
            let value = self.value(one).ok()?;
            if value == one.own {
                settings.remove(one.setting.key);
            } else {
                settings.insert(one.setting.key.into(), value);
            }
        }
        (settings != *set).then_some(settings)
    }
}
