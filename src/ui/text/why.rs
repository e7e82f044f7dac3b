//! Why did this client get nothing?

use crate::topic::{Parting, check_filter};
use crate::trace::{Found, Hint};

/// The way to it, in a few words and as a question.
pub(crate) const WHY: &str = "Why nothing?";
pub(crate) const WHY_SHORT: &str = "Why?";
pub(crate) const WHY_TITLE: &str = "Why did this client get nothing?";
/// The way back.
pub(crate) const BACK: &str = "Back to the ledger";
/// What is asked.
pub(crate) const CLIENT: &str = "Client";
pub(crate) const CHOOSE: &str = "Choose a client";
pub(crate) const TOPIC: &str = "Topic or filter";
pub(crate) const TOPIC_EXAMPLE: &str = "Anything that it subscribes to";
pub(crate) const ANY_MESSAGE: &str = "Any message";
/// The steps.
pub(crate) const STEPS: &str = "The way there, step by step";
pub(crate) const NO_CLIENT: &str =
    "Choose a client: the way from what was published to it is walked, up to the rule that stopped it.";
pub(crate) const INSPECT: &str = "Inspect";
/// What the signs mean, for screen readers.
pub(crate) const PASSED: &str = "Passed:";
pub(crate) const DOUBT: &str = "Perhaps:";
pub(crate) const WAITS: &str = "Waits:";
pub(crate) const STOPPED: &str = "Stopped:";
pub(crate) const ARRIVED: &str = "Arrived:";

/// About which message it is.
pub(crate) fn message(name: &str) -> String {
    format!("Message {name}")
}

/// What the event of a step says.
pub(crate) struct Told<'a> {
    /// Who asks.
    pub(crate) client: &'a str,
    /// Whom the event is about.
    pub(crate) who: &'a str,
    /// The event's own words; empty where there are none.
    pub(crate) why: &'a str,
    /// Its topic.
    pub(crate) topic: &'a str,
    /// Until when it holds.
    pub(crate) until: Option<String>,
}

