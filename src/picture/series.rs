//! The numbers in payloads over time: one field of one topic, in so few parts that a drawing of it takes always as long.

use super::difference::leaves;
use super::label::tick;
use crate::json::Json;
use crate::time::SimTime;

/// How many parts there are at most; where there would be more, each takes two.
const PARTS: usize = 4096;

/// The number in a payload, or the numbers of its JSON fields by their way there; true and false count as 1 and 0.
pub fn numbers(payload: &[u8]) -> Vec<(String, f64)> {
    let Ok(text) = std::str::from_utf8(payload) else { return Vec::new() };
    if let Some(value) = number(text.trim()) {
        return vec![(String::new(), value)];
    }
    let number_of = |(way, value): (String, Json)| {
        let value = match value {
            Json::Number(text) => number(&text)?,
            Json::Switch(on) => f64::from(u8::from(on)),
            _ => return None,
        };
        Some((way, value))
    };
    leaves(text).unwrap_or_default().into_iter().filter_map(number_of).collect()
}

/// A decimal number, near enough for a drawing. Written out, since the exact way pulls large tables into the page.
fn number(text: &str) -> Option<f64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let mut exponent = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || text.len() > 64 || exponent.abs() > 100 {
        return None;
    }
    let mut value = 0.0;
    for digit in whole.chars().chain(part.chars()) {
        value = value * 10.0 + f64::from(digit.to_digit(10)?);
    }
    exponent -= i32::try_from(part.len()).ok()?;
    Some(sign * scaled(value, exponent))
}

/// A value times a power of ten.
fn scaled(value: f64, exponent: i32) -> f64 {
    let power = 10f64.powi(exponent.abs());
    if exponent < 0 { value / power } else { value * power }
}

/// Some values that came one after the other.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Part {
    /// The event of the first one.
    seq: u32,
    from: SimTime,
    to: SimTime,
    first: f64,
    last: f64,
    low: f64,
    high: f64,
}

/// Values over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    parts: Vec<Part>,
    /// How many values a part takes, and how many the last one has.
    each: u32,
    in_last: u32,
    count: u32,
}

impl Default for Series {
    fn default() -> Self {
        Self { parts: Vec::new(), each: 1, in_last: 0, count: 0 }
    }
}

impl Series {
    /// Takes the next value, of an event at a time.
    pub fn push(&mut self, seq: u32, at: SimTime, value: f64) {
        self.count += 1;
        match self.parts.last_mut() {
            Some(part) if self.in_last < self.each => {
                (part.to, part.last) = (at, value);
                (part.low, part.high) = (part.low.min(value), part.high.max(value));
                self.in_last += 1;
                return;
            }
            _ => {}
        }
        if self.parts.len() == PARTS {
            self.parts = self.parts.chunks(2).map(joined).collect();
            self.each *= 2;
        }
        self.parts.push(Part { seq, from: at, to: at, first: value, last: value, low: value, high: value });
        self.in_last = 1;
    }

    /// How many values there were.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The lowest, the highest and the last value before the view. Where parts are of several values, to the part.
    pub fn told(&self, events: u32) -> Option<(f64, f64, f64)> {
        let past = &self.parts[..self.parts.partition_point(|part| part.seq < events)];
        let last = past.last()?.last;
        let ends =
            past.iter().fold((last, last), |(low, high), part| (low.min(part.low), high.max(part.high)));
        Some((ends.0, ends.1, last))
    }

