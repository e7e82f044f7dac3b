//! What connections over TCP and over WebSocket have in common: a reader and a writer side by side, and how they end.

use super::hub::{FromPeer, ToPeer};
use crate::broker::Closed;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

/// How long a peer may take for what was still to be sent, and for its own end of the connection.
const LINGER: Duration = Duration::from_secs(2);

/// The hub lets a connection go: to its end in order where this is dropped, at once where it is sent.
pub(super) type Hold = oneshot::Sender<()>;

/// What a connection's task holds of the hub.
pub(super) struct Line {
    pub(super) hub: mpsc::Sender<FromPeer>,
    /// What is to be sent; ends when the hub lets the connection go.
    pub(super) out: mpsc::UnboundedReceiver<ToPeer>,
    pub(super) held: oneshot::Receiver<()>,
    /// Whether may be read.
    pub(super) reading: watch::Receiver<bool>,
}

impl Line {
    /// Announces a connection that is open since a moment; `None` where the hub is gone.
    pub(super) async fn open(
        key: u64,
        hub: mpsc::Sender<FromPeer>,
        protocol: Option<&'static str>,
        since: Instant,
    ) -> Option<Self> {
        let (to_peer, out) = mpsc::unbounded_channel();
        let (hold, held) = oneshot::channel();
        let (may_read, reading) = watch::channel(true);
        hub.send(FromPeer::Opened { key, protocol, since, out: to_peer, hold, may_read }).await.ok()?;
        Some(Self { hub, out, held, reading })
    }
}

/// Waits while nothing may be read; not after the hub has let go.
pub(super) async fn may_read(reading: &mut watch::Receiver<bool>) {
    let _ = reading.wait_for(|may| *may).await;
}

/// Runs both directions until one ends or the hub lets go; then gives the other a little time, so that what was sent last arrives.
///
/// A socket that is dropped with unread bytes in it is reset, and the peer may then lose the packet that told it why.
pub(super) async fn run(
    key: u64,
    hub: &mpsc::Sender<FromPeer>,
    held: oneshot::Receiver<()>,
    read: impl Future<Output = Closed>,
    write: impl Future<Output = io::Result<()>>,
) {
    let (mut read, mut write) = (pin!(read), pin!(write));
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
        let_go = held => if let_go.is_err() {
            let _ = timeout(LINGER, async {
                let _ = write.await;
                read.await
            })
            .await;
        },
    }
}
