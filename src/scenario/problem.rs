//! What is wrong with a document, where, and what is allowed.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The line, from 1; 0 where the document did not come from text.
    pub line: u32,
    /// The column in characters, from 1; 0 where there is no line.
    pub column: u32,
    /// The place in the document, such as `steps[3].at`; empty for the document itself and where the text is no JSON.
    pub path: String,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl Problem {
    /// A problem at a place of a document that did not come from text.
    pub(super) fn at_path(path: impl ToString, message: impl Into<String>) -> Self {
        Self { line: 0, column: 0, path: path.to_string(), message: message.into() }
    }

    /// A problem at a place of a text.
    pub(super) fn at_offset(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let mut problem = Self::at_path("", message);
        problem.locate(text, offset);
        problem
    }

    /// Says where in the text it is.
    pub(super) fn locate(&mut self, text: &str, offset: usize) {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(..end).unwrap_or_default();
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        self.line = u32::try_from(lines + 1).unwrap_or(u32::MAX);
        self.column = u32::try_from(line.chars().count() + 1).unwrap_or(u32::MAX);
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// The name nearest to a misspelt one, as the end of an error; empty where none is near.
pub(super) fn did_you_mean<'a>(misspelt: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let most = 1 + misspelt.chars().count() / 3;
    let near = names.into_iter().map(|name| (distance(misspelt, name), name)).min();
    match near {
        Some((distance, name)) if distance <= most => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}

/// A hint as the end of a sentence: with a full stop, unless it asks.
pub(super) fn ended(hint: String) -> String {
    if hint.ends_with('?') { hint } else { hint + "." }
}

/// The edit distance of Levenshtein, by characters, of what is not longer than any name.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, to) in b.iter().enumerate() {
            let next = (diagonal + usize::from(from != *to)).min(row[j + 1] + 1).min(left + 1);
            diagonal = row[j + 1];
            row[j] = left;
            left = next;
        }
        if let Some(last) = row.last_mut() {
            *last = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_not() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(did_you_mean("pubish", ["publish", "subscribe"]), "; did you mean `publish`?");
        assert_eq!(did_you_mean("zebra", ["publish", "subscribe"]), "");
    }

    #[test]
    fn a_place_is_a_line_and_a_column_of_characters() {
        let problem = Problem::at_offset("a\néx", 4, "wrong");
        assert_eq!((problem.line, problem.column), (2, 2));
        assert_eq!(Problem::at_offset("ab", 99, "x").to_string(), "1:3: x");
        assert_eq!(Problem::at_path("steps[3].at", "x").to_string(), "steps[3].at: x");
    }
}
