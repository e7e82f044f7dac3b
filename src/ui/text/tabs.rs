//! The tabs of a narrow page.

/// All of them.
pub(crate) const PANELS: &str = "Panels";
/// Those without room.
pub(crate) const MORE: &str = "More";
