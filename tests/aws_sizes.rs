//! The sizes of AWS IoT Core (row O2): of client identifiers, topics, payloads, packets and properties, and what each version sees
//! on the wire of one that is too large.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod bounds;
    pub mod driver;
}

use bytes::Bytes;
use common::bounds::*;
use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::wire::*;

/// [C1] [aws.connect.client-id] [aws.connect.client-id-reserved] [aws.connect.client-id-told] 128 bytes, characters of several
/// bytes counted as such, and no `$` first; the standards' broker takes both. [3.1.1 MQTT-3.1.3-9]
#[test]
fn a_client_identifier_is_short_and_the_clients_own() {
    let long = "x".repeat(129);
    for version in BOTH {
        for (id, key, rule) in [
            (&*long, "connect.client_id_max_bytes", "aws.connect.client-id"),
            (&"é".repeat(65), "connect.client_id_max_bytes", "aws.connect.client-id"),
            ("$lamp", "connect.client_id_reserved", "aws.connect.client-id-reserved"),
        ] {
            let mut pair = Pair::new(AWS);
            let lamp = pair.connect(client(version, id));
            assert_eq!(answer(&mut pair, lamp), Some(if version == V3 { 2 } else { 0x85 }), "{id}");
            assert!(pair.is_closed(lamp) && !pair.has_session(id));
            assert_eq!(said(&pair), (key, rule, Some(u32::try_from(id.len()).unwrap())));
            Pair::new("mqtt").join(client(version, id));
        }
        for id in [&long[1..], &"é".repeat(64), "lamp$"] {
            Pair::new(AWS).join(client(version, id));
        }
    }
}

/// [M7] [aws.connect.assigned] What the service assigns begins with `$`, so that nobody comes back with it. [5.0 MQTT-3.1.3-7]
#[test]
fn an_assigned_client_identifier_is_for_once() {
    for (profile, is_reserved) in [(AWS, true), ("mqtt", false)] {
        let mut pair = Pair::new(profile);
        let lamp = pair.connect(client(V5, ""));
        let connack = pair.connack(lamp);
        let assigned = connack.properties.0.iter().find_map(|property| match property {
            Property::AssignedClientIdentifier(id) => Some(id.to_string()),
            _ => None,
        });
        let assigned = assigned.expect("an identifier");
        assert_eq!(assigned.starts_with('$'), is_reserved);
        pair.disconnect(lamp);
        pair.pass_s(2);
        let again = pair.connect(client(V5, &assigned));
        assert_eq!(answer(&mut pair, again), Some(if is_reserved { 0x85 } else { 0 }));
    }
    // 3.1.1 is not told its identifier, and has one all the same.
    let mut pair = Pair::new(AWS);
    pair.join(client(V3, ""));
    assert!(pair.last(Kind::SessionCreated).client.starts_with('$'));
}

/// [M5] [aws.connect.packet-size] [aws.quota.bound-told] A client that takes fewer than 512 bytes is not let in.
#[test]
fn a_client_takes_packets_of_some_size() {
    for (profile, bytes, code) in [(AWS, 511, 0x97), (AWS, 512, 0), ("mqtt", 100, 0)] {
        let mut pair = Pair::new(profile);
        let mut connect = client(V5, "lamp");
        connect.properties.0.push(Property::MaximumPacketSize(bytes));
        let lamp = pair.connect(connect);
        assert_eq!(answer(&mut pair, lamp), Some(code), "{bytes}");
        if code > 0 {
            assert_eq!(said(&pair), ("connect.packet_min_bytes", "aws.connect.packet-size", Some(bytes)));
        }
    }
}

/// [O2] [M5] [aws.quota.payload] [aws.quota.bound-told] 128 KB and no byte more: 3.1.1 is closed, 5.0 is told by DISCONNECT, at
/// either QoS, and the account is told that it was the client's error.
#[test]
fn a_payload_has_128_kilobytes() {
    const MOST: usize = 128 << 10;
    for version in BOTH {
        for qos in [QOS0, QOS1] {
            let (mut pair, watcher, lamp) = watched(client(version, "lamp"));
            pair.subscribe(lamp, "t", QOS0);
            pair.publish(lamp, "t", &"x".repeat(MOST), qos);
            pair.pass_s(5);
            assert_eq!(pair.payloads(lamp).iter().map(String::len).collect::<Vec<_>>(), [MOST]);
            pair.publish(lamp, "t", &"x".repeat(MOST + 1), qos);
            is_ended(&mut pair, lamp, version, 0x97);
            let level = u32::try_from(MOST + 1).unwrap();
            assert_eq!(said(&pair), ("publish.payload_max_bytes", "aws.quota.payload", Some(level)));
            assert_eq!(reason(&mut pair, watcher), "CLIENT_ERROR");
        }
        // A CONNECT of more is refused too, however its bytes are spread.
        let filler = Bytes::from(vec![b'x'; 0xFFFF]);
        let will = Will {
            topic: "w".into(),
            payload: filler.clone(),
            qos: QOS0,
            retain: false,
            properties: Properties::default(),
        };
        let mut pair = Pair::new(AWS);
        let large = Connect {
            will: Some(will),
            username: Some("u".into()),
            password: Some(filler),
            ..client(version, "lamp")
        };
        let lamp = pair.connect(large.clone());
        assert_eq!(answer(&mut pair, lamp), (version == V5).then_some(0x97));
        assert!(pair.is_closed(lamp));
        assert_eq!(rule_of(pair.last(Kind::QuotaRefused)).1, "aws.quota.payload");
        Pair::new("mqtt").join(large);
    }
}

