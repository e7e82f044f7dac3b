//! Wills: every way to die and what becomes of the last message.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::{Closed, Command, ConnId, Ending, Fate, Kind, WillTerms, verdict};
use glassbroker::profile::{Profile, Value};
use glassbroker::rule::Source;
use glassbroker::time::Span;
use glassbroker::wire::*;

fn will(topic: &str, qos: QoS, retain: bool, properties: Vec<Property>) -> Option<Will> {
    let payload = Bytes::from_static(b"gone");
    Some(Will { topic: topic.into(), payload, qos, retain, properties: Properties(properties) })
}

/// A watcher of `lamp/#` and a client `lamp` with a Will, which lives an hour, or as long as its connection.
fn scene(profile: &str, connect: Connect) -> (Pair, ConnId, ConnId) {
    scene_with(profile, None, connect)
}

/// The same, with a bound for the client.
fn scene_with(profile: &str, bound: Option<(&str, u64)>, connect: Connect) -> (Pair, ConnId, ConnId) {
    let mut pair = Pair::new(profile);
    let watcher = pair.join(client(V5, "watcher"));
    pair.subscribe(watcher, "lamp/#", if profile == "mqtt" { QOS2 } else { QOS1 });
    if let Some((key, number)) = bound {
        pair.command(Command::Set { key: key.to_owned(), value: Value::Number(number) }).unwrap();
    }
    let lamp = pair.join(connect);
    (pair, watcher, lamp)
}

/// The bound that a way of ending takes: it is set before the client comes.
const fn bound(ending: Ending) -> Option<(&'static str, u64)> {
    match ending {
        Ending::QuotaExceeded => Some(("subscription.max_per_packet", 1)),
        Ending::WebSocketExpired => Some(("connection.websocket_max_s", 5)),
        _ => None,
    }
}

fn leave(code: ReasonCode) -> Packet {
    Packet::Disconnect(Disconnect { code, ..Disconnect::default() })
}

/// Makes a connection end in one way.
fn end(pair: &mut Pair, lamp: ConnId, version: Version, ending: Ending) {
    match ending {
        Ending::Disconnect => pair.disconnect(lamp),
        Ending::DisconnectWithWill => pair.send(lamp, leave(ReasonCode::DISCONNECT_WITH_WILL_MESSAGE)),
        Ending::WebSocketClose => pair.closed(lamp, Closed::WebSocketClose),
        Ending::ConnectionLost => pair.closed(lamp, Closed::Lost),
        // The shortest keep alive of AWS is 30 seconds.
        Ending::KeepAliveTimeout => pair.pass_s(45),
        Ending::QuotaExceeded => pair.send(lamp, subscribe(1, &[("a", QOS0), ("b", QOS0)])),
        Ending::WebSocketExpired => pair.pass_s(5),
        Ending::TakenOver => {
            // A client identifier may connect once a second.
            pair.pass_s(1);
            pair.connect(Connect { keep_alive_s: 0, ..persistent(version, "lamp") });
        }
        Ending::ProtocolError => pair.send_bytes(lamp, vec![0xF7, 0x00]),
        Ending::OperatorDisconnect => pair.command(Command::disconnect("lamp".to_owned())).unwrap(),
        Ending::NotAuthorized => unreachable!("it takes policies, of which policies.rs tells"),
        Ending::BrokerRestart => unreachable!("it takes the watcher with it"),
    }
}

