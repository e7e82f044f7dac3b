//! The broker's group of tracks: numbers over time, its wills, and what its quotas did. Only what the run uses has a strip.

use super::broker_track::{BrokerTrack, QuotaTrack};
use super::glyphs;
use super::lanes::{BOTTOM, Plot, TOP, caption, chevron, cover, levels, name, now, room};
use super::levels::Levels;
use super::list::{Ink, List, Name, Shape};
use super::track::Note;
use crate::broker::Kind;

/// The head of the group, with its name.
const HEAD: f64 = 18.0;
/// From the top of the group to where strokes to it end.
pub(super) const LINE: f64 = TOP + HEAD / 2.0;
/// The strips, and the room under each.
const LEVEL: f64 = 14.0;
const QUOTA: f64 = 10.0;
const GAP: f64 = 6.0;
/// Room for the marks of wills over how many are armed.
const MARKS: f64 = 12.0;
/// Marks that are nearer than this, in pixels, are one.
const APART_PX: f64 = 2.0;

/// One strip.
enum Strip<'a> {
    Level(&'static str, &'a Levels, Ink),
    Wills(&'a Levels, &'a [Note]),
    Quota(&'a QuotaTrack),
}

impl Strip<'_> {
    fn height(&self) -> f64 {
        match self {
            Self::Level(..) => LEVEL,
            Self::Wills(..) => MARKS + LEVEL,
            Self::Quota(_) => QUOTA,
        }
    }

    fn draw(&self, list: &mut List, plot: &Plot<'_>, top: f64) {
        match self {
            Self::Level(_, number, ink) => levels(list, plot, number, *ink, (top, LEVEL)),
            Self::Wills(armed, marks) => {
                levels(list, plot, armed, Ink::Will, (top + MARKS, LEVEL));
                wills(list, plot, marks, top + MARKS / 2.0 - 1.0);
            }
            Self::Quota(quota) => exceeded(list, plot, quota, top),
        }
    }

    /// What it is, and its value at the view.
    fn caption(&self, plot: &Plot<'_>) -> String {
        match self {
            Self::Level(what, number, _) => format!("{what} {}", now(plot, number)),
            Self::Wills(armed, _) => format!("wills armed {}", now(plot, armed)),
            Self::Quota(quota) => {
                let times = quota.seqs.partition_point(|seq| plot.happened(*seq));
                let whole = format!("{times}× {}", quota.key);
                match quota.key.rsplit_once('.') {
                    Some((_, last)) if glyphs::fit(&whole, 11.0, room(plot)) != whole => {
                        format!("{times}× {last}")
                    }
                    _ => whole,
                }
            }
        }
    }
}

fn strips(broker: &BrokerTrack) -> Vec<Strip<'_>> {
    let numbers = [
        ("connections", &broker.connections, Ink::Session),
        ("sessions", &broker.sessions, Ink::SessionKept),
        ("queued", &broker.queued, Ink::Queue),
        ("retained", &broker.retained, Ink::Retained),
    ];
    let used = numbers.into_iter().filter(|(_, number, _)| !number.is_empty());
    let numbers = used.map(|(what, number, ink)| Strip::Level(what, number, ink));
    let wills = (!broker.wills.is_empty()).then_some(Strip::Wills(&broker.armed, &broker.wills));
    numbers.chain(wills).chain(broker.quotas.iter().map(Strip::Quota)).collect()
}

/// Draws the group with its top at `top`, and says how tall it is.
pub(super) fn draw(list: &mut List, plot: &Plot<'_>, broker: &BrokerTrack, top: f64) -> f64 {
    let collapsed = plot.frame.shown.broker_collapsed;
    let strips = if collapsed { Vec::new() } else { strips(broker) };
    let height = TOP + HEAD + strips.iter().map(|strip| strip.height() + GAP).sum::<f64>() + BOTTOM;
    if top > plot.frame.height {
        return height;
    }
    let placed = || {
        strips.iter().scan(top + TOP + HEAD, |next, strip| {
            let y = *next;
            *next += strip.height() + GAP;
            Some((strip, y))
        })
    };
    placed().for_each(|(strip, y)| strip.draw(list, plot, y));
    cover(list, plot, top, height);
    placed().for_each(|(strip, y)| caption(list, plot, &strip.caption(plot), y + strip.height() - 1.0));
    let y = top + TOP + 10.0;
    chevron(list, collapsed, y);
    name(list, plot, "Broker", "", y);
    list.names.push(Name { lane: None, right: plot.left, y: top, h: TOP + HEAD });
    height
}

/// The notes that are in the past and on the screen, no two in the same place.
fn shown<'t>(plot: &Plot<'_>, notes: &'t [Note]) -> Vec<(&'t Note, f64)> {
    let past = &notes[..notes.partition_point(|note| plot.happened(note.seq))];
    let window = &plot.frame.window;
    let mut next = past.partition_point(|note| note.at < window.from);
    let mut shown = Vec::new();
    while let Some(note) = past.get(next).filter(|note| note.at <= window.to()) {
        let x = plot.x(note.at);
        shown.push((note, x));
        let until = window.at(x - plot.left + APART_PX);
        next = past.partition_point(|note| note.at < until).max(next + 1);
    }
    shown
}

/// ◇ where a will was armed, ◆ where it was sent, a cross where it was discarded.
fn wills(list: &mut List, plot: &Plot<'_>, marks: &[Note], y: f64) {
    for (mark, x) in shown(plot, marks) {
        let shape = match mark.kind {
            Kind::WillArmed => Shape::Diamond { x, y, r: 4.0, hollow: true },
            Kind::WillSent => Shape::Diamond { x, y, r: 5.0, hollow: false },
            _ => Shape::Cross { x, y, r: 3.5 },
        };
        list.push(Ink::Will, shape);
        list.target(mark.seq, (x, y, x, y), 7.0);
    }
}

