//! The palette of commands.

use crate::time::SimTime;

/// The dialog's title.
pub(crate) const TITLE: &str = "Commands";
/// Its field.
pub(crate) const FIELD: &str = "What to do, or where to go";
/// What it finds, as its field says where nothing is typed.
pub(crate) const HINT: &str = "A command, panel, lesson, profile, client, topic, marker…";
/// Where nothing is found.
pub(crate) const NOTHING: &str = "Nothing is called that.";
/// What is chosen, as its kind.
pub(crate) const RECENT: &str = "Recent";

/// A panel.
pub(crate) fn panel(title: &str) -> String {
    format!("Go to: {title}")
}

/// A lesson.
pub(crate) fn lesson(title: &str) -> String {
    format!("Lesson: {title}")
}

/// A client.
pub(crate) fn client(name: &str) -> String {
    format!("Client: {name}")
}

/// The faults of a client, which can crash if it is a virtual one.
pub(crate) fn faults(client: &str, is_virtual: bool) -> String {
    let crash = if is_virtual { "crash, " } else { "" };
    format!("{}…: cut, half-open, stall, {crash}drop a packet", super::faults::title(client))
}

/// The same of the broker.
pub(crate) fn broker_faults() -> String {
    format!("{}…: restart", super::faults::TITLE_BROKER)
}

/// A topic.
pub(crate) fn topic(name: &str) -> String {
    format!("Topic: {name}")
}

/// A named moment.
pub(crate) fn marker(at: SimTime, name: &str) -> String {
    format!("Marker: {}", super::time::named_moment(at, name))
}

/// How many were found, for those who do not see them.
pub(crate) fn found(count: usize) -> String {
    format!("{count} found")
}
