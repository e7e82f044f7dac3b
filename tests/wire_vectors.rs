//! The packets' bytes as the specifications print them, or as their tables make them: both ways.

use bytes::{Bytes, BytesMut};
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
    both_ways(Version::V3, b"\x32\x09\x00\x03a/b\x00\x0Ahi", packet.clone());
    both_ways(Version::V5, b"\x32\x0A\x00\x03a/b\x00\x0A\x00hi", packet);
}

#[test]
fn connect_of_3_1_1() {
    // 3.1.2: the non normative example's variable header (flags 1100 1110, keep alive 10), with a payload to its flags.
    let bytes = b"\x10\x1E\x00\x04MQTT\x04\xCE\x00\x0A\x00\x01c\x00\x01w\x00\x03bye\x00\x02me\x00\x03key";
    let packet = Packet::Connect(Box::new(Connect {
        version: Version::V3,
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
    both_ways(Version::V3, bytes, packet);
}
