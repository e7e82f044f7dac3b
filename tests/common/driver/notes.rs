//! What the broker said of itself, kept.

use glassbroker::broker::{By, Cause, Event, Kind, Observer};
use glassbroker::rule::RuleId;
use glassbroker::time::SimTime;

/// One event, kept.
#[derive(Clone, Debug)]
pub struct Noted {
    pub seq: u32,
    pub at: SimTime,
    pub kind: Kind,
    pub client: String,
    pub cause: u32,
    pub rule: Option<RuleId>,
    pub topic: String,
    pub why: String,
    pub qos: Option<u8>,
    pub code: Option<u16>,
    pub number: Option<u32>,
    pub until: Option<SimTime>,
}

/// Keeps every event, and holds what every event must keep to.
#[derive(Default)]
pub struct Notes {
    pub events: Vec<Noted>,
    pub messages: u32,
}

impl Observer for Notes {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        let seq = self.events.len() as u32;
        assert_eq!(event.by, By::Broker);
        assert!(
            event.cause.event == Cause::NO_EVENT || event.cause.event < seq,
            "a cause is earlier: {event:?}"
        );
        assert!(
            self.events.last().is_none_or(|last| last.at <= event.at),
            "time does not go back: {event:?}"
        );
        if let Some(rule) = event.rule {
            assert!(glassbroker::rules::find(rule).is_some(), "{rule:?} is not in the catalogue");
        }
        let mut message = event.cause.message;
        let begins = matches!(event.kind, Kind::MessageAccepted | Kind::WillSent);
        if begins && message == Cause::NO_MESSAGE {
            message = self.messages;
            self.messages += 1;
        }
        self.events.push(Noted {
            seq,
            at: event.at,
            kind: event.kind,
            client: event.client.to_owned(),
            cause: event.cause.event,
            rule: event.rule,
            topic: event.topic.to_owned(),
            why: event.why.to_owned(),
            qos: event.qos,
            code: event.code,
            number: event.number,
            until: event.until,
        });
        Cause { event: seq, message }
    }
}
