//! The group of tracks of a client, and what groups share.

use super::arrows::{arrows, in_view, numbers};
use super::levels::{Level, Levels};
use super::list::{Anchor, Ink, List, Name, Shape};
use super::shown::Row;
use super::timeline::Frame;
use super::track::{Stretch, Track, WillFate};
use super::{backlog, faults, glyphs};
use crate::broker::Kind;
use crate::time::SimTime;

/// From the group's top to the session bar, and the bar's height.
pub(super) const TOP: f64 = 12.0;
const BAR: f64 = 8.0;
/// Between the client's line and the broker's.
pub(super) const WAY: f64 = 44.0;
/// Room for captions above the client's line and below the broker's.
const CAPTION: f64 = 18.0;
/// Room for the wills above the session bar.
const WILLS: f64 = 12.0;
/// The strip of what is in flight.
const FLIGHT: f64 = 12.0;
pub(super) const BOTTOM: f64 = 12.0;
/// Changes of a number that are nearer than this, in pixels, are one.
const STEP_PX: f64 = 0.5;
/// How much of a group's column of names is its head.
const HEAD: f64 = 48.0;

/// Where things stand in one drawing.
pub(super) struct Plot<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// The plot's left edge: the gutter's width.
    pub(super) left: f64,
    /// The plot's right edge.
    pub(super) right: f64,
    /// Where the view stands.
    pub(super) now: f64,
}

impl<'a> Plot<'a> {
    pub(super) fn new(frame: &'a Frame<'a>) -> Self {
        let left = frame.gutter;
        Self { frame, left, right: left + frame.window.width, now: left + frame.window.x(frame.view) }
    }

    /// Where a moment stands, in pixels from the picture's left edge.
    pub(super) fn x(&self, at: SimTime) -> f64 {
        self.left + self.frame.window.x(at)
    }

    /// The part of a stretch that is in the past and on the screen.
    pub(super) fn clip(&self, from: SimTime, to: SimTime) -> Option<(f64, f64)> {
        let x1 = self.x(from).max(self.left);
        let x2 = self.x(to.min(self.frame.view)).min(self.right);
        (x1 <= self.right && x2 >= self.left && x2 >= x1).then(|| (x1, (x2 - x1).max(1.0)))
    }

    pub(super) fn happened(&self, seq: u32) -> bool {
        seq < self.frame.events
    }
}

/// Where the parts of one client's group stand.
pub(super) struct Room {
    top: f64,
    /// The top of the session bar.
    bar: f64,
    /// The client's line, and the broker's.
    up: f64,
    down: f64,
    /// The top of what waits, and of what is in flight.
    queue: f64,
    flight: f64,
    /// How tall all of it is.
    pub(super) height: f64,
    collapsed: bool,
}

impl Room {
    /// The room of a client's group with its top at `top`.
    pub(super) fn of(track: &Track, collapsed: bool, top: f64) -> Self {
        let bar = top + TOP + if track.wills.is_empty() { 0.0 } else { WILLS };
        let up = bar + BAR + CAPTION;
        let down = up + if group(track).is_some() { 0.0 } else { WAY };
        let queue = down + CAPTION;
        let flight = queue + backlog::height(track);
        let open = flight + if track.in_flight.is_empty() { 0.0 } else { FLIGHT } + BOTTOM - top;
        let height = if collapsed { bar + BAR + BOTTOM - top } else { open };
        Self { top, bar, up, down, queue, flight, height, collapsed }
    }

    /// Where a stroke from another group ends: the broker's line, or the session bar.
    pub(super) fn line(&self) -> f64 {
        if self.collapsed { self.bar + BAR / 2.0 } else { self.down }
    }
}

/// The filter's group, where the track is a shared subscription's queue: that is nobody's connection.
fn group(track: &Track) -> Option<&str> {
    track.client.strip_prefix("$share/")
}

