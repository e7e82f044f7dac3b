//! Our broker under the profile `mosquitto-2.0` beside a real Mosquitto: the same scripts, the same packets.
//!
//! Each script is drawn from a seed and played on both by the same clients. `MOSQUITTO_SCRIPTS=5000` plays more of them,
//! `MOSQUITTO_SEED=17` one, with all that happens on both sides.
#![cfg(not(target_arch = "wasm32"))]

mod access;
mod compare;
mod deviations;
mod explained;
mod levels;
mod ours;
mod peer;
mod play;
mod real;
mod script;
mod side;
mod sys;

use compare::view;
use explained::EXPLAINED;
use glassbroker::profile::Profile;
use ours::Ours;
use play::{Play, Received};
use real::Real;
use script::{Step, TOPICS, fixed, script};
use std::fmt::Write;
use std::time::Instant;

/// The first step after which the clients on the two sides have received something else.
struct Difference {
    at: usize,
    real: Received,
    ours: Received,
}

fn profile() -> Profile {
    Profile::named("mosquitto-2.0").expect("the profile")
}

/// Plays a script on both sides, up to the first difference.
fn play(real: &mut Real, steps: &[Step]) -> Option<Difference> {
    play_on(real, &mut Ours::new(profile()), steps, None)
}

/// The same with a broker of ours; `admin` may connect as anybody and clean up.
fn play_on(
    real: &mut Real,
    ours: &mut Ours,
    steps: &[Step],
    admin: Option<(&str, &str)>,
) -> Option<Difference> {
    let mut there = Play::new(real);
    let mut here = Play::new(ours);
    let mut difference = None;
    for (at, step) in steps.iter().enumerate() {
        let (real, ours) = (there.step(step), here.step(step));
        if view(&real) != view(&ours) {
            difference = Some(Difference { at, real, ours });
            break;
        }
    }
    there.clean_up(&TOPICS, admin);
    real.forget();
    difference
}

/// Leaves out steps as long as a difference stays.
fn shrunk(
    play: &mut dyn FnMut(&[Step]) -> Option<Difference>,
    mut steps: Vec<Step>,
    mut difference: Difference,
) -> (Vec<Step>, Difference) {
    steps.truncate(difference.at + 1);
    let mut at = 0;
    while at < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(at);
        match play(&fewer) {
            Some(other) => {
                fewer.truncate(other.at + 1);
                (steps, difference) = (fewer, other);
                at = 0;
            }
            None => at += 1,
        }
    }
    (steps, difference)
}

fn told(steps: &[Step], difference: &Difference) -> String {
    let mut text = String::new();
    for (at, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "  {at}: {step:?}");
    }
    let _ = writeln!(text, "After step {} the clients have received", difference.at);
    for (name, received) in [("from mosquitto", &difference.real), ("from glassbroker", &difference.ours)] {
        for (who, all) in received {
            for got in all {
                let _ = writeln!(text, "  {name}, c{who}: {got:?}");
            }
        }
    }
    text
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn what_is_passed_over_is_explained() {
    let page = include_str!("../../docs/differences.md");
    let section = page.split("## Explained kinds").nth(1).and_then(|rest| rest.split("\n## ").next());
    let headings: Vec<_> =
        section.expect("the section").lines().filter_map(|l| l.strip_prefix("### ")).collect();
    assert_eq!(headings, EXPLAINED.map(|kind| kind.name));
}

#[test]
fn a_fixed_script_brings_the_same_from_both() {
    let mut real = Real::start();
    for (what, steps) in fixed() {
        if let Some(difference) = play(&mut real, &steps) {
            panic!(
                "{what}: Mosquitto {} and the profile differ:\n{}",
                real::version(),
                told(&steps, &difference)
            );
        }
    }
}

#[test]
fn a_random_script_brings_the_same_from_both() {
    let mut real = Real::start();
    let begun = Instant::now();
    let seeds = match number("MOSQUITTO_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MOSQUITTO_SCRIPTS").unwrap_or(2_000),
    };
    let count = seeds.end - seeds.start;
    let mut played = 0;
    for seed in seeds {
        let steps = script(seed);
        played += steps.len();
        if let Some(difference) = play(&mut real, &steps) {
            let (steps, difference) = shrunk(&mut |steps| play(&mut real, steps), steps, difference);
            panic!(
                "Mosquitto {} and the profile mosquitto-2.0 differ on the script of seed {seed}; shrunk:\n{}\
                 Again: MOSQUITTO_SEED={seed} cargo test --test mosquitto",
                real::version(),
                told(&steps, &difference)
            );
        }
    }
    println!("{count} scripts with {played} steps in {:.1} s", begun.elapsed().as_secs_f64());
}
