//! Who may do what, asked from outside: the answers are those that the clients themselves get (rows P1, P3).

use glassbroker::broker::Kind;
use glassbroker::policy::Action;
use glassbroker::scenario::{ClientMay, Overrides, Scenario, compile, parse};
use glassbroker::sim::Run;

/// Two pumps with policies, one without, and an access list beside them; `A:` stands for the beginning of every ARN.
const SCENARIO: &str = r#"{ "glassbroker": 1, "until": "30s",
  "broker": { "profile": "mqtt", "policies": {
    "own": { "Version": "2012-10-17", "Statement": [
      { "Effect": "Allow", "Action": "iot:Connect", "Resource": "A:client/${iot:ClientId}" },
      { "Sid": "Own", "Effect": "Allow", "Action": [ "iot:Publish", "iot:Receive" ], "Resource": "A:topic/pumps/${iot:ClientId}/*" },
      { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": [ "A:topicfilter/pumps/*", "A:topicfilter/$share/g/pumps/*" ] },
      { "Effect": "Allow", "Action": "iot:RetainPublish", "Resource": "A:topic/pumps/*/kept" } ] },
    "no-will": { "Version": "2012-10-17", "Statement": [
      { "Effect": "Deny", "Action": "iot:Connect", "Resource": "*",
        "Condition": { "ForAnyValue:StringEquals": { "iot:ConnectAttributes": "LastWill" } } } ] } },
    "acl": [ "topic readwrite pumps/#", "topic deny pumps/1/secret", "user bob", "topic read pumps/+/a" ] },
  "clients": [
    { "id": "1", "policy": "own" }, { "id": "2", "policy": "own", "username": "bob" }, { "id": "3" },
    { "id": "4", "policy": [ "no-will", "own" ], "connect": { "will": { "topic": "pumps/4/a", "payload": "x" } } } ],
  "steps": [
    { "at": "1s", "client": "1", "do": "connect" }, { "at": "1s", "client": "2", "do": "connect" },
    { "at": "1s", "client": "3", "do": "connect" }, { "at": "1s", "client": "4", "do": "connect" },
    { "at": "2s", "client": "1", "do": "subscribe", "filters": [ { "filter": "pumps/+/a" }, { "filter": "$share/g/pumps/#" }, { "filter": "other" } ] },
    { "at": "2s", "client": "2", "do": "subscribe", "filters": [ { "filter": "pumps/+/a" }, { "filter": "pumps/#" } ] },
    { "at": "3s", "client": "1", "do": "publish", "topic": "pumps/1/a", "payload": "x", "qos": 1 },
    { "at": "4s", "client": "1", "do": "publish", "topic": "pumps/1/secret", "payload": "x", "qos": 1 },
    { "at": "5s", "client": "1", "do": "publish", "topic": "pumps/1/kept", "payload": "x", "qos": 1, "retain": true },
    { "at": "6s", "client": "2", "do": "publish", "topic": "pumps/2/a", "payload": "x", "qos": 1 },
    { "at": "7s", "client": "1", "do": "publish", "topic": "pumps/1/a", "payload": "x", "qos": 1, "retain": true } ] }"#;

fn scenario() -> Scenario {
    let text = SCENARIO.replace("A:", "arn:aws:iot:us-east-1:123456789012:");
    parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn find<'a>(all: &'a [ClientMay], client: &str, topic: &str) -> &'a ClientMay {
    all.iter()
        .find(|one| one.client == client && one.topic == topic)
        .unwrap_or_else(|| panic!("{client} {topic}"))
}

fn said(one: &ClientMay, action: Action) -> Option<(bool, &str)> {
    let at = Action::ALL.iter().position(|other| *other == action).unwrap();
    one.answers[at].as_ref().map(|answer| (answer.allowed, &*answer.by))
}

/// [P1] [P3] [aws.policy.evaluation] [aws.policy.shared-filter] Line, statement, or that nothing allows it.
#[test]
fn each_answer_names_what_decides() {
    let scenario = scenario();
    let mut topics = scenario.topics();
    assert_eq!(
        topics,
        [
            "$share/g/pumps/#",
            "other",
            "pumps/#",
            "pumps/+/a",
            "pumps/1/a",
            "pumps/1/kept",
            "pumps/1/secret",
            "pumps/2/a",
            "pumps/4/a"
        ]
    );
    topics.push("$share/h/pumps/#".into());
    let all = scenario.who_may(&topics, 10).unwrap();
    assert_eq!(all.len(), 4 * topics.len());
    for (client, topic, action, expected) in [
        ("1", "pumps/1/a", Action::Connect, Some((true, "statement 1 of own"))),
        ("3", "pumps/1/a", Action::Connect, Some((false, "no statement"))),
        ("4", "pumps/1/a", Action::Connect, Some((false, "statement 1 of no-will"))),
        ("1", "pumps/1/a", Action::Publish, Some((true, "statement 2 of own (Own)"))),
        ("1", "pumps/2/a", Action::Publish, Some((false, "no statement"))),
        ("1", "pumps/1/secret", Action::Publish, Some((false, "line 2: topic deny pumps/1/secret"))),
        ("1", "pumps/1/kept", Action::RetainPublish, Some((true, "statement 4 of own"))),
        ("1", "pumps/1/a", Action::RetainPublish, Some((false, "no statement"))),
        ("1", "pumps/1/secret", Action::RetainPublish, Some((false, "line 2: topic deny pumps/1/secret"))),
        ("2", "pumps/2/a", Action::Publish, Some((false, "no line"))),
        ("2", "pumps/2/a", Action::Receive, Some((true, "statement 2 of own (Own)"))),
        ("2", "pumps/#", Action::Subscribe, Some((false, "no line"))),
        ("2", "pumps/+/a", Action::Subscribe, Some((true, "statement 3 of own"))),
        ("1", "$share/g/pumps/#", Action::Subscribe, Some((true, "statement 3 of own"))),
        // A group is asked for with its name.
        ("1", "$share/h/pumps/#", Action::Subscribe, Some((false, "no statement"))),
        // Nobody publishes to a filter.
        ("1", "pumps/#", Action::Publish, None),
        ("1", "pumps/#", Action::Receive, None),
    ] {
        assert_eq!(said(find(&all, client, topic), action), expected, "{client} {topic} {action:?}");
    }
}

/// [P1] [P3] What is said of a client beforehand is what its run decides.
#[test]
fn the_answers_are_those_of_the_run() {
    let scenario = scenario();
    let plan = compile(&scenario, &Overrides::default()).unwrap();
    let mut run = Run::new(&plan.setup).unwrap();
    while !run.advance_to(plan.setup.until, 10_000).done {}
    let mut seen = 0;
    for event in run.trace().range(0..u32::MAX) {
        let allowed = match event.kind() {
            Kind::PolicyAllowed => true,
            Kind::PolicyDenied => false,
            _ => continue,
        };
        let (what, by) = event.why().split_once(", by ").unwrap();
        let action = Action::ALL
            .into_iter()
            .find(|action| action.name() == what || action.aws_name() == what)
            .unwrap();
        let all = scenario.who_may(&[event.topic().to_owned()], 10).unwrap();
        let Some(answer) = said(find(&all, event.client(), event.topic()), action) else { continue };
        // A list that allows is followed by the policies.
        if !allowed || by.starts_with("statement") && answer.1.starts_with("statement") {
            assert_eq!(answer, (allowed, by), "{} {}", event.client(), event.why());
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen}");
}

/// Where nothing restricts it nothing is named; the broker's own topics are nobody's to publish to.
#[test]
fn without_lists_and_policies_everything_is_allowed() {
    let text = r#"{ "glassbroker": 1, "clients": [ { "id": "a" } ] }"#;
    let scenario = parse(text).unwrap();
    let all = scenario.who_may(&["x".into(), "$SYS/x".into()], 10).unwrap();
    for action in Action::ALL {
        assert_eq!(said(&all[0], action), Some((true, "")), "{action:?}");
    }
    assert_eq!(said(&all[1], Action::Publish), Some((false, "these topics are the broker's own")));
    assert_eq!(said(&all[1], Action::Subscribe), Some((true, "")));
}
