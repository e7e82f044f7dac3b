//! A story as Python with the AWS IoT Device SDK, version 2: its MQTT 5 client, or its older one for 3.1.1.

use super::names::{
    ALIAS_MAXIMUM, Properties, SESSION_EXPIRY, Value, named, of_connect, of_message, of_subscribe,
    text_or_bytes, unsaid,
};
use super::python::{PYTHON, flag, helpers, imports, literal};
use super::quote::{comment, python_text};
use super::{Base, Dialect, Language, Story, What};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use std::fmt::Write as _;

pub(super) struct Aws {
    five: bool,
    id: String,
}

const ENDPOINT: &str = r#"ENDPOINT = os.environ.get("AWS_IOT_ENDPOINT", "example-ats.iot.eu-west-1.amazonaws.com")
CERTIFICATE, KEY = os.environ.get("CERTIFICATE", "device.pem.crt"), os.environ.get("KEY", "private.pem.key")
"#;

const FIVE: &str = r#"

def connect(packet, **options):
    """Connects, and waits for CONNACK or for the end of it. The client connects again by itself."""
    done = threading.Event()
    client = mqtt5_client_builder.mtls_from_path(
        endpoint=ENDPOINT,
        cert_filepath=CERTIFICATE,
        pri_key_filepath=KEY,
        connect_options=packet,
        enable_metrics_collection=False,
        on_publish_received=lambda data: print(data.publish_packet.topic, data.publish_packet.payload),
        on_lifecycle_connection_success=lambda data: done.set(),
        on_lifecycle_connection_failure=lambda data: done.set(),
        **options,
    )
    client.start()
    done.wait(10)
    return client


"#;

const THREE: &str = r#"

def connect(**options):
    """Connects, and waits for CONNACK. The connection connects again by itself."""
    connection = mqtt_connection_builder.mtls_from_path(
        endpoint=ENDPOINT,
        cert_filepath=CERTIFICATE,
        pri_key_filepath=KEY,
        enable_metrics_collection=False,
        **options,
    )
    connection.on_message(lambda topic, payload, **more: print(topic, payload))
    connection.connect().result(10)
    return connection


"#;

impl Dialect for Aws {
    fn base(&self) -> &'static Base {
        &PYTHON
    }

    fn head(&self, story: &Story, _: &str) -> String {
        let mut out = format!(
            "# What the client {} does in {}: AWS IoT Device SDK v2 for Python.\n# pip install awsiotsdk\n{}\n",
            comment(&story.client.id),
            comment(&story.title),
            imports(story)
        );
        out.push_str(if self.five {
            "from awscrt import mqtt5\nfrom awsiot import mqtt5_client_builder\n\n"
        } else {
            "from awscrt import mqtt\nfrom awsiot import mqtt_connection_builder\n\n"
        });
        out.push_str(ENDPOINT);
        out.push_str(&helpers(story));
        out.push_str(if self.five { FIVE } else { THREE });
        if !story.client.pings {
            out.push_str("# It sends no PINGREQ; the SDK does.\n");
        }
        if story.client.reconnect.is_none() {
            out.push_str("# It does not connect again by itself; the SDK does.\n");
        }
        out
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) if self.five => self.connect_five(options),
            What::Connect(options) => self.connect_three(options),
            What::Lost(why) => self.lost(why),
            What::Say(_) => String::new(),
            What::Do(action) => self.action(action, n),
        }
    }
}

