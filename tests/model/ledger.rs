//! What was accepted, and what became of it for each subscriber: publications, and the copies of each with their handshakes.

use crate::history::{Fact, History};
use crate::sessions::{Sessions, matches};
use bytes::Bytes;
use glassbroker::broker::{By, Command, Kind};
use glassbroker::sim::Input;
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::{Packet, Publish, QoS};
use std::collections::{BTreeMap, BTreeSet};

/// A message that the broker accepted.
pub(crate) struct Publication<'a> {
    /// The event that says so: `message.accepted` or `will.sent`.
    pub(crate) seq: u32,
    /// The publisher; empty for the service.
    pub(crate) client: &'a str,
    /// The session that No Local looks at.
    pub(crate) session: Option<usize>,
    pub(crate) topic: &'a str,
    pub(crate) payload: Bytes,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) expires: Option<SimTime>,
    pub(crate) message: Option<u32>,
    /// Whether it was not kept, for want of room, and therefore not handed on either; a Will and the broker's own still are.
    pub(crate) refused: bool,
}

/// What a copy was made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// The publication itself.
    Publication,
    /// A subscription that gets what is retained: its event.
    Retained(u32),
}

/// How far a copy is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    Waiting,
    /// Taken from the queue; only within one step of the broker.
    Leaving,
    /// Sent, not yet acknowledged.
    Published,
    /// PUBREC came.
    Released,
    /// Done: at QoS 0 sent, else acknowledged to the end.
    Done,
    Expired,
    Dropped,
}

/// One message for one subscriber.
pub(crate) struct Copy {
    pub(crate) publication: usize,
    pub(crate) source: Source,
    pub(crate) session: usize,
    pub(crate) qos: u8,
    pub(crate) born: u32,
    pub(crate) fate: Fate,
    /// The event of the last change of its fate.
    pub(crate) since: u32,
    /// The events of its PUBLISH packets.
    pub(crate) sent: Vec<u32>,
}

/// How many copies waited for a session after an event.
pub(crate) struct Depth {
    pub(crate) seq: u32,
    /// Those of QoS 1 and 2.
    pub(crate) queued: usize,
    /// The bytes of these: topics and payloads.
    pub(crate) bytes: usize,
    pub(crate) all: usize,
}

/// What is retained at an event.
pub(crate) struct Store {
    pub(crate) seq: u32,
    pub(crate) count: usize,
    pub(crate) bytes: usize,
    /// Whether that is with one more, for which there was no room.
    pub(crate) refused: bool,
}

#[derive(Default)]
pub(crate) struct Ledger<'a> {
    pub(crate) publications: Vec<Publication<'a>>,
    pub(crate) copies: Vec<Copy>,
    pub(crate) depths: Vec<Depth>,
    /// How many messages and bytes were retained after an event, and whether it says that there is no room for one more.
    pub(crate) stores: Vec<Store>,
    /// Messages that their publisher was not allowed to publish.
    pub(crate) denied: BTreeSet<Option<u32>>,
    /// Subscriptions' events, and the retained messages that each should get.
    pub(crate) retained: Vec<(u32, Vec<usize>)>,
    /// By the event of a PUBLISH that the broker sent: the copy.
    pub(crate) copy_of: BTreeMap<u32, usize>,
    /// What no copy's life explains: event and words.
    pub(crate) unexplained: Vec<(u32, String)>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn of(history: &'a History<'a>, sessions: &'a Sessions<'a>) -> Self {
        let mut clerk = Clerk {
            history,
            sessions,
            all: Self::default(),
            by_event: BTreeMap::new(),
            chain: BTreeMap::new(),
            kept: BTreeMap::new(),
            before: None,
            flights: BTreeMap::new(),
        };
        for fact in &history.facts {
            if sessions.wipes.contains(&fact.seq) {
                clerk.kept.clear();
            }
            if fact.by == By::Broker {
                clerk.read(fact);
            }
        }
        clerk.all
    }
}

struct Clerk<'a> {
    history: &'a History<'a>,
    sessions: &'a Sessions<'a>,
    all: Ledger<'a>,
    /// Publications by their event.
    by_event: BTreeMap<u32, usize>,
    /// Copies by the event that they stand at.
    chain: BTreeMap<u32, usize>,
    /// Retained: topic and publication.
    kept: BTreeMap<&'a str, usize>,
    /// What was retained at the topic of the latest publication before it.
    before: Option<usize>,
    /// By session and Packet Identifier.
    flights: BTreeMap<(usize, u16), usize>,
}

