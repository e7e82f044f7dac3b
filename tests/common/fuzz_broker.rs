//! A tape of bytes that drives a broker: connections that send anything, time, operators; every answer is checked.
#![allow(dead_code, unreachable_pub)]

#[path = "fuzz_bounds.rs"]
mod bounds;
#[path = "fuzz_far_end.rs"]
mod far_end;
#[path = "fuzz_notes.rs"]
mod notes;
#[path = "fuzz_steps.rs"]
mod steps;

use crate::packets::Tape;
use bounds::Bounds;
use bytes::Bytes;
use far_end::FarEnd;
use glassbroker::broker::*;
use glassbroker::profile::{Allowed, Profile, Setting, Value};
use glassbroker::time::{SimTime, Span};
use glassbroker::topic::{ParentMatch, check_filter, matches};
use notes::Notes;
use std::collections::BTreeMap;

/// Small enough that a short tape reaches them.
const SMALL: [(&str, u64); 11] = [
    ("connect.max_count", 6),
    ("connect.receive_maximum", 3),
    ("connection.waiting_max_bytes", 1_024),
    ("packet.max_bytes", 4_096),
    ("retained.max_bytes", 300),
    ("retained.max_messages", 3),
    ("session.inflight_max_messages", 4),
    ("session.max_count", 4),
    ("session.queue_max_bytes", 400),
    ("session.queue_max_messages", 5),
    ("subscription.max_per_session", 4),
];

/// What a far end cannot follow: what waits unread is read when no bytes come, so that it is nobody's, and what is sent again on its
/// connection or given up has an identifier that is in use. None of these is limited here.
const NOT_FOLLOWED: [&str; 4] = [
    "connection.in_bytes_per_s",
    "session.resend_after_s",
    "session.resend_window_v3_s",
    "session.resend_window_v5_s",
];

/// With these a broker sends more than a Receive Maximum allows, which is what is looked for: they stay off.
const OVER_QUOTA: [&str; 2] = ["session.inflight_by_client", "session.resend_over_quota"];

/// The fuzz target `broker`.
pub fn run(input: &[u8]) {
    let mut run = Run::new(input);
    while !run.tape.0.is_empty() {
        run.step();
    }
    run.end();
}

/// What a broker is given.
#[derive(Clone, Debug)]
enum Input {
    Open(Link),
    Receive(ConnId, Bytes),
    Writable(ConnId, usize),
    Closed(ConnId, Closed),
    Tick,
    Command(Command),
}

/// What it answers at once.
#[derive(PartialEq, Eq, Debug)]
enum Answer {
    Nothing,
    Opened(ConnId),
    Done(Result<(), String>),
}

fn apply(broker: &mut Broker, now: SimTime, input: &Input, observer: &mut impl Observer) -> Answer {
    match input.clone() {
        Input::Open(link) => return Answer::Opened(broker.open(now, link, Cause::NONE, observer)),
        Input::Receive(conn, bytes) => broker.receive(now, conn, bytes, Cause::NONE, observer),
        Input::Writable(conn, bytes_free) => broker.writable(now, conn, bytes_free, Cause::NONE, observer),
        Input::Closed(conn, how) => broker.closed(now, conn, how, Cause::NONE, observer),
        Input::Tick => broker.tick(now, observer),
        Input::Command(command) => {
            return Answer::Done(broker.command(now, command, Cause::NONE, observer));
        }
    }
    Answer::Nothing
}

/// One run of the fuzzer.
struct Run<'a> {
    tape: Tape<'a>,
    broker: Broker,
    /// A checkpoint that goes on unwatched and must answer alike.
    twin: Option<Broker>,
    now: SimTime,
    notes: Notes,
    bounds: Bounds,
    far_ends: BTreeMap<ConnId, FarEnd>,
    /// Whether `GLASSBROKER_FUZZ_SHOW` asks for each input and what came of it.
    is_shown: bool,
}

