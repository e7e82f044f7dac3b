//! Events in words, short enough for a row of the table or a label on the timeline.

use crate::broker::{By, Kind};
use crate::json::{parse, write_value};
use crate::picture::{Column, clock, span};
use crate::trace::EventRef;
use crate::wire::{Packet, PacketType, ReasonCode, Version, decode};

/// How much of a payload a line shows, in characters.
const PREVIEW: usize = 40;

/// A packet in a few words, such as `PUBLISH factory/1/status`; empty where the event has none.
pub(crate) fn packet(event: &EventRef<'_>) -> String {
    let (Some(bytes), Some(raw)) = (event.packet_bytes(), event.packet()) else {
        return String::new();
    };
    let name = event.packet_type().map_or("Malformed packet", PacketType::name);
    let Ok(packet) = decode(&bytes, raw.version) else {
        return format!("{name}, malformed");
    };
    let code = |code: ReasonCode, of: PacketType| {
        if code.is_failure() { format!("{name} {}", code.name(of, raw.version)) } else { name.to_owned() }
    };
    match &packet {
        Packet::Publish(publish) => {
            let mut text = format!("{name} {}", publish.topic.as_str());
            if publish.topic.as_str().is_empty() {
                text.push_str("(topic alias)");
            }
            if publish.qos as u8 > 0 {
                text.push_str(&format!(", QoS {}", publish.qos as u8));
            }
            if publish.retain {
                text.push_str(", retained");
            }
            if publish.dup {
                text.push_str(", DUP");
            }
            text
        }
        Packet::Connect(connect) => {
            let version = if connect.version == Version::V5 { "5.0" } else { "3.1.1" };
            let clean = if connect.clean_start { ", clean start" } else { "" };
            let will = if connect.will.is_some() { ", with a will" } else { "" };
            format!("{name} {version}{clean}{will}")
        }
        Packet::Connack(connack) if connack.is_accepted() && connack.session_present => {
            format!("{name} session present")
        }
        // In 3.1.1 the codes of refusals are small numbers.
        Packet::Connack(connack) if !connack.is_accepted() => {
            format!("{name} {}", connack.code.name(PacketType::Connack, raw.version))
        }
        Packet::Puback(ack) => code(ack.code, PacketType::Puback),
        Packet::Pubrec(ack) => code(ack.code, PacketType::Pubrec),
        Packet::Pubrel(ack) => code(ack.code, PacketType::Pubrel),
        Packet::Pubcomp(ack) => code(ack.code, PacketType::Pubcomp),
        Packet::Subscribe(subscribe) => list(name, subscribe.filters.iter().map(|one| one.filter.as_str())),
        Packet::Unsubscribe(unsubscribe) => {
            list(name, unsubscribe.filters.iter().map(|filter| filter.as_str()))
        }
        Packet::Suback(suback) => {
            let codes = suback.codes.iter().map(|code| code.name(PacketType::Suback, raw.version));
            list(name, codes)
        }
        Packet::Disconnect(disconnect) if disconnect.code.0 != 0 => {
            format!("{name} {}", disconnect.code.name(PacketType::Disconnect, raw.version))
        }
        _ => name.to_owned(),
    }
}

fn list<'a>(name: &str, items: impl Iterator<Item = &'a str>) -> String {
    let mut text = name.to_owned();
    for (i, item) in items.enumerate() {
        text.push_str(if i == 0 { " " } else { ", " });
        text.push_str(item);
    }
    text
}

/// The payload of an event's PUBLISH, with the bytes that it is.
pub(crate) fn payload(event: &EventRef<'_>) -> Option<bytes::Bytes> {
    let (bytes, raw) = (event.packet_bytes()?, event.packet()?);
    match decode(&bytes, raw.version) {
        Ok(Packet::Publish(publish)) => Some(publish.payload),
        _ => None,
    }
}

/// The payload of the Will in an event's CONNECT.
pub(crate) fn will_payload(event: &EventRef<'_>) -> Option<bytes::Bytes> {
    match event.decode()? {
        Ok(Packet::Connect(connect)) => connect.will.map(|will| will.payload),
        _ => None,
    }
}

