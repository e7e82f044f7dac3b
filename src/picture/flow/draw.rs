//! The diagram as a display list of what is in sight.

use super::super::arrows::ink_of;
use super::super::list::{Anchor, Ink, List, Shape};
use super::super::{Tracks, Window, glyphs, label};
use super::diagram::{Diagram, Row, Wait, Way};
use super::faults::{corners, stretch, waiting, what_if};
use super::label::{Label, what_happened};
use crate::broker::Kind;
use crate::time::SimTime;

/// The height of the names at the top, in pixels.
pub const HEAD_PX: f64 = 38.0;
/// Between two lifelines, in pixels: at least and at most.
const LEAST_GAP: f64 = 60.0;
const MOST_GAP: f64 = 330.0;
/// From an edge to the next lifeline.
const EDGE: f64 = 62.0;
/// Between two times beside a wait to scale at least.
const TICK_PX: f64 = 40.0;
/// Half the width of a session's bar.
pub(super) const BAR: f64 = 3.0;
/// From a lifeline to its words.
const OFF: f64 = 9.0;

/// Everything that one drawing depends on.
pub struct Frame<'a> {
    /// What stands where.
    pub diagram: &'a Diagram,
    /// The sessions and cuts of clients.
    pub tracks: &'a Tracks,
    /// The view.
    pub view: SimTime,
    /// The room, in pixels.
    pub width: f64,
    /// The room, in pixels.
    pub height: f64,
    /// How far it is scrolled to the right and down, in pixels.
    pub scroll: (f64, f64),
    /// The chosen event.
    pub selected: Option<u32>,
    /// The events that led to the chosen one and that it led to, in order.
    pub lit: &'a [u32],
    /// How wide a text is at a size, plain or heavy, all in pixels.
    pub measure: &'a dyn Fn(&str, f64, bool) -> f64,
    /// The words of a row, by its event.
    pub label: &'a dyn Fn(u32) -> Label,
    /// Why a packet was lost, by the event that says so.
    pub why: &'a dyn Fn(u32) -> String,
}

/// Where things stand in one drawing.
pub(super) struct Plot<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) diagram: &'a Diagram,
    /// The width of the column of times.
    gutter: f64,
    /// The lifelines.
    xs: Vec<f64>,
    /// The right edge of the words.
    right: f64,
    /// The sizes of words and of times.
    size: f64,
    pub(super) small: f64,
}

impl<'a> Plot<'a> {
    fn new(frame: &'a Frame<'a>) -> Self {
        let diagram = frame.diagram;
        let last = diagram.rows.last().map_or(frame.view, |row| row.at.max(frame.view));
        let small = if frame.width < 560.0 { 9.5 } else { 10.5 };
        let gutter = (frame.measure)(&label::clock(SimTime(last.0 / 1000 * 1000)), small, true) + 14.0;
        let whole = width(diagram, frame.width) - gutter;
        let gaps = gaps(diagram, frame.width);
        let parts: f64 = gaps.iter().sum();
        let edge = EDGE.min(whole / (2.0 * (parts + 1.0)));
        let part = ((whole - 2.0 * edge) / parts.max(1.0)).min(MOST_GAP);
        let mut xs = vec![gutter + (whole - part * parts) / 2.0 - frame.scroll.0];
        for gap in gaps {
            xs.push(xs.last().copied().unwrap_or_default() + part * gap);
        }
        let xs = xs.into_iter().map(f64::round).collect();
        let size = if frame.width < 560.0 { 11.0 } else { 12.0 };
        Self { frame, diagram, gutter, xs, right: gutter + whole - frame.scroll.0, size, small }
    }

    pub(super) fn x(&self, lifeline: usize) -> f64 {
        self.xs.get(lifeline).copied().unwrap_or(self.gutter)
    }

    /// From the diagram's y to the picture's.
    pub(super) fn y(&self, y: f64) -> f64 {
        HEAD_PX + y - self.frame.scroll.1
    }

