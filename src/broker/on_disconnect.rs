//! DISCONNECT (3.14) from a client.

use super::store::SessionId;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer};
use crate::rule::v5;
use crate::wire::{Disconnect, Property, ReasonCode};

impl Broker {
    pub(super) fn on_disconnect<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        disconnect: &Disconnect,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let asked = disconnect.properties.0.iter().find_map(|property| match property {
            Property::SessionExpiryInterval(s) => Some(*s),
            _ => None,
        });
        let mut cause = cause;
        if let Some(asked_s) = asked {
            // Row S6; 3.14.2.2.2.
            if session.expiry_s == Some(0) && asked_s > 0 {
                let why = "a session that was to end with its connection cannot be given a longer life";
                self.refuse(turn, conn, ReasonCode::PROTOCOL_ERROR, v5("MQTT-4.13.1-1"), why, cause);
                return;
            }
            let asked = (asked_s != u32::MAX).then_some(asked_s);
            session.expiry_s = match self.limits.session_expiry_max_s {
                Some(most) if asked.is_none_or(|asked| asked > most) => Some(most),
                _ => asked,
            };
            let granted_s = session.expiry_s.unwrap_or(u32::MAX);
            cause = turn.note(Kind::Decision, &session.client, cause, |event| {
                event.rule = Some(v5("MQTT-3.1.2-23"));
                event.topic = "session expiry";
                event.number = Some(granted_s);
                event.why = "DISCONNECT changes the Session Expiry Interval";
            });
        }
        // Only a normal disconnection discards the Will. [3.1.1 MQTT-3.14.4-3, MQTT-3.1.2-10] [5.0 MQTT-3.14.4-3, MQTT-3.1.2-10]
        let ending = match disconnect.code {
            ReasonCode::NORMAL_DISCONNECTION => Ending::Disconnect,
            _ => Ending::DisconnectWithWill,
        };
        self.hang_up(turn, conn, ending, ReasonCode::SUCCESS, "", cause);
    }
}
