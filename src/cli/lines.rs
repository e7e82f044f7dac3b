//! A trace as JSON lines, written while it grows.

use crate::trace::Trace;
use std::io::{self, Write};

/// How far a trace was written.
#[derive(Default)]
pub(super) struct Lines {
    begun: bool,
    next: u32,
    text: String,
}

impl Lines {
    /// Writes what the trace has and was not written yet: its first line, then one line an event.
    pub(super) fn write(&mut self, trace: &Trace, to: &mut impl Write) -> io::Result<()> {
        self.text.clear();
        if !self.begun {
            self.begun = true;
            trace.write_header(&mut self.text);
            self.text.push('\n');
        }
        let next = trace.next_seq();
        for event in trace.range(self.next..next) {
            event.write_json(&mut self.text);
            self.text.push('\n');
        }
        self.next = next;
        to.write_all(self.text.as_bytes())
    }
}
