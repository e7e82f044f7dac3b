//! Which message a question is about, where it names none.

use super::known::Known;
use super::{About, Question, nearest};
use crate::broker::{By, Kind};
use crate::sorted::in_order;
use crate::trace::{EventRef, Trace};
use crate::wire::PacketType;

/// The last message that the client should have got and did not; the last one that it got where it got all; and where it has
/// subscriptions that nothing matches, the last one of all.
pub(super) fn message(trace: &Trace, question: &Question) -> Option<u32> {
    let (filters, from) = match &question.about {
        About::Message(message) => return Some(*message),
        About::Topic(filter, since) => (vec![filter.clone()], trace.seq_at(*since)),
        About::Anything => (Known::at(trace, &question.client, question.events, question.events).ever(), 0),
    };
    let client = trace.client_number(&question.client);
    let (mut wanted, mut any, mut arrived) = (Vec::new(), None, Vec::new());
    for event in trace.range(from..question.events) {
        let Some(message) = event.message_number() else { continue };
        if is_published(&event) {
            let topic = event.topic();
            if wanted.last() != Some(&message)
                && filters.iter().any(|filter| {
                    filter == topic || nearest::parted(filter, topic, question.parent).is_none()
                })
            {
                wanted.push(message);
            }
            // What the broker says of itself is no answer to who waits for something else.
            if !topic.starts_with("$SYS/") {
                any = Some(message);
            }
        } else if event.kind() == Kind::PacketReceived
            && event.by() == By::Client
            && Some(event.client_number()) == client
        {
            arrived.push(message);
        }
    }
    let arrived = in_order(arrived, |message| *message);
    let missed = wanted.iter().rev().find(|message| arrived.binary_search(message).is_err());
    let any = any.filter(|_| question.about == About::Anything);
    missed.or(wanted.last()).copied().or(any)
}

/// Whether a message becomes one with this event, or, where the broker has not taken it yet, its publisher sends it.
fn is_published(event: &EventRef<'_>) -> bool {
    match event.kind() {
        Kind::MessageAccepted | Kind::WillSent => true,
        Kind::PacketSent => event.by() == By::Client && event.packet_type() == Some(PacketType::Publish),
        _ => false,
    }
}
