//! What policies can know of a connection ([aws.policy.variables]).

use crate::nearest::{did_you_mean, ended};
use crate::sorted::Sorted;
use std::borrow::Cow;

/// A value with more characters than this stands for nothing.
const MAX_VALUE_CHARACTERS: usize = 1_024;
/// What stands before the name of an attribute, and after it.
const ATTRIBUTE: (&str, &str) = ("iot:Connection.Thing.Attributes[", "]");
/// What the names of a certificate's fields begin with; no client has a certificate with fields.
const CERTIFICATE: &str = "iot:Certificate.";

/// A thing of the account's registry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Thing {
    /// Its name.
    pub name: String,
    /// The name of its type.
    pub kind: Option<String>,
    /// Its attributes.
    pub attributes: Sorted<Box<str>, String>,
    /// Whether its principal is attached to it alone, so that any client identifier may be used.
    pub exclusive: bool,
}

/// What policies can know of a client's connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connection<'a> {
    /// The client identifier.
    pub client: &'a str,
    /// The address that it comes from.
    pub address: [u8; 4],
    /// The thing that the connection is for ([aws.policy.thing]).
    pub thing: Option<&'a Thing>,
}

/// The name of something that a policy can know of a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Variable {
    ClientId,
    SourceIp,
    ThingName,
    ThingTypeName,
    IsAttached,
    Attribute(Box<str>),
    Certificate,
}

/// Those that have one name.
const NAMES: &[(&str, Variable)] = &[
    ("aws:SourceIp", Variable::SourceIp),
    ("iot:ClientId", Variable::ClientId),
    ("iot:Connection.Thing.IsAttached", Variable::IsAttached),
    ("iot:Connection.Thing.ThingName", Variable::ThingName),
    ("iot:Connection.Thing.ThingTypeName", Variable::ThingTypeName),
];

/// All names, for errors.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name).chain(["iot:Connection.Thing.Attributes[NAME]"])
}

impl Variable {
    /// The one of this name; as IAM has it, in letters of either case.
    pub(super) fn find(name: &str) -> Option<Self> {
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((_, variable)) = known {
            return Some(variable.clone());
        }
        let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|n| n.eq_ignore_ascii_case(prefix));
        if begins(ATTRIBUTE.0) {
            let attribute = name.get(ATTRIBUTE.0.len()..)?.strip_suffix(ATTRIBUTE.1)?;
            return Some(Self::Attribute(attribute.into()));
        }
        begins(CERTIFICATE).then_some(Self::Certificate)
    }

    /// The same, or what is wrong and which there are.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        Self::find(name).ok_or_else(|| {
            let near = ended(did_you_mean(name, names()));
            let all: Vec<_> = names().map(|name| format!("`${{{name}}}`")).collect();
            format!("there is no variable `${{{name}}}`{near} There are {}", all.join(", "))
        })
    }

    /// Its value for a connection. One that is too long, or that holds a wildcard, counts as none.
    pub(super) fn value<'a>(&self, of: &Connection<'a>) -> Option<Cow<'a, str>> {
        let value = match self {
            Self::ClientId => Cow::Borrowed(of.client),
            Self::SourceIp => {
                let [a, b, c, d] = of.address;
                Cow::Owned(format!("{a}.{b}.{c}.{d}"))
            }
            Self::ThingName => of.thing?.name.as_str().into(),
            Self::ThingTypeName => of.thing?.kind.as_deref()?.into(),
            Self::IsAttached => (if of.thing.is_some() { "true" } else { "false" }).into(),
            Self::Attribute(name) => of.thing?.attributes.get(&**name)?.as_str().into(),
            Self::Certificate => return None,
        };
        let is_usable = !value.contains(['*', '?']) && value.chars().count() <= MAX_VALUE_CHARACTERS;
        is_usable.then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [P1] [aws.policy.variables]
    #[test]
    fn what_has_no_value_or_a_dangerous_one_has_none() {
        let mut thing = Thing { name: "pump-1".into(), kind: Some("pump".into()), ..Thing::default() };
        thing.attributes.insert("site".into(), "north".into());
        thing.attributes.insert("any".into(), "*".into());
        let long = "x".repeat(MAX_VALUE_CHARACTERS + 1);
        let of = Connection { client: "pump-1", address: [1, 2, 3, 4], thing: Some(&thing) };
        let value = |name: &str, of: &Connection<'_>| {
            Variable::find(name).unwrap().value(of).map(|value| value.into_owned())
        };
        for (name, expected, without) in [
            ("iot:ClientId", Some("pump-1"), Some("pump-1")),
            ("IOT:clientid", Some("pump-1"), Some("pump-1")),
            ("aws:SourceIp", Some("1.2.3.4"), Some("1.2.3.4")),
            ("iot:Connection.Thing.ThingName", Some("pump-1"), None),
            ("iot:Connection.Thing.ThingTypeName", Some("pump"), None),
            ("iot:Connection.Thing.Attributes[site]", Some("north"), None),
            ("iot:Connection.Thing.Attributes[none]", None, None),
            ("iot:Connection.Thing.Attributes[any]", None, None),
            ("iot:Connection.Thing.IsAttached", Some("true"), Some("false")),
            ("iot:Certificate.Subject.CommonName", None, None),
        ] {
            assert_eq!(value(name, &of).as_deref(), expected, "{name}");
            assert_eq!(value(name, &Connection { thing: None, ..of }).as_deref(), without, "{name}");
        }
        assert_eq!(value("iot:ClientId", &Connection { client: &long, ..of }), None);
        assert_eq!(value("iot:ClientId", &Connection { client: "a?", ..of }), None);
        let message = Variable::named("iot:ClientID1").unwrap_err();
        assert!(message.contains("`iot:ClientId`"), "{message}");
    }
}