impl<'a> Clerk<'a> {
    fn read(&mut self, fact: &'a Fact<'a>) {
        match fact.kind {
            Kind::MessageAccepted => self.accepted(fact),
            Kind::PolicyDenied if fact.event.why().starts_with("publish") => {
                self.all.denied.insert(fact.message);
            }
            Kind::RetainedStored | Kind::RetainedReplaced => self.note_store(fact, false),
            Kind::RetainedExpired => _ = self.kept.remove(fact.event.topic()),
            Kind::QuotaRefused => self.refused(fact),
            Kind::WillSent => self.will(fact),
            Kind::SubscriptionAdded | Kind::SubscriptionReplaced => self.subscribed(fact),
            Kind::MessageQueued | Kind::MessageDelivered | Kind::MessageDropped => self.decided(fact),
            Kind::MessageDequeued => self.moves(fact, &[Fate::Waiting], Fate::Leaving),
            Kind::MessageExpired => self.moves(fact, &[Fate::Waiting], Fate::Expired),
            Kind::PacketSent => {
                if let Some(Packet::Publish(publish)) = &fact.packet {
                    self.sent(fact, publish);
                }
            }
            Kind::PacketReceived => self.received(fact),
            _ => {}
        }
    }

    fn unexplained(&mut self, fact: &Fact<'_>, what: &str) {
        self.all.unexplained.push((fact.seq, what.to_owned()));
    }

    /// There is no room for what is to be retained: what was retained there before stays.
    fn refused(&mut self, fact: &'a Fact<'a>) {
        if fact.event.rule().is_none_or(|rule| rule.id != "glassbroker.bound.retained") {
            return;
        }
        self.note_store(fact, true);
        let topic = fact.event.topic();
        let Some(index) = self.kept.remove(topic) else {
            return self.unexplained(fact, "nothing was to be retained");
        };
        self.kept.extend(self.before.map(|before| (topic, before)));
        let publication = &mut self.all.publications[index];
        publication.refused =
            self.history.fact(publication.seq).kind != Kind::WillSent && !topic.starts_with("$SYS/");
    }

    fn note_store(&mut self, fact: &Fact<'_>, refused: bool) {
        let kept = self.kept.values().map(|index| &self.all.publications[*index]);
        let bytes = kept.map(|publication| publication.topic.len() + publication.payload.len()).sum();
        self.all.stores.push(Store { seq: fact.seq, count: self.kept.len(), bytes, refused });
    }

    fn accepted(&mut self, fact: &'a Fact<'a>) {
        if fact.event.rule().is_some_and(|rule| rule.id == "glassbroker.sys") {
            // What it says is seen when it is sent.
            return self.publication(fact, None, Bytes::new(), QoS::ExactlyOnce, true, None);
        }
        let Some(cause) = fact.cause.map(|cause| self.history.fact(cause)) else {
            return self.unexplained(fact, "accepted without a cause");
        };
        let (payload, qos, retain, expiry_s) = match (&cause.packet, cause.input) {
            (Some(Packet::Publish(p)), _) => {
                (p.payload.clone(), p.qos, p.retain, p.properties.message_expiry_interval())
            }
            (_, Some(Input::Broker(Command::Publish { message: p, .. }))) => {
                (p.payload.clone(), p.qos, p.retain, p.properties.message_expiry_interval())
            }
            (_, Some(Input::Broker(Command::RetainedDelete { .. }))) => {
                (Bytes::new(), QoS::AtMostOnce, true, None)
            }
            _ => return self.unexplained(fact, "accepted, and nobody published"),
        };
        let expires = expiry_s.map(|s| fact.at + Span::s(u64::from(s)));
        let session = self.sessions.place(fact.seq).session;
        self.publication(fact, session, payload, qos, retain, expires);
    }

