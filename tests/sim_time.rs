//! Time in a run: back and forth, in branches, from a journal; always what a straight run gives.

#[path = "common/runs.rs"]
mod runs;

use glassbroker::broker::Command;
use glassbroker::client::Action;
use glassbroker::profile::{Profile, Value};
use glassbroker::sim::{
    BRANCH_NAME_MAX, BRANCHES_MAX, Chosen, Entry, Input, Journal, LinkSpec, Moment, Run, Setup, Step, Way,
    WhatIf, World,
};
use glassbroker::time::{SimTime, Span};
use glassbroker::trace::Level;
use proptest::prelude::*;
use runs::*;

/// Everything that a world says of itself, but for the broker's scratch memory of its last match.
fn state(world: &World) -> String {
    let clients: Vec<_> = world.clients().map(|view| format!("{view:?}")).collect();
    let broker = format!("{:?}", world.broker());
    let (before, scratch) = broker.split_once("matches: ").unwrap();
    let (_, after) = scratch.split_once("chunk_bytes").unwrap();
    format!("{:?} {} {:?} {clients:?} {before} {after}", world.now(), world.steps(), world.recorder())
}

/// Holds two states against each other; says where they differ.
#[track_caller]
fn same(found: &str, expected: &str) {
    let at = found.bytes().zip(expected.bytes()).position(|(a, b)| a != b);
    if let Some(at) = at {
        let part = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(300)..(at + 60).min(text.len())])
                .into_owned()
        };
        panic!("the states differ:\n{}\n{}", part(found), part(expected));
    }
    assert_eq!(found.len(), expected.len());
}

/// Traffic of all kinds, with losses and jitter.
fn busy() -> Setup {
    let jitter = LinkSpec { jitter: Span::ms(15), bytes_per_s: Some(20_000), ..LinkSpec::default() };
    let mut clients = vec![lasting("a", V5), lasting("b", V3), client("c", V5)];
    for spec in &mut clients {
        spec.link = jitter;
        spec.client.connect.keep_alive_s = 7;
    }
    let steps = [
        at(0, connect("a")),
        at(0, connect("b")),
        at(100, connect("c")),
        at(500, subscribe("b", "t/#", QOS2)),
        at(500, subscribe("c", "t/+", QOS1)),
        every(1_000, Span::ms(9), 2_000, publish("a", "t/{{n}}", "{{n}}", QOS1)),
        every(1_000, Span::ms(31), 500, publish("b", "t/b", "{{n}}", QOS2)),
        at(6_000, cut("b")),
        at(9_000, restore("b")),
        at(9_001, connect("b")),
        at(12_000, act("c", Action::StopAcks)),
        at(14_000, act("c", Action::ResumeAcks)),
        at(15_000, Input::Broker(Command::Restart { keep_store: true })),
        at(16_000, connect("a")),
        at(16_000, connect("b")),
    ];
    let setup = setup(clients, steps);
    with(setup, |setup| {
        setup.seed = 5;
        setup.profile = Profile::named("aws-iot-core").unwrap();
        setup.profile.set("publish.qos_max", Value::Number(2)).unwrap();
        setup.profile.set("packet.qos2", Value::Switch(true)).unwrap();
        for rate in ["publish.in_per_s", "publish.out_per_s"] {
            setup.profile.set(rate, Value::Unlimited).unwrap();
        }
    })
}

#[test]
fn a_seek_gives_what_a_straight_run_gives() {
    let setup = busy();
    let mut run = run_to(&setup, 30_000);
    let whole = run.trace().hash().unwrap();
    assert!(run.checkpoints().0 > 5, "{:?}", run.checkpoints());
    for time_ms in [12_345, 0, 1_000, 29_999, 6_000, 6_001, 15_000, 500, 30_000, 9_000] {
        let straight = run_to(&setup, time_ms);
        run.seek(Moment::after(ms(time_ms)));
        arrive(&mut run);
        same(&state(run.world()), &state(straight.world()));
        assert_eq!(run.visible(), straight.visible());
        assert_eq!(run.is_at_head(), time_ms == 30_000);
    }
    assert_eq!(run.trace().hash().unwrap(), whole, "looking changes nothing");
    assert_eq!(run.head(), ms(30_000));
}

