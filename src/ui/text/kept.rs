//! What keeps a run through a reload and through a defect of the page.

/// The page was loaded anew.
pub(crate) const RESTORED: &str = "The page was loaded again: here is the run as you left it.";
/// Without what was done.
pub(crate) const START_AFRESH: &str = "Start afresh";

/// The page is in pieces.
pub(crate) const STOPPED: &str = "Glassbroker stopped";
/// Whose fault that is, and that the link holds the run.
pub(crate) const IN_LINK: &str =
    "This is a defect of Glassbroker, not of anything that you did. Nothing is lost: the link holds the run.";
/// The same where the run is too long for a link.
pub(crate) const IN_FILE: &str = "This is a defect of Glassbroker, not of anything that you did. The run is too long for a link: save it as a file, and open that again.";
/// Where there is neither.
pub(crate) const LOST: &str =
    "This is a defect of Glassbroker, not of anything that you did. Load the page again to go on.";
/// The link.
pub(crate) const OPEN_AGAIN: &str = "Open the run again";
/// The file.
pub(crate) const SAVE_FILE: &str = "Save the run as a file";
/// Its name.
pub(crate) const FILE_NAME: &str = "run.json";
