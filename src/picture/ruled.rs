//! The rules that acted in a run, and in which events.

use crate::rule::RuleId;
use crate::sorted::Sorted;

/// The events of each rule, by the rule's id.
#[derive(Clone, Debug, Default)]
pub struct Ruled(Sorted<&'static str, (RuleId, Vec<u32>)>);

impl Ruled {
    /// Takes the next event of the trace, with the rule that was followed in it.
    pub fn take(&mut self, seq: u32, rule: Option<RuleId>) {
        let Some(rule) = rule else { return };
        match self.0.get_mut(rule.id) {
            Some((_, seqs)) => seqs.push(seq),
            None => _ = self.0.insert(rule.id, (rule, vec![seq])),
        }
    }

    /// The rules that acted before event `events`, with how often, by id.
    pub fn until(&self, events: u32) -> impl Iterator<Item = (RuleId, usize)> {
        let counted = self.0.values().map(move |(rule, seqs)| (*rule, past(seqs, events).len()));
        counted.filter(|(_, count)| *count > 0)
    }

    /// The next event after `after` in which a rule acted, before event `events`; after the last one the first again.
    pub fn next(&self, rule: &str, after: Option<u32>, events: u32) -> Option<u32> {
        let (_, seqs) = self.0.get(rule)?;
        let seqs = past(seqs, events);
        let at = seqs.partition_point(|seq| after.is_some_and(|after| *seq <= after));
        seqs.get(at).or(seqs.first()).copied()
    }
}

fn past(seqs: &[u32], events: u32) -> &[u32] {
    &seqs[..seqs.partition_point(|seq| *seq < events)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::v5;

    #[test]
    fn rules_are_counted_up_to_the_view_and_followed_from_event_to_event() {
        let (a, b) = (v5("MQTT-3.1.2-4"), v5("MQTT-3.1.2-7"));
        let mut ruled = Ruled::default();
        for (seq, rule) in [(1, Some(b)), (2, None), (4, Some(a)), (6, Some(b))] {
            ruled.take(seq, rule);
        }
        let counts = |events| ruled.until(events).map(|(rule, count)| (rule.id, count)).collect::<Vec<_>>();
        assert_eq!(counts(9), [(a.id, 1), (b.id, 2)]);
        assert_eq!(counts(4), [(b.id, 1)], "what comes after the view does not count");
        let next = |after, events| ruled.next(b.id, after, events);
        assert_eq!([next(None, 9), next(Some(1), 9), next(Some(6), 9)], [Some(1), Some(6), Some(1)]);
        assert_eq!([next(Some(1), 6), next(None, 1)], [Some(1), None]);
    }
}
