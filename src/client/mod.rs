//! The virtual client: a sans-IO MQTT client of both versions that holds its own session state and sends real bytes.

mod action;
mod options;

pub use action::{Action, FilterRequest, SubscribeRequest};
pub use options::{ClientOptions, ConnectOptions, Message, MessageExtra, WillOptions};
