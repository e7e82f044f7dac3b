//! The steps that a tape can ask for.

use super::{Input, Run, setting};
use crate::packets::{Tape, encoded};
use bytes::Bytes;
use glassbroker::broker::*;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;

const CLIENTS: [&str; 5] = ["a", "b", "c", "d", ""];
const TOPICS: [&str; 8] = ["t", "t/1", "t/2", "$SYS/x", "/", "a/b/c", "$share/g/t", ""];
const FILTERS: [&str; 16] = [
    "#",
    "+",
    "t",
    "t/#",
    "t/+",
    "t/1",
    "+/1",
    "$SYS/#",
    "/",
    "+/+/c",
    "$share/g/#",
    "$share/g/t",
    "$share/h/t/+",
    "t/#/x",
    "$share//t",
    "",
];

impl Tape<'_> {
    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[usize::from(self.byte()) % of.len()]
    }

    fn level(&mut self) -> QoS {
        QoS::from_number(self.byte() % 3).unwrap_or_default()
    }

    /// A number that is often 0, often small and sometimes as high as can be.
    fn number(&mut self) -> u32 {
        match self.byte() {
            byte @ 0..=199 => u32::from(byte % 20),
            200..=239 => u32::from(self.u16()),
            240..=249 => self.u32(),
            _ => u32::MAX,
        }
    }

    fn speech(&mut self) -> Version {
        if self.byte() & 1 == 0 { Version::V5 } else { Version::V3 }
    }
}

