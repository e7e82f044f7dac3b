//! What the keys do.

/// Play or pause.
pub(crate) const PLAY: &str = "Play or pause";
/// One step on.
pub(crate) const NEXT: &str = "Next step: an event with all that happens at once, a packet, or a message";
/// One step back.
pub(crate) const PREVIOUS: &str = "Previous step";
/// One message on.
pub(crate) const NEXT_MESSAGE: &str = "Next message";
/// One message back.
pub(crate) const PREVIOUS_MESSAGE: &str = "Previous message";
/// Over what is only keep-alive traffic.
pub(crate) const SKIP: &str = "Skip to where something other than keep-alive traffic happens";
/// To a time.
pub(crate) const GO_TO: &str = "Go to a time, a mark or a marker; how it plays";
/// The branches.
pub(crate) const BRANCHES: &str = "Branches: names, side by side, thrown away";
/// Undo.
pub(crate) const UNDO: &str = "Undo what was done by hand";
/// Redo.
pub(crate) const REDO: &str = "Redo what was undone";
/// To the start.
pub(crate) const START: &str = "Start of the run";
/// To the end.
pub(crate) const END: &str = "End of the run";
/// Plays faster.
pub(crate) const FASTER: &str = "Faster";
/// Plays slower.
pub(crate) const SLOWER: &str = "Slower";
/// Less time on the timeline.
pub(crate) const ZOOM_IN: &str = "Zoom the timeline in";
/// More time on the timeline.
pub(crate) const ZOOM_OUT: &str = "Zoom the timeline out";
/// The timeline shows earlier time.
pub(crate) const EARLIER: &str = "Pan the timeline to earlier";
/// The timeline shows later time.
pub(crate) const LATER: &str = "Pan the timeline to later";
/// What the chosen event belongs to fills the timeline.
pub(crate) const FOCUS: &str = "Zoom to the chosen event";
/// The whole run fits the timeline.
pub(crate) const FIT: &str = "Show the whole run";
/// Chooses the event before on the track.
pub(crate) const PREVIOUS_ON_TRACK: &str = "Choose the previous event on the same track";
/// Chooses the next on the track.
pub(crate) const NEXT_ON_TRACK: &str = "Choose the next event on the same track";
/// Chooses the event before of the message.
pub(crate) const PREVIOUS_OF_MESSAGE: &str = "Choose the previous event of the same message";
/// Chooses the next of the message.
pub(crate) const NEXT_OF_MESSAGE: &str = "Choose the next event of the same message";
/// Chooses the event before of the cause.
pub(crate) const PREVIOUS_OF_CAUSE: &str = "Choose the previous event of the same first cause";
/// Chooses the next of the cause.
pub(crate) const NEXT_OF_CAUSE: &str = "Choose the next event of the same first cause";
/// Sets a marker.
pub(crate) const MARK: &str = "Mark this moment";
/// Chooses the next packet.
pub(crate) const NEXT_PACKET: &str = "Choose the next packet, on the timeline";
/// Chooses the packet before.
pub(crate) const PREVIOUS_PACKET: &str = "Choose the packet before, on the timeline";
/// To the inspector.
pub(crate) const INSPECT: &str = "Inspect the chosen packet, on the timeline";
/// Asks why.
pub(crate) const WHY: &str = "Why did this client get nothing? of the ledger's chosen line";
/// To the next divergence.
pub(crate) const NEXT_DIVERGENCE: &str = "Next divergence, side by side";
/// To the divergence before.
pub(crate) const PREVIOUS_DIVERGENCE: &str = "Previous divergence, side by side";
/// Publishes again.
pub(crate) const PUBLISH_AGAIN: &str = "Publish once more what the test client published last";
/// Opens and closes the help.
pub(crate) const HELP: &str = "This help";

/// The space bar.
pub(crate) const SPACE: &str = "Space";
/// Ctrl or ⌘.
pub(crate) const MOD: &str = "Ctrl or ⌘";
/// Page up, as on a presenter's remote.
pub(crate) const PAGE_UP: &str = "Page up";
/// Page down.
pub(crate) const PAGE_DOWN: &str = "Page down";

/// The palette.
pub(crate) const PALETTE: &str = "Find a command, a lesson, a client, a topic, …";
/// Teacher mode.
pub(crate) const TEACHER: &str = "Teacher mode: large, and nothing that distracts";
/// On in teacher mode.
pub(crate) const TEACHER_NEXT: &str =
    "Teacher mode: play to the next mark of the narration; again: there at once";
/// Back in teacher mode.
pub(crate) const TEACHER_BACK: &str = "Teacher mode: back to the mark before";
/// The laser pointer.
pub(crate) const LASER: &str = "Laser pointer";
/// Full screen.
pub(crate) const FULL_SCREEN: &str = "Full screen";
/// Share.
pub(crate) const SHARE: &str = "Share: copy a link to this moment";
/// Open a file.
pub(crate) const OPEN: &str = "Open a scenario from a file";
/// Save a file.
pub(crate) const SAVE: &str = "Save the scenario to a file";
/// The theme.
pub(crate) const THEME: &str = "Theme: light, dark, or as the system says";
/// The rules.
pub(crate) const RULES: &str = "The profile's rules and settings";
/// Users and policies.
pub(crate) const ACCESS: &str = "Users, access list and policies";
/// Real time.
pub(crate) const REAL_TIME: &str = "Play in real time";
/// The tracks of the timeline.
pub(crate) const TRACKS: &str = "Tracks of the timeline: hide, pin, collapse, filter";
/// The markers of the timeline.
pub(crate) const MARKERS: &str = "Markers: list, rename, delete";
/// Folds idle time.
pub(crate) const FOLD: &str = "Fold idle stretches of the timeline";
/// Follows the view.
pub(crate) const FOLLOW: &str = "Timeline follows the time that is looked at";
/// The run from its beginning.
pub(crate) const AFRESH: &str = "Start afresh: what the address says, without what was done";

/// Keys with a modifier, as a button's title names them.
pub(crate) const PALETTE_KEY: &str = "Ctrl or ⌘ K";
pub(crate) const UNDO_KEY: &str = "Ctrl or ⌘ Z";
pub(crate) const REDO_KEY: &str = "Ctrl or ⌘ Shift Z";
