//! The flow.

use crate::ui::flow::Scope;

/// Its name for screen readers.
pub(crate) const LABEL: &str = "Sequence diagram of packets. The event table says the same in text. The arrows up and down choose a row, Enter inspects it.";
/// What the choices are about.
pub(crate) const SCOPE: &str = "What the flow shows";
/// Whose packets are shown.
pub(crate) const CLIENT: &str = "Client";
/// The switch of folded waits.
pub(crate) const FOLD: &str = "Fold waits";
/// The same, at length.
pub(crate) const FOLD_TITLE: &str = "Times in which nothing happens are cut short; otherwise all is to scale";
/// Copies the rows.
pub(crate) const COPY: &str = "Copy";
/// The same, at length.
pub(crate) const COPY_TITLE: &str = "Copy the rows as text";
/// Once they are copied.
pub(crate) const COPIED: &str = "Copied: one line for each row.";
/// The way back to the view.
pub(crate) const FOLLOW: &str = "Follow the view";
/// While no packet is chosen.
pub(crate) const CHOOSE: &str = "Choose a packet here, on the timeline or among the events to see its message. Until then: the message that was published last.";
/// Where there are no rows.
pub(crate) const EMPTY: &str = "Nothing has been sent here until the view. Press play, or step on.";

/// What a choice shows.
pub(crate) const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::All => "All",
        Scope::Message => "This message",
        Scope::Client => "This client",
        Scope::Window => "What the timeline shows",
    }
}

/// Rows that are left out, with a separator for thousands; `before` or after those that are shown.
pub(crate) fn more(count: &str, before: bool) -> String {
    format!("… {count} more {}", if before { "before" } else { "after" })
}

/// What is in sight, for screen readers and tests.
pub(crate) fn summary(arrows: usize, lost: usize, folded: usize, rows: usize) -> String {
    format!("{rows} rows: {arrows} packets, {lost} of them lost; {folded} waits folded")
}
