//! The command line, from outside: exit status, what it prints, and the broker that it serves on real sockets.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/serve.rs"]
mod serve;

use serve::Serve;
use std::io::{Read, Write};
use std::process::{Command, Output};

fn glassbroker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glassbroker")).args(arguments).output().expect("the binary runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// CONNECT with the client identifier `a` and a keep alive of 60 s, clean; of 3.1.1 and of 5.0.
const CONNECT_3: &[u8] = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a";
const CONNECT_5: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a";

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [&[][..], &["fly"], &["serve", "--mqtt", "nowhere"], &["serve", "--what"]] {
        let output = glassbroker(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(glassbroker(&["--help"]).status.code(), Some(0));
    assert_eq!(
        glassbroker(&["--version"]).stdout,
        format!("glassbroker {}\n", env!("CARGO_PKG_VERSION")).as_bytes()
    );
}

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
    assert!(stderr(&output).contains(&format!("cannot listen on {address}")), "{}", stderr(&output));

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

/// A scenario in which one client hears three messages of another.
const SCENARIO: &str = r#"{
  "glassbroker": 1,
  "title": "Three",
  "until": "10s",
  "clients": [ { "id": "lamp", "mqtt": "5" }, { "id": "switch", "mqtt": "3.1.1" } ],
  "steps": [
    { "at": "1s", "client": "lamp", "do": "connect" },
    { "at": "1s", "client": "switch", "do": "connect" },
    { "at": "2s", "client": "lamp", "do": "subscribe", "filters": [ { "filter": "light", "qos": 1 } ] },
    { "at": "3s", "every": "1s", "times": 3, "client": "switch", "do": "publish", "topic": "light", "qos": 1, "payload": "{{n}}" }
  ],
  "expect": [ { "client": "lamp", "receives": 3, "topic": "light" } ]
}"#;

fn scenario(name: &str, text: &str) -> String {
    let file = serve::folder(name).join("scenario.json");
    std::fs::write(&file, text).expect("a file");
    file.to_str().expect("text").to_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let good = scenario("check-good", SCENARIO);
    let output = glassbroker(&["check", "--run", &good]);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "1 scenario is fine; 1 claim holds\n"),
        "{}",
        stderr(&output)
    );

    let untried = glassbroker(&["check", &good]);
    assert_eq!(stdout(&untried), "1 scenario is fine; 1 claim was not tried (--run tries it)\n");

    // The tenth line names a client that there is not; its column is where that name's step begins or the name itself stands.
    let wrong = scenario(
        "check-wrong",
        &SCENARIO.replace(
            "\"client\": \"switch\", \"do\": \"publish\"",
            "\"client\": \"swich\", \"do\": \"publish\"",
        ),
    );
    let output = glassbroker(&["check", &good, &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.starts_with(&format!("{wrong}:10:")) && said.contains(": error: ") && said.contains("swich"),
        "{said}"
    );

    let output = glassbroker(&["check", "--format", "json", &wrong]);
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((found[0]["file"].as_str(), found[0]["line"].as_u64()), (Some(wrong.as_str()), Some(10)));

    let broken = scenario("check-broken", "{\n  \"glassbroker\": 1,\n  oops");
    assert!(stderr(&glassbroker(&["check", &broken])).starts_with(&format!("{broken}:3:3: error: ")));
    let prose = scenario("check-prose", "once upon a time");
    assert!(
        stderr(&glassbroker(&["check", &prose]))
            .starts_with(&format!("{prose}:1:1: error: this is no JSON: "))
    );
    let picture = serve::folder("check-picture").join("lab.png");
    std::fs::write(&picture, b"\x89PNG\r\n").expect("a file");
    let said = stderr(&glassbroker(&["check", picture.to_str().expect("text")]));
    assert!(said.contains("error: this is no text in UTF-8"), "{said}");
    assert_eq!(glassbroker(&["check", "no-such-file.json"]).status.code(), Some(1));
    assert_eq!(glassbroker(&["check"]).status.code(), Some(2));
}

