//! [W3] The matrix of ways to die: what becomes of the Will for every ending under every profile, as the specifications and the
//! brokers' documentation have it, against what the runs do.

#![cfg(not(target_arch = "wasm32"))]

use glassbroker::broker::Ending;
use glassbroker::profile::Profile;
use glassbroker::wills::{Outcome, Terms, Under, WAYS, Way};
use glassbroker::wire::Version::{self, V3, V5};

/// What is expected: the outcome and how long after the client's end, in milliseconds; `None` where there is no such thing.
type Expected = Option<(Outcome, u64)>;

const fn sent(ms: u64) -> Expected {
    Some((Outcome::Sent, ms))
}
const fn delayed(ms: u64) -> Expected {
    Some((Outcome::Delayed, ms))
}
const fn not_sent(ms: u64) -> Expected {
    Some((Outcome::Discarded, ms))
}
const fn goes_on(ms: u64) -> Expected {
    Some((Outcome::Alive, ms))
}

/// How long a packet travels, and how long CONNECT of another client takes: the WebSocket's handshake, there and back, before it.
const WAY_MS: u64 = 50;
const CONNECT_MS: u64 = 3 * WAY_MS;
/// The last packet was received 450 ms before the cut. From then on the broker waits one and a half times 10 s.
const KEEP_ALIVE_MS: u64 = 15_000 - 450;
/// AWS IoT Core makes 30 s of 10 s. aws.connect.keep-alive
const LONGER_KEEP_ALIVE_MS: u64 = 45_000 - 450;
/// The request for a WebSocket arrives 50 ms after the first second; the client's end is said to begin at the fifth.
const WEBSOCKET_MS: u64 = 86_400_000 + 1_000 + WAY_MS - 5_000;
/// A second later something is published. What the broker then writes is repeated for 924.6 s, as Linux does.
const WRITE_MS: u64 = 1_000 + WAY_MS + 924_600;
/// The Will Delay Interval.
const DELAY_MS: u64 = 10_000;

/// A way's verdicts: in 5.0, in 5.0 with a Will Delay Interval, and in 3.1.1.
type Row = [Expected; 3];

/// What the standards say.
fn standard(way: &str) -> Row {
    match way {
        // The Will is removed on DISCONNECT with Normal disconnection. 3.1.1 MQTT-3.14.4-3 5.0 MQTT-3.14.4-3
        "disconnect" => [not_sent(WAY_MS); 3],
        // 3.14.2.1: 0x04, Disconnect with Will Message. 5.0 MQTT-3.1.2-8
        "disconnect-with-will" => [sent(WAY_MS), delayed(WAY_MS + DELAY_MS), None],
        // Closed without DISCONNECT: 3.1.2.5 of both versions counts that among the situations. 3.1.1 MQTT-3.1.2-8 5.0 MQTT-3.1.2-8
        "websocket-close" => [sent(WAY_MS), delayed(WAY_MS + DELAY_MS), sent(WAY_MS)],
        // "The Client fails to communicate within the Keep Alive time." 3.1.1 MQTT-3.1.2-24 5.0 MQTT-3.1.2-22
        "network-cut" | "power-lost" => {
            [sent(KEEP_ALIVE_MS), delayed(KEEP_ALIVE_MS + DELAY_MS), sent(KEEP_ALIVE_MS)]
        }
        // "An I/O error or network failure detected by the Server."
        "connection-lost" => [sent(WRITE_MS), delayed(WRITE_MS + DELAY_MS), sent(WRITE_MS)],
        // The network connection is closed without DISCONNECT from the client; a new one before the delay has passed keeps the Will
        // from being sent. 5.0 MQTT-3.1.3-9
        "taken-over" => [sent(CONNECT_MS), not_sent(CONNECT_MS), sent(CONNECT_MS)],
        // The session ends, and with it the delay. 5.0 MQTT-3.1.2-8
        "taken-over-clean" => [sent(CONNECT_MS); 3],
        // "The Server closes the Network Connection because of a protocol error."
        "protocol-error" => [sent(WAY_MS), delayed(WAY_MS + DELAY_MS), sent(WAY_MS)],
        // A PUBLISH of QoS 0 that an access list denies is dropped, and the connection stays. Nor has a standard any bounds.
        "not-authorized" | "quota-exceeded" | "websocket-expired" => [goes_on(WAY_MS); 3],
        // The server ends it, without any DISCONNECT of the client's.
        "operator" | "broker-restart" => [sent(0), delayed(DELAY_MS), sent(0)],
        // DeleteConnection's preventWillMessage: who ends it asks for that.
        "operator-without-will" => [not_sent(0); 3],
        // What is not there any more cannot be sent.
        "broker-restart-empty" => [not_sent(0); 3],
        other => panic!("{other} has no expected verdicts"),
    }
}

