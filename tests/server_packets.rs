//! What the broker sends, byte by byte: flags, codes and properties as the specifications' tables have them.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Command;
use glassbroker::profile::Value;
use glassbroker::wire::*;
use std::collections::BTreeSet;

/// Every packet that the broker sends in a story with all that it can answer, with its connection's version.
fn all_packets() -> Vec<(Version, Vec<u8>)> {
    BOTH.into_iter()
        .flat_map(|version| story(version).into_iter().map(move |bytes| (version, bytes)))
        .collect()
}

/// A client that is refused, one that lives through everything, and ends of each kind.
fn story(version: Version) -> Vec<Vec<u8>> {
    let set = [
        ("subscription.max_per_session", Value::Number(3)),
        ("retained.max_messages", Value::Number(1)),
        ("session.max_count", Value::Number(3)),
    ];
    let mut pair = Pair::with("mqtt", &set);
    let told_nothing = |mut connect: Connect| {
        if version == V5 {
            connect.properties.0.push(Property::RequestProblemInformation(0));
        }
        connect
    };
    let a = pair.join(told_nothing(client(version, "a")));
    let b = pair.join(told_nothing(Connect { keep_alive_s: 5, ..persistent(version, "b") }));
    pair.send(b, subscribe(1, &[("t", QOS2), ("u", QOS1), ("v", QOS0), ("too many", QOS0)]));
    pair.send(b, unsubscribe(2, &["v", "never"]));
    if version == V5 {
        pair.send(b, subscribe(3, &[("#/", QOS0), ("$share/g", QOS0)]));
        pair.send(b, unsubscribe(4, &["#/"]));
    }
    pair.send(b, Packet::Pingreq);
    for (id, topic, qos) in
        [(1, "t", QOS2), (2, "u", QOS1), (0, "t", QOS0), (3, "nobody", QOS1), (4, "nobody", QOS2)]
    {
        pair.send(a, publish_as(id, topic, "payload", qos));
    }
    for id in [1, 9] {
        pair.send(a, Packet::Pubrel(ack(id)));
        pair.send(b, Packet::Pubrec(ack(id)));
    }
    // What is left unacknowledged is sent again; the second retained message finds no room.
    for (topic, qos) in [("u", QOS1), ("r", QOS1), ("r", QOS2)] {
        pair.send(a, retained(topic, "kept", qos));
    }
    pair.send(b, subscribe(5, &[("u", QOS1)]));
    let takeover = pair.join(told_nothing(Connect { keep_alive_s: 5, ..persistent(version, "b") }));
    pair.pass_s(30);
    let c = pair.join(told_nothing(client(version, "c")));
    pair.command(Command::disconnect("c".to_owned())).expect("it is there");
    let c = [c, pair.join(told_nothing(client(version, "c")))];
    pair.send_bytes(c[1], vec![0xF7, 0x00]);
    pair.join(told_nothing(client(version, "c")));
    pair.connect(told_nothing(client(version, "too many")));
    let _ = takeover;
    let ended = pair.ended.iter().map(|(_, wire)| wire);
    let wires = ended.chain(pair.wires.values());
    wires.flat_map(|wire| wire.packets.iter().map(|bytes| bytes.to_vec())).collect()
}

/// The Reason Codes that a server may send with a packet (2.4 and the sections of the packets in 5.0).
fn listed(packet_type: u8) -> &'static [u8] {
    match packet_type {
        2 => &[
            0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97,
            0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
        ],
        4 | 5 => &[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        6 | 7 => &[0x00, 0x92],
        9 => &[0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2],
        11 => &[0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
        14 => &[
            0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96,
            0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
        ],
        _ => &[],
    }
}

/// The codes in a packet, which is short and has no properties but CONNACK's.
fn codes(version: Version, bytes: &[u8]) -> &[u8] {
    match (bytes[0] >> 4, version) {
        (2, _) => &bytes[3..4],
        (4..=7, V5) => bytes.get(4..5).unwrap_or(&[]),
        (9, V3) => &bytes[4..],
        (9 | 11, V5) => &bytes[5..],
        (14, V5) => bytes.get(2..3).unwrap_or(&[]),
        _ => &[],
    }
}

/// Reserved flags as the tables have them; QoS is 0, 1 or 2, and DUP is 0 at QoS 0.
/// [3.1.1 MQTT-2.2.2-1] [MQTT-3.3.1-2, MQTT-3.3.1-4, MQTT-3.6.1-1] [5.0 MQTT-2.1.3-1]
#[test]
fn flags_are_as_the_tables_have_them() {
    let mut seen = BTreeSet::new();
    for (version, bytes) in all_packets() {
        let (packet_type, flags) = (bytes[0] >> 4, bytes[0] & 0x0F);
        seen.insert((packet_type, flags & 0x0E));
        let (dup, qos) = (flags >> 3, flags >> 1 & 3);
        match packet_type {
            3 => assert!(qos < 3 && (qos > 0 || dup == 0), "{bytes:02X?}"),
            6 => assert_eq!(flags, 2, "{bytes:02X?}"),
            2 | 4 | 5 | 7 | 9 | 11 | 13 => assert_eq!(flags, 0, "{bytes:02X?}"),
            14 => assert!(version == V5 && flags == 0, "{bytes:02X?}"),
            _ => panic!("a server does not send {bytes:02X?}"),
        }
    }
    // The story has each packet that a server sends but AUTH, and PUBLISH at each level, new and again.
    let types: BTreeSet<u8> = seen.iter().map(|(packet_type, _)| *packet_type).collect();
    assert_eq!(types.into_iter().collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 9, 11, 13, 14]);
    let publish: Vec<u8> = seen.iter().filter(|seen| seen.0 == 3).map(|seen| seen.1).collect();
    assert_eq!(publish, [0, 2, 4, 10]);
}

