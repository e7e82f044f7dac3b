//! What a run begins with.

use super::{Input, LinkSpec};
use crate::account::TopicRule;
use crate::client::ClientOptions;
use crate::policy::Access;
use crate::policy::aws::Principal;
use crate::profile::Profile;
use crate::sorted::Sorted;
use crate::time::{EPOCH, SimTime, Span};
use crate::trace::{Bounds, Level};
use std::sync::Arc;

/// Everything that a run depends on, apart from what is done while it runs (the journal).
#[derive(Clone, Debug)]
pub struct Setup {
    /// The seed of everything that is left to chance.
    pub seed: u64,
    /// How the broker behaves at the start.
    pub profile: Profile,
    /// Who may come in to the broker, and what they may do there.
    pub access: Arc<Access>,
    /// The topic rules of the account, by name.
    pub rules: Arc<Sorted<Box<str>, TopicRule>>,
    /// The clients that are there from the start, each under a name of its own.
    pub clients: Vec<ClientSpec>,
    /// The link of every live client.
    pub live_link: LinkSpec,
    /// What happens by itself, in any order; what is due at the same time happens in this order.
    pub steps: Arc<[Step]>,
    /// Where playing stops by itself. A run can be taken further.
    pub until: SimTime,
    /// How much the trace keeps.
    pub level: Level,
    /// How many events and bytes it keeps.
    pub bounds: Bounds,
    /// The calendar time of the run's beginning, for the trace's first line.
    pub epoch: String,
    /// Whether one can go back in the run. A run that does not keeps neither checkpoints nor what was done to it, so that live
    /// clients can take part for any time.
    pub rewinds: bool,
    /// About how many bytes the checkpoints of a branch may take.
    pub checkpoints_max_bytes: usize,
}

/// One client and its link.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClientSpec {
    /// The client.
    pub client: ClientOptions,
    /// The network between it and the broker.
    pub link: LinkSpec,
    /// Its policies, and its thing.
    pub principal: Principal,
}

/// Something that happens at a time, once or again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// When, the first time.
    pub at: SimTime,
    /// How long after each time the next one is. Zero means all at once.
    pub every: Span,
    /// How often. Where that is more than once, the [`PLACES`](super::PLACES) in a publication's topic and payload are filled.
    pub times: u64,
    /// What happens.
    pub input: Input,
}

impl Step {
    /// Something that happens once.
    pub const fn once(at: SimTime, input: Input) -> Self {
        Self { at, every: Span::ZERO, times: 1, input }
    }
}

impl Default for Setup {
    /// A broker as the standards say, nobody else, and an hour.
    fn default() -> Self {
        Self {
            seed: 0,
            profile: Profile::default(),
            access: Arc::default(),
            rules: Arc::default(),
            clients: Vec::new(),
            live_link: LinkSpec::default(),
            steps: Arc::new([]),
            until: SimTime::ZERO + Span::s(3_600),
            level: Level::default(),
            bounds: Bounds::default(),
            epoch: EPOCH.into(),
            rewinds: true,
            checkpoints_max_bytes: 128 << 20,
        }
    }
}
