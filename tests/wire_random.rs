//! What holds of every packet and of all bytes.

#[path = "common/fuzz_decode.rs"]
mod fuzz_decode;
#[path = "common/packets.rs"]
mod packets;

use bytes::{Bytes, BytesMut};
use fuzz_decode::{check_bytes, check_lawful, check_map, check_stream, split};
use glassbroker::wire::*;
use packets::{Tape, encoded, with_length};
use proptest::prelude::*;

fn versions() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V3), Just(Version::V5)]
}

fn tapes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_encoded_decodes_to_the_same(tape in tapes(), version in versions()) {
        let packet = Tape(&tape).packet(version);
        check_lawful(&packet, version);
        check_map(&encoded(&packet, version), version);
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
        let whole = packets.iter().cloned().map(Bytes::from).collect::<Vec<_>>();
        prop_assert_eq!(split(chunks.iter().map(|chunk| &chunk[..]), u32::MAX, None), (whole, None));
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
        check_bytes(&bytes, version);
        let body = bytes.get(1..).unwrap_or_default();
        check_bytes(&with_length(bytes.first().copied().unwrap_or(0), body), version);
        check_stream(&bytes, 1, 1 << 20, None);
    }

    #[test]
    fn a_changed_packet_is_decoded_or_refused(tape in tapes(), version in versions()) {
        let bytes = Tape(&tape).mutated(version);
        check_bytes(&bytes, Version::V3);
        check_bytes(&bytes, Version::V5);
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
