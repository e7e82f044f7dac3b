//! What waits for a client, under its lines: the queue's depth, the replay bucket, and when the queue will be empty.

use super::label;
use super::lanes::{Plot, caption, levels, now};
use super::list::{Anchor, Ink, List, Shape};
use super::track::{Track, Wait};
use crate::time::{SimTime, Span};

/// The strip of a queue; it is taller where a bucket paces it.
const QUEUE: f64 = 24.0;
const PACED: f64 = 44.0;
/// The strip of the bucket, and the room between the two.
const BUCKET: f64 = 14.0;
const GAP: f64 = 5.0;
/// A wait that is narrower than this, in pixels, is not drawn on its own.
const WAIT_PX: f64 = 6.0;
/// How wide the steps are in which a filling bucket is drawn, in pixels, and how many there are at most.
const STEP_PX: f64 = 2.0;
const STEPS: f64 = 24.0;

/// How tall all of it is; nothing where nothing ever waited.
pub(super) fn height(track: &Track) -> f64 {
    match (track.waits.is_empty(), track.queue.is_empty() && track.delays.is_empty()) {
        (false, _) => PACED + GAP + BUCKET + GAP,
        (true, false) => QUEUE + 4.0,
        (true, true) => 0.0,
    }
}

/// Draws it with its top at `top`.
pub(super) fn draw(list: &mut List, plot: &Plot<'_>, track: &Track, top: f64) {
    if track.waits.is_empty() {
        levels(list, plot, &track.queue, Ink::Queue, (top, QUEUE));
        return delays(list, plot, track, top + QUEUE);
    }
    levels(list, plot, &track.queue, Ink::Queue, (top, PACED));
    outlook(list, plot, track, top);
    bucket(list, plot, track, top + PACED + GAP);
}

/// Says in the column of names what the strips are.
pub(super) fn captions(list: &mut List, plot: &Plot<'_>, track: &Track, top: f64) {
    let queue = if track.waits.is_empty() { QUEUE } else { PACED };
    caption(list, plot, &format!("queued {}", now(plot, &track.queue)), top + queue - 4.0);
    if let Some(wait) = track.waits.first() {
        let per_s = 1_000_000 / wait.until.since(wait.at).0.max(1);
        caption(list, plot, &format!("bucket {per_s}/s"), top + PACED + GAP + BUCKET - 2.0);
    }
}

/// Where a loss from the queue stands.
pub(super) fn losses_y(track: &Track, top: f64) -> Option<f64> {
    (height(track) > 0.0).then_some(top + 5.0)
}

/// When a quota held something back: a line under the queue.
fn delays(list: &mut List, plot: &Plot<'_>, track: &Track, y: f64) {
    for delay in track.delays.iter().filter(|delay| plot.happened(delay.seq)) {
        let Some((x, w)) = plot.clip(delay.from, delay.to) else { continue };
        list.push(Ink::Queue, Shape::Hatch { x, y: y - 4.0, w, h: 4.0 });
        list.target(delay.seq, (x, y - 2.0, x + w, y - 2.0), 5.0);
    }
}

/// While the client is connected: how full the bucket is. Each message that leaves empties it; waits too narrow for a picture each are
/// one half-full stretch.
fn bucket(list: &mut List, plot: &Plot<'_>, track: &Track, top: f64) {
    let base = top + BUCKET;
    let (x1, x2) = (plot.left, plot.right);
    list.push(Ink::Line, Shape::Line { x1, y1: base, x2, y2: base, width: 1.0, dashed: false });
    let past = &track.waits[..track.waits.partition_point(|wait| plot.happened(wait.seq))];
    for session in track.sessions.iter().filter(|session| session.value == 1 && plot.happened(session.seq)) {
        let Some((x, w)) = plot.clip(session.from, session.to) else { continue };
        let end = x + w;
        let mut points = vec![(x, top)];
        let mut put = |at: f64, y: f64| {
            let at = at.clamp(x, end);
            match points.last_mut() {
                Some(last) if at - last.0 < 0.5 => last.1 = y,
                Some(last) if last.1 == y => {}
                _ => points.push((at, y)),
            }
        };
        let first = past.partition_point(|wait| wait.until <= session.from.max(plot.frame.window.from));
        let shown = past[first..].iter().take_while(|wait| wait.at < session.to && plot.x(wait.at) <= end);
        let mut full_at = x;
        for wait in shown {
            // Full between two waits.
            if full_at < plot.x(wait.at) {
                put(full_at, top);
            }
            let (from, to) = (plot.x(wait.at), plot.x(wait.until));
            if to - from < WAIT_PX {
                put(from, base - BUCKET / 2.0);
            } else {
                let steps = ((to - from) / STEP_PX).clamp(1.0, STEPS) as u32;
                for step in 0..steps {
                    let part = f64::from(step) / f64::from(steps);
                    put(from + (to - from) * part, base - BUCKET * part);
                }
                list.target(wait.seq, (from, base, to, base), 6.0);
            }
            full_at = to;
        }
        put(full_at, top);
        list.push(Ink::Bucket, Shape::Area { points, end, base });
    }
}