#[test]
fn a_slice_of_a_seek_is_a_slice_of_the_work() {
    let setup = with(busy(), |setup| setup.checkpoints_max_bytes = 0);
    let mut run = run_to(&setup, 30_000);
    assert!(run.checkpoints().0 <= 2, "only the first and the last are kept without memory");
    let first = run.seek(Moment::after(ms(20_000)));
    assert!(!first.done && run.view().at < ms(20_000));
    let mut slices = 1;
    while !run.go_on(4_096).done {
        slices += 1;
    }
    assert!(slices > 1);
    same(&state(run.world()), &state(run_to(&setup, 20_000).world()));
}

#[test]
fn checkpoints_stay_within_their_memory_and_are_denser_near_the_head() {
    let mut run = Run::new(&with(busy(), |setup| setup.checkpoints_max_bytes = 4 << 20)).unwrap();
    play(&mut run, ms(30_000));
    let (count, bytes) = run.checkpoints();
    assert!(count >= 3 && bytes <= 4 << 20, "{count} {bytes}");
}

#[test]
fn a_run_that_does_not_rewind_keeps_no_past_and_is_the_same_run() {
    let mut run = Run::new(&with(busy(), |setup| setup.rewinds = false)).unwrap();
    let mut other = run_to(&busy(), 0);
    for run in [&mut run, &mut other] {
        play(run, ms(10_000));
        run.input(Input::Broker(Command::disconnect("nobody".into()))).unwrap();
        play(run, ms(30_000));
    }
    assert_eq!(run.trace().hash(), other.trace().hash());
    assert_eq!((run.checkpoints().0, run.journal().entries().len()), (1, 0));
    assert!(run.seek(Moment::after(ms(5_000))).done && run.step_back().done);
    assert!(run.is_at_head());
    assert!(run.recompute(0..10, Level::Full, u64::MAX).is_none());
}

#[test]
fn stepping_back_and_forth_passes_every_event_once() {
    let setup = setup(
        [client("a", V5), client("b", V3)],
        [
            at(0, connect("a")),
            at(0, connect("b")),
            at(500, subscribe("b", "t", QOS2)),
            at(1_000, publish("a", "t", "x", QOS2)),
        ],
    );
    let mut run = Run::new(&setup).unwrap();
    let mut stops = vec![(run.visible(), state(run.world()))];
    while run.visible() < 60 {
        let before = run.visible();
        run.step_forward();
        if run.visible() == before {
            break;
        }
        stops.push((run.visible(), state(run.world())));
    }
    assert!(stops.len() > 20, "{}", stops.len());
    for (events, _) in stops.iter().rev().skip(1) {
        run.step_back();
        arrive(&mut run);
        assert_eq!(run.visible(), *events);
    }
    run.step_back();
    arrive(&mut run);
    assert_eq!((run.visible(), run.view()), (0, Moment::default()));
    for (events, expected) in &stops[1..] {
        run.step_forward();
        arrive(&mut run);
        assert_eq!(run.visible(), *events);
        same(&state(run.world()), expected);
    }
    assert!(run.is_at_head());
}

#[test]
fn a_moment_is_found_again_and_an_event_too() {
    let mut run = run_to(&busy(), 20_000);
    for seq in [0, 1, 50, 777, 1_500, 2_222] {
        let t = run.trace().get(seq).unwrap().at();
        run.seek_event(seq);
        arrive(&mut run);
        assert!(run.visible() > seq && run.view().at == t, "{seq}");
        let (moment, there) = (run.view(), state(run.world()));
        assert!(moment.ordinal > 0);
        run.seek(Moment::after(ms(3)));
        arrive(&mut run);
        run.seek(moment);
        arrive(&mut run);
        same(&state(run.world()), &there);
        run.step_back();
        arrive(&mut run);
        assert!(run.visible() <= seq);
    }
}

