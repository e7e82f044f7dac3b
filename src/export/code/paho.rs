//! A story as Python with Eclipse Paho 2.

use super::names::{
    Properties, SESSION_EXPIRY, Value, WILL_DELAY, named, of_connect, of_message, of_subscribe,
    text_or_bytes, unsaid,
};
use super::python::{PYTHON, flag, helpers, imports, literal};
use super::quote::{comment, hex, python_bytes, python_text};
use super::{Base, Dialect, Language, Story, What};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use std::fmt::Write as _;

pub(super) struct Paho {
    five: bool,
    id: String,
    reconnect_s: Option<u64>,
}

const HELPERS: &str = r#"

def properties(kind, **values):
    made = Properties(kind)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def connect(client, **options):
    """Connects, and waits for CONNACK or for the end of it."""
    done = threading.Event()
    client.on_connect = client.on_disconnect = lambda *_: done.set()
    client.on_message = lambda client, data, message: print(message.topic, message.payload)
    client.connect(HOST, PORT, **options)
    client.loop_start()
    done.wait(10)


def drop(client):
    """Ends the connection without DISCONNECT."""
    client.loop_stop()
    if client.socket():
        client.socket().shutdown(socket.SHUT_RDWR)
        client.socket().close()


def disconnect(client, **options):
    """Sends DISCONNECT once what was published is under way."""
    client.disconnect(**options)
    client.loop_stop()


"#;

impl Dialect for Paho {
    fn base(&self) -> &'static Base {
        &PYTHON
    }

    fn head(&self, story: &Story, _: &str) -> String {
        let mut out = format!(
            "# What the client {} does in {}: Eclipse Paho 2.\n# pip install paho-mqtt\n{}",
            comment(&story.client.id),
            comment(&story.title),
            imports(story).replace("import threading", "import socket\nimport threading")
        );
        out.push_str("\nimport paho.mqtt.client as mqtt\nfrom paho.mqtt.packettypes import PacketTypes\n");
        out.push_str(
            "from paho.mqtt.properties import Properties\nfrom paho.mqtt.reasoncodes import ReasonCode\n",
        );
        out.push_str("from paho.mqtt.subscribeoptions import SubscribeOptions\n\n");
        out.push_str(
            "HOST, PORT = os.environ.get(\"HOST\", \"localhost\"), int(os.environ.get(\"PORT\", \"1883\"))\n",
        );
        out.push_str(&helpers(story));
        out.push_str(HELPERS);
        if !story.client.pings {
            out.push_str("# It sends no PINGREQ; Paho does.\n");
        }
        out
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) => self.connect(options),
            What::Lost(why) => format!("drop(client)  # {why}\n"),
            What::Say(_) => String::new(),
            What::Do(action) => self.action(action, n),
        }
    }
}

/// `, properties=properties(…)`, where there are some.
fn argument(kind: &str, found: Properties) -> String {
    let found = named(found, Language::Paho);
    let values: Vec<_> = found
        .iter()
        .map(|(name, value)| match value {
            // Paho has a number for a flag.
            Value::Flag(set) => format!("{name}={}", u8::from(*set)),
            value => format!("{name}={}", literal(value, false)),
        })
        .collect();
    if values.is_empty() {
        return String::new();
    }
    format!(", properties=properties(PacketTypes.{kind}, {})", values.join(", "))
}

impl Paho {
    pub(super) fn new(story: &Story) -> Self {
        let reconnect_s = story.client.reconnect.map(|span| span.as_s().max(1));
        Self { five: story.is_five(), id: story.client.id.clone(), reconnect_s }
    }

    fn only_five(&self, kind: &str, found: Properties) -> String {
        if self.five { argument(kind, found) } else { String::new() }
    }

