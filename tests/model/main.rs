//! Properties that hold in every run, looked for in random scenarios full of faults.

mod device;
mod dice;
mod history;
mod ledger;
mod properties;
mod sessions;
mod shrink;
mod story;

use glassbroker::scenario::{Overrides, Scenario, compile};
use glassbroker::sim::Run;
use history::History;
use ledger::Ledger;
use properties::{Broken, Model};
use sessions::Sessions;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many seeds are tried where the environment does not say.
const RUNS: u64 = 2_000;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Runs a scenario to its end.
fn play(scenario: &Scenario) -> Run {
    let mut plan = compile(scenario, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems:?}"));
    plan.setup.rewinds = false;
    let mut run = Run::new(&plan.setup).expect("the clients' names differ");
    while !run.advance_to(run.until(), 100_000).done {}
    run
}

/// Everything that is wrong with a run of the scenario.
fn judge(scenario: &Scenario) -> Vec<Broken> {
    judge_run(scenario, &play(scenario))
}

fn judge_run(scenario: &Scenario, run: &Run) -> Vec<Broken> {
    let history = History::of(scenario, run.trace());
    let sessions = Sessions::of(&history);
    let ledger = Ledger::of(&history, &sessions);
    properties::check(&Model { history: &history, sessions: &sessions, ledger: &ledger })
}

/// What a failing seed is reported as.
fn report(count: u64, seed: u64, broken: &Broken) -> String {
    let (scenario, broken) = shrink::shrunk(&story::story(seed), broken);
    let run = play(&scenario);
    let mut text = format!(
        "{count} seeds break \"{}\"; seed {seed} at event {}: {}\n",
        broken.property, broken.seq, broken.what
    );
    text += &shrink::told(&scenario);
    text += "what led there, the latest first:\n";
    for event in run.trace().cause_chain(broken.seq) {
        text += &format!("  {event:?}\n");
    }
    text + &format!("again: MODEL_FIRST={seed} MODEL_RUNS=1 cargo test --test model\n")
}

/// The first seeds that break each property, and how many do.
type Found = BTreeMap<&'static str, (u64, u64, Broken)>;

#[test]
fn all_properties_hold_in_every_run() {
    let (first, runs) = (number("MODEL_FIRST", 1), number("MODEL_RUNS", RUNS));
    let next = AtomicU64::new(first);
    let found: Mutex<Found> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + runs {
                break;
            }
            let mut broken = judge(&story::story(seed));
            broken.dedup_by_key(|broken| broken.property);
            for broken in broken {
                let mut found = found.lock().unwrap();
                let entry = found.entry(broken.property).or_insert((0, seed, broken));
                entry.0 += 1;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let found = found.into_inner().unwrap();
    let told: Vec<String> =
        found.values().map(|(count, seed, broken)| report(*count, *seed, broken)).collect();
    assert!(told.is_empty(), "of {runs} seeds from {first} on\n{}", told.join("\n"));
}
