//! The packets' bytes as the specifications print them, or as their tables make them: both ways.

use bytes::{Bytes, BytesMut};
use glassbroker::wire::Version::{V3, V5};
use glassbroker::wire::*;

#[track_caller]
fn both_ways(version: Version, bytes: &[u8], packet: Packet) {
    assert_eq!(decode(&Bytes::copy_from_slice(bytes), version), Ok(packet.clone()));
    let mut out = BytesMut::new();
    assert!(encode(&packet, version, &mut out));
    assert_eq!(&out[..], bytes);
    assert_eq!(packet.encoded_len(version), Some(bytes.len()));
    assert_eq!(packet.check(version), Ok(()));
}

#[test]
fn publish_of_both_versions() {
    // 3.3.2: the non normative example, topic a/b, Packet Identifier 10.
    let packet = Packet::Publish(Publish {
        qos: QoS::AtLeastOnce,
        topic: "a/b".into(),
        id: 10,
        payload: Bytes::from_static(b"hi"),
        ..Publish::default()
    });
    both_ways(V3, b"\x32\x09\x00\x03a/b\x00\x0Ahi", packet.clone());
    both_ways(V5, b"\x32\x0A\x00\x03a/b\x00\x0A\x00hi", packet);
}

#[test]
fn connect_of_3_1_1() {
    // 3.1.2: the non normative example's variable header (flags 1100 1110, keep alive 10), with a payload to its flags.
    let bytes = b"\x10\x1E\x00\x04MQTT\x04\xCE\x00\x0A\x00\x01c\x00\x01w\x00\x03bye\x00\x02me\x00\x03key";
    let packet = Packet::Connect(Box::new(Connect {
        version: V3,
        clean_start: true,
        keep_alive_s: 10,
        client_id: "c".into(),
        will: Some(Will {
            topic: "w".into(),
            payload: Bytes::from_static(b"bye"),
            qos: QoS::AtLeastOnce,
            retain: false,
            properties: Properties::NONE,
        }),
        username: Some("me".into()),
        password: Some(Bytes::from_static(b"key")),
        properties: Properties::NONE,
    }));
    both_ways(V3, bytes, packet);
}

fn user_property() -> Property {
    Property::UserProperty("k".into(), "v".into())
}

/// The bytes of parts after each other, with the Remaining Length of what follows the first.
fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    assert!(body.len() < 128, "one byte of Remaining Length");
    [&[first, body.len() as u8][..], &body].concat()
}

#[test]
fn connect_of_5_0_with_every_property() {
    let properties: &[u8] = b"\x11\0\0\x0E\x10\x21\0\x14\x27\0\x01\0\0\x22\0\x0A\x19\x01\x17\0\x26\0\x01k\0\x01v\x15\0\x01m\x16\0\x02\xFF\0";
    let will: &[u8] =
        b"\x18\0\0\0\x05\x01\x01\x02\0\0\0\x3C\x03\0\x01t\x08\0\x03r/t\x09\0\x01\x07\x26\0\x01k\0\x01v";
    let bytes = packet(
        0x10,
        &[
            // Flags: user name, password, Will retained at QoS 1, no clean start; keep alive 60.
            b"\0\x04MQTT\x05\xEC\0\x3C",
            &[properties.len() as u8],
            properties,
            b"\0\x01c",
            &[will.len() as u8],
            will,
            b"\0\x01w\0\x01!\0\x01u\0\x01p",
        ],
    );
    let expected = Packet::Connect(Box::new(Connect {
        version: V5,
        clean_start: false,
        keep_alive_s: 60,
        client_id: "c".into(),
        will: Some(Will {
            topic: "w".into(),
            payload: Bytes::from_static(b"!"),
            qos: QoS::AtLeastOnce,
            retain: true,
            properties: Properties(vec![
                Property::WillDelayInterval(5),
                Property::PayloadFormatIndicator(1),
                Property::MessageExpiryInterval(60),
                Property::ContentType("t".into()),
                Property::ResponseTopic("r/t".into()),
                Property::CorrelationData(Bytes::from_static(b"\x07")),
                user_property(),
            ]),
        }),
        username: Some("u".into()),
        password: Some(Bytes::from_static(b"p")),
        properties: Properties(vec![
            Property::SessionExpiryInterval(3600),
            Property::ReceiveMaximum(20),
            Property::MaximumPacketSize(65_536),
            Property::TopicAliasMaximum(10),
            Property::RequestResponseInformation(1),
            Property::RequestProblemInformation(0),
            user_property(),
            Property::AuthenticationMethod("m".into()),
            Property::AuthenticationData(Bytes::from_static(b"\xFF\0")),
        ]),
    }));
    both_ways(V5, &bytes, expected.clone());
    // CONNECT says its own version, whatever the caller thinks.
    assert_eq!(decode(&Bytes::from(bytes), V3), Ok(expected));
}

