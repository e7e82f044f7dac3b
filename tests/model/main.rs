//! Properties that hold in every run, looked for in random scenarios full of faults.
//!
//! A story ends with a quiet phase in which everybody comes back and acknowledges, so that also what must happen in the end can be judged.
//! Two devices under one identifier, and 3.1.1 clients that crash and go on with their session, are judged by what the broker does only:
//! no protocol can give them more.
//!
//! That the properties bite was tried by breaking the program; within 500 seeds each of these was caught by
//!
//! - *causes*: a delivery without its rule;
//! - *session present*: Session Present always 0; sessions that never expire;
//! - *fates*: a queue lost at a restart that keeps the store; what was retained still sent after its clearing; PUBLISH again after PUBREC;
//! - *receivers*: No Local ignored; the published QoS for the granted one; a group's member that is away; a message dropped in silence;
//! - *retained*: Retain Handling 1 taken for 0;
//! - *exactly once*: a QoS 2 repeat accepted again; PUBLISH again after PUBREC;
//! - *order*: sent again in reverse; live messages that overtake stored ones;
//! - *receive maximum*: that of the client ignored; what was sent on an earlier connection counted on this one;
//! - *packet identifiers*: those in use given again by the client; PUBLISH again after PUBREC;
//! - *wills*: sent after DISCONNECT; not cancelled by coming back;
//! - *bounds*: a queue one longer than its bound; a queue lost at a restart;
//! - *expiry*: expired messages that leave the queue; an expiry told as if no time had passed;
//! - *delivered*: nothing sent again on resumption; QoS 2 never released; a client that does not send PUBREL again;
//! - *peace*: QoS 2 never released; the client's Receive Maximum ignored;
//! - *permission*: the access list asked for nothing, or for publications, deliveries or Wills only; any password taken; `$SYS` left open;
//! - *topic aliases*: the maximum ignored, which also breaks the peace;
//! - *pace*: a burst one longer than it may be;
//! - *bounds* of stores: one more, or eight bytes more, than the retained store, the queue, the sessions or the subscriptions may have.

mod device;
mod dice;
mod history;
mod ledger;
mod permission;
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
