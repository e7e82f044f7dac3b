//! What is painted: from the lab's state to a diagram to the canvas, once a frame at most.

use super::{Scope, Shown};
use crate::client::Action;
use crate::picture::flow::{
    Choice, Chosen, Diagram, Frame, HEAD_PX, MOST_ROWS, Row, Source, Story, draw, label, sides, text, width,
};
use crate::picture::{Hit, List, Path};
use crate::sim::Input;
use crate::time::SimTime;
use crate::topic::SHARE;
use crate::ui::browser::{place, set_css};
use crate::ui::canvas::{Surface, Theme};
use crate::ui::engine::Engine;
use crate::ui::lab::Lab;
use crate::ui::words;
use crate::wire::PacketType;
use std::cell::Cell;
use web_sys::{Element, HtmlCanvasElement, MouseEvent, PointerEvent};
use yew::NodeRef;

/// Up to so many clients all stand there from the start; of more only those whose packets are shown.
const ALL_CLIENTS: usize = 12;
/// Among so many of its first packets a client shows what it does.
const LOOK_PACKETS: usize = 100;

/// The elements that the painter writes to.
#[derive(Clone, Default)]
pub(super) struct Refs {
    pub(super) scroller: NodeRef,
    pub(super) spacer: NodeRef,
    pub(super) canvas: NodeRef,
    pub(super) probe: NodeRef,
    pub(super) tooltip: NodeRef,
}

/// What was painted, as the elements around the canvas tell it.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) rows: usize,
    pub(super) arrows: usize,
    pub(super) lost: usize,
    pub(super) folded: usize,
    pub(super) first: usize,
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) client: String,
}

/// All that a diagram depends on: the run and how much of it is folded, the view, what is shown of it.
type Key = (u64, u32, SimTime, u32, Choice, bool, Option<usize>);

/// The painter, and what it painted last.
pub(super) struct Painter {
    refs: Refs,
    theme: Theme,
    story: Story,
    key: Option<Key>,
    diagram: Diagram,
    seen: Seen,
    list: List,
    size: (f64, f64),
    selected: Option<u32>,
    path: (Option<u32>, u64, Path),
    /// How far it scrolled by itself.
    scrolled_to: Cell<i32>,
}

/// Shows earlier or later rows of those that are too many, of which `first` is the first that is laid out.
pub(super) fn go(lab: &Lab, first: usize, back: bool) {
    let by = MOST_ROWS / 2;
    lab.change(|screen| {
        screen.flow.follows = false;
        screen.flow.first = Some(if back { first.saturating_sub(by) } else { first + by });
    });
}

/// The clients that have a lifeline.
pub(super) fn clients(lab: &Lab) -> Vec<String> {
    of_tracks(&lab.engine())
}

fn of_tracks(engine: &Engine) -> Vec<String> {
    // The queue of a shared subscription is nobody.
    let tracks = engine.tracks().clients.iter().filter(|track| !track.client.starts_with(SHARE));
    tracks.map(|track| track.client.clone()).collect()
}

/// Whether a client stands left of the broker: it publishes, or does not subscribe; by the scenario, else by what it did first.
fn is_left(engine: &Engine, name: &str) -> bool {
    let planned = |is: fn(&Action) -> bool| {
        let does =
            |input: &Input| matches!(input, Input::Client { client, action } if client == name && is(action));
        engine.scenario().steps.iter().any(|step| does(&step.input))
    };
    let track = engine.tracks().position(name).and_then(|lane| engine.tracks().clients.get(lane));
    let first = |packet: PacketType| {
        track
            .into_iter()
            .flat_map(|track| &track.arrows)
            .take(LOOK_PACKETS)
            .find(move |arrow| arrow.packet == packet)
    };
    let publishes = || first(PacketType::Publish).is_some_and(|arrow| arrow.up);
    let subscribes = || first(PacketType::Subscribe).is_some();
    let planned_publish = planned(|action| matches!(action, Action::Publish(_)));
    let planned_subscribe = || planned(|action| matches!(action, Action::Subscribe(_)));
    planned_publish || publishes() || !(planned_subscribe() || subscribes())
}

impl Painter {
    pub(super) fn new(refs: Refs) -> Self {
        Self {
            refs,
            theme: Theme::default(),
            story: Story::default(),
            key: None,
            diagram: Diagram::default(),
            seen: Seen::default(),
            list: List::default(),
            size: (-1.0, -1.0),
            selected: None,
            path: (None, 0, Path::default()),
            scrolled_to: Cell::new(0),
        }
    }

    /// The rows that are laid out.
    pub(super) fn rows(&self) -> &[Row] {
        &self.diagram.rows
    }

    /// The rows as text.
    pub(super) fn text(&self, lab: &Lab) -> String {
        text(&self.diagram, lab.engine().run().trace())
    }

    /// The row of an event, of those that are laid out.
    pub(super) fn row_of(&self, seq: u32) -> Option<usize> {
        self.diagram.row_of(seq)
    }

