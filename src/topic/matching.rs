//! The plain definition of matching, level by level.

/// Whether `a/#` matches its parent `a`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ParentMatch {
    /// It does, as the standards say in 4.7.1.2.
    #[default]
    Included,
    /// It does not, as AWS IoT Core documents (row T5).
    Excluded,
}

/// Whether a valid Topic Filter matches a valid Topic Name. A shared subscription's filter comes without its
/// `$share/{ShareName}/`.
///
/// A filter that begins with a wildcard does not match a name that begins with `$` ([MQTT-4.7.2-1]). Levels are compared
/// byte for byte, without any normalising ([MQTT-4.7.3-4]).
pub fn matches(filter: &str, name: &str, parent: ParentMatch) -> bool {
    if name.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = name.split('/');
    let mut filters = filter.split('/');
    loop {
        match (filters.next(), levels.next()) {
            (Some("#"), Some(_)) => return true,
            (Some("#"), None) => return parent == ParentMatch::Included,
            (Some("+"), Some(_)) => {}
            (Some(filter), Some(level)) if filter == level => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}
