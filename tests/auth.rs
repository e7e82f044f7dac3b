//! Who may come in: user names and passwords, enhanced authentication, redirection; and what failures are told in words.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::policy::{Access, METHOD, Redirect, Users, answer};
use glassbroker::profile::Value;
use glassbroker::wire::*;

/// Why some of it is told only to the driver's broker.
const UNTOLD: &str = "serve has no option for it";

/// Alice has a password.
fn people() -> Access {
    Access { users: Users::parse("alice:secret").unwrap(), ..Access::default() }
}

fn refused(pair: &mut Pair, connect: Connect) -> ReasonCode {
    let conn = pair.connect(connect);
    let connack = pair.connack(conn);
    assert!(!connack.session_present && pair.is_closed(conn), "MQTT-3.2.2-5, MQTT-3.2.2-7");
    connack.code
}

/// [C7] Right ones come in; wrong ones are told 4 in 3.1.1 and 0x86 in 5.0, those without a name 5 and 0x87.
#[test]
fn a_user_gives_the_right_password_or_stays_out() {
    for (version, wrong, missing) in [(V3, 4, 5), (V5, 0x86, 0x87)] {
        let mut pair = Pair::new("mqtt").told(people());
        assert_eq!(refused(&mut pair, client(version, "c")).0, missing);
        for (user, password) in [("alice", "Secret"), ("alice", ""), ("bob", "secret"), ("", "")] {
            assert_eq!(refused(&mut pair, named(client(version, "c"), user, password)).0, wrong, "{user}");
        }
        let mut no_password = named(client(version, "c"), "alice", "");
        no_password.password = None;
        assert_eq!(refused(&mut pair, no_password).0, wrong);
        assert_eq!(pair.last(Kind::Decision).rule.unwrap().id, "glassbroker.users");
        assert!(!pair.has_session("c"));
        pair.join(named(client(version, "c"), "alice", "secret"));
        assert!(pair.has_session("c"));
    }
}

/// [C7] Without users everybody comes in, unless it is said otherwise; with users only they do, unless it is.
#[test]
fn anonymous_clients_come_in_where_there_are_no_users_or_where_it_is_said() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        pair.join(client(version, "a"));
        pair.join(named(client(version, "b"), "anyone", "anything"));

        let mut pair = Pair::new("mqtt").told(Access { anonymous: Some(true), ..people() });
        pair.join(client(version, "a"));
        let wrong = refused(&mut pair, named(client(version, "b"), "alice", "x"));
        assert_eq!(wrong, if version == V3 { ReasonCode(4) } else { ReasonCode(0x86) });

        let mut pair = Pair::new("mqtt").told(Access { anonymous: Some(false), ..Access::default() });
        let missing = refused(&mut pair, client(version, "a"));
        assert_eq!(missing, if version == V3 { ReasonCode(5) } else { ReasonCode(0x87) });
    }
}

/// [C3] [5.0 MQTT-3.1.4-2] Who may not come in takes over nothing.
#[test]
fn a_refused_client_takes_no_session_over() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt").told(people());
        let conn = pair.join(named(client(version, "c"), "alice", "secret"));
        refused(&mut pair, named(client(version, "c"), "alice", "guess"));
        assert!(!pair.is_closed(conn));
    }
}

fn challenged() -> Pair {
    Pair::with("mqtt", &[("auth.challenge", Value::Switch(true))]).told(people())
}

fn by_method(method: &str) -> Connect {
    let mut connect = Connect { username: Some("alice".into()), ..client(V5, "c") };
    connect.properties.push(Property::AuthenticationMethod(method.into()));
    connect
}

fn auth(code: ReasonCode, method: &str, data: Option<&str>) -> Packet {
    let mut properties = Properties(vec![Property::AuthenticationMethod(method.into())]);
    properties
        .0
        .extend(data.map(|data| Property::AuthenticationData(Bytes::copy_from_slice(data.as_bytes()))));
    Packet::Auth(Auth { code, properties })
}

fn take_auth(pair: &mut Pair, conn: ConnId) -> Auth {
    pair.take(conn, |packet| match packet {
        Packet::Auth(auth) => Some(auth.clone()),
        _ => None,
    })
}

