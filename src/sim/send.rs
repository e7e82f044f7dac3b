//! What the broker and the clients ask for, and how it enters a link.

use super::LiveOutput;
use super::connection::Connection;
use super::link::{Frame, Packet};
use super::live::{WAITING_MAX_BYTES, Waiting};
use super::party::{ConnRef, Kind, Way};
use super::world::{Due, World};
use crate::broker::{By, Cause, ConnId, Event, Observer, Output};
use crate::client;
use crate::rule::RuleId;
use crate::socket::{CloseCode, Side, overhead_bytes};
use crate::time::SimTime;
use crate::trace::Sink;
use bytes::Bytes;

/// Where virtual clients find the broker.
const PATH: &str = "/mqtt";
/// What they offer, as both versions ask [MQTT-6.0.0-3].
const PROTOCOL: &str = "mqtt";

impl World {
    /// Does what the broker asks for.
    pub(super) fn drain_broker<S: Sink>(&mut self, sink: &mut S) {
        while let Some(output) = self.cloud.poll() {
            match output {
                Output::Send { conn, head, body, cause } => self.broker_sends(conn, head, body, cause, sink),
                Output::Close { conn, code, cause } => {
                    if let Some(conn) = self.connections.of_broker(conn) {
                        self.connections.forgotten_by_broker(conn);
                        self.server_closes(conn, CloseCode::of(code), "the broker closed it", cause, sink);
                    }
                }
            }
        }
    }

    fn broker_sends<S: Sink>(&mut self, id: ConnId, head: Bytes, body: Bytes, cause: Cause, sink: &mut S) {
        let Some(conn) = self.connections.of_broker(id) else {
            debug_assert!(false, "the broker sends on a connection that is over");
            return;
        };
        let Some(connection) = self.connections.get(conn) else { return };
        let payload_bytes = head.len() + body.len();
        connection.told_bytes = connection.told_bytes.saturating_sub(payload_bytes);
        let frame = Frame::Data { head, body, packet: Packet::Whole };
        if connection.severed {
            let party = connection.party;
            self.lose(party, &frame, cause, "the network is cut", sink);
            self.wait_for_acknowledgement(conn, Way::Down);
            return;
        }
        self.push(
            conn,
            Way::Down,
            frame,
            cause,
            payload_bytes + overhead_bytes(payload_bytes, Side::Server),
            sink,
        );
    }

