//! What an operator does without a client and is answered, as an account is over HTTP: to publish, to read and list retained
//! messages, to look at connections and to end them. Each is an `operation` event with a status and a body.

use super::access::{May, Who};
use super::turn::Turn;
use super::{Broker, Cause, Ending, Kind, Observer, Page};
use crate::json::{Object, from_hex, push_hex, to_base64_padded};
use crate::policy::Action;
use crate::rule::{RuleId, aws, own};
use crate::time::SimTime;
use crate::topic::check_name;
use crate::wire::{Publish, ReasonCode, Text, Version};

/// What can be done, by the names of the account's interface.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Publish,
    ListRetainedMessages,
    GetRetainedMessage,
    DeleteConnection,
    GetConnection,
    ListSubscriptions,
}

/// In the order of [`Operation`]: its name, and the rule that it follows where there is an account.
const OPERATIONS: [(&str, RuleId); 6] = [
    ("Publish", aws("aws.http.publish")),
    ("ListRetainedMessages", aws("aws.operation.list-retained")),
    ("GetRetainedMessage", aws("aws.operation.get-retained")),
    ("DeleteConnection", aws("aws.operation.delete-connection")),
    ("GetConnection", aws("aws.operation.get-connection")),
    ("ListSubscriptions", aws("aws.operation.list-subscriptions")),
];

impl Operation {
    const fn name(self) -> &'static str {
        OPERATIONS[self as usize].0
    }

    const fn is_on_connection(self) -> bool {
        matches!(self, Self::DeleteConnection | Self::GetConnection | Self::ListSubscriptions)
    }
}

/// The most of a list in one answer ([aws.operation.page]).
const RESULTS_MAX: u32 = 200;
/// How many subscriptions an answer has where nobody says.
const SUBSCRIPTIONS: u32 = 20;

/// Why an operation fails: an HTTP status and a sentence; and what leads to the answer.
type Failure = (u16, String, Cause);

/// A message that is published without a client.
#[derive(Clone, Copy)]
struct Posted {
    /// The length of its body, with what is metered of its properties.
    bytes: u32,
    retain: bool,
}

/// What an answer begins with that is about a message with RETAIN.
pub(crate) const POSTED_RETAINED: &str = "Publish, RETAIN";

/// The body of an answer, and what leads to it.
type Answer = Result<(String, Cause), Failure>;

