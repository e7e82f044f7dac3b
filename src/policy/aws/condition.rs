//! The conditions of statements: operators, keys, and what they say where there is nothing to compare ([aws.policy.conditions]).

use super::Request;
use super::pattern::Pattern;
use super::variable::{Connection, Variable, names};
use crate::nearest::{did_you_mean, ended};
use std::borrow::Cow;

/// The key whose values tell what a CONNECT asks for.
pub const CONNECT_ATTRIBUTES: &str = "iot:ConnectAttributes";
/// Its value for a session that outlives its connection.
pub const PERSISTENT_CONNECT: &str = "PersistentConnect";
/// Its value for a Will.
pub const LAST_WILL: &str = "LastWill";
/// The key whose value is the ARN of the Will's topic.
const LAST_WILL_TOPIC: &str = "iot:LastWillTopic";

/// How a value of the request is compared with one of the condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Test {
    /// Letter by letter.
    Equals,
    /// The same, of either case.
    EqualsAnyCase,
    /// With wildcards.
    Like,
    /// An address within a range of addresses.
    Address,
}

/// The operators: the name, how it compares, and whether it holds where none is equal.
pub const OPERATORS: &[(&str, Operator)] = &[
    ("ArnEquals", Operator(Test::Like, false)),
    ("ArnLike", Operator(Test::Like, false)),
    ("ArnNotEquals", Operator(Test::Like, true)),
    ("ArnNotLike", Operator(Test::Like, true)),
    ("Bool", Operator(Test::EqualsAnyCase, false)),
    ("IpAddress", Operator(Test::Address, false)),
    ("NotIpAddress", Operator(Test::Address, true)),
    ("StringEquals", Operator(Test::Equals, false)),
    ("StringEqualsIgnoreCase", Operator(Test::EqualsAnyCase, false)),
    ("StringLike", Operator(Test::Like, false)),
    ("StringNotEquals", Operator(Test::Equals, true)),
    ("StringNotEqualsIgnoreCase", Operator(Test::EqualsAnyCase, true)),
    ("StringNotLike", Operator(Test::Like, true)),
];

/// An operator: how it compares, and whether it is the negation of that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operator(Test, bool);

/// How many of the request's values must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Of {
    /// The one that there is.
    One,
    /// `ForAllValues:`.
    All,
    /// `ForAnyValue:`.
    Any,
}

/// What a condition looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Key {
    ConnectAttributes,
    LastWillTopic,
    Variable(Variable),
}

/// One condition: an operator, a key, and the values of which one must be met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// The operator as it is written, with what stands before it.
    pub operator: String,
    /// The key as it is written.
    pub key: String,
    /// The values.
    pub values: Vec<Pattern>,
    of: Of,
    test: Test,
    negated: bool,
    looks_at: Key,
}

impl Condition {
    /// A condition without values.
    ///
    /// # Errors
    /// Says what is wrong with the operator or the key, and which there are.
    pub fn new(operator: &str, key: &str) -> Result<Self, String> {
        let (of, plain) = match operator.split_once(':') {
            Some(("ForAllValues", plain)) => (Of::All, plain),
            Some(("ForAnyValue", plain)) => (Of::Any, plain),
            _ => (Of::One, operator),
        };
        let known = || OPERATORS.iter().map(|(name, _)| *name);
        let Some((_, Operator(test, negated))) = OPERATORS.iter().find(|(name, _)| *name == plain) else {
            let near = ended(did_you_mean(plain, known()));
            let all: Vec<_> = known().map(|name| format!("`{name}`")).collect();
            return Err(format!(
                "there is no operator `{operator}`{near} There are {}, each also with `ForAllValues:` or `ForAnyValue:` before it",
                all.join(", ")
            ));
        };
        let looks_at = match key {
            _ if key.eq_ignore_ascii_case(CONNECT_ATTRIBUTES) => Key::ConnectAttributes,
            _ if key.eq_ignore_ascii_case(LAST_WILL_TOPIC) => Key::LastWillTopic,
            _ => Key::Variable(Variable::find(key).ok_or_else(|| {
                let known = || [CONNECT_ATTRIBUTES, LAST_WILL_TOPIC].into_iter().chain(names());
                let all: Vec<_> = known().map(|name| format!("`{name}`")).collect();
                let near = ended(did_you_mean(key, known()));
                format!("there is no key `{key}`{near} There are {}", all.join(", "))
            })?),
        };
        let (operator, key, values) = (operator.to_owned(), key.to_owned(), Vec::new());
        Ok(Self { operator, key, values, of, test: *test, negated: *negated, looks_at })
    }

