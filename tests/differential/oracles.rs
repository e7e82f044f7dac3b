//! Independent codecs behind one form: bytes in, and either why not or the bytes that they make of what they read.

use bytes::BytesMut;
use glassbroker::wire::Version;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio_util::codec::{Decoder, Encoder};

/// What an oracle makes of one whole packet: its own encoding of it, or why it refuses.
pub(crate) type Verdict = Result<Vec<u8>, String>;

/// A codec to ask.
pub(crate) type Oracle = fn(&[u8], Version) -> Verdict;

/// The oracles by name.
pub(crate) const ORACLES: [(&str, Oracle); 3] =
    [("flowsdk", flowsdk), ("mqtt-proto", mqtt_proto), ("rmqtt-codec", rmqtt)];

/// What this oracle says; a panic is a refusal that says so.
pub(crate) fn ask(oracle: Oracle, bytes: &[u8], version: Version) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| oracle(bytes, version))).unwrap_or_else(|_| Err("it panics".into()))
}

fn flowsdk(bytes: &[u8], version: Version) -> Verdict {
    use flowsdk::mqtt_serde::control_packet::MqttPacket;
    use flowsdk::mqtt_serde::parser::ParseOk;
    let level = if version == Version::V3 { 4 } else { 5 };
    match MqttPacket::from_bytes_with_version(bytes, level) {
        Ok(ParseOk::Packet(packet, read)) if read == bytes.len() => {
            packet.to_bytes().map_err(|error| format!("does not encode: {error:?}"))
        }
        Ok(ParseOk::Packet(..)) => Err("it leaves bytes over".into()),
        Ok(_) => Err("it wants more".into()),
        Err(error) => Err(format!("{error:?}")),
    }
}

fn mqtt_proto(bytes: &[u8], version: Version) -> Verdict {
    macro_rules! both_ways {
        ($packet:ty) => {
            match <$packet>::decode(bytes) {
                // It reads what the header promises and leaves the rest: the length is compared here.
                Ok(Some(_)) if whole_len(bytes) != Some(bytes.len()) => Err("it leaves bytes over".into()),
                Ok(Some(packet)) => packet
                    .encode()
                    .map(|out| out.as_ref().to_vec())
                    .map_err(|error| format!("does not encode: {error:?}")),
                Ok(None) => Err("it wants more".into()),
                Err(error) => Err(format!("{error:?}")),
            }
        };
    }
    if version == Version::V3 {
        both_ways!(mqtt_proto::v3::Packet)
    } else {
        both_ways!(mqtt_proto::v5::Packet)
    }
}

fn rmqtt(bytes: &[u8], version: Version) -> Verdict {
    let mut input = BytesMut::from(bytes);
    let mut out = BytesMut::new();
    macro_rules! both_ways {
        ($codec:expr) => {{
            let mut codec = $codec;
            match codec.decode(&mut input) {
                Ok(Some((packet, _))) if input.is_empty() => {
                    codec.encode(packet, &mut out).map_err(|error| format!("does not encode: {error:?}"))?;
                    Ok(out.to_vec())
                }
                Ok(Some(_)) => Err("it leaves bytes over".into()),
                Ok(None) => Err("it wants more".into()),
                Err(error) => Err(format!("{error:?}")),
            }
        }};
    }
    if version == Version::V3 {
        both_ways!(rmqtt_codec::v3::Codec::new(0))
    } else {
        both_ways!(rmqtt_codec::v5::Codec::new(0, 0))
    }
}

/// The length that the fixed header promises.
fn whole_len(bytes: &[u8]) -> Option<usize> {
    let mut remaining = 0usize;
    for (index, byte) in bytes.get(1..)?.iter().take(4).enumerate() {
        remaining |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(remaining + index + 2);
        }
    }
    None
}
