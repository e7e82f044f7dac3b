//! The two brokers behind one door: bytes to a connection, whole packets from it.

use bytes::Bytes;

/// One of the brokers that are compared.
pub(crate) trait Side {
    /// Its name in what the test prints.
    fn name(&self) -> &'static str;
    /// Opens a connection and gives its number, which is used once.
    fn open(&mut self) -> usize;
    /// Sends bytes; nothing happens where the broker has closed the connection.
    fn send(&mut self, conn: usize, bytes: &[u8]);
    /// The next whole packet; waits for it. `None` once the broker has closed the connection.
    fn receive(&mut self, conn: usize) -> Option<Bytes>;
    /// The network fails. The broker knows it when this returns; what it still sent is lost.
    fn cut(&mut self, conn: usize);
}