/// [M5] [aws.quota.packet] A packet beyond 146 KB ends the connection before it has come whole. [MQTT-3.2.2-15]
#[test]
fn a_packet_has_146_kilobytes() {
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(version, "lamp"));
        // The fixed header of a PUBLISH of 146 KB and a byte: four bytes, and what they announce.
        let announced = 146 * 1_024 + 1 - 4;
        let remaining = [announced & 0x7F | 0x80, announced >> 7 & 0x7F | 0x80, announced >> 14];
        let mut head = vec![0x30];
        head.extend(remaining.map(|byte: u32| u8::try_from(byte).unwrap()));
        pair.send_bytes(lamp, head);
        is_ended(&mut pair, lamp, version, 0x95);
        assert_eq!(rule_of(pair.events(Kind::Decision).last().unwrap()).1, "aws.quota.packet");
    }
}

/// [T6] [aws.topic.bytes] 256 bytes for a topic, in UTF-8, without what Basic Ingest puts before it. 5.0 is told where there is a
/// packet for it, and by DISCONNECT at QoS 0; 3.1.1 is closed.
#[test]
fn a_topic_has_256_bytes() {
    let whole = ["t".repeat(256), "é".repeat(128), format!("$aws/rules/rule/{}", "t".repeat(256))];
    for version in BOTH {
        for most in &whole {
            let mut pair = Pair::new(AWS);
            let lamp = pair.join(client(version, "lamp"));
            pair.publish(lamp, most, "x", QOS1);
            let acknowledged = matches!(pair.inbox(lamp)[..], [Packet::Puback(ref ack)] if ack.code.0 < 0x80);
            assert!(acknowledged, "{most}");
            let more = format!("{most}t");
            pair.send(lamp, publish(&more, "x", QOS1));
            if version == V5 {
                let refused = ack_code(&mut pair, lamp);
                assert_eq!((refused, pair.is_closed(lamp)), (Some(0x90), false));
                let refused = pair.last(Kind::QuotaRefused);
                assert_eq!((refused.topic.as_str(), rule_of(refused).1), (&*more, "aws.topic.bytes"));
                pair.send(lamp, publish(&more, "x", QOS0));
            }
            is_ended(&mut pair, lamp, version, 0x90);
        }
        let mut pair = Pair::new("mqtt");
        let lamp = pair.join(client(version, "lamp"));
        pair.publish(lamp, &"t".repeat(60_000), "x", QOS1);
        assert_eq!(ack_code(&mut pair, lamp), Some(if version == V5 { 0x10 } else { 0 }));
    }
}

/// [T6] [H1] [aws.topic.bytes] [aws.shared.name] The same for a filter, and for one behind `$share/NAME/`, which is not counted: 5.0
/// is told for each filter, 3.1.1 is closed. A Will's topic is looked at with its CONNECT.
#[test]
fn a_filter_has_256_bytes() {
    let (most, more) = ("f".repeat(256), "f".repeat(257));
    let name = "n".repeat(128);
    let taken = [most.clone(), format!("$share/{name}/{most}")];
    let refused = [more.clone(), format!("$share/{name}/{more}"), format!("$share/{name}n/{most}")];
    for version in BOTH {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(version, "lamp"));
        pair.send(lamp, subscribe_all(&taken));
        assert_eq!(subacks(&mut pair, lamp), [1; 2]);
        for filter in &refused {
            pair.send(lamp, subscribe_all(&["f".to_owned(), filter.clone()]));
            if version == V5 {
                assert_eq!(subacks(&mut pair, lamp), [1, 0x8F]);
                continue;
            }
            is_ended(&mut pair, lamp, V3, 0);
            break;
        }
        for (topic, is_in) in [(&most, true), (&more, false)] {
            let mut pair = Pair::new(AWS);
            let payload = Bytes::from_static(b"x");
            let (topic, properties) = (Text::from(topic.as_str()), Properties::default());
            let will = Some(Will { topic, payload, qos: QOS0, retain: false, properties });
            let lamp = pair.connect(Connect { will, ..client(version, "lamp") });
            let refused = (version == V5).then_some(0x90);
            assert_eq!(answer(&mut pair, lamp), if is_in { Some(0) } else { refused });
            assert_eq!(pair.is_closed(lamp), !is_in);
        }
    }
}

