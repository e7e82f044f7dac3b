//! CONNACK says truly whether there was a session ([3.1.1 MQTT-3.2.2-2, MQTT-3.2.2-3]
//! [5.0 MQTT-3.2.2-2, MQTT-3.2.2-3]), and sessions end when they should and not before.

use super::{Faults, Model};
use crate::sessions::Connection;
use glassbroker::broker::Kind;

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let all = &model.sessions.connections;
    for (index, connection) in all.iter().enumerate() {
        let before = all[..index].iter().rev().find(|before| before.client == connection.client);
        let expected = before.is_some_and(|before| is_there(model, before, connection));
        if connection.resumed != expected {
            faults.push((connection.from, format!("a session was there: {expected}")));
        }
        if let Some((seq, said)) = connection.connack
            && said != expected
        {
            faults.push((seq, format!("Session Present should be {expected}")));
        }
    }
    for session in &model.sessions.sessions {
        let last = all.iter().rev().find(|c| c.client == session.client && c.session_is(model, session.from));
        let Some(last) = last else {
            faults.push((session.from, "a session without a connection".into()));
            continue;
        };
        let Some(ended) = last.until else { continue };
        let due = last.session_ends(model.history.fact(ended).at);
        match session.until.map(|until| model.history.fact(until)) {
            Some(end) if end.kind == Kind::SessionExpired && end.at != due => {
                faults.push((end.seq, format!("it should expire at {} µs", due.0)));
            }
            Some(end) if end.at > due => faults.push((end.seq, "it should have expired before".into())),
            None if due < model.history.end() => faults.push((ended, "its session never expired".into())),
            _ => {}
        }
    }
    faults
}

/// Whether the session of the connection `before` is there for `next`.
fn is_there(model: &Model<'_>, before: &Connection<'_>, next: &Connection<'_>) -> bool {
    let across = model.sessions.switch(next.connect_seq, "session.across_versions");
    let wiped = model.sessions.wipes.iter().any(|wipe| before.from < *wipe && *wipe < next.connect_seq);
    let ended = before.until.map_or(next.connect_seq, |until| until);
    let is_in_time = if ended < next.connect_seq {
        // At the very moment the packet comes before the timer; a session without expiry ends with its connection.
        before.expiry_s != Some(0)
            && model.history.fact(next.connect_seq).at <= before.session_ends(model.history.fact(ended).at)
    } else {
        before.expiry_s != Some(0)
    };
    !next.connect.clean_start && (across || before.version() == next.version()) && !wiped && is_in_time
}

impl Connection<'_> {
    /// Whether its session is the one that began with this event.
    fn session_is(&self, model: &Model<'_>, from: u32) -> bool {
        model.sessions.sessions[self.session].from == from
    }
}
