//! What is said when a run is opened: a lesson, a link, another profile.

/// Something was done while time stands still.
pub(crate) const DONE: &str = "Done. Time stands still: press play, or step on, to see what comes of it.";

/// A profile among the choices.
pub(crate) fn profile(title: &str) -> String {
    format!("Broker: {title}")
}
/// A lesson that there is not.
pub(crate) fn no_lesson(name: &str, known: &str) -> String {
    format!("there is no lesson `{name}`; there are {known}")
}
/// A lesson that cannot be read.
pub(crate) fn broken_lesson(why: &str) -> String {
    format!("the lesson is broken: {why}")
}
/// Why something is not opened.
pub(crate) fn not_opened(why: &str) -> String {
    format!("It cannot be opened: {why}.")
}
/// Another profile.
pub(crate) fn again_under(profile: &str) -> String {
    format!("The run began again, with “{profile}”.")
}
/// Other settings, or other access.
pub(crate) fn again(with: &str) -> String {
    format!("The run began again, {with}.")
}
/// A link that leads nowhere.
pub(crate) fn bad_link(why: &str) -> String {
    format!("The link cannot be opened: {why}. Here is the first lesson instead.")
}
/// A link that does not say which run it was made of.
pub(crate) fn bad_hash(why: &str) -> String {
    format!("The link cannot say whether this is the run that it was made of: {why}.")
}
/// A link whose run is another one here.
pub(crate) fn other_run(engine: &str, own: &str, first: u32, last: u32) -> String {
    let versions = if engine == own {
        format!("Both this page and the link's say that they are Glassbroker {engine}")
    } else {
        format!("The link was made by Glassbroker {engine}, this is {own}")
    };
    format!(
        "This is not quite the run that the link was made of. {versions}; the first difference is among the events {first} to {last}."
    )
}
