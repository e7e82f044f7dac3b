//! How connections and sessions end, and what that does to Wills.

use super::access::{May, Who};
use super::inflight::Step;
use super::publication::Routed;
use super::quirks::note_late_lost;
use super::session::Session;
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::will::{ArmedWill, Fate, WillTerms, decide};
use super::{Broker, Cause, ConnId, Ending, Kind, Observer, Output, Told};
use crate::chance::chance_below;
use crate::policy::Action;
use crate::rule::{RuleId, aws, own};
use crate::time::Span;
use crate::wire::{Disconnect, Packet, PacketType, QoS, ReasonCode, Text, Version};

impl Broker {
    /// The broker ends a connection: 5.0 is told where something went wrong and the link has room, then it is closed. `why` says
    /// more than the code; empty where there is no more to say.
    pub(super) fn hang_up<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        ending: Ending,
        code: ReasonCode,
        why: &str,
        cause: Cause,
    ) {
        let Some(connection) = self.live.connection(conn) else { return };
        // [MQTT-3.14.0-1]: no DISCONNECT before CONNACK.
        let is_silent = ending == Ending::TakenOver && !self.limits.session_takeover_told;
        let is_told = connection.version == Version::V5
            && connection.session.is_some()
            && code.is_failure()
            && !is_silent;
        if is_told && connection.waiting.is_empty() {
            // [MQTT-3.14.2-1]: a second CONNECT may be wrong in ways that only CONNACK has codes for.
            let is_listed = code.is_listed(PacketType::Disconnect, Version::V5);
            let code = if is_listed { code } else { ReasonCode::PROTOCOL_ERROR };
            // [MQTT-3.14.2-2]: without a Session Expiry Interval.
            self.send_failure(
                turn,
                conn,
                Packet::Disconnect(Disconnect::new(code)),
                (why, Vec::new()),
                cause,
            );
        }
        // [MQTT-4.13.2-1]: whoever says so closes, and sends nothing more ([5.0 MQTT-3.14.4-1]).
        self.live.outputs.push_back(Output::Close { conn, code, cause });
        self.end(turn, conn, ending, cause);
    }

    /// A connection has ended. Unknown ones are ignored.
    pub(super) fn end<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        ending: Ending,
        cause: Cause,
    ) {
        if let Some((id, cause)) = self.detach(turn, conn, ending, cause) {
            self.settle_absent(turn, id, ending, cause);
        }
    }

    /// Takes a connection off its session, which keeps all that outlives it.
    pub(super) fn detach<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        ending: Ending,
        cause: Cause,
    ) -> Option<(SessionId, Cause)> {
        let mut connection = self.live.connections.take(conn.0)?;
        self.unweigh(connection.weighed_bytes);
        self.live.timers.clear(&mut connection.silence_at, TimerKey::Silence(conn));
        self.live.timers.clear(&mut connection.ends_at, TimerKey::Lifetime(conn));
        self.live.timers.clear(&mut connection.throttle.read_at, TimerKey::Read(conn));
        self.live.timers.clear(&mut connection.throttle.write_at, TimerKey::Write(conn));
        self.live.timers.clear(&mut connection.late_at, TimerKey::LateAck(conn));
        let id = connection.session?;
        let session = self.store.sessions.get_mut(id.0)?;
        session.conn = None;
        self.live.sys.counted.connected = self.live.sys.counted.connected.saturating_sub(1);
        self.live.timers.clear(&mut session.replay_at, TimerKey::Replay(id));
        self.live.timers.clear(&mut session.resend_at, TimerKey::Resend(id));
        let (rule, reason) = match ending {
            Ending::OperatorDisconnect if self.limits.account_connection_operations => {
                (aws("aws.operation.delete-connection"), ending.reason())
            }
            // Where an account cannot do it, the service itself does.
            Ending::OperatorDisconnect => (own("glassbroker.operator"), Ending::BrokerRestart.reason()),
            _ => (ending_rule(ending, session.version), ending.reason()),
        };
        if self.limits.account_present {
            self.live.departures.add(turn.now, session, reason, connection.keep_alive_s);
        }
        let cause = turn.note(Kind::SessionDisconnected, &session.client, cause, |event| {
            event.rule = Some(rule);
            event.why = ending.name();
        });
        if O::WATCHES {
            for (after, queued) in (0..connection.qos0.len()).rev().zip(&connection.qos0) {
                let lost = Lost {
                    topic: &queued.publication.message.topic,
                    qos: 0,
                    why: "the connection ended",
                    depth: Some(u32::try_from(session.outbox.len() + after).unwrap_or(u32::MAX)),
                };
                let cause = Cause { event: cause.event, message: queued.cause.message };
                note_lost(turn, &session.client, &lost, cause);
            }
        }
        session.outbox.store_all();
        self.tell(|broker| {
            let client = broker.store.session(id)?.client.clone();
            Some(Told::Disconnected { client, ending, reason, cause })
        });
        Some((id, cause))
    }

    /// Decides what becomes of a session whose client is away now: of its Will, and how long it lasts.
    pub(super) fn settle_absent<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        ending: Ending,
        cause: Cause,
    ) {
        if self.limits.shares_by_group() && self.limits.subscription_shared_handed_on {
            self.pass_on(turn, id, cause);
        }
        self.judge_will(turn, id, ending, cause);
        self.start_expiry(turn, id, cause);
    }

    /// Decides what becomes of a Will now that its connection has ended.
    fn judge_will<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        ending: Ending,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let Some(will) = session.will.as_mut() else { return };
        let terms =
            WillTerms { version: session.version, delay_s: will.delay_s, session_expiry_s: session.expiry_s };
        let verdict = decide(ending, &self.limits, terms);
        match verdict.fate {
            Fate::Discarded => self.discard_will(turn, id, verdict.rule, verdict.why, cause),
            Fate::Sent => self.send_will(turn, id, verdict.rule, verdict.why, cause),
            Fate::Delayed(delay) => {
                will.ended_at = Some(turn.now);
                let due = turn.now + delay;
                let cause = turn.note(Kind::WillScheduled, &session.client, cause, |event| {
                    event.rule = Some(verdict.rule);
                    event.topic = &will.topic;
                    event.why = verdict.why;
                    event.until = Some(due);
                });
                will.cause = cause;
                self.live.timers.set(&mut session.will_at, TimerKey::Will(id), due);
            }
        }
    }

    /// Forgets a session's Will, if it has one.
    pub(super) fn discard_will<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        self.live.timers.clear(&mut session.will_at, TimerKey::Will(id));
        let Some(will) = session.will.take() else { return };
        turn.note(Kind::WillDiscarded, &session.client, cause, |event| {
            event.rule = Some(rule);
            event.topic = &will.topic;
            event.why = why;
        });
        self.weigh_session(id);
    }

    /// Publishes a session's Will, if it has one.
    fn send_will<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        self.live.timers.clear(&mut session.will_at, TimerKey::Will(id));
        // [3.1.1 MQTT-3.1.2-10] [5.0 MQTT-3.1.2-10]: once it is published it is forgotten.
        let Some(will) = session.will.take() else { return };
        let (client, user, version) = (session.client.clone(), session.user.clone(), session.version);
        let principal = session.principal.clone();
        let who = Who { client: &client, user: user.as_deref(), principal: &principal };
        self.weigh_session(id);
        self.publish_will(turn, *will, who, version, Some(id), rule, why, cause);
    }

    #[allow(clippy::too_many_arguments)]
    fn publish_will<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        will: ArmedWill,
        who: Who<'_>,
        version: Version,
        publisher: Option<SessionId>,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        let client = who.client;
        let (mut may, mut cause) = self.may_as(turn, Action::Publish, who, &will.topic, cause);
        if may == May::Yes && will.retain {
            (may, cause) = self.may_as(turn, Action::RetainPublish, who, &will.topic, cause);
        }
        if let May::No(rule) = may {
            turn.note(Kind::WillDiscarded, client, cause, |event| {
                event.rule = Some(rule);
                event.topic = &will.topic;
                event.why = "the client may not publish to this topic";
            });
            return;
        }
        // What expires at the moment of its publication is still sent, as with any other message; a delay may outlast it.
        let was_delayed = will.ended_at.is_some();
        let publication = will.publication(publisher.map(|id| id.0), turn.now);
        if was_delayed && publication.is_expired(turn.now) {
            turn.note(Kind::WillDiscarded, client, cause, |event| {
                event.rule = Some(crate::rule::v5("MQTT-3.3.2-5"));
                event.topic = &publication.message.topic;
                event.why = "its Message Expiry Interval has passed";
            });
            return;
        }
        let cause = turn.note(Kind::WillSent, client, cause, |event| {
            event.rule = Some(rule);
            event.topic = &publication.message.topic;
            event.qos = Some(publication.message.qos as u8);
            event.why = why;
        });
        let mut routed = Routed::new(publication, 0);
        // [3.1.1 MQTT-3.1.2-16, MQTT-3.1.2-17] [5.0 MQTT-3.1.2-14, MQTT-3.1.2-15]
        if routed.publication.message.retain {
            self.retain(turn, version, client, &mut routed, cause);
        }
        self.route(turn, &mut routed, cause);
    }

    /// A delayed Will is due.
    pub(super) fn on_will_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.will_at = None;
        let cause = session.will.as_ref().map_or(Cause::NONE, |will| will.cause);
        let rule = session.version.rule("MQTT-3.1.2-8", "MQTT-3.1.2-8");
        self.send_will(turn, id, rule, "the Will Delay Interval has passed", cause);
    }

    /// Ends the session with its connection, or sets the moment at which it ends.
    fn start_expiry<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId, cause: Cause) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        match session.expiry_s {
            None => {}
            Some(0) => {
                let rule = session.version.rule("MQTT-3.1.2-6", "MQTT-4.1.0-2");
                self.drop_session(
                    turn,
                    id,
                    Kind::SessionExpired,
                    rule,
                    "it lasts as long as its connection",
                    cause,
                );
            }
            Some(s) => {
                let mut at = turn.now + Span::s(u64::from(s));
                let most_late_us = self.limits.session_expiry_late_max_s * 1_000_000;
                if most_late_us > 0 {
                    // Never shorter, perhaps longer.
                    let (who, ordinal) = (&session.client, turn.now.0);
                    at += Span::us(chance_below(most_late_us + 1, self.seed, "late expiry", who, ordinal));
                    turn.note(Kind::Decision, &session.client, cause, |event| {
                        event.rule = Some(aws("aws.session.expiry-late"));
                        event.until = Some(at);
                        event.why = "the session may live longer than its expiry";
                    });
                }
                self.live.timers.set(&mut session.ends_at, TimerKey::Session(id), at);
            }
        }
    }

    /// A session has outlived its connection long enough.
    pub(super) fn on_session_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.ends_at = None;
        self.live.sys.counted.expired += 1;
        let rule = match session.version {
            Version::V3 => aws("aws.session.expiry"),
            Version::V5 => crate::rule::v5("MQTT-4.1.0-2"),
        };
        self.drop_session(turn, id, Kind::SessionExpired, rule, "its expiry has passed", Cause::NONE);
    }

    /// Deletes a session with all that it holds, but for retained messages ([3.1.1 MQTT-3.1.2-7]); a Will that still waits is
    /// sent, since its session ends ([5.0 MQTT-3.1.2-8]).
    pub(super) fn drop_session<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        kind: Kind,
        rule: RuleId,
        why: &'static str,
        cause: Cause,
    ) -> Cause {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return cause };
        self.live.timers.clear(&mut session.ends_at, TimerKey::Session(id));
        self.live.timers.clear(&mut session.will_at, TimerKey::Will(id));
        self.live.timers.clear(&mut session.replay_at, TimerKey::Replay(id));
        self.live.timers.clear(&mut session.resend_at, TimerKey::Resend(id));
        self.live.timers.clear(&mut session.expiry_at, TimerKey::Expiry(id));
        self.live.timers.clear(&mut session.late_at, TimerKey::Late(id));
        let filters: Vec<Text> = session.subscriptions.keys().cloned().collect();
        let depth = session.outbox.len() + session.inflight.len();
        let cause = turn.note(kind, &session.client, cause, |event| {
            event.rule = Some(rule);
            event.why = why;
            event.number = Some(u32::try_from(depth).unwrap_or(u32::MAX));
        });
        for filter in &filters {
            self.unsubscribe(turn, id, filter, cause);
        }
        let Some(mut session) = self.store.sessions.take(id.0) else { return cause };
        self.unweigh(session.weighed_bytes);
        self.store.by_client.remove(session.client.as_str());
        if O::WATCHES {
            note_all_lost(turn, &session, cause);
            note_late_lost(turn, &session, cause);
        }
        if let Some(will) = session.will.take() {
            let rule = session.version.rule("MQTT-3.1.2-8", "MQTT-3.1.2-8");
            self.publish_will(
                turn,
                *will,
                session.who(),
                session.version,
                None,
                rule,
                "the session ended",
                cause,
            );
        }
        cause
    }

    /// Sets the moment at which a new WebSocket has been open for as long as it may be.
    pub(super) fn arm_lifetime(&mut self, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        if let Some(most) = self.limits.connection_websocket_max.filter(|_| connection.websocket) {
            // Until something is heard, that is since when it is open.
            let at = connection.heard_at + most;
            self.live.timers.set(&mut connection.ends_at, TimerKey::Lifetime(conn), at);
        }
    }

    /// A WebSocket has been open for as long as it may be. [aws.quota.websocket] [aws.quota.websocket-told]
    pub(super) fn on_lifetime_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.ends_at = None;
        let (ending, code) = (Ending::WebSocketExpired, ReasonCode::MAXIMUM_CONNECT_TIME);
        let rule = self.rule_of("connection.websocket_max_s");
        self.refuse_as(turn, conn, ending, code, rule, ending.name(), Cause::NONE);
    }

    /// Sets the moment at which a connection's silence is looked at.
    pub(super) fn arm_silence(&mut self, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let patience = match connection.session {
            Some(_) => connection.patience,
            None => self.limits.connect_timeout,
        };
        match patience {
            Some(patience) => {
                let at = connection.heard_at + patience;
                self.live.timers.set(&mut connection.silence_at, TimerKey::Silence(conn), at);
            }
            None => self.live.timers.clear(&mut connection.silence_at, TimerKey::Silence(conn)),
        }
    }

    /// Looks at whether a connection has been silent for too long; if it has not, looks again when it could have been.
    pub(super) fn on_silence<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.silence_at = None;
        let patience = match connection.session {
            Some(_) => connection.patience,
            None => self.limits.connect_timeout,
        };
        let Some(patience) = patience else { return };
        if turn.now.since(connection.heard_at) < patience {
            self.arm_silence(conn);
            return;
        }
        let version = connection.version;
        let (ending, code, rule) = match connection.session {
            Some(_) => {
                let rule = version.rule("MQTT-3.1.2-24", "MQTT-3.1.2-22");
                (Ending::KeepAliveTimeout, ReasonCode::KEEP_ALIVE_TIMEOUT, rule)
            }
            None => (Ending::ProtocolError, ReasonCode::PROTOCOL_ERROR, own("glassbroker.connect.timeout")),
        };
        let why = match (connection.session, &connection.auth) {
            (Some(_), _) => ending.name(),
            (None, Some(_)) => "no answer to the challenge in time",
            (None, None) => "no CONNECT in time",
        };
        let cause = turn.note(Kind::Decision, self.client_of(conn), Cause::NONE, |event| {
            event.rule = Some(rule);
            event.code = Some(u16::from(code.0));
            event.why = why;
        });
        // The code says as much: a Reason String would repeat it.
        self.hang_up(turn, conn, ending, code, "", cause);
    }
}