    fn will(&mut self, fact: &'a Fact<'a>) {
        let mut connections = self.sessions.connections.iter().rev();
        let owner = connections.find(|c| c.client == fact.client && c.from < fact.seq);
        let Some((owner, will)) = owner.and_then(|owner| Some((owner, owner.connect.will.as_ref()?))) else {
            return self.unexplained(fact, "a Will that nobody had");
        };
        let ended = owner.until.map_or(fact.at, |until| self.history.fact(until).at);
        let expires = will.properties.message_expiry_interval().map(|s| ended + Span::s(u64::from(s)));
        let session = self.sessions.place(fact.seq).session;
        self.publication(fact, session, will.payload.clone(), will.qos, will.retain, expires);
    }

    fn publication(
        &mut self,
        fact: &'a Fact<'a>,
        session: Option<usize>,
        payload: Bytes,
        qos: QoS,
        retain: bool,
        expires: Option<SimTime>,
    ) {
        let topic = fact.event.topic();
        let index = self.all.publications.len();
        let is_sys = topic.starts_with("$SYS/");
        self.before = self.kept.get(topic).copied();
        if retain && payload.is_empty() && !is_sys {
            self.kept.remove(topic);
        } else if retain {
            self.kept.insert(topic, index);
        }
        self.by_event.insert(fact.seq, index);
        let (seq, client, message) = (fact.seq, fact.client, fact.message);
        self.all.publications.push(Publication {
            seq,
            client,
            session,
            topic,
            payload,
            qos,
            retain,
            expires,
            message,
            refused: false,
        });
    }

    /// What a new subscription gets of what is retained.
    fn subscribed(&mut self, fact: &'a Fact<'a>) {
        use glassbroker::wire::RetainHandling::{Never, OnNewSubscription, OnSubscribe};
        let all = self.sessions.subscriptions.iter();
        let Some(subscription) = all.clone().find(|s| s.from == fact.seq && s.whole == fact.event.topic())
        else {
            return self.unexplained(fact, "a subscription that nobody asked for");
        };
        let wanted = match subscription.options.retain_handling {
            OnSubscribe => true,
            OnNewSubscription => subscription.is_new,
            Never => false,
        };
        let parent = self.sessions.switch(fact.seq, "topic.hash_matches_parent");
        let kept = self.kept.iter().filter(|(topic, index)| {
            wanted
                && subscription.share.is_none()
                && matches(subscription.filter, topic, parent)
                && self.history.permission.may_read(fact.client, topic)
                && self.all.publications[**index].expires.is_none_or(|at| fact.at < at)
        });
        let kept = kept.map(|(_, index)| *index).collect();
        self.all.retained.push((fact.seq, kept));
    }

    /// Queued, delivered or dropped: a new copy, or the next step of one.
    fn decided(&mut self, fact: &'a Fact<'a>) {
        let Some(cause) = fact.cause.map(|cause| self.history.fact(cause)) else {
            return self.unexplained(fact, "a decision without a cause");
        };
        let fate = match fact.kind {
            Kind::MessageQueued => Fate::Waiting,
            Kind::MessageDelivered => Fate::Leaving,
            _ => Fate::Dropped,
        };
        let source = match cause.kind {
            Kind::MessageAccepted | Kind::WillSent => Source::Publication,
            Kind::SubscriptionAdded | Kind::SubscriptionReplaced => Source::Retained(cause.seq),
            Kind::MessageQueued | Kind::MessageDequeued => {
                return self.moves(fact, &[Fate::Waiting, Fate::Leaving], fate);
            }
            _ => return self.lost(fact, cause.seq),
        };
        let publication = match source {
            Source::Publication => self.by_event.get(&cause.seq).copied(),
            Source::Retained(_) => self.kept.get(fact.event.topic()).copied(),
        };
        let (Some(publication), Some(session)) = (publication, self.sessions.place(fact.seq).session) else {
            return self.unexplained(fact, "for nobody, or of no message");
        };
        let copy = self.all.copies.len();
        self.all.copies.push(Copy {
            publication,
            source,
            session,
            qos: fact.event.qos().unwrap_or(0),
            born: fact.seq,
            fate,
            since: fact.seq,
            sent: Vec::new(),
        });
        self.chain.insert(fact.seq, copy);
        self.note_depth(fact, session);
    }