/// What a profile says that differs from the standards.
fn expected(way: &str, profile: &str) -> Row {
    let standard = standard(way);
    match (profile, way) {
        // A Close frame counts as the client's own end. aws.will.websocket-close
        ("aws", "websocket-close") => [not_sent(WAY_MS); 3],
        // What a policy denies ends the connection, and so does a filter too many. aws.policy.evaluation aws.quota.filters
        ("aws", "not-authorized" | "quota-exceeded") => {
            [sent(WAY_MS), delayed(WAY_MS + DELAY_MS), sent(WAY_MS)]
        }
        ("aws", "network-cut" | "power-lost") => {
            let sent_ms = LONGER_KEEP_ALIVE_MS;
            [sent(sent_ms), delayed(sent_ms + DELAY_MS), sent(sent_ms)]
        }
        // aws.quota.websocket
        ("aws", "websocket-expired") => {
            [sent(WEBSOCKET_MS), delayed(WEBSOCKET_MS + DELAY_MS), sent(WEBSOCKET_MS)]
        }
        // Whoever takes a session over that goes on, or whose Will is delayed, takes the Will away. mosquitto.will.takeover
        ("mosquitto-2.0", "taken-over") => [not_sent(CONNECT_MS); 3],
        ("mosquitto-2.0", "taken-over-clean") => [sent(CONNECT_MS), not_sent(CONNECT_MS), sent(CONNECT_MS)],
        _ => standard,
    }
}

fn terms() -> [Terms; 3] {
    let terms = |version, delay_s| Terms { version, delay_s };
    [terms(V5, 0), terms(V5, 10), terms(V3, 0)]
}

/// [W3] [W1] [W4] [3.1.1 MQTT-3.14.4-3, MQTT-3.1.2-8, MQTT-3.1.2-24] [5.0 MQTT-3.14.4-3, MQTT-3.1.2-8, MQTT-3.1.2-22, MQTT-3.1.3-9]
/// [aws.will.websocket-close] [aws.quota.websocket] [aws.quota.filters] [mosquitto.will.takeover]
#[test]
fn every_way_to_die_under_every_profile_has_the_fate_that_is_written() {
    for profile in Profile::names() {
        let family = if profile.starts_with("aws-iot-core") { "aws" } else { profile };
        for way in WAYS {
            let row = expected(way.name, family);
            for (terms, expected) in terms().into_iter().zip(row) {
                let under = Under::preset(profile);
                // An older broker is spoken to in 3.1.1, which has no delay.
                let expected = match terms.version_under(&under).unwrap() {
                    V3 => row[2],
                    V5 => expected,
                };
                let got = terms.verdict(way, &under);
                let told = got.as_ref().ok().map(|verdict| (verdict.outcome, verdict.after.0 / 1_000));
                assert_eq!(told, expected, "{profile}, {}, {terms:?}: {got:?}", way.name);
            }
        }
    }
}

fn verdict(way: &str, profile: &str, terms: Terms) -> glassbroker::wills::Verdict {
    terms.verdict(Way::named(way).unwrap(), &Under::preset(profile)).unwrap()
}

/// [W3] Each cell names the rule that decided.
#[test]
fn a_cell_cites_what_decided() {
    let [v5, delayed, v3] = terms();
    for (way, profile, terms, rule) in [
        ("disconnect", "mqtt", v5, "MQTT-3.14.4-3"),
        ("disconnect", "aws-iot-core-2020", v3, "MQTT-3.14.4-3"),
        ("network-cut", "mqtt", v5, "MQTT-3.1.2-8"),
        ("websocket-close", "aws-iot-core", v5, "aws.will.websocket-close"),
        ("taken-over", "mqtt", delayed, "MQTT-3.1.3-9"),
        ("taken-over", "mosquitto-2.0", v5, "mosquitto.will.takeover"),
        ("broker-restart-empty", "vernemq", v5, "glassbroker.restart.store"),
        ("not-authorized", "mosquitto-2.0", v5, "glassbroker.access-list"),
    ] {
        let got = verdict(way, profile, terms);
        assert_eq!(got.rule.map(|rule| rule.id), Some(rule), "{way} under {profile}: {got:?}");
    }
}

