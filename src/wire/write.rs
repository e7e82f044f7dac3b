//! Writing bytes: lengths first, so that a packet is written whole or not at all.

use super::Text;
use bytes::{BufMut, Bytes, BytesMut};

/// The greatest Remaining Length, and the greatest Variable Byte Integer.
pub(super) const MOST: u64 = 268_435_455;

/// More than any packet may hold: the length of what cannot be written, which makes its packet too long too.
const TOO_LONG: u64 = 1 << 32;

/// The length of a string or binary data with the two bytes before it.
#[inline]
pub(super) fn prefixed_len(length: usize) -> u64 {
    if length > usize::from(u16::MAX) { TOO_LONG } else { length as u64 + 2 }
}

#[inline]
pub(super) fn text_len(text: &Text) -> u64 {
    prefixed_len(text.as_bytes().len())
}

/// The length of a Variable Byte Integer.
#[inline]
pub(super) const fn variable_len(number: u64) -> u64 {
    match number {
        0..=127 => 1,
        128..=16_383 => 2,
        16_384..=2_097_151 => 3,
        2_097_152..=MOST => 4,
        _ => TOO_LONG,
    }
}

/// A Variable Byte Integer; `number` is at most [`MOST`].
#[inline]
pub(super) fn put_variable(out: &mut BytesMut, mut number: u64) {
    while number > 127 {
        out.put_u8((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.put_u8(number as u8);
}

/// Bytes with their length before them; there are at most 65,535.
#[inline]
pub(super) fn put_prefixed(out: &mut BytesMut, bytes: &Bytes) {
    out.put_u16(bytes.len() as u16);
    out.extend_from_slice(bytes);
}

#[inline]
pub(super) fn put_text(out: &mut BytesMut, text: &Text) {
    put_prefixed(out, text.as_bytes());
}
