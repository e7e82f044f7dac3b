//! The way of one message: to the broker, and from there to the client.

use super::known::Known;
use super::{Found, Mark, Question, Walk};
use crate::broker::{By, Kind, NO_LOCAL};
use crate::rule::v5;
use crate::topic::SHARE;
use crate::trace::{EventRef, Trace};
use crate::wire::PacketType;

/// What one can do to a link so that nothing comes through, and what undoes it.
const HOLDS: [&str; 3] = ["cut", "half_open", "stall"];
const RESTORE: &str = "restore";

/// The events of a message, by their numbers.
pub(super) struct Way {
    /// Up to where the broker took it on, or did not.
    publisher: Vec<u32>,
    accepted: Option<u32>,
    /// Those about the client that asks, and those about others.
    pub(super) for_client: Vec<u32>,
    others: Vec<u32>,
    first: Option<u32>,
}

impl Way {
    pub(super) fn of(trace: &Trace, question: &Question, message: u32) -> Self {
        let mut way = Self {
            publisher: Vec::new(),
            accepted: None,
            for_client: Vec::new(),
            others: Vec::new(),
            first: None,
        };
        let client = trace.client_number(&question.client);
        for event in trace.range(0..question.events) {
            if event.message_number() != Some(message) {
                continue;
            }
            let seq = event.seq();
            way.first = way.first.or(Some(seq));
            let accepts = matches!(event.kind(), Kind::MessageAccepted | Kind::WillSent);
            if accepts || is_of_publisher(trace, &event, way.accepted.is_some()) {
                way.publisher.push(seq);
                way.accepted = way.accepted.or(Some(seq).filter(|_| accepts));
            } else if Some(event.client_number()) == client {
                way.for_client.push(seq);
            } else {
                way.others.push(seq);
            }
        }
        way
    }

