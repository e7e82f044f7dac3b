//! The flow: which rows a sequence diagram has, what they say, and where they stand.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::picture::flow::{
    Choice, Diagram, Frame, MOST_ROWS, Source, Story, Way, draw, label, sides, text,
};
use glassbroker::picture::{Glance, Ink, List, Shape, Tracks, text_width};
use glassbroker::scenario::{Overrides, compile, parse};
use glassbroker::sim::Run;
use glassbroker::time::SimTime;

/// A run that is looked at.
struct Seen {
    run: Run,
    tracks: Tracks,
}

const fn s(tenths: u64) -> SimTime {
    SimTime(tenths * 100_000)
}

impl Seen {
    /// The scenario with these parts, run to its end.
    fn of(parts: &str) -> Self {
        let scenario = parse(&format!(r#"{{ "glassbroker": 1, {parts} }}"#)).unwrap();
        let plan = compile(&scenario, &Overrides::default()).unwrap();
        let mut run = Run::new(&plan.setup).unwrap();
        while !run.advance_to(run.until(), 100_000).done {}
        let mut tracks = Tracks::default();
        for event in run.trace() {
            tracks.take(&Glance::of(&event));
        }
        Self { run, tracks }
    }

    fn diagram_of(
        &self,
        choice: &Choice,
        view: SimTime,
        folded: bool,
        first: Option<usize>,
    ) -> (Diagram, usize, usize) {
        let trace = self.run.trace();
        let events = trace.seq_at(SimTime(view.0 + 1));
        let mut story = Story::default();
        story.update(choice, 0, trace, &self.tracks);
        let chosen = choice.rows(&self.tracks, &story, events, first);
        let until = if let Choice::Window(_, to) = choice { *to } else { SimTime::END };
        let clients =
            self.tracks.clients.iter().map(|track| (track.client.clone(), track.client == "sensor"));
        let lifelines = sides(&clients.collect::<Vec<_>>());
        let (before, after) = (chosen.before, chosen.after);
        let tracks = &self.tracks;
        (
            Diagram::new(Source { trace, tracks, chosen: &chosen, lifelines, view, events, until, folded }),
            before,
            after,
        )
    }

    fn diagram(&self, choice: &Choice, view: SimTime) -> Diagram {
        self.diagram_of(choice, view, true, None).0
    }

    /// The rows as text, of which these are left out: what connects and subscribes.
    fn rows(&self, choice: &Choice, view: SimTime) -> Vec<String> {
        let text = text(&self.diagram(choice, view), self.run.trace());
        let greeting = |line: &&str| ["CONN", "SUB"].iter().any(|name| line.contains(name));
        text.lines().map(str::trim).filter(|line| !greeting(line)).map(str::to_owned).collect()
    }

    fn drawn(&self, diagram: &Diagram, view: SimTime) -> List {
        let trace = self.run.trace();
        draw(&Frame {
            diagram,
            tracks: &self.tracks,
            view,
            width: 700.0,
            height: 400.0,
            scroll: (0.0, (diagram.height - 360.0).max(0.0)),
            selected: None,
            lit: &[],
            measure: &|text, size, _| text_width(text, size),
            label: &|seq| trace.get(seq).map(|event| label(&event)).unwrap_or_default(),
            why: &|seq| trace.get(seq).map(|event| event.why().to_owned()).unwrap_or_default(),
        })
    }
}

/// A sensor, 100 ms from the broker, and a phone, 50 ms.
const CLIENTS: &str = r#""until": "60s", "clients": [
    { "id": "sensor", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 100 } },
    { "id": "phone", "mqtt": "5", "connect": { "clean_start": false, "session_expiry_s": 600 }, "link": { "latency_ms": 50 } }
]"#;
const BEGIN: &str = r#"
    { "at": "0s", "client": "sensor", "do": "connect" },
    { "at": "0s", "client": "phone", "do": "connect" },
    { "at": "1s", "client": "phone", "do": "subscribe", "filters": [{ "filter": "a/#", "qos": 2 }] }"#;

fn exactly_once() -> Seen {
    Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN},
        {{ "at": "10s", "client": "sensor", "do": "publish", "topic": "a/1", "qos": 2, "payload": "x", "retain": true }}]"#
    ))
}

