//! What the cloud would have recorded of a run (row O4), as folds over the trace's events: its metrics and its log.

mod log;
mod metrics;
mod read;

pub use log::Log;
pub use metrics::Metrics;

use crate::trace::EventRef;

/// What was done. The names are those of the metrics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operation {
    Connect,
    Disconnect,
    Ping,
    PublishIn,
    PublishOut,
    PublishRetained,
    Queued,
    Subscribe,
    Unsubscribe,
    Throttle,
    GetThingShadow,
    UpdateThingShadow,
    DeleteThingShadow,
}

/// Each with its name, and what the log calls it; empty where the log has no entry of it.
const OPERATIONS: [(Operation, &str, &str); 13] = [
    (Operation::Connect, "Connect", "Connect"),
    (Operation::Disconnect, "", "Disconnect"),
    // The log has it only where an account asks for it.
    (Operation::Ping, "Ping", ""),
    (Operation::PublishIn, "PublishIn", "Publish-In"),
    (Operation::PublishOut, "PublishOut", "Publish-Out"),
    (Operation::PublishRetained, "PublishRetained", ""),
    (Operation::Queued, "Queued", "Queued"),
    (Operation::Subscribe, "Subscribe", "Subscribe"),
    (Operation::Unsubscribe, "Unsubscribe", "Unsubscribe"),
    (Operation::Throttle, "Throttle", ""),
    (Operation::GetThingShadow, "GetThingShadow", "GetThingShadow"),
    (Operation::UpdateThingShadow, "UpdateThingShadow", "UpdateThingShadow"),
    (Operation::DeleteThingShadow, "DeleteThingShadow", "DeleteThingShadow"),
];

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Success,
    AuthError,
    ClientError,
    ClientIdThrottle,
    Throttle,
    Exceeded,
    Accepted,
}

/// What a metric calls each outcome, in the order of the enumeration.
const OUTCOMES: [&str; 7] =
    ["Success", "AuthError", "ClientError", "ClientIDThrottle", "Throttle", "Exceeded", "Accepted"];

impl Outcome {
    const fn is_success(self) -> bool {
        matches!(self, Self::Success | Self::Accepted)
    }
}

/// One thing that was done, with what came of it.
type Record = (Operation, Outcome);

/// What the records of an event depend on beside the event. Needs a trace of the level `full`; takes its events in order.
#[derive(Clone, Debug, Default)]
struct Reader {
    /// Who is connected, by the trace's numbers of clients.
    connected: Vec<bool>,
}

impl Reader {
    /// What is recorded of the next event: nothing, one thing or two.
    fn take(&mut self, event: &EventRef<'_>) -> [Option<Record>; 2] {
        let number = event.client_number() as usize;
        if self.connected.len() <= number {
            self.connected.resize(number + 1, false);
        }
        read::records(event, &mut self.connected[number])
    }
}