    /// The drawing, `width` by `height` pixels with its origin at the top left, with a view that lies behind `events` events.
    pub fn chart(&self, view: SimTime, events: u32, (width, height): (i32, i32)) -> Option<Chart> {
        let (first, last) = (self.parts.first()?, self.parts.last()?);
        let (from, to) = (first.from.0, last.to.0.max(view.0).max(first.from.0 + 1));
        let low = self.parts.iter().fold(first.low, |low, part| low.min(part.low));
        let high = self.parts.iter().fold(first.high, |high, part| high.max(part.high));
        let (low, high) = if low == high { (low - 1.0, high + 1.0) } else { (low, high) };
        let x = |at: SimTime| {
            let part = (at.0.clamp(from, to) - from) as f64 / (to - from) as f64;
            (part * f64::from(width)).round() as i32
        };
        let y = |value: f64| ((high - value) / (high - low) * f64::from(height)).round() as i32;
        let past = self.parts.partition_point(|part| part.seq < events);
        let line = |parts: &[Part]| {
            let mut points: Vec<(i32, i32)> = Vec::new();
            for part in parts {
                let ends = [
                    (part.from, part.first),
                    (part.from, part.low),
                    (part.from, part.high),
                    (part.to, part.last),
                ];
                for (at, value) in ends {
                    let point = (x(at), y(value));
                    // In one column the ends of what is there are enough.
                    let n = points.len();
                    if n >= 2 && points[n - 1].0 == point.0 && points[n - 2].0 == point.0 {
                        let (a, b) = (points[n - 2].1, points[n - 1].1);
                        points[n - 2].1 = a.min(b).min(point.1);
                        points[n - 1].1 = a.max(b).max(point.1);
                    } else if points.last() != Some(&point) {
                        points.push(point);
                    }
                }
            }
            let mut path = String::new();
            for (i, (x, y)) in points.iter().enumerate() {
                path.push_str(&format!("{}{x} {y}", if i == 0 { "M" } else { "L" }));
            }
            path
        };
        let (step, exponent, times) = step((high - low) / 5.0);
        let unit = step * f64::from(times);
        let mut values = Vec::new();
        let mut k = (low / unit).ceil();
        while k * unit <= high + unit / 1e6 && values.len() < 8 {
            values.push((y(k * unit), digits(k as i64 * i64::from(times), exponent)));
            k += 1.0;
        }
        let middle = SimTime(from + (to - from) / 2);
        let time_step = ((to - from) / 2).max(1);
        let dots = if past <= 60 {
            self.parts[..past].iter().map(|part| (x(part.from), y(part.first))).collect()
        } else {
            Vec::new()
        };
        Some(Chart {
            past: line(&self.parts[..past]),
            // From the last value that has come on.
            later: if past < self.parts.len() {
                line(&self.parts[past.saturating_sub(1)..])
            } else {
                String::new()
            },
            dots,
            cursor: x(view),
            times: [SimTime(from), middle, SimTime(to)].map(|at| (x(at), tick(at, time_step))).to_vec(),
            values,
        })
    }
}

fn joined(parts: &[Part]) -> Part {
    parts[1..].iter().fold(parts[0], |one, next| Part {
        to: next.to,
        last: next.last,
        low: one.low.min(next.low),
        high: one.high.max(next.high),
        ..one
    })
}

/// A drawing of a series.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chart {
    /// The line up to the view, as the path of an SVG; empty where nothing has come.
    pub past: String,
    /// The line after the view.
    pub later: String,
    /// Each value up to the view, where these are few.
    pub dots: Vec<(i32, i32)>,
    /// Where the view is.
    pub cursor: i32,
    /// The labels of the time axis.
    pub times: Vec<(i32, String)>,
    /// The labels of the values' axis.
    pub values: Vec<(i32, String)>,
}

/// The next of 1, 2, 5 or 10 times a power of ten: that power, its exponent, and how many times.
fn step(least: f64) -> (f64, i32, i32) {
    let mut exponent = 0;
    while exponent < 100 && scaled(1.0, exponent + 1) <= least {
        exponent += 1;
    }
    while exponent > -100 && scaled(1.0, exponent) > least {
        exponent -= 1;
    }
    let unit = scaled(1.0, exponent);
    let times =
        [1, 2, 5].into_iter().find(|times| f64::from(*times) * unit >= least * 0.999_999).unwrap_or(10);
    (unit, exponent, times)
}

/// A whole number times a power of ten, written as a decimal number.
fn digits(mantissa: i64, exponent: i32) -> String {
    let sign = if mantissa < 0 { "−" } else { "" };
    let text = mantissa.unsigned_abs().to_string();
    if mantissa == 0 {
        return "0".to_owned();
    }
    let places = exponent.unsigned_abs() as usize;
    if exponent.abs() > 9 {
        return format!("{sign}{text}e{exponent}");
    }
    if exponent >= 0 {
        return format!("{sign}{text}{}", "0".repeat(places));
    }
    let text = format!("{}{text}", "0".repeat((places + 1).saturating_sub(text.len())));
    let (whole, part) = text.split_at(text.len() - places);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}")
}