#[test]
fn a_message_at_qos_2_has_four_packets_each_way_with_their_identifiers() {
    let seen = exactly_once();
    let expected = [
        "0:10.000 sensor → broker PUBLISH QoS 2 #1 RETAIN a/1",
        "0:10.100 broker retained a/1",
        "0:10.100 broker → phone PUBLISH QoS 2 #1 a/1",
        "0:10.100 broker → sensor PUBREC #1",
        "0:10.150 phone → broker PUBREC #1",
        "0:10.200 sensor → broker PUBREL #1",
        "0:10.200 broker → phone PUBREL #1",
        "0:10.250 phone → broker PUBCOMP #1",
        "0:10.300 broker → sensor PUBCOMP #1",
    ];
    let mut rows = seen.rows(&Choice::All, s(200));
    rows.retain(|row| !row.ends_with("later"));
    rows.sort();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(rows, wanted);
    // Whichever of its events is chosen, it is the same message.
    let diagram = seen.diagram(&Choice::All, s(200));
    for row in diagram.rows.iter().filter(|row| row.at >= s(100)) {
        let mut rows = seen.rows(&Choice::Message(row.seq), s(200));
        rows.sort();
        assert_eq!(rows, wanted, "chosen by event {}", row.seq);
    }
}

#[test]
fn what_has_not_happened_is_not_there_and_a_packet_on_its_way_ends_at_the_view() {
    let seen = exactly_once();
    let half = SimTime(10_025_000);
    let rows = seen.rows(&Choice::All, half);
    assert_eq!(rows.last().unwrap(), "0:10.000 sensor → broker PUBLISH QoS 2 #1 RETAIN a/1 (on its way)");
    let diagram = seen.diagram(&Choice::All, half);
    let way = diagram.rows.last().unwrap().way.unwrap();
    assert_eq!((way.end, way.part), (None, 0.25));
    let now = diagram.now.unwrap();
    let list = seen.drawn(&diagram, half);
    let tips = list.items.iter().filter_map(|item| match item.shape {
        Shape::Disc { y, .. } => Some(y),
        _ => None,
    });
    let scrolled = (diagram.height - 360.0).max(0.0);
    assert!(tips.into_iter().any(|y| (y + scrolled - 38.0 - now).abs() < 1e-6));
    assert!(seen.rows(&Choice::All, s(99)).iter().all(|row| row.ends_with("later")));
}

#[test]
fn rows_go_down_in_time_arrows_lean_and_no_words_cover_others() {
    let seen = exactly_once();
    for folded in [true, false] {
        let (diagram, ..) = seen.diagram_of(&Choice::All, s(200), folded, None);
        for row in &diagram.rows {
            let Some(end) = row.way.and_then(|way| way.end) else { continue };
            assert!(end.y >= row.y + 10.0, "{row:?}");
        }
        for two in diagram.rows.windows(2) {
            assert!(two[1].y >= two[0].y);
            let same_side = two[0].from == two[1].from && two[0].toward == two[1].toward;
            assert!(!same_side || two[1].y >= two[0].y + 20.0, "{two:?}");
        }
    }
}

#[test]
fn waits_are_folded_or_to_scale() {
    let seen = exactly_once();
    let (folded, ..) = seen.diagram_of(&Choice::All, s(600), true, None);
    let waits: Vec<u64> = folded.waits.iter().map(|wait| wait.us / 1_000).collect();
    // From SUBACK's arrival at 1.1 s to 10 s, and from the last PUBCOMP at 10.4 s to the view at a minute.
    assert_eq!(waits, [8_900, 49_600]);
    let (scaled, ..) = seen.diagram_of(&Choice::All, s(600), false, None);
    assert!(scaled.waits.iter().all(|wait| !wait.folded));
    let heights: Vec<f64> = scaled.waits.iter().map(|wait| wait.h).collect();
    assert!((heights[1] / heights[0] - 49.6 / 8.9).abs() < 1e-9, "{heights:?}");
    assert!(scaled.height > 5.0 * folded.height);
}