/// The rule that ends a connection in one way.
const fn ending_rule(ending: Ending, version: Version) -> RuleId {
    match ending {
        Ending::Disconnect | Ending::DisconnectWithWill => version.rule("MQTT-3.14.4-1", "MQTT-3.14.4-2"),
        Ending::KeepAliveTimeout => version.rule("MQTT-3.1.2-24", "MQTT-3.1.2-22"),
        Ending::TakenOver => version.rule("MQTT-3.1.4-2", "MQTT-3.1.4-3"),
        Ending::ProtocolError | Ending::QuotaExceeded => version.rule("MQTT-4.8.0-1", "MQTT-4.13.1-1"),
        Ending::WebSocketExpired => aws("aws.quota.websocket"),
        Ending::NotAuthorized => aws("aws.policy.evaluation"),
        Ending::WebSocketClose | Ending::ConnectionLost => own("glassbroker.link.ended"),
        Ending::OperatorDisconnect | Ending::BrokerRestart => own("glassbroker.operator"),
    }
}

/// A message that goes with the connection or the session that it waits in.
pub(super) struct Lost<'a> {
    pub(super) topic: &'a str,
    pub(super) qos: u8,
    pub(super) why: &'a str,
    /// How many still wait after it.
    pub(super) depth: Option<u32>,
}

