//! `glassbroker check`: whether files are scenarios, and with `--run` whether their runs bear out what they expect.

use super::complaint::Complaint;
use super::input::{self, Fault};
use crate::scenario::{Expectations, Overrides, Plan};
use crate::sim::Run;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How many steps of the world are computed before their events are looked at and may go.
const SLICE_STEPS: u64 = 20_000;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// The scenarios' files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Run each scenario as well, and see whether what it expects comes true.
    #[arg(long)]
    run: bool,
    /// How to say it.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Debug)]
enum Format {
    /// One line a problem, for people and editors.
    Text,
    /// An array of objects with file, line, column, path and message.
    Json,
}

/// One problem, as JSON.
#[derive(Serialize)]
struct Found<'a> {
    file: &'a Path,
    /// From 1; null for the file as a whole.
    line: Option<u32>,
    column: Option<u32>,
    path: &'a str,
    message: String,
}

/// Checks every file; the status is 1 where one is at fault.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let mut found = Vec::new();
    let (mut faulty, mut claims) = (false, 0);
    for file in &options.files {
        let fault = match input::load(file, &Overrides::default()) {
            Err(fault) => Some(fault),
            Ok(loaded) => {
                claims += loaded.plan.expect.len();
                if options.run { unmet(&loaded.plan) } else { None }
            }
        };
        let Some(fault) = fault else { continue };
        faulty = true;
        match options.format {
            Format::Text => eprintln!("{}", fault.complaint(file).0),
            Format::Json => found.push((file, fault)),
        }
    }
    if options.format == Format::Json {
        let found: Vec<Found<'_>> = found.iter().flat_map(|(file, fault)| list(file, fault)).collect();
        println!("{}", serde_json::to_string_pretty(&found).map_err(Complaint::new)?);
    } else if !faulty {
        println!("{}", praise(options.files.len(), claims, options.run));
    }
    Ok(ExitCode::from(u8::from(faulty)))
}

/// What is said where nothing is wrong: how many scenarios, and whether what they claim was tried.
fn praise(files: usize, claims: usize, tried: bool) -> String {
    let scenarios =
        if files == 1 { "1 scenario is fine".to_owned() } else { format!("{files} scenarios are fine") };
    match (claims, tried) {
        (0, _) => scenarios,
        (1, true) => format!("{scenarios}; 1 claim holds"),
        (_, true) => format!("{scenarios}; {claims} claims hold"),
        (1, false) => format!("{scenarios}; 1 claim was not tried (--run tries it)"),
        (_, false) => format!("{scenarios}; {claims} claims were not tried (--run tries them)"),
    }
}

fn list<'a>(file: &'a Path, fault: &'a Fault) -> Vec<Found<'a>> {
    match fault {
        Fault::Unreadable(error) => {
            vec![Found { file, line: None, column: None, path: "", message: error.to_string() }]
        }
        Fault::Problems(problems) => problems
            .iter()
            .map(|problem| Found {
                file,
                line: (problem.line > 0).then_some(problem.line),
                column: (problem.line > 0).then_some(problem.column),
                path: &problem.path,
                message: problem.message.clone(),
            })
            .collect(),
    }
}

/// What the run does not bear out, as problems of the file.
fn unmet(plan: &Plan) -> Option<Fault> {
    let problem =
        |path: String, message: String| crate::scenario::Problem { line: 0, column: 0, path, message };
    let mut run = match Run::new(&plan.setup) {
        Ok(run) => run,
        Err(what) => return Some(Fault::Problems(vec![problem(String::new(), what)])),
    };
    let mut expectations = Expectations::new(&plan.expect);
    let mut next = 0;
    loop {
        let done = run.advance_to(plan.setup.until, SLICE_STEPS).done;
        let end = run.trace().next_seq();
        for event in run.trace().range(next..end) {
            expectations.take(&event);
        }
        next = end;
        if done {
            break;
        }
    }
    let problems: Vec<_> =
        expectations.unmet().into_iter().map(|unmet| problem(String::new(), unmet.to_string())).collect();
    (!problems.is_empty()).then_some(Fault::Problems(problems))
}
