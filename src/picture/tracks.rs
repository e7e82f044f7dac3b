//! The fold from events to what the timeline shows: for each client its session, packets, queue and wills; for the broker
//! what it keeps.

use super::broker_track::{BrokerTrack, Standing};
use super::density::{Class, Density};
use super::faults::is_what_if;
use super::flow;
use super::folds::Idle;
use super::glance::Glance;
use super::track::{Arrow, MarkAt, Note, Track};
use crate::broker::{By, Kind};
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::wire::PacketType;

/// All that the timeline shows.
#[derive(Clone, Debug, Default)]
pub struct Tracks {
    /// One for each client, in the order of their first event.
    pub clients: Vec<Track>,
    /// What is the broker's own.
    pub broker: BrokerTrack,
    /// Packets of all, both ways, counted.
    pub all: Density,
    /// The narration's moments.
    pub marks: Vec<MarkAt>,
    /// The events that have a row in the flow.
    pub rows: Vec<u32>,
    /// The number after that of the last event that was taken.
    pub next: u32,
    /// When nothing happened.
    pub idle: Idle,
    by_name: Sorted<Box<str>, u32>,
    /// Packets on the way: the event that sent each, and its lane.
    on_the_way: Sorted<u32, u32>,
    /// What-ifs, and the events that sent the packets which they are about.
    turned: Sorted<u32, u32>,
    /// The last input, and whose lane it is about.
    asked: Option<(u32, u32)>,
    /// The lanes of events of clients that have no identifier yet.
    nameless: Sorted<u32, u32>,
    /// What persons asked, in order.
    by_hand: Vec<u32>,
}

