//! From a stream of chunks to whole packets.

use super::{Malformed, ReasonCode, Version, header};
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;

/// Cuts a byte stream, however it was chunked, into whole packets.
///
/// A packet that lies whole in one chunk is a slice of it; one that does not is copied together, and never more than the
/// maximum packet size is kept for that. Call [`Splitter::next`] until it gives `None` after each [`Splitter::push`]:
/// chunks that are pushed meanwhile only wait.
#[derive(Clone, Debug)]
pub struct Splitter {
    max_packet_bytes: u32,
    version: Option<Version>,
    /// What is left of the chunk that is being cut.
    chunk: Bytes,
    /// Chunks after it.
    waiting: VecDeque<Bytes>,
    /// The beginning of a packet whose end has not come yet.
    partial: BytesMut,
    /// The length of that packet, once its fixed header is whole.
    partial_len: Option<usize>,
    /// What ended the stream: after it nobody can tell where a packet begins.
    broken: Option<Malformed>,
}

impl Splitter {
    /// A splitter that refuses packets above this size, their fixed header counted.
    pub fn new(max_packet_bytes: u32) -> Self {
        Self {
            max_packet_bytes,
            version: None,
            chunk: Bytes::new(),
            waiting: VecDeque::new(),
            partial: BytesMut::new(),
            partial_len: None,
            broken: None,
        }
    }

    /// From CONNECT on the version is known: it decides which statement a refusal names, and that 3.1.1 has no AUTH.
    pub const fn speak(&mut self, version: Version) {
        self.version = Some(version);
    }

    /// How many bytes have come that were not given out yet.
    pub fn buffered_bytes(&self) -> usize {
        self.partial.len() + self.chunk.len() + self.waiting.iter().map(Bytes::len).sum::<usize>()
    }

    /// Takes the next bytes of the stream. After a refusal they are dropped.
    #[inline]
    pub fn push(&mut self, chunk: Bytes) {
        if self.broken.is_some() || chunk.is_empty() {
            return;
        }
        if self.chunk.is_empty() {
            self.chunk = chunk;
        } else {
            self.waiting.push_back(chunk);
        }
    }

    /// The next whole packet; `None` where more bytes are needed.
    ///
    /// # Errors
    /// An impossible type or flags, a Remaining Length of more than four bytes, or a packet above the maximum
    /// ([`ReasonCode::PACKET_TOO_LARGE`]): each as soon as its byte has come, and from then on every time.
    #[inline]
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<Bytes>, Malformed> {
        if self.partial.is_empty() && self.broken.is_none() {
            // The fast path: a packet that lies whole in the chunk.
            match self.length(&self.chunk) {
                Ok(Some(length)) if length < self.chunk.len() => {
                    return Ok(Some(self.chunk.split_to(length)));
                }
                Ok(Some(length)) if length == self.chunk.len() => {
                    let whole = std::mem::take(&mut self.chunk);
                    self.refill();
                    return Ok(Some(whole));
                }
                Ok(None) if self.chunk.is_empty() => return Ok(None),
                _ => {}
            }
        }
        self.next_slowly()
    }

    fn next_slowly(&mut self) -> Result<Option<Bytes>, Malformed> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        loop {
            let length = match self.partial_len {
                Some(length) => length,
                None => match self.length(&self.partial) {
                    Ok(Some(length)) => {
                        self.partial_len = Some(length);
                        length
                    }
                    // One byte at a time until the fixed header is whole: at most five.
                    Ok(None) => self.partial.len() + 1,
                    Err(malformed) => return self.break_off(malformed),
                },
            };
            let missing = length - self.partial.len();
            if missing == 0 {
                self.partial_len = None;
                return Ok(Some(std::mem::take(&mut self.partial).freeze()));
            }
            if self.chunk.is_empty() {
                return Ok(None);
            }
            let part = self.chunk.split_to(missing.min(self.chunk.len()));
            self.partial.extend_from_slice(&part);
            if self.chunk.is_empty() {
                self.refill();
            }
        }
    }

    /// The length of the packet that begins here, once it can be told; refuses what its first bytes rule out.
    #[inline]
    fn length(&self, bytes: &[u8]) -> Result<Option<usize>, Malformed> {
        let Some(&first) = bytes.first() else { return Ok(None) };
        header::packet_type(first, self.version)?;
        let Some(header) = header::read(bytes)? else { return Ok(None) };
        let length = header.total();
        if length as u64 > u64::from(self.max_packet_bytes) {
            return Err(Malformed {
                code: ReasonCode::PACKET_TOO_LARGE,
                rule: None,
                offset: 1,
                what: "The packet is larger than the receiver's maximum packet size.",
            });
        }
        Ok(Some(length))
    }

    fn refill(&mut self) {
        if let Some(chunk) = self.waiting.pop_front() {
            self.chunk = chunk;
        }
    }

    #[cold]
    fn break_off(&mut self, malformed: Malformed) -> Result<Option<Bytes>, Malformed> {
        self.chunk = Bytes::new();
        self.waiting.clear();
        self.partial = BytesMut::new();
        self.broken = Some(malformed.clone());
        Err(malformed)
    }
}
