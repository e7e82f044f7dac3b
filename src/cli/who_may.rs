//! `glassbroker access`: what each client of a scenario may do with a topic, and what decides.

use super::complaint::Complaint;
use super::input;
use crate::policy::Action;
use crate::scenario::{ClientMay, MAX_CLIENTS, Overrides};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// The scenario's file.
    scenario: PathBuf,
    /// Topic Names and Topic Filters; without any, those that the scenario's steps and Wills name.
    topics: Vec<String>,
    /// Another profile than the scenario's.
    #[arg(long, value_name = "P")]
    profile: Option<String>,
}

/// Prints a line for each topic, client and action.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let fault = |fault: input::Fault| fault.complaint(&options.scenario);
    let loaded = input::load(&options.scenario, &Overrides::default()).map_err(fault)?;
    let mut scenario = loaded.scenario;
    if let Some(profile) = &options.profile {
        scenario.broker.profile.clone_from(profile);
    }
    let topics = if options.topics.is_empty() { scenario.topics() } else { options.topics.clone() };
    let found =
        scenario.who_may(&topics, MAX_CLIENTS).map_err(|problems| fault(input::Fault::Problems(problems)))?;
    print!("{}", text(&found));
    Ok(ExitCode::SUCCESS)
}

fn text(found: &[ClientMay]) -> String {
    let mut text = String::new();
    let mut topic = None;
    let width = found.iter().map(|one| one.client.chars().count()).max().unwrap_or(0);
    for one in found {
        if topic.replace(&one.topic) != Some(&one.topic) {
            let _ = writeln!(text, "{}", one.topic);
        }
        for (action, answer) in Action::ALL.iter().zip(&one.answers) {
            let Some(answer) = answer else { continue };
            let (may, name) = (if answer.allowed { "allowed" } else { "denied" }, action.name());
            let by = if answer.by.is_empty() { "nothing restricts it" } else { &answer.by };
            let _ = writeln!(text, "    {:<width$}  {name:<9}  {may:<7}  {by}", one.client);
        }
    }
    text
}
