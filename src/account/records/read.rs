//! What one event means in the cloud's own words.

use super::{Operation, Outcome, Record};
use crate::account::metering::is_posted;
use crate::broker::{By, Kind};
use crate::rule::Source;
use crate::trace::EventRef;
use crate::wire::{Packet, PacketType, ReasonCode};

/// The quotas that have a metric of their own, by the settings that limit them. The second is that of one connection alone.
const THROTTLED: [(&str, Record, bool); 15] = [
    ("publish.in_per_s", (Operation::PublishIn, Outcome::Throttle), true),
    ("account.publish_in_per_s", (Operation::PublishIn, Outcome::Throttle), false),
    ("publish.out_per_s", (Operation::PublishOut, Outcome::Throttle), true),
    ("account.publish_out_per_s", (Operation::PublishOut, Outcome::Throttle), false),
    ("connect.client_per_s", (Operation::Connect, Outcome::ClientIdThrottle), false),
    ("account.connect_per_s", (Operation::Connect, Outcome::Throttle), false),
    ("account.subscribe_per_s", (Operation::Subscribe, Outcome::Throttle), false),
    ("subscription.max_per_session", (Operation::Subscribe, Outcome::Throttle), false),
    ("account.queue_per_s", (Operation::Queued, Outcome::Throttle), false),
    ("account.retain_per_s", (Operation::PublishRetained, Outcome::Throttle), false),
    ("retained.topic_per_s", (Operation::PublishRetained, Outcome::Throttle), false),
    ("subscription.shared_changes_per_s", (Operation::Subscribe, Outcome::Throttle), false),
    ("subscription.shared_max_groups", (Operation::Subscribe, Outcome::Throttle), false),
    ("subscription.shared_max_members", (Operation::Subscribe, Outcome::Throttle), false),
    ("subscription.shared_queue_max_messages", (Operation::Queued, Outcome::Throttle), false),
];

/// What the denial of an action is, by the beginning of what the event says: an access list's word or a policy's. That of a CONNECT is
/// recorded with its answer.
const DENIED: [(&str, Record); 7] = [
    ("iot:RetainPublish", (Operation::PublishRetained, Outcome::AuthError)),
    ("iot:Publish", (Operation::PublishIn, Outcome::AuthError)),
    ("publish", (Operation::PublishIn, Outcome::AuthError)),
    ("iot:Receive", (Operation::PublishOut, Outcome::AuthError)),
    ("receive", (Operation::PublishOut, Outcome::AuthError)),
    ("iot:Subscribe", (Operation::Subscribe, Outcome::AuthError)),
    ("subscribe", (Operation::Subscribe, Outcome::AuthError)),
];

/// What an operation on a shadow is, by what its event says.
const SHADOWS: [(&str, Operation); 3] = [
    ("get accepted", Operation::GetThingShadow),
    ("update accepted", Operation::UpdateThingShadow),
    ("delete accepted", Operation::DeleteThingShadow),
];

/// The bound of a whole SUBSCRIBE or UNSUBSCRIBE.
const FILTERS: &str = "subscription.max_per_packet";

/// How far back along its causes it is asked why an answer refuses.
const MOST_CAUSES: usize = 4;

/// What is recorded of an event; `connected` says of its client whether it is, and changes with it.
pub(super) fn records(event: &EventRef<'_>, connected: &mut bool) -> [Option<Record>; 2] {
    if event.by() != By::Broker {
        return [None; 2];
    }
    let success = |operation| Some((operation, Outcome::Success));
    let one = match event.kind() {
        Kind::SessionCreated | Kind::SessionResumed => {
            *connected = true;
            None
        }
        Kind::SessionDisconnected => {
            *connected = false;
            success(Operation::Disconnect)
        }
        Kind::PacketSent => match event.packet_type() {
            Some(PacketType::Publish) => success(Operation::PublishOut),
            Some(PacketType::Pingresp) => success(Operation::Ping),
            Some(PacketType::Unsuback) => success(Operation::Unsubscribe),
            Some(PacketType::Connack | PacketType::Suback) => return [answer(event), None],
            _ => None,
        },
        // What the account's own services publish has no client.
        Kind::MessageAccepted if !event.client().is_empty() => success(Operation::PublishIn),
        Kind::MessageQueued if !*connected => success(Operation::Queued),
        Kind::RetainedStored | Kind::RetainedReplaced | Kind::RetainedCleared if is_published(event) => {
            success(Operation::PublishRetained)
        }
        Kind::RetainedStored | Kind::RetainedReplaced | Kind::RetainedCleared
            if event.led_to_by().is_some_and(|cause| is_posted(&cause)) =>
        {
            success(Operation::HttpPublishRetained)
        }
        Kind::PolicyDenied => starts(&DENIED, event.why()).and_then(|record| over_http(event, record)),
        Kind::Operation if event.rule().is_some_and(|rule| rule.source == Source::Aws) => {
            let outcome = match event.code() {
                Some(200) => Outcome::Success,
                Some(401) => Outcome::AuthError,
                Some(429) => Outcome::Throttle,
                _ => Outcome::ClientError,
            };
            starts(&ASKED, event.why()).map(|operation| (operation, outcome))
        }
        Kind::AccountShadow => starts(&SHADOWS, event.why()).map(|operation| (operation, Outcome::Accepted)),
        Kind::QuotaRefused => return refused(event),
        Kind::Decision if event.code().is_some_and(|code| code >= 0x80) && answers_publish(event) => {
            Some((Operation::PublishIn, Outcome::ClientError))
        }
        _ => None,
    };
    [one, None]
}

