//! Who numbers events and messages: the small state that a world carries, also through checkpoints.

use super::kind::KINDS;
use crate::broker::{By, Cause, Event, Kind, Observer};
use crate::texts::Texts;
use crate::wire::PacketType;
use std::collections::VecDeque;

/// The most clients whose publications are numbered apart; those of all further ones share one count, under the empty name.
const MAX_CLIENTS: usize = 1 << 20;
/// How many of a client's latest publications a re-send is looked for in, where nothing says which it repeats.
const RECENT: usize = 64;

/// Decides the numbers of events and of messages. It stores no event, so a copy of it is a cheap part of a checkpoint, and a
/// re-run from there gives every event the number that it had.
///
/// A message is one publication, named by its client and that client's how manieth it is. It begins with a PUBLISH that a client
/// sends, or that the broker receives, whose cause is about no message; with every `will.sent`; and with a `message.accepted` whose
/// cause is about none (the broker's own publication). Everything that follows from it inherits it through its [`Cause`]; a client
/// that re-sends hands on the cause of the first time. A PUBLISH with DUP from a client of which only the bytes are known repeats
/// the latest message that came with its Packet Identifier.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    events: u32,
    messages: u32,
    counts: Counts,
    /// The clients that publish.
    names: Texts,
    /// By the number of the name.
    publishers: Vec<Publisher>,
}

/// How many events there were of each kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts([u64; KINDS]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; KINDS])
    }
}

impl Counts {
    /// How many there were of this kind.
    pub const fn of(&self, kind: Kind) -> u64 {
        self.0[kind as usize]
    }

    /// How many there were of all kinds together.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// What is kept of one client that publishes.
#[derive(Clone, Debug, Default)]
struct Publisher {
    published: u32,
    /// Packet Identifiers and messages of the latest publications that came as bare bytes.
    recent: VecDeque<(u16, u32)>,
}

/// The numbers that an event was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// The event's `seq`, from 0.
    pub seq: u32,
    /// The message that it is about, or [`Cause::NO_MESSAGE`].
    pub message: u32,
    /// Where the message begins with this event: how manieth publication of the event's client it is, from 1.
    pub nth: Option<u32>,
}

/// Where numbered events go.
pub trait Sink {
    /// Takes one event; `seq` grows by one from event to event.
    fn record(&mut self, numbers: Numbers, event: &Event<'_>);
}

/// A sink that keeps nothing: for a re-run of what was recorded before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count;

impl Sink for Count {
    fn record(&mut self, _: Numbers, _: &Event<'_>) {}
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn record(&mut self, numbers: Numbers, event: &Event<'_>) {
        (**self).record(numbers, event);
    }
}

impl Recorder {
    /// A recorder at the beginning of a run.
    pub fn new() -> Self {
        Self::default()
    }

    /// The observer for a call: numbers by this recorder, events into `sink`.
    pub const fn watch<'a, S: Sink>(&'a mut self, sink: &'a mut S) -> Watch<'a, S> {
        Watch { recorder: self, sink }
    }

    /// The `seq` of the next event, which is how many there were.
    pub const fn next_seq(&self) -> u32 {
        self.events
    }

    /// How many messages began.
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// How many events there were of each kind.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Numbers an event. `None` at the end of the numbers: a run has at most 4,294,967,294 events.
    fn number(&mut self, event: &Event<'_>) -> Option<Numbers> {
        if self.events >= Cause::NO_EVENT - 1 {
            return None;
        }
        let seq = self.events;
        self.events += 1;
        self.counts.0[event.kind as usize] += 1;
        let mut numbers = Numbers { seq, message: event.cause.message, nth: None };
        let unnamed = numbers.message == Cause::NO_MESSAGE;
        match (event.kind, event.by) {
            (Kind::WillSent, _) => self.begin(event.client, &mut numbers, None),
            (Kind::MessageAccepted, _) if unnamed => self.begin(event.client, &mut numbers, None),
            (Kind::PacketSent, By::Client) | (Kind::PacketReceived, By::Broker) if unnamed => {
                if let Some(head) = publish_head(event) {
                    self.begin(event.client, &mut numbers, head);
                }
            }
            _ => {}
        }
        Some(numbers)
    }

