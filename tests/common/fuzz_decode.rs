//! What holds of any bytes that the codec is given: for the fuzzer, its corpus and the random tests.
#![allow(dead_code, unreachable_pub)]

use crate::packets::{Tape, encoded, with_length};
use bytes::{Bytes, BytesMut};
use glassbroker::wire::*;

/// The fuzz target `decode`: the first byte says what the others are, and how a stream of them is cut.
pub fn run(input: &[u8]) {
    let Some((&how, rest)) = input.split_first() else { return };
    let version = if how & 1 == 0 { Version::V3 } else { Version::V5 };
    let bytes = match how >> 1 & 3 {
        0 => rest.to_vec(),
        1 => with_length(rest.first().copied().unwrap_or(0), rest.get(1..).unwrap_or_default()),
        2 => Tape(rest).mutated(version),
        _ => {
            let packet = Tape(rest).packet(version);
            check_lawful(&packet, version);
            encoded(&packet, version)
        }
    };
    check_bytes(&bytes, Version::V3);
    check_bytes(&bytes, Version::V5);
    let max_bytes = if how & 0x80 == 0 { 1 << 20 } else { 64 };
    let spoken = [None, Some(version)][usize::from(how >> 6 & 1)];
    check_stream(&bytes, usize::from(how >> 3 & 7) + 1, max_bytes, spoken);
}

/// Bytes are decoded or refused, and what is decoded is a packet like any other.
pub fn check_bytes(bytes: &[u8], version: Version) {
    if let Ok(packet) = decode(&Bytes::copy_from_slice(bytes), version) {
        let mut again = BytesMut::new();
        assert!(encode(&packet, version, &mut again), "{packet:?} has a form");
        assert!(again.len() <= bytes.len(), "the encoder uses the shortest form: {packet:?}");
        assert_eq!(decode(&again.freeze(), version), Ok(packet));
    }
    check_map(bytes, version);
}

/// A lawful packet is read back as it was written.
pub fn check_lawful(packet: &Packet, version: Version) {
    let bytes = encoded(packet, version);
    assert_eq!(packet.encoded_len(version), Some(bytes.len()));
    assert_eq!(packet.check(version), Ok(()));
    assert_eq!(decode(&Bytes::from(bytes), version).as_ref(), Ok(packet));
}

/// The map covers every byte once, in order, and agrees with the decoder about what is wrong.
pub fn check_map(bytes: &[u8], version: Version) {
    let fields = field_map(bytes, version);
    let mut at = 0;
    for field in &fields {
        assert_eq!(field.start, at, "{fields:?}");
        assert!(field.end > at || at == bytes.len(), "an empty field before the end: {fields:?}");
        assert!(!field.name.is_empty() && !field.clause.is_empty() && !field.meaning.is_empty(), "{field:?}");
        at = field.end;
    }
    assert_eq!(at, bytes.len(), "{fields:?}");
    if let Err(malformed) = decode(&Bytes::copy_from_slice(bytes), version) {
        assert!(malformed.offset <= bytes.len(), "{malformed:?}");
        assert!(malformed.code.is_failure(), "{malformed:?}");
        let last = fields.last().expect("at least the field that is wrong");
        assert!(last.meaning.contains(malformed.what), "{last:?} says nothing of {malformed:?}");
    } else {
        assert!(fields.iter().all(|field| field.name != "Malformed" && field.name != "Not read"));
    }
}

/// What a splitter makes of chunks: whole packets, then what it refused.
pub fn split<'a>(
    chunks: impl Iterator<Item = &'a [u8]>,
    max_bytes: u32,
    spoken: Option<Version>,
) -> (Vec<Bytes>, Option<Malformed>) {
    let mut splitter = Splitter::new(max_bytes);
    if let Some(version) = spoken {
        splitter.speak(version);
    }
    let (mut whole, mut came, mut given) = (Vec::new(), 0, 0);
    for chunk in chunks {
        splitter.push(Bytes::copy_from_slice(chunk));
        came += chunk.len();
        loop {
            match splitter.next() {
                Ok(Some(packet)) => {
                    assert!(packet.len() <= max_bytes as usize);
                    given += packet.len();
                    whole.push(packet);
                }
                Ok(None) => break,
                Err(malformed) => {
                    assert_eq!(splitter.next(), Err(malformed.clone()), "it stays refused");
                    assert_eq!(splitter.buffered_bytes(), 0, "nothing is kept after a refusal");
                    return (whole, Some(malformed));
                }
            }
        }
        assert_eq!(splitter.buffered_bytes(), came - given, "nothing is lost or made up");
    }
    (whole, None)
}

/// However a stream is cut, the same packets come out of it, which are its bytes in order.
pub fn check_stream(bytes: &[u8], chunk_bytes: usize, max_bytes: u32, spoken: Option<Version>) {
    let at_once = split(std::iter::once(bytes), max_bytes, spoken);
    assert!(bytes.starts_with(&at_once.0.concat()));
    // A long stream in tiny chunks would take long and show nothing more.
    let chunk_bytes = chunk_bytes.max(bytes.len() / 4096);
    assert_eq!(split(bytes.chunks(chunk_bytes), max_bytes, spoken), at_once);
}
