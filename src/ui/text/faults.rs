//! Faults by hand.

/// The button on the broker's panel.
pub(crate) const OPEN: &str = "Faults…";
/// What the button on a card does.
pub(crate) const OPEN_TITLE: &str =
    "Faults: cut, half-open, slow or stall its link, crash it, or do to one packet what no TCP would";
/// What the broker's does.
pub(crate) const OPEN_BROKER_TITLE: &str = "Restart the broker, with its stores or without";
/// The button of a packet on its way.
pub(crate) const WHAT_IF: &str = "What if this packet…";

/// The dialog's title for a client.
pub(crate) fn title(client: &str) -> String {
    format!("Faults of {client}")
}
/// The same for the broker.
pub(crate) const TITLE_BROKER: &str = "Faults of the broker";

/// The groups.
pub(crate) const LINK: &str = "Link";
/// What a link's faults are.
pub(crate) const LINK_ABOUT: &str =
    "What networks do. TCP hides all of it but time, and in the end the connection.";
/// See [`LINK`].
pub(crate) const PACKET: &str = "One packet: what if";
/// What a what-if is.
pub(crate) const PACKET_ABOUT: &str =
    "No real TCP does this. It is what would be if one did, and the events say so.";
/// See [`LINK`].
pub(crate) const CLIENT: &str = "Client";
/// See [`LINK`].
pub(crate) const BROKER: &str = "Broker";
/// What a restart does.
pub(crate) const BROKER_ABOUT: &str = "Every connection ends, without DISCONNECT.";

/// The buttons: what each is called, and what it does.
pub(crate) const CUT: (&str, &str) =
    ("Cut", "What is in flight is lost. The client knows at once, the broker by what does not come");
/// See [`CUT`].
pub(crate) const DEAD_UP: (&str, &str) = (
    "Half-open to the broker",
    "What the client sends does not arrive, and nobody is told. TCP sends again and again, for 15 minutes",
);
/// See [`CUT`].
pub(crate) const DEAD_DOWN: (&str, &str) = (
    "Half-open to the client",
    "What the broker sends does not arrive, and nobody is told. TCP sends again and again, for 15 minutes",
);
/// See [`CUT`].
pub(crate) const STALL: (&str, &str) =
    ("Stall", "Nothing arrives for so long, then all of it, in order: nothing is lost");
/// See [`CUT`].
pub(crate) const SLOW: (&str, &str) = ("Use this link", "What is in flight arrives as before");
/// See [`CUT`].
pub(crate) const RESTORE: (&str, &str) = ("Restore", "Both ways work again; what was held back arrives");
/// See [`CUT`].
pub(crate) const USUAL: (&str, &str) = ("Usual link", "The link that the scenario gives it");
/// See [`CUT`].
pub(crate) const FORGET: (&str, &str) =
    ("Forget", "Nothing happens to the packets that the what-ifs wait for");
/// See [`CUT`].
pub(crate) const CRASH: (&str, &str) = ("Crash", "It loses power, and nobody is told");
/// See [`CUT`].
pub(crate) const RESTART_KEPT: (&str, &str) = (
    "Restart with its session",
    "As a client that keeps its session state on a disk: it sends again what was not acknowledged",
);
/// See [`CUT`].
pub(crate) const RESTART: (&str, &str) = ("Restart without", "Its memory is empty");
/// See [`CUT`].
pub(crate) const STOP_ACKS: (&str, &str) =
    ("Stop acknowledging", "It owes PUBACK, PUBREC and PUBCOMP instead of sending them");
/// See [`CUT`].
pub(crate) const RESUME_ACKS: (&str, &str) =
    ("Resume", "It sends what it owes, in order, and acknowledges again");
/// See [`CUT`].
pub(crate) const SEND: (&str, &str) = ("Send these bytes", "As they are, in one WebSocket message");
/// See [`CUT`].
pub(crate) const RESTART_BROKER_KEPT: (&str, &str) =
    ("Restart with its stores", "Sessions, queues and retained messages survive");
/// See [`CUT`].
pub(crate) const RESTART_BROKER: (&str, &str) =
    ("Restart without", "Sessions, queues and retained messages are gone");
