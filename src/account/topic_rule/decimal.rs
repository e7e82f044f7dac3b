//! Numbers with nine decimals, so that arithmetic is the same on every target.

use std::fmt;

/// How many of the smallest parts make one.
const ONE: i128 = 1_000_000_000;
/// How many decimals there are.
const PLACES: i32 = 9;

/// A number, in billionths. What is smaller is cut off; what is too large is no number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Decimal(i128);

impl Decimal {
    /// The number that a text writes as JSON does.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, digits) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.parse::<i32>().ok().filter(|exponent| (-99..=99).contains(exponent))?;
        // Where the last digit stands that counts.
        let last = i32::try_from(whole.len()).ok()? + exponent + PLACES;
        let mut number: i128 = 0;
        let all = whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat(b'0'));
        for digit in all.take(usize::try_from(last).unwrap_or(0)) {
            number = number.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        Some(Self(if is_negative { -number } else { number }))
    }

    /// `+`, `-`, `*`, `/` or `%`; nothing where there is no such number.
    pub(super) fn compute(self, operator: u8, other: Self) -> Option<Self> {
        match operator {
            b'+' => self.0.checked_add(other.0),
            b'-' => self.0.checked_sub(other.0),
            b'*' => self.0.checked_mul(other.0).map(|product| product / ONE),
            b'/' => self.0.checked_mul(ONE)?.checked_div(other.0),
            _ => self.0.checked_rem(other.0),
        }
        .map(Self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, parts) =
            (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        if parts == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{parts:09}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_computed_and_written() {
        let number = |text: &str| Decimal::parse(text).unwrap_or_else(|| panic!("{text}"));
        for (text, written) in [
            ("0", "0"),
            ("-0.5", "-0.5"),
            ("21.50", "21.5"),
            ("1e3", "1000"),
            ("12E-1", "1.2"),
            ("1e-10", "0"),
        ] {
            assert_eq!(number(text).to_string(), written);
        }
        for wrong in ["", "-", "x", "1e99", "1.2.3", ".5", "1e"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
        assert!(number("9") < number("10.5") && number("-2") < number("-1.9"));
        for (left, operator, right, result) in [
            ("1.5", b'+', "2", Some("3.5")),
            ("1", b'-', "2.25", Some("-1.25")),
            ("1.5", b'*', "-4", Some("-6")),
            ("1", b'/', "8", Some("0.125")),
            ("7", b'%', "4", Some("3")),
            ("1", b'/', "0", None),
        ] {
            let computed = number(left).compute(operator, number(right));
            assert_eq!(computed.map(|number| number.to_string()).as_deref(), result, "{left} {right}");
        }
    }
}
