//! The task that owns the broker: what peers send goes in, what the broker asks for goes out to them.

use super::bounds::number;
use super::clock::{Asked, Clock, read_line};
use super::log::Log;
use super::peer::Hold;
use crate::account::Cloud;
use crate::broker::{By, Cause, Closed, Command, ConnId, Event, Kind, Link, Output};
use crate::cli::complaint::Complaint;
use crate::rule::own;
use crate::socket::CloseCode;
use crate::time::{SimTime, Span};
use crate::wire::{self, Disconnect, Packet, ReasonCode, Version};
use bytes::{Bytes, BytesMut};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// How many bytes may wait for one connection's network before the broker holds back what it may hold back.
const WAITING_BYTES: usize = 1 << 20;
/// What a packet that waits takes beyond its own bytes, about.
const PLACE_BYTES: usize = 256;
/// Where more waits for a connection, small packets are copied: else each would hold on to what others share with it.
const SLOW_BYTES: usize = 64 << 10;
/// Packets of fewer bytes are small.
const SMALL_BYTES: usize = 4 << 10;
/// How many things that came from peers are handled before the trace is written out and timers are looked at.
const BATCH: usize = 16;
/// After so many turns of the event loop in which nothing came, everything that was on its way through the tasks has come: from
/// a socket to the broker, or back, it takes a few.
const QUIET_TURNS: usize = 16;

/// What a connection's task tells the hub. Each connection has a `key` of its own that is never given again.
pub(super) enum FromPeer {
    Opened {
        key: u64,
        protocol: Option<&'static str>,
        since: Instant,
        out: mpsc::UnboundedSender<ToPeer>,
        hold: Hold,
        may_read: watch::Sender<bool>,
    },
    Received {
        key: u64,
        bytes: Bytes,
    },
    /// So much has left for the network, by [`waiting_bytes`].
    Written {
        key: u64,
        bytes: usize,
    },
    Ended {
        key: u64,
        how: Closed,
    },
    /// There was no place for a connection, or its WebSocket handshake failed, with a status then.
    Refused {
        why: &'static str,
        status: Option<u16>,
    },
}

/// What the hub asks of a connection's task.
pub(super) enum ToPeer {
    /// One packet: its head, then its payload.
    Send(Bytes, Bytes),
    /// Close, once everything before it has left.
    Close(CloseCode),
}

/// One connection, from `Opened` until it ended or the broker closed it. To drop it lets its task go.
struct Peer {
    conn: ConnId,
    /// How many bytes the broker has taken from it.
    received_bytes: u64,
    waiting_bytes: usize,
    out: mpsc::UnboundedSender<ToPeer>,
    hold: Hold,
    may_read: watch::Sender<bool>,
}

/// The broker and its connections.
pub(super) struct Hub<L> {
    cloud: Cloud,
    log: L,
    clock: Clock,
    peers: BTreeMap<u64, Peer>,
    /// Whose connection the broker calls by this number.
    keys: BTreeMap<ConnId, u64>,
    /// From whom nothing is read for now.
    paused: BTreeSet<u64>,
    /// What waits for all connections together, and how much that may be.
    waiting_bytes: usize,
    waiting_max_bytes: usize,
}

impl<L: Log> Hub<L> {
    pub(super) fn new(cloud: Cloud, log: L, clock: Clock) -> Self {
        let waiting_max_bytes = number(cloud.profile(), "broker.max_bytes").unwrap_or(usize::MAX);
        let (peers, keys) = (BTreeMap::new(), BTreeMap::new());
        Self { cloud, log, clock, peers, keys, paused: BTreeSet::new(), waiting_bytes: 0, waiting_max_bytes }
    }