    /// Paints the present state, and says what that is.
    pub(super) fn paint(&mut self, lab: &Lab) -> Seen {
        let refs = (self.refs.scroller.cast::<Element>(), self.refs.canvas.cast::<HtmlCanvasElement>());
        let (Some(scroller), Some(canvas)) = refs else { return self.seen.clone() };
        let room = (f64::from(scroller.client_width()), f64::from(scroller.client_height()));
        // A panel of another tab has no size.
        if room.0 < 40.0 || room.1 < 20.0 {
            return self.seen.clone();
        }
        self.lay_out(lab);
        self.light(lab);
        let Some(surface) = Surface::fit(&canvas, room.0, room.1) else { return self.seen.clone() };
        self.make_room(room);
        self.scroll(lab, &scroller);
        let Some(colours) = self.refs.probe.cast().and_then(|probe| self.theme.colours(&probe)) else {
            return self.seen.clone();
        };
        let engine = lab.engine();
        let run = engine.run();
        let trace = run.trace();
        let of_row = |seq: u32| trace.get(seq).map(|event| label(&event)).unwrap_or_default();
        let why = |seq: u32| trace.get(seq).map(|event| event.why().to_owned()).unwrap_or_default();
        let measure = |text: &str, size: f64, bold: bool| surface.measure(colours, text, size, bold);
        self.list = draw(&Frame {
            diagram: &self.diagram,
            tracks: engine.tracks(),
            view: engine.view().at,
            width: room.0,
            height: room.1,
            scroll: (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_top())),
            selected: lab.screen().selected,
            lit: self.path.2.events(),
            measure: &measure,
            label: &of_row,
            why: &why,
        });
        surface.paint(&self.list, colours);
        self.seen.clone()
    }

    /// Lays the rows out, where anything of that changed.
    fn lay_out(&mut self, lab: &Lab) {
        let engine = lab.engine();
        let screen = lab.screen();
        let run = engine.run();
        let (view, events) = (engine.view().at, engine.events());
        let (choice, client) =
            choice(&engine, &screen.flow, screen.selected, (screen.window.from, screen.window.to()));
        let first = screen.flow.first;
        let key =
            (engine.generation(), engine.folded(), view, events, choice.clone(), screen.flow.folded, first);
        if self.key.as_ref() == Some(&key) && self.selected == screen.selected {
            return;
        }
        let until = match &choice {
            Choice::Window(_, to) => *to,
            _ => SimTime::END,
        };
        let goes_on = self.story.update(&choice, engine.generation(), run.trace(), engine.tracks());
        if goes_on {
            lab.wake();
        }
        let chosen = choice.rows(engine.tracks(), &self.story, events, first);
        let source = Source {
            trace: run.trace(),
            tracks: engine.tracks(),
            lifelines: self.lifelines(&engine, &choice, &chosen),
            chosen: &chosen,
            view,
            events,
            until,
            folded: screen.flow.folded,
        };
        self.diagram = Diagram::new(source);
        let ways = || self.diagram.rows.iter().filter_map(|row| row.way);
        self.seen = Seen {
            rows: self.diagram.rows.len(),
            arrows: ways().count(),
            lost: ways().filter(|way| way.end.is_some_and(|end| end.lost)).count(),
            folded: self.diagram.waits.iter().filter(|wait| wait.folded).count(),
            first: chosen.before,
            before: chosen.before,
            after: chosen.after,
            client,
        };
        self.key = Some(key).filter(|_| !goes_on);
    }

    /// Finds what belongs to the chosen event; a message's own diagram is all of one piece.
    fn light(&mut self, lab: &Lab) {
        let engine = lab.engine();
        let (run, screen) = (engine.run(), lab.screen());
        let selected = screen.selected.filter(|_| screen.flow.scope != Scope::Message);
        if (self.path.0, self.path.1) != (selected, engine.generation()) {
            let path = selected.map(|seq| Path::of(run.trace(), seq)).unwrap_or_default();
            self.path = (selected, engine.generation(), path);
        }
        if self.path.2.grow(run.trace(), engine.tracks()) {
            lab.wake();
        }
    }

    fn lifelines(&self, engine: &Engine, choice: &Choice, chosen: &Chosen) -> Vec<Option<String>> {
        let tracks = engine.tracks();
        let (run, lanes) = (engine.run(), tracks.clients.len());
        let takes_part = |seqs: &[u32]| {
            let mut parts = vec![false; lanes];
            for event in seqs.iter().filter_map(|seq| run.trace().get(*seq)) {
                if let Some(part) = tracks.position(event.client()).and_then(|lane| parts.get_mut(lane)) {
                    *part = true;
                }
            }
            parts
        };
        let keep = |clients: &mut Vec<String>, parts: Vec<bool>| {
            clients.retain(|name| tracks.position(name).is_some_and(|lane| parts[lane]));
        };
        let mut clients = of_tracks(engine);
        match choice {
            Choice::Client(one) => clients.retain(|name| name == one),
            // Those whom it has not reached yet stand there already.
            Choice::Message(_) => keep(&mut clients, takes_part(self.story.rows())),
            Choice::Window(..) | Choice::All if clients.len() > ALL_CLIENTS => {
                keep(&mut clients, takes_part(&chosen.seqs));
            }
            Choice::Window(..) | Choice::All => {}
        }
        let clients: Vec<_> =
            clients.into_iter().map(|name| (name.clone(), is_left(engine, &name))).collect();
        sides(&clients)
    }

    /// Makes the scroller as long and as wide as the diagram.
    fn make_room(&mut self, room: (f64, f64)) {
        let size = (width(&self.diagram, room.0), (self.diagram.height + HEAD_PX - room.1).max(0.0));
        if size != self.size
            && let Some(spacer) = self.refs.spacer.cast::<Element>()
        {
            set_css(&spacer, "width", &format!("{}px", size.0));
            set_css(&spacer, "height", &format!("{}px", size.1));
            self.size = size;
        }
    }

    /// Goes where the view is, or to what was chosen.
    fn scroll(&mut self, lab: &Lab, scroller: &Element) {
        let selected = lab.screen().selected;
        let newly = selected.filter(|_| self.selected != selected);
        self.selected = selected;
        if let Some(row) =
            newly.and_then(|seq| self.diagram.row_of(seq)).and_then(|row| self.diagram.rows.get(row))
        {
            let (top, room) =
                (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()) - HEAD_PX);
            if row.y - 24.0 < top || row.y + 12.0 > top + room {
                scroller.set_scroll_top((row.y - room / 2.0) as i32);
                let end = scroller.scroll_height() - scroller.client_height();
                lab.change_quietly(|screen| screen.flow.follows &= scroller.scroll_top() >= end - 2);
            }
        } else if lab.screen().flow.follows {
            scroller.set_scroll_top(scroller.scroll_height());
        }
        self.scrolled_to.set(scroller.scroll_top());
    }

    /// The scroller moved: where the user did that, the diagram follows the view no more, until its end is in sight again.
    pub(super) fn scrolled(&self, lab: &Lab) {
        let Some(scroller) = self.refs.scroller.cast::<Element>() else { return };
        let (top, end) = (scroller.scroll_top(), scroller.scroll_height() - scroller.client_height());
        if top != self.scrolled_to.replace(top) {
            let (first, at_end) = (self.seen.first, top >= end - 2 && self.seen.after == 0);
            lab.change_quietly(|screen| {
                screen.flow.follows = at_end;
                // What is looked at stays.
                screen.flow.first = if at_end { None } else { Some(first) };
            });
        }
        lab.wake();
    }

    /// The event under a pointer.
    pub(super) fn hit(&self, event: &MouseEvent) -> Option<u32> {
        let scroller = self.refs.scroller.cast::<Element>()?;
        let (x, y) = place(&scroller, event);
        match self.list.hit(x, y) {
            Some(Hit::Event(seq)) if y > HEAD_PX => Some(seq),
            _ => None,
        }
    }

    /// Shows what is under the pointer, or hides the tooltip.
    pub(super) fn tip(&self, lab: &Lab, event: Option<&PointerEvent>) {
        let refs = (self.refs.tooltip.cast::<Element>(), self.refs.scroller.cast::<Element>());
        let (Some(tooltip), Some(scroller)) = refs else { return };
        let found = event.and_then(|event| Some((self.hit(event)?, place(&scroller, event))));
        let Some((seq, at)) = found else {
            let _ = tooltip.class_list().remove_1("shown");
            return;
        };
        let engine = lab.engine();
        let run = engine.run();
        let text = run.trace().get(seq).map(|event| words::tooltip(&event));
        crate::ui::canvas::tip(&tooltip, &scroller, &text.unwrap_or_default(), at);
    }
}

/// What is to be seen, and of which client that is, where it is of one.
fn choice(
    engine: &Engine,
    shown: &Shown,
    selected: Option<u32>,
    window: (SimTime, SimTime),
) -> (Choice, String) {
    let run = engine.run();
    let trace = run.trace();
    match shown.scope {
        Scope::All => (Choice::All, String::new()),
        Scope::Window => (Choice::Window(window.0, window.1), String::new()),
        Scope::Message => {
            let seq = selected.or_else(|| Story::last_message(trace, engine.events()));
            (Choice::Message(seq.unwrap_or(u32::MAX)), String::new())
        }
        Scope::Client => {
            let asked = shown.client.as_ref().filter(|(of, _)| *of == selected).map(|(_, name)| name.clone());
            let clients = of_tracks(engine);
            let chosen = || selected.and_then(|seq| trace.get(seq)).map(|event| event.client().to_owned());
            let known = asked.or_else(chosen).filter(|name| clients.contains(name));
            let name = known.or_else(|| clients.first().cloned()).unwrap_or_default();
            (Choice::Client(name.clone()), name)
        }
    }
}
