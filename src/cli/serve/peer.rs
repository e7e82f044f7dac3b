//! What connections over TCP and over WebSocket have in common: a reader and a writer side by side, and how they end.

use super::hub::{FromPeer, ToPeer};
use crate::broker::Closed;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

/// How long a peer may take for what was still to be sent, and for its own end of the connection.
const LINGER: Duration = Duration::from_secs(2);

/// What a connection's task holds of the hub.
pub(super) struct Line {
    pub(super) hub: mpsc::Sender<FromPeer>,
    /// What is to be sent; ends when the hub lets the connection go.
    pub(super) out: mpsc::UnboundedReceiver<ToPeer>,
    /// The moment from which may be read; its sender goes when the hub lets the connection go.
    pub(super) reading: watch::Receiver<Instant>,
}

impl Line {
    /// Announces a connection; `None` where the hub is gone.
    pub(super) async fn open(
        key: u64,
        hub: mpsc::Sender<FromPeer>,
        protocol: Option<&'static str>,
    ) -> Option<Self> {
        let (to_peer, out) = mpsc::unbounded_channel();
        let (pause, reading) = watch::channel(Instant::now());
        hub.send(FromPeer::Opened { key, protocol, out: to_peer, reading: pause }).await.ok()?;
        Some(Self { hub, out, reading })
    }
}

/// Waits while the broker wants nothing read.
pub(super) async fn may_read(reading: &watch::Receiver<Instant>) {
    let from = *reading.borrow();
    if from > Instant::now() {
        sleep_until(from).await;
    }
}

/// Runs both directions until one ends or the hub lets go; then gives the other a little time, so that what was sent last arrives.
///
/// A socket that is dropped with unread bytes in it is reset, and the peer may then lose the packet that told it why.
pub(super) async fn run(
    key: u64,
    hub: &mpsc::Sender<FromPeer>,
    mut released: watch::Receiver<Instant>,
    read: impl Future<Output = Closed>,
    write: impl Future<Output = io::Result<()>>,
) {
    let (mut read, mut write) = (pin!(read), pin!(write));
    let released = async { while released.changed().await.is_ok() {} };
    tokio::select! {
        how = &mut read => {
            let _ = hub.send(FromPeer::Ended { key, how }).await;
            let _ = timeout(LINGER, write).await;
        }
        written = &mut write => match written {
            Ok(()) => {
                let _ = timeout(LINGER, read).await;
            }
            Err(_) => {
                let _ = hub.send(FromPeer::Ended { key, how: Closed::Lost }).await;
            }
        },
        () = released => {
            let _ = timeout(LINGER, async {
                let _ = write.await;
                read.await
            })
            .await;
        }
    }
}
