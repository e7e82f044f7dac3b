//! The ledger as a table that spreadsheets open, and as JSON lines.

use crate::json::Object;
use crate::trace::{Line, Trace, Verdict};

/// The columns: the first line of the CSV, and the names in the JSON lines. Times are microseconds of simulated time.
const COLUMNS: [&str; 16] = [
    "message",
    "publisher",
    "published_us",
    "topic",
    "qos",
    "promise",
    "retain",
    "subscriber",
    "fate",
    "kept",
    "sent",
    "received",
    "delay_us",
    "settled_us",
    "why",
    "rule",
];

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Comma-separated values as RFC 4180 writes them.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

enum Cell<'a> {
    Text(&'a str),
    Number(u64),
    Switch(bool),
    Nothing,
}

impl Form {
    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What stands before the lines.
    pub fn begin(self, out: &mut String) {
        if self == Self::Csv {
            out.push_str(&COLUMNS.join(","));
            out.push_str("\r\n");
        }
    }

    /// Writes one line of the ledger.
    pub fn write(self, out: &mut String, line: &Line, trace: &Trace) {
        let name = trace.message_name(line.message);
        let message = name.map(|name| name.to_string()).unwrap_or_default();
        let settled = trace.get(line.fate_seq);
        let number = |number: Option<u64>| number.map_or(Cell::Nothing, Cell::Number);
        let text = |text: Option<&'static str>| text.map_or(Cell::Nothing, Cell::Text);
        let cells = [
            Cell::Text(&message),
            name.map_or(Cell::Nothing, |name| Cell::Text(name.client)),
            number(line.published_at(trace).map(|at| at.0)),
            Cell::Text(line.topic(trace)),
            Cell::Number(u64::from(line.qos)),
            Cell::Text(line.promise()),
            Cell::Switch(line.retain),
            line.subscriber_name(trace).map_or(Cell::Nothing, Cell::Text),
            Cell::Text(line.fate.name()),
            match line.fate.verdict(line.qos) {
                Verdict::Kept => Cell::Switch(true),
                Verdict::Broken => Cell::Switch(false),
                Verdict::Open => Cell::Nothing,
            },
            Cell::Number(u64::from(line.sent)),
            Cell::Number(u64::from(line.received)),
            number(line.delay_us(trace)),
            number(settled.map(|event| event.at().0)),
            settled.map(|event| event.why()).filter(|why| !why.is_empty()).map_or(Cell::Nothing, Cell::Text),
            text(settled.and_then(|event| event.rule()).map(|rule| rule.id)),
        ];
        match self {
            Self::Csv => csv(out, &cells),
            Self::JsonLines => json(out, &cells),
        }
    }
}

fn json(out: &mut String, cells: &[Cell<'_>]) {
    let mut object = Object::begin(out);
    for (name, cell) in COLUMNS.iter().zip(cells) {
        match cell {
            Cell::Text(text) => object.text(name, text),
            Cell::Number(number) => object.number(name, *number),
            Cell::Switch(value) => object.switch(name, *value),
            Cell::Nothing => object.null(name),
        }
    }
    object.end();
    out.push('\n');
}

fn csv(out: &mut String, cells: &[Cell<'_>]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match cell {
            Cell::Text(text) => cell_text(out, text),
            Cell::Number(number) => out.push_str(&number.to_string()),
            Cell::Switch(value) => out.push_str(if *value { "true" } else { "false" }),
            Cell::Nothing => {}
        }
    }
    out.push_str("\r\n");
}

/// A text in a cell. What a spreadsheet would compute is told from a formula by an apostrophe before it, as OWASP advises: names and
/// topics are whatever a client says.
fn cell_text(out: &mut String, text: &str) {
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
            || text.starts_with(['\t', '\r', '\n']);
    let quoted = text.contains([',', '"', '\r', '\n', ';', '\t']);
    if quoted {
        out.push('"');
    }
    if is_formula {
        out.push('\'');
    }
    for letter in text.chars() {
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
    }
    if quoted {
        out.push('"');
    }
}