#[test]
fn a_password_without_a_user_name_is_lawful_in_5_0() {
    let bytes = b"\x10\x11\0\x04MQTT\x05\x42\0\0\0\0\x01c\0\x01p";
    let decoded = decode(&Bytes::from_static(bytes), V5).unwrap();
    assert!(
        matches!(decoded, Packet::Connect(connect) if connect.password.is_some() && connect.username.is_none())
    );
}

#[test]
fn connack() {
    let plain = |session_present, code| {
        Packet::Connack(Connack { session_present, code: ReasonCode(code), properties: Properties::NONE })
    };
    both_ways(V3, b"\x20\x02\x01\x00", plain(true, 0));
    both_ways(V3, b"\x20\x02\x00\x05", plain(false, 5));
    both_ways(V5, b"\x20\x03\x00\x87\x00", plain(false, 0x87));
    let properties: &[u8] =
        b"\x11\0\0\0\x01\x21\0\x01\x24\x01\x25\0\x27\0\0\0\x80\x12\0\x01a\x22\0\x08\x1F\0\x01r\
        \x26\0\x01k\0\x01v\x28\x01\x29\0\x2A\x01\x13\0\x1E\x1A\0\x01i\x1C\0\x01s\x15\0\x01m\x16\0\x01\x09";
    let bytes = packet(0x20, &[b"\x01\x00", &[properties.len() as u8], properties]);
    let expected = Properties(vec![
        Property::SessionExpiryInterval(1),
        Property::ReceiveMaximum(1),
        Property::MaximumQoS(1),
        Property::RetainAvailable(0),
        Property::MaximumPacketSize(128),
        Property::AssignedClientIdentifier("a".into()),
        Property::TopicAliasMaximum(8),
        Property::ReasonString("r".into()),
        user_property(),
        Property::WildcardSubscriptionAvailable(1),
        Property::SubscriptionIdentifierAvailable(0),
        Property::SharedSubscriptionAvailable(1),
        Property::ServerKeepAlive(30),
        Property::ResponseInformation("i".into()),
        Property::ServerReference("s".into()),
        Property::AuthenticationMethod("m".into()),
        Property::AuthenticationData(Bytes::from_static(b"\x09")),
    ]);
    assert_eq!(expected.receive_maximum(), Some(1));
    assert_eq!(expected.retain_available(), Some(false));
    assert_eq!(expected.server_reference().map(|text| text.as_str()), Some("s"));
    assert_eq!(expected.topic_alias(), None);
    both_ways(
        V5,
        &bytes,
        Packet::Connack(Connack { session_present: true, code: ReasonCode::SUCCESS, properties: expected }),
    );
}

