//! What a client does as code: nothing in a scenario can end the literal or the comment that it stands in, and what a language cannot
//! say is told.
#![cfg(not(target_arch = "wasm32"))]

use glassbroker::client::{Action, ConnectOptions, Message, MessageExtra, WillOptions};
use glassbroker::export::code::{Language, Story, What, javascript, python_bytes, python_text, shell, write};
use glassbroker::scenario::{Scenario, parse};
use glassbroker::sim::{ClientSpec, Entry, Input, Journal, Repeat, Step};
use glassbroker::time::{SimTime, Span};
use proptest::prelude::*;
use std::process::Command;

/// The text that a literal in double quotes stands for, and what follows it. It knows the escapes that JavaScript and Python share,
/// `\u{…}` and `\U…`.
fn read_quoted(literal: &str) -> Option<(String, &str)> {
    let mut rest = literal.strip_prefix('"')?;
    let mut text = String::new();
    loop {
        let c = rest.chars().next()?;
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => return Some((text, rest)),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => return None,
            '\\' => {
                let c = rest.chars().next()?;
                rest = &rest[c.len_utf8()..];
                let digits = match c {
                    'n' => {
                        text.push('\n');
                        continue;
                    }
                    'u' => {
                        let (digits, after) = rest.strip_prefix('{')?.split_once('}')?;
                        rest = after;
                        digits
                    }
                    'U' => {
                        let (digits, after) = rest.split_at_checked(8)?;
                        rest = after;
                        digits
                    }
                    '"' | '\\' => {
                        text.push(c);
                        continue;
                    }
                    _ => return None,
                };
                text.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
            }
            c => text.push(c),
        }
    }
}

/// The bytes of a Python literal `b"…"`, which is all of the text.
fn read_bytes(literal: &str) -> Option<Vec<u8>> {
    let mut rest = literal.strip_prefix("b\"")?.strip_suffix('"')?.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => return None,
            b'\\' => match rest.next()? {
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                }
                escaped => bytes.push(escaped),
            },
            b' '..=b'~' => bytes.push(byte),
            _ => return None,
        }
    }
    Some(bytes)
}

/// What is likely to break out of something.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("${x}`x`".to_owned()),
        Just("$(touch broken)".to_owned()),
        Just("*/</script>".to_owned()),
        Just("\u{1b}[2J".to_owned()),
        Just("é漢🦀".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_text_is_read_back_from_its_literal(text in hostile()) {
        for literal in [javascript(&text), python_text(&text)] {
            prop_assert_eq!(read_quoted(&literal), Some((text.clone(), "")));
        }
    }

    #[test]
    fn bytes_are_read_back_from_theirs(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        prop_assert_eq!(read_bytes(&python_bytes(&bytes)), Some(bytes));
    }
}

#[test]
fn a_shell_reads_a_word_as_it_was() {
    let odd: String = (1..0x180).filter_map(char::from_u32).collect();
    for text in
        ["", "-n", "a b", "it's", "$(touch broken)`x`\\", "two\nlines\n", "\u{202e}evil", "é漢🦀", &odd]
    {
        let script = format!("printf %s {}", shell(text));
        let output =
            Command::new("sh").args(["-c", &script]).env("LC_ALL", "C.UTF-8").output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{script}");
    }
}

fn message(text: &str) -> Message {
    let extra = MessageExtra {
        content_type: Some(text.to_owned()),
        response_topic: Some(text.to_owned()),
        correlation_data: Some(text.as_bytes().to_vec().into()),
        user_properties: vec![(text.to_owned(), text.to_owned()), ("__proto__".to_owned(), text.to_owned())],
        ..MessageExtra::default()
    };
    Message {
        topic: text.to_owned(),
        payload: text.as_bytes().to_vec().into(),
        extra: Some(Box::new(extra)),
        ..Message::default()
    }
}

/// A client that has this text wherever there can be one.
fn full_of(text: &str) -> Scenario {
    let connect = ConnectOptions {
        client_id: Some(text.to_owned()),
        username: Some(text.to_owned()),
        password: Some(text.as_bytes().to_vec().into()),
        auth: Some(text.to_owned()),
        will: Some(WillOptions { message: message(text), delay_s: Some(1) }),
        user_properties: vec![(text.to_owned(), text.to_owned())],
        ..ConnectOptions::default()
    };
    let mut spec = ClientSpec::default();
    text.clone_into(&mut spec.client.id);
    spec.client.connect = connect;
    let act = |action| Input::Client { client: text.to_owned(), action };
    let steps = vec![
        Step::once(SimTime(1), act(Action::Connect { options: None })),
        Step::once(SimTime(2), act(Action::Unsubscribe { filters: vec![text.to_owned()] })),
        Step::once(SimTime(3), act(Action::Publish(message(text)))),
        Step {
            at: SimTime(4),
            every: Span::ms(1),
            times: 3,
            input: act(Action::Publish(message(&format!("{text}{{{{n}}}}")))),
        },
    ];
    Scenario { title: text.to_owned(), clients: vec![spec], steps, ..Scenario::default() }
}

fn story(scenario: &Scenario, name: &str) -> Story {
    Story::of(scenario, &Journal::default(), name).expect("the client")
}