/// [W1] [W3] The table, and what the broker does; a Will that was sent or discarded is forgotten.
/// [3.1.1 MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.14.4-3] [5.0 MQTT-3.1.2-7, MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.14.4-3]
#[test]
fn each_way_of_ending_has_its_verdict_and_the_broker_follows_it() {
    for profile in ["mqtt", "aws-iot-core"] {
        for version in BOTH {
            for ending in Ending::ALL {
                let sent = match ending {
                    Ending::Disconnect => false,
                    Ending::WebSocketClose => profile == "mqtt",
                    _ => true,
                };
                let terms = WillTerms { version, delay_s: 0, session_expiry_s: Some(3_600) };
                let verdict = verdict(ending, &Profile::named(profile).unwrap(), terms);
                assert_eq!(
                    verdict.fate,
                    if sent { Fate::Sent } else { Fate::Discarded },
                    "{profile} {ending:?}"
                );
                if matches!(ending, Ending::BrokerRestart | Ending::NotAuthorized)
                    || (ending == Ending::DisconnectWithWill && version == V3)
                {
                    continue;
                }
                let is_websockets = matches!(ending, Ending::WebSocketClose | Ending::WebSocketExpired);
                if is_websockets && !has_close_frames() {
                    continue;
                }
                let connect = Connect {
                    keep_alive_s: 10,
                    will: will("lamp/1", QOS1, false, vec![]),
                    ..persistent(version, "lamp")
                };
                let (mut pair, watcher, lamp) = scene_with(profile, bound(ending), connect);
                assert_eq!(pair.session("lamp").will.map(|will| will.fates.len()), Some(Ending::ALL.len()));
                end(&mut pair, lamp, version, ending);
                let got = pair.receive_all(watcher);
                assert_eq!(got.len(), usize::from(sent), "{profile} {version:?} {ending:?}");
                let kind = if sent { Kind::WillSent } else { Kind::WillDiscarded };
                let event = pair.last(kind);
                assert_eq!((event.rule, &*event.why), (Some(verdict.rule), ending.name()));
                assert_eq!(pair.session("lamp").will, None);
                pair.pass_s(100_000);
                assert_eq!(pair.publishes(watcher), []);
            }
        }
    }
}

/// [W1] The exception of AWS cites AWS. [aws.will.websocket-close]
#[test]
fn a_websocket_close_counts_as_the_clients_own_end_on_aws() {
    if !has_close_frames() {
        return;
    }
    let connect = Connect { will: will("lamp/1", QOS1, false, vec![]), ..persistent(V3, "lamp") };
    let (mut pair, _, lamp) = scene("aws-iot-core", connect);
    pair.closed(lamp, Closed::WebSocketClose);
    assert_eq!(rule_of(pair.last(Kind::WillDiscarded)), (Source::Aws, "aws.will.websocket-close"));
    // A half-closed connection without a Close frame is a lost one.
    let connect = Connect { will: will("lamp/1", QOS1, false, vec![]), ..persistent(V3, "lamp") };
    let (mut pair, watcher, lamp) = scene("aws-iot-core", connect);
    pair.closed(lamp, Closed::Finished);
    assert_eq!(pair.payloads(watcher), ["gone"]);
}

/// [W1] [W2] [M6] QoS, RETAIN and properties. [3.1.1 MQTT-3.1.2-16, MQTT-3.1.2-17] [5.0 MQTT-3.1.2-14, MQTT-3.1.2-15]
/// [5.0 MQTT-3.1.3-10]
#[test]
fn a_will_is_published_as_it_asks() {
    for version in BOTH {
        for retain in [false, true] {
            let properties = match version {
                V3 => vec![],
                V5 => vec![
                    Property::ContentType("text/plain".into()),
                    Property::UserProperty("b".into(), "1".into()),
                    Property::UserProperty("a".into(), "2".into()),
                ],
            };
            let connect =
                Connect { will: will("lamp/1", QOS2, retain, properties.clone()), ..client(version, "lamp") };
            let (mut pair, watcher, lamp) = scene("mqtt", connect);
            pair.cut(lamp);
            let got = pair.publishes(watcher);
            assert_eq!((got[0].qos, got[0].retain, &got[0].properties.0), (QOS2, false, &properties));
            assert_eq!(pair.broker.retained().len(), usize::from(retain));
            if retain {
                let late = pair.join(client(V5, "late"));
                pair.subscribe(late, "lamp/1", QOS0);
                assert_eq!(pair.publishes(late)[0].properties.0, properties);
            }
        }
    }
}

