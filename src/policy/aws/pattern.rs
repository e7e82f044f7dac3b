//! Text with wildcards and variables, as actions, resources and the values of conditions are written ([aws.policy.matching]).

use super::variable::{Connection, Variable};

/// A piece of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Text(String),
    /// `*`: any run of characters, slashes included.
    Any,
    /// `?`: one character.
    One,
    /// `${…}`: what it stands for, letter by letter.
    Variable(Variable),
}

/// A pattern. `+` and `#` mean themselves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
    ignores_case: bool,
}

impl Pattern {
    /// A pattern in which `*` and `?` stand for other characters.
    ///
    /// # Errors
    /// Says which variable is wrong, and which there are.
    pub fn with_wildcards(text: &str) -> Result<Self, String> {
        Self::read(text, true)
    }

    /// A pattern in which they mean themselves; variables still stand for their values.
    ///
    /// # Errors
    /// As there.
    pub fn literal(text: &str) -> Result<Self, String> {
        Self::read(text, false)
    }

    /// The same for letters of either case.
    #[must_use]
    pub fn ignoring_case(self) -> Self {
        Self { ignores_case: true, ..self }
    }

    fn read(text: &str, has_wildcards: bool) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let mut after = rest.get(c.len_utf8()..).unwrap_or_default();
            let part = match c {
                '*' if has_wildcards => Some(Part::Any),
                '?' if has_wildcards => Some(Part::One),
                '$' if after.starts_with('{') => {
                    let (name, behind) = after
                        .strip_prefix('{')
                        .and_then(|inner| inner.split_once('}'))
                        .ok_or("`${` begins a variable, and its `}` is missing; write `${$}` for a dollar")?;
                    after = behind;
                    match name {
                        "*" | "?" | "$" => {
                            plain.push_str(name);
                            None
                        }
                        _ => Some(Part::Variable(Variable::named(name)?)),
                    }
                }
                _ => {
                    plain.push(c);
                    None
                }
            };
            if let Some(part) = part {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(part);
            }
            rest = after;
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { text: text.to_owned(), parts, ignores_case: false })
    }

    /// It as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches all of a value, for a client. With a variable that has no value it matches nothing.
    ///
    /// Each part but `*` takes what it takes, so that going back to the last `*` is enough: the work grows with the product of both
    /// lengths at most.
    pub fn matches(&self, value: &str, of: &Connection<'_>) -> bool {
        let (mut at, mut rest) = (0, value);
        let mut again = None;
        loop {
            let behind = match self.parts.get(at) {
                Some(Part::Any) => {
                    again = Some((at + 1, rest));
                    at += 1;
                    continue;
                }
                Some(Part::One) => without_first(rest),
                Some(Part::Text(text)) => self.behind(rest, text),
                Some(Part::Variable(variable)) => match variable.value(of) {
                    Some(value) => self.behind(rest, &value),
                    None => return false,
                },
                None if rest.is_empty() => return true,
                None => None,
            };
            if let Some(behind) = behind {
                (at, rest) = (at + 1, behind);
                continue;
            }
            let Some((part, from)) = again else { return false };
            let Some(from) = without_first(from) else { return false };
            again = Some((part, from));
            (at, rest) = (part, from);
        }
    }

    /// What comes behind `text`, where the rest of a value begins with it.
    fn behind<'v>(&self, rest: &'v str, text: &str) -> Option<&'v str> {
        let begins = rest.get(..text.len())?;
        let same = if self.ignores_case { begins.eq_ignore_ascii_case(text) } else { begins == text };
        if same { rest.get(text.len()..) } else { None }
    }
}

fn without_first(text: &str) -> Option<&str> {
    let mut rest = text.chars();
    rest.next().map(|_| rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::Thing;
    use super::*;

    fn fits(pattern: &str, value: &str) -> bool {
        let thing = Thing { name: "pump-1".into(), ..Thing::default() };
        let of = Connection { client: "pump-1", address: [198, 51, 100, 7], thing: Some(&thing) };
        Pattern::with_wildcards(pattern).unwrap().matches(value, &of)
    }

    /// [P1] [aws.policy.matching]
    #[test]
    fn wildcards_reach_across_levels_and_mqtts_own_are_letters() {
        for (pattern, value) in [
            ("a/*", "a/b/c"),
            ("a/*", "a/"),
            ("a/*", "a/#"),
            ("*", ""),
            ("*", "a/b"),
            ("a/?/c", "a/é/c"),
            ("dep/+/staff", "dep/+/staff"),
            ("*a*b", "xaaxbb"),
            ("*ab", "aab"),
            ("a**c", "abc"),
            ("${*}/${?}/${$}", "*/?/$"),
            ("a$b", "a$b"),
            ("", ""),
        ] {
            assert!(fits(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in [
            ("a/*", "a"),
            ("a/?", "a/"),
            ("a/?", "a/bc"),
            ("dep/+/staff", "dep/x/staff"),
            ("dep/#", "dep/x"),
            ("${*}", "x"),
            ("${?}", "x"),
            ("a", "A"),
            ("a", "ab"),
            ("*a*b", "xaax"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, value), "{pattern} {value}");
        }
        assert!(Pattern::literal("*").unwrap().matches("*", &Connection::default()));
        assert!(!Pattern::literal("*").unwrap().matches("x", &Connection::default()));
        assert!(Pattern::literal("TRUE").unwrap().ignoring_case().matches("true", &Connection::default()));
    }

    /// [P1] [aws.policy.variables] Also in the middle, and after `*`, where it can stand at more than one place.
    #[test]
    fn variables_stand_for_their_values() {
        for (pattern, value) in [
            ("client/${iot:ClientId}", "client/pump-1"),
            ("*/${iot:ClientId}/x", "a/pump-1/pump-1/x"),
            ("${iot:Connection.Thing.ThingName}${iot:ClientId}", "pump-1pump-1"),
            ("${aws:SourceIp}", "198.51.100.7"),
        ] {
            assert!(fits(pattern, value), "{pattern} {value}");
        }
        assert!(!fits("client/${iot:ClientId}", "client/pump-2"));
        for wrong in ["${", "${iot:ClientId", "${iot:ClientID2}", "${}"] {
            assert!(Pattern::with_wildcards(wrong).is_err(), "{wrong}");
        }
    }
}
