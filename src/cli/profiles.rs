//! `glassbroker profiles`: the presets with what they change and where that is written, then every setting.

use super::complaint::Complaint;
use crate::profile::{Preset, Profile, Value};
use crate::rules;
use std::fmt::Write;
use std::process::ExitCode;

/// Prints them.
pub(super) fn run() -> Result<ExitCode, Complaint> {
    print!("{}", text());
    Ok(ExitCode::SUCCESS)
}

fn text() -> String {
    let mut text = String::new();
    for preset in Profile::presets() {
        write_preset(&mut text, preset);
    }
    let standard = Profile::default();
    let _ = writeln!(text, "Settings, with their value in {}", standard.name());
    for setting in Profile::keys() {
        let value = standard.get(setting.key).map_or_else(String::new, written);
        let unit = if setting.unit.is_empty() { String::new() } else { format!(" {}", setting.unit) };
        let _ = writeln!(text, "\n{} = {value}{unit}", setting.key);
        let _ = writeln!(text, "    {}", setting.about);
        let _ = writeln!(text, "    {}; rule {}", setting.allowed, setting.rule.id);
    }
    text
}

/// What a preset is, and each of its differences with its source.
fn write_preset(text: &mut String, preset: &Preset) {
    let _ = writeln!(text, "{}: {}", preset.name, preset.about);
    if let Some(base) = preset.base {
        let _ = writeln!(text, "    It differs from {base} in");
    }
    for difference in preset.differences {
        let value = written(difference.value);
        let _ = writeln!(text, "    {:<32} {value}", difference.key);
        if let Some(rule) = rules::find(difference.rule) {
            let _ = writeln!(text, "        {}", rule.sentence);
            let (title, section, certainty) = (rule.document.title, rule.section, rule.certainty.name());
            let _ = writeln!(text, "        {}: {title}, {section} ({certainty})", rule.id.id);
        }
    }
    text.push('\n');
}

/// A value as a scenario writes it.
fn written(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Switch(on) => on.to_string(),
        Value::Unlimited => "\"unlimited\"".to_owned(),
    }
}
