//! Who gets a message: the subscriptions that match, each client once where the profile says so.

use super::deliver::Delivery;
use super::overlap::Member;
use super::publication::{Ids, Publication, Routed};
use super::shared::GROUP;
use super::store::{SessionId, Store, Subscribed};
use super::sys::is_sys;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::chance::chance_below;
use crate::profile::Limits;
use crate::rule::{RuleId, aws, own, v5};
use crate::topic::ParentMatch;
use crate::wire::{QoS, Version};
use std::sync::Arc;

/// The rule by which a message goes to nobody.
pub const NO_SUBSCRIPTION: RuleId = own("glassbroker.no-subscription");

/// The rule by which a client does not get its own message.
pub const NO_LOCAL: RuleId = v5("MQTT-3.8.3-3");

/// One receiver of a message.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) session: SessionId,
    /// The highest that its matching subscriptions were granted.
    pub(super) qos: QoS,
    retain_as_published: bool,
    ids: Ids,
}

impl Match {
    pub(super) fn of(session: SessionId, subscribed: &Subscribed) -> Self {
        Self {
            session,
            qos: subscribed.qos,
            retain_as_published: subscribed.retain_as_published,
            ids: Ids::of(subscribed.id),
        }
    }
}

/// The receivers of one message. Kept between messages so that nothing is allocated for one.
#[derive(Debug, Default)]
pub(super) struct Matches {
    pub(super) receivers: Vec<Match>,
    /// Those that several subscriptions matched, where the order of these decides.
    pub(super) several: Vec<SessionId>,
    /// Members of groups that were drawn, where that order decides.
    pub(super) members: Vec<Member>,
    /// Groups that share a subscription, by number.
    groups: Vec<u32>,
    /// Sessions that had it been another's message would have received it: No Local.
    not_local: Vec<SessionId>,
    /// By session: the round in which it was last found, and where in `receivers` it stands.
    found: Vec<(u32, u32)>,
    round: u32,
}

/// A clone begins empty: nothing in it outlives a message.
impl Clone for Matches {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Matches {
    /// Finds all receivers of a message.
    fn find(&mut self, store: &Store, publication: &Publication, limits: &Limits, parent: ParentMatch) {
        self.receivers.clear();
        self.several.clear();
        self.members.clear();
        self.groups.clear();
        self.not_local.clear();
        self.found.resize(store.sessions.span(), (0, 0));
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.found.fill((0, 0));
            self.round = 1;
        }
        let Self { receivers, several, groups, not_local, found, round, .. } = self;
        store.tree.for_each_match(&publication.message.topic, parent, |key, subscribed: &Subscribed| {
            if key & GROUP != 0 {
                groups.push(key & !GROUP);
                return;
            }
            if subscribed.no_local && publication.publisher == Some(key) {
                not_local.push(SessionId(key));
                return;
            }
            let each = limits.subscription_overlap_each_v5
                && store.session(SessionId(key)).is_some_and(|session| session.version == Version::V5);
            if let Some(place) = found.get_mut(key as usize) {
                if place.0 != *round {
                    *place = (*round, receivers.len() as u32);
                } else if limits.subscription_overlap_in_order {
                    several.push(SessionId(key));
                    return;
                } else if limits.subscription_overlap_once
                    && !each
                    && let Some(receiver) = receivers.get_mut(place.1 as usize)
                {
                    // [MQTT-3.3.5-1, MQTT-3.3.4-2, MQTT-3.3.4-4]
                    receiver.qos = receiver.qos.max(subscribed.qos);
                    receiver.retain_as_published |= subscribed.retain_as_published;
                    receiver.ids.add(subscribed.id);
                    return;
                }
            }
            // [MQTT-3.3.4-5]: where each subscription brings a copy, the copy has that subscription's identifier.
            receivers.push(Match::of(SessionId(key), subscribed));
        });
    }
}

impl Broker {
    /// Whether `a/#` matches `a`.
    pub const fn parent_match(&self) -> ParentMatch {
        if self.limits.topic_hash_matches_parent { ParentMatch::Included } else { ParentMatch::Excluded }
    }

