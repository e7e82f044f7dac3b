//! `glassbroker profiles`: the presets, and every setting with its value in each.

use super::complaint::Complaint;
use crate::profile::{Profile, Value};
use std::fmt::Write;
use std::process::ExitCode;

/// Prints them.
pub(super) fn run() -> Result<ExitCode, Complaint> {
    print!("{}", text());
    Ok(ExitCode::SUCCESS)
}

fn text() -> String {
    let presets: Vec<_> = Profile::names().filter_map(Profile::named).collect();
    let mut text = String::new();
    for preset in &presets {
        let _ = writeln!(text, "{}: {}", preset.name(), preset.about());
    }
    for setting in Profile::keys() {
        let _ = writeln!(text, "\n{}: {}", setting.key, setting.about);
        let unit = if setting.unit.is_empty() { "a switch" } else { setting.unit };
        let _ = writeln!(text, "    {unit}, rule {}", setting.rule.id);
        for preset in &presets {
            let value = preset.get(setting.key).map_or_else(String::new, written);
            let _ = writeln!(text, "    {:<14} {value}", preset.name());
        }
    }
    text
}

/// A value as a scenario writes it.
fn written(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Switch(on) => on.to_string(),
        Value::Unlimited => "\"unlimited\"".to_owned(),
    }
}
