//! What-ifs: what happens to one packet by hand, and that no TCP would do.

use super::link::{Frame, Packet};
use super::party::{ConnRef, Way};
use super::world::World;
use crate::broker::{By, Cause, Event, Kind, Observer};
use crate::rule::{RuleId, own};
use crate::trace::Sink;
use crate::wire::PacketType;
use bytes::{Bytes, BytesMut};

/// That something is a what-if.
pub(super) const RULE: RuleId = own("glassbroker.what-if");
/// How many what-ifs may wait for their packets at one client.
const WAITING_MAX: usize = 64;

/// What happens to a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhatIf {
    /// It is lost, and what comes after it is not.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// It changes places with the one that follows it on its way.
    Reorder,
    /// Some bits of one byte are turned.
    Corrupt {
        /// Which byte, from 0; the last one where there are not so many.
        byte: u32,
        /// Which of its bits.
        bits: u8,
    },
    /// No packet: those that wait for one are forgotten.
    Forget,
}

impl WhatIf {
    /// What scenarios and events call it.
    pub const fn asked(self) -> &'static str {
        match self {
            Self::Drop => "what_if_drop",
            Self::Duplicate => "what_if_duplicate",
            Self::Reorder => "what_if_reorder",
            Self::Corrupt { .. } => "what_if_corrupt",
            Self::Forget => "forget_what_ifs",
        }
    }
}

/// What a what-if did to a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// It is lost.
    Dropped,
    /// It arrives a second time.
    Doubled,
    /// It arrives after the one that followed it.
    Swapped,
    /// It arrives with another byte.
    Changed,
    /// It was to change places, and nothing followed it.
    Kept,
}

impl Done {
    const ALL: [Self; 5] = [Self::Dropped, Self::Doubled, Self::Swapped, Self::Changed, Self::Kept];

    /// What an event says of it.
    const fn why(self) -> &'static str {
        match self {
            Self::Dropped => "what-if: one packet dropped by hand, which no TCP does",
            Self::Doubled => "one packet doubled by hand, which no TCP does",
            Self::Swapped => "two packets put out of order by hand, which no TCP does",
            Self::Changed => "one byte changed by hand, which TCP's checksums would find",
            Self::Kept => "nothing followed the packet on its way, so the order is as it was",
        }
    }

    /// What was done, by what an event says of it.
    pub fn told(why: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.why() == why)
    }
}

/// Which packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// Which way it goes.
    pub way: Way,
    /// Of which type it is; `None` for any.
    pub packet: Option<PacketType>,
    /// The how manieth of those it is that are on their way, from 1 for the one that arrives first; 0 for the next one that is sent.
    pub on_its_way: u32,
}

/// A packet that is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OnItsWay {
    /// The event that sent it.
    pub event: u32,
    /// Which it is.
    pub chosen: Chosen,
}

impl World {
    /// The packets that a client's connection has on their way, those to the broker first, each in the order of arriving. What a
    /// live client sends in pieces is none.
    pub fn on_its_way(&self, name: &str) -> Vec<OnItsWay> {
        let Some(connection) = self
            .party_named(name)
            .and_then(|party| self.parties.get(party as usize)?.conn)
            .and_then(|conn| self.connections.read(conn))
        else {
            return Vec::new();
        };
        let mut all: Vec<OnItsWay> = Vec::new();
        for (way, pipe) in [(Way::Up, &connection.up), (Way::Down, &connection.down)] {
            let mut counts = [0; 16];
            for item in pipe.items() {
                let Some(packet) = packet_type(&item.frame) else { continue };
                let count = &mut counts[packet as usize];
                *count += 1;
                let chosen = Chosen { way, packet: Some(packet), on_its_way: *count };
                all.push(OnItsWay { event: item.sent, chosen });
            }
        }
        all
    }

    /// A person asks for a what-if.
    pub(super) fn what_if<S: Sink>(
        &mut self,
        party: u32,
        what: WhatIf,
        which: Chosen,
        sink: &mut S,
    ) -> Result<(), String> {
        let Some(entry) = self.parties.get_mut(party as usize) else { return Ok(()) };
        if what == WhatIf::Forget {
            entry.what_ifs.clear();
            return Ok(());
        }
        let Some(nth) = which.on_its_way.checked_sub(1) else {
            if entry.what_ifs.len() >= WAITING_MAX {
                return Err(format!("{WAITING_MAX} what-ifs wait for their packets already"));
            }
            entry.what_ifs.push((which, what));
            return Ok(());
        };
        let found = entry.conn.and_then(|conn| {
            let pipe = self.connections.get(conn)?.pipe(which.way);
            let of_type = |(_, frame): &(usize, &Frame)| is_meant(which, frame);
            let frames = pipe.items().map(|item| &item.frame).enumerate();
            Some((conn, frames.filter(of_type).nth(nth as usize)?.0))
        });
        match found {
            Some((conn, index)) => {
                self.happens(conn, which.way, index, what, sink);
                Ok(())
            }
            None => Err("no such packet is on its way".into()),
        }
    }

