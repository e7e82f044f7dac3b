//! What was done to a run by hand, in links: every input has a form, the words are those of a scenario's steps, and what is wrong is said.

#![cfg(not(target_arch = "wasm32"))]

use bytes::Bytes;
use glassbroker::broker::{Command, Page};
use glassbroker::client::{
    Action, ClientOptions, ConnectOptions, FilterRequest, Message, MessageExtra, SubscribeRequest,
    WillOptions,
};
use glassbroker::policy::aws::Policy;
use glassbroker::profile::Value;
use glassbroker::scenario::{Link, SavedRun, What, parse, parse_policy};
use glassbroker::sim::{
    Chosen, ClientSpec, Entry, Input, Journal, LinkSpec, LiveAct, MAX_REPEATS, Repeat, Way, WhatIf,
};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{PacketType, QoS, Version};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const FULL: &str = include_str!("scenario/full.json");

fn run(entries: Vec<Entry>) -> SavedRun {
    let journal = Journal::new(entries).unwrap();
    SavedRun { engine: "0.1.0".into(), journal, ..SavedRun::default() }
}

/// A run of this text, or the first thing that is wrong with it.
fn saved(text: &str) -> Result<SavedRun, String> {
    SavedRun::parse(text).map_err(|problems| problems[0].to_string())
}

/// A run whose journal is this text.
fn with_journal(journal: &str) -> Result<SavedRun, String> {
    saved(&format!(
        r#"{{ "glassbroker": 1, "engine": "0.1.0", "scenario": {{ "glassbroker": 1 }}, "journal": {journal} }}"#
    ))
}

#[test]
fn what_a_step_can_do_is_written_as_the_step() {
    let steps = parse(FULL).unwrap().steps;
    let document: serde_json::Value = serde_json::from_str(FULL).unwrap();
    for (n, step) in document["steps"].as_array().unwrap().iter().enumerate() {
        let mut entry = step.clone();
        let fields = entry.as_object_mut().unwrap();
        fields.retain(|key, _| key != "every" && key != "times");
        fields.insert("after".to_owned(), 7.into());
        let found = with_journal(&format!("[{entry}]")).unwrap_or_else(|why| panic!("{entry}: {why}"));
        let expected = Entry { steps: 7, at: steps[n].at, input: steps[n].input.clone(), along: false };
        assert_eq!(found.journal.entries(), [expected]);
        let written: serde_json::Value = serde_json::from_str(&found.to_json().unwrap()).unwrap();
        assert_eq!(written["journal"][0]["do"], step["do"]);
        assert_eq!(written["journal"][0].get("on"), step.get("on"));
    }
}

