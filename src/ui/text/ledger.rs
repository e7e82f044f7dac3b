//! The ledger.

/// The panel's name, and where it has nothing to show.
pub(crate) const TITLE: &str = "Ledger";
pub(crate) const NOTHING: &str = "Nothing was published yet.";
pub(crate) const NO_HIT: &str = "No such message.";
pub(crate) const READING: &str = "Reading the ledger…";
/// What it is narrowed by.
pub(crate) const TEXT: &str = "Message, topic or subscriber";
pub(crate) const TEXT_EXAMPLE: &str = "Message, topic, for whom";
pub(crate) const FILTER: &str = "Topic Filter";
pub(crate) const FILTER_EXAMPLE: &str = "Filter, such as a/+/#";
pub(crate) const FATE: &str = "Fate";
pub(crate) const ALL_FATES: &str = "All fates";
pub(crate) const BROKEN: &str = "Not kept";
pub(crate) const OPEN: &str = "Not settled";
pub(crate) const ARRIVED: &str = "Arrived";
/// Its columns.
pub(crate) const COLUMNS: [&str; 7] = ["Time", "Message", "Topic", "Promise", "For", "Delay", "Fate"];
pub(crate) const SORT: &str = "Sort by";
/// Before a subscriber, where there is no room for heads.
pub(crate) const FOR: &str = "for ";
/// Saving it.
pub(crate) const EXPORT_CSV: &str = "CSV";
pub(crate) const EXPORT_CSV_TITLE: &str = "Save the lines that are shown for a spreadsheet";
pub(crate) const EXPORT_JSON: &str = "JSON";
pub(crate) const EXPORT_JSON_TITLE: &str = "Save the lines that are shown, a JSON object a line";
pub(crate) const STOP: &str = "Stop";
pub(crate) const CHANGED: &str = "The run became another one: nothing was saved.";

/// The messages that the ledger no longer holds.
pub(crate) fn left_out(messages: u32) -> String {
    format!("Without the first {messages} messages.")
}

/// How far it is saved.
pub(crate) fn saving(done: usize, of: usize) -> String {
    format!("Saving: {done} of {of}")
}

/// More than one copy came, or left.
pub(crate) fn received(times: u32) -> String {
    format!("received {times} times")
}
/// The same of what was sent.
pub(crate) fn sent(times: u32) -> String {
    format!("sent {times} times")
}

/// What became of the file.
pub(crate) fn saved(name: Option<&String>) -> String {
    match name {
        Some(name) => format!("Saved as {name}."),
        None => "The browser does not let a file be saved.".to_owned(),
    }
}
