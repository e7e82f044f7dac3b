//! What a broker's views must agree with: its bounds, itself, and the far ends of its connections.

use super::far_end::FarEnd;
use glassbroker::broker::{Broker, ConnId, SessionView};
use glassbroker::profile::{Profile, Value};
use glassbroker::time::SimTime;
use glassbroker::topic::check_name;
use std::collections::{BTreeMap, BTreeSet};

/// The highest that each bound of the profile was since the beginning.
#[derive(Default)]
pub struct Bounds {
    highest: BTreeMap<&'static str, usize>,
}

impl Bounds {
    /// The profile is this one from now on.
    pub fn follow(&mut self, profile: &Profile) {
        for setting in Profile::keys() {
            let highest = self.highest.entry(setting.key).or_default();
            *highest = (*highest).max(number(profile, setting.key));
        }
    }

    fn of(&self, key: &str) -> usize {
        *self.highest.get(key).unwrap_or_else(|| panic!("there is a setting {key}"))
    }

    /// Looks at all that the broker shows.
    pub fn check(&self, broker: &Broker, now: SimTime, far_ends: &BTreeMap<ConnId, FarEnd>) {
        let counts = broker.counts();
        assert_eq!(counts.connections, far_ends.len());
        assert!(counts.connections <= self.of("connect.max_count"));
        assert!(counts.sessions <= self.of("session.max_count"));
        assert!(counts.retained <= self.of("retained.max_messages"));
        assert!(counts.retained_bytes <= self.of("retained.max_bytes"));
        assert_eq!(counts.held_bytes, broker.weigh_all(), "all that changed was weighed again");
        let sessions = broker.sessions(now);
        assert_eq!(counts.sessions, sessions.len());
        assert!(sessions.is_sorted_by(|a, b| a.client < b.client));
        let mut connected = BTreeSet::new();
        let (mut subscriptions, mut queued, mut inflight) = (0, 0, 0);
        for session in &sessions {
            self.check_session(session);
            if let Some(connection) = &session.connection {
                let far_end = far_ends.get(&connection.conn).expect("a session's connection is open");
                assert_eq!(connection.bytes_free, far_end.bytes_free);
                assert!(connected.insert(connection.conn), "two sessions share a connection");
                check_flow(session, broker.profile());
            }
            subscriptions += session.subscriptions.len();
            queued += session.queued;
            inflight += session.inflight_count;
        }
        assert_eq!((counts.subscriptions, counts.queued, counts.inflight), (subscriptions, queued, inflight));
        let shared = sessions.iter().flat_map(|session| &session.subscriptions).filter(|held| held.shared);
        let members = broker.groups(now).iter().map(|group| group.members.len()).sum::<usize>();
        // One that has not begun is no member's yet.
        let (shared, may_wait) = (shared.count(), self.of("subscription.begins_after_ms") > 0);
        assert!(
            members == shared || (may_wait && members < shared),
            "each shared subscription is a member's"
        );
        self.check_retained(broker);
    }

    fn check_session(&self, session: &SessionView) {
        assert!(session.subscriptions.len() <= self.of("subscription.max_per_session"));
        assert!(session.queued <= self.of("session.queue_max_messages"));
        assert!(session.queue_bytes <= self.of("session.queue_max_bytes"));
        assert!(
            session.queue.iter().map(|kept| kept.topic.len() + kept.payload.len()).sum::<usize>()
                <= session.queue_bytes
        );
        assert!(session.inflight.len() <= self.of("session.inflight_max_messages"));
        assert!(session.incoming.is_sorted_by(|a, b| a < b) && session.incoming.first() != Some(&0));
        let ids: BTreeSet<u16> = session.inflight.iter().map(|flight| flight.id).collect();
        assert!(ids.len() == session.inflight.len() && !ids.contains(&0), "identifiers are unique");
        assert!(session.connection.is_some() || session.stored == session.queued);
        assert!(session.connection.is_none() || session.ends_at.is_none());
        assert!(session.connection.is_some() || session.expiry_s != Some(0), "it ended with its connection");
    }

    fn check_retained(&self, broker: &Broker) {
        let retained = broker.retained();
        assert!(retained.is_sorted_by(|a, b| a.topic.split('/').lt(b.topic.split('/'))));
        for kept in &retained {
            assert!(check_name(&kept.topic).is_ok() && !kept.payload.is_empty());
        }
        let bytes = retained.iter().map(|kept| kept.topic.len() + kept.payload.len()).sum::<usize>();
        assert!(bytes <= broker.counts().retained_bytes);
    }
}

/// Nothing waits where there is room for it on the link and in flight.
fn check_flow(session: &SessionView, profile: &Profile) {
    let Some(connection) = &session.connection else { return };
    assert!(connection.quota <= connection.quota_max);
    // Something may wait for its rate alone.
    if profile.get("connection.out_bytes_per_s") != Some(Value::Unlimited) {
        return;
    }
    let has_link = connection.bytes_free > usize::MAX / 2 && connection.waiting == 0;
    assert!(has_link || connection.bytes_free <= usize::MAX / 2, "packets wait although the link takes them");
    let has_room =
        session.inflight_count == 0 || session.inflight_bytes < number(profile, "session.queue_max_bytes");
    let has_window = has_room
        && connection.quota > 0
        && session.inflight_count < number(profile, "session.inflight_max_messages");
    if !has_link || !has_window {
        return;
    }
    let paced = profile.get("session.replay_per_s") != Some(Value::Unlimited);
    if !paced {
        assert!(connection.resend == 0 && session.stored == 0, "stored messages wait for nothing");
    }
    assert_eq!(session.queued, session.stored, "live messages wait for nothing");
}

fn number(profile: &Profile, key: &str) -> usize {
    match profile.get(key) {
        Some(Value::Number(number)) => usize::try_from(number).unwrap_or(usize::MAX),
        _ => usize::MAX,
    }
}
