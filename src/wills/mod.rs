//! The matrix of ways to die: for every way in which a connection can end, and every profile, a scenario that runs, and what became
//! of the Will in it.

mod ways;

pub use ways::{WAYS, Way};

use crate::broker::{Ending, Kind};
use crate::profile::{Profile, Value};
use crate::rule::{RuleId, Source};
use crate::scenario::{Overrides, Problem, Scenario, compile, parse};
use crate::sim::Run;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::trace::{EventRef, Trace};
use crate::wire::Version;

/// The client whose connection ends.
pub const CLIENT: &str = "lamp";
/// When it begins to end.
pub const ENDS_AT: SimTime = SimTime(5_000_000);
/// Steps of the world between two looks at whether the run is done.
const STEPS: u64 = 10_000;

/// What a Will's fate depends on besides the way of ending and the profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The version that the client speaks.
    pub version: Version,
    /// Its Will Delay Interval in seconds; 3.1.1 has none.
    pub delay_s: u32,
}

/// How the broker behaves: the name of a profile, and the settings that differ from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Under {
    /// The profile.
    pub profile: String,
    /// What is set otherwise.
    pub set: Sorted<Box<str>, Value>,
}

impl Under {
    /// A profile as it is.
    pub fn preset(name: &str) -> Self {
        Self { profile: name.to_owned(), set: Sorted::new() }
    }
}

/// What became of the Will.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was published when the broker knew of the end.
    Sent,
    /// It was published after its Will Delay Interval.
    Delayed,
    /// It was never published.
    Discarded,
    /// The connection did not end.
    Alive,
}

impl Outcome {
    /// In a word or two.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delayed => "delayed",
            Self::Discarded => "not sent",
            Self::Alive => "goes on",
        }
    }

    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delayed => "sent after its delay",
            Self::Discarded => "not sent",
            Self::Alive => "the connection goes on",
        }
    }
}

/// What a cell of the matrix says, as its run's trace has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// What became of the Will.
    pub outcome: Outcome,
    /// The event that says so; of a connection that goes on, the first that the broker decided.
    pub seq: u32,
    /// How long after [`ENDS_AT`] that was.
    pub after: Span,
    /// The rule that decided; `None` where no rule ends the connection.
    pub rule: Option<RuleId>,
    /// The rule of the broker's documents that made the connection end, or made it end when it did.
    pub because: Option<RuleId>,
    /// Why, in a few words.
    pub why: String,
}

impl Verdict {
    /// The rules to cite: what decided, and what brought it about.
    pub fn rules(&self) -> impl Iterator<Item = RuleId> {
        self.rule.into_iter().chain(self.because)
    }

    /// How long after the client's end, rounded; empty where it was at once.
    pub fn when(&self) -> String {
        match (self.after.0 + 500_000) / 1_000_000 {
            0 => String::new(),
            s @ 1..120 => format!("{s} s"),
            s @ 120..7_200 => format!("{} min", (s + 30) / 60),
            s => format!("{} h", (s + 1_800) / 3_600),
        }
    }
}

impl Terms {
    /// The version that the client speaks to such a broker: an older one knows no other than 3.1.1.
    ///
    /// # Errors
    /// There is no such profile.
    pub fn version_under(self, under: &Under) -> Result<Version, String> {
        let profile = Profile::named(&under.profile)
            .ok_or_else(|| format!("there is no profile `{}`", under.profile))?;
        let speaks_v5 = profile.get("connect.v5") != Some(Value::Switch(false));
        Ok(if speaks_v5 { self.version } else { Version::V3 })
    }

    /// The scenario of one cell.
    ///
    /// # Errors
    /// Why there is none, in a few words.
    pub fn scenario(self, way: &Way, under: &Under) -> Result<Scenario, String> {
        let text = ways::document(way, under, self)?;
        let mut scenario = parse(&text).map_err(first_of)?;
        scenario.broker.set = under.set.clone();
        Ok(scenario)
    }

