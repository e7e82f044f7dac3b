//! How the chosen message goes from client to client: strokes over all tracks, and its packets' numbers in order.

use super::lanes::Plot;
use super::list::{Anchor, Ink, List, Shape};
use super::path::Stroke;

/// Draws the strokes of the path. `lines` are where each lane's line stands, where it is shown; `broker` is the broker's own.
pub(super) fn draw(list: &mut List, plot: &Plot<'_>, lines: &[Option<f64>], broker: f64) {
    let past = plot.frame.path.strokes().iter().filter(|stroke| plot.happened(stroke.seq));
    let y_of = |lane: Option<usize>| lane.map_or(Some(broker), |lane| lines.get(lane).copied().flatten());
    for stroke in past {
        if let (Some(y1), Some(y2)) = (y_of(stroke.from), y_of(stroke.to)) {
            one(list, plot, stroke, y1, y2);
        }
    }
}

fn one(list: &mut List, plot: &Plot<'_>, stroke: &Stroke, y1: f64, y2: f64) {
    if let Some((x, w)) = plot.clip(stroke.from_at, stroke.to_at).filter(|_| stroke.from_at < stroke.to_at) {
        list.push(Ink::Accent, Shape::Line { x1: x, y1, x2: x + w, y2: y1, width: 2.5, dashed: true });
        list.target(stroke.seq, (x, y1, x + w, y1), 4.0);
    }
    let x = plot.x(stroke.to_at);
    if y1 == y2 || !(plot.left..=plot.right).contains(&x) {
        return;
    }
    list.push(Ink::Accent, Shape::Line { x1: x, y1, x2: x, y2, width: 2.0, dashed: false });
    list.push(Ink::Accent, Shape::Disc { x, y: y1, r: 3.5 });
    list.push(Ink::Accent, Shape::Head { x1: x, y1, x2: x, y2 });
    list.target(stroke.seq, (x, y1, x, y2), 4.0);
}

/// The number of a packet in the order of the path.
pub(super) fn number(list: &mut List, ordinal: usize, x: f64, y: f64) {
    let text = ordinal.to_string();
    let w = 7.0 + 6.0 * text.len() as f64;
    list.push(Ink::Accent, Shape::Rect { x: x - w / 2.0, y: y - 7.0, w, h: 14.0 });
    let at = Shape::Text { x, y: y + 3.5, size: 10.0, anchor: Anchor::Middle, bold: true, text };
    list.push(Ink::OnColour, at);
}
