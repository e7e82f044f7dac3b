//! What a client does later, or again and again, because a person asked for it: it goes on by itself, is computed again the same, and ends.

#![cfg(not(target_arch = "wasm32"))]

#[path = "common/runs.rs"]
mod runs;

use glassbroker::broker::Kind;
use glassbroker::client::Action;
use glassbroker::scenario::parse;
use glassbroker::sim::{Input, Moment, Repeat, Run};
use glassbroker::time::Span;
use runs::{QOS0, V5, at, client, connect, events, message, ms, play, run_to, setup, subscribe};

const PAYLOAD: &str = r#"{"n":{{n}},"t":{{walk 20 0.5}},"s":"{{choice on|off}}"}"#;

fn repeat(topic: &str, payload: &str, times: u64) -> Input {
    let action = Action::Publish(message(topic, payload, QOS0));
    let (delay, every) = (Span::ZERO, Span::ms(100));
    Input::Repeat(Box::new(Repeat { client: "a".into(), action, delay, every, times }))
}

/// A client that is connected and hears of everything.
fn connected() -> Run {
    let steps = [at(0, connect("a")), at(500, subscribe("a", "#", QOS0))];
    run_to(&setup([client("a", V5)], steps), 1_000)
}

fn published(run: &Run) -> Vec<String> {
    let sent = events(run, Kind::MessageAccepted, "a");
    sent.iter().map(|line| line.text("topic").to_owned()).collect()
}

#[test]
fn a_client_publishes_as_often_as_it_was_asked_to() {
    let mut run = connected();
    run.input(repeat("t/{{n}}", "x", 3)).unwrap();
    play(&mut run, ms(1_150));
    let view: Vec<_> =
        run.world().repeats("a").map(|one| (one.topic.to_owned(), one.done, one.times)).collect();
    assert_eq!(view, [("t/{{n}}".to_owned(), 2, 3)]);
    play(&mut run, ms(3_000));
    assert_eq!(published(&run), ["t/1", "t/2", "t/3"]);
    assert_eq!(run.world().repeats("a").count(), 0);
    // Each goes back to what was asked for.
    let asked = events(&run, Kind::Input, "a");
    let first = asked.iter().find(|line| line.text("do") == "repeat").unwrap().number("seq").unwrap();
    let sent: Vec<_> = asked.iter().filter(|line| line.text("do") == "publish").collect();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|line| line.number("cause") == Some(first)));
}

#[test]
fn to_stop_is_an_input_too_and_the_past_still_has_what_was() {
    let mut run = connected();
    run.input(repeat("x", "1", 100)).unwrap();
    run.input(repeat("y", "1", 100)).unwrap();
    play(&mut run, ms(1_250));
    run.input(Input::Stop { client: "a".into(), topic: Some("x".into()) }).unwrap();
    play(&mut run, ms(1_450));
    let count = |run: &Run, topic: &str| published(run).iter().filter(|one| *one == topic).count();
    assert_eq!((count(&run, "x"), count(&run, "y")), (3, 5));
    // In a branch of before, nothing was stopped.
    while !run.seek(Moment::after(ms(1_200))).done {}
    runs::arrive(&mut run);
    assert_eq!(run.world().repeats("a").count(), 2);
    run.input(Input::Stop { client: "a".into(), topic: None }).unwrap();
    play(&mut run, ms(1_450));
    assert_eq!((count(&run, "x"), count(&run, "y")), (3, 3));
    let none = Input::Stop { client: "a".into(), topic: None };
    run.input(none).unwrap();
    assert!(runs::lines(&run).iter().any(|line| line.text("why").contains("nothing to do later")));
}

#[test]
fn what_goes_on_is_computed_again_the_same() {
    let mut run = connected();
    run.input(repeat("t", PAYLOAD, 50)).unwrap();
    play(&mut run, ms(8_000));
    let steps = [at(0, connect("a")), at(500, subscribe("a", "#", QOS0))];
    let mut again = Run::replay(&setup([client("a", V5)], steps), run.journal().clone()).unwrap();
    play(&mut again, ms(8_000));
    assert_eq!(run.trace().text(), again.trace().text());
    // A jump back and on again computes from the middle of the walks.
    while !run.seek(Moment::after(ms(3_000))).done {}
    runs::arrive(&mut run);
    play(&mut run, ms(9_000));
    play(&mut again, ms(9_000));
    assert_eq!(run.trace().text(), again.trace().text());
    assert_eq!(published(&run).len(), 50);
}

#[test]
fn what_cannot_be_done_again_and_again_is_refused_with_what_can() {
    let mut run = connected();
    for (input, said) in [
        (repeat("t", "{{wakl 1 2}}", 3), "did you mean `walk`"),
        (repeat("t", "x", 0), "1 to 1000000 times"),
        (repeat("t", "x", 1_000_001), "1 to 1000000 times"),
    ] {
        let why = run.input(input).unwrap_err();
        assert!(why.contains(said), "{why}");
    }
    let Input::Repeat(mut quick) = repeat("t", "x", 3) else { unreachable!() };
    quick.every = Span::ZERO;
    assert!(run.input(Input::Repeat(quick.clone())).unwrap_err().contains("at least 1ms"));
    quick.client = "b".into();
    assert!(run.input(Input::Repeat(quick)).unwrap_err().contains("no client `b`"));
}

#[test]
fn a_client_that_leaves_does_nothing_more() {
    let mut run = connected();
    run.input(repeat("x", "1", 100)).unwrap();
    run.input(Input::RemoveClient { client: "a".into() }).unwrap();
    play(&mut run, ms(5_000));
    assert_eq!((run.world().repeats("a").count(), published(&run).len()), (0, 0));
}

#[test]
fn a_scenario_s_step_has_the_same_places_and_says_what_is_wrong_in_one() {
    let scenario = |payload: &str, again: &str| {
        parse(&format!(
            r#"{{ "glassbroker": 1, "clients": [ {{ "id": "a" }} ], "steps": [
                {{ "at": "1s", {again} "client": "a", "do": "publish", "topic": "t", "payload": "{payload}" }} ] }}"#
        ))
    };
    assert!(scenario("{{walk 20 0.5}} {{random 1 6}}", r#""every": "1s", "times": 3,"#).is_ok());
    let problems = scenario("{{rnd}}", r#""every": "1s", "times": 3,"#).unwrap_err();
    let said = problems[0].to_string();
    assert!(said.contains("steps[0].payload: `{{rnd}}` stands for nothing"), "{said}");
    // Once, it is as it is written.
    assert!(scenario("{{rnd}}", "").is_ok());
}
