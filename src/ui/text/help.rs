//! The help.

/// The dialog's title.
pub(crate) const TITLE: &str = "Help";
/// What this is.
pub(crate) const ABOUT: &str = "A real MQTT broker runs in this page, in simulated time. Virtual clients, and real ones, speak MQTT to it byte for byte. \
    Everything that happens is an event; each says what led to it and which rule the broker followed. Rewind, look, and do \
    something else instead: the run branches.";
/// Over the keys.
pub(crate) const KEYS_TITLE: &str = "Keys";
/// Over the signs.
pub(crate) const SIGNS_TITLE: &str = "Signs on the timeline";
/// What a client's tracks mean.
pub(crate) const TRACKS: &str = "A client's upper line is the client, its lower line the broker. The bar above is its session: full while it is connected, \
    hatched while it is kept offline. Below it stand what is queued, the bucket that lets it go where there is one, and what is \
    in flight. A hatched bar between the lines: the network is cut. The client knows at once, the broker only by what does not \
    come. Dashes near a line: nothing arrives of what is sent from it. A framed bar: the network is stalled.";
/// Over the flow.
pub(crate) const FLOW_TITLE: &str = "Flow";
/// What the flow shows.
pub(crate) const FLOW: &str = "A sequence diagram: time runs down, each arrow is a packet from where it left to where it arrived. #7 is its Packet Identifier. \
    What is crossed out was lost on its way. The bar on a client's line is its session, full while it is connected, hollow while \
    it is kept offline. Two torn marks on each line: here a wait was cut short. The diagram follows the view until you scroll.";
/// How the flow shows faults.
pub(crate) const FLOW_FAULTS: &str = "Faults: a cross and a hatched bar on a client's line: its network is cut. Dashes beside it and an arrow crossed out: half-open, that \
    way nothing arrives. A framed, hatched bar: stalled. What is held back waits half way, at a square, and goes on when it can. \
    W on an arrow: a what-if; crossed out it was dropped, jagged a byte was changed, and a second arrow is the second arrival of what was doubled.";
/// Over the test client.
pub(crate) const TEST_CLIENT_TITLE: &str = "Test client";
/// What the test client is.
pub(crate) const TEST_CLIENT: &str = "One more client of the run, or one of those that there are: each filter that it subscribes to is a column with what it \
    received until the view. Ctrl or ⌘ and Enter in a field publish.";
/// Over side by side.
pub(crate) const SIDES_TITLE: &str = "Side by side";
/// What side by side shows.
pub(crate) const SIDES: &str = "The same scenario, with all that was done by hand, under two profiles, or two branches: A is the run, B the other one. = says that both sides \
    did the same, ≠1 that they part here, ↳1 that this only follows from the divergence 1. When something was done does not \
    count, unless a quota delayed it. Share makes a link to this comparison.";

/// Each key that is no command of its own, and what it does.
pub(crate) const KEYS: [(&str, &str); 3] = [
    ("Ctrl or ⌘ and wheel", "Zoom where the pointer is"),
    (
        "Arrows",
        "Move in the flow, the event table, the ledger, the sides, the Wills, the test client's columns or the topic tree",
    ),
    ("Esc", "Close what is open, then choose nothing"),
];

/// Each sign of the timeline: its ink, its letter, and what it stands for.
pub(crate) const SIGNS: [(&str, &str, &str); 12] = [
    ("connect", "C", "CONNECT, answered by c: CONNACK"),
    ("publish-0", "P", "PUBLISH at QoS 0"),
    ("publish-1", "P", "PUBLISH at QoS 1; p is its PUBACK"),
    ("publish-2", "P", "PUBLISH at QoS 2; r PUBREC, R PUBREL, p PUBCOMP"),
    ("subscribe", "S", "SUBSCRIBE, answered by s; U and u for UNSUBSCRIBE"),
    ("ping", "I", "PINGREQ, answered by i"),
    ("disconnect", "D", "DISCONNECT"),
    ("lost", "×", "Lost on the way, dropped or refused"),
    (
        "what-if",
        "W",
        "A what-if, done to one packet by hand, which no TCP would do; an arrow from it is a second arrival",
    ),
    ("will", "◇", "A Will is armed; ◆ it was sent"),
    ("retained", "▾", "On the ruler: the narration says something here"),
    ("branch", "Y", "On the ruler, as a fork: here this branch left another"),
];
