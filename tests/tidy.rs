//! The house rules that a machine can hold: floors, bans, sizes, cited rules. Each message says what and where.
#![cfg(not(target_arch = "wasm32"))]

use glassbroker::rule::Source;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up; those of one line do not import from each other. A file imports from floors below its own.
const FLOORS: &[&[&str]] = &[
    &["time", "chance", "fnv", "rule", "nearest", "json"],
    &["wire"],
    &["topic"],
    &["rules"],
    &["profile"],
    &["policy"],
    &["broker"],
    &["trace"],
    &["socket"],
    &["client"],
    &["account"],
    &["sim"],
    &["scenario"],
    &["scheme"],
    &["export"],
    &["picture"],
    &["page", "cli"],
    &["ui"],
    &["lib", "main"],
];

/// The floors that may know the browser, the clock and the network.
const OUTER: [&str; 5] = ["page", "cli", "ui", "lib", "main"];

/// What no floor below those may name: the host's clock, network and page, and maps whose order is nobody's choice.
const BANNED_BELOW: [&str; 14] = [
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "serde_wasm_bindgen",
    "gloo_timers",
    "yew",
    "tokio",
    "tokio_tungstenite",
    "futures_util",
    "Instant",
    "SystemTime",
    "HashMap",
    "HashSet",
];

/// Floors in which nothing is decided by floating point.
const WITHOUT_FLOATS: [&str; 13] = [
    "time", "chance", "rule", "wire", "topic", "rules", "profile", "policy", "broker", "trace", "socket",
    "client", "sim",
];

/// What only tests may call: it panics, and input could reach it.
const PANICS: [&str; 7] =
    [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "dbg!("];

/// What says that something is not done.
const UNDONE: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

const LONGEST_FILE_LINES: usize = 600;
const LONGEST_LINE_COLUMNS: usize = 140;

/// A Rust file of this package.
struct File {
    /// From the package's folder, with `/`.
    path: String,
    /// As it is.
    text: String,
    /// With comments blanked.
    code: String,
    /// With comments, and what is inside string and character literals, blanked.
    bare: String,
}

impl File {
    /// The name of its floor: the first folder under `src`, or the file there.
    fn floor(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or("");
        inside.split('/').next().unwrap_or("").trim_end_matches(".rs")
    }

    /// Where its own tests begin, which come last in a file; the start of a file of tests; else the end.
    fn tests_at(&self) -> usize {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return 0;
        }
        self.bare.find("#[cfg(test)]").unwrap_or(self.bare.len())
    }

    /// The offsets where `word` stands alone in the code.
    fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.bare.match_indices(word).map(|(at, _)| at).filter(move |at| {
            !self.bare[..*at].ends_with(part) && !self.bare[at + word.len()..].starts_with(part)
        })
    }

    fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.text[..offset].matches('\n').count() + 1)
    }
}

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder whose names end so, with their paths from the package's folder, in order.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
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

fn rust(folders: &[&str]) -> Vec<File> {
    let files = folders.iter().flat_map(|folder| files(folder, &[".rs"]));
    files
        .map(|(path, text)| File { path, code: blanked(&text, false), bare: blanked(&text, true), text })
        .collect()
}

/// The code with comments blanked, and the insides of literals too where `literals` says so. Offsets and lines stay.
fn blanked(text: &str, literals: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut blank = |from: usize, to: usize| {
        out[from..to].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let (end, is_comment) = if rest.starts_with(b"//") {
            (at + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()), true)
        } else if rest.starts_with(b"/*") {
            (block_comment_end(bytes, at), true)
        } else if rest[0] == b'"' {
            (string_end(bytes, at), false)
        } else if let Some(end) = raw_string_end(bytes, at) {
            (end, false)
        } else if let Some(end) = character_end(text, at) {
            (end, false)
        } else {
            at += 1;
            continue;
        };
        if is_comment {
            blank(at, end);
        } else if literals {
            blank(at + 1, end.saturating_sub(1).max(at + 1));
        }
        at = end;
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

/// Fails with all the messages at once.
fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}\n", broken.join("\n  "));
}

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|floors| floors.contains(&floor))
}