    /// The copy that stands at the event's cause goes on.
    fn moves(&mut self, fact: &'a Fact<'a>, from: &[Fate], to: Fate) {
        let Some(index) = fact.cause.and_then(|cause| self.chain.remove(&cause)) else {
            return self.unexplained(fact, "nothing stood there");
        };
        let copy = &mut self.all.copies[index];
        let (fits, session) = (from.contains(&copy.fate), copy.session);
        (copy.fate, copy.since) = (to, fact.seq);
        if matches!(to, Fate::Waiting | Fate::Leaving) {
            self.chain.insert(fact.seq, index);
        }
        if !fits {
            self.unexplained(fact, "not what came before");
        }
        self.note_depth(fact, session);
    }

    fn note_depth(&mut self, fact: &Fact<'_>, session: usize) {
        let waiting =
            self.all.copies.iter().filter(|copy| copy.session == session && copy.fate == Fate::Waiting);
        let all = waiting.clone().count();
        let queue = waiting.filter(|copy| copy.qos > 0).map(|copy| &self.all.publications[copy.publication]);
        let queued = queue.clone().count();
        let bytes = queue.map(|publication| publication.topic.len() + publication.payload.len()).sum();
        self.all.depths.push(Depth { seq: fact.seq, queued, bytes, all });
    }

    /// A copy that went with its connection or its session, or that a resumed connection cannot take.
    fn lost(&mut self, fact: &'a Fact<'a>, cause: u32) {
        let session = self.sessions.place(cause).session;
        let waits = |fate| matches!(fate, Fate::Waiting | Fate::Published);
        let publications = &self.all.publications;
        let copies = self.all.copies.iter_mut().enumerate();
        let mut of_message = copies.filter(|(_, copy)| {
            Some(copy.session) == session
                && waits(copy.fate)
                && Some(copy.qos) == fact.event.qos().or(Some(copy.qos))
                && publications[copy.publication].message == fact.message
        });
        let Some((index, copy)) = of_message.next() else {
            return self.unexplained(fact, "lost, and was not there");
        };
        (copy.fate, copy.since) = (Fate::Dropped, fact.seq);
        self.chain.retain(|_, at| *at != index);
        self.flights.retain(|_, at| *at != index);
    }

    fn sent(&mut self, fact: &'a Fact<'a>, publish: &Publish) {
        let Some(session) = self.sessions.place(fact.seq).session else {
            return self.unexplained(fact, "sent without a session");
        };
        let index = match publish.dup {
            false => fact.cause.and_then(|cause| self.chain.remove(&cause)),
            true => self.flights.get(&(session, publish.id)).copied(),
        };
        let Some(index) = index else { return self.unexplained(fact, "sent, and nothing was to be sent") };
        let copy = &mut self.all.copies[index];
        copy.sent.push(fact.seq);
        let publication = &mut self.all.publications[copy.publication];
        if publication.topic.starts_with("$SYS/") && publication.payload.is_empty() {
            publication.payload = publish.payload.clone();
        }
        self.all.copy_of.insert(fact.seq, index);
        if !publish.dup {
            let fate = if publish.qos == QoS::AtMostOnce { Fate::Done } else { Fate::Published };
            (copy.fate, copy.since) = (fate, fact.seq);
            if publish.qos != QoS::AtMostOnce && self.flights.insert((session, publish.id), index).is_some() {
                self.unexplained(fact, "a Packet Identifier that is in use");
            }
        }
    }

    /// Acknowledgements.
    fn received(&mut self, fact: &'a Fact<'a>) {
        let Some(session) = self.sessions.place(fact.seq).session else { return };
        let (ack, from, to) = match &fact.packet {
            Some(Packet::Puback(ack)) => (ack, (Fate::Published, 1), Fate::Done),
            Some(Packet::Pubrec(ack)) if ack.code.is_failure() => (ack, (Fate::Published, 2), Fate::Done),
            Some(Packet::Pubrec(ack)) => (ack, (Fate::Published, 2), Fate::Released),
            Some(Packet::Pubcomp(ack)) => (ack, (Fate::Released, 2), Fate::Done),
            _ => return,
        };
        let key = (session, ack.id);
        let Some(index) = self.flights.get(&key).copied() else { return };
        let copy = &mut self.all.copies[index];
        if (copy.fate, copy.qos) != from {
            return;
        }
        (copy.fate, copy.since) = (to, fact.seq);
        if to == Fate::Done {
            self.flights.remove(&key);
        }
    }
}
