//! Why did this client get nothing? The walk from a publication to a client: each step with what was found there, the event that says
//! so and the rule that it cites, up to the step that stopped it.
//!
//! It is read from a trace of the level `full` and asks nothing of the run, so that it answers for any view.

mod choose;
mod known;
mod nearest;
mod way;

pub use nearest::Hint;

use super::{EventRef, Trace};
use crate::broker::{By, Kind, NO_SUBSCRIPTION};
use crate::rule::RuleId;
use crate::time::SimTime;
use crate::topic::{ParentMatch, Parting, SHARE};
use known::Known;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The client identifier of who got nothing.
    pub client: String,
    /// What it should have got.
    pub about: About,
    /// How many events have happened at the view.
    pub events: u32,
    /// Whether `a/#` matches `a`.
    pub parent: ParentMatch,
}

/// What the client should have got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    /// This message, by its number in the trace.
    Message(u32),
    /// Messages of the topics that a filter matches, from a moment on.
    Topic(String, SimTime),
    /// Whatever its subscriptions promise.
    Anything,
}

/// What a step says of the message's way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mark {
    /// The message came past here.
    Passed,
    /// It may have to do with it.
    Doubt,
    /// It has come so far, and may go on.
    Waits,
    /// Here it ended.
    Stopped,
    /// The client has it.
    Arrived,
}

/// What was found at one step. Texts of events are told by the event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// The trace no longer holds the beginning of the run.
    Forgotten,
    /// No message of these topics was published.
    NothingPublished,
    /// A Will that would be published there is armed, or scheduled for the moment of its event.
    WillNotSent,
    /// Such a Will was discarded.
    WillDiscarded,
    /// It was published, by a client or as a Will.
    Published,
    /// It is on its way to the broker.
    OnTheWayUp,
    /// It was lost on its way to the broker.
    LostOnTheWayUp,
    /// Its publisher keeps it until it has a connection.
    KeptByPublisher,
    /// Its publisher gave it up.
    GivenUp,
    /// The broker did not take it.
    Refused,
    /// The broker took it.
    Accepted,
    /// The client never had a session so far.
    NeverConnected,
    /// The broker refused the connection.
    ConnectRefused,
    /// The session had ended.
    NoSession,
    /// The client was connected.
    Connected,
    /// It was away, and its session was kept.
    Away,
    /// A subscription matches, with the QoS granted.
    Subscribed(String, u8),
    /// One that matches was granted and had not begun.
    BeginsLater(String),
    /// One that matches came later.
    SubscribedLater(String),
    /// One that would match was refused.
    SubscribeRefused(String),
    /// One that matches was taken back before.
    Unsubscribed(String),
    /// One that matches went with the session before.
    LostWithSession(String),
    /// The nearest subscription does not match: where it parts, and what may have been meant.
    Mismatch(String, Parting, Option<Hint>),
    /// The client had no subscription.
    NeverSubscribed,
    /// The message was not retained, so that a later subscription does not get it.
    NotRetained,
    /// It was retained, and another took its place, or it went, before.
    RetainedGone,
    /// It is retained, and the subscription did not ask for it.
    RetainedNotAsked,
    /// It is the client's own.
    NoLocal,
    /// The client shares this subscription, and the message went to this member.
    OtherMember(String, String),
    /// It waits for a member of this shared subscription.
    KeptForGroup(String),
    /// It was given up for this shared subscription.
    LostForGroup(String),
    /// The delivery has a lower QoS than the publication: the one granted.
    Lowered(u8, u8),
    /// A policy keeps it from the client.
    Denied,
    /// A limit refused it.
    OverLimit,
    /// It was put into the client's queue, where so many are then.
    Queued(Option<u32>),
    /// The queue waits for a limit until a moment.
    Delayed,
    /// It left the queue.
    Dequeued,
    /// It expired.
    Expired,
    /// It was dropped.
    Dropped,
    /// Another member of the shared subscription gets it.
    PassedOn,
    /// It was sent to the client, or decided to be.
    Sent,
    /// It was lost on its way to the client.
    Lost,
    /// The client's link lets nothing through, or it is a what-if.
    Link,
    /// The client got it, for the how manieth time.
    Arrived(u32),
    /// The client acknowledged it.
    Acknowledged,
    /// The client has not acknowledged it.
    Unacknowledged,
    /// Everything so far matches, and no event tells what came of it.
    Untold,
}

