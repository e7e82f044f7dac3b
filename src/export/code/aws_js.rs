//! A story as JavaScript with the AWS IoT Device SDK, version 2: its MQTT 5 client.

use super::javascript::{JAVASCRIPT, filled, helpers, literal, object};
use super::names::{
    ALIAS_MAXIMUM, Properties, SESSION_EXPIRY, Value, WILL_DELAY, named, of_connect, of_message,
    of_subscribe, text_or_bytes, unsaid,
};
use super::quote::{comment, hex, javascript};
use super::{Base, Dialect, Language, Story, What, inner};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use std::fmt::Write as _;

pub(super) struct AwsJs {
    id: String,
}

const CLIENT: &str = r#"
const { AWS_IOT_ENDPOINT, CERTIFICATE = "device.pem.crt", KEY = "private.pem.key" } = process.env;
const endpoint = AWS_IOT_ENDPOINT ?? "example-ats.iot.eu-west-1.amazonaws.com";

let client;
/** Connects, and waits for CONNACK or for the end of it. The client connects again by itself. */
async function connect(packet, session) {
  await stop();
  const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(endpoint, CERTIFICATE, KEY);
  const config = builder.withConnectProperties(packet).withSessionBehavior(session).build();
  client = new mqtt5.Mqtt5Client({ ...config, disableMetrics: true });
  client.on("error", told);
  client.on("messageReceived", ({ message }) => console.log(message.topicName, Buffer.from(message.payload ?? "").toString()));
  const done = new Promise((resolve) => client.once("connectionSuccess", resolve).once("connectionFailure", resolve));
  client.start();
  await done;
}
/** Ends the connection; without a packet also without DISCONNECT. */
async function stop(packet) {
  const old = client;
  client = undefined;
  if (!old) return;
  const stopped = new Promise((resolve) => old.once("stopped", resolve));
  old.stop(packet);
  await stopped;
  old.close();
}
"#;

const QOS_2: &str = "// QoS 2 became 1: AWS IoT Core has no more.\n";

impl Dialect for AwsJs {
    fn base(&self) -> &'static Base {
        &JAVASCRIPT
    }

    fn head(&self, story: &Story, body: &str) -> String {
        let mut out = format!(
            "// What the client {} does in {}: AWS IoT Device SDK v2 for JavaScript.\n// npm install aws-iot-device-sdk-v2\n",
            comment(&story.client.id),
            comment(&story.title)
        );
        out.push_str("import sdk from \"aws-iot-device-sdk-v2\";\n\nconst { iot, mqtt5 } = sdk;\n");
        let _ = writeln!(out, "const name = {};", javascript(&story.client.id));
        out.push_str(&helpers(story, body));
        out.push_str(CLIENT);
        if !story.is_five() {
            out.push_str("// It speaks 3.1.1; this client of the SDK speaks 5.0.\n");
        }
        if !story.client.pings {
            out.push_str("// It sends no PINGREQ; the SDK does.\n");
        }
        if story.client.reconnect.is_none() {
            out.push_str("// It does not connect again by itself; the SDK does.\n");
        }
        out.push('\n');
        out
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) => self.connect(options),
            What::Lost(why) => lost(why),
            What::Say(_) => String::new(),
            What::Do(action) => act(action, n),
        }
    }
}

fn lost(why: &str) -> String {
    format!("await stop(); // {why}: the connection ends without DISCONNECT\n")
}

fn properties(found: Properties) -> Vec<(&'static str, String)> {
    let value = |name: &str, value: &Value| match value {
        Value::Flag(set) if name == "payloadFormat" => u8::from(*set).to_string(),
        value => literal(value),
    };
    named(found, Language::AwsIotJs).into_iter().map(|(name, given)| (name, value(name, &given))).collect()
}

/// The packet of a message; QoS 2 becomes 1, which is the most that AWS IoT Core and its SDK have.
fn packet(message: &Message, n: bool) -> String {
    let mut fields = vec![
        ("topicName", filled(&Value::Text(message.topic.clone()), n)),
        ("payload", filled(&text_or_bytes(&message.payload), n)),
        ("qos", (message.qos as u8).min(1).to_string()),
        ("retain", message.retain.to_string()),
    ];
    fields.extend(properties(of_message(message)));
    object(&fields)
}

