//! The display list: what to paint, in order, and what is under a point.

use crate::time::SimTime;

/// What a shape means; the painter gives it the theme's colour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Ink {
    Ground,
    Band,
    Line,
    LineStrong,
    Text,
    TextSoft,
    TextFaint,
    OnColour,
    Accent,
    AccentGround,
    Connect,
    Publish0,
    Publish1,
    Publish2,
    Ack,
    Subscribe,
    Ping,
    Disconnect,
    Lost,
    Retained,
    Will,
    Queue,
    Session,
    SessionKept,
    InFlight,
    Bucket,
    WhatIf,
}

impl Ink {
    /// Every ink with the design token that gives its colour, in the order of its number.
    pub const TOKENS: [&'static str; 27] = [
        "--gb-panel",
        "--gb-raised",
        "--gb-line",
        "--gb-line-strong",
        "--gb-text",
        "--gb-text-soft",
        "--gb-text-faint",
        "--gb-panel",
        "--gb-accent",
        "--gb-accent-ground",
        "--gb-connect",
        "--gb-publish-0",
        "--gb-publish-1",
        "--gb-publish-2",
        "--gb-ack",
        "--gb-subscribe",
        "--gb-ping",
        "--gb-disconnect",
        "--gb-lost",
        "--gb-retained",
        "--gb-will",
        "--gb-queue",
        "--gb-session",
        "--gb-session-kept",
        "--gb-in-flight",
        "--gb-bucket",
        "--gb-what-if",
    ];
}

/// Where a text stands to its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing to paint; pixels, y grows downwards.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// A filled rectangle.
    Rect {
        /// Left edge.
        x: f64,
        /// Top edge.
        y: f64,
        /// Width.
        w: f64,
        /// Height.
        h: f64,
    },
    /// A rectangle filled with slanted lines.
    Hatch {
        /// Left edge.
        x: f64,
        /// Top edge.
        y: f64,
        /// Width.
        w: f64,
        /// Height.
        h: f64,
    },
    /// The outline of a rectangle.
    Frame {
        /// Left edge.
        x: f64,
        /// Top edge.
        y: f64,
        /// Width.
        w: f64,
        /// Height.
        h: f64,
    },
    /// A straight line.
    Line {
        /// Its beginning, x.
        x1: f64,
        /// Its beginning, y.
        y1: f64,
        /// Its end, x.
        x2: f64,
        /// Its end, y.
        y2: f64,
        /// Its width.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// The head of an arrow whose line comes from (`x1`, `y1`).
    Head {
        /// Where the line comes from, x.
        x1: f64,
        /// Where the line comes from, y.
        y1: f64,
        /// The tip, x.
        x2: f64,
        /// The tip, y.
        y2: f64,
    },
    /// A cross: something was lost here.
    Cross {
        /// Its middle, x.
        x: f64,
        /// Its middle, y.
        y: f64,
        /// Half its width.
        r: f64,
    },
    /// A filled disc.
    Disc {
        /// Its middle, x.
        x: f64,
        /// Its middle, y.
        y: f64,
        /// Its radius.
        r: f64,
    },
    /// A filled square on its corner.
    Diamond {
        /// Its middle, x.
        x: f64,
        /// Its middle, y.
        y: f64,
        /// Half its width.
        r: f64,
        /// Whether only its outline is drawn.
        hollow: bool,
    },
    /// An area under a stepped line, from left to right down to `base`.
    Area {
        /// Corners of the stepped line: each holds until the next one's x.
        points: Vec<(f64, f64)>,
        /// Where the last step ends.
        end: f64,
        /// The y of its ground.
        base: f64,
    },
    /// A text on its baseline.
    Text {
        /// Where, x.
        x: f64,
        /// Where, y of the baseline.
        y: f64,
        /// The font's size.
        size: f64,
        /// Where it stands to the point.
        anchor: Anchor,
        /// Whether it is set in a heavier face.
        bold: bool,
        /// What it says.
        text: String,
    },
}

/// One thing to paint, and the event that it stands for.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What.
    pub shape: Shape,
    /// In which colour.
    pub ink: Ink,
    /// Whether it steps back behind what is chosen.
    pub dim: bool,
}

/// What a click or a hover can find.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Target {
    /// The event.
    pub seq: u32,
    /// A line (an arrow's, or of no length) that counts as hit within its reach.
    pub line: (f64, f64, f64, f64),
    /// How near is near enough, in pixels.
    pub reach: f64,
}

