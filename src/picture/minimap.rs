//! The whole run in one strip: how much happens when, what is marked, and which part of it is in view.

use super::arrows::ink_of;
use super::list::{Ink, List, Shape};
use super::{Tracks, Window};
use crate::time::SimTime;

/// How wide a column of the strip is at least, in pixels.
const COLUMN_PX: f64 = 2.0;
/// How narrow the frame is drawn at least, in pixels.
const LEAST_PX: f64 = 8.0;
/// How wide a grip at the frame's edge is drawn, and how tall, as a part of the strip.
const GRIP_PX: f64 = 3.0;
const GRIP_PART: f64 = 0.5;
/// How tall the line of a fault is, in pixels.
const FAULT_PX: f64 = 3.0;

/// What is held of the frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grip {
    /// Its left edge.
    From,
    /// Its right edge.
    To,
    /// All of it.
    Whole,
}

/// The whole run over the width of the strip; what is folded on the timeline is folded here.
#[derive(Clone, PartialEq, Debug)]
pub struct Minimap {
    whole: Window,
    end: SimTime,
}

/// What is marked on it.
pub struct Marked<'a> {
    /// The moment that is looked at.
    pub view: SimTime,
    /// The narration's moments.
    pub flags: &'a [SimTime],
    /// The moments that the user named.
    pub markers: &'a [SimTime],
}

impl Minimap {
    /// A run that ends at `end` over `width` pixels, folded as the window is.
    pub fn new(window: &Window, end: SimTime, width: f64) -> Self {
        let end = end.max(SimTime(1));
        Self { whole: window.resized(width).over(SimTime::ZERO, end), end }
    }

    /// Where a moment stands, in pixels.
    pub fn x(&self, at: SimTime) -> f64 {
        self.whole.x(at)
    }

    /// When the run ends.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// Where the frame around a window stands, and how wide it is, in pixels.
    pub fn frame(&self, window: &Window) -> (f64, f64) {
        let width = self.whole.width;
        let x1 = self.whole.x(window.from).clamp(0.0, width);
        let x2 = self.whole.x(window.to().min(self.end)).clamp(x1, width);
        let w = (x2 - x1).max(LEAST_PX).min(width);
        (((x1 + x2 - w) / 2.0).clamp(0.0, width - w), w)
    }

    /// What a press at `x` holds, where an edge reaches so far, in pixels; nothing beside the frame.
    pub fn grip(&self, window: &Window, x: f64, reach: f64) -> Option<Grip> {
        let (left, w) = self.frame(window);
        // Of a narrow frame a middle part stays for moving it.
        let inside = reach.min(w / 3.0);
        let from_left = x - left;
        if !(-reach..=w + reach).contains(&from_left) {
            None
        } else if from_left < inside {
            Some(Grip::From)
        } else if from_left > w - inside {
            Some(Grip::To)
        } else {
            Some(Grip::Whole)
        }
    }

    /// The window after what was held of `start`'s frame went so many pixels to the right.
    #[must_use]
    pub fn dragged(&self, start: &Window, grip: Grip, pixels: f64) -> Window {
        let (x1, x2) = (self.whole.x(start.from), self.whole.x(start.to()));
        let width = self.whole.width;
        match grip {
            Grip::Whole => {
                let x = (x1 + pixels).min(width - (x2 - x1)).max(0.0);
                Window { from: self.whole.at(x), ..start.clone() }
            }
            Grip::From => {
                let x = (x1 + pixels).min(x2 - 1.0).clamp(0.0, width);
                start.over(self.whole.at(x), start.to())
            }
            Grip::To => {
                // A window that shows more than the run has its edge where that ends.
                let x = (x2.min(width) + pixels).max(x1 + 1.0).clamp(0.0, width);
                start.over(start.from, self.whole.at(x))
            }
        }
    }

    /// The window as long as before with its middle at `x`.
    #[must_use]
    pub fn centred(&self, window: &Window, x: f64) -> Window {
        let middle = (self.whole.x(window.from) + self.whole.x(window.to())) / 2.0;
        self.dragged(window, Grip::Whole, x - middle)
    }