impl Tracks {
    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &Glance<'_>) {
        self.next = event.seq + 1;
        self.idle.take(event);
        if event.kind == Kind::Mark {
            return self.marks.push(Note::of(event));
        }
        self.broker.take(event);
        let lane = self.lane_of(event);
        self.adds_row(lane, event);
        let Some(lane) = lane else { return };
        match event.kind {
            Kind::Input => self.asked = Some((event.seq, lane as u32)),
            _ if is_what_if(event) => self.meets(lane, event),
            Kind::Decision if self.is_malformed(event) => self.ended(lane, event),
            // CONNECT waits for it.
            Kind::SocketOpened if self.was_by_hand(event.cause) => self.by_hand.push(event.seq),
            _ => {}
        }
        if event.by_hand {
            self.by_hand.push(event.seq);
        }
        match event.kind {
            Kind::PacketSent => self.sent(lane, event),
            Kind::PacketReceived | Kind::PacketLost => self.ended(lane, event),
            _ => {
                let track = &mut self.clients[lane];
                let before = Standing::of(track);
                track.take(event);
                self.broker.moves(event, before, Standing::of(track));
            }
        }
    }

    /// Notes that an event has a row in the flow, if it has one.
    fn adds_row(&mut self, lane: Option<usize>, event: &Glance<'_>) {
        let mut track = lane.and_then(|lane| self.clients.get_mut(lane));
        let delayed = track.as_ref().and_then(|track| track.delays.last());
        // The same wait goes on, told again.
        let again = event.kind == Kind::QuotaDelayed && delayed.is_some_and(|delay| delay.to >= event.at);
        if again || !flow::has_row(event) {
            return;
        }
        self.rows.push(event.seq);
        if let Some(track) = &mut track {
            track.rows.push(event.seq);
        }
    }

    /// Which lane a client has.
    pub fn position(&self, client: &str) -> Option<usize> {
        self.by_name.get(client).map(|lane| *lane as usize)
    }

    /// How many messages for a client expired or were dropped before event `events`, by why.
    pub fn lost(&self, client: &str, events: u32) -> Vec<(String, usize)> {
        let track = self.position(client).and_then(|lane| self.clients.get(lane));
        let lost = track.into_iter().flat_map(|track| &track.lost);
        let past = lost.map(|(why, seqs)| (why.to_string(), seqs.partition_point(|seq| *seq < events)));
        past.filter(|(_, count)| *count > 0).collect()
    }

    /// The last of those with this reason.
    pub fn last_lost(&self, client: &str, why: &str, events: u32) -> Option<u32> {
        let track = self.clients.get(self.position(client)?)?;
        let (_, seqs) = track.lost.iter().find(|(one, _)| **one == *why)?;
        seqs[..seqs.partition_point(|seq| *seq < events)].last().copied()
    }

    /// The packet that an event sent, received or lost.
    pub fn arrow(&self, client: &str, seq: u32) -> Option<&Arrow> {
        let arrows = &self.clients.get(self.position(client)?)?.arrows;
        let before = arrows.partition_point(|arrow| arrow.seq <= seq);
        let sent = arrows[..before].last().filter(|arrow| arrow.seq == seq);
        sent.or_else(|| arrows[..before].iter().rev().find(|arrow| arrow.end_seq == seq))
    }

    /// The lane of a client, made where there is none yet.
    pub fn lane(&mut self, client: &str) -> usize {
        if let Some(lane) = self.position(client) {
            return lane;
        }
        let lane = self.clients.len();
        self.clients.push(Track { client: client.to_owned(), ..Track::default() });
        self.by_name.insert(client.into(), lane as u32);
        lane
    }

    /// The lane of an event. A client that leaves its identifier empty is known by what led to the event, until it is given one.
    fn lane_of(&mut self, event: &Glance<'_>) -> Option<usize> {
        if event.client.is_empty() {
            let cause = event.cause?;
            let asked = self.asked.filter(|(seq, _)| *seq == cause).map(|(_, lane)| lane);
            let on_the_way = || self.on_the_way.get(&cause).copied();
            let lane = asked.or_else(|| self.nameless.get(&cause).copied()).or_else(on_the_way)?;
            self.nameless.insert(event.seq, lane);
            return Some(lane as usize);
        }
        let nameless = event.cause.and_then(|cause| Some(*self.nameless.get(&cause)? as usize));
        if let Some(lane) = nameless.filter(|_| !self.by_name.contains(event.client)) {
            self.rename(lane, event.client);
            return Some(lane);
        }
        Some(match (event.kind, event.packet) {
            (Kind::PacketSent, Some(PacketType::Connect)) => self.introduced(event),
            _ => self.lane(event.client),
        })
    }

    fn rename(&mut self, lane: usize, client: &str) {
        self.by_name.remove(self.clients[lane].client.as_str());
        client.clone_into(&mut self.clients[lane].client);
        self.by_name.insert(client.into(), lane as u32);
    }

    /// The lane of who sends CONNECT. A real client's socket had a name of its own until then, and nothing but asking for it was
    /// done: that lane becomes the client's.
    fn introduced(&mut self, event: &Glance<'_>) -> usize {
        let asked = self.asked.filter(|(seq, _)| event.cause == Some(*seq)).map(|(_, lane)| lane as usize);
        let socket = asked.filter(|lane| {
            *self.clients[*lane].client != *event.client && self.clients[*lane].arrows.is_empty()
        });
        let Some(socket) = socket else { return self.lane(event.client) };
        let Some(client) = self.position(event.client) else {
            self.rename(socket, event.client);
            return socket;
        };
        self.by_name.remove(self.clients[socket].client.as_str());
        let notes = self.clients.remove(socket).notes;
        self.clients[client - usize::from(client > socket)].notes.extend(notes);
        let lanes = self.by_name.values_mut().chain(self.nameless.values_mut());
        let lanes = lanes.chain(self.on_the_way.values_mut());
        for lane in lanes.filter(|lane| **lane as usize > socket) {
            *lane -= 1;
        }
        self.lane(event.client)
    }

    fn was_by_hand(&self, cause: Option<u32>) -> bool {
        cause.is_some_and(|cause| self.by_hand.binary_search(&cause).is_ok())
    }

    fn sent(&mut self, lane: usize, event: &Glance<'_>) {
        let Some(packet) = event.packet else { return };
        let class = Class::of(packet, event.qos);
        let up = event.by == By::Client;
        let by_hand = self.was_by_hand(event.cause);
        let track = &mut self.clients[lane];
        self.on_the_way.insert(event.seq, lane as u32);
        track.arrows.push(Arrow {
            seq: event.seq,
            sent: event.at,
            ended: SimTime::END,
            end_seq: u32::MAX,
            up,
            lost: false,
            packet,
            class,
            by_hand,
            met: false,
        });
        if up { &mut track.up } else { &mut track.down }.add(event.at, class);
        self.all.add(event.at, class);
        if !up && packet == PacketType::Publish && event.qos > 0 {
            track.in_flight.step(event, |n| n + 1);
        }
    }

    /// A packet meets with a what-if. What arrives then follows from that, and that from the sending.
    fn meets(&mut self, lane: usize, event: &Glance<'_>) {
        let Some(cause) = event.cause else { return };
        let sent = self.turned.get(&cause).copied().unwrap_or(cause);
        self.turned.insert(event.seq, sent);
        let lane = self.on_the_way.get(&sent).map_or(lane, |lane| *lane as usize);
        self.clients[lane].meets(event, sent);
    }

    /// Whether an event tells of something on its way that turned out to be no packet. That is not noted as received, but judged at once
    /// by who got it.
    fn is_malformed(&self, event: &Glance<'_>) -> bool {
        let Some(cause) = event.cause else { return false };
        let sent = self.turned.get(&cause).copied().unwrap_or(cause);
        let Some(lane) = self.on_the_way.get(&sent) else { return false };
        let arrows = &self.clients[*lane as usize].arrows;
        let arrow = arrows.binary_search_by_key(&sent, |arrow| arrow.seq).ok().and_then(|at| arrows.get(at));
        arrow.is_some_and(|arrow| event.by == if arrow.up { By::Broker } else { By::Client })
    }

    fn ended(&mut self, lane: usize, event: &Glance<'_>) {
        let track = &mut self.clients[lane];
        if event.kind == Kind::PacketReceived
            && event.by == By::Broker
            && matches!(event.packet, Some(PacketType::Puback | PacketType::Pubcomp))
        {
            track.in_flight.step(event, |n| n.saturating_sub(1));
        }
        let Some(cause) = event.cause else { return };
        let turned = self.turned.get(&cause).copied();
        let Some(lane) = self.on_the_way.remove(&turned.unwrap_or(cause)) else {
            if turned.is_some() {
                self.clients[lane].ends_again(event, cause);
            }
            return;
        };
        let cause = turned.unwrap_or(cause);
        let track = &mut self.clients[lane as usize];
        let sent = track.arrows.binary_search_by_key(&cause, |arrow| arrow.seq).ok();
        let Some(arrow) = sent.and_then(|at| track.arrows.get_mut(at)) else { return };
        arrow.ended = event.at;
        arrow.end_seq = event.seq;
        arrow.lost = event.kind == Kind::PacketLost;
        track.longest_us = event.at.since(arrow.sent).0.max(track.longest_us);
    }
}

