//! `glassbroker serve` on free loopback ports, and what a client needs to talk to it byte by byte.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long what must happen may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A running broker. It is killed where a test ends before it stopped it.
pub(crate) struct Serve {
    process: Child,
    pub(crate) mqtt: SocketAddr,
    ws: SocketAddr,
}

impl Serve {
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_glassbroker"))
            .args(["serve", "--mqtt", "127.0.0.1:0", "--ws", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut lines = BufReader::new(process.stderr.take().expect("a pipe")).lines();
        let mut address = || {
            let line = lines.next().expect("it says where it listens").expect("text");
            let (_, rest) = line.split_once("://").unwrap_or_else(|| panic!("no address in {line}"));
            rest.trim_end_matches("/mqtt").parse().expect("an address")
        };
        let (mqtt, ws) = (address(), address());
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, mqtt, ws }
    }

    /// What is said to it and what it answers, with `--clock stdin`.
    pub(crate) fn dialogue(&mut self) -> (ChildStdin, ChildStdout) {
        (self.process.stdin.take().expect("a pipe"), self.process.stdout.take().expect("a pipe"))
    }

    /// A connection for MQTT over TCP.
    pub(crate) fn tcp(&self) -> TcpStream {
        connect(self.mqtt)
    }

    /// The same where clients come for WebSocket, without a handshake.
    #[cfg(target_os = "linux")]
    pub(crate) fn ws_tcp(&self) -> TcpStream {
        connect(self.ws)
    }

    /// How much of the machine's memory its process has, in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        let kilobytes: usize = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
        kilobytes << 10
    }

    /// The head of the answer to an opening handshake, and the connection behind it.
    pub(crate) fn upgrade(&self, path: &str, protocols: &str) -> (String, TcpStream) {
        let mut stream = connect(self.ws);
        let offer = if protocols.is_empty() {
            String::new()
        } else {
            format!("Sec-WebSocket-Protocol: {protocols}\r\n")
        };
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{offer}\r\n"
        )
        .expect("written");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let [byte] = read(&mut stream);
            head.push(byte);
        }
        (String::from_utf8(head).expect("text"), stream)
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        self.wait()
    }

    /// Waits until it has stopped.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.process.try_wait().expect("a child") {
                Some(status) => return status,
                None if Instant::now() > end => panic!("it does not stop"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Stops it; it must end well.
    pub(crate) fn stop(mut self) {
        assert_eq!(self.terminate().code(), Some(0));
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream.set_nodelay(true).expect("a socket");
    stream
}

fn read<const N: usize>(stream: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).expect("more bytes");
    bytes
}

/// The next packet, of at most 129 bytes.
pub(crate) fn read_packet(stream: &mut TcpStream) -> Vec<u8> {
    let [first, length] = read(stream);
    assert!(length < 0x80, "a short packet");
    let mut packet = vec![first, length];
    packet.resize(2 + usize::from(length), 0);
    stream.read_exact(&mut packet[2..]).expect("the whole packet");
    packet
}

/// A client's frame with this opcode (RFC 6455, 5.2), masked with zeros, of at most 125 bytes.
pub(crate) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("short");
    assert!(length <= 125, "short");
    let mut frame = vec![0x80 | opcode, 0x80 | length, 0, 0, 0, 0];
    frame.extend(payload);
    frame
}

/// The opcode and payload of the server's next frame.
pub(crate) fn read_frame(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let [first, length] = read(stream);
    assert!(length <= 125, "a short frame without a mask");
    let mut payload = vec![0; usize::from(length)];
    stream.read_exact(&mut payload).expect("the whole frame");
    (first & 0x0f, payload)
}

/// A fresh folder for a test's files.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Tries until there is an answer.
pub(crate) fn wait_for<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(Instant::now() < end, "it did not happen in time");
        std::thread::sleep(Duration::from_millis(5));
    }
}