/// Takes the challenge that came, and gives the right answer.
fn right_answer(pair: &mut Pair, conn: ConnId) -> Packet {
    let auth_packet = take_auth(pair, conn);
    assert_eq!(auth_packet.code, ReasonCode::CONTINUE_AUTHENTICATION, "[MQTT-4.12.0-2]");
    assert_eq!(auth_packet.properties.authentication_method().unwrap().as_str(), METHOD, "[MQTT-4.12.0-5]");
    let challenge = auth_packet.properties.authentication_data().unwrap();
    auth(ReasonCode::CONTINUE_AUTHENTICATION, METHOD, Some(&answer(challenge, b"secret")))
}

/// [MQTT-4.12.0-1]: a method that the server does not know gets 0x8C, and the only one it knows has to be switched on.
#[test]
fn an_unknown_authentication_method_is_refused() {
    for (mut pair, method) in
        [(Pair::new("mqtt"), METHOD), (challenged(), "SCRAM-SHA-1"), (Pair::new("aws-iot-core"), METHOD)]
    {
        assert_eq!(refused(&mut pair, by_method(method)), ReasonCode::BAD_AUTHENTICATION_METHOD);
        assert_eq!(pair.last(Kind::Decision).rule.unwrap().id, "MQTT-4.12.0-1");
    }
}

/// [MQTT-4.12.0-2], [MQTT-4.12.0-5]: challenge, answer, CONNACK, each with the method; nothing is decided before the answer.
#[test]
fn a_challenge_is_answered_before_connack() {
    let mut pair = challenged();
    let conn = pair.connect(by_method(METHOD));
    let packet = right_answer(&mut pair, conn);
    assert!(pair.inbox(conn).is_empty() && !pair.has_session("c"), "[MQTT-3.2.0-1]");
    pair.send(conn, packet);
    let connack = pair.connack(conn);
    assert_eq!(connack.code, ReasonCode::SUCCESS);
    assert_eq!(connack.properties.authentication_method().unwrap().as_str(), METHOD);
    pair.subscribe(conn, "a", QOS1);
}

/// Every challenge is another one, and the same in every run of a seed.
#[test]
fn challenges_differ_and_runs_do_not() {
    let challenges = || -> Vec<Bytes> {
        let mut pair = challenged();
        (0..3)
            .map(|_| {
                let conn = pair.connect(by_method(METHOD));
                take_auth(&mut pair, conn).properties.authentication_data().unwrap().clone()
            })
            .collect()
    };
    let [first, second, third] = <[Bytes; 3]>::try_from(challenges()).unwrap();
    assert!(first != second && second != third && first != third);
    assert_eq!(challenges(), [first, second, third]);
}

/// [MQTT-4.12.0-4]: a wrong answer gets 0x87; what is no answer gets the code of the mistake; then it is closed.
#[test]
fn a_wrong_answer_keeps_the_client_out() {
    let again = ReasonCode::CONTINUE_AUTHENTICATION;
    for (packet, code, rule) in [
        (auth(again, METHOD, Some("0000000000000000")), 0x87, "MQTT-4.12.0-4"),
        (auth(again, METHOD, None), 0x87, "MQTT-4.12.0-4"),
        (auth(again, "PLAIN", Some("x")), 0x8C, "MQTT-4.12.0-5"),
        (auth(ReasonCode::RE_AUTHENTICATE, METHOD, None), 0x82, "MQTT-4.12.1-1"),
        (auth(ReasonCode::SUCCESS, METHOD, None), 0x82, "MQTT-3.15.2-1"),
        (Packet::Pingreq, 0x82, "MQTT-3.1.2-30"),
        (publish("a", "x", QOS0), 0x82, "MQTT-3.1.2-30"),
    ] {
        let mut pair = challenged();
        let conn = pair.connect(by_method(METHOD));
        take_auth(&mut pair, conn);
        pair.send(conn, packet.clone());
        let connack = pair.connack(conn);
        assert_eq!(connack.code.0, code, "{packet:?}");
        assert!(pair.is_closed(conn) && !pair.has_session("c"));
        assert_eq!(pair.last(Kind::Decision).rule.unwrap().id, rule);
    }
    // A user that there is not is challenged like the others, and as little let in.
    let mut pair = challenged();
    let conn = pair.connect(Connect { username: Some("bob".into()), ..by_method(METHOD) });
    let packet = right_answer(&mut pair, conn);
    pair.send(conn, packet);
    assert_eq!(pair.connack(conn).code, ReasonCode::NOT_AUTHORIZED);
}

