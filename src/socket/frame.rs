//! What a message costs on the network beside its payload (RFC 6455 section 5.2).

/// One side of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The client, whose frames carry a masking key of 4 bytes.
    Client,
    /// The server.
    Server,
}

/// The bytes of the header of a frame with a payload of this many bytes. Every message is one frame here.
pub const fn overhead_bytes(payload_bytes: usize, from: Side) -> usize {
    let length = match payload_bytes {
        0..=125 => 2,
        126..=65_535 => 4,
        _ => 10,
    };
    match from {
        Side::Client => length + 4,
        Side::Server => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_grow_at_the_two_steps_of_the_length() {
        for (payload, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            assert_eq!(overhead_bytes(payload, Side::Server), header);
            assert_eq!(overhead_bytes(payload, Side::Client), header + 4);
        }
    }
}
