//! What happens when something arrives at either end of a link.

use super::LiveOutput;
use super::link::{Frame, Item};
use super::party::{ConnRef, Kind, Way};
use super::send::close_frame;
use super::world::{Due, World};
use crate::broker::{self, By, Cause, Closed, Event, Link, Observer};
use crate::rule::{RuleId, v5, websocket};
use crate::socket::{Answer, CloseCode, Side, negotiate, overhead_bytes};
use crate::trace::Sink;
use bytes::{BufMut, Bytes, BytesMut};

impl World {
    /// Something arrives at the broker.
    pub(super) fn arrive_up<S: Sink>(&mut self, conn: ConnRef, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let Some(Item { frame, cause, .. }) = self.take_arrival(conn, Way::Up, sink) else { return };
        let Some(connection) = self.connections.get(conn) else { return };
        match frame {
            Frame::Request(request) => self.requested(conn, &request.0, &request.1, cause, sink),
            Frame::Data { .. } => match connection.broker {
                Some(id) => {
                    let bytes = joined(frame);
                    self.cloud.receive(self.now, id, bytes, cause, &mut self.recorder.watch(sink));
                    self.drain_broker(sink);
                }
                None => self.lose(party, &frame, cause, "the broker had closed the connection", sink),
            },
            Frame::Text => self.text_arrives(conn, cause, sink),
            Frame::Close(close) => self.close_arrives_up(conn, close.0, cause, sink),
            Frame::Finish => {
                self.server_end_fails(conn, Closed::Finished, "the client was gone", cause, sink)
            }
            Frame::Accept(_) | Frame::Refuse(_) | Frame::Dropped => {}
        }
        self.client_has_room(party, conn, sink);
        self.tidy(conn);
    }

    /// Something arrives at a client.
    pub(super) fn arrive_down<S: Sink>(&mut self, conn: ConnRef, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let Some(Item { frame, cause, .. }) = self.take_arrival(conn, Way::Down, sink) else { return };
        let Some(connection) = self.connections.get(conn) else { return };
        match frame {
            Frame::Accept(protocol) => self.accepted(conn, protocol, cause, sink),
            Frame::Refuse(why) => {
                connection.client_end.fail();
                self.client_is_refused(party, why, cause, sink);
            }
            Frame::Data { .. } if connection.client_end.is_open() => {
                self.data_arrives_down(party, frame, cause, sink)
            }
            Frame::Data { .. } => self.lose(party, &frame, cause, "the client had closed its socket", sink),
            Frame::Close(close) => self.close_arrives_down(conn, *close, cause, sink),
            Frame::Finish => self.finish_arrives_down(conn, cause, sink),
            Frame::Request(_) | Frame::Text | Frame::Dropped => {}
        }
        self.broker_has_room(conn, sink);
        self.tidy(conn);
    }

    /// Takes what arrives, and sees to what comes after it.
    fn take_arrival<S: Sink>(&mut self, conn: ConnRef, way: Way, sink: &mut S) -> Option<Item> {
        let now = self.now;
        if self.is_held(conn, way) {
            return None;
        }
        let pipe = self.connections.get(conn)?.pipe(way);
        let mut item = pipe.pop()?;
        debug_assert!(item.arrives <= now, "nothing arrives early");
        if let Some((at, ordinal)) = pipe.front().map(|next| (next.arrives, next.ordinal)) {
            self.schedule_as(at.max(now), ordinal, Due::Arrival(conn, way));
        }
        if item.swaps {
            item.cause = self.nothing_followed(conn, item.cause, sink);
        }
        Some(item)
    }

    /// The client's half of the opening handshake arrives.
    fn requested<S: Sink>(
        &mut self,
        conn: ConnRef,
        path: &str,
        protocols: &[String],
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        match negotiate(path, protocols) {
            Err(refusal) => {
                connection.server_end.fail();
                let cause =
                    self.note_refused(party, refusal.why, Some((refusal.status, refusal.rule)), cause, sink);
                self.push(conn, Way::Down, Frame::Refuse(refusal.why), cause, 0, sink);
            }
            Ok(protocol) => {
                connection.server_end.open();
                let bytes_free = connection.down.most_bytes();
                connection.told_bytes = bytes_free;
                // The answer is on its way before whatever the broker says.
                self.push(conn, Way::Down, Frame::Accept(protocol), cause, 0, sink);
                let principal = self.parties.get(party as usize).and_then(|party| party.principal.clone());
                let link = Link { websocket: true, bytes_free, principal, ..Link::default() };
                let id = self.cloud.open(self.now, link, cause, &mut self.recorder.watch(sink));
                self.connections.known_to_broker(conn, id);
                self.drain_broker(sink);
            }
        }
    }

