//! Users, the access list, policies, and what they decide.

/// The dialog.
pub(crate) const TITLE: &str = "Access";
pub(crate) const SHARED: &str =
    "They are part of the scenario: whoever gets its file or a link to it can read them, the passwords too.";
pub(crate) const WITH_IT: &str = "with this access";
pub(crate) const ADDED_STAY: &str = "Clients that you added stay, not connected.";
/// Users.
pub(crate) const USERS: &str = "Users";
pub(crate) const ADD_USER: &str = "Add a user";
pub(crate) const SHOW_PASSWORDS: &str = "Show the passwords";
pub(crate) const USER_NAME: &str = "User name";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const REMOVE_USER: &str = "Remove this user";
pub(crate) const NAMELESS_USER: &str = "A user needs a name";
pub(crate) const SAME_USER: &str = "There is another user of this name";
pub(crate) const ANONYMOUS: &str = "Clients without a user name";
pub(crate) const CHALLENGE: &str = "MQTT 5 may answer a challenge instead (GLASS-CHALLENGE)";
/// What may become of clients without a user name.
pub(crate) const ANONYMOUS_MAY: &[&str] = &["come in where there are no users", "come in", "are refused"];
/// What becomes of them.
pub(crate) const BY_POLICIES: &str =
    "Whom the policies below allow to connect may come in, with any user name or none.";
pub(crate) const EVERYBODY: &str = "Everybody may come in, with any user name or none.";
pub(crate) const NAMELESS_TOO: &str = "Clients without a user name may come in too.";
pub(crate) const NAMELESS_REFUSED: &str = "Clients without a user name are refused.";
/// The access list.
pub(crate) const LIST: &str = "Access list";
pub(crate) const LIMITED: &str = "Only what an access list allows";
pub(crate) const LIST_ABOUT: &str = "As Mosquitto's acl_file: lines `topic` [read|write|readwrite|deny] and a filter, for clients without a user name; after a line `user` and a name for that user; `pattern` for everybody, %c is the client identifier and %u the user name. What no line allows is denied.";
pub(crate) const NO_LIST: &str = "There is none: everybody may publish and receive everything.";
pub(crate) const NO_LIST_POLICIES: &str = "There is none: the policies below decide what each client may do.";
/// Policies.
pub(crate) const POLICY: &str = "Policy";
pub(crate) const POLICIES: &str = "AWS IoT policies";
pub(crate) const POLICIES_NONE: &str = "There is none, and they decide nothing.";
pub(crate) const POLICIES_ABOUT: &str = "As AWS IoT has them, of the region us-east-1 and the account 123456789012. What no statement of a client's policies allows is denied, and who has none may do nothing; a statement that denies outweighs all that allow. The policies of all other clients, such as live ones, are those of their user name or client identifier.";
pub(crate) const ADD_POLICY: &str = "Add a policy";
pub(crate) const ADD: &str = "Add:";
pub(crate) const POLICY_NAME: &str = "Policy name";
pub(crate) const DOCUMENT: &str = "Document";
pub(crate) const FOR: &str = "For:";
pub(crate) const NO_CLIENT: &str = "there is no client yet";
pub(crate) const ALL: &str = "All";
pub(crate) const NONE: &str = "None";
pub(crate) const NAMELESS_POLICY: &str = "A policy needs a name";
pub(crate) const SAME_POLICY: &str = "There is another policy of this name";
/// Who may do what.
pub(crate) const WHO_MAY: &str = "Who may do what";
pub(crate) const WHO_MAY_ABOUT: &str = "By what stands above, as each client of the scenario connects.";
pub(crate) const TOPIC: &str = "Topic or filter";
pub(crate) const TOPIC_EXAMPLE: &str = "those of the scenario";
pub(crate) const NOBODY: &str = "There is no client, or the scenario names no topic: type one.";
pub(crate) const WRONG: &str = "Something above is wrong.";
/// The actions, in their own order.
pub(crate) const ACTIONS: [&str; 5] = ["Connect", "Publish", "Publish retained", "Subscribe", "Receive"];
pub(crate) const NOT_SUCH: &str = "It is about no such text";
pub(crate) const ALLOWED: &str = "allowed";
pub(crate) const DENIED: &str = "denied";
pub(crate) const UNRESTRICTED: &str = "nothing restricts it";

/// How many users there are.
pub(crate) fn users(count: usize) -> String {
    format!("Users ({count})")
}
/// How many policies there are.
pub(crate) fn policies(count: usize) -> String {
    format!("Policies ({count})")
}
/// Those that have no row.
pub(crate) fn more_users(count: usize) -> String {
    format!("and {count} more, which can be changed in the scenario's file")
}
/// Those that have no table.
pub(crate) fn more_topics(count: usize) -> String {
    format!("and {count} more topics: type one")
}
/// Those that have no line.
pub(crate) fn more_clients(count: usize) -> String {
    format!("and {count} more clients")
}
/// A user's row.
pub(crate) fn user(number: usize) -> String {
    format!("User {number}")
}
/// Takes a user away.
pub(crate) fn remove(name: &str) -> String {
    if name.is_empty() { REMOVE_USER.to_owned() } else { format!("Remove {name}") }
}
/// A policy's part.
pub(crate) fn policy(name: &str) -> String {
    format!("{POLICY} {name}")
}
/// Takes a policy away.
pub(crate) fn remove_policy(name: &str) -> String {
    format!("Remove the policy {name}")
}
/// The choice of clients that have it.
pub(crate) fn who_has(name: &str) -> String {
    format!("Who has {name}")
}
/// Too many for one client.
pub(crate) fn too_many(most: usize) -> String {
    format!("A client has at most {most} policies")
}
/// A table of who may.
pub(crate) fn who_may(topic: &str) -> String {
    format!("Who may do what with {topic}")
}
/// What decided, as events say it.
pub(crate) fn decided_by(by: &str) -> String {
    match by {
        "" => UNRESTRICTED.to_owned(),
        "no line" | "no statement" => format!("{by} allows it"),
        by => by.to_owned(),
    }
}
