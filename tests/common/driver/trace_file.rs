//! The trace that `glassbroker serve --trace FILE` writes, against what the driver noted.

use super::notes::Noted;
use glassbroker::broker::Cause;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The keys that a kind may have for the same field of an event.
const TOPIC: &[&str] = &["topic", "filter", "key", "resource", "quota"];
const NUMBER: &[&str] = &["number", "depth", "level", "identifier"];

pub struct TraceFile {
    lines: BufReader<File>,
    /// The driver's number for each event of the file; the driver has none for sockets.
    seqs: Vec<Option<u32>>,
    compared: usize,
}

impl TraceFile {
    /// Opens it and passes over its first line.
    pub fn open(path: &Path) -> Self {
        let mut lines = BufReader::new(File::open(path).expect("serve writes its trace"));
        lines.read_line(&mut String::new()).expect("the head");
        Self { lines, seqs: Vec::new(), compared: 0 }
    }

    /// How many events were the same.
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// Reads the events that came: these are all that were noted so far.
    pub fn compare(&mut self, notes: &[Noted]) {
        let mut line = String::new();
        while self.lines.read_line(&mut line).expect("text") > 0 {
            let event: Value = serde_json::from_str(&line).expect("a JSON line");
            if event["kind"].as_str().is_some_and(|kind| kind.starts_with("socket.")) {
                self.seqs.push(None);
            } else {
                let noted = notes.get(self.compared).unwrap_or_else(|| panic!("serve alone noted {line}"));
                self.seqs.push(Some(noted.seq));
                self.compare_event(&event, noted);
                self.compared += 1;
            }
            line.clear();
        }
        assert_eq!(self.compared, notes.len(), "the driver alone noted {:?}", &notes[self.compared..]);
    }

    fn compare_event(&self, event: &Value, noted: &Noted) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let number = |key: &str| event[key].as_u64();
        let same = |what: bool| assert!(what, "serve noted {event}, the driver {noted:?}");
        let cause = number("cause").and_then(|seq| self.seqs[seq as usize]).unwrap_or(Cause::NO_EVENT);
        same(number("t") == Some(noted.at.0) && text("kind") == noted.kind.name());
        same(text("client") == noted.client && cause == noted.cause);
        same(text("rule") == noted.rule.map_or("", |rule| rule.id));
        same(text("why") == noted.why && number("until") == noted.until.map(|until| until.0));
        // A packet's event has the packet's own fields in place of these.
        if !text("kind").starts_with("packet.") {
            let topic = TOPIC.iter().map(|key| text(key)).find(|text| !text.is_empty());
            same(topic.unwrap_or_default() == noted.topic);
            same(number("qos") == noted.qos.map(u64::from) && number("code") == noted.code.map(u64::from));
            same(NUMBER.iter().find_map(|key| number(key)) == noted.number.map(u64::from));
        }
    }
}
