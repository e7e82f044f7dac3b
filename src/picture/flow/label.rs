//! What a row says: the packet's name, and what tells it from others of its kind.

use super::super::label::clock;
use super::diagram::Way;
use crate::broker::Kind;
use crate::sim::Done;
use crate::trace::EventRef;
use crate::wire::{Packet, PacketType, Publish, ReasonCode, Version};

/// The words of a row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Label {
    /// The packet's name, or what happened.
    pub name: String,
    /// The rest: QoS, Packet Identifier, flags, topic or reason.
    pub rest: String,
}

impl Label {
    fn new(name: &str, rest: String) -> Self {
        Self { name: name.to_owned(), rest }
    }

    /// Both in one line.
    pub fn line(&self) -> String {
        [&*self.name, &*self.rest].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// What the row of an event says.
pub fn label(event: &EventRef<'_>) -> Label {
    if event.packet().is_some() { packet(event) } else { note(event) }
}

/// What happened to a packet on its way, where that is to be told: why it was lost, if it was, and the what-if that it met with.
pub(super) fn what_happened(way: &Way, lost: Option<&str>) -> String {
    let what_if = way.met.map(|done| match done {
        Done::Dropped => "what-if: dropped",
        Done::Doubled => "what-if: arrives twice",
        Done::Swapped => "what-if: overtaken by the next",
        Done::Changed => "what-if: a byte is changed",
        Done::Kept => "what-if: nothing followed to overtake it",
    });
    let lost = lost.filter(|_| way.met != Some(Done::Dropped)).map(|why| format!("lost: {why}"));
    let parts: Vec<&str> = what_if.into_iter().chain(lost.as_deref()).collect();
    parts.join("; ")
}

fn packet(event: &EventRef<'_>) -> Label {
    let (Some(kind), Some(version)) = (event.packet_type(), event.packet().map(|packet| packet.version))
    else {
        return Label::new("Malformed packet", String::new());
    };
    let Some(Ok(decoded)) = event.decode() else {
        return Label::new(kind.name(), "malformed".to_owned());
    };
    Label::new(kind.name(), fields(&decoded, kind, version))
}

fn fields(packet: &Packet, kind: PacketType, version: Version) -> String {
    match packet {
        Packet::Connect(connect) => {
            let version = if connect.version == Version::V5 { "5.0" } else { "3.1.1" };
            let mut parts = vec![version];
            if connect.clean_start {
                parts.push(if connect.version == Version::V5 { "Clean Start" } else { "Clean Session" });
            }
            if connect.will.is_some() {
                parts.push("Will");
            }
            parts.join(" · ")
        }
        Packet::Connack(connack) if connack.session_present => "session present".to_owned(),
        Packet::Connack(connack) => reason(connack.code, kind, version),
        Packet::Publish(publish) => of_publish(publish),
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            numbered(ack.id, [reason(ack.code, kind, version)])
        }
        Packet::Subscribe(subscribe) => {
            let filters = subscribe.filters.iter();
            numbered(
                subscribe.id,
                filters.map(|one| format!("{} QoS {}", one.filter.as_str(), one.options.qos as u8)),
            )
        }
        Packet::Suback(suback) => numbered(
            suback.id,
            suback.codes.iter().map(|code| match code.0 {
                qos @ 0..=2 => format!("QoS {qos}"),
                _ => reason(*code, kind, version),
            }),
        ),
        Packet::Unsubscribe(unsubscribe) => {
            numbered(unsubscribe.id, unsubscribe.filters.iter().map(|filter| filter.as_str().to_owned()))
        }
        Packet::Unsuback(unsuback) => {
            numbered(unsuback.id, unsuback.codes.iter().map(|code| reason(*code, kind, version)))
        }
        Packet::Disconnect(disconnect) => reason(disconnect.code, kind, version),
        Packet::Auth(auth) => reason(auth.code, kind, version),
        Packet::Pingreq | Packet::Pingresp => String::new(),
    }
}

/// Such as `QoS 2 #7 DUP RETAIN factory/1`.
fn of_publish(publish: &Publish) -> String {
    let mut text = format!("QoS {}", publish.qos as u8);
    if publish.qos as u8 > 0 {
        text.push_str(&format!(" #{}", publish.id));
    }
    for (is_set, flag) in [(publish.dup, " DUP"), (publish.retain, " RETAIN")] {
        if is_set {
            text.push_str(flag);
        }
    }
    text.push(' ');
    text.push_str(if publish.topic.is_empty() { "(topic alias)" } else { publish.topic.as_str() });
    text
}

/// A Packet Identifier and what goes with it.
fn numbered(id: u16, items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().filter(|item| !item.is_empty()).collect();
    let text = format!("#{id} {}", items.join(", "));
    text.trim_end().to_owned()
}

/// A reason code with its name; nothing where it says that all is well.
fn reason(code: ReasonCode, kind: PacketType, version: Version) -> String {
    if code.0 == 0 { String::new() } else { format!("0x{:02X} {}", code.0, code.name(kind, version)) }
}

fn note(event: &EventRef<'_>) -> Label {
    let (client, topic, why) = (event.client(), event.topic(), event.why());
    let until = || event.until().map(|until| format!("until {}", clock(until))).unwrap_or_default();
    let (name, rest) = match event.kind() {
        Kind::MessageQueued => {
            let depth = event.number().map(|depth| format!(" · {depth} wait")).unwrap_or_default();
            ("queued", format!("for {client}{depth}"))
        }
        Kind::MessageDropped => ("dropped", format!("for {client}: {why}")),
        Kind::MessageExpired => ("expired", format!("for {client}")),
        Kind::WillScheduled => ("Will waits", until()),
        Kind::WillSent => ("Will sent", format!("of {client}: {why}")),
        Kind::WillDiscarded => ("Will discarded", format!("of {client}")),
        Kind::RetainedStored => ("retained", topic.to_owned()),
        Kind::RetainedReplaced => ("retained again", topic.to_owned()),
        Kind::RetainedCleared => ("no longer retained", topic.to_owned()),
        Kind::RetainedExpired => ("retained message expired", topic.to_owned()),
        Kind::QuotaDelayed => ("delayed by a quota", until()),
        Kind::QuotaRefused => ("refused by a quota", why.to_owned()),
        Kind::PolicyDenied => ("denied by policy", if topic.is_empty() { why } else { topic }.to_owned()),
        Kind::SessionTakenOver => ("session taken over", client.to_owned()),
        Kind::SessionExpired => ("session expired", client.to_owned()),
        Kind::SessionDisconnected => ("connection ended", format!("{client}: {why}")),
        Kind::SocketRefused => ("WebSocket refused", why.to_owned()),
        Kind::Input => input(why, topic, until()),
        kind => (kind.name(), if topic.is_empty() { why } else { topic }.to_owned()),
    };
    Label::new(name, rest)
}

/// What was asked of the run, by the word of its event and what that is about.
fn input<'a>(why: &'a str, topic: &str, until: String) -> (&'a str, String) {
    let packet = || if topic.is_empty() { "a packet".to_owned() } else { topic.to_owned() };
    match why {
        "cut" => ("network cut", String::new()),
        "restore" => ("network restored", String::new()),
        "half_open" if topic == "to_broker" => ("half-open", "nothing to the broker".to_owned()),
        "half_open" => ("half-open", "nothing to the client".to_owned()),
        "stall" => ("network stalled", until),
        "link" => ("another link", String::new()),
        "what_if_drop" => ("what-if", format!("drop {}", packet())),
        "what_if_duplicate" => ("what-if", format!("duplicate {}", packet())),
        "what_if_reorder" => ("what-if", format!("reorder {}", packet())),
        "what_if_corrupt" => ("what-if", format!("corrupt {}", packet())),
        "stop_acks" => ("acknowledges nothing", String::new()),
        "resume_acks" => ("acknowledges again", String::new()),
        _ => (why, topic.to_owned()),
    }
}