#[test]
fn what_is_wrong_in_a_journal_is_said_with_its_place_and_what_is_allowed() {
    for (journal, said) in [
        ("{}", "journal: a list belongs here, not an object"),
        ("[7]", "journal[0]: an object belongs here, not a number"),
        (r#"[{ "after": 1, "at": "1s" }]"#, "journal[0]: the field `do` is missing"),
        (
            r#"[{ "after": 1, "at": "1s", "client": "a", "do": "fly" }]"#,
            "journal[0].do: `fly` is nothing that",
        ),
        (r#"[{ "at": "1s", "client": "a", "do": "cut" }]"#, "journal[0]: the field `after` is missing"),
        (r#"[{ "after": 1, "client": "a", "do": "cut" }]"#, "journal[0]: the field `at` is missing"),
        (
            r#"[{ "after": 1, "at": "1", "client": "a", "do": "cut" }]"#,
            "journal[0].at: `1` has no unit: write one of us, ms, s, m, h, d",
        ),
        (
            r#"[{ "after": 1, "at": "1s", "every": "1s", "client": "a", "do": "cut" }]"#,
            "there is no field `every` here. Allowed are `after`, `at`, `along`, `do`, `client`",
        ),
        (
            r#"[{ "after": 1, "at": "1s", "live": 1, "do": "opne" }]"#,
            "`opne` is nothing that a live client can do; did you mean `open`? It can `open`, `send`, `send_text`",
        ),
        (
            r#"[{ "after": 1, "at": "1s", "live": -1, "do": "vanish" }]"#,
            "journal[0].live: a whole number from 0 to 4294967295 belongs here, not -1",
        ),
        (
            r#"[{ "after": 1, "at": "1s", "do": "add", "client": { "id": "a", "mqtt": "4" } }]"#,
            r#"journal[0].client.mqtt: the version of MQTT is "5" or "3.1.1""#,
        ),
        (
            r#"[{ "after": 1, "at": "1s", "client": "a", "do": "connect", "username": "u" }]"#,
            "journal[0]: `username` and `password` stand beside `connect`",
        ),
        (
            r#"[{ "after": 1, "at": "1s", "client": "a", "do": "cut" }, { "after": 1, "at": "1s", "client": "a", "do": "cut" }]"#,
            "entry 1 of the journal is not after the one before it",
        ),
    ] {
        let error = with_journal(journal).unwrap_err();
        assert!(error.contains(said), "{journal}: {error}");
    }
    let error = saved("{ \"glassbroker\": 1,\n \"engine\": 5 }").unwrap_err();
    assert!(error.contains("2:12: engine: text belongs here, not a number"), "{error}");
    assert!(saved("{").unwrap_err().contains("1:2: a key in double quotes is missing"));
    let error = with_journal("[]").map(|run| run.journal);
    assert_eq!(error, Ok(Journal::default()));
}

#[test]
fn the_example_of_the_documentation_is_right() {
    let docs = include_str!("../docs/scenario.md");
    let section = docs.split("### The journal").nth(1).unwrap();
    let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let run = with_journal(example).unwrap();
    let protocols = vec!["mqtt".to_owned()];
    let open = Input::Live { id: 1, act: LiveAct::Open { path: "/mqtt".into(), protocols } };
    let expected = Entry { steps: 60, at: SimTime(2_000_000), input: open, along: false };
    assert_eq!(run.journal.entries().last(), Some(&expected));
}

#[test]
fn what_has_no_form_is_not_written() {
    let link = LinkSpec { latency: Span::us(1_500), ..LinkSpec::default() };
    let entry =
        Entry { steps: 0, at: SimTime(0), input: Input::Link { client: "a".into(), link }, along: false };
    let problem = run(vec![entry]).to_json().unwrap_err();
    assert_eq!(problem.path, "journal[0].link.latency_ms");
}

/// The word of what a client does.
fn client_word(action: &Action) -> &'static str {
    match action {
        Action::Connect { .. } => "connect",
        Action::Subscribe(_) => "subscribe",
        Action::Unsubscribe { .. } => "unsubscribe",
        Action::Publish(_) => "publish",
        Action::Disconnect { .. } => "disconnect",
        Action::Close { .. } => "close",
        Action::Reauthenticate => "reauthenticate",
        Action::Crash => "crash",
        Action::Restart { .. } => "restart",
        Action::StopAcks => "stop_acks",
        Action::ResumeAcks => "resume_acks",
        Action::Send { .. } => "send",
    }
}

/// The word of an input's `do`, and the field that says who does it.
fn words(input: &Input) -> (&'static str, &'static str) {
    match input {
        Input::Client { action, .. } => (client_word(action), "client"),
        Input::Repeat(repeat) => (client_word(&repeat.action), "client"),
        Input::Stop { .. } => ("stop", "client"),
        Input::Cut { .. } => ("cut", "client"),
        Input::Restore { .. } => ("restore", "client"),
        Input::Link { .. } => ("link", "client"),
        Input::HalfOpen { .. } => ("half_open", "client"),
        Input::Stall { .. } => ("stall", "client"),
        Input::WhatIf { what, .. } => (what.asked(), "client"),
        Input::AddClient(_) => ("add", "client"),
        Input::RemoveClient { .. } => ("remove", "client"),
        Input::Broker(command) => {
            let word = match command {
                Command::Disconnect { .. } => "disconnect",
                Command::Publish { .. } => "publish",
                Command::RetainedList(_) => "retained_list",
                Command::ConnectionRead { .. } => "connection_read",
                Command::SubscriptionList { .. } => "subscription_list",
                Command::RetainedRead { .. } => "retained_read",
                Command::RetainedDelete { .. } => "retained_delete",
                Command::Set { .. } => "set",
                Command::Policy { .. } => "policy",
                Command::Restart { .. } => "restart",
            };
            (word, "on")
        }
        Input::Mark { .. } => ("mark", "title"),
        Input::Live { act, .. } => {
            let word = match act {
                LiveAct::Open { .. } => "open",
                LiveAct::Send { .. } => "send",
                LiveAct::SendText { .. } => "send_text",
                LiveAct::Close { .. } => "close",
                LiveAct::Vanish => "vanish",
                LiveAct::LeftBehind => "left_behind",
            };
            (word, "live")
        }
    }
}

/// Policies with what their writing has to distinguish.
fn documents() -> BoxedStrategy<Policy> {
    let documents = [
        r#"{ "Version": "2012-10-17", "Statement": [] }"#,
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "NotResource": [ "*", "arn:aws:iot:*:*:a*" ],
            "Condition": { "Bool": { "iot:Connection.Thing.IsAttached": "true" }, "StringLike": { "iot:ClientId": [] } } } }"#,
    ];
    prop::sample::select(documents.map(|text| parse_policy(text).unwrap()).to_vec()).boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof!["\\PC{0,6}", "[a-z/\"\\\\\n\u{0}]{0,6}"].boxed()
}

