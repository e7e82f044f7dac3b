//! What the broker knew of a client at a moment: its session, its subscriptions, and those that were refused or are gone.

use super::nearest::{hint, level, parted};
use super::{Found, Mark, Walk};
use crate::broker::{BEGINS_LATER, By, Kind, NO_SUBSCRIPTION};
use crate::rule::v5;
use crate::topic::{ParentMatch, SHARE};
use crate::trace::{EventRef, Trace};
use crate::wire::{Packet, PacketType};

/// How many causes back the packet is looked for that an event answers.
const CAUSES: usize = 6;

/// A filter with the event that tells of it.
#[derive(Clone)]
pub(super) struct Filtered {
    pub(super) filter: String,
    pub(super) seq: u32,
    qos: u8,
    /// It was granted and begins later: the event that says so.
    pending: Option<u32>,
    /// It went with its session, and not by UNSUBSCRIBE.
    with_session: bool,
}

/// A client as the broker knew it.
#[derive(Default)]
pub(super) struct Known {
    /// Events that tell of the session: that there is one, that it ended, that no connection was made.
    session: Option<u32>,
    ended: Option<u32>,
    refused_connect: Option<u32>,
    /// Since when its connection is there, or is not.
    connected: Option<u32>,
    away: Option<u32>,
    pub(super) subscriptions: Vec<Filtered>,
    gone: Vec<Filtered>,
    refused: Vec<Filtered>,
    /// Those that came after the moment.
    later: Vec<Filtered>,
}

impl Known {
    /// Before the event `seq`; what was subscribed later, among the first `events`, is kept apart.
    pub(super) fn at(trace: &Trace, client: &str, seq: u32, events: u32) -> Self {
        let mut known = Self::default();
        let Some(client) = trace.client_number(client) else { return known };
        for event in trace.range(0..events.max(seq)).filter(|event| event.client_number() == client) {
            if event.seq() < seq {
                known.take(&event);
            } else if event.kind() == Kind::SubscriptionAdded {
                known.later.push(Filtered::of(&event));
            }
        }
        known
    }

    pub(super) const fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// Every filter that it ever asked for.
    pub(super) fn ever(self) -> Vec<String> {
        let all = [self.subscriptions, self.gone, self.refused, self.later];
        all.into_iter().flatten().map(|one| one.filter).collect()
    }

    fn take(&mut self, event: &EventRef<'_>) {
        let seq = Some(event.seq());
        match event.kind() {
            Kind::SessionCreated | Kind::SessionResumed => {
                (self.session, self.connected, self.away, self.ended) = (seq, seq, None, None);
            }
            Kind::SessionDisconnected => (self.connected, self.away) = (None, seq),
            Kind::SessionExpired | Kind::SessionCleared => {
                (self.session, self.connected, self.ended) = (None, None, seq);
                for one in self.subscriptions.drain(..) {
                    self.gone.push(Filtered { seq: event.seq(), with_session: true, ..one });
                }
            }
            Kind::SubscriptionAdded | Kind::SubscriptionReplaced => {
                self.forget(event.topic());
                self.subscriptions.push(Filtered::of(event));
            }
            Kind::SubscriptionRemoved => {
                self.forget(event.topic());
                self.gone.push(Filtered::of(event));
            }
            Kind::Decision if event.rule() == Some(BEGINS_LATER) => {
                let held = self.subscriptions.iter_mut().find(|one| one.filter == event.topic());
                if let Some(held) = held {
                    held.pending = event.until().and(seq);
                }
            }
            Kind::PolicyDenied | Kind::QuotaRefused | Kind::Decision if event.by() == By::Broker => {
                self.take_refusal(event);
            }
            Kind::SocketRefused => self.refused_connect = seq,
            Kind::PacketReceived if event.packet_type() == Some(PacketType::Connack) => {
                if let Some(Ok(Packet::Connack(connack))) = event.decode() {
                    self.refused_connect = seq.filter(|_| !connack.is_accepted());
                }
            }
            _ => {}
        }
    }

    /// What the broker did not grant of a SUBSCRIBE.
    fn take_refusal(&mut self, event: &EventRef<'_>) {
        if event.message_number().is_some() {
            return;
        }
        let Some(Ok(Packet::Subscribe(subscribe))) = asked(event, PacketType::Subscribe) else { return };
        let named = |filter: &str| filter == event.topic();
        let is_one = subscribe.filters.iter().any(|one| named(&one.filter));
        for one in subscribe.filters.iter().filter(|one| !is_one || named(&one.filter)) {
            self.refused.push(Filtered { filter: one.filter.as_str().to_owned(), ..Filtered::of(event) });
        }
    }

    fn forget(&mut self, filter: &str) {
        self.subscriptions.retain(|one| one.filter != filter);
        self.gone.retain(|one| one.filter != filter);
        self.refused.retain(|one| one.filter != filter);
    }

