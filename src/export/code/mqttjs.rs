//! A story as JavaScript with MQTT.js 5.

use super::names::{Value, WILL_DELAY, named, of_connect, of_message, of_subscribe, text_or_bytes, unsaid};
use super::quote::{comment, hex, javascript};
use super::{Dialect, Language, Story, What, inner};
use crate::client::{Action, ConnectOptions, Message, SubscribeRequest};
use crate::time::Span;
use std::fmt::Write as _;

pub(super) struct MqttJs;

/// What all that happens needs.
const HELPERS: &str = r#"const speed = Number(globalThis.process?.env.SPEED ?? 1); // 10 makes ten seconds pass in one
const start = Date.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits until so many seconds after the start. */
async function at(seconds) {
  for (let left; (left = start + (seconds * 1000) / speed - Date.now()) > 0; ) await sleep(Math.min(left, 1e9));
}
const told = (error) => error && console.error(String(error));

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

const REPEAT: &str = r"
/** Does something so many times, so many seconds apart. */
async function repeat(times, every, act) {
  const from = (Date.now() - start) / 1000 * speed;
  for (let n = 1; n <= times; n += 1) {
    await at(from + every * (n - 1));
    act(n);
  }
}
";

const HEX: &str = r"
const hex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
";

const FILL: &str = r#"
const walks = {};
/** A text with its places filled, as a scenario fills them. */
function fill(text, n) {
  return text.replace(/\{\{([^{}]*)\}\}/g, (whole, inside, offset) => {
    const [place, ...rest] = inside.trim().split(/\s+/);
    const [a, b, low = -Infinity, high = Infinity] = rest.map(Number);
    const decimals = Math.max(0, ...rest.map((word) => (word.split(".")[1] ?? "").length));
    const unit = 10 ** -decimals;
    const between = (from, to) => from + unit * Math.floor(Math.random() * ((to - from) / unit + 1.5));
    const key = text + offset;
    switch (place) {
      case "n": return rest.length ? (a + b * (n - 1)).toFixed(decimals) : n;
      case "random": return between(a, b).toFixed(decimals);
      case "choice": {
        const choices = inside.trim().slice(6).split("|");
        return choices[Math.floor(Math.random() * choices.length)].trim();
      }
      case "walk":
        walks[key] = key in walks ? Math.min(high, Math.max(low, walks[key] + between(-b, b))) : a;
        return walks[key].toFixed(decimals);
      case "t": return (((Date.now() - start) / 1000) * speed).toFixed(3);
      case "time": return new Date().toISOString();
      case "unix": return Date.now();
      case "client": return name;
      default: return whole;
    }
  });
}
"#;

impl Dialect for MqttJs {
    fn mark(&self) -> &'static str {
        "//"
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
        out.push_str(HELPERS);
        if story.acts.iter().any(|act| act.times > 1 || act.fills) {
            out.push_str(REPEAT);
        }
        if story.acts.iter().any(|act| act.fills) {
            out.push_str(FILL);
        }
        if body.contains("hex(") {
            out.push_str(HEX);
        }
        if !story.client.pings {
            out.push_str("// It sends no PINGREQ; MQTT.js does.\n");
        }
        let _ = write!(out, "\n{}", options(story));
        out
    }

    fn wait(&self, at: &str, _: &str) -> String {
        format!("await at({at});")
    }

    fn repeat(&self, times: u64, every: &str, aside: bool, body: &str) -> String {
        let (first, catch) = if aside { ("", ".catch(told)") } else { ("await ", "") };
        format!("{first}repeat({times}, {every}, (n) => {{\n{}}}){catch};\n", inner(body, "  "))
    }

    fn act(&mut self, what: &What, n: bool) -> String {
        match what {
            What::Connect(options) => format!("await connect({});\n", connect(options)),
            What::Lost(why) => format!("client.stream.destroy(); // {why}\n"),
            What::Say(_) => String::new(),
            What::Do(action) => act(action, n),
        }
    }

    fn tail(&self, story: &Story) -> String {
        if story.stays_connected() { "\n// It stays connected.\n".to_owned() } else { String::new() }
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
        Value::Text(text) => javascript(text),
        Value::Bytes(bytes) => format!("hex(\"{}\")", hex(bytes)),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
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
    }
}

fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
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
    let filled = |given: Value| match given {
        Value::Text(text) if n => format!("fill({}, n)", javascript(&text)),
        other => value(&other),
    };
    let mut options = vec![("qos", (message.qos as u8).to_string()), ("retain", message.retain.to_string())];
    options.extend(properties(of_message(message)).map(|found| ("properties", found)));
    format!(
        "client.publish({}, {}, {}, told);\n",
        filled(Value::Text(message.topic.clone())),
        filled(text_or_bytes(&message.payload)),
        object(&options)
    )
}
