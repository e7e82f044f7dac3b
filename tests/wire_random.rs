//! What holds of every packet and of all bytes.

#[path = "common/packets.rs"]
mod packets;

use bytes::{Bytes, BytesMut};
use glassbroker::wire::*;
use packets::{Tape, encoded, with_length};
use proptest::prelude::*;

fn versions() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V3), Just(Version::V5)]
}

fn tapes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..200)
}

/// The map covers every byte once, in order, and agrees with the decoder about what is wrong.
fn check_map(bytes: &[u8], version: Version) -> Result<(), TestCaseError> {
    let fields = field_map(bytes, version);
    let mut at = 0;
    for field in &fields {
        prop_assert_eq!(field.start, at);
        prop_assert!(field.end > at || at == bytes.len(), "an empty field before the end: {:?}", fields);
        prop_assert!(
            !field.name.is_empty() && !field.clause.is_empty() && !field.meaning.is_empty(),
            "{:?}",
            field
        );
        at = field.end;
    }
    prop_assert_eq!(at, bytes.len());
    if let Err(malformed) = decode(&Bytes::copy_from_slice(bytes), version) {
        prop_assert!(malformed.offset <= bytes.len());
        prop_assert!(malformed.code.is_failure());
        let last = fields.last().unwrap();
        prop_assert!(last.meaning.contains(malformed.what), "{:?} says nothing of {:?}", last, malformed);
    } else {
        prop_assert!(fields.iter().all(|field| field.name != "Malformed" && field.name != "Not read"));
    }
    Ok(())
}

/// Bytes that decode are a packet like any other.
fn check_decoded(bytes: &[u8], version: Version) -> Result<(), TestCaseError> {
    if let Ok(packet) = decode(&Bytes::copy_from_slice(bytes), version) {
        let mut again = BytesMut::new();
        prop_assert!(encode(&packet, version, &mut again));
        prop_assert!(again.len() <= bytes.len(), "the encoder uses the shortest form");
        prop_assert_eq!(decode(&again.freeze(), version), Ok(packet));
    }
    check_map(bytes, version)
}

fn split(max: u32, chunks: &[Bytes]) -> Result<Vec<Bytes>, Malformed> {
    let mut splitter = Splitter::new(max);
    let mut whole = Vec::new();
    for chunk in chunks {
        splitter.push(chunk.clone());
        while let Some(packet) = splitter.next()? {
            whole.push(packet);
        }
    }
    Ok(whole)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_encoded_decodes_to_the_same(tape in tapes(), version in versions()) {
        let packet = Tape(&tape).packet(version);
        let bytes = encoded(&packet, version);
        prop_assert_eq!(packet.encoded_len(version), Some(bytes.len()));
        prop_assert_eq!(packet.check(version), Ok(()));
        prop_assert_eq!(decode(&Bytes::from(bytes.clone()), version), Ok(packet));
        check_map(&bytes, version)?;
    }

    #[test]
    fn a_stream_may_be_cut_anywhere(tape in tapes(), cuts in proptest::collection::vec(any::<u16>(), 0..12), version in versions()) {
        let mut tape = Tape(&tape);
        let packets: Vec<Vec<u8>> = (0..4).map(|_| encoded(&tape.packet(version), version)).collect();
        let stream = Bytes::from(packets.concat());
        let mut cuts: Vec<usize> = cuts.iter().map(|&cut| usize::from(cut) % (stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let chunks: Vec<Bytes> = cuts.windows(2).map(|cut| stream.slice(cut[0]..cut[1])).collect();
        prop_assert_eq!(split(u32::MAX, &chunks), Ok(packets.iter().cloned().map(Bytes::from).collect::<Vec<_>>()));
        // Chunks that are pushed before anything is taken wait in order.
        let mut splitter = Splitter::new(u32::MAX);
        chunks.into_iter().for_each(|chunk| splitter.push(chunk));
        for packet in packets {
            prop_assert_eq!(splitter.next(), Ok(Some(Bytes::from(packet))));
        }
        prop_assert_eq!(splitter.next(), Ok(None));
        prop_assert_eq!(splitter.buffered_bytes(), 0);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80), version in versions()) {
        check_decoded(&bytes, version)?;
        let body = bytes.get(1..).unwrap_or_default();
        check_decoded(&with_length(bytes.first().copied().unwrap_or(0), body), version)?;
        let one: Vec<Bytes> = bytes.iter().map(|&byte| Bytes::from(vec![byte])).collect();
        let at_once = split(1 << 20, &[Bytes::from(bytes)]);
        prop_assert_eq!(split(1 << 20, &one), at_once);
    }

    #[test]
    fn a_changed_packet_is_decoded_or_refused(tape in tapes(), version in versions()) {
        let bytes = Tape(&tape).mutated(version);
        check_decoded(&bytes, Version::V3)?;
        check_decoded(&bytes, Version::V5)?;
    }

    #[test]
    fn a_head_and_its_payload_are_the_packet(tape in tapes(), id in 1..=u16::MAX, version in versions()) {
        let mut tape = tape;
        tape.insert(0, 2);
        let Packet::Publish(mut publish) = Tape(&tape).packet(version) else { panic!("2 gives PUBLISH") };
        let mut head = BytesMut::from(&b"before"[..]);
        let offsets = encode_publish_head(&publish, publish.payload.len(), version, &mut head).unwrap();
        let mut head = head.split_off(b"before".len());
        prop_assert_eq!(offsets.len, head.len());
        let whole = |head: &[u8], publish: &Publish| [head, &publish.payload].concat();
        prop_assert_eq!(whole(&head, &publish), encoded(&Packet::Publish(publish.clone()), version));
        prop_assert_eq!(offsets.id.is_some(), publish.qos != QoS::AtMostOnce);
        if let Some(at) = offsets.id {
            publish.id = id;
            patch_id(&mut head, at, id);
            prop_assert_eq!(whole(&head, &publish), encoded(&Packet::Publish(publish), version));
        }
        // Where there is no room, nothing is written.
        let before = head.clone();
        for offset in [head.len() - 1, head.len(), usize::MAX] {
            patch_id(&mut head, offset, 0);
        }
        prop_assert_eq!(head, before);
    }
}
