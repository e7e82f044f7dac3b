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

/// How well a name is meant by what was typed of it: each of its words stands in the name, or its letters do in their order. More is
/// better: whole words before beginnings of words, those before other places; `None` where a word is not in it at all.
pub fn likeness(typed: &str, name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    typed.to_lowercase().split_whitespace().map(|word| word_likeness(word, &name)).sum()
}

/// The same for one word, both in lower case.
fn word_likeness(word: &str, name: &str) -> Option<u32> {
    let begins = |at: usize| !name[..at].ends_with(char::is_alphanumeric);
    let places = || name.match_indices(word).map(|(at, _)| at);
    if let Some(at) = places().find(|at| begins(*at)).or_else(|| places().next()) {
        let ends = !name[at + word.len()..].starts_with(char::is_alphanumeric);
        // The earlier the better, but never better than another kind of place.
        let early = 9u32.saturating_sub(at as u32 / 4);
        return Some(
            early
                + if !begins(at) {
                    40
                } else if ends {
                    80
                } else {
                    60
                },
        );
    }
    // Its letters one after the other: the fewer others lie between them the better.
    let mut rest = name.chars();
    let mut between = 0;
    for (i, letter) in word.chars().enumerate() {
        let skipped = rest.by_ref().position(|other| other == letter)?;
        between += if i == 0 { 0 } else { skipped };
    }
    Some(30u32.saturating_sub(between as u32)).filter(|likeness| *likeness > 15)
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

    #[test]
    fn what_is_typed_of_a_name_finds_it_and_the_nearest_first() {
        let found = |typed: &str| {
            let names =
                ["Share this moment", "Undo what was done by hand", "Previous step", "Theme: light, dark"];
            names
                .into_iter()
                .filter_map(|name| Some((likeness(typed, name)?, name)))
                .max()
                .map(|(_, name)| name)
        };
        assert_eq!(found("share"), Some("Share this moment"));
        assert_eq!(found("UND"), Some("Undo what was done by hand"), "capitals do not count");
        assert_eq!(found("step prev"), Some("Previous step"), "words in any order");
        assert_eq!(found("thme"), Some("Theme: light, dark"), "letters in their order");
        assert_eq!(found("xyzzy"), None);
        assert!(
            likeness("play", "Play or pause") > likeness("play", "Replay"),
            "a beginning before a middle"
        );
        assert!(likeness("go", "Go to a time") > likeness("go", "Gone"), "a whole word before a part");
        assert_eq!(likeness("", "Anything"), Some(0));
        assert!(likeness("ü", "ÜBER").is_some());
    }
}
