//! The groups of tracks: one client's, and the broker's.

use super::density::Class;
use super::list::{Anchor, Column, Ink, List, Name, Shape};
use super::shown::Row;
use super::timeline::Frame;
use super::track::{Arrow, Level, Stretch, Track, WillFate};
use super::tracks::Tracks;
use super::{backlog, faults, glyphs, strokes};
use crate::broker::Kind;
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::wire::PacketType;

/// From the group's top to the session bar, and the bar's height.
const TOP: f64 = 12.0;
const BAR: f64 = 8.0;
/// Between the client's line and the broker's.
const WAY: f64 = 44.0;
/// Room for captions above the client's line and below the broker's.
const CAPTION: f64 = 18.0;
/// Room for the wills above the session bar.
const WILLS: f64 = 12.0;
/// The strips under the broker's line, and that of what is retained.
const RETAINED: f64 = 24.0;
const FLIGHT: f64 = 12.0;
const BOTTOM: f64 = 12.0;
/// Which part of an arrow lies before its number.
const NUMBER_AT: f64 = 0.28;
/// How much of a group's column of names is its head.
const HEAD: f64 = 48.0;
/// From the top of the broker's group to where strokes to it end.
pub(super) const BROKER_LINE: f64 = TOP + RETAINED;
/// Arrows nearer than this, in pixels, become a band; letters and captions need more.
const ARROW_PX: f64 = 5.0;
const BADGE_PX: f64 = 16.0;
const CAPTION_PX: f64 = 56.0;
/// How wide a column of a band is at least.
const BIN_PX: f64 = 3.0;

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

/// The numbers of the chosen message's packets, where each has room.
fn numbers(list: &mut List, plot: &Plot<'_>, track: &Track, (up, down): (f64, f64)) {
    let mut last = [f64::NEG_INFINITY; 2];
    for arrow in lit_arrows(plot, track) {
        let Some(ordinal) = plot.frame.path.ordinal(arrow.seq) else { continue };
        let (y1, y2) = ways(arrow, up, down);
        let (x1, x2) = (plot.x(arrow.sent), plot.x(arrow.ended.min(plot.frame.view)));
        // Those up and those down do not stand on the same height.
        let x = x1 + (x2 - x1) * NUMBER_AT;
        let place = &mut last[usize::from(arrow.up)];
        if (plot.left + 10.0..=plot.right).contains(&x) && x - *place >= 20.0 {
            *place = x;
            strokes::number(list, ordinal, x, y1 + (y2 - y1) * NUMBER_AT);
        }
    }
}

/// The column of names, over what slid under it, and the line under the group.
fn cover(list: &mut List, plot: &Plot<'_>, top: f64, height: f64) {
    let dim = std::mem::take(&mut list.dim);
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: top, w: plot.left, h: height });
    let y = (top + height).round() - 0.5;
    list.push(Ink::Line, Shape::Line { x1: 0.0, y1: y, x2: plot.right, y2: y, width: 1.0, dashed: false });
    list.dim = dim;
}

/// The head of a client's group: its name, whether it is open, and whether it is pinned.
fn head(list: &mut List, plot: &Plot<'_>, row: Row, (text, state): (&str, &str), room: &Room) {
    let y = room.bar + if row.collapsed { 8.0 } else { 10.0 };
    let (x, middle) = (4.0, y - 4.5);
    let (x1, y1, x2, y2) = match row.collapsed {
        true => (x, middle, x + 8.0, middle),
        false => (x + 4.0, middle - 4.0, x + 4.0, middle + 4.0),
    };
    list.push(Ink::TextFaint, Shape::Head { x1, y1, x2, y2 });
    if row.pinned {
        list.push(Ink::Accent, Shape::Rect { x: 0.0, y: room.top, w: 3.0, h: room.height - 1.0 });
    }
    name(list, plot, text, state, y);
    list.names.push(Name { lane: row.lane, right: plot.left, y: room.top, h: room.height.min(HEAD) });
}

