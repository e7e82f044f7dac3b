//! AWS IoT policies as documents: what may stand in them, and what they decide (rows P1, P2).

use glassbroker::policy::Action::{self, Connect, Publish, Receive, RetainPublish, Subscribe};
use glassbroker::policy::aws::{
    EXAMPLES, LAST_WILL, MAX_POLICY_CHARACTERS, PERSISTENT_CONNECT, Policies, Principal, Request, Thing,
};
use glassbroker::scenario::{parse, parse_policies, parse_policy};
#[cfg(not(target_arch = "wasm32"))]
use proptest::prelude::*;

/// A document with these statements, in which `A:` stands for the beginning of every ARN.
fn document(statements: &str) -> String {
    let statements = statements.replace("A:", "arn:aws:iot:us-east-1:123456789012:");
    format!(r#"{{ "Version": "2012-10-17", "Statement": [ {statements} ] }}"#)
}

/// Policies, of which the principal `pump-1` has all.
fn all_of(documents: &[&str]) -> Policies {
    let mut policies = Policies::default();
    let mut principal = Principal::default();
    for (index, statements) in documents.iter().enumerate() {
        let name = format!("p{index}");
        let policy = parse_policy(&document(statements)).unwrap_or_else(|problems| panic!("{problems:?}"));
        policies.documents.insert(name.as_str().into(), policy);
        principal.policies.push(name);
    }
    policies.principals.insert("pump-1".into(), principal);
    policies
}

fn decide(policies: &Policies, client: &str, request: &Request<'_>) -> (bool, Option<String>) {
    let ruling = policies.decide("pump-1", client, [198, 51, 100, 7], request);
    (ruling.allowed, ruling.by.map(|by| by.to_string()))
}

fn allows(policies: &Policies, action: Action, resource: &str) -> bool {
    decide(policies, "pump-1", &Request { action, resource, ..Request::default() }).0
}

/// [P2] [aws.policy.connect-attributes] [aws.policy.conditions] The table of what CONNECT may ask for, with the rule switched either way.
#[test]
fn connect_attributes_have_a_truth_table() {
    let asked: [&[&'static str]; 4] =
        [&[], &[PERSISTENT_CONNECT], &[LAST_WILL], &[PERSISTENT_CONNECT, LAST_WILL]];
    let on = |operator: &str, values: &str| {
        format!(r#", "Condition": {{ "{operator}": {{ "iot:ConnectAttributes": [ {values} ] }} }}"#)
    };
    let (persistent, will) = (r#""PersistentConnect""#, r#""LastWill""#);
    let both = format!("{persistent}, {will}");
    // What an Allow says, then clean without a Will, persistent, with a Will, both; and whether the switch changes nothing.
    for (condition, expected, always) in [
        (String::new(), [true, true, true, true], false),
        (on("ForAllValues:StringEquals", persistent), [true, true, false, false], true),
        (on("ForAllValues:StringEquals", &both), [true, true, true, true], true),
        (on("ForAllValues:StringEquals", will), [true, false, true, false], true),
        (on("ForAllValues:StringEquals", ""), [true, false, false, false], true),
        (on("ForAllValues:StringNotEquals", persistent), [true, false, true, false], true),
        (on("ForAnyValue:StringEquals", persistent), [false, true, false, true], true),
    ] {
        let statement =
            format!(r#"{{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "*"{condition} }}"#);
        let policies = all_of(&[&statement]);
        for (attributes, expected) in asked.iter().zip(expected) {
            for attributes_by_default in [true, false] {
                let request = Request { attributes, attributes_by_default, ..Request::default() };
                let expected = expected && (always || attributes_by_default || attributes.is_empty());
                assert_eq!(
                    decide(&policies, "pump-1", &request).0,
                    expected,
                    "{condition} {attributes:?} {attributes_by_default}"
                );
            }
        }
    }
    let denial = format!(
        r#"{{ "Effect": "Allow", "Action": "*", "Resource": "*" }},
           {{ "Effect": "Deny", "Action": "iot:Connect", "Resource": "*"{} }}"#,
        on("ForAnyValue:StringEquals", persistent)
    );
    let policies = all_of(&[&denial]);
    for (attributes, expected) in asked.iter().zip([true, false, true, false]) {
        let request = Request { attributes, ..Request::default() };
        assert_eq!(decide(&policies, "pump-1", &request).0, expected, "{attributes:?}");
    }
}

/// [P1] [aws.policy.evaluation]
#[test]
fn a_denial_outweighs_what_allows_and_the_statement_is_named() {
    let allow = r#"{ "Sid": "All", "Effect": "Allow", "Action": "iot:*", "Resource": "*" }"#;
    let deny = r#"{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" },
        { "Sid": "NotThat", "Effect": "Deny", "Action": [ "iot:Pub*", "iot:Receive" ], "Resource": [ "A:topic/a", "A:topic/b" ] }"#;
    let request = |resource: &'static str| Request { action: Publish, resource, ..Request::default() };
    for order in [[allow, deny], [deny, allow]] {
        let policies = all_of(&order);
        let at = if order[0] == deny { 0 } else { 1 };
        let (allowed, by) = decide(&policies, "pump-1", &request("a"));
        assert_eq!((allowed, by.unwrap()), (false, format!("statement 2 of p{at} (NotThat)")));
        let (allowed, by) = decide(&policies, "pump-1", &request("c"));
        assert_eq!((allowed, by.unwrap()), (true, format!("statement 1 of p{} (All)", 1 - at)));
    }
    assert_eq!(decide(&all_of(&[deny]), "pump-1", &request("c")), (false, None));
    assert_eq!(decide(&all_of(&[]), "pump-1", &request("c")), (false, None));
    // Nobody is attached to nothing.
    let nobody = all_of(&[allow]).decide("other", "other", [0; 4], &request("c")).allowed;
    assert!(!nobody);
}

/// [P1] [aws.policy.matching] [aws.policy.shared-filter] [aws.policy.retain-publish] Policies as devices have them, each with what it
/// allows and what it does not.
#[test]
fn policies_for_devices_do_what_they_are_for() {
    type Cases<'a> = &'a [(Action, &'a str, bool)];
    let allow = |action: &str, resource: &str| {
        format!(r#"{{ "Effect": "Allow", "Action": {action}, "Resource": {resource} }}"#)
    };
    let cases: Vec<(Vec<String>, Cases<'_>)> = vec![
        // A fixed device.
        (
            vec![
                allow(r#""iot:Connect""#, r#""A:client/pump-1""#),
                allow(r#""iot:Publish""#, r#""A:topic/plant/pump-1/*""#),
            ],
            &[
                (Connect, "pump-1", true),
                (Connect, "pump-2", false),
                (Publish, "plant/pump-1/a/b", true),
                (Publish, "plant/pump-1", false),
                (Publish, "plant/pump-2/a", false),
                (Subscribe, "plant/pump-1/#", false),
            ],
        ),
        // Its own namespace by its client identifier.
        (
            vec![
                allow(r#""iot:Connect""#, r#""A:client/${iot:ClientId}""#),
                allow(r#"[ "iot:Publish", "iot:Receive" ]"#, r#""A:topic/dev/${iot:ClientId}/*""#),
                allow(r#""iot:Subscribe""#, r#""A:topicfilter/dev/${iot:ClientId}/*""#),
            ],
            &[
                (Connect, "pump-1", true),
                (Publish, "dev/pump-1/x", true),
                (Publish, "dev/pump-2/x", false),
                (Receive, "dev/pump-1/x", true),
                (Subscribe, "dev/pump-1/#", true),
                (Subscribe, "dev/+/x", false),
            ],
        ),
        // A listener.
        (
            vec![
                allow(r#""iot:Connect""#, r#""A:client/*""#),
                allow(r#""iot:Subscribe""#, r#""A:topicfilter/plant/*""#),
                allow(r#""iot:Receive""#, r#""A:topic/plant/*""#),
            ],
            &[(Subscribe, "plant/#", true), (Receive, "plant/a", true), (Publish, "plant/a", false)],
        ),
        // One filter with a wildcard, as it is written.
        (
            vec![
                allow(r#""iot:Subscribe""#, r#""A:topicfilter/plant/+/status""#),
                allow(r#""iot:Receive""#, r#""A:topic/plant/*""#),
            ],
            &[
                (Subscribe, "plant/+/status", true),
                (Subscribe, "plant/p1/status", false),
                (Subscribe, "plant/#", false),
                (Receive, "plant/p1/status", true),
            ],
        ),
        // A hidden subtree.
        (
            vec![
                allow(r#""iot:Subscribe""#, r#""A:topicfilter/plant/*""#),
                r#"{ "Effect": "Allow", "Action": "iot:Receive", "NotResource": "A:topic/plant/secret/*" }"#
                    .to_owned(),
            ],
            &[
                (Subscribe, "plant/#", true),
                (Receive, "plant/open", true),
                (Receive, "plant/secret/x", false),
            ],
        ),
        // A denial within what is allowed.
        (
            vec![
                allow(r#""iot:Publish""#, r#""A:topic/dep/*""#),
                r#"{ "Effect": "Deny", "Action": "iot:Publish", "Resource": "A:topic/dep/admin" }"#
                    .to_owned(),
            ],
            &[(Publish, "dep/admin", false), (Publish, "dep/admin/x", true), (Publish, "dep/x", true)],
        ),
        // Whoever writes what is retained.
        (
            vec![allow(r#"[ "iot:Publish", "iot:RetainPublish" ]"#, r#""A:topic/cfg/pump-1""#)],
            &[
                (Publish, "cfg/pump-1", true),
                (RetainPublish, "cfg/pump-1", true),
                (RetainPublish, "cfg/pump-2", false),
            ],
        ),
        (
            vec![allow(r#""iot:Publish""#, r#""A:topic/cfg/pump-1""#)],
            &[(Publish, "cfg/pump-1", true), (RetainPublish, "cfg/pump-1", false)],
        ),
        // A worker of a group.
        (
            vec![
                allow(r#""iot:Subscribe""#, r#""A:topicfilter/$share/workers/jobs/*""#),
                allow(r#""iot:Receive""#, r#""A:topic/jobs/*""#),
            ],
            &[
                (Subscribe, "$share/workers/jobs/#", true),
                (Subscribe, "jobs/#", false),
                (Subscribe, "$share/others/jobs/#", false),
                (Receive, "jobs/1", true),
            ],
        ),
        // Basic Ingest.
        (
            vec![allow(r#""iot:Publish""#, r#""A:topic/$aws/rules/store_telemetry/*""#)],
            &[(Publish, "$aws/rules/store_telemetry/a", true), (Publish, "$aws/rules/other/a", false)],
        ),
    ];
    for (statements, expected) in cases {
        let policies = all_of(&[&statements.join(",")]);
        for (action, resource, expected) in expected {
            assert_eq!(
                allows(&policies, *action, resource),
                *expected,
                "{action:?} {resource}: {statements:?}"
            );
        }
    }
}

/// [P1] [aws.policy.conditions] A Will that is allowed where a session is not, one whose topic is given, and a session that is required.
#[test]
fn wills_and_sessions_are_allowed_by_condition() {
    let connect = |condition: &str| {
        all_of(&[&format!(
            r#"{{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "A:client/*", "Condition": {{ {condition} }} }}"#
        )])
    };
    let asks = |policies: &Policies, client: &str, attributes: &[&'static str], will_topic: Option<&str>| {
        decide(policies, client, &Request { resource: client, attributes, will_topic, ..Request::default() })
            .0
    };
    let pinned = connect(
        r#""ForAllValues:StringEquals": { "iot:ConnectAttributes": [ "LastWill" ] },
           "ArnEquals": { "iot:LastWillTopic": "A:topic/state/${iot:ClientId}" }"#,
    );
    assert!(asks(&pinned, "lamp", &[LAST_WILL], Some("state/lamp")));
    assert!(!asks(&pinned, "lamp", &[LAST_WILL], Some("state/other")));
    assert!(!asks(&pinned, "lamp", &[LAST_WILL, PERSISTENT_CONNECT], Some("state/lamp")));
    assert!(!asks(&pinned, "lamp", &[], None), "where there is no Will, its topic equals nothing");
    let here = connect(
        r#""IpAddress": { "aws:SourceIp": [ "10.0.0.0/8", "198.51.100.0/24" ] },
           "StringNotLike": { "iot:ClientId": "test-*" }, "StringLike": { "iot:ClientId": [ "l?mp", "test-*" ] }"#,
    );
    assert!(asks(&here, "lamp", &[], None));
    assert!(!asks(&here, "test-1", &[], None) && !asks(&here, "laamp", &[], None));
    let elsewhere = connect(r#""NotIpAddress": { "aws:SourceIp": "198.51.100.7" }"#);
    assert!(!asks(&elsewhere, "lamp", &[], None));
}

/// [P1] [aws.policy.thing] [aws.policy.variables] A thing is a connection's where the names are the same, or where it is exclusive.
#[test]
fn things_lend_their_names_to_policies() {
    let mut policies = all_of(&[r#"
        { "Effect": "Allow", "Action": "iot:Connect", "Resource": "A:client/${iot:Connection.Thing.ThingName}",
          "Condition": { "Bool": { "iot:Connection.Thing.IsAttached": true } } },
        { "Effect": "Allow", "Action": "iot:Publish",
          "Resource": [ "A:topic/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*",
                        "A:topic/${iot:Connection.Thing.ThingTypeName}/${iot:Connection.Thing.Attributes[site]}" ] },
        { "Effect": "Deny", "Action": "iot:Publish", "Resource": "*",
          "Condition": { "StringEquals": { "iot:Connection.Thing.Attributes[retired]": "yes" } } }"#]);
    let asks = |policies: &Policies, client: &str, action, resource: &str| {
        decide(policies, client, &Request { action, resource, ..Request::default() }).0
    };
    assert!(!asks(&policies, "pump-1", Connect, "pump-1"), "there is no thing");
    let mut thing = Thing { name: "pump-1".into(), kind: Some("pump".into()), ..Thing::default() };
    thing.attributes.insert("site".into(), "north".into());
    let set = |policies: &mut Policies, thing: &Thing| {
        policies.principals.get_mut("pump-1").unwrap().thing = Some(thing.clone());
    };
    set(&mut policies, &thing);
    assert!(asks(&policies, "pump-1", Connect, "pump-1"));
    assert!(asks(&policies, "pump-1", Publish, "$aws/things/pump-1/shadow/get"));
    assert!(!asks(&policies, "pump-1", Publish, "$aws/things/pump-2/shadow/get"));
    assert!(asks(&policies, "pump-1", Publish, "pump/north"));
    assert!(!asks(&policies, "other", Connect, "other"));
    assert!(!asks(&policies, "other", Publish, "pump/north"), "the thing is not this connection's");
    thing.exclusive = true;
    set(&mut policies, &thing);
    assert!(asks(&policies, "other", Publish, "pump/north"));
    thing.attributes.insert("retired".into(), "yes".into());
    set(&mut policies, &thing);
    assert!(!asks(&policies, "pump-1", Publish, "pump/north"));
}

/// [P1] [P2] The examples that one begins with do what their titles say.
#[test]
fn the_examples_do_what_they_say() {
    let asks = |name: &str, action, resource: &str, attributes: &[&'static str]| {
        let example = EXAMPLES.iter().find(|one| one.name == name).unwrap();
        let policy = parse_policy(example.text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert_eq!(policy.allows_everything(), name == "allow-all", "{name}");
        let mut policies = Policies::default();
        policies.documents.insert("p".into(), policy);
        let principal = Principal { policies: vec!["p".into()], thing: None };
        policies.principals.insert("pump-1".into(), principal);
        let request = Request { action, resource, attributes, ..Request::default() };
        decide(&policies, "pump-1", &request).0
    };
    for (name, action, resource, attributes, expected) in [
        ("allow-all", Connect, "pump-1", &[PERSISTENT_CONNECT, LAST_WILL][..], true),
        ("allow-all", RetainPublish, "a", &[], true),
        ("own-topics", Connect, "pump-1", &[], true),
        ("own-topics", Connect, "pump-2", &[], false),
        ("own-topics", Subscribe, "pump-1/#", &[], true),
        ("own-topics", Receive, "pump-2/a", &[], false),
        ("no-retained", Publish, "a", &[], true),
        ("no-retained", RetainPublish, "a", &[], false),
        ("no-will", Connect, "pump-1", &[PERSISTENT_CONNECT], true),
        ("no-will", Connect, "pump-1", &[LAST_WILL], false),
        ("no-will", RetainPublish, "a", &[], true),
    ] {
        assert_eq!(asks(name, action, resource, attributes), expected, "{name} {action:?} {resource}");
    }
    for restricted in [
        r#"{ "Effect": "Allow", "Action": "*", "NotResource": "*" }"#,
        r#"{ "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" }"#,
        r#"{ "Effect": "Allow", "Action": "*", "Resource": "A:topic/*" }"#,
        "",
    ] {
        assert!(!parse_policy(&document(restricted)).unwrap().allows_everything(), "{restricted}");
    }
}

/// Every error says where it is, by line and column, and what is allowed.
#[test]
fn what_is_wrong_with_a_document_is_said_where_it_is() {
    let good = document(r#"{ "Effect": "Allow", "Action": "iot:Publish", "Resource": "A:topic/a" }"#);
    assert!(parse_policy(&good).is_ok());
    for (from, to, place, hint) in [
        ("2012-10-17", "2008-10-17", "1:14: Version", "2012-10-17"),
        (r#""Version": "2012-10-17", "#, "", "1:1:", "`Version` is missing"),
        ("Statement", "Statements", "1:28:", "did you mean `Statement`?"),
        (r#""Allow""#, r#""Permit""#, "Statement[0].Effect", "\"Deny\""),
        (r#""Effect": "Allow","#, "", "Statement[0]", "`Effect` is missing"),
        ("iot:Publish", "iot:Publsh", "Statement[0].Action", "did you mean `iot:Publish`?"),
        (r#""iot:Publish""#, r#"[ "iot:*", 7 ]"#, "Statement[0].Action[1]", "text belongs here"),
        (r#""iot:Publish""#, "[]", "Statement[0].Action", "at least one"),
        ("us-east-1", "eu-west-1", "Statement[0].Resource", "us-east-1"),
        ("topic/a", "topic/${iot:ClientID2}", "Statement[0].Resource", "did you mean `iot:ClientId`?"),
        ("topic/a", "topic/${a", "Statement[0].Resource", "`}` is missing"),
        (r#""Resource""#, r#""Resources""#, "Statement[0]", "did you mean `Resource`?"),
        (r#""Resource""#, r#""NotResource": "*", "Resource""#, "Statement[0]", "either"),
        (r#""Effect""#, r#""Principal": "*", "Effect""#, "Statement[0]", "there is no field `Principal`"),
        (
            r#""Effect""#,
            r#""Condition": { "StringEqual": { "iot:ClientId": "a" } }, "Effect""#,
            "Condition.StringEqual.iot:ClientId",
            "did you mean `StringEquals`?",
        ),
        (
            r#""Effect""#,
            r#""Condition": { "StringEquals": { "iot:Client": "a" } }, "Effect""#,
            "Condition.StringEquals.iot:Client",
            "did you mean `iot:ClientId`?",
        ),
        (
            r#""Effect""#,
            r#""Condition": { "StringEquals": "a" }, "Effect""#,
            "Condition.StringEquals",
            "an object",
        ),
        (
            r#""Effect""#,
            r#""Condition": { "IpAddress": { "aws:SourceIp": "::1" } }, "Effect""#,
            "IpAddress.aws:SourceIp",
            "198.51.100.0/24",
        ),
        (
            r#""Effect""#,
            r#""Condition": { "StringEquals": { "iot:ConnectAttributes": "PersistantConnect" } }, "Effect""#,
            "iot:ConnectAttributes",
            "did you mean `PersistentConnect`?",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let problems = parse_policy(&good.replace(from, to)).expect_err(to);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(place) && said.contains(hint)), "{to}: {said:?}");
    }
}

/// [aws.policy.size] White space is not counted; ten policies are a client's most.
#[test]
fn a_document_has_a_greatest_length() {
    let with = |count: usize, space: &str| {
        let name = "x".repeat(count);
        document(&format!(
            r#"{{ "Sid": "{name}",{space} "Effect": "Allow", "Action": "*", "Resource": "*" }}"#
        ))
    };
    let around = with(0, "").chars().filter(|c| !c.is_whitespace()).count();
    let most = MAX_POLICY_CHARACTERS - around;
    assert_eq!(MAX_POLICY_CHARACTERS, 2_048);
    assert!(parse_policy(&with(most, &" \n".repeat(2_000))).is_ok());
    let problems = parse_policy(&with(most + 1, "")).unwrap_err();
    assert!(problems[0].message.contains("2049 characters"), "{problems:?}");

    let scenario = |count: usize| {
        let policies: Vec<String> = (0..count).map(|n| format!(r#""p{n}": {}"#, document(""))).collect();
        let names: Vec<String> = (0..count).map(|n| format!(r#""p{n}""#)).collect();
        format!(
            r#"{{ "glassbroker": 1, "broker": {{ "policies": {{ {} }} }}, "clients": [ {{ "id": "a", "policy": [ {} ] }} ] }}"#,
            policies.join(","),
            names.join(",")
        )
    };
    assert!(parse(&scenario(10)).is_ok());
    let problems = parse(&scenario(11)).unwrap_err();
    assert!(problems[0].to_string().contains("clients[0].policy"), "{problems:?}");
}

/// A file of policies names who has them.
#[test]
fn a_file_says_who_has_which_policies() {
    let file = |clients: &str| {
        format!(r#"{{ "policies": {{ "a": {0}, "b": {0} }}, "clients": {{ {clients} }} }}"#, document(""))
    };
    let policies = parse_policies(&file(r#""lamp": "a", "alice": [ "a", "b" ]"#)).unwrap();
    assert_eq!(policies.principals.get("lamp").unwrap().policies, ["a"]);
    assert_eq!(policies.principals.get("alice").unwrap().policies, ["a", "b"]);
    let problems = parse_policies(&file(r#""lamp": "c""#)).unwrap_err();
    assert!(problems[0].to_string().contains("clients.lamp: there is no policy `c`"), "{problems:?}");
}

/// A scenario with policies, which says all that there is to say.
const WHOLE: &str = r#"{ "glassbroker": 1,
  "broker": { "profile": "aws-iot-core", "policies": {
    "empty": { "Version": "2012-10-17", "Statement": [] },
    "one": { "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "NotResource": [ "*", "arn:aws:iot:*:*:topic/${*}" ] } },
    "more": { "Version": "2012-10-17", "Statement": [ { "Sid": "S", "Effect": "Allow", "Action": [ "iot:Connect", "iot:Pub*" ], "Resource": "*",
      "Condition": { "ForAllValues:StringEquals": { "iot:ConnectAttributes": [] },
                     "StringLike": { "iot:ClientId": "a*", "iot:Connection.Thing.Attributes[x]": [ "b", "c" ] },
                     "Bool": { "iot:Connection.Thing.IsAttached": true } } } ] } } },
  "clients": [ { "id": "a", "policy": "one" }, { "id": "b", "policy": [ "one", "more" ] }, { "id": "c", "policy": null },
    { "id": "d", "policy": "more", "thing": { "name": "t", "type": "k", "attributes": { "x": "1" }, "exclusive": true } } ],
  "steps": [ { "at": "1s", "on": "broker", "do": "policy", "name": "one", "document": { "Version": "2012-10-17", "Statement": [] } } ] }"#;

/// What is written reads back as the same, as a link does.
#[test]
fn policies_are_written_as_they_are_read() {
    let scenario = parse(WHOLE).unwrap_or_else(|problems| panic!("{problems:?}"));
    let written = scenario.to_json().unwrap();
    assert_eq!(parse(&written).unwrap_or_else(|problems| panic!("{problems:?} {written}")), scenario);
    assert_eq!(scenario.broker.access.policies.documents.len(), 3);
    assert_eq!(scenario.clients[1].principal.policies, ["one", "more"]);
    assert!(scenario.clients[3].principal.thing.as_ref().is_some_and(|thing| thing.exclusive));
    for (from, to, place) in [
        (
            r#""policy": "one" }, { "id": "b""#,
            r#""policy": "oen" }, { "id": "b""#,
            "clients[0].policy: there is no policy `oen`",
        ),
        (
            r#""name": "one", "document""#,
            r#""name": "two", "document""#,
            "steps[0].name: there is no policy `two`",
        ),
        (r#""iot:Pub*""#, r#""iot:Pup*""#, "5:"),
    ] {
        let problems = parse(&WHOLE.replace(from, to)).expect_err(to);
        assert!(problems[0].to_string().contains(place), "{problems:?}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever is asked of whatever document: a decision, and no panic.
    #[test]
    fn nothing_makes_a_decision_panic(
        pieces in prop::collection::vec("[*?a/é]{0,6}|\\$\\{iot:ClientId\\}|\\$\\{\\*\\}|\\$", 0..8),
        client in "[a*?/é$]{0,8}",
        resource in "[a*?/é+#$]{0,12}",
        attributes_by_default: bool,
        action in 0usize..5,
        deny: bool,
    ) {
        let pattern = serde_json::to_string(&format!("A:topic/{}", pieces.concat())).unwrap();
        let value = serde_json::to_string(&pieces.concat()).unwrap();
        let effect = if deny { "Deny" } else { "Allow" };
        let statement = format!(
            r#"{{ "Effect": "{effect}", "Action": "iot:*", "Resource": {pattern}, "Condition": {{
                "ForAnyValue:StringLike": {{ "iot:ClientId": [ {value}, "*" ] }}, "StringNotEquals": {{ "iot:ClientId": {value} }} }} }}"#
        );
        if let Ok(policy) = parse_policy(&document(&statement)) {
            let mut policies = Policies::default();
            policies.documents.insert("p".into(), policy);
            policies.principals.insert("x".into(), Principal { policies: vec!["p".into()], thing: None });
            let request = Request { action: Action::ALL[action], resource: &resource, attributes_by_default, ..Request::default() };
            let ruling = policies.decide("x", &client, [1, 2, 3, 4], &request);
            prop_assert!(ruling.by.is_some() || !ruling.allowed);
        }
    }

    /// Whatever stands in a document: it is read, or its errors have places.
    #[test]
    fn nothing_makes_reading_a_policy_panic(text in "[\\[\\]{}:,\"$*ASEiot0 ]{0,80}", cut in 0usize..900) {
        for text in [text.as_str(), WHOLE.get(..cut.min(WHOLE.len())).unwrap_or("")] {
            if let Err(problems) = parse_policy(text) {
                prop_assert!(problems.iter().all(|problem| problem.line > 0), "{problems:?}");
            }
        }
    }
}
