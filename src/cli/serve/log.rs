//! `--trace FILE`: the trace as JSON lines, written while it happens.

use crate::broker::{Cause, Event, NoObserver, Observer};
use crate::cli::complaint::Complaint;
use crate::cli::lines::Lines;
use crate::profile::Profile;
use crate::time::date_and_time;
use crate::trace::{Bounds, Header, Level, Recorder, Trace};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// An observer that puts down what it saw between one thing that happens and the next.
pub(super) trait Log: Observer {
    /// Writes out what was noted since the last time.
    fn write_out(&mut self) -> Result<(), Complaint>;
}

impl Log for NoObserver {
    fn write_out(&mut self) -> Result<(), Complaint> {
        Ok(())
    }
}

/// A trace that holds little: what was written out may go.
pub(super) struct TraceFile {
    path: PathBuf,
    file: BufWriter<File>,
    recorder: Recorder,
    trace: Trace,
    lines: Lines,
    written: Option<u32>,
}

impl TraceFile {
    /// Creates the file, or empties it, and writes the trace's first line.
    pub(super) fn create(path: &Path, profile: Profile, seed: u64) -> Result<Self, Complaint> {
        let file = File::create(path).map_err(|error| Complaint::file(path, error))?;
        let header = Header { seed, profile, epoch: now(), ..Header::default() };
        let bounds =
            Bounds { events: 100_000, packet_bytes: 16 << 20, messages: 100_000, hash_dropped: false };
        let mut log = Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            recorder: Recorder::new(),
            trace: Trace::new(header, Level::Full, bounds),
            lines: Lines::default(),
            written: None,
        };
        log.write_out()?;
        Ok(log)
    }
}

impl Observer for TraceFile {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        self.recorder.watch(&mut self.trace).note(event)
    }
}

impl Log for TraceFile {
    fn write_out(&mut self) -> Result<(), Complaint> {
        let next = Some(self.trace.next_seq());
        if self.written == next {
            return Ok(());
        }
        self.written = next;
        let written = self.lines.write(&self.trace, &mut self.file).and_then(|()| self.file.flush());
        written.map_err(|error| Complaint::file(&self.path, error))
    }
}

/// The calendar time as RFC 3339 writes it, to the second.
fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    rfc3339(since.as_secs())
}

/// A moment in seconds since 1970.
fn rfc3339(seconds: u64) -> String {
    let text = date_and_time(seconds.saturating_mul(1_000));
    let to_the_second = text.split('.').next().unwrap_or_default();
    format!("{}Z", to_the_second.replace(' ', "T"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        // From `date -u -d @N +%FT%TZ`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
