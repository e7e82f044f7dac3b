//! MQTT over WebSocket: packets in binary messages, cut anywhere [MQTT-6.0.0-2].

use super::hub::{FromPeer, ToPeer};
use super::peer::{Line, may_read, run};
use crate::broker::Closed;
use crate::socket::{CloseCode, Refusal, negotiate};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};

/// How long a peer may take for the opening handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The longest message that is taken, in bytes; a longer packet must come in several.
const MAX_MESSAGE_BYTES: usize = 64 << 20;

pub(super) async fn connection(stream: TcpStream, key: u64, hub: mpsc::Sender<FromPeer>) {
    let mut outcome = None;
    let config = WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    #[expect(clippy::result_large_err, reason = "the library says what a handshake's callback gives back")]
    let accepted = timeout(
        HANDSHAKE,
        tokio_tungstenite::accept_hdr_async_with_config(
            stream,
            |request: &Request, response: Response| {
                let answer = negotiate(request.uri().path(), &offered(request));
                outcome = Some(answer.clone());
                answer.map(|protocol| choose(response, protocol)).map_err(|refusal| refuse(&refusal))
            },
            Some(config),
        ),
    )
    .await;
    match (accepted, outcome) {
        (Ok(Ok(socket)), Some(Ok(protocol))) => {
            let Some(line) = Line::open(key, hub, Some(protocol)).await else { return };
            let (writer, reader) = socket.split();
            let (own_close, closing) = mpsc::channel(1);
            let read = read(reader, key, line.hub.clone(), line.reading.clone(), own_close);
            let write = write(writer, key, line.hub.clone(), line.out, closing);
            run(key, &line.hub, line.reading, read, write).await;
        }
        (_, Some(Err(Refusal { why, status, .. }))) => {
            let _ = hub.send(FromPeer::Refused { why, status }).await;
        }
        _ => {}
    }
}

/// The subprotocols that a request offers, in order; they may be spread over several headers (RFC 6455, 11.3.4).
fn offered(request: &Request) -> Vec<&str> {
    let headers = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    headers
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
        .collect()
}

fn choose(mut response: Response, protocol: &'static str) -> Response {
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    response
}

fn refuse(refusal: &Refusal) -> ErrorResponse {
    let mut response = ErrorResponse::new(Some(format!("{}\n", refusal.why)));
    *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    response
}

async fn read(
    mut from: SplitStream<WebSocketStream<TcpStream>>,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    reading: watch::Receiver<Instant>,
    own_close: mpsc::Sender<CloseCode>,
) -> Closed {
    let mut how = Closed::Lost;
    loop {
        may_read(&reading).await;
        match from.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                if hub.send(FromPeer::Received { key, bytes }).await.is_err() {
                    return how;
                }
            }
            // A server that gets anything else must close the connection [MQTT-6.0.0-1].
            Some(Ok(Message::Text(_))) => {
                let _ = own_close.send(CloseCode::UNSUPPORTED_DATA).await;
                return how;
            }
            // The answer to it leaves with the next look at the stream, which then ends.
            Some(Ok(Message::Close(_))) => how = Closed::WebSocketClose,
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return how,
        }
    }
}

async fn write(
    mut to: SplitSink<WebSocketStream<TcpStream>, Message>,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    mut out: mpsc::UnboundedReceiver<ToPeer>,
    mut own_close: mpsc::Receiver<CloseCode>,
) -> io::Result<()> {
    let code = loop {
        let item = tokio::select! {
            // When the reader asks to close, the hub lets go as well: the Close frame comes first.
            biased;
            Some(code) = own_close.recv() => break code,
            item = out.recv() => item,
        };
        match item {
            Some(ToPeer::Send(head, body)) => {
                let bytes = head.len() + body.len();
                to.send(Message::Binary(joined(head, body))).await.map_err(io::Error::other)?;
                let _ = hub.send(FromPeer::Written { key, bytes }).await;
            }
            Some(ToPeer::Close(code)) => break code,
            // The peer has ended it, and was answered.
            None => return Ok(()),
        }
    };
    let frame = CloseFrame { code: code.0.into(), reason: "".into() };
    to.send(Message::Close(Some(frame))).await.map_err(io::Error::other)
}

fn joined(head: Bytes, body: Bytes) -> Bytes {
    if body.is_empty() {
        return head;
    }
    let mut packet = BytesMut::with_capacity(head.len() + body.len());
    packet.extend_from_slice(&head);
    packet.extend_from_slice(&body);
    packet.freeze()
}
