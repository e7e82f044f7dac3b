//! Overlapping subscriptions where their order decides: a message that comes once comes by the first of them, copies come
//! in their order. Exact text stands before `+`, and that before `#`, level by level; shared subscriptions stand last.

use super::publication::Publication;
use super::route::{Match, Matches};
use super::session::Session;
use super::store::{SessionId, Store};
use crate::profile::Limits;
use crate::sorted::in_order;
use crate::topic::{ParentMatch, matches};
use crate::wire::{QoS, Version};

/// A member that was drawn from a group that shares a subscription.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) receiver: Match,
    /// The filter that the group shares.
    pub(super) filter: String,
}

impl Matches {
    /// One more receiver: a member of a group.
    pub(super) fn add_member(&mut self, member: Member, limits: &Limits) {
        let session = member.receiver.session;
        let is_found =
            limits.subscription_overlap_in_order && self.receivers.iter().any(|r| r.session == session);
        if is_found {
            self.several.push(session);
        } else {
            self.receivers.push(member.receiver.clone());
        }
        if limits.subscription_overlap_in_order {
            self.members.push(member);
        }
    }

    /// Puts the subscriptions of those that several matched into their order, or leaves the first of them.
    pub(super) fn settle_overlaps(
        &mut self,
        store: &Store,
        publication: &Publication,
        limits: &Limits,
        parent: ParentMatch,
    ) {
        let mut several = in_order(std::mem::take(&mut self.several), |id| u64::from(id.0));
        several.dedup();
        for id in several {
            let Some(session) = store.session(id) else { continue };
            let mut found = in_order(own(session, id, publication, parent), |(rank, _)| rank.clone());
            found.extend(shared(&self.members, id));
            self.receivers.retain(|receiver| receiver.session != id);
            let each = limits.subscription_overlap_each_v5 && session.version == Version::V5;
            if !each && limits.subscription_overlap_once {
                // A client that is away gets it by the first by which it is stored.
                let stored = |(_, m): &(Vec<u8>, Match)| {
                    session.conn.is_some() || publication.message.qos.min(m.qos) > QoS::AtMostOnce
                };
                let first = found.iter().position(stored).unwrap_or(0);
                found = found.into_iter().skip(first).take(1).collect();
            }
            self.receivers.extend(found.into_iter().map(|(_, receiver)| receiver));
        }
    }
}

/// A session's own subscriptions that match, with their ranks.
fn own(
    session: &Session,
    id: SessionId,
    publication: &Publication,
    parent: ParentMatch,
) -> Vec<(Vec<u8>, Match)> {
    let topic = &publication.message.topic;
    let is_publisher = publication.publisher == Some(id.0);
    let own = session.subscriptions.iter().filter(|(filter, held)| {
        let kept_back = held.options.no_local && is_publisher;
        !held.shared && !kept_back && matches(filter, topic, parent)
    });
    own.map(|(filter, held)| (rank(filter), Match::of(id, &held.subscribed()))).collect()
}

/// The shared subscriptions by which a session was drawn, in their order.
fn shared(members: &[Member], id: SessionId) -> Vec<(Vec<u8>, Match)> {
    let drawn = members.iter().filter(|member| member.receiver.session == id);
    let drawn = drawn.map(|member| (rank(&member.filter), member.receiver.clone())).collect();
    in_order(drawn, |(rank, _): &(Vec<u8>, Match)| rank.clone())
}

/// Where a filter stands among those that match one topic.
fn rank(filter: &str) -> Vec<u8> {
    let level = |level: &str| match level {
        "#" => 2,
        "+" => 1,
        _ => 0,
    };
    // A filter that goes on below the topic's last level stands before one that ends there.
    filter.split('/').map(level).chain([3]).collect()
}
