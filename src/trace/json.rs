//! JSON text, written by hand: no tree is built, and the bytes are the same on every target.

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

/// Writes bytes as a JSON string of hexadecimal digits.
pub(crate) fn write_hex(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
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