impl<'a> Run<'a> {
    fn new(input: &'a [u8]) -> Self {
        let mut tape = Tape(input);
        let names: Vec<&str> = Profile::names().collect();
        let mut profile =
            Profile::named(names[usize::from(tape.byte()) % names.len()]).expect("a name that is listed");
        let changes = tape.byte();
        let small = if changes & 0x80 == 0 { &SMALL[..] } else { &[] };
        for (key, number) in small {
            profile.set(key, Value::Number(*number)).expect("a value that is allowed");
        }
        for key in OVER_QUOTA {
            profile.set(key, Value::Switch(false)).expect("a switch");
        }
        for key in NOT_FOLLOWED {
            profile.set(key, Value::Unlimited).expect("no limit");
        }
        for _ in 0..changes % 8 {
            let (key, value) = setting(&mut tape);
            profile.set(key, value).expect("a value that is allowed");
        }
        let mut bounds = Bounds::default();
        bounds.follow(&profile);
        Self {
            tape,
            broker: Broker::new(profile, 7),
            twin: None,
            now: SimTime::ZERO,
            notes: Notes::default(),
            bounds,
            far_ends: BTreeMap::new(),
            is_shown: std::env::var_os("GLASSBROKER_FUZZ_SHOW").is_some(),
        }
    }

    /// Gives the broker one input and checks all that comes of it.
    fn give(&mut self, input: &Input) -> Answer {
        self.notes.now = self.now;
        self.notes.events.clear();
        let answer = apply(&mut self.broker, self.now, input, &mut self.notes);
        if let Answer::Opened(conn) = answer {
            let Input::Open(link) = input else { unreachable!() };
            let old = self.far_ends.insert(conn, FarEnd::new(link));
            assert!(old.is_none(), "a number is used again only after its connection was closed");
        }
        let outputs: Vec<Output> = std::iter::from_fn(|| self.broker.poll()).collect();
        if self.is_shown {
            eprintln!("{} {input:?} -> {answer:?} {outputs:?}", Span(self.now.0));
        }
        if let Some(twin) = &mut self.twin {
            *twin = twin.clone();
            assert_eq!(apply(twin, self.now, input, &mut NoObserver), answer);
            let others: Vec<Output> = std::iter::from_fn(|| twin.poll()).collect();
            assert!(others.iter().map(plain).eq(outputs.iter().map(plain)), "{others:?} {outputs:?}");
            assert_eq!(twin.counts(), self.broker.counts());
            assert_eq!(twin.next_deadline(), self.broker.next_deadline());
        }
        self.follow(input, outputs);
        if let Input::Command(Command::Set { .. }) = input {
            self.bounds.follow(self.broker.profile());
        }
        self.bounds.check(&self.broker, self.now, &self.far_ends);
        answer
    }

    /// Follows the events and outputs of one input in their order.
    fn follow(&mut self, input: &Input, outputs: Vec<Output>) {
        let mut outputs = outputs.into_iter().peekable();
        let events = std::mem::take(&mut self.notes.events);
        for noted in &events {
            match noted.kind {
                Kind::PacketReceived => {
                    let Input::Receive(conn, _) = input else { panic!("a packet came from nowhere") };
                    self.far_end(*conn).was_read(&noted.packet);
                }
                Kind::PacketSent => {
                    while let Some(closing) = outputs.next_if(|o| !matches!(o, Output::Send { .. })) {
                        self.follow_closing(&closing);
                    }
                    let Some(Output::Send { conn, head, body, cause }) = outputs.next() else {
                        panic!("what is noted as sent is put out")
                    };
                    assert_eq!(cause.event, noted.seq, "outputs are in the order of their events");
                    assert_eq!([&head[..], &body[..]].concat(), noted.packet);
                    if let Some(topic) = self.far_end(conn).is_sent(&noted.packet) {
                        let filters = self.notes.filters.get(&noted.client);
                        let asked = filters.is_some_and(|all| all.iter().any(|f| has_asked(f, &topic)));
                        assert!(asked, "{:?} never subscribed to {topic:?}", noted.client);
                    }
                }
                Kind::SessionCreated => {
                    self.notes.filters.insert(noted.client.clone(), Default::default());
                }
                _ => {
                    let filters = self.notes.filters.entry(noted.client.clone()).or_default();
                    filters.insert(noted.topic.clone());
                }
            }
        }
        for closing in outputs {
            self.follow_closing(&closing);
        }
        self.notes.events = events;
    }

