//! Sizes and numbers that a profile bounds in one packet: of a client identifier, a payload, properties, Topic Filters.

use super::admit::Refusal;
use super::store::SessionId;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer};
use crate::profile::Limits;
use crate::rule::{RuleId, own};
use crate::wire::{Connect, Properties, Property, Publish, QoS, ReasonCode, Version};

/// A bound that is broken: its setting, how much there was, and what is said of it.
#[derive(Clone, Copy)]
pub(super) struct Excess {
    pub(super) key: &'static str,
    pub(super) level: usize,
    pub(super) why: &'static str,
}

/// The excess over a bound, if there is one.
fn over(key: &'static str, level: usize, most: usize, why: &'static str) -> Option<Excess> {
    (level > most).then_some(Excess { key, level, why })
}

impl Limits {
    /// What of properties is more than the profile allows.
    fn properties_over(&self, properties: &Properties) -> Option<Excess> {
        let mut user_bytes = 0;
        for property in &properties.0 {
            let excess = match property {
                Property::ContentType(value) => over(
                    "property.content_type_max_bytes",
                    value.len(),
                    self.property_content_type_max_bytes,
                    "a Content Type longer than the profile allows",
                ),
                Property::CorrelationData(value) => over(
                    "property.correlation_data_max_bytes",
                    value.len(),
                    self.property_correlation_data_max_bytes,
                    "Correlation Data longer than the profile allows",
                ),
                Property::UserProperty(name, value) => {
                    user_bytes += name.len() + value.len();
                    None
                }
                _ => None,
            };
            if excess.is_some() {
                return excess;
            }
        }
        self.user_properties_over(user_bytes)
    }

    fn user_properties_over(&self, level: usize) -> Option<Excess> {
        let why = "User Properties longer than the profile allows";
        over("property.user_max_bytes", level, self.property_user_max_bytes, why)
    }

    /// What of a PUBLISH is more than the profile allows, and whether that is its payload.
    pub(super) fn publish_over(&self, publish: &Publish) -> Option<(Excess, bool)> {
        let payload = over(
            "publish.payload_max_bytes",
            publish.payload.len(),
            self.publish_payload_max_bytes,
            "a payload longer than the profile allows",
        );
        let is_payload = payload.is_some();
        let excess = payload.or_else(|| self.properties_over(&publish.properties))?;
        Some((excess, is_payload))
    }

    /// What of a CONNECT is more than the profile allows, or less.
    fn connect_over(&self, connect: &Connect, packet_bytes: usize) -> Option<(Excess, ReasonCode)> {
        let client_id = &connect.client_id;
        let not_valid = over(
            "connect.client_id_max_bytes",
            client_id.len(),
            self.connect_client_id_max_bytes,
            "a client identifier longer than the profile allows",
        )
        .or_else(|| {
            let is_reserved = self.connect_client_id_reserved && client_id.starts_with('$');
            let why = "client identifiers that begin with `$` are the broker's own";
            is_reserved.then_some(Excess { key: "connect.client_id_reserved", level: client_id.len(), why })
        });
        if let Some(excess) = not_valid {
            return Some((excess, ReasonCode::CLIENT_IDENTIFIER_NOT_VALID));
        }
        let most = self.publish_payload_max_bytes;
        let excess = over("publish.payload_max_bytes", packet_bytes, most, "a CONNECT larger than a payload")
            .or_else(|| {
                let told = connect.properties.maximum_packet_size()?;
                let why = "a Maximum Packet Size smaller than the profile allows";
                let level = usize::try_from(told).unwrap_or(usize::MAX);
                (told < self.connect_packet_min_bytes).then_some(Excess {
                    key: "connect.packet_min_bytes",
                    level,
                    why,
                })
            })
            .or_else(|| {
                let will = connect.will.as_ref().map(|will| &will.properties);
                let all = [Some(&connect.properties), will];
                all.into_iter()
                    .flatten()
                    .find_map(|properties| self.properties_over(properties))
                    .or_else(|| self.user_properties_over(all.into_iter().flatten().map(user_bytes).sum()))
            })?;
        Some((excess, ReasonCode::QUOTA_EXCEEDED))
    }
}