    /// The message's topic.
    pub(super) fn topic<'a>(&self, trace: &'a Trace) -> &'a str {
        let all = self.accepted.iter().chain(&self.publisher).chain(&self.first);
        let topics = all.filter_map(|seq| trace.get(*seq)).map(|event| event.topic());
        topics.into_iter().find(|topic| !topic.is_empty()).unwrap_or_default()
    }

    /// The event at which the broker decided who gets it; for the client where it decided something of it, as when it was retained.
    pub(super) fn decided_at(&self) -> u32 {
        self.for_client.first().or(self.accepted.as_ref()).or(self.publisher.last()).copied().unwrap_or(0)
    }

    /// Tells of the way to the broker. Says whether it took the message on.
    pub(super) fn tell_publisher(&self, trace: &Trace, walk: &mut Walk) -> bool {
        let first = self.first.and_then(|seq| trace.get(seq));
        walk.step(Found::Published, Mark::Passed, first.as_ref());
        if let Some(accepted) = self.accepted.and_then(|seq| trace.get(seq)) {
            walk.step(Found::Accepted, Mark::Passed, Some(&accepted));
            return true;
        }
        let events = self.publisher.iter().rev().filter_map(|seq| trace.get(*seq));
        let told = events.into_iter().find_map(|event| {
            let is_publish = event.packet_type() == Some(PacketType::Publish);
            let is_refusal = event.code().is_some_and(|code| code >= 0x80);
            Some(match event.kind() {
                Kind::PacketLost if is_publish => (Found::LostOnTheWayUp, Mark::Stopped, event),
                Kind::MessageDropped => (Found::GivenUp, Mark::Stopped, event),
                Kind::MessageQueued => (Found::KeptByPublisher, Mark::Waits, event),
                Kind::PacketSent if is_publish => (Found::OnTheWayUp, Mark::Waits, event),
                Kind::PolicyDenied | Kind::QuotaRefused => (Found::Refused, Mark::Stopped, event),
                Kind::Decision if is_refusal => (Found::Refused, Mark::Stopped, event),
                Kind::QuotaDelayed => (Found::Delayed, Mark::Waits, event),
                _ => return None,
            })
        });
        match told {
            Some((found, mark, event)) => walk.step(found, mark, Some(&event)),
            None => walk.step(Found::Untold, Mark::Doubt, None),
        }
        false
    }

    /// Why no event tells of the client, though the broker has the message.
    pub(super) fn tell_absent(
        &self,
        trace: &Trace,
        question: &Question,
        known: &Known,
        matches: bool,
        walk: &mut Walk,
    ) {
        let topic = self.topic(trace);
        if matches {
            match known.shared(topic, question.parent) {
                Some(filter) => self.tell_shared(trace, filter, walk),
                None => walk.step(Found::Untold, Mark::Doubt, None),
            }
        } else if let Some(later) = known.subscribed_later(topic, question.parent) {
            self.tell_retained(trace, topic, later.seq, &later.filter, walk);
        }
    }

    /// What became of it for the group that the client is a member of.
    fn tell_shared(&self, trace: &Trace, filter: &str, walk: &mut Walk) {
        let events = self.others.iter().rev().filter_map(|seq| trace.get(*seq));
        for event in events {
            let of_group = event.client() == filter;
            let (group, member) = (filter.to_owned(), event.client().to_owned());
            let (found, mark) = match event.kind() {
                Kind::MessageQueued if of_group => (Found::KeptForGroup(group), Mark::Waits),
                Kind::MessageDropped | Kind::MessageExpired if of_group => {
                    (Found::LostForGroup(group), Mark::Stopped)
                }
                Kind::MessageDelivered | Kind::MessageQueued | Kind::MessageDropped => {
                    (Found::OtherMember(group, member), Mark::Stopped)
                }
                _ => continue,
            };
            return walk.step(found, mark, Some(&event));
        }
        walk.step(Found::Untold, Mark::Doubt, None);
    }

    /// Why a later subscription did not get it as a retained message.
    fn tell_retained(&self, trace: &Trace, topic: &str, later: u32, filter: &str, walk: &mut Walk) {
        let is_stored =
            |event: &EventRef<'_>| matches!(event.kind(), Kind::RetainedStored | Kind::RetainedReplaced);
        let mut own_events = self.publisher.iter().chain(&self.others).filter_map(|seq| trace.get(*seq));
        let Some(stored) = own_events.find(is_stored) else {
            let rule = v5("MQTT-3.3.1-8");
            return walk.ruled(Found::NotRetained, Mark::Stopped, self.accepted, rule);
        };
        let gone = [Kind::RetainedReplaced, Kind::RetainedCleared, Kind::RetainedExpired];
        let mut after = trace.range(stored.seq() + 1..later);
        match after.find(|event| gone.contains(&event.kind()) && event.topic() == topic) {
            Some(event) => walk.step(Found::RetainedGone, Mark::Stopped, Some(&event)),
            None => {
                let subscribed = trace.get(later);
                walk.step(Found::RetainedNotAsked, Mark::Stopped, subscribed.as_ref());
                if let (Some(step), false) = (walk.steps.last_mut(), filter.starts_with(SHARE)) {
                    step.rule = Some(v5("MQTT-3.3.1-11"));
                }
            }
        }
    }

    /// Tells of the way to the client.
    pub(super) fn tell_client(&self, trace: &Trace, question: &Question, walk: &mut Walk) {
        let published = self.accepted.and_then(|seq| trace.get(seq)).and_then(|event| event.qos());
        let (mut lowered, mut received, mut waiting, mut acknowledged) = (false, 0, None, None);
        let mut on_the_way = None;
        for event in self.for_client.iter().filter_map(|seq| trace.get(*seq)) {
            if let (Some(published), Some(qos), false) = (published, event.qos(), lowered)
                && qos < published
                && matches!(event.kind(), Kind::MessageQueued | Kind::MessageDelivered | Kind::MessageDropped)
            {
                lowered = true;
                walk.step(Found::Lowered(published, qos), Mark::Doubt, Some(&event));
            }
            let is_publish = event.packet_type() == Some(PacketType::Publish);
            let (found, mark) = match event.kind() {
                Kind::MessageQueued => {
                    waiting = Some(event);
                    (Found::Queued(event.number()), Mark::Waits)
                }
                Kind::QuotaDelayed => (Found::Delayed, Mark::Waits),
                Kind::MessageDequeued => {
                    waiting = None;
                    let is_passed_on = event.rule() == Some(crate::broker::HANDED_ON);
                    if is_passed_on {
                        (Found::PassedOn, Mark::Stopped)
                    } else {
                        (Found::Dequeued, Mark::Passed)
                    }
                }
                Kind::PacketSent if is_publish => {
                    (waiting, on_the_way) = (None, Some(event));
                    (Found::Sent, Mark::Waits)
                }
                Kind::PacketReceived if is_publish => {
                    (received, on_the_way) = (received + 1, None);
                    (Found::Arrived(received), Mark::Arrived)
                }
                Kind::PacketLost if is_publish => {
                    on_the_way = None;
                    (Found::Lost, Mark::Stopped)
                }
                Kind::MessageAcknowledged => {
                    acknowledged = Some(event);
                    (Found::Acknowledged, Mark::Passed)
                }
                Kind::MessageExpired => (Found::Expired, Mark::Stopped),
                Kind::MessageDropped => (Found::Dropped, Mark::Stopped),
                Kind::PolicyDenied => (Found::Denied, Mark::Stopped),
                Kind::QuotaRefused => (Found::OverLimit, Mark::Stopped),
                Kind::Decision if event.rule() == Some(NO_LOCAL) => (Found::NoLocal, Mark::Stopped),
                Kind::Decision if event.rule() == Some(crate::broker::HANDED_ON) => {
                    (Found::PassedOn, Mark::Stopped)
                }
                _ => continue,
            };
            walk.step(found, mark, Some(&event));
        }
        settle(walk);
        if let Some(queued) = waiting {
            tell_delay(trace, question, queued.seq(), walk);
        }
        if let Some(sent) = on_the_way {
            tell_link(trace, question, sent.seq(), walk);
        }
        let promised = self.for_client.iter().filter_map(|seq| trace.get(*seq)?.qos()).max();
        if received > 0 && acknowledged.is_none() && promised.is_some_and(|qos| qos > 0) {
            walk.step(Found::Unacknowledged, Mark::Doubt, None);
        }
    }
}