/// When the queue will be empty, as a line to there, where the bucket holds it up at the view.
fn outlook(list: &mut List, plot: &Plot<'_>, track: &Track, top: f64) {
    let Some((from, to)) = empties(plot, track) else { return };
    let most = f64::from(track.queue.most().max(1));
    let depth = f64::from(now(plot, &track.queue));
    let base = top + PACED;
    let (x1, y1) = (plot.x(from), base - PACED * depth / most);
    let (x2, y2) = (plot.x(to), base);
    if x1 > plot.right || x2 <= x1 {
        return;
    }
    // Not beyond the plot.
    let part = ((plot.right - x1) / (x2 - x1)).min(1.0);
    let (x2, y2) = (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part);
    list.push(Ink::Queue, Shape::Line { x1, y1, x2, y2, width: 1.5, dashed: true });
    let text = format!("empty at {}", label::clock(to));
    let (x, anchor) =
        if x2 + 110.0 < plot.right { (x2 + 6.0, Anchor::Start) } else { (plot.right - 6.0, Anchor::End) };
    list.push(Ink::TextSoft, Shape::Text { x, y: base - 5.0, size: 11.0, anchor, bold: false, text });
}

/// From the view to the moment at which the last leaves, if nothing but the rate holds them up.
fn empties(plot: &Plot<'_>, track: &Track) -> Option<(SimTime, SimTime)> {
    let view = plot.frame.view;
    let Wait { at, until, waiting, .. } =
        *track.waits[..track.waits.partition_point(|wait| plot.happened(wait.seq))].last()?;
    let session = track.sessions.iter().rev().find(|session| plot.happened(session.seq))?;
    let is_connected = session.value == 1 && session.from <= at && session.to > view;
    let rest = Span(until.since(at).0.saturating_mul(u64::from(waiting.saturating_sub(1))));
    (is_connected && until >= view && waiting > 0).then(|| (view, until + rest))
}

#[cfg(test)]
mod tests {
    use super::super::{Frame, Glance, Tracks, Window, draw};
    use super::*;
    use crate::broker::{By, Kind};

    /// Five messages wait; from 1 s on one leaves every 100 ms.
    fn replaying(waits: u32) -> Tracks {
        let mut tracks = Tracks::default();
        let glance =
            |seq: u32, ms: u64, kind| Glance::new(seq, SimTime(ms * 1_000), kind, By::Broker, "lamp");
        tracks.take(&Glance { number: Some(5), ..glance(0, 500, Kind::MessageQueued) });
        tracks.take(&glance(1, 1_000, Kind::SessionResumed));
        for n in 0..waits {
            let ms = 1_000 + 100 * u64::from(n);
            tracks.take(&Glance { number: Some(4 - n), ..glance(2 + 2 * n, ms, Kind::MessageDequeued) });
            let until = Some(SimTime((ms + 100) * 1_000));
            let delayed = glance(3 + 2 * n, ms, Kind::QuotaDelayed);
            tracks.take(&Glance { topic: "session.replay_per_s", number: Some(4 - n), until, ..delayed });
        }
        tracks
    }

    fn list(tracks: &Tracks, view_ms: u64, events: u32, to_ms: u64) -> List {
        let window = Window::new(SimTime::ZERO, SimTime(to_ms * 1_000), 1_000.0);
        draw(&Frame::plain(tracks, window, SimTime(view_ms * 1_000), events))
    }

    /// Where the outlook ends, in milliseconds.
    fn empty_at(list: &List, to_ms: f64) -> Option<f64> {
        list.items.iter().find_map(|item| match (item.ink, &item.shape) {
            (Ink::Queue, Shape::Line { x2, dashed: true, .. }) => Some((x2 - 100.0) * to_ms / 1_000.0),
            _ => None,
        })
    }

    /// The corners of the bucket's area.
    fn corners(list: &List) -> usize {
        let corners = |item: &super::super::Item| match (item.ink, &item.shape) {
            (Ink::Bucket, Shape::Area { points, .. }) => Some(points.len()),
            _ => None,
        };
        list.items.iter().find_map(corners).unwrap_or(0)
    }

    #[test]
    fn the_outlook_says_when_the_queue_will_be_empty() {
        let tracks = replaying(2);
        // Three are left at 1.1 s; the next leaves at 1.2 s, the last at 1.4 s.
        assert_eq!(empty_at(&list(&tracks, 1_100, 6, 2_000), 2_000.0).map(f64::round), Some(1_400.0));
        assert_eq!(empty_at(&list(&tracks, 1_300, 6, 2_000), 2_000.0), None, "nothing holds it up any more");
        assert_eq!(empty_at(&list(&tracks, 900, 1, 2_000), 2_000.0), None, "the client is away");
    }

    #[test]
    fn the_bucket_fills_between_two_messages() {
        let tracks = replaying(2);
        // Before them it is full; two waits of 50 px, in 24 steps each, the first of which takes the place of that; then full again.
        assert_eq!(corners(&list(&tracks, 1_300, 6, 2_000)), 49);
        // Of 2.5 px: half full, then full.
        assert_eq!(corners(&list(&tracks, 1_300, 6, 40_000)), 2);
    }
}
