//! What scripts leave out: each row of the table in `docs/differences.md`, as the real broker does it and, where no time passes, as ours
//! does. A row that is no longer true goes red here.

use super::ours::Ours;
use super::peer::{Peer, at, hello, publish, release, subscribe, unsubscribe, will};
use super::profile;
use super::real::Real;
use super::side::Side;
use glassbroker::wire::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use glassbroker::wire::Version::{V3, V5};
use glassbroker::wire::{Connect, Packet, Property, Publish, ReasonCode, SubscribeOptions};
use std::time::{Duration, Instant};

/// What a story shows on each side: the real one, then ours.
fn both<T>(story: impl Fn(&mut dyn Side) -> T) -> (T, T) {
    (story(&mut Real::start()), story(&mut Ours::new(profile())))
}

fn with(mut connect: Connect, property: Property) -> Connect {
    connect.properties.push(property);
    connect
}

#[test]
fn each_row_of_the_table_has_its_test() {
    let page = include_str!("../../docs/differences.md");
    let section = page.split("## What scripts leave out").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = section.expect("the section").lines().filter(|line| line.starts_with("| ")).count();
    let tests = include_str!("deviations.rs").lines().filter(|line| line.starts_with("/// Row: ")).count();
    assert_eq!(rows - 2, tests, "rows of the table, and tests here");
}

