//! What peers may take of the machine: the options, and their defaults for a broker that strangers can reach.

use crate::cli::complaint::Complaint;
use crate::profile::{Profile, Value};

#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Bounds")]
pub(super) struct BoundOptions {
    /// How many connections are open at once; one more is closed at once, unread. The setting connect.max_count [default: 10000]
    #[arg(long, value_name = "N")]
    max_connections: Option<u64>,
    /// How many of them may come from one address; one more is closed at once, unread [default: as many as there are]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_connections_per_address: Option<u32>,
    /// How long a packet may be, in bytes: MQTT 5 is told in CONNACK; 0x95, or closed, beyond. The setting packet.max_bytes
    /// [default: 1048576]
    #[arg(long, value_name = "BYTES")]
    max_packet_bytes: Option<u64>,
    /// How many bytes may wait for one client: for its connection, and in its queue, each. Messages beyond are dropped; who
    /// does not read its acknowledgements is not read from. The settings connection.waiting_max_bytes and session.queue_max_bytes
    /// [default: 16777216]
    #[arg(long, value_name = "BYTES")]
    max_client_bytes: Option<u64>,
    /// How many bytes sessions and connections may hold altogether, in the broker and on the way to the network, each. Beyond, nothing
    /// new is kept, and who adds to it, or reads least, is closed. The setting broker.max_bytes [default: 268435456]
    #[arg(long, value_name = "BYTES")]
    max_total_bytes: Option<u64>,
}

impl BoundOptions {
    /// What the command line says, by setting and with the option's name, and what holds where neither it nor the profile says
    /// anything.
    fn settings(&self) -> [(&'static str, &'static str, Option<u64>, u64); 5] {
        [
            ("broker.max_bytes", "--max-total-bytes", self.max_total_bytes, 256 << 20),
            ("connect.max_count", "--max-connections", self.max_connections, 10_000),
            ("connection.waiting_max_bytes", "--max-client-bytes", self.max_client_bytes, 16 << 20),
            ("packet.max_bytes", "--max-packet-bytes", self.max_packet_bytes, 1 << 20),
            ("session.queue_max_bytes", "--max-client-bytes", self.max_client_bytes, 16 << 20),
        ]
    }

    /// The defaults, for what a profile leaves as the standards have it.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (&'static str, Value)> {
        self.settings().into_iter().map(|(key, .., default)| (key, Value::Number(default)))
    }

    /// Puts what the command line says into the profile, whatever that says itself.
    pub(super) fn apply(&self, profile: &mut Profile) -> Result<(), Complaint> {
        for (key, option, given, _) in self.settings() {
            if let Some(number) = given {
                let set = profile.set(key, Value::Number(number));
                set.map_err(|why| Complaint::new(format_args!("{option}: {why}")))?;
            }
        }
        Ok(())
    }
}

/// A setting's number; `None` where there is no limit.
pub(super) fn number(profile: &Profile, key: &str) -> Option<usize> {
    match profile.get(key) {
        Some(Value::Number(number)) => usize::try_from(number).ok(),
        _ => None,
    }
}
