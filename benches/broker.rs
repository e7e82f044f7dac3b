//! Messages a second through the bare broker, bytes in to bytes out, on one core.
//!
//! `cargo bench --bench broker`. Each line is the fastest of several rounds: what disturbs a measurement only makes it slower.
//! A message is one PUBLISH that reached a subscriber, with its whole handshake on both sides.

mod common {
    pub mod traffic;
}

use common::traffic::{Load, Traffic};
use glassbroker::broker::NoObserver;
use glassbroker::wire::{QoS, Version};
use std::time::Instant;

fn main() {
    println!(
        "{:<10} {:>4} {:>12} {:>14} {:>16} {:>9}",
        "version", "QoS", "subscribers", "packets/chunk", "messages/s", "ns each"
    );
    for (subscribers, packets_a_chunk) in [(1, 1), (1, 32), (1_000, 1), (1_000, 32)] {
        for version in [Version::V3, Version::V5] {
            for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
                measure(Load { version, qos, subscribers, payload_bytes: 64, packets_a_chunk });
            }
        }
    }
}

fn measure(load: Load) {
    let mut traffic = Traffic::new(load, NoObserver);
    let clock = Clock(Instant::now());
    let mut best_ns = f64::MAX;
    for _ in 0..8 {
        let before = traffic.delivered;
        let start = clock.ns();
        // The system counts time on the processor in steps of some milliseconds.
        while clock.ns() - start < 40_000_000 {
            for _ in 0..(10_000 / load.subscribers / load.packets_a_chunk).max(1) {
                traffic.round();
            }
        }
        let ns = (clock.ns() - start) as f64 / (traffic.delivered - before) as f64;
        best_ns = best_ns.min(ns);
    }
    let Load { version, qos, subscribers, packets_a_chunk, .. } = load;
    println!(
        "{version:<10?} {:>4} {subscribers:>12} {packets_a_chunk:>14} {:>16.0} {best_ns:>9.0}",
        qos as u8,
        1e9 / best_ns
    );
}

/// Time on the processor where the system tells it, so that other programs count less; else time on the wall.
struct Clock(Instant);

impl Clock {
    fn ns(&self) -> u64 {
        let on_processor = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        on_processor
            .and_then(|text| text.split(' ').next()?.parse().ok())
            .unwrap_or_else(|| self.0.elapsed().as_nanos() as u64)
    }
}