    fn connect(&self, options: &ConnectOptions) -> String {
        let id = options.client_id.as_deref().unwrap_or(&self.id);
        let version = if self.five { "5" } else { "311" };
        let clean = if self.five {
            String::new()
        } else {
            format!("\n    clean_session={},", flag(options.clean_start))
        };
        let mut out = unsaid(options, "#");
        let _ = writeln!(
            out,
            "client = mqtt.Client(\n    mqtt.CallbackAPIVersion.VERSION2,\n    client_id={},\n    protocol=mqtt.MQTTv{version},{clean}\n    reconnect_on_failure={},\n)",
            python_text(id),
            flag(self.reconnect_s.is_some())
        );
        if let Some(s) = self.reconnect_s {
            let _ = writeln!(out, "client.reconnect_delay_set({s}, {s})");
        }
        if let Some(username) = &options.username {
            let password = options.password.as_ref().filter(|_| options.auth.is_none());
            let password = password.map_or("None".to_owned(), |bytes| literal(&text_or_bytes(bytes), false));
            let _ = writeln!(out, "client.username_pw_set({}, {password})", python_text(username));
        }
        if let Some(will) = &options.will {
            let mut found = of_message(&will.message);
            if let Some(delay) = will.delay_s {
                found.push((WILL_DELAY, Value::Number(delay.into())));
            }
            let _ = writeln!(
                out,
                "client.will_set({}{})",
                message(&will.message, false),
                self.only_five("WILLMESSAGE", found)
            );
        }
        let clean =
            if self.five { format!(", clean_start={}", flag(options.clean_start)) } else { String::new() };
        let found = self.only_five("CONNECT", of_connect(options));
        let _ = writeln!(out, "connect(client, keepalive={}{clean}{found})", options.keep_alive_s);
        out
    }

    fn subscribe(&self, request: &SubscribeRequest) -> String {
        let filters = request.filters.iter().map(|one| {
            let (filter, qos) = (python_text(&one.filter), (one.qos as u8));
            if self.five {
                format!(
                    "({filter}, SubscribeOptions(qos={qos}, noLocal={}, retainAsPublished={}, retainHandling={}))",
                    flag(one.no_local),
                    flag(one.retain_as_published),
                    one.retain_handling
                )
            } else {
                format!("({filter}, {qos})")
            }
        });
        let filters: Vec<_> = filters.collect();
        format!(
            "client.subscribe([{}]{})\n",
            filters.join(", "),
            self.only_five("SUBSCRIBE", of_subscribe(request))
        )
    }

    fn action(&self, action: &Action, n: bool) -> String {
        match action {
            Action::Connect { .. } => String::new(),
            Action::Subscribe(request) => self.subscribe(request),
            Action::Unsubscribe { filters } => {
                let filters: Vec<_> = filters.iter().map(|filter| python_text(filter)).collect();
                format!("client.unsubscribe([{}])\n", filters.join(", "))
            }
            Action::Publish(one) => {
                format!("client.publish({}{})\n", message(one, n), self.only_five("PUBLISH", of_message(one)))
            }
            Action::Disconnect { code, session_expiry_s } => {
                let mut options = String::new();
                if self.five && *code != 0 {
                    let _ =
                        write!(options, ", reasoncode=ReasonCode(PacketTypes.DISCONNECT, identifier={code})");
                }
                if let Some(s) = session_expiry_s {
                    options +=
                        &self.only_five("DISCONNECT", vec![(SESSION_EXPIRY, Value::Number((*s).into()))]);
                }
                format!("disconnect(client{options})\n")
            }
            Action::Close { code } => {
                format!(
                    "drop(client)  # closes the connection without DISCONNECT (a WebSocket with {code})\n"
                )
            }
            Action::Crash => "drop(client)  # loses power\n".to_owned(),
            Action::Restart { .. } => "# It has power again.\n".to_owned(),
            Action::StopAcks => "client.manual_ack_set(True)  # acknowledges no more\n".to_owned(),
            Action::ResumeAcks => {
                "client.manual_ack_set(False)  # what it owes needs client.ack(mid, qos)\n".to_owned()
            }
            Action::Reauthenticate => {
                "# It asks to be authenticated again: Paho does not send AUTH.\n".to_owned()
            }
            Action::Send { bytes } => {
                format!("client.socket().sendall({})  # {}\n", python_bytes(bytes), hex(bytes))
            }
        }
    }
}

fn message(message: &Message, n: bool) -> String {
    format!(
        "{}, {}, qos={}, retain={}",
        literal(&Value::Text(message.topic.clone()), n),
        literal(&text_or_bytes(&message.payload), n),
        (message.qos as u8),
        flag(message.retain)
    )
}
