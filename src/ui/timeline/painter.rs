//! What is painted: from the lab's state to a display list to the canvas, once a frame at most.

use super::minimap::{Minimap, Refs as MinimapRefs};
use crate::picture::{Flag, Folds, Frame, Hit, List, Path, RULER_PX, Window, draw};
use crate::time::SimTime;
use crate::ui::browser::set_css;
use crate::ui::canvas::{self, Surface, Theme};
use crate::ui::lab::Lab;
use crate::ui::text::timeline as text;
use crate::ui::words;
use web_sys::{Element, HtmlCanvasElement};
use yew::NodeRef;

/// Which part of the whole run is shown beyond its end.
const MARGIN: u64 = 40;

/// The elements that the painter writes to.
pub(super) struct Refs {
    pub(super) scroller: NodeRef,
    pub(super) spacer: NodeRef,
    pub(super) canvas: NodeRef,
    pub(super) probe: NodeRef,
    pub(super) tooltip: NodeRef,
    pub(super) summary: NodeRef,
}

/// The painter, and the list that it painted last.
pub(super) struct Painter {
    refs: Refs,
    theme: Theme,
    list: List,
    height: f64,
    summary: String,
    path: (Option<u32>, u64, Path),
    minimap: Minimap,
}

impl Painter {
    pub(super) fn new(refs: Refs, minimap: MinimapRefs) -> Self {
        Self {
            refs,
            theme: Theme::default(),
            list: List::default(),
            height: -1.0,
            summary: String::new(),
            path: (None, 0, Path::default()),
            minimap: Minimap::new(minimap),
        }
    }

    /// How wide the column of names is.
    pub(super) fn gutter(width: f64) -> f64 {
        if width < 560.0 { 92.0 } else { 148.0 }
    }

    /// What is at a point of the scroller, in pixels from its top left corner.
    pub(super) fn hit(&self, x: f64, y: f64) -> Option<Hit> {
        if y < RULER_PX { None } else { self.list.hit(x, y) }
    }

    /// Paints the present state.
    pub(super) fn paint(&mut self, lab: &Lab) {
        let refs = (self.refs.scroller.cast::<Element>(), self.refs.canvas.cast::<HtmlCanvasElement>());
        let (Some(scroller), Some(canvas)) = refs else { return };
        let (width, height) = (f64::from(scroller.client_width()), f64::from(scroller.client_height()));
        // A panel of another tab has no size.
        if width < 40.0 || height < 20.0 {
            return;
        }
        let gutter = Self::gutter(width);
        self.light(lab);
        let window = self.window(lab, width - gutter);
        let Some(surface) = Surface::fit(&canvas, width, height) else { return };
        let engine = lab.engine();
        let run = engine.run();
        let trace = run.trace();
        let caption = |seq: u32| trace.get(seq).map(|event| words::packet(&event)).unwrap_or_default();
        let screen = lab.screen();
        let markers: Vec<Flag> =
            screen.markers.iter().map(|marker| Flag { at: marker.at, title: marker.name.clone() }).collect();
        let flags: Vec<Flag> =
            engine.marks().iter().map(|mark| Flag { at: mark.at, title: mark.title.clone() }).collect();
        self.list = draw(&Frame {
            tracks: engine.tracks(),
            window,
            view: engine.view().at,
            events: engine.events(),
            gutter,
            height: surface.height,
            scroll: f64::from(scroller.scroll_top()),
            flags: &flags,
            markers: &markers,
            branch: engine.branches().first().and_then(|branch| branch.from).map(|(_, at)| at.at),
            selected: screen.selected,
            path: &self.path.2,
            shown: &screen.shown,
            caption: &caption,
        });
        if let Some(colours) = self.refs.probe.cast().and_then(|probe| self.theme.colours(&probe)) {
            surface.paint(&self.list, colours);
        }
        if let Some(probe) = self.refs.probe.cast() {
            self.minimap.paint(lab, &mut self.theme, &probe);
        }
        let not_shown = engine.tracks().clients.len().saturating_sub(self.list.groups);
        let changed = screen.not_shown != not_shown;
        drop(screen);
        if changed {
            lab.change(|screen| screen.not_shown = not_shown);
        }
        self.tell(surface.height);
    }

