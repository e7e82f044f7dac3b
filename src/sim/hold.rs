//! A way of a link on which nothing arrives: half open until it is restored, or stalled for a while.

use super::link::{Frame, WRITE_TIMEOUT};
use super::party::{ConnRef, Way};
use super::world::{Due, World};
use crate::broker::{Cause, Closed};
use crate::socket::{CloseCode, State};
use crate::time::{SimTime, Span};
use crate::trace::Sink;

/// The longest stall. Network stacks give up a little later, see [`WRITE_TIMEOUT`]; what is dead for longer is half open.
pub const STALL_MAX: Span = Span::s(900);
/// How long a client waits for the answer to its Close frame before it ends the connection without, as Chromium does
/// (`kClosingHandshakeTimeoutSeconds`). Only a dead or stalled way can make it wait so long.
const CLOSING_TIMEOUT: Span = Span::s(60);

impl World {
    /// Nothing arrives this way until then; [`SimTime::END`] is until it is restored.
    pub(super) fn hold(&mut self, party: u32, way: Way, until: SimTime) {
        let Some(entry) = self.parties.get_mut(party as usize) else { return };
        if entry.holds[way as usize] >= until {
            return;
        }
        entry.holds[way as usize] = until;
        if until != SimTime::END {
            self.schedule(until, Due::Release(party));
        }
        for conn in self.connections.of_party(party) {
            self.wait_for_close(conn);
            for way in [Way::Up, Way::Down] {
                if self.connections.get(conn).is_some_and(|connection| !connection.pipe(way).is_empty()) {
                    self.wait_for_acknowledgement(conn, way);
                }
            }
        }
    }

    /// Both ways of a client's network work again.
    pub(super) fn restore(&mut self, party: u32) {
        if let Some(entry) = self.parties.get_mut(party as usize) {
            entry.cut = false;
            entry.holds = [SimTime::ZERO; 2];
        }
        self.release(party);
    }

    /// What is held back no longer arrives, now and in its order.
    pub(super) fn release(&mut self, party: u32) {
        let Some(entry) = self.parties.get(party as usize) else { return };
        let held = entry.holds.map(|until| until > self.now);
        let answers = !entry.holds.contains(&SimTime::END);
        for conn in self.connections.of_party(party) {
            for way in [Way::Up, Way::Down] {
                let Some(connection) = self.connections.get(conn) else { continue };
                if answers && !connection.severed {
                    connection.gives_up[way as usize] = None;
                }
                if !held[way as usize]
                    && let Some(ordinal) = connection.pipe(way).unpark()
                {
                    self.schedule_as(self.now, ordinal, Due::Arrival(conn, way));
                }
            }
        }
    }

    /// Whether nothing arrives this way of a connection now. What is due there then waits for [`World::release`].
    pub(super) fn is_held(&mut self, conn: ConnRef, way: Way) -> bool {
        let Some(connection) = self.connections.get(conn) else { return false };
        let held = self
            .parties
            .get(connection.party as usize)
            .is_some_and(|entry| entry.holds[way as usize] > self.now);
        if held {
            connection.pipe(way).park();
        }
        held
    }

    /// The stack of who sends this way begins to wait for an acknowledgement that does not come.
    pub(super) fn wait_for_acknowledgement(&mut self, conn: ConnRef, way: Way) {
        let Some(connection) = self.connections.get(conn) else { return };
        let never = connection.severed
            || self
                .parties
                .get(connection.party as usize)
                .is_some_and(|entry| entry.holds.contains(&SimTime::END));
        if never && connection.gives_up[way as usize].is_none() {
            let at = self.now + WRITE_TIMEOUT;
            connection.gives_up[way as usize] = Some(at);
            self.schedule(at, Due::GivesUp(conn, way));
        }
    }

    /// A network stack gives up on what was sent this way.
    pub(super) fn gives_up<S: Sink>(&mut self, conn: ConnRef, way: Way, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        if connection.gives_up[way as usize] != Some(self.now) {
            return;
        }
        let severed = connection.severed;
        let why = match way {
            Way::Up => "what the client wrote was never acknowledged",
            Way::Down => "what the broker wrote was never acknowledged",
        };
        let held = self.is_held(conn, way);
        if held {
            self.lose_all(conn, way, why, sink);
        }
        match way {
            Way::Down => self.server_end_fails(conn, Closed::Lost, why, Cause::NONE, sink),
            Way::Up => self.client_vanishes(conn, why, Cause::NONE, sink),
        }
        // The other end is told, where that arrives.
        if !held && !severed {
            self.push(conn, way, Frame::Finish, Cause::NONE, 0, sink);
        }
        self.tidy(conn);
    }

    /// Loses everything that is on its way.
    pub(super) fn lose_all<S: Sink>(&mut self, conn: ConnRef, way: Way, why: &'static str, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        for item in connection.pipe(way).drain() {
            self.lose(party, &item.frame, item.cause, why, sink);
        }
    }

    /// A client that closes waits for the answer, but not for ever.
    pub(super) fn wait_for_close(&mut self, conn: ConnRef) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        let closing = connection.client_end.state() == State::Closing;
        let held =
            self.parties.get(party as usize).is_some_and(|entry| entry.holds.iter().any(|at| *at > self.now));
        if closing && held {
            self.schedule(self.now + CLOSING_TIMEOUT, Due::Closing(conn));
        }
    }

    /// The answer to a client's Close frame did not come.
    pub(super) fn closing_times_out<S: Sink>(&mut self, conn: ConnRef, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        if connection.client_end.state() != State::Closing {
            return;
        }
        self.push(conn, Way::Up, Frame::Finish, Cause::NONE, 0, sink);
        let why = "the Close frame was not answered";
        self.client_end_is_closed(party, conn, CloseCode::ABNORMAL, "", false, why, Cause::NONE, sink);
        self.tidy(conn);
    }

    /// The end of the byte stream arrives at a client: the broker's stack gave up.
    pub(super) fn finish_arrives_down<S: Sink>(&mut self, conn: ConnRef, cause: Cause, sink: &mut S) {
        let Some(connection) = self.connections.get(conn) else { return };
        let party = connection.party;
        if connection.client_end.state() != State::Closed {
            let why = "the broker's end was gone";
            self.client_end_is_closed(party, conn, CloseCode::ABNORMAL, "", false, why, cause, sink);
        }
    }
}
