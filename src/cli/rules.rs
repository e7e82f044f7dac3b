//! `glassbroker rules`: the catalogue of what the broker keeps to.

use super::complaint::Complaint;
use super::profile;
use crate::profile::{Profile, Value};
use crate::rule::Source;
use crate::rules::{self, Rule};
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// Only the rules by which this profile (a name, or a file that changes one) differs from the standards, and those that its documents
    /// leave open.
    #[arg(long)]
    profile: Option<String>,
    /// Write them as one JSON array.
    #[arg(long)]
    json: bool,
}

/// One rule, as JSON.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    /// The version of MQTT that states it; null for the others.
    version: Option<&'static str>,
    section: &'static str,
    /// `server`, `client` or `both`.
    binds: &'static str,
    sentence: &'static str,
    source: &'static str,
    date: &'static str,
    address: Option<&'static str>,
    certainty: &'static str,
    /// The profile's settings here, with their values; empty where no profile was asked for.
    settings: Vec<Told>,
}

/// A setting of a rule, in a profile and in the standards.
#[derive(Serialize)]
struct Told {
    setting: &'static str,
    value: Value,
    standard: Value,
}

/// Prints them.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let listed = match &options.profile {
        None => rules::all().map(|rule| listed(&rule, Vec::new())).collect(),
        Some(option) => told(&profile::load(option)?),
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&listed).map_err(Complaint::new)?);
    } else {
        print!("{}", text(&listed));
        if options.profile.is_some() && !listed.is_empty() {
            println!("{}", count(&listed));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules by which a profile departs from the standards, with those that are left open.
fn told(profile: &Profile) -> Vec<Listed> {
    let found = profile.departures().into_iter().map(|(rule, settings)| {
        let told = settings.iter().map(|one| Told {
            setting: one.setting.key,
            value: one.value,
            standard: one.standard,
        });
        listed(&rule, told.collect())
    });
    found.collect()
}

/// How many they are.
fn count(listed: &[Listed]) -> String {
    let differs = |rule: &&Listed| rule.settings.iter().any(|one| one.value != one.standard);
    let differing = listed.iter().filter(differs).count();
    let open = listed.len() - differing;
    format!("rules: {}; differing from the standards: {differing}; left open: {open}", listed.len())
}

fn listed(rule: &Rule, settings: Vec<Told>) -> Listed {
    Listed {
        id: rule.id.id,
        version: version(rule.id.source),
        section: rule.section,
        binds: rule.binds.name(),
        sentence: rule.sentence,
        source: rule.document.title,
        date: rule.document.date,
        address: rule.document.address,
        certainty: rule.certainty.name(),
        settings,
    }
}

/// The version of MQTT that a source is.
const fn version(source: Source) -> Option<&'static str> {
    match source {
        Source::Mqtt311 => Some("3.1.1"),
        Source::Mqtt5 => Some("5.0"),
        Source::Aws | Source::Mosquitto | Source::VerneMq | Source::WebSocket | Source::Glassbroker => None,
    }
}

/// For people: a line with the id and what it is about, the sentence, and the source below it.
fn text(listed: &[Listed]) -> String {
    if listed.is_empty() {
        return "The profile keeps to the standards.\n".to_owned();
    }
    let mut text = String::new();
    for rule in listed {
        let version = rule.version.map_or_else(String::new, |version| format!(" ({version})"));
        let _ = writeln!(text, "{}{version}: {}", rule.id, rule.sentence);
        let Listed { source, date, section, binds, .. } = rule;
        let whom = if *binds == "both" { "client and server" } else { binds };
        let _ = write!(text, "    binds {whom}; {source}, {date}, {section}");
        // What the standards say, they state.
        let _ = match rule.version {
            Some(_) => writeln!(text),
            None => writeln!(text, "; {}", rule.certainty),
        };
        for Told { setting, value, standard } in &rule.settings {
            let _ = if value == standard {
                writeln!(text, "    {setting}: {value}, as in the standards")
            } else {
                writeln!(text, "    {setting}: {value}, in the standards {standard}")
            };
        }
    }
    text
}
