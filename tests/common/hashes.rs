//! The same scenario and seed give the same trace, byte for byte, on every target: each computes what `tests/hashes.txt` records.

use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;

/// Scenarios by name.
const SCENARIOS: [(&str, &str); 9] = [
    ("faults", include_str!("../../www/lessons/faults.json")),
    ("full", include_str!("../scenario/full.json")),
    ("hello", include_str!("../../www/lessons/hello.json")),
    ("interrupted", include_str!("../../www/lessons/interrupted.json")),
    ("qos", include_str!("../../www/lessons/qos.json")),
    ("remember", include_str!("../../www/lessons/remember.json")),
    ("replay", include_str!("../../www/lessons/replay.json")),
    ("share", include_str!("../../www/lessons/share.json")),
    ("will", include_str!("../../www/lessons/will.json")),
];
const SEEDS: [u64; 2] = [1, u64::MAX];

/// What is recorded: scenario, seed, number of events, hash of the trace.
const RECORDED: &str = include_str!("../hashes.txt");

/// What this target computes, in the same form.
pub(crate) fn computed() -> String {
    let mut lines = String::new();
    for (name, text) in SCENARIOS {
        let scenario = parse(text).expect("the scenario is read");
        for seed in SEEDS {
            let overrides = Overrides { seed: Some(seed), ..Overrides::default() };
            let plan = compile(&scenario, &overrides).expect("the scenario is in order");
            let mut run = Run::new(&plan.setup).expect("the clients' names differ");
            while !run.advance_to(run.until(), 100_000).done {}
            let hash = run.trace().hash().expect("no event went");
            lines.push_str(&format!("{name} {seed} {} {hash}\n", run.visible()));
        }
    }
    lines
}

/// Holds this target against what is recorded.
pub(crate) fn check() {
    let computed = computed();
    assert!(
        computed == RECORDED,
        "This target computes other traces than tests/hashes.txt records. Where the broker, the clients or the scenarios were changed on \
         purpose, renew the record: RENEW_HASHES=1 cargo test --test determinism. It computes:\n{computed}and recorded is:\n{RECORDED}"
    );
}