/// When a quota held something back, and where it refused something.
fn exceeded(list: &mut List, plot: &Plot<'_>, quota: &QuotaTrack, top: f64) {
    let (x1, x2, base) = (plot.left, plot.right, top + QUOTA);
    list.push(Ink::Line, Shape::Line { x1, y1: base, x2, y2: base, width: 1.0, dashed: false });
    let window = &plot.frame.window;
    let mut next = quota.delays.partition_point(|delay| delay.to < window.from);
    while let Some(delay) = quota.delays.get(next).filter(|delay| plot.happened(delay.seq)) {
        let Some((x, w)) = plot.clip(delay.from, delay.to) else { break };
        list.push(Ink::Queue, Shape::Hatch { x, y: top + 2.0, w, h: QUOTA - 2.0 });
        list.target(delay.seq, (x, top + QUOTA / 2.0, x + w, top + QUOTA / 2.0), QUOTA / 2.0);
        let until = window.at(x + w - plot.left + APART_PX);
        next = quota.delays.partition_point(|delay| delay.from < until).max(next + 1);
    }
    let y = top + QUOTA / 2.0;
    for (refusal, x) in shown(plot, &quota.refusals) {
        list.push(Ink::Lost, Shape::Cross { x, y, r: 4.0 });
        list.target(refusal.seq, (x, y, x, y), 7.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Frame, Glance, Hit, Shown, Tracks, Window, draw};
    use super::*;
    use crate::broker::By;
    use crate::time::SimTime;

    /// A client with a will, which is gone at 9 s, and so many refusals in the middle.
    fn run(refused: u32) -> Tracks {
        let mut tracks = Tracks::default();
        let mut seq = 0;
        let mut take = |us: u64, kind, topic| {
            tracks.take(&Glance { topic, ..Glance::new(seq, SimTime(us), kind, By::Broker, "lamp") });
            seq += 1;
        };
        take(1_000_000, Kind::SessionCreated, "");
        take(1_000_000, Kind::WillArmed, "");
        for n in 0..u64::from(refused) {
            take(2_000_000 + n * 10, Kind::QuotaRefused, "publish.in_per_s");
        }
        take(9_000_000, Kind::WillSent, "");
        take(9_000_000, Kind::SessionExpired, "");
        tracks
    }

    fn list(tracks: &Tracks, events: u32, shown: &Shown) -> List {
        let view = SimTime(if events < tracks.next { 5_000_000 } else { 10_000_000 });
        let window = Window::new(SimTime::ZERO, SimTime(10_000_000), 1_000.0);
        draw(&Frame { gutter: 200.0, shown, ..Frame::plain(tracks, window, view, events) })
    }

    fn texts(list: &List) -> Vec<String> {
        let text = |item: &'_ super::super::Item| match &item.shape {
            Shape::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        list.items.iter().filter_map(text).collect()
    }

    fn has(list: &List, text: &str) -> bool {
        texts(list).iter().any(|one| one == text)
    }

    #[test]
    fn each_strip_says_its_value_at_the_view() {
        let tracks = run(3);
        let now = list(&tracks, tracks.next, Shown::ALL);
        assert!(has(&now, "connections 0") && has(&now, "wills armed 0"), "{:?}", texts(&now));
        assert!(has(&now, "3× publish.in_per_s"));
        let before = list(&tracks, 4, Shown::ALL);
        assert!(has(&before, "connections 1") && has(&before, "wills armed 1"));
        assert!(has(&before, "2× publish.in_per_s"), "{:?}", texts(&before));
        assert!(!texts(&now).iter().any(|text| text.starts_with("queued")), "what is unused has no strip");
    }

    #[test]
    fn wills_are_marked_where_they_are_armed_and_sent() {
        let tracks = run(0);
        // In the client's own group, and in the broker's.
        let diamonds = |list: &List| -> Vec<(f64, bool)> {
            let diamond = |item: &super::super::Item| match item.shape {
                Shape::Diamond { x, hollow, .. } => Some((x, hollow)),
                _ => None,
            };
            list.items.iter().filter_map(diamond).collect()
        };
        let pair = [(300.0, true), (1_100.0, false)];
        assert_eq!(diamonds(&list(&tracks, tracks.next, Shown::ALL)), [pair, pair].concat());
        assert_eq!(diamonds(&list(&tracks, 2, Shown::ALL)), [pair[0], pair[0]], "not before it happens");
    }

    #[test]
    fn the_group_collapses_to_its_head() {
        let tracks = run(1);
        let (open, closed) = (
            list(&tracks, tracks.next, Shown::ALL),
            list(&tracks, tracks.next, &Shown { broker_collapsed: true, ..Shown::default() }),
        );
        assert!(closed.height < open.height - 60.0);
        assert!(has(&closed, "Broker") && !has(&closed, "connections 0"));
        let head = closed.names.iter().find(|name| name.lane.is_none()).unwrap();
        assert_eq!(closed.hit(10.0, head.y + 4.0), Some(Hit::Name(None)));
    }

    #[test]
    fn many_refusals_in_one_place_are_drawn_once() {
        let tracks = run(50_000);
        let list = list(&tracks, tracks.next, Shown::ALL);
        assert!(has(&list, "50000× publish.in_per_s"));
        // Half a second is 50 pixels.
        let crosses = |item: &&super::super::Item| matches!(item.shape, Shape::Cross { .. });
        assert!((20..80).contains(&list.items.iter().filter(crosses).count()));
    }
}
