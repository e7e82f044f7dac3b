//! `glassbroker wills`: the matrix of ways to die, as a table.

use crate::profile::Profile;
use crate::rule::{RuleId, Source};
use crate::rules;
use crate::wills::{Terms, Under, Verdict, WAYS};
use crate::wire::Version;
use clap::Args;
use std::fmt::Write;
use std::process::ExitCode;

/// The width of a way's title, and of a cell, in characters.
const TITLE: usize = 36;
const CELL: usize = 21;

/// What can be said to it.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// The version that the client speaks. Where a broker knows 3.1.1 only it is that.
    #[arg(long, value_name = "VERSION", value_parser = ["5", "3.1.1"], default_value = "5")]
    mqtt: String,
    /// The Will Delay Interval, in seconds (MQTT 5).
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    delay: u32,
}

/// Prints it.
pub(super) fn run(options: &Options) -> ExitCode {
    let version = if options.mqtt == "5" { Version::V5 } else { Version::V3 };
    print!("{}", text(Terms { version, delay_s: options.delay }));
    ExitCode::SUCCESS
}

/// The table; each cell with the numbers of the rules that decided, and the rules below it.
fn text(terms: Terms) -> String {
    let mut text = format!("{:TITLE$}", "");
    for profile in Profile::names() {
        let _ = write!(text, "{profile:CELL$}");
    }
    let mut cited: Vec<RuleId> = Vec::new();
    for way in WAYS {
        let _ = write!(text, "\n{:TITLE$}", way.title);
        for profile in Profile::names() {
            let cell = match terms.verdict(way, &Under::preset(profile)) {
                Ok(verdict) => {
                    let numbers = numbers(&verdict, &mut cited);
                    let parts = [verdict.outcome.short(), &verdict.when(), &numbers];
                    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
                }
                Err(_) => "-".to_owned(),
            };
            let _ = write!(text, "{cell:CELL$}");
        }
        text.truncate(text.trim_end().len());
    }
    text.push_str("\n\n");
    for (at, rule) in cited.iter().enumerate() {
        let Some(found) = rules::find(*rule) else { continue };
        let of = match rule.source {
            Source::Mqtt311 => " of MQTT 3.1.1",
            Source::Mqtt5 => " of MQTT 5.0",
            _ => "",
        };
        let _ =
            writeln!(text, "[{}] {}{of} ({}): {}", at + 1, rule.id, found.certainty.name(), found.sentence);
    }
    text.push_str("\nWhere a connection goes on and no number stands, no rule ends it.\n");
    text
}

/// The numbers of the rules that a cell cites, in brackets; what was not cited before is added.
fn numbers(verdict: &Verdict, cited: &mut Vec<RuleId>) -> String {
    let mut number = |rule: RuleId| {
        let at = cited.iter().position(|known| *known == rule).unwrap_or_else(|| {
            cited.push(rule);
            cited.len() - 1
        });
        (at + 1).to_string()
    };
    let numbers: Vec<String> = verdict.rules().map(&mut number).collect();
    if numbers.is_empty() { String::new() } else { format!("[{}]", numbers.join(",")) }
}
