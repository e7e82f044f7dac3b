//! Where rows stand: one pass over the moments at which something leaves or arrives gives each its y.

use super::super::{Arrow, Class, Track, Tracks};
use super::choice::Chosen;
use crate::broker::{By, Kind};
use crate::sim::Done;
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::trace::{EventRef, Trace};

/// From one row to the next at least, in pixels.
const ROW_PX: f64 = 22.0;
/// From the tip of an arrow to what leaves the same way again, in pixels: between them stand its words.
const TIP_PX: f64 = 19.0;
/// From the tail of one arrow down to the tip of another, in pixels.
const TAIL_PX: f64 = 8.0;
/// An arrow leans by this much at least, in pixels, where its packet took any time.
const LEAN_PX: f64 = 10.0;
/// The same of one that waits on its way, in pixels.
const WAIT_PX: f64 = 40.0;
/// The second arrow of a packet that was doubled ends so far below the first, in pixels.
const AGAIN_PX: f64 = 9.0;
/// Above the first row.
const LEAD_PX: f64 = 26.0;
/// How tall a folded wait is.
const FOLD_PX: f64 = 34.0;
/// A wait that is longer than this, in microseconds, and than some flights of packets, is folded.
const FOLD_US: u64 = 1_000_000;
const FLIGHTS: u64 = 4;
/// A wait to scale says how long it is where it is this tall.
const TOLD_PX: f64 = 56.0;
/// To scale a usual flight of a packet is this tall, and all is no taller than this.
const FLIGHT_PX: f64 = 30.0;
const MOST_PX: f64 = 2_000_000.0;

/// The end of a packet's way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct End {
    /// The event.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// Whether it was lost.
    pub lost: bool,
    /// Where it stands.
    pub y: f64,
}

/// A packet's way from one lifeline to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Way {
    /// The lifeline that it goes to.
    pub to: usize,
    /// What it is for.
    pub class: Class,
    /// Its end, where that has happened.
    pub end: Option<End>,
    /// How much of its way it has gone at the view, from 0 to 1, where it is not at its end.
    pub part: f64,
    /// Whether it waits on its way, or waited there: how many packets wait in front of it.
    pub waits: Option<u32>,
    /// The what-if that it met with.
    pub met: Option<Done>,
    /// The second end of a packet that a what-if doubled.
    pub again: Option<End>,
}

impl Way {
    /// The ends of the packet and of its copy, those that there are.
    pub fn ends(&self) -> impl Iterator<Item = &End> + Clone {
        self.end.iter().chain(&self.again)
    }

    /// The same to put them in their places.
    fn ends_mut(&mut self) -> impl Iterator<Item = &mut End> {
        self.end.iter_mut().chain(&mut self.again)
    }
}

/// One row: a packet that leaves, or a mark.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Row {
    /// The event.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: Kind,
    /// The lifeline that it begins at.
    pub from: usize,
    /// The lifeline on whose side its words stand.
    pub toward: usize,
    /// The packet's way; `None` for a mark.
    pub way: Option<Way>,
    /// Where it stands.
    pub y: f64,
}

/// A time in which nothing happens.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wait {
    /// Its top.
    pub y: f64,
    /// Its height.
    pub h: f64,
    /// When it begins.
    pub from: SimTime,
    /// How long it is, in microseconds.
    pub us: u64,
    /// Whether it is drawn shorter than it is.
    pub folded: bool,
}

/// What a diagram is made of.
pub struct Source<'a> {
    /// The events.
    pub trace: &'a Trace,
    /// Their fold.
    pub tracks: &'a Tracks,
    /// The rows.
    pub chosen: &'a Chosen,
    /// The lifelines from left to right; `None` is the broker.
    pub lifelines: Vec<Option<String>>,
    /// The view.
    pub view: SimTime,
    /// How many events have happened at the view.
    pub events: u32,
    /// The moment after which nothing more is looked at.
    pub until: SimTime,
    /// Whether waits are folded.
    pub folded: bool,
}