impl AwsJs {
    pub(super) fn new(story: &Story) -> Self {
        Self { id: story.client.id.clone() }
    }

    fn connect(&self, options: &ConnectOptions) -> String {
        let mut out = unsaid(options, "//");
        if let Some(most) = options.topic_alias_maximum {
            let _ = writeln!(out, "// {} {most}: the SDK has it in topicAliasingOptions.", ALIAS_MAXIMUM[1]);
        }
        let id = options.client_id.as_deref().unwrap_or(&self.id);
        let mut fields = vec![
            ("clientId", javascript(id)),
            ("keepAliveIntervalSeconds", options.keep_alive_s.to_string()),
        ];
        if let Some(username) = &options.username {
            fields.push(("username", javascript(username)));
        }
        if let Some(password) = options.password.as_ref().filter(|_| options.auth.is_none()) {
            fields.push(("password", format!("Buffer.from({})", literal(&text_or_bytes(password)))));
        }
        fields.extend(properties(of_connect(options)));
        if let Some(will) = &options.will {
            fields.push(("will", packet(&will.message, false)));
            let delay = will.delay_s.map(|s| (WILL_DELAY, Value::Number(s.into())));
            fields.extend(properties(delay.into_iter().collect()));
        }
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value},\n")).collect();
        let session = if options.clean_start { "Clean" } else { "RejoinAlways" };
        let _ = writeln!(
            out,
            "await connect({{\n{}}}, mqtt5.ClientSessionBehavior.{session});",
            inner(&fields, "  ")
        );
        out
    }
}

fn subscribe(request: &SubscribeRequest) -> String {
    let mut out = String::new();
    if request.filters.iter().any(|one| one.qos as u8 > 1) {
        out.push_str(QOS_2);
    }
    out.push_str("client?.subscribe({\n  subscriptions: [\n");
    for one in &request.filters {
        let _ = writeln!(
            out,
            "    {{ topicFilter: {}, qos: {}, noLocal: {}, retainAsPublished: {}, retainHandlingType: {} }},",
            javascript(&one.filter),
            (one.qos as u8).min(1),
            one.no_local,
            one.retain_as_published,
            one.retain_handling
        );
    }
    out.push_str("  ],\n");
    for (name, value) in properties(of_subscribe(request)) {
        let _ = writeln!(out, "  {name}: {value},");
    }
    out.push_str("}).catch(told);\n");
    out
}

fn act(action: &Action, n: bool) -> String {
    match action {
        Action::Connect { .. } => String::new(),
        Action::Subscribe(request) => subscribe(request),
        Action::Unsubscribe { filters } => {
            let filters: Vec<_> = filters.iter().map(|filter| javascript(filter)).collect();
            format!("client?.unsubscribe({{ topicFilters: [{}] }}).catch(told);\n", filters.join(", "))
        }
        Action::Publish(message) => {
            let said = if message.qos as u8 > 1 { QOS_2 } else { "" };
            format!("{said}client?.publish({}).catch(told);\n", packet(message, n))
        }
        Action::Disconnect { code, session_expiry_s } => {
            let mut fields = vec![("reasonCode", code.to_string())];
            let expiry = session_expiry_s.map(|s| (SESSION_EXPIRY, Value::Number(s.into())));
            fields.extend(properties(expiry.into_iter().collect()));
            format!("await stop({});\n", object(&fields))
        }
        Action::Close { .. } => lost("it closes its socket"),
        Action::Crash => lost("it loses power"),
        Action::Restart { .. } => "// It has power again.\n".to_owned(),
        Action::StopAcks => "// It acknowledges nothing from here on: the SDK always does.\n".to_owned(),
        Action::ResumeAcks => "// It acknowledges again.\n".to_owned(),
        Action::Reauthenticate => "// It asks to be authenticated again: the SDK does not.\n".to_owned(),
        Action::Send { bytes } => {
            format!("// It sends the bytes {}: the SDK sends no bytes of one's own.\n", hex(bytes))
        }
    }
}
