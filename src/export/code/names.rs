//! What the properties of 5.0 are called in each library, and their values.

use super::Language;
use super::quote::comment;
use crate::client::{ConnectOptions, Message, SubscribeRequest};
use bytes::Bytes;

/// A property: its names in the order of [`Language::ALL`].
pub(super) type Names = [&'static str; 5];

const FORMAT: Names = [
    "payloadFormatIndicator",
    "PayloadFormatIndicator",
    "payload_format_indicator",
    "payloadFormat",
    "payload-format-indicator",
];
const EXPIRY: Names = [
    "messageExpiryInterval",
    "MessageExpiryInterval",
    "message_expiry_interval_sec",
    "messageExpiryIntervalSeconds",
    "message-expiry-interval",
];
const CONTENT_TYPE: Names = ["contentType", "ContentType", "content_type", "contentType", "content-type"];
const RESPONSE_TOPIC: Names =
    ["responseTopic", "ResponseTopic", "response_topic", "responseTopic", "response-topic"];
const CORRELATION: Names =
    ["correlationData", "CorrelationData", "correlation_data", "correlationData", "correlation-data"];
const TOPIC_ALIAS: Names = ["topicAlias", "TopicAlias", "topic_alias", "topicAlias", "topic-alias"];
const USER: Names = ["userProperties", "UserProperty", "user_properties", "userProperties", "user-property"];
pub(super) const WILL_DELAY: Names = [
    "willDelayInterval",
    "WillDelayInterval",
    "will_delay_interval_sec",
    "willDelayIntervalSeconds",
    "will-delay-interval",
];
pub(super) const SESSION_EXPIRY: Names = [
    "sessionExpiryInterval",
    "SessionExpiryInterval",
    "session_expiry_interval_sec",
    "sessionExpiryIntervalSeconds",
    "session-expiry-interval",
];
const RECEIVE_MAXIMUM: Names =
    ["receiveMaximum", "ReceiveMaximum", "receive_maximum", "receiveMaximum", "receive-maximum"];
const PACKET_SIZE: Names = [
    "maximumPacketSize",
    "MaximumPacketSize",
    "maximum_packet_size",
    "maximumPacketSizeBytes",
    "maximum-packet-size",
];
/// The AWS SDK has it among the client's options.
pub(super) const ALIAS_MAXIMUM: Names =
    ["topicAliasMaximum", "TopicAliasMaximum", "", "", "topic-alias-maximum"];
const RESPONSE_INFORMATION: Names = [
    "requestResponseInformation",
    "RequestResponseInformation",
    "request_response_information",
    "requestResponseInformation",
    "request-response-information",
];
const PROBLEM_INFORMATION: Names = [
    "requestProblemInformation",
    "RequestProblemInformation",
    "request_problem_information",
    "requestProblemInformation",
    "request-problem-information",
];
const METHOD: Names = ["authenticationMethod", "AuthenticationMethod", "", "", "authentication-method"];
const IDENTIFIER: Names = [
    "subscriptionIdentifier",
    "SubscriptionIdentifier",
    "subscription_identifier",
    "subscriptionIdentifier",
    "subscription-identifier",
];

/// A value in code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Value {
    Text(String),
    Bytes(Bytes),
    Number(u64),
    Flag(bool),
    Pairs(Vec<(String, String)>),
}

/// Properties, each with its value.
pub(super) type Properties = Vec<(Names, Value)>;

/// Bytes as a text where they are one.
pub(super) fn text_or_bytes(bytes: &Bytes) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => Value::Bytes(bytes.clone()),
    }
}

fn push(to: &mut Properties, names: Names, value: Option<Value>) {
    to.extend(value.map(|value| (names, value)));
}

fn number<T: Into<u64>>(value: Option<T>) -> Option<Value> {
    value.map(|value| Value::Number(value.into()))
}

fn pairs(pairs: &[(String, String)]) -> Option<Value> {
    (!pairs.is_empty()).then(|| Value::Pairs(pairs.to_vec()))
}

/// The properties of a message.
pub(super) fn of_message(message: &Message) -> Properties {
    let mut to = Vec::new();
    let Some(extra) = &message.extra else { return to };
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    push(&mut to, FORMAT, extra.payload_is_text.map(Value::Flag));
    push(&mut to, EXPIRY, number(extra.expiry_s));
    push(&mut to, CONTENT_TYPE, text(&extra.content_type));
    push(&mut to, RESPONSE_TOPIC, text(&extra.response_topic));
    push(&mut to, CORRELATION, extra.correlation_data.clone().map(Value::Bytes));
    push(&mut to, TOPIC_ALIAS, number(extra.topic_alias));
    push(&mut to, USER, pairs(&extra.user_properties));
    to
}

/// The properties of a CONNECT, without those of its Will.
pub(super) fn of_connect(options: &ConnectOptions) -> Properties {
    let mut to = Vec::new();
    push(&mut to, SESSION_EXPIRY, number(options.session_expiry_s));
    push(&mut to, RECEIVE_MAXIMUM, number(options.receive_maximum));
    push(&mut to, PACKET_SIZE, number(options.maximum_packet_bytes));
    push(&mut to, ALIAS_MAXIMUM, number(options.topic_alias_maximum));
    push(&mut to, RESPONSE_INFORMATION, options.request_response_information.map(Value::Flag));
    push(&mut to, PROBLEM_INFORMATION, options.request_problem_information.map(Value::Flag));
    push(&mut to, METHOD, options.auth.clone().map(Value::Text));
    push(&mut to, USER, pairs(&options.user_properties));
    to
}

/// The properties of a SUBSCRIBE.
pub(super) fn of_subscribe(request: &SubscribeRequest) -> Properties {
    let mut to = Vec::new();
    push(&mut to, IDENTIFIER, number(request.identifier));
    to
}

/// What one library calls each, without those that it has no name for.
pub(super) fn named(properties: Properties, language: Language) -> Vec<(&'static str, Value)> {
    let place = Language::ALL.iter().position(|other| *other == language).unwrap_or(0);
    let name = |names: &Names| names.get(place).copied().unwrap_or("");
    properties
        .iter()
        .map(|(names, value)| (name(names), value.clone()))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// What no library says of a client, as comments.
pub(super) fn unsaid(options: &ConnectOptions, mark: &str) -> String {
    let mut out = String::new();
    if let Some(method) = &options.auth {
        out.push_str(&format!(
            "{mark} CONNECT has the Authentication Method {}: answer its challenge yourself.\n",
            comment(method)
        ));
    }
    out
}