/// One step of the walk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhyStep {
    /// What was found.
    pub found: Found,
    /// What that says.
    pub mark: Mark,
    /// The event that says so.
    pub seq: Option<u32>,
    /// The rule.
    pub rule: Option<RuleId>,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Walk {
    /// The message that was walked along, where there is one.
    pub message: Option<u32>,
    /// The steps, in the order of the message's way.
    pub steps: Vec<WhyStep>,
}

impl Walk {
    /// The step that answers: where it arrived, or else what stopped it last, or where it waits.
    pub fn answer(&self) -> Option<&WhyStep> {
        let of = |mark: Mark| self.steps.iter().rev().find(|step| step.mark == mark);
        of(Mark::Arrived).or_else(|| of(Mark::Stopped)).or_else(|| of(Mark::Waits)).or(self.steps.last())
    }

    fn step(&mut self, found: Found, mark: Mark, event: Option<&EventRef<'_>>) {
        let (seq, rule) = (event.map(EventRef::seq), event.and_then(EventRef::rule));
        self.steps.push(WhyStep { found, mark, seq, rule });
    }

    fn ruled(&mut self, found: Found, mark: Mark, seq: Option<u32>, rule: RuleId) {
        self.steps.push(WhyStep { found, mark, seq, rule: Some(rule) });
    }
}

/// Walks from what was published to the client.
pub fn why_nothing(trace: &Trace, question: &Question) -> Walk {
    let mut walk = Walk::default();
    if trace.first_seq() > 0 && trace.dropped() > 0 {
        walk.step(Found::Forgotten, Mark::Doubt, trace.iter().next().as_ref());
    }
    match choose::message(trace, question) {
        Some(message) => along(trace, question, message, &mut walk),
        None => without(trace, question, &mut walk),
    }
    walk
}

/// There is no message: what keeps it from being published, and whether the client would get it.
fn without(trace: &Trace, question: &Question, walk: &mut Walk) {
    let topic = match &question.about {
        About::Topic(topic, _) => topic.as_str(),
        _ => "",
    };
    // A Will that may come, or a publication that has not left its client.
    let is_of_topic = |event: &EventRef<'_>| {
        let kinds = [Kind::WillArmed, Kind::WillScheduled, Kind::WillDiscarded];
        let of_publisher = [Kind::MessageQueued, Kind::MessageDropped];
        let is_held = of_publisher.contains(&event.kind()) && event.by() == By::Client;
        (kinds.contains(&event.kind()) || is_held)
            && !topic.is_empty()
            && nearest::parted(topic, event.topic(), question.parent).is_none()
    };
    let last = trace.range(0..question.events).filter(is_of_topic).last();
    let known = Known::at(trace, &question.client, question.events, question.events);
    known.tell_session(trace, walk);
    if !topic.is_empty() && known.has_session() {
        known.tell_subscription(trace, topic, question.parent, false, walk);
    } else if known.has_session() && known.subscriptions.is_empty() {
        walk.ruled(Found::NeverSubscribed, Mark::Stopped, None, NO_SUBSCRIPTION);
    }
    let told = last.as_ref().map(|event| match event.kind() {
        Kind::WillDiscarded => (Found::WillDiscarded, Mark::Stopped),
        Kind::MessageQueued => (Found::KeptByPublisher, Mark::Waits),
        Kind::MessageDropped => (Found::GivenUp, Mark::Stopped),
        _ => (Found::WillNotSent, Mark::Waits),
    });
    match told {
        Some((found, mark)) => walk.step(found, mark, last.as_ref()),
        None if walk.steps.iter().all(|step| step.mark != Mark::Stopped) => {
            walk.step(Found::NothingPublished, Mark::Stopped, None);
        }
        None => {}
    }
}

fn along(trace: &Trace, question: &Question, message: u32, walk: &mut Walk) {
    walk.message = Some(message);
    let way = way::Way::of(trace, question, message);
    if !way.tell_publisher(trace, walk) {
        return;
    }
    let known = Known::at(trace, &question.client, way.decided_at(), question.events);
    // A group of a shared subscription has a queue and no session; what it was given is told by its own events.
    let is_group = question.client.starts_with(SHARE);
    let matches = !is_group && {
        known.tell_session(trace, walk);
        // Without a session there is no subscription: which one it had, or had later, is told all the same.
        known.tell_subscription(trace, way.topic(trace), question.parent, true, walk)
    };
    if way.for_client.is_empty() {
        way.tell_absent(trace, question, &known, matches, walk);
    } else {
        way.tell_client(trace, question, walk);
    }
}
