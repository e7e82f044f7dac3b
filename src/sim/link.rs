//! One connection's simulated network: how it behaves, and one way of it.

use crate::broker::Cause;
use crate::socket::CloseCode;
use crate::time::{SimTime, Span};
use bytes::Bytes;
use std::collections::VecDeque;

/// How long what the broker wrote may stay unacknowledged before its network stack gives up: what Linux does by default
/// (`tcp_retries2` = 15 in tcp(7)).
pub const WRITE_TIMEOUT: Span = Span::ms(924_600);

/// How a link behaves, each way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinkSpec {
    /// How long a byte travels.
    pub latency: Span,
    /// Up to this much is added to it, differently for each message; still none overtakes another.
    pub jitter: Span,
    /// How many bytes enter it a second, frames' headers included; `None` for no limit. Zero counts as one.
    pub bytes_per_s: Option<u64>,
    /// How many bytes may be on the way at once, in connections that are opened from now on. One message more than that still goes
    /// when nothing else is on the way. Zero counts as one.
    pub in_flight_max_bytes: usize,
}

impl Default for LinkSpec {
    fn default() -> Self {
        Self { latency: Span::ms(20), jitter: Span::ZERO, bytes_per_s: None, in_flight_max_bytes: 1 << 20 }
    }
}

impl LinkSpec {
    /// How long this many bytes take to enter the link, rounded up to a microsecond.
    pub fn sending_time(&self, bytes: usize) -> Span {
        match self.bytes_per_s {
            None => Span::ZERO,
            Some(rate) => {
                let us = (bytes as u128 * 1_000_000).div_ceil(u128::from(rate.max(1)));
                Span(u64::try_from(us).unwrap_or(u64::MAX))
            }
        }
    }
}

/// Which packet is lost with a piece of a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Packet {
    /// The piece is one packet.
    Whole,
    /// The piece ends this packet, which began in an earlier one.
    Ends(Box<Bytes>),
    /// The piece ends none.
    Open,
}

/// What travels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Frame {
    /// The client's half of the opening handshake: path and subprotocols.
    Request(Box<(String, Vec<String>)>),
    /// The server's half, with the subprotocol.
    Accept(&'static str),
    /// The server's refusal: why.
    Refuse(&'static str),
    /// A piece of a binary message: `head` and then `body`.
    Data { head: Bytes, body: Bytes, packet: Packet },
    /// A text message, of which only the length matters.
    Text,
    /// A Close frame.
    Close(Box<(Option<CloseCode>, String)>),
    /// The end of the byte stream without a Close frame.
    Finish,
    /// Where a packet was that a what-if dropped.
    Dropped,
}

/// Something on its way.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) arrives: SimTime,
    /// Its place among everything that is due at that moment.
    pub(super) ordinal: u64,
    pub(super) frame: Frame,
    pub(super) cause: Cause,
    /// What it takes of the link, frame header included.
    wire_bytes: usize,
    /// The event that sent it.
    pub(super) sent: u32,
    /// Whether a what-if lets it change places with the one that follows.
    pub(super) swaps: bool,
}

/// One way of a link: first in, first out.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    items: VecDeque<Item>,
    /// How many bytes may be in flight.
    most_bytes: usize,
    /// When the last byte so far has entered the link.
    entered: SimTime,
    last_arrival: SimTime,
    in_flight_bytes: usize,
    /// Whether the first item was due and did not arrive, because nothing does.
    parked: bool,
}

impl Pipe {
    /// An empty one that bounds what is in flight as the link does now.
    pub(super) fn new(spec: &LinkSpec) -> Self {
        Self {
            items: VecDeque::new(),
            most_bytes: spec.in_flight_max_bytes.max(1),
            entered: SimTime::ZERO,
            last_arrival: SimTime::ZERO,
            in_flight_bytes: 0,
            parked: false,
        }
    }

    /// How many bytes may be in flight.
    pub(super) const fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    /// Sends something into the link; gives the moment of its arrival.
    pub(super) fn push(
        &mut self,
        now: SimTime,
        spec: &LinkSpec,
        jitter: Span,
        (frame, cause, wire_bytes): (Frame, Cause, usize),
        ordinal: u64,
    ) -> SimTime {
        self.entered = self.entered.max(now) + spec.sending_time(wire_bytes);
        let arrives = (self.entered + spec.latency + jitter).max(self.last_arrival);
        self.last_arrival = arrives;
        self.in_flight_bytes += wire_bytes;
        let sent = cause.event;
        self.items.push_back(Item { arrives, ordinal, frame, cause, wire_bytes, sent, swaps: false });
        arrives
    }

    /// What arrives next.
    pub(super) fn front(&self) -> Option<&Item> {
        self.items.front()
    }

    /// Takes what arrives next.
    pub(super) fn pop(&mut self) -> Option<Item> {
        let item = self.items.pop_front()?;
        self.in_flight_bytes = self.in_flight_bytes.saturating_sub(item.wire_bytes);
        debug_assert!(!self.items.is_empty() || self.in_flight_bytes == 0, "bytes in flight without an item");
        Some(item)
    }