fn raw() -> BoxedStrategy<Bytes> {
    prop_oneof![text().prop_map(Bytes::from), vec(any::<u8>(), 0..6).prop_map(Bytes::from)].boxed()
}

fn qos() -> BoxedStrategy<QoS> {
    prop::sample::select(vec![QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]).boxed()
}

fn pairs() -> BoxedStrategy<Vec<(String, String)>> {
    vec((text(), text()), 0..3).boxed()
}

/// A message; what 5.0 adds is there only where something of it is set, and a will has no topic alias.
fn message(is_will: bool) -> BoxedStrategy<Message> {
    let first = (option::of(any::<bool>()), option::of(any::<u32>()), option::of(text()), option::of(text()));
    let extra = (first, option::of(raw()), option::of(1..=u16::MAX), pairs()).prop_map(
        move |((payload_is_text, expiry_s, content_type, response_topic), correlation_data, alias, pairs)| {
            let topic_alias = alias.filter(|_| !is_will);
            MessageExtra {
                payload_is_text,
                expiry_s,
                content_type,
                response_topic,
                correlation_data,
                topic_alias,
                user_properties: pairs,
            }
        },
    );
    (text(), raw(), qos(), any::<bool>(), option::of(extra))
        .prop_map(|(topic, payload, qos, retain, extra)| {
            let extra = extra.filter(|extra| *extra != MessageExtra::default()).map(Box::new);
            Message { topic, payload, qos, retain, extra }
        })
        .boxed()
}

fn connect() -> BoxedStrategy<ConnectOptions> {
    let will = (message(true), option::of(any::<u32>()))
        .prop_map(|(message, delay_s)| WillOptions { message, delay_s });
    let numbers = (
        any::<u16>(),
        option::of(any::<u32>()),
        option::of(1..=u16::MAX),
        option::of(1..=u32::MAX),
        option::of(any::<u16>()),
    );
    let texts = (option::of(text()), option::of(text()), option::of(raw()), option::of(text()), pairs());
    let wants = (option::of(any::<bool>()), option::of(any::<bool>()));
    (numbers, texts, wants, any::<bool>(), option::of(will))
        .prop_map(|(numbers, texts, wants, clean_start, will)| {
            let (keep_alive_s, session_expiry_s, receive_maximum, maximum_packet_bytes, topic_alias_maximum) =
                numbers;
            let (client_id, username, password, auth, user_properties) = texts;
            let (request_response_information, request_problem_information) = wants;
            ConnectOptions {
                client_id,
                clean_start,
                keep_alive_s,
                session_expiry_s,
                receive_maximum,
                maximum_packet_bytes,
                topic_alias_maximum,
                request_response_information,
                request_problem_information,
                auth,
                username,
                password,
                will,
                user_properties,
            }
        })
        .boxed()
}

fn network() -> BoxedStrategy<LinkSpec> {
    let ms = || (0..=3_600_000u64).prop_map(Span::ms);
    (ms(), ms(), option::of(1..=1_000_000_000_000u64), 1..=1usize << 30)
        .prop_map(|(latency, jitter, bytes_per_s, in_flight_max_bytes)| LinkSpec {
            latency,
            jitter,
            bytes_per_s,
            in_flight_max_bytes,
        })
        .boxed()
}

