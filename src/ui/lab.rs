//! The store that every component reads: the engine, what is chosen and shown, and who wants to know of changes.
//!
//! It lives outside of Yew's hooks. Components re-render by [`use_lab`]; closures that outlive a render hold the [`Lab`] itself,
//! never a state handle.

use super::engine::Engine;
use super::screen::{Screen, Tab};
use super::text::runs;
use super::text::time as text;
use crate::picture::Turns;
use crate::scenario::SavedRun;
use crate::sim::Input;
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;
use yew::prelude::*;

/// How often a component wants to be drawn again while time runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    /// With each frame: the clock, the scrubber, the timeline.
    Frame,
    /// At most ten times a second, in turns: panels of text.
    Panel,
}

struct Listener {
    id: u32,
    rate: Rate,
    call: Callback<()>,
}

struct Inner {
    engine: RefCell<Engine>,
    screen: RefCell<Screen>,
    listeners: RefCell<Vec<Listener>>,
    next_listener: Cell<u32>,
    dirty: Cell<bool>,
    /// Whether what is drawn with each frame has to be drawn.
    paints: Cell<bool>,
    /// The panels that are still to be drawn.
    turns: RefCell<Turns>,
    /// The component that is drawn now, or was last.
    drawing: Cell<u32>,
    wake: RefCell<Option<Rc<dyn Fn()>>>,
}

/// A handle on the store; all handles of a page are of the same one.
#[derive(Clone)]
pub(crate) struct Lab(Rc<Inner>);

impl PartialEq for Lab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Lab {
    /// A store around an engine.
    pub(crate) fn new(engine: Engine) -> Self {
        Self(Rc::new(Inner {
            engine: RefCell::new(engine),
            screen: RefCell::default(),
            listeners: RefCell::default(),
            next_listener: Cell::default(),
            dirty: Cell::default(),
            paints: Cell::default(),
            turns: RefCell::default(),
            drawing: Cell::default(),
            wake: RefCell::default(),
        }))
    }

