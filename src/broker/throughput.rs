//! Throughput: bytes that wait because more came, or was to leave, than a second allows.

use super::bucket::Bucket;
use super::throttle::Exceeded;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::profile::{Quota, Rate};
use crate::time::SimTime;
use bytes::Bytes;
use std::collections::VecDeque;

/// What a connection's rates have let through, and what waits for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Throttle {
    /// Messages from the client.
    pub(super) publishes: Bucket,
    pub(super) bytes_in: Bucket,
    pub(super) bytes_out: Bucket,
    /// Until when nothing is sent.
    pub(super) held_until: SimTime,
    /// When what waits for that is sent.
    pub(super) write_at: Option<SimTime>,
    /// What came and is not read yet, each with its cause.
    pub(super) unread: VecDeque<(Bytes, Cause)>,
    pub(super) unread_bytes: usize,
    /// When it is read on.
    pub(super) read_at: Option<SimTime>,
}

impl Throttle {
    /// So many bytes leave.
    #[cold]
    pub(super) fn sends(&mut self, now: SimTime, rate: Rate, bytes: usize) {
        self.bytes_out.take(now, rate, bytes as u64);
        self.held_until = self.bytes_out.next(now, rate);
    }
}

impl Broker {
    /// Whether bytes that came have to wait because more came than are read ([aws.quota.throughput]). They do so here, whole and with
    /// their cause, whatever moves bytes does meanwhile.
    #[cold]
    pub(super) fn leaves_unread<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        rate: Rate,
        bytes: &Bytes,
        cause: Cause,
    ) -> bool {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return false };
        let throttle = &mut connection.throttle;
        let next = throttle.bytes_in.next(turn.now, rate);
        if throttle.unread.is_empty() && next <= turn.now {
            throttle.bytes_in.take(turn.now, rate, bytes.len() as u64);
            return false;
        }
        // The client is not silent.
        connection.heard_at = turn.now;
        throttle.unread.push_back((bytes.clone(), cause));
        throttle.unread_bytes += bytes.len();
        if throttle.unread.len() == 1 {
            self.live.timers.set(&mut throttle.read_at, TimerKey::Read(conn), next);
            let exceeded = Exceeded { quota: Quota::BytesIn, level: 1, until: next };
            self.note_exceeded(turn, Kind::QuotaDelayed, self.client_of(conn), &exceeded, cause);
        }
        true
    }

    /// Reads on what waited: as much as the rate lets through, or all of it where nothing more will come.
    pub(super) fn read_on<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, all: bool) {
        while let Some(connection) = self.live.connections.get_mut(conn.0) {
            let throttle = &mut connection.throttle;
            self.live.timers.clear(&mut throttle.read_at, TimerKey::Read(conn));
            if throttle.unread.is_empty() {
                return;
            }
            if let Some(rate) = self.limits.rate(Quota::BytesIn) {
                let next = throttle.bytes_in.next(turn.now, rate);
                if next > turn.now && !all {
                    self.live.timers.set(&mut throttle.read_at, TimerKey::Read(conn), next);
                    return;
                }
                let first_bytes = throttle.unread.front().map_or(0, |(bytes, _)| bytes.len());
                throttle.bytes_in.take(turn.now, rate, first_bytes as u64);
            }
            let Some((bytes, cause)) = throttle.unread.pop_front() else { return };
            throttle.unread_bytes -= bytes.len();
            self.read(turn, conn, bytes, cause);
        }
    }

    /// There is a token for what waits unread.
    pub(super) fn on_read_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.throttle.read_at = None;
        self.read_on(turn, conn, false);
        self.weigh_connection(conn);
    }

    /// Where something waits because more was sent than a second allows, sets the timer to when it goes on.
    pub(super) fn arm_write<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, cause: Cause) {
        if self.limits.rate(Quota::BytesOut).is_none() {
            return;
        }
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let throttle = &mut connection.throttle;
        if throttle.held_until <= turn.now || throttle.write_at.is_some() {
            return;
        }
        self.live.timers.set(&mut throttle.write_at, TimerKey::Write(conn), throttle.held_until);
        let until = throttle.held_until;
        let waits = connection.waiting.len() + connection.qos0.len();
        let session = connection.session.and_then(|id| self.store.session(id));
        let level = (waits + session.map_or(0, |session| session.outbox.len())) as u64;
        let exceeded = Exceeded { quota: Quota::BytesOut, level, until };
        self.note_exceeded(turn, Kind::QuotaDelayed, self.client_of(conn), &exceeded, cause);
    }

    /// What waited for the rate is sent on.
    pub(super) fn on_write_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.throttle.write_at = None;
        self.pump(turn, conn);
    }
}
