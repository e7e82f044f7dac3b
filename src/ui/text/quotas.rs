//! The quotas of the run.

pub(crate) const TITLE: &str = "Quotas";
pub(crate) const NONE: &str = "This profile has no quota that is used.";
pub(crate) const UNLIMITED_TOO: &str = "Also those without a limit";
pub(crate) const OF_CLIENTS: &str = "Each client, and each shared subscription";
pub(crate) const OF_ALL: &str = "Everybody together";
pub(crate) const AT_ONCE: &str = "at once";
pub(crate) const USED: &str = "Used";
pub(crate) const GO_NEXT: &str = "Go to the next of them";
/// What happened to what was too much.
pub(crate) const DELAYED: &str = "delayed";
pub(crate) const REFUSED: &str = "refused";

/// Those that have no bar.
pub(crate) fn more(clients: usize) -> String {
    format!("and {clients} clients that use less of it")
}
/// How much of a rate is used.
pub(crate) fn at_once(level: u64, capacity: u64, per_s: u64) -> String {
    format!("{level} of {capacity} at once, {per_s} a second")
}
/// When there is room again.
pub(crate) fn used_up(when: &str) -> String {
    format!("used up, one more {when}")
}
/// When nothing of it is used any more.
pub(crate) fn all_back(when: &str) -> String {
    format!("all back {when}")
}
