//! AUTH (3.15 of 5.0): enhanced authentication by a challenge, before CONNACK and again at any time after it (4.12).

use super::turn::Turn;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer, PacketBytes};
use crate::chance::chance;
use crate::policy::{METHOD, answer};
use crate::rule::{RuleId, own, v5};
use crate::wire::{self, Auth, Connect, Packet, PacketType, Property, ReasonCode, Text, Version};
use bytes::Bytes;
use std::sync::Arc;

/// The enhanced authentication of a connection.
#[derive(Clone, Debug)]
pub(super) struct Authentication {
    user: Option<Text>,
    /// What the client has not answered yet.
    challenge: Option<String>,
    /// The CONNECT that waits for the answer, shared with checkpoints.
    connect: Option<Arc<Connect>>,
}

/// What an AUTH leads to.
enum Step {
    /// It asks for a new challenge.
    Challenge,
    /// Its answer is right.
    Passed,
}

/// Why an AUTH is refused.
type Refusal = (ReasonCode, RuleId, &'static str);

impl Broker {
    /// Answers a CONNECT that asks for it with a challenge.
    pub(super) fn begin_authentication<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        connect: &Connect,
        cause: Cause,
    ) {
        let Some(connection) = self.live.connection_mut(conn) else { return };
        // Nothing may come in at the pace of the version that is not known yet.
        connection.splitter.speak(Version::V5);
        let user = connect.username.clone();
        let connect = Some(Arc::new(connect.clone()));
        connection.auth = Some(Box::new(Authentication { user, challenge: None, connect }));
        self.challenge(turn, conn, cause);
    }

    /// Sends a challenge that was never sent before.
    fn challenge<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, cause: Cause) {
        let Some(auth) = self.live.connection_mut(conn).and_then(|connection| connection.auth.as_mut())
        else {
            return;
        };
        let draw = chance(self.seed, "challenge", "", self.store.challenged);
        self.store.challenged += 1;
        let challenge = format!("{draw:016x}");
        let data = Bytes::from(challenge.clone());
        auth.challenge = Some(challenge);
        let cause = turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
            event.rule = Some(v5("MQTT-4.12.0-2"));
            event.why = "the client is challenged";
        });
        self.send_auth(turn, conn, ReasonCode::CONTINUE_AUTHENTICATION, Some(data), cause);
    }

    /// Sends AUTH, with the method that every AUTH repeats ([MQTT-4.12.0-5]).
    fn send_auth<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        code: ReasonCode,
        data: Option<Bytes>,
        cause: Cause,
    ) {
        let method = Property::AuthenticationMethod(Text::from_static(METHOD));
        let properties = [method].into_iter().chain(data.map(Property::AuthenticationData)).collect();
        self.send_packet(turn, conn, &Packet::Auth(Auth { code, properties }), cause);
    }

    /// What comes from a client that was challenged and has no CONNACK: only AUTH and DISCONNECT may ([MQTT-3.1.2-30]).
    pub(super) fn on_packet_before_connack<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        bytes: &Bytes,
        cause: Cause,
    ) {
        let decoded = wire::decode(bytes, Version::V5);
        let cause = turn.note(Kind::PacketReceived, self.client_of(conn), cause, |event| {
            event.packet = Some(PacketBytes { version: Version::V5, head: bytes, body: &[] });
        });
        let (code, rule, why) = match decoded {
            Ok(Packet::Auth(auth)) => match self.step(conn, &auth) {
                Ok(Step::Passed) => {
                    let connect = self.authenticated(conn).and_then(|auth| auth.connect.take());
                    if let Some(connect) = connect {
                        self.accept(turn, conn, &connect, cause);
                    }
                    return;
                }
                Ok(Step::Challenge) => return self.challenge(turn, conn, cause),
                Err(refusal) => refusal,
            },
            Ok(Packet::Disconnect(_)) => {
                self.hang_up(turn, conn, Ending::Disconnect, ReasonCode::SUCCESS, "", cause);
                return;
            }
            Ok(_) => {
                let why = "before CONNACK a client that is challenged sends AUTH or DISCONNECT";
                (ReasonCode::PROTOCOL_ERROR, v5("MQTT-3.1.2-30"), why)
            }
            Err(malformed) => {
                let is_listed = malformed.code.is_listed(PacketType::Connack, Version::V5);
                let code = if is_listed { malformed.code } else { ReasonCode::MALFORMED_PACKET };
                (code, malformed.rule.unwrap_or(v5("MQTT-4.13.1-1")), malformed.what)
            }
        };
        // [MQTT-4.12.0-4].
        self.refuse_first(turn, conn, Some(code), code, Some(rule), why, cause);
    }

    /// AUTH on a connection that was accepted: re-authentication.
    pub(super) fn on_auth<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        auth: &Auth,
        cause: Cause,
    ) {
        match self.step(conn, auth) {
            Ok(Step::Challenge) => self.challenge(turn, conn, cause),
            Ok(Step::Passed) => {
                self.authenticated(conn);
                let cause = turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
                    event.rule = Some(own("glassbroker.challenge"));
                    event.why = "the client is authenticated again";
                });
                self.send_auth(turn, conn, ReasonCode::SUCCESS, None, cause);
            }
            Err((code, rule, why)) => self.refuse(turn, conn, code, rule, why, cause),
        }
    }

    /// The challenge of a connection is answered.
    fn authenticated(&mut self, conn: ConnId) -> Option<&mut Authentication> {
        let auth = self.live.connection_mut(conn)?.auth.as_mut()?;
        auth.challenge = None;
        Some(auth)
    }

    /// Judges an AUTH.
    fn step(&self, conn: ConnId, packet: &Auth) -> Result<Step, Refusal> {
        let connection = self.live.connection(conn);
        let Some((connection, auth)) = connection.and_then(|c| Some((c, c.auth.as_ref()?))) else {
            let why = "AUTH without an Authentication Method in CONNECT";
            return Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-4.12.0-7"), why));
        };
        if packet.properties.authentication_method().is_none_or(|method| method.as_str() != METHOD) {
            let why = "AUTH has another Authentication Method than CONNECT";
            return Err((ReasonCode::BAD_AUTHENTICATION_METHOD, v5("MQTT-4.12.0-5"), why));
        }
        let is_in = connection.session.is_some();
        match (packet.code, &auth.challenge) {
            (ReasonCode::CONTINUE_AUTHENTICATION, Some(challenge)) => {
                let password = auth.user.as_ref().and_then(|user| self.access.users.password(user));
                let right = password.map(|password| answer(challenge.as_bytes(), password));
                let given = packet.properties.authentication_data();
                if given.is_some()
                    && given.map(|data| &data[..]) == right.as_ref().map(|right| right.as_bytes())
                {
                    return Ok(Step::Passed);
                }
                let rule = if is_in { v5("MQTT-4.12.1-2") } else { v5("MQTT-4.12.0-4") };
                Err((ReasonCode::NOT_AUTHORIZED, rule, "the answer to the challenge is wrong"))
            }
            (ReasonCode::CONTINUE_AUTHENTICATION, None) => {
                Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-4.12.0-3"), "AUTH answers no challenge"))
            }
            (ReasonCode::RE_AUTHENTICATE, None) if is_in => Ok(Step::Challenge),
            (ReasonCode::RE_AUTHENTICATE, _) => {
                let why = "an authentication is under way already";
                Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-4.12.1-1"), why))
            }
            _ => Err((ReasonCode::PROTOCOL_ERROR, v5("MQTT-3.15.2-1"), "only a server's AUTH says success")),
        }
    }
}
