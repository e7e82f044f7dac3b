//! Our codec beside three independent ones, on generated and on mutated packets of both versions.
//!
//! None of them is right on everything. Each disagreement must be one of those that `settled.rs` lists, with the clause that
//! settles it; a disagreement that is not there fails the test. Run with `DIFFERENTIAL_CASES=1000000` for a long sweep.

mod oracles;
#[path = "../common/packets.rs"]
mod packets;
mod settled;

use bytes::Bytes;
use glassbroker::chance::chance;
use glassbroker::topic::check_filter;
use glassbroker::wire::*;
use oracles::{ORACLES, ask};
use packets::{Tape, encoded};
use std::collections::BTreeMap;

fn cases(default: u64) -> u64 {
    std::env::var("DIFFERENTIAL_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// The tape of case `n`.
fn tape(purpose: &str, n: u64) -> Vec<u8> {
    (0..25).flat_map(|word| chance(n, purpose, "tape", word).to_le_bytes()).collect()
}

/// A packet with its properties in the order of their identifiers: codecs that keep them in a struct lose the order.
/// That of user properties and of subscription identifiers among themselves must be kept (MQTT-3.3.2-18).
fn sorted(mut packet: Packet) -> Packet {
    let sort = |properties: &mut Properties| properties.0.sort_by_key(Property::id);
    match &mut packet {
        Packet::Connect(connect) => {
            sort(&mut connect.properties);
            if let Some(will) = &mut connect.will {
                sort(&mut will.properties);
            }
        }
        Packet::Connack(packet) => sort(&mut packet.properties),
        Packet::Publish(packet) => sort(&mut packet.properties),
        Packet::Puback(packet)
        | Packet::Pubrec(packet)
        | Packet::Pubrel(packet)
        | Packet::Pubcomp(packet) => {
            sort(&mut packet.properties);
        }
        Packet::Subscribe(packet) => sort(&mut packet.properties),
        Packet::Suback(packet) => sort(&mut packet.properties),
        Packet::Unsubscribe(packet) => sort(&mut packet.properties),
        Packet::Unsuback(packet) => sort(&mut packet.properties),
        Packet::Disconnect(packet) => sort(&mut packet.properties),
        Packet::Auth(packet) => sort(&mut packet.properties),
        Packet::Pingreq | Packet::Pingresp => {}
    }
    packet
}

/// Filters are the topic floor's to check, other codecs check them as they decode.
fn filters_are_valid(packet: &Packet) -> bool {
    match packet {
        Packet::Subscribe(subscribe) => subscribe.filters.iter().all(|s| check_filter(&s.filter).is_ok()),
        Packet::Unsubscribe(unsubscribe) => {
            unsubscribe.filters.iter().all(|filter| check_filter(filter).is_ok())
        }
        _ => true,
    }
}

/// The protocol level in the bytes of a CONNECT.
fn level(bytes: &[u8]) -> Option<u8> {
    let body = 1 + bytes.get(1..5)?.iter().position(|byte| byte & 0x80 == 0)? + 1;
    bytes.get(body + 6).copied()
}

/// Compares all on these bytes; what is not settled goes to `open`, by its sort, with an example.
fn compare(bytes: &[u8], version: Version, open: &mut BTreeMap<String, (u32, String)>) {
    let asked = if version == Version::V3 { 4 } else { 5 };
    if bytes.first() == Some(&0x10) && level(bytes) != Some(asked) {
        // A CONNECT of another version than the one that the oracles are told to read.
        return;
    }
    let ours = decode(&Bytes::copy_from_slice(bytes), version);
    if ours.as_ref().is_ok_and(|packet| !filters_are_valid(packet)) {
        return;
    }
    for (name, oracle) in ORACLES {
        let theirs = ask(oracle, bytes, version);
        let sort = match (&ours, &theirs) {
            (Err(_), Err(_)) => continue,
            (Ok(packet), Err(why)) => {
                if settled::refused(name, why).is_some() {
                    continue;
                }
                format!("{name} refuses {} of {version:?}: {why}", packet.packet_type().name())
            }
            (Err(malformed), Ok(_)) => {
                if settled::accepted(name, malformed).is_some() {
                    continue;
                }
                let kind = PacketType::from_number(bytes[0] >> 4).map_or("?", PacketType::name);
                format!(
                    "{name} accepts {kind} of {version:?} where {} ({:?})",
                    malformed.what, malformed.rule
                )
            }
            (Ok(packet), Ok(again)) => match decode(&Bytes::copy_from_slice(again), version) {
                Ok(read) if sorted(read.clone()) == sorted(packet.clone()) => continue,
                read => {
                    if settled::reads_otherwise(name, packet, again, version).is_some() {
                        continue;
                    }
                    format!(
                        "{name} reads {} of {version:?} otherwise: {}",
                        packet.packet_type().name(),
                        if read.is_ok() { "other fields" } else { "it encodes what is malformed" }
                    )
                }
            },
        };
        let example = || format!("bytes {bytes:02x?}\n  ours   {ours:?}\n  theirs {theirs:02x?}");
        open.entry(sort).or_insert_with(|| (0, example())).0 += 1;
    }
}

fn report(open: &BTreeMap<String, (u32, String)>) {
    let text: Vec<_> = open.iter().map(|(sort, (n, example))| format!("{n} × {sort}\n  {example}")).collect();
    assert!(open.is_empty(), "disagreements that nothing settles:\n{}", text.join("\n"));
}

#[test]
fn generated_packets_are_read_alike() {
    let mut open = BTreeMap::new();
    for n in 0..cases(20_000) {
        let version = if n % 2 == 0 { Version::V3 } else { Version::V5 };
        let packet = Tape(&tape("generated", n)).packet(version);
        if filters_are_valid(&packet) {
            compare(&encoded(&packet, version), version, &mut open);
        }
    }
    report(&open);
}

#[test]
fn mutated_packets_are_judged_alike() {
    let mut open = BTreeMap::new();
    for n in 0..cases(40_000) {
        let version = if n % 2 == 0 { Version::V3 } else { Version::V5 };
        let bytes = Tape(&tape("mutated", n)).mutated(version);
        compare(&bytes, version, &mut open);
    }
    report(&open);
}

#[test]
fn the_document_holds_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codecs.md");
    let text = settled::as_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|held| held == text),
        "docs/codecs.md is out of date: UPDATE_DOCS=1 cargo test --test differential writes it"
    );
}
