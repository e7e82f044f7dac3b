//! Who may come in and do what, as the scenario's users and access list say it: read a second time, and plainly.

use crate::sessions::matches;
use glassbroker::scenario::Scenario;
use std::collections::BTreeMap;

/// What a line of the list gives.
struct Line {
    /// `None` for a pattern, else for whom: the user name, empty for clients without one.
    user: Option<String>,
    grant: String,
    filter: String,
}

/// The users, the list, and the user name of each client.
pub(crate) struct Permission<'a> {
    lines: Option<Vec<Line>>,
    users: BTreeMap<&'a str, &'a str>,
    may_enter: BTreeMap<&'a str, bool>,
}

impl<'a> Permission<'a> {
    pub(crate) fn of(scenario: &'a Scenario) -> Self {
        let access = &scenario.broker.access;
        let lines = access.list.as_ref().map(|list| lines(list.text()));
        let (mut users, mut may_enter) = (BTreeMap::new(), BTreeMap::new());
        for spec in &scenario.clients {
            let connect = &spec.client.connect;
            let id = connect.client_id.as_deref().unwrap_or(&spec.client.id);
            let user = connect.username.as_deref();
            users.extend(user.map(|user| (id, user)));
            let knows = |user: &str| access.users.password(user) == connect.password.as_ref();
            let is_open = access.users.is_empty();
            may_enter.insert(id, is_open || user.map_or(access.anonymous == Some(true), knows));
        }
        Self { lines, users, may_enter }
    }

    /// Whether there is a list at all.
    pub(crate) fn is_limited(&self) -> bool {
        self.lines.is_some()
    }

    /// Whether a client's name and password let it in.
    pub(crate) fn may_enter(&self, client: &str) -> bool {
        self.may_enter.get(client).copied().unwrap_or(true)
    }

    /// Whether a client may publish to a topic; nobody may to the broker's own.
    pub(crate) fn may_write(&self, client: &str, topic: &str) -> bool {
        !topic.starts_with("$SYS/") && self.may(client, topic, "write")
    }

    /// Whether a client may receive a topic.
    pub(crate) fn may_read(&self, client: &str, topic: &str) -> bool {
        self.may(client, topic, "read")
    }

    /// A client's own lines are asked before the patterns, and of each those that deny first.
    fn may(&self, client: &str, topic: &str, wanted: &str) -> bool {
        let Some(lines) = &self.lines else { return true };
        let user = self.users.get(client).copied().unwrap_or_default();
        let fits = |line: &&Line| match &line.user {
            Some(name) => name == user && matches(&line.filter, topic, true),
            None => matches(&line.filter.replace("%c", client).replace("%u", user), topic, true),
        };
        for own in [true, false] {
            let mine = || lines.iter().filter(move |line| line.user.is_some() == own).filter(fits);
            if mine().any(|line| line.grant == "deny") {
                return false;
            }
            if mine().any(|line| line.grant == wanted || line.grant == "readwrite") {
                return true;
            }
        }
        false
    }
}

fn lines(text: &str) -> Vec<Line> {
    let mut user = String::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["user", name] => user = name.into(),
            [keyword, grant, filter] => lines.push(Line {
                user: (keyword == "topic").then(|| user.clone()),
                grant: grant.into(),
                filter: filter.into(),
            }),
            _ => unreachable!("the stories write no other line: {line}"),
        }
    }
    lines
}
