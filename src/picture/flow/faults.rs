//! Faults in the flow: what was wrong with a client's network beside its line, where packets wait on their way, and what-ifs at their
//! packets' arrows.

use super::super::faults::{CUT, DEAD_DOWN, DEAD_UP, STALLED, ink, second, words};
use super::super::list::{Anchor, Ink, List, Shape};
use super::super::{Again, Stretch};
use super::diagram::{Row, Way};
use super::draw::{BAR, HEAD_PX, Plot, line};

/// From a lifeline to the dashes for a way that is dead, in pixels.
const BESIDE: f64 = 9.0;
/// How long the sign of a dead way is.
const SIGN: f64 = 26.0;
/// How far arrows lean before and after they wait, in pixels.
const LEAN: f64 = 10.0;
/// Between two packets that wait, and how many of them are told apart.
const APART: f64 = 6.0;
const MOST_APART: u32 = 8;
/// Which part of an arrow lies before its what-if.
const WHAT_IF_AT: f64 = 0.38;
/// The teeth of an arrow whose packet was changed, in pixels.
const TOOTH: f64 = 4.0;

/// Draws a stretch in which nothing arrived beside the lifeline at `x`; `toward` is +1.0 where the broker stands right of it, else -1.0.
/// Its name stands where its beginning is out of sight.
pub(super) fn stretch(
    list: &mut List,
    plot: &Plot<'_>,
    of: &Stretch,
    (x, toward): (f64, f64),
    (y, h): (f64, f64),
) {
    let ink = ink(of);
    let bar = (x - BAR - 4.0, 2.0 * BAR + 8.0);
    match of.value {
        CUT => {
            list.push(ink, Shape::Hatch { x: bar.0, y, w: bar.1, h });
            list.push(Ink::Ground, Shape::Disc { x, y: y + 1.0, r: 8.0 });
            list.push(ink, Shape::Cross { x, y: y + 1.0, r: 6.0 });
        }
        STALLED => {
            list.push(ink, Shape::Hatch { x: bar.0, y, w: bar.1, h });
            list.push(ink, Shape::Frame { x: bar.0 + 0.5, y, w: bar.1 - 1.0, h });
        }
        _ => {
            let side = x + toward * BESIDE;
            let (near, far) = (side, side + toward * SIGN);
            let (x1, x2) = if of.value == DEAD_UP { (near, far) } else { (far, near) };
            list.push(ink, Shape::Line { x1: side, y1: y, x2: side, y2: y + h, width: 3.0, dashed: true });
            // Which way is dead: an arrow that is crossed out.
            if h > 16.0 {
                let y = y + 9.0;
                list.push(
                    Ink::Ground,
                    Shape::Rect { x: near.min(far) - 2.0, y: y - 6.0, w: SIGN + 4.0, h: 12.0 },
                );
                list.push(ink, line(x1, y, x2, y, 1.5));
                list.push(ink, Shape::Head { x1, y1: y, x2, y2: y });
                list.push(ink, Shape::Cross { x: f64::midpoint(x1, x2), y, r: 5.0 });
            }
        }
    }
    let near_top = |row: &&Row| plot.y(row.y) > HEAD_PX - 4.0 && plot.y(row.y) < HEAD_PX + 36.0;
    let begins_with_words = plot.diagram.rows.iter().filter(near_top).any(|row| plot.x(row.from) == x);
    if y <= HEAD_PX + 1.0 && h > 24.0 && !begins_with_words {
        let text = words(of).to_owned();
        let (size, bold) = (plot.small, true);
        let w = (plot.frame.measure)(&text, size, bold);
        let lower = if of.value == DEAD_DOWN { 14.0 } else { 0.0 };
        let left = if toward > 0.0 { x + 28.0 } else { x - 28.0 - w };
        let y = HEAD_PX + 13.0 + lower;
        list.push(Ink::Ground, Shape::Rect { x: left - 3.0, y: y - size, w: w + 6.0, h: size + 4.0 });
        list.push(ink, Shape::Text { x: left, y, size, anchor: Anchor::Start, bold, text });
    }
    list.target(of.seq, (x, y, x, y + h), 7.0);
}

