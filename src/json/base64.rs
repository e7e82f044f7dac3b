//! Base64 (RFC 4648): with the URL-safe alphabet and without padding for links; either alphabet is read.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes with the URL-safe alphabet, without padding.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for n in 0..=group.len() {
            let digit = word >> (18 - 6 * n) & 63;
            text.push(char::from(ALPHABET[digit as usize]));
        }
    }
    text
}

/// Writes bytes with the other alphabet, and with padding.
pub(crate) fn to_base64_padded(bytes: &[u8]) -> String {
    let mut text = to_base64(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// The bytes of a text in either alphabet, with or without padding; the offset of what is wrong where it is none.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, usize> {
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 || (text.len() != digits.len() && !text.len().is_multiple_of(4)) {
        return Err(digits.len());
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let mut word = 0u32;
    let mut bits = 0;
    for (at, byte) in digits.bytes().enumerate() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return Err(at),
        };
        word = word << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xff) as u8);
        }
    }
    // Six left-over bits are no whole digit's worth; others must be zero, so that every text has one meaning.
    if bits == 6 || word & ((1 << bits) - 1) != 0 {
        return Err(digits.len().saturating_sub(1));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64(bytes.as_bytes()), text.trim_end_matches('='));
            assert_eq!(to_base64_padded(bytes.as_bytes()), text);
            assert_eq!(from_base64(text).unwrap(), bytes.as_bytes());
            assert_eq!(from_base64(text.trim_end_matches('=')).unwrap(), bytes.as_bytes());
        }
        assert_eq!(to_base64(&[0xfb, 0xff]), "-_8");
        assert_eq!(from_base64("+/8=").unwrap(), [0xfb, 0xff]);
    }

    #[test]
    fn what_is_no_base64_is_refused_where_it_is_wrong() {
        assert_eq!(from_base64("Zm9v!"), Err(4));
        assert_eq!(from_base64("Z"), Err(0));
        assert_eq!(from_base64("Zh"), Err(1), "bits are left over");
        assert!(from_base64("Zg=").is_err() && from_base64("=").is_err() && from_base64("====").is_err());
    }
}
