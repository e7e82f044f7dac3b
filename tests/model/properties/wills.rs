//! A Will is sent at most once for its connection, never after a clean DISCONNECT, and after every other end at its time, unless the client
//! came back before ([3.1.1 MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.14.4-3]
//! [5.0 MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.1.3-9, MQTT-3.14.4-3]).

use super::{Faults, Model};
use crate::sessions::Connection;
use glassbroker::broker::Kind;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::ReasonCode;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let all = &model.sessions.connections;
    for (index, connection) in all.iter().enumerate() {
        let next = all[index + 1..].iter().find(|next| next.client == connection.client);
        let until = next.map_or(u32::MAX, |next| next.from);
        let sent = model.history.facts.iter().filter(|fact| {
            fact.kind == Kind::WillSent
                && fact.client == connection.client
                && (connection.from..until).contains(&fact.seq)
        });
        let sent: Vec<SimTime> = sent.map(|fact| fact.at).collect();
        let due: Vec<SimTime> = due(model, connection, next).into_iter().collect();
        if sent != due {
            let words = format!("its Will should be sent at {due:?}, and was at {sent:?}");
            faults.push((connection.until.unwrap_or(connection.from), words));
        }
    }
    faults
}

/// When the Will of a connection should be sent, if it should.
fn due(model: &Model<'_>, connection: &Connection<'_>, next: Option<&Connection<'_>>) -> Option<SimTime> {
    let will = connection.connect.will.as_ref()?;
    if !model.history.permission.may_write(connection.client, &will.topic) {
        return None;
    }
    let end = model.history.fact(connection.until?);
    if connection.disconnect.is_some_and(|bye| bye.code == ReasonCode::NORMAL_DISCONNECTION) {
        return None;
    }
    let is_close = end.event.why() == "WebSocket closed by the client";
    if is_close && !model.sessions.switch(end.seq, "will.on_websocket_close") {
        return None;
    }
    let delay = Span::s(u64::from(will.properties.will_delay_interval().unwrap_or(0)));
    let mut due = (end.at + delay).min(connection.session_ends(end.at));
    // What is lost with the store is never sent: neither of those who are connected nor what waits.
    let lost = model.sessions.wipes.iter().find(|wipe| **wipe > connection.from).copied();
    if lost.is_some_and(|lost| lost < end.seq || (end.at < due && model.history.fact(lost).at < due)) {
        let before_next = next.is_none_or(|next| lost < Some(next.connect_seq));
        if before_next {
            return None;
        }
    }
    if due > end.at
        && let Some(next) = next
        && model.history.fact(next.connect_seq).at <= due
    {
        if next.resumed {
            return None;
        }
        due = model.history.fact(next.connect_seq).at;
    }
    // A delay may outlast the message.
    let expires = will.properties.message_expiry_interval().map(|s| end.at + Span::s(u64::from(s)));
    if due > end.at && expires.is_some_and(|at| at <= due) {
        return None;
    }
    (due <= model.history.end()).then_some(due)
}
