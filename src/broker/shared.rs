//! Shared subscriptions (4.8.2 of MQTT 5.0): groups of sessions of which one gets each message.

use super::slab::Slab;
use super::store::{SessionId, Subscribed};
use crate::sorted::Sorted;
use std::collections::VecDeque;

/// Added to a group's number to make its key in the subscription tree.
pub(super) const GROUP: u32 = 1 << 31;

/// The members of one `$share/{ShareName}/{filter}`.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// ShareName and filter.
    pub(super) name: String,
    /// In the order of their sessions' numbers.
    pub(super) members: Sorted<SessionId, Subscribed>,
    /// The same in the order of their turns.
    turns: VecDeque<SessionId>,
    /// How many messages it got, so that each draw of a member has its own ordinal.
    pub(super) drawn: u64,
}

impl Group {
    /// The filter that its members share.
    pub(super) fn filter(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, filter)| filter)
    }
}

/// All groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    groups: Slab<Group>,
    by_name: Sorted<Box<str>, u32>,
}

fn name_of(share: &str, filter: &str) -> String {
    // A ShareName holds no slash, so that the two cannot be confused.
    format!("{share}/{filter}")
}

impl Groups {
    pub(super) fn get(&self, number: u32) -> Option<&Group> {
        self.groups.get(number)
    }

    /// All groups, ordered by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Group> {
        self.by_name.values().filter_map(|number| self.groups.get(*number))
    }

    /// Counts one more message for a group and gives the ordinal of its draw.
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
        Some((session, *group.members.get(&session)?))
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
            if let Some(group) = self.groups.get_mut(number)
                && group.members.insert(session, with).is_none()
            {
                group.turns.push_back(session);
            }
            return (number, false);
        }
        let mut members = Sorted::new();
        members.insert(session, with);
        let group = Group { name: name.clone(), members, turns: VecDeque::from([session]), drawn: 0 };
        let number = self.groups.add(group);
        self.by_name.insert(name.into(), number);
        (number, true)
    }

    /// Takes a member out, and gives the group's number where it was the last.
    pub(super) fn leave(&mut self, share: &str, filter: &str, session: SessionId) -> Option<u32> {
        let name = name_of(share, filter);
        let number = *self.by_name.get(name.as_str())?;
        let group = self.groups.get_mut(number)?;
        group.members.remove(&session);
        group.turns.retain(|member| *member != session);
        if !group.members.is_empty() {
            return None;
        }
        self.groups.take(number);
        self.by_name.remove(name.as_str());
        Some(number)
    }
}
