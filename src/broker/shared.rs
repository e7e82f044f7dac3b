//! Shared subscriptions (4.8.2 of MQTT 5.0): groups of sessions of which one gets each message.

use super::bucket::Bucket;
use super::outbox::{Outbox, Queued};
use super::slab::Slab;
use super::store::{SessionId, Subscribed};
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::topic::SHARE;
use std::collections::VecDeque;

/// Added to a group's number to make its key in the subscription tree.
pub(super) const GROUP: u32 = 1 << 31;

/// One session's part in a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Membership {
    pub(super) with: Subscribed,
    /// The pace of what it gets from the group's queue.
    pub(super) pace: Bucket,
}

/// The members of one `$share/{ShareName}/{filter}`.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// All of `$share/{ShareName}/{filter}`, as events call it.
    pub(super) filter: String,
    /// Which group it is: other than its number it is never used again, and never 0.
    pub(super) serial: u32,
    /// In the order of their sessions' numbers.
    pub(super) members: Sorted<SessionId, Membership>,
    /// The same in the order of their turns.
    turns: VecDeque<SessionId>,
    /// How many messages it got.
    pub(super) messages: u64,
    /// How often a member was drawn, so that each draw has its own ordinal.
    drawn: u64,
    /// What waits for any of the members; all of it is stored.
    pub(super) queue: Outbox,
    /// When a member may get the next of that.
    pub(super) replay_at: Option<SimTime>,
    /// When something of it goes unsent.
    pub(super) expiry_at: Option<SimTime>,
    /// What it was taken to weigh when it was weighed last.
    pub(super) weighed_bytes: usize,
}

impl Group {
    /// ShareName and filter.
    pub(super) fn name(&self) -> &str {
        self.filter.strip_prefix(SHARE).unwrap_or_default()
    }

    /// The filter that its members share.
    pub(super) fn shared_filter(&self) -> &str {
        self.name().split_once('/').map_or("", |(_, filter)| filter)
    }
}

/// All groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    groups: Slab<Group>,
    by_name: Sorted<Box<str>, u32>,
    /// The serial and the number of each; serials only grow.
    by_serial: Vec<(u32, u32)>,
    /// The serial of the latest.
    serials: u32,
    /// How many messages wait in all queues.
    waiting: usize,
}

fn name_of(share: &str, filter: &str) -> String {
    // A ShareName holds no slash, so that the two cannot be confused.
    format!("{share}/{filter}")
}

impl Groups {
    pub(super) fn get(&self, number: u32) -> Option<&Group> {
        self.groups.get(number)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Group> {
        self.groups.get_mut(number)
    }

    /// The group of this name, where there is one.
    pub(super) fn named(&self, share: &str, filter: &str) -> Option<&Group> {
        self.get(*self.by_name.get(name_of(share, filter).as_str())?)
    }

    /// The number of the group of this serial, while it lasts.
    pub(super) fn number_of(&self, serial: u32) -> Option<u32> {
        let at = self.by_serial.binary_search_by_key(&serial, |(serial, _)| *serial).ok()?;
        Some(self.by_serial[at].1)
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// How many messages wait in the queues of all groups.
    pub(super) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// The numbers of the groups in whose queues something waits.
    pub(super) fn with_queue(&self) -> Vec<u32> {
        let waits = self.groups.iter().filter(|(_, group)| !group.queue.is_empty());
        waits.map(|(number, _)| number).collect()
    }

    /// All groups, ordered by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Group> {
        self.by_name.values().filter_map(|number| self.groups.get(*number))
    }

    /// All groups, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Group> {
        self.groups.iter_mut()
    }

    /// Counts one more message for a group.
    pub(super) fn count(&mut self, number: u32) {
        if let Some(group) = self.groups.get_mut(number) {
            group.messages += 1;
        }
    }

    /// The ordinal of the next draw of a member.
    pub(super) fn draw(&mut self, number: u32) -> u64 {
        self.groups.get_mut(number).map_or(0, |group| {
            group.drawn += 1;
            group.drawn
        })
    }

    /// The member whose turn it is; it goes to the end of the line.
    pub(super) fn next_in_turn(&mut self, number: u32) -> Option<(SessionId, Subscribed)> {
        let group = self.groups.get_mut(number)?;
        let session = *group.turns.front()?;
        group.turns.rotate_left(1);
        Some((session, group.members.get(&session)?.with))
    }

    /// Puts a message into a group's queue.
    pub(super) fn push(&mut self, number: u32, queued: Queued) {
        if let Some(group) = self.groups.get_mut(number) {
            group.queue.push(queued, false);
            self.waiting += 1;
        }
    }

    /// Takes out the first of a group's queue.
    pub(super) fn pop(&mut self, number: u32) -> Option<Queued> {
        let queued = self.groups.get_mut(number)?.queue.pop(false)?;
        self.waiting -= 1;
        Some(queued)
    }

    /// Takes out of a group's queue what goes unsent by now.
    pub(super) fn take_expired(&mut self, number: u32, now: SimTime) -> Vec<Queued> {
        let expired =
            self.groups.get_mut(number).map_or_else(Vec::new, |group| group.queue.take_expired(now));
        self.waiting -= expired.len();
        expired
    }

    /// Adds or changes a member, and gives the group's number and whether the group is new.
    pub(super) fn join(
        &mut self,
        share: &str,
        filter: &str,
        session: SessionId,
        with: Subscribed,
    ) -> (u32, bool) {
        let name = name_of(share, filter);
        if let Some(number) = self.by_name.get(name.as_str()).copied() {
            if let Some(group) = self.groups.get_mut(number) {
                if let Some(member) = group.members.get_mut(&session) {
                    member.with = with;
                } else {
                    group.members.insert(session, Membership { with, pace: Bucket::default() });
                    group.turns.push_back(session);
                }
            }
            return (number, false);
        }
        self.serials += 1;
        let mut members = Sorted::new();
        members.insert(session, Membership { with, pace: Bucket::default() });
        let number = self.groups.add(Group {
            filter: format!("{SHARE}{name}"),
            serial: self.serials,
            members,
            turns: VecDeque::from([session]),
            messages: 0,
            drawn: 0,
            queue: Outbox::default(),
            replay_at: None,
            expiry_at: None,
            weighed_bytes: 0,
        });
        self.by_name.insert(name.into(), number);
        self.by_serial.push((self.serials, number));
        (number, true)
    }

    /// Takes a member out, and gives the group with its number where it was the last.
    pub(super) fn leave(&mut self, share: &str, filter: &str, session: SessionId) -> Option<(u32, Group)> {
        let name = name_of(share, filter);
        let number = *self.by_name.get(name.as_str())?;
        let group = self.groups.get_mut(number)?;
        group.members.remove(&session);
        group.turns.retain(|member| *member != session);
        if !group.members.is_empty() {
            return None;
        }
        self.by_name.remove(name.as_str());
        let group = self.groups.take(number)?;
        self.by_serial.retain(|(serial, _)| *serial != group.serial);
        self.waiting -= group.queue.len();
        Some((number, group))
    }
}
