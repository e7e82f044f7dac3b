//! What makes a Topic Name or a Topic Filter valid (4.7, and 4.8.2 of MQTT 5.0).

use crate::rule::{RuleId, aws, own, v5};
use crate::wire::Version;
use std::fmt;

/// The longest topic that a UTF-8 Encoded String can hold, in bytes.
const LONGEST_BYTES: usize = 65_535;

/// What a shared subscription's filter begins with (4.8.2 of MQTT 5.0).
pub const SHARE: &str = "$share/";

/// What a name of AWS IoT Core's Basic Ingest begins with; the rule's name follows.
const INGEST_PREFIX: &str = "$aws/rules/";

/// A valid Topic Filter, with the group that shares the subscription where there is one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Filter<'a> {
    /// The ShareName of `$share/{ShareName}/{filter}`.
    pub share: Option<&'a str>,
    /// What names are matched against: all of it, or what follows the ShareName.
    pub filter: &'a str,
}

/// What can be wrong with a topic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Problem {
    /// It has no character.
    Empty,
    /// It is longer than 65,535 bytes.
    TooLong,
    /// It holds U+0000.
    Nul,
    /// A Topic Name holds `+` or `#`.
    WildcardInName,
    /// `#` shares its level with something, or a level follows it.
    HashPlace,
    /// `+` shares its level with something.
    PlusPlace,
    /// The ShareName has no character.
    ShareNameEmpty,
    /// The ShareName holds `+` or `#`.
    ShareNameWildcard,
    /// The ShareName is longer than a profile allows.
    ShareNameTooLong,
    /// No `/` and filter follow the ShareName.
    ShareWithoutFilter,
    /// It has more bytes than a profile allows.
    TooManyBytes,
    /// It has more levels than a profile allows.
    TooManyLevels,
    /// No client may publish to it.
    ReservedName,
    /// It is reserved, and nothing is retained there.
    ReservedRetain,
    /// No client may subscribe to it.
    ReservedFilter,
}

/// Why a Topic Name or Topic Filter is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopicError {
    /// What is wrong.
    pub problem: Problem,
    /// Where it is wrong, in bytes from the start.
    pub offset: usize,
}

impl TopicError {
    const fn new(problem: Problem, offset: usize) -> Self {
        Self { problem, offset }
    }

    /// What is wrong and what is allowed, as a sentence.
    pub const fn what(self) -> &'static str {
        match self.problem {
            Problem::Empty => "a topic needs at least one character",
            Problem::TooLong => "a topic is at most 65,535 bytes long",
            Problem::Nul => "a topic may hold every character but U+0000",
            Problem::WildcardInName => {
                "`+` and `#` are wildcards, which only a Topic Filter may hold: a Topic Name needs other characters"
            }
            Problem::HashPlace => "`#` must fill the last level alone, as in `#` or `factory/#`",
            Problem::PlusPlace => "`+` must fill its level alone, as in `+` or `factory/+/status`",
            Problem::ShareNameEmpty => "the ShareName after `$share/` needs at least one character",
            Problem::ShareNameWildcard => "the ShareName after `$share/` may hold neither `+` nor `#`",
            Problem::ShareNameTooLong => {
                "the ShareName is longer than `subscription.share_name_max_bytes` allows"
            }
            Problem::ShareWithoutFilter => {
                "the ShareName must be followed by `/` and a Topic Filter, as in `$share/group/factory/#`"
            }
            Problem::TooManyBytes => "it has more bytes than `topic.max_bytes` allows",
            Problem::TooManyLevels => "it has more levels than `topic.levels_max` allows",
            Problem::ReservedName => {
                "topics that begin with `$` are reserved, and no client may publish to this one"
            }
            Problem::ReservedRetain => "nothing may be retained on a topic that begins with `$`",
            Problem::ReservedFilter => {
                "topics that begin with `$` are reserved, and no client may subscribe to this filter"
            }
        }
    }

    /// The statement that was broken, as `version` numbers it. Shared subscriptions are defined by MQTT 5.0 only.
    pub const fn rule(self, version: Version) -> RuleId {
        match self.problem {
            Problem::Empty => version.rule("MQTT-4.7.3-1", "MQTT-4.7.3-1"),
            Problem::TooLong => version.rule("MQTT-4.7.3-3", "MQTT-4.7.3-3"),
            Problem::Nul => version.rule("MQTT-4.7.3-2", "MQTT-4.7.3-2"),
            Problem::WildcardInName => version.rule("MQTT-4.7.1-1", "MQTT-4.7.0-1"),
            Problem::HashPlace => version.rule("MQTT-4.7.1-2", "MQTT-4.7.1-1"),
            Problem::PlusPlace => version.rule("MQTT-4.7.1-3", "MQTT-4.7.1-2"),
            Problem::ShareNameEmpty => v5("MQTT-4.8.2-1"),
            Problem::ShareNameWildcard | Problem::ShareWithoutFilter => v5("MQTT-4.8.2-2"),
            Problem::ShareNameTooLong => aws("aws.shared.name"),
            Problem::TooManyBytes => aws("aws.topic.bytes"),
            Problem::TooManyLevels => own("glassbroker.bound.levels"),
            Problem::ReservedName => aws("aws.reserved.publish"),
            Problem::ReservedFilter => aws("aws.reserved.subscribe"),
            Problem::ReservedRetain => aws("aws.reserved.retain"),
        }
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.what())
    }
}

