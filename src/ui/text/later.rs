//! What is said of a view that is not loaded yet.

/// While it comes.
pub(crate) const LOADING: &str = "Loading…";
/// It did not come.
pub(crate) const FAILED: &str = "This part of the page could not be loaded.";
/// The way to ask for it once more.
pub(crate) const AGAIN: &str = "Try again";
