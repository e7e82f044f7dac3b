//! The timeline as a display list: ruler, one group of tracks for each client, the broker's own, and the view's cursor.

use super::label;
use super::lanes::{self, Plot};
use super::list::{Anchor, Ink, List, Shape};
use super::{Fold, Path, Shown, Tracks, Window, broker_group, glyphs, strokes};
use crate::time::SimTime;

/// The height of the ruler at the top, in pixels.
pub const RULER_PX: f64 = 26.0;

/// Half the width of a tooth where the picture is torn, in pixels.
const TOOTH_PX: f64 = 4.0;
/// How much of a marker's name the ruler shows, in pixels.
const NAME_PX: f64 = 90.0;

/// A moment with a name, as the ruler shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Flag {
    /// When.
    pub at: SimTime,
    /// Its title.
    pub title: String,
}

/// Everything that one drawing of the timeline depends on.
pub struct Frame<'a> {
    /// What happened.
    pub tracks: &'a Tracks,
    /// The stretch of time in view; its width is that of the plot, without the gutter.
    pub window: Window,
    /// The view: nothing after it is drawn.
    pub view: SimTime,
    /// How many events have happened at the view.
    pub events: u32,
    /// The width of the column of names, in pixels.
    pub gutter: f64,
    /// The height that can be painted, in pixels.
    pub height: f64,
    /// How far the lanes are scrolled, in pixels.
    pub scroll: f64,
    /// The narration's moments.
    pub flags: &'a [Flag],
    /// The moments that the user named.
    pub markers: &'a [Flag],
    /// Where this branch left another.
    pub branch: Option<SimTime>,
    /// The chosen event.
    pub selected: Option<u32>,
    /// What belongs to it: the rest steps back.
    pub path: &'a Path,
    /// Which tracks are shown.
    pub shown: &'a Shown,
    /// Says what a packet is in a few words; asked only for what has room.
    pub caption: &'a dyn Fn(u32) -> String,
}

#[cfg(test)]
impl<'a> Frame<'a> {
    /// For tests: nothing chosen or marked, everything shown.
    pub(super) fn plain(tracks: &'a Tracks, window: Window, view: SimTime, events: u32) -> Self {
        Self {
            tracks,
            window,
            view,
            events,
            gutter: 100.0,
            height: 400.0,
            scroll: 0.0,
            flags: &[],
            markers: &[],
            branch: None,
            selected: None,
            path: Path::NONE,
            shown: Shown::ALL,
            caption: &|_| String::new(),
        }
    }
}

/// Draws the timeline.
pub fn draw(frame: &Frame<'_>) -> List {
    let mut list = List::default();
    let plot = Plot::new(frame);
    ground(&mut list, &plot);
    let mut y = RULER_PX - frame.scroll;
    let mut lines = vec![None; frame.tracks.clients.len()];
    let rows = frame.shown.rows(frame.tracks, frame.path);
    list.groups = rows.len();
    for row in rows {
        let Some(track) = frame.tracks.clients.get(row.lane) else { continue };
        let room = lanes::Room::of(track, row.collapsed, y);
        lines[row.lane] = Some(room.line());
        lanes::client(&mut list, &plot, (row, track), &room);
        y += room.height;
    }
    let of_broker = y + broker_group::LINE;
    list.dim = false;
    y += broker_group::draw(&mut list, &plot, &frame.tracks.broker, y);
    list.height = y + frame.scroll;
    tears(&mut list, &plot);
    strokes::draw(&mut list, &plot, &lines, of_broker);
    cursor(&mut list, &plot);
    ruler(&mut list, &plot);
    list
}

/// The ground: what lies after the view is told apart from a past in which nothing happened.
fn ground(list: &mut List, plot: &Plot<'_>) {
    let frame = plot.frame;
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w: plot.right, h: frame.height });
    if plot.now < plot.right {
        let x = plot.now.max(plot.left);
        list.push(Ink::Band, Shape::Rect { x, y: 0.0, w: plot.right - x, h: frame.height });
    }
    for gap in gaps(plot) {
        let (x, w) = (gap.x.max(plot.left), gap.x + gap.w - gap.x.max(plot.left));
        list.push(Ink::Band, Shape::Hatch { x, y: RULER_PX, w, h: frame.height - RULER_PX });
    }
    let step = frame.window.ruler_step_us(84.0);
    each_tick(frame, step, |at| {
        let x = plot.x(at).round() + 0.5;
        list.push(
            Ink::Line,
            Shape::Line { x1: x, y1: RULER_PX, x2: x, y2: frame.height, width: 1.0, dashed: false },
        );
    });
}