/// The beginning of a payload as one line of text, or how many bytes it has.
pub(crate) fn preview(payload: &[u8]) -> String {
    if payload.is_empty() {
        return "(empty)".to_owned();
    }
    // Of a long one only the beginning is looked at; a letter may be cut in two there.
    let begin = &payload[..payload.len().min(4 * PREVIEW + 4)];
    let text = match std::str::from_utf8(begin) {
        Err(error) if begin.len() < payload.len() && error.error_len().is_none() => {
            std::str::from_utf8(&begin[..error.valid_up_to()])
        }
        text => text,
    };
    match text {
        Ok(text) if !text.contains(|c: char| c.is_control() && !c.is_whitespace()) => {
            let line: String =
                text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).take(PREVIEW).collect();
            if line.len() < payload.len() { format!("{line}…") } else { line }
        }
        _ => format!("{} bytes", payload.len()),
    }
}

/// JSON text with a line for each field.
pub(crate) fn indented(text: &str) -> String {
    let mut out = String::new();
    match parse(text) {
        Ok(node) => write_value(&mut out, &node.value, Some(0)),
        Err(_) => out.push_str(text),
    }
    out
}

/// What an event says, for the table's last column.
pub(crate) fn what(event: &EventRef<'_>) -> String {
    let mut text = match event.kind() {
        Kind::PacketSent | Kind::PacketReceived | Kind::PacketLost => {
            let mut text = packet(event);
            if let Some(payload) = payload(event) {
                text.push_str(": ");
                text.push_str(&preview(&payload));
            }
            text
        }
        _ => event.topic().to_owned(),
    };
    let mut add = |part: &str| {
        if !part.is_empty() {
            if !text.is_empty() {
                text.push_str(" · ");
            }
            text.push_str(part);
        }
    };
    add(event.why());
    match event.kind() {
        Kind::MessageQueued | Kind::MessageDequeued => {
            if let Some(depth) = event.number() {
                add(&format!("queue {depth}"));
            }
        }
        Kind::QuotaDelayed => {
            if let Some(number) = event.number() {
                add(&format!("{number} waiting"));
            }
        }
        Kind::SubscriptionAdded | Kind::SubscriptionReplaced => {
            if let Some(qos) = event.qos() {
                add(&format!("QoS {qos}"));
            }
        }
        _ => {}
    }
    if let Some(until) = event.until() {
        add(&format!("until {}", clock(until)));
    }
    if text.is_empty() {
        // Better than nothing: why it was so.
        text = event.rule().map(|rule| rule.id.to_owned()).unwrap_or_default();
    }
    text
}

/// Who says it, in a word.
pub(crate) const fn by(by: By) -> &'static str {
    match by {
        By::Broker => "broker",
        By::Client => "client",
        By::Link => "link",
        By::User => "user",
    }
}

/// The kind in words, such as `Message queued`.
pub(crate) fn kind(kind: Kind) -> String {
    let mut text = kind.name().replace(['.', '_'], " ");
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// An event in two or three words, such as `CONNECT received` or `session created`.
pub(crate) fn brief(event: &EventRef<'_>) -> String {
    let words = event.kind().name().replace(['.', '_'], " ");
    match (event.packet_type(), event.kind()) {
        (Some(packet), _) => words.replacen("packet", packet.name(), 1),
        (None, Kind::Input) => event.why().to_owned(),
        (None, Kind::Mark) => format!("“{}”", event.topic()),
        _ => words,
    }
}

/// What the tooltip says of an event.
pub(crate) fn tooltip(event: &EventRef<'_>) -> String {
    let what = what(event);
    let kind = if event.packet().is_some() { String::new() } else { format!("{} ", kind(event.kind())) };
    format!("{kind}{what}\n{} · {}", event.client(), clock(event.at()))
}

/// What the tooltip says of a column of a band.
pub(crate) fn column(column: &Column) -> String {
    let packets = if column.count == 1 { "packet" } else { "packets" };
    format!(
        "{} {packets} from {} to {}\nClick to see each",
        column.count,
        clock(column.from),
        clock(column.to)
    )
}

/// How long until a moment, or that it has come.
pub(crate) fn left(until: crate::time::SimTime, now: crate::time::SimTime) -> String {
    match until.since(now).0 {
        0 => "now".to_owned(),
        us => format!("in {}", span(us)),
    }
}
