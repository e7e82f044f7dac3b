//! No queue and no store is larger than the profile allows, nothing is dropped or refused for want of room where there is some, and the
//! depths that events tell are true.

use super::{Faults, Model};
use glassbroker::broker::Kind;
use glassbroker::wire::{Packet, ReasonCode};

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    for depth in &model.ledger.depths {
        let fact = model.history.fact(depth.seq);
        let most = model.sessions.number(depth.seq, "session.queue_max_messages").unwrap_or(u64::MAX);
        let is_queued = fact.kind == Kind::MessageQueued && fact.event.qos() > Some(0);
        if is_queued && depth.queued as u64 > most {
            faults.push((depth.seq, format!("{} are queued, at most {most} may be", depth.queued)));
        }
        let most_bytes = model.sessions.number(depth.seq, "session.queue_max_bytes").unwrap_or(u64::MAX);
        if is_queued && depth.bytes as u64 > most_bytes {
            faults
                .push((depth.seq, format!("{} bytes are queued, at most {most_bytes} may be", depth.bytes)));
        }
        let is_refused = fact.event.rule().is_some_and(|rule| rule.id == "glassbroker.bound.queue");
        let more = fact.message.and_then(|message| {
            let mut all = model.ledger.publications.iter();
            all.find(|publication| publication.message == Some(message))
                .map(|p| p.topic.len() + p.payload.len())
        });
        let is_full = depth.queued as u64 >= most || (depth.bytes + more.unwrap_or(0)) as u64 > most_bytes;
        if is_refused && !is_full {
            faults.push((depth.seq, format!("{} are queued, there was room for {most}", depth.queued)));
        }
        let told = fact.event.number();
        if told.is_some_and(|told| told as usize != depth.all) {
            faults.push((depth.seq, format!("{} wait, and it tells {told:?}", depth.all)));
        }
    }
    faults.extend(retained(model));
    faults.extend(sessions(model));
    faults
}

fn retained(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    for store in &model.ledger.stores {
        let most = |key| model.sessions.number(store.seq, key).map_or(usize::MAX, |most| most as usize);
        let is_more = store.count > most("retained.max_messages") || store.bytes > most("retained.max_bytes");
        if is_more != store.refused {
            let (count, bytes, refused) = (store.count, store.bytes, store.refused);
            faults
                .push((store.seq, format!("{count} retained messages of {bytes} bytes, refused: {refused}")));
        }
    }
    faults
}

/// How many sessions there are, and how many subscriptions each has; what SUBACK refuses is refused for a reason.
fn sessions(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    let most = |seq, key| model.sessions.number(seq, key).map_or(usize::MAX, |most| most as usize);
    for session in &model.sessions.sessions {
        let there = model.sessions.sessions.iter();
        let there =
            there.filter(|s| s.from <= session.from && s.until.is_none_or(|until| session.from < until));
        if there.count() > most(session.from, "session.max_count") {
            faults.push((session.from, "too many sessions".into()));
        }
    }
    let held =
        |session: usize, seq: u32| model.sessions.subscribed(seq).filter(|s| s.session == session).count();
    for subscription in &model.sessions.subscriptions {
        if held(subscription.session, subscription.from + 1)
            > most(subscription.from, "subscription.max_per_session")
        {
            faults.push((subscription.from, "too many subscriptions".into()));
        }
    }
    for fact in &model.history.facts {
        let (Kind::PacketSent, Some(Packet::Suback(suback))) = (fact.kind, &fact.packet) else { continue };
        let Some(session) = model.sessions.place(fact.seq).session else { continue };
        let is_full = held(session, fact.seq) >= most(fact.seq, "subscription.max_per_session");
        for code in suback.codes.iter().filter(|code| code.is_failure()) {
            let is_limited = model.history.permission.is_limited();
            let is_true = match *code {
                ReasonCode::NOT_AUTHORIZED => is_limited,
                ReasonCode::QUOTA_EXCEEDED => is_full,
                _ => *code == ReasonCode::V3_FAILURE && (is_limited || is_full),
            };
            if !is_true {
                faults.push((fact.seq, format!("refused with {code:?}, which does not apply")));
            }
        }
    }
    faults
}
