//! The run as the lab sees it: the simulation, the folds that are drawn from its trace, and what the scenario tells.

mod branches;
mod looks;
mod paced;
mod past;
mod walk;

use super::changes::Changes;
use super::recalled::{Recalled, TraceWith};
use super::sides::{Against, With};
use super::views::{self, ClientView};
use crate::broker::Kind;
use crate::page::{Bridge, Programs};
use crate::picture::{Exceedings, Glance, Ruled, Topics, Tracks};
use crate::profile::Value;
use crate::scenario::{Mark, Marker, Overrides, Problem, SavedRun, Scenario, compile};
use crate::sim::{Branches, Input, LinkSpec, Moment, Run};
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::topic::ParentMatch;
use crate::trace::{Fingerprint, Ledger};
pub(crate) use paced::Paced;
use past::Held;
use std::cell::{Ref, RefCell};
use std::ops::Range;
use std::rc::Rc;
use walk::{Look, Skip};

pub(crate) use past::Done;
pub(crate) use walk::Skipped;

/// The version of this engine.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// How many steps of the world are computed, and how many events folded, between two looks at the clock.
const STEPS: u64 = 8;
const FOLDS: usize = 64;
/// How many events are folded at once where nobody looks at the clock: more than what one act leads to.
const FOLDS_AT_ONCE: usize = 4_096;
/// How many events are looked at between two looks at the clock.
const LOOKS: u32 = 32;
/// A jump within what is computed that is longer than this goes by a checkpoint.
const NEAR: Span = Span::s(2);

/// What the engine is still to do.
#[derive(Clone, Copy, PartialEq)]
enum Goal {
    /// Compute up to this moment, which lies after the head, and move the view there.
    To(Moment),
    /// Go on with a jump.
    GoOn,
    /// Compute on with the view, as playing does.
    On(SimTime),
    /// Look for the next moment at which something happens.
    Look(Look),
}

/// The engine. It is advanced by the frame loop only.
pub(crate) struct Engine {
    /// Shared with the bridge to live clients, which lives as long as the page.
    run: Rc<RefCell<Run>>,
    scenario: Scenario,
    lesson: Option<String>,
    profile: String,
    marks: Vec<Mark>,
    /// The runs that this one took the place of, and those that took its place until that was undone.
    past: Vec<Held>,
    future: Vec<Held>,
    is_opened: bool,
    goal: Option<Goal>,
    skip: Option<Skip>,
    tracks: Tracks,
    topics: Topics,
    ledger: Ledger,
    exceedings: Exceedings,
    ruled: Ruled,
    changes: Changes,
    folded: u32,
    generation: u64,
    most_queued: Sorted<Box<str>, u32>,
    bridge: Option<Bridge>,
    programs: Option<Programs>,
    paced: Option<Paced>,
    against: Option<Against>,
    expected: Option<Expected>,
    recalled: Recalled,
}

/// What another engine saw in the run of a link, until it is compared at the link's moment.
struct Expected {
    engine: String,
    trace: Fingerprint,
}

/// A difference between this engine and the one that made a link.
pub(crate) struct Difference {
    /// The version of the other engine.
    pub(crate) engine: String,
    /// The events among which the first difference lies.
    pub(crate) events: Range<u32>,
}

/// The first of several problems, in words.
fn first_of(problems: Vec<Problem>) -> String {
    problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
}

impl Engine {
    /// An engine with an empty run, until a scenario is opened.
    ///
    /// # Errors
    /// Why there cannot be one.
    pub(crate) fn new() -> Result<Self, String> {
        let scenario = Scenario::default();
        let plan = compile(&scenario, &Overrides::default()).map_err(first_of)?;
        let run = Rc::new(RefCell::new(Run::new(&plan.setup)?));
        Ok(Self {
            run,
            scenario,
            lesson: None,
            profile: plan.setup.profile.name().to_owned(),
            marks: Vec::new(),
            past: Vec::new(),
            future: Vec::new(),
            is_opened: false,
            goal: None,
            skip: None,
            tracks: Tracks::default(),
            topics: Topics::default(),
            ledger: Ledger::default(),
            exceedings: Exceedings::default(),
            ruled: Ruled::default(),
            changes: Changes::default(),
            folded: 0,
            generation: 0,
            most_queued: Sorted::new(),
            bridge: None,
            programs: None,
            paced: None,
            against: None,
            expected: None,
            recalled: Recalled::default(),
        })
    }

