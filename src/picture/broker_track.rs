//! What is known of the broker over time, as the timeline shows it.

use super::glance::Glance;
use super::levels::Levels;
use super::track::{Note, Stretch, Track, WillFate};
use crate::broker::Kind;

/// What is known of the broker over time.
#[derive(Clone, Debug, Default)]
pub struct BrokerTrack {
    /// How many clients are connected.
    pub connections: Levels,
    /// How many sessions there are, of clients that are connected or away.
    pub sessions: Levels,
    /// How many messages are queued for all of them.
    pub queued: Levels,
    /// How many retained messages are kept.
    pub retained: Levels,
    /// How many wills are armed.
    pub armed: Levels,
    /// When wills were armed, sent and discarded.
    pub wills: Vec<Note>,
    /// What quotas did, in the order of their first event.
    pub quotas: Vec<QuotaTrack>,
}

/// What one quota did to all clients.
#[derive(Clone, Debug, Default)]
pub struct QuotaTrack {
    /// The setting that the quota is.
    pub key: Box<str>,
    /// When it held something back.
    pub delays: Vec<Stretch>,
    /// When it refused or discarded something.
    pub refusals: Vec<Note>,
    /// The events that say either, in order.
    pub seqs: Vec<u32>,
}

/// How a client stands with the broker.
#[derive(Clone, Copy, Default)]
pub(super) struct Standing {
    connected: u32,
    session: u32,
    queued: u32,
    armed: u32,
}

impl Standing {
    pub(super) fn of(track: &Track) -> Self {
        let session = track.sessions.last().filter(|session| session.lasts());
        Self {
            connected: session.map_or(0, |session| session.value),
            session: u32::from(session.is_some()),
            queued: track.queue.last().map_or(0, |level| level.value),
            armed: u32::from(track.wills.last().is_some_and(|will| will.fate == WillFate::Armed)),
        }
    }
}

impl BrokerTrack {
    /// Takes an event that is the broker's own.
    pub(super) fn take(&mut self, event: &Glance<'_>) {
        match event.kind {
            Kind::RetainedStored => self.retained.step(event, |n| n + 1),
            Kind::RetainedCleared | Kind::RetainedExpired => {
                self.retained.step(event, |n| n.saturating_sub(1));
            }
            Kind::WillArmed | Kind::WillSent | Kind::WillDiscarded => self.wills.push(Note::of(event)),
            Kind::QuotaDelayed | Kind::QuotaRefused => self.quota(event),
            _ => {}
        }
    }

    /// Takes what an event changed for one client.
    pub(super) fn moves(&mut self, event: &Glance<'_>, before: Standing, after: Standing) {
        for (levels, before, after) in [
            (&mut self.connections, before.connected, after.connected),
            (&mut self.sessions, before.session, after.session),
            (&mut self.queued, before.queued, after.queued),
            (&mut self.armed, before.armed, after.armed),
        ] {
            levels.step(event, |all| (all + after).saturating_sub(before));
        }
    }

    fn quota(&mut self, event: &Glance<'_>) {
        let known = self.quotas.iter().position(|quota| *quota.key == *event.topic);
        let at = known.unwrap_or_else(|| {
            self.quotas.push(QuotaTrack { key: event.topic.into(), ..QuotaTrack::default() });
            self.quotas.len() - 1
        });
        let quota = &mut self.quotas[at];
        quota.seqs.push(event.seq);
        if event.kind == Kind::QuotaRefused {
            quota.refusals.push(Note::of(event));
        } else {
            Stretch::delay(&mut quota.delays, event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Level, Tracks};
    use super::*;
    use crate::broker::By;
    use crate::time::SimTime;

    fn glance(seq: u32, kind: Kind, client: &'static str) -> Glance<'static> {
        Glance::new(seq, SimTime(u64::from(seq) * 1_000_000), kind, By::Broker, client)
    }

    fn values(levels: &[Level]) -> Vec<u32> {
        levels.iter().map(|level| level.value).collect()
    }

    fn broker<'a>(events: impl IntoIterator<Item = Glance<'a>>) -> BrokerTrack {
        let mut tracks = Tracks::default();
        for event in events {
            tracks.take(&event);
        }
        tracks.broker
    }

    #[test]
    fn retained_messages_are_counted() {
        let kinds = [Kind::RetainedStored, Kind::RetainedReplaced, Kind::RetainedCleared];
        let kept = broker((0..).zip(kinds).map(|(seq, kind)| glance(seq, kind, "lamp")));
        assert_eq!(values(&kept.retained), [1, 0]);
    }

    #[test]
    fn connections_and_sessions_are_counted_over_all_clients() {
        let all = broker([
            glance(0, Kind::SessionCreated, "lamp"),
            glance(1, Kind::SessionCreated, "phone"),
            glance(2, Kind::SessionDisconnected, "lamp"),
            glance(3, Kind::SessionTakenOver, "phone"),
            glance(4, Kind::SessionResumed, "phone"),
            glance(5, Kind::SessionExpired, "lamp"),
        ]);
        assert_eq!(values(&all.connections), [1, 2, 1, 0, 1]);
        assert_eq!(values(&all.sessions), [1, 2, 1]);
        assert_eq!((all.connections.most(), all.sessions.most()), (2, 2));
    }

    #[test]
    fn queues_are_summed_until_their_sessions_end() {
        let queued =
            |seq, client, depth| Glance { number: Some(depth), ..glance(seq, Kind::MessageQueued, client) };
        let all = broker([
            glance(0, Kind::SessionCreated, "lamp"),
            queued(1, "lamp", 1),
            queued(2, "phone", 1),
            queued(3, "lamp", 2),
            glance(4, Kind::SessionExpired, "lamp"),
        ]);
        assert_eq!(values(&all.queued), [1, 2, 3, 1]);
    }

    #[test]
    fn wills_are_armed_until_they_are_sent_or_discarded() {
        let all = broker([
            glance(0, Kind::WillArmed, "lamp"),
            glance(1, Kind::WillArmed, "phone"),
            glance(2, Kind::WillSent, "lamp"),
            glance(3, Kind::WillDiscarded, "phone"),
        ]);
        assert_eq!(values(&all.armed), [1, 2, 1, 0]);
        assert_eq!(all.wills.len(), 4);
    }

    #[test]
    fn a_quota_delays_and_refuses_for_all_clients_and_for_none() {
        let exceeded = |seq, kind, client, key| Glance {
            topic: key,
            until: Some(SimTime(u64::from(seq) * 1_000_000 + 1_500_000)),
            ..glance(seq, kind, client)
        };
        let all = broker([
            exceeded(0, Kind::QuotaDelayed, "lamp", "publish.out_per_s"),
            exceeded(1, Kind::QuotaDelayed, "phone", "publish.out_per_s"),
            exceeded(2, Kind::QuotaRefused, "", "account.connect_per_s"),
            exceeded(9, Kind::QuotaDelayed, "lamp", "publish.out_per_s"),
        ]);
        let keys: Vec<&str> = all.quotas.iter().map(|quota| &*quota.key).collect();
        assert_eq!(keys, ["publish.out_per_s", "account.connect_per_s"]);
        let delays: Vec<_> = all.quotas[0].delays.iter().map(|delay| (delay.from.0, delay.to.0)).collect();
        assert_eq!(delays, [(0, 2_500_000), (9_000_000, 10_500_000)], "a wait that goes on is one");
        assert_eq!(all.quotas[0].seqs, [0, 1, 9]);
        assert_eq!(all.quotas[1].refusals.len(), 1);
    }
}