impl std::error::Error for TopicError {}

/// Checks a Topic Name: what a PUBLISH or a Will is sent to.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_name(name: &str) -> Result<(), TopicError> {
    check_text(name)?;
    match name.bytes().position(|byte| matches!(byte, b'+' | b'#')) {
        None => Ok(()),
        Some(offset) => Err(TopicError::new(Problem::WildcardInName, offset)),
    }
}

/// Checks a Topic Filter and takes `$share/{ShareName}/` off it.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_filter(filter: &str) -> Result<Filter<'_>, TopicError> {
    check_text(filter)?;
    let Some(shared) = filter.strip_prefix(SHARE) else {
        check_levels(filter, 0)?;
        return Ok(Filter { share: None, filter });
    };
    let start = SHARE.len();
    let name = shared.split('/').next().unwrap_or_default();
    if name.is_empty() {
        return Err(TopicError::new(Problem::ShareNameEmpty, start));
    }
    if let Some(at) = name.bytes().position(|byte| matches!(byte, b'+' | b'#')) {
        return Err(TopicError::new(Problem::ShareNameWildcard, start + at));
    }
    match shared.get(name.len() + 1..) {
        None | Some("") => Err(TopicError::new(Problem::ShareWithoutFilter, filter.len())),
        Some(rest) => {
            check_levels(rest, filter.len() - rest.len())?;
            Ok(Filter { share: Some(name), filter: rest })
        }
    }
}

/// Checks a Topic Filter where shared subscriptions are not known, as in MQTT 3.1.1: `$share/…` is a filter like others.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_plain_filter(filter: &str) -> Result<(), TopicError> {
    check_text(filter)?;
    check_levels(filter, 0)
}

/// Checks that a Topic Name or Topic Filter has at most so many levels. Those of the prefixes `$share/NAME/` and
/// `$aws/rules/NAME/` count only where `with_prefix` says so.
///
/// # Errors
/// Where the first level begins that is too many.
pub fn check_levels_max(topic: &str, most: usize, with_prefix: bool) -> Result<(), TopicError> {
    let start = if with_prefix { 0 } else { topic.len() - without_prefix(topic).len() };
    let mut slashes = topic.bytes().enumerate().skip(start).filter(|(_, byte)| *byte == b'/');
    match slashes.nth(most.saturating_sub(1)) {
        Some((at, _)) => Err(TopicError::new(Problem::TooManyLevels, at + 1)),
        None => Ok(()),
    }
}

/// Checks that a Topic Name or Topic Filter has at most so many bytes, counted as [`check_levels_max`] counts levels.
///
/// # Errors
/// Where the first byte stands that is too many.
pub fn check_bytes_max(topic: &str, most: usize, with_prefix: bool) -> Result<(), TopicError> {
    let counted_bytes = if with_prefix { topic.len() } else { without_prefix(topic).len() };
    if counted_bytes > most {
        return Err(TopicError::new(Problem::TooManyBytes, topic.len() - counted_bytes + most));
    }
    Ok(())
}

/// Checks that the ShareName of a filter has at most so many bytes.
///
/// # Errors
/// Where the first byte stands that is too many.
pub fn check_share_max(filter: &Filter<'_>, most: usize) -> Result<(), TopicError> {
    match filter.share {
        Some(share) if share.len() > most => {
            Err(TopicError::new(Problem::ShareNameTooLong, SHARE.len() + most))
        }
        _ => Ok(()),
    }
}

/// What follows `$share/NAME/` and `$aws/rules/NAME/`.
fn without_prefix(topic: &str) -> &str {
    let below =
        |topic: &'_ str, prefix: &str| topic.strip_prefix(prefix)?.find('/').map(|at| prefix.len() + at + 1);
    let unshared = below(topic, SHARE).and_then(|at| topic.get(at..)).unwrap_or(topic);
    below(unshared, INGEST_PREFIX).and_then(|at| unshared.get(at..)).unwrap_or(unshared)
}

/// What names and filters have in common.
fn check_text(topic: &str) -> Result<(), TopicError> {
    if topic.is_empty() {
        return Err(TopicError::new(Problem::Empty, 0));
    }
    if topic.len() > LONGEST_BYTES {
        return Err(TopicError::new(Problem::TooLong, LONGEST_BYTES));
    }
    match topic.bytes().position(|byte| byte == 0) {
        None => Ok(()),
        Some(offset) => Err(TopicError::new(Problem::Nul, offset)),
    }
}

/// Checks where the wildcards of a filter stand; `start` is where `filter` begins in what the caller was given.
fn check_levels(filter: &str, start: usize) -> Result<(), TopicError> {
    let bytes = filter.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let opens = at == 0 || bytes[at - 1] == b'/';
        let next = bytes.get(at + 1);
        match byte {
            b'#' if !opens || next.is_some() => return Err(TopicError::new(Problem::HashPlace, start + at)),
            b'+' if !opens || !matches!(next, None | Some(b'/')) => {
                return Err(TopicError::new(Problem::PlusPlace, start + at));
            }
            _ => {}
        }
    }
    Ok(())
}