#[test]
fn check_holds_a_run_to_what_its_scenario_expects() {
    let file = scenario("check-unmet", &SCENARIO.replace("\"receives\": 3", "\"receives\": 4"));
    assert_eq!(glassbroker(&["check", &file]).status.code(), Some(0));
    let output = glassbroker(&["check", "--run", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("lamp was to receive 4 messages on light, and received 3"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn run_writes_the_same_trace_for_the_same_scenario_and_seed() {
    let file = scenario("run", SCENARIO);
    let first = glassbroker(&["run", &file]);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert_eq!(first.stdout, glassbroker(&["run", &file]).stdout);
    let text = stdout(&first);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["glassbroker"], 1);
    let received = lines.iter().filter(|line| {
        line["kind"] == "packet.received"
            && line["by"] == "client"
            && line["client"] == "lamp"
            && line["packet"] == "PUBLISH"
    });
    assert_eq!(received.map(|line| line["payload"].clone()).collect::<Vec<_>>(), ["1", "2", "3"]);

    let target = serve::folder("run-output").join("trace.jsonl");
    let other = glassbroker(&[
        "run",
        &file,
        "--seed",
        "9",
        "--profile",
        "aws-iot-core",
        "--until",
        "3.5s",
        "-o",
        target.to_str().expect("text"),
    ]);
    assert_eq!((other.status.code(), other.stdout.len()), (Some(0), 0), "{}", stderr(&other));
    let text = std::fs::read_to_string(target).expect("a file");
    let header: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&header["seed"], &header["profile"]), (&9.into(), &"aws-iot-core".into()));
    let last: serde_json::Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert!((3_000_000..=3_500_000).contains(&last["t"].as_u64().expect("a time")), "{last}");
}

#[test]
fn a_summary_names_the_hash_of_the_very_lines() {
    let file = scenario("summary", SCENARIO);
    let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
    let lines = glassbroker(&["run", &file]).stdout;
    // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = lines.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    assert!(summary.contains(&format!("hash      {hash:016x}\n")), "{summary}");
    assert!(summary.contains("expected  1 of 1 hold"), "{summary}");
}

/// The ledger in a summary: its rows, each with the numbers of at most once, at least once and exactly once, and its lists.
fn ledger(summary: &str) -> (Vec<(&str, [u32; 3])>, Vec<&str>) {
    let before_bill = summary.lines().take_while(|line| !line.starts_with("bill, "));
    let mut lines = before_bill.skip_while(|line| !line.starts_with("fate ")).skip(1);
    let rows = lines.by_ref().take_while(|line| !line.is_empty());
    let rows = rows.map(|row| {
        let (name, numbers) = row.split_at(15);
        let numbers: Vec<u32> = numbers.split_whitespace().map(|number| number.parse().expect(row)).collect();
        (name.trim(), numbers.try_into().expect("three promises"))
    });
    let rows = rows.collect();
    (rows, lines.filter(|line| !line.is_empty() && !line.starts_with("expected")).collect())
}

#[test]
fn a_summary_has_the_ledger_of_the_lessons() {
    for (lesson, rows) in [
        // room/light for both and the display's other two come at QoS 0; cut/zero dies on its way. Of what the phone gets at QoS 1,
        // cut/one comes twice; room/alarm and cut/two come to it at QoS 2.
        (
            "qos",
            &[
                ("delivered", [4, 0, 0]),
                ("acknowledged", [0, 1, 2]),
                ("duplicated", [0, 1, 0]),
                ("lost", [1, 0, 0]),
            ][..],
        ),
        // Two hundred readings and thirty alarms.
        ("replay", &[("acknowledged", [0, 230, 0])]),
        // Four of five Wills.
        ("will", &[("acknowledged", [0, 4, 0])]),
    ] {
        let file = format!("{}/www/lessons/{lesson}.json", env!("CARGO_MANIFEST_DIR"));
        let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
        assert_eq!(ledger(&summary), (rows.to_vec(), vec![]), "{lesson}: {summary}");
    }
}

/// [MQTT-3.3.2-5] [glassbroker.bound.queue] [glassbroker.no-subscription] Each fate is told with its moment and its rule.
#[test]
fn a_summary_lists_what_was_not_kept_and_what_waits() {
    let file = scenario(
        "ledger",
        r#"{
  "glassbroker": 1, "title": "Fates", "until": "40s",
  "broker": { "profile": "mqtt", "set": { "session.queue_max_messages": 2 } },
  "clients": [
    { "id": "away", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 100 } },
    { "id": "far", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 400 } },
    { "id": "source", "mqtt": "5", "link": { "latency_ms": 100 } } ],
  "steps": [
    { "at": "1s", "client": "away", "do": "connect" },
    { "at": "1s", "client": "far", "do": "connect" },
    { "at": "1s", "client": "source", "do": "connect" },
    { "at": "3s", "client": "away", "do": "subscribe", "filters": [ { "filter": "a/#", "qos": 2 } ] },
    { "at": "3s", "client": "far", "do": "subscribe", "filters": [ { "filter": "f/#", "qos": 1 } ] },
    { "at": "5s", "client": "away", "do": "disconnect" },
    { "at": "10s", "client": "source", "do": "publish", "topic": "a/brief", "qos": 1, "payload": "x", "expiry_s": 5 },
    { "at": "11s", "client": "source", "do": "publish", "topic": "a/kept", "qos": 2, "payload": "x" },
    { "at": "12s", "client": "source", "do": "publish", "topic": "a/full", "qos": 1, "payload": "x" },
    { "at": "13s", "client": "source", "do": "publish", "topic": "a/zero", "qos": 0, "payload": "x" },
    { "at": "14s", "client": "source", "do": "publish", "topic": "nobody", "qos": 1, "payload": "x" },
    { "at": "20s", "client": "source", "do": "publish", "topic": "f/zero", "qos": 0, "payload": "x" },
    { "at": "20s", "client": "source", "do": "publish", "topic": "f/one", "qos": 1, "payload": "x" },
    { "at": "20.3s", "client": "far", "do": "cut" } ]
}"#,
    );
    let summary = stdout(&glassbroker(&["run", &file, "--format", "summary"]));
    let (rows, lists) = ledger(&summary);
    assert_eq!(
        rows,
        [
            ("waiting", [0, 0, 1]),
            ("lost", [1, 1, 0]),
            ("expired", [0, 1, 0]),
            ("dropped", [1, 1, 0]),
            ("no subscription", [0, 1, 0]),
        ],
        "{summary}"
    );
    // A PUBLISH reaches the broker 100 ms after its step.
    assert_eq!(
        lists,
        [
            "not kept: 2",
            "  source/1 a/brief for away, at least once: expired at 0:15.100 [MQTT-3.3.2-5]",
            "  source/3 a/full for away, at least once: dropped at 0:12.100, the queue is full [glassbroker.bound.queue]",
            "not settled: 2",
            "  source/2 a/kept for away, exactly once: waiting at 0:11.100, stored [MQTT-4.5.0-1]",
            "  source/7 f/one for far, at least once: lost at 0:20.300, the network was cut",
        ],
        "{summary}"
    );
}

