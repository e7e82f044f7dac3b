//! The tabs of a narrow page.

/// All of them.
pub(crate) const PANELS: &str = "Panels";
/// Those without room.
pub(crate) const MORE: &str = "More";
/// The views.
pub(crate) const EVENTS: &str = "Events";
pub(crate) const SIDES: &str = "Sides";
pub(crate) const WILLS: &str = "Wills";
