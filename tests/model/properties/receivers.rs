//! Who gets a message is decided by the subscriptions of that moment: nobody else, each once, one of each group, at the lower QoS
//! ([MQTT-3.8.4-8]), not back where No Local forbids it ([5.0 MQTT-3.8.3-3]), with the Subscription Identifiers of all that match
//! ([MQTT-3.3.4-4]) and RETAIN as it is asked for ([5.0 MQTT-3.3.1-12, MQTT-3.3.1-13]). What is sent is what was published.

use super::{Faults, Model};
use crate::ledger::{Copy, Publication, Source};
use crate::sessions::{Subscription, matches};
use glassbroker::wire::{Packet, Publish, QoS, Version};
use std::collections::BTreeMap;

/// What one receiver should get.
#[derive(Clone, Debug)]
struct Wanted {
    session: usize,
    qos: u8,
    retain: bool,
    ids: Vec<u32>,
}

/// A place for one copy: who could fill it.
#[derive(Debug)]
struct Place {
    wanted: Vec<Wanted>,
    may_be_empty: bool,
}

impl Wanted {
    fn of(publication: &Publication<'_>, subscription: &Subscription<'_>) -> Self {
        Self {
            session: subscription.session,
            qos: publication.qos.min(subscription.options.qos) as u8,
            retain: publication.retain && subscription.options.retain_as_published,
            ids: subscription.id.into_iter().collect(),
        }
    }

    fn join(&mut self, other: Self) {
        self.qos = self.qos.max(other.qos);
        self.retain |= other.retain;
        self.ids.extend(other.ids);
        self.ids.sort_unstable();
    }
}

pub(super) fn check(model: &Model<'_>) -> Faults {
    let mut faults = Faults::new();
    for (index, publication) in model.ledger.publications.iter().enumerate() {
        let copies = model.ledger.copies.iter();
        let copies: Vec<&Copy> =
            copies.filter(|copy| copy.publication == index && copy.source == Source::Publication).collect();
        let places = places(model, publication);
        if !fits(model, &places, &copies) {
            let found: Vec<_> =
                copies.iter().map(|copy| (copy.session, copy.qos, sent(model, copy))).collect();
            faults.push((
                publication.seq,
                format!("sessions, QoS: it should go to {places:?}; it goes to {found:?}"),
            ));
        }
    }
    for (seq, copy) in &model.ledger.copy_of {
        let copy = &model.ledger.copies[*copy];
        let publication = &model.ledger.publications[copy.publication];
        let Some(Packet::Publish(publish)) = &model.history.fact(*seq).packet else { continue };
        let granted = model.sessions.subscriptions.iter().filter(|s| s.session == copy.session);
        let granted = granted.map(|s| s.options.qos).max().unwrap_or(QoS::AtMostOnce);
        if publish.qos > publication.qos || publish.qos > granted || publish.qos as u8 != copy.qos {
            faults.push((*seq, "at a higher QoS than published, granted or decided".into()));
        }
        if publish.payload != publication.payload || publish.topic.as_str() != publication.topic {
            faults.push((*seq, "not what was published".into()));
        }
    }
    faults
}

/// The places for copies of a publication, each with those who could fill it.
fn places(model: &Model<'_>, publication: &Publication<'_>) -> Vec<Place> {
    let seq = publication.seq;
    let parent = model.sessions.switch(seq, "topic.hash_matches_parent");
    let once = model.sessions.switch(seq, "subscription.overlap_once");
    let mut own: Vec<Wanted> = Vec::new();
    let mut groups: BTreeMap<(&str, &str), Vec<Wanted>> = BTreeMap::new();
    for subscription in model.sessions.subscribed(seq) {
        if publication.refused || !matches(subscription.filter, publication.topic, parent) {
            continue;
        }
        let wanted = Wanted::of(publication, subscription);
        if let Some(share) = subscription.share {
            groups.entry((share, subscription.filter)).or_default().push(wanted);
            continue;
        }
        if (subscription.options.no_local && publication.session == Some(subscription.session))
            || !may_read(model, subscription.session, publication)
        {
            continue;
        }
        match own.iter_mut().find(|other| once && other.session == wanted.session) {
            Some(other) => other.join(wanted),
            None => own.push(wanted),
        }
    }
    for members in groups.values_mut() {
        let is_there = |wanted: &Wanted| model.sessions.connection_of(wanted.session, seq).is_some();
        if members.iter().any(is_there) {
            members.retain(is_there);
        }
    }
    let own = own.into_iter().map(|wanted| Place { wanted: vec![wanted], may_be_empty: false });
    let groups = groups.into_values().map(|mut wanted| {
        let members = wanted.len();
        wanted.retain(|wanted| may_read(model, wanted.session, publication));
        Place { may_be_empty: wanted.len() < members, wanted }
    });
    own.chain(groups).collect()
}

fn may_read(model: &Model<'_>, session: usize, publication: &Publication<'_>) -> bool {
    model.history.permission.may_read(model.sessions.sessions[session].client, publication.topic)
}

/// The packet of a copy, if it was sent.
fn sent<'a>(model: &'a Model<'_>, copy: &Copy) -> Option<(&'a Publish, Version)> {
    let fact = model.history.fact(*copy.sent.first()?);
    let version = fact.event.packet()?.version;
    match &fact.packet {
        Some(Packet::Publish(publish)) => Some((publish, version)),
        _ => None,
    }
}

/// Whether each place is filled by one of the copies. That of a group stays empty where the message fell to a member that may not read it.
fn fits(model: &Model<'_>, places: &[Place], copies: &[&Copy]) -> bool {
    let Some((place, rest)) = places.split_first() else { return copies.is_empty() };
    (place.may_be_empty && fits(model, rest, copies))
        || place.wanted.iter().any(|wanted| {
            copies.iter().enumerate().any(|(at, copy)| {
                let mut others = copies.to_vec();
                others.remove(at);
                is(model, wanted, copy) && fits(model, rest, &others)
            })
        })
}

fn is(model: &Model<'_>, wanted: &Wanted, copy: &Copy) -> bool {
    let looks_so = sent(model, copy).is_none_or(|(publish, version)| {
        let mut ids: Vec<u32> = publish.properties.subscription_identifiers().collect();
        ids.sort_unstable();
        publish.retain == wanted.retain && (version == Version::V3 || ids == wanted.ids)
    });
    (copy.session, copy.qos) == (wanted.session, wanted.qos) && looks_so
}