    /// The server starts the closing handshake. The broker has forgotten the connection, or is told apart from this.
    pub(super) fn server_closes<S: Sink>(
        &mut self,
        conn: ConnRef,
        code: CloseCode,
        why: &'static str,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        if !connection.server_end.close() {
            return;
        }
        if connection.severed {
            connection.server_end.fail();
        } else {
            self.push(
                conn,
                Way::Down,
                close_frame(Some(code), ""),
                cause,
                overhead_bytes(2, Side::Server) + 2,
                sink,
            );
        }
        self.note_closed(party, By::Broker, code, why, cause, sink);
        self.tidy(conn);
    }

    /// Does what a virtual client asks for, and looks at its timers.
    pub(super) fn drain_client<S: Sink>(&mut self, party: u32, sink: &mut S) {
        while let Some(entry) = self.parties.get_mut(party as usize)
            && let Kind::Virtual(client) = &mut entry.kind
        {
            let Some(output) = client.poll() else {
                if client.wants_room()
                    && let Some(free) = self.room_up(party)
                    && self.client_is_told_of_room(party, free, sink)
                {
                    continue;
                }
                break;
            };
            let conn = entry.conn;
            match (output, conn) {
                (client::Output::Open { cause }, _) => {
                    self.opens(party, PATH.to_owned(), vec![PROTOCOL.to_owned()], cause, sink);
                }
                (client::Output::Send { bytes, cause }, Some(conn)) => {
                    let wire_bytes = bytes.len() + overhead_bytes(bytes.len(), Side::Client);
                    let frame = Frame::Data { head: bytes, body: Bytes::new(), packet: Packet::Whole };
                    self.push(conn, Way::Up, frame, cause, wire_bytes, sink);
                }
                (client::Output::Close { code, cause }, Some(conn)) => {
                    self.client_closes(conn, Some(code), String::new(), cause, sink);
                }
                (client::Output::Vanish { cause }, Some(conn)) => {
                    self.client_vanishes(conn, "the client lost power", cause, sink);
                }
                (_, None) => {}
            }
        }
        self.arm(party);
    }

    /// How many bytes a client's link takes now; `None` where it takes none.
    pub(super) fn room_up(&mut self, party: u32) -> Option<usize> {
        let entry = self.parties.get(party as usize)?;
        let connection = self.connections.get(entry.conn?)?;
        let free = connection.up.free_bytes();
        // One message goes whatever its length when nothing else is on the way.
        let free = if connection.up.is_empty() { free.max(1) } else { free };
        (free > 0).then_some(free)
    }

    /// Tells a virtual client of room in its link.
    pub(super) fn client_is_told_of_room<S: Sink>(&mut self, party: u32, free: usize, sink: &mut S) -> bool {
        match self.parties.get_mut(party as usize).map(|party| &mut party.kind) {
            Some(Kind::Virtual(client)) => {
                client.writable(self.now, free, &mut self.recorder.watch(sink));
                true
            }
            _ => false,
        }
    }

    /// A client opens a WebSocket: the handshake is on its way.
    pub(super) fn opens<S: Sink>(
        &mut self,
        party: u32,
        path: String,
        protocols: Vec<String>,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        if entry.cut {
            let cause = self.note_refused(party, "the network is cut", None, cause, sink);
            self.client_is_refused(party, "the network is cut", cause, sink);
            return;
        }
        let conn = self.connections.add(Connection::new(party, &entry.link));
        entry.conn = Some(conn);
        entry.connections += 1;
        self.push(conn, Way::Up, Frame::Request(Box::new((path, protocols))), cause, 0, sink);
    }

    /// The client closes its socket.
    pub(super) fn client_closes<S: Sink>(
        &mut self,
        conn: ConnRef,
        code: Option<CloseCode>,
        reason: String,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let connecting = connection.client_end.state() == crate::socket::State::Connecting;
        if connection.client_end.close() {
            let payload_bytes = code.map_or(0, |_| 2 + reason.len());
            let wire_bytes = payload_bytes + overhead_bytes(payload_bytes, Side::Client);
            self.push(conn, Way::Up, Frame::Close(Box::new((code, reason))), cause, wire_bytes, sink);
            self.wait_for_close(conn);
        } else if connecting {
            self.push(conn, Way::Up, Frame::Finish, cause, 0, sink);
            self.client_end_is_closed(
                party,
                conn,
                CloseCode::ABNORMAL,
                "",
                false,
                "the client gave up",
                cause,
                sink,
            );
        }
    }

    /// The client is gone, or its network is, and the broker is not told. What travels to it is lost.
    pub(super) fn client_vanishes<S: Sink>(
        &mut self,
        conn: ConnRef,
        why: &'static str,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        connection.severed = true;
        let news = connection.client_end.fail();
        let lost = connection.down.drain();
        for item in lost {
            self.lose(party, &item.frame, item.cause, why, sink);
        }
        // Nobody is left to send again what a dead way has held back.
        let dead = self.parties.get(party as usize).is_some_and(|entry| entry.holds[0] == SimTime::END);
        if dead {
            self.lose_all(conn, Way::Up, why, sink);
        }
        if news {
            self.client_end_is_closed(party, conn, CloseCode::ABNORMAL, "", false, why, cause, sink);
        }
        self.tidy(conn);
    }

    /// Moves what a live client has sent into its link, as far as that takes it.
    pub(super) fn send_waiting<S: Sink>(&mut self, party: u32, sink: &mut S) {
        let mut drained = 0;
        let mut closes = None;
        while let Some(entry) = self.parties.get_mut(party as usize)
            && let (Kind::Live(live), Some(conn)) = (&mut entry.kind, entry.conn)
            && let Some(connection) = self.connections.get(conn)
            && connection.client_end.is_open()
            && let Some(next) = live.waiting.front()
            && connection.up.takes(next.wire_bytes)
            && let Some(Waiting { frame, cause, wire_bytes, payload_bytes }) = live.waiting.pop_front()
        {
            live.waiting_bytes = live.waiting_bytes.saturating_sub(payload_bytes);
            drained += payload_bytes;
            match frame {
                Frame::Close(close) => {
                    closes = Some((conn, *close, cause));
                    break;
                }
                frame => self.push(conn, Way::Up, frame, cause, wire_bytes, sink),
            }
        }
        if drained > 0 {
            self.tell_party(party, LiveOutput::Drained { bytes: drained });
        }
        if let Some((conn, (code, reason), cause)) = closes {
            self.client_closes(conn, code, reason, cause, sink);
        }
    }

    /// A live client sends a message.
    pub(super) fn live_sends<S: Sink>(&mut self, party: u32, message: &Bytes, cause: Cause, sink: &mut S) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        let (Kind::Live(live), Some(conn)) = (&mut entry.kind, entry.conn) else { return };
        if live.waiting_bytes + message.len() > WAITING_MAX_BYTES {
            self.push(conn, Way::Up, Frame::Finish, cause, 0, sink);
            let why = "more than the bound was waiting to be sent";
            return self.client_end_is_closed(party, conn, CloseCode::ABNORMAL, "", false, why, cause, sink);
        }
        let pieces = live.cut(self.now, message, cause, &mut self.recorder.watch(sink));
        let mut header_bytes = overhead_bytes(message.len(), Side::Client);
        for (frame, cause) in pieces {
            let payload_bytes = match &frame {
                Frame::Data { head, .. } => head.len(),
                _ => 0,
            };
            let wire_bytes = payload_bytes + std::mem::take(&mut header_bytes);
            live.waiting_bytes += payload_bytes;
            live.waiting.push_back(Waiting { frame, cause, wire_bytes, payload_bytes });
        }
        self.send_waiting(party, sink);
    }

    /// Puts something on its way.
    pub(super) fn push<S: Sink>(
        &mut self,
        conn: ConnRef,
        way: Way,
        frame: Frame,
        cause: Cause,
        wire_bytes: usize,
        sink: &mut S,
    ) {
        let ordinal = self.next_ordinal();
        let Some(connection) = self.connections.get(conn) else { return };
        let Some(party) = self.parties.get_mut(connection.party as usize) else { return };
        let jitter = party.jitter(self.seed, way);
        let pipe = connection.pipe(way);
        let idle = pipe.is_empty();
        let arrives = pipe.push(self.now, &party.link, jitter, (frame, cause, wire_bytes), ordinal);
        // Whether somebody meddles with packets or nothing is acknowledged.
        let (meddles, dead) =
            (pipe.swaps() || !party.what_ifs.is_empty(), party.holds.contains(&SimTime::END));
        if idle {
            self.schedule_as(arrives, ordinal, Due::Arrival(conn, way));
        }
        if dead {
            self.wait_for_acknowledgement(conn, way);
        }
        if meddles {
            self.what_if_sent(conn, way, sink);
        }
    }

    /// Gives a connection's place back once nothing more can happen on it.
    pub(super) fn tidy(&mut self, conn: ConnRef) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let over = connection.broker.is_none()
            && connection.client_end.state() == crate::socket::State::Closed
            && connection.up.is_empty()
            && connection.down.is_empty();
        if over {
            self.connections.remove(conn);
            if let Some(entry) = self.parties.get_mut(party as usize) {
                entry.connections = entry.connections.saturating_sub(1);
            }
            self.tidy_party(party);
        }
    }

    /// Gives the place of a party back that has left, once no connection speaks of it.
    pub(super) fn tidy_party(&mut self, party: u32) {
        if let Some(entry) = self.parties.get_mut(party as usize)
            && entry.gone
            && entry.connections == 0
        {
            entry.kind = Kind::Nobody;
            entry.gone = false;
            self.free_parties.push(party);
        }
    }

    /// Notes the packet that a frame carries as lost.
    pub(super) fn lose<S: Sink>(
        &mut self,
        party: u32,
        frame: &Frame,
        cause: Cause,
        why: &'static str,
        sink: &mut S,
    ) {
        self.lose_as(party, frame, cause, why, None, sink);
    }

    /// The same by a rule.
    pub(super) fn lose_as<S: Sink>(
        &mut self,
        party: u32,
        frame: &Frame,
        cause: Cause,
        why: &'static str,
        rule: Option<RuleId>,
        sink: &mut S,
    ) {
        let Frame::Data { head, body, packet } = frame else { return };
        let (head, body) = match packet {
            Packet::Whole => (head, &body[..]),
            Packet::Ends(whole) => (&**whole, &[][..]),
            Packet::Open => return,
        };
        let Some(entry) = self.parties.get(party as usize) else { return };
        let version = match &entry.kind {
            Kind::Virtual(client) => client.version(),
            Kind::Live(live) => live.version(),
            Kind::Nobody => return,
        };
        let packet = Some(crate::broker::PacketBytes { version, head, body });
        let event = Event::new(self.now, crate::broker::Kind::PacketLost, By::Link, entry.name(), cause);
        self.recorder.watch(sink).note(Event { packet, why, rule, ..event });
    }
}

pub(super) fn close_frame(code: Option<CloseCode>, reason: &str) -> Frame {
    Frame::Close(Box::new((code, reason.to_owned())))
}
