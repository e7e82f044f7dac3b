//! The log: one JSON line for what was done, with the fields that are documented [aws.log.entries].

use super::{OPERATIONS, Operation, Outcome, Reader};
use crate::account::lifecycle::{ip_address, principal_identifier, uuid};
use crate::broker::{Ending, Kind, POSTED_RETAINED};
use crate::chance::chance;
use crate::json::{Json, Object, parse};
use crate::rule::own;
use crate::time::{SimTime, date_and_time, epoch_ms};
use crate::trace::{EventRef, Trace};
use crate::wire::{Packet, PacketType};

/// The number of an account that is nobody's.
const ACCOUNT: &str = "123456789012";

/// The log of a run.
#[derive(Clone, Debug)]
pub struct Log {
    seed: u64,
    epoch_ms: u64,
    reader: Reader,
}

impl Log {
    /// The log of a run with this seed; `epoch_ms` is the calendar time of its beginning, in milliseconds since 1970.
    pub fn new(seed: u64, epoch_ms: u64) -> Self {
        Self { seed, epoch_ms, reader: Reader::default() }
    }

    /// The entries of the events below this number.
    pub fn written(trace: &Trace, end: u32) -> String {
        let header = trace.header();
        let mut log = Self::new(header.seed, epoch_ms(&header.epoch).unwrap_or(0));
        let mut out = String::new();
        trace.range(0..end).for_each(|event| log.take(&event, &mut out));
        out
    }

    /// Takes the next event of the trace, and appends the entry that it has, if it has one, with a line break.
    pub fn take(&mut self, event: &EventRef<'_>, out: &mut String) {
        let Some((operation, outcome)) = self.reader.take(event)[0] else { return };
        let (.., name) = OPERATIONS[operation as usize];
        if !name.is_empty() {
            self.write(event, operation, outcome, name, out);
            out.push('\n');
        }
    }

    fn write(
        &self,
        event: &EventRef<'_>,
        operation: Operation,
        outcome: Outcome,
        name: &str,
        out: &mut String,
    ) {
        let client = event.client();
        let ok = outcome.is_success();
        let mut object = Object::begin(out);
        object.text("timestamp", &self.timestamp(event.at()));
        object.text("logLevel", if ok { "INFO" } else { "ERROR" });
        object.text("traceId", &self.trace_id(event));
        object.text("accountId", ACCOUNT);
        object.text("status", if ok { "Success" } else { "Failure" });
        object.text("eventType", name);
        object.text("protocol", if operation.is_http() { "HTTP" } else { "MQTT" });
        if let Some(topic) = topic(event, operation).filter(|topic| !topic.is_empty()) {
            object.text("topicName", &topic);
        }
        if !client.is_empty() {
            object.text("clientId", client);
        }
        if operation == Operation::GetRetainedMessage && ok {
            if let Some(qos) = answered(event, "qos") {
                object.text("qos", &qos);
            }
            if let Some(modified) = answered(event, "lastModifiedTime").and_then(|ms| ms.parse().ok()) {
                object.text("lastModifiedDate", &date_and_time(modified));
            }
        }
        if operation == Operation::Queued {
            object.text("qos", "1");
        } else {
            object.text("principalId", &principal_identifier(self.seed, client));
            object.text("sourceIp", &ip_address(self.seed, client));
            object.number("sourcePort", chance(self.seed, "port", client, 0) % 64_512 + 1_024);
        }
        if matches!(operation, Operation::PublishIn | Operation::HttpPublishIn) && has_retain(event) {
            object.text("retain", "True");
        }
        if operation == Operation::Disconnect {
            object.text("disconnectReason", disconnect_reason(event));
        }
        if !ok {
            object.text("reason", reason(operation, outcome));
            let details = match (operation, outcome) {
                (Operation::Queued, Outcome::Throttle) => {
                    "Throttled while queueing offline message".to_owned()
                }
                _ => answered(event, "message").unwrap_or_else(|| event.why().to_owned()),
            };
            object.text("details", &details);
        }
        object.end();
    }

    fn timestamp(&self, at: SimTime) -> String {
        date_and_time(self.epoch_ms.saturating_add(at.as_ms()))
    }

    /// One for all entries of a message; else one for each.
    fn trace_id(&self, event: &EventRef<'_>) -> String {
        match event.message_number() {
            Some(message) => uuid(self.seed, "trace of a message", "", u64::from(message)),
            None => uuid(self.seed, "trace", "", u64::from(event.seq())),
        }
    }
}

/// Why a connection ended: an operator's disconnection is the service's own where the account cannot do it.
fn disconnect_reason(event: &EventRef<'_>) -> &'static str {
    let ending = Ending::ALL.into_iter().find(|ending| ending.name() == event.why());
    let by_service = event.rule() == Some(own("glassbroker.operator"));
    ending.map_or("", |ending| if by_service { Ending::BrokerRestart.reason() } else { ending.reason() })
}

/// Why something failed [aws.log.reasons].
const fn reason(_: Operation, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AuthError => "AUTHORIZATION_FAILURE",
        Outcome::ClientIdThrottle | Outcome::Throttle => "throttled",
        _ => "CLIENT_ERROR",
    }
}

/// The topic, or the filters of what is answered, with commas between.
fn topic(event: &EventRef<'_>, operation: Operation) -> Option<String> {
    match operation {
        Operation::Connect | Operation::Disconnect | Operation::Unsubscribe => None,
        Operation::Subscribe => {
            let subscribe = std::iter::successors(event.led_to_by(), EventRef::led_to_by)
                .find(|cause| cause.packet_type() == Some(PacketType::Subscribe))?;
            let Ok(Packet::Subscribe(subscribe)) = subscribe.decode()? else { return None };
            let filters: Vec<&str> = subscribe.filters.iter().map(|filter| &*filter.filter).collect();
            Some(filters.join(","))
        }
        _ => {
            let publish = std::iter::successors(Some(*event), EventRef::led_to_by)
                .find(|cause| cause.packet_type() == Some(PacketType::Publish));
            Some(publish.map_or(event.topic(), |publish| publish.topic()).to_owned())
        }
    }
}

/// What the answer of an operation says, as text.
fn answered(event: &EventRef<'_>, key: &str) -> Option<String> {
    let Json::Object(entries) = parse(event.answer()?.body).ok()?.value else { return None };
    match entries.into_iter().find(|entry| entry.key == key)?.node.value {
        Json::Text(text) | Json::Number(text) => Some(text),
        _ => None,
    }
}

/// Whether the message that it is about has RETAIN set.
fn has_retain(event: &EventRef<'_>) -> bool {
    if event.kind() == Kind::Operation {
        return event.why().starts_with(POSTED_RETAINED);
    }
    let publish = std::iter::successors(event.led_to_by(), EventRef::led_to_by)
        .find(|cause| cause.packet_type() == Some(PacketType::Publish));
    let first = publish.and_then(|publish| publish.packet()).and_then(|packet| packet.head.first().copied());
    first.is_some_and(|first| first & 1 != 0)
}