    /// A packet has just been put on its way: what waits for it happens, and what waits for one that follows.
    pub(super) fn what_if_sent<S: Sink>(&mut self, conn: ConnRef, way: Way, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let pipe = connection.pipe(way);
        let Some(last) = pipe.items().len().checked_sub(1) else { return };
        if last > 0 && pipe.item(last - 1).is_some_and(|item| item.swaps) {
            self.swap(conn, way, last - 1, sink);
        }
        let Some(frame) = self.connections.get(conn).and_then(|connection| connection.pipe(way).item(last))
        else {
            return;
        };
        let frame = frame.frame.clone();
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        let meant = entry.what_ifs.iter().position(|(which, _)| which.way == way && is_meant(*which, &frame));
        if let Some(at) = meant {
            let (_, what) = entry.what_ifs.remove(at);
            self.happens(conn, way, last, what, sink);
        }
    }

    /// Does it to the packet at this place on its way.
    fn happens<S: Sink>(&mut self, conn: ConnRef, way: Way, index: usize, what: WhatIf, sink: &mut S) {
        let ordinal = self.next_ordinal();
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let Some(item) = connection.pipe(way).item(index) else { return };
        let (frame, cause) = (item.frame.clone(), item.cause);
        match what {
            WhatIf::Drop => {
                item.frame = Frame::Dropped;
                self.lose_as(party, &frame, cause, Done::Dropped.why(), Some(RULE), sink);
            }
            WhatIf::Reorder => {
                item.swaps = true;
                self.swap(conn, way, index, sink);
            }
            WhatIf::Duplicate => {
                let cause = self.note_what_if(party, cause, Done::Doubled, sink);
                if let Some(connection) = self.connections.get(conn) {
                    connection.pipe(way).double(index, cause, ordinal);
                }
            }
            WhatIf::Corrupt { byte, bits } => {
                let cause = self.note_what_if(party, cause, Done::Changed, sink);
                if let Some(item) =
                    self.connections.get(conn).and_then(|connection| connection.pipe(way).item(index))
                {
                    item.frame = corrupted(&frame, byte, bits);
                    item.cause = cause;
                }
            }
            WhatIf::Forget => {}
        }
    }

    /// Lets a packet change places with the one behind it, if there is one yet.
    fn swap<S: Sink>(&mut self, conn: ConnRef, way: Way, index: usize, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let pipe = connection.pipe(way);
        let follows = pipe.item(index + 1).is_some_and(|item| packet_type(&item.frame).is_some());
        let Some(item) = pipe.item(index).filter(|_| follows) else { return };
        item.swaps = false;
        let cause = item.cause;
        let cause = self.note_what_if(party, cause, Done::Swapped, sink);
        if let Some(connection) = self.connections.get(conn) {
            let pipe = connection.pipe(way);
            if let Some(item) = pipe.item(index) {
                item.cause = cause;
            }
            pipe.swap(index);
        }
    }

    /// A packet arrives that was to change places and that nothing followed.
    pub(super) fn nothing_followed<S: Sink>(&mut self, conn: ConnRef, cause: Cause, sink: &mut S) -> Cause {
        let Some(connection) = self.connections.get(conn) else { return cause };
        let party = connection.party;
        self.note_what_if(party, cause, Done::Kept, sink)
    }

    fn note_what_if<S: Sink>(&mut self, party: u32, cause: Cause, done: Done, sink: &mut S) -> Cause {
        let Some(entry) = self.parties.get(party as usize) else { return cause };
        let event = Event::new(self.now, Kind::Decision, By::Link, entry.name(), cause);
        self.recorder.watch(sink).note(Event { topic: "what-if", why: done.why(), rule: Some(RULE), ..event })
    }
}

/// The type of the packet that a frame holds whole.
fn packet_type(frame: &Frame) -> Option<PacketType> {
    let Frame::Data { head, packet: Packet::Whole, .. } = frame else { return None };
    PacketType::from_number(head.first()? >> 4)
}

fn is_meant(which: Chosen, frame: &Frame) -> bool {
    packet_type(frame).is_some_and(|packet| which.packet.is_none_or(|wanted| wanted == packet))
}

/// The same frame with some bits of one byte turned.
fn corrupted(frame: &Frame, byte: u32, bits: u8) -> Frame {
    let Frame::Data { head, body, .. } = frame else { return frame.clone() };
    let mut bytes = BytesMut::from(&head[..]);
    bytes.extend_from_slice(body);
    let last = bytes.len().saturating_sub(1);
    if let Some(byte) = bytes.get_mut((byte as usize).min(last)) {
        *byte ^= bits;
    }
    Frame::Data { head: bytes.freeze(), body: Bytes::new(), packet: Packet::Whole }
}