    fn in_sight(&self, top: f64, bottom: f64) -> bool {
        bottom >= HEAD_PX - 20.0 && top <= self.frame.height + 20.0
    }
}

/// How wide each gap between two lifelines is to the others. What the broker says begins at its lifeline: the fewer stand on a side,
/// the more room they leave for that, where there is any.
fn gaps(diagram: &Diagram, room: f64) -> Vec<f64> {
    let count = diagram.lifelines.len();
    let broker = diagram.lifeline(None).unwrap_or(0);
    let more = |i: usize| match i {
        _ if i + 1 == broker => 1.2 / broker as f64,
        _ if i == broker => 1.2 / (count - 1 - broker) as f64,
        _ => 0.0,
    };
    let all = || 0..count.saturating_sub(1);
    let spare = (room - least(diagram)).max(0.0) / LEAST_GAP;
    let part = (spare / all().map(more).sum::<f64>().max(0.1)).min(1.0);
    all().map(|i| 1.0 + part * more(i)).collect()
}

/// The least width of the diagram, in pixels.
fn least(diagram: &Diagram) -> f64 {
    90.0 + diagram.lifelines.len() as f64 * LEAST_GAP
}

/// How wide the diagram is in a room of this width, in pixels.
pub fn width(diagram: &Diagram, room: f64) -> f64 {
    room.max(least(diagram))
}

/// Draws what is in sight.
pub fn draw(frame: &Frame<'_>) -> List {
    let mut list = List::default();
    let plot = Plot::new(frame);
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w: frame.width, h: frame.height });
    for wait in &frame.diagram.waits {
        band(&mut list, &plot, wait);
    }
    lifelines(&mut list, &plot);
    for wait in &frame.diagram.waits {
        length(&mut list, &plot, wait);
    }
    let rows = || {
        frame
            .diagram
            .rows
            .iter()
            .filter(|row| plot.in_sight(plot.y(row.y) - 20.0, plot.y(bottom(&plot, row))))
    };
    for row in rows() {
        ground(&mut list, &plot, row);
    }
    for row in rows() {
        if let Some(way) = &row.way {
            arrow(&mut list, &plot, row, way);
            list.arrows += 1;
        }
    }
    for row in rows() {
        words(&mut list, &plot, row);
    }
    now(&mut list, &plot);
    times(&mut list, &plot, rows());
    heads(&mut list, &plot);
    list.height = frame.diagram.height + HEAD_PX;
    list
}

/// Where a row ends.
fn bottom(plot: &Plot<'_>, row: &Row) -> f64 {
    match row.way {
        Some(Way { again: Some(end), .. } | Way { end: Some(end), .. }) => end.y,
        Some(_) => plot.diagram.now.unwrap_or(row.y + 24.0),
        None => row.y,
    }
}

pub(super) fn line(x1: f64, y1: f64, x2: f64, y2: f64, width: f64) -> Shape {
    Shape::Line { x1, y1, x2, y2, width, dashed: false }
}

/// The ground of a wait.
fn band(list: &mut List, plot: &Plot<'_>, wait: &Wait) {
    let y = plot.y(wait.y);
    if wait.folded && plot.in_sight(y, y + wait.h) {
        list.push(Ink::Band, Shape::Rect { x: 0.0, y, w: plot.frame.width, h: wait.h });
    }
}

