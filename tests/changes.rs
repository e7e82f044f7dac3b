//! What one step of the world changes in the broker, before and after.

#[path = "common/runs.rs"]
mod runs;

use glassbroker::broker::{Asked, Change, Content, Kind, Part, changes};
use glassbroker::sim::Run;

use glassbroker::trace::EventRef;
use glassbroker::wire::{PacketType, QoS};
use runs::*;

/// A lasting reader goes away, a QoS 2 message waits for it, and it comes back.
fn scene() -> Run {
    let clients = vec![lasting("reader", V5), client("writer", V5)];
    let steps = [
        at(0, connect("reader")),
        at(0, connect("writer")),
        at(1_000, subscribe("reader", "t/#", QOS2)),
        at(2_000, cut("reader")),
        at(3_000, publish("writer", "t/a", "1", QOS2)),
        at(5_000, restore("reader")),
        at(5_001, connect("reader")),
    ];
    run_to(&setup(clients, steps), 10_000)
}

/// What the step changed that noted the first event of which `is_it` is true.
fn changed(run: &Run, is_it: impl Fn(&EventRef<'_>) -> bool) -> Vec<Change> {
    let event = run.trace().range(0..u32::MAX).find(is_it).expect("such an event");
    let mut around = run.around(event.seq()).unwrap();
    let step = around.step();
    assert!(step.contains(&event.seq()));
    let mut asked = Asked::default();
    for event in run.trace().range(step.clone()) {
        asked.client(event.client());
        asked.topic(event.topic());
    }
    // In pieces, as a page does it.
    while !run.approach(&mut around, step.start, 3) {}
    assert_eq!(around.world().events(), step.start);
    let before = around.world().broker().holdings(&asked, event.at());
    while !run.approach(&mut around, step.end, 3) {}
    assert_eq!(around.world().events(), step.end, "the step and nothing after it");
    changes(&before, &around.world().broker().holdings(&asked, event.at()))
}

fn received(packet: PacketType, client: &'static str) -> impl Fn(&EventRef<'_>) -> bool {
    move |event| {
        event.kind() == Kind::PacketReceived
            && event.packet_type() == Some(packet)
            && event.client() == client
    }
}

/// A part, whose it is, its Packet Identifier, and what was held before and is now.
type Told<'a> = (Part, &'a str, u16, Option<Content>, Option<Content>);

/// What differs, without quotas.
fn told(found: &[Change]) -> Vec<Told<'_>> {
    let told = found.iter().filter(|one| one.part != Part::Quota);
    told.map(|one| (one.part, one.of.as_str(), one.id, one.before.clone(), one.after.clone())).collect()
}

#[test]
fn connect_and_subscribe_add_what_they_ask_for() {
    let run = scene();
    let found = changed(&run, received(PacketType::Connect, "reader"));
    let session = Some(Content::Session(true, None));
    assert_eq!(told(&found), [(Part::Session, "reader", 0, None, session)]);
    let found = changed(&run, received(PacketType::Subscribe, "reader"));
    let found: Vec<_> = found.into_iter().filter(|one| one.part != Part::Quota).collect();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((one.part, one.name.as_str(), &one.before), (Part::Subscription, "t/#", &None));
    assert!(
        matches!(one.after, Some(Content::Subscription(options, None)) if options.qos == QoS::ExactlyOnce)
    );
}

#[test]
fn a_message_for_a_client_that_is_away_waits_and_its_identifier_awaits_pubrel() {
    let run = scene();
    let found = changed(&run, received(PacketType::Publish, "writer"));
    let incoming = (Part::Incoming, "writer", 1, None, Some(Content::There));
    assert!(told(&found).contains(&incoming), "{found:?}");
    let found = changed(&run, received(PacketType::Pubrel, "writer"));
    assert_eq!(told(&found), [(Part::Incoming, "writer", 1, Some(Content::There), None)]);
}

#[test]
fn acknowledgements_take_a_message_from_its_place_step_by_step() {
    let run = scene();
    let flight = |topic: &str| Some(Content::Flight(topic.to_owned(), QoS::ExactlyOnce));
    let found = changed(&run, received(PacketType::Pubrec, "reader"));
    assert_eq!(told(&found), [(Part::Outgoing, "reader", 1, flight("t/a"), flight(""))]);
    let found = changed(&run, received(PacketType::Pubcomp, "reader"));
    assert_eq!(told(&found), [(Part::Outgoing, "reader", 1, flight(""), None)]);
}

#[test]
fn a_look_leaves_the_run_as_it_is() {
    let run = scene();
    let (events, view) = (run.visible(), run.view());
    changed(&run, received(PacketType::Publish, "writer"));
    assert_eq!((run.visible(), run.view()), (events, view));
    assert!(run.around(events).is_none(), "what has not happened cannot be looked at");
}
