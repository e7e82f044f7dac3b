//! Scenarios as files.

pub(crate) const OPEN: &str = "Open a scenario from a file";
/// Over the page, while a file is held over it.
pub(crate) const DROP: &str = "Open this file";
pub(crate) const SAVE: &str = "Save the scenario to a file";
pub(crate) const PLACES: &str =
    "Each line begins with where it is: line, column, and the place in the document.";
pub(crate) const UNREADABLE: &str = "The browser cannot read it.";
pub(crate) const NOT_SAVED: &str = "The browser does not let a file be saved.";

/// A file was refused.
pub(crate) fn refused(name: &str) -> String {
    format!("{name} cannot be opened")
}
/// It is too long.
pub(crate) fn too_long(bytes: f64, most: usize) -> String {
    format!("It has {bytes} bytes; at most {most} are allowed.")
}
/// The run cannot be written.
pub(crate) fn unsaved(why: &str) -> String {
    format!("This run cannot be saved: {why}.")
}
/// The run was written.
pub(crate) fn saved(name: &str) -> String {
    format!("Saved as {name}.")
}
