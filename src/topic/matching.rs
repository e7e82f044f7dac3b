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
    parting(filter, name, parent).is_none()
}

/// Where a Topic Filter and a Topic Name that it does not match part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Parting {
    /// At once: the name begins with `$`, the filter with a wildcard.
    Reserved,
    /// At this level, from 1: both have one, and not the same.
    Level(usize),
    /// The name goes on at this level, where the filter has ended.
    Longer(usize),
    /// The filter goes on at this level, where the name has ended.
    Shorter(usize),
}

/// Where they part; `None` where the filter matches the name.
pub fn parting(filter: &str, name: &str, parent: ParentMatch) -> Option<Parting> {
    if name.starts_with('$') && filter.starts_with(['+', '#']) {
        return Some(Parting::Reserved);
    }
    let mut levels = name.split('/');
    let mut filters = filter.split('/');
    for number in 1.. {
        match (filters.next(), levels.next()) {
            (None, None) | (Some("#"), Some(_)) => return None,
            (Some("#"), None) if parent == ParentMatch::Included => return None,
            (Some("+"), Some(_)) => {}
            (Some(filter), Some(level)) if filter == level => {}
            (Some(_), Some(_)) => return Some(Parting::Level(number)),
            (None, Some(_)) => return Some(Parting::Longer(number)),
            (Some(_), None) => return Some(Parting::Shorter(number)),
        }
    }
    None
}

/// The levels before the first wildcard of a Topic Filter without `$share/…/`, as a name: where in the topic tree it attaches. `None`
/// where it begins with a wildcard and attaches above every name.
pub fn literal_prefix(filter: &str) -> Option<&str> {
    let Some(at) = filter.split('/').position(|level| level == "+" || level == "#") else {
        return Some(filter);
    };
    let end = filter.match_indices('/').nth(at.checked_sub(1)?)?.0;
    Some(&filter[..end])
}