#[test]
fn publish_of_5_0_with_every_property() {
    // Two Subscription Identifiers, as one copy for two subscriptions has them: 1 and 268,435,455.
    let properties: &[u8] =
        b"\x01\x01\x02\0\0\0\x0A\x23\0\x03\x08\0\x01r\x09\0\x01c\x26\0\x01k\0\x01v\x26\0\x01k\0\x01v\
        \x0B\x01\x0B\xFF\xFF\xFF\x7F\x03\0\x01t";
    let bytes = packet(0x3D, &[b"\0\0\x12\x34", &[properties.len() as u8], properties, b"p"]);
    let packet = Packet::Publish(Publish {
        dup: true,
        qos: QoS::ExactlyOnce,
        retain: true,
        topic: Text::default(),
        id: 0x1234,
        properties: Properties(vec![
            Property::PayloadFormatIndicator(1),
            Property::MessageExpiryInterval(10),
            Property::TopicAlias(3),
            Property::ResponseTopic("r".into()),
            Property::CorrelationData(Bytes::from_static(b"c")),
            user_property(),
            user_property(),
            Property::SubscriptionIdentifier(1),
            Property::SubscriptionIdentifier(268_435_455),
            Property::ContentType("t".into()),
        ]),
        payload: Bytes::from_static(b"p"),
    });
    both_ways(V5, &bytes, packet);
}

#[test]
fn publish_without_a_payload() {
    let packet = Packet::Publish(Publish { retain: true, topic: "a".into(), ..Publish::default() });
    both_ways(V3, b"\x31\x03\0\x01a", packet.clone());
    both_ways(V5, b"\x31\x04\0\x01a\0", packet);
}

#[test]
fn acknowledgements() {
    type Make = fn(Ack) -> Packet;
    let makes: [Make; 4] = [Packet::Puback, Packet::Pubrec, Packet::Pubrel, Packet::Pubcomp];
    for (make, (first, code)) in
        makes.into_iter().zip([(0x40, 0x10), (0x50, 0x97), (0x62, 0x92), (0x70, 0x92)])
    {
        let ack = |code, properties| make(Ack { id: 0x0A0B, code: ReasonCode(code), properties });
        let plain = ack(0, Properties::NONE);
        both_ways(V3, &[first, 2, 0x0A, 0x0B], plain.clone());
        both_ways(V5, &[first, 2, 0x0A, 0x0B], plain.clone());
        both_ways(V5, &[first, 3, 0x0A, 0x0B, code], ack(code, Properties::NONE));
        let reason = Properties(vec![Property::ReasonString("r".into()), user_property()]);
        let bytes = [&[first, 15, 0x0A, 0x0B, code, 11][..], b"\x1F\0\x01r\x26\0\x01k\0\x01v"].concat();
        both_ways(V5, &bytes, ack(code, reason));
        // Longer forms of the plain one, which are lawful too.
        for bytes in [&[first, 3, 0x0A, 0x0B, 0][..], &[first, 4, 0x0A, 0x0B, 0, 0]] {
            assert_eq!(decode(&Bytes::copy_from_slice(bytes), V5), Ok(plain.clone()));
        }
    }
}

#[test]
fn subscribe() {
    // 3.8.3: the non normative example, a/b at QoS 1 and c/d at QoS 2, Packet Identifier 10.
    let mut filters = vec![
        Subscription {
            filter: "a/b".into(),
            options: SubscribeOptions { qos: QoS::AtLeastOnce, ..SubscribeOptions::default() },
        },
        Subscription {
            filter: "c/d".into(),
            options: SubscribeOptions { qos: QoS::ExactlyOnce, ..SubscribeOptions::default() },
        },
    ];
    let plain =
        Packet::Subscribe(Subscribe { id: 10, properties: Properties::NONE, filters: filters.clone() });
    both_ways(V3, b"\x82\x0E\0\x0A\0\x03a/b\x01\0\x03c/d\x02", plain.clone());
    both_ways(V5, b"\x82\x0F\0\x0A\0\0\x03a/b\x01\0\x03c/d\x02", plain);
    // Retain Handling 2, Retain As Published, No Local, QoS 1: 00101101.
    filters.truncate(1);
    filters[0].options = SubscribeOptions {
        qos: QoS::AtLeastOnce,
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::Never,
    };
    let properties = Properties(vec![Property::SubscriptionIdentifier(128), user_property()]);
    let packet = Packet::Subscribe(Subscribe { id: 10, properties, filters });
    both_ways(V5, b"\x82\x13\0\x0A\x0A\x0B\x80\x01\x26\0\x01k\0\x01v\0\x03a/b\x2D", packet.clone());
    // 3.1.1 has no form for what 5.0 added.
    let mut out = BytesMut::new();
    assert!(encode(&packet, V3, &mut out));
    assert_eq!(&out[..], b"\x82\x08\0\x0A\0\x03a/b\x01");
}

