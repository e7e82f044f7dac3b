//! What peers have sent and no whole WebSocket message has come of: counted for all, so that it is bounded for all.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How many bytes a peer may always have on the way to a whole message.
const FREE_BYTES: usize = 4 << 10;

/// The sum of all connections, and what it may be.
#[derive(Debug)]
pub(super) struct Total {
    pub(super) most_bytes: usize,
    bytes: AtomicUsize,
}

impl Total {
    pub(super) fn new(most_bytes: usize) -> Arc<Self> {
        Arc::new(Self { most_bytes, bytes: AtomicUsize::new(0) })
    }
}

/// One connection's part of it.
#[derive(Clone, Debug)]
pub(super) struct Meter(Arc<Part>);

#[derive(Debug)]
struct Part {
    total: Arc<Total>,
    bytes: AtomicUsize,
}

impl Meter {
    pub(super) fn new(total: &Arc<Total>) -> Self {
        Self(Arc::new(Part { total: Arc::clone(total), bytes: AtomicUsize::new(0) }))
    }

    /// All that came has become a message, or will soon.
    pub(super) fn clear(&self) {
        self.0.clear();
    }

    /// So many more bytes came; fails where that is too many.
    fn add(&self, bytes: usize) -> io::Result<()> {
        let own = self.0.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let all = self.0.total.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match own > FREE_BYTES && all > self.0.total.most_bytes {
            true => Err(io::Error::other("too many bytes wait for the ends of their messages")),
            false => Ok(()),
        }
    }
}

impl Part {
    fn clear(&self) {
        self.total.bytes.fetch_sub(self.bytes.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A stream whose incoming bytes are counted.
#[derive(Debug)]
pub(super) struct Metered {
    pub(super) stream: TcpStream,
    pub(super) meter: Meter,
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        Poll::Ready(self.meter.add(buffer.filled().len() - before))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
