//! Where outgoing packets are written: one stretch of memory, cut into packets that share it.

use super::publication::{Ids, Publication};
use crate::time::SimTime;
use crate::wire::{self, Packet, Property, QoS, Version};
use bytes::{Bytes, BytesMut};

/// How much memory is taken at once.
const STRETCH_BYTES: usize = 64 << 10;

/// What one delivery makes of a publication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    pub(super) version: Version,
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) dup: bool,
    /// The Packet Identifier; 0 at QoS 0.
    pub(super) id: u16,
    pub(super) ids: &'a Ids,
}

/// Memory for outgoing packets. A clone begins with none of its own.
#[derive(Debug, Default)]
pub(super) struct Arena {
    bytes: BytesMut,
}

impl Clone for Arena {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Arena {
    fn make_room(&mut self, bytes: usize) {
        if self.bytes.capacity() < bytes {
            self.bytes.reserve(bytes.max(STRETCH_BYTES));
        }
    }

    /// Writes a packet.
    pub(super) fn packet(&mut self, packet: &Packet, version: Version) -> Bytes {
        self.make_room(256);
        wire::encode(packet, version, &mut self.bytes);
        self.bytes.split().freeze()
    }

    /// Writes the head of a PUBLISH: all but the payload. `None` where it is too large to be written.
    pub(super) fn publish(
        &mut self,
        publication: &Publication,
        shape: &Shape<'_>,
        now: SimTime,
    ) -> Option<Bytes> {
        let mut own = publication.clone();
        self.publish_owned(&mut own, shape, now).map(|head| head.bytes)
    }

    /// As [`Self::publish`], without copying anything: the message is changed for the delivery and changed back.
    pub(super) fn publish_owned(
        &mut self,
        publication: &mut Publication,
        shape: &Shape<'_>,
        now: SimTime,
    ) -> Option<Head> {
        let expiry_s = publication.expiry_left_s(now);
        let message = &mut publication.message;
        self.make_room(message.topic.len() + 64);
        let (qos, retain, handed_on) = (message.qos, message.retain, message.properties.0.len());
        (message.qos, message.retain, message.dup, message.id) =
            (shape.qos, shape.retain, shape.dup, shape.id);
        if shape.version == Version::V5 {
            // [MQTT-3.3.2-6, MQTT-3.3.4-3]
            message.properties.0.extend(expiry_s.map(Property::MessageExpiryInterval));
            message
                .properties
                .0
                .extend(shape.ids.as_slice().iter().map(|id| Property::SubscriptionIdentifier(*id)));
        }
        let offsets =
            wire::encode_publish_head(message, message.payload.len(), shape.version, &mut self.bytes);
        message.properties.0.truncate(handed_on);
        (message.qos, message.retain, message.dup, message.id) = (qos, retain, false, 0);
        let id_at = offsets?.id;
        Some(Head { bytes: self.bytes.split().freeze(), id_at })
    }

    /// The same head for another receiver.
    pub(super) fn again(&mut self, head: &Head, id: u16) -> Bytes {
        let Some(id_at) = head.id_at else { return head.bytes.clone() };
        self.make_room(head.bytes.len());
        self.bytes.extend_from_slice(&head.bytes);
        wire::patch_id(&mut self.bytes, id_at, id);
        self.bytes.split().freeze()
    }
}

/// The head of a PUBLISH.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) bytes: Bytes,
    /// Where the Packet Identifier stands; at QoS 0 there is none.
    id_at: Option<usize>,
}
