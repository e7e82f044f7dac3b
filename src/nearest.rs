//! The name that someone may have meant.

/// The name nearest to a misspelt one, as the end of an error; empty where none is near.
pub(crate) fn did_you_mean<'a>(misspelt: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let most = 1 + misspelt.chars().count() / 3;
    let near = names.into_iter().map(|name| (distance(misspelt, name), name)).min();
    match near {
        Some((distance, name)) if distance <= most => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}

/// A hint as the end of a sentence: with a full stop, unless it asks.
pub(crate) fn ended(hint: String) -> String {
    if hint.ends_with('?') { hint } else { hint + "." }
}

/// The edit distance of Levenshtein, by characters, of what is not longer than any name.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, to) in b.iter().enumerate() {
            let next = (diagonal + usize::from(from != *to)).min(row[j + 1] + 1).min(left + 1);
            diagonal = row[j + 1];
            row[j] = left;
            left = next;
        }
        if let Some(last) = row.last_mut() {
            *last = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_not() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(did_you_mean("pubish", ["publish", "subscribe"]), "; did you mean `publish`?");
        assert_eq!(did_you_mean("zebra", ["publish", "subscribe"]), "");
    }
}