#[test]
fn a_packet_that_a_cut_took_is_crossed_out_with_the_reason_and_told_again_with_dup() {
    let seen = Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN},
        {{ "at": "10s", "client": "sensor", "do": "publish", "topic": "a/1", "qos": 1, "payload": "x" }},
        {{ "at": "10.05s", "client": "sensor", "do": "cut" }},
        {{ "at": "20s", "client": "sensor", "do": "restore" }},
        {{ "at": "21s", "client": "sensor", "do": "connect" }}]"#
    ));
    let rows = seen.rows(&Choice::Client("sensor".into()), s(300));
    let has = |text: &str| rows.iter().any(|row| row.contains(text));
    assert!(has("0:10.000 sensor → broker PUBLISH QoS 1 #1 a/1 (lost: the network was cut)"), "{rows:#?}");
    assert!(has("0:10.050 sensor network cut") && has("0:20.000 sensor network restored"), "{rows:#?}");
    assert!(has("sensor → broker PUBLISH QoS 1 #1 DUP a/1"), "{rows:#?}");
    let diagram = seen.diagram(&Choice::All, s(110));
    let list = seen.drawn(&diagram, s(110));
    assert!(list.items.iter().any(|item| matches!(item.shape, Shape::Cross { .. })));
    let says = |wanted: &str| {
        list.items.iter().any(|item| matches!(&item.shape, Shape::Text { text, .. } if text == wanted))
    };
    assert!(says("lost: the network was cut"));
}

#[test]
fn the_broker_says_what_it_does_with_what_it_cannot_send() {
    let seen = Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN},
        {{ "at": "5s", "client": "phone", "do": "disconnect" }},
        {{ "at": "10s", "client": "sensor", "do": "publish", "topic": "a/1", "qos": 1, "payload": "x", "expiry_s": 3 }}]"#
    ));
    let rows = seen.rows(&Choice::All, s(300));
    let has = |text: &str| rows.iter().any(|row| row.contains(text));
    assert!(has("0:10.100 broker queued for phone · 1 wait"), "{rows:#?}");
    assert!(has("broker expired for phone"), "{rows:#?}");
    // It belongs to the message as well.
    let queued = seen
        .diagram(&Choice::All, s(300))
        .rows
        .iter()
        .find(|row| row.kind.name() == "message.queued")
        .map(|row| row.seq);
    let of_message = seen.rows(&Choice::Message(queued.unwrap()), s(300));
    assert_eq!(of_message.iter().filter(|row| !row.ends_with("later")).count(), 4, "{of_message:#?}");
}

#[test]
fn a_window_shows_what_began_in_it() {
    let seen = exactly_once();
    let rows = seen.rows(&Choice::Window(SimTime(10_150_000), SimTime(10_200_000)), s(300));
    assert_eq!(rows.len(), 3, "{rows:#?}");
    let diagram = seen.diagram(&Choice::Window(SimTime(10_150_000), SimTime(10_200_000)), s(300));
    assert_eq!(diagram.now, None, "the view is further down");
    assert!(seen.diagram(&Choice::Window(s(0), s(400)), s(300)).now.is_some());
}

#[test]
fn of_very_many_packets_only_some_are_laid_out_and_the_rest_is_counted() {
    let seen = Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN},
        {{ "at": "10s", "every": "1ms", "times": 3000, "client": "sensor", "do": "publish", "topic": "b", "qos": 0, "payload": "x" }}]"#
    ));
    let (diagram, before, after) = seen.diagram_of(&Choice::All, s(600), true, None);
    // Three thousand, and six packets of greeting.
    assert_eq!((before + diagram.rows.len(), after), (3_006, 0));
    assert!(diagram.rows.len() <= MOST_ROWS && diagram.rows.len() > MOST_ROWS / 2);
    let (diagram, before, after) = seen.diagram_of(&Choice::All, s(600), true, Some(1_000));
    assert_eq!((before, diagram.rows.len(), after), (1_000, MOST_ROWS, 1_006));
    assert_eq!(diagram.now, None);
    let list = seen.drawn(&diagram, s(600));
    assert!(list.arrows < 40, "only what is in sight is drawn: {}", list.arrows);
}