    /// Delivers a message to all whose subscriptions match, and says how many those are, No Local or not.
    pub(super) fn route<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        routed: &mut Routed,
        cause: Cause,
    ) -> usize {
        let is_account_s = self.tell_published(routed, cause);
        let mut matches = std::mem::take(&mut self.live.matches);
        matches.find(&self.store, &routed.publication, &self.limits, self.parent_match());
        if O::WATCHES {
            for id in &matches.not_local {
                let client = self.store.session(*id).map_or("", |session| &session.client);
                turn.note(Kind::Decision, client, cause, |event| {
                    event.rule = Some(NO_LOCAL);
                    event.topic = &routed.publication.message.topic;
                    event.why = "No Local: not back to the client that published it";
                });
            }
        }
        let groups = std::mem::take(&mut matches.groups);
        let by_group = self.limits.shares_by_group();
        let mut unserved = 0;
        for group in groups.iter().filter(|_| !by_group) {
            let Some(member) = self.draw_member(*group) else { continue };
            if self.is_served(turn, &member, &routed.publication, cause) {
                matches.add_member(member, &self.limits);
            } else {
                unserved += 1;
            }
        }
        matches.settle_overlaps(&self.store, &routed.publication, &self.limits, self.parent_match());
        let count = matches.receivers.len() + if by_group { groups.len() } else { 0 };
        // What No Local keeps from its publisher, or a group loses, has a matching subscription all the same, and the account takes
        // what is on its topics.
        let matched = count + matches.not_local.len() + unserved + usize::from(is_account_s);
        // The broker's own topics are told while somebody subscribes to one of them, and to the others' nobody need listen.
        if O::WATCHES && matched == 0 && !is_sys(&routed.publication.message.topic) {
            let publisher = routed.publication.publisher.and_then(|id| self.store.session(SessionId(id)));
            turn.note(Kind::Decision, publisher.map_or("", |session| &session.client), cause, |event| {
                event.rule = Some(NO_SUBSCRIPTION);
                event.topic = &routed.publication.message.topic;
                event.why = "no subscription matches";
            });
        }
        routed.for_many = count > 1;
        let (published, retain) = (routed.publication.message.qos, routed.publication.message.retain);
        for receiver in matches.receivers.drain(..) {
            let delivery = Delivery {
                qos: published.min(receiver.qos),
                // [3.1.1 MQTT-3.3.1-9] [5.0 MQTT-3.3.1-12, MQTT-3.3.1-13]
                retain: retain && receiver.retain_as_published,
                ids: receiver.ids,
                group: 0,
            };
            self.deliver(turn, receiver.session, routed, delivery, cause);
        }
        for group in groups.iter().filter(|_| by_group) {
            Arc::make_mut(&mut self.store.groups).count(*group);
            self.share(turn, *group, routed, cause);
        }
        matches.groups = groups;
        self.live.matches = matches;
        matched
    }

    /// Whether a member that was drawn can have a message: where nobody of the group is connected it may be that nothing is stored.
    fn is_served<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        member: &Member,
        publication: &Publication,
        cause: Cause,
    ) -> bool {
        let Some(session) = self.store.session(member.receiver.session) else { return false };
        let qos = publication.message.qos.min(member.receiver.qos);
        if session.conn.is_some() || self.limits.subscription_shared_stored || qos == QoS::AtMostOnce {
            return true;
        }
        turn.note(Kind::MessageDropped, &session.client, cause, |event| {
            event.rule = Some(aws("aws.shared.not-stored"));
            event.topic = &publication.message.topic;
            event.qos = Some(qos as u8);
            event.why = "no member of the shared subscription is connected";
        });
        false
    }

    /// The member of a group that gets the message: one of those that are connected, or else one that can store it; or
    /// the next in turn.
    fn draw_member(&mut self, number: u32) -> Option<Member> {
        if self.limits.subscription_shared_in_turn {
            let (session, subscribed) = Arc::make_mut(&mut self.store.groups).next_in_turn(number)?;
            let filter = self.store.groups.get(number)?.shared_filter().to_owned();
            return Some(Member { receiver: Match::of(session, &subscribed), filter });
        }
        let groups = Arc::make_mut(&mut self.store.groups);
        groups.count(number);
        let ordinal = groups.draw(number);
        let group = self.store.groups.get(number)?;
        let is_connected =
            |id: &SessionId| self.store.session(*id).is_some_and(|session| session.conn.is_some());
        let connected = group.members.keys().filter(|id| is_connected(id)).count();
        let candidates = if connected > 0 { connected } else { group.members.len() };
        let drawn =
            chance_below(candidates.max(1) as u64, self.seed, "shared subscription", group.name(), ordinal);
        let (session, member) = group
            .members
            .iter()
            .filter(|(id, _)| connected == 0 || is_connected(id))
            .nth(usize::try_from(drawn).unwrap_or(0))?;
        // [MQTT-4.8.2-3]: at the QoS that this member was granted.
        Some(Member { receiver: Match::of(*session, &member.with), filter: String::new() })
    }
}
