//! Teacher mode.

/// The bar.
pub(crate) const BAR: &str = "Teacher mode";
/// To the mark before.
pub(crate) const BACK: &str = "Back";
/// To the next mark.
pub(crate) const NEXT: &str = "Next";
/// The picture that is large.
pub(crate) const MAIN: &str = "Large";
/// The panel beside it.
pub(crate) const BESIDE: &str = "Beside it";
/// The laser pointer.
pub(crate) const LASER: &str = "Laser";
/// Full screen.
pub(crate) const FULL_SCREEN: &str = "Full screen";
/// Leaves.
pub(crate) const LEAVE: &str = "Leave teacher mode";

/// Which of the narration's marks was reached.
pub(crate) fn mark_of(reached: usize, all: usize) -> String {
    format!("{reached} of {all}")
}