    /// Takes everything that is on its way.
    pub(super) fn drain(&mut self) -> VecDeque<Item> {
        self.in_flight_bytes = 0;
        self.parked = false;
        std::mem::take(&mut self.items)
    }

    /// What is on its way, in the order of arriving.
    pub(super) fn items(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.items.iter()
    }

    /// One of those.
    pub(super) fn item(&mut self, index: usize) -> Option<&mut Item> {
        self.items.get_mut(index)
    }

    /// Lets an item change places with the one behind it. Moments and places in the schedule stay.
    pub(super) fn swap(&mut self, index: usize) {
        if index + 1 < self.items.len() {
            self.items.swap(index, index + 1);
            let (a, b) = (&self.items[index], &self.items[index + 1]);
            let (first, second) = ((b.arrives, b.ordinal), (a.arrives, a.ordinal));
            (self.items[index].arrives, self.items[index].ordinal) = first;
            (self.items[index + 1].arrives, self.items[index + 1].ordinal) = second;
        }
    }

    /// Adds a copy of an item behind it, with a cause and a place in the schedule of its own.
    pub(super) fn double(&mut self, index: usize, cause: Cause, ordinal: u64) {
        if let Some(item) = self.items.get(index) {
            let copy = Item { cause, ordinal, swaps: false, ..item.clone() };
            self.in_flight_bytes += copy.wire_bytes;
            self.items.insert(index + 1, copy);
        }
    }

    /// Whether a what-if lets the youngest item change places with the next one.
    pub(super) fn swaps(&self) -> bool {
        self.items.len().checked_sub(2).and_then(|at| self.items.get(at)).is_some_and(|item| item.swaps)
    }

    /// What was due does not arrive.
    pub(super) const fn park(&mut self) {
        self.parked = true;
    }

    /// What was due and did not arrive can: its place in the schedule.
    pub(super) fn unpark(&mut self) -> Option<u64> {
        let parked = std::mem::take(&mut self.parked);
        self.items.front().filter(|_| parked).map(|item| item.ordinal)
    }

    /// Whether nothing is on its way.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many bytes more may be sent now.
    pub(super) const fn free_bytes(&self) -> usize {
        self.most_bytes.saturating_sub(self.in_flight_bytes)
    }

    /// Whether a message of this size may be sent now.
    pub(super) const fn takes(&self, wire_bytes: usize) -> bool {
        self.in_flight_bytes == 0 || wire_bytes <= self.free_bytes()
    }

    /// Roughly how many bytes a copy takes; payloads are shared.
    pub(super) fn size_bytes(&self) -> usize {
        self.items.len() * size_of::<Item>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(wire_bytes: usize) -> (Frame, Cause, usize) {
        (Frame::Text, Cause::NONE, wire_bytes)
    }

    #[test]
    fn a_slow_link_takes_a_message_after_the_other() {
        // 1,000 bytes a second: 106 bytes enter in 106 ms, and travel 20 ms.
        let spec = LinkSpec { bytes_per_s: Some(1_000), ..LinkSpec::default() };
        let mut pipe = Pipe::new(&spec);
        assert_eq!(pipe.push(SimTime(0), &spec, Span::ZERO, text(106), 0), SimTime(126_000));
        assert_eq!(pipe.push(SimTime(0), &spec, Span::ZERO, text(106), 1), SimTime(232_000));
        assert_eq!(pipe.push(SimTime(500_000), &spec, Span::ZERO, text(1), 2), SimTime(521_000));
        assert_eq!(spec.sending_time(1), Span::ms(1));
        let fast = LinkSpec { bytes_per_s: Some(3_000_000), ..spec };
        assert_eq!(fast.sending_time(1), Span::us(1), "rounded up");
    }

    #[test]
    fn jitter_never_lets_a_message_overtake() {
        let spec = LinkSpec::default();
        let mut pipe = Pipe::new(&spec);
        assert_eq!(pipe.push(SimTime(0), &spec, Span::ms(10), text(1), 0), SimTime(30_000));
        assert_eq!(pipe.push(SimTime(1), &spec, Span::ZERO, text(1), 1), SimTime(30_000));
        assert_eq!(pipe.push(SimTime(15_000), &spec, Span::ZERO, text(1), 2), SimTime(35_000));
    }

    #[test]
    fn bytes_in_flight_are_bounded_but_one_message_always_goes() {
        let spec = LinkSpec { in_flight_max_bytes: 100, ..LinkSpec::default() };
        let mut pipe = Pipe::new(&spec);
        assert!(pipe.takes(500));
        pipe.push(SimTime(0), &spec, Span::ZERO, text(60), 0);
        assert_eq!(pipe.free_bytes(), 40);
        assert!(pipe.takes(40) && !pipe.takes(41));
        pipe.pop();
        assert_eq!(pipe.free_bytes(), 100);
    }
}
