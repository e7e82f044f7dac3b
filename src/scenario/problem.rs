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
    pub(crate) fn at_offset(text: &str, offset: usize, message: impl Into<String>) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column_of_characters() {
        let problem = Problem::at_offset("a\néx", 4, "wrong");
        assert_eq!((problem.line, problem.column), (2, 2));
        assert_eq!(Problem::at_offset("ab", 99, "x").to_string(), "1:3: x");
        assert_eq!(Problem::at_path("steps[3].at", "x").to_string(), "steps[3].at: x");
    }
}
