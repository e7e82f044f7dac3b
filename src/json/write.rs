//! JSON text, written by hand: no tree is built, and the bytes are the same on every target.

use super::{Json, Node, push_hex};
use std::fmt::Write as _;

/// Writes one object into a string.
pub(crate) struct Object<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Object<'a> {
    pub(crate) fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    /// Writes the key, which must need no escaping; the caller writes the value.
    pub(crate) fn key(&mut self, key: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        write_text(self.key(key), value);
    }

    pub(crate) fn number(&mut self, key: &str, value: u64) {
        // Writing into a string never fails.
        let _ = write!(self.key(key), "{value}");
    }

    pub(crate) fn switch(&mut self, key: &str, value: bool) {
        self.key(key).push_str(if value { "true" } else { "false" });
    }

    pub(crate) fn null(&mut self, key: &str) {
        self.key(key).push_str("null");
    }

    pub(crate) fn end(self) {
        self.out.push('}');
    }
}

/// Writes a JSON string (RFC 8259, section 7), with nothing escaped that need not be.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Writes a value that was read; numbers stand as they stood. With `indent`, each member has a line of its own, and the whole
/// stands so many spaces to the right.
pub(crate) fn write_value(out: &mut String, value: &Json, indent: Option<usize>) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Switch(switch) => out.push_str(if *switch { "true" } else { "false" }),
        Json::Number(number) => out.push_str(number),
        Json::Text(text) => write_text(out, text),
        Json::List(items) => {
            write_members(out, ['[', ']'], items.iter().map(|node| (None, node)), indent);
        }
        Json::Object(entries) => {
            let members = entries.iter().map(|entry| (Some(entry.key.as_str()), &entry.node));
            write_members(out, ['{', '}'], members, indent);
        }
    }
}

fn write_members<'a>(
    out: &mut String,
    [open, close]: [char; 2],
    members: impl Iterator<Item = (Option<&'a str>, &'a Node)>,
    indent: Option<usize>,
) {
    let inner = indent.map(|spaces| spaces + 2);
    let line = |out: &mut String, indent: Option<usize>| {
        if let Some(spaces) = indent {
            let _ = write!(out, "\n{:spaces$}", "");
        }
    };
    out.push(open);
    let mut first = true;
    for (key, node) in members {
        if !first {
            out.push(',');
        }
        first = false;
        line(out, inner);
        if let Some(key) = key {
            write_text(out, key);
            out.push_str(if indent.is_some() { ": " } else { ":" });
        }
        write_value(out, &node.value, inner);
    }
    if !first {
        line(out, indent);
    }
    out.push(close);
}

/// Writes bytes as a JSON string of hexadecimal digits.
pub(crate) fn write_hex(out: &mut String, bytes: &[u8]) {
    out.push('"');
    push_hex(out, bytes);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_so_that_it_reads_back() {
        let text = "plain \"quoted\" back\\slash \n\r\t\u{0}\u{1f} é 😀 \u{2028} </script>";
        let mut out = String::new();
        write_text(&mut out, text);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }

    #[test]
    fn what_was_read_is_written_as_serde_json_writes_it() {
        for text in ["null", "[]", "{}", r#"{"a":[1,-2.5,true,false,null,[],{}],"b":{"c":"x\n\"é"}}"#] {
            let value = crate::json::parse(text).unwrap().value;
            let other: serde_json::Value = serde_json::from_str(text).unwrap();
            let (mut short, mut long) = (String::new(), String::new());
            write_value(&mut short, &value, None);
            write_value(&mut long, &value, Some(0));
            assert_eq!(short, text);
            assert_eq!(long, serde_json::to_string_pretty(&other).unwrap());
        }
    }

    #[test]
    fn an_object_reads_back() {
        let mut out = String::new();
        let mut object = Object::begin(&mut out);
        object.text("a", "x");
        object.number("b", u64::MAX);
        object.switch("c", true);
        object.null("d");
        write_hex(object.key("e"), &[0, 255]);
        object.end();
        assert_eq!(out, r#"{"a":"x","b":18446744073709551615,"c":true,"d":null,"e":"00ff"}"#);
    }
}
