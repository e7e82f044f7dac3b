//! Keeps what the broker tells of one input, and holds what each event must keep to.

use bytes::Bytes;
use glassbroker::broker::{By, Cause, Event, Kind, Observer};
use glassbroker::time::SimTime;
use std::collections::{BTreeMap, BTreeSet};

/// One event, as far as the fuzzer looks at it.
pub struct Noted {
    pub seq: u32,
    pub kind: Kind,
    pub client: String,
    pub topic: String,
    pub packet: Bytes,
}

/// The events of one input.
#[derive(Default)]
pub struct Notes {
    pub now: SimTime,
    pub events: Vec<Noted>,
    next: u32,
    /// The filters that each client's session has had.
    pub filters: BTreeMap<String, BTreeSet<String>>,
}

impl Observer for Notes {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        let seq = self.next;
        self.next += 1;
        assert_eq!((event.by, event.at), (By::Broker, self.now));
        assert!(event.cause.event == Cause::NO_EVENT || event.cause.event < seq, "a cause is earlier");
        if let Some(rule) = event.rule {
            assert!(glassbroker::rules::find(rule).is_some(), "{rule:?} is not in the catalogue");
        }
        let packet =
            event.packet.map_or_else(Bytes::new, |packet| [packet.head, packet.body].concat().into());
        if matches!(event.kind, Kind::PacketReceived | Kind::PacketSent | Kind::SessionCreated)
            || matches!(event.kind, Kind::SubscriptionAdded | Kind::SubscriptionReplaced)
        {
            let (client, topic) = (event.client.to_owned(), event.topic.to_owned());
            self.events.push(Noted { seq, kind: event.kind, client, topic, packet });
        }
        Cause { event: seq, message: event.cause.message }
    }
}
