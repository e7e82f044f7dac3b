//! The diagram as lines of text, for where there is no picture.

use super::super::label::{clock, span};
use super::diagram::{Diagram, Row, Way};
use super::label::{label, what_happened};
use crate::time::SimTime;
use crate::trace::Trace;

/// One line for each row and each folded wait, from the top to the bottom.
pub fn text(diagram: &Diagram, trace: &Trace) -> String {
    let mut waits = diagram.waits.iter().filter(|wait| wait.folded).peekable();
    let mut out = String::new();
    for row in &diagram.rows {
        while let Some(wait) = waits.next_if(|wait| wait.y < row.y) {
            out.push_str(&format!("        {} later\n", span(wait.us)));
        }
        line(&mut out, diagram, trace, row);
    }
    out
}

/// Such as `0:10.000 sensor → broker PUBLISH QoS 2 #2 room/alarm`, and what became of the packet where that is to be told.
fn line(out: &mut String, diagram: &Diagram, trace: &Trace, row: &Row) {
    let name =
        |lifeline: usize| diagram.lifelines.get(lifeline).and_then(Option::as_deref).unwrap_or("broker");
    let says = trace.get(row.seq).map(|event| label(&event).line()).unwrap_or_default();
    let goes = row.way.map(|way| format!(" → {}", name(way.to))).unwrap_or_default();
    let became = row.way.map(|way| became(&way, trace)).unwrap_or_default();
    let at = clock(SimTime(row.at.0 / 1000 * 1000));
    out.push_str(&format!("{at} {}{goes} {says}{became}\n", name(row.from)));
}

fn became(way: &Way, trace: &Trace) -> String {
    let mut parts = Vec::new();
    let lost = way.end.filter(|end| end.lost);
    let why = lost.and_then(|end| trace.get(end.seq));
    let happened = what_happened(way, lost.map(|_| why.as_ref().map_or("", |event| event.why())));
    match (way.end, way.waits.is_some()) {
        (None, false) => parts.push("on its way".to_owned()),
        (None, true) => parts.push("held back by the network".to_owned()),
        (Some(end), true) => {
            parts.push(format!("held back until {}", clock(SimTime(end.at.0 / 1000 * 1000))))
        }
        (Some(_), false) => {}
    }
    parts.extend(Some(happened).filter(|happened| !happened.is_empty()));
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}
