//! `glassbroker serve` under a story: what clients do is done over real sockets, and what they get came over them.
//!
//! The broker in memory goes along and says how much must come, so that nothing is waited for in vain. What comes is compared with what
//! it sent, byte for byte, and what `serve` writes into its trace with what it noted.

use super::far_end::FarEnd;
use super::notes::Noted;
use super::serve::{PATIENCE, Serve, folder};
use super::trace_file::TraceFile;
use glassbroker::broker::{Closed, Command, ConnId};
use glassbroker::policy::Access;
use glassbroker::profile::{Profile, Value};
use glassbroker::scenario::Scenario;
use glassbroker::sim::{Input, Step};
use glassbroker::time::{SimTime, Span};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// What lies between the clients and the broker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    Memory,
    Tcp,
    WebSocket,
}

impl Over {
    /// What the environment asks for.
    pub fn chosen() -> Self {
        match std::env::var("STORIES_OVER").as_deref() {
            Err(_) | Ok("memory") => Self::Memory,
            Ok("tcp") => Self::Tcp,
            Ok("websocket") => Self::WebSocket,
            Ok(other) => panic!("STORIES_OVER is memory, tcp or websocket, not `{other}`"),
        }
    }
}

/// A `glassbroker serve` whose clock the story turns, and the clients' ends of its connections.
pub struct Sockets {
    over: Over,
    serve: Serve,
    folder: PathBuf,
    lines: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    trace: TraceFile,
    now: SimTime,
    ends: BTreeMap<ConnId, FarEnd>,
    packets: usize,
}

impl Sockets {
    pub fn start(over: Over, profile: &Profile, access: &Access, seed: u64) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = folder(&format!("story-{}-{number}", std::process::id()));
        let trace = folder.join("trace.jsonl");
        let mut options = vec!["--clock=stdin".to_owned(), format!("--seed={seed}")];
        options.push(format!("--trace={}", trace.display()));
        options.push(format!("--profile={}", write(&folder, "profile.json", &profile_file(profile))));
        options.extend(access_options(&folder, access));
        let options: Vec<_> = options.iter().map(String::as_str).collect();
        let mut serve = Serve::start(&options);
        let (lines, answers) = serve.dialogue();
        Self {
            over,
            serve,
            folder,
            lines,
            answers: BufReader::new(answers).lines(),
            trace: TraceFile::open(&trace),
            now: SimTime::ZERO,
            ends: BTreeMap::new(),
            packets: 0,
        }
    }

    /// A client opens a connection, which has this number from now on.
    pub fn open(&mut self, conn: ConnId) {
        let end = match self.over {
            Over::WebSocket => FarEnd::web_socket(self.serve.upgrade("/mqtt", "mqtt").1),
            _ => FarEnd::Tcp(self.serve.tcp()),
        };
        self.ends.insert(conn, end);
    }

    /// A client sends bytes; those of a client whose connection is over go nowhere.
    pub fn send(&mut self, conn: ConnId, bytes: &[u8]) {
        if let Some(end) = self.ends.get_mut(&conn) {
            end.send(bytes);
        }
    }

    /// A client, or the network, ends a connection.
    pub fn leave(&mut self, conn: ConnId, how: Closed) {
        if let Some(end) = self.ends.remove(&conn) {
            end.leave(how);
        }
    }

    /// An operator does something.
    pub fn command(&mut self, command: &Command, done: &Result<(), String>) {
        let answer = self.ask(&step(command));
        assert_eq!(
            answer.starts_with("error: "),
            done.is_err(),
            "serve says `{answer}`, the driver {done:?}"
        );
    }

    /// Turns the clock to `now`, and waits until the broker has as many connections and has received as many bytes from them.
    pub fn settle(&mut self, now: SimTime, connections: usize, received_bytes: usize) {
        let span = now.since(self.now);
        self.now = now;
        let at = now.since(SimTime::ZERO);
        let expected = format!("at {at}: connections {connections}, bytes received {received_bytes}");
        let mut answer = match span {
            Span::ZERO => self.ask("settle"),
            _ => self.ask(&format!("advance {span}")),
        };
        // The system may still have bytes under way between two sockets.
        let end = Instant::now() + PATIENCE;
        while answer != expected {
            assert!(Instant::now() < end, "serve is `{answer}`, the driver `{expected}`");
            answer = self.ask("settle");
        }
    }

    fn ask(&mut self, line: &str) -> String {
        writeln!(self.lines, "{line}").expect("serve reads");
        self.answers.next().expect("serve answers").expect("text")
    }

    /// What came to a client, which must be these bytes, and then the end of the connection where there is a code for it.
    pub fn take(
        &mut self,
        conn: ConnId,
        sent: &[u8],
        closed: Option<glassbroker::wire::ReasonCode>,
    ) -> Vec<u8> {
        let Some(end) = self.ends.get_mut(&conn) else {
            assert_eq!(sent, b"", "nothing is sent to who is gone");
            return Vec::new();
        };
        let came = end.take(sent.len());
        assert_eq!(came, sent, "what came over the socket is what the broker sent");
        match closed {
            Some(code) => self.ends.remove(&conn).expect("found above").expect_end(code),
            None => end.expect_nothing(),
        }
        came
    }

    pub fn count_packets(&mut self, packets: usize) {
        self.packets += packets;
    }

    /// Compares what `serve` noted since the last time.
    pub fn compare(&mut self, notes: &[Noted]) {
        self.trace.compare(notes);
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        tally(&format!("ran\t{}\t{}", self.packets, self.trace.compared()));
    }
}

