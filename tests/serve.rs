//! `glassbroker serve` from outside: its options, and the broker that it serves on real sockets.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/command.rs"]
mod command;
#[path = "common/serve.rs"]
mod serve;

use command::{glassbroker, stderr};
use serve::Serve;
use std::io::{Read, Write};

/// CONNECT with the client identifier `a` and a keep alive of 60 s, clean; of 3.1.1 and of 5.0.
const CONNECT_3: &[u8] = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a";
const CONNECT_5: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a";

#[test]
fn a_wrong_profile_ends_with_1_and_says_what_is_allowed() {
    let output = glassbroker(&["serve", "--profile", "amqp"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("mqtt, aws-iot-core"), "{}", stderr(&output));

    let folder = serve::folder("profile");
    for (text, said) in [
        ("{\n  \"profile\": 7 }", ":2:14: error: "),
        ("{ \"profil\": \"mqtt\" }", ":1:10: error: unknown field `profil`"),
        ("{ \"profile\": \"amqp\" }", ": error: there is no profile `amqp`"),
        ("{ \"set\": { \"session.replay_per_s\": 0 } }", "from 1 to 1000000"),
    ] {
        let file = folder.join("profile.json");
        std::fs::write(&file, text).expect("a file");
        let output = glassbroker(&["serve", "--profile", file.to_str().expect("text")]);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(stderr(&output).contains(said), "{text}: {}", stderr(&output));
    }
}

#[test]
fn a_bound_out_of_range_is_named_by_its_option() {
    let output = glassbroker(&["serve", "--max-packet-bytes", "3"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("--max-packet-bytes: `packet.max_bytes` cannot be 3"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_taken_address_ends_with_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = glassbroker(&["serve", "--mqtt", &address, "--ws", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(1));
    let told = format!("cannot listen on {address} (--mqtt): ");
    assert!(stderr(&output).contains(&told), "{}", stderr(&output));
    // The other option is named where its address is the taken one.
    let output = glassbroker(&["serve", "--mqtt", "127.0.0.1:0", "--ws", &address]);
    assert!(stderr(&output).contains("(--ws): "), "{}", stderr(&output));

    // By its name, whatever the address that this machine gives it.
    let taken = std::net::TcpListener::bind("localhost:0").expect("a port");
    let address = format!("localhost:{}", taken.local_addr().expect("an address").port());
    let output = glassbroker(&["serve", "--mqtt", &address, "--ws", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot listen on "), "{}", stderr(&output));
}

#[test]
fn an_address_that_is_none_is_explained() {
    for given in ["localhost", "1883", "nowhere.invalid:1883"] {
        let output = glassbroker(&["serve", "--mqtt", given, "--ws", "127.0.0.1:0"]);
        assert_eq!(output.status.code(), Some(2), "{given}");
        assert!(stderr(&output).contains("it takes a host and a port"), "{}", stderr(&output));
    }
}

/// [C7] [P3] The return code 5 without a user name, 4 with a wrong password, 0 with the right one; 4.8.4 of 3.1.1: a filter
/// that may not be received is answered with 0x80.
#[test]
fn users_and_an_access_list_are_files() {
    let folder = serve::folder("access");
    let file = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("a file");
        file.to_str().expect("text").to_owned()
    };
    let users = file("users", "# people\nalice:secret\n");
    let acl = file("acl", "user alice\ntopic read news\n");
    let connect = |password: &[u8]| {
        let mut packet = b"\x10\x00\x00\x04MQTT\x04\xc2\x00\x3c\x00\x01a\x00\x05alice\x00".to_vec();
        packet.push(password.len() as u8);
        packet.extend_from_slice(password);
        packet[1] = (packet.len() - 2) as u8;
        packet
    };
    let serve = Serve::start(&["--users", &users, "--acl", &acl]);
    for (packet, code) in [(CONNECT_3.to_vec(), 5), (connect(b"guess"), 4), (connect(b"secret"), 0)] {
        let mut stream = serve.tcp();
        stream.write_all(&packet).expect("written");
        let mut connack = [0; 4];
        stream.read_exact(&mut connack).expect("CONNACK");
        assert_eq!(connack, [0x20, 2, 0, code]);
        if code == 0 {
            stream.write_all(b"\x82\x0f\x00\x01\x00\x04news\x00\x00\x03all\x00").expect("written");
            let mut suback = [0; 6];
            stream.read_exact(&mut suback).expect("SUBACK");
            assert_eq!(suback, [0x90, 4, 0, 1, 0, 0x80]);
        }
    }
    serve.stop();
    let serve = Serve::start(&["--users", &users, "--anonymous"]);
    let mut stream = serve.tcp();
    stream.write_all(CONNECT_3).expect("written");
    let mut connack = [0; 4];
    stream.read_exact(&mut connack).expect("CONNACK");
    assert_eq!(connack, [0x20, 2, 0, 0]);
    serve.stop();

    let wrong = file("wrong", "alice:secret\nbob\n");
    let rules = file("rules", r#"{ "hot!": { "sql": "SELECT *", "actions": [], "enabled": 1 } }"#);
    for (option, file, said) in [
        ("--users", &wrong, "wrong:2:1: error: a user is written as"),
        ("--acl", &wrong, "wrong:1:1: error: a line begins with"),
        ("--rules", &wrong, "wrong:1:1: error: "),
        ("--rules", &rules, "rules:1:11: error: hot!: the name of a rule has 1 to 128 letters"),
        ("--rules", &rules, "hot!.enabled: true or false belongs here"),
    ] {
        let output = glassbroker(&["serve", option, file]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
    assert_eq!(glassbroker(&["serve", "--users", "/nowhere/at/all"]).status.code(), Some(1));
}

/// [MQTT-7.1.1-1, MQTT-4.2-1]
#[test]
fn packets_may_come_in_pieces_and_together() {
    let serve = Serve::start(&[]);
    let mut stream = serve.tcp();
    for byte in CONNECT_3 {
        stream.write_all(&[*byte]).expect("written");
    }
    // PINGREQ twice and DISCONNECT.
    stream.write_all(&[0xc0, 0, 0xc0, 0, 0xe0, 0]).expect("written");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("closed in order");
    assert_eq!(answer, [0x20, 2, 0, 0, 0xd0, 0, 0xd0, 0]);
    serve.stop();
}

/// [C6]
#[test]
fn malformed_packets_end_only_their_own_connection() {
    let serve = Serve::start(&[]);
    let mut good = serve.tcp();
    good.write_all(CONNECT_5).expect("written");
    let mut bad = serve.tcp();
    // A Remaining Length of five bytes (1.5.5).
    bad.write_all(&[0x10, 0xff, 0xff, 0xff, 0xff, 0x01]).expect("written");
    let mut answer = Vec::new();
    bad.read_to_end(&mut answer).expect("closed");
    good.write_all(&[0xc0, 0]).expect("written");
    let connack = serve::read_packet(&mut good);
    assert_eq!(connack[0], 0x20);
    assert_eq!(serve::read_packet(&mut good), [0xd0, 0]);
    serve.stop();
}

#[test]
fn a_stop_says_goodbye_to_version_5_and_only_closes_version_3() {
    let mut serve = Serve::start(&[]);
    let (mut five, mut three) = (serve.tcp(), serve.tcp());
    five.write_all(CONNECT_5).expect("written");
    three
        .write_all(&CONNECT_3.iter().map(|byte| if *byte == b'a' { b'b' } else { *byte }).collect::<Vec<_>>())
        .expect("written");
    assert_eq!(serve::read_packet(&mut five)[0], 0x20);
    assert_eq!(serve::read_packet(&mut three)[0], 0x20);
    assert_eq!(serve.terminate().code(), Some(0));
    let mut rest = Vec::new();
    five.read_to_end(&mut rest).expect("closed in order");
    assert_eq!(rest, [0xe0, 1, 0x8b], "DISCONNECT, Server shutting down");
    rest.clear();
    three.read_to_end(&mut rest).expect("closed in order");
    assert_eq!(rest, [0u8; 0]);
}

/// [C1] [MQTT-6.0.0-4]
#[test]
fn websocket_handshakes_are_negotiated_as_in_the_page() {
    let serve = Serve::start(&[]);
    for (path, protocols, status, chosen) in [
        ("/mqtt", "mqtt", "101", Some("mqtt")),
        ("/", "mqttv3.1", "101", Some("mqttv3.1")),
        ("/mqtt?x=1", "amqp, mqttv3.1, mqtt", "101", Some("mqttv3.1")),
        ("/chat", "mqtt", "404", None),
        ("/mqtt", "amqp", "400", None),
        ("/mqtt", "", "400", None),
    ] {
        let (head, _) = serve.upgrade(path, protocols);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{path} {protocols}: {head}");
        let line = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("sec-websocket-protocol: ").map(str::to_owned)
        });
        assert_eq!(line.as_deref(), chosen, "{path} {protocols}");
    }
    serve.stop();
}

/// [C1] [MQTT-6.0.0-1, MQTT-6.0.0-2]
#[test]
fn frames_of_a_websocket_need_not_be_packets_and_text_is_refused() {
    let serve = Serve::start(&[]);
    let (_, mut stream) = serve.upgrade("/mqtt", "mqtt");
    let (first, rest) = CONNECT_3.split_at(5);
    for part in [first, &[rest, &[0xc0, 0, 0xc0]].concat(), &[0]] {
        stream.write_all(&serve::frame(0x2, part)).expect("written");
    }
    let mut answers = Vec::new();
    while answers.len() < 8 {
        let (opcode, payload) = serve::read_frame(&mut stream);
        assert_eq!(opcode, 2);
        answers.extend(payload);
    }
    assert_eq!(answers, [0x20, 2, 0, 0, 0xd0, 0, 0xd0, 0]);
    stream.write_all(&serve::frame(0x1, b"text")).expect("written");
    assert_eq!(serve::read_frame(&mut stream), (8, 1003u16.to_be_bytes().to_vec()));
    serve.stop();
}

/// [RFC6455-7.4.1]
#[test]
fn a_websocket_close_is_answered_with_its_code() {
    let serve = Serve::start(&[]);
    let (_, mut stream) = serve.upgrade("/mqtt", "mqtt");
    stream.write_all(&serve::frame(0x2, CONNECT_3)).expect("written");
    assert_eq!(serve::read_frame(&mut stream).0, 2);
    stream.write_all(&serve::frame(0x8, &1000u16.to_be_bytes())).expect("written");
    assert_eq!(serve::read_frame(&mut stream), (8, 1000u16.to_be_bytes().to_vec()));
    serve.stop();
}

#[test]
fn the_trace_is_written_as_it_happens() {
    let file = serve::folder("trace").join("trace.jsonl");
    let serve = Serve::start(&["--profile", "aws-iot-core", "--trace", file.to_str().expect("text")]);
    let mut stream = serve.tcp();
    stream.write_all(CONNECT_3).expect("written");
    assert_eq!(serve::read_packet(&mut stream), [0x20, 2, 0, 0]);
    let lines = serve::wait_for(|| {
        let lines: Vec<serde_json::Value> = std::fs::read_to_string(&file)
            .ok()?
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        (lines.len() >= 4).then_some(lines)
    });
    assert_eq!(lines[0]["profile"], "aws-iot-core");
    let kinds: Vec<_> =
        lines[1..4].iter().map(|line| (line["kind"].as_str(), line["packet"].as_str())).collect();
    assert_eq!(
        kinds,
        [
            (Some("packet.received"), Some("CONNECT")),
            (Some("session.created"), None),
            (Some("packet.sent"), Some("CONNACK"))
        ]
    );
    assert_eq!(lines[3]["cause"], lines[2]["seq"]);
    serve.stop();
}
