//! The client itself: what it is, where it stands, what it was asked to do, and its timers.

use super::packets;
use super::session::{Asked, Flight, Granted, Session};
use super::{Action, ClientOptions, ConnectOptions, Message, SubscribeRequest};
use crate::broker::{By, Cause, Event, Kind, Observer, PacketBytes};
use crate::rule::{RuleId, own};
use crate::socket::CloseCode;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::wire::{Packet, PacketType, QoS, ReasonCode, Version};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;

/// How long a client waits for its WebSocket and CONNACK together, as MQTT.js does by default (`connectTimeout`).
pub const CONNECT_TIMEOUT: Span = Span::s(30);

/// Where a client stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// It crashed and has no power.
    Off,
    /// It has no socket.
    Idle,
    /// Its WebSocket is being opened.
    Opening,
    /// It sent CONNECT.
    Connecting,
    /// The server accepted it.
    Connected,
    /// It is done with its socket, which is not closed yet.
    Closing,
}

/// What a client asks of whoever moves its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Open a WebSocket.
    Open {
        /// What led to it.
        cause: Cause,
    },
    /// Send one WebSocket message with these bytes.
    Send {
        /// The bytes.
        bytes: Bytes,
        /// What led to it: the client's own `packet.sent`.
        cause: Cause,
    },
    /// Close the WebSocket once everything sent so far has left.
    Close {
        /// The close code.
        code: CloseCode,
        /// What led to it.
        cause: Cause,
    },
    /// The client is gone without a word.
    Vanish {
        /// What led to it.
        cause: Cause,
    },
}

/// A publication that waits in the client.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) message: Message,
    pub(super) cause: Cause,
}

/// What holds for one connection only.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    /// The time between two packets at which PINGREQ is due; `None` where keep alive is off.
    pub(super) keep_alive: Option<Span>,
    pub(super) last_sent: SimTime,
    /// When a PINGREQ was sent that is not answered.
    pub(super) pinged: Option<SimTime>,
    pub(super) receive_maximum: u16,
    /// Publications of QoS 1 and 2 on the way, which the server's Receive Maximum bounds.
    pub(super) unacknowledged: u16,
    /// What is to be sent again, in order, by Packet Identifier; and what led to that.
    pub(super) resend: VecDeque<u16>,
    pub(super) resumed: Cause,
    /// Incoming messages of QoS 1 and 2 that are not yet acknowledged to the end, which the client's own Receive Maximum bounds.
    pub(super) incoming: Sorted<u16, ()>,
    pub(super) maximum_qos: QoS,
    pub(super) retain_available: bool,
    pub(super) maximum_packet_bytes: usize,
    pub(super) topic_alias_maximum: u16,
    /// The aliases that the server was told, with their topics.
    pub(super) aliases: Vec<(u16, String)>,
    /// How many bytes the link takes now.
    pub(super) room_bytes: usize,
    /// Whether the session state ends with this connection. Never so before the server accepted it.
    pub(super) session_ends: bool,
}

impl Connection {
    pub(super) const fn new(now: SimTime) -> Self {
        Self {
            keep_alive: None,
            last_sent: now,
            pinged: None,
            receive_maximum: u16::MAX,
            unacknowledged: 0,
            resend: VecDeque::new(),
            resumed: Cause::NONE,
            incoming: Sorted::new(),
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            maximum_packet_bytes: usize::MAX,
            topic_alias_maximum: 0,
            aliases: Vec::new(),
            room_bytes: usize::MAX,
            session_ends: false,
        }
    }
}