/// Draws one client's group.
pub(super) fn client(list: &mut List, plot: &Plot<'_>, (row, track): (Row, &Track), room: &Room) {
    let &Room { top, bar, up, down, queue, flight, height, .. } = room;
    let path = plot.frame.path;
    list.dim = !path.is_none() && path.lanes().binary_search(&row.lane).is_err() && !path.lanes().is_empty();
    if top > plot.frame.height || top + height < 0.0 {
        return count_only(list, plot, track);
    }
    let group = group(track);
    let name = group.unwrap_or(&track.client);
    if row.collapsed {
        wills(list, plot, track, bar - WILLS);
        sessions(list, plot, &track.sessions, bar);
        cover(list, plot, top, height);
        return head(list, plot, row, (name, ""), room);
    }
    let waiting = flight - queue;
    let flying = !track.in_flight.is_empty();
    for y in [up, down].into_iter().filter(|_| group.is_none()) {
        let y = y.round() + 0.5;
        let (x1, x2) = (plot.left, plot.right);
        list.push(Ink::LineStrong, Shape::Line { x1, y1: y, x2, y2: y, width: 1.0, dashed: false });
    }
    wills(list, plot, track, bar - WILLS);
    sessions(list, plot, &track.sessions, bar);
    faults::stretches(list, plot, track, (up, down));
    if waiting > 0.0 {
        backlog::draw(list, plot, track, queue);
    }
    if flying {
        levels(list, plot, &track.in_flight, Ink::InFlight, (flight, FLIGHT));
    }
    let badges = arrows(list, plot, (row.lane, track), up, down);
    notes(list, plot, track, (up, backlog::losses_y(track, queue)));

    cover(list, plot, top, height);
    let state = track.sessions.iter().rev().find(|session| plot.happened(session.seq));
    // The client may see it otherwise: a cut is no secret to it.
    let state = match state {
        Some(session) if session.to > plot.frame.view && session.value == 1 => "broker: connected",
        Some(session) if session.to > plot.frame.view => "broker: session kept",
        _ if group.is_some() => "shared subscription",
        _ => "no session",
    };
    let fits = glyphs::text_width(state, 11.0) <= plot.left - 24.0;
    let state = if fits { state } else { state.trim_start_matches("broker: ") };
    head(list, plot, row, (name, state), room);
    if group.is_none() {
        caption(list, plot, "broker", down + 3.0);
    }
    if waiting > 0.0 {
        backlog::captions(list, plot, track, queue);
    }
    if flying {
        caption(list, plot, &format!("in flight {}", now(plot, &track.in_flight)), flight + FLIGHT - 1.0);
    }
    // Letters lie on top of all lines, and whole at the very beginning.
    for badge in badges {
        badge.draw(list, plot);
    }
    faults::over(list, plot, track, (up, down));
    list.dim = false;
    numbers(list, plot, track, (up, down));
}

/// The column of names, over what slid under it, and the line under the group.
pub(super) fn cover(list: &mut List, plot: &Plot<'_>, top: f64, height: f64) {
    let dim = std::mem::take(&mut list.dim);
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: top, w: plot.left, h: height });
    let y = (top + height).round() - 0.5;
    list.push(Ink::Line, Shape::Line { x1: 0.0, y1: y, x2: plot.right, y2: y, width: 1.0, dashed: false });
    list.dim = dim;
}

/// The head of a client's group: its name, whether it is open, and whether it is pinned.
fn head(list: &mut List, plot: &Plot<'_>, row: Row, (text, state): (&str, &str), room: &Room) {
    let y = room.bar + if row.collapsed { 8.0 } else { 10.0 };
    chevron(list, row.collapsed, y);
    if row.pinned {
        list.push(Ink::Accent, Shape::Rect { x: 0.0, y: room.top, w: 3.0, h: room.height - 1.0 });
    }
    name(list, plot, text, state, y);
    let h = room.height.min(HEAD);
    list.names.push(Name { lane: Some(row.lane), right: plot.left, y: room.top, h });
}

/// Whether a group is open, beside its name.
pub(super) fn chevron(list: &mut List, collapsed: bool, y: f64) {
    let (x, middle) = (4.0, y - 4.5);
    let (x1, y1, x2, y2) = match collapsed {
        true => (x, middle, x + 8.0, middle),
        false => (x + 4.0, middle - 4.0, x + 4.0, middle + 4.0),
    };
    list.push(Ink::TextFaint, Shape::Head { x1, y1, x2, y2 });
}

/// A group that is scrolled away still counts in what the picture says of itself.
fn count_only(list: &mut List, plot: &Plot<'_>, track: &Track) {
    list.arrows += u32::try_from(in_view(plot, track).count()).unwrap_or(u32::MAX);
}

pub(super) fn name(list: &mut List, plot: &Plot<'_>, name: &str, state: &str, y: f64) {
    let width = plot.left - 24.0;
    // A heavy face is wider than the plain one that is measured.
    let text = glyphs::fit(name, 13.0, width / 1.1);
    list.push(Ink::Text, Shape::Text { x: 16.0, y, size: 13.0, anchor: Anchor::Start, bold: true, text });
    let text = glyphs::fit(state, 11.0, width);
    list.push(
        Ink::TextFaint,
        Shape::Text { x: 16.0, y: y + 15.0, size: 11.0, anchor: Anchor::Start, bold: false, text },
    );
}

/// How much room a caption has in the column of names, in pixels.
pub(super) fn room(plot: &Plot<'_>) -> f64 {
    plot.left - 16.0
}

pub(super) fn caption(list: &mut List, plot: &Plot<'_>, text: &str, y: f64) {
    let text = glyphs::fit(text, 11.0, room(plot));
    let x = plot.left - 8.0;
    list.push(Ink::TextFaint, Shape::Text { x, y, size: 11.0, anchor: Anchor::End, bold: false, text });
}

/// The value at the view.
pub(super) fn now(plot: &Plot<'_>, levels: &[Level]) -> u32 {
    let past = levels.partition_point(|level| plot.happened(level.seq));
    past.checked_sub(1).map_or(0, |i| levels[i].value)
}

