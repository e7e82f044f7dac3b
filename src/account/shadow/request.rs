//! What is asked of a shadow: the topic that says it, and the document that comes with it.

use crate::json::{Json, parse};
use crate::rule::{RuleId, aws};

/// What begins every request and every answer.
const THINGS: &str = "$aws/things/";
/// The longest thing name, in bytes.
const THING_NAME_MAX_BYTES: usize = 128;
/// The longest shadow name, in bytes.
const SHADOW_NAME_MAX_BYTES: usize = 64;
/// The longest client token, in bytes.
const TOKEN_MAX_BYTES: usize = 64;

/// What may be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operation {
    Get,
    Update,
    Delete,
}

impl Operation {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// Why a request is rejected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rejection {
    pub(super) code: u16,
    pub(super) message: String,
    pub(super) rule: RuleId,
}

impl Rejection {
    pub(super) fn new(code: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), rule: aws("aws.shadow.rejected") }
    }

    /// The same by another rule.
    pub(super) fn by(self, rule: RuleId) -> Self {
        Self { rule, ..self }
    }
}

/// A shadow and what is asked of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Request<'a> {
    /// The topic without the operation: the shadow's own name among all.
    pub(super) base: &'a str,
    pub(super) thing: &'a str,
    /// `None` for the classic shadow.
    pub(super) name: Option<&'a str>,
    pub(super) operation: Operation,
}

impl<'a> Request<'a> {
    /// The request that a topic makes.
    pub(super) fn of(topic: &'a str) -> Option<Self> {
        let (thing, rest) = topic.strip_prefix(THINGS)?.split_once("/shadow/")?;
        let (name, operation) = match rest.strip_prefix("name/") {
            Some(named) => named.split_once('/').map(|(name, operation)| (Some(name), operation))?,
            None => (None, rest),
        };
        let all = [Operation::Get, Operation::Update, Operation::Delete];
        let operation = all.into_iter().find(|one| one.name() == operation)?;
        let base = topic.get(..topic.len() - operation.name().len() - 1)?;
        (!thing.contains('/')).then_some(Self { base, thing, name, operation })
    }

    /// Whether there can be such a thing and such a shadow.
    pub(super) fn check_names(&self) -> Result<(), Rejection> {
        let is_name = |name: &str, most: usize| {
            let is_right = |byte: u8| byte.is_ascii_alphanumeric() || b":_-$".contains(&byte);
            (1..=most).contains(&name.len()) && name.bytes().all(is_right)
        };
        if !is_name(self.thing, THING_NAME_MAX_BYTES) {
            return Err(Rejection::new(400, "Invalid thing name"));
        }
        if self.name.is_some_and(|name| !is_name(name, SHADOW_NAME_MAX_BYTES)) {
            return Err(Rejection::new(400, "Invalid shadow name"));
        }
        Ok(())
    }

    /// That there is no such shadow.
    pub(super) fn unknown(&self) -> Rejection {
        Rejection::new(404, format!("No shadow exists with name: '{}'", self.name.unwrap_or(self.thing)))
    }
}

/// The document of a request.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// What is to come back with the answer.
    pub(super) token: Option<String>,
    /// The version that the shadow must have.
    pub(super) version: Option<u64>,
    /// What an update says.
    pub(super) state: Option<Json>,
}

impl Document {
    /// Reads a payload; what is wrong with it comes beside what could be read.
    pub(super) fn read(payload: &[u8]) -> (Self, Result<(), Rejection>) {
        let mut document = Self::default();
        let done = document.fill(payload);
        (document, done)
    }

    fn fill(&mut self, payload: &[u8]) -> Result<(), Rejection> {
        let wrong = |message: &str| Rejection::new(400, message);
        if payload.is_empty() {
            return Ok(());
        }
        let text = std::str::from_utf8(payload).map_err(|_| {
            Rejection::new(415, "Unsupported documented encoding; supported encoding is UTF-8")
        })?;
        let node = parse(text).map_err(|_| wrong("Invalid JSON"))?;
        let Json::Object(entries) = node.value else { return Err(wrong("Invalid JSON")) };
        // The token first, so that whatever else is wrong is told with it.
        let mut fault = Ok(());
        for entry in entries {
            match (entry.key.as_str(), entry.node.value) {
                ("clientToken", Json::Text(token)) if token.len() <= TOKEN_MAX_BYTES => {
                    self.token = Some(token);
                }
                ("clientToken", _) => fault = Err(wrong("Invalid clientToken")),
                ("version", Json::Number(number)) if number.parse::<u64>().is_ok() => {
                    self.version = number.parse().ok();
                }
                ("version", Json::Null) => {}
                ("version", _) => fault = Err(wrong("Invalid version")),
                ("state", state) => self.state = Some(state),
                _ => {}
            }
        }
        fault
    }
}
