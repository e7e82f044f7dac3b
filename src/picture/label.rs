//! Times as people read them. Written with integers: formatting floats would pull big tables into the page.

use crate::time::SimTime;

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
    fn ticks_tell_neighbours_apart() {
        assert_eq!(tick(SimTime(2_000_000), 1_000_000), "2 s");
        assert_eq!(tick(SimTime(2_500_000), 500_000), "2.5 s");
        assert_eq!(tick(SimTime(90_000_000), 30_000_000), "1:30");
        assert_eq!(tick(SimTime(1_000_250), 50), "1.00025 s");
    }
}
