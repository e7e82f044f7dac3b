//! Things and their steps in plain words.

use super::explain::differing;
use super::fold::Sides;
use super::thing::{Step, Subject, Thing, What};
use crate::picture::clock;
use crate::profile::{Setting, Value};
use crate::time::SimTime;
use crate::trace::{EventRef, Trace};
use crate::wire::{PacketType, ReasonCode, Version};

/// Tells of things and steps, with the traces that they are from.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'a> {
    /// The comparison's fold.
    pub sides: &'a Sides,
    /// The traces of the two sides.
    pub traces: [&'a Trace; 2],
}

impl<'a> Teller<'a> {
    /// What a thing is, such as `sensor/17 for lamp`.
    pub fn about(&self, thing: &Thing) -> String {
        let (client, topic) = (self.sides.name(thing.client), self.sides.name(thing.topic));
        match thing.subject {
            Subject::Connection => format!("{client} connects"),
            Subject::Subscription => format!("{client} subscribes to {topic}"),
            Subject::Message => format!("{} on {topic}", self.message(thing)),
            Subject::Delivery => format!("{} for {client}", self.message(thing)),
            Subject::Will => format!("the Will of {client} on {topic}"),
            Subject::Session => format!("the session of {client}"),
        }
    }

    /// The name of the message that a thing is about, such as `sensor/17`: the first side's, where it has one.
    pub fn message(&self, thing: &Thing) -> String {
        let message = thing.of.and_then(|of| self.sides.things().get(of as usize)).unwrap_or(thing);
        let named = (0..2).find_map(|side| self.traces[side].message_name(message.message[side]?));
        named.map_or_else(|| "a message".to_owned(), |name| name.to_string())
    }

    /// The client of a thing; empty where it is the broker itself.
    pub fn client(&self, thing: &Thing) -> &'a str {
        self.sides.name(thing.client)
    }

    /// The step by which the lane of a side shows a thing that did not part: the last one until a time that says something.
    pub fn shown(thing: &Thing, side: usize, until: SimTime) -> Option<Step> {
        let is_past = |step: &&Step| step.at <= until;
        thing.facts(side).rfind(is_past).or_else(|| thing.steps[side].iter().rfind(is_past)).copied()
    }

    /// What the lane of a side says of a thing that did not part: of a connection all that came of it, else the last of it.
    pub fn lane(&self, thing: &Thing, side: usize, until: SimTime) -> (Option<Step>, String) {
        let step = Self::shown(thing, side, until);
        if thing.subject != Subject::Connection {
            return (step, self.told(thing, side, step));
        }
        let past = || thing.facts(side).filter(|step| step.at <= until);
        let all: Vec<String> = past().map(|step| self.told(thing, side, Some(*step))).collect();
        match past().next() {
            Some(first) => (Some(*first), all.join("; ")),
            None => (step, self.told(thing, side, step)),
        }
    }

    /// What a step of a thing says on its side, without when; `None` is that nothing is noted there.
    pub fn told(&self, thing: &Thing, side: usize, step: Option<Step>) -> String {
        let subject = thing.subject;
        let Some(step) = step else { return nothing(subject).to_owned() };
        let event = self.traces[side].get(step.seq);
        let why = event.map_or("", |event| event.why());
        let told = match (step.what, subject) {
            (What::Received, _) => return delivered(thing, side, step),
            (What::Waits, Subject::Will) => "is due later",
            (What::Waits, _) => "waits",
            (What::Delayed, _) => return delayed(thing, side, event, why),
            (What::Lost, _) => "lost on the way",
            (What::Connack, _) => return connack(event, step.code),
            (What::Disconnect, _) => {
                return format!(
                    "disconnected by the broker: {}",
                    code(event, PacketType::Disconnect, step.code)
                );
            }
            (What::Suback, _) if step.code < 3 => return format!("granted at QoS {}", step.code),
            (What::Suback, _) => return format!("refused: {}", code(event, PacketType::Suback, step.code)),
            (What::Nack, _) => {
                let packet = event.and_then(|event| event.packet_type()).unwrap_or(PacketType::Puback);
                return format!("the publisher is told: {}", code(event, packet, step.code));
            }
            (What::SocketRefused, _) => "the WebSocket handshake failed",
            (What::Closed, _) => return because(&format!("closed with {}", step.code), why),
            (What::Unmatched, Subject::Delivery) => "not delivered",
            (What::Unmatched, _) => "goes to nobody",
            (What::Withheld, _) => "not published",
            (What::Accepted | What::Noted, Subject::Delivery) => return "not delivered to it".to_owned(),
            (What::Accepted, _) => return "accepted".to_owned(),
            (What::Refused, _) => "refused",
            (What::Retained, Subject::Delivery) => return "not delivered to it".to_owned(),
            (What::Retained, _) => return "accepted and retained".to_owned(),
            (What::Dropped, _) => "dropped",
            (What::Expired, _) => return "expired: its Message Expiry Interval has passed".to_owned(),
            (What::Denied, _) => "kept from it",
            (What::WillSent, _) => "is published",
            (What::WillDiscarded, _) => "is not published",
            (What::SessionExpired, _) => "ends",
            (What::SessionCleared, _) => "is discarded",
            (What::Sent, Subject::Delivery) => "not delivered to it",
            (What::Sent, Subject::Message) => return "on its way".to_owned(),
            (What::Sent, _) => return "no answer yet".to_owned(),
            (What::Noted, Subject::Session) => return "goes on".to_owned(),
            (What::Noted, Subject::Will) => return "is armed".to_owned(),
            (What::Noted, _) => return "no answer yet".to_owned(),
        };
        because(told, why)
    }

    /// The settings in which the two profiles differ, with their values.
    pub fn settings(&self) -> impl Iterator<Item = (&'static Setting, [Value; 2])> {
        let profiles = self.traces.map(|trace| &trace.header().profile);
        differing(profiles).filter_map(move |setting| {
            Some((setting, [profiles[0].get(setting.key)?, profiles[1].get(setting.key)?]))
        })
    }

    /// The values of a setting on the two sides.
    pub fn values(&self, setting: &Setting) -> [Option<Value>; 2] {
        self.traces.map(|trace| trace.header().profile.get(setting.key))
    }
}