/// A number to six digits.
pub fn decimal(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let (_, exponent, _) = step(value.abs());
    let exponent = exponent - 5;
    digits(scaled(value, -exponent).round() as i64, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_plain_payloads_and_in_json() {
        let one = |text: &str| numbers(text.as_bytes());
        let near = |text: &str, value: f64| {
            let found = one(text);
            assert!(
                found.len() == 1 && (found[0].1 - value).abs() <= value.abs() * 1e-12,
                "{text}: {found:?}"
            );
        };
        near(" 21.5\n", 21.5);
        near("-3e-2", -0.03);
        near("1E+3", 1000.0);
        near("0", 0.0);
        for text in ["", "on", "1.2.3", "0x10", "1 2", "NaN", "1e999", "-", ".5", "{"] {
            assert_eq!(one(text), [], "{text}");
        }
        let fields = one(r#"{"t": 21.5, "name": "a", "pos": {"x": -1}, "list": [3, true]}"#);
        let expected = [("t", 21.5), ("pos.x", -1.0), ("list[0]", 3.0), ("list[1]", 1.0)];
        assert_eq!(fields, expected.map(|(way, value)| (way.to_owned(), value)));
        assert_eq!(numbers(&[0xff, 0x31]), []);
    }

    #[test]
    fn numbers_are_written_without_more_digits_than_tell() {
        for (value, text) in [
            (0.0, "0"),
            (21.5, "21.5"),
            (-0.25, "−0.25"),
            (1_234_567.0, "1234570"),
            (100_000.0, "100000"),
            (1.0 / 3.0, "0.333333"),
            (1e20, "100000e15"),
        ] {
            assert_eq!(decimal(value), text);
        }
    }

    fn series(values: &[f64]) -> Series {
        let mut series = Series::default();
        for (seq, value) in (0..).zip(values) {
            series.push(seq, SimTime(u64::from(seq) * 1_000_000), *value);
        }
        series
    }

    #[test]
    fn the_line_parts_at_the_view() {
        let series = series(&[0.0, 10.0, 5.0]);
        let chart = series.chart(SimTime(1_000_000), 2, (100, 50)).unwrap();
        assert_eq!(chart.past, "M0 50L50 0");
        assert_eq!(chart.later, "M50 0L100 25");
        assert_eq!(chart.cursor, 50);
        assert_eq!(
            chart.times,
            [(0, "0 s"), (50, "1 s"), (100, "2 s")].map(|(x, text)| (x, text.to_owned()))
        );
        assert_eq!(
            chart.values,
            [(50, "0"), (40, "2"), (30, "4"), (20, "6"), (10, "8"), (0, "10")]
                .map(|(y, text)| (y, text.to_owned()))
        );
        assert_eq!(series.told(2), Some((0.0, 10.0, 10.0)));
        assert_eq!(series.told(0), None);
        assert_eq!(series.chart(SimTime::ZERO, 0, (100, 50)).unwrap().past, "");
    }

    #[test]
    fn one_value_is_a_dot_in_the_middle() {
        let chart = series(&[7.0]).chart(SimTime(5), 1, (100, 50)).unwrap();
        assert_eq!(chart.dots, [(0, 25)]);
    }

    #[test]
    fn a_hundred_thousand_values_stay_few_parts_and_lose_no_peak() {
        let mut values = vec![1.0; 100_000];
        values[77_777] = 99.0;
        let series = series(&values);
        assert!(series.parts.len() <= PARTS);
        assert_eq!(series.count(), 100_000);
        assert_eq!(series.told(u32::MAX), Some((1.0, 99.0, 1.0)));
        let chart = series.chart(SimTime::ZERO, u32::MAX, (300, 100)).unwrap();
        assert!(chart.past.contains("233 0"), "the peak is drawn where it was: {}", chart.past);
        assert!(chart.past.len() < 12 * 600, "and the path is short: {}", chart.past.len());
    }
}
