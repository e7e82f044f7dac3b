//! The house rules that a machine can hold: floors, bans, sizes, cited rules. Each message says what and where.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod source;
    pub mod words;
}

use common::source::{File, blanked, cited, files, package, rust};
use common::words::words;
use glassbroker::rule::Source;
use std::collections::BTreeSet;

/// The floors from the ground up; those of one line do not import from each other. A file imports from floors below its own.
const FLOORS: &[&[&str]] = &[
    &["time", "chance", "fnv", "rule", "nearest", "sorted", "table"],
    &["json", "texts"],
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
    &["sides", "wills"],
    &["page", "cli"],
    &["ui"],
    &["lib", "main"],
];

/// The floors that may know the browser, the clock and the network.
const OUTER: [&str; 5] = ["page", "cli", "ui", "lib", "main"];

/// What no floor below those may name: the host's clock, network and page, maps whose order is nobody's choice, and those that
/// `Sorted` stands in for.
const BANNED_BELOW: [&str; 16] = [
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
    "BTreeMap",
    "BTreeSet",
];

/// Floors in which nothing is decided by floating point.
const WITHOUT_FLOATS: [&str; 15] = [
    "time", "chance", "rule", "wire", "topic", "rules", "profile", "policy", "broker", "trace", "socket",
    "client", "sim", "sides", "wills",
];

/// What only tests may call: it panics, and input could reach it.
const PANICS: [&str; 7] =
    [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "dbg!("];

/// What says that something is not done.
const UNDONE: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

const LONGEST_FILE_LINES: usize = 600;
const LONGEST_LINE_COLUMNS: usize = 140;

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

#[test]
fn every_word_that_the_page_shows_stands_in_one_place() {
    let mut broken = Vec::new();
    for source in rust(&["src/ui"]).iter().filter(|source| !source.path.starts_with("src/ui/text/")) {
        broken.extend(words(source).map(|(at, text)| format!("{}: {text}", source.place(at))));
    }
    for (path, text) in files("www/css", &[".css"]) {
        let has_letters =
            |line: &str| line.split('"').nth(1).is_some_and(|said| said.contains(char::is_alphabetic));
        let said = (1..).zip(text.lines()).filter(|(_, line)| line.contains("content:") && has_letters(line));
        broken.extend(said.map(|(number, line)| format!("{path}:{number}: {}", line.trim())));
    }
    hold("The page's words stand in src/ui/text/, one file a panel.", &broken);
}

#[test]
fn every_class_in_the_style_sheets_is_one_of_the_page() {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let used: String = rust(&["src/ui"]).into_iter().map(|source| source.code).collect();
    let other: String = files("www", &[".html", ".js"]).into_iter().map(|(_, text)| text).collect();
    let page = used + &other + &std::fs::read_to_string(package().join("index.html")).unwrap();
    // As a word of a text, or as one whose end is filled in: `depth-{}`.
    let known = |name: &str| {
        let begun = name.match_indices('-').any(|(dash, _)| page.contains(&format!("{}{{", &name[..=dash])));
        begun || page.split(|c| !part(c)).any(|word| word == name)
    };
    let mut broken = Vec::new();
    for (path, text) in files("www/css", &[".css"]) {
        let bare: String =
            text.split("/*").map(|piece| piece.split_once("*/").map_or(piece, |(_, rest)| rest)).collect();
        for after in
            bare.split('.').skip(1).filter(|after| after.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            let name = after.split(|c| !part(c)).next().unwrap_or_default();
            if !known(name) {
                broken.push(format!("{path}: .{name}"));
            }
        }
    }
    hold("A style is for something of the page.", &broken);
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
            Source::Mosquitto => "mosquitto.",
            Source::VerneMq => "vernemq.",
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
fn the_reader_of_words_tells_them_from_names_keys_and_styles() {
    let text = r##"
        let a = html! { <p class="two classes" title="Tip" data-test="some-name">{ "word" }{ x }</p> };
        let b = html! { <p aria-label={if c { "open" } else { "Shut" }} class={if d { "a b" } else { "Cc" }}>{ text::E }</p> };
        let f = format!("{count} left"); let g = say("Gone"); let h = key == "Enter"; let i = r#"a program"#;
        let j = k.expect("never seen"); let l = "name"; let m = if n { "o" } else { "pq" };
        #[cfg(test)] mod tests { const R: &str = "not read"; }
    "##;
    let file = File {
        path: "src/ui/one.rs".to_owned(),
        code: blanked(text, false),
        bare: blanked(text, true),
        text: text.to_owned(),
    };
    let found: Vec<&str> = words(&file).map(|(_, text)| text).collect();
    assert_eq!(found, ["\"Tip\"", "\"word\"", "\"open\"", "\"Shut\"", "\"{count} left\"", "\"Gone\""]);
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