/// The way of a packet as a line with corners: one that waits goes to the link, down, and on.
pub(super) fn corners(way: &Way, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Vec<(f64, f64)> {
    let lost = way.end.is_some_and(|end| end.lost);
    // What is lost ends on its way, as does what is on its way.
    let part = if lost {
        0.55
    } else if way.end.is_some() {
        1.0
    } else {
        way.part
    };
    let Some(in_front) = way.waits else {
        return vec![(x1, y1), (x1 + (x2 - x1) * part, y2)];
    };
    let behind = f64::from(in_front.min(MOST_APART)) * APART * (x2 - x1).signum();
    let x = f64::midpoint(x1, x2) - behind;
    let top = (y1 + LEAN).min(y2);
    if lost || way.end.is_none() {
        return vec![(x1, y1), (x, top), (x, y2)];
    }
    vec![(x1, y1), (x, top), (x, (y2 - LEAN).max(top)), (x2, y2)]
}

/// Draws where a packet waits, on top of its arrow.
pub(super) fn waiting(list: &mut List, plot: &Plot<'_>, way: &Way, corners: &[(f64, f64)]) {
    let (Some(in_front), [_, (x, top), (_, bottom), ..]) = (way.waits, corners) else { return };
    list.push(Ink::Ground, line(*x, *top, *x, *bottom, 3.0));
    list.push(Ink::Queue, Shape::Line { x1: *x, y1: *top, x2: *x, y2: *bottom, width: 2.0, dashed: true });
    list.push(Ink::Queue, Shape::Rect { x: x - 3.5, y: top - 3.5, w: 7.0, h: 7.0 });
    if in_front == 0 && bottom - top > 18.0 {
        let (text, size) = ("held back".to_owned(), plot.small);
        let w = (plot.frame.measure)(&text, size, true);
        let (x, y) = (x + 6.0, bottom - 5.0);
        list.push(Ink::Ground, Shape::Rect { x: x - 1.0, y: y - size, w: w + 2.0, h: size + 3.0 });
        list.push(Ink::Queue, Shape::Text { x, y, size, anchor: Anchor::Start, bold: true, text });
    }
}

/// Draws the what-if that a packet met with at its arrow, and the second arrow of one that was doubled.
pub(super) fn what_if(list: &mut List, plot: &Plot<'_>, row: &Row, way: &Way, ends: [(f64, f64); 2]) {
    use crate::sim::Done;
    let Some(done) = way.met else { return };
    let [(x1, y1), (x2, y2)] = ends;
    let (x, y) = (x1 + (x2 - x1) * WHAT_IF_AT, y1 + (y2 - y1) * WHAT_IF_AT);
    if done == Done::Changed {
        teeth(list, (x, y), (x2, y2));
    }
    if let Some(again) = way.again {
        let goal = plot.x(way.to) - (x2 - x1).signum() * (BAR + 0.5);
        let end = Again { seq: again.seq, at: again.at, lost: again.lost };
        let to = if again.lost { (f64::midpoint(x, goal), plot.y(again.y)) } else { (goal, plot.y(again.y)) };
        second(list, (x, y), to, &end);
    }
    list.push(Ink::WhatIf, Shape::Diamond { x, y, r: 8.5, hollow: false });
    let text = "W".to_owned();
    let letter = Shape::Text { x, y: y + 3.5, size: 9.5, anchor: Anchor::Middle, bold: true, text };
    list.push(Ink::OnColour, letter);
    list.target(row.seq, (x, y, x, y), 9.0);
}

/// An arrow that is no longer what it was.
fn teeth(list: &mut List, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx.hypot(dy).max(1.0);
    // The head stays.
    let count = ((length - 14.0) / (2.0 * TOOTH)).floor().clamp(0.0, 200.0) as usize;
    let at = |i: usize| {
        let (along, off) = (2.0 * TOOTH * i as f64, if i.is_multiple_of(2) { TOOTH } else { -TOOTH });
        (x1 + (dx * along - dy * off) / length, y1 + (dy * along + dx * off) / length)
    };
    let all: Vec<(f64, f64)> = (0..=count).map(at).collect();
    for two in all.windows(2) {
        list.push(Ink::WhatIf, line(two[0].0, two[0].1, two[1].0, two[1].1, 1.5));
    }
}