#[test]
fn run_refuses_what_it_cannot_run() {
    let file = scenario("run-wrong", SCENARIO);
    for (arguments, status) in [
        (vec!["run"], 2),
        (vec!["run", &file, "--until", "soon"], 2),
        (vec!["run", &file, "--format", "pcap"], 2),
        (vec!["run", "no-such-file.json"], 1),
        (vec!["run", &file, "--profile", "amqp"], 1),
    ] {
        assert_eq!(glassbroker(&arguments).status.code(), Some(status), "{arguments:?}");
    }
}

#[test]
fn profiles_lists_what_each_changes_with_its_source_and_each_setting_as_a_scenario_writes_it() {
    let listed = glassbroker(&["profiles"]);
    assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
    let text = stdout(&listed);
    // Section 1.4 of AWS IoT Core's quotas: at most 10 stored messages a second a session; the standards set no pace.
    assert!(text.contains("\nsession.replay_per_s = \"unlimited\" messages/s\n"), "{text}");
    let aws = text.split("\naws-iot-core: ").nth(1).expect("the profile");
    let replay: Vec<_> = aws
        .lines()
        .skip_while(|line| !line.contains("session.replay_per_s"))
        .take(3)
        .map(str::trim)
        .collect();
    let [setting, _, source] = replay[..] else { panic!("{aws}") };
    assert!(setting.ends_with(" 10"), "{setting}");
    assert!(source.starts_with("aws.session.replay-rate: AWS IoT Core Developer Guide, "), "{source}");
}

