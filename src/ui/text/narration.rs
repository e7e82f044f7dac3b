//! The narration of a scenario.

pub(crate) const TITLE: &str = "Narration";
pub(crate) const RIGHT: &str = "Right. ";
pub(crate) const WRONG: &str = "Not quite. ";
pub(crate) const NEXT: &str = "Next";
pub(crate) const NEXT_TITLE: &str = "Go to the next mark";
pub(crate) const GO_ON: &str = "Go on";
