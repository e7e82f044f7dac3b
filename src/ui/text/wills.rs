//! The ways to die.

pub(crate) const MQTT: &str = "MQTT";
pub(crate) const DELAY: &str = "Will Delay";
pub(crate) const DELAYS: [&str; 2] = ["none", "10 s"];
pub(crate) const LABEL: &str = "What becomes of the Will";
pub(crate) const WAYS: &str = "How the connection ends";
pub(crate) const IN_V3: &str = " in 3.1.1";
pub(crate) const NO_RULE: &str = " No rule ends it.";
pub(crate) const ALL: &str = "All ways to die";
/// What a cell shows.
pub(crate) const SENT: &str = "sent";
pub(crate) const NOT_SENT: &str = "not sent";
pub(crate) const GOES_ON: &str = "goes on";
pub(crate) const AT_ONCE: &str = "sent at once";

/// A column of the run's own settings.
pub(crate) fn this_run(profile: &str) -> String {
    format!("this run: {profile}")
}
/// What became of it, and when.
pub(crate) fn after(outcome: &str, when: &str) -> String {
    format!("{outcome}, {when} after the end began")
}
/// A cell cannot be opened.
pub(crate) fn no_run(why: &str) -> String {
    format!("There is no such run: {why}.")
}
/// The way back.
pub(crate) fn back(title: Option<&str>) -> String {
    format!("Back to “{}”", title.unwrap_or("the run before"))
}
