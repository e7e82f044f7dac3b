//! `glassbroker serve` under peers that mean it no good: what they may take of the machine is bounded.
#![cfg(target_os = "linux")]

#[path = "common/serve.rs"]
mod serve;

use serve::{Serve, frame, read_packet};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// CONNECT of 3.1.1, clean, with this client identifier and no keep alive.
fn connect(client: &str) -> Vec<u8> {
    let mut packet = b"\x10\x00\x00\x04MQTT\x04\x02\x00\x00\x00".to_vec();
    packet.push(client.len() as u8);
    packet.extend_from_slice(client.as_bytes());
    packet[1] = (packet.len() - 2) as u8;
    packet
}

/// CONNECT of 5.0.
const CONNECT_5: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01v";

/// SUBSCRIBE to `t`.
fn subscribe(qos: u8) -> Vec<u8> {
    [&b"\x82\x06\x00\x01\x00\x01t"[..], &[qos]].concat()
}

/// PUBLISH to `t` with so many bytes of payload.
fn publish(qos: u8, payload_bytes: usize) -> Vec<u8> {
    let mut packet = vec![0x30 | qos << 1];
    let mut length = 3 + if qos > 0 { 2 } else { 0 } + payload_bytes;
    loop {
        let more = length > 0x7f;
        packet.push((length & 0x7f) as u8 | if more { 0x80 } else { 0 });
        length >>= 7;
        if !more {
            break;
        }
    }
    packet.extend_from_slice(b"\x00\x01t");
    if qos > 0 {
        packet.extend_from_slice(b"\x00\x01");
    }
    packet.resize(packet.len() + payload_bytes, b'x');
    packet
}

/// A client of 3.1.1 that was accepted.
fn join(serve: &Serve, client: &str) -> TcpStream {
    let mut stream = serve.tcp();
    stream.write_all(&connect(client)).expect("written");
    assert_eq!(read_packet(&mut stream), [0x20, 2, 0, 0]);
    stream
}

/// Whether the other end has closed, in order or not, before the time is over.
fn is_closed_within(stream: &mut TcpStream, time: Duration) -> bool {
    let end = Instant::now() + time;
    let mut rest = [0; 4096];
    while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        stream.set_read_timeout(Some(left)).expect("a socket");
        match stream.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return false;
            }
            Err(_) => return true,
        }
    }
    false
}

fn is_closed(stream: &mut TcpStream) -> bool {
    is_closed_within(stream, Duration::from_secs(5))
}

/// Writes whole packets again and again until so many bytes are through, or the other end takes no more, or has closed.
fn flood(stream: &mut TcpStream, chunk: &[u8], bytes: usize) -> usize {
    stream.set_write_timeout(Some(Duration::from_secs(3))).expect("a socket");
    let mut written = 0;
    while written < bytes || written % chunk.len() > 0 {
        match stream.write(&chunk[written % chunk.len()..]) {
            Ok(count) => written += count,
            Err(_) => break,
        }
    }
    written
}

/// A connection from an address of this machine, with little room for what comes in on it.
fn connection_from(serve: &Serve, address: &str) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(address.parse().expect("an address")).expect("a port");
        socket.set_recv_buffer_size(8 << 10).expect("a socket");
        socket.connect(serve.mqtt).await.expect("a connection").into_std().expect("a socket")
    });
    stream.set_nonblocking(false).expect("a socket");
    stream
}

/// A profile file that changes the settings.
fn profile(name: &str, set: &str) -> String {
    let file = serve::folder(name).join("profile.json");
    std::fs::write(&file, format!("{{ \"set\": {{ {set} }} }}")).expect("a file");
    file.to_str().expect("text").to_owned()
}

const MB: usize = 1 << 20;

#[test]
fn connections_beyond_the_bound_are_closed_and_a_free_place_is_taken_again() {
    let serve = Serve::start(&["--max-connections", "3"]);
    let first = join(&serve, "a");
    let _second = join(&serve, "b");
    // One that never finishes its handshake has a place, too.
    let mut third = serve.ws_tcp();
    // Which of two listeners is looked at first is open: it must be in before others come.
    assert!(!is_closed_within(&mut third, Duration::from_millis(200)));
    assert!(is_closed(&mut serve.tcp()));
    assert!(is_closed(&mut serve.ws_tcp()));
    drop((first, third));
    serve::wait_for(|| {
        let mut stream = serve.tcp();
        stream.write_all(&connect("c")).ok()?;
        stream.read_exact(&mut [0; 4]).ok()
    });
    serve.stop();
}

