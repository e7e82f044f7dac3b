//! What a client does, as code for a client library, or as commands.
//!
//! [`Story::of`] gathers what the scenario and the user have a client do; [`write`] says it in a [`Language`]. What a language cannot
//! say is a comment in it. Every text that comes from the scenario is escaped: it cannot end the string or the comment that it stands in.

mod aws;
mod aws_js;
mod javascript;
mod mosquitto;
mod mqttjs;
mod names;
mod paho;
mod python;
mod quote;
mod story;

pub use quote::{javascript, python_bytes, python_text, shell};
pub use story::{Act, Story, What};

use crate::time::Span;
use quote::comment;
use std::fmt::Write as _;

/// What the code is written in, and for which library.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// JavaScript, with MQTT.js 5.
    MqttJs,
    /// Python, with Eclipse Paho 2.
    Paho,
    /// Python, with the AWS IoT Device SDK, version 2.
    AwsIot,
    /// JavaScript, with the AWS IoT Device SDK, version 2.
    AwsIotJs,
    /// Shell, with `mosquitto_pub` and `mosquitto_sub` 2.0.
    Mosquitto,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 5] = [Self::MqttJs, Self::Paho, Self::AwsIot, Self::AwsIotJs, Self::Mosquitto];

    /// Its short name, and the ending of its files.
    const fn row(self) -> [&'static str; 3] {
        match self {
            Self::MqttJs => ["mqttjs", "mjs", "JavaScript, MQTT.js"],
            Self::Paho => ["paho", "py", "Python, Paho"],
            Self::AwsIot => ["aws", "py", "Python, AWS IoT Device SDK v2"],
            Self::AwsIotJs => ["aws-js", "mjs", "JavaScript, AWS IoT Device SDK v2"],
            Self::Mosquitto => ["mosquitto", "sh", "mosquitto_pub and mosquitto_sub"],
        }
    }

    /// Its short name: `mqttjs`, `paho`, `aws`, `aws-js` or `mosquitto`.
    pub const fn name(self) -> &'static str {
        self.row()[0]
    }

    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        self.row()[1]
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        self.row()[2]
    }

    /// The language of a short name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }
}

/// What the dialects of one programming language share.
struct Base {
    /// What begins a comment.
    mark: &'static str,
    /// Waits until so many seconds after the beginning, which are so many after what came before.
    wait: fn(&str, &str) -> String,
    /// Does something so many times, every so many seconds; whether other things happen meanwhile; what.
    repeat: fn(u64, &str, bool, &str) -> String,
    /// What stands below it all.
    tail: fn(&Story) -> String,
}

/// How one language says things.
trait Dialect {
    /// What it shares with others.
    fn base(&self) -> &'static Base;
    /// What stands above all that happens, which is `body`.
    fn head(&self, story: &Story, body: &str) -> String;
    /// One thing that is done, once. `n` says that it stands where `n` counts, and that its places are filled.
    fn act(&mut self, what: &What, n: bool) -> String;
    /// What stands below it all.
    fn tail(&self, story: &Story) -> String {
        (self.base().tail)(story)
    }
}

/// The code of a story.
pub fn write(language: Language, story: &Story) -> String {
    let mut dialect: Box<dyn Dialect> = match language {
        Language::MqttJs => Box::new(mqttjs::MqttJs),
        Language::Paho => Box::new(paho::Paho::new(story)),
        Language::AwsIot => Box::new(aws::Aws::new(story)),
        Language::AwsIotJs => Box::new(aws_js::AwsJs::new(story)),
        Language::Mosquitto => Box::new(mosquitto::Mosquitto::new(story)),
    };
    let &Base { mark, wait, repeat, .. } = dialect.base();
    let mut out = String::new();
    let begin = story.acts.first().map_or(Span::ZERO, |act| Span(act.at.0));
    let mut before = begin;
    for (index, act) in story.acts.iter().enumerate() {
        let at = Span(act.at.0);
        if let What::Say(what) = &act.what {
            let _ = writeln!(out, "{mark} {} s: {}", seconds(Span(at.0 - begin.0)), comment(what));
            continue;
        }
        if at > before {
            let from = |earlier: Span| seconds(Span(at.0 - earlier.0));
            let _ = writeln!(out, "\n{}", wait(&from(begin), &from(before)));
            before = at;
        }
        let body = dialect.act(&act.what, act.fills);
        if act.times == 1 && !act.fills {
            out.push_str(&body);
            continue;
        }
        let last = Span(at.0.saturating_add(act.every.0.saturating_mul(act.times.saturating_sub(1))));
        let aside = story.acts.iter().skip(index + 1).any(|next| next.at.0 < last.0 && !next.is_said());
        out.push_str(&repeat(act.times, &seconds(act.every), aside, &body));
        if !aside && act.times > 1 {
            before = last;
        }
    }
    out.push_str(&dialect.tail(story));
    dialect.head(story, &out) + &out
}

/// A span as a decimal number of seconds.
fn seconds(span: Span) -> String {
    let (whole, part) = (span.0 / 1_000_000, span.0 % 1_000_000);
    let part = format!("{part:06}");
    match part.trim_end_matches('0') {
        "" => whole.to_string(),
        part => format!("{whole}.{part}"),
    }
}

/// Lines further in, for a block.
fn inner(body: &str, by: &str) -> String {
    body.lines().fold(String::new(), |mut out, line| {
        let by = if line.is_empty() { "" } else { by };
        let _ = writeln!(out, "{by}{line}");
        out
    })
}
