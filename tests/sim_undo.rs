//! Undo and redo: a run as if a deed had never been done, and as if it had never been undone.

#![cfg(not(target_arch = "wasm32"))]

#[path = "common/runs.rs"]
mod runs;

use glassbroker::sim::{Deed, Input, Journal, LiveAct, LiveOutput, Moment, Run, Setup};
use glassbroker::time::Span;
use proptest::prelude::*;
use runs::*;

/// What is left when the run is made anew from its setup and its journal.
fn made_anew(setup: &Setup, run: &Run) -> String {
    let mut again = Run::replay(setup, run.journal().clone()).unwrap();
    play(&mut again, run.head());
    again.trace().text()
}

fn inputs(deed: &Deed) -> usize {
    deed.inputs.len()
}

#[test]
fn an_undone_deed_was_never_done_and_a_redone_one_never_undone() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 3_000);
    run.input(publish("a", "t/by/hand", "x", QOS1)).unwrap();
    play(&mut run, ms(9_000));
    run.input(cut("b")).unwrap();
    play(&mut run, ms(12_000));
    let both = run.trace().hash();

    let deed = run.undo().unwrap();
    assert_eq!((deed.at, deed.inputs, deed.branches), (ms(9_000), vec![cut("b")], false));
    assert!(run.is_at_head());
    assert_eq!(run.head(), ms(9_000), "the head is where it was done");
    play(&mut run, ms(12_000));
    let mut one = run_to(&setup, 3_000);
    one.input(publish("a", "t/by/hand", "x", QOS1)).unwrap();
    play(&mut one, ms(12_000));
    assert_eq!(run.trace().text(), one.trace().text());

    assert_eq!(run.undo().unwrap().at, ms(3_000));
    play(&mut run, ms(12_000));
    assert_eq!(run.trace().text(), run_to(&setup, 12_000).trace().text());
    assert!(run.undo().unwrap_err().contains("nothing was done by hand"));
    assert!(run.journal().entries().is_empty() && run.last_done().is_none());

    assert_eq!(run.last_undone().map(|deed| deed.at), Some(ms(3_000)));
    assert_eq!(run.redo().unwrap().at, ms(3_000));
    assert_eq!(run.redo().unwrap().at, ms(9_000));
    play(&mut run, ms(12_000));
    assert_eq!(run.trace().hash(), both);
    assert!(run.redo().is_err());
}

#[test]
fn time_that_passes_without_a_step_does_not_move_a_redone_deed() {
    let setup = setup([client("a", V5)], []);
    let mut run = run_to(&setup, 5_000);
    run.input(Input::Mark { title: "now".into(), text: String::new() }).unwrap();
    let done = run.trace().text();
    run.undo().unwrap();
    play(&mut run, ms(60_000));
    run.redo().unwrap();
    assert_eq!((run.head(), run.trace().text()), (ms(5_000), done));
}

#[test]
fn what_is_done_in_one_is_undone_in_one() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 2_000);
    run.input(Input::AddClient(Box::new(client("c", V5)))).unwrap();
    run.input_along(connect("c")).unwrap();
    run.input(publish("c", "t/2", "x", QOS1)).unwrap();
    play(&mut run, ms(4_000));
    assert_eq!(inputs(&run.undo().unwrap()), 1);
    assert_eq!(inputs(&run.undo().unwrap()), 2);
    assert!(run.world().client("c").is_none());
    assert_eq!(inputs(&run.redo().unwrap()), 2);
    assert!(run.world().client("c").is_some());
    assert_eq!(run.last_done().map(|deed| inputs(&deed)), Some(2));
}

#[test]
fn a_view_before_the_deed_stays_where_it_is() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 4_000);
    run.input(cut("b")).unwrap();
    play(&mut run, ms(8_000));
    run.seek(Moment::after(ms(2_000)));
    arrive(&mut run);
    let seen = run.visible();
    run.undo().unwrap();
    assert_eq!(
        (run.view().at, run.visible(), run.is_at_head(), run.head()),
        (ms(2_000), seen, false, ms(4_000))
    );
    play(&mut run, ms(8_000));
    assert_eq!(run.trace().hash(), run_to(&setup, 8_000).trace().hash());
    run.seek(Moment::after(ms(6_000)));
    arrive(&mut run);
    run.redo().unwrap();
    assert!(run.is_at_head());
    assert_eq!(run.head(), ms(4_000));
}

#[test]
fn undoing_what_began_a_branch_goes_back_to_the_branch_before() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 8_000);
    let first = run.trace().hash();
    run.seek(Moment::after(ms(4_000)));
    arrive(&mut run);
    run.input(cut("b")).unwrap();
    play(&mut run, ms(6_000));
    run.input(restore("b")).unwrap();
    play(&mut run, ms(8_000));
    let second = run.trace().hash();
    assert!(!run.undo().unwrap().branches, "the later deed is of the branch");
    let deed = run.undo().unwrap();
    assert!(deed.branches && deed.inputs == [cut("b")]);
    assert_eq!(run.branches()[0].id, 0);
    assert_eq!(run.trace().hash(), first);
    assert_eq!(run.branches().len(), 2, "both futures stay");
    assert!(run.redo().unwrap().branches);
    run.redo().unwrap();
    play(&mut run, ms(8_000));
    assert_eq!(run.trace().hash(), second);

    // Without the branch before, the deed is taken out of this one.
    run.undo().unwrap();
    run.throw_away(0).unwrap();
    assert!(!run.undo().unwrap().branches);
    play(&mut run, ms(8_000));
    assert_eq!(run.trace().hash(), first);
}

