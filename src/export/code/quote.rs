//! Texts and bytes as literals that nothing in them can end.

use std::fmt::Write as _;

/// Whether a character may stand for itself: what cannot be seen, or turns the direction of what follows, may not.
fn is_plain(c: char) -> bool {
    c == '\'' || c == '"' || c == '\\' || c.escape_debug().len() == 1
}

/// A literal in double quotes; `odd` writes what cannot stand for itself.
fn quoted(text: &str, odd: impl Fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if is_plain(c) => out.push(c),
            c => odd(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// A JavaScript string.
pub fn javascript(text: &str) -> String {
    quoted(text, |out, c| {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    })
}

/// A Python string.
pub fn python_text(text: &str) -> String {
    quoted(text, |out, c| {
        let _ = write!(out, "\\U{:08x}", u32::from(c));
    })
}

/// Python bytes.
pub fn python_bytes(bytes: &[u8]) -> String {
    let mut out = String::from("b\"");
    for byte in bytes {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            b' '..=b'~' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// Bytes as `printf` of a POSIX shell makes them.
pub(super) fn printf(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "\\{byte:03o}");
        out
    })
}

/// One word of a POSIX shell. It cannot hold a NUL, which is left out.
pub fn shell(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\0' => {}
            '\'' => out.push_str("'\\''"),
            // The one character that a command's output loses at its end.
            '\n' => out.push('\n'),
            c if is_plain(c) => out.push(c),
            c => {
                let _ = write!(out, "'\"$(printf '{}')\"'", printf(c.encode_utf8(&mut [0; 4]).as_bytes()));
            }
        }
    }
    out.push('\'');
    out
}

/// A text for a comment: on one line, with nothing in it that cannot be seen.
pub(super) fn comment(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if is_plain(c) {
            out.push(c);
        } else {
            let _ = write!(out, "{}", c.escape_default());
        }
        out
    })
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
