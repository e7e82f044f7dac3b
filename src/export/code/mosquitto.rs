//! A story as commands of a POSIX shell: `mosquitto_sub` for what a client subscribes to, `mosquitto_pub` for each publication.

use super::names::{
    Properties, SESSION_EXPIRY, Value, WILL_DELAY, named, of_connect, of_message, of_subscribe,
};
use super::quote::{comment, hex, printf, shell};
use super::story::has_places;
use super::{Base, Dialect, Language, Story, What};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use bytes::Bytes;
use std::fmt::Write as _;

#[derive(Default)]
pub(super) struct Mosquitto {
    five: bool,
    id: String,
    /// What the present connection says; `None` where there is none.
    options: Option<Box<ConnectOptions>>,
    /// How many `mosquitto_sub` run for it.
    subs: usize,
    /// Whether a command of this connection was written.
    used: bool,
}

const SHELL: Base =
    Base { mark: "#", wait: |_, after| format!("sleep {after}"), repeat, tail: |_| String::new() };

fn repeat(times: u64, every: &str, aside: bool, body: &str) -> String {
    let end = if aside { " &" } else { "" };
    format!("n=1; while [ \"$n\" -le {times} ]; do\n{body}  n=$((n + 1)); sleep {every}\ndone{end}\n")
}

impl Dialect for Mosquitto {
    fn base(&self) -> &'static Base {
        &SHELL
    }

    fn head(&self, story: &Story, _: &str) -> String {
        format!(
            "#!/bin/sh\n# What the client {} does in {}: mosquitto_pub and mosquitto_sub 2.0.\n\
             # Each command is a connection of its own, and ends with DISCONNECT.\n\
             HOST=${{HOST:-localhost}} PORT=${{PORT:-1883}} subs=\n",
            comment(&story.client.id),
            comment(&story.title)
        )
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) => self.connect(options),
            What::Lost(why) => self.end("KILL", why),
            What::Say(_) => String::new(),
            What::Do(action) => self.action(action, n),
        }
    }

    fn tail(&self, story: &Story) -> String {
        if self.subs > 0 && story.stays_connected() {
            "\n# It stays connected, until it is interrupted.\nwait\n".to_owned()
        } else {
            String::new()
        }
    }
}

/// A payload that no word of the shell can hold, or none that `-m` takes as it is.
fn needs_stdin(payload: &Bytes) -> bool {
    std::str::from_utf8(payload).is_err() || payload.contains(&0)
}

/// `-D publish content-type 'x' …`; and a comment for each that the command cannot say.
fn properties(command: &str, found: Properties) -> (String, String) {
    let (mut out, mut unsaid) = (String::new(), String::new());
    for (name, value) in named(found, Language::Mosquitto) {
        let mut say = |value: &str| {
            let _ = write!(out, " -D {command} {name} {value}");
        };
        match value {
            Value::Text(text) => say(&shell(&text)),
            Value::Number(number) => say(&number.to_string()),
            Value::Flag(set) => say(&u8::from(set).to_string()),
            Value::Pairs(pairs) => {
                pairs.iter().for_each(|(name, text)| say(&format!("{} {}", shell(name), shell(text))));
            }
            Value::Bytes(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) if !text.contains('\0') => say(&shell(text)),
                _ => {
                    let _ = writeln!(unsaid, "# {name} {}: no word of a shell can say it.", hex(&bytes));
                }
            },
        }
    }
    (out, unsaid)
}

/// A template as a word: `{{n}}` becomes `$n`, and what else there is stays as it is.
fn template(text: &str) -> String {
    let word = |text: &str| if text.is_empty() { String::new() } else { shell(text) };
    text.split("{{n}}").map(word).collect::<Vec<_>>().join("\"$n\"")
}

impl Mosquitto {
    pub(super) fn new(story: &Story) -> Self {
        Self { five: story.is_five(), id: story.client.id.clone(), ..Self::default() }
    }