    /// The run, for a look.
    pub(crate) fn run(&self) -> Ref<'_, Run> {
        self.run.borrow()
    }

    /// The run, for the bridge.
    pub(crate) fn shared_run(&self) -> Rc<RefCell<Run>> {
        Rc::clone(&self.run)
    }

    /// Opens a scenario at its beginning, under another profile where one is given, with what was done to an earlier run of it. The run
    /// that was there is kept with its markers, for undoing.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(crate) fn open(
        &mut self,
        scenario: Scenario,
        lesson: Option<String>,
        profile: Option<String>,
        done: Branches,
        markers: Vec<Marker>,
    ) -> Result<(), String> {
        let overrides = Overrides { profile, ..Overrides::default() };
        let plan = compile(&scenario, &overrides).map_err(first_of)?;
        let run = Run::replay_all(&plan.setup, done)?;
        let profile = plan.setup.profile.name().to_owned();
        let left = self.exchange(Held::new(run, scenario, lesson, profile, plan.marks), markers);
        if std::mem::replace(&mut self.is_opened, true) {
            self.hold(left);
        }
        self.expected = None;
        self.start_again();
        Ok(())
    }

    /// Says what another engine saw up to the moment that is computed next: see [`Engine::difference`].
    pub(crate) fn expect(&mut self, engine: String, trace: Fingerprint) {
        self.expected = Some(Expected { engine, trace });
    }

    /// Once the link's moment is reached, and only once: whether this engine computed another run than the link's.
    pub(crate) fn difference(&mut self) -> Option<Difference> {
        if self.goal.is_some() {
            return None;
        }
        let Expected { engine, trace } = self.expected.take()?;
        let run = self.run.borrow();
        let events = trace.first_difference(run.trace(), run.visible())?;
        Some(Difference { engine, events })
    }

    /// Forgets the folds of another branch or run.
    fn start_again(&mut self) {
        (self.goal, self.skip) = (None, None);
        // It cannot follow into another run or branch.
        self.set_paced(None);
        self.tracks = Tracks::default();
        self.topics = Topics::default();
        self.ledger = Ledger::default();
        self.exceedings = Exceedings::default();
        self.ruled = Ruled::default();
        self.changes = Changes::default();
        self.folded = 0;
        self.generation += 1;
        self.recalled = Recalled::default();
        self.most_queued = Sorted::new();
        // Lanes stand in the order of the scenario, whoever speaks first.
        for client in &self.scenario.clients {
            self.tracks.lane(&client.client.id);
        }
        self.fold();
        if let Some(against) = self.against.take() {
            self.against = against.again(&self.scenario, &self.run.borrow());
        }
    }

    /// Takes what the trace has new into the folds; what is more than an act leads to by and by.
    fn fold(&mut self) {
        let mut left = FOLDS_AT_ONCE / FOLDS;
        self.fold_while(&mut || {
            left -= 1;
            left > 0
        });
    }

    /// Takes what the trace has new into the folds while `go_on` says so. Says whether that is all of it.
    fn fold_while(&mut self, go_on: &mut dyn FnMut() -> bool) -> bool {
        let run = Rc::clone(&self.run);
        let run = run.borrow();
        let entries = run.journal().entries();
        for (n, event) in run.trace().range(self.folded..u32::MAX).enumerate() {
            if n % FOLDS == FOLDS - 1 && !go_on() {
                return false;
            }
            let entry = run.entry_of(event.seq()).and_then(|entry| entries.get(entry));
            let by_hand = entry.is_some_and(|entry| matches!(entry.input, Input::Client { .. }));
            let glance = Glance { by_hand, ..Glance::of(&event) };
            self.tracks.take(&glance);
            self.topics.take(&glance);
            self.ledger.take(&event);
            self.exceedings.take(&glance);
            self.ruled.take(event.seq(), event.rule());
            self.folded = event.seq() + 1;
            if let (Kind::MessageQueued, Some(depth)) = (event.kind(), event.number()) {
                let before = self.most_queued.get(event.client()).copied().unwrap_or(0);
                if before < depth {
                    self.most_queued.insert(event.client().into(), depth);
                }
            }
        }
        self.folded = run.trace().next_seq();
        true
    }

    /// Whether the folds have all that the trace has.
    fn is_folded(&self) -> bool {
        self.folded >= self.run().trace().next_seq()
    }

    /// Moves the view to the end of this time, by and by.
    pub(crate) fn go_to(&mut self, to: SimTime) {
        self.go_to_moment(Moment::after(to));
    }

    /// Moves the view to a moment, by and by.
    pub(crate) fn go_to_moment(&mut self, to: Moment) {
        let mut run = self.run.borrow_mut();
        let (view, head) = (run.view().at, run.head());
        let near = to.at > view && to.at.since(view) <= NEAR && to.ordinal == Moment::ALL;
        self.goal = Some(if to.at > head {
            run.go_to_head();
            Goal::To(to)
        } else if near {
            Goal::To(to)
        } else {
            run.seek(to);
            Goal::GoOn
        });
    }

    /// Computes while there is something to do and `go_on` says so. Says whether something is left.
    pub(crate) fn work(&mut self, go_on: &mut dyn FnMut() -> bool) -> bool {
        // What is folded counts as computing: else a slice that made many events would be followed by as long a fold.
        let mut has_time = self.fold_while(go_on);
        while has_time && let Some(goal) = self.goal {
            let done = match goal {
                Goal::To(Moment { at, ordinal: Moment::ALL }) | Goal::On(at) if self.is_paced() => {
                    self.paced_to(at)
                }
                Goal::Look(look) if self.is_paced() => self.paced_look(look),
                _ => self.reach(goal),
            };
            if done {
                self.goal = None;
            }
            has_time = self.fold_while(go_on) && !self.waits() && go_on();
        }
        if let Some(bridge) = &self.bridge {
            bridge.deliver();
        }
        let lags =
            self.against.as_mut().is_some_and(|against| against.follow(&mut self.run.borrow_mut(), go_on));
        let looks = self.changes.work(&self.run.borrow(), go_on);
        self.is_computing() || lags || looks
    }

    /// Computes a little towards a goal. Whether it is reached.
    fn reach(&mut self, goal: Goal) -> bool {
        let mut run = self.run.borrow_mut();
        match goal {
            Goal::To(to) if to.ordinal == Moment::ALL => run.advance_to(to.at, STEPS).done,
            Goal::To(to) => {
                // All of that time is computed first; then the view goes back to where in it the moment is.
                if run.advance_to(to.at, STEPS).done {
                    run.seek(to);
                    self.goal = Some(Goal::GoOn);
                }
                false
            }
            Goal::GoOn => run.go_on(STEPS).done,
            Goal::On(to) => run.advance_to(to, STEPS).done,
            Goal::Look(look) => (0..LOOKS).any(|_| look.go_on(&mut run)),
        }
    }

    /// Has the run compared with the same one under another profile.
    ///
    /// # Errors
    /// Why it cannot be, as a sentence.
    pub(crate) fn set_against(&mut self, profile: &str) -> Result<(), String> {
        let against = Against::new(&self.scenario, &self.run(), With::Profile(profile.to_owned()))?;
        self.against = Some(against);
        Ok(())
    }

    /// What the run is compared with.
    pub(crate) fn against(&self) -> Option<&Against> {
        self.against.as_ref()
    }

    /// Says who carries what live clients are told, and what starts programs.
    pub(crate) fn set_bridge(&mut self, bridge: Bridge, programs: Option<Programs>) {
        self.bridge = Some(bridge);
        self.programs = programs;
    }

    /// The link that a client has where nobody changed it.
    pub(crate) fn usual_link(&self, client: &str) -> LinkSpec {
        let of_scenario = self.scenario.clients.iter().find(|spec| spec.client.id == client);
        if let Some(spec) = of_scenario {
            return spec.link;
        }
        let run = self.run();
        let mut added = run.journal().entries().iter().filter_map(|entry| match &entry.input {
            Input::AddClient(spec) if spec.client.id == client => Some(spec.link),
            _ => None,
        });
        added.next_back().unwrap_or_default()
    }

    /// Whether a jump or a computation is under way that one frame did not finish.
    pub(crate) fn is_computing(&self) -> bool {
        self.goal.is_some() || !self.is_folded()
    }

    /// How much of a long computation is done, in hundredths; `None` where none is under way or its end is not known.
    pub(crate) fn computed_part(&self) -> Option<u64> {
        let Some(Goal::To(to)) = self.goal else { return None };
        (100 * self.head().0).checked_div(to.at.0)
    }

    /// Ends a jump or a computation where it is: the view stays there.
    pub(crate) fn stop(&mut self) {
        self.goal = None;
    }

    /// How many events the trace let go because it reached its bound.
    pub(crate) fn dropped(&self) -> u64 {
        self.run().trace().dropped()
    }

    /// A trace that holds this event: the run's own, or what was computed again where that let it go. It may hold it no more at all.
    pub(crate) fn trace_with<'a>(&'a self, run: &'a Run, seq: u32) -> TraceWith<'a> {
        if seq < run.trace().first_seq() {
            TraceWith::Recalled(self.recalled.with(run, seq))
        } else {
            TraceWith::Own(run.trace())
        }
    }

    /// Whether what the run is compared with has not come to where the run is.
    pub(crate) fn is_comparing(&self) -> bool {
        self.against.as_ref().is_some_and(|against| against.lags(&self.run()))
    }

    /// Whether live clients of this page take part that have the wall's time; those of a run that was recorded elsewhere wait for
    /// nobody, and a program may have the run's.
    pub(crate) fn has_live_clients(&self) -> bool {
        !self.is_paced() && self.bridge.as_ref().is_some_and(Bridge::has_sockets)
    }

    /// Whether the view is at the head.
    pub(crate) fn is_at_head(&self) -> bool {
        self.run().is_at_head()
    }

    /// The moment that is looked at.
    pub(crate) fn view(&self) -> Moment {
        self.run().view()
    }

    /// How far the run was computed.
    pub(crate) fn head(&self) -> SimTime {
        self.run().head()
    }

    /// Where the scrubber ends: the scenario's end, or the head where that went on.
    pub(crate) fn end(&self) -> SimTime {
        let run = self.run();
        run.until().max(run.head())
    }

    /// Where playing stops by itself after one moment and not after another: at a mark that says so, or at any, or at the scenario's end.
    pub(crate) fn stop_between(&self, from: SimTime, to: SimTime, at_any: bool) -> Option<SimTime> {
        let marks = self.marks.iter().filter(|mark| mark.pause || at_any).map(|mark| mark.at);
        marks.chain([self.run().until()]).filter(|at| from < *at && *at <= to).min()
    }

    /// How many events have happened at the view.
    pub(crate) fn events(&self) -> u32 {
        self.run().visible()
    }

    /// What the timeline shows.
    pub(crate) fn tracks(&self) -> &Tracks {
        &self.tracks
    }

    /// What the topic tree shows.
    pub(crate) fn topics(&self) -> &Topics {
        &self.topics
    }

    /// What the ledger shows.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The rules that acted.
    pub(crate) fn ruled(&self) -> &Ruled {
        &self.ruled
    }

    /// What quotas delayed and refused.
    pub(crate) fn exceedings(&self) -> &Exceedings {
        &self.exceedings
    }

    /// Grows when the trace became another one, not only longer.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// How many events were folded.
    pub(crate) fn folded(&self) -> u32 {
        self.folded
    }

    /// The narration, in the order of time.
    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The scenario's title.
    pub(crate) fn title(&self) -> &str {
        &self.scenario.title
    }

    /// What the scenario is about.
    pub(crate) fn about(&self) -> &str {
        &self.scenario.about
    }

    /// The scenario.
    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The name of the lesson, where it is one that ships.
    pub(crate) fn lesson(&self) -> Option<&str> {
        self.lesson.as_deref()
    }

    /// The name of the profile.
    pub(crate) fn profile(&self) -> &str {
        &self.profile
    }

    /// Whether `a/#` matches `a` under this profile.
    pub(crate) fn parent_match(&self) -> ParentMatch {
        let run = self.run();
        match run.world().broker().profile().get("topic.hash_matches_parent") {
            Some(Value::Switch(false)) => ParentMatch::Excluded,
            _ => ParentMatch::Included,
        }
    }

    /// Whether there is a client of this name at the view.
    pub(crate) fn has_client(&self, name: &str) -> bool {
        self.run().world().client(name).is_some()
    }

    /// The client of this name at the view.
    pub(crate) fn client(&self, name: &str) -> Option<ClientView> {
        let is_here = |id| self.bridge.as_ref().is_some_and(|bridge| bridge.is_here(id));
        views::client(self.run().world(), name, is_here)
    }

    /// How deep the queue of a client or a group ever was.
    pub(crate) fn most_queued(&self, name: &str) -> usize {
        self.most_queued.get(name).map_or(0, |most| *most as usize)
    }

    /// The run as it can be put into a link or a file.
    pub(crate) fn saved(&self) -> SavedRun {
        let mut scenario = self.scenario.clone();
        scenario.broker.profile.clone_from(&self.profile);
        let Branches { journal, all } = self.run().saved();
        SavedRun { engine: VERSION.to_owned(), scenario, journal, branches: all, ..SavedRun::default() }
    }
}