    /// Gives the event the next message of the client, or the one that a PUBLISH with this Packet Identifier repeats.
    fn begin(&mut self, client: &str, numbers: &mut Numbers, publish: Option<Identified>) {
        let known = self.names.len() < MAX_CLIENTS || self.names.find(client).is_some();
        let number = self.names.number(if known { client } else { "" }) as usize;
        if number == self.publishers.len() {
            self.publishers.push(Publisher::default());
        }
        let Some(publisher) = self.publishers.get_mut(number) else { return };
        if let Some(publish) = publish {
            let same = |(id, _): &&(u16, u32)| *id == publish.id;
            if publish.dup
                && let Some((_, message)) = publisher.recent.iter().rev().find(same)
            {
                numbers.message = *message;
                return;
            }
        }
        if self.messages >= Cause::NO_MESSAGE - 1 {
            return;
        }
        numbers.message = self.messages;
        self.messages += 1;
        publisher.published += 1;
        numbers.nth = Some(publisher.published);
        if let Some(publish) = publish {
            if publisher.recent.len() == RECENT {
                publisher.recent.pop_front();
            }
            publisher.recent.push_back((publish.id, numbers.message));
        }
    }
}

/// What names a PUBLISH of QoS 1 or 2 among those of its client.
#[derive(Clone, Copy)]
struct Identified {
    id: u16,
    dup: bool,
}

/// `None` where the event's packet is no PUBLISH; its Packet Identifier and DUP flag where it has them.
fn publish_head(event: &Event<'_>) -> Option<Option<Identified>> {
    let head = event.packet?.head;
    let first = *head.first()?;
    if first >> 4 != PacketType::Publish as u8 {
        return None;
    }
    if first & 0b0110 == 0 {
        return Some(None);
    }
    // The fixed header ends with the first byte of the Remaining Length that has no continuation bit (2.2.3).
    let length = head.get(1..)?.iter().take(4).position(|byte| byte & 0x80 == 0);
    let read = |at: usize| Some(u16::from_be_bytes([*head.get(at)?, *head.get(at + 1)?]));
    let id = length.and_then(|n| {
        let topic = n + 2;
        read(topic + 2 + usize::from(read(topic)?))
    });
    Some(id.map(|id| Identified { id, dup: first & 0b1000 != 0 }))
}

/// The observer for one call: numbers by a [`Recorder`], events into a [`Sink`].
#[derive(Debug)]
pub struct Watch<'a, S> {
    recorder: &'a mut Recorder,
    sink: &'a mut S,
}

impl<S: Sink> Observer for Watch<'_, S> {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        let Some(numbers) = self.recorder.number(&event) else { return Cause::NONE };
        self.sink.record(numbers, &event);
        Cause { event: numbers.seq, message: numbers.message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::PacketBytes;
    use crate::time::SimTime;
    use crate::wire::Version;

    const T: SimTime = SimTime(5);
    /// PUBLISH of `x` on the topic `t` at QoS 1 with the Packet Identifier 7.
    const PUBLISH_7: [u8; 8] = [0x32, 6, 0, 1, b't', 0, 7, b'x'];
    /// The same with DUP set.
    const AGAIN_7: [u8; 8] = [0x3a, 6, 0, 1, b't', 0, 7, b'x'];

    fn packet<'a>(kind: Kind, by: By, client: &'a str, cause: Cause, bytes: &'a [u8]) -> Event<'a> {
        let packet = Some(PacketBytes { version: Version::V3, head: bytes, body: &[] });
        Event { packet, ..Event::new(T, kind, by, client, cause) }
    }

    #[test]
    fn a_message_begins_with_what_a_client_sends_and_is_inherited() {
        let mut recorder = Recorder::new();
        let mut count = Count;
        let mut watch = recorder.watch(&mut count);
        let input = watch.note(Event::new(T, Kind::Input, By::User, "a", Cause::NONE));
        assert_eq!(input, Cause { event: 0, message: Cause::NO_MESSAGE });
        let sent = watch.note(packet(Kind::PacketSent, By::Client, "a", input, &PUBLISH_7));
        assert_eq!(sent, Cause { event: 1, message: 0 });
        let received = watch.note(packet(Kind::PacketReceived, By::Broker, "a", sent, &PUBLISH_7));
        assert_eq!(received, Cause { event: 2, message: 0 });
        let accepted = watch.note(Event::new(T, Kind::MessageAccepted, By::Broker, "a", received));
        assert_eq!(accepted.message, 0);
        let second = watch.note(packet(Kind::PacketSent, By::Client, "a", input, &PUBLISH_7));
        assert_eq!(second.message, 1);
        let again = watch.note(packet(Kind::PacketSent, By::Client, "a", sent, &AGAIN_7));
        assert_eq!(again.message, 0, "a re-send carries the cause of the first time");
        assert_eq!((recorder.next_seq(), recorder.messages()), (6, 2));
        assert_eq!(recorder.counts().of(Kind::PacketSent), 3);
        assert_eq!(recorder.counts().total(), 6);
    }

    #[test]
    fn other_packets_begin_no_message() {
        let mut recorder = Recorder::new();
        let mut count = Count;
        let mut watch = recorder.watch(&mut count);
        let ping = watch.note(packet(Kind::PacketSent, By::Client, "a", Cause::NONE, &[0xc0, 0]));
        assert_eq!(ping.message, Cause::NO_MESSAGE);
        let out = watch.note(packet(Kind::PacketSent, By::Broker, "a", Cause::NONE, &PUBLISH_7));
        assert_eq!(out.message, Cause::NO_MESSAGE, "the broker publishes nothing without a message");
    }

    #[test]
    fn a_will_is_a_message_of_its_own() {
        let mut recorder = Recorder::new();
        let mut count = Count;
        let mut watch = recorder.watch(&mut count);
        let bad = watch.note(packet(Kind::PacketReceived, By::Broker, "a", Cause::NONE, &PUBLISH_7));
        let will = watch.note(Event::new(T, Kind::WillSent, By::Broker, "a", bad));
        assert_eq!((bad.message, will.message), (0, 1));
    }

    #[test]
    fn a_repeat_of_bare_bytes_is_recognised_by_dup_and_identifier() {
        let mut recorder = Recorder::new();
        let mut count = Count;
        let mut watch = recorder.watch(&mut count);
        let mut receive = |client: &str, bytes: &[u8]| {
            watch.note(packet(Kind::PacketReceived, By::Broker, client, Cause::NONE, bytes)).message
        };
        assert_eq!(receive("live", &PUBLISH_7), 0);
        assert_eq!(receive("live", &AGAIN_7), 0);
        assert_eq!(receive("live", &PUBLISH_7), 1, "without DUP the identifier is in use again");
        assert_eq!(receive("live", &AGAIN_7), 1, "the latest counts");
        assert_eq!(receive("other", &AGAIN_7), 2, "identifiers are each client's own");
        assert_eq!(receive("live", &[0x3a, 6, 0]), 3, "a torn packet harms nothing");
    }

    #[test]
    fn a_copy_gives_the_same_numbers_again() {
        let mut recorder = Recorder::new();
        let mut count = Count;
        recorder.watch(&mut count).note(packet(Kind::PacketSent, By::Client, "a", Cause::NONE, &PUBLISH_7));
        let mut copy = recorder.clone();
        let event = packet(Kind::PacketSent, By::Client, "a", Cause::NONE, &PUBLISH_7);
        assert_eq!(recorder.watch(&mut count).note(event), copy.watch(&mut count).note(event));
    }
}
