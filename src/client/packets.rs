//! From what a client is asked to do, to packets.

use super::{ConnectOptions, FilterRequest, Message, SubscribeRequest};
use crate::wire::{
    Auth, Connect, Disconnect, Properties, Property, Publish, QoS, ReasonCode, RetainHandling, Subscribe,
    SubscribeOptions, Subscription, Text, Unsubscribe, Version, Will,
};

pub(super) fn connect(options: &ConnectOptions, identifier: &str, version: Version) -> Connect {
    let mut properties = Vec::new();
    if version == Version::V5 {
        properties.extend(options.session_expiry_s.map(Property::SessionExpiryInterval));
        properties.extend(options.receive_maximum.map(Property::ReceiveMaximum));
        properties.extend(options.maximum_packet_bytes.map(Property::MaximumPacketSize));
        properties.extend(options.topic_alias_maximum.map(Property::TopicAliasMaximum));
        properties.extend(
            options.request_response_information.map(u8::from).map(Property::RequestResponseInformation),
        );
        properties.extend(
            options.request_problem_information.map(u8::from).map(Property::RequestProblemInformation),
        );
        properties.extend(user_properties(&options.user_properties));
        properties.extend(method(options));
    }
    Connect {
        version,
        clean_start: options.clean_start,
        keep_alive_s: options.keep_alive_s,
        client_id: Text::from(identifier),
        will: options.will.as_ref().map(|will| {
            let mut properties = match version {
                Version::V3 => Vec::new(),
                Version::V5 => message_properties(&will.message),
            };
            properties.retain(|property| !matches!(property, Property::TopicAlias(_)));
            if version == Version::V5 {
                properties.extend(will.delay_s.map(Property::WillDelayInterval));
            }
            Will {
                topic: Text::from(will.message.topic.as_str()),
                payload: will.message.payload.clone(),
                qos: will.message.qos,
                retain: will.message.retain,
                properties: Properties(properties),
            }
        }),
        username: options.username.as_deref().map(Text::from),
        password: options.password.clone().filter(|_| version == Version::V3 || options.auth.is_none()),
        properties: Properties(properties),
    }
}

/// The property that every packet of an enhanced authentication has.
fn method(options: &ConnectOptions) -> Option<Property> {
    options.auth.as_deref().map(|method| Property::AuthenticationMethod(Text::from(method)))
}

/// AUTH; with data where it answers a challenge, else to be authenticated again.
pub(super) fn auth(options: &ConnectOptions, data: Option<String>) -> Auth {
    let code = match data {
        Some(_) => ReasonCode::CONTINUE_AUTHENTICATION,
        None => ReasonCode::RE_AUTHENTICATE,
    };
    let data = data.map(|data| Property::AuthenticationData(data.into()));
    Auth { code, properties: method(options).into_iter().chain(data).collect() }
}

/// PUBLISH for the first sending; its Packet Identifier is given later.
pub(super) fn publish(message: &Message, version: Version) -> Publish {
    Publish {
        dup: false,
        qos: message.qos,
        retain: message.retain,
        topic: Text::from(message.topic.as_str()),
        id: 0,
        properties: match version {
            Version::V3 => Properties::default(),
            Version::V5 => Properties(message_properties(message)),
        },
        payload: message.payload.clone(),
    }
}

pub(super) fn subscribe(request: &SubscribeRequest, id: u16, version: Version) -> Subscribe {
    let mut properties = Vec::new();
    if version == Version::V5 {
        properties.extend(request.identifier.map(Property::SubscriptionIdentifier));
    }
    let subscription = |asked: &FilterRequest| Subscription {
        filter: Text::from(asked.filter.as_str()),
        options: match version {
            Version::V3 => SubscribeOptions { qos: asked.qos, ..SubscribeOptions::default() },
            Version::V5 => SubscribeOptions {
                qos: asked.qos,
                no_local: asked.no_local,
                retain_as_published: asked.retain_as_published,
                retain_handling: match asked.retain_handling {
                    0 => RetainHandling::OnSubscribe,
                    1 => RetainHandling::OnNewSubscription,
                    _ => RetainHandling::Never,
                },
            },
        },
    };
    Subscribe {
        id,
        properties: Properties(properties),
        filters: request.filters.iter().map(subscription).collect(),
    }
}

pub(super) fn unsubscribe(filters: &[String], id: u16) -> Unsubscribe {
    Unsubscribe {
        id,
        properties: Properties::default(),
        filters: filters.iter().map(|filter| Text::from(filter.as_str())).collect(),
    }
}

pub(super) fn disconnect(code: u8, session_expiry_s: Option<u32>, version: Version) -> Disconnect {
    match version {
        Version::V3 => Disconnect::default(),
        Version::V5 => Disconnect {
            code: ReasonCode(code),
            properties: Properties(
                session_expiry_s.map(Property::SessionExpiryInterval).into_iter().collect(),
            ),
        },
    }
}

fn message_properties(message: &Message) -> Vec<Property> {
    let Some(extra) = message.extra.as_deref() else { return Vec::new() };
    let mut properties = Vec::new();
    properties.extend(extra.payload_is_text.map(|text| Property::PayloadFormatIndicator(u8::from(text))));
    properties.extend(extra.expiry_s.map(Property::MessageExpiryInterval));
    properties.extend(extra.topic_alias.map(Property::TopicAlias));
    properties
        .extend(extra.response_topic.as_deref().map(|topic| Property::ResponseTopic(Text::from(topic))));
    properties.extend(extra.correlation_data.clone().map(Property::CorrelationData));
    properties.extend(extra.content_type.as_deref().map(|text| Property::ContentType(Text::from(text))));
    properties.extend(user_properties(&extra.user_properties));
    properties
}

fn user_properties(pairs: &[(String, String)]) -> impl Iterator<Item = Property> + '_ {
    pairs
        .iter()
        .map(|(name, value)| Property::UserProperty(Text::from(name.as_str()), Text::from(value.as_str())))
}

/// Whether a level of service is acknowledged.
pub(super) fn is_acknowledged(qos: QoS) -> bool {
    qos != QoS::AtMostOnce
}
