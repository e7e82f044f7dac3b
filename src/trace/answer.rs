//! The answers to what an operator asked for, as their events tell them.

use super::{EventRef, Trace};
use crate::broker::Kind;

/// The answer to an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer<'a> {
    /// The operation's name, such as `GetConnection`.
    pub operation: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// The body, as JSON; empty where there is none.
    pub body: &'a str,
}

impl Trace {
    /// The last answer among the events from `from` on.
    pub fn answer_since(&self, from: u32) -> Option<Answer<'_>> {
        self.range(from..u32::MAX).filter_map(|event| event.answer()).last()
    }
}

impl<'a> EventRef<'a> {
    /// The answer that the event is, where it is an `operation`.
    pub fn answer(&self) -> Option<Answer<'a>> {
        if self.kind() != Kind::Operation {
            return None;
        }
        let (operation, body) = self.why().split_once(": ").unwrap_or((self.why(), ""));
        // What else is said of the request is not its name.
        let operation = operation.split(',').next().unwrap_or(operation);
        Some(Answer { operation, status: self.code().unwrap_or(0), body })
    }
}
