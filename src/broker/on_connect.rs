//! CONNECT (3.1): who may come in, which session it is, and CONNACK.

use super::access::May;
use super::admit::{Admission, Refusal, USERS};
use super::held::TOTAL;
use super::session::Session;
use super::store::SessionId;
use super::turn::Turn;
use super::will::ArmedWill;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer, PacketBytes, Told};
use crate::chance::chance;
use crate::rule::{RuleId, aws, mosquitto, own, v3, v5};
use crate::time::Span;
use crate::wire::{
    self, Connack, Connect, Packet, PacketType, Properties, Property, QoS, ReasonCode, Text, Version,
};
use bytes::Bytes;

/// What is settled before the session is found.
pub(super) struct Terms {
    pub(super) client: Text,
    /// Whose policies count.
    pub(super) principal: Text,
    assigned: bool,
    /// How long the session outlives the connection; `None` where it never ends.
    pub(super) expiry_s: Option<u32>,
    /// Whether that is less than the client asked for.
    expiry_cut: bool,
    keep_alive_s: u16,
    keep_alive_cut: bool,
    /// What the client told, if it did.
    receive_maximum: Option<u16>,
}

impl Broker {
    /// The first packet of a connection, which must be CONNECT.
    pub(super) fn on_first_packet<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        bytes: Bytes,
        cause: Cause,
    ) {
        let asked = asked_version(&bytes);
        let speaks_v5 = asked.is_some_and(|level| level >= 5) && self.limits.connect_v5;
        let version = if speaks_v5 { Version::V5 } else { Version::V3 };
        if let Some(connection) = self.live.connection_mut(conn) {
            connection.version = version;
        }
        let decoded = wire::decode(&bytes, version);
        let client = match &decoded {
            Ok(Packet::Connect(connect)) => &*connect.client_id,
            _ => "",
        };
        let cause = turn.note(Kind::PacketReceived, client, cause, |event| {
            event.packet = Some(PacketBytes { version, head: &bytes, body: &[] });
        });
        match decoded {
            Ok(Packet::Connect(connect)) if connect.version != version => {
                let code = ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION;
                let (rule, why) = (Some(v3("MQTT-3.1.2-2")), "MQTT 5 is not spoken here");
                self.refuse_first(turn, conn, Some(code), code, rule, why, cause);
            }
            Ok(Packet::Connect(connect)) => self.on_connect(turn, conn, &connect, bytes.len(), cause),
            Ok(_) => self.refuse_first(
                turn,
                conn,
                None,
                ReasonCode::PROTOCOL_ERROR,
                None,
                "the first packet is no CONNECT",
                cause,
            ),
            Err(malformed) => {
                // 3.1.1 answers a wrong level only ([3.1.1 MQTT-3.1.2-2], [MQTT-3.1.4-1]), not a wrong name
                // ([3.1.1 MQTT-3.1.2-1]); 5.0 may answer anything.
                let answer = match (asked, version) {
                    (None, _) => None,
                    (_, Version::V5) if malformed.code.is_listed(PacketType::Connack, version) => {
                        Some(malformed.code)
                    }
                    (_, Version::V5) => Some(ReasonCode::MALFORMED_PACKET),
                    (_, Version::V3) if malformed.rule == Some(v3("MQTT-3.1.2-2")) => {
                        Some(ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION)
                    }
                    (_, Version::V3) => None,
                };
                self.refuse_first(turn, conn, answer, malformed.code, malformed.rule, malformed.what, cause);
            }
        }
    }

    /// Refuses what came first, with a CONNACK if `answer` is one, and closes.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn refuse_first<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        answer: Option<ReasonCode>,
        code: ReasonCode,
        rule: Option<RuleId>,
        why: &str,
        cause: Cause,
    ) {
        let version = self.live.connection(conn).map_or(Version::V3, |connection| connection.version);
        let cause = turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
            event.rule = rule.or(Some(version.rule("MQTT-3.1.0-1", "MQTT-3.1.0-1")));
            event.code = Some(u16::from(answer.unwrap_or(code).0));
            event.why = why;
        });
        if let Some(code) = answer {
            let redirect = self.access.redirect.as_ref().filter(|_| version == Version::V5);
            let reference =
                redirect.map(|redirect| Property::ServerReference(Text::from(redirect.to.as_str())));
            let properties = reference.into_iter().collect();
            // [3.1.1 MQTT-3.2.2-4] [5.0 MQTT-3.2.2-6]
            let connack = Connack { session_present: false, code, properties };
            self.send_failure(turn, conn, Packet::Connack(connack), (why, Vec::new()), cause);
        }
        // [3.1.1 MQTT-3.2.2-5, MQTT-3.1.4-5] [5.0 MQTT-3.2.2-7, MQTT-3.1.4-6]: what comes after it is not read.
        self.hang_up(turn, conn, Ending::ProtocolError, code, why, cause);
    }

    fn on_connect<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        connect: &Connect,
        packet_bytes: usize,
        cause: Cause,
    ) {
        self.live.sys.counted.connections += 1;
        let properties = &connect.properties;
        let packet_max_bytes = properties.maximum_packet_size().map_or(usize::MAX, |bytes| bytes as usize);
        if let Some(connection) = self.live.connection_mut(conn) {
            connection.packet_max_bytes = packet_max_bytes;
            connection.asking = Text::from(connect.client_id.as_str());
            connection.problem_information = properties.request_problem_information().unwrap_or(true);
        }
        if let Err((refusal, cause)) = self.check_connect(turn, conn, connect, packet_bytes, cause) {
            self.refuse_connect(turn, conn, connect.version, &refusal, cause);
            return;
        }
        if let Some(will) = &connect.will
            && let Err(error) = self.limits.check_publish(&will.topic, will.retain)
        {
            let code = ReasonCode::TOPIC_NAME_INVALID;
            let answer = (connect.version == Version::V5 && !self.limits.topic_levels_close).then_some(code);
            let rule = Some(error.rule(connect.version));
            self.refuse_first(turn, conn, answer, code, rule, error.what(), cause);
            return;
        }
        if let Err((refusal, cause)) = self.may_come_now(turn, &connect.client_id, cause) {
            self.refuse_connect(turn, conn, connect.version, &refusal, cause);
            return;
        }
        match self.admit(connect) {
            Ok(Admission::Now { known }) => {
                let mut cause = cause;
                if known {
                    cause = turn.note(Kind::Decision, &connect.client_id, cause, |event| {
                        event.rule = Some(USERS);
                        event.why = "the user name and the password are right";
                    });
                }
                self.accept(turn, conn, connect, cause);
            }
            Ok(Admission::Challenged) => self.begin_authentication(turn, conn, connect, cause),
            Err(refusal) => {
                if [ReasonCode::NOT_AUTHORIZED, ReasonCode::BAD_USER_NAME_OR_PASSWORD].contains(&refusal.v5) {
                    let client = Text::from(connect.client_id.as_str());
                    self.tell(|_| Some(Told::ConnectFailed { client, cause }));
                }
                self.refuse_connect(turn, conn, connect.version, &refusal, cause);
            }
        }
    }

    fn refuse_connect<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        version: Version,
        refusal: &Refusal,
        cause: Cause,
    ) {
        let answer = match version {
            Version::V3 => refusal.v3,
            Version::V5 => Some(refusal.v5),
        };
        self.refuse_first(turn, conn, answer, refusal.v5, Some(refusal.rule), refusal.why, cause);
    }

    /// Takes in a client that may come: its session, and CONNACK.
    pub(super) fn accept<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        connect: &Connect,
        cause: Cause,
    ) {
        let version = connect.version;
        let terms = match self.terms(conn, connect) {
            Ok(terms) => terms,
            Err(refusal) => return self.refuse_connect(turn, conn, version, &refusal, cause),
        };
        let (may, cause) = self.may_connect(turn, connect, &terms, cause);
        if may != May::Yes {
            self.tell(|_| Some(Told::ConnectFailed { client: terms.client, cause }));
            let rule = aws("aws.policy.connect-denied");
            let why = "the client may not connect like this";
            let refusal = Refusal { v3: None, v5: ReasonCode::NOT_AUTHORIZED, rule, why };
            return self.refuse_connect(turn, conn, version, &refusal, cause);
        }
        let Some(connection) = self.live.connection(conn) else { return };
        let packet_max_bytes = connection.packet_max_bytes;
        let properties = self.connack_properties(connect, &terms);
        let mut connack = Connack { session_present: false, code: ReasonCode::SUCCESS, properties };
        let connack_bytes = Packet::Connack(connack.clone()).encoded_len(version);
        if connack_bytes.is_none_or(|bytes| bytes > packet_max_bytes) {
            // Session Present is one bit: it does not change the length. Without CONNACK nothing else may be sent.
            // [5.0 MQTT-3.2.0-1]
            let (code, rule) = (ReasonCode::PACKET_TOO_LARGE, v5("MQTT-3.1.2-24"));
            let why = "the client's Maximum Packet Size leaves no room for CONNACK";
            self.refuse_first(turn, conn, None, code, Some(rule), why, cause);
            return;
        }
        let old = self.store.of_client(&terms.client);
        let old_conn = old.and_then(|id| self.store.session(id)).and_then(|session| session.conn);
        let mut cause = cause;
        if let Some(old_conn) = old_conn {
            cause = turn.note(Kind::SessionTakenOver, &terms.client, cause, |event| {
                event.rule = Some(version.rule("MQTT-3.1.4-2", "MQTT-3.1.4-3"));
            });
            if let Some(old) = old.filter(|_| connect.clean_start && !self.limits.will_on_takeover) {
                self.end_before_takeover(turn, old, cause);
            }
            self.hang_up(turn, old_conn, Ending::TakenOver, ReasonCode::SESSION_TAKEN_OVER, "", cause);
        }
        let (id, present, mut cause) = self.find_session(turn, connect, &terms, cause);
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.conn = Some(conn);
        self.live.sys.counted.connect();
        session.expiry_s = terms.expiry_s;
        session.version = version;
        session.principal = terms.principal;
        session.user = connect.username.as_deref().map(std::sync::Arc::from);
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.session = Some(id);
        connection.asking = Text::default();
        connection.version = version;
        connection.splitter.speak(version);
        connection.keep_alive_s = terms.keep_alive_s;
        // One and a half times the keep alive. [3.1.1 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-22, MQTT-3.2.2-22]
        let patience_us = u64::from(terms.keep_alive_s) * 1_500_000;
        connection.patience = (patience_us > 0).then_some(Span::us(patience_us));
        connection.inflight_told = terms.receive_maximum.filter(|_| self.limits.session_inflight_by_client);
        let most = connection.inflight_told.unwrap_or(self.limits.session_inflight_max_messages);
        connection.quota = terms.receive_maximum.unwrap_or(most).min(most);
        connection.quota_max = connection.quota;
        if version == Version::V5 {
            // 3.1.1 has none of these: its clients cannot know of them.
            connection.receive_maximum = self.limits.connect_receive_maximum;
            connection.alias_maximum = self.limits.topic_alias_maximum;
        }
        self.arm_silence(conn);
        if terms.keep_alive_cut {
            let rule = self.rule_of("keep_alive.max_s");
            cause = turn.note(Kind::Decision, &terms.client, cause, |event| {
                event.rule = Some(rule);
                event.number = Some(u32::from(terms.keep_alive_s));
                event.why = "the keep alive is the broker's";
            });
        }
        self.weigh_session(id);
        self.arm_will(turn, id, connect, cause);
        // [3.1.1 MQTT-3.2.2-1, MQTT-3.2.2-2, MQTT-3.2.2-3] [5.0 MQTT-3.2.2-2, MQTT-3.2.2-3]
        connack.session_present = present;
        // Nothing has left before it. [3.1.1 MQTT-3.1.4-4, MQTT-3.2.0-1] [5.0 MQTT-3.1.4-5, MQTT-3.2.0-1, MQTT-3.2.0-2]
        self.send_packet(turn, conn, &Packet::Connack(connack), cause);
        self.tell(|_| Some(Told::Connected { client: terms.client, cause }));
        self.resume(turn, conn, id, cause);
    }

    /// A session that ends with its takeover: that decides the Will's fate, and the Will goes to none of its subscriptions.
    fn end_before_takeover<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId, cause: Cause) {
        let Some(session) = self.store.session_mut(id) else { return };
        session.expiry_s = Some(0);
        for filter in session.subscriptions.keys().cloned().collect::<Vec<_>>() {
            self.unsubscribe(turn, id, &filter, cause);
        }
    }

    /// Checks what CONNECT asks for and settles what it gets.
    fn terms(&mut self, conn: ConnId, connect: &Connect) -> Result<Terms, Refusal> {
        let version = connect.version;
        let mut expiry_asked_s = 0;
        let mut receive_maximum = None;
        for property in &connect.properties.0 {
            match property {
                Property::SessionExpiryInterval(s) => expiry_asked_s = *s,
                Property::ReceiveMaximum(n) => receive_maximum = Some(*n),
                _ => {}
            }
        }
        if connect.client_id.is_empty() && version == Version::V3 && !connect.clean_start {
            return Err(Refusal {
                v3: Some(ReasonCode::V3_IDENTIFIER_REJECTED),
                v5: ReasonCode::CLIENT_IDENTIFIER_NOT_VALID,
                rule: v3("MQTT-3.1.3-8"),
                why: "an empty client identifier needs Clean Session",
            });
        }
        if let Some(will) = &connect.will
            && let Some((code, _, why)) = self.unsupported(version, will.qos, will.retain)
        {
            let rule = match code {
                ReasonCode::QOS_NOT_SUPPORTED => version.rule("MQTT-3.2.2-6", "MQTT-3.2.2-12"),
                _ => version.rule("MQTT-3.2.2-6", "MQTT-3.2.2-13"),
            };
            return Err(Refusal { v3: None, v5: code, rule, why });
        }
        let assigned = connect.client_id.is_empty();
        let client = if assigned { self.assign_client_id() } else { Text::from(connect.client_id.as_str()) };
        let principal = self.principal_of(conn, connect, &client);
        if self.store.of_client(&client).is_none()
            && self.store.sessions.len() >= self.limits.session_max_count
        {
            return Err(Refusal {
                v3: Some(ReasonCode::V3_SERVER_UNAVAILABLE),
                v5: ReasonCode::QUOTA_EXCEEDED,
                rule: own("glassbroker.bound.sessions"),
                why: "too many sessions",
            });
        }
        if self.held_bytes > self.limits.broker_max_bytes {
            return Err(Refusal {
                v3: Some(ReasonCode::V3_SERVER_UNAVAILABLE),
                v5: ReasonCode::QUOTA_EXCEEDED,
                rule: TOTAL,
                why: "the broker holds all that it may",
            });
        }
        let (expiry_s, expiry_cut) = match version {
            Version::V3 if connect.clean_start => (Some(0), false),
            Version::V3 => (self.limits.session_expiry_default_s, false),
            Version::V5 => {
                let asked = (expiry_asked_s != u32::MAX).then_some(expiry_asked_s);
                match self.limits.session_expiry_max_s {
                    Some(most) if asked.is_none_or(|asked| asked > most) => (Some(most), true),
                    _ => (asked, false),
                }
            }
        };
        let keep_alive_s = self.limits.keep_alive_s(connect.keep_alive_s);
        Ok(Terms {
            client,
            principal,
            assigned,
            expiry_s,
            expiry_cut,
            keep_alive_s,
            keep_alive_cut: keep_alive_s != connect.keep_alive_s,
            receive_maximum,
        })
    }

    /// A client identifier that no session has [MQTT-3.1.3-6] [5.0 MQTT-3.2.2-16]. Only letters and digits, at most 23 ([MQTT-3.1.3-5]).
    fn assign_client_id(&mut self) -> Text {
        loop {
            let draw = chance(self.seed, "client identifier", "", self.store.assigned);
            self.store.assigned += 1;
            // [aws.connect.assigned]
            let prefix = if self.limits.connect_client_id_reserved { "$auto" } else { "auto" };
            let client = format!("{prefix}{draw:016x}");
            if self.store.of_client(&client).is_none() {
                return Text::from(client);
            }
        }
    }

    /// Resumes, clears or creates the session: its number, whether it was present, and the cause of what follows.
    /// [MQTT-3.1.3-2] [3.1.1 MQTT-3.1.4-3] [5.0 MQTT-3.1.4-4]
    fn find_session<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        connect: &Connect,
        terms: &Terms,
        mut cause: Cause,
    ) -> (SessionId, bool, Cause) {
        let version = connect.version;
        // A takeover may have ended the session together with the old connection.
        if let Some(id) = self.store.of_client(&terms.client) {
            let held = self.store.session(id).map_or(version, |session| session.version);
            if connect.clean_start {
                if !self.limits.will_on_takeover {
                    self.discard_will(
                        turn,
                        id,
                        mosquitto("mosquitto.will.takeover"),
                        "the client came back",
                        cause,
                    );
                }
                let rule = version.rule("MQTT-3.1.2-6", "MQTT-3.1.2-4");
                cause = self.drop_session(turn, id, Kind::SessionCleared, rule, "Clean Start", cause);
            } else if held != version && !self.limits.session_across_versions {
                let rule = aws("aws.session.cross-version");
                let why = "a session of the other MQTT version cannot be resumed";
                cause = self.drop_session(turn, id, Kind::SessionCleared, rule, why, cause);
            } else {
                let Some(session) = self.store.sessions.get_mut(id.0) else { return (id, true, cause) };
                self.live.timers.clear(&mut session.ends_at, super::timers::TimerKey::Session(id));
                let depth = session.outbox.len();
                let cause = turn.note(Kind::SessionResumed, &session.client, cause, |event| {
                    event.rule = Some(version.rule("MQTT-3.1.2-4", "MQTT-3.1.2-5"));
                    event.number = Some(u32::try_from(depth).unwrap_or(u32::MAX));
                });
                self.discard_will(
                    turn,
                    id,
                    version.rule("MQTT-3.1.2-10", "MQTT-3.1.3-9"),
                    "the client came back",
                    cause,
                );
                return (id, true, cause);
            }
        }
        let cause = turn.note(Kind::SessionCreated, &terms.client, cause, |event| {
            event.rule = Some(version.rule("MQTT-3.1.2-4", "MQTT-3.1.2-6"));
            if connect.clean_start {
                event.rule = Some(version.rule("MQTT-3.1.2-6", "MQTT-3.1.2-4"));
            }
        });
        let session = Session::new(terms.client.clone(), version, terms.expiry_s);
        let id = SessionId(self.store.sessions.add(session));
        self.store.by_client.insert(terms.client.as_str().into(), id);
        (id, false, cause)
    }

    fn arm_will<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        connect: &Connect,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let Some(will) = &connect.will else { return };
        let mut armed = ArmedWill::of(will);
        armed.expiry_s = armed.expiry_s.map(|s| self.limits.message_expiry_s(s));
        session.will = Some(Box::new(armed));
        turn.note(Kind::WillArmed, &session.client, cause, |event| {
            event.rule = Some(connect.version.rule("MQTT-3.1.2-8", "MQTT-3.1.2-7"));
            event.topic = &will.topic;
            event.qos = Some(will.qos as u8);
        });
        self.weigh_session(id);
    }

    /// What CONNACK tells a 5.0 client where it differs from what the client may assume (3.2.2.3).
    fn connack_properties(&self, connect: &Connect, terms: &Terms) -> Properties {
        let mut properties = Vec::new();
        if connect.version == Version::V3 {
            return Properties(properties);
        }
        if terms.expiry_cut {
            properties.push(Property::SessionExpiryInterval(terms.expiry_s.unwrap_or(u32::MAX)));
        }
        if self.limits.connect_receive_maximum < u16::MAX {
            properties.push(Property::ReceiveMaximum(self.limits.connect_receive_maximum));
        }
        // [MQTT-3.2.2-9].
        if self.limits.publish_qos_max < QoS::ExactlyOnce {
            properties.push(Property::MaximumQoS(self.limits.publish_qos_max as u8));
        }
        if !self.limits.retained_available {
            properties.push(Property::RetainAvailable(0));
        }
        if let Some(bytes) = self.limits.packet_max_bytes {
            properties.push(Property::MaximumPacketSize(bytes));
        }
        // [5.0 MQTT-3.1.3-7]
        if terms.assigned {
            properties.push(Property::AssignedClientIdentifier(terms.client.clone()));
        }
        if self.limits.topic_alias_maximum > 0 {
            properties.push(Property::TopicAliasMaximum(self.limits.topic_alias_maximum));
        }
        if !self.limits.subscription_wildcards {
            properties.push(Property::WildcardSubscriptionAvailable(0));
        }
        if !self.limits.subscription_identifiers {
            properties.push(Property::SubscriptionIdentifierAvailable(0));
        }
        if !self.limits.subscription_shared {
            properties.push(Property::SharedSubscriptionAvailable(0));
        }
        if terms.keep_alive_cut {
            properties.push(Property::ServerKeepAlive(terms.keep_alive_s));
        }
        // [MQTT-3.1.2-28].
        if connect.properties.request_response_information() == Some(true)
            && let Some(information) = &self.access.response_information
        {
            properties.push(Property::ResponseInformation(Text::from(information.as_str())));
        }
        // [MQTT-4.12.0-5].
        properties
            .extend(connect.properties.authentication_method().cloned().map(Property::AuthenticationMethod));
        Properties(properties)
    }
}

/// The protocol level that a CONNECT asks for, if it is one with a name in front.
fn asked_version(bytes: &[u8]) -> Option<u8> {
    if bytes.first()? >> 4 != 1 {
        return None;
    }
    let length_bytes = bytes.iter().skip(1).take(4).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    let name_at = 1 + length_bytes;
    let name_bytes = usize::from(u16::from_be_bytes([*bytes.get(name_at)?, *bytes.get(name_at + 1)?]));
    bytes.get(name_at + 2 + name_bytes).copied()
}
