//! The document as values: what a scenario says, in the words of the floors below.

use crate::account::TopicRule;
use crate::policy::Access;
use crate::profile::Value;
use crate::sim::{ClientSpec, Step};
use crate::sorted::Sorted;
use crate::time::{EPOCH, SimTime, Span};

/// The version of the document: the value of its first key.
pub const FORMAT: u64 = 1;

/// A scenario: who is there, what happens when, and what is told and expected of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// What it is called.
    pub title: String,
    /// What it shows, in a few sentences.
    pub about: String,
    /// The seed of everything that is left to chance.
    pub seed: u64,
    /// The calendar time of the moment zero, as RFC 3339 writes it.
    pub epoch: String,
    /// When it ends; `None` for ten seconds after the last step or mark.
    pub until: Option<SimTime>,
    /// How the broker behaves.
    pub broker: BrokerPart,
    /// The clients, each with its link.
    pub clients: Vec<ClientSpec>,
    /// What happens. Steps of the same time happen in this order.
    pub steps: Vec<Step>,
    /// Narration.
    pub marks: Vec<Mark>,
    /// What is claimed of the run.
    pub expect: Vec<Claim>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            title: String::new(),
            about: String::new(),
            seed: 1,
            epoch: EPOCH.into(),
            until: None,
            broker: BrokerPart::default(),
            clients: Vec::new(),
            steps: Vec::new(),
            marks: Vec::new(),
            expect: Vec::new(),
        }
    }
}

impl Scenario {
    /// When it ends.
    pub fn end(&self) -> SimTime {
        self.until.unwrap_or_else(|| {
            let steps = self.steps.iter().map(last_time);
            let marks = self.marks.iter().map(|mark| mark.at);
            steps.chain(marks).max().unwrap_or_default() + Span::s(10)
        })
    }
}

/// When a step happens for the last time.
pub(super) fn last_time(step: &Step) -> SimTime {
    SimTime(step.at.0.saturating_add(step.every.0.saturating_mul(step.times.saturating_sub(1))))
}

/// What a scenario says of its broker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokerPart {
    /// The name of the profile.
    pub profile: String,
    /// Settings that differ from the profile's.
    pub set: Sorted<Box<str>, Value>,
    /// Who may come in, and what they may do there.
    pub access: Access,
    /// The topic rules of the account around it, by name.
    pub rules: Sorted<Box<str>, TopicRule>,
}

impl Default for BrokerPart {
    fn default() -> Self {
        Self { profile: "mqtt".into(), set: Sorted::new(), access: Access::default(), rules: Sorted::new() }
    }
}

/// A moment of narration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mark {
    /// When.
    pub at: SimTime,
    /// Its heading.
    pub title: String,
    /// What is told; plain text.
    pub text: String,
    /// Whether playback stops here.
    pub pause: bool,
    /// A question to the reader.
    pub ask: Option<Ask>,
}

/// A moment that the user named.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Marker {
    /// When.
    pub at: SimTime,
    /// What the user calls it.
    pub name: String,
}

/// A question with choices.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ask {
    /// The question.
    pub question: String,
    /// What can be answered, at least two.
    pub choices: Vec<String>,
    /// The index of the right choice, from 0.
    pub answer: usize,
    /// Why it is right.
    pub why: String,
}

/// A claim: that a client receives so many messages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claim {
    /// Which client.
    pub client: String,
    /// Exactly how many PUBLISH packets it receives.
    pub receives: u64,
    /// Only those whose Topic Name this Topic Filter matches; `None` for all.
    pub topic: Option<String>,
    /// Only those that arrive at or after the first and before the second moment; `None` for the whole run.
    pub between: Option<(SimTime, SimTime)>,
}
