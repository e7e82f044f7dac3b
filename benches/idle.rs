//! What an idle connection to `glassbroker serve` costs, and how long a message to one of very many takes.
//!
//! `ulimit -n "$(ulimit -Hn)" && cargo bench --bench idle`: it needs some more file descriptors than there are connections, and the
//! broker as many.
#![cfg(target_os = "linux")]

#[path = "../tests/common/serve.rs"]
mod serve;

use serve::{Serve, frame, read_frame, read_packet};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// In each half.
const CONNECTIONS: usize = 5_000;
const PUBLICATIONS: usize = 10_000;

/// One idle client.
struct Client {
    stream: TcpStream,
    websocket: bool,
}

impl Client {
    fn send(&mut self, packet: &[u8]) {
        let bytes = if self.websocket { frame(2, packet) } else { packet.to_vec() };
        self.stream.write_all(&bytes).expect("written");
    }

    fn receive(&mut self) -> Vec<u8> {
        if self.websocket { read_frame(&mut self.stream).1 } else { read_packet(&mut self.stream) }
    }
}

fn main() {
    let serve = Serve::start(&["--max-connections", "20000"]);
    let mut clients = Vec::with_capacity(2 * CONNECTIONS);
    let mut before = serve.resident_bytes();
    for (websocket, over) in [(false, "TCP"), (true, "WebSocket")] {
        let start = Instant::now();
        clients.extend((0..CONNECTIONS).map(|n| join(&serve, websocket, &format!("{over}{n:05}"))));
        let took = start.elapsed();
        let now = serve.resident_bytes();
        let each = (now - before) as f64 / CONNECTIONS as f64 / 1e3;
        println!("memory for each, over {over}: {each:.1} KB");
        println!("to accept one with its subscription, over {over}: {:.0} µs", micros(took, CONNECTIONS));
        before = now;
    }
    let start = Instant::now();
    for client in &mut clients {
        client.send(b"\xc0\x00");
    }
    for client in &mut clients {
        assert_eq!(client.receive(), [0xd0, 0], "it is still connected");
    }
    println!("to answer PINGREQ of all: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut publisher = join(&serve, false, "publisher");
    let mut took: Vec<Duration> = (0..PUBLICATIONS)
        .map(|n| {
            // Scattered, so that none is the one from before.
            let at = n * 7_919 % clients.len();
            let (over, number) = if at < CONNECTIONS { ("TCP", at) } else { ("WebSocket", at - CONNECTIONS) };
            let packet = with_text(0x30, b"", &format!("{over}{number:05}"), b"hello");
            let start = Instant::now();
            publisher.send(&packet);
            assert_eq!(clients[at].receive(), packet);
            start.elapsed()
        })
        .collect();
    took.sort();
    let at = |percent: usize| micros(took[(took.len() - 1) * percent / 100], 1);
    println!("a message to one of them, QoS 0: {:.0} µs, of a hundred the slowest {:.0} µs", at(50), at(99));
    serve.stop();
}

fn micros(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e6 / count as f64
}

/// A client of 3.1.1 with a keep alive of 60 s and a subscription to its own identifier.
fn join(serve: &Serve, websocket: bool, id: &str) -> Client {
    let stream = if websocket { serve.upgrade("/mqtt", "mqtt").1 } else { serve.tcp() };
    stream.set_nodelay(true).expect("a socket");
    let mut client = Client { stream, websocket };
    client.send(&with_text(0x10, b"\x00\x04MQTT\x04\x02\x00\x3c", id, b""));
    assert_eq!(client.receive(), [0x20, 2, 0, 0]);
    client.send(&with_text(0x82, b"\x00\x01", id, b"\x00"));
    assert_eq!(client.receive(), [0x90, 3, 0, 1, 0]);
    client
}

/// A packet with one text in it.
fn with_text(first: u8, before: &[u8], text: &str, after: &[u8]) -> Vec<u8> {
    let length = before.len() + 2 + text.len() + after.len();
    [&[first, length as u8], before, &[0, text.len() as u8], text.as_bytes(), after].concat()
}
