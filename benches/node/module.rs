//! The traffic of the broker's benchmark as a module for Node: `benches/node/measure.mjs` times it. No part of what ships.
#![cfg(target_arch = "wasm32")]

#[path = "../common/measure.rs"]
mod measure;
#[path = "../common/traffic.rs"]
mod traffic;

use glassbroker::trace::Level;
use glassbroker::wire::{QoS, Version};
use measure::{Runner, runner};
use traffic::Load;
use wasm_bindgen::prelude::wasm_bindgen;

/// A load that is ready to run.
#[wasm_bindgen]
pub struct Bench(Runner);

#[wasm_bindgen]
impl Bench {
    /// A load of 64-byte payloads: `version` 3 or 5; `trace` is a level's name, or any other word for none.
    #[wasm_bindgen(constructor)]
    pub fn new(version: u8, qos: u8, subscribers: usize, packets_a_chunk: usize, trace: &str) -> Self {
        let version = if version == 5 { Version::V5 } else { Version::V3 };
        let qos = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce][usize::from(qos)];
        let load = Load { version, qos, subscribers, payload_bytes: 64, packets_a_chunk };
        Self(runner(load, Level::from_name(trace)))
    }

    /// Runs so many rounds, and gives how many messages reached subscribers.
    pub fn run(&mut self, rounds: u32) -> f64 {
        (self.0)(rounds) as f64
    }
}
