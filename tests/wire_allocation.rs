//! What the hot path does not do: allocate.

#![allow(unsafe_code)]

use bytes::{Bytes, BytesMut};
use glassbroker::wire::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(what: impl FnOnce()) -> usize {
    let before = COUNT.get();
    what();
    COUNT.get() - before
}

fn stream(version: Version) -> Bytes {
    let mut out = BytesMut::new();
    for (qos, id) in [(QoS::AtMostOnce, 0), (QoS::AtLeastOnce, 7), (QoS::ExactlyOnce, 8)] {
        let payload = Bytes::from_static(&[0x5A; 64]);
        let publish =
            Publish { qos, id, topic: "plant/1/machine/7/status".into(), payload, ..Publish::default() };
        assert!(encode(&Packet::Publish(publish), version, &mut out));
    }
    for packet in [Packet::Puback(Ack::new(1)), Packet::Pubrel(Ack::new(1)), Packet::Pingreq] {
        assert!(encode(&packet, version, &mut out));
    }
    out.freeze()
}

#[test]
fn whole_packets_are_split_and_decoded_without_allocating() {
    for version in [Version::V3, Version::V5] {
        let chunk = stream(version);
        // The first clone of bytes makes their shared header; a chunk from the network has it or gets it once.
        let shared = chunk.clone();
        let mut splitter = Splitter::new(u32::MAX);
        let mut packets = 0;
        let count = allocations(|| {
            for _ in 0..10 {
                splitter.push(shared.clone());
                while let Ok(Some(packet)) = splitter.next() {
                    assert!(decode(&packet, version).is_ok());
                    packets += 1;
                }
            }
        });
        assert_eq!((packets, count), (60, 0), "{version:?}");
    }
}

#[test]
fn a_head_is_written_without_allocating_where_there_is_room() {
    let publish = Publish { qos: QoS::AtLeastOnce, id: 1, topic: "a/b".into(), ..Publish::default() };
    let mut room = BytesMut::with_capacity(64);
    let count = allocations(|| {
        for _ in 0..1000 {
            room.clear();
            assert!(encode_publish_head(&publish, 64, Version::V5, &mut room).is_some());
        }
    });
    assert_eq!(count, 0);
    // The counter counts.
    assert!(allocations(|| drop(std::hint::black_box(vec![0_u8; 100]))) > 0);
}
