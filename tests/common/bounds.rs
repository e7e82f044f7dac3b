//! What AWS IoT Core does where a bound is broken, as stories see it.
#![allow(dead_code, unreachable_pub)]

use super::driver::*;
use glassbroker::broker::{ConnId, Kind, QuotaView};
use glassbroker::wire::*;

pub const AWS: &str = "aws-iot-core";

/// What a profile says of a bound that was broken: its setting, its rule, and how much there was.
pub fn said(pair: &Pair) -> (&str, &'static str, Option<u32>) {
    let event = pair.last(Kind::QuotaRefused);
    (&event.topic, rule_of(event).1, event.number)
}

pub fn gauge(pair: &Pair, client: &str, key: &str) -> (u64, u64) {
    let quotas = pair.session(client).quotas;
    let gauge: &QuotaView = quotas.iter().find(|gauge| gauge.key == key).expect("a gauge");
    (gauge.level, gauge.capacity)
}

/// A broker, a watcher of how connections end and of all Wills, and a client.
pub fn watched(connect: Connect) -> (Pair, ConnId, ConnId) {
    let mut pair = Pair::new(AWS);
    let watcher = pair.join(client(V3, "watcher"));
    pair.subscribe(watcher, "$aws/events/presence/disconnected/#", QOS0);
    pair.subscribe(watcher, "gone/#", QOS0);
    let conn = pair.join(connect);
    (pair, watcher, conn)
}

/// The reason that the last disconnection was told with.
pub fn reason(pair: &mut Pair, watcher: ConnId) -> String {
    let told = pair.publishes(watcher).into_iter().rfind(|told| told.topic.starts_with("$aws/"));
    let told: serde_json::Value = serde_json::from_slice(&told.expect("an event").payload).expect("JSON");
    told["disconnectReason"].as_str().expect("a reason").to_owned()
}

/// That a client was disconnected: 5.0 with this code, 3.1.1 with nothing.
pub fn is_ended(pair: &mut Pair, conn: ConnId, version: Version, code: u8) {
    match version {
        V3 => assert_eq!(pair.inbox(conn), [], "3.1.1 is told nothing"),
        V5 => assert_eq!(pair.disconnected(conn).0, code),
    }
    assert!(pair.is_closed(conn));
}

/// The code of CONNACK, if one came.
pub fn answer(pair: &mut Pair, conn: ConnId) -> Option<u8> {
    pair.inbox(conn).into_iter().find_map(|packet| match packet {
        Packet::Connack(connack) => Some(connack.code.0),
        _ => None,
    })
}

/// The codes of the SUBACKs that came, one after the other.
pub fn subacks(pair: &mut Pair, conn: ConnId) -> Vec<u8> {
    let codes = pair.inbox(conn).into_iter().filter_map(|packet| match packet {
        Packet::Suback(suback) => Some(suback.codes),
        _ => None,
    });
    codes.flatten().map(|code| code.0).collect()
}

/// So many filters.
pub fn filters(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("f/{n}")).collect()
}

pub fn subscribe_all(filters: &[String]) -> Packet {
    subscribe(1, &filters.iter().map(|filter| (filter.as_str(), QOS1)).collect::<Vec<_>>())
}

/// The code of a PUBACK that came.
pub fn ack_code(pair: &mut Pair, conn: ConnId) -> Option<u8> {
    pair.inbox(conn).into_iter().find_map(|packet| match packet {
        Packet::Puback(ack) => Some(ack.code.0),
        _ => None,
    })
}
