//! What the command line says when its input is at fault.

use std::fmt::Display;
use std::path::Path;

/// A message for people, which ends the process with status 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Complaint(pub(super) String);

impl Complaint {
    /// Something that has no place in a file.
    pub(super) fn new(what: impl Display) -> Self {
        Self(format!("glassbroker: error: {what}"))
    }

    /// Something about a file as a whole.
    pub(super) fn file(file: &Path, what: impl Display) -> Self {
        Self(format!("{}: error: {what}", file.display()))
    }

    /// Something at a place in a file; lines and columns count from 1.
    pub(super) fn at(file: &Path, line: usize, column: usize, what: impl Display) -> Self {
        Self(format!("{}:{line}:{column}: error: {what}", file.display()))
    }
}
