//! Many names from one pattern: `sensor-{1..100}`.

/// The most names of one pattern.
pub const MAX_NAMES: usize = 1_000;

/// The names of a pattern, each with its number as it stands in it. A pattern without braces is one name, whose number is 1;
/// zeros before a number, as in `{001..100}`, give all of them the same width.
///
/// # Errors
/// What is wrong, and what is allowed.
pub fn names(pattern: &str) -> Result<Vec<(String, String)>, String> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return Ok(vec![(pattern.to_owned(), "1".to_owned())]);
    };
    let wrong =
        || "a pattern has one range of numbers, such as sensor-{1..100} or sensor-{001..100}".to_owned();
    let (range, after) = rest.split_once('}').ok_or_else(wrong)?;
    let (from, to) = range.split_once("..").ok_or_else(wrong)?;
    if after.contains(['{', '}']) {
        return Err(wrong());
    }
    let number = |text: &str| {
        let is_plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_plain { text.parse::<usize>().ok() } else { None }
    };
    let (first, last) = (number(from).ok_or_else(wrong)?, number(to).ok_or_else(wrong)?);
    if last < first {
        return Err(format!("the range runs from {first} down to {last}; the smaller number comes first"));
    }
    let count = last - first + 1;
    if count > MAX_NAMES {
        return Err(format!("these are {count} clients; at most {MAX_NAMES} are added at once"));
    }
    let width = if from.starts_with('0') { from.len() } else { 1 };
    Ok((first..=last)
        .map(|n| {
            let number = format!("{n:0width$}");
            (format!("{before}{number}{after}"), number)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_gives_a_name_for_each_number() {
        let of = |pattern: &str| {
            names(pattern).map(|names| names.into_iter().map(|(name, _)| name).collect::<Vec<_>>())
        };
        assert_eq!(of("sensor-{1..3}"), Ok(vec!["sensor-1".into(), "sensor-2".into(), "sensor-3".into()]));
        assert_eq!(of("{08..10}-a"), Ok(vec!["08-a".into(), "09-a".into(), "10-a".into()]));
        assert_eq!(of("lamp"), Ok(vec!["lamp".into()]));
        assert_eq!(names("s{7..7}").unwrap(), [("s7".to_owned(), "7".to_owned())]);
        assert_eq!(names("s{1..1000}").unwrap().len(), 1_000);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (pattern, said) in [
            ("s{1..1001}", "1001 clients; at most 1000"),
            ("s{5..1}", "the smaller number comes first"),
            ("s{1..", "one range"),
            ("s{a..b}", "one range"),
            ("s{1..2}{1..2}", "one range"),
            ("s{1..99999999999}", "one range"),
        ] {
            let why = names(pattern).unwrap_err();
            assert!(why.contains(said), "{pattern}: {why}");
        }
    }
}