    /// Reads the engine.
    pub(crate) fn engine(&self) -> Ref<'_, Engine> {
        self.0.engine.borrow()
    }

    /// Changes the engine. Not while a `Ref` of it is held.
    pub(crate) fn engine_mut(&self) -> RefMut<'_, Engine> {
        self.0.engine.borrow_mut()
    }

    /// Whether somebody is in the middle of changing the engine, as when it panicked.
    pub(crate) fn is_borrowed(&self) -> bool {
        self.0.engine.try_borrow().map_or(true, |engine| engine.shared_run().try_borrow().is_err())
    }

    /// Reads what is chosen and shown.
    pub(crate) fn screen(&self) -> Ref<'_, Screen> {
        self.0.screen.borrow()
    }

    /// Changes what is chosen and shown, and has everything drawn again.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Screen)) {
        change(&mut self.0.screen.borrow_mut());
        self.touch();
    }

    /// Changes the stretch of time that is shown: what is drawn with each frame is drawn again, and the panels only where following the
    /// view began or ended.
    pub(crate) fn change_window(&self, change: impl FnOnce(&mut Screen)) {
        let follow = self.screen().follow;
        self.change_quietly(change);
        if self.screen().follow == follow { self.wake() } else { self.touch() }
    }

    /// What changes what is chosen and shown, when it is called.
    pub(crate) fn changes<E: 'static>(&self, change: fn(&mut Screen)) -> Callback<E> {
        let lab = self.clone();
        Callback::from(move |_: E| lab.change(change))
    }

    /// The way to another tab.
    pub(crate) fn goes(&self, tab: Tab) -> Callback<MouseEvent> {
        let lab = self.clone();
        Callback::from(move |_: MouseEvent| lab.change(|screen| screen.go(tab)))
    }

    /// Changes the screen during a frame, which draws anyway.
    pub(crate) fn change_quietly<T>(&self, change: impl FnOnce(&mut Screen) -> T) -> T {
        change(&mut self.0.screen.borrow_mut())
    }

    /// Does something to the engine and has everything drawn again.
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> T {
        let result = act(&mut self.0.engine.borrow_mut());
        self.touch();
        result
    }

    /// Does things to the run at the view. Time that stands still goes on doing so, and the user is told; only at the scenario's end,
    /// where it stopped by itself, it goes on.
    pub(crate) fn input(&self, inputs: impl IntoIterator<Item = Input>) {
        let mut engine = self.0.engine.borrow_mut();
        let ended = engine.is_at_head() && engine.view().at == engine.run().until();
        let gone = engine.run().gone().map(|gone| gone.id);
        let refused = engine.input(inputs).err();
        let had_to_go = engine.run().gone().filter(|now| Some(now.id) != gone);
        drop(engine);
        super::panic::remember(self);
        self.change(|screen| match refused {
            Some(why) => screen.notice = Some(why),
            None if had_to_go.is_some() => screen.notice = had_to_go.map(|gone| text::had_to_go(&gone)),
            None if screen.playing || ended => screen.playing = true,
            None => screen.notice = Some(runs::DONE.to_owned()),
        });
    }

    /// Takes back that something was done and waits for time to go on.
    pub(crate) fn goes_on(&self) {
        self.change_quietly(|screen| {
            screen.notice = screen.notice.take().filter(|notice| notice != runs::DONE)
        });
    }

    /// The run as it can be put into a link or a file.
    pub(crate) fn saved(&self) -> SavedRun {
        let screen = self.screen();
        SavedRun { markers: screen.markers.clone(), code: screen.code.own(), ..self.engine().saved() }
    }

    /// Asks for a frame in which everything is drawn again.
    pub(crate) fn touch(&self) {
        self.0.dirty.set(true);
        self.wake();
    }

    /// Asks for a frame, in which the timeline is painted again and no panel drawn.
    pub(crate) fn wake(&self) {
        self.0.paints.set(true);
        self.ask();
    }

    /// The panel that is being drawn has only done a part of what there is to do: it gets another turn.
    pub(crate) fn draws_on(&self) {
        self.0.turns.borrow_mut().add([self.0.drawing.get()].into_iter());
        self.ask();
    }

    fn ask(&self) {
        let wake = self.0.wake.borrow().clone();
        if let Some(wake) = wake {
            wake();
        }
    }

    /// Whether something changed since the last call.
    pub(crate) fn take_dirty(&self) -> bool {
        self.0.dirty.replace(false)
    }

    /// Whether what is drawn with each frame was to be drawn since the last call.
    pub(crate) fn take_paints(&self) -> bool {
        self.0.paints.replace(false)
    }

    /// Says who asks the browser for a frame.
    pub(crate) fn set_wake(&self, wake: Rc<dyn Fn()>) {
        *self.0.wake.borrow_mut() = Some(wake);
    }

    /// Who is still to be drawn.
    pub(crate) fn turns(&self) -> RefMut<'_, Turns> {
        self.0.turns.borrow_mut()
    }

    /// Has every panel drawn again, each in its turn.
    pub(crate) fn draw_panels(&self) {
        let listeners = self.0.listeners.borrow();
        let panels = listeners.iter().filter(|listener| listener.rate == Rate::Panel);
        self.0.turns.borrow_mut().add(panels.map(|listener| listener.id));
    }

    /// Calls everybody who is drawn with each frame.
    pub(crate) fn paint(&self) {
        self.call(|listener| listener.rate == Rate::Frame);
    }

    /// Has one of the panels drawn; one that is gone needs no turn.
    pub(crate) fn draw(&self, id: u32) {
        if self.call(|listener| listener.id == id) == 0 {
            self.turns().drawn(id);
        }
    }

    /// Says how many were called.
    fn call(&self, is_called: impl Fn(&Listener) -> bool) -> usize {
        // Copied first: a call may add or remove listeners.
        let listeners = self.0.listeners.borrow();
        let calls: Vec<Callback<()>> = listeners
            .iter()
            .filter(|listener| is_called(listener))
            .map(|listener| listener.call.clone())
            .collect();
        drop(listeners);
        calls.iter().for_each(|call| call.emit(()));
        calls.len()
    }

    fn new_listener(&self) -> u32 {
        let id = self.0.next_listener.get();
        self.0.next_listener.set(id + 1);
        id
    }

    /// Calls back at a rate until [`Lab::forget`].
    pub(crate) fn listen(&self, rate: Rate, call: Callback<()>) -> u32 {
        let id = self.new_listener();
        self.add_listener(Listener { id, rate, call });
        id
    }

    /// They stand in the order of their numbers, in which those above come before those within them.
    fn add_listener(&self, listener: Listener) {
        let mut listeners = self.0.listeners.borrow_mut();
        let place = listeners.partition_point(|other| other.id < listener.id);
        listeners.insert(place, listener);
    }

    /// Ends what [`Lab::listen`] began.
    pub(crate) fn forget(&self, id: u32) {
        self.0.listeners.borrow_mut().retain(|listener| listener.id != id);
        self.turns().drawn(id);
    }
}

/// What most components need.
#[derive(Properties, PartialEq)]
pub(crate) struct LabProps {
    /// The store.
    pub(crate) lab: Lab,
}

/// The lab; the component is drawn again at this rate while something changes.
#[hook]
pub(crate) fn use_lab(lab: &Lab, rate: Rate) -> Lab {
    let update = use_force_update();
    // Given before those within it have theirs.
    let id = *use_mut_ref(|| lab.new_listener()).borrow();
    // Drawn for whatever reason, it needs no turn.
    lab.turns().drawn(id);
    lab.0.drawing.set(id);
    use_effect_with((lab.clone(), rate), move |(lab, rate)| {
        let lab = lab.clone();
        lab.add_listener(Listener { id, rate: *rate, call: Callback::from(move |()| update.force_update()) });
        move || lab.forget(id)
    });
    lab.clone()
}
