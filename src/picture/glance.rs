//! The little of an event that drawing needs.

use crate::broker::{By, Kind};
use crate::time::SimTime;
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