/// The floors that a piece of code names: `crate::floor`, or the names at the top of `crate::{…}`.
fn imports(source: &File) -> Vec<(usize, String)> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for root in ["crate", "glassbroker"] {
        for at in source.words(root) {
            let after = at + root.len();
            let Some(path) = source.bare[after..].strip_prefix("::") else { continue };
            let Some(group) = path.strip_prefix('{') else {
                found.push((at, name(path)));
                continue;
            };
            let (mut depth, mut begins) = (0, true);
            for (offset, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => begins = true,
                    _ if begins && !c.is_whitespace() => {
                        found.push((after + 3 + offset, name(&group[offset..])));
                        begins = false;
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

#[test]
fn a_file_imports_only_from_floors_below_its_own() {
    let mut broken = Vec::new();
    for source in rust(&["src"]) {
        let floor = source.floor();
        let Some(own) = height(floor) else {
            broken
                .push(format!("{}: `{floor}` is no floor: FLOORS in tests/tidy.rs lists them", source.path));
            continue;
        };
        for (at, import) in imports(&source) {
            match height(&import) {
                Some(other) if other > own || (other == own && import != floor) => {
                    broken.push(format!("{}: {floor} imports from {import}", source.place(at)));
                }
                _ => {}
            }
        }
    }
    hold("A file imports only from floors below its own.", &broken);
}

#[test]
fn the_core_names_no_clock_network_page_or_unordered_map() {
    let mut broken = Vec::new();
    for source in rust(&["src"]).iter().filter(|source| !OUTER.contains(&source.floor())) {
        for word in BANNED_BELOW {
            broken.extend(source.words(word).map(|at| format!("{}: {word}", source.place(at))));
        }
        if WITHOUT_FLOATS.contains(&source.floor()) {
            for word in ["f32", "f64"] {
                broken.extend(source.words(word).map(|at| format!("{}: {word}", source.place(at))));
            }
        }
    }
    hold("Only page, cli and ui know the host; no floating point decides anything below scenario.", &broken);
}

#[test]
fn nothing_that_input_can_reach_panics() {
    let mut broken = Vec::new();
    for source in rust(&["src"]).iter().filter(|source| !OUTER.contains(&source.floor())) {
        let code = &source.bare[..source.tests_at()];
        for call in PANICS {
            broken.extend(code.match_indices(call).map(|(at, _)| format!("{}: {call}", source.place(at))));
        }
    }
    hold("No panic on any input: return what is wrong, or write it so that it cannot be.", &broken);
}

#[test]
fn nothing_is_left_undone() {
    let mut broken = Vec::new();
    for source in rust(&["src", "benches", "tests", "fuzz"]) {
        if source.path == "tests/tidy.rs" {
            continue;
        }
        for word in UNDONE {
            let part = |c: char| c.is_alphanumeric() || c == '_';
            broken.extend(
                source
                    .text
                    .match_indices(word)
                    .filter(|(at, _)| {
                        !source.text[..*at].ends_with(part)
                            && !source.text[at + word.len()..].starts_with(part)
                    })
                    .map(|(at, _)| format!("{}: {word}", source.place(at))),
            );
        }
    }
    hold("What is not done goes to the tracker, not into the code.", &broken);
}

#[test]
fn files_and_lines_stay_readable() {
    let mut broken = Vec::new();
    let mut texts = Vec::new();
    for folder in ["src", "tests", "benches", "fuzz/fuzz_targets", "www", "docs", "scripts"] {
        texts.extend(files(folder, &[".rs", ".js", ".ts", ".mjs", ".css", ".html", ".md", ".toml", ".py"]));
    }
    texts.retain(|(path, _)| !path.contains("node_modules/") && !path.contains("__pycache__/"));
    for (path, text) in &texts {
        let is_rust = path.ends_with(".rs");
        let lines = text.lines().count();
        if (is_rust || path.ends_with(".js")) && lines > LONGEST_FILE_LINES {
            broken
                .push(format!("{path}: {lines} lines, more than {LONGEST_FILE_LINES}: split it by purpose"));
        }
        if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
            broken.push(format!("{path}: a file ends with one line feed"));
        }
        for (number, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            if line.contains('\t') {
                broken.push(format!("{place}: a tab"));
            }
            if line.contains('\r') {
                broken.push(format!("{place}: a carriage return"));
            }
            if line.ends_with(' ') {
                broken.push(format!("{place}: a space at the end"));
            }
            let columns = line.chars().count();
            // A long text in quotes may stand on one line.
            if is_rust && columns > LONGEST_LINE_COLUMNS && !line.contains('"') {
                broken.push(format!("{place}: {columns} columns, more than {LONGEST_LINE_COLUMNS}"));
            }
        }
    }
    hold("Files have one purpose, and lines fit a window.", &broken);
}

/// The rules that code cites: the constructor's source, the id, and where.
fn cited(source: &File) -> Vec<(usize, Source, String)> {
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

#[test]
fn every_cited_rule_is_in_the_catalogue() {
    let known: BTreeSet<(Source, &str)> =
        glassbroker::rules::all().map(|rule| (rule.id.source, rule.id.id)).collect();
    let mut broken = Vec::new();
    let mut citations = 0;
    for source in rust(&["src", "tests"]) {
        if source.path == "tests/tidy.rs" {
            continue;
        }
        for (at, kind, id) in cited(&source) {
            citations += 1;
            if !known.contains(&(kind, id.as_str())) {
                broken.push(format!("{}: {kind:?} has no rule `{id}`", source.place(at)));
            }
        }
        // In comments and texts a statement's number stands alone: it must be one of either version.
        for (at, _) in source.text.match_indices("MQTT-") {
            let digits = |c: &char| c.is_ascii_digit() || matches!(c, '.' | '-');
            let number: String = source.text[at + 5..].chars().take_while(digits).collect();
            let id = format!("MQTT-{}", number.trim_end_matches(['.', '-']));
            let is_number = id.matches('-').count() == 2;
            if is_number && ![Source::Mqtt311, Source::Mqtt5].iter().any(|v| known.contains(&(*v, &id))) {
                broken.push(format!("{}: no version has a statement {id}", source.place(at)));
            }
        }
    }
    assert!(citations > 50, "only {citations} citations were found: the search for them is broken");
    hold("A rule that code cites has a sentence in src/rules/, where the page finds it.", &broken);
}

#[test]
fn the_catalogue_says_each_rule_once_in_one_sentence() {
    let mut seen = BTreeSet::new();
    let mut broken = Vec::new();
    for rule in glassbroker::rules::all() {
        let id = rule.id;
        if !seen.insert((id.source, id.id)) {
            broken.push(format!("{}: twice", id.id));
        }
        if glassbroker::rules::find(id) != Some(rule) {
            broken.push(format!("{}: is not found by its id", id.id));
        }
        let (first, sentence) = (rule.sentence.chars().next(), rule.sentence);
        let one = sentence.ends_with('.') && !sentence.contains(". ");
        if !one || !first.is_some_and(|c| c.is_uppercase() || c == '`') {
            broken.push(format!("{}: is not one sentence: {sentence}", id.id));
        }
        let prefix = match id.source {
            Source::Mqtt311 | Source::Mqtt5 => "MQTT-",
            Source::Aws => "aws.",
            Source::WebSocket => "",
            Source::Glassbroker => "glassbroker.",
        };
        if !id.id.starts_with(prefix) || rule.section.is_empty() {
            broken.push(format!(
                "{}: an id of {:?} begins with `{prefix}`, and names a section",
                id.id, id.source
            ));
        }
    }
    hold("The catalogue says each rule once, in one sentence.", &broken);
    let count = |source| glassbroker::rules::all().filter(|rule| rule.id.source == source).count();
    assert_eq!(
        (count(Source::Mqtt311), count(Source::Mqtt5)),
        (141, 251),
        "the statements of the two versions"
    );
}

#[test]
fn the_reader_of_code_tells_comments_texts_and_lifetimes_apart() {
    let text = r##"a /* x /* y */ z */ b // c
"d \" // e" f r#"g " h"# 'i' '\'' '"' <'j> 'k' "l" //"##;
    let code = blanked(text, false);
    let bare = blanked(text, true);
    assert_eq!(code.lines().next().map(str::trim_end), Some("a                   b"));
    assert_eq!(
        code.lines().nth(1).map(str::trim_end),
        text.lines().nth(1).map(|line| &line[..line.len() - 3])
    );
    assert_eq!((code.len(), bare.len()), (text.len(), text.len()));
    for hidden in ["x", "c", "d", "e", "g", "h", "i", "k", "l"] {
        assert!(!bare.contains(hidden), "{hidden} in {bare}");
    }
    for code in ["a ", " b ", " f ", "<'j>"] {
        assert!(bare.contains(code), "{code} in {bare}");
    }
}