/// The properties as keyword arguments, each with a comma before it.
fn arguments(found: Properties) -> String {
    named(found, Language::AwsIot).into_iter().fold(String::new(), |mut out, (name, value)| {
        let value = match (name, &value) {
            ("payload_format_indicator", Value::Flag(set)) => {
                format!("mqtt5.PayloadFormatIndicator({})", u8::from(*set))
            }
            (_, Value::Pairs(pairs)) => {
                let pair = |(name, text): &(String, String)| {
                    format!("mqtt5.UserProperty({}, {})", python_text(name), python_text(text))
                };
                format!("[{}]", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            (_, value) => literal(value, false),
        };
        let _ = write!(out, ", {name}={value}");
        out
    })
}

/// `topic=…, payload=…`; QoS 2 becomes 1, which is the most that AWS IoT Core and its SDK have.
fn message(message: &Message, n: bool, module: &str) -> String {
    format!(
        "topic={}, payload={}, qos={module}.QoS({}), retain={}",
        literal(&Value::Text(message.topic.clone()), n),
        literal(&text_or_bytes(&message.payload), n),
        (message.qos as u8).min(1),
        flag(message.retain)
    )
}

fn publish_packet(one: &Message, n: bool) -> String {
    format!("mqtt5.PublishPacket({}{})", message(one, n, "mqtt5"), arguments(of_message(one)))
}

const QOS_2: &str = "# QoS 2 became 1: AWS IoT Core has no more.\n";

impl Aws {
    pub(super) fn new(story: &Story) -> Self {
        Self { five: story.is_five(), id: story.client.id.clone() }
    }

    fn lost(&self, why: &str) -> String {
        if self.five {
            format!("client.stop()  # {why}: the connection ends without DISCONNECT\n")
        } else {
            format!(
                "# {why}: this SDK has no way to end a connection without DISCONNECT.\nconnection.disconnect().result(10)\n"
            )
        }
    }

    fn credentials(&self, options: &ConnectOptions) -> String {
        let mut out = String::new();
        if let Some(username) = &options.username {
            let _ = write!(out, ", username={}", python_text(username));
        }
        if let Some(password) = options.password.as_ref().filter(|_| options.auth.is_none()) {
            let _ = write!(out, ", password={}", literal(&text_or_bytes(password), false));
        }
        out
    }

    fn connect_five(&self, options: &ConnectOptions) -> String {
        let mut out = unsaid(options, "#");
        if options.topic_alias_maximum.is_some() {
            let _ = writeln!(
                out,
                "# {} {}: the SDK has it in topic_aliasing_options.",
                ALIAS_MAXIMUM[1],
                options.topic_alias_maximum.unwrap_or(0)
            );
        }
        let id = options.client_id.as_deref().unwrap_or(&self.id);
        let mut packet = format!(
            "client_id={}, keep_alive_interval_sec={}{}{}",
            python_text(id),
            options.keep_alive_s,
            self.credentials(options),
            arguments(of_connect(options))
        );
        if let Some(will) = &options.will {
            let _ = write!(packet, ", will={}", publish_packet(&will.message, false));
            if let Some(delay) = will.delay_s {
                let _ = write!(packet, ", will_delay_interval_sec={delay}");
            }
        }
        let session = if options.clean_start { "CLEAN" } else { "REJOIN_ALWAYS" };
        let _ = writeln!(
            out,
            "client = connect(\n    mqtt5.ConnectPacket({packet}),\n    session_behavior=mqtt5.ClientSessionBehaviorType.{session},\n)"
        );
        out
    }

    fn connect_three(&self, options: &ConnectOptions) -> String {
        let mut out = String::new();
        let id = options.client_id.as_deref().unwrap_or(&self.id);
        let will = options
            .will
            .as_ref()
            .map(|will| format!(", will=mqtt.Will({})", message(&will.message, false, "mqtt")));
        let _ = writeln!(
            out,
            "connection = connect(client_id={}, clean_session={}, keep_alive_secs={}{}{})",
            python_text(id),
            flag(options.clean_start),
            options.keep_alive_s,
            self.credentials(options),
            will.unwrap_or_default()
        );
        out
    }

    fn subscribe(&self, request: &SubscribeRequest) -> String {
        let mut out = String::new();
        if request.filters.iter().any(|one| one.qos as u8 > 1) {
            out.push_str(QOS_2);
        }
        if !self.five {
            if request.filters.len() > 1 {
                out.push_str("# One SUBSCRIBE for each: this SDK takes one filter at a time.\n");
            }
            for one in &request.filters {
                let (filter, qos) = (python_text(&one.filter), (one.qos as u8).min(1));
                let _ = writeln!(out, "connection.subscribe({filter}, mqtt.QoS({qos}))");
            }
            return out;
        }
        let filters = request.filters.iter().map(|one| {
            format!(
                "mqtt5.Subscription({}, mqtt5.QoS({}), no_local={}, retain_as_published={}, retain_handling_type=mqtt5.RetainHandlingType({}))",
                python_text(&one.filter),
                (one.qos as u8).min(1),
                flag(one.no_local),
                flag(one.retain_as_published),
                one.retain_handling
            )
        });
        let filters: Vec<_> = filters.collect();
        let _ = writeln!(
            out,
            "client.subscribe(mqtt5.SubscribePacket([{}]{}))",
            filters.join(", "),
            arguments(of_subscribe(request))
        );
        out
    }

    fn unsubscribe(&self, filters: &[String]) -> String {
        let quoted: Vec<_> = filters.iter().map(|filter| python_text(filter)).collect();
        if self.five {
            return format!("client.unsubscribe(mqtt5.UnsubscribePacket([{}]))\n", quoted.join(", "));
        }
        quoted.iter().map(|filter| format!("connection.unsubscribe({filter})\n")).collect()
    }

    fn disconnect(&self, code: u8, session_expiry_s: Option<u32>) -> String {
        if !self.five {
            return "connection.disconnect().result(10)\n".to_owned();
        }
        let expiry = session_expiry_s.map(|s| (SESSION_EXPIRY, Value::Number(s.into())));
        format!(
            "client.stop(mqtt5.DisconnectPacket(reason_code=mqtt5.DisconnectReasonCode({code}){}))\n",
            arguments(expiry.into_iter().collect())
        )
    }

    fn action(&self, action: &Action, n: bool) -> String {
        match action {
            Action::Connect { .. } => String::new(),
            Action::Subscribe(request) => self.subscribe(request),
            Action::Unsubscribe { filters } => self.unsubscribe(filters),
            Action::Publish(one) => {
                let said = if one.qos as u8 > 1 { QOS_2 } else { "" };
                if self.five {
                    format!("{said}client.publish({})\n", publish_packet(one, n))
                } else {
                    format!("{said}connection.publish({})\n", message(one, n, "mqtt"))
                }
            }
            Action::Disconnect { code, session_expiry_s } => self.disconnect(*code, *session_expiry_s),
            Action::Close { .. } => self.lost("it closes its socket"),
            Action::Crash => self.lost("it loses power"),
            Action::Restart { .. } => "# It has power again.\n".to_owned(),
            Action::StopAcks => "# It acknowledges nothing from here on: the SDK always does.\n".to_owned(),
            Action::ResumeAcks => "# It acknowledges again.\n".to_owned(),
            Action::Reauthenticate => "# It asks to be authenticated again: the SDK does not.\n".to_owned(),
            Action::Send { bytes } => {
                format!(
                    "# It sends the bytes {}: the SDK sends no bytes of one's own.\n",
                    super::quote::hex(bytes)
                )
            }
        }
    }
}