/// How long a wait is, and where it is folded, that it is.
fn length(list: &mut List, plot: &Plot<'_>, wait: &Wait) {
    let y = plot.y(wait.y);
    if !plot.in_sight(y, y + wait.h) {
        return;
    }
    // Of a long one in the middle of what is in sight.
    let (top, bottom) = (y.max(HEAD_PX), (y + wait.h).min(plot.frame.height));
    let middle = if wait.folded { y + wait.h / 2.0 } else { (top + bottom) / 2.0 };
    if wait.folded {
        for x in &plot.xs {
            // The lifeline is torn.
            list.push(Ink::Band, Shape::Rect { x: x - 6.0, y: middle - 5.0, w: 12.0, h: 10.0 });
            for y in [middle - 4.0, middle + 4.0] {
                for (x1, y1, x2, y2) in
                    [(-7.0, 2.0, -2.0, -3.0), (-2.0, -3.0, 2.0, 3.0), (2.0, 3.0, 7.0, -2.0)]
                {
                    list.push(Ink::TextFaint, line(x + x1, y + y1, x + x2, y + y2, 1.25));
                }
            }
        }
    }
    if !wait.folded {
        ticks(list, plot, wait);
    }
    let text = label::span(wait.us);
    let (x, anchor) =
        if wait.folded { (plot.gutter - 8.0, Anchor::End) } else { (plot.gutter + 10.0, Anchor::Start) };
    if !wait.folded {
        // From its top to its bottom.
        let x = plot.gutter + 4.0;
        list.push(Ink::LineStrong, line(x, top + 4.0, x, bottom - 20.0, 1.0));
        list.push(Ink::LineStrong, line(x - 3.0, bottom - 20.0, x + 4.0, bottom - 20.0, 1.0));
        list.push(Ink::LineStrong, line(x - 3.0, top + 4.0, x + 4.0, top + 4.0, 1.0));
        let (w, h) = ((plot.frame.measure)(&text, 11.0, true) + 8.0, 16.0);
        list.push(Ink::Ground, Shape::Rect { x: x + 2.0, y: middle - 8.0, w, h });
    }
    list.push(Ink::TextSoft, Shape::Text { x, y: middle + 4.0, size: 11.0, anchor, bold: true, text });
}

/// The clock beside a wait to scale, where its length leaves room for that.
fn ticks(list: &mut List, plot: &Plot<'_>, wait: &Wait) {
    let window = Window { length_us: wait.us.max(1), ..Window::new(wait.from, wait.from, wait.h) };
    let step = window.ruler_step_us(TICK_PX);
    let in_sight = |y: f64| y > HEAD_PX && y < plot.frame.height;
    let first = window.at((HEAD_PX - plot.y(wait.y)).max(0.0)).0.div_ceil(step) * step;
    let ticks = (0..).map(|i| SimTime(first + i * step)).take_while(|at| *at < window.to());
    for at in ticks {
        let y = plot.y(wait.y + window.x(at));
        if y > plot.frame.height {
            break;
        }
        if in_sight(y) {
            list.push(Ink::Line, line(plot.gutter - 4.0, y, plot.frame.width, y, 1.0));
            let (x, y, text) = (plot.gutter - 8.0, y + 3.5, label::tick(at, step));
            list.push(
                Ink::TextFaint,
                Shape::Text { x, y, size: plot.small, anchor: Anchor::End, bold: false, text },
            );
        }
    }
}

fn lifelines(list: &mut List, plot: &Plot<'_>) {
    let bottom = plot.y(plot.diagram.now.unwrap_or(plot.diagram.height)).min(plot.frame.height);
    for (client, x) in plot.diagram.lifelines.iter().zip(&plot.xs) {
        let x = *x;
        let (y1, y2) = (HEAD_PX, bottom.max(HEAD_PX));
        let Some(client) = client else {
            list.push(Ink::Accent, Shape::Rect { x: x - 1.5, y: y1, w: 3.0, h: y2 - y1 });
            continue;
        };
        list.push(Ink::LineStrong, Shape::Line { x1: x, y1, x2: x, y2, width: 1.0, dashed: true });
        let track = plot.frame.tracks.position(client).and_then(|lane| plot.frame.tracks.clients.get(lane));
        let Some(track) = track else { continue };
        let clip = |from: SimTime, to: SimTime| {
            let top = plot.y(plot.diagram.y(from)).max(HEAD_PX);
            let end = if to > plot.frame.view { bottom } else { plot.y(plot.diagram.y(to)).min(bottom) };
            (end > top).then_some((top, end - top))
        };
        for session in track.sessions.iter().filter(|session| plot.diagram.happened(session.seq)) {
            let Some((y, h)) = clip(session.from, session.to) else { continue };
            let (x, w) = (x - BAR, 2.0 * BAR);
            if session.value == 1 {
                list.push(Ink::Session, Shape::Rect { x, y, w, h });
            } else {
                list.push(Ink::Ground, Shape::Rect { x, y, w, h });
                list.push(Ink::SessionKept, Shape::Frame { x: x + 0.5, y, w: w - 1.0, h });
            }
        }
        for cut in track.cuts.iter().filter(|cut| plot.diagram.happened(cut.seq)) {
            let Some(ys) = clip(cut.from, cut.to) else { continue };
            let toward =
                if plot.diagram.lifeline(None).is_some_and(|broker| plot.x(broker) < x) { -1.0 } else { 1.0 };
            stretch(list, plot, cut, (x, toward), ys);
        }
    }
}