#[test]
fn what_is_chosen_is_found_by_either_end_of_its_packet() {
    let seen = exactly_once();
    let diagram = seen.diagram(&Choice::All, s(200));
    for (i, row) in diagram.rows.iter().enumerate() {
        assert_eq!(diagram.row_of(row.seq), Some(i));
        if let Some(end) = row.way.and_then(|way| way.end) {
            assert_eq!(diagram.row_of(end.seq), Some(i));
        }
    }
}

/// One PUBLISH at QoS 1 of the sensor at 10 s, and these steps around it.
fn published(steps: &str) -> Seen {
    Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN}, {steps},
        {{ "at": "10s", "client": "sensor", "do": "publish", "topic": "a/1", "qos": 1, "payload": "x" }}]"#
    ))
}

/// The row of the sensor's PUBLISH at 10 s in the whole flow, and what is drawn there.
fn of_publish(seen: &Seen, view: SimTime) -> (Way, List) {
    let diagram = seen.diagram(&Choice::All, view);
    let row = diagram.rows.iter().find(|row| row.at == s(100) && row.way.is_some()).unwrap();
    (row.way.unwrap(), seen.drawn(&diagram, view))
}

fn count(list: &List, is: impl Fn(Ink, &Shape) -> bool) -> usize {
    list.items.iter().filter(|item| is(item.ink, &item.shape)).count()
}

fn says(list: &List, wanted: &str) -> bool {
    count(list, |_, shape| matches!(shape, Shape::Text { text, .. } if text == wanted)) > 0
}

#[test]
fn a_stalled_link_holds_packets_back_and_they_go_on_when_it_ends() {
    let seen = published(r#"{ "at": "9.5s", "client": "sensor", "do": "stall", "for": "5s" }"#);
    let rows = seen.rows(&Choice::All, s(120));
    let has = |rows: &[String], text: &str| rows.iter().any(|row| row == text);
    assert!(has(&rows, "0:09.500 sensor network stalled until 0:14.500"), "{rows:#?}");
    assert!(
        has(&rows, "0:10.000 sensor → broker PUBLISH QoS 1 #1 a/1 (held back by the network)"),
        "{rows:#?}"
    );
    let rows = seen.rows(&Choice::All, s(200));
    assert!(
        has(&rows, "0:10.000 sensor → broker PUBLISH QoS 1 #1 a/1 (held back until 0:14.500)"),
        "{rows:#?}"
    );
    let (way, list) = of_publish(&seen, s(200));
    assert_eq!((way.waits, way.end.map(|end| end.at)), (Some(0), Some(s(145))));
    assert!(says(&list, "held back"));
    assert_eq!(count(&list, |ink, shape| ink == Ink::Queue && matches!(shape, Shape::Hatch { .. })), 1);
    // It goes half way, waits there, and goes on: its head is that of the last part only.
    let down = |_, shape: &Shape| matches!(shape, Shape::Line { x1, x2, y1, y2, .. } if x1 == x2 && y2 > y1 && *x1 > 150.0 && *x1 < 350.0);
    assert!(count(&list, down) > 0);
    // Before the stall, and without one, nothing waits.
    assert_eq!(of_publish(&exactly_once(), s(200)).0.waits, None);
}

#[test]
fn packets_that_wait_stand_one_behind_the_other() {
    let seen = Seen::of(&format!(
        r#"{CLIENTS}, "steps": [{BEGIN}, {{ "at": "9.5s", "client": "sensor", "do": "stall", "for": "5s" }},
        {{ "at": "10s", "every": "1s", "times": 3, "client": "sensor", "do": "publish", "topic": "b", "qos": 0, "payload": "x" }}]"#
    ));
    for view in [125, 200] {
        let diagram = seen.diagram(&Choice::All, s(view));
        let waits: Vec<_> =
            diagram.rows.iter().filter(|row| row.at >= s(100)).filter_map(|row| row.way?.waits).collect();
        assert_eq!(waits, [0, 1, 2]);
    }
}

