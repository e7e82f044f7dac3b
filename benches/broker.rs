//! Messages a second through the broker, bytes in to bytes out, on one core: bare, and with the trace on.
//!
//! `cargo bench --bench broker`. Each line is the median of several rounds. A message is one PUBLISH that reached a subscriber, with
//! its whole handshake on both sides. `benches/node/measure.mjs` measures the same in Node.

#[path = "common/measure.rs"]
mod measure;
#[path = "common/traffic.rs"]
mod traffic;

use glassbroker::trace::Level;
use glassbroker::wire::{QoS, Version};
use measure::runner;
use std::time::Instant;
use traffic::Load;

const ROUNDS: usize = 9;
/// The system counts time on the processor in steps of some milliseconds.
const ROUND_NS: u64 = 40_000_000;

fn main() {
    println!(
        "{:<8} {:<8} {:>4} {:>12} {:>14} {:<8} {:>12} {:>9}",
        "engine", "version", "QoS", "subscribers", "packets/chunk", "trace", "messages/s", "ns each"
    );
    for (version, subscribers, packets_a_chunk) in [
        (Version::V3, 1, 1),
        (Version::V3, 1, 32),
        (Version::V3, 1_000, 1),
        (Version::V5, 1, 1),
        (Version::V5, 1, 32),
    ] {
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            for trace in [None, Some(Level::Packets), Some(Level::Full)] {
                measure(Load { version, qos, subscribers, payload_bytes: 64, packets_a_chunk }, trace);
            }
        }
    }
}

fn measure(load: Load, trace: Option<Level>) {
    let mut run = runner(load, trace);
    let clock = Clock(Instant::now());
    let at_once = (10_000 / load.subscribers / load.packets_a_chunk).max(1) as u32;
    // The first round fills caches and stores, and is not counted.
    let mut rounds: Vec<f64> = (0..=ROUNDS)
        .map(|_| {
            let (start, mut delivered) = (clock.ns(), 0);
            while clock.ns() - start < ROUND_NS {
                delivered += run(at_once);
            }
            (clock.ns() - start) as f64 / delivered as f64
        })
        .skip(1)
        .collect();
    rounds.sort_by(f64::total_cmp);
    let ns = rounds[ROUNDS / 2];
    let Load { version, qos, subscribers, packets_a_chunk, .. } = load;
    println!(
        "{:<8} {:<8} {:>4} {subscribers:>12} {packets_a_chunk:>14} {:<8} {:>12.0} {ns:>9.0}",
        "native",
        if version == Version::V5 { "5.0" } else { "3.1.1" },
        qos as u8,
        trace.map_or("off", Level::name),
        1e9 / ns
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
