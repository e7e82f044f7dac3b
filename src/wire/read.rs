//! Reading one packet's bytes from left to right.

use super::part::Part;
use super::text::{BadText, Text};
use super::{Malformed, ReasonCode, Version};
use crate::rule::{RuleId, v5};
use bytes::Bytes;

/// Who is told of every span that was read. The decoder itself needs nobody, and the compiler then removes the calls.
pub(super) trait Notes {
    /// The bytes from `start` up to `end` are this part, or the length before it.
    fn note(&mut self, start: usize, end: usize, part: Part, is_length: bool);
}

/// Nobody is told.
pub(super) struct Quiet;

impl Notes for Quiet {
    #[inline(always)]
    fn note(&mut self, _: usize, _: usize, _: Part, _: bool) {}
}

/// A place in a packet's bytes.
pub(super) struct Reader<'a, N> {
    /// The packet, of which text and payloads become slices.
    source: &'a Bytes,
    /// What may be read: the packet, or less of it while properties are read.
    pub(super) bytes: &'a [u8],
    /// The offset of the next byte.
    pub(super) at: usize,
    /// The version whose rules hold.
    pub(super) version: Version,
    notes: &'a mut N,
}

impl<'a, N: Notes> Reader<'a, N> {
    pub(super) fn new(source: &'a Bytes, version: Version, notes: &'a mut N) -> Self {
        Self { source, bytes: source, at: 0, version, notes }
    }

    /// How many bytes may still be read.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Takes the bytes up to `end` as this part.
    #[inline]
    pub(super) fn take(&mut self, end: usize, part: Part, is_length: bool) {
        self.notes.note(self.at, end, part, is_length);
        self.at = end;
    }

    /// The refusal of something at `offset`.
    #[cold]
    pub(super) fn refuse<T>(
        &self,
        code: ReasonCode,
        rule: impl Into<Option<RuleId>>,
        offset: usize,
        what: &'static str,
    ) -> Result<T, Malformed> {
        Err(Malformed { code, rule: rule.into(), offset, what })
    }

    /// The refusal of bytes that cannot be read as the specification says.
    #[cold]
    pub(super) fn malformed<T>(
        &self,
        rule: impl Into<Option<RuleId>>,
        offset: usize,
        what: &'static str,
    ) -> Result<T, Malformed> {
        self.refuse(ReasonCode::MALFORMED_PACKET, rule, offset, what)
    }

    /// The refusal of a value that can be read and is forbidden.
    #[cold]
    pub(super) fn forbidden<T>(
        &self,
        rule: impl Into<Option<RuleId>>,
        offset: usize,
        what: &'static str,
    ) -> Result<T, Malformed> {
        self.refuse(ReasonCode::PROTOCOL_ERROR, rule, offset, what)
    }

    #[cold]
    fn cut_short<T>(&self, part: Part) -> Result<T, Malformed> {
        self.malformed(part.missing_rule(self.version), self.bytes.len(), part.cut_short())
    }

    #[inline]
    pub(super) fn u8(&mut self, part: Part) -> Result<u8, Malformed> {
        let Some(&byte) = self.bytes.get(self.at) else { return self.cut_short(part) };
        self.take(self.at + 1, part, false);
        Ok(byte)
    }

    #[inline]
    fn peek_u16(&self, part: Part) -> Result<u16, Malformed> {
        match self.bytes.get(self.at..self.at + 2) {
            Some(&[high, low]) => Ok(u16::from_be_bytes([high, low])),
            _ => self.cut_short(part),
        }
    }

    #[inline]
    pub(super) fn u16(&mut self, part: Part) -> Result<u16, Malformed> {
        let number = self.peek_u16(part)?;
        self.take(self.at + 2, part, false);
        Ok(number)
    }

    pub(super) fn u32(&mut self, part: Part) -> Result<u32, Malformed> {
        match self.bytes.get(self.at..self.at + 4) {
            Some(&[a, b, c, d]) => {
                self.take(self.at + 4, part, false);
                Ok(u32::from_be_bytes([a, b, c, d]))
            }
            _ => self.cut_short(part),
        }
    }

    /// A Variable Byte Integer (1.5.5 in 5.0).
    pub(super) fn variable(&mut self, part: Part) -> Result<u32, Malformed> {
        let mut number = 0;
        for index in 0..4 {
            let Some(&byte) = self.bytes.get(self.at + index) else { return self.cut_short(part) };
            number |= u32::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                if byte == 0 && index > 0 {
                    return self.malformed(v5("MQTT-1.5.5-1"), self.at, LONGER_THAN_NEEDED);
                }
                self.take(self.at + index + 1, part, false);
                return Ok(number);
            }
        }
        self.malformed(None, self.at, "A Variable Byte Integer has more than four bytes; four is the most.")
    }

    /// The range of what stands after two bytes of length.
    #[inline]
    fn prefixed(&mut self, part: Part) -> Result<(usize, usize), Malformed> {
        let length = self.peek_u16(part)?;
        let start = self.at + 2;
        let end = start + usize::from(length);
        if end > self.bytes.len() {
            return self.cut_short(part);
        }
        self.take(start, part, true);
        Ok((start, end))
    }

    /// Binary Data (1.5.6 in 5.0), a slice of the packet.
    pub(super) fn binary(&mut self, part: Part) -> Result<Bytes, Malformed> {
        let (start, end) = self.prefixed(part)?;
        self.take(end, part, false);
        Ok(self.source.slice(start..end))
    }

    /// A UTF-8 Encoded String, a slice of the packet; with it, whether a wildcard character is in it.
    #[inline]
    pub(super) fn name(&mut self, part: Part) -> Result<(Text, bool), Malformed> {
        let (start, end) = self.prefixed(part)?;
        match Text::cut(self.source, start, end) {
            Ok(text) => {
                self.take(end, part, false);
                Ok(text)
            }
            Err(bad) => self.bad_text(bad),
        }
    }

    #[inline]
    pub(super) fn text(&mut self, part: Part) -> Result<Text, Malformed> {
        self.name(part).map(|(text, _)| text)
    }

    #[cold]
    fn bad_text<T>(&self, bad: BadText) -> Result<T, Malformed> {
        match bad {
            BadText::NotUtf8(offset) => self.malformed(
                self.version.rule("MQTT-1.5.3-1", "MQTT-1.5.4-1"),
                offset,
                "A string is not well-formed UTF-8; surrogates and overlong forms are no UTF-8 either.",
            ),
            BadText::Null(offset) => self.malformed(
                self.version.rule("MQTT-1.5.3-2", "MQTT-1.5.4-2"),
                offset,
                "A string holds the character U+0000, which no string may hold.",
            ),
        }
    }

    /// Everything that is left, a slice of the packet.
    #[inline]
    pub(super) fn rest(&mut self, part: Part) -> Bytes {
        let start = self.at.min(self.source.len());
        self.take(self.bytes.len(), part, false);
        self.source.slice(start..)
    }
}

/// Said of a Variable Byte Integer that has a byte too many.
pub(super) const LONGER_THAN_NEEDED: &str =
    "A Variable Byte Integer is written with more bytes than it needs; the fewest must be used.";
