//! SUBSCRIBE (3.8) and UNSUBSCRIBE (3.10).

use super::access::May;
use super::held::TOTAL;
use super::session::{Held, Session};
use super::shared::GROUP;
use super::sizes::Excess;

use super::store::SessionId;
use super::sys::is_sys;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer, Told};
use crate::profile::Limits;
use crate::rule::{RuleId, aws, own, v3, v5};
use crate::topic::{Filter, Problem, TopicError, check_filter, check_plain_filter, check_share_max};
use crate::wire::{
    Packet, Properties, Property, QoS, ReasonCode, RetainHandling, Suback, Subscribe, Subscription, Text,
    Unsuback, Unsubscribe, Version,
};
use std::sync::Arc;

/// The bound of a session's subscriptions.
const MOST: &str = "subscription.max_per_session";
/// What a client is told that has all the subscriptions that it may have.
const TOO_MANY: &str = "too many subscriptions";
/// What a client is told that may not subscribe.
const DENIED: &str = "the client may not subscribe to this Topic Filter";
/// The same where an access list says so.
const DENIED_BY_LIST: &str = "the client may not receive all that the Topic Filter matches";

/// What becomes of one Topic Filter.
enum Outcome {
    /// Granted; retained messages follow SUBACK where `retained` says so.
    Granted {
        qos: QoS,
        retained: bool,
    },
    Refused(ReasonCode, &'static str),
}

/// A filter as `version` understands it: 3.1.1 knows no shared subscriptions, unless the profile lends it them.
fn parse<'f>(version: Version, filter: &'f str, limits: &Limits) -> Result<Filter<'f>, TopicError> {
    let parsed = match version {
        Version::V3 if !limits.subscription_shared_v3 => {
            check_plain_filter(filter).map(|()| Filter { share: None, filter })
        }
        _ => check_filter(filter),
    }?;
    check_share_max(&parsed, limits.subscription_share_name_max_bytes)?;
    limits.check_extent(filter).map(|()| parsed)
}

/// A filter that somebody subscribes to, so that it must also be one for clients.
fn parse_new<'f>(version: Version, filter: &'f str, limits: &Limits) -> Result<Filter<'f>, TopicError> {
    let parsed = parse(version, filter, limits)?;
    limits.check_subscribe(parsed.filter).map(|()| parsed)
}

