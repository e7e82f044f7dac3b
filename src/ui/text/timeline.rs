//! The timeline.

use crate::picture::Along;

/// The panel's title, and its name for screen readers.
pub(crate) const TITLE: &str = "Timeline";
/// What the picture is, for screen readers.
pub(crate) const PICTURE: &str = "Packets over time. The event table says the same in text.";
/// Less time.
pub(crate) const ZOOM_IN: &str = "Zoom in";
/// More time.
pub(crate) const ZOOM_OUT: &str = "Zoom out";
/// The whole run.
pub(crate) const FIT: &str = "Show the whole run";
/// Whether the window follows the view.
pub(crate) const FOLLOW: &str = "Follow the view";

/// Whether idle stretches are folded.
pub(crate) const FOLD: &str = "Fold stretches in which nothing but keep alive happens";
/// What the tooltip says of such a stretch.
pub(crate) const UNFOLD: &str = "Nothing but keep alive happens here\nClick to see it in its whole length";

/// The walks, for screen readers.
pub(crate) const WALKS: &str = "From event to event";
/// The name of a walk.
pub(crate) const fn along(along: Along) -> &'static str {
    match along {
        Along::Track => "Track",
        Along::Message => "Message",
        Along::Cause => "Cause",
    }
}
/// What a step of a walk does.
pub(crate) const fn step(along: Along, forward: bool) -> &'static str {
    match (along, forward) {
        (Along::Track, true) => "Next event on this track",
        (Along::Track, false) => "Previous event on this track",
        (Along::Message, true) => "Next event of this message",
        (Along::Message, false) => "Previous event of this message",
        (Along::Cause, true) => "Next event of this cause",
        (Along::Cause, false) => "Previous event of this cause",
    }
}
/// There is nothing to walk to.
pub(crate) const fn no_step(along: Along, forward: bool) -> &'static str {
    match (along, forward) {
        (Along::Track, true) => "No later event on this track, up to the moment that is looked at.",
        (Along::Track, false) => "No earlier event on this track.",
        (Along::Message, true) => "No later event of this message, up to the moment that is looked at.",
        (Along::Message, false) => "No earlier event of this message.",
        (Along::Cause, true) => {
            "Nothing more came of the same first cause, up to the moment that is looked at."
        }
        (Along::Cause, false) => "This is the first cause.",
    }
}
/// A walk along a message from an event that is about none.
pub(crate) const NO_MESSAGE: &str = "The chosen event is about no message.";
/// A walk where nothing is chosen.
pub(crate) const NOTHING_CHOSEN: &str = "Choose an event first: the walk goes from there.";

/// The panel of tracks.
pub(crate) const TRACKS: &str = "Tracks";
/// The field that filters them.
pub(crate) const FILTER: &str = "Only tracks whose name contains";
/// Only those of the chosen message.
pub(crate) const ONLY_LIT: &str = "Only with the chosen message";
/// Collapses all.
pub(crate) const COLLAPSE_ALL: &str = "Collapse all";
/// Opens all.
pub(crate) const OPEN_ALL: &str = "Open all";
/// A track is collapsed.
pub(crate) const COLLAPSE: &str = "Collapse";
/// A track is pinned.
pub(crate) const PIN: &str = "Pin";
/// A check box shows a track.
pub(crate) fn show(client: &str) -> String {
    format!("Show {client}")
}
/// How many tracks are not shown.
pub(crate) fn hidden(count: usize) -> String {
    format!("{count} hidden")
}
/// The way back.
pub(crate) const SHOW_ALL: &str = "Show all";
/// There are more tracks than are listed.
pub(crate) fn more_tracks(count: usize) -> String {
    format!("and {count} more; the field above finds them")
}

/// The panel of markers.
pub(crate) const MARKERS: &str = "Markers";
/// Sets one.
pub(crate) const ADD_MARKER: &str = "Mark this moment";
/// There is none.
pub(crate) const NO_MARKERS: &str = "No moment is marked yet. A marker has a name, stands on the ruler, and goes with the link and the saved file.";
/// The field of its name.
pub(crate) const MARKER_NAME: &str = "Name";
/// The way there.
pub(crate) const GO_TO_MARKER: &str = "Look at this moment";
/// Takes it away.
pub(crate) fn delete_marker(name: &str) -> String {
    format!("Delete {name}")
}
/// The name that a new one has.
pub(crate) fn new_marker(number: usize) -> String {
    format!("Marker {number}")
}
/// One was set.
pub(crate) fn marked(name: &str, at: &str) -> String {
    format!("{name} stands at {at}. Its name can be changed in the list of markers.")
}
/// There are too many.
pub(crate) fn too_many(most: usize) -> String {
    format!("There are {most} markers already; delete one first.")
}

/// The strip of the whole run, for screen readers.
pub(crate) const MINIMAP: &str = "Part of the run in view";
/// What can be done with it.
pub(crate) const MINIMAP_HELP: &str = "The whole run. Drag the frame or its edges, or click beside it";
/// Which part of the run is in view.
pub(crate) fn in_view(from: &str, to: &str, end: &str) -> String {
    format!("{from} to {to} of {end}")
}
/// The broker's own group of tracks.
pub(crate) const BROKER: &str = "Broker";

/// Before the names of all that happened in one step.
pub(crate) fn at_once(events: usize) -> String {
    format!("{events} events at once: ")
}

/// What the picture holds.
pub(crate) fn painted(arrows: u32, banded: u32) -> String {
    format!("{arrows} arrows; {banded} packets in bands")
}