/// Draws the broker's group and says how tall it is.
pub(super) fn broker(list: &mut List, plot: &Plot<'_>, tracks: &Tracks, top: f64) -> f64 {
    let strip = top + TOP;
    levels(list, plot, &tracks.retained, Ink::Retained, (strip, RETAINED));
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: top, w: plot.left, h: RETAINED + TOP + BOTTOM });
    name(list, plot, "Broker", &format!("retained {}", now(plot, &tracks.retained)), strip + 10.0);
    TOP + RETAINED + BOTTOM
}

/// A group that is scrolled away still counts in what the picture says of itself.
fn count_only(list: &mut List, plot: &Plot<'_>, track: &Track) {
    list.arrows += u32::try_from(in_view(plot, track).count()).unwrap_or(u32::MAX);
}

fn name(list: &mut List, plot: &Plot<'_>, name: &str, state: &str, y: f64) {
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

pub(super) fn caption(list: &mut List, plot: &Plot<'_>, text: &str, y: f64) {
    let text = glyphs::fit(text, 11.0, plot.left - 16.0);
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
pub(super) fn levels(
    list: &mut List,
    plot: &Plot<'_>,
    levels: &[Level],
    ink: Ink,
    (top, height): (f64, f64),
) {
    let base = top + height;
    let (x1, x2) = (plot.left, plot.right);
    list.push(Ink::Line, Shape::Line { x1, y1: base, x2, y2: base, width: 1.0, dashed: false });
    let past = &levels[..levels.partition_point(|level| plot.happened(level.seq))];
    let most = f64::from(levels.iter().map(|level| level.value).max().unwrap_or(0).max(1));
    let first = past.partition_point(|level| level.at <= plot.frame.window.from).saturating_sub(1);
    let mut points: Vec<(f64, f64)> = Vec::new();
    for level in &past[first.min(past.len())..] {
        let x = plot.x(level.at).clamp(plot.left, plot.right);
        let y = base - height * f64::from(level.value) / most;
        // Several changes in one pixel: the last one stands, so that the list stays short.
        match points.last_mut() {
            Some(last) if x - last.0 < 0.5 => last.1 = y,
            _ => points.push((x, y)),
        }
        if level.at > plot.frame.window.to() {
            break;
        }
        list.target(level.seq, (x, y, x, base), 4.0);
    }
    if !points.is_empty() {
        list.push(ink, Shape::Area { points, end: plot.now.clamp(plot.left, plot.right), base });
    }
}

/// The arrows that reach into the window, in the order of being sent.
fn in_view<'t>(plot: &'t Plot<'_>, track: &'t Track) -> impl DoubleEndedIterator<Item = &'t Arrow> + Clone {
    let (window, now) = (&plot.frame.window, plot.frame.view);
    let begins = window.from;
    // One that is still on its way may have left long ago; those are the few youngest.
    let from = SimTime(window.from.0.saturating_sub(track.longest_us.max(2_000_000)));
    let first = track.arrows.partition_point(|arrow| arrow.sent < from);
    let last = track.arrows.partition_point(|arrow| arrow.sent <= window.to() && plot.happened(arrow.seq));
    // In a gap there is no room for keep alive, and nothing else happens there.
    let is_hidden = |arrow: &Arrow| arrow.class == Class::Ping && window.folds.hides(arrow.sent);
    track.arrows[first.min(last)..last]
        .iter()
        .filter(move |arrow| arrow.ended.min(now) >= begins && !is_hidden(arrow))
}

/// Draws the packets, except for their letters.
fn arrows(
    list: &mut List,
    plot: &Plot<'_>,
    (lane, track): (usize, &Track),
    up: f64,
    down: f64,
) -> Vec<Badge> {
    let visible = in_view(plot, track);
    let room = (plot.frame.window.width.max(200.0) * 2.0 / ARROW_PX) as usize;
    let mut badges = Vec::new();
    if visible.clone().nth(room).is_some() {
        bands(list, plot, (lane, track), up, down);
        // What is chosen and what belongs to it is seen all the same.
        for arrow in lit_arrows(plot, track) {
            one_arrow(list, plot, arrow, ways(arrow, up, down), 0.0, &mut badges);
        }
        return badges;
    }
    // The next of the same direction says how much room a badge and a caption have.
    let mut next = [f64::INFINITY; 2];
    let window = &plot.frame.window;
    for arrow in visible.rev() {
        let x = plot.x(arrow.sent);
        let gap =
            window.folds.as_slice().iter().map(|fold| plot.left + window.x(fold.from)).find(|gap| *gap > x);
        let free = next[usize::from(arrow.up)].min(gap.unwrap_or(f64::INFINITY)) - x;
        next[usize::from(arrow.up)] = x;
        one_arrow(list, plot, arrow, ways(arrow, up, down), free.min(plot.right - x), &mut badges);
        list.arrows += 1;
    }
    badges
}

