//! Scenario files: read, checked, compiled, with every problem at its place.

use super::complaint::Complaint;
use crate::scenario::{Overrides, Plan, Problem, Scenario, compile, parse};
use crate::time::{SimTime, Span};
use std::path::{Path, PathBuf};

/// The scenario of a run, and what goes before what its file says.
#[derive(clap::Args, Debug)]
pub(super) struct Given {
    /// The scenario's file.
    pub(super) scenario: PathBuf,
    /// Another profile than the scenario's.
    #[arg(long, value_name = "P")]
    profile: Option<String>,
    /// Another seed than the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Another end than the scenario's, such as 90s.
    #[arg(long, value_name = "T", value_parser = Span::parse)]
    until: Option<Span>,
}

impl Given {
    pub(super) fn overrides(&self) -> Overrides {
        let until = self.until.map(|until| SimTime(until.0));
        Overrides { profile: self.profile.clone(), seed: self.seed, until }
    }

    /// Reads the scenario.
    pub(super) fn load(&self, overrides: &Overrides) -> Result<Loaded, Complaint> {
        load(&self.scenario, overrides).map_err(|fault| fault.complaint(&self.scenario))
    }
}

/// A scenario that is ready to run, and what it came from.
pub(super) struct Loaded {
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
}

/// Why a file is no scenario.
pub(super) enum Fault {
    /// It cannot be read.
    Unreadable(std::io::Error),
    /// It is wrong in these places.
    Problems(Vec<Problem>),
}

impl Fault {
    /// One line a problem: `file:line:column: error: …`.
    pub(super) fn complaint(&self, file: &Path) -> Complaint {
        match self {
            Self::Unreadable(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Complaint::file(file, "this is no text in UTF-8, hence no JSON")
            }
            Self::Unreadable(error) => Complaint::file(file, error),
            Self::Problems(problems) => {
                let lines: Vec<String> = problems.iter().map(|problem| line(file, problem).0).collect();
                Complaint(lines.join("\n"))
            }
        }
    }
}

fn line(file: &Path, problem: &Problem) -> Complaint {
    let what = match problem.path.as_str() {
        "" => problem.message.clone(),
        path => format!("{path}: {}", problem.message),
    };
    match problem.line {
        0 => Complaint::file(file, what),
        line => Complaint::at(file, line as usize, problem.column as usize, what),
    }
}

/// Reads a scenario file.
pub(super) fn load(file: &Path, overrides: &Overrides) -> Result<Loaded, Fault> {
    let text = std::fs::read_to_string(file).map_err(Fault::Unreadable)?;
    let scenario = parse(&text).map_err(Fault::Problems)?;
    let plan = compile(&scenario, overrides).map_err(Fault::Problems)?;
    Ok(Loaded { scenario, plan })
}