/// Adds a line about this story to the file that the environment names: `scripts/stories` adds them up.
pub fn tally(what: &str) {
    let Some(file) = std::env::var_os("STORIES_TALLY") else { return };
    let thread = std::thread::current();
    let program = std::env::current_exe().expect("a program");
    let program = program.file_stem().expect("a name").to_string_lossy();
    let program = program.rsplit_once('-').map_or(&*program, |(name, _)| name);
    let line = format!("{program}::{}\t{what}\n", thread.name().unwrap_or_default());
    let file = std::fs::OpenOptions::new().create(true).append(true).open(file);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("the tally is written");
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

/// A setting's value as a profile's file and a step write it.
fn setting(value: Value) -> serde_json::Value {
    match value {
        Value::Number(number) => number.into(),
        Value::Switch(switch) => switch.into(),
        Value::Unlimited => "unlimited".into(),
    }
}

/// Every setting of a profile, so that `serve` decides none of them.
fn profile_file(profile: &Profile) -> String {
    let set: serde_json::Map<_, _> = Profile::keys()
        .iter()
        .filter_map(|of| Some((of.key.to_owned(), setting(profile.get(of.key)?))))
        .collect();
    serde_json::json!({ "profile": profile.name(), "set": set }).to_string()
}

/// The options that tell `serve` who may come in and do what.
fn access_options(folder: &Path, access: &Access) -> Vec<String> {
    let Access { users, anonymous, list, policies, redirect, response_information } = access;
    assert!(
        redirect.is_none() && response_information.is_none(),
        "`serve` is not told of these: memory_only"
    );
    let mut options = Vec::new();
    if !users.is_empty() || anonymous.is_some() {
        let mut text = String::new();
        for (name, password) in users.iter() {
            writeln!(text, "{name}:{}", String::from_utf8_lossy(password)).expect("a string grows");
        }
        options.push(format!("--users={}", write(folder, "users", &text)));
    }
    if *anonymous == Some(true) {
        options.push("--anonymous".to_owned());
    }
    if let Some(list) = list {
        options.push(format!("--acl={}", write(folder, "acl", list.text())));
    }
    if !policies.is_empty() {
        let mut scenario = Scenario::default();
        scenario.broker.access.policies.documents = policies.documents.clone();
        let documents = &json_of(&scenario)["broker"]["policies"];
        let who =
            policies.principals.iter().map(|(name, who)| (name.to_string(), who.policies.clone().into()));
        let clients: serde_json::Map<_, _> = who.collect();
        let text = serde_json::json!({ "policies": documents, "clients": clients }).to_string();
        options.push(format!("--policies={}", write(folder, "policies", &text)));
    }
    options
}

/// A scenario as JSON.
fn json_of(scenario: &Scenario) -> serde_json::Value {
    serde_json::from_str(&scenario.to_json().expect("it has a form")).expect("it is JSON")
}

/// What an operator does, as a scenario's step.
fn step(command: &Command) -> String {
    let value = match command {
        Command::Restart { keep_store } => serde_json::json!({ "do": "restart", "keep_store": keep_store }),
        Command::Set { key, value } => {
            serde_json::json!({ "do": "set", "key": key, "value": setting(*value) })
        }
        _ => {
            let steps = vec![Step::once(SimTime::ZERO, Input::Broker(command.clone()))];
            let mut scenario = json_of(&Scenario { steps, ..Scenario::default() });
            let mut step = scenario["steps"][0].take();
            step.as_object_mut().expect("a step").remove("at");
            step
        }
    };
    let serde_json::Value::Object(mut step) = value else { unreachable!("an object") };
    step.insert("on".to_owned(), "broker".into());
    serde_json::Value::Object(step).to_string()
}