/// [W4] 3.1.3.2.2 of 5.0: a delayed Will is sent after the delay, or when the session ends, whichever is first.
/// [5.0 MQTT-3.1.2-8]
#[test]
fn a_delayed_will_waits_for_the_delay_or_the_end_of_the_session() {
    for (delay_s, expiry_s, due_s) in [(10, 3_600, 10), (10, 5, 5), (10, 0, 0), (0, 60, 0), (7, 7, 7)] {
        let mut connect = Connect {
            will: will("lamp/1", QOS1, false, vec![Property::WillDelayInterval(delay_s)]),
            ..client(V5, "lamp")
        };
        connect.properties.0.push(Property::SessionExpiryInterval(expiry_s));
        let (mut pair, watcher, lamp) = scene("mqtt", connect);
        pair.pass_s(100);
        pair.cut(lamp);
        if due_s > 0 {
            assert_eq!(pair.last(Kind::WillScheduled).until.map(|at| at.0), Some((100 + due_s) * 1_000_000));
            pair.pass(Span::ms(due_s * 1_000 - 1));
            assert_eq!(pair.publishes(watcher), []);
            pair.pass(Span::ms(1));
        }
        assert_eq!(pair.payloads(watcher), ["gone"], "{delay_s} {expiry_s}");
    }
}

/// [W4] Coming back within the delay cancels the Will; with Clean Start the session ends, and it is sent. [5.0 MQTT-3.1.3-9]
#[test]
fn coming_back_in_time_cancels_a_delayed_will() {
    for clean_start in [false, true] {
        let connect = Connect {
            will: will("lamp/1", QOS1, false, vec![Property::WillDelayInterval(10)]),
            ..persistent(V5, "lamp")
        };
        let (mut pair, watcher, lamp) = scene("mqtt", connect);
        pair.cut(lamp);
        pair.pass_s(9);
        pair.join(Connect { clean_start, ..persistent(V5, "lamp") });
        pair.pass_s(100);
        assert_eq!(pair.payloads(watcher).len(), usize::from(clean_start));
        let kind = if clean_start { Kind::WillSent } else { Kind::WillDiscarded };
        assert_eq!(pair.events(kind).len(), 1);
        if !clean_start {
            assert_eq!(rule_of(pair.last(kind)), mqtt(V5, "MQTT-3.1.3-9"));
        }
    }
}

/// [W4] 3.1.3.2.2 with a takeover: the old connection's Will waits its delay, and the resumption cancels it.
/// [5.0 MQTT-3.1.3-9]
#[test]
fn a_takeover_within_the_delay_cancels_the_will() {
    let connect = Connect {
        will: will("lamp/1", QOS1, false, vec![Property::WillDelayInterval(10)]),
        ..persistent(V5, "lamp")
    };
    let (mut pair, watcher, _) = scene("mqtt", connect);
    let connect = Connect { will: will("lamp/2", QOS1, false, vec![]), ..persistent(V5, "lamp") };
    let lamp = pair.join(connect);
    pair.pass_s(100);
    assert_eq!(pair.publishes(watcher), []);
    // The new connection has its own Will.
    pair.cut(lamp);
    assert_eq!(&*pair.publishes(watcher)[0].topic, "lamp/2");
}

/// [W4] Only the code 0 discards; 0x04 and every error keep the Will. [5.0 MQTT-3.14.4-3]
#[test]
fn only_a_normal_disconnection_discards_the_will() {
    for code in [0x00, 0x04, 0x80, 0x81, 0x93, 0x95, 0x97, 0x98] {
        let connect = Connect { will: will("lamp/1", QOS1, false, vec![]), ..persistent(V5, "lamp") };
        let (mut pair, watcher, lamp) = scene("mqtt", connect);
        pair.send(lamp, leave(ReasonCode(code)));
        assert_eq!(pair.publishes(watcher).len(), usize::from(code != 0), "{code:#x}");
    }
}