/// Rows and waits in their places, in pixels from the top.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    /// The lifelines from left to right; `None` is the broker.
    pub lifelines: Vec<Option<String>>,
    /// From the top to the bottom.
    pub rows: Vec<Row>,
    /// The long ones.
    pub waits: Vec<Wait>,
    /// Where the view stands; `None` where it is further down than all that is shown.
    pub now: Option<f64>,
    /// How tall it is.
    pub height: f64,
    moments: Vec<(SimTime, f64)>,
    events: u32,
}

impl Diagram {
    /// Puts everything in its place.
    pub fn new(source: Source<'_>) -> Self {
        let mut diagram = Self { events: source.events, ..Self::default() };
        diagram.lifelines.clone_from(&source.lifelines);
        let mut points = diagram.take_rows(&source);
        points = in_order(points, |point| u64::from(point.seq));
        let mut pen = Pen::new(&source, &diagram, &points);
        for point in &points {
            let row = &mut diagram.rows[point.row];
            pen.passes(point.at, &mut diagram.waits);
            if point.ends {
                pen.end(row, point);
            } else {
                row.y = pen.row(&source.lifelines, row);
                pen.tails.push((row.from, row.toward > row.from, row.y));
                pen.open += usize::from(row.way.is_some());
            }
            diagram.moments.push((point.at, pen.y));
        }
        let all = source.chosen.after == 0 && source.view <= source.until;
        if all {
            pen.passes(source.view, &mut diagram.waits);
            let on_the_way = |row: &Row| row.way.is_some_and(|way| way.end.is_none());
            if diagram.rows.iter().any(on_the_way) {
                let lowest = diagram.rows.iter().rev().find(|row| on_the_way(row)).map_or(0.0, |row| row.y);
                pen.y = pen.y.max(lowest + LEAN_PX);
            }
            pen.y += 12.0;
            diagram.now = Some(pen.y);
            diagram.moments.push((source.view, pen.y));
        }
        diagram.height = pen.y + LEAD_PX;
        diagram
    }

    /// Takes the rows without their places, and says at which moments they begin and end.
    fn take_rows(&mut self, source: &Source<'_>) -> Vec<Point> {
        let mut points = Vec::new();
        for seq in &source.chosen.seqs {
            let Some(event) = source.trace.get(*seq) else { continue };
            let Some(row) = self.row(source, &event) else { continue };
            let here = self.rows.len();
            points.push(Point { seq: *seq, at: row.at, row: here, ends: false });
            for end in row.way.iter().flat_map(Way::ends) {
                points.push(Point { seq: end.seq, at: end.at, row: here, ends: true });
            }
            self.rows.push(row);
        }
        points
    }

    fn row(&self, source: &Source<'_>, event: &EventRef<'_>) -> Option<Row> {
        let broker = self.lifeline(None)?;
        let row = |from, toward, way| Row {
            seq: event.seq(),
            at: event.at(),
            kind: event.kind(),
            from,
            toward,
            way,
            y: 0.0,
        };
        if event.kind() != Kind::PacketSent {
            let client = self.lifeline(Some(event.client()));
            let at_client = event.by() != By::Broker && !event.why().starts_with("broker");
            let right = (broker + 1).min(self.lifelines.len().saturating_sub(1));
            return match client.filter(|_| at_client) {
                Some(client) => Some(row(client, broker, None)),
                None => Some(row(broker, client.unwrap_or(right), None)),
            };
        }
        let (track, arrow) = arrow(source.tracks, event)?;
        let client = self.lifeline(Some(&track.client))?;
        let (from, to) = if arrow.up { (client, broker) } else { (broker, client) };
        let ended = arrow.end_seq < source.events;
        let end = ended.then_some(End { seq: arrow.end_seq, at: arrow.ended, lost: arrow.lost, y: 0.0 });
        let (whole, gone) = (arrow.ended.since(arrow.sent).0, source.view.since(arrow.sent).0);
        // Unknown yet when it will arrive: half way is as good as any place.
        let known = arrow.end_seq != u32::MAX && whole > 0;
        let part = if known { (gone as f64 / whole as f64).clamp(0.0, 1.0) } else { 0.5 };
        // Those before it that are held back as long as it is.
        let in_front = || {
            let same = |row: &&Row| row.from == from && row.way.is_some_and(|way| way.to == to);
            let waits = |way: Way| way.waits.is_some() && way.end.map(|end| end.at) == end.map(|end| end.at);
            self.rows.iter().filter(same).filter(|row| row.way.is_some_and(waits)).count() as u32
        };
        let waits = track.waits(arrow, source.view, source.events).then(in_front);
        let met = || track.met_by(arrow, source.events);
        let again = met().find_map(|met| met.again).filter(|again| self.happened(again.seq));
        let again = again.map(|again| End { seq: again.seq, at: again.at, lost: again.lost, y: 0.0 });
        let met = met().map(|met| met.done).next();
        Some(row(from, to, Some(Way { to, class: arrow.class, end, part, waits, met, again })))
    }