fn client() -> BoxedStrategy<ClientSpec> {
    let version = prop::sample::select(vec![Version::V3, Version::V5]);
    let options = (
        text(),
        version,
        connect(),
        any::<bool>(),
        option::of(any::<u64>().prop_map(Span)),
        0..=1_000_000usize,
    )
        .prop_map(|(id, version, connect, pings, reconnect, queue_max_messages)| ClientOptions {
            id,
            version,
            connect,
            pings,
            reconnect,
            queue_max_messages,
        });
    (options, prop_oneof![Just(LinkSpec::default()), network()])
        .prop_map(|(client, link)| ClientSpec { client, link, ..ClientSpec::default() })
        .boxed()
}

fn action() -> BoxedStrategy<Action> {
    let filter = (text(), qos(), any::<bool>(), any::<bool>(), 0..=2u8).prop_map(
        |(filter, qos, no_local, retain_as_published, retain_handling)| FilterRequest {
            filter,
            qos,
            no_local,
            retain_as_published,
            retain_handling,
        },
    );
    prop_oneof![
        option::of(connect()).prop_map(|options| Action::Connect { options: options.map(Box::new) }),
        (vec(filter, 0..3), option::of(1..=268_435_455u32))
            .prop_map(|(filters, identifier)| Action::Subscribe(SubscribeRequest { filters, identifier })),
        vec(text(), 0..3).prop_map(|filters| Action::Unsubscribe { filters }),
        message(false).prop_map(Action::Publish),
        (any::<u8>(), option::of(any::<u32>()))
            .prop_map(|(code, session_expiry_s)| Action::Disconnect { code, session_expiry_s }),
        (1_000..=u16::MAX).prop_map(|code| Action::Close { code }),
        raw().prop_map(|bytes| Action::Send { bytes }),
        prop::sample::select(vec![
            Action::Reauthenticate,
            Action::Crash,
            Action::Restart { keep_session: false },
            Action::Restart { keep_session: true },
            Action::StopAcks,
            Action::ResumeAcks
        ]),
    ]
    .boxed()
}

fn page() -> BoxedStrategy<Page> {
    (option::of(1..=200u32), option::of(text()))
        .prop_map(|(max_results, next_token)| Page { max_results, next_token })
        .boxed()
}

fn command() -> BoxedStrategy<Command> {
    let value = prop_oneof![
        any::<u64>().prop_map(Value::Number),
        any::<bool>().prop_map(Value::Switch),
        Just(Value::Unlimited)
    ];
    prop_oneof![
        (text(), any::<bool>(), any::<bool>()).prop_map(|(client, clean_session, prevent_will)| {
            Command::Disconnect { client, clean_session, prevent_will }
        }),
        page().prop_map(Command::RetainedList),
        text().prop_map(|client| Command::ConnectionRead { client }),
        (text(), page()).prop_map(|(client, page)| Command::SubscriptionList { client, page }),
        (message(true), option::of(text())).prop_map(|(message, principal)| Command::Publish {
            message: Box::new(message.to_publish()),
            principal,
        }),
        text().prop_map(|topic| Command::RetainedRead { topic }),
        text().prop_map(|topic| Command::RetainedDelete { topic }),
        (text(), value).prop_map(|(key, value)| Command::Set { key, value }),
        (text(), documents(), any::<bool>()).prop_map(|(name, document, is_new)| Command::Policy {
            name,
            document,
            is_new
        }),
        any::<bool>().prop_map(|keep_store| Command::Restart { keep_store }),
    ]
    .boxed()
}

fn live_act() -> BoxedStrategy<LiveAct> {
    prop_oneof![
        (text(), vec(text(), 0..3)).prop_map(|(path, protocols)| LiveAct::Open { path, protocols }),
        raw().prop_map(|bytes| LiveAct::Send { bytes }),
        text().prop_map(|text| LiveAct::SendText { text }),
        (option::of(any::<u16>()), text()).prop_map(|(code, reason)| LiveAct::Close { code, reason }),
        Just(LiveAct::Vanish),
        Just(LiveAct::LeftBehind),
    ]
    .boxed()
}

fn way() -> BoxedStrategy<Way> {
    any::<bool>().prop_map(|up| if up { Way::Up } else { Way::Down }).boxed()
}

