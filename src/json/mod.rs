//! JSON text, without any document's meaning: read as a tree that knows where everything stands, and written by hand.

mod base64;
mod hex;
mod read;
mod write;

pub(crate) use base64::{from_base64, to_base64, to_base64_padded};
pub(crate) use hex::{from_hex, push_hex};
pub(crate) use read::{Entry, Json, Node, parse};
pub(crate) use write::{Object, write_hex, write_text, write_value};