fn each_tick(frame: &Frame<'_>, step_us: u64, mut then: impl FnMut(SimTime)) {
    for (from, to) in frame.window.open() {
        let mut at = from.0.div_ceil(step_us).saturating_mul(step_us);
        while at <= to.0 {
            then(SimTime(at));
            at += step_us;
        }
    }
}

fn cursor(list: &mut List, plot: &Plot<'_>) {
    if plot.now < plot.left || plot.now > plot.right {
        return;
    }
    let x = plot.now.round() + 0.5;
    let y2 = plot.frame.height;
    list.push(Ink::Accent, Shape::Line { x1: x, y1: RULER_PX, x2: x, y2, width: 1.5, dashed: false });
}

/// The ruler: times in its upper half, what stands at a moment in its lower half.
fn ruler(list: &mut List, plot: &Plot<'_>) {
    let frame = plot.frame;
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w: plot.right, h: RULER_PX });
    let line = RULER_PX - 0.5;
    list.push(
        Ink::Line,
        Shape::Line { x1: 0.0, y1: line, x2: plot.right, y2: line, width: 1.0, dashed: false },
    );
    let chip = chip(plot);
    let step = frame.window.ruler_step_us(84.0);
    let gaps = gaps(plot);
    let mut free_from = plot.left;
    each_tick(frame, step, |at| {
        let x = plot.x(at);
        let text = label::tick(at, step);
        let end = x + 8.0 + glyphs::text_width(&text, 11.0);
        let covered = chip.as_ref().is_some_and(|chip| x < chip.x + chip.w && chip.x < end);
        let torn = gaps.iter().any(|gap| x < gap.x + gap.w && gap.x < end);
        if x < plot.right - 20.0 && x + 4.0 >= free_from && !covered && !torn {
            free_from = end;
            list.push(
                Ink::TextFaint,
                Shape::Text { x: x + 4.0, y: 12.0, size: 11.0, anchor: Anchor::Start, bold: false, text },
            );
        }
        list.push(
            Ink::LineStrong,
            Shape::Line { x1: x, y1: RULER_PX - 6.0, x2: x, y2: RULER_PX, width: 1.0, dashed: false },
        );
    });
    for gap in &gaps {
        let (x, y, text) = (gap.x + gap.w / 2.0, 12.0, glyphs::fit(&gap.length, 11.0, gap.w + 8.0));
        list.push(Ink::TextSoft, Shape::Text { x, y, size: 11.0, anchor: Anchor::Middle, bold: true, text });
    }
    // The gutter's corner covers what slid under it.
    list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w: plot.left, h: RULER_PX - 1.0 });
    for flag in frame.flags {
        let x = plot.x(flag.at);
        if (plot.left - 1.0..=plot.right).contains(&x) {
            let ink = if flag.at <= frame.view { Ink::Retained } else { Ink::LineStrong };
            list.push(ink, Shape::Head { x1: x, y1: 0.0, x2: x, y2: RULER_PX });
        }
    }
    markers(list, plot);
    if let Some(x) = frame.branch.map(|at| plot.x(at)).filter(|x| (plot.left..=plot.right).contains(x)) {
        let mut line = |x1, y1, x2, y2| {
            list.push(Ink::Accent, Shape::Line { x1, y1, x2, y2, width: 2.0, dashed: false });
        };
        // A fork.
        line(x, RULER_PX, x, RULER_PX - 4.0);
        line(x, RULER_PX - 4.0, x - 5.0, RULER_PX - 9.0);
        line(x, RULER_PX - 4.0, x + 5.0, RULER_PX - 9.0);
    }
    if let Some(Chip { x, w, text }) = chip {
        list.push(Ink::Accent, Shape::Rect { x, y: 1.0, w, h: 15.0 });
        list.push(
            Ink::OnColour,
            Shape::Text { x: x + w / 2.0, y: 12.5, size: 11.0, anchor: Anchor::Middle, bold: true, text },
        );
    }
}