fn what_if() -> BoxedStrategy<(WhatIf, Chosen)> {
    let corrupt = (any::<u32>(), 1..=u8::MAX).prop_map(|(byte, bits)| WhatIf::Corrupt { byte, bits });
    let what = prop_oneof![
        3 => prop::sample::select(vec![WhatIf::Drop, WhatIf::Duplicate, WhatIf::Reorder]),
        1 => corrupt,
    ];
    let packet = option::of((1..=15u8).prop_map(|number| PacketType::from_number(number).unwrap()));
    let which = (way(), packet, any::<u32>()).prop_map(|(way, packet, on_its_way)| Chosen {
        way,
        packet,
        on_its_way,
    });
    let forgotten = Chosen { way: Way::Up, packet: None, on_its_way: 0 };
    prop_oneof![
        5 => (what, which),
        1 => Just((WhatIf::Forget, forgotten)),
    ]
    .boxed()
}

fn input() -> BoxedStrategy<Input> {
    prop_oneof![
        4 => (text(), action()).prop_map(|(client, action)| Input::Client { client, action }),
        2 => command().prop_map(Input::Broker),
        2 => (any::<u32>(), live_act()).prop_map(|(id, act)| Input::Live { id, act }),
        1 => text().prop_map(|client| Input::Cut { client }),
        1 => text().prop_map(|client| Input::Restore { client }),
        1 => text().prop_map(|client| Input::RemoveClient { client }),
        1 => (text(), network()).prop_map(|(client, link)| Input::Link { client, link }),
        1 => (text(), way()).prop_map(|(client, way)| Input::HalfOpen { client, way }),
        1 => (text(), 1..=900_000_000u64)
            .prop_map(|(client, us)| Input::Stall { client, length: Span::us(us) }),
        2 => (text(), what_if()).prop_map(|(client, (what, which))| Input::WhatIf { client, what, which }),
        2 => (text(), action(), any::<u64>(), any::<u64>(), 1..=MAX_REPEATS).prop_map(|(client, action, delay, every, times)| {
            Input::Repeat(Box::new(Repeat { client, action, delay: Span(delay), every: Span(every), times }))
        }),
        1 => (text(), option::of(text())).prop_map(|(client, topic)| Input::Stop { client, topic }),
        1 => client().prop_map(|spec| Input::AddClient(Box::new(spec))),
        1 => (text(), text()).prop_map(|(title, text)| Input::Mark { title, text }),
    ]
    .boxed()
}

fn entries() -> BoxedStrategy<Vec<Entry>> {
    vec((0..=1u64 << 40, 0..=1u64 << 50, input()), 0..6)
        .prop_map(|rows| {
            let mut last = (0, 0);
            rows.into_iter()
                .map(|(steps, at, input)| {
                    last = (last.0 + steps + 1, last.1 + at);
                    Entry { steps: last.0, at: SimTime(last.1), input, along: last.0 % 3 == 0 }
                })
                .collect()
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_journal_is_read_as_it_is_written(entries in entries()) {
        let run = run(entries);
        let json = run.to_json().unwrap();
        prop_assert_eq!(&SavedRun::parse(&json).unwrap(), &run, "{}", json);
        let written: serde_json::Value = serde_json::from_str(&json).unwrap();
        for (n, entry) in run.journal.entries().iter().enumerate() {
            let (word, who) = words(&entry.input);
            prop_assert_eq!(&written["journal"][n]["do"], word);
            prop_assert!(written["journal"][n].get(who).is_some());
        }
        let link = Link { what: What::Run(Box::new(run)), moment: None, view: None, against: None, present: false };
        match link.write() {
            Ok(text) => prop_assert_eq!(Link::parse(&text).unwrap(), link),
            Err(why) => prop_assert!(why.contains("save the run as a file")),
        }
    }

    #[test]
    fn a_changed_run_never_panics(
        entries in entries(),
        at in any::<prop::sample::Index>(),
        length in 0usize..6,
        by in "[\\]\\[{}\",:0-9a-z\\\\é\u{0}]{0,4}",
    ) {
        let mut json = run(entries).to_json().unwrap();
        let bound = |json: &str, mut at: usize| {
            at = at.min(json.len());
            while !json.is_char_boundary(at) { at -= 1; }
            at
        };
        let from = bound(&json, at.index(json.len()));
        let to = bound(&json, from + length).max(from);
        json.replace_range(from..to, &by);
        match SavedRun::parse(&json) {
            Ok(run) => prop_assert_eq!(SavedRun::parse(&run.to_json().unwrap()).unwrap(), run),
            Err(problems) => prop_assert!(problems[0].line > 0 && !problems[0].message.is_empty(), "{:?}", problems),
        }
    }
}
