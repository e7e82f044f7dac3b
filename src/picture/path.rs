//! The path of a message, or of whatever was chosen: every event of it, and where it goes from one client to another.

use super::Tracks;
use crate::broker::Kind;
use crate::time::SimTime;
use crate::trace::{EventRef, Trace};

/// The most events of a path; what comes after them is not lit.
const MOST: usize = 1_000;
/// How many events of the trace are looked at in one go.
const SLICE: u32 = 20_000;

/// A stroke from one group of tracks to another: first along the line of the one while the message waits there, then across.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stroke {
    /// The lane that it leaves; `None` for the broker's own.
    pub from: Option<usize>,
    /// Since when the message was there.
    pub from_at: SimTime,
    /// The lane that it goes to; `None` for the broker's own.
    pub to: Option<usize>,
    /// When it goes there.
    pub to_at: SimTime,
    /// The event that says so.
    pub seq: u32,
}

/// All that belongs to a chosen event: what led to it, what it led to and, where it is about a message, everything about that.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// The chosen event and what led to it, in order.
    chain: Vec<u32>,
    message: Option<u32>,
    events: Vec<u32>,
    sent: Vec<u32>,
    strokes: Vec<Stroke>,
    lanes: Vec<usize>,
    /// Where the message waits, and since when.
    waits: Vec<(Option<usize>, SimTime)>,
    /// The first event that was not looked at.
    next: u32,
}