#[test]
fn playing_after_a_rewind_shows_what_was_computed_and_then_computes_on() {
    let setup = busy();
    let mut run = run_to(&setup, 10_000);
    run.seek(Moment::after(ms(4_000)));
    arrive(&mut run);
    play(&mut run, ms(7_000));
    assert_eq!((run.view().at, run.head(), run.is_at_head()), (ms(7_000), ms(10_000), false));
    assert_eq!(run.world().now(), ms(7_000));
    play(&mut run, ms(12_000));
    assert_eq!((run.head(), run.is_at_head()), (ms(12_000), true));
    assert_eq!(run.trace().hash(), run_to(&setup, 12_000).trace().hash());
    assert_eq!(run.branches().len(), 1);
}

#[test]
fn acting_in_the_past_keeps_both_futures() {
    let setup = busy();
    let mut run = run_to(&setup, 12_000);
    let old = run.trace().text();
    run.seek(Moment::after(ms(4_000)));
    arrive(&mut run);
    let seen = run.visible();
    run.input(cut("a")).unwrap();
    assert!(run.is_at_head());
    play(&mut run, ms(12_000));
    let new = run.trace().text();
    assert_ne!(old, new);
    let same = old.lines().zip(new.lines()).take_while(|(a, b)| a == b).count();
    assert_eq!(same, seen as usize + 1, "the header and what was seen");
    assert!(
        new.lines()
            .nth(same)
            .unwrap()
            .contains(r#""t":4000000,"kind":"input","by":"user","client":"a","do":"cut""#)
    );
    let branches = run.branches();
    assert_eq!(branches.iter().map(|branch| branch.id).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(branches[0].from.map(|(id, moment)| (id, moment.at)), Some((0, ms(4_000))));

    // The straight way to the new branch: the same input at the same moment.
    let mut straight = run_to(&setup, 4_000);
    straight.input(cut("a")).unwrap();
    play(&mut straight, ms(12_000));
    assert_eq!(straight.trace().text(), new);

    run.switch(0).unwrap();
    assert_eq!(run.trace().text(), old);
    play(&mut run, ms(13_000));
    assert_eq!(run.trace().hash(), run_to(&setup, 13_000).trace().hash());
    run.switch(1).unwrap();
    assert_eq!(run.trace().text(), new);
    assert!(run.switch(7).is_err());
}

#[test]
fn branches_are_bounded() {
    let mut run = run_to(&busy(), 3_000);
    for _ in 0..2 * BRANCHES_MAX {
        run.seek(Moment::after(ms(2_000)));
        arrive(&mut run);
        run.input(Input::Mark { title: "x".into(), text: String::new() }).unwrap();
        play(&mut run, ms(2_500));
    }
    assert_eq!(run.branches().len(), BRANCHES_MAX);
}

#[test]
fn branches_are_named_thrown_away_and_brought_back() {
    let mut run = run_to(&busy(), 3_000);
    let (first, _) = (run.trace().hash(), run.throw_away(0).unwrap_err());
    run.seek(Moment::after(ms(2_000)));
    arrive(&mut run);
    run.input(cut("a")).unwrap();
    play(&mut run, ms(2_500));
    run.name_branch(1, "  a is cut ");
    run.name_branch(1, "   ");
    run.name_branch(0, &"n".repeat(200));
    let names = run.branches().into_iter().map(|branch| branch.name);
    assert_eq!(names.collect::<Vec<_>>(), ["a is cut".to_owned(), "n".repeat(BRANCH_NAME_MAX)]);
    let second = run.trace().hash();
    run.throw_away(1).unwrap();
    assert_eq!((run.branches().len(), run.trace().hash()), (1, first), "one is back where it was left");
    assert_eq!(run.gone().map(|gone| gone.id), Some(1));
    run.bring_back();
    run.switch(1).unwrap();
    assert_eq!((run.trace().hash(), run.gone()), (second, None));
    run.throw_away(0).unwrap();
    assert!(run.throw_away(0).is_err() && run.branches().len() == 1);
}

#[test]
fn the_branch_that_must_go_is_told_and_can_come_back() {
    let mut run = run_to(&busy(), 3_000);
    for nth in 1..=BRANCHES_MAX as u32 {
        assert_eq!(run.gone(), None);
        run.seek(Moment::after(ms(2_000)));
        arrive(&mut run);
        run.input(Input::Mark { title: "x".into(), text: String::new() }).unwrap();
        assert_eq!(run.branches()[0].id, nth);
        play(&mut run, ms(2_500));
    }
    assert_eq!(run.gone().map(|gone| gone.id), Some(0), "the one that was left first");
    run.bring_back();
    assert_eq!(run.gone().map(|gone| gone.id), Some(1));
    assert_eq!(run.branches().len(), BRANCHES_MAX);
}

#[test]
fn another_branch_is_computed_on_without_going_there() {
    let mut run = run_to(&busy(), 3_000);
    run.seek(Moment::after(ms(2_000)));
    arrive(&mut run);
    run.input(cut("a")).unwrap();
    while !run.advance_other(0, ms(9_000), 100).done {}
    assert_eq!(run.branch_trace(0).unwrap().hash(), run_to(&busy(), 9_000).trace().hash());
    assert_eq!((run.head(), run.branches()[1].head), (ms(2_000), ms(9_000)));
}

#[test]
fn a_journal_makes_the_run_again() {
    let setup = busy();
    let mut run = run_to(&setup, 1_000);
    for (time_ms, input) in [
        (1_000, publish("c", "t/c", "by hand", QOS2)),
        (2_345, cut("a")),
        (2_345, restore("a")),
        (2_345, connect("a")),
        (5_000, Input::AddClient(Box::new(client("late", V5)))),
        (5_000, connect("late")),
        (
            6_000,
            Input::Link {
                client: "late".into(),
                link: LinkSpec { latency: Span::ms(200), ..LinkSpec::default() },
            },
        ),
        (7_000, Input::RemoveClient { client: "c".into() }),
        (8_000, Input::Broker(Command::disconnect("b".into()))),
    ] {
        play(&mut run, ms(time_ms));
        run.input(input).unwrap();
    }
    assert!(run.input(connect("c")).is_err() && run.input(connect("nobody")).is_err());
    play(&mut run, ms(20_000));
    let mut again = Run::replay(&setup, run.journal().clone()).unwrap();
    play(&mut again, ms(20_000));
    assert_eq!(again.trace().hash(), run.trace().hash());
    same(&state(again.world()), &state(run.world()));
}

#[test]
fn a_foreign_journal_harms_nothing() {
    let entry = |steps, at, input| Entry { steps, at: ms(at), input, along: false };
    let journal = Journal::new(vec![
        entry(3, 900_000, connect("nobody")),
        entry(4, 900_000, Input::Live { id: 9, act: glassbroker::sim::LiveAct::Vanish }),
        entry(5, 900_001, publish("a", "t", "x", QOS1)),
    ]);
    let mut run = Run::replay(&busy(), journal.unwrap()).unwrap();
    play(&mut run, ms(950_000));
    run.seek(Moment::after(ms(1)));
    arrive(&mut run);
    run.step_forward();
    arrive(&mut run);
}

#[test]
fn what_a_level_leaves_out_is_computed_again() {
    let setup = busy();
    let full = run_to(&setup, 8_000);
    let sparse = run_to(&with(setup, |setup| setup.level = Level::Packets), 8_000);
    assert!(sparse.trace().len() < full.trace().len());
    let again = sparse.recompute(100..700, Level::Full, 1_000_000).unwrap();
    let text = |event: glassbroker::trace::EventRef<'_>| {
        let mut line = String::new();
        event.write_json(&mut line);
        line
    };
    let expected: Vec<_> = full.trace().range(100..700).map(text).collect();
    assert_eq!(expected.len(), 600);
    assert_eq!(again.iter().map(text).collect::<Vec<_>>(), expected);
    assert!(sparse.recompute(100..700, Level::Full, 10).is_none());
}

#[test]
fn two_clients_of_one_name_are_refused() {
    assert!(Run::new(&setup([client("a", V3), client("a", V5)], [])).unwrap_err().contains("`a`"));
}

/// What a random script does.
fn any_input() -> impl Strategy<Value = Input> {
    let who = prop::sample::select(vec!["a", "b", "c"]);
    let qos = prop::sample::select(vec![QOS0, QOS1, QOS2]);
    let filter = prop::sample::select(vec!["t/#", "t/+", "t/1", "$share/g/t/#"]);
    let raw = prop::collection::vec(any::<u8>(), 0..12);
    (who, qos, filter, raw, 0..32u8).prop_map(|(who, qos, filter, raw, what)| match what {
        0..3 => connect(who),
        3..5 => subscribe(who, filter, qos),
        5 => disconnect(who),
        6 => cut(who),
        7 => restore(who),
        8 => act(who, Action::Crash),
        9 => act(who, Action::Restart { keep_session: false }),
        10 => act(who, Action::StopAcks),
        11 => act(who, Action::ResumeAcks),
        12 => act(who, Action::Send { bytes: raw.into() }),
        13 => Input::Broker(Command::Restart { keep_store: true }),
        14 => Input::Broker(Command::disconnect(who.into())),
        15 => act(who, Action::Close { code: 1000 }),
        16 => act(who, Action::Unsubscribe { filters: vec![filter.into()] }),
        17 => act(who, Action::Restart { keep_session: true }),
        18 | 19 => Input::HalfOpen { client: who.into(), way: if qos == QOS0 { Way::Up } else { Way::Down } },
        20 => Input::Stall { client: who.into(), length: Span::ms(700) },
        21..26 => {
            let way = if raw.len() % 2 == 0 { Way::Up } else { Way::Down };
            let which = Chosen { way, packet: None, on_its_way: raw.len() as u32 / 4 };
            let byte = raw.first().copied().unwrap_or(0).into();
            let all = [
                WhatIf::Drop,
                WhatIf::Duplicate,
                WhatIf::Reorder,
                WhatIf::Corrupt { byte, bits: 0x11 },
                WhatIf::Forget,
            ];
            Input::WhatIf { client: who.into(), what: all[usize::from(what) - 21], which }
        }
        _ => publish(who, "t/1", "{{n}}", qos),
    })
}

fn any_setup() -> impl Strategy<Value = Setup> {
    let step = (0..20_000u64, 0..400u64, 1..30u64, any_input()).prop_map(|(at, every, times, input)| Step {
        at: ms(at),
        every: Span::ms(every),
        times,
        input,
    });
    (any::<u64>(), prop::collection::vec(step, 1..40), any::<bool>(), 0..30u64).prop_map(
        |(seed, steps, aws, jitter)| {
            let mut clients = vec![lasting("a", V5), lasting("b", V3), client("c", V5)];
            for spec in &mut clients {
                spec.link.jitter = Span::ms(jitter);
                spec.client.connect.keep_alive_s = 5;
                spec.client.reconnect = (seed % 3 == 0).then_some(Span::ms(700));
            }
            let connects = [at(0, connect("a")), at(0, connect("b")), at(0, connect("c"))];
            let steps: Vec<Step> = connects.into_iter().chain(steps).collect();
            with(setup(clients, steps), |setup| {
                setup.seed = seed;
                setup.profile = Profile::named(if aws { "aws-iot-core" } else { "mqtt" }).unwrap();
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_script_gives_the_same_run_again_and_any_seek_its_past(
        setup in any_setup(),
        moments in prop::collection::vec((0..40_000_000u64, 0..6u32, any::<bool>()), 1..6),
    ) {
        let mut run = run_to(&setup, 40_000);
        let twin = run_to(&setup, 40_000);
        prop_assert_eq!(run.trace().hash(), twin.trace().hash());
        same(&state(run.world()), &state(twin.world()));
        for (at, ordinal, all) in moments {
            let to = Moment { at: SimTime(at), ordinal: if all { Moment::ALL } else { ordinal } };
            run.seek(to);
            arrive(&mut run);
            if all {
                let mut straight = Run::new(&setup).unwrap();
                play(&mut straight, to.at);
                same(&state(run.world()), &state(straight.world()));
            } else {
                let (visible, here) = (run.visible(), state(run.world()));
                run.step_back();
                arrive(&mut run);
                prop_assert!(run.visible() < visible || visible == 0);
                run.seek(to);
                arrive(&mut run);
                same(&state(run.world()), &here);
            }
        }
    }
}