#[test]
fn a_half_open_link_is_dashed_on_the_side_that_is_dead_and_a_cut_is_a_cross() {
    let dead = published(r#"{ "at": "9.5s", "client": "sensor", "do": "half_open", "way": "to_broker" }"#);
    assert!(
        dead.rows(&Choice::All, s(120))
            .contains(&"0:09.500 sensor half-open nothing to the broker".to_owned())
    );
    let (way, list) = of_publish(&dead, s(120));
    assert_eq!((way.waits, way.end), (Some(0), None), "TCP sends again and again");
    let dashes = |_, shape: &Shape| matches!(shape, Shape::Line { dashed: true, width, .. } if *width == 3.0);
    assert_eq!(count(&list, dashes), 1);
    let other = published(r#"{ "at": "9.5s", "client": "sensor", "do": "half_open", "way": "to_client" }"#);
    assert_eq!(of_publish(&other, s(120)).0.waits, None, "this way is alive");
    let puback = |seen: &Seen| {
        let diagram = seen.diagram(&Choice::All, s(120));
        let rows = diagram.rows.iter().filter(|row| row.at == s(101));
        rows.filter_map(|row| row.way).any(|way| way.waits.is_some() && way.end.is_none())
    };
    assert!(puback(&other) && !puback(&dead));
    let cut = published(r#"{ "at": "9.5s", "client": "phone", "do": "cut" }"#);
    let (_, list) = of_publish(&cut, s(120));
    let crosses =
        |ink, shape: &Shape| ink == Ink::Lost && matches!(shape, Shape::Cross { r, .. } if *r == 6.0);
    let hatches = |_, shape: &Shape| matches!(shape, Shape::Hatch { .. });
    assert!(count(&list, crosses) >= 1 && count(&list, hatches) == 1 && count(&list, dashes) == 0);
}

#[test]
fn what_if_a_packet_is_doubled_its_second_arrival_has_an_arrow_too() {
    let what_if = r#"{ "at": "9.5s", "client": "sensor", "do": "what_if_duplicate", "way": "to_broker", "packet": "PUBLISH" }"#;
    let seen = published(what_if);
    let rows = seen.rows(&Choice::All, s(120));
    for row in [
        "0:09.500 sensor what-if duplicate PUBLISH",
        "0:10.000 sensor → broker PUBLISH QoS 1 #1 a/1 (what-if: arrives twice)",
    ] {
        assert!(rows.iter().any(|one| one == row), "{rows:#?}");
    }
    let (way, list) = of_publish(&seen, s(120));
    let (end, again) = (way.end.unwrap(), way.again.unwrap());
    assert!(again.at == end.at && again.seq > end.seq && !again.lost && again.y > end.y);
    let heads = |ink, shape: &Shape| ink == Ink::WhatIf && matches!(shape, Shape::Head { .. });
    assert_eq!(count(&list, heads), 1);
    assert!(says(&list, "what-if: arrives twice"));
    // Both ends are found, and both belong to the packet's row.
    let diagram = seen.diagram(&Choice::All, s(120));
    assert_eq!(diagram.row_of(again.seq), diagram.row_of(end.seq));
    // Before it arrives there is no second arrow.
    assert_eq!(of_publish(&seen, SimTime(10_050_000)).0.again, None);
}

#[test]
fn what_if_a_packet_is_dropped_changed_or_overtaken_its_arrow_says_so() {
    let what_if = |what: &str| {
        format!(
            r#"{{ "at": "9.5s", "client": "sensor", "do": "{what}", "way": "to_broker", "packet": "PUBLISH" }},
            {{ "at": "10s", "client": "sensor", "do": "publish", "topic": "b", "qos": 0, "payload": "y" }}"#
        )
    };
    for (what, says, lost) in [
        ("what_if_drop", "what-if: dropped", true),
        ("what_if_corrupt", "what-if: a byte is changed", false),
        ("what_if_reorder", "what-if: overtaken by the next", false),
    ] {
        let seen = published(&what_if(what));
        let (way, list) = of_publish(&seen, s(120));
        assert_eq!(way.end.map(|end| end.lost), Some(lost), "{what}");
        assert!(self::says(&list, says), "{what}");
        let marks =
            |ink, shape: &Shape| ink == Ink::WhatIf && matches!(shape, Shape::Diamond { r, .. } if *r == 8.5);
        assert_eq!(count(&list, marks), 1, "{what}");
        let teeth =
            |ink, shape: &Shape| ink == Ink::WhatIf && matches!(shape, Shape::Line { dashed: false, .. });
        assert_eq!(count(&list, teeth) > 5, what == "what_if_corrupt", "{what}");
    }
}