    /// Tells of the session.
    pub(super) fn tell_session(&self, trace: &Trace, walk: &mut Walk) {
        let (found, mark, seq) = match (self.session, self.connected, self.ended) {
            (Some(_), Some(seq), _) => (Found::Connected, Mark::Passed, Some(seq)),
            (Some(session), None, _) => (Found::Away, Mark::Doubt, self.away.or(Some(session))),
            (None, _, Some(seq)) => (Found::NoSession, Mark::Stopped, Some(seq)),
            (None, _, None) if self.refused_connect.is_some() => {
                (Found::ConnectRefused, Mark::Stopped, self.refused_connect)
            }
            (None, ..) => (Found::NeverConnected, Mark::Stopped, None),
        };
        let event = seq.and_then(|seq| trace.get(seq));
        walk.step(found, mark, event.as_ref());
        // A refusal stands in the event that led to the packet.
        if let (Some(step), Some(event)) = (walk.steps.last_mut(), event) {
            let chain = trace.cause_chain(event.seq());
            step.rule = step.rule.or_else(|| chain.iter().take(CAUSES).find_map(EventRef::rule));
        }
    }

    /// Tells which subscription matches a topic, or why none does. Says whether one does.
    pub(super) fn tell_subscription(
        &self,
        trace: &Trace,
        topic: &str,
        parent: ParentMatch,
        was_published: bool,
        walk: &mut Walk,
    ) -> bool {
        let meets = |one: &&Filtered| one.filter == topic || parted(&one.filter, topic, parent).is_none();
        let matching = |of: &[Filtered]| of.iter().rev().find(meets).cloned();
        let begun = self.subscriptions.iter().filter(meets).find(|one| one.pending.is_none());
        let event = |seq: u32| trace.get(seq);
        if let Some(one) = begun {
            walk.step(Found::Subscribed(one.filter.clone(), one.qos), Mark::Passed, event(one.seq).as_ref());
            return true;
        }
        if let Some(one) = matching(&self.subscriptions) {
            let seq = one.pending.unwrap_or(one.seq);
            walk.step(Found::BeginsLater(one.filter), Mark::Stopped, event(seq).as_ref());
            return false;
        }
        let refused = matching(&self.refused);
        let gone = matching(&self.gone).filter(|gone| refused.as_ref().is_none_or(|one| one.seq < gone.seq));
        let later = matching(&self.later).filter(|_| was_published);
        if let Some(one) = gone {
            let found = if one.with_session { Found::LostWithSession } else { Found::Unsubscribed };
            walk.step(found(one.filter), Mark::Stopped, event(one.seq).as_ref());
        } else if let Some(one) = refused {
            walk.step(Found::SubscribeRefused(one.filter), Mark::Stopped, event(one.seq).as_ref());
        } else if let Some(one) = later {
            walk.ruled(Found::SubscribedLater(one.filter), Mark::Stopped, Some(one.seq), NO_SUBSCRIPTION);
        } else {
            self.tell_nearest(topic, parent, walk);
        }
        false
    }

    /// The subscription that came nearest.
    fn tell_nearest(&self, topic: &str, parent: ParentMatch, walk: &mut Walk) {
        let parted = |one: &Filtered| {
            let at = parted(&one.filter, topic, parent)?;
            let hint = hint(&one.filter, topic, at, parent);
            Some((hint.is_some(), level(at), at, hint, one.filter.clone(), one.seq))
        };
        let all = self.subscriptions.iter().chain(&self.later);
        let nearest = all.filter_map(parted).max_by_key(|(has_hint, level, ..)| (*has_hint, *level));
        match nearest {
            Some((_, level, at, hint, filter, seq)) => {
                let rule = if level == 0 { "MQTT-4.7.2-1" } else { "MQTT-4.7.3-4" };
                walk.ruled(Found::Mismatch(filter, at, hint), Mark::Stopped, Some(seq), v5(rule));
            }
            None if self.has_session() || self.ended.is_some() => {
                walk.ruled(Found::NeverSubscribed, Mark::Stopped, None, NO_SUBSCRIPTION);
            }
            None => {}
        }
    }

    /// The last subscription that matches and came after the moment.
    pub(super) fn subscribed_later(&self, topic: &str, parent: ParentMatch) -> Option<&Filtered> {
        self.later.iter().find(|one| parted(&one.filter, topic, parent).is_none())
    }

    /// The shared subscription that matches.
    pub(super) fn shared(&self, topic: &str, parent: ParentMatch) -> Option<&str> {
        let shared = self.subscriptions.iter().filter(|one| one.filter.starts_with(SHARE));
        let mut matching = shared.filter(|one| parted(&one.filter, topic, parent).is_none());
        Some(matching.next()?.filter.as_str())
    }
}

impl Filtered {
    fn of(event: &EventRef<'_>) -> Self {
        Self {
            filter: event.topic().to_owned(),
            seq: event.seq(),
            qos: event.qos().unwrap_or(0),
            pending: None,
            with_session: false,
        }
    }
}

/// The packet of a type to which an event is an answer.
fn asked(event: &EventRef<'_>, of: PacketType) -> Option<Result<Packet, crate::wire::Malformed>> {
    let mut next = Some(*event);
    for _ in 0..CAUSES {
        let one = next?;
        if let Some(packet) = one.packet_type() {
            return if packet == of { one.decode() } else { None };
        }
        next = one.led_to_by();
    }
    None
}
