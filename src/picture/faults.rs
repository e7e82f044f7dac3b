//! Faults by hand on the timeline: when nothing arrived and why, and what-ifs, folded from the trace and drawn.

use super::glance::Glance;
use super::glyphs::text_width;
use super::lanes::Plot;
use super::list::{Anchor, Ink, List, Shape};
use super::track::{Arrow, Stretch, Track};
use crate::broker::Kind;
use crate::sim::Done;
use crate::time::SimTime;

/// The letter of a what-if.
const LETTER: &str = "W";
/// A copy arrives with its original: its arrow ends so far beside that one's, in pixels.
const AGAIN_PX: f64 = 5.0;
/// The `value` of a stretch in [`Track::cuts`]: the network is cut, one way of it is dead, or it is stalled; with the words.
pub(super) const CUT: u32 = 0;
pub(super) const DEAD_UP: u32 = 1;
pub(super) const DEAD_DOWN: u32 = 2;
pub(super) const STALLED: u32 = 3;
const WORDS: [&str; 4] =
    ["network cut", "half-open: nothing to the broker", "half-open: nothing to the client", "stalled"];

/// A what-if that a packet met with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Met {
    /// The event that says so.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// The event that sent the packet.
    pub sent: u32,
    /// Whether the packet goes to the broker.
    pub up: bool,
    /// What was done.
    pub done: Done,
    /// The second end of a packet that was doubled.
    pub again: Option<Again>,
}

/// How the copy of a doubled packet ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Again {
    /// The event.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// Whether it was lost.
    pub lost: bool,
}

/// Whether an event says that a packet met with a what-if.
pub(super) fn is_what_if(event: &Glance<'_>) -> bool {
    match event.kind {
        Kind::Decision => event.topic == "what-if",
        Kind::PacketLost => event.why.starts_with("what-if"),
        _ => false,
    }
}

impl Track {
    /// Takes an event that may tell of a fault.
    pub(super) fn fault(&mut self, event: &Glance<'_>) {
        let begins = match (event.kind, event.why) {
            (Kind::Input, "cut") => (CUT, SimTime::END),
            (Kind::Input, "half_open") if event.topic == "to_broker" => (DEAD_UP, SimTime::END),
            (Kind::Input, "half_open") => (DEAD_DOWN, SimTime::END),
            (Kind::Input, "stall") => (STALLED, event.until.unwrap_or(event.at)),
            (Kind::Input, "restore") => return self.restored(event),
            (Kind::Decision, _) if event.topic == "ignored" => {
                // What was asked for was not done.
                return self.cuts.retain(|stretch| Some(stretch.seq) != event.cause);
            }
            _ => return,
        };
        let (value, to) = begins;
        if value == CUT {
            self.restored(event);
        }
        self.cuts.push(Stretch { seq: event.seq, from: event.at, to, value });
    }

    /// Takes an event that tells of a what-if, which the packet that event `sent` sent met with.
    pub(super) fn meets(&mut self, event: &Glance<'_>, sent: u32) {
        let arrow = self.arrows.binary_search_by_key(&sent, |arrow| arrow.seq);
        let Some(arrow) = arrow.ok().and_then(|at| self.arrows.get_mut(at)) else { return };
        let Some(done) = Done::told(event.why) else { return };
        arrow.met = true;
        self.met.push(Met { seq: event.seq, at: event.at, sent, up: arrow.up, done, again: None });
    }

    /// Takes the end of a copy, which a what-if made by event `doubled`.
    pub(super) fn ends_again(&mut self, event: &Glance<'_>, doubled: u32) {
        let Ok(at) = self.met.binary_search_by_key(&doubled, |met| met.seq) else { return };
        if let Some(met) = self.met.get_mut(at).filter(|met| met.again.is_none()) {
            let lost = event.kind == Kind::PacketLost;
            met.again = Some(Again { seq: event.seq, at: event.at, lost });
        }
    }

    /// The what-ifs that a packet met with before event `events`.
    pub fn met_by(&self, arrow: &Arrow, events: u32) -> impl Iterator<Item = &Met> {
        let (all, sent) = (if arrow.met { self.met.as_slice() } else { &[] }, arrow.seq);
        all.iter().filter(move |met| met.sent == sent && met.seq < events)
    }

