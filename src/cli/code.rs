//! `glassbroker code`: what a client of a scenario does, as code.

use super::complaint::Complaint;
use super::input::Fault;
use crate::export::code::{Language, Story, write};
use crate::scenario::{SavedRun, parse_file};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// The file of a scenario, or of a run that was saved.
    scenario: PathBuf,
    /// Which client.
    #[arg(long, value_name = "NAME")]
    client: String,
    /// In which language.
    #[arg(long, value_name = "L", value_parser = language)]
    language: Language,
}

fn language(name: &str) -> Result<Language, String> {
    Language::named(name).ok_or_else(|| {
        let names: Vec<_> = Language::ALL.iter().map(|language| language.name()).collect();
        format!("the languages are {}", names.join(", "))
    })
}

/// Writes the code to the standard output.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let fault = |fault: Fault| fault.complaint(&options.scenario);
    let text = std::fs::read_to_string(&options.scenario).map_err(|error| fault(Fault::Unreadable(error)))?;
    let SavedRun { scenario, journal, .. } =
        parse_file(&text).map_err(|problems| fault(Fault::Problems(problems)))?;
    let Some(story) = Story::of(&scenario, &journal, &options.client) else {
        let names = Story::names(&scenario, &journal).join(", ");
        return Err(Complaint::file(
            &options.scenario,
            format!("there is no client `{}`; there are {names}", options.client),
        ));
    };
    print!("{}", write(options.language, &story));
    Ok(ExitCode::SUCCESS)
}