#[test]
fn something_else_that_is_done_takes_the_place_of_what_was_undone() {
    let mut run = run_to(&two_in_a_room(60), 3_000);
    run.input(cut("b")).unwrap();
    run.undo().unwrap();
    run.input(restore("b")).unwrap();
    assert!(run.last_undone().is_none() && run.redo().is_err());
}

#[test]
fn what_is_still_to_come_is_undone_before_it_comes() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 6_000);
    run.input(cut("b")).unwrap();
    play(&mut run, ms(9_000));
    let done = run.trace().text();
    let mut again = Run::replay(&setup, run.journal().clone()).unwrap();
    play(&mut again, ms(2_000));
    assert_eq!(again.undo().unwrap().at, ms(6_000));
    assert_eq!(again.head(), ms(2_000));
    again.redo().unwrap();
    assert_eq!(again.head(), ms(2_000));
    play(&mut again, ms(9_000));
    assert_eq!(again.trace().text(), done);
}

/// What a live client does is not undone; what it did after the deed goes with the deed, and its socket closes with 1012.
#[test]
fn live_clients_do_not_follow() {
    let setup = two_in_a_room(60);
    let mut run = run_to(&setup, 1_000);
    let open =
        |id| Input::Live { id, act: LiveAct::Open { path: "/mqtt".into(), protocols: vec!["mqtt".into()] } };
    run.input_at_head(open(1)).unwrap();
    assert!(run.undo().is_err(), "there is nothing of the user's");
    play(&mut run, ms(2_000));
    run.input(cut("b")).unwrap();
    play(&mut run, ms(3_000));
    run.input_at_head(open(2)).unwrap();
    play(&mut run, ms(4_000));
    let done = run.trace().text();
    run.take_live_outputs();
    assert_eq!(run.undo().unwrap().live, 1);
    let closed = run.take_live_outputs();
    let is_restart = |output: &LiveOutput| matches!(output, LiveOutput::Closed { code: 1012, .. });
    assert_eq!(
        closed.iter().map(|(id, output)| (*id, is_restart(output))).collect::<Vec<_>>(),
        [(1, true), (2, true)]
    );
    assert_eq!(run.world().live_clients().count(), 0);
    play(&mut run, ms(4_000));
    assert_eq!(made_anew(&setup, &run), run.trace().text());
    run.redo().unwrap();
    play(&mut run, ms(4_000));
    assert_eq!(run.trace().text(), done, "as it was recorded");
}

#[test]
fn a_run_that_does_not_rewind_undoes_nothing() {
    let setup = runs::with(two_in_a_room(60), |setup| setup.rewinds = false);
    let mut run = run_to(&setup, 1_000);
    run.input(cut("b")).unwrap();
    assert!(run.last_done().is_none() && run.undo().is_err());
}

/// One thing that is done in a random session.
#[derive(Clone, Debug)]
enum Act {
    Do(Input, bool),
    Play(u64),
    Seek(u64),
    Undo,
    Redo,
}

fn any_act() -> impl Strategy<Value = Act> {
    let who = prop::sample::select(vec!["a", "b"]);
    let input = (who, 0..6u8).prop_map(|(who, what)| match what {
        0 => cut(who),
        1 => restore(who),
        2 => connect(who),
        3 => runs::disconnect(who),
        _ => publish(who, "t/9", "by hand", QOS1),
    });
    prop_oneof![
        3 => (input, any::<bool>()).prop_map(|(input, along)| Act::Do(input, along)),
        3 => (0..3_000u64).prop_map(Act::Play),
        1 => (0..12_000u64).prop_map(Act::Seek),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_session_leaves_the_run_that_its_journal_makes(acts in prop::collection::vec(any_act(), 1..40)) {
        let setup = two_in_a_room(60);
        let mut run = Run::new(&setup).unwrap();
        for one in acts {
            match one {
                Act::Do(input, along) => {
                    let _ = if along { run.input_along(input) } else { run.input(input) };
                }
                Act::Play(time_ms) => {
                    let to = run.view().at + Span::ms(time_ms);
                    play(&mut run, to);
                }
                Act::Seek(time_ms) => {
                    run.seek(Moment::after(ms(time_ms)));
                    arrive(&mut run);
                }
                Act::Undo => {
                    let (before, journal) = (run.last_done(), run.journal().clone());
                    if let Ok(deed) = run.undo() {
                        prop_assert_eq!(Some(&deed), before.as_ref());
                        // Undone and redone at once is as it was.
                        prop_assert_eq!(run.last_undone(), Some(deed.clone()));
                        prop_assert_eq!(run.redo().unwrap(), deed.clone());
                        prop_assert_eq!(run.journal(), &journal);
                        prop_assert_eq!(run.undo().unwrap(), deed);
                    }
                }
                Act::Redo => {
                    let _ = run.redo();
                }
            }
            prop_assert!(Journal::new(run.journal().entries().to_vec()).is_ok());
        }
        run.go_to_head();
        let to = run.head() + Span::s(2);
        play(&mut run, to);
        prop_assert_eq!(made_anew(&setup, &run), run.trace().text());
        // What the events say of the journal is true.
        let entries = run.journal().entries();
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.steps < run.head_world().steps()) {
            let told = run.trace().iter().find(|event| run.entry_of(event.seq()) == Some(at));
            prop_assert_eq!(told.map(|event| event.at()), Some(entry.at));
        }
    }
}