    /// Moves bytes until it is told to stop, who turns the clock is gone, or the trace cannot be written.
    pub(super) async fn run(
        mut self,
        mut from_peers: mpsc::Receiver<FromPeer>,
        mut stop: oneshot::Receiver<()>,
    ) -> Result<(), Complaint> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let deadline = self.cloud.next_deadline().and_then(|at| self.clock.comes(at));
            tokio::select! {
                // A long line of packets must not keep timers from their time, hence the order.
                biased;
                _ = &mut stop => break,
                () = until(deadline) => {
                    let now = self.clock.now();
                    self.cloud.tick(now, &mut self.log);
                    self.drain();
                }
                line = self.clock.line() => {
                    let Some(line) = line else { break };
                    let answer = self.obey(&line, &mut from_peers).await;
                    // Whoever reads the answer finds all of it in the trace.
                    self.log.write_out()?;
                    say(&answer)?;
                }
                count = from_peers.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        break;
                    }
                    for event in batch.drain(..) {
                        self.handle(event);
                    }
                }
            }
            self.log.write_out()?;
        }
        self.stop();
        self.log.write_out()
    }

    /// Does what whoever turns the clock asks for; the answer.
    async fn obey(&mut self, line: &str, from_peers: &mut mpsc::Receiver<FromPeer>) -> String {
        // What came before the line belongs to the time before it.
        self.become_quiet(from_peers).await;
        let sessions = self.cloud.sessions(self.clock.now());
        let clients = sessions.iter().map(|session| (&*session.client, session.version));
        match read_line(line, clients) {
            Ok(Asked::Settle) => {}
            Ok(Asked::Advance(span)) => self.advance(span, from_peers).await,
            Ok(Asked::Operator(command)) => {
                let now = self.clock.now();
                let done = self.cloud.command(now, command, Cause::NONE, &mut self.log);
                self.drain();
                self.become_quiet(from_peers).await;
                if let Err(error) = done {
                    return format!("error: {error}");
                }
            }
            Err(error) => return format!("error: {error}"),
        }
        let bytes: u64 = self.peers.values().map(|peer| peer.received_bytes).sum();
        let at = self.clock.now().since(SimTime::ZERO);
        format!("at {at}: connections {}, bytes received {bytes}", self.peers.len())
    }

    /// Lets time pass, stopping at each moment that the broker asks for.
    async fn advance(&mut self, span: Span, from_peers: &mut mpsc::Receiver<FromPeer>) {
        let end = self.clock.now() + span;
        while let Some(due) = self.cloud.next_deadline().filter(|due| *due <= end) {
            self.clock.turn(due);
            self.cloud.tick(due, &mut self.log);
            self.drain();
            self.become_quiet(from_peers).await;
        }
        self.clock.turn(end);
    }

    /// Waits until all that has come is handled and all that was sent has left, or waits for its peer.
    async fn become_quiet(&mut self, from_peers: &mut mpsc::Receiver<FromPeer>) {
        let mut turns = 0;
        while turns < QUIET_TURNS {
            tokio::task::yield_now().await;
            turns += 1;
            while let Ok(event) = from_peers.try_recv() {
                self.handle(event);
                turns = 0;
            }
        }
    }

    fn handle(&mut self, event: FromPeer) {
        let now = self.clock.now();
        match event {
            FromPeer::Opened { key, protocol, since, out, hold, may_read } => {
                let cause = protocol.map_or(Cause::NONE, |protocol| {
                    self.log.note(Event {
                        why: protocol,
                        ..Event::new(now, Kind::SocketOpened, By::Broker, "", Cause::NONE)
                    })
                });
                let link = Link {
                    websocket: protocol.is_some(),
                    bytes_free: WAITING_BYTES,
                    packet_bytes: PLACE_BYTES,
                    age: self.clock.since(since),
                    principal: None,
                };
                let conn = self.cloud.open(now, link, cause, &mut self.log);
                self.keys.insert(conn, key);
                let peer = Peer { conn, received_bytes: 0, waiting_bytes: 0, out, hold, may_read };
                self.peers.insert(key, peer);
            }
            FromPeer::Received { key, bytes } => {
                let Some(peer) = self.peers.get_mut(&key) else { return };
                peer.received_bytes += bytes.len() as u64;
                self.cloud.receive(now, peer.conn, bytes, Cause::NONE, &mut self.log);
                self.pace(key);
            }
            FromPeer::Written { key, bytes } => {
                let Some(peer) = self.peers.get_mut(&key) else { return };
                peer.waiting_bytes = peer.waiting_bytes.saturating_sub(bytes);
                self.waiting_bytes = self.waiting_bytes.saturating_sub(bytes);
                let free = WAITING_BYTES.saturating_sub(peer.waiting_bytes);
                self.cloud.writable(now, peer.conn, free, Cause::NONE, &mut self.log);
                self.pace(key);
            }
            FromPeer::Ended { key, how } => {
                let Some(peer) = self.forget(key) else { return };
                self.cloud.closed(now, peer.conn, how, Cause::NONE, &mut self.log);
            }
            FromPeer::Refused { why, status } => {
                let rule = status.is_none().then_some(own("glassbroker.bound.connections"));
                let event = Event::new(now, Kind::SocketRefused, By::Broker, "", Cause::NONE);
                self.log.note(Event { why, rule, code: status, ..event });
            }
        }
        self.drain();
    }

    /// Reads from a peer as long as it reads the answers, and no faster than its rate.
    fn pace(&mut self, key: u64) {
        if let Some(peer) = self.peers.get(&key) {
            let may = !self.cloud.is_behind(peer.conn);
            if !may {
                self.paused.insert(key);
            }
            peer.may_read.send_if_modified(|before| std::mem::replace(before, may) != may);
        }
    }

    /// A connection is none of the hub's any more.
    fn forget(&mut self, key: u64) -> Option<Peer> {
        let peer = self.peers.remove(&key)?;
        self.keys.remove(&peer.conn);
        self.waiting_bytes = self.waiting_bytes.saturating_sub(peer.waiting_bytes);
        Some(peer)
    }

    /// Does what the broker asks for, and cuts the connections that read least while more waits than may.
    fn drain(&mut self) {
        self.drain_broker();
        for key in std::mem::take(&mut self.paused) {
            self.pace(key);
        }
        while self.waiting_bytes > self.waiting_max_bytes {
            let most = self.peers.iter().max_by_key(|(_, peer)| peer.waiting_bytes).map(|(key, _)| *key);
            let Some(peer) = most.and_then(|key| self.forget(key)) else { return };
            let _ = peer.hold.send(());
            self.cloud.closed(self.clock.now(), peer.conn, Closed::Lost, Cause::NONE, &mut self.log);
            self.drain_broker();
        }
    }

    fn drain_broker(&mut self) {
        while let Some(output) = self.cloud.poll() {
            match output {
                Output::Send { conn, head, body, .. } => {
                    if let Some(peer) = self.keys.get(&conn).and_then(|key| self.peers.get_mut(key)) {
                        let bytes = waiting_bytes(&head, &body);
                        let is_pinned = peer.waiting_bytes > SLOW_BYTES && bytes < SMALL_BYTES;
                        peer.waiting_bytes += bytes;
                        self.waiting_bytes += bytes;
                        // Where its task is gone, `Ended` is on the way.
                        let _ = peer.out.send(match is_pinned {
                            true => ToPeer::Send(copied(&head, &body), Bytes::new()),
                            false => ToPeer::Send(head, body),
                        });
                    }
                }
                Output::Close { conn, code, .. } => {
                    if let Some(peer) = self.keys.get(&conn).copied().and_then(|key| self.forget(key)) {
                        let _ = peer.out.send(ToPeer::Close(CloseCode::of(code)));
                    }
                }
            }
        }
    }

    /// Tells MQTT 5 clients that the server shuts down, and ends every connection.
    fn stop(&mut self) {
        let mut goodbye = BytesMut::new();
        let packet = Packet::Disconnect(Disconnect::new(ReasonCode::SERVER_SHUTTING_DOWN));
        wire::encode(&packet, Version::V5, &mut goodbye);
        let goodbye = goodbye.freeze();
        let now = self.clock.now();
        for session in self.cloud.sessions(now) {
            let Some(connection) = session.connection.filter(|_| session.version == Version::V5) else {
                continue;
            };
            if let Some(peer) = self.keys.get(&connection.conn).and_then(|key| self.peers.get(key)) {
                let _ = peer.out.send(ToPeer::Send(goodbye.clone(), Bytes::new()));
            }
        }
        // It closes every connection, and does nothing else that could fail.
        let stop = Command::Restart { keep_store: false };
        let _ = self.cloud.command(now, stop, Cause::NONE, &mut self.log);
        self.drain();
        self.peers.clear();
    }
}

/// Answers whoever turns the clock.
fn say(answer: &str) -> Result<(), Complaint> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answer}").and_then(|()| out.flush()).map_err(Complaint::new)
}

/// What a packet takes while it waits.
pub(super) fn waiting_bytes(head: &Bytes, body: &Bytes) -> usize {
    head.len() + body.len() + PLACE_BYTES
}

/// A packet in one piece.
pub(super) fn joined(head: Bytes, body: Bytes) -> Bytes {
    if body.is_empty() { head } else { copied(&head, &body) }
}

/// A packet in one piece, in memory of its own.
fn copied(head: &Bytes, body: &Bytes) -> Bytes {
    let mut packet = BytesMut::with_capacity(head.len() + body.len());
    packet.extend_from_slice(head);
    packet.extend_from_slice(body);
    packet.freeze()
}

/// Waits for a moment, or for ever where there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