/// Whether a row's event is the chosen one, and whether it belongs to it.
fn chosen(plot: &Plot<'_>, row: &Row) -> (bool, bool) {
    let ends = row.way.iter().flat_map(Way::ends).map(|end| end.seq);
    let mut seqs = ends.chain([row.seq]);
    let chosen = plot.frame.selected.is_some_and(|chosen| seqs.clone().any(|seq| seq == chosen));
    (chosen, seqs.any(|seq| plot.frame.lit.binary_search(&seq).is_ok()))
}

/// The ground of the chosen row.
fn ground(list: &mut List, plot: &Plot<'_>, row: &Row) {
    if chosen(plot, row).0 {
        let y = plot.y(row.y) - 17.0;
        list.push(Ink::AccentGround, Shape::Rect { x: 0.0, y, w: plot.frame.width, h: 21.0 });
    }
}

fn arrow(list: &mut List, plot: &Plot<'_>, row: &Row, way: &Way) {
    let (x, goal) = (plot.x(row.from), plot.x(way.to));
    let to_right = if goal > x { 1.0 } else { -1.0 };
    let (x1, x2) = (x + to_right * BAR, goal - to_right * (BAR + 0.5));
    let (y1, y_end) = (plot.y(row.y), plot.y(way.end.map_or_else(|| bottom(plot, row), |end| end.y)));
    let lost = way.end.is_some_and(|end| end.lost);
    let corners = corners(way, (x1, y1), (x2, y_end));
    let last = corners.len() - 1;
    let ((x1, y1), (x2, y2)) = (corners[last - 1], corners[last]);
    let ink = if lost { Ink::Lost } else { ink_of(way.class) };
    let (chosen, lit) = chosen(plot, row);
    let lines = || corners.windows(2).map(|two| (two[0], two[1]));
    for ((x1, y1), (x2, y2)) in lines().filter(|_| lit || chosen) {
        list.push(Ink::AccentGround, line(x1, y1, x2, y2, if chosen { 12.0 } else { 7.0 }));
    }
    let width = if chosen { 2.5 } else { 1.5 };
    for ((x1, y1), (x2, y2)) in lines() {
        list.push(ink, Shape::Line { x1, y1, x2, y2, width, dashed: lost });
        list.target(row.seq, (x1, y1, x2, y2), 6.0);
    }
    waiting(list, plot, way, &corners);
    if lost {
        list.push(Ink::Lost, Shape::Cross { x: x2, y: y2, r: 6.0 });
    } else if way.end.is_some() {
        list.push(ink, Shape::Head { x1, y1, x2, y2 });
    } else {
        list.push(ink, Shape::Disc { x: x2, y: y2, r: 4.5 });
    }
    what_if(list, plot, row, way, [corners[0], (x2, y2)]);
}

/// As much of a text as fits, and how wide that is.
fn fit(plot: &Plot<'_>, text: &str, size: f64, bold: bool, room: f64) -> (String, f64) {
    let measure = plot.frame.measure;
    let whole = measure(text, size, bold);
    if whole <= room {
        return (text.to_owned(), whole);
    }
    // As much wider or narrower as the whole is than it is known to be here.
    let face = whole / glyphs::text_width(text, size).max(1.0);
    let text = glyphs::fit(text, size * face, room);
    let cut = measure(&text, size, bold);
    (text, cut)
}

