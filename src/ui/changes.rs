//! What the chosen event changed in the broker: computed again on a copy of the world, in the frames' slices, when somebody asks.

use crate::broker::{self, Asked, By, Change, Holdings, Kind};
use crate::sim::{Around, Run};
use crate::time::SimTime;
use crate::trace::{EventRef, Trace};
use std::rc::Rc;

/// How many steps are computed between two looks at the clock.
const STEPS: u64 = 32;
/// A copy of a world that is larger than this, in bytes, is made only when a button is pressed.
const SMALL: usize = 4 << 20;

/// Which step of the world an event's packet acts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ActsAt {
    /// In the one that noted this event.
    Event(u32),
    /// It has not arrived at the broker.
    NotYet,
    /// It was lost.
    Never,
}

/// Where an event acts on the broker: a packet to it as it arrives, one from it as it is sent, all else where it is.
pub(crate) fn acts_at(trace: &Trace, event: &EventRef<'_>) -> ActsAt {
    match (event.kind(), event.by()) {
        (Kind::PacketLost, _) => ActsAt::Never,
        (Kind::PacketSent, By::Client) => {
            let then = trace.consequences(event.seq(), 4);
            let of = |kind| then.iter().find(|event| event.kind() == kind).map(EventRef::seq);
            match (of(Kind::PacketReceived), of(Kind::PacketLost)) {
                (Some(seq), _) => ActsAt::Event(seq),
                (None, Some(_)) => ActsAt::Never,
                (None, None) => ActsAt::NotYet,
            }
        }
        (Kind::PacketReceived, By::Client) => ActsAt::Event(event.cause().unwrap_or(event.seq())),
        _ => ActsAt::Event(event.seq()),
    }
}

/// What was found.
pub(crate) struct Found {
    /// When the step was.
    pub(crate) at: SimTime,
    /// What is not as it was.
    pub(crate) all: Vec<Change>,
    /// How many clients and topics were not looked at, since there were too many.
    pub(crate) left_out: usize,
}

/// How far a question is.
pub(crate) enum Answer {
    /// Nobody asked.
    NotAsked,
    /// It is being computed.
    Computing,
    /// The run does not go back there.
    Unknown,
    /// This is it.
    Found(Rc<Found>),
}

/// A look at a step that is under way.
struct Look {
    around: Around,
    asked: Asked,
    at: SimTime,
    before: Option<Holdings>,
}

/// What somebody asked about, and what was found.
#[derive(Default)]
pub(crate) struct Changes {
    seq: Option<u32>,
    look: Option<Look>,
    found: Option<Rc<Found>>,
}

impl Changes {
    /// Asks about the step that noted an event.
    pub(crate) fn ask(&mut self, run: &Run, seq: u32) {
        if self.seq != Some(seq) {
            *self = Self { seq: Some(seq), look: Look::new(run, seq), found: None };
        }
    }

    /// How far that is for an event.
    pub(crate) fn of(&self, seq: u32) -> Answer {
        match (&self.found, &self.look) {
            _ if self.seq != Some(seq) => Answer::NotAsked,
            (Some(found), _) => Answer::Found(Rc::clone(found)),
            (None, Some(_)) => Answer::Computing,
            (None, None) => Answer::Unknown,
        }
    }

    /// Computes while `go_on` says so. Says whether something is left.
    pub(crate) fn work(&mut self, run: &Run, go_on: &mut dyn FnMut() -> bool) -> bool {
        while let Some(look) = &mut self.look {
            if let Some(found) = look.work(run) {
                self.found = Some(Rc::new(found));
                self.look = None;
            } else if !go_on() {
                return true;
            }
        }
        false
    }
}

impl Look {
    fn new(run: &Run, seq: u32) -> Option<Self> {
        let around = run.around(seq)?;
        let (at, mut asked) = (run.trace().get(seq)?.at(), Asked::default());
        for event in run.trace().range(around.step()) {
            asked.client(event.client());
            if is_of_topic(event.kind()) {
                asked.topic(event.topic());
            }
        }
        Some(Self { around, asked, at, before: None })
    }

    /// Computes a little. Gives what was found at the end.
    fn work(&mut self, run: &Run) -> Option<Found> {
        let step = self.around.step();
        let to = if self.before.is_none() { step.start } else { step.end };
        if !run.approach(&mut self.around, to, STEPS) {
            return None;
        }
        let holdings = self.around.world().broker().holdings(&self.asked, self.at);
        let before = self.before.replace(holdings)?;
        let after = self.before.as_ref()?;
        let all = broker::changes(&before, after);
        Some(Found { at: self.at, all, left_out: self.asked.left_out() })
    }
}

/// Whether what an event of this kind names may be a topic whose retained message it changes.
const fn is_of_topic(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::RetainedStored | Kind::RetainedReplaced | Kind::RetainedCleared | Kind::RetainedExpired
    )
}

/// Whether a copy of the world is made in no time.
pub(crate) fn is_cheap(run: &Run) -> bool {
    let (count, bytes) = run.checkpoints();
    bytes / count.max(1) < SMALL
}