/// What was asked for without a client, by what its answer says.
const ASKED: [(&str, Operation); 6] = [
    ("Publish", Operation::HttpPublishIn),
    ("ListRetainedMessages", Operation::ListRetainedMessages),
    ("GetRetainedMessage", Operation::GetRetainedMessage),
    ("DeleteConnection", Operation::DeleteConnection),
    ("GetConnection", Operation::GetConnection),
    ("ListSubscriptions", Operation::ListSubscriptions),
];

/// What a refusal is recorded as where it is about a message without a client: its answer tells the rest.
fn over_http(event: &EventRef<'_>, record: Record) -> Option<Record> {
    match record {
        (Operation::PublishIn, _) if event.client().is_empty() => None,
        (Operation::PublishRetained, outcome) if event.client().is_empty() => {
            Some((Operation::HttpPublishRetained, outcome))
        }
        _ => Some(record),
    }
}

/// What stands beside the first of the beginnings that a text has.
fn starts<T: Copy>(table: &[(&str, T)], text: &str) -> Option<T> {
    table.iter().find(|(start, _)| text.starts_with(start)).map(|(_, what)| *what)
}

/// Whether a retained message changed by a message, and not by a restart or an operator.
fn is_published(event: &EventRef<'_>) -> bool {
    event.led_to_by().is_some_and(|cause| {
        matches!(cause.kind(), Kind::MessageAccepted | Kind::WillSent) && !cause.client().is_empty()
    })
}

fn answers_publish(event: &EventRef<'_>) -> bool {
    event.led_to_by().is_some_and(|cause| cause.packet_type() == Some(PacketType::Publish))
}

fn refused(event: &EventRef<'_>) -> [Option<Record>; 2] {
    if let Some((_, record, of_connection)) = THROTTLED.iter().find(|(key, ..)| *key == event.topic()) {
        let exceeded = of_connection.then_some((Operation::Throttle, Outcome::Exceeded));
        let record = over_http(event, *record);
        return [record, exceeded];
    }
    let operation = match event.led_to_by().and_then(|cause| cause.packet_type()) {
        Some(PacketType::Publish) => Operation::PublishIn,
        Some(PacketType::Connect) => Operation::Connect,
        // One Topic Filter is told of in SUBACK or UNSUBACK.
        Some(PacketType::Subscribe) if event.topic() == FILTERS => Operation::Subscribe,
        Some(PacketType::Unsubscribe) if event.topic() == FILTERS => Operation::Unsubscribe,
        _ => return [None; 2],
    };
    [Some((operation, Outcome::ClientError)), None]
}

/// What a CONNACK or SUBACK says, where what led to it did not say it.
fn answer(event: &EventRef<'_>) -> Option<Record> {
    let causes = std::iter::successors(event.led_to_by(), EventRef::led_to_by).take(MOST_CAUSES);
    let is_recorded = || {
        let mut refusals =
            causes.filter(|cause| matches!(cause.kind(), Kind::QuotaRefused | Kind::PolicyDenied));
        refusals.any(|cause| {
            let record = records(&cause, &mut true)[0];
            record
                .is_some_and(|(operation, _)| matches!(operation, Operation::Connect | Operation::Subscribe))
        })
    };
    let (operation, outcome) = match event.decode()?.ok()? {
        Packet::Connack(connack) => (Operation::Connect, of_connack(connack.code)),
        Packet::Suback(suback) if suback.codes.iter().any(|code| code.0 < 0x80) => {
            (Operation::Subscribe, Outcome::Success)
        }
        // What is not authorized, or too much, has an event of its own.
        Packet::Suback(suback) if suback.codes.iter().all(|code| matches!(code.0, 0x80 | 0x87 | 0x97)) => {
            return None;
        }
        Packet::Suback(_) => (Operation::Subscribe, Outcome::ClientError),
        _ => return None,
    };
    (outcome.is_success() || !is_recorded()).then_some((operation, outcome))
}

/// By the return code of 3.1.1 or the reason code of 5.0.
fn of_connack(code: ReasonCode) -> Outcome {
    match code.0 {
        0 => Outcome::Success,
        4 | 5 | 0x86 | 0x87 | 0x8C => Outcome::AuthError,
        0x97 | 0x9F => Outcome::Throttle,
        _ => Outcome::ClientError,
    }
}
