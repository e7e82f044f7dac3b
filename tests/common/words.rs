//! Which texts in the page's code are words for a reader.
#![allow(unreachable_pub)]

use super::source::{File, Inert, inert};

/// The attributes that are read out or shown.
const READ: [&str; 7] =
    ["aria-label", "aria-valuetext", "aria-description", "title", "placeholder", "label", "alt"];

/// What stands before a text that nobody reads on the page: for programmers, style sheets, and the browser.
const UNREAD: [&str; 9] = [
    ".expect(",
    "unreachable!(",
    "reason =",
    "set_class_name(",
    ".class(",
    "inside(",
    "closest(",
    "media(",
    "includes(&",
];

/// The same by how a text begins: transforms and fonts, what divides an event's words, and the start of a title in JSON.
const NO_WORDS: [&str; 4] = ["\"translate(", "\"{}{size}px ", "\", by \"", "\"\\\"title"];

/// The names of keys, as browsers give them and as a button's title shows them.
const KEYS: [&str; 7] = ["Home", "End", "Enter", "Escape", "Esc", "Space", "Mod"];

/// The file of pictures: a path is no sentence.
const PICTURES: &str = "src/ui/icons.rs";

/// Each text that a reader of the page may see, with its quotes, and where it begins: what stands between tags, what an attribute
/// says aloud, and elsewhere whatever has two words or is a word with a capital. Raw texts are programs.
pub fn words(source: &File) -> impl Iterator<Item = (usize, &str)> {
    let end = source.tests_at();
    let texts =
        inert(&source.text).into_iter().filter(move |(at, _, what)| *what == Inert::Text && *at < end);
    texts.filter_map(|(from, to, _)| {
        let (before, text, after) = (&source.bare[..from], &source.text[from..to], &source.bare[to..]);
        let inside = without_places(text.strip_prefix('"')?.strip_suffix('"')?);
        let is_read = match attribute(before) {
            _ if source.path == PICTURES || NO_WORDS.iter().any(|start| text.starts_with(start)) => false,
            Some((name, _)) if READ.contains(&name) => true,
            Some((name, is_whole)) if is_whole || name == "class" => false,
            _ if UNREAD.iter().any(|call| before.trim_end().ends_with(call)) => false,
            _ => is_between_tags(before, after) || inside.contains(' ') || is_capital(&inside),
        };
        (is_read && has_word(&inside)).then_some((from, text))
    })
}

/// The attribute in whose value a text stands, and whether it is the whole value.
fn attribute(before: &str) -> Option<(&str, bool)> {
    if let Some(name) = name_before(before) {
        return Some((name, true));
    }
    // The braces around it, from the inside.
    let mut closed = 0_usize;
    for (at, c) in before.char_indices().rev() {
        match c {
            '}' => closed += 1,
            '{' if closed > 0 => closed -= 1,
            '{' => {
                if let Some(name) = name_before(&before[..at]) {
                    return Some((name, false));
                }
            }
            ';' if closed == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The name in `name=`, where that is what comes last.
fn name_before(before: &str) -> Option<&str> {
    let before = before.strip_suffix('=')?;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = &before[before.trim_end_matches(part).len()..];
    (!name.is_empty()).then_some(name)
}

/// Whether a text is a child of an element, as in `<p>{ "…" }</p>`, and not the value of an expression, as in `else { "…" }`.
fn is_between_tags(before: &str, after: &str) -> bool {
    let Some(outside) = before.trim_end().strip_suffix('{') else { return false };
    let outside = outside.trim_end();
    let begins = outside.ends_with(['>', '}', '{']) && !outside.ends_with("=>");
    begins && after.trim_start().starts_with('}')
}

/// A text without its `{…}`.
fn without_places(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| match c {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    text.chars().filter(outside).collect()
}

/// Two letters in a row.
fn has_word(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic))
}

/// One word with a capital, such as `Clear`.
fn is_capital(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.all(|c| c.is_ascii_lowercase())
        && !KEYS.contains(&text)
}