/// A column of a band: packets that are too many for arrows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Column {
    /// Left edge.
    pub x: f64,
    /// Top edge of the room that it has.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height of the room that it has.
    pub h: f64,
    /// Which client's, by its lane.
    pub lane: usize,
    /// Its first moment.
    pub from: SimTime,
    /// The moment at which the next one begins.
    pub to: SimTime,
    /// How many packets it stands for.
    pub count: u32,
}

/// The head of a group of tracks, in the column of names.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Name {
    /// Whose, by its lane; none is the broker's.
    pub lane: Option<usize>,
    /// The right edge; it begins at the left one of the picture.
    pub right: f64,
    /// Top edge.
    pub y: f64,
    /// Height.
    pub h: f64,
}

/// What is under a point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Hit {
    /// One event.
    Event(u32),
    /// Packets that are not drawn each on its own.
    Column(Column),
    /// The head of a client's group, by its lane; or of the broker's.
    Name(Option<usize>),
    /// A folded stretch, by when nothing happened any more.
    Fold(SimTime),
}

/// A display list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What to paint, in order.
    pub items: Vec<Item>,
    /// What can be found under a point; later ones lie on top.
    pub targets: Vec<Target>,
    /// The columns of bands.
    pub columns: Vec<Column>,
    /// How tall the whole picture is, in pixels, also where less of it is painted.
    pub height: f64,
    /// How many packets were drawn as arrows of their own.
    pub arrows: u32,
    /// How many packets were only counted in a band.
    pub banded: u32,
    /// How many clients' groups there are in the picture, on the screen or scrolled away.
    pub groups: usize,
    /// The names in the column of names.
    pub names: Vec<Name>,
    /// The folds: by when nothing happened any more, their left edges and widths.
    pub folds: Vec<(SimTime, f64, f64)>,
    /// Whether what is added now steps back behind what is chosen.
    pub dim: bool,
}

impl List {
    /// Adds a shape.
    pub fn push(&mut self, ink: Ink, shape: Shape) {
        let dim = self.dim;
        self.items.push(Item { shape, ink, dim });
    }

    /// Adds what a pointer can find.
    pub fn target(&mut self, seq: u32, line: (f64, f64, f64, f64), reach: f64) {
        self.targets.push(Target { seq, line, reach });
    }

    /// The event whose mark is nearest to a point, where one is near enough; else the column there.
    pub fn hit(&self, x: f64, y: f64) -> Option<Hit> {
        let named = self.names.iter().find(|name| x < name.right && (name.y..name.y + name.h).contains(&y));
        if let Some(name) = named {
            return Some(Hit::Name(name.lane));
        }
        let mut best: Option<(f64, u32)> = None;
        for target in &self.targets {
            let distance = distance_to(target.line, x, y) / target.reach;
            if distance <= 1.0 && best.is_none_or(|(least, _)| distance <= least) {
                best = Some((distance, target.seq));
            }
        }
        let column = || {
            let inside = |column: &&Column| {
                (column.x..column.x + column.w).contains(&x) && (column.y..column.y + column.h).contains(&y)
            };
            self.columns.iter().find(inside).copied().map(Hit::Column)
        };
        let fold = || {
            let fold = self.folds.iter().find(|(_, left, w)| (*left..left + w).contains(&x));
            fold.map(|(begins, ..)| Hit::Fold(*begins))
        };
        best.map(|(_, seq)| Hit::Event(seq)).or_else(column).or_else(fold)
    }
}

/// The distance of a point from a line with two ends.
fn distance_to((x1, y1, x2, y2): (f64, f64, f64, f64), x: f64, y: f64) -> f64 {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (((x - x1) * dx + (y - y1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (ex, ey) = (x1 + along * dx - x, y1 + along * dy - y);
    (ex * ex + ey * ey).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mark_is_hit() {
        let mut list = List::default();
        list.target(1, (0.0, 0.0, 100.0, 0.0), 6.0);
        list.target(2, (50.0, 10.0, 50.0, 10.0), 8.0);
        assert_eq!(list.hit(20.0, 3.0), Some(Hit::Event(1)));
        assert_eq!(list.hit(50.0, 8.0), Some(Hit::Event(2)));
        assert_eq!(list.hit(50.0, 30.0), None);
        assert_eq!(list.hit(-20.0, 0.0), None);
    }

    #[test]
    fn every_ink_has_a_token() {
        assert_eq!(Ink::WhatIf as usize, Ink::TOKENS.len() - 1);
        assert_eq!(Ink::TOKENS[Ink::Will as usize], "--gb-will");
    }
}
