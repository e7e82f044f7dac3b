//! What a virtual client can be asked to do.

use super::{ConnectOptions, Message};
use crate::wire::QoS;
use bytes::Bytes;

/// Something for a client to do. What makes no sense in its state (to subscribe while it is not connected) is noted as ignored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Opens a WebSocket and, once it is open, sends CONNECT.
    Connect {
        /// Replaces the client's own options, for this and later connections.
        options: Option<Box<ConnectOptions>>,
    },
    /// Sends SUBSCRIBE.
    Subscribe(SubscribeRequest),
    /// Sends UNSUBSCRIBE.
    Unsubscribe {
        /// The Topic Filters.
        filters: Vec<String>,
    },
    /// Sends PUBLISH, at once or when the connection lets it: held back at QoS 1 and 2, dropped at QoS 0 where there is no connection.
    Publish(Message),
    /// Sends DISCONNECT and closes the WebSocket.
    Disconnect {
        /// The reason code (5.0): 0, or 4 for a disconnection after which the Will is still sent. 3.1.1 has none.
        code: u8,
        /// A new Session Expiry Interval in seconds (5.0).
        session_expiry_s: Option<u32>,
    },
    /// Closes the WebSocket without DISCONNECT.
    Close {
        /// The WebSocket close code.
        code: u16,
    },
    /// Sends AUTH that asks to be authenticated again (5.0), on a connection with an Authentication Method.
    Reauthenticate,
    /// Loses power: all it held back is gone, and so is its session state unless `Restart` says that it was kept. Nobody is told.
    /// Nothing works before `Restart`.
    Crash,
    /// Has power again. It connects by itself only where it reconnects by itself.
    Restart {
        /// Whether its session state was kept through the crash, as by a client that writes it to a disk; else its memory is empty.
        keep_session: bool,
    },
    /// Owes PUBACK, PUBREC and PUBCOMP instead of sending them.
    StopAcks,
    /// Sends what it owes, in order, and acknowledges at once again.
    ResumeAcks,
    /// Sends these bytes as they are, in one WebSocket message.
    Send {
        /// Any bytes.
        bytes: Bytes,
    },
}

/// One SUBSCRIBE.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SubscribeRequest {
    /// What to subscribe to.
    pub filters: Vec<FilterRequest>,
    /// Subscription Identifier (5.0).
    pub identifier: Option<u32>,
}

/// One Topic Filter of a SUBSCRIBE. All but the QoS is sent in 5.0 only.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FilterRequest {
    /// The Topic Filter.
    pub filter: String,
    /// The maximum QoS.
    pub qos: QoS,
    /// Not back to the connection that published.
    pub no_local: bool,
    /// Keep the RETAIN flag as it was published.
    pub retain_as_published: bool,
    /// When retained messages are sent: 0 at every SUBSCRIBE, 1 for a new subscription, 2 never.
    pub retain_handling: u8,
}
