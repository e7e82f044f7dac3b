//! The WebSocket shape of a connection: handshake, subprotocol, messages, close codes. Pure; bytes are moved by others.

mod close;
mod end;
mod frame;
mod handshake;

pub use close::CloseCode;
pub use end::{Answer, End, State};
pub use frame::{Side, overhead_bytes};
pub use handshake::{Refusal, negotiate};