/// The user's own moments: a flag on the ruler, with its name where that has room.
fn markers(list: &mut List, plot: &Plot<'_>) {
    let inside = |flag: &&Flag| (plot.left..=plot.right).contains(&plot.x(flag.at));
    let mut shown = plot.frame.markers.iter().filter(inside).peekable();
    while let Some(marker) = shown.next() {
        let x = plot.x(marker.at).round() + 0.5;
        let (y1, y2) = (RULER_PX - 11.0, plot.frame.height);
        list.push(Ink::Will, Shape::Line { x1: x, y1, x2: x, y2, width: 1.0, dashed: true });
        let next = shown.peek().map_or(plot.right, |next| plot.x(next.at));
        let text = glyphs::fit(&marker.title, 10.0, (next - x - 14.0).min(NAME_PX));
        let w = if text.is_empty() { 7.0 } else { glyphs::text_width(&text, 10.0) * 1.1 + 8.0 };
        list.push(Ink::Will, Shape::Rect { x, y: y1, w, h: 11.0 });
        let at = Shape::Text { x: x + 3.0, y: y1 + 9.0, size: 10.0, anchor: Anchor::Start, bold: true, text };
        list.push(Ink::OnColour, at);
    }
}

/// A fold on the screen.
struct Gap {
    begins: SimTime,
    x: f64,
    w: f64,
    /// How long it is, in words.
    length: String,
}

fn gaps(plot: &Plot<'_>) -> Vec<Gap> {
    let window = &plot.frame.window;
    let on_screen = window.folds.as_slice().iter().filter(|fold| fold.to > window.from);
    let gap = |fold: &Fold| {
        let (x, end) = (plot.x(fold.from), plot.x(fold.to));
        Gap { begins: fold.begins, x, w: end - x, length: label::span(whole(fold.to.since(fold.from).0)) }
    };
    on_screen.map(gap).take_while(|gap| gap.x < plot.right).collect()
}

/// A length rounded to what is said of it: two or three digits of its unit.
fn whole(us: u64) -> u64 {
    let unit = match us {
        0..120_000_000 => 1_000_000,
        120_000_000..7_200_000_000 => 60_000_000,
        7_200_000_000..172_800_000_000 => 360_000_000,
        _ => 8_640_000_000,
    };
    (us + unit / 2) / unit * unit
}

/// The picture is torn where time is folded: no stretch of nothing, and seen as such.
fn tears(list: &mut List, plot: &Plot<'_>) {
    for gap in gaps(plot) {
        let (top, bottom) = (RULER_PX, plot.frame.height);
        for x in [gap.x + TOOTH_PX, gap.x + gap.w - TOOTH_PX] {
            let mut y = top;
            let mut side = -1.0;
            while y < bottom {
                let (x1, y1, x2, y2) = (x - side * TOOTH_PX, y, x + side * TOOTH_PX, y + 2.0 * TOOTH_PX);
                if x1.min(x2) >= plot.left {
                    list.push(Ink::LineStrong, Shape::Line { x1, y1, x2, y2, width: 1.0, dashed: false });
                }
                (y, side) = (y2, -side);
            }
        }
        let x = gap.x.max(plot.left);
        let w = (gap.x + gap.w - x).max(0.0);
        list.folds.push((gap.begins, x, w));
    }
}

/// The view's time, on the ruler.
struct Chip {
    x: f64,
    w: f64,
    text: String,
}

