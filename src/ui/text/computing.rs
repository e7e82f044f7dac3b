//! That something is computed for long.

/// What the page is doing.
pub(crate) const COMPUTING: &str = "computing…";
/// What the bar beside it says.
pub(crate) const COMPUTED: &str = "Computed";
/// The button that ends it.
pub(crate) const STOP: &str = "Stop";
/// What that does.
pub(crate) const STOP_TITLE: &str = "Stop here: the view stays where it has come to (Esc)";