/// A virtual MQTT client.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) options: ClientOptions,
    pub(super) identifier: String,
    pub(super) state: State,
    pub(super) session: Session,
    pub(super) connection: Connection,
    pub(super) held: VecDeque<Held>,
    acks_stopped: bool,
    /// Acknowledgements that it holds back, shared with checkpoints.
    owed: Vec<(Arc<Packet>, Cause)>,
    pub(super) outputs: VecDeque<Output>,
    /// When it gives up to connect.
    pub(super) connect_by: Option<SimTime>,
    reconnect_at: Option<SimTime>,
    /// Whether the end of the connection will be its own doing.
    pub(super) leaving: bool,
    /// What a crash left on its disk.
    stored: Option<Box<(Session, String)>>,
    /// The packet with which the server ended the latest connection, and its code.
    pub(super) dismissed: Option<(PacketType, ReasonCode)>,
}

impl Client {
    /// A client with power and without a connection.
    pub fn new(options: ClientOptions) -> Self {
        let identifier = options.connect.client_id.clone().unwrap_or_else(|| options.id.clone());
        Self {
            options,
            identifier,
            state: State::Idle,
            session: Session::default(),
            connection: Connection::new(SimTime::ZERO),
            held: VecDeque::new(),
            acks_stopped: false,
            owed: Vec::new(),
            outputs: VecDeque::new(),
            connect_by: None,
            reconnect_at: None,
            leaving: false,
            stored: None,
            dismissed: None,
        }
    }

    /// How it was set up, with the options of its latest connection.
    pub const fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// The client identifier that it uses, an assigned one included. Events about the client carry it.
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The version that it speaks.
    pub const fn version(&self) -> Version {
        self.options.version
    }

    /// Where it stands.
    pub const fn state(&self) -> State {
        self.state
    }

