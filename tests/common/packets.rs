//! Packets made from bytes: any bytes give a lawful packet, so property tests and fuzzers can share one generator.
#![allow(dead_code, unreachable_pub)]

use bytes::Bytes;
use glassbroker::wire::*;

/// Bytes that decide; once they are used up, every decision is 0.
pub struct Tape<'a>(pub &'a [u8]);

impl Tape<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub fn below(&mut self, bound: usize) -> usize {
        let wide = usize::from(self.byte()) << 8 | usize::from(self.byte());
        wide % bound
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    pub fn u32(&mut self) -> u32 {
        u32::from(self.u16()) << 16 | u32::from(self.u16())
    }

    fn nonzero_u16(&mut self) -> u16 {
        self.u16().max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn length(&mut self) -> usize {
        match self.byte() {
            0..=239 => self.below(20),
            240..=251 => self.below(400),
            _ => self.below(usize::from(u16::MAX) + 1),
        }
    }

    /// Text of any characters that MQTT allows, wildcards only where asked for.
    fn text(&mut self, wildcards: bool) -> Text {
        const LETTERS: [char; 16] = [
            'a', 'b', '/', '0', ' ', '$', 'é', '€', '😀', '\u{FEFF}', '\u{FFFF}', '\u{1}', '\u{7F}',
            '\u{85}', '+', '#',
        ];
        let letters = if wildcards { &LETTERS[..] } else { &LETTERS[..14] };
        let length = self.length();
        let mut text = String::new();
        let (mut state, simple) = (self.u16(), self.flag());
        while text.len() + 4 <= length {
            // A long text needs more choices than a tape has.
            state = state.wrapping_mul(25173).wrapping_add(13849);
            text.push(letters[usize::from(state >> 8) % if simple { 6 } else { letters.len() }]);
        }
        while text.len() < length {
            text.push('x');
        }
        text.into()
    }

    fn name(&mut self) -> Text {
        let text = self.text(false);
        if text.is_empty() { "t".into() } else { text }
    }

    fn data(&mut self) -> Bytes {
        let length = self.length();
        let (first, step) = (self.byte(), self.byte());
        (0..length).map(|index| first.wrapping_add((index as u8).wrapping_mul(step))).collect()
    }

    fn qos(&mut self) -> QoS {
        self.pick(&[QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce])
    }

    fn code(&mut self, packet_type: PacketType, version: Version) -> ReasonCode {
        let listed = ReasonCode::listed(packet_type, version);
        if listed.is_empty() { ReasonCode::SUCCESS } else { ReasonCode(self.pick(listed)) }
    }

    fn codes(&mut self, packet_type: PacketType, version: Version) -> Vec<ReasonCode> {
        (0..=self.below(4)).map(|_| self.code(packet_type, version)).collect()
    }

    /// Properties that may stand there, in any order; none in 3.1.1.
    pub fn properties(&mut self, carrier: Carrier, version: Version) -> Properties {
        let mut properties = Properties::NONE;
        if version == Version::V3 || carrier.allowed().is_empty() {
            return properties;
        }
        for _ in 0..self.below(6) {
            let (id, _) = self.pick(carrier.allowed());
            let repeats = id == 0x26 || id == 0x0B && carrier == Carrier::Packet(PacketType::Publish);
            if repeats || properties.iter().all(|property| property.id() != id) {
                properties.push(self.property(id));
            }
        }
        properties
    }

    fn property(&mut self, id: u8) -> Property {
        let bit = self.byte() & 1;
        match id {
            0x01 => Property::PayloadFormatIndicator(bit),
            0x02 => Property::MessageExpiryInterval(self.u32()),
            0x03 => Property::ContentType(self.text(true)),
            0x08 => Property::ResponseTopic(self.name()),
            0x09 => Property::CorrelationData(self.data()),
            0x0B => {
                let number = self.u32();
                Property::SubscriptionIdentifier((number >> self.below(28)).clamp(1, 268_435_455))
            }
            0x11 => Property::SessionExpiryInterval(self.u32()),
            0x12 => Property::AssignedClientIdentifier(self.text(true)),
            0x13 => Property::ServerKeepAlive(self.u16()),
            0x15 => Property::AuthenticationMethod(self.text(true)),
            0x16 => Property::AuthenticationData(self.data()),
            0x17 => Property::RequestProblemInformation(bit),
            0x18 => Property::WillDelayInterval(self.u32()),
            0x19 => Property::RequestResponseInformation(bit),
            0x1A => Property::ResponseInformation(self.text(true)),
            0x1C => Property::ServerReference(self.text(true)),
            0x1F => Property::ReasonString(self.text(true)),
            0x21 => Property::ReceiveMaximum(self.nonzero_u16()),
            0x22 => Property::TopicAliasMaximum(self.u16()),
            0x23 => Property::TopicAlias(self.nonzero_u16()),
            0x24 => Property::MaximumQoS(bit),
            0x25 => Property::RetainAvailable(bit),
            0x26 => Property::UserProperty(self.text(true), self.text(true)),
            0x27 => Property::MaximumPacketSize(self.u32().max(1)),
            0x28 => Property::WildcardSubscriptionAvailable(bit),
            0x29 => Property::SubscriptionIdentifierAvailable(bit),
            0x2A => Property::SharedSubscriptionAvailable(bit),
            _ => unreachable!("the table of properties has no {id:#04x}"),
        }
    }

    fn ack(&mut self, packet_type: PacketType, version: Version) -> Ack {
        let carrier = Carrier::Packet(packet_type);
        Ack {
            id: self.nonzero_u16(),
            code: self.code(packet_type, version),
            properties: self.properties(carrier, version),
        }
    }

    fn connect(&mut self, version: Version) -> Connect {
        let mut properties = self.properties(Carrier::Packet(PacketType::Connect), version);
        if properties.authentication_data().is_some() && properties.authentication_method().is_none() {
            properties.push(Property::AuthenticationMethod("m".into()));
        }
        let will = self.flag().then(|| Will {
            topic: self.name(),
            payload: self.data(),
            qos: self.qos(),
            retain: self.flag(),
            properties: self.properties(Carrier::Will, version),
        });
        let username = self.flag().then(|| self.text(true));
        let may_have_password = version == Version::V5 || username.is_some();
        Connect {
            version,
            clean_start: self.flag(),
            keep_alive_s: self.u16(),
            client_id: self.text(true),
            will,
            username,
            password: (self.flag() && may_have_password).then(|| self.data()),
            properties,
        }
    }

    fn publish(&mut self, version: Version) -> Publish {
        let qos = self.qos();
        let properties = self.properties(Carrier::Packet(PacketType::Publish), version);
        let aliased = properties.topic_alias().is_some() && self.flag();
        Publish {
            dup: qos != QoS::AtMostOnce && self.flag(),
            qos,
            retain: self.flag(),
            topic: if aliased { Text::default() } else { self.name() },
            id: if qos == QoS::AtMostOnce { 0 } else { self.nonzero_u16() },
            properties,
            payload: self.data(),
        }
    }

    fn subscription(&mut self, version: Version) -> Subscription {
        let mut filter = self.text(true);
        if filter.is_empty() {
            filter = "#".into();
        }
        let mut options = SubscribeOptions { qos: self.qos(), ..SubscribeOptions::default() };
        if version == Version::V5 {
            options.no_local = self.flag() && !filter.starts_with("$share/");
            options.retain_as_published = self.flag();
            options.retain_handling = self.pick(&[
                RetainHandling::OnSubscribe,
                RetainHandling::OnNewSubscription,
                RetainHandling::Never,
            ]);
        }
        Subscription { filter, options }
    }

    /// A lawful packet in its shortest form: decoding what it encodes to gives it back.
    pub fn packet(&mut self, version: Version) -> Packet {
        let types = if version == Version::V3 { 14 } else { 15 };
        let number = 1 + self.byte() % types;
        let packet_type = PacketType::from_number(number).unwrap();
        let carrier = Carrier::Packet(packet_type);
        match packet_type {
            PacketType::Connect => Packet::Connect(Box::new(self.connect(version))),
            PacketType::Connack => {
                let code = self.code(packet_type, version);
                let session_present = code == ReasonCode::SUCCESS && self.flag();
                Packet::Connack(Connack {
                    session_present,
                    code,
                    properties: self.properties(carrier, version),
                })
            }
            PacketType::Publish => Packet::Publish(self.publish(version)),
            PacketType::Puback => Packet::Puback(self.ack(packet_type, version)),
            PacketType::Pubrec => Packet::Pubrec(self.ack(packet_type, version)),
            PacketType::Pubrel => Packet::Pubrel(self.ack(packet_type, version)),
            PacketType::Pubcomp => Packet::Pubcomp(self.ack(packet_type, version)),
            PacketType::Subscribe => Packet::Subscribe(Subscribe {
                id: self.nonzero_u16(),
                properties: self.properties(carrier, version),
                filters: (0..=self.below(3)).map(|_| self.subscription(version)).collect(),
            }),
            PacketType::Suback => Packet::Suback(Suback {
                id: self.nonzero_u16(),
                properties: self.properties(carrier, version),
                codes: self.codes(packet_type, version),
            }),
            PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe {
                id: self.nonzero_u16(),
                properties: self.properties(carrier, version),
                filters: (0..=self.below(3)).map(|_| self.subscription(version).filter).collect(),
            }),
            PacketType::Unsuback => Packet::Unsuback(Unsuback {
                id: self.nonzero_u16(),
                properties: self.properties(carrier, version),
                codes: if version == Version::V3 { Vec::new() } else { self.codes(packet_type, version) },
            }),
            PacketType::Pingreq => Packet::Pingreq,
            PacketType::Pingresp => Packet::Pingresp,
            PacketType::Disconnect => Packet::Disconnect(Disconnect {
                code: self.code(packet_type, version),
                properties: self.properties(carrier, version),
            }),
            PacketType::Auth => {
                let mut properties = self.properties(carrier, version);
                if properties.authentication_method().is_none() {
                    properties.push(Property::AuthenticationMethod(self.text(true)));
                }
                Packet::Auth(Auth { code: self.code(packet_type, version), properties })
            }
        }
    }

    /// Bytes that were a packet's before a few of them were changed, cut out or put in.
    pub fn mutated(&mut self, version: Version) -> Vec<u8> {
        let mut bytes = encoded(&self.packet(version), version);
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len().clamp(1, 300));
            match self.byte() % 4 {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), self.byte()),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << (self.byte() % 8);
                    }
                }
            }
        }
        // Half of them with a Remaining Length that is right again, so that the mistake lies deeper.
        if self.flag() && bytes.len() > 2 { with_length(bytes[0], &bytes[2..]) } else { bytes }
    }
}

/// A packet of this first byte and body.
pub fn with_length(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut left = body.len();
    loop {
        let more = if left > 127 { 0x80 } else { 0 };
        bytes.push((left & 0x7F) as u8 | more);
        left >>= 7;
        if left == 0 {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

/// The packet's bytes.
pub fn encoded(packet: &Packet, version: Version) -> Vec<u8> {
    let mut out = bytes::BytesMut::new();
    assert!(encode(packet, version, &mut out), "{packet:?} has a form");
    out.to_vec()
}
