//! The broker of this project, in this process and out of time: no clock runs in it.

use super::side::Side;
use bytes::Bytes;
use glassbroker::broker::{Broker, Cause, Closed, ConnId, Link, NoObserver, Output};
use glassbroker::policy::Access;
use glassbroker::profile::Profile;
use glassbroker::time::SimTime;
use glassbroker::wire::Splitter;
use std::collections::BTreeMap;

struct Line {
    conn: ConnId,
    splitter: Splitter,
    open: bool,
}

/// Our broker under one profile.
pub(crate) struct Ours {
    broker: Broker,
    lines: Vec<Line>,
    by_conn: BTreeMap<ConnId, usize>,
}

impl Ours {
    pub(crate) fn new(profile: Profile) -> Self {
        Self::with(profile, Access::default())
    }

    /// One that is told who may do what.
    pub(crate) fn with(profile: Profile, access: Access) -> Self {
        Self {
            broker: Broker::new(profile, 1).with_access(access.into()),
            lines: Vec::new(),
            by_conn: BTreeMap::new(),
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.broker.poll() {
            match output {
                Output::Send { conn, head, body, .. } => {
                    if let Some(line) = self.by_conn.get(&conn) {
                        let line = &mut self.lines[*line];
                        line.splitter.push(head);
                        line.splitter.push(body);
                    }
                }
                Output::Close { conn, .. } => {
                    if let Some(line) = self.by_conn.remove(&conn) {
                        self.lines[line].open = false;
                    }
                }
            }
        }
    }
}

impl Side for Ours {
    fn name(&self) -> &'static str {
        "glassbroker"
    }

    fn open(&mut self) -> usize {
        let link = Link { websocket: false, bytes_free: usize::MAX, ..Link::default() };
        let conn = self.broker.open(SimTime::ZERO, link, Cause::NONE, &mut NoObserver);
        self.by_conn.insert(conn, self.lines.len());
        self.lines.push(Line { conn, splitter: Splitter::new(u32::MAX), open: true });
        self.drain();
        self.lines.len() - 1
    }

    fn send(&mut self, conn: usize, bytes: &[u8]) {
        let line = &self.lines[conn];
        if line.open {
            let bytes = Bytes::copy_from_slice(bytes);
            self.broker.receive(SimTime::ZERO, line.conn, bytes, Cause::NONE, &mut NoObserver);
            self.drain();
        }
    }

    fn receive(&mut self, conn: usize) -> Option<Bytes> {
        let line = &mut self.lines[conn];
        let packet = line.splitter.next().expect("our broker sends packets");
        assert!(packet.is_some() || !line.open, "our broker sends nothing that the client waits for");
        packet
    }

    fn cut(&mut self, conn: usize) {
        let line = &mut self.lines[conn];
        if line.open {
            line.open = false;
            let conn = line.conn;
            self.by_conn.remove(&conn);
            self.broker.closed(SimTime::ZERO, conn, Closed::Finished, Cause::NONE, &mut NoObserver);
            self.drain();
        }
    }
}
