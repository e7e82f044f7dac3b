//! Asking a store of names with a filter.

use super::matching::ParentMatch;
use super::names::Names;
use std::cmp::Ordering;

/// Compares names in the order of the topic tree: `/` comes before every other byte.
pub(crate) fn cmp(a: &str, b: &str) -> Ordering {
    cmp_bytes(a.as_bytes(), b.as_bytes())
}

fn cmp_bytes(a: &[u8], b: &[u8]) -> Ordering {
    let place = |byte: u8| if byte == b'/' { 0 } else { u16::from(byte) + 1 };
    match a.iter().zip(b).find(|(a, b)| a != b) {
        Some((&a, &b)) => place(a).cmp(&place(b)),
        None => a.len().cmp(&b.len()),
    }
}

/// Where a name stands beside the names that begin with the levels of `prefix`: those are `Equal`.
fn cmp_subtree(name: &str, prefix: &str) -> Ordering {
    let (name, prefix) = (name.as_bytes(), prefix.as_bytes());
    let shared = name.len().min(prefix.len());
    cmp_bytes(&name[..shared], prefix).then_with(|| match name.get(shared) {
        None | Some(b'/') => Ordering::Equal,
        Some(_) => Ordering::Greater,
    })
}

/// How many names are looked at one after the other before a search for the next place: near ones are faster walked to.
const NEAR: u32 = 4;

/// What a filter says of one name.
enum Fit {
    Matches,
    /// It does not match; nor can any name before the one that begins with the first `keep` bytes of this one and goes on
    /// with the `then` bytes of the filter from `from` on.
    Below {
        keep: usize,
        from: usize,
        then: usize,
    },
    /// It does not match; nor can any other name that begins with the first `keep` bytes of this one.
    Beyond {
        keep: usize,
    },
    /// Nor can any that follows.
    Over,
}

impl<V> Names<V> {
    /// Calls `f` with each name that the valid Topic Filter `filter` matches, and its value, in order.
    ///
    /// Names that cannot match are not walked through: the search goes from one place that may match to the next.
    pub fn for_each_match(&self, filter: &str, parent: ParentMatch, mut f: impl FnMut(&str, &V)) {
        let (mut iter, hidden) = if filter.starts_with(['+', '#']) {
            // [MQTT-4.7.2-1]: names that begin with `$`, neighbours in the order, are passed over.
            (self.iter(), true)
        } else {
            let fixed = filter.split('/').take_while(|level| !matches!(*level, "+" | "#"));
            let length = fixed.map(|level| level.len() + 1).sum::<usize>().saturating_sub(1);
            let prefix = &filter[..length];
            (self.seek(|name| cmp(name, prefix)), false)
        };
        let mut near = 0;
        while let Some((name, value)) = iter.next() {
            if hidden && name.starts_with('$') {
                // `%` is the byte after `$`.
                iter = self.seek(|name| cmp(name, "%"));
                continue;
            }
            let fit = fit(filter, name, parent);
            if let Fit::Below { .. } | Fit::Beyond { .. } = fit {
                near = (near + 1) % NEAR;
                if near != 0 {
                    continue;
                }
            }
            match fit {
                Fit::Matches => {
                    near = 0;
                    f(name, value);
                }
                Fit::Below { keep, from, then } => {
                    let (kept, then) = (&name[..keep], &filter[from..from + then]);
                    iter = self.seek(|name| cmp_joined(name, kept, then));
                }
                Fit::Beyond { keep } => {
                    let kept = &name[..keep];
                    iter = self.seek(|name| match cmp_subtree(name, kept) {
                        Ordering::Greater => Ordering::Greater,
                        Ordering::Less | Ordering::Equal => Ordering::Less,
                    });
                }
                Fit::Over => return,
            }
        }
    }
}

/// Compares a name with `first` and `second` joined.
fn cmp_joined(name: &str, first: &str, second: &str) -> Ordering {
    let name = name.as_bytes();
    let (start, rest) = name.split_at(name.len().min(first.len()));
    cmp_bytes(start, first.as_bytes()).then_with(|| cmp_bytes(rest, second.as_bytes()))
}

/// Matches a filter with a name, and says where the next name that may match begins.
fn fit(filter: &str, name: &str, parent: ParentMatch) -> Fit {
    let mut names = name.split('/');
    // Where the filter's and the name's current level begin, and where the last level that a `+` took ends.
    let (mut from, mut at, mut plus_end) = (0, 0, None);
    for level in filter.split('/') {
        let beyond = match plus_end {
            // Only another level for that `+` can help.
            Some(keep) => Fit::Beyond { keep },
            None => Fit::Over,
        };
        let Some(own) = names.next() else {
            // The name is the beginning of names that may match; the search goes on with the next.
            return match level {
                "#" if parent == ParentMatch::Included => Fit::Matches,
                "#" | "+" => Fit::Below { keep: name.len(), from: from - 1, then: 1 },
                _ => Fit::Below { keep: name.len(), from: from - 1, then: level.len() + 1 },
            };
        };
        match level {
            "#" => return Fit::Matches,
            "+" => plus_end = Some(at + own.len()),
            _ => match cmp_bytes(own.as_bytes(), level.as_bytes()) {
                Ordering::Equal => {}
                Ordering::Less => return Fit::Below { keep: at, from, then: level.len() },
                Ordering::Greater => return beyond,
            },
        }
        from += level.len() + 1;
        at += own.len() + 1;
    }
    match (names.next(), plus_end) {
        (None, _) => Fit::Matches,
        (Some(_), Some(keep)) => Fit::Beyond { keep },
        (Some(_), None) => Fit::Over,
    }
}