pub(super) fn note_lost<'e, O: Observer>(
    turn: &mut Turn<'_, O>,
    client: &'e str,
    lost: &Lost<'e>,
    cause: Cause,
) {
    turn.note(Kind::MessageDropped, client, cause, |event| {
        event.rule = Some(own("glassbroker.lost"));
        event.topic = lost.topic;
        event.qos = Some(lost.qos);
        event.why = lost.why;
        event.number = lost.depth;
    });
}

/// Each message that is lost with a session, so that no ledger misses one.
fn note_all_lost<O: Observer>(turn: &mut Turn<'_, O>, session: &Session, cause: Cause) {
    let mut note = |topic: &str, qos: QoS, message: u32| {
        let lost = Lost { topic, qos: qos as u8, why: "its session ended", depth: None };
        note_lost(turn, &session.client, &lost, Cause { event: cause.event, message });
    };
    for (_, flight) in session.inflight.iter() {
        // Of one that was released the client has the message: only the end of the handshake is missing.
        if let Step::Published(publication) = &flight.step {
            note(&publication.message.topic, flight.qos, flight.cause.message);
        }
    }
    for unreleased in session.incoming.unreleased() {
        let message = &unreleased.publication.message;
        note(&message.topic, message.qos, unreleased.cause.message);
    }
    for queued in session.outbox.stored().iter().chain(session.outbox.live()) {
        note(&queued.publication.message.topic, queued.qos, queued.cause.message);
    }
}