impl Broker {
    pub(super) fn on_subscribe<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        subscribe: &Subscribe,
        cause: Cause,
    ) {
        let Some(session) = self.store.session(id) else { return };
        let version = session.version;
        let number = subscribe.properties.0.iter().find_map(|property| match property {
            Property::SubscriptionIdentifier(number) => Some(*number),
            _ => None,
        });
        if number.is_some() && !self.limits.subscription_identifiers {
            let (code, rule) = (ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, v5("MQTT-4.13.1-1"));
            self.refuse(turn, conn, code, rule, "Subscription Identifiers are not available", cause);
            return;
        }
        if let Some(excess) = self.filters_over(subscribe.filters.len(), &subscribe.properties) {
            self.refuse_excess(turn, conn, Ending::QuotaExceeded, excess, cause);
            return;
        }
        if let Some(excess) = self.subscriptions_over(session, subscribe) {
            let cause = self.note_excess(turn, conn, excess, cause);
            let (code, rule) = (ReasonCode::QUOTA_EXCEEDED, self.rule_of("subscription.over_max_closes"));
            self.refuse_as(turn, conn, Ending::QuotaExceeded, code, rule, TOO_MANY, cause);
            return;
        }
        if let Some(rule) = self.unanswered(version, subscribe) {
            turn.note(Kind::Decision, &session.client, cause, |event| {
                event.rule = Some(rule);
                event.code = Some(u16::from(ReasonCode::QOS_NOT_SUPPORTED.0));
                event.why = "a QoS above the highest: there is no answer";
            });
            return;
        }
        // What ends the connection is found before anything is changed.
        for subscription in &subscribe.filters {
            if let Some((code, rule, why)) = offence(version, subscription, &self.limits) {
                self.refuse(turn, conn, code, rule, why, cause);
                return;
            }
        }
        let cause = match version {
            Version::V3 => match self.judge_by_policy(turn, id, subscribe, cause) {
                (May::Yes, cause) => cause,
                (_, cause) => {
                    self.refuse_permission(turn, conn, aws("aws.policy.subscribe-denied-v3"), DENIED, cause);
                    return;
                }
            },
            Version::V5 => cause,
        };
        let mut codes = Vec::with_capacity(subscribe.filters.len());
        // Of the last one that is refused; SUBACK has one Reason String for all.
        let mut why = "";
        let mut told = Vec::new();
        let mut retained = Vec::new();
        for subscription in &subscribe.filters {
            let (outcome, cause) =
                self.subscribe(turn, id, version, subscription, number.unwrap_or(0), cause);
            codes.push(match outcome {
                Outcome::Granted { qos, retained: wanted } => {
                    if wanted {
                        let filter = parse(version, &subscription.filter, &self.limits);
                        retained.push((filter.map_or("", |filter| filter.filter), qos, cause));
                    }
                    ReasonCode(qos as u8)
                }
                Outcome::Refused(code, reason) => {
                    why = reason;
                    told.extend(self.told_of_filter(&subscription.filter, reason));
                    if version == Version::V5 { code } else { ReasonCode::V3_FAILURE }
                }
            });
        }
        // [MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-3.9.3-1, MQTT-2.3.1-7] [3.1.1 MQTT-3.8.4-4, MQTT-3.9.3-2]
        // [5.0 MQTT-3.8.4-5, MQTT-3.8.4-6, MQTT-3.9.3-2, MQTT-2.2.1-6]
        let was_granted = |(code, _): &(&ReasonCode, &Subscription)| !code.is_failure();
        let granted = codes.iter().zip(&subscribe.filters).filter(was_granted);
        let granted = granted.map(|(_, subscription)| subscription.filter.clone());
        let filters = if self.limits.account_present { granted.collect() } else { Vec::new() };
        let suback = Suback { id: subscribe.id, properties: Properties::default(), codes };
        self.send_failure(turn, conn, Packet::Suback(suback), (why, told), cause);
        self.tell_filters(id, filters, cause, |client, filters, cause| Told::Subscribed {
            client,
            filters,
            cause,
        });
        for (filter, qos, cause) in retained {
            self.send_retained(turn, id, filter, qos, number.unwrap_or(0), cause);
        }
        // A new member may have what waits for a shared subscription's members.
        if self.store.groups.waiting() > 0 {
            self.pump_groups(turn);
        }
    }

    /// What a SUBSCRIBE would be too much of, where that ends the connection. [aws.quota.subscriptions-closing]
    fn subscriptions_over(&self, session: &Session, subscribe: &Subscribe) -> Option<Excess> {
        if !self.limits.subscription_over_max_closes {
            return None;
        }
        let filters = &subscribe.filters;
        let is_new = |(at, subscription): &(usize, &Subscription)| {
            let filter = &subscription.filter;
            session.subscriptions.get(filter).is_none()
                && filters.iter().take(*at).all(|earlier| earlier.filter != *filter)
        };
        let level = session.subscriptions.len() + filters.iter().enumerate().filter(is_new).count();
        (level > self.limits.subscription_max_per_session).then_some(Excess {
            key: MOST,
            level,
            why: TOO_MANY,
        })
    }

    /// The rule by which a SUBSCRIBE gets no answer, where it asks for a QoS that there is not and the profile says so.
    fn unanswered(&self, version: Version, subscribe: &Subscribe) -> Option<RuleId> {
        let (is_unanswered, rule) = match version {
            Version::V3 => (self.limits.subscription_qos_over_unanswered_v3, "aws.qos.subscribe"),
            Version::V5 => (self.limits.subscription_qos_over_unanswered_v5, "aws.qos.subscribe-v5"),
        };
        let is_over = |subscription: &Subscription| subscription.options.qos > self.limits.publish_qos_max;
        (is_unanswered && subscribe.filters.iter().any(is_over)).then_some(aws(rule))
    }

    /// Asks the policies for every filter, up to the first that is denied.
    fn judge_by_policy<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        subscribe: &Subscribe,
        cause: Cause,
    ) -> (May, Cause) {
        let mut answer = (May::Yes, cause);
        for subscription in &subscribe.filters {
            if answer.0 == May::Yes {
                answer = self.may_subscribe_by_policy(turn, id, &subscription.filter, answer.1);
            }
        }
        answer
    }

    /// Adds or replaces one subscription.
    fn subscribe<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        version: Version,
        subscription: &Subscription,
        number: u32,
        cause: Cause,
    ) -> (Outcome, Cause) {
        let mut options = subscription.options;
        // [MQTT-3.2.2-10]: granted at what there is.
        options.qos = options.qos.min(self.limits.publish_qos_max);
        let mut cause = cause;
        if self.access.restricts()
            && let Ok(Filter { filter, .. }) = parse(version, &subscription.filter, &self.limits)
        {
            let may;
            (may, cause) = self.may_subscribe(turn, id, &subscription.filter, filter, cause);
            if may != May::Yes {
                // [aws.policy.subscribe-denied-v5]
                let why = if may.is_denied_by_policy() { DENIED } else { DENIED_BY_LIST };
                return (Outcome::Refused(ReasonCode::NOT_AUTHORIZED, why), cause);
            }
        }
        if let Err((why, cause)) = self.may_add_filter(turn, id, cause) {
            return (Outcome::Refused(ReasonCode::QUOTA_EXCEEDED, why), cause);
        }
        let Some(session) = self.store.sessions.get_mut(id.0) else {
            return (Outcome::Refused(ReasonCode::UNSPECIFIED_ERROR, ""), cause);
        };
        let known = session.subscriptions.get(&subscription.filter);
        if self.limits.subscription_options_kept
            && let Some(held) = known
        {
            options.no_local = held.options.no_local;
            options.retain_as_published = held.options.retain_as_published;
        }
        let known = known.is_some();
        let refused = match parse_new(version, &subscription.filter, &self.limits) {
            Err(error) => Some((ReasonCode::TOPIC_FILTER_INVALID, error.rule(version), error.what())),
            // A 3.1.1 client that a profile lends shared subscriptions otherwise; 5.0 was disconnected.
            Ok(Filter { share: Some(_), .. }) if !self.limits.subscription_shared => {
                Some((ReasonCode::V3_FAILURE, v3("MQTT-3.8.3-2"), NO_SHARED))
            }
            Ok(Filter { filter, .. }) if version == Version::V3 && !is_available(filter, &self.limits) => {
                Some((ReasonCode::V3_FAILURE, v3("MQTT-3.8.3-2"), NO_WILDCARDS))
            }
            Ok(_) if !known && session.subscriptions.len() >= self.limits.subscription_max_per_session => {
                let rule = self.profile.rule_of(MOST);
                let rule = rule.unwrap_or(own("glassbroker.bound.subscriptions"));
                Some((ReasonCode::QUOTA_EXCEEDED, rule, TOO_MANY))
            }
            Ok(_) if !known && self.held_bytes > self.limits.broker_max_bytes => {
                Some((ReasonCode::QUOTA_EXCEEDED, TOTAL, "the broker holds all that it may"))
            }
            Ok(_) => None,
        };
        if let Some((code, rule, why)) = refused {
            let level = session.subscriptions.len() + 1;
            let exceeded = (why == TOO_MANY).then_some(level);
            let cause = turn.note(Kind::QuotaRefused, &session.client, cause, |event| {
                event.rule = Some(rule);
                event.topic = if exceeded.is_some() { MOST } else { &subscription.filter };
                event.number = exceeded.map(|level| u32::try_from(level).unwrap_or(u32::MAX));
                event.code = Some(u16::from(code.0));
                event.why = why;
            });
            return (Outcome::Refused(code, why), cause);
        }
        let Ok(Filter { share, filter }) = parse(version, &subscription.filter, &self.limits) else {
            return (Outcome::Refused(ReasonCode::TOPIC_FILTER_INVALID, ""), cause);
        };
        if let Some(share) = share
            && let Err((why, cause)) = self.may_join(turn, id, share, filter, known, cause)
        {
            return (Outcome::Refused(ReasonCode::QUOTA_EXCEEDED, why), cause);
        }
        let held = Held { options, id: number, shared: share.is_some() };
        // Where a session goes on in the other version, what was a plain `$share/…` filter may become a shared one.
        let before =
            self.store.session(id).and_then(|session| session.subscriptions.get(&subscription.filter));
        if before.is_some_and(|old| old.shared != held.shared) {
            self.unsubscribe(turn, id, &subscription.filter, cause);
        }
        // Before the subscription is there: what is told now reaches it as retained messages.
        if is_sys(filter) {
            self.begin_sys(turn, cause);
        }
        let Some(session) = self.store.sessions.get_mut(id.0) else {
            return (Outcome::Refused(ReasonCode::UNSPECIFIED_ERROR, ""), cause);
        };
        let key = Text::from(subscription.filter.as_str());
        if session.subscriptions.insert(key, held).is_none() {
            session.filters_bytes += subscription.filter.len();
            if is_sys(filter) {
                self.store.sys_subscriptions += 1;
            }
        }
        let (kind, rule) = match known {
            true => (Kind::SubscriptionReplaced, version.rule("MQTT-3.8.4-3", "MQTT-3.8.4-3")),
            false => (Kind::SubscriptionAdded, version.rule("MQTT-3.8.4-5", "MQTT-3.8.4-7")),
        };
        let is_cut = options.qos < subscription.options.qos;
        let rule = if is_cut && version == Version::V5 { v5("MQTT-3.2.2-10") } else { rule };
        let cause = turn.note(kind, &session.client, cause, |event| {
            event.rule = Some(rule);
            event.topic = &subscription.filter;
            event.qos = Some(options.qos as u8);
            event.number = (number > 0).then_some(number);
        });
        self.weigh_session(id);
        let (key, parsed) = (&subscription.filter, Filter { share, filter });
        self.let_begin(turn, id, key, parsed, held.subscribed(), !known, cause);
        // A shared subscription gets no retained messages (4.8.2). [5.0 MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11]
        // [3.1.1 MQTT-3.3.1-6]
        let retained = (share.is_none() || self.limits.retained_to_shared)
            && match options.retain_handling {
                RetainHandling::OnSubscribe => true,
                RetainHandling::OnNewSubscription => !known,
                RetainHandling::Never => false,
            };
        (Outcome::Granted { qos: options.qos, retained }, cause)
    }

    pub(super) fn on_unsubscribe<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        unsubscribe: &Unsubscribe,
        cause: Cause,
    ) {
        let Some(session) = self.store.session(id) else { return };
        let version = session.version;
        if let Some(excess) = self.filters_over(unsubscribe.filters.len(), &unsubscribe.properties) {
            if self.limits.subscription_unsubscribe_over_unanswered
                && excess.key == "subscription.max_per_packet"
            {
                self.note_excess(turn, conn, excess, cause);
            } else {
                self.refuse_excess(turn, conn, Ending::QuotaExceeded, excess, cause);
            }
            return;
        }
        for filter in &unsubscribe.filters {
            if let Err(error) = parse(version, filter, &self.limits)
                && ends_connection(version, error, &self.limits)
            {
                let code = ReasonCode::MALFORMED_PACKET;
                self.refuse(turn, conn, code, error.rule(version), error.what(), cause);
                return;
            }
        }
        let mut codes = Vec::with_capacity(unsubscribe.filters.len());
        let mut why = "";
        let mut told = Vec::new();
        let mut removed = Vec::new();
        for filter in &unsubscribe.filters {
            codes.push(if let Err(error) = parse(version, filter, &self.limits) {
                why = error.what();
                told.extend(self.told_of_filter(filter, why));
                ReasonCode::TOPIC_FILTER_INVALID
            } else if self.unsubscribe(turn, id, filter, cause) {
                let client = self.store.session(id).map_or("", |session| &session.client);
                turn.note(Kind::SubscriptionRemoved, client, cause, |event| {
                    event.rule = Some(version.rule("MQTT-3.10.4-1", "MQTT-3.10.4-1"));
                    event.topic = filter;
                });
                self.count_group_change(turn.now, filter);
                removed.push(filter.clone());
                ReasonCode::SUCCESS
            } else {
                ReasonCode::NO_SUBSCRIPTION_EXISTED
            });
        }
        if version == Version::V3 {
            codes.clear();
        }
        // [3.1.1 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-2.3.1-7] [5.0 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-2.2.1-6]
        // [MQTT-3.10.4-6, MQTT-3.11.3-1, MQTT-3.11.3-2]
        let unsuback = Unsuback { id: unsubscribe.id, properties: Properties::default(), codes };
        self.send_failure(turn, conn, Packet::Unsuback(unsuback), (why, told), cause);
        self.tell_filters(id, removed, cause, |client, filters, cause| Told::Unsubscribed {
            client,
            filters,
            cause,
        });
    }

    /// Tells the account of filters that a client has subscribed to, or no longer subscribes to.
    fn tell_filters(
        &mut self,
        id: SessionId,
        filters: Vec<Text>,
        cause: Cause,
        told: fn(Text, Vec<Text>, Cause) -> Told,
    ) {
        if filters.is_empty() {
            return;
        }
        self.tell(|broker| {
            let client = broker.store.session(id)?.client.clone();
            Some(told(client, filters, cause))
        });
    }

    /// Takes one subscription away. Nothing more comes of it ([MQTT-3.10.4-2]); what it already put under
    /// way goes on ([MQTT-3.10.4-3]).
    pub(super) fn unsubscribe<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        filter: &Text,
        cause: Cause,
    ) -> bool {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return false };
        let Some(held) = session.subscriptions.remove(filter) else { return false };
        session.filters_bytes -= filter.len();
        self.weigh_session(id);
        self.forget_pending(id, filter);
        let tree = Arc::make_mut(&mut self.store.tree);
        let plain =
            if held.shared { check_filter(filter).map_or("", |filter| filter.filter) } else { filter };
        if is_sys(plain) {
            self.store.sys_subscriptions = self.store.sys_subscriptions.saturating_sub(1);
        }
        if !held.shared {
            tree.remove(filter, id.0);
        } else if let Ok(Filter { share: Some(share), filter }) = check_filter(filter)
            && let Some((number, group)) = Arc::make_mut(&mut self.store.groups).leave(share, filter, id)
        {
            tree.remove(filter, number | GROUP);
            self.end_group(turn, number, group, cause);
        }
        true
    }
}