/// Where an arrow begins and ends, of the client's line and the broker's.
fn ways(arrow: &Arrow, up: f64, down: f64) -> (f64, f64) {
    if arrow.up { (up, down) } else { (down, up) }
}

/// The arrows of the chosen event and of those that belong to it.
fn lit_arrows<'t>(plot: &Plot<'_>, track: &'t Track) -> impl Iterator<Item = &'t Arrow> {
    let seqs = plot.frame.path.events().iter().copied().chain(plot.frame.selected);
    let sent = seqs.filter(|seq| plot.happened(*seq));
    let found = sent.filter_map(|seq| track.arrows.binary_search_by_key(&seq, |arrow| arrow.seq).ok());
    let mut found: Vec<usize> = in_order(found.collect(), |at| *at as u64);
    found.dedup();
    found.into_iter().map(|i| &track.arrows[i])
}

/// The letter at an arrow's tail or, while it is on its way, at its tip.
struct Badge {
    x: f64,
    y: f64,
    ink: Ink,
    packet: PacketType,
    /// What it is the badge of, where there is room for a caption of this width.
    caption: Option<(u32, f64)>,
    up: bool,
    dim: bool,
}

impl Badge {
    fn draw(self, list: &mut List, plot: &Plot<'_>) {
        let Self { x, y, ink, .. } = self;
        list.dim = self.dim;
        list.push(ink, Shape::Disc { x, y, r: 7.0 });
        let text = letter_of(self.packet).to_owned();
        let at = Shape::Text { x, y: y + 3.5, size: 10.0, anchor: Anchor::Middle, bold: true, text };
        list.push(Ink::OnColour, at);
        if let Some((seq, width)) = self.caption {
            let text = glyphs::fit(&(plot.frame.caption)(seq), 11.0, width);
            let y = if self.up { y - 4.5 } else { y + 12.5 };
            let at = Shape::Text { x: x + 10.0, y, size: 11.0, anchor: Anchor::Start, bold: false, text };
            list.push(Ink::TextSoft, at);
        }
    }
}

fn one_arrow(
    list: &mut List,
    plot: &Plot<'_>,
    arrow: &Arrow,
    (y1, y_end): (f64, f64),
    free: f64,
    badges: &mut Vec<Badge>,
) {
    let frame = plot.frame;
    let x1 = plot.x(arrow.sent);
    let arrived = arrow.end_seq != u32::MAX && plot.happened(arrow.end_seq);
    let (x2, y2) = if arrived {
        // What is lost ends half way.
        let y2 = if arrow.lost { y1 + (y_end - y1) * 0.6 } else { y_end };
        (plot.x(arrow.ended), y2)
    } else {
        let whole = arrow.ended.since(arrow.sent).0 as f64;
        let gone = frame.view.since(arrow.sent).0 as f64;
        // Unknown yet when it will arrive: half way is as good as any place.
        let part =
            if arrow.end_seq == u32::MAX || whole <= 0.0 { 0.5 } else { (gone / whole).clamp(0.0, 1.0) };
        (plot.now.max(x1), y1 + (y_end - y1) * part)
    };
    if x2.max(x1) < plot.left || x1 > plot.right {
        return;
    }
    let ink = if arrow.lost && arrived { Ink::Lost } else { ink_of(arrow.class) };
    let seqs = [Some(arrow.seq), arrived.then_some(arrow.end_seq)];
    let chosen = frame.selected.is_some() && seqs.contains(&frame.selected);
    let lit = chosen || seqs.iter().flatten().any(|seq| frame.path.lights(*seq));
    let dim = std::mem::replace(&mut list.dim, !lit && !frame.path.is_none());
    if lit {
        let width = if chosen { 12.0 } else { 6.0 };
        list.push(Ink::AccentGround, Shape::Line { x1, y1, x2, y2, width, dashed: false });
    }
    let lost = arrow.lost && arrived;
    let width = if chosen { 2.5 } else { 1.25 };
    list.push(ink, Shape::Line { x1, y1, x2, y2, width, dashed: lost });
    let is_dim = list.dim;
    let badge = |x, y, caption| Badge { x, y, ink, packet: arrow.packet, caption, up: arrow.up, dim: is_dim };
    if !arrived {
        badges.push(badge(x2, y2, None));
    } else if lost {
        list.push(Ink::Lost, Shape::Cross { x: x2, y: y2, r: 5.0 });
    } else {
        list.push(ink, Shape::Head { x1, y1, x2, y2 });
    }
    if (free >= BADGE_PX || arrow.by_hand) && x1 >= plot.left && (arrived || x2 - x1 > 16.0) {
        badges.push(badge(x1, y1, (free >= CAPTION_PX).then_some((arrow.seq, free - 20.0))));
    }
    list.dim = dim;
    list.target(arrow.seq, (x1, y1, x2, y2), 6.0);
    list.target(arrow.seq, (x1, y1, x1, y1), 9.0);
}