    /// Draws the strip. It looks at as many buckets as there are columns, however long the run is.
    pub fn draw(&self, tracks: &Tracks, window: &Window, marked: &Marked<'_>, height: f64) -> List {
        let mut list = List::default();
        let (left, w) = self.frame(window);
        list.push(Ink::Ground, Shape::Rect { x: 0.0, y: 0.0, w: self.whole.width, h: height });
        list.push(Ink::AccentGround, Shape::Rect { x: left, y: 0.0, w, h: height });
        for fold in self.whole.folds.as_slice() {
            let (x, end) = (self.whole.x(fold.from), self.whole.x(fold.to));
            list.push(Ink::Line, Shape::Hatch { x, y: 0.0, w: end - x, h: height });
        }
        self.columns(&mut list, tracks, (left, left + w), marked.view, height);
        self.faults(&mut list, tracks, marked.view, height);
        for at in marked.flags {
            let x1 = self.whole.x(*at);
            let ink = if *at <= marked.view { Ink::Retained } else { Ink::LineStrong };
            list.push(ink, Shape::Head { x1, y1: 0.0, x2: x1, y2: 8.0 });
        }
        for at in marked.markers {
            let x = self.whole.x(*at).round() + 0.5;
            list.push(
                Ink::Will,
                Shape::Line { x1: x, y1: 0.0, x2: x, y2: height, width: 1.0, dashed: false },
            );
            list.push(Ink::Will, Shape::Rect { x, y: 0.0, w: 5.0, h: 5.0 });
        }
        let x = self.whole.x(marked.view).round() + 0.5;
        list.push(Ink::Accent, Shape::Line { x1: x, y1: 0.0, x2: x, y2: height, width: 1.5, dashed: false });
        let (x, y, h) = (left + 0.5, 0.5, height - 1.0);
        list.push(Ink::Accent, Shape::Frame { x, y, w: w - 1.0, h });
        let (y, h) = (height * (1.0 - GRIP_PART) / 2.0, height * GRIP_PART);
        for x in [left, left + w - GRIP_PX] {
            list.push(Ink::Accent, Shape::Rect { x, y, w: GRIP_PX, h });
        }
        list
    }

    /// How many packets there are when: their square root, so that few are seen beside many. What is out of view steps back, and what is
    /// after the view has no colour.
    fn columns(&self, list: &mut List, tracks: &Tracks, frame: (f64, f64), view: SimTime, height: f64) {
        let open = self.whole.open().into_iter();
        let bins: Vec<_> = open
            .flat_map(|(from, to)| {
                let stretch = Window::new(from, to, self.whole.x(to) - self.whole.x(from));
                tracks.all.bins(&stretch, to, COLUMN_PX).collect::<Vec<_>>()
            })
            .collect();
        let most = f64::from(bins.iter().map(|bin| bin.count).max().unwrap_or(1));
        for bin in &bins {
            let x = self.whole.x(bin.from);
            let w = (self.whole.x(SimTime(bin.from.0 + bin.length_us)) - x).max(1.0);
            let h = ((height - 2.0) * (f64::from(bin.count) / most).sqrt()).max(2.0);
            list.dim = x + w < frame.0 || x > frame.1;
            let ink = if bin.from <= view { ink_of(bin.class) } else { Ink::LineStrong };
            list.push(ink, Shape::Rect { x, y: height - h, w, h });
        }
        list.dim = false;
    }

