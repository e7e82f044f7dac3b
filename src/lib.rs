//! Glassbroker: a real MQTT broker that you can see through.

pub mod account;
pub mod broker;
pub mod chance;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod client;
pub mod export;
pub mod fnv;
mod json;
pub mod nearest;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod picture;
pub mod policy;
pub mod profile;
pub mod rule;
pub mod rules;
pub mod scenario;
pub mod sides;
pub mod sim;
pub mod socket;
pub mod sorted;
mod table;
pub mod texts;
pub mod time;
pub mod topic;
pub mod trace;
#[cfg(all(target_arch = "wasm32", feature = "ui"))]
pub mod ui;
pub mod wills;
pub mod wire;
