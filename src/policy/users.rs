//! User names and passwords.

use super::LineError;
use crate::sorted::Sorted;
use bytes::Bytes;
use std::sync::Arc;

/// The most users.
pub const MAX_USERS: usize = 10_000;

/// Users with their passwords. A copy shares them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Users {
    by_name: Arc<Sorted<Box<str>, Bytes>>,
}

/// The names only: a password is never written.
impl std::fmt::Debug for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

impl Users {
    /// These users.
    pub fn new(users: Sorted<Box<str>, Bytes>) -> Self {
        Self { by_name: Arc::new(users) }
    }

    /// Reads lines of the form `name:password`. Empty lines, and those that begin with `#`, are passed over.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let mut users = Sorted::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, password)) = line.split_once(':') else {
                return Err(LineError::new(number, "a user is written as `name:password`"));
            };
            if name.is_empty() {
                return Err(LineError::new(number, "there is no user name before the colon"));
            }
            if users.insert(name.into(), Bytes::copy_from_slice(password.as_bytes())).is_some() {
                return Err(LineError::new(number, format!("there are two users `{name}`")));
            }
            if users.len() > MAX_USERS {
                return Err(LineError::new(number, format!("there are more than {MAX_USERS} users")));
            }
        }
        Ok(Self::new(users))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// All of them, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.by_name.iter().map(|(name, password)| (&**name, password))
    }

    /// The password of a user; `None` where there is no such user.
    pub fn password(&self, name: &str) -> Option<&Bytes> {
        self.by_name.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_wrong_ones_named() {
        let users = Users::parse("# people\nbob:a:b\n\nalice:\n").unwrap();
        assert_eq!(users.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["alice", "bob"]);
        assert_eq!(users.password("bob").map(|p| &p[..]), Some(&b"a:b"[..]));
        assert_eq!(users.password("alice").map(|p| &p[..]), Some(&b""[..]));
        assert_eq!(users.password("carol"), None);
        for (text, line) in [("a:b\nc", 2), (":x", 1), ("a:1\n#a:0\nb:2\na:3", 4)] {
            assert_eq!(Users::parse(text).unwrap_err().line, line, "{text}");
        }
        let many: String = (0..=MAX_USERS).map(|n| format!("u{n}:p\n")).collect();
        assert_eq!(Users::parse(&many).unwrap_err().line, MAX_USERS + 1);
    }
}