    /// Whether a packet waits or waited on its way, as is known at the view: for a while nothing arrived that goes this way.
    pub fn waits(&self, arrow: &Arrow, view: SimTime, events: u32) -> bool {
        let ended = arrow.end_seq < events;
        let at = if ended { arrow.ended } else { view };
        let went_on = ended && !arrow.lost;
        let mut held = self.cuts.iter().filter(|stretch| stretch.seq < events && holds(stretch, arrow.up));
        held.any(|stretch| {
            let lasts = if went_on { stretch.to == at } else { at <= stretch.to };
            arrow.sent < stretch.to && stretch.from < at && lasts
        })
    }

    fn restored(&mut self, event: &Glance<'_>) {
        for stretch in self.cuts.iter_mut().rev().take_while(|stretch| stretch.to > event.at) {
            stretch.to = event.at;
        }
    }
}

/// The stretches that are seen: each with its left edge, its width, and its height.
fn seen<'t>(
    plot: &Plot<'_>,
    track: &'t Track,
    (up, down): (f64, f64),
) -> impl Iterator<Item = (&'t Stretch, f64, f64, f64)> {
    track.cuts.iter().filter(|stretch| plot.happened(stretch.seq)).filter_map(move |stretch| {
        let (x, w) = plot.clip(stretch.from, stretch.to)?;
        let y = match stretch.value {
            DEAD_UP => up + 8.0,
            DEAD_DOWN => down - 8.0,
            _ => f64::midpoint(up, down),
        };
        Some((stretch, x, w, y))
    })
}

/// Whether nothing arrives of what goes this way, and nothing of it is lost.
fn holds(stretch: &Stretch, up: bool) -> bool {
    matches!((stretch.value, up), (STALLED, _) | (DEAD_UP, true) | (DEAD_DOWN, false))
}

/// The colour of a stretch in which nothing arrived.
pub(super) fn ink(stretch: &Stretch) -> Ink {
    if stretch.value == STALLED { Ink::Queue } else { Ink::Lost }
}

/// What was wrong with the network.
pub(super) fn words(stretch: &Stretch) -> &'static str {
    WORDS[stretch.value as usize % WORDS.len()]
}

/// Draws bars between the client's line and the broker's for when nothing arrived, near the line from which nothing did.
pub(super) fn stretches(list: &mut List, plot: &Plot<'_>, track: &Track, lines: (f64, f64)) {
    for (stretch, x, w, y) in seen(plot, track, lines) {
        let ink = ink(stretch);
        let bar = Shape::Hatch { x, y: y - 4.0, w, h: 8.0 };
        match stretch.value {
            CUT => list.push(ink, bar),
            STALLED => {
                list.push(ink, bar);
                list.push(ink, Shape::Frame { x, y: y - 4.0, w, h: 8.0 });
            }
            _ => list.push(ink, Shape::Line { x1: x, y1: y, x2: x + w, y2: y, width: 4.0, dashed: true }),
        }
        list.target(stretch.seq, (x, y, x + w, y), 6.0);
    }
}

/// Draws, over everything else, what the bars are and the what-ifs.
pub(super) fn over(list: &mut List, plot: &Plot<'_>, track: &Track, lines: (f64, f64)) {
    for (stretch, x, w, y) in seen(plot, track, lines) {
        let text = words(stretch);
        let wide = text_width(text, 10.0) * 1.1 + 8.0;
        if w > wide {
            let y = if stretch.value == DEAD_UP { y + 13.0 } else { y - 7.0 };
            list.push(Ink::Ground, Shape::Rect { x: x + 1.0, y: y - 9.0, w: wide, h: 12.0 });
            let (x, text) = (x + 4.0, text.to_owned());
            list.push(
                ink(stretch),
                Shape::Text { x, y, size: 10.0, anchor: Anchor::Start, bold: true, text },
            );
        }
    }
    what_ifs(list, plot, track, lines);
}

