//! What is wrong with a text of lines, and where.

use std::fmt;

/// A line that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineError {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl LineError {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}
