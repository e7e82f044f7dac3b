//! The delivery ledger as text: the sums, and the messages whose promise was not kept or that wait.

use crate::picture::clock;
use crate::trace::{Ledger, Line, Totals, Trace, Verdict};
use std::io::{self, Write};

/// How many messages are listed.
const LISTED: usize = 20;

/// Writes the ledger as it is at the end of the trace.
pub(super) fn write(ledger: &Ledger, trace: &Trace, to: &mut impl Write) -> io::Result<()> {
    let lines: Vec<Line> = ledger.at(trace.next_seq()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    write!(to, "\n{}", lines.iter().copied().collect::<Totals>())?;
    if ledger.left_out() > 0 {
        writeln!(to, "without the first {} messages", ledger.left_out())?;
    }
    for (verdict, title) in [(Verdict::Broken, "not kept"), (Verdict::Open, "not settled")] {
        let found = || lines.iter().filter(|line| line.fate.verdict(line.qos) == verdict);
        let count = found().count();
        if count == 0 {
            continue;
        }
        writeln!(to, "\n{title}: {count}")?;
        for line in found().take(LISTED) {
            writeln!(to, "  {}", told(line, trace))?;
        }
        if count > LISTED {
            writeln!(to, "  and {} more", count - LISTED)?;
        }
    }
    Ok(())
}

/// One line: the message, its topic, for whom, the promise, what became of it, when, why and by which rule.
fn told(line: &Line, trace: &Trace) -> String {
    let mut text = trace.message_name(line.message).map(|name| name.to_string()).unwrap_or_default();
    if let Some(first) = trace.get(line.first_seq) {
        text.push_str(&format!(" {}", first.topic()));
    }
    if let Some(subscriber) = line.subscriber.and_then(|number| trace.clients().nth(number as usize)) {
        text.push_str(&format!(" for {subscriber}"));
    }
    text.push_str(&format!(", {}: {}", line.promise(), line.fate.name()));
    if let Some(event) = trace.get(line.fate_seq) {
        text.push_str(&format!(" at {}", clock(event.at())));
        if !event.why().is_empty() {
            text.push_str(&format!(", {}", event.why()));
        }
        if let Some(rule) = event.rule() {
            text.push_str(&format!(" [{}]", rule.id));
        }
    }
    text
}
