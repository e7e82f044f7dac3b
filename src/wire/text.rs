//! UTF-8 Encoded Strings (1.5.3 in 3.1.1, 1.5.4 in 5.0).

use bytes::Bytes;
use std::fmt;
use std::ops::Deref;

/// Text that is known to be UTF-8 and shares the bytes that it was decoded from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Bytes);

/// Why bytes are no string of MQTT's, and at which byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BadText {
    /// They are not UTF-8: a wrong sequence, an overlong one or a surrogate.
    NotUtf8(usize),
    /// They hold U+0000.
    Null(usize),
}

impl Text {
    /// The text in `bytes`; `None` where they are not UTF-8. What MQTT asks beyond UTF-8 is the decoder's to check.
    pub fn from_bytes(bytes: Bytes) -> Option<Self> {
        std::str::from_utf8(&bytes).is_ok().then_some(Self(bytes))
    }

    /// The text in `bytes[start..end]`, and whether a wildcard character (`+` or `#`) is in it. The range lies within.
    #[inline]
    pub(super) fn cut(bytes: &Bytes, start: usize, end: usize) -> Result<(Self, bool), BadText> {
        let Some(text) = bytes.get(start..end) else { return Err(BadText::NotUtf8(start)) };
        let seen = scan(text);
        if seen.is_suspect {
            check_slowly(text, start)?;
        }
        Ok((Self(bytes.slice(start..end)), seen.has_wildcard))
    }

    /// The text without any copy, for constants.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// The text.
    #[allow(unsafe_code)]
    pub fn as_str(&self) -> &str {
        // SAFETY: every constructor checked or was given UTF-8, and `Bytes` never changes what it holds.
        unsafe { std::str::from_utf8_unchecked(&self.0) }
    }

    /// The bytes, shared.
    pub const fn as_bytes(&self) -> &Bytes {
        &self.0
    }
}

/// What one look at the bytes shows.
struct Seen {
    /// A byte above 127 or U+0000: to be looked at again.
    is_suspect: bool,
    /// A `+` or a `#`.
    has_wildcard: bool,
}

/// Looks at eight bytes at once: almost every topic is ASCII, and this is done for every message.
#[inline]
fn scan(text: &[u8]) -> Seen {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The two wildcards differ in one bit: `+` is 0x2B, `#` is 0x23.
    const HASH: u64 = b'#' as u64 * ONES;
    const NOT_BIT_3: u64 = !(8 * ONES);
    // A bit is set here if and only if a byte of `x` is zero.
    let zero = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
    let (mut suspect, mut wildcard) = (0, 0);
    let mut look = |word: u64| {
        suspect |= word & HIGH | zero(word);
        wildcard |= zero((word & NOT_BIT_3) ^ HASH);
    };
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        look(u64::from_le_bytes(*word));
    }
    if let (Some(last), false) = (text.last_chunk::<8>(), rest.is_empty()) {
        // The last eight bytes overlap with those before, which changes nothing.
        look(u64::from_le_bytes(*last));
    } else {
        // Fewer than eight bytes, filled up with what is neither a wildcard nor suspect.
        let mut word = [b' '; 8];
        for (place, byte) in word.iter_mut().zip(rest) {
            *place = *byte;
        }
        look(u64::from_le_bytes(word));
    }
    Seen { is_suspect: suspect != 0, has_wildcard: wildcard != 0 }
}

#[cold]
fn check_slowly(text: &[u8], start: usize) -> Result<(), BadText> {
    let valid = match std::str::from_utf8(text) {
        Ok(_) => text.len(),
        Err(error) => error.valid_up_to(),
    };
    match text.iter().take(valid).position(|&byte| byte == 0) {
        Some(at) => Err(BadText::Null(start + at)),
        None if valid < text.len() => Err(BadText::NotUtf8(start + valid)),
        None => Ok(()),
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Bytes::from(text))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scan_sees_what_a_look_at_each_byte_sees() {
        for length in 0..40 {
            let plain = vec![b'a'; length];
            assert!(!scan(&plain).is_suspect && !scan(&plain).has_wildcard, "length {length}");
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = plain.clone();
                    text[at] = byte;
                    let seen = scan(&text);
                    assert_eq!(seen.is_suspect, byte == 0 || byte >= 0x80, "{byte:#04x} at {at} of {length}");
                    assert_eq!(
                        seen.has_wildcard,
                        byte == b'+' || byte == b'#',
                        "{byte:#04x} at {at} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_first_fault_is_named() {
        let cut =
            |text: &'static [u8]| Text::cut(&Bytes::from_static(text), 2, text.len()).map(|(text, _)| text);
        assert_eq!(cut(b"..a\0b"), Err(BadText::Null(3)));
        assert_eq!(cut("..é\0".as_bytes()), Err(BadText::Null(4)));
        assert_eq!(cut(b"..\xC3\xA9\xFF\0"), Err(BadText::NotUtf8(4)));
        assert_eq!(cut(b"..\0\xFF"), Err(BadText::Null(2)));
        assert_eq!(cut("..é+".as_bytes()).as_deref(), Ok("é+"));
    }
}