impl Path {
    /// No path: nothing is chosen.
    pub const NONE: &'static Self = &Self {
        chain: Vec::new(),
        message: None,
        events: Vec::new(),
        sent: Vec::new(),
        strokes: Vec::new(),
        lanes: Vec::new(),
        waits: Vec::new(),
        next: 0,
    };

    /// The path of an event, before [`Path::grow`] has looked for it.
    pub fn of(trace: &Trace, seq: u32) -> Self {
        let chain = trace.cause_chain(seq);
        let message = chain.first().and_then(EventRef::message_number);
        let mut chain: Vec<u32> = chain.iter().map(EventRef::seq).collect();
        chain.reverse();
        let first = chain.first().copied().unwrap_or(seq);
        // A message may have been there long before what led to this one of its deliveries.
        let next = if message.is_some() { trace.first_seq() } else { first };
        Self { chain, message, next, ..Self::default() }
    }

    /// Looks on through the trace, for a while. Says whether there is more to look at.
    pub fn grow(&mut self, trace: &Trace, tracks: &Tracks) -> bool {
        if self.chain.is_empty() || self.events.len() >= MOST {
            return false;
        }
        let end = self.next.saturating_add(SLICE).min(trace.next_seq());
        for event in trace.range(self.next..end) {
            if self.events.len() < MOST && self.has(&event) {
                self.events.push(event.seq());
                self.take(&event, tracks);
            }
        }
        self.next = end.max(self.next);
        self.events.len() < MOST && end < trace.next_seq()
    }

    fn has(&self, event: &EventRef<'_>) -> bool {
        if self.chain.binary_search(&event.seq()).is_ok() {
            return true;
        }
        let message = event.message_number();
        if self.message.is_some() && message.is_some() {
            // What an acknowledgement sets free is another message.
            return message == self.message;
        }
        let Some(cause) = event.cause().filter(|cause| self.events.binary_search(cause).is_ok()) else {
            return false;
        };
        // What the chain's earlier links led to besides is another matter.
        let of_message = || event.led_to_by().is_some_and(|cause| cause.message_number() == self.message);
        match (self.chain.binary_search(&cause).is_ok(), self.message) {
            (true, Some(_)) => of_message(),
            (true, None) => self.chain.last() == Some(&cause),
            (false, _) => true,
        }
    }

    fn take(&mut self, event: &EventRef<'_>, tracks: &Tracks) {
        if event.kind() == Kind::PacketSent {
            self.sent.push(event.seq());
        }
        let Some(lane) = tracks.position(event.client()) else { return };
        if let Err(place) = self.lanes.binary_search(&lane) {
            self.lanes.insert(place, lane);
        }
        let (seq, at) = (event.seq(), event.at());
        let stroke = |from, from_at, to| Stroke { from, from_at, to, to_at: at, seq };
        match event.kind() {
            Kind::RetainedStored | Kind::RetainedReplaced => {
                self.strokes.push(stroke(Some(lane), at, None));
                self.waits.push((None, at));
            }
            Kind::MessageDelivered | Kind::MessageQueued | Kind::MessageDropped => {
                if let Some((from, since)) = self.origin(event, lane, tracks) {
                    self.strokes.push(stroke(from, since, Some(lane)));
                }
                if event.kind() == Kind::MessageQueued {
                    self.waits.push((Some(lane), at));
                }
            }
            _ => {}
        }
    }

    /// Where a message comes from that reaches a lane: from where it waited, or from whose event led to this.
    fn origin(
        &mut self,
        event: &EventRef<'_>,
        lane: usize,
        tracks: &Tracks,
    ) -> Option<(Option<usize>, SimTime)> {
        if let Some(own) = self.waits.iter().rposition(|(at, _)| *at == Some(lane)) {
            return Some(self.waits.remove(own));
        }
        // What an account does between the two is of no client.
        let mut cause = event.led_to_by();
        while let Some(unnamed) = cause.filter(|cause| cause.client().is_empty()) {
            cause = unnamed.led_to_by();
        }
        let cause = cause?;
        if cause.message_number().is_some() || self.waits.is_empty() {
            let from = tracks.position(cause.client()).filter(|from| *from != lane)?;
            return Some((Some(from), cause.at()));
        }
        self.waits.last().copied()
    }

    /// The events, in order.
    pub fn events(&self) -> &[u32] {
        &self.events
    }

    /// Whether an event belongs to it.
    pub fn lights(&self, seq: u32) -> bool {
        self.events.binary_search(&seq).is_ok()
    }

    /// Which of its packets an event sent, from 1.
    pub fn ordinal(&self, seq: u32) -> Option<usize> {
        self.sent.binary_search(&seq).ok().map(|place| place + 1)
    }

    /// Where it goes from client to client, in order.
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    /// The lanes that it touches, in order.
    pub fn lanes(&self) -> &[usize] {
        &self.lanes
    }

    /// Whether nothing is chosen.
    pub fn is_none(&self) -> bool {
        self.chain.is_empty()
    }

    /// One of these events, for tests.
    #[cfg(test)]
    pub(super) fn lighting(events: &[u32]) -> Self {
        Self { chain: events.to_vec(), events: events.to_vec(), ..Self::default() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::broker::{By, Cause, Event, Observer, PacketBytes};
    use crate::picture::Glance;
    use crate::profile::Profile;
    use crate::trace::{Bounds, Header, Level, Recorder};
    use crate::wire::Version;

    /// PUBLISH of `x` on the topic `t` at QoS 0.
    const PUBLISH: [u8; 6] = [0x30, 4, 0, 1, b't', b'x'];

    /// A trace of steps: when in seconds, what, of whom, and because of which step.
    pub(in crate::picture) fn trace(steps: &[(u64, Kind, &str, Option<usize>)]) -> (Trace, Tracks) {
        let profile = Profile::named("mqtt").unwrap();
        let header =
            Header { engine: "0.1.0".into(), seed: 1, profile, epoch: "2026-01-01T00:00:00Z".into() };
        let mut trace = Trace::new(header, Level::Full, Bounds::default());
        let (mut recorder, mut causes) = (Recorder::new(), Vec::new());
        let mut watch = recorder.watch(&mut trace);
        for (s, kind, client, cause) in steps {
            let cause = cause.map_or(Cause::NONE, |step: usize| causes[step]);
            let by = if *kind == Kind::PacketSent { By::Client } else { By::Broker };
            let has_packet = matches!(kind, Kind::PacketSent | Kind::PacketReceived);
            let packet =
                has_packet.then_some(PacketBytes { version: Version::V3, head: &PUBLISH, body: &[] });
            let event = Event::new(SimTime(s * 1_000_000), *kind, by, client, cause);
            causes.push(watch.note(Event { packet, ..event }));
        }
        let mut tracks = Tracks::default();
        for event in &trace {
            let glance = Glance::new(event.seq(), event.at(), event.kind(), event.by(), event.client());
            tracks.take(&Glance { cause: event.cause(), packet: event.packet_type(), ..glance });
        }
        (trace, tracks)
    }

    fn path(trace: &Trace, tracks: &Tracks, seq: u32) -> Path {
        let mut path = Path::of(trace, seq);
        while path.grow(trace, tracks) {}
        path
    }

    fn strokes(path: &Path) -> Vec<(Option<usize>, Option<usize>, u64, u64)> {
        let s = |at: SimTime| at.0 / 1_000_000;
        path.strokes().iter().map(|one| (one.from, one.to, s(one.from_at), s(one.to_at))).collect()
    }

    /// Two publications by `a`, each handed on to `b` and `c`.
    pub(in crate::picture) const TWO: [(u64, Kind, &str, Option<usize>); 14] = [
        (1, Kind::Input, "a", None),
        (1, Kind::PacketSent, "a", Some(0)),
        (1, Kind::Input, "a", None),
        (1, Kind::PacketSent, "a", Some(2)),
        (2, Kind::PacketReceived, "a", Some(1)),
        (2, Kind::MessageAccepted, "a", Some(4)),
        (2, Kind::MessageDelivered, "b", Some(5)),
        (2, Kind::MessageDelivered, "c", Some(5)),
        (2, Kind::PacketReceived, "a", Some(3)),
        (2, Kind::MessageAccepted, "a", Some(8)),
        (2, Kind::MessageDelivered, "b", Some(9)),
        (2, Kind::MessageDelivered, "c", Some(9)),
        // An acknowledgement of the first message sets something free.
        (3, Kind::MessageAcknowledged, "b", Some(6)),
        (3, Kind::QuotaDelayed, "b", Some(12)),
    ];

    #[test]
    fn a_path_is_the_whole_message_from_wherever_it_is_chosen() {
        let (trace, tracks) = trace(&TWO);
        let whole = [0, 1, 4, 5, 6, 7, 12, 13];
        for chosen in [1, 4, 5, 6, 7, 12] {
            let path = path(&trace, &tracks, chosen);
            assert_eq!(path.events(), whole, "from {chosen}");
            assert_eq!(strokes(&path), [(Some(0), Some(1), 2, 2), (Some(0), Some(2), 2, 2)]);
            assert_eq!(path.lanes(), [0, 1, 2]);
            assert_eq!((path.ordinal(1), path.ordinal(3)), (Some(1), None));
        }
        assert_eq!(path(&trace, &tracks, 8).events(), [2, 3, 8, 9, 10, 11]);
    }

    #[test]
    fn what_is_asked_leads_to_all_that_comes_of_it() {
        let (trace, tracks) = trace(&TWO);
        assert_eq!(path(&trace, &tracks, 0).events(), [0, 1, 4, 5, 6, 7, 12, 13]);
        assert!(path(&trace, &tracks, 0).lights(13) && !path(&trace, &tracks, 0).lights(2));
    }

    #[test]
    fn a_retained_message_goes_by_the_brokers_own_lane() {
        let (trace, tracks) = trace(&[
            (1, Kind::Input, "a", None),
            (1, Kind::PacketSent, "a", Some(0)),
            (2, Kind::PacketReceived, "a", Some(1)),
            (2, Kind::MessageAccepted, "a", Some(2)),
            (2, Kind::RetainedStored, "a", Some(3)),
        ]);
        assert_eq!(strokes(&path(&trace, &tracks, 1)), [(Some(0), None, 2, 2)]);
    }

    #[test]
    fn a_message_that_waited_goes_along_the_line_where_it_did() {
        let (trace, tracks) = trace(&[
            (1, Kind::PacketSent, "a", None),
            (2, Kind::PacketReceived, "a", Some(0)),
            (2, Kind::MessageAccepted, "a", Some(1)),
            (2, Kind::MessageQueued, "b", Some(2)),
            (7, Kind::MessageDelivered, "b", Some(3)),
        ]);
        let strokes = strokes(&path(&trace, &tracks, 4));
        assert_eq!(strokes, [(Some(0), Some(1), 2, 2), (Some(1), Some(1), 2, 7)]);
    }

    #[test]
    fn a_path_is_looked_for_in_slices_and_has_a_bound() {
        let mut steps = vec![(1, Kind::PacketSent, "a", None), (1, Kind::MessageAccepted, "a", Some(0))];
        steps.extend((0..30_000).map(|_| (2, Kind::MessageDelivered, "b", Some(1))));
        let (trace, tracks) = trace(&steps);
        let mut path = Path::of(&trace, 0);
        assert!(!path.grow(&trace, &tracks), "there are enough");
        assert_eq!(path.events().len(), MOST);
    }
}