    /// What the server said as it refused or ended the latest connection, by the name of the code in CONNACK or DISCONNECT.
    pub fn dismissed(&self) -> Option<&'static str> {
        self.dismissed.map(|(packet, code)| code.name(packet, self.version()))
    }

    /// Whether it owes its acknowledgements.
    pub const fn acks_stopped(&self) -> bool {
        self.acks_stopped
    }

    /// How many acknowledgements it owes.
    pub const fn owed_acks(&self) -> usize {
        self.owed.len()
    }

    /// How many publications it holds back.
    pub fn held_messages(&self) -> usize {
        self.held.len()
    }

    /// How many of its QoS 1 and 2 publications are not finished.
    pub fn unfinished_messages(&self) -> usize {
        self.session.flights.len()
    }

    /// The filters that it subscribed to and what the server answered, in the order of the filters.
    pub fn subscriptions(&self) -> impl Iterator<Item = (&str, Granted)> {
        self.session.subscriptions.iter().map(|(filter, granted)| (&**filter, *granted))
    }

    /// Roughly how many bytes a copy takes.
    pub fn size_bytes(&self) -> usize {
        size_of::<Self>()
            + self.held.iter().map(|held| size_of::<Held>() + held.message.topic.len()).sum::<usize>()
            + self.session.flights.len() * 160
            + self.session.incoming.len() * 8
            + self.session.subscriptions.keys().map(|filter| filter.len() + 64).sum::<usize>()
    }

    /// The next thing that the client asks for.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The moment at which [`Client::tick`] has something to do.
    pub fn next_deadline(&self) -> Option<SimTime> {
        let ping = match (self.state, self.connection.keep_alive) {
            (State::Connected, Some(keep_alive)) => {
                let next = self.options.pings.then_some(self.connection.last_sent + keep_alive);
                let answer = self.connection.pinged.map(|at| at + keep_alive);
                answer.or(next)
            }
            _ => None,
        };
        [ping, self.connect_by, self.reconnect_at].into_iter().flatten().min()
    }

    /// Does what is due.
    pub fn tick<O: Observer>(&mut self, now: SimTime, cause: Cause, observer: &mut O) {
        if self.connect_by.is_some_and(|by| by <= now) {
            self.connect_by = None;
            let cause = self.decide(
                now,
                "no CONNACK in time",
                own("glassbroker.client.connect-timeout"),
                cause,
                observer,
            );
            self.give_up(CloseCode::NORMAL, cause);
        }
        if self.reconnect_at.is_some_and(|at| at <= now) {
            self.reconnect_at = None;
            let cause =
                self.decide(now, "connects again", own("glassbroker.client.reconnect"), cause, observer);
            self.connect(now, cause);
        }
        let (State::Connected, Some(keep_alive)) = (self.state, self.connection.keep_alive) else { return };
        if let Some(at) = self.connection.pinged {
            if at + keep_alive <= now {
                let cause = self.decide(
                    now,
                    "no PINGRESP in time",
                    own("glassbroker.client.ping-timeout"),
                    cause,
                    observer,
                );
                self.give_up(CloseCode::NORMAL, cause);
            }
        } else if self.options.pings && self.connection.last_sent + keep_alive <= now {
            self.connection.pinged = Some(now);
            self.send(now, &Packet::Pingreq, cause, observer);
        }
    }

    /// Does what it is asked to.
    pub fn act<O: Observer>(&mut self, now: SimTime, action: &Action, cause: Cause, observer: &mut O) {
        if self.state == State::Off && !matches!(action, Action::Restart { .. }) {
            self.ignore(now, "the client has no power", cause, observer);
            return;
        }
        match action {
            Action::Connect { options } => {
                if self.state != State::Idle {
                    self.ignore(now, "the client has a socket already", cause, observer);
                    return;
                }
                if let Some(options) = options {
                    self.set_options(options);
                }
                self.connect(now, cause);
            }
            Action::Subscribe(request) => self.subscribe(now, request, cause, observer),
            Action::Unsubscribe { filters } => self.unsubscribe(now, filters, cause, observer),
            Action::Publish(message) => self.publish(now, message, cause, observer),
            Action::Disconnect { code, session_expiry_s } => {
                self.disconnect(now, *code, *session_expiry_s, cause, observer);
            }
            Action::Close { code } => {
                if matches!(self.state, State::Idle | State::Closing) {
                    self.ignore(now, "the client has no socket to close", cause, observer);
                } else {
                    self.leaving = true;
                    self.give_up(CloseCode(*code), cause);
                }
                self.reconnect_at = None;
            }
            Action::Reauthenticate => {
                if self.state != State::Connected {
                    self.ignore(now, "the client is not connected", cause, observer);
                } else if self.version() == Version::V3 || self.options.connect.auth.is_none() {
                    self.ignore(now, "the connection has no Authentication Method", cause, observer);
                } else {
                    let packet = packets::auth(&self.options.connect, None);
                    self.send(now, &Packet::Auth(packet), cause, observer);
                }
            }
            Action::Crash => {
                let stored = self.stored();
                let options = std::mem::take(&mut self.options);
                *self = Self::new(options);
                self.stored = stored;
                self.state = State::Off;
                self.outputs.push_back(Output::Vanish { cause });
            }
            Action::Restart { keep_session } => {
                if self.state == State::Off {
                    self.state = State::Idle;
                    if let Some(stored) = self.stored.take().filter(|_| *keep_session) {
                        (self.session, self.identifier) = *stored;
                    }
                    self.reconnect_at = self.options.reconnect.map(|span| now + span);
                } else {
                    self.ignore(now, "the client has power already", cause, observer);
                }
            }
            Action::StopAcks => self.acks_stopped = true,
            Action::ResumeAcks => {
                self.acks_stopped = false;
                for (packet, cause) in std::mem::take(&mut self.owed) {
                    self.send_acknowledgement(now, &packet, cause, observer);
                }
            }
            Action::Send { bytes } => {
                if matches!(self.state, State::Connecting | State::Connected) {
                    self.send_bytes(now, bytes.clone(), cause, observer);
                } else {
                    self.ignore(now, "the client has no open socket", cause, observer);
                }
            }
        }
    }

    /// What a crash leaves on a client's disk, if it has one: its session state, and the identifier of it. Nothing of a session
    /// that ends with the connection.
    fn stored(&mut self) -> Option<Box<(Session, String)>> {
        let connected = matches!(self.state, State::Connected | State::Closing);
        if connected && self.connection.session_ends {
            return None;
        }
        let mut session = std::mem::take(&mut self.session);
        session.connection_ended();
        Some(Box::new((session, std::mem::take(&mut self.identifier))))
    }

    /// The options for this and later connections.
    fn set_options(&mut self, options: &ConnectOptions) {
        self.options.connect = options.clone();
        self.identifier = options.client_id.clone().unwrap_or_else(|| self.options.id.clone());
    }

    fn connect(&mut self, now: SimTime, cause: Cause) {
        self.state = State::Opening;
        self.leaving = false;
        self.connect_by = Some(now + CONNECT_TIMEOUT);
        self.reconnect_at = None;
        self.dismissed = None;
        self.connection = Connection::new(now);
        self.outputs.push_back(Output::Open { cause });
    }

    /// The WebSocket is open: sends CONNECT.
    pub fn opened<O: Observer>(&mut self, now: SimTime, cause: Cause, observer: &mut O) {
        if self.state != State::Opening {
            return;
        }
        self.state = State::Connecting;
        if self.options.connect.clean_start {
            self.forget_session(now, "clean start", cause, observer);
        }
        let connect = packets::connect(&self.options.connect, &self.identifier, self.version());
        if self.send(now, &Packet::Connect(Box::new(connect)), cause, observer).is_none() {
            self.leaving = true;
            self.give_up(CloseCode::NORMAL, cause);
        }
    }

    /// The WebSocket is closed, or could not be opened.
    pub fn closed<O: Observer>(&mut self, now: SimTime, cause: Cause, observer: &mut O) {
        if matches!(self.state, State::Off | State::Idle) {
            return;
        }
        self.state = State::Idle;
        self.connect_by = None;
        self.owed.clear();
        self.session.connection_ended();
        // Clean Session 1 in 3.1.1 (3.1.2.4), Session Expiry Interval 0 in 5.0 (3.1.2.11.2).
        if self.connection.session_ends {
            self.forget_session(now, "the session ended", cause, observer);
        }
        if !self.leaving {
            self.reconnect_at = self.options.reconnect.map(|span| now + span);
        }
    }

    fn subscribe<O: Observer>(
        &mut self,
        now: SimTime,
        request: &SubscribeRequest,
        cause: Cause,
        observer: &mut O,
    ) {
        let Some(id) = self.request_id(now, cause, observer) else { return };
        let packet = packets::subscribe(request, id, self.version());
        if self.send(now, &Packet::Subscribe(packet), cause, observer).is_some() {
            self.session.asked.insert(id, Asked::Subscribe(request.clone()));
        }
    }

    fn unsubscribe<O: Observer>(&mut self, now: SimTime, filters: &[String], cause: Cause, observer: &mut O) {
        let Some(id) = self.request_id(now, cause, observer) else { return };
        let packet = packets::unsubscribe(filters, id);
        if self.send(now, &Packet::Unsubscribe(packet), cause, observer).is_some() {
            self.session.asked.insert(id, Asked::Unsubscribe(filters.to_vec()));
        }
    }

    /// A Packet Identifier for a request that makes sense only while connected.
    fn request_id<O: Observer>(&mut self, now: SimTime, cause: Cause, observer: &mut O) -> Option<u16> {
        if self.state != State::Connected {
            self.ignore(now, "the client is not connected", cause, observer);
            return None;
        }
        let id = self.session.free_id();
        if id.is_none() {
            self.ignore(now, "all Packet Identifiers are in use", cause, observer);
        }
        id
    }

    fn disconnect<O: Observer>(
        &mut self,
        now: SimTime,
        code: u8,
        session_expiry_s: Option<u32>,
        cause: Cause,
        observer: &mut O,
    ) {
        self.reconnect_at = None;
        if self.state != State::Connected {
            self.ignore(now, "the client is not connected", cause, observer);
            return;
        }
        self.leaving = true;
        let packet = packets::disconnect(code, session_expiry_s, self.version());
        let cause = self.send(now, &Packet::Disconnect(packet), cause, observer).unwrap_or(cause);
        if let (Version::V5, Some(expiry)) = (self.version(), session_expiry_s) {
            self.connection.session_ends = expiry == 0;
        }
        self.give_up(CloseCode::NORMAL, cause);
    }

    /// Ends the connection for a fault of the server.
    pub(super) fn refuse<O: Observer>(
        &mut self,
        now: SimTime,
        code: ReasonCode,
        why: &'static str,
        cause: Cause,
        observer: &mut O,
    ) {
        let mut cause = self.decide(now, why, own("glassbroker.client.protocol-error"), cause, observer);
        if self.version() == Version::V5 && self.state == State::Connected {
            let packet = packets::disconnect(code.0, None, Version::V5);
            cause = self.send(now, &Packet::Disconnect(packet), cause, observer).unwrap_or(cause);
        }
        self.give_up(CloseCode::PROTOCOL_ERROR, cause);
    }

    pub(super) fn give_up(&mut self, code: CloseCode, cause: Cause) {
        self.state = State::Closing;
        self.connect_by = None;
        self.outputs.push_back(Output::Close { code, cause });
    }

    /// Sends an acknowledgement, or owes it.
    pub(super) fn acknowledge<O: Observer>(
        &mut self,
        now: SimTime,
        packet: Packet,
        cause: Cause,
        observer: &mut O,
    ) {
        if self.acks_stopped {
            self.owed.push((Arc::new(packet), cause));
        } else {
            self.send_acknowledgement(now, &packet, cause, observer);
        }
    }

    fn send_acknowledgement<O: Observer>(
        &mut self,
        now: SimTime,
        packet: &Packet,
        cause: Cause,
        observer: &mut O,
    ) {
        if let Packet::Puback(ack) | Packet::Pubcomp(ack) = packet {
            self.connection.incoming.remove(&ack.id);
        }
        self.send(now, packet, cause, observer);
    }

    /// Empties the session state and notes which publications go with it.
    pub(super) fn forget_session<O: Observer>(
        &mut self,
        now: SimTime,
        why: &'static str,
        cause: Cause,
        observer: &mut O,
    ) {
        for Flight { message, stage, .. } in self.session.clear() {
            // After PUBREC the server has the message: nothing of it is lost.
            let super::session::Stage::Sent(publish) = stage else { continue };
            let cause = Cause { event: cause.event, message };
            let event = Event::new(now, Kind::MessageDropped, By::Client, &self.identifier, cause);
            observer.note(Event { topic: &publish.topic, qos: Some(publish.qos as u8), why, ..event });
        }
    }

    pub(super) fn ignore<O: Observer>(
        &self,
        now: SimTime,
        why: &'static str,
        cause: Cause,
        observer: &mut O,
    ) {
        let event = Event::new(now, Kind::Decision, By::Client, &self.identifier, cause);
        observer.note(Event {
            topic: "ignored",
            why,
            rule: Some(own("glassbroker.client.ignored")),
            ..event
        });
    }

    pub(super) fn decide<O: Observer>(
        &self,
        now: SimTime,
        why: &'static str,
        rule: RuleId,
        cause: Cause,
        observer: &mut O,
    ) -> Cause {
        let event = Event::new(now, Kind::Decision, By::Client, &self.identifier, cause);
        observer.note(Event { why, rule: Some(rule), ..event })
    }

    pub(super) fn note_packet<O: Observer>(
        &self,
        now: SimTime,
        kind: Kind,
        bytes: &[u8],
        cause: Cause,
        observer: &mut O,
    ) -> Cause {
        let packet = PacketBytes { version: self.options.version, head: bytes, body: &[] };
        let event = Event::new(now, kind, By::Client, &self.identifier, cause);
        observer.note(Event { packet: Some(packet), ..event })
    }
}
