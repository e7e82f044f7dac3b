//! Subscriptions that are granted and begin a while later ([aws.subscription.delay]).

use super::shared::GROUP;
use super::store::{SessionId, Subscribed};
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::rule::{RuleId, aws};
use crate::time::SimTime;
use crate::topic::{Filter, check_filter};
use crate::wire::Text;
use std::sync::Arc;

/// The rule by which a subscription that was granted begins later.
pub const BEGINS_LATER: RuleId = aws("aws.subscription.delay");

/// A subscription that has not begun.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    at: SimTime,
    session: SessionId,
    /// With `$share/…/` where it has it.
    filter: Text,
    cause: Cause,
}

impl Broker {
    /// Lets a subscription begin: at once, or if it is new after the profile's delay.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn let_begin<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        key: &Text,
        filter: Filter<'_>,
        subscribed: Subscribed,
        is_new: bool,
        cause: Cause,
    ) {
        let delay = self.limits.subscription_begins_after;
        if is_new && delay.0 > 0 {
            let at = turn.now + delay;
            let client = self.store.session(id).map_or("", |session| &session.client);
            let cause = turn.note(Kind::Decision, client, cause, |event| {
                event.rule = Some(BEGINS_LATER);
                event.topic = key;
                event.until = Some(at);
                event.why = "granted, and begins later";
            });
            let live = &mut self.live;
            live.pending.push(Pending { at, session: id, filter: key.clone(), cause });
            if live.begins_at.is_none_or(|first| at < first) {
                live.timers.set(&mut live.begins_at, TimerKey::Begins, at);
            }
        } else if !self.live.pending.iter().any(|one| one.session == id && one.filter == *key) {
            self.begin(id, filter, subscribed);
        }
    }

    /// From now on the subscription matches.
    fn begin(&mut self, id: SessionId, Filter { share, filter }: Filter<'_>, subscribed: Subscribed) {
        let tree = Arc::make_mut(&mut self.store.tree);
        let Some(share) = share else {
            tree.insert(filter, id.0, subscribed);
            return;
        };
        let (group, is_new) = Arc::make_mut(&mut self.store.groups).join(share, filter, id, subscribed);
        if is_new {
            tree.insert(filter, group | GROUP, subscribed);
        }
    }

    /// A subscription ends before it has begun.
    pub(super) fn forget_pending(&mut self, id: SessionId, filter: &Text) {
        if !self.live.pending.is_empty() {
            self.live.pending.retain(|one| one.session != id || one.filter != *filter);
            self.arm_begins();
        }
    }

    fn arm_begins(&mut self) {
        let live = &mut self.live;
        match live.pending.iter().map(|one| one.at).min() {
            Some(at) => live.timers.set(&mut live.begins_at, TimerKey::Begins, at),
            None => live.timers.clear(&mut live.begins_at, TimerKey::Begins),
        }
    }

    /// Subscriptions whose delay has passed begin.
    pub(super) fn on_begins_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>) {
        self.live.begins_at = None;
        let (due, rest) =
            std::mem::take(&mut self.live.pending).into_iter().partition(|one| one.at <= turn.now);
        self.live.pending = rest;
        let due: Vec<Pending> = due;
        for one in due {
            let Some(session) = self.store.session(one.session) else { continue };
            let Some(held) = session.subscriptions.get(&one.filter) else { continue };
            let subscribed = held.subscribed();
            turn.note(Kind::Decision, &session.client, one.cause, |event| {
                event.rule = Some(BEGINS_LATER);
                event.topic = &one.filter;
                event.why = "the subscription begins";
            });
            let plain = Filter { share: None, filter: &one.filter };
            let shared = if held.shared { check_filter(&one.filter).ok() } else { None };
            self.begin(one.session, shared.unwrap_or(plain), subscribed);
        }
        self.arm_begins();
        if self.store.groups.waiting() > 0 {
            self.pump_groups(turn);
        }
    }
}