/// What a row says.
fn words(list: &mut List, plot: &Plot<'_>, row: &Row) {
    let frame = plot.frame;
    let Label { name, rest } = (frame.label)(row.seq);
    let (x, y, size) = (plot.x(row.from), plot.y(row.y), plot.size);
    let to_right = plot.x(row.toward) > x || plot.diagram.lifelines.len() < 2;
    let lost = row.way.and_then(|way| way.end).filter(|end| end.lost);
    let of_loss = lost.map(|end| (frame.why)(end.seq));
    let why = row.way.map(|way| what_happened(&way, of_loss.as_deref())).unwrap_or_default();
    let mark = if row.way.is_none() { 15.0 } else { 0.0 };
    let room = if to_right { plot.right - x } else { x - plot.gutter + frame.scroll.0 } - OFF - mark - 6.0;
    let (name, name_w) = fit(plot, &name, size, true, room);
    let (why, why_w) = fit(plot, &why, size, true, room - name_w - 24.0);
    let why_w = if why.is_empty() { 0.0 } else { why_w + 7.0 };
    let (rest, rest_w) = fit(plot, &rest, size, false, room - name_w - why_w - 6.0);
    let rest_w = if rest.is_empty() { 0.0 } else { rest_w + 5.0 };
    let whole = name_w + rest_w + why_w;
    let left = if to_right { x + OFF + mark } else { x - OFF - mark - whole };
    let base = if row.way.is_some() { y - 5.0 } else { y - 2.0 };
    let is_chosen = chosen(plot, row).0;
    if row.way.is_none() {
        let (x, w) = (if to_right { x + OFF - 3.0 } else { left - 5.0 }, whole + mark + 8.0);
        list.push(
            if is_chosen { Ink::AccentGround } else { Ink::Band },
            Shape::Rect { x, y: y - 14.5, w, h: 18.0 },
        );
        list.push(Ink::Line, Shape::Frame { x: x + 0.5, y: (y - 14.5).round() + 0.5, w, h: 18.0 });
    } else {
        let ink = if is_chosen { Ink::AccentGround } else { Ink::Ground };
        list.push(ink, Shape::Rect { x: left - 2.0, y: base - size + 1.0, w: whole + 4.0, h: size + 3.0 });
    }
    let text = |x, bold, text| Shape::Text { x, y: base, size, anchor: Anchor::Start, bold, text };
    let (ink, soft) =
        if row.way.is_some() { (Ink::Text, Ink::TextSoft) } else { (Ink::TextSoft, Ink::TextSoft) };
    list.push(ink, text(left, true, name));
    if !rest.is_empty() {
        list.push(soft, text(left + name_w + 5.0, false, rest));
    }
    if !why.is_empty() {
        let struck = left + name_w + rest_w;
        let y = base - size * 0.35;
        let ink = if row.way.is_some_and(|way| way.met.is_some()) { Ink::WhatIf } else { Ink::Lost };
        if lost.is_some() {
            list.push(ink, line(left - 1.0, y, struck + 1.0, y, 1.25));
        }
        list.push(ink, text(struck + 7.0, true, why));
    }
    if row.way.is_none() {
        let sign = if to_right { x + OFF + 5.0 } else { left + whole + 9.0 };
        sign_of(list, row.kind, sign, y - 5.5);
    }
    list.target(row.seq, (left, base - 4.0, left + whole, base - 4.0), 8.0);
}

