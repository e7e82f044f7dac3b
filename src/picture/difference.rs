//! What one payload has that another has not: by JSON fields, by lines of text, or by bytes.

use crate::json::{Json, parse, write_value};

/// How many bytes of each payload are compared, and how many lines of what came of it are kept.
const COMPARED: usize = 16 * 1024;
const KEPT: usize = 400;
/// Texts of more lines are not searched for what moved in them: this many pairs of lines at most are compared.
const PAIRS: usize = 90_000;
/// Equal lines that stay around a change.
const AROUND: usize = 2;
/// How many bytes a line of hexadecimal digits has.
const BYTES: usize = 8;

/// By what two payloads were compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// Both are JSON objects or lists: by their fields, whatever their order.
    Fields,
    /// Both are text.
    Lines,
    /// One of them is no text.
    Bytes,
}

/// What became of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Both have it.
    Same,
    /// Only the earlier one has it.
    Gone,
    /// Only the later one has it.
    New,
    /// It stands for lines that both have.
    Skipped,
}

/// A difference, line by line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// By what.
    pub by: By,
    /// The lines, each with what became of it; those that stand for others say how many these are.
    pub lines: Vec<(Sign, String)>,
    /// Whether more of the payloads was not compared, or more lines are not shown.
    pub cut: bool,
}

impl Difference {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        !self.lines.iter().any(|(sign, _)| matches!(sign, Sign::Gone | Sign::New))
    }
}

/// The difference between an earlier payload and a later one.
pub fn difference(earlier: &[u8], later: &[u8]) -> Difference {
    let bytes = [earlier, later];
    let [earlier, later] = bytes.map(|bytes| &bytes[..bytes.len().min(COMPARED)]);
    let texts = [earlier, later].map(|bytes| std::str::from_utf8(bytes).ok());
    let (by, lines) = match texts {
        [Some(earlier), Some(later)] => match (leaves(earlier), leaves(later)) {
            (Some(earlier), Some(later)) => (By::Fields, by_fields(&earlier, &later)),
            _ => (By::Lines, by_lines(&split(earlier), &split(later))),
        },
        _ => (By::Bytes, by_place(&rows(earlier), &rows(later))),
    };
    let mut lines = if by == By::Fields { lines } else { condensed(lines) };
    let cut = bytes.iter().any(|bytes| bytes.len() > COMPARED) || lines.len() > KEPT;
    lines.truncate(KEPT);
    Difference { by, lines, cut }
}

fn split(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// The values of a JSON object or list that are neither, each with its way there, such as `pos.x` or `list[0]`; `None` where the text is no
/// such thing.
pub(super) fn leaves(text: &str) -> Option<Vec<(String, Json)>> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut found = Vec::new();
    collect("", parse(text).ok()?.value, &mut found);
    Some(found)
}

fn collect(way: &str, value: Json, found: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(entries) if !entries.is_empty() => {
            for entry in entries {
                let dot = if way.is_empty() { "" } else { "." };
                collect(&format!("{way}{dot}{}", entry.key), entry.node.value, found);
            }
        }
        Json::List(items) if !items.is_empty() => {
            for (i, item) in items.into_iter().enumerate() {
                collect(&format!("{way}[{i}]"), item.value, found);
            }
        }
        value => found.push((way.to_owned(), value)),
    }
}

fn by_fields(earlier: &[(String, Json)], later: &[(String, Json)]) -> Vec<(Sign, String)> {
    let line = |(way, value): &(String, Json)| {
        let mut text = way.clone();
        text.push_str(if way.is_empty() { "" } else { ": " });
        write_value(&mut text, value, None);
        text
    };
    let of = |all: &[(String, Json)], way: &str| all.iter().find(|(other, _)| other == way).map(line);
    let mut lines = Vec::new();
    for field in later.iter().take(KEPT) {
        let new = line(field);
        match of(earlier, &field.0) {
            Some(old) if old == new => lines.push((Sign::Same, new)),
            old => {
                lines.extend(old.map(|old| (Sign::Gone, old)));
                lines.push((Sign::New, new));
            }
        }
    }
    let gone = earlier.iter().take(KEPT).filter(|field| of(later, &field.0).is_none());
    lines.extend(gone.map(|field| (Sign::Gone, line(field))));
    lines
}