fn sessions(list: &mut List, plot: &Plot<'_>, sessions: &[Stretch], y: f64) {
    for session in sessions.iter().filter(|session| plot.happened(session.seq)) {
        let Some((x, w)) = plot.clip(session.from, session.to) else { continue };
        if session.value == 1 {
            list.push(Ink::Session, Shape::Rect { x, y, w, h: BAR });
        } else {
            list.push(Ink::SessionKept, Shape::Hatch { x, y, w, h: BAR });
        }
        list.target(session.seq, (x, y + BAR / 2.0, x + w, y + BAR / 2.0), BAR);
    }
}

fn wills(list: &mut List, plot: &Plot<'_>, track: &Track, y: f64) {
    for will in track.wills.iter().filter(|will| plot.happened(will.seq)) {
        let ended = will.end_seq != u32::MAX && plot.happened(will.end_seq);
        let Some((x, w)) = plot.clip(will.from, if ended { will.to } else { SimTime::END }) else { continue };
        let middle = y + 4.0;
        list.push(
            Ink::Will,
            Shape::Line { x1: x, y1: middle, x2: x + w, y2: middle, width: 1.5, dashed: true },
        );
        list.target(will.seq, (x, middle, x + w, middle), 5.0);
        let armed = plot.x(will.from);
        if armed >= plot.left {
            list.push(Ink::Will, Shape::Diamond { x: armed, y: middle, r: 4.5, hollow: true });
            if w > 60.0 {
                let text = "will armed".to_owned();
                let at = Shape::Text {
                    x: armed + 8.0,
                    y: middle - 2.5,
                    size: 10.0,
                    anchor: Anchor::Start,
                    bold: false,
                    text,
                };
                list.push(Ink::Will, at);
            }
        }
        let end = plot.x(will.to);
        if ended && (plot.left..=plot.right).contains(&end) {
            let (shape, text) = match will.fate {
                WillFate::Sent => (Shape::Diamond { x: end, y: middle, r: 6.0, hollow: false }, "will sent"),
                _ => (Shape::Cross { x: end, y: middle, r: 4.0 }, "will discarded"),
            };
            list.push(Ink::Will, shape);
            let text = text.to_owned();
            let at = Shape::Text {
                x: end + 9.0,
                y: middle + 3.5,
                size: 10.0,
                anchor: Anchor::Start,
                bold: true,
                text,
            };
            list.push(Ink::Will, at);
            list.target(will.end_seq, (end, middle, end, middle), 9.0);
        }
    }
}

/// A number over time as a stepped area. `strip` is its top and its height.
pub(super) fn levels(list: &mut List, plot: &Plot<'_>, levels: &Levels, ink: Ink, (top, height): (f64, f64)) {
    let base = top + height;
    let (x1, x2) = (plot.left, plot.right);
    list.push(Ink::Line, Shape::Line { x1, y1: base, x2, y2: base, width: 1.0, dashed: false });
    let past = &levels[..levels.partition_point(|level| plot.happened(level.seq))];
    let most = f64::from(levels.most().max(1));
    let window = &plot.frame.window;
    let mut next = past.partition_point(|level| level.at <= window.from).saturating_sub(1);
    let mut points: Vec<(f64, f64)> = Vec::new();
    while let Some(level) = past.get(next) {
        let x = plot.x(level.at).clamp(plot.left, plot.right);
        let y = base - height * f64::from(level.value) / most;
        match points.last_mut() {
            Some(last) if x - last.0 < STEP_PX => last.1 = y,
            _ => points.push((x, y)),
        }
        if level.at > window.to() {
            break;
        }
        list.target(level.seq, (x, y, x, base), 4.0);
        // Several changes in one pixel: the last one stands, so that the list stays short, and the others are not looked at.
        let until = window.at(x - plot.left + STEP_PX);
        next = past.partition_point(|level| level.at < until).saturating_sub(1).max(next + 1);
    }
    if !points.is_empty() {
        list.push(ink, Shape::Area { points, end: plot.now.clamp(plot.left, plot.right), base });
    }
}

/// What was asked, refused or lost; what was lost out of the queue stands there.
fn notes(list: &mut List, plot: &Plot<'_>, track: &Track, (y, queue): (f64, Option<f64>)) {
    let window = &plot.frame.window;
    let first = track.notes.partition_point(|note| note.at < window.from);
    let mut last = f64::NEG_INFINITY;
    for note in
        track.notes[first..].iter().take_while(|note| note.at <= window.to() && plot.happened(note.seq))
    {
        let x = plot.x(note.at);
        if x - last < 2.0 {
            continue;
        }
        last = x;
        if note.kind == Kind::Input {
            list.push(
                Ink::TextFaint,
                Shape::Line { x1: x, y1: y - 6.0, x2: x, y2: y, width: 1.0, dashed: false },
            );
        } else {
            let is_queued = matches!(note.kind, Kind::MessageExpired | Kind::MessageDropped);
            let y = queue.filter(|_| is_queued).unwrap_or(y + WAY / 2.0);
            list.push(Ink::Lost, Shape::Cross { x, y, r: 4.0 });
            list.target(note.seq, (x, y, x, y), 8.0);
        }
    }
}
