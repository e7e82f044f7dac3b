//! What a link remembers of a run's trace: enough to see whether another engine computes the same, and where it first does not.

use super::store::Trace;
use crate::fnv::{FNV1A, fnv1a};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// In how many places a trace is compared: the first difference is known to a sixteenth of the run.
const PARTS: usize = 16;
/// Of a longer run this many events are compared, so that making a link takes no noticeable time.
const MAX_EVENTS: u32 = 20_000;

/// Hashes of the JSON lines of a run's first events, line 1 left out since it names the engine: after each sixteenth of them FNV-1a,
/// 64 bits, over all lines so far, folded to 32 bits.
///
/// As text it is `EVENTS-HASHES`: the count in decimal, and eight hexadecimal digits a hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    events: u32,
    hashes: [u32; PARTS],
}

/// After how many events the `part`-th hash is taken.
fn end(events: u32, part: usize) -> u32 {
    (u64::from(events) * (part as u64 + 1) / PARTS as u64) as u32
}

impl Fingerprint {
    /// That of the trace's first `events` events. `None` where the trace no longer holds them all.
    pub fn of(trace: &Trace, events: u32) -> Option<Self> {
        let events = events.min(MAX_EVENTS);
        let hashes = hashes(trace, events)?;
        Some(Self { events, hashes })
    }

    /// The events among which a trace, of which `events` have happened at the same moment, first differs; `None` where it does not,
    /// or where it no longer holds its beginning.
    pub fn first_difference(&self, trace: &Trace, events: u32) -> Option<Range<u32>> {
        let mine = hashes(trace, self.events)?;
        let differs = self.hashes.iter().zip(&mine).position(|(theirs, mine)| theirs != mine);
        match differs {
            Some(part) => {
                Some(part.checked_sub(1).map_or(0, |part| end(self.events, part))..end(self.events, part))
            }
            // The same as far as it goes, and then something more.
            None if events.min(MAX_EVENTS) > self.events => Some(self.events..self.events + 1),
            None => None,
        }
    }
}

/// The hashes after each part of `events` events, of which the trace may hold fewer at its end, but none may lack at its beginning.
fn hashes(trace: &Trace, events: u32) -> Option<[u32; PARTS]> {
    if trace.dropped() > 0 {
        return None;
    }
    let (mut hash, mut from, mut line) = (FNV1A, 0, String::new());
    let mut hashes = [0; PARTS];
    for (part, folded) in hashes.iter_mut().enumerate() {
        let to = end(events, part);
        for event in trace.range(from..to) {
            line.clear();
            event.write_json(&mut line);
            line.push('\n');
            hash = fnv1a(hash, line.as_bytes());
        }
        from = to;
        *folded = (hash ^ (hash >> 32)) as u32;
    }
    Some(hashes)
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.events)?;
        self.hashes.iter().try_for_each(|hash| write!(f, "{hash:08x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("a `hash` is a number of events, a hyphen and {} hexadecimal digits", PARTS * 8);
        let (events, digits) = text.split_once('-').ok_or_else(wrong)?;
        let bytes =
            crate::json::from_hex(digits).filter(|bytes| bytes.len() == PARTS * 4).ok_or_else(wrong)?;
        let mut hashes = [0; PARTS];
        for (hash, bytes) in hashes.iter_mut().zip(bytes.chunks_exact(4)) {
            *hash = bytes.iter().fold(0, |hash, byte| hash << 8 | u32::from(*byte));
        }
        Ok(Self { events: events.parse().map_err(|_| wrong())?, hashes })
    }
}