/// [W4] [M3] The Will's message expiry runs from the end of the connection. [MQTT-3.3.2-6]
#[test]
fn the_expiry_of_a_will_runs_from_the_end_of_the_connection() {
    let properties = vec![Property::WillDelayInterval(10), Property::MessageExpiryInterval(30)];
    let connect = Connect { will: will("lamp/1", QOS1, true, properties), ..persistent(V5, "lamp") };
    let (mut pair, watcher, lamp) = scene("mqtt", connect);
    pair.pass_s(1_000);
    pair.cut(lamp);
    pair.pass_s(10);
    assert_eq!(pair.publishes(watcher)[0].properties.message_expiry_interval(), Some(20));
    assert_eq!(pair.broker.retained()[0].expires_at.map(|at| at.0), Some(1_030_000_000));
}

/// [W4] [MQTT-3.3.2-5] A Will whose delay outlasts its expiry is not sent; one that ends with the delay's last moment neither.
#[test]
fn a_will_that_expires_during_its_delay_is_never_sent() {
    for (delay_s, expiry_s, sent) in [(10, 11, 1), (10, 10, 0), (10, 3, 0), (0, 0, 1)] {
        let properties =
            vec![Property::WillDelayInterval(delay_s), Property::MessageExpiryInterval(expiry_s)];
        let connect = Connect { will: will("lamp/1", QOS1, true, properties), ..persistent(V5, "lamp") };
        let (mut pair, watcher, lamp) = scene("mqtt", connect);
        pair.cut(lamp);
        pair.pass_s(60);
        assert_eq!(pair.publishes(watcher).len(), sent, "{delay_s} {expiry_s}");
        if sent == 0 {
            assert_eq!(rule_of(pair.last(Kind::WillDiscarded)), mqtt(V5, "MQTT-3.3.2-5"));
        }
    }
}

/// Each connection has the Will of its own CONNECT. [3.1.1 MQTT-3.1.2-10, MQTT-3.1.2-12]
#[test]
fn a_resumption_without_a_will_has_none() {
    let connect = Connect { will: will("lamp/1", QOS1, false, vec![]), ..persistent(V3, "lamp") };
    let (mut pair, watcher, lamp) = scene("mqtt", connect);
    pair.disconnect(lamp);
    let lamp = pair.join(persistent(V3, "lamp"));
    pair.cut(lamp);
    assert_eq!(pair.publishes(watcher), []);
}

/// A Will's topic is a Topic Name. [3.1.1 MQTT-4.7.1-1] [5.0 MQTT-4.7.0-1]
#[test]
fn a_will_topic_with_wildcards_is_refused() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let connect = Connect { will: will("lamp/#", QOS0, false, vec![]), ..client(version, "lamp") };
        let conn = pair.connect(connect);
        assert!(pair.is_closed(conn) && !pair.has_session("lamp"));
        match version {
            V3 => assert_eq!(pair.inbox(conn), []),
            V5 => assert!(pair.connack(conn).code.is_failure()),
        }
    }
}

/// 3.1.2.5 of 3.1.1: after a restart that kept the store the Will is sent, when every client is away; one without it has
/// forgotten it.
#[test]
fn a_restart_sends_wills_where_the_store_survives() {
    for keep_store in [true, false] {
        let mut pair = Pair::new("mqtt");
        let lamp = pair.join(Connect { will: will("lamp/1", QOS1, true, vec![]), ..client(V3, "lamp") });
        let watcher = pair.join(persistent(V3, "watcher"));
        pair.subscribe(watcher, "lamp/#", QOS1);
        pair.command(Command::Restart { keep_store }).unwrap();
        assert!(pair.is_closed(lamp) && pair.is_closed(watcher));
        assert_eq!(pair.inbox(watcher), []);
        assert_eq!(pair.broker.retained().len(), usize::from(keep_store));
        let kind = if keep_store { Kind::WillSent } else { Kind::WillDiscarded };
        assert_eq!(pair.events(kind).len(), 1);
        let watcher = pair.join(persistent(V3, "watcher"));
        assert_eq!(pair.publishes(watcher).len(), usize::from(keep_store));
    }
}