fn because(what: &str, why: &str) -> String {
    if why.is_empty() { what.to_owned() } else { format!("{what}: {why}") }
}

const fn nothing(subject: Subject) -> &'static str {
    match subject {
        Subject::Connection => "does not connect",
        Subject::Subscription => "does not subscribe",
        Subject::Message => "is not published",
        Subject::Delivery => "not delivered",
        Subject::Will => "no Will",
        Subject::Session => "no such session",
    }
}

/// How often it came, where that is not once on both sides; at which QoS, and whether as a retained message.
fn delivered(thing: &Thing, side: usize, step: Step) -> String {
    let received = |side: usize| thing.facts(side).filter(|step| step.what == What::Received);
    let times = match (received(side).count(), received(1 - side).count()) {
        (0 | 1, 2..) => " once".to_owned(),
        (0 | 1, _) => String::new(),
        (2, _) => " twice".to_owned(),
        (n, _) => format!(" {n} times"),
    };
    let retained = if step.code & 1 == 1 { ", as a retained message" } else { "" };
    let used = |qos: &u16| received(side).any(|step| step.code >> 1 == *qos);
    let levels: Vec<String> = (0..=2).filter(used).map(|qos| qos.to_string()).collect();
    format!("delivered{times} at QoS {}{retained}", levels.join(" and "))
}

/// Until when it was held back; where it was delivered since, when that was.
fn delayed(thing: &Thing, side: usize, event: Option<EventRef<'_>>, why: &str) -> String {
    let since = thing.facts(side).rfind(|step| step.what == What::Received).map(|step| step.at);
    match (since, event.and_then(|event| event.until())) {
        (Some(at), _) => because(&format!("held back, and delivered at {}", clock(at)), why),
        (None, Some(until)) => because(&format!("held back until {}", clock(until)), why),
        (None, None) => because("held back", why),
    }
}

fn connack(event: Option<EventRef<'_>>, told: u16) -> String {
    match (told & 0xff, told >> 8) {
        (0, 0) => "accepted, new session".to_owned(),
        (0, _) => "accepted, session present".to_owned(),
        (refused, _) => format!("refused: {}", code(event, PacketType::Connack, refused)),
    }
}

/// A code by its name and number.
fn code(event: Option<EventRef<'_>>, packet: PacketType, code: u16) -> String {
    let version = event.and_then(|event| event.packet()).map_or(Version::V5, |packet| packet.version);
    let number = u8::try_from(code).unwrap_or(u8::MAX);
    format!("{} (0x{number:02X})", ReasonCode(number).name(packet, version))
}