/// 4.12: a client may give up, and one that says nothing is given up.
#[test]
fn an_authentication_can_be_given_up() {
    let mut pair = challenged();
    let conn = pair.connect(by_method(METHOD));
    take_auth(&mut pair, conn);
    pair.disconnect(conn);
    assert!(pair.is_closed(conn) && pair.inbox(conn).is_empty());

    let conn = pair.connect(by_method(METHOD));
    pair.pass_s(31);
    assert!(pair.is_closed(conn) && !pair.has_session("c"));
}

/// 4.12.1: AUTH 0x19, a challenge, the answer, AUTH 0x00; the connection goes on all the while.
#[test]
fn a_client_authenticates_again() {
    let mut pair = challenged();
    let conn = pair.connect(by_method(METHOD));
    let packet = right_answer(&mut pair, conn);
    pair.send(conn, packet);
    pair.connack(conn);
    pair.send(conn, auth(ReasonCode::RE_AUTHENTICATE, METHOD, None));
    pair.subscribe(conn, "a", QOS0);
    let packet = right_answer(&mut pair, conn);
    pair.send(conn, packet);
    let done = take_auth(&mut pair, conn);
    assert_eq!(done.code, ReasonCode::SUCCESS);
    assert_eq!(done.properties.authentication_method().unwrap().as_str(), METHOD, "[MQTT-4.12.0-5]");
    assert!(!pair.is_closed(conn));
}

/// [MQTT-4.12.1-2], [MQTT-4.12.0-5]: what goes wrong then ends the connection.
#[test]
fn a_failed_re_authentication_ends_the_connection() {
    let again = || auth(ReasonCode::RE_AUTHENTICATE, METHOD, None);
    let reply = |data| auth(ReasonCode::CONTINUE_AUTHENTICATION, METHOD, Some(data));
    for (packets, code, rule) in [
        (vec![again(), reply("nonsense")], 0x87, "MQTT-4.12.1-2"),
        (vec![again(), again()], 0x82, "MQTT-4.12.1-1"),
        (vec![reply("nonsense")], 0x82, "MQTT-4.12.0-3"),
        (vec![auth(ReasonCode::RE_AUTHENTICATE, "PLAIN", None)], 0x8C, "MQTT-4.12.0-5"),
        (vec![auth(ReasonCode::SUCCESS, METHOD, None)], 0x82, "MQTT-3.15.2-1"),
    ] {
        let mut pair = challenged();
        let conn = pair.connect(by_method(METHOD));
        let packet = right_answer(&mut pair, conn);
        pair.send(conn, packet);
        for packet in packets {
            pair.send(conn, packet);
        }
        assert_eq!(pair.disconnected(conn).0, code, "{rule}");
        assert!(pair.is_closed(conn));
        let decided = pair.events(Kind::Decision);
        assert!(
            decided.iter().any(|event| event.rule.unwrap().id == rule && event.code == Some(code.into()))
        );
    }
}

/// [MQTT-4.12.0-6], [MQTT-4.12.0-7]: without a method there is no AUTH in either direction, and none in CONNACK.
#[test]
fn without_a_method_there_is_no_auth() {
    let mut pair = challenged();
    let conn = pair.connect(named(client(V5, "c"), "alice", "secret"));
    assert_eq!(pair.connack(conn).properties.authentication_method(), None);
    pair.send(conn, auth(ReasonCode::RE_AUTHENTICATE, METHOD, None));
    assert_eq!(pair.disconnected(conn), ReasonCode::PROTOCOL_ERROR);
    assert!(pair.is_closed(conn));
}

