//! Branches as they are saved: all of them are there again, with their names, and compute as they did.

#![cfg(not(target_arch = "wasm32"))]

#[path = "common/runs.rs"]
mod runs;

use glassbroker::scenario::{Link, SavedRun, What, parse, parse_file};
use glassbroker::sim::{BRANCHES_MAX, Branches, Moment, Run, SavedBranch, Setup};
use runs::*;

/// A run that left its first branch at 3 s for one in which more is published, and that one at 5 s for one with a cut.
fn of_three(setup: &Setup) -> Run {
    let mut run = run_to(setup, 8_000);
    run.seek(Moment::after(ms(3_000)));
    run.input(publish("a", "t/by/hand", "x", QOS1)).unwrap();
    run.name_branch(1, "more");
    play(&mut run, ms(8_000));
    run.seek(Moment::after(ms(5_000)));
    run.input(cut("b")).unwrap();
    play(&mut run, ms(8_000));
    run
}

/// The branches but for how far they were computed.
fn infos(run: &Run) -> Vec<String> {
    run.branches().into_iter().map(|one| format!("{} {} {:?}", one.id, one.name, one.from)).collect()
}

#[test]
fn every_branch_is_there_again_and_computes_as_it_did() {
    let setup = two_in_a_room(30);
    let mut run = of_three(&setup);
    let mut again = Run::replay_all(&setup, run.saved()).unwrap();
    assert_eq!(infos(&again), infos(&run));
    play(&mut again, ms(8_000));
    for id in [2, 0, 1] {
        run.switch(id).unwrap();
        again.switch(id).unwrap();
        play(&mut again, ms(8_000));
        assert_eq!(again.trace().text(), run.trace().text(), "branch {id}");
    }
    // What is done in the past now begins another branch, with a number of its own.
    again.seek(Moment::after(ms(1_000)));
    again.input(cut("a")).unwrap();
    assert_eq!(again.branches()[0].id, 3);
}

#[test]
fn a_restored_branch_is_undone_by_going_back_to_the_one_that_it_left() {
    let setup = two_in_a_room(30);
    let mut again = Run::replay_all(&setup, of_three(&setup).saved()).unwrap();
    play(&mut again, ms(8_000));
    let deed = again.undo().unwrap();
    assert!(deed.branches);
    assert_eq!(again.branches()[0].name, "more");
}

#[test]
fn a_run_with_one_branch_is_saved_as_ever() {
    let setup = two_in_a_room(30);
    let run = run_to(&setup, 4_000);
    assert_eq!(run.saved(), Branches { journal: run.journal().clone(), all: Vec::new() });
    let mut thrown = of_three(&setup);
    thrown.throw_away(0).unwrap();
    thrown.throw_away(1).unwrap();
    assert!(thrown.saved().all.is_empty());
}

/// The run of a file or a link with these branches.
fn saved(branches: Vec<SavedBranch>) -> SavedRun {
    let scenario = parse(r#"{ "glassbroker": 1, "clients": [ { "id": "a" }, { "id": "b" } ] }"#).unwrap();
    SavedRun { engine: "0.1.0".into(), scenario, branches, ..SavedRun::default() }
}

#[test]
fn files_and_links_carry_all_branches() {
    let Branches { journal, all } = of_three(&two_in_a_room(30)).saved();
    let run = SavedRun { journal, ..saved(all) };
    assert_eq!(run.branches.len(), 3);
    assert_eq!(parse_file(&run.to_file().unwrap()).unwrap(), run);
    let what = What::Run(Box::new(run));
    let link = Link { what, moment: None, view: None, against: None, present: false };
    assert_eq!(Link::parse(&link.write().unwrap()).unwrap(), link);
    // A run with one branch says nothing of branches: pages that do not know them open it.
    assert!(!saved(Vec::new()).to_json().unwrap().contains("branches"));
}

#[test]
fn branches_that_cannot_be_are_refused_with_their_place() {
    let branch = |id| SavedBranch { id, ..SavedBranch::default() };
    for (branches, said) in [
        (vec![branch(1), branch(1)], "branches: there are two branches with the number 1"),
        ((0..=BRANCHES_MAX as u32).map(branch).collect(), "branches: a run keeps at most 8 branches, not 9"),
    ] {
        let problems = SavedRun::parse(&saved(branches).to_json().unwrap()).unwrap_err();
        assert!(problems[0].to_string().contains(said), "{}", problems[0]);
    }
    let odd = r#"{ "glassbroker": 1, "engine": "0.1.0", "scenario": { "glassbroker": 1 },
        "branches": [ { "id": 0, "colour": "red" }, { "id": 1 } ] }"#;
    let problem = SavedRun::parse(odd).unwrap_err().remove(0).to_string();
    assert!(problem.contains("branches[0]: there is no field `colour` here"), "{problem}");
}