#[test]
fn connections_from_one_address_have_a_bound_of_their_own() {
    let serve = Serve::start(&["--max-connections-per-address", "1"]);
    let _here = join(&serve, "a");
    assert!(is_closed(&mut serve.tcp()));
    let mut stream = connection_from(&serve, "127.0.0.2:0");
    stream.write_all(&connect("b")).expect("written");
    assert_eq!(read_packet(&mut stream), [0x20, 2, 0, 0]);
    serve.stop();
}

/// [glassbroker.connect.timeout] The handshake's time and the time without a CONNECT are one.
#[test]
fn who_is_not_accepted_in_time_is_closed() {
    let file = profile("timeout", "\"connect.timeout_s\": 1");
    let serve = Serve::start(&["--profile", &file]);
    let mut silent = serve.tcp();
    let mut half = serve.tcp();
    half.write_all(&connect("half")[..9]).expect("written");
    let mut no_handshake = serve.ws_tcp();
    no_handshake.write_all(b"GET /mqtt HTTP/1.1\r\n").expect("written");
    let (_, mut no_connect) = serve.upgrade("/mqtt", "mqtt");
    // It sends all the time, a byte of its CONNECT after the other.
    let mut dribbles = serve.tcp();
    let start = Instant::now();
    dribbles.write_all(b"\x10\xff\xff\x03").expect("written");
    while start.elapsed() < Duration::from_millis(900) {
        dribbles.write_all(b"\x00").expect("still open");
        std::thread::sleep(Duration::from_millis(50));
    }
    for stream in [&mut silent, &mut half, &mut no_handshake, &mut no_connect, &mut dribbles] {
        assert!(is_closed(stream));
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    serve.stop();
}

/// [MQTT-3.2.2-15] What a client sends before CONNECT is no more than the bound, and a flood of it is closed.
#[test]
fn a_packet_has_a_bound_that_version_5_is_told() {
    let serve = Serve::start(&[]);
    let mut told = serve.tcp();
    told.write_all(CONNECT_5).expect("written");
    let connack = read_packet(&mut told);
    // Maximum Packet Size (0x27), 1 MiB.
    assert!(connack.windows(5).any(|bytes| bytes == [0x27, 0, 0x10, 0, 0]), "{connack:02x?}");
    told.write_all(&publish(0, MB)[..10]).expect("written");
    let disconnect = read_packet(&mut told);
    assert_eq!((disconnect[0], disconnect[2]), (0xe0, 0x95));
    let mut stream = serve.tcp();
    stream.write_all(b"\x10\xff\xff\xff\x7f").expect("written");
    assert!(is_closed(&mut stream));
    let mut stream = serve.tcp();
    let start = Instant::now();
    while stream.write_all(&[0xc0; 64 << 10]).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(5), "it is still read");
    }
    // A WebSocket message that is longer is not even gathered.
    let (_, mut stream) = serve.upgrade("/mqtt", "mqtt");
    stream.write_all(b"\x82\xff\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00").expect("written");
    assert_eq!(serve::read_frame(&mut stream), (8, 1009u16.to_be_bytes().to_vec()));
    serve.stop();

    // What a profile says itself holds, and the command line above all.
    let file = profile("packet", "\"packet.max_bytes\": \"unlimited\"");
    for (options, told) in [(&[][..], false), (&["--max-packet-bytes", "2000"][..], true)] {
        let serve = Serve::start(&[&["--profile", &file], options].concat());
        let mut stream = serve.tcp();
        stream.write_all(CONNECT_5).expect("written");
        let connack = read_packet(&mut stream);
        assert_eq!(connack.windows(5).any(|bytes| bytes == [0x27, 0, 0, 0x07, 0xd0]), told, "{connack:02x?}");
        assert!(told || !connack.contains(&0x27));
        serve.stop();
    }
}

/// A subscriber that reads nothing costs no more than the bound; others are served meanwhile.
#[test]
fn a_subscriber_that_never_reads_does_not_make_the_broker_grow() {
    let serve = Serve::start(&["--max-client-bytes", "2000000"]);
    let mut readers = Vec::new();
    for (client, qos) in [("none", 0), ("one", 1)] {
        let mut slow = join(&serve, client);
        slow.write_all(&subscribe(qos)).expect("written");
        read_packet(&mut slow);
        readers.push(slow);
    }
    let before = serve.resident_bytes();
    let mut publisher = join(&serve, "publisher");
    for (chunk, bytes) in [(publish(0, 20), 4 * MB), (publish(0, 50_000), 60 * MB)] {
        let chunk = chunk.repeat((64 << 10) / chunk.len());
        assert!(flood(&mut publisher, &chunk, bytes) >= bytes);
    }
    // QoS 1, and its PUBACKs are read.
    let mut acks = publisher.try_clone().expect("a socket");
    let reads = std::thread::spawn(move || is_closed_within(&mut acks, Duration::from_secs(30)));
    let chunk = publish(1, 1_000).repeat(60);
    assert!(flood(&mut publisher, &chunk, 20 * MB) >= 20 * MB);
    // It has worked all of that off once it answers.
    let mut other = join(&serve, "other");
    other.write_all(b"\xc0\x00").expect("written");
    assert_eq!(read_packet(&mut other), [0xd0, 0]);
    let grown = serve.resident_bytes().saturating_sub(before);
    assert!(grown < 40 * MB, "{} MB", grown / MB);
    drop(readers);
    publisher.shutdown(std::net::Shutdown::Both).expect("a socket");
    reads.join().expect("no panic");
    serve.stop();
}

