//! `broker.ledger()`: what became of each message for each subscriber, as plain data. `docs` of each field are in
//! `www/headless/glassbroker.d.ts`.

use crate::trace::{Ledger, Level, Line, Trace, Verdict};
use serde::Serialize;

/// The ledger as it is now.
#[derive(Serialize)]
pub(super) struct LedgerView<'a> {
    left_out: u32,
    lines: Vec<LineView<'a>>,
}

#[derive(Serialize)]
struct LineView<'a> {
    message: String,
    topic: &'a str,
    subscriber: Option<&'a str>,
    qos: u8,
    promise: &'static str,
    retain: bool,
    fate: &'static str,
    kept: Option<bool>,
    sent: u32,
    received: u32,
    seq: u32,
    t: u64,
    why: Option<&'a str>,
    rule: Option<&'static str>,
}

impl<'a> LedgerView<'a> {
    /// Reads the whole trace.
    ///
    /// # Errors
    /// Where the trace keeps too little for a ledger.
    pub(super) fn of(trace: &'a Trace) -> Result<Self, &'static str> {
        if trace.level() != Level::Full {
            return Err("the ledger is read from a trace of the level \"full\"");
        }
        let mut ledger = Ledger::default();
        trace.range(0..u32::MAX).for_each(|event| ledger.take(&event));
        let lines = ledger.at(trace.next_seq()).map(|line| line_view(&line, trace)).collect();
        Ok(Self { left_out: ledger.left_out(), lines })
    }
}

fn line_view<'a>(line: &Line, trace: &'a Trace) -> LineView<'a> {
    let (first, settled) = (trace.get(line.first_seq), trace.get(line.fate_seq));
    LineView {
        message: trace.message_name(line.message).map(|name| name.to_string()).unwrap_or_default(),
        topic: first.map_or("", |event| event.topic()),
        subscriber: line.subscriber.and_then(|number| trace.clients().nth(number as usize)),
        qos: line.qos,
        promise: line.promise(),
        retain: line.retain,
        fate: line.fate.name(),
        kept: match line.fate.verdict(line.qos) {
            Verdict::Kept => Some(true),
            Verdict::Broken => Some(false),
            Verdict::Open => None,
        },
        sent: line.sent,
        received: line.received,
        seq: line.fate_seq,
        t: settled.map_or(0, |event| event.at().0),
        why: settled.map(|event| event.why()).filter(|why| !why.is_empty()),
        rule: settled.and_then(|event| event.rule()).map(|rule| rule.id),
    }
}
