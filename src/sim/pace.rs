//! By what one steps through a run.

use crate::broker::Kind;
use crate::trace::EventRef;
use crate::wire::PacketType;

/// What a step goes on to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pace {
    /// The next event, with all that happens at once.
    #[default]
    Event,
    /// The next packet that is sent, received or lost.
    Packet,
    /// The next message that the broker takes.
    Message,
    /// The next event that is not about keep-alive traffic.
    Eventful,
}

impl Pace {
    /// Those that a user chooses from.
    pub const ALL: [Self; 3] = [Self::Event, Self::Packet, Self::Message];

    /// Whether a step stops at this event.
    pub fn wants(self, event: &EventRef<'_>) -> bool {
        match self {
            Self::Event => true,
            Self::Packet => {
                matches!(event.kind(), Kind::PacketSent | Kind::PacketReceived | Kind::PacketLost)
            }
            Self::Message => event.kind() == Kind::MessageAccepted,
            Self::Eventful => !is_keep_alive(event),
        }
    }
}

/// Whether an event is about a PINGREQ or PINGRESP.
fn is_keep_alive(event: &EventRef<'_>) -> bool {
    matches!(event.packet_type(), Some(PacketType::Pingreq | PacketType::Pingresp))
}

/// Whether a client sends a PINGREQ here.
pub fn is_ping(event: &EventRef<'_>) -> bool {
    event.kind() == Kind::PacketSent && event.packet_type() == Some(PacketType::Pingreq)
}
