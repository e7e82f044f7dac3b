//! `glassbroker serve --clock stdin`: whoever runs the broker turns its clock, and hears when all that is done.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/serve.rs"]
mod serve;

use serve::{Serve, read_packet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{ChildStdin, ChildStdout};

/// A CONNECT of 5.0 with the client identifier `a` and a keep alive of 60 s.
const CONNECT: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a";

/// Who runs the broker.
struct Operator {
    serve: Serve,
    lines: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Operator {
    fn start() -> Self {
        let mut serve = Serve::start(&["--clock", "stdin"]);
        let (lines, answers) = serve.dialogue();
        Self { serve, lines, answers: BufReader::new(answers) }
    }

    fn ask(&mut self, line: &str) -> String {
        writeln!(self.lines, "{line}").expect("written");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("an answer");
        answer.trim_end().to_owned()
    }

    /// A client that has its CONNACK.
    fn client(&self) -> TcpStream {
        let mut client = self.serve.tcp();
        client.write_all(CONNECT).expect("written");
        assert_eq!(read_packet(&mut client)[0], 0x20);
        client
    }
}

/// What comes until the broker closes the connection.
fn rest(mut client: TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).expect("closed in order");
    rest
}

/// [5.0 MQTT-3.1.2-22] A keep alive of 60 s runs out after 90 s, to the microsecond, without anybody waiting for it.
#[test]
fn time_passes_as_it_is_told_to() {
    let mut operator = Operator::start();
    let client = operator.client();
    assert_eq!(operator.ask("advance 1m"), "at 60s: connections 1, bytes received 16");
    assert_eq!(operator.ask("advance 29999.999ms"), "at 89.999999s: connections 1, bytes received 16");
    assert_eq!(operator.ask("advance 1us"), "at 90s: connections 0, bytes received 0");
    assert_eq!(rest(client), [0xe0, 1, 0x8d], "DISCONNECT, Keep Alive timeout");
}

#[test]
fn an_operators_step_is_done_at_once() {
    let mut operator = Operator::start();
    let client = operator.client();
    let step = r#"{ "on": "broker", "do": "disconnect", "client": "a" }"#;
    assert_eq!(operator.ask(step), "at 0s: connections 0, bytes received 0");
    assert_eq!(rest(client), [0xe0, 1, 0x98], "DISCONNECT, Administrative action");
    assert!(operator.ask(step).starts_with("error: "), "nobody is there");
}

/// What is wrong is said, changes nothing, and ends nothing.
#[test]
fn a_wrong_line_is_answered_with_what_is_allowed() {
    let mut operator = Operator::start();
    for (line, said) in [("advance 5", "no unit"), ("later", "`settle`"), ("{ \"do\": 1 }", "do")] {
        let answer = operator.ask(line);
        assert!(answer.starts_with("error: ") && answer.contains(said), "{line}: {answer}");
    }
    assert_eq!(operator.ask("settle"), "at 0s: connections 0, bytes received 0");
}

/// The end of the input stops the broker as a signal does.
#[test]
fn the_broker_stops_at_the_end_of_the_input() {
    let operator = Operator::start();
    let client = operator.client();
    let Operator { mut serve, lines, .. } = operator;
    drop(lines);
    assert_eq!(rest(client), [0xe0, 1, 0x8b], "DISCONNECT, Server shutting down");
    assert_eq!(serve.wait().code(), Some(0));
}
