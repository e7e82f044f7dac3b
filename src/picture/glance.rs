//! The little of an event that drawing needs.

use crate::broker::{By, Kind};
use crate::time::SimTime;
use crate::trace::EventRef;
use crate::wire::PacketType;

/// One event, as much of it as the folds of this floor look at.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    /// Its place in the trace.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: Kind,
    /// Who says it.
    pub by: By,
    /// The client it is about; empty where there is none.
    pub client: &'a str,
    /// The event that led to it.
    pub cause: Option<u32>,
    /// The type of its packet, for `packet.*`.
    pub packet: Option<PacketType>,
    /// The QoS of its PUBLISH, or the QoS that the event names.
    pub qos: u8,
    /// The number that the kind tells.
    pub number: Option<u32>,
    /// The moment until which it holds.
    pub until: Option<SimTime>,
    /// The topic that it names.
    pub topic: &'a str,
    /// Why, in a few words; for an input what was asked.
    pub why: &'a str,
    /// Whether it is an input of a person, and no step of the scenario.
    pub by_hand: bool,
}

impl<'a> Glance<'a> {
    /// What drawing needs of an event of a trace.
    pub fn of(event: &EventRef<'a>) -> Self {
        let packet = event.packet_type();
        let first = event.packet().and_then(|packet| packet.head.first().copied()).unwrap_or(0);
        let qos = match packet {
            Some(PacketType::Publish) => first >> 1 & 3,
            _ => event.qos().unwrap_or(0),
        };
        Self {
            cause: event.cause(),
            packet,
            qos,
            number: event.number(),
            until: event.until(),
            topic: event.topic(),
            why: event.why(),
            ..Self::new(event.seq(), event.at(), event.kind(), event.by(), event.client())
        }
    }

    /// An event with nothing but what every event has.
    pub fn new(seq: u32, at: SimTime, kind: Kind, by: By, client: &'a str) -> Self {
        Self {
            seq,
            at,
            kind,
            by,
            client,
            cause: None,
            packet: None,
            qos: 0,
            number: None,
            until: None,
            topic: "",
            why: "",
            by_hand: false,
        }
    }
}