fn chip(plot: &Plot<'_>) -> Option<Chip> {
    if plot.now < plot.left || plot.now > plot.right {
        return None;
    }
    let text = label::clock(SimTime(plot.frame.view.0 / 1000 * 1000));
    // Heavy digits are wider than plain ones.
    let w = glyphs::text_width(&text, 11.0) * 1.1 + 12.0;
    let x = (plot.now - w / 2.0).clamp(plot.left, (plot.right - w).max(plot.left));
    Some(Chip { x, w, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::{By, Kind};
    use crate::picture::{Glance, Hit};
    use crate::wire::PacketType;

    /// A publish at each second, on its way for 400 ms, and its acknowledgement at once back.
    fn run(packets: u32) -> Tracks {
        let mut tracks = Tracks::default();
        let start = Glance::new(0, SimTime::ZERO, Kind::SessionCreated, By::Broker, "lamp");
        tracks.take(&start);
        for i in 0..packets {
            let at = SimTime(u64::from(i + 1) * 1_000_000);
            let seq = 1 + 2 * i;
            let packet = Some(PacketType::Publish);
            tracks.take(&Glance {
                packet,
                qos: 1,
                ..Glance::new(seq, at, Kind::PacketSent, By::Client, "lamp")
            });
            let at = SimTime(at.0 + 400_000);
            tracks.take(&Glance {
                packet,
                qos: 1,
                cause: Some(seq),
                ..Glance::new(seq + 1, at, Kind::PacketReceived, By::Broker, "lamp")
            });
        }
        tracks
    }

    fn frame<'a>(tracks: &'a Tracks, view_ms: u64, events: u32, to_s: u64) -> Frame<'a> {
        let window = Window::new(SimTime::ZERO, SimTime(to_s * 1_000_000), 800.0);
        let plain = Frame::plain(tracks, window, SimTime(view_ms * 1000), events);
        Frame { height: 300.0, caption: &|_| "PUBLISH".to_owned(), ..plain }
    }

    fn heads(list: &List) -> Vec<(f64, f64)> {
        let tip = |item: &super::super::Item| match item.shape {
            // Left of the plot stand the names.
            Shape::Head { x2, y2, .. } => (x2 >= 100.0).then_some((x2, y2)),
            _ => None,
        };
        list.items.iter().filter_map(tip).collect()
    }

    #[test]
    fn the_future_is_not_drawn() {
        let tracks = run(5);
        let all = draw(&frame(&tracks, 8000, 11, 10));
        assert_eq!((all.arrows, heads(&all).len()), (5, 5));
        let rewound = draw(&frame(&tracks, 2500, 5, 10));
        assert_eq!(rewound.arrows, 2);
        assert_eq!(draw(&frame(&tracks, 500, 1, 10)).arrows, 0);
    }

    #[test]
    fn a_packet_on_its_way_ends_at_the_cursor() {
        let tracks = run(1);
        // 1.2 s: half of its 400 ms are over.
        let list = draw(&frame(&tracks, 1200, 2, 10));
        assert_eq!(list.arrows, 1);
        assert!(heads(&list).is_empty());
        let discs: Vec<f64> = list
            .items
            .iter()
            .filter_map(|item| match item.shape {
                Shape::Disc { x, .. } => Some(x),
                _ => None,
            })
            .collect();
        assert!(discs.contains(&(100.0 + 96.0)), "{discs:?}");
    }

    #[test]
    fn an_arrow_is_found_under_the_pointer() {
        let tracks = run(3);
        let list = draw(&frame(&tracks, 8000, 7, 10));
        let (x, y) = heads(&list)[1];
        assert_eq!(list.hit(x - 1.0, y - 1.0), Some(Hit::Event(3)));
    }

    #[test]
    fn too_many_packets_become_a_band() {
        let tracks = run(2000);
        let list = draw(&frame(&tracks, 2_000_000, 4001, 2000));
        assert_eq!(list.arrows, 0);
        assert!(list.banded >= 1990, "{}", list.banded);
        assert!(list.items.len() < 2000);
        // Anywhere in the room of a column it is found, with the time that it stands for.
        let column = list.columns[list.columns.len() / 2];
        let (x, y) = (column.x + column.w / 2.0, column.y + column.h / 2.0);
        assert_eq!(list.hit(x, y), Some(Hit::Column(column)));
        let at = frame(&tracks, 2_000_000, 4001, 2000).window.at(x - 100.0);
        assert!(column.from <= at && at < column.to, "{column:?} at {at:?}");
        assert_eq!(list.columns.iter().map(|column| column.count).sum::<u32>(), list.banded);
    }

    #[test]
    fn what_is_chosen_is_drawn_over_a_band() {
        let tracks = run(2000);
        let all = frame(&tracks, 2_000_000, 4001, 2000);
        assert_eq!(heads(&draw(&all)).len(), 0);
        assert_eq!(heads(&draw(&Frame { selected: Some(2001), ..all })).len(), 1);
        let all = frame(&tracks, 2_000_000, 4001, 2000);
        assert_eq!(heads(&draw(&Frame { path: &Path::lighting(&[2001, 2002, 2003]), ..all })).len(), 2);
    }

    #[test]
    fn near_enough_each_of_many_packets_has_its_arrow() {
        let tracks = run(2000);
        let near = Frame {
            window: Window::new(SimTime(1_000_000_000), SimTime(1_003_000_000), 800.0),
            ..frame(&tracks, 2_000_000, 4001, 2000)
        };
        let list = draw(&near);
        assert_eq!((list.arrows, list.banded), (4, 0));
    }

    #[test]
    fn the_views_time_covers_no_other_time() {
        let tracks = run(1);
        let texts = |view_ms| -> Vec<String> {
            let list = draw(&frame(&tracks, view_ms, 1, 10));
            let text = |item: &super::super::Item| match &item.shape {
                Shape::Text { y, text, .. } if *y < RULER_PX => Some(text.clone()),
                _ => None,
            };
            list.items.iter().filter_map(text).collect()
        };
        let has = |view_ms, text: &str| texts(view_ms).iter().any(|shown| shown == text);
        assert!(has(3000, "0:03.000") && has(3000, "2 s") && has(3000, "4 s"));
        assert!(has(4100, "0:04.100") && has(4100, "2 s") && !has(4100, "4 s"));
    }

    #[test]
    fn the_branch_point_is_on_the_ruler() {
        let tracks = run(1);
        let inks = |branch| {
            let list = draw(&Frame { branch, ..frame(&tracks, 8000, 3, 10) });
            let accent = |item: &&super::super::Item| {
                item.ink == Ink::Accent && matches!(item.shape, Shape::Line { y2, .. } if y2 < RULER_PX)
            };
            list.items.iter().filter(accent).count()
        };
        assert_eq!(inks(None), 0);
        assert_eq!(inks(Some(SimTime(4_000_000))), 3);
        assert_eq!(inks(Some(SimTime(40_000_000))), 0, "out of view");
    }

    #[test]
    fn a_letter_that_a_person_had_sent_stays_in_the_crowd() {
        let mut tracks = Tracks::default();
        for seq in 0..4 {
            let at = SimTime(1_000_000 + u64::from(seq) * 10_000);
            let input = Glance::new(2 * seq, at, Kind::Input, By::User, "lamp");
            tracks.take(&Glance { by_hand: seq == 1, ..input });
            let sent = Glance::new(2 * seq + 1, at, Kind::PacketSent, By::Client, "lamp");
            tracks.take(&Glance { packet: Some(PacketType::Publish), cause: Some(2 * seq), ..sent });
            let at = SimTime(at.0 + 5_000);
            let received = Glance::new(100 + seq, at, Kind::PacketReceived, By::Broker, "lamp");
            tracks.take(&Glance { packet: Some(PacketType::Publish), cause: Some(2 * seq + 1), ..received });
        }
        let list = draw(&frame(&tracks, 8000, 200, 10));
        let letters = list.items.iter().filter(|item| matches!(item.shape, Shape::Disc { .. })).count();
        assert_eq!((list.arrows, letters), (4, 2), "the last one has room, the second was asked for");
    }

    #[test]
    fn scrolling_moves_the_lanes_and_not_the_ruler() {
        let tracks = run(1);
        let still = draw(&frame(&tracks, 8000, 3, 10));
        let moved = draw(&Frame { scroll: 20.0, ..frame(&tracks, 8000, 3, 10) });
        assert_eq!(heads(&still)[0].1 - heads(&moved)[0].1, 20.0);
        assert_eq!(still.height, moved.height);
    }
}