/// Codes are of those that are listed for the packet; a CONNACK that refuses says that no session is present.
/// [3.1.1 MQTT-3.2.2-4, MQTT-3.8.4-5, MQTT-3.9.3-2] [5.0 MQTT-3.2.2-1, MQTT-3.2.2-6, MQTT-3.2.2-8, MQTT-3.8.4-6]
/// [5.0 MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.6.2-1, MQTT-3.7.2-1, MQTT-3.9.3-2, MQTT-3.11.3-2, MQTT-3.14.2-1]
#[test]
fn codes_are_listed() {
    let mut seen = BTreeSet::new();
    for (version, bytes) in all_packets() {
        let packet_type = bytes[0] >> 4;
        for code in codes(version, &bytes) {
            seen.insert((version == V5, packet_type, *code));
            let is_listed = match (version, packet_type) {
                (V3, 2) => *code <= 5,
                (V3, 9) => [0, 1, 2, 0x80].contains(code),
                _ => listed(packet_type).contains(code),
            };
            assert!(is_listed, "{version:?} {bytes:02X?}");
        }
        if packet_type == 2 {
            assert!(bytes[2] == 0 || (bytes[2] == 1 && bytes[3] == 0), "{bytes:02X?}");
        }
    }
    let of = |wanted: u8| -> Vec<u8> {
        seen.iter().filter(|(new, kind, _)| *new && *kind == wanted).map(|(.., code)| *code).collect()
    };
    assert_eq!(of(2), [0x00, 0x97], "CONNACK");
    assert_eq!(of(4), [0x10, 0x97], "PUBACK");
    assert_eq!(of(9), [0, 1, 2, 0x8F, 0x97], "SUBACK");
    assert_eq!(of(11), [0x00, 0x11, 0x8F], "UNSUBACK");
    assert_eq!(of(14), [0x81, 0x8D, 0x8E, 0x98], "DISCONNECT");
    assert!(seen.contains(&(false, 2, 3)) && seen.contains(&(false, 9, 0x80)), "3.1.1's refusals");
}

/// A packet without properties says so; where the client asks for no problem information, CONNACK and DISCONNECT have some;
/// DISCONNECT has no Session Expiry Interval, and PUBLISH no Topic Alias where the client takes none.
/// [5.0 MQTT-2.2.2-1, MQTT-3.1.2-27, MQTT-3.1.2-29, MQTT-3.14.2-2]
#[test]
fn properties_are_left_out() {
    for (version, bytes) in all_packets() {
        let (packet_type, length) = (bytes[0] >> 4, bytes.len());
        let property_length = match (version, packet_type) {
            (V5, 3) => {
                let topic = usize::from(bytes[3]);
                let id = if bytes[0] & 6 == 0 { 0 } else { 2 };
                bytes[4 + topic + id]
            }
            (V5, 4..=7) if length > 5 => bytes[5],
            (V5, 9 | 11) => bytes[4],
            // The Reason String comes all the same, and nothing beside it.
            (V5, 14) if length > 3 => bytes[3] - 3 - bytes[6],
            _ => 0,
        };
        assert_eq!(property_length, 0, "{bytes:02X?}");
        assert!(packet_type != 14 || length <= 3 || bytes[4] == 0x1F, "{bytes:02X?}");
    }
}

/// No more Topic Aliases than the client takes, and none above its maximum. [MQTT-3.1.2-26, MQTT-3.3.2-11]
#[test]
fn topic_aliases_keep_to_the_clients_maximum() {
    for most in [0, 1, 2] {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(V5, "a"));
        let mut connect = client(V5, "b");
        connect.properties.0.push(Property::TopicAliasMaximum(most));
        let b = pair.join(connect);
        pair.subscribe(b, "#", QOS0);
        let topics: Vec<String> = (0..4).flat_map(|n| [format!("t/{n}"), format!("t/{n}")]).collect();
        for topic in &topics {
            pair.publish(a, topic, "", QOS0);
        }
        let mut aliases = vec![String::new(); usize::from(most) + 1];
        let got: Vec<String> = pair
            .publishes(b)
            .iter()
            .map(|publish| {
                let alias = publish.properties.0.iter().find_map(|property| match property {
                    Property::TopicAlias(alias) => Some(*alias),
                    _ => None,
                });
                let Some(alias) = alias else { return publish.topic.to_string() };
                assert!(alias > 0 && alias <= most, "{alias}");
                if !publish.topic.is_empty() {
                    aliases[usize::from(alias)] = publish.topic.to_string();
                }
                aliases[usize::from(alias)].clone()
            })
            .collect();
        assert_eq!(got, topics);
    }
}