/// Draws what-ifs half way between the lines, and from there the second arrow of what was doubled.
fn what_ifs(list: &mut List, plot: &Plot<'_>, track: &Track, (up, down): (f64, f64)) {
    let (window, y) = (&plot.frame.window, f64::midpoint(up, down));
    let first = track.met.partition_point(|met| met.at < window.from);
    let mut last = f64::NEG_INFINITY;
    for met in &track.met[first..] {
        let x = plot.x(met.at);
        if met.at > window.to() || !plot.happened(met.seq) {
            break;
        }
        if x - last < 6.0 {
            continue;
        }
        last = x;
        if let Some(again) = met.again.filter(|again| plot.happened(again.seq)) {
            let y2 = if met.up { down } else { up };
            second(list, (x, y), (plot.x(again.at) + AGAIN_PX, y2), &again);
        }
        list.push(Ink::WhatIf, Shape::Diamond { x, y, r: 9.0, hollow: false });
        let text = LETTER.to_owned();
        let at = Shape::Text { x, y: y + 3.5, size: 10.0, anchor: Anchor::Middle, bold: true, text };
        list.push(Ink::OnColour, at);
        // It lies on its packet's arrow, and is what a pointer on it means.
        list.target(met.seq, (x, y - 9.0, x, y + 9.0), 11.0);
    }
}

/// The second arrow of a packet that was doubled.
pub(super) fn second(list: &mut List, (x1, y1): (f64, f64), (x2, y2): (f64, f64), again: &Again) {
    list.push(Ink::WhatIf, Shape::Line { x1, y1, x2, y2, width: 1.5, dashed: again.lost });
    let end = if again.lost { Shape::Cross { x: x2, y: y2, r: 5.0 } } else { Shape::Head { x1, y1, x2, y2 } };
    list.push(Ink::WhatIf, end);
    list.target(again.seq, (x1, y1, x2, y2), 6.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::By;

    fn asked(seq: u32, why: &'static str, topic: &'static str) -> Glance<'static> {
        let at = SimTime(u64::from(seq) * 1_000_000);
        Glance { why, topic, ..Glance::new(seq, at, Kind::Input, By::User, "lamp") }
    }

    fn stretches_of(events: &[Glance<'_>]) -> Vec<(u32, u64, u64)> {
        let mut track = Track::default();
        events.iter().for_each(|event| track.fault(event));
        let s = |at: SimTime| if at == SimTime::END { u64::MAX } else { at.0 / 1_000_000 };
        track.cuts.iter().map(|stretch| (stretch.value, s(stretch.from), s(stretch.to))).collect()
    }

    #[test]
    fn dead_ways_and_stalls_last_until_restored_and_stalls_end_by_themselves() {
        let stall = Glance { until: Some(SimTime(9_000_000)), ..asked(3, "stall", "") };
        let events = [
            asked(1, "half_open", "to_broker"),
            asked(2, "half_open", "to_client"),
            stall,
            asked(5, "restore", ""),
            Glance { seq: 6, at: SimTime(6_000_000), ..stall },
            asked(20, "restore", ""),
        ];
        let expected = [(DEAD_UP, 1, 5), (DEAD_DOWN, 2, 5), (STALLED, 3, 5), (STALLED, 6, 9)];
        assert_eq!(stretches_of(&events), expected);
    }

    #[test]
    fn what_was_passed_over_is_no_fault() {
        let ignored =
            Glance { kind: Kind::Decision, cause: Some(2), ..asked(3, "the network is cut", "ignored") };
        assert_eq!(
            stretches_of(&[asked(1, "cut", ""), asked(2, "half_open", "to_client"), ignored]),
            [(CUT, 1, u64::MAX)]
        );
    }

    #[test]
    fn what_ifs_are_told_by_what_became_of_the_packet() {
        for (kind, topic, why, is) in [
            (Kind::Decision, "what-if", "one packet doubled", true),
            (Kind::PacketLost, "", "what-if: one packet dropped", true),
            (Kind::PacketLost, "", "the network was cut", false),
        ] {
            assert_eq!(is_what_if(&Glance { kind, ..asked(1, why, topic) }), is, "{why}");
        }
    }
}
