//! The door: what comes in and what goes out.

use super::connection::Connection;
use super::held::TOTAL;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Closed, ConnId, Ending, Kind, Link, Observer, Output};
use crate::profile::Quota;
use crate::time::SimTime;
use crate::wire::ReasonCode;
use bytes::Bytes;

/// The number of the type PUBLISH, in the first four bits of a packet.
const PUBLISH: u8 = 3;
/// What a connection may always hold, also where the broker holds all that it may.
const SMALL_BYTES: usize = 4 << 10;

impl Broker {
    /// A connection was opened; the number that it has from now on.
    ///
    /// Beyond the profile's `connect.max_count` it is closed again by an output.
    pub fn open(&mut self, now: SimTime, link: Link, cause: Cause, observer: &mut impl Observer) -> ConnId {
        let mut turn = Turn { now, observer };
        self.live.sys.counted.sockets += 1;
        let largest = self.limits.packet_max_bytes.unwrap_or(u32::MAX);
        let conn = ConnId(self.live.connections.add(Connection::new(link, largest, now)));
        if self.live.connections.len() > self.limits.connect_max_count {
            let rule = crate::rule::own("glassbroker.bound.connections");
            let cause = turn.note(Kind::QuotaRefused, "", cause, |event| {
                event.rule = Some(rule);
                event.why = "too many connections";
            });
            self.hang_up(&mut turn, conn, Ending::QuotaExceeded, ReasonCode::QUOTA_EXCEEDED, "", cause);
        } else {
            self.arm_silence(conn);
            self.arm_lifetime(conn);
        }
        conn
    }

    /// Bytes came from a client, cut anywhere. Unknown connections are ignored.
    pub fn receive(
        &mut self,
        now: SimTime,
        conn: ConnId,
        bytes: Bytes,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        let mut turn = Turn { now, observer };
        if self.live.connection(conn).is_none() {
            return;
        }
        self.live.sys.counted.bytes_received += bytes.len() as u64;
        let waits = match self.limits.rate(Quota::BytesIn) {
            Some(rate) => self.leaves_unread(&mut turn, conn, rate, &bytes, cause),
            None => false,
        };
        if !waits {
            self.read(&mut turn, conn, bytes, cause);
        }
        self.weigh_connection(conn);
        if self.is_full(0) {
            self.live.overfull.push(conn);
        }
        self.settle(&mut turn, cause);
    }

