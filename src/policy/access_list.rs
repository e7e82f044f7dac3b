//! Access lists in the format of Mosquitto's `acl_file` (row P3): who may publish and receive what.
//!
//! The list has the lines `topic [read|write|readwrite|deny] FILTER`, `user NAME` and `pattern [read|write|readwrite|deny]
//! FILTER`. Lines `topic` before the first `user` hold for clients without a user name, those after it for that user, and
//! patterns for everyone, with `%c` for the client identifier and `%u` for the user name where they fill a level. What no
//! line allows is denied. Of the lines of one client, and of the patterns after them, those with `deny` are looked at first.

use super::{Action, LineError};
use crate::sorted::{Sorted, in_order};
use crate::topic::{ParentMatch, check_plain_filter, matches};
use std::borrow::Cow;

/// The longest list, in lines.
const MAX_LINES: usize = 10_000;

/// What a line gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Grant {
    Read,
    Write,
    ReadWrite,
    Deny,
}

impl Grant {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "read" => Self::Read,
            "write" => Self::Write,
            "readwrite" => Self::ReadWrite,
            "deny" => Self::Deny,
            _ => return None,
        })
    }

    const fn allows(self, action: Action) -> bool {
        match self {
            Self::ReadWrite => true,
            Self::Write => matches!(action, Action::Publish),
            Self::Read => matches!(action, Action::Receive | Action::Subscribe),
            Self::Deny => false,
        }
    }
}

/// One line that grants or denies.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    /// Which line, from 1.
    line: u32,
    grant: Grant,
    filter: String,
    /// The line as it was written.
    text: String,
}

/// An access list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccessList {
    anonymous: Vec<Entry>,
    users: Sorted<Box<str>, Vec<Entry>>,
    patterns: Vec<Entry>,
    /// As it was written.
    text: String,
}

/// What a list says to one action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision<'a> {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The line that decided, from 1, and its text; `None` where no line allows it.
    pub line: Option<(u32, &'a str)>,
}

impl AccessList {
    /// Reads a list.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let mut list = Self { text: text.to_owned(), ..Self::default() };
        let mut user: Option<String> = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if number > MAX_LINES {
                return Err(LineError::new(number, format!("a list has at most {MAX_LINES} lines")));
            }
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.trim_start_matches(' ');
            match keyword {
                "user" if rest.is_empty() => return Err(LineError::new(number, "`user` needs a name")),
                "user" => user = Some(rest.to_owned()),
                "topic" | "pattern" => {
                    let entry = Entry { line: number as u32, text: line.to_owned(), ..entry(number, rest)? };
                    match (keyword, &user) {
                        ("pattern", _) => list.patterns.push(entry),
                        (_, None) => list.anonymous.push(entry),
                        (_, Some(name)) => match list.users.get_mut(name.as_str()) {
                            Some(entries) => entries.push(entry),
                            None => _ = list.users.insert(name.as_str().into(), vec![entry]),
                        },
                    }
                }
                _ => {
                    let message = "a line begins with `topic`, `user`, `pattern` or `#`";
                    return Err(LineError::new(number, message));
                }
            }
        }
        let lists = list.users.values_mut().chain([&mut list.anonymous, &mut list.patterns]);
        lists.for_each(|entries| {
            *entries = in_order(std::mem::take(entries), |entry| u64::from(entry.grant != Grant::Deny));
        });
        Ok(list)
    }

    /// The list as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a client may do this with a Topic Name, or with a Topic Filter without `$share/…/` where it subscribes.
    pub fn decide(&self, action: Action, user: Option<&str>, client: &str, topic: &str) -> Decision<'_> {
        let own = match user {
            None => Some(&self.anonymous),
            Some(user) => self.users.get(user),
        };
        let fits = |filter: &str| match action {
            Action::Subscribe => covers(filter, topic),
            _ => matches(filter, topic, ParentMatch::Included),
        };
        let of_pattern =
            |entry: &Entry| filled(&entry.filter, user, client).is_some_and(|filter| fits(&filter));
        let own = own.into_iter().flatten().filter(|entry| fits(&entry.filter));
        let found = own
            .chain(self.patterns.iter().filter(|entry| of_pattern(entry)))
            .find(|entry| entry.grant == Grant::Deny || entry.grant.allows(action));
        Decision {
            allowed: found.is_some_and(|entry| entry.grant != Grant::Deny),
            line: found.map(|entry| (entry.line, entry.text.as_str())),
        }
    }
}

/// What stands after `topic` or `pattern`.
fn entry(line: usize, rest: &str) -> Result<Entry, LineError> {
    let (grant, filter) = match rest.split_once(' ') {
        None => (Grant::ReadWrite, rest),
        Some((grant, filter)) => {
            let grant = Grant::named(grant).ok_or_else(|| {
                let message = "the access is `read`, `write`, `readwrite` or `deny`, and must be there where the topic has a space";
                LineError::new(line, format!("`{grant}` is no access: {message}"))
            })?;
            (grant, filter.trim_start_matches(' '))
        }
    };
    check_plain_filter(filter).map_err(|error| LineError::new(line, error.to_string()))?;
    Ok(Entry { line: 0, grant, filter: filter.to_owned(), text: String::new() })
}