/// Of steps at which the message waited, or seemed to end, those that it came past no longer say so.
fn settle(walk: &mut Walk) {
    let last = walk.steps.len().saturating_sub(1);
    let arrived = walk.steps.iter().any(|step| step.mark == Mark::Arrived);
    for (at, step) in walk.steps.iter_mut().enumerate() {
        let is_over = at < last || arrived;
        step.mark = match step.mark {
            Mark::Waits if is_over => Mark::Passed,
            Mark::Stopped if is_over => Mark::Doubt,
            mark => mark,
        };
    }
}

/// The limit that the client's queue waits for, since the message is in it.
fn tell_delay(trace: &Trace, question: &Question, since: u32, walk: &mut Walk) {
    let is_delay = |event: &EventRef<'_>| {
        event.kind() == Kind::QuotaDelayed
            && event.client() == question.client
            && event.message_number().is_some()
    };
    if let Some(event) = trace.range(since..question.events).filter(is_delay).last()
        && walk.steps.iter().all(|step| step.seq != Some(event.seq()))
    {
        walk.step(Found::Delayed, Mark::Waits, Some(&event));
    }
}

/// What was done to the client's link so that nothing comes through.
fn tell_link(trace: &Trace, question: &Question, sent: u32, walk: &mut Walk) {
    let is_of_link = |event: &EventRef<'_>| {
        event.kind() == Kind::Input
            && event.by() == By::User
            && event.client() == question.client
            && (HOLDS.contains(&event.why()) || event.why() == RESTORE)
    };
    let last = trace.range(0..question.events).filter(is_of_link).last();
    let Some(event) = last.filter(|event| event.why() != RESTORE) else { return };
    let is_over = event.until().is_some_and(|until| trace.get(sent).is_some_and(|sent| until < sent.at()));
    if !is_over {
        walk.step(Found::Link, Mark::Waits, Some(&event));
    }
}

/// Whether an event of a message is about its way to the broker.
fn is_of_publisher(trace: &Trace, event: &EventRef<'_>, accepted: bool) -> bool {
    let publish = event.packet_type() == Some(PacketType::Publish);
    match event.kind() {
        Kind::PacketSent if publish => event.by() == By::Client,
        Kind::PacketReceived if publish => event.by() == By::Broker,
        Kind::PacketLost if publish => {
            event.cause().and_then(|cause| trace.get(cause)).is_some_and(|sent| sent.by() == By::Client)
        }
        Kind::MessageQueued | Kind::MessageDropped if event.by() == By::Client => true,
        _ => !accepted,
    }
}
