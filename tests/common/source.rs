//! The files of this package as texts, and what their code cites.
#![allow(dead_code, unreachable_pub)]

use glassbroker::rule::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of this package.
pub struct File {
    /// From the package's folder, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// With comments blanked.
    pub code: String,
    /// With comments, and what is inside string and character literals, blanked.
    pub bare: String,
}

impl File {
    /// The name of its floor: the first folder under `src`, or the file there.
    pub fn floor(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or("");
        inside.split('/').next().unwrap_or("").trim_end_matches(".rs")
    }

    /// Where its own tests begin, which come last in a file; the start of a file of tests; else the end.
    pub fn tests_at(&self) -> usize {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return 0;
        }
        self.bare.find("#[cfg(test)]").unwrap_or(self.bare.len())
    }

    /// The offsets where `word` stands alone in the code.
    pub fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.bare.match_indices(word).map(|(at, _)| at).filter(move |at| {
            !self.bare[..*at].ends_with(part) && !self.bare[at + word.len()..].starts_with(part)
        })
    }

    pub fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.text[..offset].matches('\n').count() + 1)
    }
}

pub fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder whose names end so, with their paths from the package's folder, in order.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&package().join(folder), &mut found);
    found.sort();
    found
        .into_iter()
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .map(|path| {
            let name = path.strip_prefix(package()).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

pub fn rust(folders: &[&str]) -> Vec<File> {
    let files = folders.iter().flat_map(|folder| files(folder, &[".rs"]));
    files
        .map(|(path, text)| File { path, code: blanked(&text, false), bare: blanked(&text, true), text })
        .collect()
}

/// What is no code.
#[derive(Clone, Copy, PartialEq)]
pub enum Inert {
    Comment,
    Text,
    Character,
}

/// Every comment and literal, with where it begins and ends.
pub fn inert(text: &str) -> Vec<(usize, usize, Inert)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (end, what) = if rest.starts_with(b"//") {
            (at + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()), Inert::Comment)
        } else if rest.starts_with(b"/*") {
            (block_comment_end(bytes, at), Inert::Comment)
        } else if rest[0] == b'"' {
            (string_end(bytes, at), Inert::Text)
        } else if let Some(end) = raw_string_end(bytes, at) {
            (end, Inert::Text)
        } else if let Some(end) = character_end(text, at) {
            (end, Inert::Character)
        } else {
            at += 1;
            continue;
        };
        found.push((at, end, what));
        at = end;
    }
    found
}

/// The code with comments blanked, and the insides of literals too where `literals` says so. Offsets and lines stay.
pub fn blanked(text: &str, literals: bool) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut blank = |from: usize, to: usize| {
        out[from..to].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    };
    for (at, end, what) in inert(text) {
        match what {
            Inert::Comment => blank(at, end),
            _ if literals => blank(at + 1, end.saturating_sub(1).max(at + 1)),
            _ => {}
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn block_comment_end(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < bytes.len() {
        match &bytes[at..(at + 2).min(bytes.len())] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The end of `r"…"` or `r#"…"#`, where one begins here.
fn raw_string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let named = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
    if bytes[start] != b'r' || (named && bytes[start - 1] != b'b') {
        return None;
    }
    let hashes = bytes[start + 1..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(start + 1 + hashes) != Some(&b'"') {
        return None;
    }
    let closing = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    let inside = start + 2 + hashes;
    let length = bytes[inside..].windows(closing.len()).position(|window| window == closing)?;
    Some(inside + length + closing.len())
}

/// The end of a character literal, where one begins here: not of a lifetime.
fn character_end(text: &str, start: usize) -> Option<usize> {
    let mut rest = text.get(start..)?.strip_prefix('\'')?.char_indices();
    match rest.next()?.1 {
        '\\' => rest.skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| start + 1 + at + 1),
        _ => rest.next().filter(|(_, c)| *c == '\'').map(|(at, _)| start + 1 + at + 1),
    }
}

/// The rules that code cites: the constructor's source, the id, and where.
pub fn cited(source: &File) -> Vec<(usize, Source, String)> {
    let mut found = Vec::new();
    let mut take = |at: usize, text: &str, kind: Source| -> Option<usize> {
        let inside = text.trim_start().strip_prefix('"')?;
        let id = inside.split('"').next()?;
        found.push((at, kind, id.to_owned()));
        Some(text.len() - inside.len() + id.len() + 1)
    };
    for (call, kind) in [
        ("v3", Source::Mqtt311),
        ("v5", Source::Mqtt5),
        ("aws", Source::Aws),
        ("mosquitto", Source::Mosquitto),
        ("vernemq", Source::VerneMq),
        ("websocket", Source::WebSocket),
        ("own", Source::Glassbroker),
    ] {
        for at in source.words(call) {
            if let Some(arguments) = source.code[at + call.len()..].strip_prefix('(') {
                take(at, arguments, kind);
            }
        }
    }
    for at in source.words("rule") {
        let Some(arguments) = source.code[at + 4..].strip_prefix('(') else { continue };
        if let Some(end) = take(at, arguments, Source::Mqtt311)
            && let Some(second) = arguments[end..].trim_start().strip_prefix(',')
        {
            take(at, second, Source::Mqtt5);
        }
    }
    found
}