    fn connect(&mut self, options: &ConnectOptions) -> String {
        self.options = Some(Box::new(options.clone()));
        (self.subs, self.used) = (0, false);
        "# It connects: the next commands do, each for itself.\n".to_owned()
    }

    /// What every command of the present connection says of it, and comments on what it cannot.
    fn connection(&mut self, suffix: &str) -> (String, String) {
        let options = self.options.clone().unwrap_or_default();
        let id = options.client_id.as_deref().unwrap_or(&self.id);
        let version = if self.five { "mqttv5" } else { "mqttv311" };
        let mut out = format!(
            " -h \"$HOST\" -p \"$PORT\" -V {version} -i {} -k {}",
            shell(&format!("{id}{suffix}")),
            options.keep_alive_s
        );
        let mut unsaid = String::new();
        if !options.clean_start {
            out.push_str(" -c");
        }
        if let Some(username) = &options.username {
            let _ = write!(out, " -u {}", shell(username));
        }
        if let Some(password) = &options.password {
            match std::str::from_utf8(password) {
                Ok(text) if !text.contains('\0') => {
                    let _ = write!(out, " -P {}", shell(text));
                }
                _ => unsaid.push_str("# Its password is no text: no word of a shell can say it.\n"),
            }
        }
        if self.five {
            let mut found = of_connect(&options);
            if let Some(place) = found.iter().position(|(names, _)| *names == SESSION_EXPIRY)
                && let (_, Value::Number(s)) = found.remove(place)
            {
                let _ = write!(out, " -x {s}");
            }
            let (said, not) = properties("connect", found);
            out.push_str(&said);
            unsaid.push_str(&not);
        }
        if options.keep_alive_s > 0 && options.keep_alive_s < 5 {
            unsaid.push_str("# The commands take a keep alive of 5 s at least.\n");
        }
        // The Will goes with the first connection only, or each command would leave one.
        if let Some(will) = options.will.as_ref().filter(|_| !self.used) {
            let message = &will.message;
            let _ = write!(out, " --will-topic {} --will-qos {}", shell(&message.topic), message.qos as u8);
            if needs_stdin(&message.payload) {
                let _ = writeln!(
                    unsaid,
                    "# The Will's payload is {}: no word of a shell can say it.",
                    hex(&message.payload)
                );
            } else if !message.payload.is_empty() {
                let _ = write!(out, " --will-payload {}", shell(&String::from_utf8_lossy(&message.payload)));
            }
            out.push_str(if message.retain { " --will-retain" } else { "" });
            if self.five {
                let mut found = of_message(message);
                found.extend(will.delay_s.map(|s| (WILL_DELAY, Value::Number(s.into()))));
                let (said, not) = properties("will", found);
                out.push_str(&said);
                unsaid.push_str(&not);
            }
        }
        self.used = true;
        (out, unsaid)
    }

    fn subscribe(&mut self, request: &SubscribeRequest) -> String {
        let suffix = if self.subs == 0 { String::new() } else { format!("-{}", self.subs + 1) };
        let mut out = String::new();
        if self.subs > 0 {
            let _ = writeln!(
                out,
                "# mosquitto_sub subscribes as it connects: another one, with the identifier …{suffix}."
            );
        }
        let (connection, unsaid) = self.connection(&suffix);
        out.push_str(&unsaid);
        let qos = request.filters.iter().map(|one| one.qos as u8).max().unwrap_or(0);
        if request.filters.iter().any(|one| one.qos as u8 != qos) {
            let _ = writeln!(out, "# One QoS for all filters: {qos}.");
        }
        if request
            .filters
            .iter()
            .any(|one| one.no_local || one.retain_as_published || one.retain_handling != 0)
        {
            out.push_str(
                "# mosquitto_sub has no option for No Local, Retain As Published and Retain Handling.\n",
            );
        }
        let filters = request.filters.iter().map(|one| format!(" -t {}", shell(&one.filter)));
        let filters: String = filters.collect();
        let (said, not) =
            if self.five { properties("subscribe", of_subscribe(request)) } else { Default::default() };
        out.push_str(&not);
        let _ = writeln!(out, "mosquitto_sub{connection} -q {qos}{filters}{said} -v &\nsubs=\"$subs $!\"");
        self.subs += 1;
        out
    }

