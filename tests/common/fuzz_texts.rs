//! Documents that people write, changed by a tape of bytes: each is read or refused with a place, and what is read is written so that
//! it reads as the same.
#![allow(dead_code, unreachable_pub)]

use crate::packets::Tape;
use glassbroker::account::{Query, Template};
use glassbroker::policy::{AccessList, Users};
use glassbroker::scenario::{
    Link, Overrides, Problem, SavedRun, compile, parse, parse_file, parse_moment, parse_policies,
    parse_policy, parse_topic_rules,
};

/// What is changed: a document with everything in it, and others.
const TEXTS: [&str; 9] = [
    include_str!("../scenario/full.json"),
    include_str!("../../www/lessons/remember.json"),
    r#"{ "policies": { "p": { "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "iot:*", "NotResource":
        "arn:aws:iot:*:*:topic/${iot:ClientId}/?", "Condition": { "ForAllValues:StringEquals": { "iot:ConnectAttributes":
        [ "LastWill" ] } } } ] } }, "clients": { "lamp": [ "p" ] } }"#,
    r#"{ "hot": { "sql": "SELECT t, upper(a.b) AS u FROM 'x/+' WHERE t > -1.5 AND NOT (u = 'x')", "actions": [ { "republish":
        { "topic": "$$aws/x/${topic(1)}", "qos": 1, "user_properties": [ [ "k", "${t}" ] ] } } ], "enabled": false } }"#,
    "user alice\ntopic read factory/#\ntopic deny factory/+/x\npattern readwrite own/%c/%u\n",
    "alice:secret\nbob:a:b\n",
    "SELECT *, list[1].x AS y, CASE t WHEN 1 THEN 2 ELSE 3 END FROM 'a/#' WHERE topic(2) <> 'b' OR t % 2 = 0",
    "v=1&lesson=hello&t=1.5s.3&view=sides&against=mqtt",
    "1.5s",
];
/// What comes into them.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "0.000001us",
    "\\u0000",
    "\\ud800",
    "é",
    "${",
    "}}",
    "'",
    "(",
    ")",
    "\n",
    "99999999999999999999",
    "\u{feff}",
    " ",
];

/// The fuzz target `texts`.
pub fn run(input: &[u8]) {
    let mut tape = Tape(input);
    let base = TEXTS[tape.below(TEXTS.len())];
    let text = changed(base, &mut tape);
    documents(&text);
    if let Ok(list) = AccessList::parse(&text) {
        assert_eq!(list.text(), text);
    }
    let _ = Users::parse(&text);
    if let Ok(query) = Query::parse(&text) {
        assert_eq!(query.text(), text);
    }
    if let Ok(template) = Template::parse(&text) {
        assert_eq!(template.text(), text);
    }
    let _ = parse_moment(&text);
    if let Ok(link) = Link::parse(&text) {
        let written = link.write().expect("what was read from a link has room in one");
        assert_eq!(Link::parse(&written).expect("a link that was written").write().as_ref(), Ok(&written));
    }
}

/// JSON of every kind.
fn documents(text: &str) {
    placed(text, parse_policies(text).err());
    placed(text, parse_policy(text).err());
    placed(text, parse_topic_rules(text).err());
    placed(text, parse_file(text).err());
    match parse(text) {
        Err(problems) => placed(text, Some(problems)),
        Ok(scenario) => {
            if let Err(problems) = compile(&scenario, &Overrides::default()) {
                assert!(!problems.is_empty());
                return;
            }
            let run = SavedRun { scenario, ..SavedRun::default() };
            let written = run.to_json().unwrap_or_else(|problem| panic!("{problem}"));
            let again =
                SavedRun::parse(&written).unwrap_or_else(|problems| panic!("{problems:?} in {written}"));
            assert_eq!(again.to_json().as_ref(), Ok(&written));
            assert_eq!(again.scenario, run.scenario);
        }
    }
}

/// Every problem says what is wrong, and where in the text.
fn placed(text: &str, problems: Option<Vec<Problem>>) {
    let Some(problems) = problems else { return };
    assert!(!problems.is_empty());
    let lines = text.split('\n').count();
    for problem in problems {
        assert!(!problem.message.is_empty() && problem.line as usize <= lines, "{problem:?}");
    }
}

/// A text with some of it left out, repeated or replaced.
fn changed(base: &str, tape: &mut Tape<'_>) -> String {
    let mut text = base.to_owned();
    for _ in 0..1 + tape.below(6) {
        let from = boundary(&text, tape.below(text.len() + 1));
        let to = boundary(&text, (from + tape.below(24)).min(text.len()));
        match tape.below(4) {
            0 => text.replace_range(from..to, ""),
            1 => {
                let again = text[from..to].to_owned();
                text.insert_str(to, &again);
            }
            2 => text.replace_range(from..to, PIECES[tape.below(PIECES.len())]),
            _ => text.insert_str(from, PIECES[tape.below(PIECES.len())]),
        }
    }
    text
}

/// The nearest place before this one at which a text can be cut.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
