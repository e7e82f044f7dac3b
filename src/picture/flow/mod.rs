//! The flow: a sequence diagram of packets, time runs down. A choice of rows, their places, and the display list of what is in sight.
//!
//! Each packet and each mark at the broker has a row of its own where it left; a packet's arrow leans down to when it arrived. Waits
//! are to scale, or folded to a gap that says how long it is. Nothing after the view is drawn.

mod choice;
mod diagram;
mod draw;
mod faults;
mod label;
mod sides;
mod text;

pub use choice::{Choice, Chosen, MOST_ROWS, Story};
pub use diagram::{Diagram, Row, Source, Way};
pub use draw::{Frame, HEAD_PX, draw, width};
pub use label::{Label, label};
pub use sides::sides;
pub use text::text;

use super::glance::Glance;
use crate::broker::{By, Kind};

/// What is asked of clients that their packets tell.
const ORDINARY: [&str; 6] =
    ["connect", "subscribe", "unsubscribe", "publish", "disconnect", "reauthenticate"];

/// Whether an event has a row in the flow: packets where they leave, and what the broker does with messages, Wills and sessions
/// that no packet tells.
pub(super) fn has_row(event: &Glance<'_>) -> bool {
    match event.kind {
        Kind::PacketSent
        | Kind::SocketRefused
        | Kind::SessionTakenOver
        | Kind::SessionExpired
        | Kind::MessageDropped
        | Kind::MessageExpired
        | Kind::WillScheduled
        | Kind::WillSent
        | Kind::WillDiscarded
        | Kind::RetainedStored
        | Kind::RetainedReplaced
        | Kind::RetainedCleared
        | Kind::RetainedExpired
        | Kind::QuotaDelayed
        | Kind::QuotaRefused
        | Kind::PolicyDenied
        | Kind::Operation => true,
        Kind::MessageQueued => event.by == By::Broker,
        // DISCONNECT and what took the session over have rows of their own.
        Kind::SessionDisconnected => {
            !event.why.starts_with("DISCONNECT") && event.why != "session taken over"
        }
        Kind::Input => !ORDINARY.contains(&event.why) && !event.why.starts_with("live "),
        _ => false,
    }
}