#[test]
fn suback() {
    let suback = |codes: &[u8], properties| {
        let codes = codes.iter().copied().map(ReasonCode).collect();
        Packet::Suback(Suback { id: 10, properties, codes })
    };
    // 3.9.3 of 3.1.1: the non normative example.
    both_ways(V3, b"\x90\x05\0\x0A\0\x02\x80", suback(&[0, 2, 0x80], Properties::NONE));
    both_ways(V5, b"\x90\x05\0\x0A\0\x01\x9E", suback(&[1, 0x9E], Properties::NONE));
    let reason = Properties(vec![Property::ReasonString("r".into())]);
    both_ways(V5, b"\x90\x08\0\x0A\x04\x1F\0\x01r\xA2", suback(&[0xA2], reason));
    // 3.1.1 knows one failure.
    let mut out = BytesMut::new();
    assert!(encode(&suback(&[1, 0x87], Properties::NONE), V3, &mut out));
    assert_eq!(&out[..], b"\x90\x04\0\x0A\x01\x80");
}

#[test]
fn unsubscribe_and_unsuback() {
    // 3.10.3: the non normative example, a/b and c/d.
    let filters = vec!["a/b".into(), "c/d".into()];
    let packet =
        Packet::Unsubscribe(Unsubscribe { id: 10, properties: Properties::NONE, filters: filters.clone() });
    both_ways(V3, b"\xA2\x0C\0\x0A\0\x03a/b\0\x03c/d", packet.clone());
    both_ways(V5, b"\xA2\x0D\0\x0A\0\0\x03a/b\0\x03c/d", packet);
    let properties = Properties(vec![user_property()]);
    let packet = Packet::Unsubscribe(Unsubscribe { id: 10, properties, filters: filters[..1].to_vec() });
    both_ways(V5, b"\xA2\x0F\0\x0A\x07\x26\0\x01k\0\x01v\0\x03a/b", packet);

    let unsuback = |codes: &[u8]| {
        let codes = codes.iter().copied().map(ReasonCode).collect();
        Packet::Unsuback(Unsuback { id: 10, properties: Properties::NONE, codes })
    };
    both_ways(V3, b"\xB0\x02\0\x0A", unsuback(&[]));
    both_ways(V5, b"\xB0\x05\0\x0A\0\0\x11", unsuback(&[0, 0x11]));
}

#[test]
fn pings() {
    for version in [V3, V5] {
        both_ways(version, b"\xC0\0", Packet::Pingreq);
        both_ways(version, b"\xD0\0", Packet::Pingresp);
    }
}

#[test]
fn disconnect() {
    let disconnect = |code, properties| Packet::Disconnect(Disconnect { code: ReasonCode(code), properties });
    both_ways(V3, b"\xE0\0", disconnect(0, Properties::NONE));
    both_ways(V5, b"\xE0\0", disconnect(0, Properties::NONE));
    both_ways(V5, b"\xE0\x01\x04", disconnect(4, Properties::NONE));
    let properties = Properties(vec![
        Property::SessionExpiryInterval(0),
        Property::ReasonString("r".into()),
        user_property(),
        Property::ServerReference("s".into()),
    ]);
    both_ways(
        V5,
        b"\xE0\x16\x9C\x14\x11\0\0\0\0\x1F\0\x01r\x26\0\x01k\0\x01v\x1C\0\x01s",
        disconnect(0x9C, properties),
    );
    for bytes in [&b"\xE0\x01\0"[..], b"\xE0\x02\0\0"] {
        assert_eq!(decode(&Bytes::copy_from_slice(bytes), V5), Ok(disconnect(0, Properties::NONE)));
    }
}

