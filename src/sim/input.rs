//! What can be done to a run, by its scenario's steps, by its user, or by a live client.

use super::what_if::{Chosen, WhatIf};
use super::{ClientSpec, LinkSpec, Way, check_template};
use crate::broker::Command;
use crate::client::Action;
use crate::time::Span;
use bytes::Bytes;

/// Something that is done to a part of the world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A virtual client does something.
    Client {
        /// Its name.
        client: String,
        /// What it does.
        action: Action,
    },
    /// A virtual client does something later, or again and again.
    Repeat(Box<Repeat>),
    /// Ends what a client was to do later or again and again, a scenario's step that began included.
    Stop {
        /// Its name.
        client: String,
        /// Only what publishes to this topic, as it was asked for; `None` for all.
        topic: Option<String>,
    },
    /// The client's network dies. Whatever is in flight is lost. The client notices at once, its socket closes with 1006; the
    /// broker is told nothing, and learns it by its keep-alive timer, by a takeover, or when what it wrote stays unacknowledged
    /// for [`WRITE_TIMEOUT`](super::WRITE_TIMEOUT). Connecting fails until `Restore`.
    Cut {
        /// The client's name.
        client: String,
    },
    /// One way of the client's network is dead, and nobody is told. Nothing is lost yet: as TCP does, the sender sends again and
    /// again, until [`WRITE_TIMEOUT`](super::WRITE_TIMEOUT) has passed since the first byte without an acknowledgement, or until
    /// `Restore`. Acknowledgements of what goes the other way are lost too, so its sender gives up as late.
    HalfOpen {
        /// The client's name.
        client: String,
        /// The way that is dead.
        way: Way,
    },
    /// Nothing arrives either way for a while; then all of it does, in order.
    Stall {
        /// The client's name.
        client: String,
        /// For how long, at most [`STALL_MAX`](super::STALL_MAX).
        length: Span,
    },
    /// Something happens to one packet that no TCP would do.
    WhatIf {
        /// The client's name.
        client: String,
        /// What happens.
        what: WhatIf,
        /// To which packet.
        which: Chosen,
    },
    /// The client's network works again, both ways, and what a dead way or a stall held back arrives. Connections that a cut ended
    /// stay ended.
    Restore {
        /// The client's name.
        client: String,
    },
    /// The client's network changes; what is in flight arrives as before.
    Link {
        /// The client's name.
        client: String,
        /// Its new link.
        link: LinkSpec,
    },
    /// One more virtual client.
    AddClient(Box<ClientSpec>),
    /// A virtual client is gone for good: it loses power and its name is free.
    RemoveClient {
        /// The client's name.
        client: String,
    },
    /// An operator's command to the broker.
    Broker(Command),
    /// Narration: an event of the kind `mark`.
    Mark {
        /// Its title.
        title: String,
        /// Its text.
        text: String,
    },
    /// A live client does something with its socket.
    Live {
        /// Its number, which whoever brings the client chooses; a new one for every socket.
        id: u32,
        /// What it does.
        act: LiveAct,
    },
}

/// The most times that one thing happens again.
pub const MAX_REPEATS: u64 = 1_000_000;

/// What a client does later, or again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repeat {
    /// The client's name.
    pub client: String,
    /// What it does. The places in a publication's topic and payload are filled each time: see [`PLACES`](super::PLACES).
    pub action: Action,
    /// How long until the first time.
    pub delay: Span,
    /// How long from each time to the next.
    pub every: Span,
    /// How often, up to [`MAX_REPEATS`].
    pub times: u64,
}

impl Repeat {
    /// Whether it can be done.
    ///
    /// # Errors
    /// What is wrong with it, and what is allowed.
    pub fn check(&self) -> Result<(), String> {
        if !(1..=MAX_REPEATS).contains(&self.times) {
            return Err(format!("something happens 1 to {MAX_REPEATS} times, not {}", self.times));
        }
        if self.times > 1 && self.every < Span::ms(1) {
            return Err(
                "what happens again and again needs at least 1ms from one time to the next".to_owned()
            );
        }
        if let Action::Publish(message) = &self.action {
            check_template(&message.topic)?;
            if let Ok(payload) = std::str::from_utf8(&message.payload) {
                check_template(payload)?;
            }
        }
        Ok(())
    }
}

impl Input {
    /// Whether a person does it, and not a live client.
    pub const fn is_by_hand(&self) -> bool {
        !matches!(self, Self::Live { .. })
    }
}

/// What a live client does with its socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiveAct {
    /// Opens it.
    Open {
        /// The path of the URL, such as `/mqtt`; what is after `?` is no part of it.
        path: String,
        /// The subprotocols that it offers, in order.
        protocols: Vec<String>,
    },
    /// Sends a binary message.
    Send {
        /// The message.
        bytes: Bytes,
    },
    /// Sends a text message, which MQTT does not allow [MQTT-6.0.0-1].
    SendText {
        /// The message.
        text: String,
    },
    /// Starts the closing handshake; before it is open, gives up.
    Close {
        /// The close code; `None` where the client gave none.
        code: Option<u16>,
        /// The reason.
        reason: String,
    },
    /// Is gone without a word, as a page that was closed by force.
    Vanish,
    /// The run went on in another branch, where the client cannot follow: its socket closes with 1012. A run does this itself.
    LeftBehind,
}

/// What a live client is told, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiveOutput {
    /// The handshake succeeded.
    Opened {
        /// The subprotocol that the server chose.
        protocol: &'static str,
    },
    /// The handshake failed: a browser shows `error`, then `close` with 1006.
    Refused {
        /// Why, for people; a script in a browser is not told.
        why: String,
    },
    /// A binary message came.
    Message(Bytes),
    /// This many bytes of what was sent have left for the network: `bufferedAmount` falls.
    Drained {
        /// How many bytes of payload, without framing.
        bytes: usize,
    },
    /// The socket is closed. Nothing follows.
    Closed {
        /// The close code.
        code: u16,
        /// The reason.
        reason: String,
        /// Whether the closing handshake was completed.
        clean: bool,
    },
}