/// Too many for arrows: columns whose height says how many and whose colour says what most of them are.
fn bands(list: &mut List, plot: &Plot<'_>, (lane, track): (usize, &Track), up: f64, down: f64) {
    let half = WAY / 2.0 - 2.0;
    let before = list.banded;
    let dim = std::mem::replace(&mut list.dim, !plot.frame.path.is_none());
    for (density, is_up) in [(&track.up, true), (&track.down, false)] {
        let bins: Vec<_> = density.bins(&plot.frame.window, plot.frame.view, BIN_PX).collect();
        let most = f64::from(bins.iter().map(|bin| bin.count).max().unwrap_or(1));
        for bin in &bins {
            list.banded += bin.count;
            let to = SimTime(bin.from.0 + bin.length_us);
            let folds = &plot.frame.window.folds;
            let is_hidden = folds.hides(bin.from) && folds.hides(to);
            let Some((x, w)) = plot.clip(bin.from, to).filter(|_| !is_hidden) else { continue };
            // The square root: few are seen beside many.
            let h = (half * (f64::from(bin.count) / most).sqrt()).max(2.0);
            let y = if is_up { up + 1.0 } else { down - h };
            list.push(ink_of(bin.class), Shape::Rect { x, y, w, h });
            let y = if is_up { up } else { up + WAY / 2.0 };
            let (from, count) = (bin.from, bin.count);
            list.columns.push(Column { x, y, w, h: WAY / 2.0, lane, from, to, count });
        }
    }
    let text = format!("{} packets, zoom in to see each", list.banded - before);
    let at = Shape::Text {
        x: plot.left + 8.0,
        y: down + 12.0,
        size: 10.0,
        anchor: Anchor::Start,
        bold: false,
        text,
    };
    list.push(Ink::TextFaint, at);
    list.dim = dim;
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

pub(super) fn ink_of(class: Class) -> Ink {
    match class {
        Class::Connect => Ink::Connect,
        Class::Publish0 => Ink::Publish0,
        Class::Publish1 => Ink::Publish1,
        Class::Publish2 => Ink::Publish2,
        Class::Ack => Ink::Ack,
        Class::Subscribe => Ink::Subscribe,
        Class::Ping => Ink::Ping,
        Class::Disconnect => Ink::Disconnect,
    }
}

/// The letter that stands for a packet; an answer has its question's letter in lower case.
fn letter_of(packet: PacketType) -> &'static str {
    match packet {
        PacketType::Connect => "C",
        PacketType::Connack => "c",
        PacketType::Publish => "P",
        PacketType::Puback | PacketType::Pubcomp => "p",
        PacketType::Pubrec => "r",
        PacketType::Pubrel => "R",
        PacketType::Subscribe => "S",
        PacketType::Suback => "s",
        PacketType::Unsubscribe => "U",
        PacketType::Unsuback => "u",
        PacketType::Pingreq => "I",
        PacketType::Pingresp => "i",
        PacketType::Disconnect => "D",
        PacketType::Auth => "A",
    }
}