#[test]
fn auth() {
    let properties = Properties(vec![
        Property::AuthenticationMethod("m".into()),
        Property::AuthenticationData(Bytes::from_static(b"\0")),
        Property::ReasonString("r".into()),
        user_property(),
    ]);
    let packet = Packet::Auth(Auth { code: ReasonCode::CONTINUE_AUTHENTICATION, properties });
    both_ways(V5, b"\xF0\x15\x18\x13\x15\0\x01m\x16\0\x01\0\x1F\0\x01r\x26\0\x01k\0\x01v", packet.clone());
    // 3.1.1 has no AUTH: nothing is written.
    let mut out = BytesMut::new();
    assert!(!encode(&packet, V3, &mut out));
    assert!(out.is_empty());
    assert_eq!(packet.encoded_len(V3), None);
    assert!(packet.check(V3).is_err());
}

/// 1.5.3 in 3.1.1, 1.5.4 in 5.0: what a string may hold.
#[test]
fn strings() {
    // A, then U+2A6D4: the specifications' example, with its bytes.
    let example = b"\x30\x07\0\x05A\xF0\xAA\x9B\x94";
    let decoded = decode(&Bytes::from_static(example), V3);
    assert!(matches!(decoded, Ok(Packet::Publish(publish)) if &*publish.topic == "A\u{2A6D4}"));
    // The byte order mark stays; control and non-characters are taken.
    for topic in ["\u{FEFF}a", "a\u{1}b", "\u{7F}", "\u{FFFE}", "\u{10FFFF}"] {
        let packet = Packet::Publish(Publish { topic: topic.into(), ..Publish::default() });
        assert_eq!(packet.check(V3), Ok(()));
        assert_eq!(packet.check(V5), Ok(()));
    }
}

#[test]
fn what_has_no_form_is_not_written() {
    let long = "x".repeat(65_536);
    let longest = "x".repeat(65_535);
    let publish = |topic: &str| Packet::Publish(Publish { topic: topic.into(), ..Publish::default() });
    let mut out = BytesMut::from(&b"before"[..]);
    assert!(!encode(&publish(&long), V3, &mut out));
    assert_eq!(&out[..], b"before");
    assert_eq!(publish(&long).check(V5).unwrap_err().code, ReasonCode::PACKET_TOO_LARGE);
    assert_eq!(publish(&longest).check(V5), Ok(()));
    let will = Will {
        topic: "w".into(),
        payload: Bytes::from(long.into_bytes()),
        qos: QoS::AtMostOnce,
        retain: false,
        properties: Properties::NONE,
    };
    let connect = Packet::Connect(Box::new(Connect {
        version: V5,
        clean_start: true,
        keep_alive_s: 0,
        client_id: "c".into(),
        will: Some(will),
        username: None,
        password: None,
        properties: Properties::NONE,
    }));
    assert!(!encode(&connect, V5, &mut out));
    // A head for a payload that is one byte too long, without the payload.
    let head = Publish { topic: "a".into(), ..Publish::default() };
    assert!(encode_publish_head(&head, 268_435_455 - 3, V3, &mut out).is_some());
    out.clear();
    assert_eq!(encode_publish_head(&head, 268_435_455 - 2, V3, &mut out), None);
    assert!(out.is_empty());
}

