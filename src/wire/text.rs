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
        const WILDCARD: u8 = 1;
        const NULL: u8 = 2;
        const NOT_ASCII: u8 = 0x80;
        let Some(text) = bytes.get(start..end) else { return Err(BadText::NotUtf8(start)) };
        // One pass without a branch a byte: almost every topic is ASCII.
        let mut seen = 0;
        for &byte in text {
            seen |= byte & NOT_ASCII;
            seen |= u8::from(byte == b'+') | u8::from(byte == b'#') | (u8::from(byte == 0) << 1);
        }
        if seen & (NULL | NOT_ASCII) != 0 {
            check_slowly(text, start)?;
        }
        Ok((Self(bytes.slice(start..end)), seen & WILDCARD != 0))
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
