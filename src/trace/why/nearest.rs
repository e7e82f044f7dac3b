//! The filter that comes nearest to a topic, and what may have been meant by it.

use crate::topic::{ParentMatch, Parting, check_filter, parting};

/// What may have been meant by a filter that does not match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    /// It would match if letters of both cases were the same.
    Case,
    /// One begins or ends with `/`, which makes a level of its own.
    Slash,
    /// `+` is one level; `#` would be the rest.
    PlusIsOneLevel,
    /// `*` is no wildcard.
    Star,
    /// There are spaces around it.
    Space,
}

/// Where a filter, without its `$share/{ShareName}/`, and a topic part.
pub(super) fn parted(filter: &str, topic: &str, parent: ParentMatch) -> Option<Parting> {
    parting(check_filter(filter).map_or(filter, |filter| filter.filter), topic, parent)
}

/// How far two go together: the level at which they part.
pub(super) const fn level(at: Parting) -> usize {
    match at {
        Parting::Reserved => 0,
        Parting::Level(n) | Parting::Longer(n) | Parting::Shorter(n) => n,
    }
}

/// What may have been meant.
pub(super) fn hint(filter: &str, topic: &str, at: Parting, parent: ParentMatch) -> Option<Hint> {
    let filter = check_filter(filter).map_or(filter, |filter| filter.filter);
    let meets = |filter: &str, topic: &str| parting(filter, topic, parent).is_none();
    if at == Parting::Reserved {
        None
    } else if meets(&filter.to_lowercase(), &topic.to_lowercase()) {
        Some(Hint::Case)
    } else if meets(filter.trim_matches('/'), topic.trim_matches('/')) {
        Some(Hint::Slash)
    } else if meets(filter.trim(), topic.trim()) {
        Some(Hint::Space)
    } else if filter.contains('*') && meets(&filter.replace("**", "#").replace('*', "+"), topic) {
        Some(Hint::Star)
    } else if matches!(at, Parting::Longer(_)) && filter.ends_with('+') {
        Some(Hint::PlusIsOneLevel)
    } else {
        None
    }
}