    /// The window over the present width, with the folds of now; it follows the view where it should, and shows the whole run as
    /// long as nobody chose something else.
    fn window(&self, lab: &Lab, width: f64) -> Window {
        let (view, end, folds) = {
            let (engine, screen) = (lab.engine(), lab.screen());
            let end = engine.end();
            let folds = if screen.folds {
                engine.tracks().idle.folds(end, &screen.unfolded_at)
            } else {
                Folds::default()
            };
            (engine.view().at, end, folds)
        };
        lab.change_quietly(|screen| {
            let is_whole = screen.is_whole();
            let window = Window { folds, ..screen.window.resized(width) };
            let follows = screen.follow && screen.playing;
            screen.window = match (is_whole, follows) {
                (true, _) => {
                    let whole = window.over(SimTime::ZERO, end);
                    Window { length_us: whole.length_us + whole.length_us / MARGIN, ..whole }
                }
                (false, true) => window.showing(view, 0.02),
                (false, false) => window,
            };
            if is_whole {
                screen.keep_whole();
            }
            screen.window.clone()
        })
    }

    /// Finds what belongs to the chosen event, a slice of the trace at a time.
    fn light(&mut self, lab: &Lab) {
        let engine = lab.engine();
        let (run, tracks) = (engine.run(), engine.tracks());
        let selected = lab.screen().selected;
        let now = (selected, engine.generation() << 32 | tracks.clients.len() as u64);
        if (self.path.0, self.path.1) != now {
            let path = selected.map(|seq| Path::of(run.trace(), seq)).unwrap_or_default();
            self.path = (now.0, now.1, path);
        }
        if self.path.2.grow(run.trace(), tracks) {
            lab.wake();
        }
    }

    /// Says in text what was painted, and makes room for all lanes.
    fn tell(&mut self, painted: f64) {
        let rest = (self.list.height - painted).max(0.0);
        if rest != self.height {
            self.height = rest;
            if let Some(spacer) = self.refs.spacer.cast::<Element>() {
                set_css(&spacer, "height", &format!("{rest}px"));
            }
        }
        let summary = text::painted(self.list.arrows, self.list.banded);
        if summary != self.summary
            && let Some(element) = self.refs.summary.cast::<Element>()
        {
            element.set_text_content(Some(&summary));
            self.summary = summary;
        }
    }

    /// Shows what is under the pointer, or hides the tooltip.
    pub(super) fn tip(&self, lab: &Lab, x: f64, y: f64, hit: Option<Hit>) {
        let refs = (self.refs.tooltip.cast::<Element>(), self.refs.scroller.cast::<Element>());
        let (Some(tooltip), Some(scroller)) = refs else { return };
        let engine = lab.engine();
        let run = engine.run();
        let zooms = matches!(hit, Some(Hit::Column(_) | Hit::Fold(_)));
        let _ = scroller.class_list().toggle_with_force("zooms", zooms);
        let text = match hit {
            Some(Hit::Event(seq)) => run.trace().get(seq).map(|event| words::tooltip(&event)),
            Some(Hit::Column(column)) => Some(words::column(&column)),
            Some(Hit::Fold(_)) => Some(text::UNFOLD.to_owned()),
            Some(Hit::Name(_)) | None => None,
        };
        let Some(text) = text else {
            let _ = tooltip.class_list().remove_1("shown");
            return;
        };
        canvas::tip(&tooltip, &scroller, &text, (x, y));
    }

    /// Where a point of the scroller is in the plot, in pixels from its left edge.
    pub(super) fn plot_x(&self, x: f64) -> f64 {
        let width = self.refs.scroller.cast::<Element>().map_or(0, |scroller| scroller.client_width());
        x - Self::gutter(f64::from(width))
    }

    /// The moment under a point, where it is in the plot or on the ruler over it.
    pub(super) fn moment(&self, lab: &Lab, x: f64) -> Option<SimTime> {
        let x = self.plot_x(x);
        (x >= 0.0).then(|| lab.screen().window.at(x))
    }
}
