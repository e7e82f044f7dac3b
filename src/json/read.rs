//! JSON text as a tree that knows where everything stands, so that every error can say its line and column.

use crate::sorted::Sorted;

/// How deep arrays and objects may stand in each other.
const MAX_DEPTH: u32 = 32;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Bytes from the beginning of the text.
    pub(crate) offset: usize,
    pub(crate) value: Json,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Switch(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Entry>),
}

/// One entry of an object.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Where the key begins.
    pub(crate) offset: usize,
    pub(crate) key: String,
    pub(crate) node: Node,
}

impl Json {
    /// What it is, for errors.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Switch(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Why a text is no JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// Where, in bytes from the beginning of the text.
    pub(crate) offset: usize,
    pub(crate) message: String,
}

/// Reads JSON (RFC 8259), strictly: nothing after the value, no key twice in an object.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    let mut parser = Parser { text, at: 0 };
    parser.space();
    let first = parser.at;
    let node = parser.value(0).map_err(|fault| match fault {
        Fault { offset, message } if offset == first => {
            Fault { offset, message: format!("this is no JSON: {message}") }
        }
        fault => fault,
    })?;
    parser.space();
    if parser.at < text.len() {
        return Err(parser.wrong("something follows the end of the document"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, message: impl Into<String>) -> Fault {
        Fault { offset: self.at, message: message.into() }
    }

    /// What stands here, for an error.
    fn found(&self) -> String {
        self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or_else(
            || "the document ends here".to_owned(),
            |c| format!("`{}` stands here", c.escape_debug()),
        )
    }

    fn value(&mut self, depth: u32) -> Result<Node, Fault> {
        self.space();
        let offset = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Json::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { offset, value })
    }

    fn word(&mut self) -> Result<Json, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in
            [("true", Json::Switch(true)), ("false", Json::Switch(false)), ("null", Json::Null)]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let hint = if rest.starts_with('\'') { "; JSON writes text in double quotes" } else { "" };
        Err(self.wrong(format!("a value is missing: {}{hint}", self.found())))
    }

    fn deeper(&self, depth: u32) -> Result<u32, Fault> {
        if depth < MAX_DEPTH {
            Ok(depth + 1)
        } else {
            Err(self.wrong(format!("more than {MAX_DEPTH} lists and objects stand in each other")))
        }
    }

    fn object(&mut self, depth: u32) -> Result<Json, Fault> {
        let depth = self.deeper(depth)?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = Sorted::<Box<str>, ()>::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            let offset = self.at;
            if self.peek() != Some(b'"') {
                let hint = if self.peek() == Some(b'}') { "; no comma may stand before `}`" } else { "" };
                return Err(self.wrong(format!("a key in double quotes is missing: {}{hint}", self.found())));
            }
            let key = self.string()?;
            if seen.insert(key.as_str().into(), ()).is_some() {
                self.at = offset;
                return Err(self.wrong(format!("`{key}` stands twice in this object")));
            }
            self.space();
            self.take(b':', "`:` is missing after the key")?;
            let node = self.value(depth)?;
            entries.push(Entry { offset, key, node });
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(entries));
                }
                _ => return Err(self.wrong(format!("`,` or `}}` is missing: {}", self.found()))),
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Json, Fault> {
        let depth = self.deeper(depth)?;
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return Err(self.wrong(format!("`,` or `]` is missing: {}", self.found()))),
            }
        }
    }

    fn take(&mut self, byte: u8, message: &str) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.wrong(format!("{message}: {}", self.found())))
        }
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<Json, Fault> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.peek() == Some(b'0');
        let whole = self.digits();
        let mut right = whole > 0 && !(zero && whole > 1);
        if self.peek() == Some(b'.') {
            self.at += 1;
            right &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            right &= self.digits() > 0;
        }
        let written = self.text.get(from..self.at).unwrap_or_default().to_owned();
        if right {
            Ok(Json::Number(written))
        } else {
            self.at = from;
            Err(self.wrong(format!("`{written}` is no number as JSON writes one")))
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let begin = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut from = self.at;
        loop {
            let Some(byte) = self.peek() else {
                self.at = begin;
                return Err(self.wrong("this text has no closing double quote"));
            };
            match byte {
                b'"' => {
                    text.push_str(self.text.get(from..self.at).unwrap_or_default());
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => {
                    text.push_str(self.text.get(from..self.at).unwrap_or_default());
                    text.push(self.escape()?);
                    from = self.at;
                }
                0..=0x1f => {
                    return Err(
                        self.wrong("a control character in text must be written as an escape, such as \\n")
                    );
                }
                _ => self.at += 1,
            }
        }
    }

    /// The character that an escape stands for.
    fn escape(&mut self) -> Result<char, Fault> {
        let begin = self.at;
        self.at += 2;
        let unescaped = match self.text.as_bytes().get(begin + 1) {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'/') => Some('/'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(b'u') => self.unicode(),
            _ => None,
        };
        unescaped.ok_or_else(|| {
            self.at = begin;
            self.wrong("this is no escape that JSON has: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits")
        })
    }

    /// The character of one `\u` escape, or of two that are a surrogate pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if self.text.as_bytes().get(self.at..self.at + 2)? != b"\\u" {
            return None;
        }
        self.at += 2;
        let second = self.four_digits()?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as serde_json's, which is the independent reader to compare with.
    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Json::Null => serde_json::Value::Null,
            Json::Switch(switch) => (*switch).into(),
            Json::Number(number) => serde_json::from_str(number).unwrap(),
            Json::Text(text) => text.clone().into(),
            Json::List(items) => items.iter().map(plain).collect(),
            Json::Object(entries) => {
                serde_json::Value::Object(entries.iter().map(|e| (e.key.clone(), plain(&e.node))).collect())
            }
        }
    }

    #[test]
    fn json_is_read_as_serde_json_reads_it() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            r#"{"a":[1,-2.5,1e3,0,true,false,null],"b":{"c":"x\n\"\\\/\b\f\r\t\u00e9\ud83d\ude00 é"}}"#,
            "\"\"",
            "01",
            "1.",
            "-",
            "1e",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "\"a",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\u+123\"",
            "\"\n\"",
            "[1] 2",
            "",
            "nul",
            "[",
            "{\"a\":",
        ] {
            let expected = serde_json::from_str::<serde_json::Value>(text);
            match parse(text) {
                Ok(node) => assert_eq!(plain(&node), expected.expect(text)),
                Err(fault) => assert!(expected.is_err(), "{text}: {fault:?}"),
            }
        }
    }

    #[test]
    fn errors_say_where() {
        let fault = parse("{\n  \"é\": 1,\n  \"é\": 2 }").unwrap_err();
        assert_eq!(fault, Fault { offset: 15, message: "`é` stands twice in this object".into() });
        assert_eq!(parse("{ \"é\": tru }").unwrap_err().offset, 8);
        assert!(parse(&"[".repeat(1_000)).unwrap_err().message.contains("32"));
        assert!(parse("{'a': 1}").unwrap_err().message.contains("double quotes"));
    }
}