/// Properties at their bounds, and each beyond.
fn properties() -> [(&'static str, Vec<Property>, Vec<Property>); 3] {
    let text = |bytes: usize| Text::from("x".repeat(bytes));
    let user = |bytes: usize| Property::UserProperty(text(bytes), Text::default());
    let data = |bytes: usize| Property::CorrelationData(Bytes::from(vec![0; bytes]));
    let content = |bytes: usize| Property::ContentType(text(bytes));
    [
        ("property.content_type_max_bytes", vec![content(256)], vec![content(257)]),
        ("property.correlation_data_max_bytes", vec![data(8_192)], vec![data(8_193)]),
        ("property.user_max_bytes", vec![user(4_000), user(4_192)], vec![user(4_000), user(4_193)]),
    ]
}

/// [M6] [O2] [aws.quota.properties] [aws.quota.bound-told] What is too long in the properties of a message is told in PUBACK, and
/// at QoS 0 by DISCONNECT; in a Will by CONNACK.
#[test]
fn properties_have_their_lengths() {
    for (key, most, more) in properties() {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(V5, "lamp"));
        pair.send(lamp, with_properties(publish("t", "x", QOS1), most.clone()));
        assert_eq!(ack_code(&mut pair, lamp), Some(0x10), "{key}");
        pair.send(lamp, with_properties(publish("t", "x", QOS1), more.clone()));
        assert_eq!(ack_code(&mut pair, lamp), Some(0x97), "{key}");
        assert_eq!((said(&pair).0, said(&pair).1), (key, "aws.quota.properties"));
        pair.send(lamp, with_properties(publish("t", "x", QOS0), more.clone()));
        is_ended(&mut pair, lamp, V5, 0x97);
        assert_eq!(pair.events(Kind::MessageAccepted).iter().filter(|e| e.topic == "t").count(), 1);
        for (profile, properties, code) in [(AWS, &most, 0), (AWS, &more, 0x97), ("mqtt", &more, 0)] {
            let mut pair = Pair::new(profile);
            let properties = Properties(properties.clone());
            let payload = Bytes::from_static(b"x");
            let will = Some(Will { topic: "w".into(), payload, qos: QOS0, retain: false, properties });
            let lamp = pair.connect(Connect { will, ..client(V5, "lamp") });
            assert_eq!(answer(&mut pair, lamp), Some(code), "{profile} {key}");
        }
    }
}

/// [M6] [O2] [aws.quota.properties] User Properties are counted in CONNECT with its Will, SUBSCRIBE and UNSUBSCRIBE too.
#[test]
fn user_properties_are_counted_in_each_packet() {
    let half = |bytes: usize| {
        Properties(vec![Property::UserProperty("x".into(), Text::from("x".repeat(bytes - 1)))])
    };
    for (bytes, code) in [(4_096, 0), (4_097, 0x97)] {
        let mut pair = Pair::new(AWS);
        let payload = Bytes::from_static(b"x");
        let properties = half(bytes);
        let will = Some(Will { topic: "w".into(), payload, qos: QOS0, retain: false, properties });
        let lamp = pair.connect(Connect { will, properties: half(4_096), ..client(V5, "lamp") });
        assert_eq!(answer(&mut pair, lamp), Some(code));
    }
    for (bytes, is_taken) in [(8_192, true), (8_193, false)] {
        let (subscribe, unsubscribe) = (subscribe(1, &[("a", QOS0)]), unsubscribe(2, &["a"]));
        let (Packet::Subscribe(subscribe), Packet::Unsubscribe(unsubscribe)) = (subscribe, unsubscribe)
        else {
            unreachable!()
        };
        for packet in [
            Packet::Subscribe(Subscribe { properties: half(bytes), ..subscribe }),
            Packet::Unsubscribe(Unsubscribe { properties: half(bytes), ..unsubscribe }),
        ] {
            let mut pair = Pair::new(AWS);
            let lamp = pair.join(client(V5, "lamp"));
            pair.send(lamp, packet);
            assert_eq!(pair.is_closed(lamp), !is_taken, "{bytes}");
            if !is_taken {
                is_ended(&mut pair, lamp, V5, 0x97);
                assert_eq!(said(&pair).1, "aws.quota.properties");
            }
        }
    }
}
