//! MQTT over WebSocket: packets in binary messages, cut anywhere [MQTT-6.0.0-2].

use super::hub::{FromPeer, ToPeer, joined, waiting_bytes};
use super::meter::{Meter, Metered, Total};
use super::peer::{Line, may_read, run};
use crate::broker::Closed;
use crate::socket::{CloseCode, Refusal, negotiate};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// A message of fewer bytes is copied, so that one that is kept holds no more than came with it.
const COPY_BYTES: usize = 64 << 10;

/// What holds for every connection.
pub(super) struct Terms {
    /// How long a peer may take for the opening handshake; `None` where it may for ever.
    pub(super) patience: Option<Duration>,
    /// The longest message that is taken, in bytes; packets beyond must come in several.
    pub(super) message_max_bytes: usize,
    /// What has come of messages that are not whole.
    pub(super) unfinished: Arc<Total>,
}

pub(super) async fn connection(stream: TcpStream, key: u64, hub: mpsc::Sender<FromPeer>, terms: Arc<Terms>) {
    let since = Instant::now();
    let mut outcome = None;
    let config = WebSocketConfig::default()
        .read_buffer_size(4 << 10)
        .write_buffer_size(0)
        .max_message_size(Some(terms.message_max_bytes))
        .max_frame_size(Some(terms.message_max_bytes));
    let meter = Meter::new(&terms.unfinished);
    let stream = Metered { stream, meter: meter.clone() };
    #[expect(clippy::result_large_err, reason = "the library says what a handshake's callback gives back")]
    let accepted = timeout(
        terms.patience.unwrap_or(Duration::MAX),
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
            let Some(line) = Line::open(key, hub, Some(protocol), since).await else { return };
            let (writer, reader) = socket.split();
            let (own_close, closing) = mpsc::channel(1);
            let read = read(reader, key, line.hub.clone(), line.reading, meter, own_close);
            let write = write(writer, key, line.hub.clone(), line.out, closing);
            run(key, &line.hub, line.held, read, write).await;
        }
        (_, Some(Err(Refusal { why, status, .. }))) => {
            let _ = hub.send(FromPeer::Refused { why, status: Some(status) }).await;
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
    mut from: SplitStream<WebSocketStream<Metered>>,
    key: u64,
    hub: mpsc::Sender<FromPeer>,
    mut reading: watch::Receiver<bool>,
    meter: Meter,
    own_close: mpsc::Sender<CloseCode>,
) -> Closed {
    let mut how = Closed::Lost;
    loop {
        may_read(&mut reading).await;
        let message = from.next().await;
        meter.clear();
        match message {
            Some(Ok(Message::Binary(bytes))) => {
                let bytes = if bytes.len() < COPY_BYTES { Bytes::copy_from_slice(&bytes) } else { bytes };
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
            Some(Err(Error::Capacity(_))) => {
                let _ = own_close.send(CloseCode::TOO_BIG).await;
                return how;
            }
            Some(Err(_)) | None => return how,
        }
    }
}

async fn write(
    mut to: SplitSink<WebSocketStream<Metered>, Message>,
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
                let bytes = waiting_bytes(&head, &body);
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
