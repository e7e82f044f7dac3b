//! What an operator does without a client and is answered, as an account is over HTTP: to publish, to read and list retained
//! messages, to look at connections and to end them. Each is an `operation` event with a status and a body.

mod connection;
mod list;
mod publish;
mod retained;

use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::json::Object;
use crate::rule::{RuleId, aws, own};
use crate::time::SimTime;

/// What can be done, by the names of the account's interface.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Publish,
    ListRetainedMessages,
    GetRetainedMessage,
    DeleteConnection,
    GetConnection,
    ListSubscriptions,
}

/// In the order of [`Operation`]: its name, and the rule that it follows where there is an account.
const OPERATIONS: [(&str, RuleId); 6] = [
    ("Publish", aws("aws.http.publish")),
    ("ListRetainedMessages", aws("aws.operation.list-retained")),
    ("GetRetainedMessage", aws("aws.operation.get-retained")),
    ("DeleteConnection", aws("aws.operation.delete-connection")),
    ("GetConnection", aws("aws.operation.get-connection")),
    ("ListSubscriptions", aws("aws.operation.list-subscriptions")),
];

impl Operation {
    const fn name(self) -> &'static str {
        OPERATIONS[self as usize].0
    }

    const fn is_on_connection(self) -> bool {
        matches!(self, Self::DeleteConnection | Self::GetConnection | Self::ListSubscriptions)
    }
}

/// Why an operation fails: an HTTP status and a sentence; and what leads to the answer.
type Failure = (u16, String, Cause);

/// A message that is published without a client.
#[derive(Clone, Copy)]
struct Posted {
    /// The length of its body, with what is metered of its properties.
    bytes: u32,
    retain: bool,
}

/// What an answer begins with that is about a message with RETAIN.
pub(crate) const POSTED_RETAINED: &str = "Publish, RETAIN";

/// What is asked: the operation, and what it is about.
#[derive(Clone, Copy)]
struct Asked<'a> {
    operation: Operation,
    /// The client identifier; empty where it is about none.
    client: &'a str,
    /// The Topic Name; empty where it is about none.
    topic: &'a str,
    posted: Option<Posted>,
}

impl<'a> Asked<'a> {
    const fn of_client(operation: Operation, client: &'a str) -> Self {
        Self { operation, client, topic: "", posted: None }
    }

    const fn of_topic(operation: Operation, topic: &'a str) -> Self {
        Self { operation, client: "", topic, posted: None }
    }

    const fn publish(topic: &'a str, posted: Posted) -> Self {
        Self { operation: Operation::Publish, client: "", topic, posted: Some(posted) }
    }

    /// What its answer begins with.
    const fn name(&self) -> &'static str {
        match self.posted {
            Some(Posted { retain: true, .. }) => POSTED_RETAINED,
            _ => self.operation.name(),
        }
    }
}

/// The body of an answer, and what leads to it.
type Answer = Result<(String, Cause), Failure>;

impl Broker {
    /// The rule of an answer with this status.
    fn operation_rule(&self, operation: Operation, status: u16) -> RuleId {
        let limits = &self.limits;
        let is_account =
            limits.account_present && (limits.account_connection_operations || !operation.is_on_connection());
        match (is_account, status) {
            (true, 200) => OPERATIONS[operation as usize].1,
            (true, _) => aws("aws.http.errors"),
            (false, _) => own("glassbroker.operator"),
        }
    }

    /// Tells what came of an operation.
    fn answer<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        asked: Asked<'_>,
        answer: Answer,
    ) -> Result<(), String> {
        let (status, why, cause) = match answer {
            Ok((body, cause)) => {
                self.note_answer(turn, asked, 200, &body, cause);
                return Ok(());
            }
            Err(failure) => failure,
        };
        let mut body = String::new();
        let mut object = Object::begin(&mut body);
        object.text("error", error_name(status));
        object.text("message", &why);
        object.end();
        self.note_answer(turn, asked, status, &body, cause);
        Err(why)
    }

    /// Notes an answer, and gives the cause of what follows.
    fn note_answer<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        asked: Asked<'_>,
        status: u16,
        body: &str,
        cause: Cause,
    ) -> Cause {
        if !O::WATCHES {
            return cause;
        }
        let parts = if body.is_empty() { [asked.name(), "", ""] } else { [asked.name(), ": ", body] };
        let why = parts.concat();
        turn.note(Kind::Operation, asked.client, cause, |event| {
            event.rule = Some(self.operation_rule(asked.operation, status));
            event.topic = asked.topic;
            event.code = Some(status);
            event.number = Some(asked.posted.map_or_else(|| length(body.len()), |posted| posted.bytes));
            event.why = &why;
        })
    }

    /// The calendar time of a moment.
    fn unix_ms(&self, at: SimTime) -> u64 {
        self.epoch_ms.saturating_add(at.as_ms())
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What an error is called, by its status.
const fn error_name(status: u16) -> &'static str {
    match status {
        401 => "UnauthorizedException",
        404 => "ResourceNotFoundException",
        429 => "ThrottlingException",
        _ => "InvalidRequestException",
    }
}