    fn follow_closing(&mut self, output: &Output) {
        match output {
            Output::Send { .. } => panic!("what is put out was noted as sent"),
            Output::Close { conn, .. } => {
                assert!(self.far_ends.remove(conn).is_some(), "only what is open is closed");
            }
        }
    }

    fn far_end(&mut self, conn: ConnId) -> &mut FarEnd {
        self.far_ends.get_mut(&conn).expect("only open connections read and write")
    }

    /// Time comes to `at`; with `stops`, the broker is woken whenever it asks to be, at most so often.
    fn pass_to(&mut self, at: SimTime, stops: usize) {
        for _ in 0..stops {
            let Some(due) = self.broker.next_deadline().filter(|due| *due <= at) else { break };
            self.now = self.now.max(due);
            self.tick();
        }
        self.now = self.now.max(at);
    }

    fn tick(&mut self) {
        self.give(&Input::Tick);
        let next = self.broker.next_deadline();
        assert!(next.is_none_or(|next| next > self.now), "a tick does all that is due");
    }

    /// Everything ends: nothing may be left.
    fn end(mut self) {
        for conn in self.far_ends.keys().copied().collect::<Vec<_>>() {
            self.far_ends.remove(&conn);
            self.give(&Input::Closed(conn, Closed::Lost));
        }
        // A session that never ends would be told of `$SYS` for ever.
        let (key, value) = ("sys.interval_s".to_owned(), Value::Unlimited);
        self.give(&Input::Command(Command::Set { key, value }));
        self.pass_to(self.now + Span::s(1 << 33), 500);
        self.tick();
        self.bounds.check(&self.broker, self.now, &self.far_ends);
        assert_eq!(self.broker.next_deadline(), None, "every deadline is over");
        self.give(&Input::Command(Command::Restart { keep_store: false }));
        assert_eq!(self.broker.counts(), CountsView::default());
        assert!(self.broker.groups(SimTime::ZERO).is_empty());
    }
}

/// An output without its cause, which nobody made where nobody watches.
fn plain(output: &Output) -> Output {
    let mut output = output.clone();
    let (Output::Send { cause, .. } | Output::Close { cause, .. }) = &mut output;
    {
        *cause = Cause::NONE;
    }
    output
}

/// Whether a subscription's filter, shared or not, matches.
fn has_asked(filter: &str, topic: &str) -> bool {
    let shared = check_filter(filter).is_ok_and(|f| matches(f.filter, topic, ParentMatch::Included));
    shared || matches(filter, topic, ParentMatch::Included)
}

/// A setting and a value that it may have: near its lowest, its highest or none.
fn setting(tape: &mut Tape<'_>) -> (&'static str, Value) {
    let Setting { key, allowed, .. } = Profile::keys()[usize::from(tape.byte()) % Profile::keys().len()];
    let choice = tape.byte();
    if OVER_QUOTA.contains(&key) {
        return (key, Value::Switch(false));
    }
    if NOT_FOLLOWED.contains(&key) {
        return (key, Value::Unlimited);
    }
    let value = match allowed {
        Allowed::Switch => Value::Switch(choice & 1 == 1),
        Allowed::NumberOrUnlimited(..) if choice == 255 => Value::Unlimited,
        Allowed::Number(_, high) | Allowed::NumberOrUnlimited(_, high) if choice == 254 => {
            Value::Number(high)
        }
        Allowed::Number(low, high) | Allowed::NumberOrUnlimited(low, high) => {
            let scale = if choice & 0x80 == 0 { 1 } else { 37 };
            Value::Number((low + u64::from(choice & 0x7F) * scale).min(high))
        }
    };
    (key, value)
}
