//! What is drawn, as data: the timeline and the flow, each as a display list with its own glyph widths, and the folds that they are
//! drawn from.
//!
//! Pure: a canvas and an SVG file paint the same list. The folds only ever grow with the trace and answer for any view by
//! binary search, so that rewinding costs nothing.

mod arrows;
mod backlog;
mod broker_group;
mod broker_track;
mod density;
mod difference;
mod exceeded;
mod faults;
pub mod flow;
mod folds;
mod glance;
mod glyphs;
mod label;
mod lanes;
mod levels;
mod list;
mod minimap;
mod path;
mod ruled;
mod series;
mod shown;
mod strokes;
mod timeline;
mod topics;
mod track;
mod tracks;
mod tree;
mod turns;
mod walk;
mod window;

pub use broker_track::{BrokerTrack, QuotaTrack};
pub use density::{CLASSES, Class, Density};
pub use difference::{By as ComparedBy, Difference, Sign, difference, visible};
pub use exceeded::Exceedings;
pub use faults::{Again, Met};
pub use folds::{Fold, Folds, Idle};
pub use glance::Glance;
pub use glyphs::{fit, text_width};
pub use label::{clock, read_time, span, tick};
pub use levels::{Level, Levels};
pub use list::{Anchor, Column, Hit, Ink, Item, List, Shape};
pub use minimap::{Grip, Marked, Minimap};
pub use path::{Path, Stroke};
pub use ruled::Ruled;
pub use series::{Chart, Series, decimal, numbers};
pub use shown::{Row, Shown, toggle};
pub use timeline::{Flag, Frame, RULER_PX, draw};
pub use topics::{Found, Leaf, Level as TopicLevel, RATE_SPAN, ROOT, Topics, next_hit};
pub use track::{Arrow, MarkAt, Note, Stretch, Track, Wait, WillFate, WillStretch};
pub use tracks::Tracks;
pub use tree::{Attached, InRow, TreeRow, TreeRows};
pub use turns::Turns;
pub use walk::{Along, walk};
pub use window::Window;
