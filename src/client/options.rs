//! How a virtual client is set up, and what it says in CONNECT.

use super::packets;
use crate::time::Span;
use crate::wire::{Connect, Publish, QoS, Text, Version};
use bytes::Bytes;

/// One virtual client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientOptions {
    /// Its name in the run, which is also its client identifier unless `connect` gives another.
    pub id: String,
    /// The version that it speaks.
    pub version: Version,
    /// What it says in CONNECT.
    pub connect: ConnectOptions,
    /// Whether it sends PINGREQ when its keep alive asks for it [3.1.1 MQTT-3.1.2-23] [5.0 MQTT-3.1.2-20].
    pub pings: bool,
    /// How long it waits before it connects again by itself after a connection that it did not end; `None` for never.
    pub reconnect: Option<Span>,
    /// How many publications it holds back while it cannot send them; one more is dropped.
    pub queue_max_messages: usize,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            id: String::new(),
            version: Version::V5,
            connect: ConnectOptions::default(),
            pings: true,
            reconnect: None,
            queue_max_messages: 10_000,
        }
    }
}

impl ClientOptions {
    /// The CONNECT that it sends.
    pub fn connect_packet(&self) -> Connect {
        let identifier = self.connect.client_id.as_deref().unwrap_or(&self.id);
        packets::connect(&self.connect, identifier, self.version)
    }
}

/// What a client says in CONNECT. Properties are sent in 5.0 only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectOptions {
    /// The client identifier where it is not the client's name; empty for one that the server assigns.
    pub client_id: Option<String>,
    /// Clean Session in 3.1.1, Clean Start in 5.0.
    pub clean_start: bool,
    /// Keep alive in seconds; 0 turns it off.
    pub keep_alive_s: u16,
    /// Session Expiry Interval in seconds (5.0); `None` sends none, which means 0. `u32::MAX` is never.
    pub session_expiry_s: Option<u32>,
    /// Receive Maximum: how many QoS 1 and 2 messages the client takes at once (5.0).
    pub receive_maximum: Option<u16>,
    /// Maximum Packet Size that the client takes, in bytes (5.0).
    pub maximum_packet_bytes: Option<u32>,
    /// Topic Alias Maximum that the client takes (5.0).
    pub topic_alias_maximum: Option<u16>,
    /// Request Response Information: whether the client wants Response Information in CONNACK (5.0).
    pub request_response_information: Option<bool>,
    /// Request Problem Information: whether it wants Reason Strings and User Properties on every packet (5.0).
    pub request_problem_information: Option<bool>,
    /// Authentication Method (5.0). A client with one does not send its password, but answers a challenge with it; it knows
    /// [`METHOD`](crate::policy::METHOD) only.
    pub auth: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Bytes>,
    /// The Will.
    pub will: Option<WillOptions>,
    /// User Properties (5.0).
    pub user_properties: Vec<(String, String)>,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            client_id: None,
            clean_start: true,
            keep_alive_s: 60,
            session_expiry_s: None,
            receive_maximum: None,
            maximum_packet_bytes: None,
            topic_alias_maximum: None,
            request_response_information: None,
            request_problem_information: None,
            auth: None,
            username: None,
            password: None,
            will: None,
            user_properties: Vec::new(),
        }
    }
}

/// The Will of a CONNECT.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WillOptions {
    /// The message; its topic alias is not used.
    pub message: Message,
    /// Will Delay Interval in seconds (5.0).
    pub delay_s: Option<u32>,
}

/// A message to publish. Properties are sent in 5.0 only.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Message {
    /// Its Topic Name.
    pub topic: String,
    /// Its payload.
    pub payload: Bytes,
    /// Its quality of service.
    pub qos: QoS,
    /// Whether it is retained.
    pub retain: bool,
    /// What 5.0 adds; `None` where nothing of it is set.
    pub extra: Option<Box<MessageExtra>>,
}

impl Message {
    /// The PUBLISH of MQTT 5.0 that it is.
    pub fn to_publish(&self) -> Publish {
        packets::publish(self, Version::V5)
    }

    /// The message of a PUBLISH, as far as a client can say it.
    pub fn of(publish: &Publish) -> Self {
        let properties = &publish.properties;
        let pair = |(name, value): (&Text, &Text)| (name.to_string(), value.to_string());
        let extra = MessageExtra {
            payload_is_text: properties.payload_format_indicator().map(|indicator| indicator != 0),
            expiry_s: properties.message_expiry_interval(),
            content_type: properties.content_type().map(ToString::to_string),
            response_topic: properties.response_topic().map(ToString::to_string),
            correlation_data: properties.correlation_data().cloned(),
            topic_alias: None,
            user_properties: properties.user_properties().map(pair).collect(),
        };
        Self {
            topic: publish.topic.to_string(),
            payload: publish.payload.clone(),
            qos: publish.qos,
            retain: publish.retain,
            extra: (extra != MessageExtra::default()).then(|| Box::new(extra)),
        }
    }
}

/// The properties of a message (5.0).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessageExtra {
    /// Payload Format Indicator: whether the payload is UTF-8 text.
    pub payload_is_text: Option<bool>,
    /// Message Expiry Interval in seconds.
    pub expiry_s: Option<u32>,
    /// Content Type.
    pub content_type: Option<String>,
    /// Response Topic.
    pub response_topic: Option<String>,
    /// Correlation Data.
    pub correlation_data: Option<Bytes>,
    /// Topic Alias; the first message with it carries the topic too, later ones of the connection the alias alone.
    pub topic_alias: Option<u16>,
    /// User Properties.
    pub user_properties: Vec<(String, String)>,
}
