//! What the two libraries for Python share.

use super::names::Value;
use super::quote::{python_bytes, python_text};
use super::{Base, Story, inner};
use std::fmt::Write as _;

/// What all that happens needs.
pub(super) const HELPERS: &str = r#"SPEED = float(os.environ.get("SPEED", "1"))  # 10 makes ten seconds pass in one
START = time.monotonic()


def at(seconds):
    """Waits until so many seconds after the start."""
    time.sleep(max(0, START + seconds / SPEED - time.monotonic()))
"#;

const REPEAT: &str = r#"

def repeat(times, every, act):
    """Does something so many times, so many seconds apart."""
    begin = (time.monotonic() - START) * SPEED
    for n in range(1, times + 1):
        at(begin + every * (n - 1))
        act(n)
"#;

const FILL: &str = r#"

WALKS = {}


def fill(text, n):
    """A text with its places filled, as a scenario fills them."""

    def value(found):
        place, *rest = found[1].split() or [""]
        if place == "choice":
            return random.choice(found[1].strip()[6:].split("|")).strip()
        if place in ("n", "random", "walk"):
            decimals = max((len(word.partition(".")[2]) for word in rest), default=0)
            unit = 10**decimals
            numbers = [round(float(word) * unit) for word in rest]
            if place == "random":
                number = random.randint(*numbers)
            elif place == "walk":
                low, high = numbers[2:] or (-(10**18), 10**18)
                key = (text, found.start())
                step = random.randint(-numbers[1], numbers[1])
                number = WALKS[key] = min(high, max(low, WALKS[key] + step)) if key in WALKS else numbers[0]
            else:
                number = numbers[0] + numbers[1] * (n - 1) if numbers else n
            return f"{number / unit:.{decimals}f}"
        if place == "t":
            return f"{(time.monotonic() - START) * SPEED:.3f}"
        if place == "time":
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        if place == "unix":
            return str(int(time.time() * 1000))
        return NAME if place == "client" else found[0]

    return re.sub(r"\{\{([^{}]*)\}\}", value, text)
"#;

/// The helpers that a story needs.
pub(super) fn helpers(story: &Story) -> String {
    let mut out = format!("NAME = {}\n{HELPERS}", python_text(&story.client.id));
    if story.acts.iter().any(|act| act.times > 1 || act.fills) {
        out.push_str(REPEAT);
    }
    if story.acts.iter().any(|act| act.fills) {
        out.push_str(FILL);
    }
    out
}

/// The modules of Python's own that a story needs.
pub(super) fn imports(story: &Story) -> String {
    let fills = story.acts.iter().any(|act| act.fills);
    let more = if fills { "import random\nimport re\n" } else { "" };
    format!("import os\n{more}import threading\nimport time\n")
}

/// What every dialect of it shares.
pub(super) const PYTHON: Base = Base { mark: "#", wait: |at, _| format!("at({at})"), repeat, tail };

/// Does something again and again, in a thread where other things happen meanwhile.
fn repeat(times: u64, every: &str, aside: bool, body: &str) -> String {
    let mut out = format!("\n\ndef act(n):\n{}\n\n", inner(body, "    "));
    if aside {
        let _ = writeln!(out, "threading.Thread(target=repeat, args=({times}, {every}, act)).start()");
    } else {
        let _ = writeln!(out, "repeat({times}, {every}, act)");
    }
    out
}

/// Stays until it is interrupted.
fn tail(story: &Story) -> String {
    if story.stays_connected() {
        "\n# It stays connected, until it is interrupted.\nthreading.Event().wait()\n".to_owned()
    } else {
        String::new()
    }
}

pub(super) const fn flag(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// A text or bytes; a text is filled where `n` counts.
pub(super) fn literal(value: &Value, n: bool) -> String {
    match value {
        Value::Text(text) if n => format!("fill({}, n)", python_text(text)),
        Value::Text(text) => python_text(text),
        Value::Bytes(bytes) => python_bytes(bytes),
        Value::Number(number) => number.to_string(),
        Value::Flag(set) => flag(*set).to_owned(),
        Value::Pairs(pairs) => {
            let pairs =
                pairs.iter().map(|(name, text)| format!("({}, {})", python_text(name), python_text(text)));
            format!("[{}]", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}
