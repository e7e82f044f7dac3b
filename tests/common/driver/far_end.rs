//! A client's end of one real connection.

use bytes::Bytes;
use glassbroker::broker::Closed;
use glassbroker::socket::CloseCode;
use glassbroker::wire::ReasonCode;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket};

pub enum FarEnd {
    Tcp(TcpStream),
    /// With what came and is not taken yet.
    WebSocket(Box<WebSocket<TcpStream>>, Vec<u8>),
}

impl FarEnd {
    /// A WebSocket after its handshake.
    pub fn web_socket(stream: TcpStream) -> Self {
        Self::WebSocket(Box::new(WebSocket::from_raw_socket(stream, Role::Client, None)), Vec::new())
    }

    fn stream(&self) -> &TcpStream {
        match self {
            Self::Tcp(stream) => stream,
            Self::WebSocket(socket, _) => socket.get_ref(),
        }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        // The broker may end the connection in the middle of it.
        let _ = match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            Self::WebSocket(socket, _) => {
                let message = Message::Binary(Bytes::copy_from_slice(bytes));
                socket.send(message).map_err(std::io::Error::other)
            }
        };
    }

    /// The next bytes that the broker sent, as soon as there are so many.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        match self {
            Self::Tcp(stream) => {
                let mut bytes = vec![0; count];
                stream.read_exact(&mut bytes).expect("as many bytes come");
                bytes
            }
            Self::WebSocket(socket, came) => {
                while came.len() < count {
                    match socket.read().expect("as many bytes come") {
                        Message::Binary(bytes) => came.extend_from_slice(&bytes),
                        other => panic!("{other:?} is no binary message [MQTT-6.0.0-1]"),
                    }
                }
                came.drain(..count).collect()
            }
        }
    }

    /// Nothing more is there, and the connection stays open.
    pub fn expect_nothing(&mut self) {
        self.stream().set_nonblocking(true).expect("a socket");
        let waits = match self {
            Self::Tcp(stream) => match stream.read(&mut [0; 64]) {
                Err(error) => error.kind() == ErrorKind::WouldBlock,
                Ok(_) => false,
            },
            Self::WebSocket(socket, came) => {
                let waits =
                    matches!(socket.read(), Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock);
                waits && came.is_empty()
            }
        };
        assert!(waits, "the broker sends no more, and keeps the connection");
        self.stream().set_nonblocking(false).expect("a socket");
    }

    /// The broker ends the connection, over WebSocket with the code that belongs to this reason.
    pub fn expect_end(mut self, code: ReasonCode) {
        match &mut self {
            Self::Tcp(stream) => match stream.read(&mut [0; 64]) {
                Ok(count) => assert_eq!(count, 0, "nothing comes but the end"),
                // It did not read all that was sent to it.
                Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
            },
            Self::WebSocket(socket, came) => {
                assert!(came.is_empty(), "nothing comes but the end");
                match socket.read() {
                    Ok(Message::Close(Some(CloseFrame { code: came, .. }))) => {
                        assert_eq!(CloseCode(came.into()), CloseCode::of(code));
                    }
                    other => panic!("{other:?} is no Close frame"),
                }
                let _ = socket.flush();
            }
        }
    }

    /// The client goes, or the network does.
    pub fn leave(self, how: Closed) {
        match (self, how) {
            (Self::WebSocket(mut socket, _), Closed::WebSocketClose) => {
                let normal = CloseFrame { code: CloseCode::NORMAL.0.into(), reason: "".into() };
                socket.close(Some(normal)).expect("a Close frame");
                assert!(matches!(socket.read(), Ok(Message::Close(_))), "it is answered");
            }
            (Self::Tcp(_), Closed::WebSocketClose) => {
                panic!("TCP has no Close frames: ask `has_close_frames`")
            }
            // What is dropped is closed.
            (_, Closed::Finished | Closed::Lost) => {}
        }
    }
}