    fn publish(&mut self, message: &Message, n: bool) -> String {
        let mut out = String::new();
        let suffix = if self.subs > 0 { "-pub" } else { "" };
        if self.options.is_none() {
            out.push_str("# It is not connected here, and sends this once it is.\n");
        }
        let (connection, unsaid) = self.connection(suffix);
        out.push_str(&unsaid);
        if n && has_places(message) && has_places(&without_n(message)) {
            out.push_str("# Of the places {{…}} only {{n}} is filled.\n");
        }
        let word = |text: &str| if n { template(text) } else { shell(text) };
        let found = if self.five { of_message(message) } else { Vec::new() };
        let (said, not) = properties("publish", found);
        out.push_str(&not);
        let retain = if message.retain { " -r" } else { "" };
        let (before, payload) = match std::str::from_utf8(&message.payload) {
            Ok("") => (String::new(), " -n".to_owned()),
            Ok(text) if !text.contains('\0') => (String::new(), format!(" -m {}", word(text))),
            _ => (format!("printf '{}' | ", printf(&message.payload)), " -s".to_owned()),
        };
        let _ = writeln!(
            out,
            "{before}mosquitto_pub{connection} -q {}{retain} -t {}{said}{payload}",
            message.qos as u8,
            word(&message.topic)
        );
        out
    }

    /// Ends the commands that run: by TERM they send DISCONNECT, by KILL they do not.
    fn end(&mut self, signal: &str, why: &str) -> String {
        let ran = std::mem::take(&mut self.subs) > 0;
        self.options = None;
        if ran {
            format!("kill -{signal} $subs; wait $subs 2>/dev/null; subs= # {why}\n")
        } else {
            format!("# {why}: no command runs.\n")
        }
    }

    fn action(&mut self, action: &Action, n: bool) -> String {
        match action {
            Action::Connect { .. } => String::new(),
            Action::Subscribe(request) => self.subscribe(request),
            Action::Unsubscribe { filters } => {
                let filters: Vec<_> = filters.iter().map(|filter| comment(filter)).collect();
                format!(
                    "# It unsubscribes from {}: mosquitto_sub does so only as it connects (-U).\n",
                    filters.join(", ")
                )
            }
            Action::Publish(message) => self.publish(message, n),
            Action::Disconnect { code, session_expiry_s } => {
                let mut out = self.end("TERM", "DISCONNECT");
                if *code != 0 || session_expiry_s.is_some() {
                    let expiry =
                        session_expiry_s.map_or(String::new(), |s| format!(", session expiry {s} s"));
                    let _ = writeln!(
                        out,
                        "# Its DISCONNECT has the reason code {code}{expiry}: the commands send a plain one."
                    );
                }
                out
            }
            Action::Close { .. } => self.end("KILL", "the connection ends without DISCONNECT"),
            Action::Crash => self.end("KILL", "it loses power"),
            Action::Restart { .. } => "# It has power again.\n".to_owned(),
            Action::StopAcks => {
                "# It acknowledges nothing from here on: the commands always do.\n".to_owned()
            }
            Action::ResumeAcks => "# It acknowledges again.\n".to_owned(),
            Action::Reauthenticate => {
                "# It asks to be authenticated again: the commands do not.\n".to_owned()
            }
            Action::Send { bytes } => {
                format!("# It sends the bytes {}: the commands send no bytes of one's own.\n", hex(bytes))
            }
        }
    }
}

fn without_n(message: &Message) -> Message {
    let plain = |text: &str| text.replace("{{n}}", "");
    let payload = std::str::from_utf8(&message.payload).map(plain).unwrap_or_default();
    Message { topic: plain(&message.topic), payload: payload.into(), ..Message::default() }
}
