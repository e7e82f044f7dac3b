//! MQTT straight over TCP.

use super::hub::{FromPeer, ToPeer};
use super::peer::{Line, may_read, run};
use crate::broker::Closed;
use bytes::BytesMut;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How many bytes are read at once at most.
const READ_BYTES: usize = 64 << 10;
/// How many packets are gathered for one write at most.
const GATHER: usize = 64;
/// A payload that is longer is written from where it is, not copied behind its head.
const COPY_BYTES: usize = 4 << 10;

pub(super) async fn connection(stream: TcpStream, key: u64, hub: mpsc::Sender<FromPeer>) {
    let Some(line) = Line::open(key, hub, None).await else { return };
    let (reader, writer) = stream.into_split();
    let read = read(reader, key, line.hub.clone(), line.reading.clone());
    let write = write(writer, key, line.hub.clone(), line.out);
    run(key, &line.hub, line.reading, read, write).await;
}

async fn read(
    mut from: OwnedReadHalf,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    reading: watch::Receiver<Instant>,
) -> Closed {
    let mut buffer = BytesMut::new();
    loop {
        may_read(&reading).await;
        buffer.reserve(READ_BYTES);
        match from.read_buf(&mut buffer).await {
            Ok(0) => return Closed::Finished,
            Ok(_) => {
                let bytes = buffer.split().freeze();
                if hub.send(FromPeer::Received { key, bytes }).await.is_err() {
                    return Closed::Lost;
                }
            }
            Err(_) => return Closed::Lost,
        }
    }
}

async fn write(
    mut to: OwnedWriteHalf,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    mut out: mpsc::UnboundedReceiver<ToPeer>,
) -> io::Result<()> {
    let mut batch = Vec::with_capacity(GATHER);
    let mut buffer = BytesMut::new();
    let mut open = true;
    while open && out.recv_many(&mut batch, GATHER).await > 0 {
        let mut bytes = 0;
        for item in batch.drain(..) {
            let ToPeer::Send(head, body) = item else {
                open = false;
                break;
            };
            bytes += head.len() + body.len();
            buffer.extend_from_slice(&head);
            if body.len() <= COPY_BYTES {
                buffer.extend_from_slice(&body);
            } else {
                to.write_all(&buffer).await?;
                buffer.clear();
                to.write_all(&body).await?;
            }
        }
        to.write_all(&buffer).await?;
        buffer.clear();
        let _ = hub.send(FromPeer::Written { key, bytes }).await;
    }
    to.shutdown().await
}