    /// Which lifeline a client has, or the broker.
    pub fn lifeline(&self, client: Option<&str>) -> Option<usize> {
        self.lifelines.iter().position(|one| one.as_deref() == client)
    }

    /// Whether an event has happened at the view.
    pub fn happened(&self, seq: u32) -> bool {
        seq < self.events
    }

    /// Where a moment stands.
    pub fn y(&self, at: SimTime) -> f64 {
        let after = self.moments.partition_point(|(moment, _)| *moment < at);
        let before = after.checked_sub(1).and_then(|i| self.moments.get(i));
        match (before, self.moments.get(after)) {
            (_, Some((moment, y))) if *moment == at => *y,
            (Some((from, y)), Some((to, below))) => {
                let part = at.since(*from).0 as f64 / to.since(*from).0.max(1) as f64;
                y + (below - y) * part
            }
            (None, _) => 0.0,
            (Some(_), None) => self.height,
        }
    }

    /// The row of an event: where it begins, or where its packet's way ends.
    pub fn row_of(&self, seq: u32) -> Option<usize> {
        let begins = self.rows.binary_search_by_key(&seq, |row| row.seq).ok();
        let ends = |row: &Row| row.way.is_some_and(|way| way.ends().any(|end| end.seq == seq));
        begins.or_else(|| self.rows.iter().position(ends))
    }
}

/// The packet that an event sent, and whose it is. A client without an identifier is found by its packet.
fn arrow<'t>(tracks: &'t Tracks, event: &EventRef<'_>) -> Option<(&'t Track, &'t Arrow)> {
    let found = |lane: usize| {
        let track = tracks.clients.get(lane)?;
        let at = track.arrows.binary_search_by_key(&event.seq(), |arrow| arrow.seq).ok()?;
        Some((track, track.arrows.get(at)?))
    };
    let named = tracks.position(event.client()).and_then(found);
    named.or_else(|| (0..tracks.clients.len()).find_map(found))
}

/// A moment at which a row begins or a packet's way ends.
struct Point {
    seq: u32,
    at: SimTime,
    row: usize,
    ends: bool,
}

/// What goes down the diagram.
struct Pen {
    y: f64,
    at: Option<SimTime>,
    /// The lowest row whose words stand left of the broker, and right of it.
    words: [f64; 2],
    /// The tips of arrows: from which lifeline they come, to which, and where they are.
    tips: Vec<(usize, usize, f64)>,
    /// The tails of rows: at which lifeline, whether they go to the right, and where they are.
    tails: Vec<(usize, bool, f64)>,
    /// How many packets are on their way.
    open: usize,
    folded: bool,
    fold_us: u64,
    px_per_us: f64,
}

