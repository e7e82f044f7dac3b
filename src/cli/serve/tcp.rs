//! MQTT straight over TCP.

use super::hub::{FromPeer, ToPeer, waiting_bytes};
use super::peer::{Line, may_read, run};
use crate::broker::Closed;
use bytes::{Bytes, BytesMut};
use std::io;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How many bytes are read at once at most.
const READ_BYTES: usize = 16 << 10;
/// How many packets are gathered for one write at most.
const GATHER: usize = 1_024;
/// A payload that is longer is written from where it is, not copied behind its head.
const COPY_BYTES: usize = 4 << 10;

pub(super) async fn connection(stream: TcpStream, key: u64, hub: mpsc::Sender<FromPeer>) {
    let Some(line) = Line::open(key, hub, None, Instant::now()).await else { return };
    let (reader, writer) = stream.into_split();
    let read = read(reader, key, line.hub.clone(), line.reading);
    let write = write(writer, key, line.hub.clone(), line.out);
    run(key, &line.hub, line.held, read, write).await;
}

async fn read(
    from: OwnedReadHalf,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    mut reading: watch::Receiver<bool>,
) -> Closed {
    loop {
        may_read(&mut reading).await;
        if from.readable().await.is_err() {
            return Closed::Lost;
        }
        match take(&from) {
            Ok(bytes) if bytes.is_empty() => return Closed::Finished,
            Ok(bytes) => {
                if hub.send(FromPeer::Received { key, bytes }).await.is_err() {
                    return Closed::Lost;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Closed::Lost,
        }
    }
}

/// What has come, in memory of just its size: an idle connection holds no buffer, and a message that is kept holds no more than
/// came with it.
fn take(from: &OwnedReadHalf) -> io::Result<Bytes> {
    let mut buffer = [0; READ_BYTES];
    let length = from.try_read(&mut buffer)?;
    Ok(Bytes::copy_from_slice(&buffer[..length]))
}

async fn write(
    mut to: OwnedWriteHalf,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    mut out: mpsc::UnboundedReceiver<ToPeer>,
) -> io::Result<()> {
    let mut open = true;
    while open {
        // Memory for them is taken once there are any.
        let mut batch = Vec::new();
        if out.recv_many(&mut batch, GATHER).await == 0 {
            break;
        }
        let mut buffer = BytesMut::new();
        let mut bytes = 0;
        for item in batch.drain(..) {
            let ToPeer::Send(head, body) = item else {
                open = false;
                break;
            };
            bytes += waiting_bytes(&head, &body);
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
        let _ = hub.send(FromPeer::Written { key, bytes }).await;
    }
    to.shutdown().await
}