    /// The server's half arrives: the socket is open.
    fn accepted<S: Sink>(&mut self, conn: ConnRef, protocol: &'static str, cause: Cause, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        connection.client_end.open();
        if !connection.client_end.is_open() {
            return;
        }
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        let room = connection.up.free_bytes().max(1);
        let event = Event::new(self.now, broker::Kind::SocketOpened, By::Link, entry.name(), cause);
        let rule = Some(v5("MQTT-6.0.0-4"));
        let cause = self.recorder.watch(sink).note(Event { why: protocol, rule, ..event });
        match &mut entry.kind {
            Kind::Virtual(client) => {
                let mut watch = self.recorder.watch(sink);
                client.writable(self.now, room, &mut watch);
                client.opened(self.now, cause, &mut watch);
                self.drain_client(party, sink);
            }
            Kind::Live(_) => {
                self.tell_party(party, LiveOutput::Opened { protocol });
                self.send_waiting(party, sink);
            }
            Kind::Nobody => {}
        }
    }

    fn data_arrives_down<S: Sink>(&mut self, party: u32, frame: Frame, cause: Cause, sink: &mut S) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        match &mut entry.kind {
            Kind::Virtual(client) => {
                client.receive(self.now, &joined(frame), cause, &mut self.recorder.watch(sink));
                self.drain_client(party, sink);
            }
            Kind::Live(live) => {
                if let Frame::Data { head, body, .. } = &frame {
                    live.note_received(self.now, (head, body), cause, &mut self.recorder.watch(sink));
                }
                if self.tells_live {
                    self.tell_party(party, LiveOutput::Message(joined(frame)));
                }
            }
            Kind::Nobody => {}
        }
    }

    /// A text message arrives at the broker.
    fn text_arrives<S: Sink>(&mut self, conn: ConnRef, cause: Cause, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let (id, party) = (connection.broker, connection.party);
        let Some(entry) = self.parties.get(party as usize) else { return };
        let event = Event::new(self.now, broker::Kind::Decision, By::Broker, entry.name(), cause);
        let rule = Some(v5("MQTT-6.0.0-1"));
        let cause = self.recorder.watch(sink).note(Event { why: "a text message", rule, ..event });
        self.server_closes(conn, CloseCode::UNSUPPORTED_DATA, "a text message", cause, sink);
        self.connections.forgotten_by_broker(conn);
        if let Some(id) = id {
            self.cloud.closed(self.now, id, Closed::Finished, cause, &mut self.recorder.watch(sink));
            self.drain_broker(sink);
        }
    }

    /// A Close frame arrives at the broker.
    fn close_arrives_up<S: Sink>(
        &mut self,
        conn: ConnRef,
        code: Option<CloseCode>,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        if connection.server_end.receive_close() != Answer::Echo {
            return;
        }
        let id = self.connections.forgotten_by_broker(conn);
        let shown = code.unwrap_or(CloseCode::NO_STATUS);
        let cause = self.note_closed(party, By::Broker, shown, "the client closed it", cause, sink);
        let payload_bytes = code.map_or(0, |_| 2);
        let wire_bytes = payload_bytes + overhead_bytes(payload_bytes, Side::Server);
        if let Some(id) = id {
            let how = Closed::WebSocketClose;
            self.cloud.closed(self.now, id, how, cause, &mut self.recorder.watch(sink));
        }
        self.push(conn, Way::Down, close_frame(code, ""), cause, wire_bytes, sink);
        self.drain_broker(sink);
    }

    /// A Close frame arrives at a client.
    fn close_arrives_down<S: Sink>(
        &mut self,
        conn: ConnRef,
        (code, reason): (Option<CloseCode>, String),
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let shown = code.unwrap_or(CloseCode::NO_STATUS);
        match connection.client_end.receive_close() {
            Answer::Echo => {
                let payload_bytes = code.map_or(0, |_| 2);
                let wire_bytes = payload_bytes + overhead_bytes(payload_bytes, Side::Client);
                self.push(conn, Way::Up, close_frame(code, ""), cause, wire_bytes, sink);
                let why = "the broker closed it";
                self.client_end_is_closed(party, conn, shown, &reason, true, why, cause, sink);
            }
            Answer::Done => {
                let why = "the client closed it";
                self.client_end_is_closed(party, conn, shown, &reason, true, why, cause, sink);
            }
            Answer::Ignore => {}
        }
    }

    /// The server's end is gone without a closing handshake.
    pub(super) fn server_end_fails<S: Sink>(
        &mut self,
        conn: ConnRef,
        how: Closed,
        why: &'static str,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        connection.server_end.fail();
        if let Some(id) = self.connections.forgotten_by_broker(conn) {
            let cause = self.note_closed(party, By::Broker, CloseCode::ABNORMAL, why, cause, sink);
            self.cloud.closed(self.now, id, how, cause, &mut self.recorder.watch(sink));
            self.drain_broker(sink);
        }
    }

    /// The client's link took something to the broker: there may be room for more.
    fn client_has_room<S: Sink>(&mut self, party: u32, conn: ConnRef, sink: &mut S) {
        let Some(entry) = self.parties.get(party as usize) else { return };
        if entry.conn != Some(conn) {
            return;
        }
        match &entry.kind {
            Kind::Virtual(client) if client.wants_room() => {
                // Half of the link at least, so that it is not told with every message.
                if let Some(connection) = self.connections.get(conn)
                    && connection.up.free_bytes() >= connection.up.most_bytes() / 2
                    && let Some(free) = self.room_up(party)
                    && self.client_is_told_of_room(party, free, sink)
                {
                    self.drain_client(party, sink);
                }
            }
            Kind::Live(live) if !live.waiting.is_empty() => self.send_waiting(party, sink),
            _ => {}
        }
    }

    /// The broker's link took something to the client: tells the broker when half of it is free again, and when all is.
    fn broker_has_room<S: Sink>(&mut self, conn: ConnRef, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let Some(id) = connection.broker else { return };
        let (most, free) = (connection.down.most_bytes(), connection.down.free_bytes());
        let idle = connection.down.is_empty() && connection.told_bytes < most;
        if idle || (connection.told_bytes < most / 2 && free >= most / 2) {
            connection.told_bytes = free;
            self.cloud.writable(self.now, id, free, Cause::NONE, &mut self.recorder.watch(sink));
            self.drain_broker(sink);
        }
    }

    /// The client's socket is closed, whoever did it.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn client_end_is_closed<S: Sink>(
        &mut self,
        party: u32,
        conn: ConnRef,
        code: CloseCode,
        reason: &str,
        clean: bool,
        why: &'static str,
        cause: Cause,
        sink: &mut S,
    ) {
        if let Some(connection) = self.connections.get(conn) {
            connection.client_end.fail();
        }
        let cause = self.note_closed(party, By::Client, code, why, cause, sink);
        let output = LiveOutput::Closed { code: code.0, reason: reason.to_owned(), clean };
        self.client_is_without_socket(party, output, cause, sink);
    }

    /// A client could not open a socket.
    pub(super) fn client_is_refused<S: Sink>(&mut self, party: u32, why: &str, cause: Cause, sink: &mut S) {
        self.client_is_without_socket(party, LiveOutput::Refused { why: why.to_owned() }, cause, sink);
    }

    fn client_is_without_socket<S: Sink>(
        &mut self,
        party: u32,
        output: LiveOutput,
        cause: Cause,
        sink: &mut S,
    ) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        entry.conn = None;
        match &mut entry.kind {
            Kind::Virtual(client) => {
                client.closed(self.now, cause, &mut self.recorder.watch(sink));
                self.drain_client(party, sink);
            }
            // A live client is its socket.
            Kind::Live(live) => {
                let id = live.id;
                live.waiting.clear();
                live.waiting_bytes = 0;
                entry.gone = true;
                self.tell_live(id, output);
                self.live.remove(&id);
                self.tidy_party(party);
            }
            Kind::Nobody => {}
        }
    }

    pub(super) fn tell_party(&mut self, party: u32, output: LiveOutput) {
        if let Some(Kind::Live(live)) = self.parties.get(party as usize).map(|party| &party.kind) {
            let id = live.id;
            self.tell_live(id, output);
        }
    }

    pub(super) fn note_closed<S: Sink>(
        &mut self,
        party: u32,
        by: By,
        code: CloseCode,
        why: &'static str,
        cause: Cause,
        sink: &mut S,
    ) -> Cause {
        let Some(entry) = self.parties.get(party as usize) else { return cause };
        let event = Event::new(self.now, broker::Kind::SocketClosed, by, entry.name(), cause);
        let rule = Some(match code {
            CloseCode::ABNORMAL | CloseCode::NO_STATUS => websocket("RFC6455-7.1.5"),
            _ => websocket("RFC6455-7.4.1"),
        });
        self.recorder.watch(sink).note(Event { code: Some(code.0), why, rule, ..event })
    }

    pub(super) fn note_refused<S: Sink>(
        &mut self,
        party: u32,
        why: &'static str,
        answer: Option<(u16, RuleId)>,
        cause: Cause,
        sink: &mut S,
    ) -> Cause {
        let Some(entry) = self.parties.get(party as usize) else { return cause };
        let event = Event::new(self.now, broker::Kind::SocketRefused, By::Link, entry.name(), cause);
        let (code, rule) = answer.unzip();
        self.recorder.watch(sink).note(Event { code, why, rule, ..event })
    }
}

/// The bytes of a frame in one piece.
fn joined(frame: Frame) -> Bytes {
    match frame {
        Frame::Data { head, body, .. } if body.is_empty() => head,
        Frame::Data { head, body, .. } => {
            let mut bytes = BytesMut::with_capacity(head.len() + body.len());
            bytes.put_slice(&head);
            bytes.put_slice(&body);
            bytes.freeze()
        }
        _ => Bytes::new(),
    }
}
