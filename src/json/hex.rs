//! Bytes that are no text stand in JSON as hexadecimal digits.

use std::fmt::Write as _;

/// Appends two lower-case digits a byte.
pub(crate) fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing into a string never fails.
        let _ = write!(out, "{byte:02x}");
    }
}

/// The bytes that pairs of hexadecimal digits stand for, white space between pairs allowed; `None` where they do not.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut digits = text.chars().filter(|c| !c.is_ascii_whitespace());
    while let Some(high) = digits.next() {
        let low = digits.next()?;
        bytes.push((high.to_digit(16)? * 16 + low.to_digit(16)?) as u8);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_pairs() {
        assert_eq!(from_hex("ff 00"), Some(vec![255, 0]));
        assert_eq!(from_hex(""), Some(vec![]));
        assert!(from_hex("f").is_none() && from_hex("fg").is_none() && from_hex("éé").is_none());
    }
}