    /// Reads bytes, and handles each packet that is whole with them.
    #[inline]
    pub(super) fn read<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        bytes: Bytes,
        cause: Cause,
    ) {
        let chunk_bytes = bytes.len();
        let Some(connection) = self.live.connection_mut(conn) else { return };
        connection.splitter.push(bytes);
        // What comes now and is not the first packet was sent before CONNACK could leave. [aws.connect.wait]
        let must_wait =
            self.limits.connect_must_wait && (connection.session.is_none() || connection.connack_waits());
        self.live.chunk_bytes = chunk_bytes;
        // A handler may have closed the connection: then nothing more is read from it.
        while let Some(connection) = self.live.connection_mut(conn) {
            match connection.splitter.next() {
                Ok(Some(packet)) => {
                    connection.heard_at = turn.now;
                    if must_wait && connection.session.is_some() {
                        let (code, why) = (ReasonCode::PROTOCOL_ERROR, "more was sent before CONNACK came");
                        self.refuse(turn, conn, code, crate::rule::aws("aws.connect.wait"), why, cause);
                        continue;
                    }
                    self.on_packet(turn, conn, packet, cause);
                }
                Ok(None) => break,
                Err(malformed) => self.refuse_malformed(turn, conn, &malformed, cause),
            }
        }
        self.live.chunk_bytes = 0;
    }

    /// The link takes `bytes_free` bytes from now on.
    pub fn writable(
        &mut self,
        now: SimTime,
        conn: ConnId,
        bytes_free: usize,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        let mut turn = Turn { now, observer };
        let Some(connection) = self.live.connection_mut(conn) else { return };
        connection.free = bytes_free;
        connection.capacity = connection.capacity.max(bytes_free);
        self.pump(&mut turn, conn);
        self.settle(&mut turn, cause);
    }

    /// The network ended a connection. Connections that the broker closed itself are unknown by now.
    pub fn closed(
        &mut self,
        now: SimTime,
        conn: ConnId,
        how: Closed,
        cause: Cause,
        observer: &mut impl Observer,
    ) {
        let mut turn = Turn { now, observer };
        // What came before an end in order is read, as from a socket.
        if how != Closed::Lost {
            self.read_on(&mut turn, conn, true);
        }
        let ending = match how {
            Closed::WebSocketClose => Ending::WebSocketClose,
            Closed::Finished | Closed::Lost => Ending::ConnectionLost,
        };
        self.end(&mut turn, conn, ending, cause);
        self.settle(&mut turn, cause);
    }

    /// Time has come to `now`: does all that was due by then, in order.
    pub fn tick(&mut self, now: SimTime, observer: &mut impl Observer) {
        let mut turn = Turn { now, observer };
        while let Some(key) = self.live.timers.pop(now) {
            match key {
                TimerKey::Silence(conn) => self.on_silence(&mut turn, conn),
                TimerKey::Lifetime(conn) => self.on_lifetime_due(&mut turn, conn),
                TimerKey::Replay(session) => self.on_replay_due(&mut turn, session),
                TimerKey::Resend(session) => self.on_resend_due(&mut turn, session),
                TimerKey::Expiry(session) => self.on_queue_expiry(&mut turn, session),
                TimerKey::Retained => self.on_retained_expiry(&mut turn),
                TimerKey::Will(session) => self.on_will_due(&mut turn, session),
                TimerKey::Session(session) => self.on_session_due(&mut turn, session),
                TimerKey::Sys => self.on_sys_due(&mut turn),
                TimerKey::Policies => self.on_policies_due(&mut turn),
                TimerKey::Read(conn) => self.on_read_due(&mut turn, conn),
                TimerKey::Write(conn) => self.on_write_due(&mut turn, conn),
                TimerKey::GroupReplay(group) => self.on_group_replay_due(&mut turn, group),
                TimerKey::GroupExpiry(group) => self.on_group_expiry(&mut turn, group),
                TimerKey::Late(session) => self.on_late_due(&mut turn, session),
                TimerKey::LateAck(conn) => self.on_late_ack_due(&mut turn, conn),
                TimerKey::Begins => self.on_begins_due(&mut turn),
            }
        }
        self.settle(&mut turn, Cause::NONE);
    }

    /// The next thing that the broker asks for, in order; `None` when it has asked for all.
    pub fn poll(&mut self) -> Option<Output> {
        let output = self.live.outputs.pop_front()?;
        if let Output::Send { head, body, .. } = &output {
            let counted = &mut self.live.sys.counted;
            counted.messages_sent += 1;
            counted.bytes_sent += (head.len() + body.len()) as u64;
            if head.first().is_some_and(|byte| byte >> 4 == PUBLISH) {
                counted.publish_sent += 1;
                counted.publish_bytes_sent += body.len() as u64;
            }
        }
        Some(output)
    }

    /// Whether answers to what a client sent wait for its link, or what it sent waits to be read: whoever moves bytes does well to
    /// read nothing more from it meanwhile.
    pub fn is_behind(&self, conn: ConnId) -> bool {
        self.live.connection(conn).is_some_and(|connection| {
            !connection.waiting.is_empty() || !connection.throttle.unread.is_empty()
        })
    }

    /// When [`Self::tick`] is needed next. It may turn out that there is nothing to do: a keep alive is looked at when it
    /// could first have passed, not set again with each packet.
    pub fn next_deadline(&self) -> Option<SimTime> {
        self.live.timers.next()
    }

    /// Closes connections on which more waits than they may, or than the broker may hold altogether.
    fn settle<O: Observer>(&mut self, turn: &mut Turn<'_, O>, cause: Cause) {
        while let Some(conn) = self.live.overfull.pop() {
            let Some(connection) = self.live.connection(conn) else { continue };
            let (rule, why) = if connection.waiting_bytes > self.limits.connection_waiting_max_bytes {
                (crate::rule::own("glassbroker.bound.waiting"), "more packets wait for the link than it may")
            } else if self.is_full(0) && connection.weighed_bytes > SMALL_BYTES {
                (TOTAL, "the broker holds more than it may, and something for this connection")
            } else {
                continue;
            };
            let client = connection.session.and_then(|id| self.store.session(id)).map_or("", |s| &s.client);
            let cause = turn.note(Kind::QuotaRefused, client, cause, |event| {
                event.rule = Some(rule);
                event.why = why;
            });
            self.hang_up(turn, conn, Ending::QuotaExceeded, ReasonCode::QUOTA_EXCEEDED, why, cause);
        }
    }
}
