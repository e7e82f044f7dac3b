//! The broker under glass: no clock, no sockets, no randomness of its own.

mod door;
mod observe;

pub use door::{Closed, Command, ConnId, Ending, Link, Output};
pub use observe::{By, Cause, Event, Kind, NoObserver, Observer, PacketBytes};