/// See [`CUT`].
pub(crate) const DROP: (&str, &str) = ("Drop it", "It is lost; what follows it is not");
/// See [`CUT`].
pub(crate) const DUPLICATE: (&str, &str) = ("Double it", "It arrives twice");
/// See [`CUT`].
pub(crate) const REORDER: (&str, &str) =
    ("Swap with the next", "It changes places with the packet that follows while it is on its way");
/// See [`CUT`].
pub(crate) const CORRUPT: (&str, &str) = ("Corrupt a byte", "The bits of this byte are turned");

/// The fields.
pub(crate) const STALL_S: &str = "Seconds";
/// What may stand there.
pub(crate) const STALL_ALLOWED: &str = "Seconds from 0.001 to 900; for longer make it half-open";
/// A kind of network.
pub(crate) const PRESET: &str = "Like";
/// Its latency.
pub(crate) const LATENCY: &str = "Latency, ms";
/// Its jitter.
pub(crate) const JITTER: &str = "Jitter, ms";
/// Its bandwidth.
pub(crate) const BANDWIDTH: &str = "Bytes a second";
/// The packet that something happens to.
pub(crate) const WHICH: &str = "Packet";
/// Those on their way.
pub(crate) const ON_ITS_WAY: &str = "On its way now";
/// The others.
pub(crate) const NEXT: &str = "The next one that is sent";
/// It is on its way no more.
pub(crate) const ARRIVED: &str = "It has arrived; choose another one";
/// The byte.
pub(crate) const BYTE: &str = "Byte, from 0";
/// Its bits.
pub(crate) const BITS: &str = "Bits to turn, hex";
/// What may stand there.
pub(crate) const BITS_ALLOWED: &str = "Two hexadecimal digits from 01 to FF";
/// The bytes to send.
pub(crate) const HEX: &str = "Bytes to send, in hexadecimal";
/// That they make a packet.
pub(crate) const HEX_GOOD: &str = "This is one whole packet.";
/// That more follows.
pub(crate) const HEX_REST: &str = "The first packet; more bytes follow it.";
/// Nothing works without power.
pub(crate) const OFF: &str = "It has no power.";

/// What is not a packet.
pub(crate) fn malformed(at: usize, what: &str) -> String {
    format!("Malformed at byte {at}: {what} It can be sent all the same.")
}

/// The way of a packet, behind its name.
pub(crate) const WAYS: [&str; 2] = ["to the broker", "to the client"];

/// The next packet of a type.
pub(crate) fn next(packet: &str, way: &str) -> String {
    format!("Next {packet} {way}")
}

/// A packet on its way.
pub(crate) fn on_its_way(packet: &str, way: &str, event: u32) -> String {
    format!("{packet} {way}, #{event}")
}

/// A way that is dead.
pub(crate) fn half_open(way: &str) -> String {
    format!("half-open {way}")
}

/// A stall and its end.
pub(crate) fn stalled(until: &str) -> String {
    format!("stalled until {until}")
}

/// The cut network.
pub(crate) const IS_CUT: &str = "network cut";

/// A client that does not acknowledge.
pub(crate) fn owes(count: usize) -> String {
    if count == 0 { "acks stopped".to_owned() } else { format!("acks stopped: owes {count}") }
}

/// What-ifs without their packets.
pub(crate) fn waiting(count: usize) -> String {
    if count == 1 { "1 what-if waits".to_owned() } else { format!("{count} what-ifs wait") }
}

/// A link that is not as usual.
pub(crate) fn link(latency: &str, bytes_per_s: Option<u64>) -> String {
    match bytes_per_s {
        Some(rate) => format!("link: {latency}, {rate} bytes/s"),
        None => format!("link: {latency}"),
    }
}

/// What is said after the network was restored of a client that does not connect by itself.
pub(crate) fn restored(client: &str) -> String {
    format!("The network of {client} works again. It has no connection: press Connect for a new one.")
}

/// The kinds of networks: name, latency and jitter in milliseconds, bytes a second. The mobile ones are WebPageTest's, whose round
/// trips are 170 ms and 840 ms.
pub(crate) const PRESETS: [(&str, u64, u64, Option<u64>); 5] = [
    ("LAN", 1, 0, None),
    ("4G", 85, 10, Some(1_125_000)),
    ("EDGE", 420, 60, Some(30_000)),
    ("Satellite", 300, 10, Some(250_000)),
    ("As below", 0, 0, None),
];
