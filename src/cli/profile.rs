//! `--profile P|FILE`: a preset's name, or a file that changes one.

use super::complaint::Complaint;
use crate::profile::{Profile, Value};
use crate::sorted::Sorted;
use serde::Deserialize;
use std::path::Path;

/// A profile file: what a scenario says under `broker`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The preset.
    #[serde(default = "standard")]
    profile: String,
    /// The settings that differ from it.
    #[serde(default)]
    set: Sorted<Box<str>, Value>,
}

fn standard() -> String {
    Profile::default().name().to_owned()
}

/// The profile that the option names.
pub(super) fn load(option: &str) -> Result<Profile, Complaint> {
    load_over(option, std::iter::empty())
}

/// The profile that the option names, with other values where neither it nor its preset differs from the standards.
pub(super) fn load_over(
    option: &str,
    defaults: impl Iterator<Item = (&'static str, Value)>,
) -> Result<Profile, Complaint> {
    let with_defaults = |mut profile: Profile| {
        let standard = Profile::default();
        for (key, value) in defaults {
            if profile.get(key) == standard.get(key) {
                profile.set(key, value).map_err(Complaint::new)?;
            }
        }
        Ok(profile)
    };
    if let Some(profile) = Profile::named(option) {
        return with_defaults(profile);
    }
    let path = Path::new(option);
    let text = std::fs::read_to_string(path).map_err(|error| {
        let names: Vec<_> = Profile::names().collect();
        Complaint::new(format_args!(
            "`{option}` is no profile ({}) and no file that can be read: {error}",
            names.join(", ")
        ))
    })?;
    let file: File = serde_json::from_str(&text)
        .map_err(|error| Complaint::at(path, error.line(), error.column().max(1), message(&error)))?;
    let preset = Profile::named(&file.profile).ok_or_else(|| {
        let names: Vec<_> = Profile::names().collect();
        Complaint::file(
            path,
            format_args!("there is no profile `{}`; there are {}", file.profile, names.join(", ")),
        )
    })?;
    let mut profile = with_defaults(preset)?;
    for (key, value) in file.set.iter() {
        profile.set(key, *value).map_err(|what| Complaint::file(path, what))?;
    }
    Ok(profile)
}

/// What an error of the JSON reader says, without the place that stands before it already.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
