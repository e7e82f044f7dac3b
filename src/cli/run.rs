//! `glassbroker run`: a scenario in, its trace out.

use super::complaint::Complaint;
use super::input::{Given, Loaded};
use super::ledger;
use super::lines::Lines;
use crate::account::metering::{Bill, Prices};
use crate::account::records::{Log, Metrics};
use crate::broker::Kind;
use crate::scenario::Expectations;
use crate::sim::Run;
use crate::time::{Span, epoch_ms};
use crate::trace::{Ledger, Summary};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// How many steps of the world are computed before their events are written and may go.
const SLICE_STEPS: u64 = 20_000;

#[derive(clap::Args, Debug)]
pub(super) struct Options {
    #[command(flatten)]
    given: Given,
    /// What to write.
    #[arg(long, default_value = "jsonl")]
    format: Format,
    /// What the bill of a summary is made with: a region, prices of your own for a million, or both, such as eu-west-1,rules=0.15.
    #[arg(long, value_name = "R", default_value = "", value_parser = Prices::parse, hide_default_value = true)]
    prices: Prices,
    /// Write to this file, not to the standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Debug)]
enum Format {
    /// The trace, as JSON lines.
    Jsonl,
    /// What the run came to, in a few lines.
    Summary,
    /// The metrics that AWS IoT Core would have counted.
    Metrics,
    /// The log entries that AWS IoT Core would have written, as JSON lines.
    Logs,
}

/// Runs the scenario to its end.
pub(super) fn run(options: &Options) -> Result<ExitCode, Complaint> {
    let loaded = options.given.load(&options.given.overrides())?;
    let run = Run::new(&loaded.plan.setup).map_err(|what| Complaint::file(&options.given.scenario, what))?;
    let written = match &options.output {
        Some(path) => {
            let file = File::create(path).map_err(|error| Complaint::file(path, error))?;
            let mut to = BufWriter::new(file);
            write(options, &loaded, run, &mut to)
                .and_then(|()| to.flush())
                .map_err(|error| Complaint::file(path, error))
        }
        None => {
            let mut to = BufWriter::new(io::stdout().lock());
            match write(options, &loaded, run, &mut to).and_then(|()| to.flush()) {
                // Whoever read it has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(Complaint::new),
            }
        }
    };
    written.map(|()| ExitCode::SUCCESS)
}

fn write(options: &Options, loaded: &Loaded, mut run: Run, to: &mut impl Write) -> io::Result<()> {
    let until = loaded.plan.setup.until;
    let mut lines = Lines::default();
    let mut expectations = Expectations::new(&loaded.plan.expect);
    let mut clients = Summary::default();
    let (mut ledger, mut bill, mut metrics) = (Ledger::default(), Bill::default(), Metrics::default());
    let setup = &loaded.plan.setup;
    let mut log = Log::new(setup.seed, epoch_ms(&setup.epoch).unwrap_or(0));
    let mut entries = String::new();
    let mut seen = 0;
    loop {
        let done = run.advance_to(until, SLICE_STEPS).done;
        if options.format == Format::Jsonl {
            lines.write(run.trace(), to)?;
        }
        let next = run.trace().next_seq();
        for event in run.trace().range(seen..next) {
            expectations.take(&event);
            clients.take(&event);
            ledger.take(&event);
            bill.take(&event);
            metrics.take(&event);
            if options.format == Format::Logs {
                log.take(&event, &mut entries);
            }
        }
        to.write_all(entries.as_bytes())?;
        entries.clear();
        seen = next;
        if done {
            break;
        }
    }
    match options.format {
        Format::Jsonl | Format::Logs => Ok(()),
        Format::Metrics => write!(to, "{metrics}"),
        Format::Summary => {
            summary(loaded, &run, &expectations, &clients, &ledger, to)?;
            if loaded.plan.setup.profile.has_account() {
                write!(to, "\n{}", bill.statement(&options.prices, until))?;
            }
            Ok(())
        }
    }
}

/// The run in a few lines.
fn summary(
    loaded: &Loaded,
    run: &Run,
    expectations: &Expectations,
    clients: &Summary,
    entries: &Ledger,
    to: &mut impl Write,
) -> io::Result<()> {
    let Loaded { scenario, plan } = loaded;
    let counts = run.head_world().recorder().counts();
    writeln!(to, "scenario  {}", scenario.title)?;
    writeln!(to, "profile   {}", plan.setup.profile.name())?;
    writeln!(to, "seed      {}", plan.setup.seed)?;
    writeln!(to, "until     {}", Span(plan.setup.until.0))?;
    writeln!(to, "events    {}", counts.total())?;
    writeln!(
        to,
        "messages  {} published, {} deliveries, {} dropped or expired",
        run.head_world().recorder().messages(),
        counts.of(Kind::MessageDelivered),
        counts.of(Kind::MessageDropped) + counts.of(Kind::MessageExpired)
    )?;
    writeln!(to, "hash      {}", run.trace().hash().unwrap_or_else(|| "unknown".to_owned()))?;
    writeln!(to)?;
    for kind in Kind::all() {
        if counts.of(kind) > 0 {
            writeln!(to, "{:>9}  {}", counts.of(kind), kind.name())?;
        }
    }
    write!(to, "\n{clients}")?;
    ledger::write(entries, run.trace(), to)?;
    let unmet = expectations.unmet();
    if !plan.expect.is_empty() {
        writeln!(to)?;
        writeln!(to, "expected  {} of {} hold", plan.expect.len() - unmet.len(), plan.expect.len())?;
    }
    for claim in unmet {
        writeln!(to, "          {claim}")?;
    }
    Ok(())
}