#[test]
fn hostile_texts_change_no_line_of_the_code() {
    // The same code with a harmless text has as many lines, and the shell finds no command in it.
    let folder = std::env::temp_dir().join(format!("glassbroker-export-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for text in [
        "\"\n'; touch broken #",
        "\\",
        "'''\"\"\"",
        "\u{2028}//\u{202e}*/",
        "`touch broken`$(touch broken)",
        "x\r\ny",
    ] {
        for language in Language::ALL {
            let code = write(language, &story(&full_of(text), text));
            let plain = write(language, &story(&full_of("plain"), "plain"));
            if language != Language::Mosquitto {
                assert_eq!(code.lines().count(), plain.lines().count(), "{language:?} {text:?}\n{code}");
            }
            let odd = |c: &char| c.is_control() && *c != '\n';
            assert!(
                !code.chars().any(|c| odd(&c) || c == '\u{2028}' || c == '\u{202e}'),
                "{language:?}\n{code}"
            );
        }
        let script = write(Language::Mosquitto, &story(&full_of(text), text));
        // Functions stand in for the commands, so that only what breaks out does anything.
        let script =
            format!("mosquitto_pub() {{ :; }}\nmosquitto_sub() {{ :; }}\nsleep() {{ :; }}\n{script}");
        let output = Command::new("sh").args(["-c", &script]).current_dir(&folder).output().expect("a shell");
        assert!(output.status.success(), "{}\n{script}", String::from_utf8_lossy(&output.stderr));
        assert!(!folder.join("broken").exists(), "{text:?} broke out:\n{script}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn every_language_tells_of_every_field() {
    let scenario = parse(include_str!("scenario/full.json")).expect("a scenario");
    for name in ["lamp", "sensor"] {
        for language in Language::ALL {
            let code = write(language, &story(&scenario, name));
            let id = story(&scenario, name).client.connect.client_id.unwrap_or_else(|| name.to_owned());
            assert!(
                code.contains(&format!("\"{id}\"")) || code.contains(&format!("'{id}'")),
                "{language:?} {code}"
            );
        }
    }
    let lamp = |language| write(language, &story(&scenario, "lamp"));
    for said in [
        "sessionExpiryInterval: 3600",
        "willDelayInterval: 5",
        "nl: true, rap: true, rh: 2",
        "hex(\"ff00\")",
        "reasonCode: 4",
    ] {
        assert!(lamp(Language::MqttJs).contains(said), "{said}");
    }
    for said in [
        "SessionExpiryInterval=3600",
        "WillDelayInterval=5",
        "noLocal=True",
        "b\"\\xff\\x00\"",
        "identifier=4",
    ] {
        assert!(lamp(Language::Paho).contains(said), "{said}");
    }
    for said in
        ["session_expiry_interval_sec=3600", "will_delay_interval_sec=5", "no_local=True", "always does"]
    {
        assert!(lamp(Language::AwsIot).contains(said), "{said}");
    }
    for said in [
        "sessionExpiryIntervalSeconds: 3600",
        "willDelayIntervalSeconds: 5",
        "noLocal: true",
        "hex(\"ff00\")",
        "reasonCode: 4",
    ] {
        assert!(lamp(Language::AwsIotJs).contains(said), "{said}");
    }
    for said in
        ["-x 3600", "-D will will-delay-interval 5", "no option for No Local", "printf '\\377\\000' |"]
    {
        assert!(lamp(Language::Mosquitto).contains(said), "{said}");
    }
}

#[test]
fn what_was_done_by_hand_is_told_too_and_what_was_stopped_ends() {
    let mut scenario = Scenario::default();
    let mut spec = ClientSpec::default();
    "lamp".clone_into(&mut spec.client.id);
    let publish = |topic: &str| Action::Publish(Message { topic: topic.to_owned(), ..Message::default() });
    let client = |action| Input::Client { client: "lamp".to_owned(), action };
    scenario.steps =
        vec![Step { at: SimTime(0), every: Span::s(1), times: 100, input: client(publish("steps")) }];
    let entry = |steps, s: u64, input| Entry { steps, at: SimTime(s * 1_000_000), input, along: false };
    let repeat = |topic: &str, delay| {
        let (client, action) = ("lamp".to_owned(), publish(topic));
        Input::Repeat(Box::new(Repeat { client, action, delay, every: Span::s(2), times: 50 }))
    };
    let journal = Journal::new(vec![
        entry(0, 1, Input::AddClient(Box::new(spec))),
        entry(1, 2, repeat("asked", Span::ZERO)),
        entry(2, 3, repeat("later", Span::s(60))),
        entry(3, 10, Input::Stop { client: "lamp".to_owned(), topic: None }),
        entry(4, 11, client(publish("after"))),
    ]);
    let story = Story::of(&scenario, &journal.expect("in order"), "lamp").expect("added by hand");
    let told: Vec<_> = story
        .acts
        .iter()
        .map(|act| match &act.what {
            What::Do(Action::Publish(message)) => (message.topic.as_str(), act.times),
            other => panic!("{other:?}"),
        })
        .collect();
    // Times 0 to 9 s and 2, 4, 6, 8 s lie before the stop; what was to begin after it never does.
    assert_eq!(told, [("steps", 10), ("asked", 4), ("after", 1)]);
    assert!(Story::of(&scenario, &Journal::default(), "lamp").is_none());
}