/// The sign of a mark, by what it is about.
fn sign_of(list: &mut List, kind: Kind, x: f64, y: f64) {
    let (ink, shape) = match kind {
        Kind::MessageQueued => (Ink::Queue, Shape::Rect { x: x - 4.0, y: y - 4.0, w: 8.0, h: 8.0 }),
        Kind::WillSent => (Ink::Will, Shape::Diamond { x, y, r: 5.0, hollow: false }),
        Kind::WillScheduled | Kind::WillDiscarded => {
            (Ink::Will, Shape::Diamond { x, y, r: 4.5, hollow: true })
        }
        Kind::RetainedStored | Kind::RetainedReplaced => (Ink::Retained, Shape::Disc { x, y, r: 4.0 }),
        Kind::QuotaDelayed => (Ink::Bucket, Shape::Disc { x, y, r: 4.0 }),
        Kind::Operation => (Ink::Accent, Shape::Disc { x, y, r: 4.0 }),
        Kind::Input => (Ink::Lost, Shape::Diamond { x, y, r: 4.5, hollow: false }),
        Kind::SessionTakenOver | Kind::SessionExpired | Kind::SessionDisconnected => {
            (Ink::Disconnect, Shape::Frame { x: x - 3.5, y: y - 3.5, w: 7.0, h: 7.0 })
        }
        _ => (Ink::Lost, Shape::Cross { x, y, r: 3.5 }),
    };
    list.push(ink, shape);
}

/// The view: nothing below it has happened.
fn now(list: &mut List, plot: &Plot<'_>) {
    let Some(y) = plot.diagram.now.map(|now| plot.y(now).round() + 0.5) else { return };
    if !plot.in_sight(y, y) {
        return;
    }
    list.push(Ink::Accent, line(0.0, y, plot.frame.width, y, 1.5));
    let text = label::clock(SimTime(plot.frame.view.0 / 1000 * 1000));
    let w = plot.gutter - 4.0;
    list.push(Ink::Accent, Shape::Rect { x: 0.0, y: y - 8.0, w, h: 16.0 });
    let (x, y) = (w / 2.0, y + 4.0);
    list.push(
        Ink::OnColour,
        Shape::Text { x, y, size: plot.small, anchor: Anchor::Middle, bold: true, text },
    );
}

/// When rows are, where that changes.
fn times<'a>(list: &mut List, plot: &Plot<'_>, rows: impl Iterator<Item = &'a Row>) {
    let now = plot.diagram.now.map_or(f64::INFINITY, |now| plot.y(now));
    let mut last = (None, f64::NEG_INFINITY);
    for row in rows {
        let y = plot.y(row.y);
        if last.0 == Some(row.at) || y - last.1 < 13.0 || y > now - 12.0 {
            continue;
        }
        last = (Some(row.at), y);
        let text = label::clock(SimTime(row.at.0 / 1000 * 1000));
        let x = plot.gutter - 8.0;
        list.push(
            Ink::TextFaint,
            Shape::Text { x, y: y - 3.0, size: plot.small, anchor: Anchor::End, bold: false, text },
        );
    }
}

/// The names, over what slid under them.
fn heads(list: &mut List, plot: &Plot<'_>) {
    let w = plot.frame.width;
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w, h: HEAD_PX });
    for (i, (client, x)) in plot.diagram.lifelines.iter().zip(&plot.xs).enumerate() {
        let around = plot.xs.get(i.saturating_sub(1)..plot.xs.len().min(i + 2)).unwrap_or_default();
        let gap = around.windows(2).map(|two| two[1] - two[0]).fold(160.0, f64::min);
        let name = client.as_deref().unwrap_or("broker");
        let (text, w) = fit(plot, name, plot.size, true, gap - 18.0);
        let w = w + 14.0;
        // At an edge of the whole diagram a long name moves in.
        let left = (x - w / 2.0).min(plot.right - w - 2.0);
        let (left, y, h) = (left.round() + 0.5, 6.5, 23.0);
        let (ground, edge) =
            if client.is_none() { (Ink::AccentGround, Ink::Accent) } else { (Ink::Band, Ink::LineStrong) };
        list.push(ground, Shape::Rect { x: left, y, w, h });
        list.push(edge, Shape::Frame { x: left, y, w, h });
        let y = 6.5 + h / 2.0 + plot.size * 0.36;
        list.push(
            Ink::Text,
            Shape::Text { x: left + w / 2.0, y, size: plot.size, anchor: Anchor::Middle, bold: true, text },
        );
    }
    list.push(Ink::Line, line(0.0, HEAD_PX - 0.5, w, HEAD_PX - 0.5, 1.0));
}