/// A publisher that reads no PUBACK is not read from; when it reads again it gets all of them.
#[test]
fn a_publisher_that_never_reads_its_acknowledgements_is_held_back() {
    let serve = Serve::start(&[]);
    let mut publisher = connection_from(&serve, "127.0.0.1:0");
    publisher.write_all(&connect("publisher")).expect("written");
    assert_eq!(read_packet(&mut publisher), [0x20, 2, 0, 0]);
    let before = serve.resident_bytes();
    let packet = publish(1, 10);
    let written = flood(&mut publisher, &packet.repeat(4_000), 64 * MB);
    assert!(written < 64 * MB, "it is still read");
    let grown = serve.resident_bytes().saturating_sub(before);
    assert!(grown < 24 * MB, "{} MB", grown / MB);
    join(&serve, "other");
    let mut acks = (written / packet.len()) * 4;
    let mut rest = vec![0; 64 << 10];
    while acks > 0 {
        let most = acks.min(rest.len());
        acks -= publisher.read(&mut rest[..most]).expect("PUBACK");
    }
    serve.stop();
}

/// [glassbroker.bound.total] Beyond the bound of all, who reads least is cut; who reads is not.
#[test]
fn many_that_never_read_have_a_bound_together() {
    let serve = Serve::start(&["--max-total-bytes", "4000000"]);
    let mut readers: Vec<_> = (0..30).map(|n| join(&serve, &format!("slow{n}"))).collect();
    for slow in &mut readers {
        slow.write_all(&subscribe(0)).expect("written");
        read_packet(slow);
    }
    let mut publisher = join(&serve, "publisher");
    let before = serve.resident_bytes();
    let chunk = publish(0, 60_000);
    assert!(flood(&mut publisher, &chunk, 20 * MB) >= 20 * MB);
    join(&serve, "other");
    let grown = serve.resident_bytes().saturating_sub(before);
    assert!(grown < 32 * MB, "{} MB", grown / MB);
    let cut = readers.iter_mut().map(|slow| is_closed_within(slow, Duration::from_millis(200)));
    assert!(cut.filter(|cut| *cut).count() > 0, "none was cut");
    publisher.write_all(b"\xc0\x00").expect("written");
    assert_eq!(read_packet(&mut publisher), [0xd0, 0]);
    serve.stop();
}

/// Frames and packets that never end are counted for all: who adds to them beyond the bound is closed.
#[test]
fn what_never_ends_has_a_bound_together() {
    let serve = Serve::start(&["--max-total-bytes", "4000000"]);
    let before = serve.resident_bytes();
    // A frame of a million bytes, of which all but a few come.
    let mut begun = b"\x82\xff\x00\x00\x00\x00\x00\x0f\x42\x40\x00\x00\x00\x00".to_vec();
    begun.resize(900_000, 0);
    let mut dribblers: Vec<_> = (0..20).map(|_| serve.upgrade("/mqtt", "mqtt").1).collect();
    for stream in &mut dribblers {
        let _ = stream.write_all(&begun);
    }
    // The same as a packet over TCP.
    for n in 0..20 {
        let mut stream = join(&serve, &format!("packet{n}"));
        let _ = stream.write_all(&publish(0, 1_000_000)[..900_000]);
        dribblers.push(stream);
    }
    join(&serve, "other");
    let grown = serve.resident_bytes().saturating_sub(before);
    assert!(grown < 24 * MB, "{} MB", grown / MB);
    let open = dribblers
        .iter_mut()
        .filter_map(|stream| (!is_closed_within(stream, Duration::from_millis(100))).then_some(()));
    assert!((4..=10).contains(&open.count()));
    // A message in small frames still comes through.
    let (_, mut stream) = serve.upgrade("/mqtt", "mqtt");
    stream.write_all(&frame(2, &connect("small"))).expect("written");
    assert_eq!(serve::read_frame(&mut stream), (2, vec![0x20, 2, 0, 0]));
    serve.stop();
}