/// Why a shared subscription is refused where there are none (3.2.2.3.13).
const NO_SHARED: &str = "shared subscriptions are not available";

/// Why a filter with wildcards is refused where the profile has none.
const NO_WILDCARDS: &str = "wildcards are not available";

/// Whether the profile allows what a filter without `$share/…/` has.
fn is_available(filter: &str, limits: &Limits) -> bool {
    limits.subscription_wildcards || !filter.contains(['+', '#'])
}

/// Whether a filter that is wrong ends the connection: any in 3.1.1; in 5.0 it is told in SUBACK or UNSUBACK, unless it has too many
/// levels and the profile says otherwise.
fn ends_connection(version: Version, error: TopicError, limits: &Limits) -> bool {
    version == Version::V3 || (limits.topic_levels_close && error.problem == Problem::TooManyLevels)
}

/// What is so wrong with a filter that the connection ends: a filter that is, No Local on a shared subscription, or in 5.0 wildcards
/// where there are none (3.2.2.3.11).
fn offence(
    version: Version,
    subscription: &Subscription,
    limits: &Limits,
) -> Option<(ReasonCode, RuleId, &'static str)> {
    match (version, parse_new(version, &subscription.filter, limits)) {
        (_, Err(error)) if ends_connection(version, error, limits) => {
            Some((ReasonCode::MALFORMED_PACKET, error.rule(version), error.what()))
        }
        (Version::V5, Ok(Filter { share: Some(_), .. })) if subscription.options.no_local => {
            Some((ReasonCode::PROTOCOL_ERROR, v5("MQTT-3.8.3-4"), "No Local on a shared subscription"))
        }
        (Version::V5, Ok(Filter { share: Some(_), .. })) if !limits.subscription_shared => {
            Some((ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, v5("MQTT-4.13.1-1"), NO_SHARED))
        }
        (Version::V5, Ok(Filter { filter, .. })) if !is_available(filter, limits) => {
            Some((ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, v5("MQTT-4.13.1-1"), NO_WILDCARDS))
        }
        _ => None,
    }
}