/// [M8] 4.11: a server that sends its clients away says where to; 3.1.1 hears that it is unavailable.
#[test]
fn a_server_may_send_its_clients_elsewhere() {
    for (permanently, code) in [(false, 0x9C), (true, 0x9D)] {
        let redirect = Some(Redirect { to: "other.example:1883".into(), permanently });
        let mut pair = Pair::new("mqtt").memory_only(UNTOLD).told(Access { redirect, ..people() });
        let conn = pair.connect(client(V5, "c"));
        let connack = pair.connack(conn);
        assert_eq!(connack.code.0, code);
        assert_eq!(connack.properties.server_reference().unwrap().as_str(), "other.example:1883");
        assert!(pair.is_closed(conn));
        assert_eq!(refused(&mut pair, client(V3, "c")), ReasonCode::V3_SERVER_UNAVAILABLE);
    }
}

/// [M4] [MQTT-3.1.2-28] Response Information only for who asks for it.
#[test]
fn response_information_is_given_where_it_is_asked_for() {
    for (asked, told, given) in [
        (Some(1), Some("replies/"), Some("replies/")),
        (Some(0), Some("replies/"), None),
        (None, Some("replies/"), None),
        (Some(1), None, None),
    ] {
        let response_information = told.map(str::to_owned);
        let mut pair =
            Pair::new("mqtt").memory_only(UNTOLD).told(Access { response_information, ..Access::default() });
        let mut connect = client(V5, "c");
        connect.properties.0.extend(asked.map(Property::RequestResponseInformation));
        let conn = pair.connect(connect);
        let connack = pair.connack(conn);
        assert_eq!(connack.properties.response_information().map(Text::as_str), given);
    }
}

fn reason(packet: &Packet) -> Option<String> {
    let properties = match packet {
        Packet::Connack(packet) => &packet.properties,
        Packet::Puback(packet) | Packet::Pubrec(packet) => &packet.properties,
        Packet::Suback(packet) => &packet.properties,
        Packet::Unsuback(packet) => &packet.properties,
        Packet::Disconnect(packet) => &packet.properties,
        _ => return None,
    };
    properties.reason_string().map(|reason| reason.as_str().to_owned())
}

/// What a client that comes with these properties is told: by CONNACK, SUBACK, UNSUBACK, PUBACK, PUBREC and DISCONNECT.
fn told(properties: Vec<Property>, set: &[(&str, Value)]) -> Vec<Option<String>> {
    let full = [("retained.max_messages", Value::Number(0))];
    let mut pair = Pair::with("mqtt", &[set, &full].concat()).told(people());
    let mut all = Vec::new();
    let with = |mut connect: Connect| {
        connect.properties.0.extend(properties.clone());
        connect
    };
    let conn = pair.connect(with(named(client(V5, "c"), "alice", "no")));
    all.extend(pair.inbox(conn).iter().map(reason));
    let conn = pair.join(with(named(client(V5, "c"), "alice", "secret")));
    let filters = vec![Subscription { filter: "a#".into(), options: SubscribeOptions::default() }];
    pair.send(conn, Packet::Subscribe(Subscribe { id: 1, properties: Properties::default(), filters }));
    let unsubscribe = Unsubscribe { id: 2, properties: Properties::default(), filters: vec!["a#".into()] };
    pair.send(conn, Packet::Unsubscribe(unsubscribe));
    pair.send(conn, retained("t", "x", QOS1));
    pair.send(conn, retained("t", "x", QOS2));
    pair.send_connect(conn, client(V5, "c"));
    let inbox = pair.inbox(conn);
    assert_eq!(inbox.len(), 5, "{inbox:?}");
    all.extend(inbox.iter().map(reason));
    all
}

