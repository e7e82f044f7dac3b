//! The virtual client: a sans-IO MQTT client of both versions that holds its own session state and sends real bytes.

mod action;
mod device;
mod options;
mod packets;
mod publish;
mod receive;
mod session;

pub use action::{Action, FilterRequest, SubscribeRequest};
pub use device::{CONNECT_TIMEOUT, Client, Output, State};
pub use options::{ClientOptions, ConnectOptions, Message, MessageExtra, WillOptions};
pub use session::Granted;
