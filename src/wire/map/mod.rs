//! The field map: a packet's bytes cut into named spans, made when somebody looks.
//!
//! The decoder itself says what it reads, so that the map can never disagree with it.

mod meaning;

use super::decode::decode_noting;
use super::part::Part;
use super::read::Notes;
use super::{Malformed, Version, connect};
use bytes::Bytes;
use meaning::{describe, describe_length, hex};

/// One field of a packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
    /// The specification's name for it.
    pub name: &'static str,
    /// Its value: a number, text, or the beginning of binary data in hexadecimal.
    pub value: String,
    /// What the value says, bit by bit where bits have names; for a malformed field what is wrong.
    pub meaning: String,
    /// The section of the version's specification that defines it, or the statement that it breaks.
    pub clause: &'static str,
}

/// The fields of one packet in order, which cover every byte once.
///
/// Where the bytes are no packet, the fields before the mistake are there as usual, and the last one reaches to the end
/// and says what is wrong; it is empty where the mistake is that bytes are missing.
pub fn field_map(bytes: &[u8], version: Version) -> Vec<Field> {
    let version = version_of(bytes, version);
    let mut spans = Spans(Vec::new());
    let decoded = decode_noting(&Bytes::copy_from_slice(bytes), version, &mut spans);
    let mut fields = Vec::with_capacity(spans.0.len() + 1);
    let offset = decoded.as_ref().err().map_or(usize::MAX, |malformed| malformed.offset);
    for span in spans.0 {
        let Some(inside) = bytes.get(span.start..span.end) else { break };
        if span.start > offset {
            break;
        }
        fields.push(span.field(inside, version));
    }
    if let Err(malformed) = decoded {
        mark(&mut fields, &malformed, bytes, version);
    }
    fields
}

/// The version in which a packet's bytes are read: CONNECT says its own, the others are of their connection's.
pub fn version_of(bytes: &[u8], version: Version) -> Version {
    connect::announced(bytes).unwrap_or(version)
}

/// Says what is wrong: on the field that it is wrong with, and on the bytes that were not read for it.
fn mark(fields: &mut Vec<Field>, malformed: &Malformed, bytes: &[u8], version: Version) {
    let handling_errors = if version == Version::V3 { "4.8" } else { "4.13" };
    let clause = malformed.rule.map_or(handling_errors, |rule| rule.id);
    let read = fields.last().map_or(0, |field| field.end);
    let offender = fields.last_mut().filter(|field| field.end > malformed.offset);
    let is_known = offender.is_some();
    if let Some(field) = offender {
        field.meaning = malformed.what.to_owned();
        field.clause = clause;
    }
    if is_known && read == bytes.len() {
        return;
    }
    fields.push(Field {
        start: read,
        end: bytes.len(),
        name: if is_known { "Not read" } else { "Malformed" },
        value: hex(bytes.get(read..).unwrap_or_default()),
        meaning: format!("{} (At byte {}.)", malformed.what, malformed.offset),
        clause,
    });
}

struct Span {
    start: usize,
    end: usize,
    part: Part,
    is_length: bool,
}

impl Span {
    fn field(&self, bytes: &[u8], version: Version) -> Field {
        let clause = self.part.clause(version);
        let (name, (value, meaning)) = if self.is_length {
            (self.part.length_name(version), describe_length(bytes))
        } else {
            (self.part.name(version), describe(self.part, bytes, version))
        };
        Field { start: self.start, end: self.end, name, value, meaning, clause }
    }
}

struct Spans(Vec<Span>);

impl Notes for Spans {
    fn note(&mut self, start: usize, end: usize, part: Part, is_length: bool) {
        // An empty string has a length and no bytes to name.
        if start < end {
            self.0.push(Span { start, end, part, is_length });
        }
    }
}
