//! What an operator may do.

use super::publication::{Publication, Routed};
use super::store::{SessionId, Store};
use super::turn::Turn;
use super::will::LOST_WITH_STORE;
use super::{Broker, Cause, Command, ConnId, Ending, Kind, Observer};
use crate::profile::{Limits, Value};
use crate::rule::own;
use crate::time::SimTime;
use crate::topic::check_name;
use crate::wire::{Publish, QoS, ReasonCode, Text, Version};
use bytes::Bytes;

/// A retained message of at most this many bytes is told in whole when an operator reads it.
const READ_SHOWN_BYTES: usize = 256;

impl Broker {
    /// Does what an operator asks.
    ///
    /// # Errors
    /// Says what is wrong and what is allowed; nothing was done then.
    pub fn command(
        &mut self,
        now: SimTime,
        command: Command,
        cause: Cause,
        observer: &mut impl Observer,
    ) -> Result<(), String> {
        let mut turn = Turn { now, observer };
        match command {
            Command::Disconnect { client } => self.disconnect(&mut turn, &client, cause),
            Command::RetainedWrite { topic, payload, qos } => {
                self.write_retained(&mut turn, topic, payload, qos, cause)
            }
            Command::RetainedRead { topic } => self.read_retained(&mut turn, &topic, cause),
            Command::RetainedDelete { topic } => {
                if self.store.retained.names().get(&topic).is_none() {
                    return Err(format!("`{topic}` has no retained message"));
                }
                self.write_retained(&mut turn, topic, Bytes::new(), QoS::AtMostOnce, cause)
            }
            Command::Set { key, value } => self.set(&mut turn, &key, value, cause),
            Command::Policy { name, document, is_new: true } => {
                self.add_policy(&mut turn, &name, document, cause)
            }
            Command::Policy { name, document, .. } => self.change_policy(&mut turn, &name, document, cause),
            Command::Restart { keep_store } => {
                self.restart(&mut turn, keep_store, cause);
                Ok(())
            }
        }
    }

    /// Publishes a message of the service's own, which needs no session and no permission.
    ///
    /// # Errors
    /// Says what is wrong and what is allowed; nothing was done then.
    pub fn publish(
        &mut self,
        now: SimTime,
        message: Publish,
        cause: Cause,
        observer: &mut impl Observer,
    ) -> Result<(), String> {
        self.publish_as_service(&mut Turn { now, observer }, message, cause)
    }