impl Broker {
    /// Publishes a message without a client ([aws.http.publish]).
    pub(super) fn publish_over_http<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: Publish,
        principal: Option<&str>,
        cause: Cause,
    ) -> Result<(), String> {
        let bytes = length(message.payload.len() + message.properties.content_bytes());
        let posted = Some(Posted { bytes, retain: message.retain });
        let topic = message.topic.clone();
        let accepted = self
            .may_be_posted(turn, &message, principal, cause)
            .and_then(|cause| self.accept_as_service(turn, message, Some(bytes), cause));
        match accepted {
            Ok((mut routed, cause)) => {
                let answered = Ok((String::new(), cause));
                self.answer(turn, Operation::Publish, "", &topic, posted, answered)?;
                self.route(turn, &mut routed, cause);
                Ok(())
            }
            Err(failure) => self.answer(turn, Operation::Publish, "", &topic, posted, Err(failure)),
        }
    }

    /// Whether a message may be published without a client: what leads on, or why not ([aws.http.errors]).
    fn may_be_posted<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        message: &Publish,
        principal: Option<&str>,
        cause: Cause,
    ) -> Result<Cause, Failure> {
        let topic = &message.topic;
        let wrong = |what: String| (400, what, cause);
        if let Some((_, _, why)) = self.unsupported(Version::V5, message.qos, message.retain) {
            return Err(wrong(why.to_owned()));
        }
        if !self.limits.connect_v5 && !message.properties.0.is_empty() {
            return Err(wrong("this edition has no properties of MQTT 5".to_owned()));
        }
        for name in [Some(topic), message.properties.response_topic()].into_iter().flatten() {
            check_name(name).map_err(|error| wrong(format!("`{name}`: {}", error.what())))?;
        }
        self.limits
            .check_publish(topic, message.retain)
            .map_err(|error| wrong(format!("`{topic}`: {}", error.what())))?;
        if let Some((excess, _)) = self.limits.publish_over(message) {
            return Err(wrong(excess.why.to_owned()));
        }
        self.may_post(turn, cause).map_err(|(why, cause)| (429, why.to_owned(), cause))?;
        let mut cause = cause;
        if let Some(principal) = principal {
            let who = Who { client: "", user: None, principal };
            for (action, is_asked) in [(Action::Publish, true), (Action::RetainPublish, message.retain)] {
                if !is_asked {
                    continue;
                }
                let (may, then) = self.may_by_policy(turn, action, who, topic, cause);
                if may != May::Yes {
                    return Err((401, format!("`{principal}` may not publish to `{topic}`"), then));
                }
                cause = then;
            }
        }
        if message.retain {
            self.may_retain(turn, "", topic, cause).map_err(|why| (429, why.to_owned(), cause))?;
        }
        Ok(cause)
    }

    /// Reads a retained message.
    pub(super) fn read_retained<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        topic: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let kept = self.retained_or_none(topic, cause);
        let answer = kept.map(|kept| {
            let message = &kept.publication.message;
            let mut body = String::new();
            let mut object = Object::begin(&mut body);
            object.text("topic", topic);
            object.text("payload", &to_base64_padded(&message.payload));
            object.number("qos", message.qos as u64);
            object.number("lastModifiedTime", self.unix_ms(kept.stored_at));
            let mut pairs = String::from("[");
            for (name, value) in message.properties.user_properties() {
                if pairs.len() > 1 {
                    pairs.push(',');
                }
                let mut pair = Object::begin(&mut pairs);
                pair.text("name", name);
                pair.text("value", value);
                pair.end();
            }
            if pairs.len() > 1 {
                pairs.push(']');
                object.text("userProperties", &to_base64_padded(pairs.as_bytes()));
            }
            object.end();
            (body, cause)
        });
        self.answer(turn, Operation::GetRetainedMessage, "", topic, None, answer)
    }

    fn retained_or_none(&self, topic: &str, cause: Cause) -> Result<&super::retained::Kept, Failure> {
        let kept = self.store.retained.names().get(topic);
        kept.ok_or_else(|| (404, format!("`{topic}` has no retained message"), cause))
    }

    /// Deletes a retained message: publishes the empty one.
    pub(super) fn delete_retained<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        topic: String,
        cause: Cause,
    ) -> Result<(), String> {
        if let Err(failure) = self.retained_or_none(&topic, cause) {
            return self.answer(
                turn,
                Operation::Publish,
                "",
                &topic,
                Some(Posted { bytes: 0, retain: true }),
                Err(failure),
            );
        }
        let message = Publish { retain: true, topic: Text::from(topic), ..Publish::default() };
        self.publish_over_http(turn, message, None, cause)
    }

    /// Lists retained messages ([aws.operation.list-retained]).
    pub(super) fn list_retained<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        page: &Page,
        cause: Cause,
    ) -> Result<(), String> {
        let answer = page.read(RESULTS_MAX).map_err(|why| (400, why, cause)).map(|(most, after)| {
            let names = self.store.retained.names();
            let from = after.as_deref().map_or_else(|| names.iter(), |after| names.after(after));
            let items = from.map(|(topic, kept)| {
                let message = &kept.publication.message;
                let mut item = String::new();
                let mut object = Object::begin(&mut item);
                object.text("topic", topic);
                object.number("payloadSize", message.payload.len() as u64);
                object.number("qos", message.qos as u64);
                object.number("lastModifiedTime", self.unix_ms(kept.stored_at));
                object.end();
                (topic, item)
            });
            (listed("retainedTopics", items, most), cause)
        });
        self.answer(turn, Operation::ListRetainedMessages, "", "", None, answer)
    }

    /// Ends a client's connection, and its session where that is asked for ([aws.operation.delete-connection]).
    pub(super) fn delete_connection<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        (clean_session, prevent_will): (bool, bool),
        cause: Cause,
    ) -> Result<(), String> {
        let operation = Operation::DeleteConnection;
        let found = self.may_look(turn, operation, client, cause).and_then(|()| {
            let gone = || (404, format!("no client `{client}` is connected or has a session"), cause);
            self.store.of_client(client).ok_or_else(gone)
        });
        let id = match found {
            Ok(id) => id,
            Err(failure) => return self.answer(turn, operation, client, "", None, Err(failure)),
        };
        let rule = self.operation_rule(operation, 200);
        let answered = self.note_answer(turn, operation, client, "", None, (200, ""), cause);
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
    pub(super) fn read_connection<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        cause: Cause,
    ) -> Result<(), String> {
        let operation = Operation::GetConnection;
        let answer = self.may_look(turn, operation, client, cause).and_then(|()| {
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
        self.answer(turn, operation, client, "", None, answer)
    }

    /// Lists a client's subscriptions, also while it is away ([aws.operation.list-subscriptions]).
    pub(super) fn list_subscriptions<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        page: &Page,
        cause: Cause,
    ) -> Result<(), String> {
        let operation = Operation::ListSubscriptions;
        let answer = self.may_look(turn, operation, client, cause).and_then(|()| {
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
        self.answer(turn, operation, client, "", None, answer)
    }

    /// Whether the account can do an operation on a connection, and does it not too often.
    fn may_look<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        operation: Operation,
        client: &str,
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

    /// The rule of an answer with this status.
    fn operation_rule(&self, operation: Operation, status: u16) -> RuleId {
        let limits = &self.limits;
        let is_account =
            limits.account_present && (limits.account_connection_operations || !operation.is_on_connection());
        match (is_account, status) {
            (true, 200) => OPERATIONS[operation as usize].1,
            (true, _) => aws("aws.http.errors"),
            (false, _) => own("glassbroker.operator"),
        }
    }

    /// Tells what came of an operation.
    fn answer<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        operation: Operation,
        client: &str,
        topic: &str,
        posted: Option<Posted>,
        answer: Answer,
    ) -> Result<(), String> {
        match answer {
            Ok((body, cause)) => {
                self.note_answer(turn, operation, client, topic, posted, (200, &body), cause);
                Ok(())
            }
            Err((status, why, cause)) => {
                let mut body = String::new();
                let mut object = Object::begin(&mut body);
                object.text("error", error_name(status));
                object.text("message", &why);
                object.end();
                self.note_answer(turn, operation, client, topic, posted, (status, &body), cause);
                Err(why)
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn note_answer<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        operation: Operation,
        client: &str,
        topic: &str,
        posted: Option<Posted>,
        (status, body): (u16, &str),
        cause: Cause,
    ) -> Cause {
        if !O::WATCHES {
            return cause;
        }
        let name = match posted {
            Some(Posted { retain: true, .. }) => POSTED_RETAINED,
            _ => operation.name(),
        };
        let why = if body.is_empty() { name.to_owned() } else { format!("{name}: {body}") };
        turn.note(Kind::Operation, client, cause, |event| {
            event.rule = Some(self.operation_rule(operation, status));
            event.topic = topic;
            event.code = Some(status);
            event.number = Some(posted.map_or_else(|| length(body.len()), |posted| posted.bytes));
            event.why = &why;
        })
    }

    /// The calendar time of a moment.
    fn unix_ms(&self, at: SimTime) -> u64 {
        self.epoch_ms.saturating_add(at.as_ms())
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What an error is called, by its status.
const fn error_name(status: u16) -> &'static str {
    match status {
        401 => "UnauthorizedException",
        404 => "ResourceNotFoundException",
        429 => "ThrottlingException",
        _ => "InvalidRequestException",
    }
}

/// A list of at most so many items, each with its name, and where it goes on.
fn listed<'a>(key: &str, items: impl Iterator<Item = (&'a str, String)>, most: u32) -> String {
    let (mut body, mut count, mut last, mut is_cut) = (String::new(), 0, "", false);
    let mut object = Object::begin(&mut body);
    let out = object.key(key);
    out.push('[');
    for (name, item) in items {
        if count == most {
            is_cut = true;
            break;
        }
        if count > 0 {
            out.push(',');
        }
        out.push_str(&item);
        (count, last) = (count + 1, name);
    }
    out.push(']');
    if is_cut {
        let mut token = String::new();
        push_hex(&mut token, last.as_bytes());
        object.text("nextToken", &token);
    }
    object.end();
    body
}

impl Page {
    /// How many are wanted, and the name after which they begin ([aws.operation.page]).
    fn read(&self, default: u32) -> Result<(u32, Option<String>), String> {
        let most = self.max_results.unwrap_or(default);
        if !(1..=RESULTS_MAX).contains(&most) {
            return Err(format!("an answer has 1 to {RESULTS_MAX} results, not {most}"));
        }
        let Some(token) = &self.next_token else { return Ok((most, None)) };
        let after = from_hex(token).and_then(|bytes| String::from_utf8(bytes).ok());
        after
            .map(|after| (most, Some(after)))
            .ok_or_else(|| "this is no token of an answer before".to_owned())
    }
}
