//! Simulated time: integer microseconds, so that every target computes the same.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// The calendar time of the moment zero where a run says nothing else, as RFC 3339 writes it.
pub const EPOCH: &str = "2026-01-01T00:00:00Z";

/// A moment: microseconds since the run's epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SimTime(pub u64);

/// A length of time in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(pub u64);

impl SimTime {
    /// The epoch.
    pub const ZERO: Self = Self(0);
    /// Later than every moment of a run.
    pub const END: Self = Self(u64::MAX);

    /// The time that passed since `earlier`; zero where `earlier` is later.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// Whole milliseconds since the epoch, rounded down.
    pub fn as_ms(self) -> u64 {
        self.0 / 1_000
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `us` microseconds.
    pub const fn us(us: u64) -> Self {
        Self(us)
    }

    /// A span of `ms` milliseconds; the longest span where that overflows.
    pub const fn ms(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000))
    }

    /// A span of `s` seconds; the longest span where that overflows.
    pub const fn s(s: u64) -> Self {
        Self(s.saturating_mul(1_000_000))
    }

    /// Whole seconds, rounded down.
    pub const fn as_s(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Reads a time as scenarios and links write it: a decimal number and a unit (`us ms s m h d`), such as `2.5s`.
    ///
    /// # Errors
    /// Says what is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        if digits == 0 {
            return Err(format!(
                "`{text}` is no time: it begins with a number that is not negative, as in 250ms or 1.5s"
            ));
        }
        let (number, unit) = text.split_at(digits);
        let unit_us: u64 = match unit.trim() {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            "d" => 86_400_000_000,
            "" => {
                return Err(format!(
                    "`{text}` has no unit: write one of us, ms, s, m, h, d after the number"
                ));
            }
            other => return Err(format!("`{other}` is no unit of time: use us, ms, s, m, h or d")),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let bad = || format!("`{number}` is no number: write digits, such as 250ms or 1.5s");
        if whole.is_empty() || part.contains('.') || part.len() > 12 {
            return Err(bad());
        }
        let whole: u64 = whole.parse().map_err(|_| bad())?;
        let scale = 10u128.pow(u32::try_from(part.len()).map_err(|_| bad())?);
        let part: u128 = if part.is_empty() { 0 } else { part.parse().map_err(|_| bad())? };
        let us = u128::from(whole) * u128::from(unit_us) + part * u128::from(unit_us) / scale;
        u64::try_from(us).map(Self).map_err(|_| format!("`{text}` is longer than a run can be"))
    }
}

impl Add<Span> for SimTime {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for SimTime {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for SimTime {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Writes the shortest exact form that [`Span::parse`] reads back.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0;
        if us == 0 || us.is_multiple_of(1_000_000) {
            return write!(f, "{}s", us / 1_000_000);
        }
        let (unit_us, unit, width) = match us {
            1_000_000.. => (1_000_000, "s", 6),
            1_000.. => (1_000, "ms", 3),
            _ => return write!(f, "{us}us"),
        };
        let part = format!("{:0width$}", us % unit_us);
        match part.trim_end_matches('0') {
            "" => write!(f, "{}{unit}", us / unit_us),
            part => write!(f, "{}.{part}{unit}", us / unit_us),
        }
    }
}

/// The milliseconds from 1970 to a date and time in UTC as RFC 3339 writes it, such as [`EPOCH`]; `None` where it is none.
pub fn epoch_ms(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|number| number.parse::<u64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, part) = time.split_once('.').unwrap_or((time, ""));
    let mut time = time.splitn(3, ':').map(|number| number.parse::<u64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let part_ms = format!("{part:0<3}").get(..3)?.parse::<u64>().ok()?;
    // Years that begin in March put the day that leap years add at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + part_ms)
}

/// Milliseconds from 1970 as date and time in UTC, such as `2026-01-01 00:00:00.000`.
pub fn date_and_time(unix_ms: u64) -> String {
    let (days, ms) = (unix_ms / 86_400_000, unix_ms % 86_400_000);
    // As above, from the first of March of the year 0; an era has 400 years.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year + month / 10, if month < 10 { month + 3 } else { month - 9 });
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_alike() {
        for (text, us) in [
            ("0s", 0),
            ("7us", 7),
            ("250ms", 250_000),
            ("1.5ms", 1_500),
            ("1.5s", 1_500_000),
            ("12s", 12_000_000),
        ] {
            assert_eq!(Span::parse(text), Ok(Span(us)));
            assert_eq!(Span(us).to_string(), text);
        }
        assert_eq!(Span::parse("2h"), Ok(Span::s(7_200)));
        assert_eq!(Span::parse("1d"), Ok(Span::s(86_400)));
    }

    #[test]
    fn calendar_times_are_counted_from_1970() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600_000),
            ("2000-03-01T00:00:00Z", 951_868_800_000),
            ("2024-12-31T23:59:59.5Z", 1_735_689_599_500),
            (EPOCH, 1_767_225_600_000),
        ] {
            assert_eq!(epoch_ms(text), Some(ms), "{text}");
        }
        assert_eq!(date_and_time(951_825_600_000), "2000-02-29 12:00:00.000");
        assert_eq!(date_and_time(951_868_800_000), "2000-03-01 00:00:00.000");
        assert_eq!(date_and_time(1_735_689_599_500), "2024-12-31 23:59:59.500");
        assert_eq!(date_and_time(1_767_225_600_000), "2026-01-01 00:00:00.000");
        assert_eq!(
            [epoch_ms("2026-13-01T00:00:00Z"), epoch_ms("yesterday"), epoch_ms("2026-01-01")],
            [None; 3]
        );
    }

    #[test]
    fn a_wrong_time_is_explained() {
        assert!(Span::parse("5").unwrap_err().contains("no unit"));
        assert!(Span::parse("5 weeks").unwrap_err().contains("us, ms, s, m, h or d"));
        assert!(Span::parse("x5s").is_err());
        assert!(Span::parse("1.2.3s").is_err());
        assert!(Span::parse("99999999999999999999d").is_err());
    }
}