    fn disconnect<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let session = self.store.of_client(client).and_then(|id| self.store.session(id));
        let Some(conn) = session.and_then(|session| session.conn) else {
            return Err(format!("no client `{client}` is connected"));
        };
        self.hang_up(turn, conn, Ending::OperatorDisconnect, ReasonCode::ADMINISTRATIVE_ACTION, "", cause);
        Ok(())
    }

    /// Notes what the retained message of a topic is.
    fn read_retained<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        topic: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let Some(kept) = self.store.retained.names().get(topic) else {
            return Err(format!("`{topic}` has no retained message"));
        };
        let message = &kept.publication.message;
        if O::WATCHES {
            let why = match std::str::from_utf8(&message.payload) {
                Ok(text) if text.len() <= READ_SHOWN_BYTES => format!("retained: {text}"),
                _ => format!("retained: {} bytes", message.payload.len()),
            };
            turn.note(Kind::Decision, "", cause, |event| {
                event.rule = Some(own("glassbroker.operator"));
                event.topic = topic;
                event.qos = Some(message.qos as u8);
                event.why = &why;
            });
        }
        Ok(())
    }

    /// Publishes with RETAIN as the service, which needs no session.
    fn write_retained<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        topic: String,
        payload: Bytes,
        qos: QoS,
        cause: Cause,
    ) -> Result<(), String> {
        let message = Publish { qos, retain: true, topic: Text::from(topic), payload, ..Publish::default() };
        self.publish_as_service(turn, message, cause)
    }

    /// Publishes a message of nobody's.
    fn publish_as_service<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: Publish,
        cause: Cause,
    ) -> Result<(), String> {
        let topic = &message.topic;
        check_name(topic).map_err(|error| format!("`{topic}`: {}", error.what()))?;
        let (qos, retain) = (message.qos, message.retain);
        if let Some((_, _, why)) = self.unsupported(Version::V5, qos, retain) {
            return Err(why.to_owned());
        }
        let cause = turn.note(Kind::MessageAccepted, "", cause, |event| {
            event.rule = Some(own("glassbroker.operator"));
            event.topic = &message.topic;
            event.qos = Some(qos as u8);
        });
        let mut routed = Routed::new(Publication { message, publisher: None, expires_at: None }, 0);
        if retain && !self.retain(turn, Version::V5, "", &mut routed, cause) {
            return Err("the retained store is full: delete messages, or raise `retained.max_messages` or \
                        `retained.max_bytes`"
                .to_owned());
        }
        self.route(turn, &mut routed, cause);
        Ok(())
    }

    /// Changes a setting. It holds for what is decided from now on; what CONNACK told a client stays as it was.
    fn set<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        key: &str,
        value: Value,
        cause: Cause,
    ) -> Result<(), String> {
        self.profile.set(key, value)?;
        let before = std::mem::replace(&mut self.limits, Limits::of(&self.profile));
        self.change_rates(turn.now, &before);
        if O::WATCHES {
            let why = value.to_string();
            turn.note(Kind::Decision, "", cause, |event| {
                event.rule = Some(own("glassbroker.operator"));
                event.topic = key;
                event.why = &why;
            });
        }
        if self.store.sys_subscriptions > 0 && before.sys_interval != self.limits.sys_interval {
            self.arm_sys(turn.now);
        }
        // What waited by the old value may go by the new one.
        let connected: Vec<ConnId> = self.live.connections.iter().map(|(conn, _)| ConnId(conn)).collect();
        for conn in connected {
            self.read_on(turn, conn, false);
            self.pump(turn, conn);
        }
        Ok(())
    }

    /// Every connection is lost. With the store, sessions and retained messages survive and Wills are sent afterwards,
    /// as 3.1.2.5 of 3.1.1 lets a server defer them; without it, all of that is gone.
    fn restart<O: Observer>(&mut self, turn: &mut Turn<'_, O>, keep_store: bool, cause: Cause) {
        if !keep_store {
            let ids: Vec<SessionId> = self.store.by_client.values().copied().collect();
            for id in ids {
                self.discard_will(turn, id, LOST_WITH_STORE, "lost with the store", cause);
            }
        }
        let connections: Vec<ConnId> = self.live.connections.iter().map(|(conn, _)| ConnId(conn)).collect();
        let mut away = Vec::with_capacity(connections.len());
        for conn in connections {
            // Without DISCONNECT: a restart is not announced.
            let code = ReasonCode::SERVER_SHUTTING_DOWN;
            self.live.outputs.push_back(super::Output::Close { conn, code, cause });
            away.extend(self.detach(turn, conn, Ending::BrokerRestart, cause));
        }
        // All are away before the first Will is published.
        for (id, cause) in away {
            self.settle_absent(turn, id, Ending::BrokerRestart, cause);
        }
        if keep_store {
            self.restart_sys(turn.now);
            return;
        }
        let ids: Vec<SessionId> = self.store.by_client.values().copied().collect();
        for id in ids {
            self.drop_session(turn, id, Kind::SessionCleared, LOST_WITH_STORE, "lost with the store", cause);
        }
        if O::WATCHES {
            for (topic, _) in self.store.retained.names().iter() {
                turn.note(Kind::RetainedCleared, "", cause, |event| {
                    event.rule = Some(LOST_WITH_STORE);
                    event.topic = topic;
                    event.why = "lost with the store";
                });
            }
        }
        let Store { assigned, challenged, .. } = self.store;
        self.live.timers = super::timers::Timers::default();
        self.rearm_policies();
        self.store = Store { assigned, challenged, ..Store::default() };
        self.restart_sys(turn.now);
    }
}