#[test]
fn lengths_at_their_edges() {
    // Table 2.4 of 3.1.1, 1-1 of 5.0: the greatest and smallest values of one, two, three and four bytes.
    let edges: [(usize, &[u8]); 7] = [
        (127, b"\x7F"),
        (128, b"\x80\x01"),
        (16_383, b"\xFF\x7F"),
        (16_384, b"\x80\x80\x01"),
        (2_097_151, b"\xFF\xFF\x7F"),
        (2_097_152, b"\x80\x80\x80\x01"),
        (268_435_455, b"\xFF\xFF\xFF\x7F"),
    ];
    let publish = Publish { topic: "a".into(), ..Publish::default() };
    for (length, bytes) in edges {
        let mut out = BytesMut::new();
        let offsets = encode_publish_head(&publish, length - 3, V3, &mut out).unwrap();
        assert_eq!(&out[1..out.len() - 3], bytes);
        assert_eq!(offsets, HeadOffsets { len: out.len(), id: None });
        if length < 10_000_000 {
            let payload = Bytes::from(vec![0; length - 3]);
            let packet = Packet::Publish(Publish { payload, ..publish.clone() });
            assert_eq!(packet.encoded_len(V3), Some(1 + bytes.len() + length));
        }
    }
    // The Property Length too: correlation data of `length` bytes has three bytes before it.
    for (length, bytes) in edges.into_iter().filter(|(length, _)| *length < 65_535) {
        let data = Property::CorrelationData(Bytes::from(vec![7; length - 3]));
        let packet = Packet::Publish(Publish { properties: Properties(vec![data]), ..publish.clone() });
        let mut out = BytesMut::new();
        assert!(encode(&packet, V5, &mut out));
        assert_eq!(packet.encoded_len(V5), Some(out.len()));
        assert!(out.windows(3 + bytes.len()).any(|part| part == [b"\0\x01a", bytes].concat()));
        assert_eq!(decode(&out.freeze(), V5), Ok(packet));
    }
}

#[test]
fn names_of_codes() {
    use PacketType::*;
    let name = |code, packet_type, version| ReasonCode(code).name(packet_type, version);
    assert_eq!(name(0, Connack, V5), "Success");
    assert_eq!(name(0, Suback, V5), "Granted QoS 0");
    assert_eq!(name(0, Disconnect, V5), "Normal disconnection");
    assert_eq!(name(0x8E, Disconnect, V5), "Session taken over");
    assert_eq!(name(5, Connack, V3), "Connection refused, not authorized");
    assert_eq!(name(0x80, Suback, V3), "Failure");
    assert_eq!(name(0x8E, Connack, V5), "Reserved");
    // Table 2-6 has 43 codes, 0 counted once.
    let mut all: Vec<u8> = (1..=15)
        .filter_map(PacketType::from_number)
        .flat_map(|packet_type| ReasonCode::listed(packet_type, V5).iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 43);
    assert!(all.iter().all(|&code| ReasonCode(code).is_failure() == (code >= 0x80)));
}

/// Table 2.1 in 3.1.1, 2-1 in 5.0: the direction of flow.
#[test]
fn who_sends_what() {
    use PacketType::*;
    let all = || (1..=15).filter_map(PacketType::from_number);
    let clients = |version| all().filter(|one| one.is_from_client(version)).collect::<Vec<_>>();
    let servers = |version| all().filter(|one| one.is_from_server(version)).collect::<Vec<_>>();
    let both = [Publish, Puback, Pubrec, Pubrel, Pubcomp];
    assert_eq!(clients(V3), [&[Connect][..], &both, &[Subscribe, Unsubscribe, Pingreq, Disconnect]].concat());
    assert_eq!(
        clients(V5),
        [&[Connect][..], &both, &[Subscribe, Unsubscribe, Pingreq, Disconnect, Auth]].concat()
    );
    assert_eq!(servers(V3), [&[Connack][..], &both, &[Suback, Unsuback, Pingresp]].concat());
    assert_eq!(
        servers(V5),
        [&[Connack][..], &both, &[Suback, Unsuback, Pingresp, Disconnect, Auth]].concat()
    );
}