/// The bytes of all names and values of User Properties.
fn user_bytes(properties: &Properties) -> usize {
    let bytes = properties.0.iter().map(|property| match property {
        Property::UserProperty(name, value) => name.len() + value.len(),
        _ => 0,
    });
    bytes.sum()
}

impl Broker {
    /// The rule of a bound.
    pub(super) fn rule_of(&self, key: &str) -> RuleId {
        self.profile.rule_of(key).unwrap_or(own("glassbroker.bound.total"))
    }

    /// Tells of a bound that is broken.
    pub(super) fn note_excess<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        excess: Excess,
        cause: Cause,
    ) -> Cause {
        turn.note(Kind::QuotaRefused, self.client_of(conn), cause, |event| {
            event.rule = Some(self.rule_of(excess.key));
            event.topic = excess.key;
            event.number = Some(u32::try_from(excess.level).unwrap_or(u32::MAX));
            event.why = excess.why;
        })
    }

    /// Ends a connection whose client sent more of something than the profile allows ([aws.quota.bound-told]).
    pub(super) fn refuse_excess<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        ending: Ending,
        excess: Excess,
        cause: Cause,
    ) {
        let cause = self.note_excess(turn, conn, excess, cause);
        let (code, rule) = (ReasonCode::QUOTA_EXCEEDED, self.rule_of(excess.key));
        self.refuse_as(turn, conn, ending, code, rule, excess.why, cause);
    }

    /// Whether a CONNECT keeps to the profile's bounds; else how it is refused, and the cause of that.
    pub(super) fn check_connect<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        connect: &Connect,
        packet_bytes: usize,
        cause: Cause,
    ) -> Result<(), (Refusal, Cause)> {
        let Some((excess, v5)) = self.limits.connect_over(connect, packet_bytes) else { return Ok(()) };
        let is_not_valid = v5 == ReasonCode::CLIENT_IDENTIFIER_NOT_VALID;
        // [aws.connect.client-id-told] [3.1.1 MQTT-3.1.3-9]
        let v3 = is_not_valid.then_some(ReasonCode::V3_IDENTIFIER_REJECTED);
        let cause = self.note_excess(turn, conn, excess, cause);
        Err((Refusal { v3, v5, rule: self.rule_of(excess.key), why: excess.why }, cause))
    }

    /// Whether a PUBLISH keeps to the profile's bounds. One with too long a payload ends the connection ([aws.quota.payload]); one with
    /// too much in its properties is told in its acknowledgement, if it has one.
    #[cold]
    pub(super) fn is_within_bounds<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        publish: &Publish,
        cause: Cause,
    ) -> bool {
        let Some((excess, is_payload)) = self.limits.publish_over(publish) else { return true };
        if is_payload || publish.qos == QoS::AtMostOnce {
            self.refuse_excess(turn, conn, Ending::ProtocolError, excess, cause);
            return false;
        }
        let cause = self.note_excess(turn, conn, excess, cause);
        let (to, code) = ((publish.qos, publish.id), ReasonCode::QUOTA_EXCEEDED);
        self.answer_publish(turn, conn, from, to, code, excess.why, cause);
        false
    }

    /// What of a SUBSCRIBE or UNSUBSCRIBE is more than the profile allows.
    pub(super) fn filters_over(&self, filters: usize, properties: &Properties) -> Option<Excess> {
        let why = "more Topic Filters in one packet than the profile allows";
        over("subscription.max_per_packet", filters, self.limits.subscription_max_per_packet, why)
            .or_else(|| self.limits.user_properties_over(user_bytes(properties)))
    }

    /// Whether one more QoS 1 or 2 message is more than an MQTT 5 client may have under way: at QoS 2 those that it has not released, at
    /// QoS 1 those whose PUBACK waits for the link or leaves late. ([MQTT-3.3.4-7], [aws.quota.inflight-in])
    pub(super) fn exceeds_receive_maximum(&self, conn: ConnId, from: SessionId, id: u16) -> bool {
        let (Some(connection), Some(session)) = (self.live.connection(conn), self.store.session(from)) else {
            return false;
        };
        let most = connection.receive_maximum.saturating_sub(connection.pubacks_waiting());
        connection.version == Version::V5 && session.incoming.exceeds(id, most)
    }
}
