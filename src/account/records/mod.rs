//! What the cloud would have recorded of a run (row O4), as folds over the trace's events: its metrics and its log.

mod log;
mod metrics;
mod read;

pub use log::Log;
pub use metrics::Metrics;

use super::topic_rule::{RuleReader, RuleTold};
use crate::broker::Kind;
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
    HttpPublishIn,
    HttpPublishRetained,
    ListRetainedMessages,
    GetRetainedMessage,
    DeleteConnection,
    GetConnection,
    ListSubscriptions,
    TopicMatch,
    RulesExecuted,
    RuleNotFound,
}

/// Each with its name, and what the log calls it; empty where the log has no entry of it.
const OPERATIONS: [(Operation, &str, &str); 23] = [
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
    (Operation::HttpPublishIn, "PublishIn", "Publish-In"),
    (Operation::HttpPublishRetained, "PublishRetained", ""),
    // These have no metric.
    (Operation::ListRetainedMessages, "", "ListRetainedMessage"),
    (Operation::GetRetainedMessage, "", "GetRetainedMessage"),
    (Operation::DeleteConnection, "", "DeleteConnection"),
    (Operation::GetConnection, "", "GetConnection"),
    (Operation::ListSubscriptions, "", "ListSubscriptions"),
    (Operation::TopicMatch, "TopicMatch", ""),
    (Operation::RulesExecuted, "RulesExecuted", ""),
    (Operation::RuleNotFound, "RuleNotFound", "RuleNotFound"),
];

impl Operation {
    /// Whether it comes over HTTP, which is a dimension of its metric.
    const fn is_http(self) -> bool {
        self as usize >= Self::HttpPublishIn as usize && (self as usize) < Self::TopicMatch as usize
    }
}

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
    /// Its metric has the name alone.
    Counted,
    /// The same, of what fails.
    CountedFailure,
}

/// What a metric calls each outcome, in the order of the enumeration.
const OUTCOMES: [&str; 9] =
    ["Success", "AuthError", "ClientError", "ClientIDThrottle", "Throttle", "Exceeded", "Accepted", "", ""];

impl Outcome {
    const fn is_success(self) -> bool {
        matches!(self, Self::Success | Self::Accepted | Self::Counted)
    }
}

/// One thing that was done, with what came of it.
type Record = (Operation, Outcome);

/// What the records of an event depend on beside the event. Needs a trace of the level `full`; takes its events in order.
#[derive(Clone, Debug, Default)]
struct Reader {
    /// Who is connected, by the trace's numbers of clients.
    connected: Vec<bool>,
    rules: RuleReader,
}

impl Reader {
    /// What is recorded of the next event: nothing, one thing or two.
    fn take(&mut self, event: &EventRef<'_>) -> [Option<Record>; 2] {
        if event.kind() == Kind::AccountRule {
            let RuleTold { matched, executed, not_found, .. } = self.rules.take(event);
            let first = match not_found {
                true => Some((Operation::RuleNotFound, Outcome::CountedFailure)),
                false => matched.then_some((Operation::TopicMatch, Outcome::Counted)),
            };
            return [first, executed.then_some((Operation::RulesExecuted, Outcome::Counted))];
        }
        let number = event.client_number() as usize;
        if self.connected.len() <= number {
            self.connected.resize(number + 1, false);
        }
        read::records(event, &mut self.connected[number])
    }
}
