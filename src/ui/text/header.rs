//! The bar over the panels.

pub(crate) const NAME: &str = "Glassbroker";
pub(crate) const SCENARIO: &str = "Scenario";
pub(crate) const UNTITLED: &str = "A scenario without a title";
pub(crate) const PROFILE: &str = "Profile: how the broker behaves";
pub(crate) const PROFILE_TITLE: &str = "How the broker behaves";
pub(crate) const SHARE: &str = "Share";
pub(crate) const SHARE_TITLE: &str = "Copy a link to this moment";
pub(crate) const SHARED: &str = "The link to this moment is copied, and in the address bar.";
pub(crate) const OF_ONE_BRANCH: &str = " The link has only the shown branch; save a file for all.";
pub(crate) const WITH_PASSWORDS: &str = " It carries the passwords of the users in it.";
pub(crate) const HELP: &str = "Help";

/// The present theme.
pub(crate) fn theme(name: &str) -> String {
    format!("Theme: {name}")
}
