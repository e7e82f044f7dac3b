//! Looking at clients' connections and subscriptions, and ending them.

use super::list::listed;
use super::{Asked, Failure, Operation};
use crate::broker::turn::Turn;
use crate::broker::{Broker, Cause, Ending, Kind, Observer, Page};
use crate::json::Object;
use crate::wire::ReasonCode;

/// How many subscriptions an answer has where nobody says.
const SUBSCRIPTIONS: u32 = 20;

impl Broker {
    /// Ends a client's connection, and its session where that is asked for ([aws.operation.delete-connection]).
    pub(in crate::broker) fn delete_connection<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        (clean_session, prevent_will): (bool, bool),
        cause: Cause,
    ) -> Result<(), String> {
        let asked = Asked::of_client(Operation::DeleteConnection, client);
        let found = self.may_look(turn, asked, cause).and_then(|()| {
            let gone = || (404, format!("no client `{client}` is connected or has a session"), cause);
            self.store.of_client(client).ok_or_else(gone)
        });
        let id = match found {
            Ok(id) => id,
            Err(failure) => return self.answer(turn, asked, Err(failure)),
        };
        let rule = self.operation_rule(asked.operation, 200);
        let answered = self.note_answer(turn, asked, 200, "", cause);
        if prevent_will {
            self.discard_will(turn, id, rule, "the operator prevents it", answered);
        }
        if let Some(conn) = self.store.session(id).and_then(|session| session.conn) {
            let code = ReasonCode::ADMINISTRATIVE_ACTION;
            self.hang_up(turn, conn, Ending::OperatorDisconnect, code, "", answered);
        }
        // One that lasts as long as its connection is gone already, and its number may be another's.
        if clean_session && self.store.of_client(client) == Some(id) {
            let why = "the operator ends it";
            self.drop_session(turn, id, Kind::SessionCleared, rule, why, answered);
        }
        Ok(())
    }

    /// Says how a client is connected, or how its last connection ended ([aws.operation.get-connection]).
    pub(in crate::broker) fn read_connection<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let asked = Asked::of_client(Operation::GetConnection, client);
        let answer = self.may_look(turn, asked, cause).and_then(|()| {
            let session = self.store.of_client(client).and_then(|id| self.store.session(id));
            let connection = session.and_then(|session| self.live.connection(session.conn?));
            let departed = self.live.departures.of(client, turn.now);
            let (since, keep_alive_s, expiry_s) = match (session, connection, departed) {
                (Some(session), Some(connection), _) => {
                    (connection.opened_at, connection.keep_alive_s, session.expiry_s)
                }
                (_, None, Some(departed)) => (departed.at, departed.keep_alive_s, departed.expiry_s),
                _ => return Err((404, format!("nothing is known of a connection of `{client}`"), cause)),
            };
            let is_connected = connection.is_some();
            let mut body = String::new();
            let mut object = Object::begin(&mut body);
            object.switch("connected", is_connected);
            object.text("clientId", client);
            object.switch("cleanSession", expiry_s == Some(0));
            let key = if is_connected { "connectedSince" } else { "disconnectedSince" };
            object.number(key, self.unix_ms(since));
            object.number("keepAliveDuration", keep_alive_s.into());
            if let Some(expiry_s) = expiry_s {
                object.number("sessionExpiry", expiry_s.into());
            }
            if let Some(departed) = departed.filter(|_| !is_connected) {
                object.text("disconnectReason", departed.reason);
            }
            object.end();
            Ok((body, cause))
        });
        self.answer(turn, asked, answer)
    }

    /// Lists a client's subscriptions, also while it is away ([aws.operation.list-subscriptions]).
    pub(in crate::broker) fn list_subscriptions<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        page: &Page,
        cause: Cause,
    ) -> Result<(), String> {
        let asked = Asked::of_client(Operation::ListSubscriptions, client);
        let answer = self.may_look(turn, asked, cause).and_then(|()| {
            let (most, after) = page.read(SUBSCRIPTIONS).map_err(|why| (400, why, cause))?;
            let session = self.store.of_client(client).and_then(|id| self.store.session(id));
            let Some(session) = session else {
                return Err((404, format!("no client `{client}` has a session"), cause));
            };
            let all = session.subscriptions.iter();
            let rest = all.filter(|(filter, _)| after.as_deref().is_none_or(|after| filter.as_str() > after));
            let items = rest.map(|(filter, held)| {
                let mut item = String::new();
                let mut object = Object::begin(&mut item);
                object.text("topicFilter", filter);
                object.number("qos", held.options.qos as u64);
                object.end();
                (filter.as_str(), item)
            });
            Ok((listed("subscriptions", items, most), cause))
        });
        self.answer(turn, asked, answer)
    }

    /// Whether the account can do an operation on a connection, and does it not too often.
    fn may_look<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        Asked { operation, client, .. }: Asked<'_>,
        cause: Cause,
    ) -> Result<(), Failure> {
        if !self.limits.account_present {
            return Ok(());
        }
        if !self.limits.account_connection_operations {
            // To end a connection is the service's own doing then.
            return match operation {
                Operation::DeleteConnection => Ok(()),
                _ => Err((404, format!("this edition has no {}", operation.name()), cause)),
            };
        }
        if client.starts_with('$') {
            return Err((400, format!("`{client}` is an identifier of the service's own"), cause));
        }
        self.may_operate(turn, operation.name(), client, cause)
            .map_err(|(why, cause)| (429, why.to_owned(), cause))
    }
}