/// A pattern for one client. `None` where it needs a user name that there is not, or one with wildcards, which would let the
/// client choose what it may do.
fn filled<'a>(pattern: &'a str, user: Option<&str>, client: &str) -> Option<Cow<'a, str>> {
    let is_place = |level: &str| level == "%c" || level == "%u";
    if !pattern.split('/').any(is_place) {
        return Some(Cow::Borrowed(pattern));
    }
    let mut levels = Vec::new();
    for level in pattern.split('/') {
        let value = match level {
            "%c" => client,
            "%u" => user?,
            other => {
                levels.push(other);
                continue;
            }
        };
        if value.contains(['+', '#']) {
            return None;
        }
        levels.push(value);
    }
    Some(Cow::Owned(levels.join("/")))
}

/// Whether a filter matches every name that another one matches.
fn covers(outer: &str, inner: &str) -> bool {
    if inner.starts_with('$') && outer.starts_with(['+', '#']) {
        return false;
    }
    let (mut outer, mut inner) = (outer.split('/'), inner.split('/'));
    loop {
        match (outer.next(), inner.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(level)) if level != "#" => {}
            (Some(level), Some(other)) if level == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# for all without a name\ntopic read news/#\ntopic deny news/secret\n\nuser alice\ntopic plant/#\n\
                        topic write alarms\nuser bob\ntopic readwrite two words\npattern write own/%c/#\npattern own/%u/out\n\
                        pattern deny own/+/locked\n";

    fn says(action: Action, user: Option<&str>, client: &str, topic: &str) -> (bool, Option<u32>) {
        let list = AccessList::parse(LIST).unwrap();
        let decision = list.decide(action, user, client, topic);
        (decision.allowed, decision.line.map(|(line, _)| line))
    }

    #[test]
    fn a_line_of_the_client_or_a_pattern_decides_and_deny_comes_first() {
        use Action::{Publish, Receive};
        assert_eq!(says(Receive, None, "c", "news/today"), (true, Some(2)));
        assert_eq!(says(Receive, None, "c", "news"), (true, Some(2)));
        assert_eq!(says(Receive, None, "c", "news/secret"), (false, Some(3)));
        assert_eq!(says(Publish, None, "c", "news/today"), (false, None));
        // A user's lines take the place of those without a name.
        assert_eq!(says(Receive, Some("alice"), "c", "news/today"), (false, None));
        assert_eq!(says(Publish, Some("alice"), "c", "plant/1"), (true, Some(6)));
        assert_eq!(says(Receive, Some("alice"), "c", "alarms"), (false, None));
        assert_eq!(says(Publish, Some("bob"), "c", "two words"), (true, Some(9)));
        assert_eq!(says(Publish, Some("carol"), "c", "plant/1"), (false, None));
    }

    #[test]
    fn patterns_hold_for_everyone_and_stand_for_one_level_each() {
        use Action::{Publish, Receive};
        assert_eq!(says(Publish, None, "lamp", "own/lamp/x"), (true, Some(10)));
        assert_eq!(says(Publish, None, "lamp", "own/other/x"), (false, None));
        assert_eq!(says(Receive, None, "lamp", "own/lamp/x"), (false, None));
        assert_eq!(says(Receive, Some("bob"), "lamp", "own/bob/out"), (true, Some(11)));
        assert_eq!(says(Receive, None, "lamp", "own/bob/out"), (false, None));
        assert_eq!(says(Publish, None, "lamp", "own/lamp/locked"), (false, Some(12)));
        // Names with wildcards would choose what they match; one with a slash fills two levels, as Mosquitto has it.
        assert_eq!(says(Publish, None, "a/b", "own/a/b/x"), (true, Some(10)));
        for client in ["+", "#", "+/x"] {
            assert_eq!(says(Publish, None, client, "own/a/b"), (false, None), "{client}");
        }
    }

    #[test]
    fn a_subscription_needs_read_for_all_that_it_matches() {
        let says = |topic: &str| says(Action::Subscribe, None, "c", topic).0;
        for allowed in ["news/#", "news/+", "news/a/b", "news", "news/+/#"] {
            assert!(says(allowed), "{allowed}");
        }
        for denied in ["#", "+/today", "news/secret", "own/c/x", "$SYS/#"] {
            assert!(!says(denied), "{denied}");
        }
        assert!(
            !covers("#", "$SYS/broker")
                && covers("#", "+/a")
                && covers("+/a", "x/a")
                && !covers("a/+", "a/#")
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, line) in [
            ("topic read", 0),
            ("topic a\nusers x", 2),
            ("user", 1),
            ("user \n", 1),
            ("topic", 1),
            ("\ntopic a/#/b", 2),
            ("topic reed a", 1),
            ("pattern read a+", 1),
        ] {
            let found = AccessList::parse(text);
            // `topic read` is a topic of that name.
            assert_eq!(found.err().map_or(0, |error| error.line), line, "{text}");
        }
    }
}