#[test]
fn rules_prints_the_catalogue_with_sources_and_whom_each_rule_binds() {
    let text = stdout(&glassbroker(&["rules"]));
    // 4.6 of both versions: 3.1.1 binds both ends to send PUBACKs in order, 5.0 the client alone.
    let order = |version| {
        let (_, rule) = text.split_once(&format!("\nMQTT-4.6.0-2 ({version}): ")).expect("the rule");
        rule.lines().nth(1).expect("its source").trim().to_owned()
    };
    assert_eq!(
        order("3.1.1"),
        "binds client and server; MQTT Version 3.1.1, OASIS Standard, 29 October 2014, 4.6"
    );
    assert_eq!(order("5.0"), "binds client; MQTT Version 5.0, OASIS Standard, 7 March 2019, 4.6");

    let listed: serde_json::Value =
        serde_json::from_str(&stdout(&glassbroker(&["rules", "--json"]))).expect("JSON");
    let listed = listed.as_array().expect("an array");
    let versions = |version| listed.iter().filter(|rule| rule["version"] == version).count();
    assert_eq!((versions("3.1.1"), versions("5.0")), (141, 251));
    let own = listed.iter().find(|rule| rule["id"] == "glassbroker.client.reconnect").expect("the rule");
    assert_eq!((&own["binds"], &own["certainty"]), (&"client".into(), &"choice".into()));
    assert!(listed.iter().all(|rule| rule["settings"] == serde_json::json!([])));
}

/// [S3] What AWS documents of its pace is a rule by which its profile differs.
#[test]
fn rules_of_a_profile_are_those_that_differ_from_the_standards() {
    let aws = stdout(&glassbroker(&["rules", "--profile", "aws-iot-core", "--json"]));
    let aws: Vec<serde_json::Value> = serde_json::from_str(&aws).expect("JSON");
    let pace = aws.iter().find(|rule| rule["id"] == "aws.session.replay-rate").expect("the pace");
    let setting = serde_json::json!({
        "setting": "session.replay_per_s", "value": 10, "standard": "unlimited"
    });
    assert!(pace["settings"].as_array().is_some_and(|all| all.contains(&setting)), "{pace}");
    assert_eq!((&pace["version"], &pace["certainty"]), (&serde_json::Value::Null, &"documented".into()));
    assert!(pace["date"].as_str().is_some_and(|date| !date.is_empty()));
    assert!(aws.iter().all(|rule| rule["settings"].as_array().is_some_and(|all| !all.is_empty())));

    assert_eq!(
        stdout(&glassbroker(&["rules", "--profile", "mqtt"])),
        "The profile keeps to the standards.\n"
    );
    let file = serve::folder("rules").join("small.json");
    std::fs::write(&file, r#"{ "set": { "packet.max_bytes": 100 } }"#).expect("written");
    let file = stdout(&glassbroker(&["rules", "--profile", &file.display().to_string()]));
    assert!(file.ends_with("\n    packet.max_bytes: 100, in the standards unlimited\n"), "{file}");
    assert_eq!(glassbroker(&["rules", "--profile", "amqp"]).status.code(), Some(1));
}