/// A step as a sentence.
pub(crate) fn sentence(found: &Found, asked_topic: &str, told: &Told<'_>) -> String {
    let Told { client, who, why, topic, .. } = *told;
    let because = if why.is_empty() { String::new() } else { format!(": {why}") };
    let until = told.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
    match found {
        Found::Forgotten => {
            "The trace no longer holds the beginning of the run: what was before is not known.".into()
        }
        Found::NothingPublished if asked_topic.is_empty() => {
            "Nothing was published that it subscribes to.".into()
        }
        Found::NothingPublished => format!("No message of {asked_topic} was published."),
        Found::WillNotSent if told.until.is_some() => {
            format!("The Will of {who} for {topic} is not sent yet{until}.")
        }
        Found::WillNotSent => format!(
            "The Will of {who} for {topic} is armed: it is sent when its connection ends without DISCONNECT."
        ),
        Found::WillDiscarded => format!("The Will of {who} for {topic} was discarded{because}."),
        Found::Published if who.is_empty() => format!("It was published to {topic}."),
        Found::Published => format!("{who} published it."),
        Found::OnTheWayUp => format!("It is on its way from {who} to the broker."),
        Found::LostOnTheWayUp => format!("It was lost on its way from {who} to the broker{because}."),
        Found::KeptByPublisher => format!("{who} keeps it{because}."),
        Found::GivenUp => format!("{who} gave it up{because}."),
        Found::Refused => format!("The broker did not take it{because}."),
        Found::Accepted => "The broker took it.".into(),
        Found::NeverConnected => format!("{client} had no session: it was never connected."),
        Found::ConnectRefused => format!("{client} had no session: its connection was refused{because}."),
        Found::NoSession => format!("{client} had no session any more{because}."),
        Found::Connected => format!("{client} was connected."),
        Found::Away => format!("{client} was away, its session was kept."),
        Found::Subscribed(filter, qos) => format!("Its subscription {filter} matches (granted QoS {qos})."),
        Found::BeginsLater(filter) => {
            format!("Its subscription {filter} was granted, and had not begun{until}.")
        }
        Found::SubscribedLater(filter) => format!("It subscribed to {filter} only after that."),
        Found::SubscribeRefused(filter) => format!("Its subscription to {filter} was refused{because}."),
        Found::Unsubscribed(filter) => format!("It had unsubscribed from {filter}."),
        Found::LostWithSession(filter) => {
            format!("Its subscription {filter} had gone with its session{because}.")
        }
        Found::Mismatch(filter, at, hint) => mismatch(filter, *at, *hint, asked_topic),
        Found::NeverSubscribed => format!("{client} had no subscription."),
        Found::NotRetained => "It was not retained: a later subscription does not get it.".into(),
        Found::RetainedGone => "It was retained, and no longer when the subscription came.".into(),
        Found::RetainedNotAsked => {
            "It is retained, and the subscription asks for no retained messages.".into()
        }
        Found::NoLocal => format!("It is {client}'s own, and its subscription says No Local."),
        Found::OtherMember(filter, member) => {
            format!("{client} shares {filter}, and {member} was the member that it went to.")
        }
        Found::KeptForGroup(filter) => format!("It waits for a member of {filter}{because}."),
        Found::LostForGroup(filter) => format!("It was given up for {filter}{because}."),
        Found::Lowered(published, granted) => format!(
            "Published at QoS {published}, delivered at QoS {granted}, as the subscription was granted."
        ),
        Found::Denied => format!("{client} may not receive it{because}."),
        Found::OverLimit => format!("A limit was reached{because}."),
        Found::Queued(Some(depth)) => {
            format!("It was put into the queue of {client}, as number {depth}{because}{until}.")
        }
        Found::Queued(None) => format!("It was put into the queue of {client}{because}{until}."),
        Found::Delayed => format!("The queue waits{because}{until}."),
        Found::Dequeued => "It left the queue.".into(),
        Found::Expired => "It expired while it waited: its Message Expiry Interval had passed.".into(),
        Found::Dropped => format!("It was dropped{because}."),
        Found::PassedOn => format!("It went to another member{because}."),
        Found::Sent => format!("It was sent to {client}."),
        Found::Lost => format!("It was lost on its way to {client}{because}."),
        Found::Link => {
            format!("The link of {client} lets nothing through ({}){until}.", why.replace('_', "-"))
        }
        Found::Arrived(1) => format!("{client} got it."),
        Found::Arrived(times) => format!("{client} got it again, {times} times in all."),
        Found::Acknowledged => format!("{client} acknowledged it."),
        Found::Unacknowledged => format!("{client} has not acknowledged it."),
        Found::Untold => "All of that matches, and no event says what came of it.".into(),
    }
}

/// Where a filter and a topic part.
fn mismatch(filter: &str, at: Parting, hint: Option<Hint>, topic: &str) -> String {
    let plain = check_filter(filter).map_or(filter, |plain| plain.filter);
    let level = |of: &str, number: usize| of.split('/').nth(number - 1).unwrap_or_default().to_owned();
    let parts = match at {
        Parting::Reserved => super::topics::reserved(filter),
        Parting::Level(number) => {
            super::topics::other_level(filter, number, &level(plain, number), &level(topic, number))
        }
        Parting::Longer(number) => super::topics::ends_early(filter, number),
        Parting::Shorter(number) => super::topics::goes_on(filter, number),
    };
    let meant = match hint {
        None => "",
        Some(Hint::Case) => " Letters of both cases are different in topics.",
        Some(Hint::Slash) => " A / at the beginning or the end makes a level of its own.",
        Some(Hint::PlusIsOneLevel) => " + is one level; # is all that follow.",
        Some(Hint::Star) => " * is no wildcard in MQTT: + is one level, # all that follow.",
        Some(Hint::Space) => " There is a space too much.",
    };
    format!("No subscription matches; the nearest: {parts}.{meant}")
}
