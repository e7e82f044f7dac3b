//! The test client.

pub(crate) const ASKED: &str = "What it is asked to do";
pub(crate) const IN_PAST: &str = "You look at the past. What you do here begins another branch.";
pub(crate) const COLUMNS: &str = "Each filter that it subscribes to is a column here, with what it receives.";
pub(crate) const LAST: &str = "The last";
pub(crate) const NEWEST_FIRST: &str = "Newest first";
pub(crate) const WHO: &str = "Who acts";
pub(crate) const AGAIN_TITLE: &str = "Publish once more what it published last (R)";
pub(crate) const CHOSEN: &str = "The chosen message";
/// A column.
pub(crate) const COUNT_TITLE: &str = "Shown, of all that came";
pub(crate) const GO_ON: &str = "Show what came since";
pub(crate) const HOLD: &str = "Show nothing more";
pub(crate) const CLEAR: &str = "Clear";
pub(crate) const REFUSED: &str = "The broker refused this filter. What it says stands in the answer.";
pub(crate) const NOTHING: &str = "Nothing yet.";
pub(crate) const RETAINED_TITLE: &str = "It was retained";
pub(crate) const DUP_TITLE: &str = "It was sent before";
/// Its last request, and the answer.
pub(crate) const REQUEST: &str = "The last request";
pub(crate) const NO_ANSWER: &str = "sent; at QoS 0 there is no answer";
pub(crate) const UNANSWERED: &str = "not answered yet";

/// A client that is added.
pub(crate) fn new_client(name: &str) -> String {
    format!("{name} (new)")
}
/// What adding it does.
pub(crate) fn new_about(name: &str) -> String {
    format!(
        "{name} is one more client of this run: it stands on the timeline, speaks over a link of its own, and can be rewound and shared with the run."
    )
}
/// Publishes once more.
pub(crate) fn again(topic: &str) -> String {
    format!("Again to {topic}")
}
/// A column's name.
pub(crate) fn received(filter: &str) -> String {
    format!("Received under {filter}")
}
/// Refused by the client itself.
pub(crate) fn not_sent(why: &str) -> String {
    format!("not sent: {why}")
}
/// Not possible.
pub(crate) fn not_done(why: &str) -> String {
    format!("not done: {why}")
}
/// Waits at the client.
pub(crate) fn held_back(why: &str) -> String {
    format!("held back: {why}")
}
/// A PUBLISH without a packet.
pub(crate) fn publish(topic: &str) -> String {
    format!("PUBLISH {topic}")
}
