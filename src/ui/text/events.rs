//! The event table, and events that are gone.

/// In place of an event that went, and for which too much would have to be computed again.
pub(crate) const GONE: &str = "No longer kept: the oldest events go when there are very many, and too much would have to be computed again to show it.";

/// How many of the oldest events went.
pub(crate) fn dropped(events: u64) -> String {
    format!(
        "The first {events} events are no longer kept. Those that you look at are computed again where that is not too much."
    )
}