impl Run<'_> {
    /// Does what the next byte says.
    pub(super) fn step(&mut self) {
        match self.tape.byte() % 24 {
            0 => {
                self.open();
            }
            1..=3 => self.connect(),
            4..=6 => self.subscribe(),
            7 => self.unsubscribe(),
            8..=11 => self.publish(),
            12 | 13 => self.answer(),
            14 => self.acknowledge(),
            15 => self.send_made(|tape, version| encoded(&tape.packet(version), version)),
            16 => self.send_made(|tape, version| tape.mutated(version)),
            17 => self.send_made(|tape, _| {
                let length = usize::from(tape.byte()).min(tape.0.len());
                let (bytes, rest) = tape.0.split_at(length);
                tape.0 = rest;
                bytes.to_vec()
            }),
            18 => self.close(),
            19 | 20 => self.pass(),
            21 => self.make_room(),
            22 => self.command(),
            _ => match self.tape.byte() % 4 {
                0 => self.twin = Some(self.broker.clone()),
                1 => self.twin = None,
                _ => self.disturb(),
            },
        }
    }

    fn open(&mut self) -> ConnId {
        let byte = self.tape.byte();
        let bytes_free = match byte >> 1 & 7 {
            0..=4 => usize::MAX,
            5 => 0,
            _ => usize::from(self.tape.byte()),
        };
        match self.give(&Input::Open(Link { websocket: byte & 1 == 1, bytes_free, ..Link::default() })) {
            super::Answer::Opened(conn) => conn,
            other => panic!("{other:?}"),
        }
    }

    /// A connection that is open.
    fn pick(&mut self) -> Option<ConnId> {
        let byte = usize::from(self.tape.byte());
        let count = self.far_ends.len();
        (count > 0).then(|| self.far_ends.keys().nth(byte % count).copied())?
    }

    fn version_of(&self, conn: ConnId) -> Option<Version> {
        self.far_ends.get(&conn)?.version
    }

    fn connect(&mut self) {
        let conn = match self.tape.byte() & 3 {
            0 => self.pick(),
            _ => None,
        };
        let conn = conn.unwrap_or_else(|| self.open());
        let tape = &mut self.tape;
        let (version, asked) = (tape.speech(), tape.byte());
        let mut properties = Vec::new();
        if version == Version::V5 {
            if asked & 1 == 1 {
                properties.push(Property::SessionExpiryInterval(tape.number()));
            }
            if asked & 2 == 2 {
                properties.push(Property::ReceiveMaximum(u16::from(tape.byte() % 4) + 1));
            }
            if asked & 12 == 12 {
                properties.push(Property::MaximumPacketSize(tape.number().max(1)));
            }
        }
        let will = (asked & 48 == 48).then(|| Will {
            topic: tape.one(&TOPICS[..7]).into(),
            payload: Bytes::from_static(b"will"),
            qos: tape.level(),
            retain: tape.flag(),
            properties: match version {
                Version::V5 => Properties(vec![
                    Property::WillDelayInterval(tape.number()),
                    Property::MessageExpiryInterval(tape.number()),
                ]),
                Version::V3 => Properties::NONE,
            },
        });
        let connect = Connect {
            version,
            clean_start: asked & 64 == 64,
            keep_alive_s: if asked & 128 == 128 { tape.number() as u16 } else { 0 },
            client_id: tape.one(&CLIENTS).into(),
            will,
            username: None,
            password: None,
            properties: Properties(properties),
        };
        self.send(conn, encoded(&Packet::Connect(Box::new(connect)), version));
    }

    fn subscribe(&mut self) {
        let Some(conn) = self.pick() else { return };
        let version = self.version_of(conn).unwrap_or(Version::V3);
        let tape = &mut self.tape;
        let mut properties = Vec::new();
        if version == Version::V5 && tape.flag() {
            properties.push(Property::SubscriptionIdentifier(u32::from(tape.byte()) + 1));
        }
        let filters = (0..=tape.byte() % 3)
            .map(|_| {
                let (filter, bits) = (Text::from(tape.one(&FILTERS)), tape.byte());
                let mut options = SubscribeOptions { qos: tape.level(), ..SubscribeOptions::default() };
                if version == Version::V5 {
                    options.no_local = bits & 1 == 1 && !filter.starts_with("$share");
                    options.retain_as_published = bits & 2 == 2;
                    options.retain_handling = match bits >> 2 & 3 {
                        0 => RetainHandling::Never,
                        1 => RetainHandling::OnNewSubscription,
                        _ => RetainHandling::OnSubscribe,
                    };
                }
                Subscription { filter, options }
            })
            .collect();
        let packet = Packet::Subscribe(Subscribe { id: 9, properties: Properties(properties), filters });
        self.send(conn, encoded(&packet, version));
    }

    fn unsubscribe(&mut self) {
        let Some(conn) = self.pick() else { return };
        let filters = (0..=self.tape.byte() % 2).map(|_| Text::from(self.tape.one(&FILTERS))).collect();
        let packet = Packet::Unsubscribe(Unsubscribe { id: 9, properties: Properties::NONE, filters });
        self.send(conn, encoded(&packet, self.version_of(conn).unwrap_or(Version::V3)));
    }

    fn publish(&mut self) {
        let Some(conn) = self.pick() else { return };
        let version = self.version_of(conn).unwrap_or(Version::V3);
        let tape = &mut self.tape;
        let (qos, bits) = (tape.level(), tape.byte());
        let mut properties = Vec::new();
        if version == Version::V5 {
            if bits & 3 == 3 {
                properties.push(Property::MessageExpiryInterval(tape.number()));
            }
            if bits & 12 == 12 {
                properties.push(Property::TopicAlias(u16::from(tape.byte() % 4)));
            }
            if bits & 48 == 48 {
                properties
                    .push(Property::UserProperty("k".into(), "v".repeat(usize::from(tape.byte())).into()));
            }
        }
        let length =
            if bits & 64 == 64 { usize::from(tape.u16() >> 2) } else { usize::from(tape.byte() % 8) };
        let publish = Publish {
            dup: qos != QoS::AtMostOnce && tape.flag(),
            qos,
            retain: bits & 128 == 128,
            topic: tape.one(&TOPICS).into(),
            id: if qos == QoS::AtMostOnce { 0 } else { u16::from(tape.byte() % 5) + 1 },
            properties: Properties(properties),
            payload: vec![b'p'; length].into(),
        };
        self.send(conn, encoded(&Packet::Publish(publish), version));
    }

    /// Answers what came as a client should: all of it or a part, in order or not.
    fn answer(&mut self) {
        let Some(conn) = self.pick() else { return };
        let version = self.version_of(conn).unwrap_or(Version::V3);
        let how = self.tape.byte();
        let mut unanswered = std::mem::take(&mut self.far_end(conn).unanswered);
        if how & 1 == 1 {
            unanswered.reverse();
        }
        let kept = unanswered.split_off(unanswered.len().min(usize::from(how >> 1 & 15) + 1));
        self.far_end(conn).unanswered = kept;
        let code = |failed| if failed { ReasonCode::UNSPECIFIED_ERROR } else { ReasonCode::SUCCESS };
        let failed = version == Version::V5 && how & 0xE0 == 0xE0;
        let answers = unanswered.into_iter().map(|packet| match packet {
            Packet::Publish(publish) if publish.qos == QoS::ExactlyOnce => {
                Packet::Pubrec(Ack { code: code(failed), ..Ack::new(publish.id) })
            }
            Packet::Publish(publish) => Packet::Puback(Ack { code: code(failed), ..Ack::new(publish.id) }),
            Packet::Pubrel(ack) => Packet::Pubcomp(Ack::new(ack.id)),
            other => other,
        });
        let bytes: Vec<u8> = answers.flat_map(|packet| encoded(&packet, version)).collect();
        self.send(conn, bytes);
    }

    /// Acknowledges any identifier in any way.
    fn acknowledge(&mut self) {
        let Some(conn) = self.pick() else { return };
        let version = self.version_of(conn).unwrap_or(Version::V3);
        let kinds: [fn(Ack) -> Packet; 4] = [Packet::Puback, Packet::Pubrec, Packet::Pubrel, Packet::Pubcomp];
        let kind = kinds[usize::from(self.tape.byte() & 3)];
        let packet = kind(Ack::new(u16::from(self.tape.byte() % 8) + 1));
        self.send(conn, encoded(&packet, version));
    }

    fn send_made(&mut self, make: impl FnOnce(&mut Tape<'_>, Version) -> Vec<u8>) {
        let Some(conn) = self.pick() else { return };
        let version = match self.version_of(conn) {
            Some(version) => version,
            None => self.tape.speech(),
        };
        let bytes = make(&mut self.tape, version);
        self.send(conn, bytes);
    }

    /// Sends bytes behind those that were held back: at once, in parts, or held back too.
    fn send(&mut self, conn: ConnId, bytes: Vec<u8>) {
        // One too many is closed as soon as it is opened.
        let Some(far_end) = self.far_ends.get_mut(&conn) else { return };
        let how = self.tape.byte();
        let mut all = std::mem::take(&mut far_end.held_back);
        all.extend(bytes);
        let cut = match how {
            0..=191 => all.len(),
            192..=223 => usize::from(how & 31).min(all.len()),
            _ if all.len() < 1 << 20 => {
                far_end.held_back = all;
                return;
            }
            _ => all.len(),
        };
        let rest = all.split_off(cut);
        for part in [all, rest] {
            let Some(far_end) = self.far_ends.get_mut(&conn) else { return };
            far_end.sends(&part);
            self.give(&Input::Receive(conn, part.into()));
        }
    }

    fn close(&mut self) {
        let Some(conn) = self.pick() else { return };
        let how = match self.tape.byte() % 3 {
            0 => Closed::WebSocketClose,
            1 => Closed::Finished,
            _ => Closed::Lost,
        };
        self.far_ends.remove(&conn);
        self.give(&Input::Closed(conn, how));
    }

    /// Time passes; the broker is woken when it asks for it, later, or only by its inputs.
    fn pass(&mut self) {
        let (unit, count, stops) = (self.tape.byte(), u64::from(self.tape.byte()), self.tape.byte());
        let at = match unit % 8 {
            0 => self.broker.next_deadline().unwrap_or(self.now).max(self.now),
            1 => self.now + Span::us(count),
            2 => self.now + Span::ms(count * 10),
            3 | 4 => self.now + Span::s(count),
            5 => self.now + Span::s(count * 3_600),
            6 => self.now + Span::s(count << 24),
            _ if unit == 255 => SimTime(SimTime::END.0 - count * 1_000_000),
            _ => self.now,
        };
        self.pass_to(at, usize::from(stops & 63));
        if stops & 64 == 0 {
            self.tick();
        }
    }

    fn make_room(&mut self) {
        let Some(conn) = self.pick() else { return };
        let bytes_free = match self.tape.byte() {
            byte @ 0..=127 => usize::from(byte) * 4,
            128..=159 => 0,
            _ => usize::MAX,
        };
        self.far_end(conn).has_room(bytes_free);
        self.give(&Input::Writable(conn, bytes_free));
    }

    fn command(&mut self) {
        let tape = &mut self.tape;
        let command = match tape.byte() % 8 {
            0 => Command::disconnect(tape.one(&CLIENTS).to_owned()),
            1 | 2 => Command::publish(Publish {
                topic: tape.one(&TOPICS).into(),
                payload: Bytes::from(vec![b'r'; usize::from(tape.byte() & 3)]),
                qos: tape.level(),
                retain: true,
                ..Publish::default()
            }),
            3 => Command::RetainedDelete { topic: tape.one(&TOPICS).to_owned() },
            4..=6 => {
                let (key, value) = setting(tape);
                Command::Set { key: key.to_owned(), value }
            }
            _ => Command::Restart { keep_store: tape.flag() },
        };
        self.give(&Input::Command(command));
    }

    /// Inputs for a connection that there is not.
    fn disturb(&mut self) {
        let conn = ConnId(u32::from(self.tape.byte()) << 8);
        if self.far_ends.contains_key(&conn) {
            return;
        }
        self.give(&Input::Receive(conn, Bytes::from_static(&[0xC0, 0])));
        self.give(&Input::Writable(conn, 7));
        self.give(&Input::Closed(conn, Closed::Lost));
    }
}
