//! The task that owns the broker: what peers send goes in, what the broker asks for goes out to them.

use super::log::Log;
use crate::broker::{Broker, By, Cause, Closed, Command, ConnId, Event, Kind, Link, Output};
use crate::cli::complaint::Complaint;
use crate::socket::CloseCode;
use crate::time::SimTime;
use crate::wire::{self, Disconnect, Packet, ReasonCode, Version};
use bytes::{Bytes, BytesMut};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// How many bytes may wait for one connection's network before the broker holds back what it may hold back.
const WAITING_BYTES: usize = 1 << 20;
/// How many things that came from peers are handled before the trace is written out and timers are looked at.
const BATCH: usize = 64;

/// What a connection's task tells the hub. Each connection has a `key` of its own that is never given again.
pub(super) enum FromPeer {
    Opened {
        key: u64,
        protocol: Option<&'static str>,
        out: mpsc::UnboundedSender<ToPeer>,
        reading: watch::Sender<Instant>,
    },
    Received {
        key: u64,
        bytes: Bytes,
    },
    /// So many bytes have left for the network.
    Written {
        key: u64,
        bytes: usize,
    },
    Ended {
        key: u64,
        how: Closed,
    },
    /// A WebSocket handshake failed.
    Refused {
        why: &'static str,
        status: u16,
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
    waiting_bytes: usize,
    out: mpsc::UnboundedSender<ToPeer>,
    /// The moment from which the task may read.
    reading: watch::Sender<Instant>,
}

/// The broker and its connections.
pub(super) struct Hub<L> {
    broker: Broker,
    log: L,
    began: Instant,
    peers: BTreeMap<u64, Peer>,
    /// Whose connection the broker calls by this number.
    keys: BTreeMap<ConnId, u64>,
}

impl<L: Log> Hub<L> {
    pub(super) fn new(broker: Broker, log: L) -> Self {
        Self { broker, log, began: Instant::now(), peers: BTreeMap::new(), keys: BTreeMap::new() }
    }

    /// Moves bytes until it is told to stop, or until the trace cannot be written.
    pub(super) async fn run(
        mut self,
        mut from_peers: mpsc::Receiver<FromPeer>,
        mut stop: oneshot::Receiver<()>,
    ) -> Result<(), Complaint> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let deadline = self.broker.next_deadline().map(|at| self.began + Duration::from_micros(at.0));
            tokio::select! {
                // A long line of packets must not keep timers from their time, hence the order.
                biased;
                _ = &mut stop => break,
                () = until(deadline) => {
                    let now = self.now();
                    self.broker.tick(now, &mut self.log);
                    self.drain();
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

    fn now(&self) -> SimTime {
        SimTime(self.began.elapsed().as_micros() as u64)
    }

    fn handle(&mut self, event: FromPeer) {
        let now = self.now();
        match event {
            FromPeer::Opened { key, protocol, out, reading } => {
                let cause = protocol.map_or(Cause::NONE, |protocol| {
                    self.log.note(Event {
                        why: protocol,
                        ..Event::new(now, Kind::SocketOpened, By::Broker, "", Cause::NONE)
                    })
                });
                let link = Link { websocket: protocol.is_some(), bytes_free: WAITING_BYTES };
                let conn = self.broker.open(now, link, cause, &mut self.log);
                self.keys.insert(conn, key);
                self.peers.insert(key, Peer { conn, waiting_bytes: 0, out, reading });
            }
            FromPeer::Received { key, bytes } => {
                let Some(peer) = self.peers.get(&key) else { return };
                self.broker.receive(now, peer.conn, bytes, Cause::NONE, &mut self.log);
            }
            FromPeer::Written { key, bytes } => {
                let Some(peer) = self.peers.get_mut(&key) else { return };
                peer.waiting_bytes = peer.waiting_bytes.saturating_sub(bytes);
                let free = WAITING_BYTES.saturating_sub(peer.waiting_bytes);
                self.broker.writable(now, peer.conn, free, Cause::NONE, &mut self.log);
            }
            FromPeer::Ended { key, how } => {
                let Some(peer) = self.peers.remove(&key) else { return };
                self.keys.remove(&peer.conn);
                self.broker.closed(now, peer.conn, how, Cause::NONE, &mut self.log);
            }
            FromPeer::Refused { why, status } => {
                let event = Event::new(now, Kind::SocketRefused, By::Broker, "", Cause::NONE);
                self.log.note(Event { why, code: Some(status), ..event });
            }
        }
        self.drain();
    }

    /// Does what the broker asks for.
    fn drain(&mut self) {
        while let Some(output) = self.broker.poll() {
            match output {
                Output::Send { conn, head, body, .. } => {
                    if let Some(peer) = self.keys.get(&conn).and_then(|key| self.peers.get_mut(key)) {
                        peer.waiting_bytes += head.len() + body.len();
                        // Where its task is gone, `Ended` is on the way.
                        let _ = peer.out.send(ToPeer::Send(head, body));
                    }
                }
                Output::PauseRead { conn, until } => {
                    if let Some(peer) = self.keys.get(&conn).and_then(|key| self.peers.get(key)) {
                        let until = self.began + Duration::from_micros(until.0);
                        peer.reading.send_replace(until);
                    }
                }
                Output::Close { conn, code, .. } => {
                    if let Some(peer) = self.keys.remove(&conn).and_then(|key| self.peers.remove(&key)) {
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
        let now = self.now();
        for session in self.broker.sessions(now) {
            let Some(connection) = session.connection.filter(|_| session.version == Version::V5) else {
                continue;
            };
            if let Some(peer) = self.keys.get(&connection.conn).and_then(|key| self.peers.get(key)) {
                let _ = peer.out.send(ToPeer::Send(goodbye.clone(), Bytes::new()));
            }
        }
        // It closes every connection, and does nothing else that could fail.
        let stop = Command::Restart { keep_store: false };
        let _ = self.broker.command(now, stop, Cause::NONE, &mut self.log);
        self.drain();
        self.peers.clear();
    }
}

/// Waits for a moment, or for ever where there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
