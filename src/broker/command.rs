//! What an operator may do.

use super::publication::{Publication, Routed, is_forwarded};
use super::store::{SessionId, Store};
use super::turn::Turn;
use super::will::LOST_WITH_STORE;
use super::{Broker, Cause, Command, ConnId, Ending, Kind, Observer};
use crate::profile::{Limits, Value};
use crate::rule::own;
use crate::time::{SimTime, Span};
use crate::topic::check_name;
use crate::wire::{Publish, ReasonCode, Version};

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
            Command::Disconnect { client, clean_session, prevent_will } => {
                self.delete_connection(&mut turn, &client, (clean_session, prevent_will), cause)
            }
            Command::Publish { message, principal } => {
                self.publish_over_http(&mut turn, *message, principal.as_deref(), cause)
            }
            Command::RetainedList(page) => self.list_retained(&mut turn, &page, cause),
            Command::RetainedRead { topic } => self.read_retained(&mut turn, &topic, cause),
            Command::RetainedDelete { topic } => self.delete_retained(&mut turn, topic, cause),
            Command::ConnectionRead { client } => self.read_connection(&mut turn, &client, cause),
            Command::SubscriptionList { client, page } => {
                self.list_subscriptions(&mut turn, &client, &page, cause)
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

    /// Publishes a message of nobody's.
    fn publish_as_service<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: Publish,
        cause: Cause,
    ) -> Result<(), String> {
        let topic = &message.topic;
        check_name(topic).map_err(|error| format!("`{topic}`: {}", error.what()))?;
        if let Some((_, _, why)) = self.unsupported(Version::V5, message.qos, message.retain) {
            return Err(why.to_owned());
        }
        let accepted = self.accept_as_service(turn, message, None, cause);
        let (mut routed, cause) = accepted.map_err(|(_, why, _)| why)?;
        self.route(turn, &mut routed, cause);
        Ok(())
    }

    /// Accepts and retains a message of nobody's. `bytes` is how large it was on its way here.
    pub(super) fn accept_as_service<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        mut message: Publish,
        bytes: Option<u32>,
        cause: Cause,
    ) -> Result<(Routed, Cause), (u16, String, Cause)> {
        let retain = message.retain;
        let cause = turn.note(Kind::MessageAccepted, "", cause, |event| {
            event.rule = Some(own("glassbroker.operator"));
            event.topic = &message.topic;
            event.qos = Some(message.qos as u8);
            event.number = bytes;
        });
        let expiry_s = message.properties.message_expiry_interval();
        message.properties.0.retain(is_forwarded);
        let expires_at = expiry_s.map(|s| turn.now + Span::s(u64::from(self.limits.message_expiry_s(s))));
        let mut routed = Routed::new(Publication { message, publisher: None, expires_at }, 0);
        if retain && !self.retain(turn, Version::V5, "", &mut routed, cause) {
            let why = "the retained store is full: delete messages, or raise `retained.max_messages` or \
                       `retained.max_bytes`";
            return Err((429, why.to_owned(), cause));
        }
        Ok((routed, cause))
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
