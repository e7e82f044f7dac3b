//! Passwords and access lists: the same random scripts under the same files, and who gets what.

use super::ours::Ours;
use super::peer::{Peer, at, hello, subscribe};
use super::real::{Files, Real};
use super::script::{Draw, Step, script};
use super::{Difference, number, play_on, profile, shrunk, told};
use glassbroker::policy::{Access, AccessList, Users};
use glassbroker::wire::Connect;
use glassbroker::wire::QoS::AtMostOnce;
use glassbroker::wire::Version::V3;

/// How many lists are tried, and how many scripts under each.
const LISTS: u64 = 25;
const SCRIPTS: u64 = 8;

/// The users; the last one may do everything, and cleans up.
const USERS: [&str; 3] = ["u", "v", "admin"];
const PASSWORD: &str = "right";
const GRANTS: [&str; 6] = ["read ", "write ", "readwrite ", "", "deny ", "read "];
const FILTERS: [&str; 10] = ["a/#", "#", "+/b", "a/b", "a", "b/+", "+", "$x/#", "/a", "a/+/c"];
const PATTERNS: [&str; 5] = ["#", "a/#", "%u/#", "+/b", "%c/+"];

fn list(draw: &mut Draw) -> String {
    let mut text = String::new();
    let mut lines = |draw: &mut Draw, keyword: &str, filters: &[&str]| {
        for _ in 0..draw.below(4) {
            text += &format!("{keyword} {}{}\n", draw.of(&GRANTS), draw.of(filters));
        }
    };
    lines(draw, "topic", &FILTERS);
    for user in &USERS[..2] {
        lines(draw, &format!("user {user}\ntopic"), &FILTERS);
        lines(draw, "topic", &FILTERS);
    }
    lines(draw, "pattern", &PATTERNS);
    text + "user admin\ntopic #\ntopic $x/#\n"
}

/// Gives each client of a script a name and a password of its own, or none.
fn with_credentials(draw: &mut Draw, steps: &mut [Step]) {
    let kinds: Vec<usize> = (0..8).map(|_| draw.below(8)).collect();
    for step in steps {
        let Step::Connect(who, connect) = step else { continue };
        let (name, password) = match kinds[*who] {
            0..=2 => (Some("u"), Some(PASSWORD)),
            3 => (Some("v"), Some(PASSWORD)),
            4 => (Some("v"), Some("wrong")),
            5 => (Some("nobody"), Some(PASSWORD)),
            _ => (None, None),
        };
        connect.username = name.map(Into::into);
        connect.password = password.map(Into::into);
    }
}

/// Lets somebody subscribe below `$x` first: see docs/differences.md.
fn begin_tree(real: &mut Real) {
    let (username, password) = (Some("admin".into()), Some(PASSWORD.into()));
    let admin = Peer::join(real, Connect { clean_start: true, username, password, ..hello(V3, "admin") });
    admin.ask(real, &subscribe("$x/a", at(AtMostOnce)));
    admin.cut(real);
}

#[test]
fn passwords_and_access_lists_bring_the_same_from_both() {
    let lists = match number("MOSQUITTO_LIST") {
        Some(list) => list..list + 1,
        None => 0..number("MOSQUITTO_LISTS").unwrap_or(LISTS),
    };
    for seed in lists {
        let mut draw = Draw::new(seed);
        let anonymous = draw.once_in(2);
        let list = list(&mut draw);
        let users: String = USERS.map(|user| format!("{user}:{PASSWORD}\n")).concat();
        let files = Files { users: &users, list: &list, anonymous };
        let access = Access {
            users: Users::parse(&users).expect("users"),
            anonymous: Some(anonymous),
            list: Some(AccessList::parse(&list).expect("a list")),
            ..Access::default()
        };
        let mut real = Real::start_with(&files);
        let admin = Some(("admin", PASSWORD));
        begin_tree(&mut real);
        let mut play = |steps: &[Step]| -> Option<Difference> {
            let mut ours = Ours::with(profile(), access.clone());
            play_on(&mut real, &mut ours, steps, admin)
        };
        for number in 0..SCRIPTS {
            let mut steps = script(seed * SCRIPTS + number);
            with_credentials(&mut draw, &mut steps);
            if let Some(difference) = play(&steps) {
                let (steps, difference) = shrunk(&mut play, steps, difference);
                panic!("list {seed}, anonymous {anonymous}:\n{list}\n{}", told(&steps, &difference));
            }
        }
    }
}
