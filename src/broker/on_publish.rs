//! PUBLISH (3.3) from a client: accepted, retained, routed, acknowledged.

use super::access::May;
use super::publication::{Publication, Routed, is_forwarded};
use super::session::Unreleased;
use super::store::SessionId;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::policy::Action;
use crate::rule::{RuleId, aws, mosquitto, own, v5};
use crate::time::Span;
use crate::topic::{Problem, TopicError};
use crate::wire::{Ack, Packet, Properties, Property, Publish, QoS, ReasonCode, Text, Version};

/// What a client is told that may not publish.
const DENIED: &str = "the client may not publish to this topic";

/// Why a PUBLISH ends the connection.
type Refusal = (ReasonCode, RuleId, &'static str);

impl Broker {
    pub(super) fn on_publish<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        mut publish: Publish,
        cause: Cause,
    ) {
        let (qos, id) = (publish.qos, publish.id);
        self.live.sys.counted.publish_received += 1;
        self.live.sys.counted.publish_bytes_received += publish.payload.len() as u64;
        let Some(session) = self.store.session(from) else { return };
        let version = session.version;
        if let Some((code, rule, why)) = self.unsupported(version, qos, publish.retain) {
            if version == Version::V3
                && code == ReasonCode::QOS_NOT_SUPPORTED
                && self.limits.publish_qos_over_ignored_v3
            {
                turn.note(Kind::Decision, &session.client, cause, |event| {
                    event.rule = Some(aws("aws.qos.publish"));
                    event.code = Some(u16::from(code.0));
                    event.why = "a QoS above the highest: it is passed over";
                });
                return;
            }
            self.refuse(turn, conn, code, rule, why, cause);
            return;
        }
        let mut is_repeated = false;
        if qos == QoS::ExactlyOnce {
            is_repeated = session.incoming.holds(id);
        }
        // At QoS 1 the profile without a bound need not look: all that comes is acknowledged at once.
        let is_bound = qos == QoS::ExactlyOnce || self.limits.connect_receive_maximum < u16::MAX;
        if is_bound && qos > QoS::AtMostOnce && self.exceeds_receive_maximum(conn, from, id) {
            let rule = v5("MQTT-3.3.4-7");
            let why = "more QoS 1 and 2 messages under way than the Receive Maximum";
            self.refuse(turn, conn, ReasonCode::RECEIVE_MAXIMUM_EXCEEDED, rule, why, cause);
            return;
        }
        let expiry_s = match self.settle_properties(conn, version, &mut publish) {
            Ok(expiry_s) => expiry_s,
            Err((code, rule, why)) => {
                self.refuse(turn, conn, code, rule, why, cause);
                return;
            }
        };
        // After its alias, which a repeat tells too. [MQTT-3.3.2-12]
        if is_repeated {
            self.answer_repeated(turn, conn, from, id, cause);
            return;
        }
        if let Err(error) = self.limits.check_publish(&publish.topic, publish.retain) {
            self.refuse_topic(turn, conn, from, version, &publish, error, cause);
            return;
        }
        if self.limits.bounds_messages && !self.is_within_bounds(turn, conn, from, &publish, cause) {
            return;
        }
        if self.limits.throttles && !self.may_publish(turn, conn, from, &publish, cause) {
            return;
        }
        let (mut may, mut cause) = self.may(turn, Action::Publish, from, &publish.topic, cause);
        if may == May::Yes && publish.retain {
            // [aws.policy.retain-publish]
            (may, cause) = self.may(turn, Action::RetainPublish, from, &publish.topic, cause);
        }
        if may != May::Yes {
            if may.is_denied_by_policy() && (version == Version::V3 || qos == QoS::AtMostOnce) {
                let rule = aws(match version {
                    Version::V3 => "aws.policy.publish-denied-v3",
                    Version::V5 => "aws.policy.publish-denied-v5",
                });
                self.refuse_permission(turn, conn, rule, DENIED, cause);
                return;
            }
            // [aws.policy.publish-denied-v5]; [MQTT-3.3.5-2] of 3.1.1 lets a server acknowledge what it does not take.
            self.answer_publish(turn, conn, from, (qos, id), ReasonCode::NOT_AUTHORIZED, DENIED, cause);
            return;
        }
        let Some(session) = self.store.session(from) else { return };
        let cause = turn.note(Kind::MessageAccepted, &session.client, cause, |event| {
            event.rule = Some(match qos {
                QoS::AtMostOnce => version.rule("MQTT-4.3.1-1", "MQTT-4.3.1-1"),
                QoS::AtLeastOnce => version.rule("MQTT-4.3.2-2", "MQTT-4.3.2-4"),
                QoS::ExactlyOnce => version.rule("MQTT-4.3.3-2", "MQTT-4.3.3-8"),
            });
            event.topic = &publish.topic;
            event.qos = Some(qos as u8);
        });
        // The publisher's DUP and Packet Identifier are its own. [MQTT-3.3.1-3]
        publish.dup = false;
        publish.id = 0;
        let expires_at = expiry_s.map(|s| turn.now + Span::s(u64::from(self.limits.message_expiry_s(s))));
        let publication = Publication { message: publish, publisher: Some(from.0), expires_at };
        let mut routed = Routed::new(publication, self.live.chunk_bytes);
        if qos == QoS::ExactlyOnce && self.limits.publish_qos2_on_release {
            self.hold_back(turn, conn, from, id, &mut routed, cause);
            return;
        }
        let (code, why) = self.hand_on(turn, from, version, &mut routed, cause);
        if code.is_failure() && version == Version::V3 && self.limits.retained_full_unanswered_v3 {
            return;
        }
        self.answer_publish(turn, conn, from, (qos, id), code, why, cause);
    }

    /// A Topic Name that the profile does not let clients publish to: told where there is a packet for it, else the connection ends.
    #[cold]
    #[allow(clippy::too_many_arguments)]
    fn refuse_topic<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        version: Version,
        publish: &Publish,
        error: TopicError,
        cause: Cause,
    ) {
        let (rule, why) = (error.rule(version), error.what());
        let closes = self.limits.topic_levels_close && error.problem == Problem::TooManyLevels;
        if closes || version == Version::V3 || publish.qos == QoS::AtMostOnce {
            let code = if closes { ReasonCode::PROTOCOL_ERROR } else { ReasonCode::TOPIC_NAME_INVALID };
            self.refuse(turn, conn, code, rule, why, cause);
            return;
        }
        let Some(session) = self.store.session(from) else { return };
        let cause = turn.note(Kind::QuotaRefused, &session.client, cause, |event| {
            event.rule = Some(rule);
            event.topic = &publish.topic;
            event.code = Some(u16::from(ReasonCode::TOPIC_NAME_INVALID.0));
            event.why = why;
        });
        let (to, code) = ((publish.qos, publish.id), ReasonCode::TOPIC_NAME_INVALID);
        self.answer_publish(turn, conn, from, to, code, why, cause);
    }

    /// Answers a PUBLISH as its QoS demands ([MQTT-3.3.4-1]). 3.1.1 has no codes: what is refused is acknowledged all the same.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn answer_publish<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        (qos, id): (QoS, u16),
        code: ReasonCode,
        why: &str,
        cause: Cause,
    ) {
        let Some(session) = self.store.session_mut(from) else { return };
        let code = if session.version == Version::V3 { ReasonCode::SUCCESS } else { code };
        let ack = Ack { id, code, properties: Properties::default() };
        let packet = match qos {
            QoS::AtMostOnce => return,
            QoS::AtLeastOnce => Packet::Puback(ack),
            QoS::ExactlyOnce => {
                // After a PUBREC that says failure the identifier is free again ([MQTT-4.3.3-9]).
                if !code.is_failure() {
                    session.incoming.add(id);
                }
                Packet::Pubrec(ack)
            }
        };
        self.send_failure(turn, conn, packet, (why, Vec::new()), cause);
    }

    /// Retains and routes a message, and gives the code of its acknowledgement with its reason.
    pub(super) fn hand_on<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        from: SessionId,
        version: Version,
        routed: &mut Routed,
        cause: Cause,
    ) -> (ReasonCode, &'static str) {
        let mut is_kept = true;
        // [3.1.1 MQTT-3.3.1-12] [5.0 MQTT-3.3.1-8]
        if routed.publication.message.retain {
            let client =
                self.store.session(from).map_or_else(Text::default, |session| session.client.clone());
            match self.may_retain(turn, &client, &routed.publication.message.topic, cause) {
                Ok(()) => is_kept = self.retain(turn, version, &client, routed, cause),
                Err(_) if self.limits.retained_over_rate_live => {}
                Err(why) => return (ReasonCode::QUOTA_EXCEEDED, why),
            }
        }
        // What cannot be retained as it asks to be is refused whole.
        let receivers = if is_kept { self.route(turn, routed, cause) } else { 0 };
        match receivers {
            _ if !is_kept => (ReasonCode::QUOTA_EXCEEDED, "the retained store is full"),
            0 => (ReasonCode::NO_MATCHING_SUBSCRIBERS, ""),
            _ => (ReasonCode::SUCCESS, ""),
        }
    }

    /// Keeps a QoS 2 message for its PUBREL.
    fn hold_back<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        id: u16,
        routed: &mut Routed,
        cause: Cause,
    ) {
        let Some(session) = self.store.session_mut(from) else { return };
        let incoming = &mut session.incoming;
        if incoming.unreleased().len() >= self.limits.session_queue_max_messages
            || incoming.bytes() + routed.publication.size() > self.limits.session_queue_max_bytes
            || self.held_bytes + routed.publication.size() > self.limits.broker_max_bytes
        {
            let why = "too many messages wait for their release";
            turn.note(Kind::MessageDropped, &session.client, cause, |event| {
                event.rule = Some(own("glassbroker.bound.queue"));
                event.topic = &routed.publication.message.topic;
                event.why = why;
            });
            let (to, code) = ((QoS::ExactlyOnce, id), ReasonCode::QUOTA_EXCEEDED);
            self.answer_publish(turn, conn, from, to, code, why, cause);
            return;
        }
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(mosquitto("mosquitto.qos2.on-release"));
            event.topic = &routed.publication.message.topic;
            event.why = "kept until its publisher releases it";
        });
        session.incoming.hold(Unreleased { id, publication: routed.keep(), cause });
        self.weigh_session(from);
        self.send_ack(turn, conn, Packet::Pubrec, id, ReasonCode::SUCCESS, cause);
    }

    /// A QoS 2 message that was accepted before: acknowledged again, not delivered again.
    fn answer_repeated<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        id: u16,
        cause: Cause,
    ) {
        let Some(session) = self.store.session_mut(from) else { return };
        session.incoming.add(id);
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(session.version.rule("MQTT-4.3.3-2", "MQTT-4.3.3-10"));
            event.why = "a repeat before PUBREL is not delivered again";
        });
        self.send_ack(turn, conn, Packet::Pubrec, id, ReasonCode::SUCCESS, cause);
    }

    /// Puts the topic in for its alias, keeps the properties that are handed on, and gives the Message Expiry Interval.
    fn settle_properties(
        &mut self,
        conn: ConnId,
        version: Version,
        publish: &mut Publish,
    ) -> Result<Option<u32>, Refusal> {
        if version == Version::V3 || publish.properties.0.is_empty() {
            return Ok(None);
        }
        let mut expiry_s = None;
        let mut alias = None;
        for property in &publish.properties.0 {
            match property {
                Property::MessageExpiryInterval(s) => expiry_s = Some(*s),
                Property::TopicAlias(number) => alias = Some(*number),
                Property::SubscriptionIdentifier(_) => {
                    let why = "a client sends no Subscription Identifier with PUBLISH";
                    return Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-3.3.4-6"), why));
                }
                _ => {}
            }
        }
        if let Some(alias) = alias {
            self.settle_alias(conn, alias, publish)?;
        }
        if publish.properties.0.iter().any(|property| !is_forwarded(property)) {
            let Properties(all) = std::mem::take(&mut publish.properties);
            publish.properties = Properties(all.into_iter().filter(is_forwarded).collect());
        }
        Ok(expiry_s)
    }

    /// Sets or looks up a topic alias of the client (3.3.2.3.4), any up to the maximum ([MQTT-3.3.2-12]).
    fn settle_alias(&mut self, conn: ConnId, alias: u16, publish: &mut Publish) -> Result<(), Refusal> {
        let Some(connection) = self.live.connection_mut(conn) else { return Ok(()) };
        if alias == 0 || alias > connection.alias_maximum {
            let rule = if alias == 0 { v5("MQTT-3.3.2-8") } else { v5("MQTT-3.3.2-9") };
            return Err((
                ReasonCode::TOPIC_ALIAS_INVALID,
                rule,
                "a Topic Alias that is 0 or above the maximum",
            ));
        }
        if !publish.topic.is_empty() {
            connection.set_alias(alias, Text::from(publish.topic.as_str()));
            return Ok(());
        }
        match connection.alias(alias) {
            Some(topic) => {
                publish.topic = topic.clone();
                Ok(())
            }
            None => Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-3.3.2-7"), "a Topic Alias that was never set")),
        }
    }

    /// Sends PUBACK, PUBREC, PUBREL or PUBCOMP.
    pub(super) fn send_ack<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        packet: fn(Ack) -> Packet,
        id: u16,
        code: ReasonCode,
        cause: Cause,
    ) {
        let ack = Ack { id, code, properties: Properties::default() };
        self.send_packet(turn, conn, &packet(ack), cause);
    }
}