impl Pen {
    fn new(source: &Source<'_>, diagram: &Diagram, points: &[Point]) -> Self {
        let waits = |point: &Point| diagram.rows[point.row].way.is_some_and(|way| way.waits.is_some());
        let flights = points.iter().filter(|point| point.ends && !waits(point));
        let flights = flights.map(|point| point.at.since(diagram.rows[point.row].at).0).filter(|us| *us > 0);
        let flights = in_order(flights.collect(), |us: &u64| *us);
        let flight = flights.get(flights.len() / 2).copied().unwrap_or(100_000);
        let last = points.last().map_or(0, |last| last.at.since(points[0].at).0);
        Self {
            y: 0.0,
            at: None,
            words: [0.0; 2],
            tips: Vec::new(),
            tails: Vec::new(),
            open: 0,
            folded: source.folded,
            fold_us: FOLD_US.max(flight * FLIGHTS),
            px_per_us: (FLIGHT_PX / flight as f64).min(MOST_PX / last.max(1) as f64),
        }
    }

    /// Goes on to a moment.
    fn passes(&mut self, at: SimTime, waits: &mut Vec<Wait>) {
        let from = self.at.replace(at).unwrap_or(at);
        let us = at.since(from).0;
        if us == 0 {
            return;
        }
        let is_long = us >= self.fold_us * if self.open > 0 { FLIGHTS } else { 1 };
        let h = match self.folded {
            true if is_long => FOLD_PX,
            true => 4.0 + 3.0 * (1.0 + us as f64 / 1000.0).log2(),
            false => us as f64 * self.px_per_us,
        };
        let y = self.y + if self.folded { 8.0 } else { 0.0 };
        self.y = y + h;
        if is_long && (self.folded || h >= TOLD_PX) {
            waits.push(Wait { y, h, from, us, folded: self.folded });
            // The words of the next row stand above its line.
            self.words = self.words.map(|lowest| lowest.max(y + h - 4.0));
        }
    }

    /// The least y of a packet's end: clear of what leaves there on the same side.
    fn below(&self, row: &Row) -> f64 {
        let meets = |(here, to_right, y): &&(usize, bool, f64)| {
            *here == row.toward && *to_right == (row.from > row.toward) && *y > row.y
        };
        let tails = self.tails.iter().rev().take_while(|(.., y)| *y + TAIL_PX > self.y);
        tails.filter(meets).map(|(.., y)| *y + TAIL_PX).fold(0.0, f64::max)
    }

    /// Where the end of a row's packet stands, or that of its copy: below its beginning, and the second below the first.
    fn end(&mut self, row: &mut Row, point: &Point) {
        let below = self.below(row);
        let Some(way) = &mut row.way else { return };
        let leans = if way.waits.is_some() { WAIT_PX } else { LEAN_PX };
        self.y = self.y.max(row.y + if point.at > row.at { leans } else { 0.0 }).max(below);
        let is_second = way.again.is_some_and(|again| again.seq == point.seq);
        if let Some(first) = way.end.filter(|_| is_second) {
            self.y = self.y.max(first.y + AGAIN_PX);
        } else {
            self.open = self.open.saturating_sub(1);
        }
        self.tips.push((row.from, row.toward, self.y));
        if let Some(end) = way.ends_mut().find(|end| end.seq == point.seq) {
            end.y = self.y;
        }
    }

    /// Where a row stands: below those whose words are on the same side.
    fn row(&mut self, lifelines: &[Option<String>], row: &Row) -> f64 {
        let is_broker = lifelines.get(row.from).is_some_and(Option::is_none);
        let sides = if !is_broker {
            0..2
        } else if row.toward < row.from {
            0..1
        } else {
            1..2
        };
        let lowest = sides.clone().map(|side| self.words[side]).fold(0.0, f64::max);
        self.y = self.y.max(lowest + ROW_PX).max(LEAD_PX);
        // Where an arrow comes in, what leaves on the same side stands below its tip.
        let (here, to_right) = (row.from, row.toward > row.from);
        let meets = |(from, to, _): &&(usize, usize, f64)| *to == here && (*from > here) == to_right;
        let tips = self.tips.iter().rev().take_while(|(.., y)| *y + TIP_PX > self.y);
        let tip = tips.filter(meets).map(|(.., y)| *y + TIP_PX).fold(self.y, f64::max);
        self.y = tip;
        for side in sides {
            self.words[side] = self.y;
        }
        self.y
    }
}
