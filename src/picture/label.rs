//! Times as people read them. Written with integers: formatting floats would pull big tables into the page.

use crate::time::{SimTime, Span};

/// A moment to the millisecond, such as `0:12.345` or `1:02:03.000`; with microseconds where it has any.
pub fn clock(at: SimTime) -> String {
    let (us, s) = (at.0 % 1_000_000, at.0 / 1_000_000);
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    let mut text = if h > 0 {
        format!("{h}:{m:02}:{s:02}.{:03}", us / 1000)
    } else {
        format!("{m}:{s:02}.{:03}", us / 1000)
    };
    if us % 1000 != 0 {
        text.push_str(&format!("\u{2009}{:03}", us % 1000));
    }
    text
}

/// What a time is written as, for who wrote it otherwise.
const TIME_FORMS: &str =
    "Write 12.5s, 250ms, 2h, 1h 30m or 1:02.5; +5s and -5s count from the moment that is shown";

/// The time that somebody types: as [`clock`] shows it, as a number with a unit or several of them, or as so much more or less than
/// `view`. A number alone is seconds.
///
/// # Errors
/// What is allowed.
pub fn read_time(text: &str, view: SimTime) -> Result<SimTime, String> {
    let text: String = text.to_lowercase().replace('\u{2212}', "-");
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, rest) = match text.chars().next() {
        Some('+') => (1, &text[1..]),
        Some('-') => (-1, &text[1..]),
        _ => (0, text.as_str()),
    };
    let us = match rest.contains(':') {
        true => clock_us(rest),
        false => spans_us(rest),
    };
    let us = us.filter(|us| *us < u64::MAX / 4);
    let us = us.ok_or_else(|| format!("\u{201c}{text}\u{201d} is no time. {TIME_FORMS}."))?;
    let us = match sign {
        0 => us,
        1 => view.0.saturating_add(us),
        _ => view.0.saturating_sub(us),
    };
    Ok(SimTime(us))
}

/// `h:mm:ss.part` or `m:ss.part`.
fn clock_us(text: &str) -> Option<u64> {
    let (whole, seconds) = text.rsplit_once(':')?;
    let part = Span::parse(&format!("{seconds}s")).ok().filter(|part| *part < Span::s(60))?;
    let mut minutes = 0_u64;
    for (nth, number) in whole.split(':').enumerate() {
        let number: u64 = number.parse().ok().filter(|number| nth == 0 || *number < 60)?;
        minutes = minutes.checked_mul(60)?.checked_add(number)?;
    }
    (whole.split(':').count() <= 2).then(|| minutes.checked_mul(60_000_000)?.checked_add(part.0)).flatten()
}

/// Numbers with their units, one after the other.
fn spans_us(text: &str) -> Option<u64> {
    if text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains(|c: char| c.is_ascii_alphabetic()) {
        return Span::parse(&format!("{text}s")).ok().map(|span| span.0);
    }
    let mut rest = text;
    let mut sum = 0_u64;
    while !rest.is_empty() || text.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let end = rest[unit..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |end| unit + end);
        sum = sum.checked_add(Span::parse(rest.get(..end)?).ok()?.0)?;
        rest = &rest[end..];
    }
    Some(sum)
}

/// A length of time in its natural unit with at most three digits after the point, such as `14.2 s` or `40 ms`.
pub fn span(us: u64) -> String {
    let (unit, name) = match us {
        0 => return "0 s".to_owned(),
        1..1_000 => (1, "µs"),
        1_000..1_000_000 => (1_000, "ms"),
        1_000_000..120_000_000 => (1_000_000, "s"),
        120_000_000..7_200_000_000 => (60_000_000, "min"),
        7_200_000_000..172_800_000_000 => (3_600_000_000, "h"),
        _ => (86_400_000_000, "d"),
    };
    let thousandths = us * 1000 / unit;
    // Three digits that say something: 14.2, 142, 1.42.
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    let part = match whole {
        0..10 => format!("{part:03}"),
        10..100 => format!("{:02}", part / 10),
        _ => format!("{}", part / 100),
    };
    match part.trim_end_matches('0') {
        "" => format!("{whole} {name}"),
        part => format!("{whole}.{part} {name}"),
    }
}

/// A moment on a ruler whose marks stand `step_us` apart: only as many digits as tell neighbours apart.
pub fn tick(at: SimTime, step_us: u64) -> String {
    let (us, s) = (at.0 % 1_000_000, at.0 / 1_000_000);
    let digits = match step_us {
        1_000_000.. => 0,
        100_000.. => 1,
        10_000.. => 2,
        1_000.. => 3,
        100.. => 4,
        10.. => 5,
        _ => 6,
    };
    let mut text = match s {
        0..60 => format!("{s}"),
        60..3600 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
    };
    if digits > 0 {
        text.push('.');
        text.push_str(&format!("{us:06}")[..digits]);
    }
    if s < 60 {
        text.push_str(" s");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_spans_read_well() {
        assert_eq!(clock(SimTime(12_345_000)), "0:12.345");
        assert_eq!(clock(SimTime(3_723_000_007)), "1:02:03.000\u{2009}007");
        for (us, text) in
            [(0, "0 s"), (7, "7 µs"), (40_000, "40 ms"), (14_200_000, "14.2 s"), (1_420_000, "1.42 s")]
        {
            assert_eq!(span(us), text);
        }
        assert_eq!(span(3_600_000_000), "60 min");
        assert_eq!(span(86_400_000_000 * 7), "7 d");
    }

    #[test]
    fn a_typed_time_is_read_in_any_of_its_forms() {
        let view = SimTime(10_000_000);
        for (text, us) in [
            ("12.5s", 12_500_000),
            (" 12.5 ", 12_500_000),
            ("1:02.5", 62_500_000),
            ("2h", 7_200_000_000),
            ("1h 30m", 5_400_000_000),
            ("6d23h", 601_200_000_000),
            ("1:02:03", 3_723_000_000),
            ("250MS", 250_000),
            ("+5s", 15_000_000),
            ("-5s", 5_000_000),
            ("\u{2212}1m", 0),
            ("+0:01", 11_000_000),
        ] {
            assert_eq!(read_time(text, view), Ok(SimTime(us)), "{text}");
        }
        let shown = SimTime(3_723_000_007);
        assert_eq!(read_time(&clock(shown), view), Ok(shown));
        for wrong in
            ["", "soon", "5 weeks", "1:99", "1:2:3:4", "1::2", "s", "12..5s", "é", "99999999999999d", "1h:30"]
        {
            let why = read_time(wrong, view).unwrap_err();
            assert!(why.contains("is no time. Write 12.5s, 250ms, 2h"), "{wrong}: {why}");
        }
    }

    #[test]
    fn ticks_tell_neighbours_apart() {
        assert_eq!(tick(SimTime(2_000_000), 1_000_000), "2 s");
        assert_eq!(tick(SimTime(2_500_000), 500_000), "2.5 s");
        assert_eq!(tick(SimTime(90_000_000), 30_000_000), "1:30");
        assert_eq!(tick(SimTime(1_000_250), 50), "1.00025 s");
    }
}
