//! What several panels say.

/// A quality of service.
pub(crate) fn qos(level: u8) -> String {
    format!("QoS {level}")
}

/// How many there are beyond those that are shown.
pub(crate) fn more(count: usize) -> String {
    format!("and {count} more")
}

/// A part of what there is.
pub(crate) fn of(part: impl std::fmt::Display, all: impl std::fmt::Display) -> String {
    format!("{part} of {all}")
}

/// The three levels of quality of service.
pub(crate) const QOS: &[&str] = &["QoS 0", "QoS 1", "QoS 2"];
/// The versions, 5.0 first.
pub(crate) const VERSIONS: &[&str] = &["MQTT 5.0", "MQTT 3.1.1"];
/// The choice of those.
pub(crate) const VERSION: &str = "Version";
/// Columns and choices.
pub(crate) const CLIENT: &str = "Client";
pub(crate) const ALL_CLIENTS: &str = "All clients";
/// Buttons.
pub(crate) const CONNECT: &str = "Connect";
pub(crate) const DISCONNECT: &str = "Disconnect";
pub(crate) const COPY: &str = "Copy";
/// Closes what is over the page.
pub(crate) const CLOSE: &str = "Close";

/// Flags of a PUBLISH.
pub(crate) const RETAIN: &str = "RETAIN";
pub(crate) const DUP: &str = "DUP";

/// Gives a subscription up.
pub(crate) fn unsubscribe(filter: &str) -> String {
    format!("Unsubscribe {filter}")
}

/// Begins the run again with what was typed.
pub(crate) const BEGIN_AGAIN: &str = "Begin the run again with these";
