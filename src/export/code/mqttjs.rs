//! A story as JavaScript with MQTT.js 5.

use super::javascript::{JAVASCRIPT, filled, helpers, literal, object};
use super::names::{Value, WILL_DELAY, named, of_connect, of_message, of_subscribe, text_or_bytes, unsaid};
use super::quote::{comment, hex, javascript};
use super::{Base, Dialect, Language, Story, What, inner};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use crate::time::Span;
use std::fmt::Write as _;

pub(super) struct MqttJs;

/// Connecting, as all that happens needs it.
const CLIENT: &str = r#"
let client;
/** Connects, and waits for CONNACK or for the end of it. */
async function connect(options) {
  client?.end(true);
  client = mqtt.connect(url, options);
  client.on("error", told);
  client.on("message", (topic, payload) => console.log(topic, payload.toString()));
  await new Promise((resolve) => client.once("connect", resolve).once("close", resolve));
}
"#;

impl Dialect for MqttJs {
    fn base(&self) -> &'static Base {
        &JAVASCRIPT
    }

    fn head(&self, story: &Story, body: &str) -> String {
        let mut out = format!(
            "// What the client {} does in {}: MQTT.js 5.\n// npm install mqtt\n",
            comment(&story.client.id),
            comment(&story.title)
        );
        out.push_str("import mqtt from \"mqtt\";\n\n");
        out.push_str("const url = globalThis.process?.env.BROKER ?? \"mqtt://localhost:1883\";\n");
        let _ = writeln!(out, "const name = {};", javascript(&story.client.id));
        out.push_str(&helpers(story, body));
        out.push_str(CLIENT);
        if !story.client.pings {
            out.push_str("// It sends no PINGREQ; MQTT.js does.\n");
        }
        let _ = write!(out, "\n{}", options(story));
        out
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) => format!("await connect({});\n", connect(options)),
            What::Lost(why) => format!("client.stream.destroy(); // {why}\n"),
            What::Say(_) => String::new(),
            What::Do(action) => act(action, n),
        }
    }
}

fn act(action: &Action, n: bool) -> String {
    match action {
        Action::Connect { .. } => String::new(),
        Action::Subscribe(request) => subscribe(request),
        Action::Unsubscribe { filters } => {
            let filters: Vec<_> = filters.iter().map(|filter| javascript(filter)).collect();
            format!("client.unsubscribe([{}], told);\n", filters.join(", "))
        }
        Action::Publish(message) => publish(message, n),
        Action::Disconnect { code: 0, session_expiry_s: None } => "await client.endAsync();\n".to_owned(),
        Action::Disconnect { code, session_expiry_s } => {
            let expiry = session_expiry_s
                .map_or(String::new(), |s| format!(", properties: {{ sessionExpiryInterval: {s} }}"));
            format!("await client.endAsync(false, {{ reasonCode: {code}{expiry} }});\n")
        }
        Action::Close { code } => {
            format!("client.stream.destroy(); // closes the socket ({code}) without DISCONNECT\n")
        }
        Action::Crash => "client.stream.destroy(); // loses power\n".to_owned(),
        Action::Restart { .. } => "// It has power again.\n".to_owned(),
        Action::StopAcks => {
            "client.handleMessage = () => {}; // acknowledges no more; it cannot do so later\n".to_owned()
        }
        Action::ResumeAcks => {
            "client.handleMessage = (packet, done) => done(); // what it owes stays unacknowledged\n"
                .to_owned()
        }
        Action::Reauthenticate => {
            "// It asks to be authenticated again: MQTT.js does not do that by itself.\n".to_owned()
        }
        Action::Send { bytes } => format!("client.stream.write(hex(\"{}\"));\n", hex(bytes)),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Pairs(pairs) => {
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in pairs {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            let entry = |name: &&str| {
                let values = pairs.iter().filter(|(other, _)| other == name);
                let values: Vec<_> = values.map(|(_, text)| javascript(text)).collect();
                // In brackets, as the name `__proto__` would mean something else.
                match values.as_slice() {
                    [one] => format!("[{}]: {one}", javascript(name)),
                    many => format!("[{}]: [{}]", javascript(name), many.join(", ")),
                }
            };
            format!("{{ {} }}", names.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        other => literal(other),
    }
}

fn properties(found: super::names::Properties) -> Option<String> {
    let found = named(found, Language::MqttJs);
    let fields: Vec<_> = found.iter().map(|(name, given)| (*name, value(given))).collect();
    (!fields.is_empty()).then(|| object(&fields))
}

/// The options that every connection shares.
fn options(story: &Story) -> String {
    let version = if story.is_five() { 5 } else { 4 };
    let mut out = format!(
        "const own = {{\n  protocolVersion: {version},\n  clientId: {},\n",
        javascript(story.identifier(&story.client.connect))
    );
    let reconnect = story.client.reconnect.unwrap_or(Span::ZERO);
    let _ = writeln!(out, "  reconnectPeriod: {}, // milliseconds; 0 is never", reconnect.0.div_ceil(1_000));
    out.push_str("  resubscribe: false,\n  queueQoSZero: false,\n};\n");
    out
}

fn connect(options: &ConnectOptions) -> String {
    let mut fields =
        vec![("clean", options.clean_start.to_string()), ("keepalive", options.keep_alive_s.to_string())];
    if let Some(id) = &options.client_id {
        fields.push(("clientId", javascript(id)));
    }
    if let Some(username) = &options.username {
        fields.push(("username", javascript(username)));
    }
    if let Some(password) = options.password.as_ref().filter(|_| options.auth.is_none()) {
        fields.push(("password", value(&text_or_bytes(password))));
    }
    if let Some(found) = properties(of_connect(options)) {
        fields.push(("properties", found));
    }
    if let Some(will) = &options.will {
        let mut found = of_message(&will.message);
        if let Some(delay) = will.delay_s {
            found.push((WILL_DELAY, Value::Number(delay.into())));
        }
        let message = &will.message;
        let mut parts = vec![
            ("topic", javascript(&message.topic)),
            ("payload", value(&text_or_bytes(&message.payload))),
            ("qos", (message.qos as u8).to_string()),
            ("retain", message.retain.to_string()),
        ];
        parts.extend(properties(found).map(|found| ("properties", found)));
        fields.push(("will", object(&parts)));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("  {name}: {value},\n")).collect();
    format!("{{\n  ...own,\n{}{}}}", fields.concat(), inner(&unsaid(options, "//"), "  "))
}

fn subscribe(request: &SubscribeRequest) -> String {
    let mut out = String::from("client.subscribe(\n  {\n");
    for one in &request.filters {
        let _ = writeln!(
            out,
            "    [{}]: {{ qos: {}, nl: {}, rap: {}, rh: {} }},",
            javascript(&one.filter),
            (one.qos as u8),
            one.no_local,
            one.retain_as_published,
            one.retain_handling
        );
    }
    out.push_str("  },\n");
    if let Some(found) = properties(of_subscribe(request)) {
        let _ = writeln!(out, "  {{ properties: {found} }},");
    }
    out.push_str("  told,\n);\n");
    out
}

fn publish(message: &Message, n: bool) -> String {
    let filled = |given: Value| filled(&given, n);
    let mut options = vec![("qos", (message.qos as u8).to_string()), ("retain", message.retain.to_string())];
    options.extend(properties(of_message(message)).map(|found| ("properties", found)));
    format!(
        "client.publish({}, {}, {}, told);\n",
        filled(Value::Text(message.topic.clone())),
        filled(text_or_bytes(&message.payload)),
        object(&options)
    )
}