    /// When a client's network was cut, half-open or stalled: a line at the bottom, one for all clients.
    fn faults(&self, list: &mut List, tracks: &Tracks, view: SimTime, height: f64) {
        for cut in tracks.clients.iter().flat_map(|track| &track.cuts) {
            let x = self.whole.x(cut.from).max(0.0);
            // One that lasts is known to last until the view.
            let to = if cut.lasts() { view.min(self.end) } else { cut.to };
            let w = (self.whole.x(to) - x).max(2.0);
            list.push(Ink::Lost, Shape::Rect { x, y: height - FAULT_PX, w, h: FAULT_PX });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Glance;
    use super::*;
    use crate::broker::{By, Kind};
    use crate::wire::PacketType;

    const S: u64 = 1_000_000;

    /// A run of 100 s over 1,000 px, and a window from 20 s to 40 s.
    fn map() -> (Minimap, Window) {
        let window = Window::new(SimTime(20 * S), SimTime(40 * S), 500.0);
        (Minimap::new(&window, SimTime(100 * S), 1_000.0), window)
    }

    fn seconds(window: &Window) -> (u64, u64) {
        (window.from.0 / S, window.to().0 / S)
    }

    #[test]
    fn the_frame_stands_around_the_window() {
        let (map, window) = map();
        assert_eq!(map.frame(&window), (200.0, 200.0));
        let narrow = Window::new(SimTime(50 * S), SimTime(50 * S + 10), 500.0);
        assert_eq!(map.frame(&narrow).1, LEAST_PX, "and can be held however narrow the window is");
        let wide = Window::new(SimTime::ZERO, SimTime(500 * S), 500.0);
        assert_eq!(map.frame(&wide), (0.0, 1_000.0));
        let beyond = Window::new(SimTime(300 * S), SimTime(500 * S), 500.0);
        assert_eq!(map.frame(&beyond), (1_000.0 - LEAST_PX, LEAST_PX));
    }

    #[test]
    fn a_press_holds_an_edge_or_the_frame_or_nothing() {
        let (map, window) = map();
        let grips = [150.0, 195.0, 205.0, 300.0, 395.0, 405.0, 450.0].map(|x| map.grip(&window, x, 8.0));
        let (from, to) = (Some(Grip::From), Some(Grip::To));
        assert_eq!(grips, [None, from, from, Some(Grip::Whole), to, to, None]);
        let narrow = Window::new(SimTime(50 * S), SimTime(50 * S + 10), 500.0);
        assert_eq!(map.grip(&narrow, 500.0, 8.0), Some(Grip::Whole));
    }

    #[test]
    fn the_frame_is_moved_and_its_edges_apart() {
        let (map, window) = map();
        let dragged = |grip, pixels| seconds(&map.dragged(&window, grip, pixels));
        assert_eq!(dragged(Grip::Whole, 100.0), (30, 50));
        assert_eq!(dragged(Grip::Whole, -900.0), (0, 20), "not before the run");
        assert_eq!(dragged(Grip::Whole, 900.0), (80, 100), "nor after it");
        assert_eq!(dragged(Grip::From, -100.0), (10, 40));
        assert_eq!(dragged(Grip::To, 200.0), (20, 60));
        assert_eq!(dragged(Grip::From, 900.0), (39, 40), "an edge does not pass the other");
        assert_eq!(dragged(Grip::To, -900.0), (20, 20));
        let wider = Window::new(SimTime::ZERO, SimTime(110 * S), 500.0);
        assert_eq!(seconds(&map.dragged(&wider, Grip::To, -500.0)), (0, 50), "from where it is drawn");
        assert_eq!(seconds(&map.centred(&window, 700.0)), (60, 80));
        assert_eq!(seconds(&map.centred(&window, 0.0)), (0, 20));
    }

    fn packet(tracks: &mut Tracks, seq: u32, at: SimTime) {
        let packet = Some(PacketType::Publish);
        tracks.take(&Glance { packet, ..Glance::new(seq, at, Kind::PacketSent, By::Client, "lamp") });
    }

    fn columns(list: &List) -> Vec<(f64, Ink, bool)> {
        let column = |item: &super::super::Item| match item.shape {
            Shape::Rect { x, .. } => Some((x.round(), item.ink, item.dim)),
            _ => None,
        };
        list.items
            .iter()
            .filter_map(column)
            .filter(|(_, ink, _)| [Ink::Publish0, Ink::LineStrong].contains(ink))
            .collect()
    }

    #[test]
    fn packets_are_columns_and_what_is_to_come_has_no_colour() {
        let (map, window) = map();
        let mut tracks = Tracks::default();
        for (seq, s) in (0..).zip([10, 30, 90]) {
            packet(&mut tracks, seq, SimTime(s * S));
        }
        let marked = Marked { view: SimTime(50 * S), flags: &[], markers: &[] };
        let seen: Vec<_> = columns(&map.draw(&tracks, &window, &marked, 30.0));
        let kinds: Vec<_> = seen.iter().map(|(_, ink, dim)| (*ink, *dim)).collect();
        assert_eq!(kinds, [(Ink::Publish0, true), (Ink::Publish0, false), (Ink::LineStrong, true)]);
        for ((x, ..), right) in seen.iter().zip([100.0, 300.0, 900.0]) {
            assert!((x - right).abs() < 6.0, "{x} is not {right}");
        }
    }

    #[test]
    fn a_long_run_has_no_more_columns_than_there_is_room() {
        let (map, window) = map();
        let mut tracks = Tracks::default();
        for seq in 0..100_000 {
            packet(&mut tracks, seq, SimTime(u64::from(seq) * 1_000));
        }
        let marked = Marked { view: SimTime(100 * S), flags: &[], markers: &[] };
        assert!(map.draw(&tracks, &window, &marked, 30.0).items.len() < 520);
    }

    #[test]
    fn cuts_and_marks_stand_on_the_strip() {
        let (map, window) = map();
        let mut tracks = Tracks::default();
        let input = |seq, s: u64, why| Glance {
            why,
            ..Glance::new(seq, SimTime(s * S), Kind::Input, By::Client, "lamp")
        };
        tracks.take(&input(0, 10, "cut"));
        tracks.take(&input(1, 30, "restore"));
        let (flags, markers) = ([SimTime(60 * S)], [SimTime(70 * S)]);
        let list = map.draw(
            &tracks,
            &window,
            &Marked { view: SimTime(100 * S), flags: &flags, markers: &markers },
            30.0,
        );
        let find = |ink, test: fn(&Shape) -> Option<f64>| {
            list.items.iter().filter(|item| item.ink == ink).find_map(|item| test(&item.shape))
        };
        let width = find(Ink::Lost, |shape| if let Shape::Rect { w, .. } = shape { Some(*w) } else { None });
        assert_eq!(width, Some(200.0));
        let flag =
            find(Ink::Retained, |shape| if let Shape::Head { x2, .. } = shape { Some(*x2) } else { None });
        assert_eq!(flag, Some(600.0));
        let marker =
            find(Ink::Will, |shape| if let Shape::Line { x1, .. } = shape { Some(*x1) } else { None });
        assert_eq!(marker, Some(700.5));
    }
}