/// By the longest common subsequence of what lies between an equal beginning and an equal end.
fn by_lines(earlier: &[String], later: &[String]) -> Vec<(Sign, String)> {
    let first = earlier.iter().zip(later).take_while(|(a, b)| a == b).count();
    let last =
        earlier[first..].iter().rev().zip(later[first..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&earlier[first..earlier.len() - last], &later[first..later.len() - last]);
    let mut lines: Vec<(Sign, String)> = Vec::new();
    let mut put = |sign, some: &[String]| lines.extend(some.iter().map(|line| (sign, line.clone())));
    put(Sign::Same, &earlier[..first]);
    if a.len() * b.len() > PAIRS {
        put(Sign::Gone, a);
        put(Sign::New, b);
    } else {
        // How many lines are common from each pair of lines on.
        let width = b.len() + 1;
        let mut common = vec![0u16; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                common[i * width + j] = match a[i] == b[j] {
                    true => common[(i + 1) * width + j + 1] + 1,
                    false => common[(i + 1) * width + j].max(common[i * width + j + 1]),
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            if i < a.len() && j < b.len() && a[i] == b[j] {
                put(Sign::Same, &a[i..=i]);
                (i, j) = (i + 1, j + 1);
            } else if j == b.len()
                || (i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1])
            {
                put(Sign::Gone, &a[i..=i]);
                i += 1;
            } else {
                put(Sign::New, &b[j..=j]);
                j += 1;
            }
        }
    }
    put(Sign::Same, &earlier[earlier.len() - last..]);
    lines
}

/// Lines of hexadecimal digits with their place.
fn rows(bytes: &[u8]) -> Vec<String> {
    let row = |(i, row): (usize, &[u8])| {
        let mut text = format!("{:04x} ", i * BYTES);
        for byte in row {
            text.push_str(&format!(" {byte:02x}"));
        }
        text
    };
    bytes.chunks(BYTES).enumerate().map(row).collect()
}

/// Each line with the one at the same place.
fn by_place(earlier: &[String], later: &[String]) -> Vec<(Sign, String)> {
    let mut lines = Vec::new();
    for i in 0..earlier.len().max(later.len()) {
        match (earlier.get(i), later.get(i)) {
            (Some(a), Some(b)) if a == b => lines.push((Sign::Same, a.clone())),
            (a, b) => {
                lines.extend(a.map(|a| (Sign::Gone, a.clone())));
                lines.extend(b.map(|b| (Sign::New, b.clone())));
            }
        }
    }
    lines
}

/// Without the equal lines that are far from every change.
fn condensed(lines: Vec<(Sign, String)>) -> Vec<(Sign, String)> {
    let is_near = |at: usize| {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(lines.len());
        lines[near].iter().any(|(sign, _)| *sign != Sign::Same)
    };
    let mut kept: Vec<(Sign, String)> = Vec::new();
    let mut skipped = 0;
    for (at, line) in lines.iter().enumerate() {
        let near = is_near(at);
        skipped += usize::from(!near);
        if skipped > 0 && (near || at + 1 == lines.len()) {
            kept.push((Sign::Skipped, skipped.to_string()));
            skipped = 0;
        }
        if near {
            kept.push(line.clone());
        }
    }
    kept
}

/// Text with everything in it to be seen: controls as the pictures that Unicode has of them, and what turns or hides text by its number.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\u{0}'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => shown.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(earlier: &str, later: &str) -> (By, String) {
        let found = difference(earlier.as_bytes(), later.as_bytes());
        let sign = |sign| match sign {
            Sign::Same => '=',
            Sign::Gone => '-',
            Sign::New => '+',
            Sign::Skipped => '~',
        };
        let lines: Vec<String> =
            found.lines.iter().map(|(one, text)| format!("{}{text}", sign(*one))).collect();
        (found.by, lines.join("|"))
    }

    #[test]
    fn json_is_compared_by_its_fields() {
        let earlier = r#"{"t": 21, "pos": {"x": 1, "y": [1, 2]}, "on": true}"#;
        let later = r#"{"pos": {"y": [1, 3], "x": 1}, "t": 21, "off": null}"#;
        let expected = "-pos.y[1]: 2|+pos.y[1]: 3|=pos.x: 1|=t: 21|+off: null|-on: true";
        let (by, lines) = told(earlier, later);
        assert_eq!((by, lines.replacen("=pos.y[0]: 1|", "", 1).as_str()), (By::Fields, expected));
        assert!(difference(b"[1, 2]", b" [1,2] ").is_none(), "space is no difference");
    }

    #[test]
    fn text_is_compared_by_its_lines() {
        assert_eq!(told("on", "off"), (By::Lines, "-on|+off".to_owned()));
        assert_eq!(told("a\nb\nc\nd", "a\nc\nx\nd"), (By::Lines, "=a|-b|=c|+x|=d".to_owned()));
        assert_eq!(told("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\n7").1, "~3|=4|=5|-6|+7");
        assert!(difference(b"same", b"same").is_none());
    }

    #[test]
    fn bytes_are_compared_by_their_place() {
        let found = difference(&[0xff; 20], &[[0xff; 9].as_slice(), &[0xfe; 11]].concat());
        assert_eq!(found.by, By::Bytes);
        let changed: Vec<_> = found.lines.iter().filter(|(sign, _)| *sign == Sign::New).collect();
        assert_eq!(changed.len(), 2);
        assert_eq!(changed[0].1, "0008  ff fe fe fe fe fe fe fe");
    }

    #[test]
    fn large_payloads_are_compared_in_part() {
        let (a, b) = ("x\n".repeat(200_000), "y\n".repeat(200_000));
        let found = difference(a.as_bytes(), b.as_bytes());
        assert!(found.cut && found.lines.len() <= KEPT);
    }

    #[test]
    fn nothing_in_a_text_stays_unseen() {
        assert_eq!(visible("a\u{0}b\u{1b}[31m\nc\td\u{7f}"), "a␀b␛[31m\nc\td␡");
        assert_eq!(visible("a\u{202e}b\u{200b}"), "a⟨U+202E⟩b⟨U+200B⟩");
        assert_eq!(visible("grün 🌱"), "grün 🌱");
    }
}
