//! What quotas delayed and refused, by quota and client.

use super::glance::Glance;
use crate::broker::Kind;

/// What one quota did to one client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exceeded {
    /// The setting that the quota is.
    pub key: Box<str>,
    /// The client identifier; empty where there is none yet.
    pub client: Box<str>,
    /// The events that say that something waits for it, in order.
    pub delayed: Vec<u32>,
    /// The events that say that something was refused or discarded, in order.
    pub refused: Vec<u32>,
}

/// All of it, by quota and client in the order of their first event.
#[derive(Clone, Debug, Default)]
pub struct Exceedings(Vec<Exceeded>);

impl Exceedings {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &Glance<'_>) {
        let is_refused = match event.kind {
            Kind::QuotaDelayed => false,
            Kind::QuotaRefused => true,
            _ => return,
        };
        let known = self.0.iter().position(|one| *one.key == *event.topic && *one.client == *event.client);
        let at = known.unwrap_or_else(|| {
            let (key, client) = (event.topic.into(), event.client.into());
            self.0.push(Exceeded { key, client, delayed: Vec::new(), refused: Vec::new() });
            self.0.len() - 1
        });
        let one = &mut self.0[at];
        if is_refused { &mut one.refused } else { &mut one.delayed }.push(event.seq);
    }

    fn those<'a>(&'a self, key: &'a str, client: Option<&'a str>) -> impl Iterator<Item = &'a Exceeded> {
        let is_it =
            move |one: &&Exceeded| *one.key == *key && client.is_none_or(|client| *one.client == *client);
        self.0.iter().filter(is_it)
    }

    /// How often a quota delayed and refused something before event `events`: for all clients, or for one.
    pub fn counts(&self, key: &str, client: Option<&str>, events: u32) -> [usize; 2] {
        let past = |seqs: &[u32]| seqs.partition_point(|seq| *seq < events);
        let each = self.those(key, client).map(|one| [past(&one.delayed), past(&one.refused)]);
        each.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]])
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
        let all = || self.those(key, client).map(|one| if is_refused { &one.refused } else { &one.delayed });
        let first_from = |from: u32| {
            all().filter_map(|seqs| seqs.get(seqs.partition_point(|seq| *seq < from))).copied().min()
        };
        let next = first_from(after.map_or(0, |after| after + 1)).filter(|seq| *seq < events);
        next.or_else(|| first_from(0)).filter(|seq| *seq < events)
    }

    /// The quotas that did something before event `events`.
    pub fn keys(&self, events: u32) -> impl Iterator<Item = &str> {
        let has_begun = move |seqs: &[u32]| seqs.first().is_some_and(|seq| *seq < events);
        let happened = move |one: &&Exceeded| has_begun(&one.delayed) || has_begun(&one.refused);
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
        assert_eq!(all.keys(2).collect::<Vec<_>>(), ["publish.in_per_s"]);
    }
}