/// [W3] [aws.connect.keep-alive] [aws.quota.websocket] [aws.quota.filters] [aws.policy.publish-denied-v3] [aws.policy.publish-denied-v5]
/// What brings a connection to its end, or to it later than elsewhere, is named beside what the Will's rule says.
#[test]
fn a_cell_names_the_brokers_own_reason() {
    let [v5, delayed, v3] = terms();
    for (way, profile, terms, because) in [
        ("network-cut", "mqtt", v5, None),
        ("network-cut", "mosquitto-2.0", v5, None),
        ("network-cut", "aws-iot-core", v5, Some("aws.connect.keep-alive")),
        ("network-cut", "aws-iot-core", delayed, Some("aws.connect.keep-alive")),
        ("power-lost", "aws-iot-core-2020", v3, Some("aws.connect.keep-alive")),
        ("disconnect", "aws-iot-core", v5, None),
        ("connection-lost", "aws-iot-core", v5, None),
        ("websocket-expired", "aws-iot-core", v5, Some("aws.quota.websocket")),
        ("quota-exceeded", "aws-iot-core", v5, Some("aws.quota.filters")),
        ("not-authorized", "aws-iot-core", v5, Some("aws.policy.publish-denied-v5")),
        ("not-authorized", "aws-iot-core", v3, Some("aws.policy.publish-denied-v3")),
    ] {
        let got = verdict(way, profile, terms);
        assert_eq!(got.because.map(|rule| rule.id), because, "{way} under {profile}: {got:?}");
    }
}

/// [W3] Where nothing ends a connection no rule is cited for that.
#[test]
fn a_day_without_a_bound_cites_nothing() {
    for profile in ["mqtt", "mosquitto-2.0", "vernemq"] {
        let got = verdict("websocket-expired", profile, terms()[0]);
        assert_eq!((got.outcome, got.rules().count()), (Outcome::Alive, 0), "{profile}: {got:?}");
    }
}

/// [W3] A way of the matrix ends the connection as it says it does: the trace names the ending, wherever there is an end at all.
#[test]
fn every_ending_has_a_way_and_comes_about_by_it() {
    use glassbroker::broker::Kind;
    use glassbroker::scenario::{Overrides, compile};
    use glassbroker::sim::Run;
    for ending in Ending::ALL {
        let ways: Vec<&Way> = WAYS.iter().filter(|way| way.ending == ending).collect();
        assert!(!ways.is_empty(), "{ending:?} has no way");
        for way in ways {
            let scenario = terms()[0].scenario(way, &Under::preset("aws-iot-core")).unwrap();
            assert_eq!(scenario.title, format!("Will: {}", way.title));
            let plan = compile(&scenario, &Overrides::default()).unwrap();
            let mut run = Run::new(&plan.setup).unwrap();
            while !run.advance_to(run.until(), 10_000).done {}
            let trace = run.trace();
            let ended = trace.iter().find(|event| {
                event.kind() == Kind::SessionDisconnected && event.client() == glassbroker::wills::CLIENT
            });
            assert_eq!(
                ended.map(|event| event.why().to_owned()).as_deref(),
                Some(ending.name()),
                "{}",
                way.name
            );
        }
    }
}

/// [W3] Settings that differ from the profile's count.
#[test]
fn the_matrix_follows_the_runs_own_settings() {
    let mut under = Under::preset("aws-iot-core");
    under.set.insert("will.on_websocket_close".into(), glassbroker::profile::Value::Switch(true));
    let way = Way::named("websocket-close").unwrap();
    let got = Terms { version: Version::V5, delay_s: 0 }.verdict(way, &under).unwrap();
    assert_eq!(got.outcome, Outcome::Sent);
}

/// [W3] What a cell says of the time is short.
#[test]
fn when_is_said_in_whole_seconds_or_minutes() {
    let [v5, delayed, _] = terms();
    assert_eq!(verdict("disconnect", "mqtt", v5).when(), "");
    assert_eq!(verdict("network-cut", "mqtt", v5).when(), "15 s");
    assert_eq!(verdict("network-cut", "mqtt", delayed).when(), "25 s");
    assert_eq!(verdict("network-cut", "aws-iot-core", v5).when(), "45 s");
    assert_eq!(verdict("connection-lost", "mqtt", v5).when(), "15 min");
    assert_eq!(verdict("websocket-expired", "aws-iot-core", v5).when(), "24 h");
}