/// Row: a Will Delay Interval passes though the session has ended with its connection. One that ends later sends its Will then.
#[test]
fn a_will_waits_for_its_delay_without_a_session() {
    let connect = |expiry_s, delay_s| {
        let mut connect = hello(V5, "lamp");
        connect.properties = [Property::SessionExpiryInterval(expiry_s)].into_iter().collect();
        let mut last_word = will("gone", AtMostOnce);
        last_word.properties.push(Property::WillDelayInterval(delay_s));
        connect.will = Some(last_word);
        connect
    };
    let real = &mut Real::start();
    let watcher = Peer::join(real, hello(V5, "watcher"));
    watcher.ask(real, &subscribe("gone", at(AtMostOnce)));
    for (expiry_s, delay_s, least_ms, most_ms) in [(0, 3, 1_900, 15_000), (1, 600, 0, 15_000)] {
        let lamp = Peer::join(real, connect(expiry_s, delay_s));
        let begun = Instant::now();
        lamp.cut(real);
        while watcher.payloads(real).is_empty() {
            assert!(begun.elapsed() < Duration::from_millis(most_ms), "the Will never comes");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(begun.elapsed() > Duration::from_millis(least_ms), "it came after {:?}", begun.elapsed());
    }
    let ours = &mut Ours::new(profile());
    let watcher = Peer::join(ours, hello(V5, "watcher"));
    watcher.ask(ours, &subscribe("gone", at(AtMostOnce)));
    Peer::join(ours, connect(0, 3)).cut(ours);
    assert_eq!(watcher.payloads(ours), ["gone"]);
}

/// Row: of a 3.1.1 client's QoS 2 messages beyond twenty under way, those above are acknowledged and lost.
#[test]
fn more_than_twenty_messages_under_way_are_lost() {
    let came = both(|side| {
        let watcher = Peer::join(side, hello(V5, "watcher"));
        watcher.ask(side, &subscribe("a", at(AtMostOnce)));
        let lamp = Peer::join(side, hello(V3, "lamp"));
        (1..=25).for_each(|id| lamp.send(side, &publish(id, "a", "x", ExactlyOnce)));
        let received = lamp.settle(side).iter().filter(|p| matches!(p, Packet::Pubrec(_))).count();
        (1..=25).for_each(|id| lamp.send(side, &release(id)));
        let completed = lamp.settle(side).iter().filter(|p| matches!(p, Packet::Pubcomp(_))).count();
        (received, completed, watcher.payloads(side).len())
    });
    assert_eq!(came, ((25, 25, 20), (25, 25, 25)));
}

/// Row: a packet may be one byte larger than the client's Maximum Packet Size.
#[test]
fn a_packet_may_be_one_byte_too_large() {
    let most = 100;
    let came = both(|side| {
        let watcher = Peer::join(side, with(hello(V5, "watcher"), Property::MaximumPacketSize(most)));
        watcher.ask(side, &subscribe("a", at(AtMostOnce)));
        let lamp = Peer::join(side, hello(V5, "lamp"));
        // Two bytes of a header, three of the topic, one of no properties.
        let sizes = [most, most + 1, most + 2];
        for size in sizes {
            lamp.ask(side, &publish(0, "a", &"x".repeat(size as usize - 6), AtMostOnce));
        }
        watcher.payloads(side).iter().map(|payload| payload.len() as u32 + 6).collect::<Vec<_>>()
    });
    assert_eq!(came, (vec![most, most + 1], vec![most]));
}

/// Row: a client that returns with 3.1.1 gets a retained copy by each of its subscriptions with Retain As Published.
#[test]
fn retain_as_published_brings_copies_to_the_older_version() {
    let came = both(|side| {
        let options = SubscribeOptions { retain_as_published: true, ..at(AtMostOnce) };
        let watcher = Peer::join(side, hello(V5, "watcher"));
        watcher.ask(side, &subscribe("a/#", options));
        watcher.ask(side, &subscribe("a/+", options));
        watcher.cut(side);
        let watcher = Peer::join(side, hello(V3, "watcher"));
        let lamp = Peer::join(side, hello(V5, "lamp"));
        let (topic, payload) = ("a/b".into(), "x".into());
        lamp.ask(side, &Packet::Publish(Publish { topic, payload, retain: true, ..Publish::default() }));
        watcher.payloads(side).len()
    });
    assert_eq!(came, (2, 1));
}

/// Row: a Will that goes to its own client's session leaves beyond a smaller Receive Maximum.
#[test]
fn a_will_to_its_own_session_counts_as_under_way() {
    let came = both(|side| {
        let connect = Connect { will: Some(will("a", AtLeastOnce)), ..hello(V5, "lamp") };
        let lamp = Peer::join(side, connect);
        lamp.ask(side, &subscribe("a", at(AtLeastOnce)));
        let other = Peer::join(side, hello(V5, "other"));
        other.ask(side, &publish(1, "a", "first", AtLeastOnce));
        assert_eq!(lamp.payloads(side), ["first"]);
        lamp.cut(side);
        let lamp = Peer::join(side, with(hello(V5, "lamp"), Property::ReceiveMaximum(1)));
        lamp.payloads(side)
    });
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(came, (words(&["first", "a"]), words(&["first"])));
}

/// Row: retained messages come in the order in which their topics came to be.
#[test]
fn retained_messages_come_in_the_order_of_their_creation() {
    let came = both(|side| {
        let lamp = Peer::join(side, hello(V5, "lamp"));
        for topic in ["t/c", "t/a", "t/b"] {
            let (payload, topic) = (topic.to_owned().into(), topic.into());
            lamp.ask(side, &Packet::Publish(Publish { topic, payload, retain: true, ..Publish::default() }));
        }
        let subscribed = lamp.ask(side, &subscribe("t/+", at(AtMostOnce)));
        let payload = |packet: &Packet| match packet {
            Packet::Publish(publish) => Some(String::from_utf8_lossy(&publish.payload).into_owned()),
            _ => None,
        };
        subscribed.iter().filter_map(payload).collect::<Vec<_>>()
    });
    let words = |words: [&str; 3]| words.map(str::to_owned).to_vec();
    assert_eq!(came, (words(["t/c", "t/a", "t/b"]), words(["t/a", "t/b", "t/c"])));
}

/// Row: who unsubscribes below a `$` name under which nobody has subscribed is told that there was a subscription.
#[test]
fn unsubscribing_below_an_unknown_dollar_name_succeeds() {
    let came = both(|side| {
        let lamp = Peer::join(side, hello(V5, "lamp"));
        let mut codes = |packet| match &lamp.ask(side, &packet)[..] {
            [Packet::Unsuback(unsuback)] => unsuback.codes.clone(),
            [Packet::Suback(_)] => Vec::new(),
            other => panic!("{other:?}"),
        };
        let before = codes(unsubscribe("$y/b"));
        codes(subscribe("$y/a", at(AtMostOnce)));
        (before, codes(unsubscribe("$y/b")))
    });
    let none = vec![ReasonCode::NO_SUBSCRIPTION_EXISTED];
    assert_eq!(came, ((vec![ReasonCode::SUCCESS], none.clone()), (none.clone(), none)));
}

/// Row: nobody may publish to a topic that begins with `$share`.
#[test]
fn nothing_is_published_to_share() {
    let came = both(|side| {
        let lamp = Peer::join(side, hello(V5, "lamp"));
        let answer = lamp.ask(side, &publish(1, "$share/a", "x", AtLeastOnce));
        let Some(Packet::Puback(ack)) = answer.first() else { panic!("{answer:?}") };
        ack.code
    });
    assert_eq!(came, (ReasonCode::NOT_AUTHORIZED, ReasonCode::NO_MATCHING_SUBSCRIBERS));
}