#[cfg(test)]
mod tests {
    use super::super::track::WillFate;
    use super::*;

    fn glance(seq: u32, s: u64, kind: Kind) -> Glance<'static> {
        Glance::new(seq, SimTime(s * 1_000_000), kind, By::Broker, "lamp")
    }

    fn packet(
        seq: u32,
        s: u64,
        kind: Kind,
        by: By,
        packet: PacketType,
        cause: Option<u32>,
    ) -> Glance<'static> {
        Glance { by, cause, packet: Some(packet), qos: 1, ..glance(seq, s, kind) }
    }

    #[test]
    fn a_packet_is_one_arrow_from_sending_to_its_end() {
        let mut tracks = Tracks::default();
        tracks.take(&packet(0, 1, Kind::PacketSent, By::Client, PacketType::Publish, None));
        tracks.take(&packet(1, 2, Kind::PacketSent, By::Broker, PacketType::Puback, None));
        tracks.take(&packet(2, 3, Kind::PacketReceived, By::Broker, PacketType::Publish, Some(0)));
        tracks.take(&packet(3, 5, Kind::PacketLost, By::Link, PacketType::Puback, Some(1)));
        let arrows = &tracks.clients[0].arrows;
        assert_eq!(arrows.len(), 2);
        assert!(arrows[0].up && !arrows[0].lost && arrows[0].end_seq == 2);
        assert_eq!((arrows[0].sent, arrows[0].ended), (SimTime(1_000_000), SimTime(3_000_000)));
        assert!(!arrows[1].up && arrows[1].lost);
        assert_eq!(tracks.clients[0].longest_us, 3_000_000);
    }

    #[test]
    fn some_packets_around_a_moment_span_a_stretch() {
        let mut tracks = Tracks::default();
        for i in 0..100u32 {
            let sent = packet(2 * i, u64::from(i), Kind::PacketSent, By::Client, PacketType::Publish, None);
            tracks.take(&sent);
            let cause = Some(2 * i);
            let to = Kind::PacketReceived;
            tracks.take(&packet(2 * i + 1, u64::from(i) + 5, to, By::Broker, PacketType::Publish, cause));
        }
        let track = &tracks.clients[0];
        let around = |s: u64, packets, events| {
            let (from, to) = track.around(SimTime(s * 1_000_000), packets, events)?;
            Some((from.0 / 1_000_000, to.0 / 1_000_000))
        };
        assert_eq!(around(50, 10, 200), Some((45, 54)));
        assert_eq!(around(50, 2, 200), Some((49, 54)), "until one has arrived");
        assert_eq!(around(0, 10, 200), Some((0, 9)));
        assert_eq!(around(99, 10, 200), Some((90, 99)));
        assert_eq!(around(50, 10, 42), Some((11, 20)), "none that has not happened");
        assert_eq!(around(50, 200, 200), Some((0, 99)));
        assert_eq!(around(50, 10, 0), None);
    }

    #[test]
    fn sessions_are_connected_then_kept_then_gone() {
        let mut tracks = Tracks::default();
        for (seq, kind) in [
            (0, Kind::SessionCreated),
            (1, Kind::SessionDisconnected),
            (2, Kind::SessionResumed),
            (3, Kind::SessionDisconnected),
            (4, Kind::SessionExpired),
        ] {
            tracks.take(&glance(seq, u64::from(seq), kind));
        }
        let stretches: Vec<_> =
            tracks.clients[0].sessions.iter().map(|s| (s.from.0, s.to.0, s.value)).collect();
        assert_eq!(
            stretches,
            [
                (0, 1_000_000, 1),
                (1_000_000, 2_000_000, 0),
                (2_000_000, 3_000_000, 1),
                (3_000_000, 4_000_000, 0)
            ]
        );
    }

    #[test]
    fn the_queue_follows_the_depths_that_the_broker_tells() {
        let mut tracks = Tracks::default();
        for (seq, kind, number) in [
            (0, Kind::MessageQueued, Some(1)),
            (1, Kind::MessageQueued, Some(2)),
            (2, Kind::MessageDropped, None),
            (3, Kind::MessageDequeued, Some(1)),
            (4, Kind::SessionCleared, None),
        ] {
            tracks.take(&Glance { number, ..glance(seq, u64::from(seq), kind) });
        }
        let held_back = Glance { number: Some(9), by: By::Client, ..glance(5, 5, Kind::MessageQueued) };
        tracks.take(&held_back);
        let depths: Vec<_> = tracks.clients[0].queue.iter().map(|level| (level.seq, level.value)).collect();
        assert_eq!(depths, [(0, 1), (1, 2), (3, 1), (4, 0)]);
        assert_eq!(tracks.clients[0].notes.len(), 1);
    }

    #[test]
    fn what_a_client_lost_is_counted_by_its_reason_up_to_the_view() {
        let mut tracks = Tracks::default();
        for (seq, kind, why) in [
            (0, Kind::MessageExpired, "too old"),
            (1, Kind::MessageDropped, "full"),
            (2, Kind::MessageExpired, "too old"),
        ] {
            tracks.take(&Glance { why, ..glance(seq, u64::from(seq), kind) });
        }
        assert_eq!(tracks.lost("lamp", 2), [("too old".to_owned(), 1), ("full".to_owned(), 1)]);
        assert_eq!(tracks.last_lost("lamp", "too old", 3), Some(2));
        assert_eq!((tracks.lost("lamp", 0), tracks.lost("other", 9)), (vec![], vec![]));
    }

    #[test]
    fn a_will_ends_once() {
        let mut tracks = Tracks::default();
        for (seq, kind) in
            [(0, Kind::WillArmed), (1, Kind::WillDiscarded), (2, Kind::WillArmed), (3, Kind::WillSent)]
        {
            tracks.take(&glance(seq, u64::from(seq), kind));
        }
        let fates: Vec<_> = tracks.clients[0].wills.iter().map(|will| (will.fate, will.end_seq)).collect();
        assert_eq!(fates, [(WillFate::Discarded, 1), (WillFate::Sent, 3)]);
    }

    #[test]
    fn a_cut_lasts_until_the_network_is_restored() {
        let mut tracks = Tracks::default();
        for (seq, why) in [(0, "connect"), (1, "cut"), (2, "cut"), (3, "restore"), (4, "restore"), (5, "cut")]
        {
            tracks.take(&Glance { why, ..glance(seq, u64::from(seq), Kind::Input) });
        }
        let cuts: Vec<_> = tracks.clients[0].cuts.iter().map(|cut| (cut.from.0, cut.to.0)).collect();
        assert_eq!(cuts, [(1_000_000, 2_000_000), (2_000_000, 3_000_000), (5_000_000, SimTime::END.0)]);
        assert_eq!(tracks.clients[0].notes.len(), 6);
    }

    /// An input about a socket, and CONNECT, which it led to.
    fn connect(tracks: &mut Tracks, seq: u32, socket: &'static str, client: &'static str) {
        tracks.take(&Glance { client: socket, ..glance(seq, 1, Kind::Input) });
        let sent = packet(seq + 1, 1, Kind::PacketSent, By::Client, PacketType::Connect, Some(seq));
        tracks.take(&Glance { client, ..sent });
    }

    fn names(tracks: &Tracks) -> Vec<&str> {
        tracks.clients.iter().map(|track| track.client.as_str()).collect()
    }

    #[test]
    fn a_sockets_lane_becomes_that_of_the_client_whom_connect_names() {
        let mut tracks = Tracks::default();
        tracks.lane("lamp");
        connect(&mut tracks, 0, "socket-1", "phone");
        connect(&mut tracks, 2, "socket-2", "tablet");
        assert_eq!(names(&tracks), ["lamp", "phone", "tablet"]);
        // The phone comes back by another socket; its packets on the way still find their lanes.
        tracks.take(&Glance { client: "socket-3", ..glance(4, 1, Kind::SocketOpened) });
        connect(&mut tracks, 5, "socket-4", "watch");
        connect(&mut tracks, 7, "socket-3", "phone");
        assert_eq!(names(&tracks), ["lamp", "phone", "tablet", "watch"]);
        let received = packet(9, 2, Kind::PacketReceived, By::Broker, PacketType::Connect, Some(6));
        tracks.take(&Glance { client: "watch", ..received });
        assert_eq!(tracks.clients[3].arrows[0].end_seq, 9);
        assert_eq!((tracks.clients[1].arrows.len(), tracks.clients[1].notes.len()), (2, 2));
        // A virtual client has its name from the start, and one that already spoke keeps its lane.
        connect(&mut tracks, 10, "lamp", "lamp");
        connect(&mut tracks, 12, "lamp", "impostor");
        assert_eq!(names(&tracks), ["lamp", "phone", "tablet", "watch", "impostor"]);
    }

    #[test]
    fn a_client_without_an_identifier_has_a_lane_which_takes_the_one_that_it_is_given() {
        let mut tracks = Tracks::default();
        let nameless = |glance| Glance { client: "", ..glance };
        tracks.take(&glance(0, 1, Kind::Input));
        tracks.take(&nameless(Glance { cause: Some(0), ..glance(1, 1, Kind::SocketOpened) }));
        tracks.take(&nameless(packet(2, 1, Kind::PacketSent, By::Client, PacketType::Connect, Some(1))));
        tracks.take(&nameless(packet(3, 2, Kind::PacketReceived, By::Broker, PacketType::Connect, Some(2))));
        assert_eq!((names(&tracks), tracks.clients[0].arrows[0].end_seq), (vec!["lamp"], 3));
        tracks.take(&Glance { client: "auto-1", cause: Some(3), ..glance(4, 2, Kind::SessionCreated) });
        assert_eq!((names(&tracks), tracks.clients[0].sessions.len()), (vec!["auto-1"], 1));
        // What has neither a client nor a cause is of nobody.
        tracks.take(&nameless(glance(5, 2, Kind::Decision)));
        assert_eq!(tracks.clients.len(), 1);
    }

    #[test]
    fn what_a_person_had_sent_is_told_apart() {
        let mut tracks = Tracks::default();
        for (seq, by_hand) in [(0, true), (2, false)] {
            tracks.take(&Glance { by_hand, ..glance(seq, 1, Kind::Input) });
            tracks.take(&packet(seq + 1, 1, Kind::PacketSent, By::Client, PacketType::Publish, Some(seq)));
        }
        // CONNECT follows once the WebSocket is open.
        tracks.take(&Glance { by_hand: true, ..glance(4, 2, Kind::Input) });
        tracks.take(&Glance { cause: Some(4), ..glance(5, 2, Kind::SocketOpened) });
        tracks.take(&packet(6, 2, Kind::PacketSent, By::Client, PacketType::Connect, Some(5)));
        let by_hand: Vec<_> = tracks.clients[0].arrows.iter().map(|arrow| arrow.by_hand).collect();
        assert_eq!(by_hand, [true, false, true]);
    }

    #[test]
    fn messages_in_flight_are_counted_until_acknowledged_or_disconnected() {
        let mut tracks = Tracks::default();
        tracks.take(&packet(0, 0, Kind::PacketSent, By::Broker, PacketType::Publish, None));
        tracks.take(&packet(1, 1, Kind::PacketSent, By::Broker, PacketType::Publish, None));
        tracks.take(&packet(2, 2, Kind::PacketReceived, By::Broker, PacketType::Puback, None));
        tracks.take(&glance(3, 3, Kind::SessionDisconnected));
        let flight: Vec<_> = tracks.clients[0].in_flight.iter().map(|level| level.value).collect();
        assert_eq!(flight, [1, 2, 1, 0]);
    }
}
