//! The options of `new GlassBroker(…)`, and the run that they begin.

use super::engine::said;
use crate::policy::{Access, AccessList, Users};
use crate::profile::{Profile, Value};
use crate::scenario::parse_policies;
use crate::sim::{LinkSpec, Setup};
use crate::sorted::Sorted;
use crate::time::Span;
use crate::trace::Level;
use serde::Deserialize;

/// The largest whole number that JavaScript holds exactly.
const MAX_SEED: f64 = 9_007_199_254_740_991.0;

/// What JavaScript gives.
#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Options {
    profile: String,
    set: Sorted<Box<str>, Value>,
    seed: f64,
    epoch: Option<String>,
    users: Sorted<Box<str>, String>,
    anonymous: Option<bool>,
    acl: Option<String>,
    /// JSON text, as a file of policies has it.
    policies: Option<String>,
    trace: String,
    link: LinkOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: Profile::default().name().to_owned(),
            set: Sorted::new(),
            seed: 1.0,
            epoch: None,
            users: Sorted::new(),
            anonymous: None,
            acl: None,
            policies: None,
            trace: Level::default().name().to_owned(),
            link: LinkOptions::default(),
        }
    }
}

/// The network of live clients.
#[derive(Deserialize, Default)]
#[serde(default)]
struct LinkOptions {
    latency_ms: f64,
    jitter_ms: f64,
    bytes_per_s: Option<f64>,
}

impl Options {
    /// The run that they ask for, as an empty world.
    ///
    /// # Errors
    /// Says which option is wrong and what is allowed.
    pub(super) fn setup(&self) -> Result<Setup, String> {
        let mut profile = Profile::named(&self.profile).ok_or_else(|| {
            let names: Vec<_> = Profile::names().collect();
            format!("there is no profile `{}`; there are {}", self.profile, names.join(", "))
        })?;
        for (key, value) in self.set.iter() {
            profile.set(key, *value)?;
        }
        if !(0.0..=MAX_SEED).contains(&self.seed) || self.seed.fract() != 0.0 {
            return Err(format!("`seed` is a whole number from 0 to {MAX_SEED}, not {}", self.seed));
        }
        let level = Level::from_name(&self.trace).ok_or_else(|| {
            format!("`trace` is \"full\", \"packets\" or \"totals\", not \"{}\"", self.trace)
        })?;
        let mut setup = Setup {
            seed: self.seed as u64,
            profile,
            access: self.access()?.into(),
            level,
            live_link: self.link.spec()?,
            rewinds: false,
            ..Setup::default()
        };
        if let Some(epoch) = &self.epoch {
            setup.epoch.clone_from(epoch);
        }
        Ok(setup)
    }

    fn access(&self) -> Result<Access, String> {
        let mut users = Sorted::new();
        for (name, password) in self.users.iter() {
            users.insert(name.clone(), password.clone().into());
        }
        let list = self
            .acl
            .as_deref()
            .map(AccessList::parse)
            .transpose()
            .map_err(|error| format!("`acl`: {error}"))?;
        let policies = self.policies.as_deref().map(parse_policies).transpose();
        let policies = policies.map_err(|problems| format!("`policies`: {}", said(&problems)))?;
        Ok(Access {
            users: Users::new(users),
            anonymous: self.anonymous,
            list,
            policies: policies.unwrap_or_default(),
            ..Access::default()
        })
    }
}

impl LinkOptions {
    fn spec(&self) -> Result<LinkSpec, String> {
        let span = |name: &str, ms: f64| {
            if (0.0..=86_400_000.0).contains(&ms) {
                Ok(Span::us((ms * 1_000.0).round() as u64))
            } else {
                Err(format!("`link.{name}` is a number of milliseconds from 0 to 86400000, not {ms}"))
            }
        };
        let bytes_per_s = match self.bytes_per_s {
            None => None,
            Some(rate) if (1.0..=1e12).contains(&rate) => Some(rate as u64),
            Some(rate) => {
                return Err(format!("`link.bytes_per_s` is a number from 1 to 1000000000000, not {rate}"));
            }
        };
        Ok(LinkSpec {
            latency: span("latency_ms", self.latency_ms)?,
            jitter: span("jitter_ms", self.jitter_ms)?,
            bytes_per_s,
            ..LinkSpec::default()
        })
    }
}