/// [M1] [MQTT-3.1.2-29] What failed is told in words, to a client that does not want them only in CONNACK and DISCONNECT.
#[test]
fn failures_are_explained_to_those_who_want_to_know() {
    let all = told(vec![], &[]);
    assert!(all.iter().all(|reason| reason.as_ref().is_some_and(|reason| !reason.is_empty())), "{all:?}");
    assert_eq!(told(vec![Property::RequestProblemInformation(1)], &[]), all);
    let few = told(vec![Property::RequestProblemInformation(0)], &[]);
    let are: Vec<bool> = few.iter().map(Option::is_some).collect();
    assert_eq!(are, [true, false, false, false, false, true]);
    assert_eq!(told(vec![], &[("packet.reason_string", Value::Switch(false))]), [const { None }; 6]);
}

/// [MQTT-3.2.2-19], [MQTT-3.4.2-2], [MQTT-3.5.2-2], [MQTT-3.9.2-1], [MQTT-3.11.2-1], [MQTT-3.14.2-3]: the words are left out
/// where they would make the packet larger than the client takes.
#[test]
fn a_reason_string_yields_to_the_maximum_packet_size() {
    assert_eq!(told(vec![Property::MaximumPacketSize(16)], &[]), [const { None }; 6]);
}

/// What SUBACK and UNSUBACK tell in User Properties of two filters, the first of which can be none, and whether with a Reason String.
fn told_of_filters(connect: Vec<Property>, set: &[(&str, Value)]) -> Vec<(Vec<(String, String)>, bool)> {
    let mut pair = Pair::with("mqtt", set);
    let mut device = client(V5, "c");
    device.properties.0.extend(connect);
    let conn = pair.join(device);
    let filters: Vec<Text> = ["a#", "b", "c/#/d"].map(Text::from).into();
    let asked = |filter: &Text| Subscription { filter: filter.clone(), options: SubscribeOptions::default() };
    let properties = Properties::default;
    pair.send(
        conn,
        Packet::Subscribe(Subscribe {
            id: 1,
            properties: properties(),
            filters: filters.iter().map(asked).collect(),
        }),
    );
    pair.send(conn, Packet::Unsubscribe(Unsubscribe { id: 2, properties: properties(), filters }));
    let told = |packet: Packet| match packet {
        Packet::Suback(Suback { properties, .. }) | Packet::Unsuback(Unsuback { properties, .. }) => {
            let pairs =
                properties.user_properties().map(|(name, value)| (name.to_string(), value.to_string()));
            (pairs.collect(), properties.reason_string().is_some())
        }
        other => panic!("{other:?}"),
    };
    pair.inbox(conn).into_iter().map(told).collect()
}

/// [M1] [MQTT-3.1.2-29] Each filter that is refused has a User Property of its name that says why.
#[test]
fn refused_filters_are_explained_one_by_one() {
    let on = [("packet.user_properties", Value::Switch(true))];
    let told = told_of_filters(vec![], &on);
    for (pairs, reason) in &told {
        let [(first, why), (second, also)] = pairs.as_slice() else { panic!("{pairs:?}") };
        assert_eq!((first.as_str(), second.as_str()), ("a#", "c/#/d"));
        assert!(why.contains('#') && also.contains('#') && *reason, "{why}, {also}");
    }
    assert_eq!(told.len(), 2);
    let nothing = [(vec![], false), (vec![], false)];
    assert_eq!(told_of_filters(vec![Property::RequestProblemInformation(0)], &on), nothing);
    assert_eq!(told_of_filters(vec![], &[]), [(vec![], true), (vec![], true)]);
}

/// [MQTT-3.9.2-2], [MQTT-3.11.2-2]: of what does not fit into the client's Maximum Packet Size the last is left out first.
#[test]
fn user_properties_yield_to_the_maximum_packet_size() {
    let on = [("packet.user_properties", Value::Switch(true))];
    let counts = |bytes| {
        let told = told_of_filters(vec![Property::MaximumPacketSize(bytes)], &on);
        told.into_iter().map(|(pairs, reason)| pairs.len() + usize::from(reason)).collect::<Vec<_>>()
    };
    assert_eq!(counts(1_000), [3, 3]);
    assert_eq!(counts(16), [0, 0]);
    assert!(
        (16..1_000).any(|bytes| counts(bytes) == [2, 2]) && (16..1_000).any(|bytes| counts(bytes) == [1, 1])
    );
}