    /// One more value, as it is written.
    ///
    /// # Errors
    /// Says what is wrong with it, and what is allowed.
    pub fn value(&self, text: &str) -> Result<Pattern, String> {
        if self.is_about_attributes() && self.test == Test::Equals {
            let known = [PERSISTENT_CONNECT, LAST_WILL];
            if !known.contains(&text) {
                let near = did_you_mean(text, known);
                return Err(format!("a CONNECT asks for `{PERSISTENT_CONNECT}` or `{LAST_WILL}`{near}"));
            }
        }
        match self.test {
            Test::Equals => Pattern::literal(text),
            Test::EqualsAnyCase => Pattern::literal(text).map(Pattern::ignoring_case),
            Test::Like => Pattern::with_wildcards(text),
            Test::Address if range(text).is_none() => {
                Err("an address belongs here, or a range of them, such as `198.51.100.0/24`".to_owned())
            }
            Test::Address => Pattern::literal(text),
        }
    }

    /// Whether it looks at what a CONNECT asks for.
    pub(super) fn is_about_attributes(&self) -> bool {
        self.looks_at == Key::ConnectAttributes
    }

    /// Whether it holds.
    pub(super) fn holds(&self, request: &Request<'_>, of: &Connection<'_>) -> bool {
        let one;
        let present: &[Cow<'_, str>] = match &self.looks_at {
            Key::ConnectAttributes => {
                one = request.attributes.iter().map(|name| Cow::Borrowed(*name)).collect::<Vec<_>>();
                &one
            }
            Key::LastWillTopic => {
                one = request
                    .will_topic
                    .map(|topic| super::document::arn("topic", topic).into())
                    .into_iter()
                    .collect();
                &one
            }
            Key::Variable(variable) => {
                one = variable.value(of).into_iter().collect();
                &one
            }
        };
        let fits = |value: &Cow<'_, str>| {
            let same = |pattern: &Pattern| match self.test {
                Test::Address => is_within(value, pattern.text()),
                _ => pattern.matches(value, of),
            };
            self.values.iter().any(same) != self.negated
        };
        match self.of {
            Of::All => present.iter().all(fits),
            Of::Any => present.iter().any(fits),
            // What is not there is different from everything.
            Of::One if self.negated => present.iter().all(fits),
            Of::One => present.iter().any(fits),
        }
    }
}

/// The address and the mask of a range such as `198.51.100.0/24`.
fn range(text: &str) -> Option<(u32, u32)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, bits.parse().ok().filter(|bits| *bits <= 32u32)?),
        None => (text, 32),
    };
    let mut number = 0;
    let mut parts = address.split('.');
    for _ in 0..4 {
        number = number << 8 | u32::from(parts.next()?.parse::<u8>().ok()?);
    }
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    parts.next().is_none().then_some((number & mask, mask))
}

fn is_within(address: &str, of: &str) -> bool {
    match (range(address), range(of)) {
        (Some((address, _)), Some((network, mask))) => address & mask == network,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [P1] [aws.policy.conditions]
    #[test]
    fn addresses_are_compared_by_range() {
        for (address, of, within) in [
            ("198.51.100.7", "198.51.100.0/24", true),
            ("198.51.101.7", "198.51.100.0/24", false),
            ("198.51.101.7", "0.0.0.0/0", true),
            ("198.51.100.7", "198.51.100.7", true),
            ("198.51.100.8", "198.51.100.7/32", false),
        ] {
            assert_eq!(is_within(address, of), within, "{address} {of}");
        }
        for wrong in ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4/33", "::1", "1.2.3.4/"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }

    /// [P1] [aws.policy.conditions] Where the connection has no such value, a negated operator holds and the others do not.
    #[test]
    fn what_is_not_there_differs_from_everything() {
        let request = Request::default();
        let key = "iot:Connection.Thing.ThingName";
        for (operator, holds) in [
            ("StringEquals", false),
            ("StringLike", false),
            ("StringNotEquals", true),
            ("StringNotLike", true),
            ("ForAllValues:StringEquals", true),
            ("ForAnyValue:StringEquals", false),
            ("ForAnyValue:StringNotEquals", false),
        ] {
            let mut condition = Condition::new(operator, key).unwrap();
            condition.values.push(condition.value("pump").unwrap());
            assert_eq!(condition.holds(&request, &Connection::default()), holds, "{operator}");
        }
    }
}
