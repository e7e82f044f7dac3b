//! What code in JavaScript has in common, whatever its library.

use super::names::Value;
use super::quote::{hex, javascript};
use super::{Base, Story, inner};

/// Time, as all that happens needs it.
/// What all that happens needs.
const TIME: &str = r#"const speed = Number(globalThis.process?.env.SPEED ?? 1); // 10 makes ten seconds pass in one
const start = Date.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits until so many seconds after the start. */
async function at(seconds) {
  for (let left; (left = start + (seconds * 1000) / speed - Date.now()) > 0; ) await sleep(Math.min(left, 1e9));
}
const told = (error) => error && console.error(String(error));
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

/// What a story needs above its body.
pub(super) fn helpers(story: &Story, body: &str) -> String {
    let repeats = story.acts.iter().any(|act| act.times > 1 || act.fills);
    let fills = story.acts.iter().any(|act| act.fills);
    let parts = [(true, TIME), (repeats, REPEAT), (fills, FILL), (body.contains("hex("), HEX)];
    parts.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, part)| part).collect()
}

/// What every dialect of it shares.
pub(super) const JAVASCRIPT: Base =
    Base { mark: "//", wait: |at, _| format!("await at({at});"), repeat, tail };

/// Does something again and again; `aside` where other things happen meanwhile.
fn repeat(times: u64, every: &str, aside: bool, body: &str) -> String {
    let (first, catch) = if aside { ("", ".catch(told)") } else { ("await ", "") };
    format!("{first}repeat({times}, {every}, (n) => {{\n{}}}){catch};\n", inner(body, "  "))
}

/// What stands below it all.
fn tail(story: &Story) -> String {
    if story.stays_connected() { "\n// It stays connected.\n".to_owned() } else { String::new() }
}

/// A value; pairs as a list of objects with `name` and `value`.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => javascript(text),
        Value::Bytes(bytes) => format!("hex(\"{}\")", hex(bytes)),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Pairs(pairs) => {
            let pair = |(name, value): &(String, String)| {
                object(&[("name", javascript(name)), ("value", javascript(value))])
            };
            format!("[{}]", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A value, with its places filled where `n` counts.
pub(super) fn filled(value: &Value, n: bool) -> String {
    match value {
        Value::Text(text) if n => format!("fill({}, n)", javascript(text)),
        other => literal(other),
    }
}

/// An object with these fields.
pub(super) fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}
