//! The packets of one client: an arrow each where there is room, a band where there is not, and the letters and numbers at them.

use super::density::Class;
use super::lanes::{Plot, WAY};
use super::list::{Anchor, Column, Ink, List, Shape};
use super::track::{Arrow, Track};
use super::{glyphs, strokes};
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::wire::PacketType;

/// Which part of an arrow lies before its number.
const NUMBER_AT: f64 = 0.28;
/// Arrows nearer than this, in pixels, become a band; letters and captions need more.
const ARROW_PX: f64 = 5.0;
const BADGE_PX: f64 = 16.0;
const CAPTION_PX: f64 = 56.0;
/// How wide a column of a band is at least.
const BIN_PX: f64 = 3.0;

/// The numbers of the chosen message's packets, where each has room.
pub(super) fn numbers(list: &mut List, plot: &Plot<'_>, track: &Track, (up, down): (f64, f64)) {
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

/// The arrows that reach into the window, in the order of being sent.
pub(super) fn in_view<'t>(
    plot: &'t Plot<'_>,
    track: &'t Track,
) -> impl DoubleEndedIterator<Item = &'t Arrow> + Clone {
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
pub(super) fn arrows(
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
pub(super) struct Badge {
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
    pub(super) fn draw(self, list: &mut List, plot: &Plot<'_>) {
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
