//! Side by side.

pub(crate) const TITLE: &str = "Side by side";
pub(crate) const WHAT: &str = "What";
pub(crate) const NO_DIVERGENCE: &str = "No divergence so far.";
pub(crate) const NOTHING: &str = "Nothing has happened yet.";
pub(crate) const ONLY_PARTED: &str = "Only divergences";
pub(crate) const PREVIOUS: &str = "Previous divergence";
pub(crate) const NEXT: &str = "Next divergence";
pub(crate) const PLACE_TITLE: &str = "Divergences that follow from no other";
pub(crate) const ALIKE: &str = "the same";
pub(crate) const FIRST: &str = "the first divergence";
pub(crate) const BY_SETTING: &str = "Setting ";
pub(crate) const LIKELY_BY_SETTING: &str = "Likely by the setting ";

/// The list's name.
pub(crate) fn label(a: &str, b: &str) -> String {
    format!("{TITLE}: A {a}, B {b}")
}
/// A divergence by its number.
pub(crate) fn divergence(number: usize) -> String {
    format!("divergence {number}")
}
/// What only comes of another one.
pub(crate) fn follows(number: usize) -> String {
    format!("follows from divergence {number}")
}
/// Where a step stands.
pub(crate) fn step(at: &str, seq: u32) -> String {
    format!("{at}, event {seq}")
}
/// Shows or hides what follows.
pub(crate) fn following(count: usize, unfolded: bool) -> String {
    format!("{} {count} that follow from it", if unfolded { "Fold" } else { "Show" })
}
/// Nothing parts; two profiles may, by their settings.
pub(crate) fn none(settings: Option<usize>, first_at: Option<String>) -> String {
    let later = first_at.map(|at| format!(" The first divergence comes at {at}.")).unwrap_or_default();
    match settings {
        None => format!("Both branches did the same so far.{later}"),
        Some(count) => format!("Both sides did the same so far; {count} settings differ.{later}"),
    }
}
