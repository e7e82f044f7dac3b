//! What goes in and out of the broker: the sans-IO contract's own types.

use super::Cause;
use crate::policy::aws::Policy;
use crate::time::Span;
use crate::wire::{Publish, ReasonCode, Text};
use bytes::Bytes;

/// One connection, from `open` to `closed` or `Output::Close`. Numbers are used again after that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ConnId(pub u32);

/// What the broker is told of a new connection.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Link {
    /// Whether MQTT runs over WebSocket here, so that an orderly end can come without DISCONNECT.
    pub websocket: bool,
    /// How many bytes the broker may send before it is told of more by `writable`.
    pub bytes_free: usize,
    /// What one packet takes of that beyond its own bytes; it counts as much while it waits in the broker.
    pub packet_bytes: usize,
    /// For how long the connection is open already, as by a WebSocket's handshake: that counts as time without a CONNECT.
    pub age: Span,
    /// Whose it is, as by the certificate of TLS; `None` where its CONNECT says so by a user name or a client identifier.
    pub principal: Option<Text>,
}

/// How the network says that a connection ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// The client sent a WebSocket Close frame.
    WebSocketClose,
    /// The client closed its half in order, without one (TCP's FIN).
    Finished,
    /// The network failed.
    Lost,
}

/// Every way for a connection to end; the Will's fate depends on it (row W3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum Ending {
    Disconnect,
    DisconnectWithWill,
    WebSocketClose,
    ConnectionLost,
    KeepAliveTimeout,
    TakenOver,
    ProtocolError,
    QuotaExceeded,
    NotAuthorized,
    WebSocketExpired,
    OperatorDisconnect,
    BrokerRestart,
}

impl Ending {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 12] = [
        Self::Disconnect,
        Self::DisconnectWithWill,
        Self::WebSocketClose,
        Self::ConnectionLost,
        Self::KeepAliveTimeout,
        Self::TakenOver,
        Self::ProtocolError,
        Self::QuotaExceeded,
        Self::NotAuthorized,
        Self::WebSocketExpired,
        Self::OperatorDisconnect,
        Self::BrokerRestart,
    ];

    /// What happened, in a few words, as events say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disconnect => "DISCONNECT",
            Self::DisconnectWithWill => "DISCONNECT that keeps the Will",
            Self::WebSocketClose => "WebSocket closed by the client",
            Self::ConnectionLost => "connection lost",
            Self::KeepAliveTimeout => "keep alive timeout",
            Self::TakenOver => "session taken over",
            Self::ProtocolError => "protocol error",
            Self::QuotaExceeded => "quota exceeded",
            Self::NotAuthorized => "not authorized",
            Self::WebSocketExpired => "WebSocket open for too long",
            Self::OperatorDisconnect => "disconnected by the operator",
            Self::BrokerRestart => "broker restarted",
        }
    }
}

impl Ending {
    /// Why a connection ended, as an account calls it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Disconnect | Self::DisconnectWithWill | Self::WebSocketClose => {
                "CLIENT_INITIATED_DISCONNECT"
            }
            Self::ConnectionLost => "CONNECTION_LOST",
            Self::KeepAliveTimeout => "MQTT_KEEP_ALIVE_TIMEOUT",
            Self::TakenOver => "DUPLICATE_CLIENTID",
            Self::ProtocolError => "CLIENT_ERROR",
            // [aws.lifecycle.throttled]
            Self::QuotaExceeded => "THROTTLED",
            Self::NotAuthorized => "AUTH_ERROR",
            Self::WebSocketExpired => "WEBSOCKET_TTL_EXPIRATION",
            Self::OperatorDisconnect => "API_INITIATED_DISCONNECT",
            Self::BrokerRestart => "SERVER_INITIATED_DISCONNECT",
        }
    }

    /// Whether the client ended it itself.
    pub const fn is_by_client(self) -> bool {
        matches!(self, Self::Disconnect | Self::DisconnectWithWill | Self::WebSocketClose)
    }
}

/// What the broker asks of whoever moves bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// One whole packet: `head`, then `body` (a PUBLISH's payload, shared by all its receivers; else empty).
    Send {
        /// To whom.
        conn: ConnId,
        /// The packet up to its payload.
        head: Bytes,
        /// The payload.
        body: Bytes,
        /// What led to it: the broker's own `packet.sent`.
        cause: Cause,
    },
    /// Close the connection once everything sent so far has left.
    Close {
        /// Which.
        conn: ConnId,
        /// Why; over WebSocket the close code is 1000 for success and 1002, 1008 or 1011 for the rest.
        code: ReasonCode,
        /// What led to it.
        cause: Cause,
    },
}

/// What an operator may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Disconnect a client, with Server's reason Administrative action (0x98 in 5.0).
    Disconnect {
        /// The client identifier.
        client: String,
        /// Whether its session ends too, also where the client is away.
        clean_session: bool,
        /// Whether its Will is not published.
        prevent_will: bool,
    },
    /// Publish a message without a client, as an account does over HTTP.
    Publish {
        /// The message, with the properties of MQTT 5.0 that it has.
        message: Box<Publish>,
        /// Whose policies must allow it; `None` for the operator, who may do everything.
        principal: Option<String>,
    },
    /// List the retained messages.
    RetainedList(Page),
    /// Read a retained message.
    RetainedRead {
        /// Its Topic Name.
        topic: String,
    },
    /// Delete a retained message; subscribers receive the empty message.
    RetainedDelete {
        /// Its Topic Name.
        topic: String,
    },
    /// Look at a client's connection, or at how its last one ended.
    ConnectionRead {
        /// The client identifier.
        client: String,
    },
    /// List a client's subscriptions, whether it is connected or away.
    SubscriptionList {
        /// The client identifier.
        client: String,
        /// Which of them.
        page: Page,
    },
    /// Change one setting of the profile, such as `session.replay_per_s`.
    Set {
        /// The setting's name.
        key: String,
        /// Its new value, as a scenario writes it.
        value: crate::profile::Value,
    },
    /// Put another document in the place of a policy's. It counts once `policy.delay_s` has passed; one that is new counts at once.
    Policy {
        /// The policy's name.
        name: String,
        /// Its document.
        document: Policy,
        /// Whether it is a policy that there is not yet.
        is_new: bool,
    },
    /// Restart: every connection is lost; sessions and retained messages survive where the store is kept.
    Restart {
        /// Whether the durable store survives.
        keep_store: bool,
    },
}

impl Command {
    /// Disconnect a client and leave it its session and its Will.
    pub const fn disconnect(client: String) -> Self {
        Self::Disconnect { client, clean_session: false, prevent_will: false }
    }

    /// Publish a message as the operator.
    pub fn publish(message: Publish) -> Self {
        Self::Publish { message: Box::new(message), principal: None }
    }

    /// Whether an `operation` says what came of it, failure included.
    pub const fn is_answered(&self) -> bool {
        !matches!(self, Self::Set { .. } | Self::Policy { .. } | Self::Restart { .. })
    }
}

/// A part of a list.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Page {
    /// How many at most, 1 to 200; `None` for as many as the list gives by itself.
    pub max_results: Option<u32>,
    /// Where it goes on: what the answer before said.
    pub next_token: Option<String>,
}
