//! What quotas delayed and refused, by quota and client.

use super::glance::Glance;
use crate::broker::Kind;
use crate::sorted::Sorted;

/// The events that tell of one quota, in order.
#[derive(Clone, Debug, Default)]
struct Told {
    /// Those that say that something waits for it.
    delayed: Vec<u32>,
    /// Those that say that something was refused or discarded.
    refused: Vec<u32>,
}

/// What one quota did.
#[derive(Clone, Debug)]
struct Exceeded {
    /// The setting that the quota is.
    key: Box<str>,
    /// To everybody.
    all: Told,
    /// By client identifier, which is empty where there is none yet.
    clients: Sorted<Box<str>, Told>,
}

/// All of it, by quota in the order of their first event.
#[derive(Clone, Debug, Default)]
pub struct Exceedings(Vec<Exceeded>);

impl Told {
    fn take(&mut self, seq: u32, is_refused: bool) {
        if is_refused { &mut self.refused } else { &mut self.delayed }.push(seq);
    }
}

impl Exceedings {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &Glance<'_>) {
        let is_refused = match event.kind {
            Kind::QuotaDelayed => false,
            Kind::QuotaRefused => true,
            _ => return,
        };
        // There are some dozens of quotas, and very many clients.
        let at = self.0.iter().position(|one| *one.key == *event.topic).unwrap_or_else(|| {
            let key = event.topic.into();
            self.0.push(Exceeded { key, all: Told::default(), clients: Sorted::new() });
            self.0.len() - 1
        });
        let one = &mut self.0[at];
        one.all.take(event.seq, is_refused);
        match one.clients.get_mut(event.client) {
            Some(told) => told.take(event.seq, is_refused),
            None => {
                let mut told = Told::default();
                told.take(event.seq, is_refused);
                one.clients.insert(event.client.into(), told);
            }
        }
    }

    fn of(&self, key: &str, client: Option<&str>) -> Option<&Told> {
        let one = self.0.iter().find(|one| *one.key == *key)?;
        client.map_or(Some(&one.all), |client| one.clients.get(client))
    }

    /// How often a quota delayed and refused something before event `events`: for all clients, or for one.
    pub fn counts(&self, key: &str, client: Option<&str>, events: u32) -> [usize; 2] {
        let past = |seqs: &[u32]| seqs.partition_point(|seq| *seq < events);
        self.of(key, client).map_or([0, 0], |told| [past(&told.delayed), past(&told.refused)])
    }

    /// The next event after `after` that says so, before event `events`; after the last one the first again.
    pub fn next(
        &self,
        key: &str,
        client: Option<&str>,
        is_refused: bool,
        after: Option<u32>,
        events: u32,
    ) -> Option<u32> {
        let told = self.of(key, client)?;
        let seqs = if is_refused { &told.refused } else { &told.delayed };
        let seqs = &seqs[..seqs.partition_point(|seq| *seq < events)];
        let next = after.map_or(0, |after| seqs.partition_point(|seq| *seq <= after));
        seqs.get(next).or(seqs.first()).copied()
    }

    /// The quotas that did something before event `events`.
    pub fn keys(&self, events: u32) -> impl Iterator<Item = &str> {
        let has_begun = move |seqs: &[u32]| seqs.first().is_some_and(|seq| *seq < events);
        let happened = move |one: &&Exceeded| has_begun(&one.all.delayed) || has_begun(&one.all.refused);
        self.0.iter().filter(happened).map(|one| &*one.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::By;
    use crate::time::SimTime;

    #[test]
    fn quotas_are_counted_by_client_up_to_the_view() {
        let mut all = Exceedings::default();
        for (seq, kind, key, client) in [
            (1, Kind::QuotaRefused, "publish.in_per_s", "a"),
            (2, Kind::QuotaDelayed, "session.replay_per_s", "b"),
            (3, Kind::QuotaRefused, "publish.in_per_s", "b"),
            (4, Kind::QuotaRefused, "publish.in_per_s", "a"),
            (5, Kind::MessageDropped, "t", "a"),
        ] {
            all.take(&Glance { topic: key, ..Glance::new(seq, SimTime::ZERO, kind, By::Broker, client) });
        }
        assert_eq!(all.counts("publish.in_per_s", Some("a"), 9), [0, 2]);
        assert_eq!(all.counts("publish.in_per_s", None, 4), [0, 2]);
        assert_eq!(all.counts("session.replay_per_s", Some("b"), 9), [1, 0]);
        let next = |client, after, events| all.next("publish.in_per_s", client, true, after, events);
        assert_eq!(
            (next(None, None, 9), next(None, Some(1), 9), next(Some("a"), Some(1), 9)),
            (Some(1), Some(3), Some(4))
        );
        assert_eq!(
            (next(None, Some(4), 9), next(Some("a"), Some(1), 4), next(Some("c"), None, 9)),
            (Some(1), Some(1), None)
        );
        assert_eq!(next(None, Some(9), 9), Some(1), "after the last one the first again");
        assert_eq!(all.keys(2).collect::<Vec<_>>(), ["publish.in_per_s"]);
    }
}
