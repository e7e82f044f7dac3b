//! The steps of a document.

use super::check::MAX_TIMES;
use super::form::{Object, Path, Reader, bytes, span, switch, text};
use super::json::{Json, Node};
use super::names::{self, BROKER_DOES, BROKER_STEP, CLIENT_DOES, CLIENT_STEP, Fields, REPEAT};
use super::problem::ended;
use super::read::{connect, link, message, qos, setting, time};
use crate::broker::Command;
use crate::client::{Action, FilterRequest, SubscribeRequest};
use crate::nearest::did_you_mean;
use crate::profile::Value;
use crate::sim::{Input, Step};
use crate::time::Span;

pub(super) fn step(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<Step> {
    // Which fields a step has depends on two of them; until those are known, no field is judged.
    let raw = Object { node, path };
    let Json::Object(entries) = &node.value else {
        reader.wrong(node.offset, path, format!("an object belongs here, not {}", node.value.name()));
        return None;
    };
    if !entries.iter().any(|entry| entry.key == "do") {
        reader.wrong(node.offset, path, "the field `do` is missing: it says what happens");
        return None;
    }
    let on_broker = match raw.get("on").map(|on| (on.offset, &on.value)) {
        None => false,
        Some((_, Json::Text(on))) if on == "broker" => true,
        Some((offset, _)) => {
            reader.wrong(
                offset,
                &path.field("on"),
                "only \"broker\" belongs here; for a client, write `client`",
            );
            return None;
        }
    };
    let doing = reader.take(&raw, "do", text)?;
    let (table, common) = if on_broker { (BROKER_DOES, BROKER_STEP) } else { (CLIENT_DOES, CLIENT_STEP) };
    let Some(fields) = table.iter().find(|fields| fields.object == doing) else {
        let offset = raw.get("do").map_or(node.offset, |node| node.offset);
        reader.wrong(offset, &path.field("do"), unknown(&doing, on_broker));
        return None;
    };
    let required: Vec<_> = common.iter().chain(fields.required).copied().collect();
    let optional: Vec<_> = REPEAT.iter().chain(fields.optional).copied().collect();
    let object = reader.object(node, path, &required, &optional)?;
    let at = reader.take(&object, "at", time)?;
    let every = reader.take(&object, "every", span);
    let times = reader.number(&object, "times", 1..=MAX_TIMES);
    if every.is_some() != times.is_some() {
        reader.wrong(
            node.offset,
            path,
            "`every` and `times` belong together: how long between, and how often",
        );
    }
    let client = reader.take(&object, "client", text).unwrap_or_default();
    let input = if on_broker {
        Input::Broker(command(reader, &object, fields, client)?)
    } else {
        input(reader, &object, fields, client)?
    };
    Some(Step { at, every: every.unwrap_or(Span::ZERO), times: times.unwrap_or(1), input })
}

/// The error for a `do` that is none.
fn unknown(doing: &str, on_broker: bool) -> String {
    let (here, there) = if on_broker { (BROKER_DOES, CLIENT_DOES) } else { (CLIENT_DOES, BROKER_DOES) };
    let names = |table: &'static [Fields]| table.iter().map(|fields| fields.object);
    let list: Vec<_> = names(here).map(|name| format!("`{name}`")).collect();
    let who = if on_broker { "the broker" } else { "a client" };
    let hint = if names(there).any(|name| name == doing) {
        if on_broker {
            "; that is for a client: write `client` in place of `on`"
        } else {
            "; that is for the broker: write \"on\": \"broker\""
        }
        .to_owned()
    } else if doing == "policy" {
        "; no profile of this version decides by policies".to_owned()
    } else {
        did_you_mean(doing, names(here))
    };
    format!(
        "`{}` is nothing that {who} can do{} It can {}",
        doing.escape_debug(),
        ended(hint),
        list.join(", ")
    )
}

fn input(reader: &mut Reader<'_>, object: &Object<'_>, fields: &Fields, client: String) -> Option<Input> {
    let action = match fields.object {
        "cut" => return Some(Input::Cut { client }),
        "restore" => return Some(Input::Restore { client }),
        "link" => {
            let link = reader.take(object, "link", link)?;
            return Some(Input::Link { client, link });
        }
        "connect" => Action::Connect { options: reader.take(object, "connect", connect).map(Box::new) },
        "subscribe" => Action::Subscribe(SubscribeRequest {
            filters: reader.list(object, "filters", filter),
            identifier: reader
                .number(object, "identifier", 1..=268_435_455)
                .and_then(|n| u32::try_from(n).ok()),
        }),
        "unsubscribe" => Action::Unsubscribe { filters: reader.list(object, "filters", text) },
        "publish" => Action::Publish(message(reader, object)),
        "disconnect" => Action::Disconnect {
            code: reader.number(object, "code", 0..=255).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
            session_expiry_s: reader.number32(object, "session_expiry_s", 0),
        },
        "close" => Action::Close { code: reader.number16(object, "code", 1_000).unwrap_or(NORMAL_CLOSURE) },
        "stop_acks" => Action::StopAcks,
        "resume_acks" => Action::ResumeAcks,
        "send" => Action::Send { bytes: reader.take(object, "bytes", bytes)? },
        "crash" => Action::Crash,
        _ => Action::Restart,
    };
    Some(Input::Client { client, action })
}

/// The close code of a connection that has done what it was opened for (RFC 6455, 7.4.1).
pub(super) const NORMAL_CLOSURE: u16 = 1_000;

fn filter(reader: &mut Reader<'_>, node: &Node, path: &Path<'_>) -> Option<FilterRequest> {
    let object = reader.fields(node, path, &names::FILTER)?;
    Some(FilterRequest {
        filter: reader.take(&object, "filter", text).unwrap_or_default(),
        qos: qos(reader, &object),
        no_local: reader.take(&object, "no_local", switch).unwrap_or_default(),
        retain_as_published: reader.take(&object, "retain_as_published", switch).unwrap_or_default(),
        retain_handling: reader
            .number(&object, "retain_handling", 0..=2)
            .and_then(|n| u8::try_from(n).ok())
            .unwrap_or_default(),
    })
}

fn command(reader: &mut Reader<'_>, object: &Object<'_>, fields: &Fields, client: String) -> Option<Command> {
    Some(match fields.object {
        "disconnect" => Command::Disconnect { client },
        "restart" => {
            Command::Restart { keep_store: reader.take(object, "keep_store", switch).unwrap_or(true) }
        }
        "set" => Command::Set {
            key: reader.take(object, "key", text)?,
            value: reader.take(object, "value", setting).unwrap_or(Value::Unlimited),
        },
        "retained_read" => Command::RetainedRead { topic: reader.take(object, "topic", text)? },
        "retained_write" => Command::RetainedWrite {
            topic: reader.take(object, "topic", text)?,
            payload: reader.take(object, "payload", bytes)?,
            qos: qos(reader, object),
        },
        _ => Command::RetainedDelete { topic: reader.take(object, "topic", text)? },
    })
}
