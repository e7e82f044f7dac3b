//! From a document to a run's beginning.

use super::check::{check, no_profile};
use super::document::{Claim, Mark, Scenario};
use super::problem::Problem;
use crate::client::Action;
use crate::profile::Profile;
use crate::sim::{Input, LinkSpec, Setup, Step};
use crate::sorted::in_order;
use crate::time::SimTime;
use crate::trace::{Bounds, Level};

/// How many bytes a run's checkpoints may take, unless whoever runs it says otherwise.
pub const CHECKPOINTS_MAX_BYTES: usize = 48 << 20;

/// What is to be otherwise than the document says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// The name of another profile.
    pub profile: Option<String>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Another end.
    pub until: Option<SimTime>,
}

/// A scenario that is ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the run begins with; the marks are among its steps.
    pub setup: Setup,
    /// The narration, in the order of time.
    pub marks: Vec<Mark>,
    /// What is claimed of the run, with each client under the identifier by which events tell of it.
    pub expect: Vec<Claim>,
}

/// Checks a scenario and makes a run's beginning of it.
///
/// # Errors
/// Everything that is wrong with it, up to a bound; places are paths without lines.
pub fn compile(scenario: &Scenario, overrides: &Overrides) -> Result<Plan, Vec<Problem>> {
    let problems = check(scenario);
    if !problems.is_empty() {
        return Err(problems);
    }
    let profile = profile_of(scenario, overrides.profile.as_deref())?;
    let marks = in_order(scenario.marks.clone(), |mark| mark.at.0);
    let narrated = marks
        .iter()
        .map(|mark| Step::once(mark.at, Input::Mark { title: mark.title.clone(), text: mark.text.clone() }));
    let steps = scenario.steps.iter().map(|step| with_credentials(scenario, step));
    let setup = Setup {
        seed: overrides.seed.unwrap_or(scenario.seed),
        profile,
        access: scenario.broker.access.clone().into(),
        rules: scenario.broker.rules.clone().into(),
        clients: scenario.clients.clone(),
        live_link: LinkSpec::default(),
        // A mark introduces what happens at its time.
        steps: narrated.chain(steps).collect(),
        until: overrides.until.unwrap_or_else(|| scenario.end()),
        level: Level::default(),
        bounds: Bounds::default(),
        epoch: scenario.epoch.clone(),
        rewinds: true,
        checkpoints_max_bytes: CHECKPOINTS_MAX_BYTES,
    };
    let expect = scenario
        .expect
        .iter()
        .map(|claim| Claim { client: identifier(scenario, &claim.client), ..claim.clone() });
    Ok(Plan { setup, marks, expect: expect.collect() })
}

/// The profile of a scenario's run, or another one, with the settings that the scenario says.
///
/// # Errors
/// What is wrong with the name or a setting.
pub(super) fn profile_of(scenario: &Scenario, other: Option<&str>) -> Result<Profile, Vec<Problem>> {
    let name = other.unwrap_or(&scenario.broker.profile);
    let mut profile = Profile::named(name).ok_or_else(|| vec![Problem::at_path("", no_profile(name))])?;
    for (key, value) in scenario.broker.set.iter() {
        profile
            .set(key, *value)
            .map_err(|message| vec![Problem::at_path(format!("broker.set.{key}"), message)])?;
    }
    Ok(profile)
}

/// The identifier by which events tell of a client: its name, unless it connects under another one.
fn identifier(scenario: &Scenario, name: &str) -> String {
    let spec = scenario.clients.iter().find(|spec| spec.client.id == name);
    let other = spec.and_then(|spec| spec.client.connect.client_id.as_deref()).filter(|id| !id.is_empty());
    other.unwrap_or(name).to_owned()
}

/// A step; one that connects with options of its own still uses its client's user name and password.
fn with_credentials(scenario: &Scenario, step: &Step) -> Step {
    let mut step = step.clone();
    if let Input::Client { client, action: Action::Connect { options: Some(options) } } = &mut step.input
        && let Some(spec) = scenario.clients.iter().find(|spec| spec.client.id == *client)
    {
        let own = &spec.client.connect;
        options.username = options.username.take().or_else(|| own.username.clone());
        options.password = options.password.take().or_else(|| own.password.clone());
    }
    step
}
