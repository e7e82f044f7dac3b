//! A message that the broker has accepted, shared by all who receive it.

use super::arena::{Arena, Head, Shape};
use crate::time::SimTime;
use crate::wire::{Properties, Property, Publish, QoS, Text, Version};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;

/// An Application Message as it was published, without what belonged to the publisher's connection only.
#[derive(Clone, Debug)]
pub(super) struct Publication {
    /// Topic, payload, QoS and RETAIN as published; of the properties those that are handed on unaltered.
    pub(super) message: Publish,
    /// The session that published it, for No Local; `None` for the service itself.
    pub(super) publisher: Option<u32>,
    /// When it expires.
    pub(super) expires_at: Option<SimTime>,
}

/// What a message takes beyond its size, about.
pub(super) const MESSAGE_BYTES: usize = 256;
/// What a property takes beyond its bytes: an empty one has five of them.
const PROPERTY_BYTES: usize = 64;

impl Publication {
    /// The bytes that it takes in a store: its topic, its payload, its properties and a place for each of these.
    pub(super) fn size(&self) -> usize {
        let message = &self.message;
        message.topic.len() + message.payload.len() + properties_bytes(&message.properties)
    }

    /// The whole seconds that are left of the Message Expiry Interval: 0 in the last second (row M3).
    pub(super) fn expiry_left_s(&self, now: SimTime) -> Option<u32> {
        let left_s = self.expires_at?.since(now).as_s();
        Some(u32::try_from(left_s).unwrap_or(u32::MAX))
    }

    pub(super) fn is_expired(&self, now: SimTime) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// A copy for a store that may keep it long: a small slice would hold on to all that was received with it.
    fn compact(&self) -> Self {
        let message = &self.message;
        let mut bytes = BytesMut::with_capacity(message.topic.len() + message.payload.len());
        bytes.extend_from_slice(message.topic.as_bytes());
        bytes.extend_from_slice(&message.payload);
        let mut bytes = bytes.freeze();
        let topic = bytes.split_to(message.topic.len());
        let message = Publish {
            topic: Text::from_bytes(topic).unwrap_or_default(),
            payload: bytes,
            properties: compact_properties(&message.properties),
            ..*message
        };
        Self { message, ..*self }
    }
}

/// The bytes that properties take in a store.
pub(super) fn properties_bytes(properties: &Properties) -> usize {
    match properties.0.len() {
        0 => 0,
        count => properties.encoded_len() + count * PROPERTY_BYTES,
    }
}

/// Properties that hold on to nothing but themselves.
pub(super) fn compact_properties(properties: &Properties) -> Properties {
    let text = |text: &Text| Text::from(text.as_str());
    Properties(
        properties
            .0
            .iter()
            .map(|property| match property {
                Property::ContentType(value) => Property::ContentType(text(value)),
                Property::ResponseTopic(value) => Property::ResponseTopic(text(value)),
                Property::CorrelationData(value) => Property::CorrelationData(Bytes::copy_from_slice(value)),
                Property::UserProperty(name, value) => Property::UserProperty(text(name), text(value)),
                other => other.clone(),
            })
            .collect(),
    )
}

/// Whether a PUBLISH's or a Will's property is handed on to subscribers as it is.
///
/// [MQTT-3.3.2-4, MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-17, MQTT-3.3.2-18, MQTT-3.3.2-20] name these, and
/// [5.0 MQTT-3.1.3-10] those of a Will.
pub(super) const fn is_forwarded(property: &Property) -> bool {
    matches!(
        property,
        Property::PayloadFormatIndicator(_)
            | Property::ContentType(_)
            | Property::ResponseTopic(_)
            | Property::CorrelationData(_)
            | Property::UserProperty(..)
    )
}

/// The Subscription Identifiers of one delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Ids {
    #[default]
    None,
    One(u32),
    Many(Arc<Vec<u32>>),
}

impl Ids {
    /// The identifier of one subscription; 0 stands for none.
    pub(super) const fn of(id: u32) -> Self {
        if id == 0 { Self::None } else { Self::One(id) }
    }

    /// One more; 0 stands for none.
    pub(super) fn add(&mut self, id: u32) {
        if id == 0 {
            return;
        }
        match self {
            Self::None => *self = Self::One(id),
            Self::One(first) => *self = Self::Many(Arc::new(vec![*first, id])),
            Self::Many(ids) => Arc::make_mut(ids).push(id),
        }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
        }
    }
}

/// A publication while it is routed: what its receivers share is made when the first one needs it.
pub(super) struct Routed {
    pub(super) publication: Publication,
    /// For what is under way and soon acknowledged: shares the bytes that came in.
    shared: Option<Arc<Publication>>,
    /// For what is stored.
    kept: Option<Arc<Publication>>,
    /// Whether so much more came in with it that a store copies its part out.
    small_part: bool,
    /// The head that the last receiver got, where there is more than one.
    template: Option<Template>,
    /// Whether there is.
    pub(super) for_many: bool,
}

/// The head of one receiver's PUBLISH, which is another's too but for the Packet Identifier.
struct Template {
    version: Version,
    qos: QoS,
    retain: bool,
    head: Head,
}

impl Routed {
    /// `chunk_bytes`: how many bytes came in together with it.
    pub(super) fn new(publication: Publication, chunk_bytes: usize) -> Self {
        let small_part = chunk_bytes > 2 * publication.size() + 64;
        Self { publication, shared: None, kept: None, small_part, template: None, for_many: false }
    }

    /// One that is stored already.
    pub(super) fn shared(publication: Arc<Publication>) -> Self {
        Self {
            publication: Publication::clone(&publication),
            shared: Some(publication),
            kept: None,
            small_part: false,
            template: None,
            for_many: false,
        }
    }

    /// For a delivery that waits for its acknowledgement.
    pub(super) fn share(&mut self) -> Arc<Publication> {
        let publication = &self.publication;
        Arc::clone(self.shared.get_or_insert_with(|| Arc::new(publication.clone())))
    }

    /// For a store.
    pub(super) fn keep(&mut self) -> Arc<Publication> {
        if !self.small_part {
            return self.share();
        }
        let publication = &self.publication;
        Arc::clone(self.kept.get_or_insert_with(|| Arc::new(publication.compact())))
    }

    /// The head of one receiver's PUBLISH: encoded once for all that differ in nothing but the Packet Identifier.
    ///
    /// `None` where it has no form, being too large.
    #[inline]
    pub(super) fn head(&mut self, arena: &mut Arena, shape: &Shape<'_>, now: SimTime) -> Option<Bytes> {
        let alike = |template: &&Template| {
            template.version == shape.version && template.qos == shape.qos && template.retain == shape.retain
        };
        if self.for_many
            && *shape.ids == Ids::None
            && let Some(template) = self.template.as_ref().filter(alike)
        {
            return Some(arena.again(&template.head, shape.id));
        }
        let head = arena.publish_owned(&mut self.publication, shape, now)?;
        if self.for_many && *shape.ids == Ids::None {
            let (version, qos, retain) = (shape.version, shape.qos, shape.retain);
            self.template = Some(Template { version, qos, retain, head: head.clone() });
        }
        Some(head.bytes)
    }
}
