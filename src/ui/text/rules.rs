//! The rules by which a profile differs, and its settings.

use crate::profile::{Allowed, Setting, Value};
use crate::rules::Certainty;

/// The way to the dialog.
pub(crate) const OPEN: &str = "Rules";
pub(crate) const OPEN_TITLE: &str = "The rules by which this profile differs from the standards";
pub(crate) const WAITING_TITLE: &str = "Changed settings that are not in the run yet";
/// The dialog.
pub(crate) const KEEPS: &str = "It keeps to the standards.";
pub(crate) const FIND: &str = "Find";
pub(crate) const FIND_EXAMPLE: &str = "replay, retained, Will";
pub(crate) const KNOWN: &str = "Known";
pub(crate) const ANY_WAY: &str = "any way";
pub(crate) const WITH_IT: &str = "with these settings";
pub(crate) const DISCARD: &str = "Discard the changes";
pub(crate) const SHARED: &str = "They are part of the scenario: its file and every link to it have them.";
pub(crate) const WAITING_ONE: &str = "One changed setting is not in the run yet: Rules has kept it.";
pub(crate) const AWS_DOCUMENT: &str = "docs/aws-iot-core.md";
/// A rule's setting.
pub(crate) const CHANGED: &str = "Changed for this run.";
pub(crate) const HERE: &str = "here";
pub(crate) const NO_LIMIT: &str = "no limit";
pub(crate) const BACK_TITLE: &str = "Changed for this run: back to the profile's own value";

/// How rules are known, and what that means.
pub(crate) const CERTAINTIES: [(Certainty, &str); 5] = [
    (Certainty::Documented, "its document states it."),
    (Certainty::Observed, "it was reported from practice, and nothing documented says otherwise."),
    (Certainty::Inferred, "it follows from what is documented or observed; it can be switched."),
    (
        Certainty::Unknown,
        "the documents are silent or contradict themselves; the profile chose, and it can be switched.",
    ),
    (Certainty::Choice, "it is this simulator's own."),
];

/// How many settings are not the profile's own.
pub(crate) fn changed(count: usize) -> String {
    if count == 1 { "1 setting changed".to_owned() } else { format!("{count} settings changed") }
}
/// How many are not in the run yet.
pub(crate) fn waiting(count: usize) -> String {
    format!("{count} waiting")
}
/// The same, as the dialog is left.
pub(crate) fn kept(count: usize) -> String {
    match count {
        1 => WAITING_ONE.to_owned(),
        _ => format!("{count} changed settings are not in the run yet: Rules has kept them."),
    }
}
/// The dialog's name.
pub(crate) fn title(profile: &str) -> String {
    format!("Rules of {profile}")
}
/// How many of them are shown.
pub(crate) fn shown(count: usize, of: usize) -> String {
    format!("{count} of {of} rules")
}
/// Which rules are listed; those that are open are counted apart.
pub(crate) fn listed(differs: usize, open: usize, profile: &str) -> String {
    let open = match open {
        0 => String::new(),
        _ => format!(", and {open} more that the documents of {profile} leave open"),
    };
    format!("The {differs} rules whose settings differ here from the MQTT standards{open}.")
}
/// After the name of the document that has all.
pub(crate) fn has_all(of_aws: usize) -> String {
    format!("has all {of_aws} rules about AWS.")
}
/// Back to the profile's own value.
pub(crate) fn back_to_own(value: &str) -> String {
    format!("Back to the profile's own: {value}")
}
/// What may be typed.
pub(crate) fn allowed(key: &str, allowed: Allowed) -> String {
    format!("{key} is {allowed}.")
}
/// What a setting is about, and what may be typed.
pub(crate) fn about(setting: &Setting) -> String {
    format!("{} It is {}.", setting.about, setting.allowed)
}
/// The value of the standards.
pub(crate) fn standards(value: &str) -> String {
    format!("standards {value}")
}
/// Back to the profile's own value, in a field.
pub(crate) fn back_to(own: Value) -> String {
    format!("back to {own}")
}