    /// Runs the scenario of one cell.
    ///
    /// # Errors
    /// Why there is none, in a few words.
    pub fn verdict(self, way: &Way, under: &Under) -> Result<Verdict, String> {
        let scenario = self.scenario(way, under)?;
        let mut setup = compile(&scenario, &Overrides::default()).map_err(first_of)?.setup;
        setup.rewinds = false;
        let mut run = Run::new(&setup)?;
        while !run.advance_to(run.until(), STEPS).done {}
        verdict_of(run.trace(), way.ending).ok_or_else(|| "the client never connected".to_owned())
    }
}

/// The first of several problems, in words.
fn first_of(problems: Vec<Problem>) -> String {
    problems.into_iter().next().map(|problem| problem.message).unwrap_or_default()
}

/// What a run's trace says of the Will.
fn verdict_of(trace: &Trace, ending: Ending) -> Option<Verdict> {
    let found = |outcome, event: &EventRef<'_>| found(outcome, event, trace, ending);
    let about = |event: &EventRef<'_>| event.client() == CLIENT;
    let mut events = trace.iter().filter(about).skip_while(|event| event.kind() != Kind::WillArmed);
    events.next()?;
    let (mut has_ended, mut scheduled_at) = (false, None);
    let mut decided: Option<EventRef<'_>> = None;
    for event in events {
        match event.kind() {
            Kind::SessionDisconnected => has_ended = true,
            Kind::WillScheduled => scheduled_at = Some(event.at()),
            Kind::WillSent if scheduled_at.is_some_and(|at| at < event.at()) => {
                return Some(found(Outcome::Delayed, &event));
            }
            Kind::WillSent => return Some(found(Outcome::Sent, &event)),
            Kind::WillDiscarded => return Some(found(Outcome::Discarded, &event)),
            Kind::PacketSent | Kind::PacketReceived => {}
            // Why the connection goes on is said by the first that the broker decided.
            _ if event.at() >= ENDS_AT && event.rule().is_some() => decided = decided.or(Some(event)),
            _ => {}
        }
    }
    // A Will that is neither published nor discarded is still armed.
    decided.filter(|_| !has_ended).map(|event| found(Outcome::Alive, &event))
}

fn found(outcome: Outcome, event: &EventRef<'_>, trace: &Trace, ending: Ending) -> Verdict {
    // What the broker decided while nothing went wrong is about something else.
    let is_idle = outcome == Outcome::Alive && ending == Ending::WebSocketExpired;
    let rule = event.rule().filter(|_| !is_idle);
    Verdict {
        outcome,
        seq: event.seq(),
        after: event.at().since(ENDS_AT),
        rule,
        because: because(event, trace, ending).filter(|because| !is_idle && Some(*because) != rule),
        why: event.why().to_owned(),
    }
}

/// The rule of the broker's documents that led to an event: the one that made another keep alive of the client's, where the broker's
/// patience with it ran out; else one among the event's causes, since the end began.
fn because(event: &EventRef<'_>, trace: &Trace, ending: Ending) -> Option<RuleId> {
    if ending == Ending::KeepAliveTimeout {
        let rule = trace.header().profile.rule_of("keep_alive.max_s");
        let is_it = |event: &EventRef<'_>| {
            event.kind() == Kind::Decision && event.client() == CLIENT && event.rule() == rule
        };
        return trace.iter().find(is_it).and(rule);
    }
    let is_own = |rule: &RuleId| matches!(rule.source, Source::Aws | Source::Mosquitto | Source::VerneMq);
    let mut led_here = trace.cause_chain(event.seq());
    led_here.retain(|cause| {
        cause.seq() < event.seq() && cause.at() >= ENDS_AT && cause.rule().as_ref().is_some_and(is_own)
    });
    // What was decided says more than by which permission.
    let decision = led_here.iter().find(|cause| cause.kind() == Kind::Decision);
    decision.or(led_here.first()).and_then(|cause| cause.rule())
}
