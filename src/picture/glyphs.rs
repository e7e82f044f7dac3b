//! How wide text is, without asking a browser: the advance widths of a plain sans-serif face.
//!
//! A canvas, an SVG file and a test then agree on where a label fits. Real faces differ by a few per cent, which the
//! callers' margins swallow.

/// Advance widths of the printable ASCII characters, U+0020 to U+007E, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// The width of one character in thousandths of the size: CJK and emoji are square, what is unknown is a little over half.
fn advance(c: char) -> u32 {
    let code = u32::from(c);
    match code {
        0x20..=0x7e => u32::from(WIDTHS[(code - 0x20) as usize]),
        0x2026 => 1000,
        0x300..=0x36f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff00..=0xff60 => 1000,
        0x1f000.. => 1150,
        _ => 600,
    }
}

/// The width of a text at a font size, both in pixels.
pub fn text_width(text: &str, size: f64) -> f64 {
    f64::from(text.chars().map(advance).sum::<u32>()) * size / 1000.0
}

/// The text itself where it fits into `width` pixels, else its beginning with an ellipsis; empty where not even that fits.
pub fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut left = width * 1000.0 / size - 1000.0;
    let mut cut = String::new();
    for c in text.chars() {
        left -= f64::from(advance(c));
        if left < 0.0 {
            break;
        }
        cut.push(c);
    }
    if cut.is_empty() {
        return cut;
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_size_and_text() {
        assert!((text_width("0000", 10.0) - 22.24).abs() < 1e-9);
        assert!(text_width("iii", 12.0) < text_width("mmm", 12.0));
        assert_eq!(text_width("", 12.0), 0.0);
    }

    #[test]
    fn a_long_text_is_cut_and_still_fits() {
        let name = "factory/1/machine/32/status";
        assert_eq!(fit(name, 12.0, 1000.0), name);
        let cut = fit(name, 12.0, 60.0);
        assert!(cut.ends_with('…') && cut.starts_with("fac"));
        assert!(text_width(&cut, 12.0) <= 60.0);
        assert_eq!(fit(name, 12.0, 8.0), "");
    }
}
